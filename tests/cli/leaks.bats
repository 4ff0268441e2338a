#!/usr/bin/env bats
# leaks.bats - whole runs under valgrind: no leak and no invalid access, however the run ends.

load set_up
load virtual

setup() {
	set_up
	needs valgrind
	needs_plain "the program is built with sanitizers, which find leaks themselves"
}

gate() { # gate EXIT SCENARIO [OPTION…]
	local expected=$1
	[ -n "${VIRTUAL_SCENARIO-}" ] || start_sim "$BATS_TEST_DIRNAME/scenarios/$2"
	shift 2
	BASETEN_API_KEY=simulator-key run timeout 600 valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible \
		--errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99 "$CHAINGATE" check --chain rag --deployment q86yjdy \
		--api-url "$SIM_URL" --interval 200ms --stable-for 400ms --junit "$BATS_TEST_TMPDIR/report.xml" "$@"
	[ "$status" = "$expected" ]
	xmllint --noout "$BATS_TEST_TMPDIR/report.xml"
}

@test "a passing run" {
	gate 0 steady.yaml --timeout 2h
}

@test "a failing run" {
	gate 1 failed.yaml --timeout 2h
}

@test "a run that times out" {
	# In virtual time, because valgrind would use up a real timeout.
	start_world "$BATS_TEST_DIRNAME/scenarios/moving.yaml"
	CHAINGATE=${CHAINGATE_VIRTUAL%/*}/preload/chaingate-virtual # valgrind replaces the allocator of shared libraries only
	gate 3 moving.yaml --timeout 1m
}

@test "an interrupted run" {
	start_sim "$BATS_TEST_DIRNAME/scenarios/moving.yaml"
	BASETEN_API_KEY=simulator-key valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible \
		--errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99 "$CHAINGATE" check --chain rag --deployment q86yjdy \
		--api-url "$SIM_URL" --interval 200ms --timeout 2h --junit "$BATS_TEST_TMPDIR/report.xml" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	local gate=$! status=0
	# The first status line shows that the gate has polled.
	until_true grep -q LOADING_MODEL "$BATS_TEST_TMPDIR/err"
	# A shell's background jobs ignore SIGINT, and the gate respects that.
	kill -TERM $gate
	wait $gate || status=$?
	cat "$BATS_TEST_TMPDIR/err"
	[ "$status" = 143 ]
	xmllint --noout "$BATS_TEST_TMPDIR/report.xml"
}
