#!/usr/bin/env bats
# json_output.bats - docs/reports.md describes every member of the JSON that lint, eval and status print, and no other.

load set_up
load virtual

setup() {
	set_up
	command -v jq >/dev/null || skip "jq is not installed"
	fixtures=$BATS_TEST_DIRNAME/../fixtures
}

# section: the documentation of these outputs.
section() {
	awk '/^## /{in_it = /^## JSON of lint, eval and status/} in_it' "$BATS_TEST_DIRNAME/../../docs/reports.md"
}

# table COMMAND: the members that the command's table has.
table() {
	section | awk -v start="^.chaingate $1 --format json" '$0 ~ start {in_it = 1} in_it && /^\| `/ {split($0, cell, "|"); print cell[2]; seen = 1} in_it && seen && !/^\|/ {exit}' |
		grep -o '[a-zA-Z_]*' | sort -u
}

@test "lint: each mistake has the members of the table" {
	printf 'version: 1\nrules:\n  - min_replica >= 0\n  - all chainlts ACTIVE\n  - {name: a, assert: all chainlets ACTIVE}\n  - {name: a, assert: no chainlet FAILED}\n' >policy.yaml
	"$CHAINGATE" lint --format json policy.yaml missing.yaml >found.json || true
	[ "$(jq -r '.[] | keys[]' found.json | sort -u)" = "$(table lint)" ]
	[ "$(jq -r '[.[].severity] | unique | join(" ")' found.json)" = "error warning" ]
	[ "$(jq -c '.[] | select(.code == "unreadable-file") | [.file, .line, .endColumn]' found.json)" = '["missing.yaml",null,null]' ]
}

@test "eval: each rule has the members of the table, and evidence those of the JSON report's schema" {
	printf 'version: 1\ntargets: [{name: one, all: true, since: any}]\nrules: [all chainlets ACTIVE, min_replica >= 9]\n' >policy.yaml
	"$CHAINGATE" eval 'min_replica >= 9' --body "$fixtures/two_active.json" --format json >rules.json || true
	"$CHAINGATE" eval --policy policy.yaml --body "$fixtures/two_active.json" --format json >policy.json || true
	[ "$(jq -rs '.[][] | keys[]' rules.json policy.json | sort -u)" = "$(table eval)" ]
	jq -r '.[].evidence | [.. | objects | keys[]] | unique[]' policy.json | sort -u >members
	"$CHAINGATE" schema --report | jq -r '.. | objects | .properties? // empty | keys[]' | sort -u >described
	[ "$(comm -23 members described)" = "" ]
}

@test "status: chains, deployments and chainlets have the members that are documented" {
	start_world "$BATS_TEST_DIRNAME/scenarios/steady.yaml"
	export BASETEN_API_KEY=simulator-key
	"$CHAINGATE" status --api-url "$SIM_URL" --format json >chains.json
	"$CHAINGATE" status --api-url "$SIM_URL" --chain rag --format json >deployments.json
	"$CHAINGATE" status --api-url "$SIM_URL" --models --format json >models.json
	[ "$(jq -rs '.[] | keys[]' chains.json models.json deployments.json | sort -u)" = "$(table status)" ]
	local member
	for member in $(jq -rs '.[] | (.chains[]?, .deployments[]?, .deployments[]?.chainlets[]?) | keys[]' chains.json deployments.json | sort -u); do
		[[ $(section) == *"\`$member\`"* ]] || { echo "$member isn't documented" && return 1; }
	done
	for member in $(jq -r '.deployments[].chainlets[].autoscaling_settings | keys[]' deployments.json | sort -u); do
		grep -q "\`$member\`" "$BATS_TEST_DIRNAME/../../docs/policy-language.md"
	done
}
