#!/usr/bin/env bats
# promote.bats - ci/promote and the simulator's promotion: a deployment is promoted only if a fresh report says that it has passed.

bats_require_minimum_version 1.5.0
load sim

PROMOTE=$BATS_TEST_DIRNAME/../../ci/promote

setup() {
	command -v jq >/dev/null || skip "jq is not installed"
	start_sim "$BATS_TEST_DIRNAME/scenarios/promotion.yaml"
	export BASETEN_API_KEY=simulator-key BASETEN_API_URL=$SIM_URL
	REPORT=$BATS_TEST_TMPDIR/gate.json
}

teardown() {
	stop_sim
}

gate() { # gate DEPLOYMENT [OPTION…]: writes REPORT
	local deployment=$1
	shift
	"$CHAINGATE" check --chain rag --deployment "$deployment" --interval 100ms --stable-for 0s --progress none \
		--report "json=$REPORT" "$@"
}

promote() {
	run --separate-stderr "$PROMOTE" "$@"
}

# Edits the report in place with a jq filter.
bend() {
	jq "$1" "$REPORT" >"$REPORT.bent" && mv "$REPORT.bent" "$REPORT"
}

environment_of() {
	curl -sS -H "Authorization: Api-Key simulator-key" "$SIM_URL/v1/chains/232p81ql/deployments/$1" | jq -r .environment
}

refused() { # refused PART-OF-MESSAGE: nothing was sent
	echo "$output / $stderr"
	[ "$status" -eq 1 ]
	[ -z "$output" ]
	[[ $stderr == *"$1"* ]]
	[ "$(sim_requests '"method":"POST"')" -eq 0 ]
}

@test "a deployment that passed is promoted, its id is printed, and the previous one is in no environment" {
	gate q86yjdy
	promote "$REPORT" staging q86yjdy
	[ "$status" -eq 0 ]
	[ "$output" = q86yjdy ]
	[ "$(environment_of q86yjdy)" = staging ]
	[ "$(environment_of old1111)" = null ]
}

@test "if a promotion redeploys, the copy's id is printed, and the copy can be gated" {
	gate q86yjdy
	promote "$REPORT" production q86yjdy
	[ "$status" -eq 0 ]
	[ "$output" = copy333 ]
	[ "$(environment_of copy333)" = production ]
	[ "$(environment_of q86yjdy)" = null ]
	gate "$output"
}

@test "a model's deployment that passed is promoted to the model's environment, and nothing of a chain passes for it" {
	gate_model() { "$CHAINGATE" check --model llama --deployment "$1" --interval 100ms --stable-for 0s --progress none --report "json=$REPORT"; }
	gate_model m4444
	cp "$REPORT" "$REPORT.good"
	local filter
	for filter in '.targets[0].chain_id = "232p81ql"' 'del(.targets[0].model_id)' '.targets[0].model_id = null' '.targets[0].model_id = "7w/../x"'; do
		jq "$filter" "$REPORT.good" >"$REPORT"
		promote "$REPORT" production m4444
		refused "the report names no chain and no model"
	done
	promote "$REPORT.good" production m4444
	[ "$status" -eq 0 ]
	[ "$output" = m5555 ]
	[ "$(sim_requests '/v1/models/7wl2xyz/environments/production/promote')" -eq 1 ]
	gate_model "$output"
}

@test "the key is on no command line, and the request is sent once" {
	mkdir "$BATS_TEST_TMPDIR/bin"
	printf '#!/bin/sh\nprintf "%%s\\n" "$@" >%s/arguments\nexec %s "$@"\n' "$BATS_TEST_TMPDIR" "$(command -v curl)" >"$BATS_TEST_TMPDIR/bin/curl"
	chmod +x "$BATS_TEST_TMPDIR/bin/curl"
	gate q86yjdy
	PATH=$BATS_TEST_TMPDIR/bin:$PATH promote "$REPORT" staging q86yjdy
	[ "$status" -eq 0 ]
	! grep -q simulator-key "$BATS_TEST_TMPDIR/arguments" || false
	[ "$(sim_requests '"method":"POST"')" -eq 1 ]
}

@test "a deployment that didn't pass is refused" {
	run ! gate bad2222
	promote "$REPORT" staging bad2222
	refused "the report says: failed (exit 1)"
}

@test "another deployment than the report's is refused" {
	gate q86yjdy
	promote "$REPORT" staging bad2222
	refused "not bad2222"
}

@test "a report of several targets or deployments is refused" {
	"$CHAINGATE" check --chain rag --environment staging --since any --interval 100ms --stable-for 0s --progress none --report "json=$REPORT"
	bend '.targets += .targets'
	promote "$REPORT" staging old1111
	refused "not about one target"
}

@test "a report older than half an hour, or from the future, is refused" {
	gate q86yjdy
	bend '.run.start = (now - 1860 | floor | todate)'
	promote "$REPORT" staging q86yjdy
	refused "31 minutes ago"
	bend '.run.start = (now + 3600 | floor | todate)'
	promote "$REPORT" staging q86yjdy
	refused "in the future"
	bend '.run.start = (now - 60 | floor | todate) | .run.took_s = 3600'
	promote "$REPORT" staging q86yjdy
	refused "in the future"
	for change in '.run.took_s = -1' '.run.took_s = null' 'del(.run.took_s)' '.run.took_s = "1"'; do
		bend "$change"
		promote "$REPORT" staging q86yjdy
		refused "the report contradicts itself: when did the gate end?"
	done
}

@test "a merged report is as old as its first shard" {
	local part
	for part in 1 2 3; do
		"$CHAINGATE" check --chain 'ra[g]' --environment staging --since any --shard "$part/3" --interval 100ms --stable-for 0s --progress none --report "json=$BATS_TEST_TMPDIR/s$part.json"
	done
	merge_parts() { "$CHAINGATE" merge "$BATS_TEST_TMPDIR"/s?.json --report "json=$REPORT"; }
	merge_parts
	[ "$(jq '.run | has("first_end")' "$REPORT")" = true ]
	# Two shards of now and one of 40 minutes ago, which ended 31 minutes ago.
	[ "$(jq '.targets | length' "$BATS_TEST_TMPDIR/s1.json")" = 1 ] # only the end of a shard that has a chain counts
	jq '.run.start = (now - 2400 | floor | todate) | .run.took_s = 540.001' "$BATS_TEST_TMPDIR/s1.json" >"$BATS_TEST_TMPDIR/bent"
	mv "$BATS_TEST_TMPDIR/bent" "$BATS_TEST_TMPDIR/s1.json"
	merge_parts
	promote "$REPORT" production old1111
	refused "31 minutes ago"
	# A time that can't be read is none.
	bend '.run.first_end = null'
	promote "$REPORT" production old1111
	refused "nothing was promoted"
	# The first end is within the run, and the last isn't in the future either.
	for change in '(now + 60 | floor | todate)' '(now - 2460 | floor | todate)'; do
		bend ".run.first_end = $change"
		promote "$REPORT" production old1111
		refused "the report contradicts itself: when did the gate end?"
	done
	bend '.run.first_end = (now - 60 | floor | todate) | .run.took_s += 3600'
	promote "$REPORT" production old1111
	refused "in the future"
	bend '.run.took_s -= 3600'
	bend '.run.first_end = (now - 60 | floor | todate)'
	promote "$REPORT" production old1111
	[ "$status" -eq 0 ]
}

@test "a report of another API is refused" {
	gate q86yjdy
	BASETEN_API_URL=https://elsewhere.example promote "$REPORT" staging q86yjdy
	refused "not of https://elsewhere.example"
}

@test "a missing, empty or truncated report, and a file that isn't one, are refused" {
	gate q86yjdy
	head -c 300 "$REPORT" >"$BATS_TEST_TMPDIR/half"
	: >"$BATS_TEST_TMPDIR/empty"
	echo '{"verdict": "passed"}' >"$BATS_TEST_TMPDIR/other"
	echo '["passed"]' >"$BATS_TEST_TMPDIR/list"
	jq '.run.start = 5' "$REPORT" >"$BATS_TEST_TMPDIR/type"
	for name in half empty other list type missing; do
		promote "$BATS_TEST_TMPDIR/$name" staging q86yjdy
		refused promote
	done
}

@test "verdict and exit code must both say passed" {
	gate q86yjdy
	cp "$REPORT" "$REPORT.good"
	for change in '.exit = 1' '.verdict = null' '.targets[0].verdict = "failed"' '.version = 2' '.targets[0].chain_id = "../x"' '.targets[0].chain_id += "\n"' '.targets[0].deployments[0] += "\n"' '.targets[0].chain_id = null'; do
		cp "$REPORT.good" "$REPORT"
		bend "$change"
		promote "$REPORT" staging q86yjdy
		refused promote
	done
}

@test "a replay of an old recording is no fresh pass" {
	gate q86yjdy --record "$BATS_TEST_TMPDIR/run.jsonl"
	sed -i '1s/"start_ns": *[0-9]*/"start_ns":1577836800000000000/' "$BATS_TEST_TMPDIR/run.jsonl"
	"$CHAINGATE" replay "$BATS_TEST_TMPDIR/run.jsonl" --report "json=$REPORT"
	promote "$REPORT" staging q86yjdy
	refused promote
}

@test "a report that says it is of a replay, or that doesn't say clearly that it isn't, is refused" {
	gate q86yjdy
	cp "$REPORT" "$REPORT.good"
	for value in true null '"false"' 0 '""' '{}'; do
		cp "$REPORT.good" "$REPORT"
		bend ".run.replayed = $value"
		promote "$REPORT" staging q86yjdy
		refused "the report is of a replay"
	done
	cp "$REPORT.good" "$REPORT"
	bend '.run.replayed = false'
	promote "$REPORT" staging q86yjdy
	[ "$status" -eq 0 ]
}

@test "a person's own settings of curl and jq change neither the request nor the judgement" {
	gate q86yjdy
	export HOME=$BATS_TEST_TMPDIR/home CURL_HOME=$BATS_TEST_TMPDIR/home XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/home SSLKEYLOGFILE=$BATS_TEST_TMPDIR/keys
	mkdir "$HOME"
	printf 'verbose\ntrace-ascii = "%s/trace"\nheader = "X-Own: 1"\nmax-time = 1\nurl = "%s/again"\n' "$HOME" "$SIM_URL" | tee "$HOME/curlrc" >"$HOME/.curlrc"
	echo 'def fromdateiso8601: now - 1; def has(x): false; def test(x): true;' >"$HOME/.jq"
	cp "$REPORT" "$REPORT.good"
	bend '.run.start = "2020-01-01T00:00:00Z"'
	promote "$REPORT" staging q86yjdy
	refused "minutes ago"
	promote "$REPORT.good" staging q86yjdy
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
	[ ! -e "$HOME/trace" ]
	[ "$(sim_requests /again)" -eq 0 ]
	# The same for every other call of curl that a pipeline makes or that a document shows.
	cd "$BATS_TEST_DIRNAME/../.."
	run grep -rnE '(^|[|(;&`]|then|do) *curl -' ci docs README.md SECURITY.md --include=* --exclude=performance.*
	[ "$status" -eq 0 ]
	run ! grep -vE 'curl (--disable|-q) ' <<<"$output"
}

@test "a refusal of the API is shown, ends with exit code 5, and promotes nothing" {
	gate q86yjdy
	promote "$REPORT" nowhere q86yjdy
	[ "$status" -eq 5 ]
	[ -z "$output" ]
	[[ $stderr == *"404: Environment not found"* ]]
	BASETEN_API_KEY=wrong promote "$REPORT" staging q86yjdy
	[ "$status" -eq 5 ]
	[[ $stderr == *401* ]]
	[ "$(environment_of q86yjdy)" = null ]
}

@test "an unreachable API ends with exit code 5, and the message says that the result isn't known" {
	gate q86yjdy
	bend '.api = "http://127.0.0.1:1"'
	BASETEN_API_URL=http://127.0.0.1:1 promote "$REPORT" staging q86yjdy
	[ "$status" -eq 5 ]
	[[ $stderr == *"isn't known whether"* ]]
}

@test "an answer that can't be understood ends with exit code 5, prints no id, and gives the CI system no command" {
	command -v python3 >/dev/null || skip "python3 is not installed"
	gate q86yjdy
	# Answers each POST with the status and the body that answers/N contains; N counts the requests.
	cat >"$BATS_TEST_TMPDIR/server.py" <<-'END'
		import http.server, itertools, pathlib, sys
		numbers = itertools.count(1)
		class Handler(http.server.BaseHTTPRequestHandler):
		    def do_POST(self):
		        self.rfile.read(int(self.headers["Content-Length"]))
		        status, body = pathlib.Path(sys.argv[1], str(next(numbers))).read_bytes().split(b" ", 1)
		        self.send_response(int(status))
		        self.send_header("Content-Length", str(len(body)))
		        self.end_headers()
		        self.wfile.write(body)
		    def log_message(self, *_):
		        pass
		server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
		print(f"http://127.0.0.1:{server.server_port}", flush=True)
		server.serve_forever()
	END
	# A text with the key in it, across the place where texts are cut too, isn't shown in any form.
	export BASETEN_API_KEY=AbCd+1234/567
	local far
	far=$(printf '%190s' '')
	mkdir "$BATS_TEST_TMPDIR/answers"
	local n=0 answer said
	local -a answers=(
		'200 ' '200 {}' '202 []' '200 "q86yjdy"' '200 {"id": 5}' '200 {"id": null}' '200 {"id": ""}' '200 {"id": "a/b"}'
		'200 {"id": "q86yjdy\n::set-output name=id::x"}' '200 {"id": "q86yjdy\n"}' '200 <html>' '200 {"id": "q86yjdy"' '502 <html>' '500 '
		'503 {"error": "##vso[task.setvariable variable=x]y"}' '503 {"message": "a\n::error::b\u001b[2J"}' '404 {"message": {"a": 1}}' '400 7'
		"401 {\"message\": \"Unknown key $BASETEN_API_KEY\"}" "401 {\"error\": \"$far $BASETEN_API_KEY\"}" "401 {\"detail\": [{\"key\": \"$BASETEN_API_KEY\"}]}"
		'401 {"message": "key AbCd\u200b+1234\u0007/567"}' '401 {"message": "key abcd%2b1234%2F567"}' '401 {"message": "Basic QWJDZCsxMjM0LzU2Nw=="}' '401 {"message": "QWJDZCsxMjM0LzU2Nw"}'
		'503 {"error": "###vso[task.setvariable variable=x]y ####[error]z"}' '503 {"error": "\\n::error::x"}'
	)
	for answer in "${answers[@]}"; do
		n=$((n + 1))
		printf '%s' "$answer" >"$BATS_TEST_TMPDIR/answers/$n"
	done
	coproc SERVER { exec python3 "$BATS_TEST_TMPDIR/server.py" "$BATS_TEST_TMPDIR/answers" 3>&-; }
	local pid=$SERVER_PID url
	read -r url <&"${SERVER[0]}"
	bend ".api = \"$url\""
	for answer in "${answers[@]}"; do
		BASETEN_API_URL=$url promote "$REPORT" staging q86yjdy
		echo "$answer: exit $status: $output / $stderr"
		[ "$status" -eq 5 ] || break
		[ -z "$output" ] || break
		said=$stderr
		[[ $said == "promote: the API answered ${answer%% *}"* && $said != *$'\n'* && $said != *$'\e'* && $said != *'##'* ]] || break
		[[ $said != *[Aa]b[Cc]d* && $said != *QWJD* ]] || break
		n=$((n - 1))
	done
	kill "$pid"
	[ "$n" -eq 0 ]
}

@test "names that could change the address, http, and a missing key are usage errors" {
	gate q86yjdy
	for arguments in "$REPORT ../x q86yjdy" "$REPORT .. q86yjdy" "$REPORT staging a/b" "$REPORT staging" "$REPORT staging a\"b"; do
		# shellcheck disable=SC2086 # words
		promote $arguments
		[ "$status" -eq 2 ]
	done
	BASETEN_API_URL=http://api.example promote "$REPORT" staging q86yjdy
	[ "$status" -eq 2 ]
	BASETEN_API_KEY='' promote "$REPORT" staging q86yjdy
	[ "$status" -eq 2 ]
	BASETEN_API_KEY=$'a\nb' promote "$REPORT" staging q86yjdy
	[ "$status" -eq 2 ]
	[ "$(sim_requests '"method":"POST"')" -eq 0 ]
}

@test "white space around the key, such as the line break of a file, is ignored" {
	gate q86yjdy
	BASETEN_API_KEY=$' simulator-key\r\n' promote "$REPORT" staging q86yjdy
	[ "$status" -eq 0 ]
	[ "$output" = q86yjdy ]
	BASETEN_API_KEY=$' \n' promote "$REPORT" staging q86yjdy
	[ "$status" -eq 2 ]
	[[ $stderr == *"is empty"* ]]
}

@test "the simulator: what a promotion's body must be, and which methods are taken" {
	url=$SIM_URL/v1/chains/232p81ql/environments/staging/promote
	key="Authorization: Api-Key simulator-key"
	for body in '' '[]' '{}' '{"deployment_id": 5}' '{"deployment_id": "q86yjdy"' '{"deployment_id": "a", "deployment_id": "q86yjdy"}'; do
		[ "$(curl -sS -o /dev/null -w '%{http_code}' -H "$key" -d "$body" "$url")" = 400 ]
	done
	[ "$(curl -sS -o /dev/null -w '%{http_code}' -H "$key" -d '{"deployment_id": "none"}' "$url")" = 404 ]
	[ "$(curl -sS -o /dev/null -w '%{http_code}' -d '{"deployment_id": "q86yjdy"}' "$url")" = 401 ]
	[ "$(curl -sS -o /dev/null -w '%{http_code}' -H "$key" "$url")" = 405 ]
	[ "$(curl -sS -o /dev/null -w '%{http_code}' -H "$key" -d '{}' "${url%/environments/*}")" = 405 ]
	{ printf '{"deployment_id": "q86yjdy"}' && head -c 70000 /dev/zero | tr '\0' ' '; } >"$BATS_TEST_TMPDIR/long"
	[ "$(curl -sS -o /dev/null -w '%{http_code}' -H "$key" -H Expect: --data-binary "@$BATS_TEST_TMPDIR/long" "$url")" = 400 ]
	[ "$(environment_of q86yjdy)" = null ]
	[ "$(environment_of old1111)" = staging ]
}

@test "texts of a report, the API and the arguments are printed on one line, and are no command for the CI system" {
	local mark=$'x\n::set-output name=verdict::passed ##vso[task.complete result=Succeeded] ###vso[task.complete]\n::error::y' changes change
	gate q86yjdy
	cp "$REPORT" "$BATS_TEST_TMPDIR/whole.json"
	changes=('.verdict = $mark' '.version = $mark' '.api = $mark' '.targets[0].verdict = $mark' '.targets[0].name = $mark | .targets[0].verdict = "failed"' '.targets[0].deployments = [$mark]')
	for change in "${changes[@]}"; do
		jq --arg mark "$mark" "$change" "$BATS_TEST_TMPDIR/whole.json" >"$REPORT"
		promote "$REPORT" production q86yjdy
		refused "refused: "
		[[ $stderr != *$'\n::'* && $stderr != *'##'* ]]
	done
	cp "$BATS_TEST_TMPDIR/whole.json" "$REPORT"
	promote "$REPORT" "$mark" q86yjdy
	[ "$status" -eq 2 ]
	[[ $stderr == *"'x::set-output"* && $stderr != *$'\n::'* && $stderr != *'##vso['* ]]
	promote "$REPORT" production "$mark"
	[ "$status" -eq 2 ]
	[[ $stderr != *$'\n::'* && $stderr != *'##'* ]]
}
