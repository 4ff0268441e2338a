#!/usr/bin/env bats
# recipes.bats - every recipe of docs/recipes.md works: it passes for a good deployment and fails for a bad one, in virtual time.

load set_up
file_world=none

setup() {
	set_up
	needs python3
	root=$BATS_TEST_DIRNAME/../..
}

@test "at least thirty recipes, each of which passes and fails as the page says" {
	python3 "$BATS_TEST_DIRNAME/recipes.py" "$root/docs/recipes.md" .
	[ "$(find . -name "recipe*.test.yaml" | wc -l)" -ge 30 ]
	run -0 "$CHAINGATE" test .
}

@test "no recipe has a warning" {
	python3 "$BATS_TEST_DIRNAME/recipes.py" "$root/docs/recipes.md" .
	rm -- *.test.yaml
	for recipe in recipe*.yaml; do
		run -0 "$CHAINGATE" lint "$recipe"
		[[ $output != *warning* ]] || { echo "$output" && return 1; }
	done
}
