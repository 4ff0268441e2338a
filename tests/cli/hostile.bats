#!/usr/bin/env bats
# The table of bodies and faults from which no pass may follow: tests/cli/hostile.bash.
#
# All of them are gated side by side against one simulator, once, in setup_file; the tests then look at what came out.

load set_up
load hostile

# How many gates run at once. They mostly wait.
AT_ONCE=24
TIMEOUT_S=3

gate() { # gate CHAIN EXPECTED
	local out=$BATS_FILE_TMPDIR/cases/$1 status=0
	mkdir -p "$out"
	BASETEN_API_KEY=sim-canary-key-5f2b timeout 600 "$CHAINGATE" check --chain "$1" --deployment q86yjdy \
		--api-url "$SIM_URL" --timeout ${TIMEOUT_S}s --interval 200ms --stable-for 400ms \
		--junit "$out/report.xml" >"$out/stdout" 2>"$out/stderr" </dev/null || status=$?
	echo "$status" >"$out/status"
}

setup_file() {
	hostile_cases
	hostile_scenario >"$BATS_FILE_TMPDIR/scenario.yaml"
	start_sim "$BATS_FILE_TMPDIR/scenario.yaml"
	local case running=0
	for case in "${CASES[@]}"; do
		gate ${case} 3>&- &
		if ((++running >= AT_ONCE)); then
			wait -n || true
		fi
	done
	# The simulator is a child too: wait for the gates only.
	while (($(find "$BATS_FILE_TMPDIR/cases" -name status 2>/dev/null | wc -l) < ${#CASES[@]})); do
		wait -n || true
	done
	printf '%s\n' "${CASES[@]}" >"$BATS_FILE_TMPDIR/list"
	stop_sim
}

each_case() { # each_case FUNCTION: calls it with NAME EXPECTED DIRECTORY
	local name expected failed=0
	while read -r name expected; do
		"$1" "$name" "$expected" "$BATS_FILE_TMPDIR/cases/$name" || failed=1
	done <"$BATS_FILE_TMPDIR/list"
	return $failed
}

is_expected() {
	local status
	status=$(cat "$3/status")
	[ "$status" = "$2" ] && return
	echo "$1: exit $status, expected $2"
	cat "$3/stdout" "$3/stderr"
	return 1
}

@test "only the perfect body passes, and each other case ends with its exit code" {
	[ "$(grep -c ' 0$' "$BATS_FILE_TMPDIR/list")" = 1 ]
	[ "$(wc -l <"$BATS_FILE_TMPDIR/list")" -ge 60 ]
	each_case is_expected
}

has_report() {
	xmllint --noout "$3/report.xml" && grep -q '<testcase' "$3/report.xml" && return
	echo "$1: no whole report"
	return 1
}

@test "each writes a whole report" {
	each_case has_report
}

report_is_right() { # no passing report beside a failing exit code, and the other way round
	local bad
	bad=$(xmllint --xpath 'count(//failure) + count(//error)' "$3/report.xml")
	if [ "$2" = 0 ]; then [ "$bad" = 0 ] && return; else [ "$bad" != 0 ] && return; fi
	echo "$1: exit $2 with $bad failures and errors in the report"
	return 1
}

@test "each report says what the exit code says" {
	each_case report_is_right
}

is_in_time() { # the run's own monotonic time, as reported
	xmllint --xpath "number(/testsuites/@time) <= $TIMEOUT_S + 1" "$3/report.xml" | grep -qx true && return
	echo "$1: took $(xmllint --xpath 'string(/testsuites/@time)' "$3/report.xml") s"
	return 1
}

@test "none outlasts its timeout by more than a second" {
	each_case is_in_time
}

@test "the key is in no output" {
	! grep -rl canary "$BATS_FILE_TMPDIR/cases" || false
}
