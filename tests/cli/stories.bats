#!/usr/bin/env bats
# stories.bats - a story has the same verdict at the same moment live, replayed, and as a policy test.

load set_up
load virtual

setup() {
	set_up
	needs python3
}

@test "random stories, each told to three" {
	local stories
	stories=$(of 300 300 60)
	run python3 "$BATS_TEST_DIRNAME/stories.py" "1-$stories"
	show
	[ "$status" = 0 ]
	[[ $output == *"$stories tests, $stories passed, 0 failed"* ]]
}
