#!/usr/bin/env bats
# lint.bats - policies checked without polling.

load set_up
file_world=none

setup() {
	set_up
	unset BASETEN_API_KEY
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets ACTIVE' '  - min_replica >= 2' >good.yaml
	printf '%s\n' 'version: 1' 'wait: {timeout: 90}' 'rules:' '  - all chainlets ACTVE' 'frob: 1' >bad.yaml
}

@test "a policy without mistakes" {
	run --separate-stderr "$CHAINGATE" lint good.yaml
	[ "$status" = 0 ]
	[ "$output" = "good.yaml: 2 rules, no mistakes" ]
	[ -z "$stderr" ]
}

@test "all mistakes of a file are shown, each in its place" {
	run --separate-stderr "$CHAINGATE" lint bad.yaml
	[ "$status" = 2 ]
	[[ $output == *"bad.yaml:2:17: error: "*"[invalid-duration]"*"bad.yaml:4:19: error: no status is called 'ACTVE' [unknown-status]"* ]]
	[[ $output == *"4 |   - all chainlets ACTVE"$'\n'"  |                   ^^^^^"$'\n'"  = help: a status has a similar name: ACTIVE"* ]]
	[[ $output == *"bad.yaml:5:1: error: "*"frob"* ]]
	[ "${lines[-1]}" = "bad.yaml: 3 errors" ]
	[ -z "$stderr" ]
}

@test "several files: each is checked, and one with a mistake is enough" {
	run "$CHAINGATE" lint good.yaml bad.yaml good.yaml
	[ "$status" = 2 ]
	[ "${lines[0]}" = "good.yaml: 2 rules, no mistakes" ]
	[ "${lines[-1]}" = "good.yaml: 2 rules, no mistakes" ]
	run "$CHAINGATE" lint good.yaml missing.yaml
	[ "$status" = 2 ]
	[[ $output == *"could not read the policy 'missing.yaml': No such file or directory [unreadable-file]"* ]]
	run "$CHAINGATE" lint .
	[ "$status" = 2 ]
	[[ $output == *"Is a directory"* ]]
}

@test "the policy can come from stdin" {
	run "$CHAINGATE" lint - <good.yaml
	[ "$status" = 0 ]
	[ "$output" = "<stdin>: 2 rules, no mistakes" ]
	run "$CHAINGATE" lint - <bad.yaml
	[ "$status" = 2 ]
	[[ ${lines[0]} == "<stdin>:2:17: "* ]]
}

@test "--format json prints JSON for editors" {
	run --separate-stderr "$CHAINGATE" lint --format json good.yaml
	[ "$status" = 0 ]
	[ "$(tr -d "\n " <<<"$output")" = "[]" ]
	run --separate-stderr "$CHAINGATE" lint --format=json bad.yaml missing.yaml
	[ "$status" = 2 ]
	[ -z "$stderr" ]
	local expected='  {
    "file": "bad.yaml",
    "line": 4,
    "column": 19,
    "endLine": 4,
    "endColumn": 24,
    "severity": "error",
    "code": "unknown-status",
    "message": "no status is called '\''ACTVE'\''",
    "hint": "a status has a similar name: ACTIVE"
  },'
	[[ $output == *"$expected"* ]]
	[[ $output == *'"line": null'* ]]
	[ "$(grep -c '"file"' <<<"$output")" = 4 ]
}

@test "--format json counts the mistakes that it doesn't list, as the text does" {
	{ printf 'version: 1\nrules:\n' && for i in {1..23}; do echo "  - name == $i"; done; } >many.yaml
	run "$CHAINGATE" lint many.yaml
	[ "$status" = 2 ]
	[[ $output == *$'\n… and 3 more errors\nmany.yaml: 23 errors' ]]
	run "$CHAINGATE" lint --format json many.yaml good.yaml
	[ "$status" = 2 ]
	[ "$(grep -c '"file": "many.yaml"' <<<"$output")" = 21 ]
	[[ $output == *'"line": null'*'"severity": "error"'*'"code": "limit-exceeded"'*'"message": "and 3 more errors"'* ]]
	{ printf 'version: 1\nrules:\n' && for i in {1..21}; do echo "  - min_replica >= -$i"; done; } >many.yaml
	run "$CHAINGATE" lint --format json many.yaml
	[ "$status" = 0 ]
	[ "$(grep -c '"severity": "warning"' <<<"$output")" = 21 ]
	[[ $output == *'"message": "and 1 more warning"'* ]]
}

@test "a file's control characters reach the terminal only in a printable form" {
	printf 'version: 1\nrules:\n  - "all chainlets \\e[2J"\n\xe2\x80\xae: 1\n' >evil.yaml
	run "$CHAINGATE" lint evil.yaml
	[ "$status" = 2 ]
	[[ $output != *$'\e'* && $output != *$'\u202e'* ]]
}

@test "every policy that is shipped has no mistakes" {
	local policies
	mapfile -t policies < <(find "$BATS_TEST_DIRNAME/../../policies" -name "*.yaml" ! -name "*.test.yaml")
	[ -e "${policies[0]}" ]
	run "$CHAINGATE" lint "${policies[@]}"
	echo "$output"
	[ "$status" = 0 ]
	[ "${#lines[@]}" = "${#policies[@]}" ]
}

@test "--strict ends with 1 on warnings, and on nothing else" {
	printf 'version: 1\nrules:\n  - {name: a, never: any chainlet not ACTIVE}\n' >doubtful.yaml
	printf 'version: 1\nrules: [all chainlets ACTIVE]\n' >fine.yaml
	printf 'version: 1\nrules: [all chainlets ACTVE]\n' >wrong.yaml
	run "$CHAINGATE" lint doubtful.yaml
	[ "$status" -eq 0 ]
	[[ $output == *"[impatient-never]"* ]]
	run "$CHAINGATE" lint --strict doubtful.yaml fine.yaml
	[ "$status" -eq 1 ]
	[[ $output == *"1 warning"* ]]
	run "$CHAINGATE" lint --strict fine.yaml
	[ "$status" -eq 0 ]
	run "$CHAINGATE" lint --strict doubtful.yaml wrong.yaml
	[ "$status" -eq 2 ]
}
