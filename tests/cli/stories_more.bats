#!/usr/bin/env bats
# stories_more.bats - as stories.bats: one story has one verdict, at one moment, wherever it is told: live, replayed, as a policy test.

load set_up
load virtual

setup() {
	set_up
	command -v python3 >/dev/null || skip "python3 is not here"
	export CHAINGATE=$CHAINGATE_VIRTUAL
}

@test "a hundred and fifty other random stories, told to three" {
	run python3 "$BATS_TEST_DIRNAME/stories.py" 151 150
	show
	[ "$status" = 0 ]
	[[ $output == *"150 tests, 150 passed, 0 failed"* ]]
}
