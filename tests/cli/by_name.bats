#!/usr/bin/env bats
# by_name.bats - the policies that come with chaingate by their names (@NAME, init --from), and the words that explain knows.

load set_up
load virtual

setup() {
	set_up
	root=$BATS_TEST_DIRNAME/../..
}

@test "every policy of policies/ is in the programme, byte for byte" {
	local count=0 file name
	for file in "$root"/policies/*.yaml; do
		name=$(basename "$file" .yaml)
		[[ $name != *.test ]] || continue
		"$CHAINGATE" init --from "$name" | cmp - "$file"
		"$CHAINGATE" init --from "@$name" "$name.yaml"
		cmp "$name.yaml" "$file"
		run -0 "$CHAINGATE" lint "@$name"
		count=$((count + 1))
	done
	[ "$count" -ge 8 ]
}

@test "a policy by name judges, and reports name it so" {
	start_world "$BATS_TEST_DIRNAME/scenarios/rollout.yaml"
	run -0 "$CHAINGATE" check @production --chain rag --deployment q86yjdy --report json=r.json
	[[ $output == *"PASS  at least two replicas in service"* ]]
	grep -q '"policy": "@production"' r.json
}

@test "a name that is nobody's is refused, with the nearest" {
	run -2 "$CHAINGATE" lint @prodction
	[[ $output == *"no policy called '@prodction' comes with chaingate"*"similar name: @production"* ]]
	run -2 "$CHAINGATE" lint @
	[[ $output == *"there are @after-promotion, @cost"* ]]
	run -2 "$CHAINGATE" init --from xyzzy
	[[ $output == *"there are after-promotion, cost"* ]]
	# A file of that name is a file.
	cp "$root/policies/ready.yaml" @mine
	run -0 "$CHAINGATE" lint ./@mine
}

@test "a rule of a policy by name is explained" {
	run -0 "$CHAINGATE" explain "@production:nothing asleep"
	[[ $output == *"no chainlets are SCALED_TO_ZERO"* ]]
}

@test "explain knows every word of the language, of policies and of reports" {
	local word words
	# What the grammar has in quotes, the keys of the schema, and what reports say.
	words=$({
		sed -n '/^## Grammar/,/^## /p' "$root/docs/policy-language.md" | grep -oE '"[a-z_]+"' | tr -d '"'
		"$CHAINGATE" schema | grep -oE '"[a-z_]+": \{' | grep -oE '[a-z_]+'
		printf '%s\n' never hold within open since baseline stable_for unfinished skipped pass fail unknown poll verdict lane
	} | grep -vE '^(version|description|rules|properties|items|null|type|title|additional|defs|not|any_of|one_of|all_of|rule_text|target_wait|targets_item)$' | sort -u)
	[ "$(wc -w <<<"$words")" -gt 50 ]
	for word in $words; do
		"$CHAINGATE" explain "$word" >/dev/null || echo "$word"
	done >unknown
	cat unknown
	[ ! -s unknown ]
}
