#!/usr/bin/env bats
# eval.bats - rules tried on a body: value, evidence, exit code.

load set_up
file_world=none

setup() {
	set_up
	unset BASETEN_API_KEY
	fixtures=$BATS_TEST_DIRNAME/../fixtures
}

# judged EXIT ARGUMENT…: stdin has the expected stdout.
judged() {
	local expected=$1 text
	shift
	text=$(cat)
	run --separate-stderr "$CHAINGATE" eval "$@" </dev/null
	if [ "$status" != "$expected" ] || [ "$output" != "$text" ] || [ -n "$stderr" ]; then
		printf 'exit %s\n%s\n--- expected %s\n%s\n' "$status" "$output$stderr" "$expected" "$text"
		return 1
	fi
}

@test "a rule that passes" {
	judged 0 'all chainlets ACTIVE' --body "$fixtures/two_active.json" <<-'END'
		PASS     all chainlets ACTIVE
	END
}

@test "a rule that fails is shown with the values" {
	judged 1 'all chainlets ACTIVE' 'min_replica >= 2' --body "$fixtures/two_active.json" <<-'END'
		PASS     all chainlets ACTIVE
		FAIL     min_replica >= 2
		         chainlet Retriever of q86yjdy: min_replica is 1
		         of 2 chainlets: true for 1, false for 1, unknown for 0
	END
}

@test "a rule that is unknown is shown with the reason" {
	judged 4 'all chainlets where name == "Nobody" are ACTIVE' --body "$fixtures/two_active.json" <<-'END'
		UNKNOWN  all chainlets where name == "Nobody" are ACTIVE
		         there is no chainlet to look at
	END
	run "$CHAINGATE" eval 'all chainlets ACTIVE' --body "$fixtures/unknown_status.json"
	[ "$status" = 4 ]
	[[ $output == *QUARANTINED* ]]
}

@test "the exit code is the first of 2, 1, 4, 0" {
	run "$CHAINGATE" eval 'all chainlets where name == "x" are ACTIVE' 'min_replica >= 99' --body "$fixtures/two_active.json"
	[ "$status" = 1 ]
	run --separate-stderr "$CHAINGATE" eval 'min_replica >= 99' 'all chainlets ACTVE' --body "$fixtures/two_active.json"
	[ "$status" = 2 ]
	[ -z "$output" ]
	[[ $stderr == "<rule 2>:1:15: error: no status is called 'ACTVE'"* ]]
}

@test "eval takes the selections of check, and --now sets the present" {
	run "$CHAINGATE" eval 'all chainlets ACTIVE' --body "$fixtures/many.json"
	[ "$status" = 1 ]
	run "$CHAINGATE" eval 'all chainlets ACTIVE' --body "$fixtures/many.json" --environment production
	[ "$status" = 0 ]
	run "$CHAINGATE" eval 'all chainlets ACTIVE' --body "$fixtures/many.json" --deployment 4yk2p9w
	[ "$status" = 1 ]
	run "$CHAINGATE" eval 'all deployments have age < 1h' --body "$fixtures/two_active.json" --now 2026-08-14T09:30:00Z
	[ "$status" = 0 ]
	run "$CHAINGATE" eval 'all deployments have age < 1h' --body "$fixtures/two_active.json" --now 2026-08-15T09:30:00Z
	[ "$status" = 1 ]
	run "$CHAINGATE" eval 'all chainlets ACTIVE' --body "$fixtures/two_active.json" --latest --since 1h --now 2026-08-15T09:30:00Z
	[ "$status" = 2 ]
	[[ $output == *"the only deployment in the body isn't selected: there is nothing to judge"* ]]
	run "$CHAINGATE" eval 'all chainlets ACTIVE' --body "$fixtures/many.json" --environment nowhere
	[ "$status" = 2 ]
	run "$CHAINGATE" eval 'all chainlets ACTIVE' --body - <<<'{"deployments": []}'
	[ "$status" = 2 ]
}

@test "the body can come from stdin" {
	run "$CHAINGATE" eval 'all chainlets ACTIVE' --body - <"$fixtures/two_active.json"
	[ "$status" = 0 ]
}

@test "a body that isn't a list, is missing, or is of several chains is refused" {
	run --separate-stderr "$CHAINGATE" eval 'all chainlets ACTIVE' --body "$BATS_TEST_DIRNAME/eval.bats"
	[ "$status" = 2 ]
	[[ $stderr == *"is not a list of deployments: the body is not JSON"* ]]
	run --separate-stderr "$CHAINGATE" eval 'all chainlets ACTIVE' --body missing.json
	[ "$status" = 2 ]
	[ "$stderr" = "chaingate eval: could not read the body 'missing.json': No such file or directory
  = help: check the path, and that the file may be read" ]
	sed 's/"chain_id": "232p81ql"/"chain_id": "other"/; t done; b; :done; n; b done' "$fixtures/many.json" >mixed.json
	cmp -s "$fixtures/many.json" mixed.json && return 1
	run --separate-stderr "$CHAINGATE" eval 'all chainlets ACTIVE' --body mixed.json
	[ "$status" = 2 ]
	[ "$stderr" = "chaingate eval: the body has deployments of several chains: say which with --chain ID" ]
	run "$CHAINGATE" eval 'all chainlets ACTIVE' --body mixed.json --chain 232p81ql --environment production
	[ "$status" = 0 ]
}

@test "--format json prints JSON for programs" {
	run --separate-stderr "$CHAINGATE" eval 'all chainlets ACTIVE' 'min_replica >= 2' --body "$fixtures/two_active.json" --format json
	[ "$status" = 1 ]
	[ -z "$stderr" ]
	[ "$(grep -c '"rule":' <<<"$output")" = 2 ]
	[[ $output == *'"rule": "all chainlets ACTIVE",'*'"value": "pass"'*'"rule": "min_replica >= 2",'*'"value": "fail"'* ]]
	[[ $output == *'"chainlet": "Retriever"'*'"text": "min_replica",'*'"value": "1"'* ]]
}

@test "a missing rule or body is an error with an example" {
	run --separate-stderr "$CHAINGATE" eval --body "$fixtures/two_active.json"
	[ "$status" = 2 ]
	[ "$stderr" = "chaingate eval: no rule is given: 'chaingate eval \"all chainlets ACTIVE\" --body body.json'" ]
	run --separate-stderr "$CHAINGATE" eval 'all chainlets ACTIVE'
	[ "$status" = 2 ]
	[ "$stderr" = "chaingate eval: no body is given: add --body FILE, or --body - for stdin" ]
}

@test "a whole policy on one body: its selection, kinds, severities, when, if_empty" {
	cat >policy.yaml <<-'END'
		version: 1
		target: {chain: rag, latest: true, since: any}
		params: {least: 1}
		rules:
		  - all chainlets ACTIVE
		  - {name: enough, assert: min_replica >= $least}
		  - {name: no failure, never: any chainlet FAILED}
		  - {name: wide, assert: max_replica >= 99, severity: warning}
		  - {name: asleep, assert: min_replica == 7, when: any chainlet SCALED_TO_ZERO}
		  - {name: big ones, assert: all chainlets where name == "Big" are ACTIVE, if_empty: pass}
	END
	judged 0 --policy policy.yaml --body "$fixtures/two_active.json" <<-'END'
		PASS     all chainlets ACTIVE
		PASS     enough
		PASS     no failure
		WARN     wide
		         chainlet Retriever of q86yjdy: max_replica is 4
		         chainlet Router of q86yjdy: max_replica is 8
		         of 2 chainlets: true for 0, false for 2, unknown for 0
		SKIPPED  asleep
		         chainlet Retriever of q86yjdy: status is ACTIVE
		         chainlet Router of q86yjdy: status is ACTIVE
		         of 2 chainlets: true for 0, false for 2, unknown for 0
		PASS     big ones
	END
	run --separate-stderr "$CHAINGATE" eval --policy policy.yaml --set least=2 --body "$fixtures/two_active.json"
	[ "$status" = 1 ]
	[[ $output == *"FAIL     enough"*"min_replica is 1"* ]]
	run --separate-stderr "$CHAINGATE" eval --policy policy.yaml --set most=2 --body "$fixtures/two_active.json"
	[ "$status" = 2 ]
	[[ $stderr == *"the policy has no parameter 'most'"* ]]
	run --separate-stderr "$CHAINGATE" eval --policy policy.yaml --body "$fixtures/build_failed.json"
	[ "$status" = 1 ]
	run --separate-stderr "$CHAINGATE" eval --policy policy.yaml --body "$fixtures/empty.json"
	[ "$status" = 2 ]
	[[ $stderr == *"the body has no deployments: there is nothing to judge"* ]]
	run --separate-stderr "$CHAINGATE" eval --policy @production --body "$fixtures/two_active.json" --format json
	[[ $output == *'"name": "at least two replicas configured"'*'"value": "fail"'* ]]
}

@test "a policy whose only rule is skipped doesn't pass" {
	printf 'version: 1\ntarget: {chain: rag, latest: true, since: any}\nrules:\n  - {assert: min_replica == 7, when: any chainlet FAILED}\n' >policy.yaml
	run --separate-stderr "$CHAINGATE" eval --policy policy.yaml --body "$fixtures/two_active.json"
	[ "$status" = 4 ]
	[[ $output == "SKIPPED  min_replica == 7"* ]]
}

@test "a policy that needs the bodies of several chains is refused" {
	refused() { # refused WORDS POLICY
		printf '%s\n' "version: 1" "$2" >policy.yaml
		run --separate-stderr "$CHAINGATE" eval --policy policy.yaml --body "$fixtures/two_active.json"
		[ "$status" = 2 ] && [[ $stderr == *"$1"* ]] || { show; return 1; }
	}
	refused "the policy's targets are in several chains or models, but a body shows only one" \
		'targets: [{name: x, chain: a, latest: true, since: any}, {name: y, chain: b, latest: true, since: any}]
rules: [all chainlets ACTIVE]'
	refused "the policy's baseline is in the chain 'b', and the body doesn't say that it is of that" \
		'target: {chain: a, latest: true, since: any}
baseline: {chain: b, latest: true}
rules: [all chainlets ACTIVE]'
	run --separate-stderr "$CHAINGATE" eval 'all chainlets ACTIVE' --policy policy.yaml --body "$fixtures/two_active.json"
	[ "$status" = 2 ]
	[[ $stderr == *"--policy and rules on the command line exclude each other"* ]]
	run --separate-stderr "$CHAINGATE" eval --policy - --body - </dev/null
	[ "$status" = 2 ]
	[[ $stderr == *"cannot both be read from stdin"* ]]
}

@test "a file in the place of a rule is an error that names the right option" {
	local operand
	for operand in policy.yaml p.yml @production body.json; do
		run --separate-stderr "$CHAINGATE" eval "$operand" --body "$fixtures/two_active.json"
		[ "$status" = 2 ]
		[[ $stderr == *"'$operand' is a file, but rules were expected"*"--"[pb]o[ld]*" $operand"* ]]
	done
}
