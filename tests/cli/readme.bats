#!/usr/bin/env bats
# readme.bats - the README is true: the demo prints what it shows, and its policy, commands, options and exit codes are the programme's.

load set_up

setup() {
	set_up "$BATS_TEST_DIRNAME/../.."
}

# The lines of the README's fenced block that begins with a line like this.
block() {
	awk -v first="$1" '
		/^```/ { inside = !inside; fresh = inside; wanted = 0; next }
		inside && fresh { wanted = index($0, first) == 1; fresh = 0 }
		inside && wanted' README.md
}

# Without what no two runs have in common: the port, times, how many polls there were, and which of the statuses between a poll happened to see.
normalise() {
	sed -E -e 's|http://127\.0\.0\.1:[0-9]+|URL|' -e 's/[0-9]+m[0-9]{2}s/TIME/g' -e 's/retrying in [0-9.]+s/retrying in TIME/' \
		-e 's/[0-9]+ polls/N polls/' -e 's/poll [0-9]+ at/poll N at/' -e '/ -> /d'
}

@test "the demo prints what the README shows" {
	BUILD=$(dirname "$CHAINGATE")
	ci/demo "$BUILD" >"$BATS_TEST_TMPDIR/printed" 2>&1
	block "A rollout that goes well" | normalise >"$BATS_TEST_TMPDIR/shown"
	normalise <"$BATS_TEST_TMPDIR/printed" | diff "$BATS_TEST_TMPDIR/shown" -
	[ "$(wc -l <"$BATS_TEST_TMPDIR/shown")" -gt 30 ]
	for report in report failed; do
		xmllint --noout "build/demo/$report.xml"
	done
}

@test "the policy is one, without a warning" {
	block "version: 1" >"$BATS_TEST_TMPDIR/policy.yaml"
	run "$CHAINGATE" lint "$BATS_TEST_TMPDIR/policy.yaml"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *warning* ]]
}

@test "the rule to try is judged" {
	rule=$(sed -nE "s/.*chaingate eval '([^']*)'.*/\1/p" README.md)
	[ -n "$rule" ]
	run "$CHAINGATE" eval "$rule" --body tests/fixtures/two_active.json
	[ "$status" -eq 0 ]
}

@test "every option that it names is one" {
	for option in $(grep -oE -e '(^|[ `])--[a-z][a-z-]+' README.md | tr -d ' `' | sort -u); do
		for command in check status eval lint; do
			"$CHAINGATE" help "$command"
		done | grep -qE -e "(^| )$option( |$)" || {
			echo "$option is in the README, and in no command's help"
			return 1
		}
	done
}

@test "the exit codes are those of the help" {
	"$CHAINGATE" help | sed -n '/^Exit codes/,$p' | grep -oE '^ +[0-9]+' | tr -d ' ' >"$BATS_TEST_TMPDIR/help"
	sed -nE 's/^\| ([0-9, ]+) \| [a-z_]+ \|.*/\1/p' README.md | tr -d ' ' | tr ',' '\n' | diff - "$BATS_TEST_TMPDIR/help"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/help")" -eq 11 ]
}

@test "the files that it refers to are there" {
	for file in $(grep -oE '\]\([^):]+\)' README.md | tr -d '])(' ; grep -oE 'policies/[a-z]+\.yaml' README.md | sort -u); do
		[ -e "$file" ] || {
			echo "$file is in the README, and nowhere else"
			return 1
		}
	done
}

@test "the page on reports has each format, each type of a case, each output of a step" {
	"$CHAINGATE" help check | sed -n 's/^Formats: //p' | tr ' ' '\n' | sort >"$BATS_TEST_TMPDIR/formats"
	sed -n 's/^## //p' docs/reports.md | grep -oE '`[a-z-]+`' | tr -d '`' | sort | diff "$BATS_TEST_TMPDIR/formats" -
	sed -n '/^| format | for |/,/^$/p' README.md | cut -d'|' -f2 | grep -oE '`[a-z-]+`' | tr -d '`' | sort | diff "$BATS_TEST_TMPDIR/formats" -
	grep -oE '"[A-Z][a-z]+([A-Z][a-z]+)*"' src/report/cases.c | tr -d '"' | sort -u >"$BATS_TEST_TMPDIR/types"
	sed -n '/^| type | of |/,/^$/p' docs/reports.md | cut -d'|' -f2 | grep -oE '`[A-Za-z]+`' | tr -d '`' | sort | diff "$BATS_TEST_TMPDIR/types" -
	sed -nE 's/^\| [0-9, ]+ \| ([a-z_]+) \|.*/\1/p' README.md | sort -u >"$BATS_TEST_TMPDIR/words"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/words")" -eq 9 ]
	grep '^| `verdict`' docs/reports.md | cut -d'|' -f3 | grep -oE '`[a-z_]+`' | tr -d '`' | sort | diff "$BATS_TEST_TMPDIR/words" -
}
