#!/usr/bin/env bats
# check.bats - the gate from end to end: every exit code, with its last line and its report. Tests of time use virtual time.

load set_up
load virtual
file_scenario=single.yaml

setup() {
	set_up
	scenarios=$BATS_TEST_DIRNAME/scenarios
	single=$scenarios/single.yaml
}

# check ARGUMENT…: gates the steady deployment, with a report in r.xml.
check() {
	run --separate-stderr "$CHAINGATE" check --chain rag --api-url "$SIM_URL" --interval 100ms \
		--stable-for "${stable_for-200ms}" --junit r.xml "$@" </dev/null
	show
}

# report NUMBERS: the report is complete, and has these numbers of tests, failures and errors.
report() {
	local said
	# The attributes must also equal the counted elements.
	said=$(xmllint --xpath 'concat(/*/@tests, " ", /*/@failures, " ", /*/@errors, "=", count(//testcase), " ", count(//failure), " ", count(//error))' r.xml)
	[ "$said" = "$1=$1" ] || { echo "the report has $said" && return 1; }
}

# Prints the verdict's line. It may not be the last one, because a hint may follow.
last_line() {
	local line last=
	for line in "${lines[@]}"; do
		[[ ! $line =~ ^[a-z_]+:\  ]] || last=$line
	done
	printf '%s\n' "$last"
}

@test "a deployment that satisfies its policy passes" {
	check --deployment q86yjdy
	[ "$status" = 0 ]
	[ "${lines[0]}" = "PASS  all chainlets ACTIVE" ]
	[ "${lines[1]}" = "PASS  active_replica_count >= min_replica" ]
	[ "${lines[2]}" = "  = reports: r.xml" ]
	[[ ${lines[3]} =~ ^"passed: 2 rules on rag/q86yjdy in "[0-9]+m[0-9]+"s ("[0-9]+" polls, 0 errors)"$ ]]
	[ "${#lines[@]}" = 4 ]
	report "3 0 0"
	# Progress is on stderr, and has the statuses.
	[[ $stderr == *"rag/q86yjdy"*"ACTIVE"* ]]
}

@test "the deployment may be given as the URL that truss prints" {
	start_world "$single"
	run --separate-stderr "$CHAINGATE" check --deployment https://app.baseten.co/chains/232p81ql/logs/q86yjdy/abc \
		--api-url "$SIM_URL" --timeout 0s
	show
	[ "$status" = 0 ]
	[[ $(last_line) == "passed: 2 rules on 232p81ql/q86yjdy in "* ]]
}

@test "each selection finds the deployment; another environment and a later since don't" {
	start_world "$single"
	check --environment staging --since any
	[ "$status" = 0 ]
	check --latest --since 2020-01-01T00:00:00Z
	[ "$status" = 0 ]
	check --all-deployments --since 1h
	[ "$status" = 0 ]
	check --environment production --since any --timeout 4s
	[ "$status" = 3 ]
	report "3 0 3"
	check --latest --since 2200-01-01T00:00:00Z --timeout 4s
	[ "$status" = 3 ]
}

@test "the policy's target is used, and the command line overrides it" {
	start_world "$single"
	printf '%s\n' 'version: 1' 'target: {chain: rag, environment: production, since: any}' 'wait: {timeout: 1500ms, interval: 100ms, stable_for: 200ms}' \
		'rules:' '  - all chainlets ACTIVE' >policy.yaml
	run --separate-stderr "$CHAINGATE" check policy.yaml --api-url "$SIM_URL"
	show
	[ "$status" = 3 ]
	run --separate-stderr "$CHAINGATE" check policy.yaml --api-url "$SIM_URL" --environment staging
	show
	[ "$status" = 0 ]
	[[ $(last_line) == "passed: 1 rule on rag/staging in "* ]]
	run --separate-stderr "$CHAINGATE" check policy.yaml --api-url "$SIM_URL" --chain other --environment staging
	show
	[ "$status" = 5 ]
}

@test "a rule that isn't satisfied fails" {
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets ACTIVE' '  - min_replica >= 2' >policy.yaml
	check policy.yaml --deployment q86yjdy
	[ "$status" = 1 ]
	[[ $(last_line) == failed:* ]]
	[[ $output == *"min_replica >= 2"* && $output == *"Retriever"* && $output == *"policy.yaml:4"* ]]
	report "3 1 0"
}

@test "a build that fails ends the gate at once" {
	start_world "$scenarios/build_fails.yaml"
	check --deployment q86yjdy --timeout 30m
	[ "$status" = 1 ]
	[[ $stderr == *"BUILD_FAILED"* ]]
	[[ $output == *"Reranker"* ]]
}

@test "a warning affects the verdict only with --strict" {
	start_world "$single"
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets ACTIVE' '  - {assert: min_replica >= 2, severity: warning}' >policy.yaml
	check policy.yaml --deployment q86yjdy
	[ "$status" = 0 ]
	report "3 0 0"
	check policy.yaml --deployment q86yjdy --strict
	[ "$status" = 1 ]
}

@test "a target that isn't stable in time ends as timed out, and the output names --timeout" {
	start_world "$single"
	stable_for=10m check --deployment q86yjdy --timeout 4s
	[ "$status" = 3 ]
	[[ $(last_line) == "timed out"* || $(last_line) == timed_out* ]]
	[[ $output == *--timeout* ]]
	report "3 0 3"
}

@test "a rule that stays unknown is undecided" {
	start_world "$single"
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets where name == "Nobody" are ACTIVE' >policy.yaml
	check policy.yaml --deployment q86yjdy --timeout 4s
	[ "$status" = 4 ]
	report "2 0 1"
}

@test "timeout 0s judges one snapshot" {
	start_world "$single"
	check --deployment q86yjdy --timeout 0s
	[ "$status" = 0 ]
	[ "$(sim_requests '/deployments"')" = 1 ]
	check --deployment nobody --timeout 0s
	[ "$status" = 3 ]
}

@test "a server that isn't there is unreachable" {
	start_sim "$single"
	local url=$SIM_URL
	stop_sim
	SIM_URL=$url check --deployment q86yjdy --timeout 0s
	[ "$status" = 5 ]
	[[ $(last_line) == unreachable:* ]]
	report "3 0 3"
	# The retries get the same answer.
	start_world "$single"
	VIRTUAL_EVENTS='0s miss connect' check --deployment q86yjdy --timeout 30m
	[ "$status" = 5 ]
	[[ $(last_line) == unreachable:*" in 3m"* ]]
	report "3 0 3"
}

@test "a refused key ends the gate at once" {
	BASETEN_API_KEY=wrong-canary-key check --deployment q86yjdy
	[ "$status" = 5 ]
	[[ $output$stderr == *401* || $output$stderr == *403* ]]
	[[ $output$stderr != *canary* ]]
	[[ $(<r.xml) != *canary* ]]
}

@test "an unknown chain is named, with the chains that exist" {
	start_world "$single"
	printf '%s\n' 'version: 1' 'wait: {discover_for: 300ms}' 'rules:' '  - all chainlets ACTIVE' >policy.yaml
	run --separate-stderr "$CHAINGATE" check policy.yaml --chain rog --deployment q86yjdy --api-url "$SIM_URL" --interval 100ms --junit r.xml
	show
	[ "$status" = 5 ]
	[[ $output$stderr == *"rog"*"rag"* ]]
	report "2 0 2"
}

@test "a mistake in the policy is shown in its place, and reported" {
	start_world "$single"
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets ACTVE' '  - no chainlet UNHELTHY' >policy.yaml
	check policy.yaml --deployment q86yjdy
	[ "$status" = 2 ]
	[ -z "$output" ]
	[[ $stderr == *"policy.yaml:3:19: error: no status is called 'ACTVE'"*"policy.yaml:4:17: error:"* ]]
	[ "$(xmllint --xpath 'count(//error) >= 1 and contains(., "ACTVE")' r.xml)" = true ]
	# It sends no request.
	[ ! -s "$SIM_LOG" ]
}

@test "quiet prints one line, verbose more than usual" {
	start_world "$single"
	check --deployment q86yjdy --quiet
	[ "$status" = 0 ]
	[ "${#lines[@]}" = 1 ]
	[ -z "$stderr" ]
	check --deployment q86yjdy --progress none
	local usual=${#output}
	[ -z "$stderr" ]
	check --deployment q86yjdy --verbose
	[ "${#output}" -gt "$usual" ]
}

@test "the key comes from a file, from stdin or from truss" {
	start_world "$single"
	unset BASETEN_API_KEY
	echo simulator-key >key
	check --deployment q86yjdy --timeout 0s --api-key-file key
	[ "$status" = 0 ]
	run "$CHAINGATE" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s --api-key-file - <key
	[ "$status" = 0 ]
	printf '[baseten]\nremote_provider = baseten\napi_key = simulator-key\nremote_url = https://app.baseten.co\n' >.trussrc
	check --deployment q86yjdy --timeout 0s
	[ "$status" = 0 ]
	check --deployment q86yjdy --timeout 0s --auth-scheme bearer
	[ "$status" = 0 ]
}

@test "a policy may come from stdin" {
	start_world "$single"
	run --separate-stderr "$CHAINGATE" check - --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s <<-'END'
		version: 1
		rules: [all chainlets ACTIVE]
	END
	show
	[ "$status" = 0 ]
}

# interrupted SIGNAL CODE: the gate is waiting when the signal comes.
interrupted() {
	local pid code=0 rest
	mkfifo err
	# With job control, because a script's background jobs ignore SIGINT, and the gate would inherit that.
	set -m
	"$CHAINGATE" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --stable-for 10m --interval 200ms --junit r.xml \
		--report junit-strict=strict.xml >out 2>err 3>&- &
	pid=$!
	set +m
	exec {progress}<err
	read -r -t 600 <&"$progress"
	kill -"$1" "$pid"
	IFS= read -rd '' rest <&"$progress" || true
	exec {progress}<&-
	wait "$pid" || code=$?
	mapfile -t lines <out
	printf '%s\n' "${lines[@]}" "$rest" "exit $code"
	[ "$code" = "$2" ]
	[[ ${lines[-1]} == interrupted:* ]]
	report "3 0 3"
	xmllint --noout strict.xml
}

@test "SIGINT: interrupted, and the reports are written" {
	interrupted INT 130
}

@test "SIGTERM: interrupted, and the reports are written" {
	interrupted TERM 143
}

@test "SIGHUP: interrupted, and the reports are written" {
	interrupted HUP 129
}

# catches_signals PID: true once the gate has installed its handlers. Before that, a signal's default action would end it with the same code. The process
# may also still be a copy of this shell, which has handlers of its own. True as well if the process has ended: the test then fails by its exit code.
catches_signals() {
	local name mask
	kill -0 "$1" || return 0
	[ "/proc/$1/exe" -ef "$CHAINGATE" ] || return
	while read -r name mask; do
		[[ $name != SigCgt: || $mask != *[4-7c-f]??? ]] || return 0
	done <"/proc/$1/status"
	return 1
}

# interrupted_waiting_for FILE: the gate waits for a key when the signal comes.
interrupted_waiting_for() {
	[ -e /proc/self/status ] || skip "there is no /proc"
	local pid code=0
	set -m
	"$CHAINGATE" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --api-key-file "$1" --junit r.xml <&0 2>err 3>&- &
	pid=$!
	set +m
	until_true catches_signals "$pid"
	kill -TERM "$pid"
	wait "$pid" || code=$?
	echo "exit $code: $(<err)"
	[ "$code" = 143 ]
	[ "$(xmllint --xpath 'count(//error) >= 1' r.xml)" = true ]
}

@test "a signal ends the gate while it waits for the key on stdin" {
	mkfifo stdin
	exec {keep}<>stdin
	interrupted_waiting_for - <stdin
	exec {keep}>&-
}

@test "a signal ends the gate while nobody writes the key into a pipe" {
	mkfifo pipe
	interrupted_waiting_for pipe
}

@test "the key and the policy can come from pipes" {
	mkfifo key policy
	printf 'simulator-key\n' >key &
	printf 'version: 1\nrules:\n  - all chainlets ACTIVE\n' >policy &
	BASETEN_API_KEY='' run "$CHAINGATE" check policy --chain rag --deployment q86yjdy --api-url "$SIM_URL" --api-key-file key --timeout 0s --quiet
	echo "$output"
	[ "$status" = 0 ]
}
