#!/usr/bin/env bats
# upgrading.bats - keeps the promises of docs/upgrading.md: compares today's words and verdicts with kept copies (tests/fixtures/stability).
#
# Additions are allowed, but everything in a copy must still exist. A copy is replaced only for a new major version; a minor release's additions are
# appended.

load set_up
load virtual

setup() {
	set_up
	kept=$BATS_TEST_DIRNAME/../fixtures/stability
}

# kept_in NAME: each line of the copy is a line of stdin. Prints the missing ones.
kept_in() {
	local missing
	[ -s "$kept/$1" ]
	missing=$(LC_ALL=C comm -23 <(LC_ALL=C sort "$kept/$1") <(LC_ALL=C sort))
	[ -z "$missing" ] || { echo "no longer there: $missing" && return 1; }
}

replayed() { # replayed NAME CODE [OPTION…]: by the policy that the recording names
	local policy=policy.yaml
	[ "$1" != model ] || policy=model.yaml
	cp "$kept/$policy" "$kept/$1.ndjson" .
	run --separate-stderr "$CHAINGATE" replay "$1.ndjson" --policy "$policy" "${@:3}" --report json=gate.json --report junit=gate.xml
	show
	[ "$status" = "$2" ]
}

@test "an exit code keeps its meaning" {
	"$CHAINGATE" help | sed -n '/^Exit codes/,$p' | sed 1d | awk '
		/^ *[0-9]+  / { if (line) print line; $1 = $1; line = $0; next }
		{ sub(/^ +/, ""); line = line " " $0 }
		END { print line }' | sed 's/ *$//' | kept_in exit_codes
}

@test "a diagnostic keeps its code" {
	sed -n 's/^\t\[DIAG_[A-Z_]*\] = "\([a-z-]*\)",/\1/p' "$BATS_TEST_DIRNAME/../../src/base/diag.c" | kept_in diagnostics
}

# The file, the line and the code of each mistake of the kept wrong policies.
codes() {
	local file
	for file in "$kept"/mistakes/*.yaml; do
		"$CHAINGATE" lint --format json "$file" >found.json || true
		jq -r --arg file "${file##*/}" '.[] | "\($file) \(.line) \(.code)"' found.json
	done
}

@test "a diagnostic keeps its meaning: a kept mistake has the same code, at the same line" {
	needs jq
	codes | kept_in codes
}

@test "the JSON report keeps its members and their types" {
	needs jq
	"$CHAINGATE" schema --report | jq -r 'paths(type == "object" and has("type")) as $p |
		($p | map(select(. != "properties" and . != "items") | tostring) | join(".")) + " " +
		(getpath($p).type | if type == "array" then join("|") else . end)' | kept_in report_keys
}

# Each member that has fixed words, with each of its words.
report_words() {
	"$CHAINGATE" schema --report | jq -r 'paths(type == "array") as $p | select($p[-1] == "enum") | getpath($p)[] as $word |
		($p[:-1] | map(select(. != "properties" and . != "items") | tostring) | join(".")) + " = " + ($word | tostring)'
}

@test "the JSON report keeps the words of its members" {
	needs jq
	report_words | kept_in report_words
}

@test "the report for variables keeps its names, and the words of a verdict" {
	local name
	for name in passed:0 failed:1 model:0; do
		replayed "${name%:*}" "${name#*:}" --report env=gate.env
		sed -E 's/^(CHAINGATE_SECONDS)=.*/\1=/' gate.env | kept_in "${name%:*}.env"
	done
}

@test "the outputs for a step of GitHub keep their names" {
	run env GITHUB_OUTPUT="$PWD/outputs" "$CHAINGATE" check "$kept/policy.yaml" --timeout soon
	[ "$status" = 2 ]
	sed 's/=.*//' outputs | kept_in github_outputs
}

@test "a kept recording that passed passes, with the same rules and names" {
	needs jq
	replayed passed 0
	jq -r '"\(.verdict) \(.exit)", (.targets[].rules[] | "\(.name): \(.outcome)")' gate.json | diff "$kept/passed.verdict" -
}

@test "a kept recording that failed fails, with the same rules and names" {
	needs jq
	replayed failed 1
	jq -r '"\(.verdict) \(.exit)", (.targets[].rules[] | "\(.name): \(.outcome)")' gate.json | diff "$kept/failed.verdict" -
}

@test "a kept recording of a model passes, with the same rules and names" {
	needs jq
	replayed model 0
	jq -r '"\(.verdict) \(.exit)", (.targets[].rules[] | "\(.name): \(.outcome)")' gate.json | diff "$kept/model.verdict" -
}

# The members that are there, each with the command that prints it.
printed_members() {
	local command
	for command in "status" "status --chain rag" "status --model llama" "lint" "eval"; do
		case $command in
		lint) set -- lint --format json "$kept"/mistakes/*.yaml ;;
		eval) set -- eval --format json --policy "$kept/policy.yaml" --body "$BATS_TEST_DIRNAME/../fixtures/two_active.json" ;;
		*) set -- $command --format json --api-url "$SIM_URL" ;;
		esac
		"$CHAINGATE" "$@" >printed.json || true
		jq -r --arg command "$command" 'paths(type != "null") | map(strings) | join(".") | select(. != "") | $command + ": " + .' printed.json
	done | LC_ALL=C sort -u
}

@test "what status, lint and eval print as JSON keeps its members" {
	needs jq
	start_world "$BATS_TEST_DIRNAME/scenarios/promotion.yaml"
	printed_members | kept_in printed_members
}

@test "JUnit keeps the names of suites, cases, classes, properties and types" {
	local name
	for name in passed:0 failed:1 model:0; do
		replayed "${name%:*}" "${name#*:}"
		grep -oE '<(testsuite|testcase|failure|error|skipped|property) [^>]*' gate.xml |
			sed -E 's/ (time|timestamp|hostname|message|tests|failures|errors|skipped|file|line|package|id|value)="[^"]*"//g; s|/$||' | kept_in "${name%:*}.junit"
	done
}

# Commands; options, each with its letter and whether it takes a value; the words that are accepted. From the completion of fish.
options() {
	"$CHAINGATE" completion fish | awk '
		/-n __fish_use_subcommand / { print $8; next }
		match($0, /__fish_seen_subcommand_from [a-z]+/) {
			command = substr($0, RSTART + 28, RLENGTH - 28)
			words = ""
			if (match($0, / -a \047[^\047]*\047 -d /))
				words = substr($0, RSTART + 5, RLENGTH - 10)
			sub(/ (-a|-d) .*/, "")
			sub(/.*\047 -l /, "")
			sub(/ (-x|-r -F|-r)$/, " VALUE")
			print command " --" $0
			option = $1
			count = split(words, word, " ")
			for (i = 1; i <= count; i++)
				print command " --" option "=" word[i]
		}'
}

@test "commands, options, their letters and their words stay" {
	options | kept_in options
}

@test "a variable stays" {
	local name value
	echo simulator-key >key.txt
	: >ca.pem
	while IFS='=' read -r name value; do
		run --separate-stderr env "$name=$value" "$CHAINGATE" check "$kept/policy.yaml" --chain rag --print-config
		[ "$status" = 0 ] && [[ $stderr != *"$name"* ]]
	done <"$kept/variables"
	# An unknown one is named.
	run --separate-stderr env CHAINGATE_TIMEOUTS=5m "$CHAINGATE" check "$kept/policy.yaml" --chain rag --print-config
	[[ $stderr == *CHAINGATE_TIMEOUTS* ]]
}

# Every key of a policy with its place, and the words that it accepts.
policy_keys() {
	"$CHAINGATE" schema | jq -r '
		(paths(type == "object") | select(length > 1 and .[-2] == "properties") | map(select(. != "properties" and . != "$defs")) | join(".")),
		(paths(type == "array") as $p | select($p[-1] == "enum") | getpath($p)[] as $word |
			($p[:-1] | map(select(. != "properties" and . != "$defs") | tostring) | join(".")) + " = " + ($word | tostring))' | sort -u
}

@test "a key of policies stays, with its words" {
	needs jq
	policy_keys | kept_in policy_keys
}

# Statuses with their class, and fields.
words() {
	"$CHAINGATE" explain | awk '/^[^ ].*:$/ { section = /^(Statuses|Fields)/ ? $0 : ""; next } NF && section { print section, $1, section ~ /^Statuses/ ? $2 : "" }' | sed 's/ *$//'
}

@test "a status stays in its class, and a field of a rule stays" {
	words | kept_in words
}

@test "a policy of version 1 is accepted, without a warning" {
	run --separate-stderr "$CHAINGATE" lint --strict "$kept/policy.yaml" "$kept/model.yaml"
	show
	[ "$status" = 0 ]
}

@test "a lost line of a copy is noticed" {
	run kept_in diagnostics <<<"unknown-field"
	[ "$status" = 1 ]
	[[ $output == *wrong-type* && $output != *unknown-field* ]]
}

@test "docs/upgrading.md names each promise" {
	local word
	for word in "exit codes" "version: 1" "JSON report" "JUnit" "report env" "recording" "diagnostic" "the command line" "status --format json"; do
		grep -qiF "$word" "$BATS_TEST_DIRNAME/../../docs/upgrading.md"
	done
}
