#!/usr/bin/env bats
# explain.bats - explain, schema and init: commands for writing a policy.

load set_up
file_world=none
load runs

setup() {
	set_up
	root=$BATS_TEST_DIRNAME/../..
}

explain() {
	run "$CHAINGATE" explain "$@"
	echo "$output"
}

@test "every status, class, field, exit code and diagnostic that it lists is explained" {
	explain
	[ "$status" -eq 0 ]
	words=$(sed -nE -e '/^Statuses/,/^$/s/^  [a-z_]+ +([A-Z_]+) .*/\1/p' -e '/^Fields/,/^$/s/^  ([a-z_]+) .*/\1/p' \
		-e '/^Exit/,/^$/s/^ +([0-9]+) .*/\1/p' -e '/^Diagnostics/,/^$/{/^ /s/ /\n/gp}' <<<"$output" | sed '/^$/d')
	words+=$'\nin_progress\nready\nidle\nunhealthy\nfailed\npassed'
	mapfile -t words <<<"$words"
	[ "${#words[@]}" -gt 80 ]
	for word in "${words[@]}"; do
		a_run "$word" explain "$word"
	done
	make_runs
	for word in "${words[@]}"; do
		got "$word"
		echo "$word: exit $status: $output"
		[ "$status" -eq 0 ]
		[ "${#output}" -gt 40 ]
	done
}

@test "for an unknown word the most similar one is shown" {
	explain UNHEALTY
	[ "$status" -eq 2 ]
	[[ $output == *"a similar word: UNHEALTHY"* ]]
	explain min_repica
	[[ $output == *"similar word: min_replica"* ]]
	explain quux
	[ "$status" -eq 2 ]
	[[ $output == *"lists all that can be explained"* ]]
}

@test "a label is explained by its name, and by the API's word" {
	explain label labels label.team 'label."my-team"'
	[ "$status" -eq 0 ]
	[ "$(grep -c "^label.NAME: the label of that name of a model's deployment; null if it has none." <<<"$output")" -eq 4 ]
}

@test "a rule is explained in a sentence, with its types and times" {
	cat >p.yaml <<-'END'
		version: 1
		baseline: {environment: production}
		rules:
		  - name: capacity
		    assert: min_replica >= baseline.active_replica_count
		    within: 5m
		    if_missing: skip
		  - name: calm
		    never: any chainlet UNHEALTHY
		    tolerate: 30s
		    when: count(deployments) > 1
		    severity: warning
	END
	explain p.yaml:capacity
	[ "$status" -eq 0 ]
	[[ $output == *"min_replica (integer) is at least active_replica_count (integer) of the chainlet of the same name in the baseline."* ]]
	[[ $output == *"up to 5m after the target is stable"* ]]
	[[ $output == *"If only a counterpart in the baseline is missing, the rule is skipped."* ]]
	[[ $output != *calm* ]]
	explain p.yaml
	[[ $output == *"calm: never any chainlets are UNHEALTHY"*"up to 30s at a time"*"skipped while this is false: Of the target as a whole"*"It is a warning"* ]]
	explain p.yaml:calmm
	[ "$status" -eq 2 ]
	[[ $output == *"a rule has a similar name: calm"* ]]
	explain missing.yaml
	[ "$status" -eq 2 ]
	[[ $output == *"could not read the policy 'missing.yaml'"* ]]
}

@test "the policy that init writes has no mistakes, and is never written over another" {
	run "$CHAINGATE" init p.yaml
	[ "$status" -eq 0 ]
	run "$CHAINGATE" lint p.yaml
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *warning* ]]
	echo kept >p.yaml
	run "$CHAINGATE" init p.yaml
	[ "$status" -eq 2 ]
	[ "$(<p.yaml)" = kept ]
	run "$CHAINGATE" init nowhere/at/all/p.yaml
	[ "$status" -eq 0 ] || [ "$status" -eq 6 ]
	"$CHAINGATE" init | "$CHAINGATE" lint -
}

@test "the schema accepts every shipped policy, and refuses malformed ones" {
	needs python3
	"$CHAINGATE" schema >schema.json
	"$CHAINGATE" init init.yaml
	cat >check.py <<-'END'
		import json, sys
		try:
		    import yaml, jsonschema
		except ImportError as error:
		    sys.exit("python3-%s is not installed" % error.name)

		class Loader(yaml.SafeLoader):  # keeps times as strings, as in JSON
		    pass

		Loader.yaml_implicit_resolvers = {
		    first: [(tag, regexp) for tag, regexp in resolvers if tag != "tag:yaml.org,2002:timestamp"]
		    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()}
		schema = json.load(open("schema.json"))
		jsonschema.Draft202012Validator.check_schema(schema)
		validator = jsonschema.Draft202012Validator(schema)
		wrong, expected = 0, None
		for path in sys.argv[1:]:
		    if path in ("valid", "broken"):
		        expected = path == "valid"
		        continue
		    valid = validator.is_valid(yaml.load(open(path), Loader))
		    if valid != expected:
		        print(path, "is", "valid" if valid else "not valid")
		        wrong += 1
		sys.exit(2 if wrong else 0)
	END
	golden=$root/tests/golden/policies
	# shellcheck disable=SC2046 # paths without spaces
	run python3 check.py valid init.yaml $(find "$root/policies" -name "*.yaml" ! -name "*.test.yaml") \
		"$golden"/{alias,example,joined,joined_targets,minimal,set,targets,warnings}.yaml \
		broken "$golden"/{baseline_wrong,colon,empty,empty_rules,limits,no_rules,not_a_mapping,rules_wrong,set_wrong,targets_wrong,twelve,yaml}.yaml
	echo "$output"
	[[ $status != 1 || $output != *" is not installed" ]] || skip "$output"
	[ "$status" = 0 ]
}
