#!/usr/bin/env bats
# assurance.bats - docs/assurance.md has a row for each figure of tests/assurance, and the figures that can be counted in a moment are right.

load set_up

setup() {
	set_up "$BATS_TEST_DIRNAME/../.."
	needs_plain "it counts files, which a sanitizer doesn't look at"
	needs_python
}

@test "the page's figures are those that are counted, and each has a command that exists" {
	tests/assurance --quick
	# It notices a figure that isn't right, and a row that is missing.
	sed -E 's/[0-9]+ targets, /99 targets, /' docs/assurance.md >"$BATS_TEST_TMPDIR/wrong.md"
	run tests/assurance --quick --page "$BATS_TEST_TMPDIR/wrong.md"
	[ "$status" = 1 ]
	[[ $output == *"seeds: "*" targets"*"WRONG: the page has: 99 targets"* ]]
	grep -v '`make check-faults`' docs/assurance.md >"$BATS_TEST_TMPDIR/short.md"
	run tests/assurance --quick --page "$BATS_TEST_TMPDIR/short.md"
	[ "$status" = 1 ]
	[[ $output == *"rows aren't those"* ]]
}
