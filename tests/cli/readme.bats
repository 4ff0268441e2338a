#!/usr/bin/env bats
# readme.bats - the README is true: the demo prints what it shows, and its policy, commands, options and exit codes are the program's.

load set_up
load virtual

setup() {
	set_up "$BATS_TEST_DIRNAME/../.."
}

# Prints the README's fenced block whose first line matches.
block() {
	awk -v first="$1" '
		/^```/ { inside = !inside; fresh = inside; wanted = 0; next }
		inside && fresh { wanted = index($0, first) == 1; fresh = 0 }
		inside && wanted' README.md
}

# Removes what differs between runs: the port, times, the number of polls, and the intermediate statuses that polls happened to see.
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

@test "the policy loads without a warning" {
	block "version: 1" >"$BATS_TEST_TMPDIR/policy.yaml"
	run "$CHAINGATE" lint "$BATS_TEST_TMPDIR/policy.yaml"
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *warning* ]]
}

@test "the README's rule for 'chaingate eval' is judged" {
	rule=$(sed -nE "s/.*chaingate eval '([^']*)'.*/\1/p" README.md)
	[ -n "$rule" ]
	run "$CHAINGATE" eval "$rule" --body tests/fixtures/two_active.json
	[ "$status" -eq 0 ]
}

# Prints the contents of the README's fenced blocks of this kind.
all_blocks() {
	awk -v kind="$1" '/^```/ { inside = !inside; wanted = inside && $0 == "```" kind; next } inside && wanted' README.md
}

# Starts the scenario in virtual time, with `chaingate` in PATH, in a working directory that has ci/.
start_pipeline() { # start_pipeline SCENARIO
	start_world "$PWD/tests/cli/scenarios/$1"
	export BASETEN_API_KEY=simulator-key CHAINGATE_API_URL=$SIM_URL GITHUB_OUTPUT=$BATS_TEST_TMPDIR/outputs GITHUB_STEP_SUMMARY=$BATS_TEST_TMPDIR/summary.md
	root=$PWD
	mkdir -p "$BATS_TEST_TMPDIR/bin" "$BATS_TEST_TMPDIR/work"
	ln -sf "$CHAINGATE" "$BATS_TEST_TMPDIR/bin/chaingate"
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
	: >"$GITHUB_OUTPUT"
	cd "$BATS_TEST_TMPDIR/work" || return
	ln -sfn "$root/ci" ci
}

@test "the commands of the first use work" {
	all_blocks sh >"$BATS_TEST_TMPDIR/commands"
	start_pipeline rollout.yaml
	[ "$(wc -l <"$BATS_TEST_TMPDIR/commands")" -ge 4 ]
	while IFS= read -r command; do
		run bash -c "$command"
		[ "$status" -eq 0 ] || { echo "$command" && return 1; }
	done <"$BATS_TEST_TMPDIR/commands"
	[ -s gate.html ]
	[ -s mine.yaml ]
}

@test "the README has every command of the help" {
	local command commands
	mapfile -t commands < <("$CHAINGATE" help | sed -nE '/^Commands:/,/^$/s/^  ([a-z]+) .*/\1/p')
	[ "${#commands[@]}" -gt 10 ]
	for command in "${commands[@]}"; do
		grep -q "^|.*\`chaingate $command" README.md || { echo "$command" && return 1; }
	done
}

# Writes each step of the workflow to a file.
workflow_steps() {
	all_blocks "yaml workflow" | python3 -c '
import sys, yaml
job = yaml.safe_load(sys.stdin)["jobs"]["deploy"]
for step in job["steps"]:
    if "run" in step:
        open(sys.argv[1] + "/" + step["name"].split()[0] + ".sh", "w").write(step["run"])
' "$BATS_TEST_TMPDIR"
	# As truss 0.18.26 prints it with --no-wait.
	cat >"$BATS_TEST_TMPDIR/bin/truss" <<-'END'
		#!/bin/sh
		[ "$1 $2" = "chains push" ] || exit 64
		echo "Once all chainlets are deployed, you can run the chain with:"
		echo
		echo "curl -X POST 'https://chain-232p81ql.api.baseten.co/deployment/q86yjdy/run_remote' \\"
		echo "    -H \"Authorization: Api-Key \$BASETEN_API_KEY\" \\"
	END
	chmod +x "$BATS_TEST_TMPDIR/bin/truss"
}

@test "the workflow reads the id from truss's output, and the gate passes" {
	needs_python yaml
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	workflow_steps
	start_pipeline rollout.yaml
	run -0 bash -eo pipefail "$BATS_TEST_TMPDIR/Push.sh"
	grep -qx "deployment=q86yjdy" "$GITHUB_OUTPUT"
	DEPLOYMENT=q86yjdy run -0 bash -e "$BATS_TEST_TMPDIR/May.sh"
	[[ $output == *"passed: 6 rules on rag/q86yjdy"* ]]
	[ -s gate.xml ] && [ -s gate.html ] && [ -s gate.json ] && [ -s "$GITHUB_STEP_SUMMARY" ]
	grep -qF "(ci/promote gate.json production " "$BATS_TEST_TMPDIR/Promote.sh"
	[ -x "$root/ci/promote" ]
}

@test "the workflow: a build that fails is not promoted" {
	needs_python yaml
	mkdir -p "$BATS_TEST_TMPDIR/bin"
	workflow_steps
	start_pipeline build_fails.yaml
	DEPLOYMENT=q86yjdy run bash -e "$BATS_TEST_TMPDIR/May.sh"
	[ "$status" -eq 1 ]
	DEPLOYMENT=q86yjdy run bash -e "$BATS_TEST_TMPDIR/Promote.sh"
	[ "$status" -ne 0 ]
}

@test "every option in the README and in docs/ exists" {
	local helps option tried=0
	helps=$(for command in check status eval lint init test explain replay merge completion version; do "$CHAINGATE_VIRTUAL" help "$command"; done; "$CHAINGATE_SIM" --help)
	while read -r option; do
		# Options of other programs: truss, git, make, baseten, Datadog's, docker, npm, valgrind, the benchmark, scripts of the project.
		case $option in --no-wait | --remote | --wait | --fail-on-error | --ci | --demo | --known | --update | --rm | --user | --prefix | --tool | --write | --depth | --branch | --directory | --silent) continue ;; esac
		tried=$((tried + 1))
		[[ $helps =~ (^|[ $'\n'])$option([ $'\n']|$) ]] || {
			echo "$option is in a document, and in no command's help"
			return 1
		}
	done < <(grep -ohE -e '(^|[ `])--[a-z][a-z-]+' README.md docs/*.md | tr -d ' `' | sort -u)
	[ "$tried" -ge 30 ]
}

@test "the README has the exit codes of the help" {
	"$CHAINGATE" help | sed -n '/^Exit codes/,$p' | grep -oE '^ +[0-9]+' | tr -d ' ' >"$BATS_TEST_TMPDIR/help"
	sed -nE 's/^\| ([0-9, ]+) \| [a-z_]+ \|.*/\1/p' README.md | tr -d ' ' | tr ',' '\n' | diff - "$BATS_TEST_TMPDIR/help"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/help")" -eq 11 ]
}

@test "the files that the README names exist" {
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
	sed -n '/^| type | meaning |/,/^$/p' docs/reports.md | cut -d'|' -f2 | grep -oE '`[A-Za-z]+`' | tr -d '`' | sort | diff "$BATS_TEST_TMPDIR/types" -
	sed -nE 's/^\| [0-9, ]+ \| ([a-z_]+) \|.*/\1/p' README.md | sort -u >"$BATS_TEST_TMPDIR/words"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/words")" -eq 9 ]
	grep '^| `verdict`' docs/reports.md | cut -d'|' -f3 | grep -oE '`[a-z_]+`' | tr -d '`' | sort |
		diff <(sort - "$BATS_TEST_TMPDIR/words" <<<empty) - # a shard without a chain has no verdict
}
