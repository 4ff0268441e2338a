#!/usr/bin/env bats
# stories.bats - one story has one verdict, at one moment, wherever it is told: live, replayed, as a policy test.

load set_up
load virtual

setup() {
	set_up
	needs python3
}

@test "random stories, each told to three" {
	run python3 "$BATS_TEST_DIRNAME/stories.py" 1-192 194-300
	show
	[ "$status" = 0 ]
	[[ $output == *"299 tests, 299 passed, 0 failed"* ]]
}
