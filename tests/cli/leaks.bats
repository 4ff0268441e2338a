#!/usr/bin/env bats
# valgrind over whole runs: no leak and no invalid access, however the run ends.

load set_up

setup() {
	set_up
	needs valgrind
	needs_plain "the programme is built with sanitizers, which find leaks themselves"
}

gate() { # gate EXIT SCENARIO [OPTION…]
	local expected=$1
	start_sim "$BATS_TEST_DIRNAME/scenarios/$2"
	shift 2
	BASETEN_API_KEY=sim-key run timeout 120 valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible \
		--errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99 "$CHAINGATE" check --chain rag --deployment q86yjdy \
		--api-url "$SIM_URL" --interval 200ms --stable-for 400ms --junit "$BATS_TEST_TMPDIR/report.xml" "$@"
	[ "$status" = "$expected" ]
	xmllint --noout "$BATS_TEST_TMPDIR/report.xml"
}

@test "a passing run" {
	gate 0 steady.yaml --timeout 60s
}

@test "a failing run" {
	gate 1 failed.yaml --timeout 60s
}

@test "a run that times out" {
	gate 3 moving.yaml --timeout 2s
}

@test "an interrupted run" {
	start_sim "$BATS_TEST_DIRNAME/scenarios/moving.yaml"
	BASETEN_API_KEY=sim-key valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible \
		--errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99 "$CHAINGATE" check --chain rag --deployment q86yjdy \
		--api-url "$SIM_URL" --interval 200ms --timeout 60s --junit "$BATS_TEST_TMPDIR/report.xml" \
		>"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
	local gate=$! status=0
	# The first status line says that the gate runs and has polled.
	until grep -q LOADING_MODEL "$BATS_TEST_TMPDIR/err"; do
		kill -0 $gate
		read -rt 0.1 <> <(:) || :
	done
	# A shell starts what runs in the background with SIGINT ignored, and the gate respects that.
	kill -TERM $gate
	wait $gate || status=$?
	cat "$BATS_TEST_TMPDIR/err"
	[ "$status" = 143 ]
	xmllint --noout "$BATS_TEST_TMPDIR/report.xml"
}
