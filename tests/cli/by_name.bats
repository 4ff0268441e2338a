#!/usr/bin/env bats
# by_name.bats - shipped policies by name (@NAME, init --from), and the words that `explain` explains.

load set_up
file_world=none
load virtual
load runs

setup() {
	set_up
	root=$BATS_TEST_DIRNAME/../..
}

@test "every policy of policies/ is in the program, byte for byte" {
	local file name names=() whole printed written
	for file in "$root"/policies/*.yaml; do
		name=${file##*/}
		[[ $name == *.test.yaml ]] || names+=("${name%.yaml}")
	done
	[ "${#names[@]}" -ge 8 ]
	mkdir printed written linted
	for name in "${names[@]}"; do
		a_run "printed/$name" init --from "$name"
		a_run "written/$name" init --from "@$name" "written/$name.yaml"
		a_run "linted/$name" lint "@$name"
	done
	make_runs
	for name in "${names[@]}"; do
		echo "$name"
		IFS= read -rd '' whole <"$root/policies/$name.yaml" || true
		IFS= read -rd '' printed <"printed/$name.out" || true
		IFS= read -rd '' written <"written/$name.yaml" || true
		[ "$printed" = "$whole" ]
		[ "$written" = "$whole" ]
		got "linted/$name"
		[ "$status" = 0 ]
	done
}

@test "a policy by name judges, and reports show that name" {
	start_world "$BATS_TEST_DIRNAME/scenarios/rollout.yaml"
	run -0 "$CHAINGATE" check @production --chain rag --deployment q86yjdy --report json=r.json
	[[ $output == *"PASS  at least two replicas in service"* ]]
	[[ $(<r.json) == *'"policy": "@production"'* ]]
}

@test "an unknown policy name is refused, and the most similar one is shown" {
	run -2 "$CHAINGATE" lint @prodction
	[[ $output == *"no policy called '@prodction' comes with chaingate"*"similar name: @production"* ]]
	run -2 "$CHAINGATE" lint @
	[[ $output == *"the policies are @after-promotion, @cost"* ]]
	run -2 "$CHAINGATE" init --from xyzzy
	[[ $output == *"the policies are after-promotion, cost"* ]]
	# With a folder in its path, it is an ordinary file.
	cp "$root/policies/ready.yaml" @mine
	run -0 "$CHAINGATE" lint ./@mine
}

@test "a rule of a policy by name is explained" {
	run -0 "$CHAINGATE" explain "@production:nothing asleep"
	[[ $output == *"no chainlets are SCALED_TO_ZERO"* ]]
}

@test "explain knows every word of the language, of policies and of reports" {
	local word words unknown=()
	# The grammar's quoted words, the schema's keys, and the reports' words.
	words=$({
		sed -n '/^## Grammar/,/^## /p' "$root/docs/policy-language.md" | grep -oE '"[a-z_]+"' | tr -d '"'
		"$CHAINGATE" schema | grep -oE '"[a-z_]+": \{' | grep -oE '[a-z_]+'
		printf '%s\n' never hold within open since baseline stable_for unfinished skipped pass fail unknown poll verdict lane
	} | grep -vE '^(version|description|rules|properties|items|null|type|title|additional|defs|not|any_of|one_of|all_of|rule_text|target_wait|targets_item)$' | sort -u)
	mapfile -t words <<<"$words"
	[ "${#words[@]}" -gt 50 ]
	for word in "${words[@]}"; do
		a_run "$word" explain "$word"
	done
	make_runs
	for word in "${words[@]}"; do
		got "$word"
		[ "$status" = 0 ] || { echo "$word: $stderr" && unknown+=("$word"); }
	done
	[ "${#unknown[@]}" = 0 ]
}
