#!/usr/bin/env bats
# sandbox.bats - the sandbox around a run: it is on, it changes nothing that a run is for, and it can be turned off. What it refuses is tested in
# tests/unit/test_sandbox.c and test_sandbox_calls.c; that every kind of a report's place can be written in it, by all other files, because it is always on.

load set_up
file_world=single.yaml

one=(--chain rag --deployment q86yjdy --timeout 0s)

# gate EXPECTED ARGUMENT…: sets err to the gate's stderr.
gate() {
	local expected=$1 code=0
	shift
	"$CHAINGATE" check --api-url "$SIM_URL" "$@" >stdout 2>err </dev/null || code=$?
	err=$(<err)
	[ "$code" = "$expected" ] || { echo "check $*: exit $code" && cat stdout err && return 1; }
}

# The sandbox's words on this machine, as `chaingate version` has them.
preview() {
	"$CHAINGATE" version | sed -n 's/^sandbox: //p'
}

needs_sandbox() {
	[[ $(preview) == files* ]] || skip "sandbox: $(preview)"
}

@test "a run is in the sandbox, and says so" {
	local words
	words=$(preview)
	[ -n "$words" ]
	gate 0 "${one[@]}" --verbose
	[[ $err == *"chaingate check: sandbox: $words"* ]]
	gate 0 "${one[@]}"
	[[ $err != *sandbox* ]]
	needs_sandbox
	# The processes of the real run, as the kernel sees them.
	printf 'chains: [{id: c1, name: rag}]\ndeployments: [{id: d1, chain: c1, chainlets: [{name: A, status: LOADING_MODEL}]}]\n' >loading.yaml
	CHAINGATE=$real
	start_sim loading.yaml
	local command pid code
	for command in "check --deployment d1 --timeout 2h --interval 100ms --progress lines" "status --watch --interval 1s"; do
		# shellcheck disable=SC2086 # words
		"$CHAINGATE" $command --chain rag --api-url "$SIM_URL" >out 2>&1 </dev/null 3>&- &
		pid=$!
		until_true grep -q LOADING_MODEL out
		run cat "/proc/$pid/status"
		kill -TERM "$pid"
		code=0
		wait "$pid" || code=$?
		[[ $output == *$'NoNewPrivs:\t1'* && $output == *$'Seccomp:\t2'* ]]
	done
}

@test "--no-sandbox and its variable turn it off, and --print-config shows that" {
	gate 0 "${one[@]}" --verbose --no-sandbox
	[[ $err == *"chaingate check: sandbox: off: --no-sandbox"* ]]
	CHAINGATE_NO_SANDBOX=1 gate 0 "${one[@]}" --verbose
	[[ $err == *"chaingate check: sandbox: off: CHAINGATE_NO_SANDBOX"* ]]
	CHAINGATE_NO_SANDBOX=0 gate 0 "${one[@]}" --verbose
	[[ $err == *"sandbox: $(preview)"* ]]
	CHAINGATE_NO_SANDBOX=yes gate 0 "${one[@]}" --print-config
	grep -q '^no-sandbox  *true  *CHAINGATE_NO_SANDBOX$' stdout
	gate 0 "${one[@]}" --print-config
	grep -q '^no-sandbox  *false  *default$' stdout
}

@test "each kind of place is written in the sandbox" {
	local outside
	needs_sandbox
	outside=$BATS_TEST_TMPDIR.outside
	mkdir -p "$outside/there" "$outside/far" link-to by-target
	ln -s "$outside/far" by-target/rag-q86yjdy
	ln -s "$outside/there" link
	ln -s "$outside/there/dangling" dangling
	mkfifo pipe
	cat pipe >from-pipe 3>&- &
	echo before >"$outside/there/summary"
	echo before >"$outside/there/outputs"
	GITHUB_STEP_SUMMARY=$outside/there/summary GITHUB_OUTPUT=$outside/there/outputs gate 0 "${one[@]}" --verbose --record link/run.ndjson --junit report.xml \
		--report json=new/deep/report.json --report "html=$outside/made/{target}.html" --report tap=dangling --report markdown --report junit-strict=pipe \
		--report 'json=by-target/{target}/behind.json' \
		--report env=/dev/fd/7 --report gitlab=/dev/fd/8 --report intoto=../"${PWD##*/}"/link-to/up.json --report github=/dev/null 7>descriptor 8> >(cat >from-process)
	[[ $err == *"sandbox: files"* ]]
	wait
	xmllint --noout report.xml from-pipe
	grep -q '"verdict": "passed"' new/deep/report.json
	grep -q '<html' "$outside"/made/*.html
	grep -q '^ok 1' "$outside/there/dangling"
	grep -q '"verdict": "passed"' "$outside/far/behind.json"
	tail -n 1 "$outside/there/run.ndjson" | grep -q '"kind":"end"'
	grep -q before "$outside/there/summary"
	grep -q passed "$outside/there/summary"
	grep -q '^verdict=passed' "$outside/there/outputs"
	grep -q CHAINGATE_VERDICT=passed descriptor
	until_true test -s from-process
	[ -s link-to/up.json ]
	"$CHAINGATE" status --chain rag --api-url "$SIM_URL" --body "$outside/there/body.json" >stdout
	[ -s "$outside/there/body.json" ]
}

@test "without the kernel's help a run is the same" {
	needs_python
	needs_sandbox
	local call
	gate 0 "${one[@]}" --junit with.xml
	# Landlock isn't there, is off at start-up, is refused by a container; and no restriction can be made at all.
	for call in 444:ENOSYS 444:EOPNOTSUPP 444:EPERM 446:EPERM prctl:EINVAL; do
		python3 "$BATS_TEST_DIRNAME/without.py" "$call" "$CHAINGATE" check "${one[@]}" --api-url "$SIM_URL" --verbose --junit "$call.xml" >stdout 2>err </dev/null
		case $call in
		prctl:*) grep -q 'sandbox: off: ' err ;;
		*) grep -q 'sandbox: system calls (seccomp), but not files: ' err ;;
		esac
		[ "$(grep -c '<testcase' "$call.xml")" = "$(grep -c '<testcase' with.xml)" ]
	done
}
