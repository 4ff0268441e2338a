#!/usr/bin/env bats
# kinds.bats - a command gets a file of the wrong kind: one error names the kind, and the command that takes it.

load set_up
file_world=none

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	set_up "$BATS_FILE_TMPDIR"
	cp "$BATS_TEST_DIRNAME/../../policies/production.yaml" policy.yaml
	cp "$BATS_TEST_DIRNAME/../../policies/production.test.yaml" tests.yaml
	cp "$BATS_TEST_DIRNAME/scenarios/steady.yaml" scenario.yaml
	cp "$BATS_TEST_DIRNAME/../fixtures/two_active.json" body.json
	VIRTUAL_SCENARIO=scenario.yaml "$CHAINGATE_VIRTUAL" check --chain rag --latest --since any --api-url http://127.0.0.1:1 \
		--record recording.jsonl --report json=report.json --quiet >/dev/null
}

setup() {
	set_up "$BATS_FILE_TMPDIR"
}

# is_named COMMAND… -- FILE: for each file except FILE, one error names its kind.
is_named() {
	local words=() file
	while [ "$1" != -- ]; do
		words+=("$1")
		shift
	done
	local -A sorts=([policy.yaml]="a policy" [tests.yaml]="a file of policy tests" [recording.jsonl]="a recording"
		[body.json]="a list of deployments" [report.json]="a JSON report" [scenario.yaml]="a scenario of the simulator")
	for file in "${!sorts[@]}"; do
		[ "$file" != "$2" ] || continue
		run --separate-stderr "$CHAINGATE" "${words[@]}" "$file"
		local said=$output$stderr
		[ "$status" = 2 ] && [[ $said == *"this is ${sorts[$file]}"*"'chaingate"* || $said == *"this is a JSON report"* ]] &&
			[[ $said != *"error: "*"error: "* ]] || { echo "${words[*]} $file"; show; return 1; }
	done
}

@test "a file of another kind instead of a policy is named" {
	is_named lint -- policy.yaml
	is_named check --chain rag --latest --since any -- policy.yaml
	is_named eval --body body.json --policy -- policy.yaml
}

@test "a file of another kind instead of tests is named" {
	is_named test -- tests.yaml
}

@test "a file of another kind instead of a recording or a body is named" {
	is_named replay -- recording.jsonl
	is_named eval 'all chainlets ACTIVE' --body -- body.json
}

@test "a policy in JSON, and a broken one, are still policies" {
	echo '{"version": 1, "target": {"chain": "rag", "latest": true, "since": "any"}, "rules": ["all chainlets ACTIVE"]}' >json.yaml
	run --separate-stderr "$CHAINGATE" lint json.yaml
	[ "$status" = 0 ]
	printf 'deployment: x\nrules:\n  - all chainlets ACTIVE\n' >broken.yaml
	run --separate-stderr "$CHAINGATE" lint broken.yaml
	[ "$status" = 2 ]
	[[ $output$stderr == *"a policy has no key 'deployment'"* ]]
}
