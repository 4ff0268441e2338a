#!/usr/bin/env bats
# sim.bats - chaingate-sim: its answers, its faults, and how it ends.

load set_up

setup() {
	set_up
	SCENARIOS=$BATS_TEST_DIRNAME/scenarios
}

get() { # get PATH [CURL OPTION…]: $body, $code; $status is curl's
	local path=$1
	shift
	: >"$BATS_TEST_TMPDIR/body"
	run curl -sS --max-time 600 -o "$BATS_TEST_TMPDIR/body" -w '%{http_code}' -H 'Authorization: Api-Key simulator-key' "$@" "$SIM_URL$path"
	code=$output
	# Without NUL bytes and the line's end.
	local part
	body=
	while IFS= read -r -d '' part; do
		body+=$part
	done <"$BATS_TEST_TMPDIR/body"
	body+=$part
	body=${body%"${body##*[!$'\n']}"}
	echo "GET $path $*: curl $status, HTTP $code"
	[ "${#body}" -gt 10000 ] || echo "$body"
}

scenario() { # the scenario is stdin
	local text
	IFS= read -r -d '' text || true
	printf %s "$text" >"$BATS_TEST_TMPDIR/scenario.yaml"
}

refused() { # refused TEXT: --check of the scenario fails and says this
	run "$CHAINGATE_SIM" --check "$BATS_TEST_TMPDIR/scenario.yaml"
	[ "$status" -eq 2 ]
	[[ $output == *"$1"* ]]
}

# ---- answers

@test "the list of deployments is the API's, field by field" {
	scenario <<-YAML
		chains: [{id: c1, name: rag}]
		deployments:
		  - id: d1
		    chain: c1
		    created_at: 2026-08-01T12:00:00Z
		    environment: staging
		    chainlets:
		      - {name: A, id: x, instance_type_name: "L4:4x16", status: ACTIVE, active_replica_count: 3,
		         autoscaling_settings: {min_replica: 2, max_replica: 8, autoscaling_window: null, max_scale_down_rate: 20}}
		      - {name: B, status: PAUSED, autoscaling_settings: null}
	YAML
	start_sim scenario.yaml
	get /v1/chains/c1/deployments
	[ "$code" = 200 ]
	settings='{"min_replica":2,"max_replica":8,"autoscaling_window":null,"scale_down_delay":900,"concurrency_target":1,"target_utilization_percentage":70,"max_scale_down_rate":20}'
	a='{"id":"x","name":"A","autoscaling_settings":'$settings',"instance_type_name":"L4:4x16","active_replica_count":3,"status":"ACTIVE"}'
	b='{"id":"d1-2","name":"B","autoscaling_settings":null,"instance_type_name":"1x2","active_replica_count":0,"status":"PAUSED"}'
	[ "$body" = '{"deployments":[{"id":"d1","created_at":"2026-08-01T12:00:00.000Z","chain_id":"c1","environment":"staging","chainlets":['"$a,$b"'],"status":"PAUSED"}]}' ]
	get /v1/chains/c1/deployments/d1
	[ "$code" = 200 ]
	[[ $body == '{"id":"d1",'*',"status":"PAUSED"}' ]]
}

@test "chains, one chain, an environment, the user" {
	scenario <<-YAML
		chains: [{id: c1, name: rag, team: ml, created_at: 2026-01-01T00:00:00Z}, {id: c2, name: rag}]
		deployments:
		  - {id: d1, chain: c1, created_at: -2h, environment: prod, chainlets: [{name: A, status: ACTIVE, instance_type_name: "L4:4x16"}]}
		  - {id: d2, chain: c1, created_at: -1h, environment: prod, chainlets: [{name: A, status: ACTIVE}]}
		  - {id: d3, chain: c1, created_at: -1m, environment: null, chainlets: [{name: A, status: BUILDING}]}
		environments:
		  - {chain: c1, name: blue, current: d1, candidate: d3}
	YAML
	start_sim scenario.yaml
	get /v1/chains
	[ "$code" = 200 ]
	[[ $body == '{"chains":[{"id":"c1","created_at":"2026-01-01T00:00:00.000Z","name":"rag","deployments_count":3,"team_name":"ml"},{"id":"c2",'*'"team_name":"default"}]}' ]]
	get /v1/chains/c2
	[[ $code == 200 && $body == '{"id":"c2",'*'"deployments_count":0,"team_name":"default"}' ]]
	get /v1/chains/c2/deployments
	[[ $code == 200 && $body == '{"deployments":[]}' ]]
	get /v1/chains/c1/environments/prod
	[[ $code == 200 && $body == '{"name":"prod",'*'"current_deployment":{"id":"d2",'*'"candidate_deployment":null}' ]]
	get /v1/chains/c1/environments/blue
	[[ $body == '{"name":"blue",'*'"instance_type":{"id":"L4:4x16","name":"L4:4x16","memory_limit_mib":16384,"millicpu_limit":4000,"gpu_count":1,"gpu_type":"L4","gpu_memory_limit_mib":null}'* ]]
	[[ $body == *'"current_deployment":{"id":"d1",'*'"candidate_deployment":{"id":"d3",'* ]]
	get /v1/users/me
	[[ $code == 200 && $body == '{"user_id":'* ]]
}

@test "an unknown path is 404, with an error in JSON" {
	start_sim "$SCENARIOS/steady.yaml"
	for path in / /v1 /v1/chains/ /v1/chains/nope /v1/chains/nope/deployments /v1/chains/232p81ql/deployments/nope \
		/v1/chains/232p81ql/environments/nope /v1/chains/232p81ql/deployments/q86yjdy/more /v2/chains; do
		get "$path"
		[ "$code" = 404 ]
		[[ $body == '{"error":"'*'"}' ]]
	done
}

@test "other methods than GET are 405" {
	start_sim "$SCENARIOS/steady.yaml"
	for method in POST PUT DELETE PATCH; do
		get /v1/chains -X "$method" -d x=1 -D headers
		[ "$code" = 405 ]
		grep -qi '^Allow: GET' headers
	done
}

@test "the key is accepted in both schemes; a missing or wrong key is 401" {
	start_sim "$SCENARIOS/steady.yaml"
	get /v1/chains
	[ "$code" = 200 ]
	for header in 'Authorization: Bearer simulator-key' 'Authorization:' 'Authorization: Api-Key simulator-ke' 'Authorization: Api-Key simulator-keyy' \
		'Authorization: simulator-key' 'Authorization: Basic simulator-key' 'Authorization: Api-Key'; do
		run curl -sS -o body -w '%{http_code}' -H "$header" "$SIM_URL/v1/chains"
		[[ $header == *Bearer* ]] && expected=200 || expected=401
		[ "$output" = "$expected" ]
		[ "$expected" = 200 ] || grep -q '^{"error":"' body
	done
}

@test "requests over the limit are 429, for each endpoint by itself" {
	scenario <<-YAML
		rate_limit: 2
		chains: [{id: c1, name: rag}]
	YAML
	# All requests must arrive within one second. If they don't, the test tries again.
	local last=1000
	until [ "$last" -lt 1000 ]; do
		stop_sim
		start_sim scenario.yaml
		run curl -sS --max-time 600 -H 'Authorization: Api-Key simulator-key' -w ' %{http_code}\n' \
			"$SIM_URL/v1/chains/c1" "$SIM_URL/v1/chains/c1" "$SIM_URL/v1/chains/c1" "$SIM_URL/v1/users/me"
		last=$(sed -n '$s/.*"real_ms":\([0-9]*\).*/\1/p' "$SIM_LOG")
	done
	echo "$output"
	[[ ${lines[1]} == *' 200' ]]
	[ "${lines[2]}" = '{"error":"Rate limit exceeded","retry_after":1} 429' ]
	[[ ${lines[3]} == *' 200' ]]
	[ "$(sim_requests '"status":429,"fault":"rate_limit"')" = 1 ]
}

@test "time begins with the first request, however late that is" {
	scenario <<-YAML
		speed: 10000
		chains: [{id: c1, name: rag}]
		deployments:
		  - {id: d1, chain: c1, chainlets: [{name: A, status: {0s: BUILDING, 1s: ACTIVE}}]}
	YAML
	start_sim scenario.yaml # a second of the scenario takes 0.1 ms: a clock that ran from the start would be past it when curl asks
	get /v1/chains/c1/deployments
	[[ $body == *'"status":"BUILDING"'* ]]
	[[ $(head -n 1 "$SIM_LOG") == *'"scenario_ms":0,"real_ms":0,'* ]]
}

@test "the rollout ends with all chainlets active, and one request fails on the way" {
	sed 's/^speed: .*/speed: 200/' "$SCENARIOS/rollout.yaml" >fast.yaml
	start_sim fast.yaml
	seen=
	for ((i = 0; i < 100000; i++)); do
		get /v1/chains/232p81ql/deployments
		[ "$code" = 200 ] || { seen+=" $code" && continue; }
		word=$(grep -o '"status":"[A-Z_]*"}]}$' <<<"$body")
		[[ $seen == *"$word" ]] || seen+=" $word"
		[ "$(grep -o '"active_replica_count":2,"status":"ACTIVE"' <<<"$body" | wc -l)" != 3 ] || break
	done
	echo "seen:$seen"
	[[ $seen == *' 503 '* && $seen != *503*503* ]]
	[[ $seen == *'"ACTIVE"}]}' ]]
	[[ $body == '{"deployments":[{"id":"q86yjdy",'*'"chain_id":"232p81ql","environment":"staging",'*'"Retriever"'*'"Reranker"'*'"Generator"'*'"status":"ACTIVE"}]}' ]]
	[ "$(grep -o '"min_replica":2' <<<"$body" | wc -l)" = 3 ]
}

@test "if a build fails, the deployment fails and the other chainlets go on" {
	sed 's/^speed: .*/speed: 10000/' "$SCENARIOS/build_fails.yaml" >fast.yaml
	start_sim fast.yaml
	for ((i = 0; i < 100000; i++)); do
		get /v1/chains/232p81ql/deployments
		[[ $body != *'"active_replica_count":2,"status":"ACTIVE"}],'* ]] || break
	done
	[[ $body == *'"name":"Reranker","autoscaling_settings":null,'*'"active_replica_count":0,"status":"BUILD_FAILED"}'* ]]
	[[ $body == *'"status":"BUILD_FAILED"}]}' ]]
}

# ---- faults

@test "a truncated body promises more than it sends" {
	start_sim "$SCENARIOS/faults.yaml"
	get /v1/chains/truncated/deployments
	[[ $status == 18 && $code == *200* && $body == '{"deployments":[{'* ]]
}

@test "a reset closes the connection without a byte of an answer" {
	start_sim "$SCENARIOS/faults.yaml"
	get /v1/chains/reset/deployments
	[[ $status == 56 && $code == *000* ]]
	[ "$(sim_requests '"status":null,"fault":"reset"')" = 1 ]
}

# start_get PATH [CURL OPTION…]: starts reading an answer that never ends. It has read the headers; the rest comes from $answer.
start_get() {
	local path=$1 line
	shift
	mkfifo answer
	curl -sSNi -H 'Authorization: Api-Key simulator-key' "$@" "$SIM_URL$path" >answer 2>/dev/null 3>&- &
	getting=$!
	exec {answer}<answer
	read -r -t 600 line <&"$answer"
	[[ $line == HTTP/*' 200'* ]]
	until [ "$line" = $'\r' ]; do IFS= read -r -t 600 line <&"$answer"; done
}

end_get() {
	kill "$getting"
	wait "$getting" 2>/dev/null || true
	exec {answer}<&-
	rm answer
}

@test "stall stops in the body, silence before the headers, and other requests are still answered" {
	start_sim "$SCENARIOS/faults.yaml"
	local host=${SIM_URL#http://} silent start
	exec {silent}<>"/dev/tcp/${host/://}"
	printf 'GET /v1/chains/silence/deployments HTTP/1.1\r\nHost: x\r\nAuthorization: Api-Key simulator-key\r\n\r\n' >&"$silent"
	start_get /v1/chains/stall/deployments
	read -r -t 600 -N 17 start <&"$answer"
	[ "$start" = '{"deployments":[{' ]
	get /v1/chains/fine/deployments
	[ "$code" = 200 ]
	# There is nothing to read.
	run read -t 0 <&"$silent"
	[ "$status" != 0 ]
	exec {silent}>&-
	end_get
}

@test "slow sends the headers at once and the body byte by byte" {
	start_sim "$SCENARIOS/faults.yaml"
	start_get /v1/chains/slow/deployments
	local piece
	piece=$(dd bs=65536 count=1 <&"$answer" 2>/dev/null)
	echo "$piece"
	[[ '{"deployments":[{' == "$piece"* ]]
	end_get
}

@test "huge never ends" {
	start_sim "$SCENARIOS/faults.yaml"
	curl -sS --max-time 600 -H 'Authorization: Api-Key simulator-key' "$SIM_URL/v1/chains/huge/deployments" 2>curl.log | head -c 3000000 >start || true
	[ "$(wc -c <start)" -eq 3000000 ]
	[[ $(head -c 31 start) == '{"deployments":[{"id":"huge","c' ]]
}

@test "garbage is the same for the same seed" {
	start_sim "$SCENARIOS/faults.yaml"
	get /v1/chains/garbage/deployments
	[ "$code" = 200 ]
	first=$body
	stop_sim
	start_sim "$SCENARIOS/faults.yaml"
	get /v1/chains/garbage/deployments
	[[ -n $first && $body == "$first" ]]
	get /v1/chains/garbage/deployments
	[ "$body" != "$first" ]
}

@test "the faults html, empty, duplicate keys and wrong types" {
	start_sim "$SCENARIOS/faults.yaml"
	get /v1/chains/html/deployments -D headers
	[[ $code == 502 && $body == '<!DOCTYPE html>'* ]]
	grep -qi '^Content-Type: text/html' headers
	get /v1/chains/empty/deployments
	[[ $status == 0 && $code == 200 && -z $body ]]
	get /v1/chains/duplicate-keys/deployments
	[[ $code == 200 && $body == *'"status":"FAILED","status":"ACTIVE"}],"status":"FAILED","status":"ACTIVE"}]}' && $body != *LOADING* ]]
	get /v1/chains/wrong-type/deployments
	[[ $code == 200 && $body == *'"active_replica_count":"1"'* && $body == *'"min_replica":"0"'* ]]
}

@test "a fault with a status has its own body and headers" {
	start_sim "$SCENARIOS/faults.yaml"
	get /v1/chains/http-503/deployments -D headers
	[ "$code" = 503 ]
	grep -q $'^Retry-After: 7\r$' headers
	get /v1/chains/http-429/deployments -D headers
	[[ $code == 429 && $body == '{"error":"'*'","retry_after":37}' ]]
	run ! grep -qi '^Retry-After' headers
	get /v1/chains/proxy/deployments
	[[ $code == 504 && $body == 'upstream timed out' ]]
	get /v1/chains/redirect/deployments -D headers
	[ "$code" = 302 ]
	grep -q $'^Location: /v1/chains/fine/deployments\r$' headers
}

@test "a fault with a count is used up" {
	start_sim "$SCENARIOS/faults.yaml"
	for expected in 500 500 200 200; do
		get /v1/chains/twice/deployments
		[ "$code" = "$expected" ]
	done
}

@test "verbatim bodies: text, file beside the scenario, status, headers; the latest counts" {
	mkdir sub
	printf '\xff\x00{"deployments": [}' >sub/bad.json
	cat >sub/scenario.yaml <<-YAML
		chains: [{id: text, name: a}, {id: file, name: b}, {id: later, name: c}, {id: none, name: d}]
		bodies:
		  - {chain: text, status: 203, headers: {X-Cache: MISS, Content-Type: text/plain}, text: '{"a": NaN}'}
		  - {chain: file, at: 0s, file: bad.json}
		  - {chain: later, at: 0s, text: first}
		  - {chain: later, at: 0s, text: second}
		  - {chain: later, at: 100h, text: third}
	YAML
	start_sim sub/scenario.yaml
	get /v1/chains/text/deployments -D headers
	[[ $code == 203 && $body == '{"a": NaN}' ]]
	grep -q '^X-Cache: MISS' headers
	[ "$(grep -ci '^Content-Type:' headers)" = 1 ]
	get /v1/chains/later/deployments
	[ "$body" = second ]
	get /v1/chains/none/deployments
	[ "$body" = '{"deployments":[]}' ]
	curl -sS -o got -H 'Authorization: Api-Key simulator-key' "$SIM_URL/v1/chains/file/deployments"
	cmp got sub/bad.json
}

# ---- the log

@test "the log has a line for each request, and no key" {
	start_sim "$SCENARIOS/faults.yaml"
	curl -sS -A 'agent/"1"' -H 'Authorization: Api-Key simulator-key' -o x -o x "$SIM_URL/v1/chains/fine/deployments?q=1" "$SIM_URL/v1/chains" >x
	curl -sS -H 'Authorization: Bearer wrong-key' -o x "$SIM_URL/v1/chains"
	curl -sS -H 'User-Agent:' -o x "$SIM_URL/v1/a%0Ab%1b"
	cat "$SIM_LOG"
	first='{"request":1,"connection":1,"scenario_ms":*,"real_ms":*,"method":"GET","path":"/v1/chains/fine/deployments","status":200,"fault":null,"authorization":true,"user_agent":"agent/\\"1\\""}'
	# shellcheck disable=SC2053 # a pattern
	[[ $(sed -n 1p "$SIM_LOG") == $first ]]
	[[ $(sed -n 2p "$SIM_LOG") == '{"request":2,"connection":1,'* ]]
	[[ $(sed -n 3p "$SIM_LOG") == '{"request":3,"connection":2,'*'"status":401,"fault":null,"authorization":true,'* ]]
	[[ $(sed -n 4p "$SIM_LOG") == *'"path":"/v1/a\\nb\\u{1b}","status":401,"fault":null,"authorization":false,"user_agent":null}' ]]
	[ "$(sim_requests)" = 4 ]
	run ! grep -q -e simulator-key -e wrong-key "$SIM_LOG"
}

@test "a log that can't be written is reported, and the simulator fails" {
	[ -w /dev/full ] || skip "no /dev/full"
	start_sim "$SCENARIOS/steady.yaml" --log /dev/full
	get /v1/chains
	[ "$code" = 200 ]
	code=0
	stop_sim 2>complaint || code=$?
	cat complaint
	[ "$code" -eq 1 ]
	grep -qF "could not write all of the log to '/dev/full'" complaint
}

# ---- start and end

@test "it ends with 0 at the end of stdin, even while requests wait" {
	start_sim "$SCENARIOS/faults.yaml"
	local host=${SIM_URL#http://} fd line
	exec {fd}<>"/dev/tcp/${host/://}"
	printf 'GET /v1/chains/stall/deployments HTTP/1.1\r\nHost: x\r\nAuthorization: Api-Key simulator-key\r\n\r\n' >&"$fd"
	read -r -t 600 line <&"$fd"
	stop_sim
	exec {fd}>&-
}

@test "it ends with 0 on SIGTERM and on SIGINT" {
	for signal in TERM INT; do
		# Without job control, a shell's background jobs ignore SIGINT, so the simulator would, too.
		set -m
		start_sim "$SCENARIOS/steady.yaml"
		set +m
		kill -"$signal" "$SIM_PID"
		sim_has_ended
		wait "$SIM_PID"
		stop_sim
	done
}

@test "start_sim fails at once when the simulator does" {
	scenario <<<'chains: 7'
	run start_sim scenario.yaml
	[ "$status" -ne 0 ]
	[[ $output == *"chains must be a list"* ]]
	CHAINGATE_SIM=/nowhere/chaingate-sim run start_sim "$SCENARIOS/steady.yaml"
	[ "$status" -ne 0 ]
}

@test "a port that is in use is an error" {
	start_sim "$SCENARIOS/steady.yaml"
	port=${SIM_URL##*:}
	run "$CHAINGATE_SIM" --port "$port" --until-eof "$SCENARIOS/steady.yaml" </dev/null
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == "chaingate-sim: could not listen on 127.0.0.1:$port: "*"ddress already in use"* ]]
}

@test "it serves HTTPS" {
	needs openssl
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null
	start_sim "$SCENARIOS/faults.yaml" --tls-cert cert.pem --tls-key key.pem
	[[ $SIM_URL == https://127.0.0.1:* ]]
	get /v1/chains/fine/deployments --cacert cert.pem
	[ "$code" = 200 ]
	get /v1/chains/fine/deployments
	[ "$status" = 60 ]
	get /v1/chains/reset/deployments --cacert cert.pem
	[[ $status != 0 && $code == *000* ]]
	start_get /v1/chains/stall/deployments --cacert cert.pem
	end_get
	stop_sim
	run "$CHAINGATE_SIM" --until-eof --tls-cert key.pem --tls-key cert.pem "$SCENARIOS/steady.yaml" </dev/null
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"with that certificate and key"* ]]
}

# ---- errors

@test "a wrong command line ends with 2, and says what is wrong" {
	while IFS='|' read -r arguments message; do
		# shellcheck disable=SC2086 # several words
		run "$CHAINGATE_SIM" $arguments </dev/null
		echo "$arguments: $status: $output"
		[ "$status" -eq 2 ]
		[ "$output" = "chaingate-sim: $message" ]
	done <<-'TABLE'
		|a scenario is needed: chaingate-sim scenario.yaml
		--prot 1 x|no option is called '--prot'; one has a similar name: --port
		--frobnicate=1|no option is called '--frobnicate'; see chaingate-sim --help
		-p 1|no option is called '-p'; see chaingate-sim --help
		--port 1 --port 2 x|the option --port is given twice
		--port|the option --port needs a value
		--port= x|the value of the option --port is empty
		--port 65536 x|the port '65536' isn't a number from 0 to 65535
		--port -1 x|the port '-1' isn't a number from 0 to 65535
		--check=yes x|the option --check takes no value
		--tls-cert c x|HTTPS needs both --tls-cert and --tls-key
		--until-eof -|the scenario cannot be read from stdin if --until-eof is given
		x y|only one scenario can be given
		--check /nowhere/x.yaml|could not read '/nowhere/x.yaml': No such file or directory
	TABLE
}

@test "--help, --version, --check" {
	run "$CHAINGATE_SIM" --help
	[[ $status == 0 && ${#lines[@]} -le 24 && ${lines[0]} == 'Usage: chaingate-sim '* ]]
	run "$CHAINGATE_SIM" --version
	[[ $status == 0 && $output =~ ^chaingate-sim\ [0-9]+\.[0-9]+\.[0-9]+ ]]
	for file in "$SCENARIOS"/*.yaml; do
		run "$CHAINGATE_SIM" --check "$file"
		echo "$output"
		[[ $status == 0 && ${#lines[@]} == 1 && $output == *": no mistakes ("* ]]
	done
	run --separate-stderr "$CHAINGATE_SIM" --check - <"$SCENARIOS/steady.yaml"
	[ "$status" = 0 ]
}

@test "the manual's scenario is valid, and the manual has every fault" {
	local manual=$BATS_TEST_DIRNAME/../../src/sim/README.md
	sed -n '/^```yaml/,/^```$/p' "$manual" | grep -v '^```' | scenario
	run "$CHAINGATE_SIM" --check scenario.yaml
	echo "$output"
	[[ $status == 0 && $output == *"chains: 1, models: 1, deployments: 2, bodies: 0, faults: 2, last change at 1m35s"* ]]
	scenario <<<'{chains: [], faults: [{at: 0s, body: no-such-fault}]}'
	run "$CHAINGATE_SIM" --check scenario.yaml
	[[ $output =~ The\ words\ are\ ([a-z_,\ ]+)\. ]]
	for kind in ${BASH_REMATCH[1]//,/}; do
		grep -q "^| \`$kind\` |" "$manual"
	done
}

@test "a stdout that is full is an error" {
	[ -w /dev/full ] || skip "no /dev/full"
	run bash -c '"$CHAINGATE_SIM" --until-eof "$1" </dev/null >/dev/full' - "$SCENARIOS/steady.yaml"
	[ "$status" -eq 1 ]
	run bash -c '"$CHAINGATE_SIM" --help >/dev/full'
	[ "$status" -eq 1 ]
}

@test "a mistake in a scenario is shown with its place and a remedy" {
	printf 'chains:\n  - {id: c1, nmae: rag}\n' >scenario.yaml
	run "$CHAINGATE_SIM" --check scenario.yaml
	[ "$status" -eq 2 ]
	[ "${lines[0]}" = "scenario.yaml:2:14: error: a chain has no key 'nmae' [unknown-field]" ]
	[ "${lines[1]}" = '2 |   - {id: c1, nmae: rag}' ]
	[ "${lines[2]}" = '  |              ^^^^' ]
	[ "${lines[3]}" = '  = help: A key has a similar name: name.' ] || [[ ${lines[3]} == *'A key has a similar name: name.' ]]
	refused "a chain needs the key 'name'"
}
