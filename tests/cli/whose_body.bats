#!/usr/bin/env bats
# whose_body.bats - `eval` judges no body in another's name: whose it is, the body, the policy, an option or a URL says.

load set_up
load replayed
file_world=none

# body MODEL_ID: a list as the API sends it.
body() {
	echo '{"deployments": [{"id": "d", "created_at": "2026-08-14T08:00:00Z", "model_id": "'"$1"'", "environment": null, "name": "n", "is_production": false, "is_development": false, "status": "ACTIVE", "active_replica_count": 1, "autoscaling_settings": null, "instance_type_name": null}]}'
}

@test "eval judges no model's body in another's name" {
	body m1 >body.json
	jq '{model_id: "m1", model_name: "llama"} + .' body.json >said.json
	local model
	for model in m2 twin llama; do
		run "$CHAINGATE" eval --model "$model" --body body.json 'all chainlets ACTIVE'
		[ "$status" -eq 2 ]
		[[ $output == *"the body is of the model with the id 'm1', and doesn't say whether it is called '$model'"*"give --model ID, or a body that 'chaingate status --model $model --format json' has written: it says the name"* ]]
	done
	for model in m2 twin; do
		run "$CHAINGATE" eval --model "$model" --body said.json 'all chainlets ACTIVE'
		[ "$status" -eq 2 ]
		[[ $output == *"the body is of the model 'llama', whose id is 'm1', and not of '$model'"* ]]
	done
	for model in m1 llama; do
		run "$CHAINGATE" eval --model "$model" --body said.json 'name == "llama"' 'all chainlets ACTIVE'
		[ "$status" -eq 0 ]
	done
	policy '{model: llama, deployment: d}' 'name == "llama"'
	run "$CHAINGATE" eval --policy policy.yaml --body body.json
	[ "$status" -eq 0 ]
	run "$CHAINGATE" eval --model m2 --policy policy.yaml --body body.json
	[ "$status" -eq 2 ]
}

@test "eval doesn't know the name of a model that is given by its id" {
	body m1 >body.json
	unknown() { # ARGUMENT…
		run "$CHAINGATE" eval --body body.json "$@"
		[ "$status" -eq 4 ]
		[[ $output == *"unknown: neither the body nor the policy says what the model is called"* ]]
	}
	local rule
	# the policy's name is another model's, as the option says
	for rule in 'name == "llama"' 'name != "mistral"' 'no chainlet has name == "mistral"' 'any chainlet where name == "m1" is ACTIVE'; do
		policy '{model: llama, deployment: d}' "'$rule'"
		unknown --model m1 --policy policy.yaml
		unknown --deployment https://app.baseten.co/models/m1/logs/d --policy policy.yaml
		policy '{model: m1, deployment: d}' "'$rule'"
		unknown --policy policy.yaml
		unknown --model m1 "$rule"
	done
	run "$CHAINGATE" eval --model m1 --body body.json 'all chainlets ACTIVE' 'model_id == "m1"'
	[ "$status" -eq 0 ]
}

@test "eval judges no policy for a chain on a model's body, nor the other way round" {
	body m1 >body.json
	jq '{chain_id: "232p81ql", chain_name: "rag"} + .' "$BATS_TEST_DIRNAME/../fixtures/two_active.json" >chain.json
	refused() { # FROM KIND OTHER ARGUMENT…
		run "$CHAINGATE" eval --policy policy.yaml "${@:4}"
		[ "$status" -eq 2 ]
		[[ $output == *"$1 names the $2 "*", but the policy's target is the $3 "*"take '$3' out of the policy's target"* ]]
	}
	policy '{chain: rag, deployment: d}'
	refused --model model chain --model m1 --body body.json
	refused --deployment model chain --deployment https://app.baseten.co/models/m1/logs/d --body body.json
	policy '{model: rag, all: true}'
	refused --chain chain model --chain rag --body chain.json
	printf 'version: 1\ntargets: [{name: a, model: rag, all: true}]\nrules: [all chainlets ACTIVE]\n' >policy.yaml
	refused --chain chain model --chain rag --body chain.json
	policy '{deployment: d}'
	run "$CHAINGATE" eval --policy policy.yaml --model m1 --body body.json
	[ "$status" -eq 0 ]
}

@test "eval judges a policy on no other's body, and no body that is of several" {
	refused() { # WORDS ARGUMENT…
		run "$CHAINGATE" eval "${@:2}"
		[ "$status" -eq 2 ]
		[[ $output == *"$1"* ]]
	}
	body m1 | jq '{model_id: "m1", model_name: "mistral"} + .' >said.json
	jq 'del(.model_name)' said.json >id.json
	local model rows
	for model in llama m2; do
		policy "{model: $model, deployment: d}"
		refused "the body is of the model 'mistral', whose id is 'm1', and not of '$model'" --policy policy.yaml --body said.json
		refused "the body is of the model with the id 'm1', and doesn't say whether it is called '$model'" --policy policy.yaml --body id.json
	done
	for model in mistral m1; do
		policy "{model: $model, deployment: d}" 'name == "mistral"'
		run "$CHAINGATE" eval --policy policy.yaml --body said.json
		[ "$status" -eq 0 ]
	done
	# an option overrides the model, as in check, but not the baseline's
	policy '{model: llama, deployment: d}' 'name == "mistral"'
	run "$CHAINGATE" eval --model m1 --policy policy.yaml --body said.json
	[ "$status" -eq 0 ]
	policy '{model: llama, deployment: d}'
	sed -i '2a baseline: {model: llama, deployment: d}' policy.yaml
	refused "the policy's baseline is in the model 'llama', and the body doesn't say that it is of that" --model m1 --policy policy.yaml --body said.json
	# a name means one model, whichever deployment comes first
	rows='.deployments += [.deployments[0] + {id: "e", model_id: "m2", status: "FAILED"}]'
	jq "$rows" said.json >several.json
	refused "the body says that it is of the model 'm1', but its deployment 'e' is of 'm2'" --model mistral --body several.json 'all deployments ACTIVE'
	refused "its deployment 'e' is of 'm2'" --model m1 --body several.json 'all deployments ACTIVE'
	jq 'del(.model_id)' several.json >named.json
	refused "the body has deployments of several models: say which with --model ID" --model mistral --body named.json 'all deployments ACTIVE'
	policy '{model: mistral, all: true}' 'all deployments ACTIVE'
	refused "deployments of several models" --policy policy.yaml --body named.json
	run "$CHAINGATE" eval --model m2 --body named.json 'all deployments ACTIVE'
	[ "$status" -eq 1 ]
	jq '.model_name = 1' said.json >odd.json
	refused "model_name: is a number, should be a string" --model m1 --body odd.json 'all deployments ACTIVE'
}

@test "eval takes the chain or model in a URL for an id" {
	local chain=https://app.baseten.co/chains/ model=https://app.baseten.co/models/
	cp "$BATS_TEST_DIRNAME/../fixtures/two_active.json" body.json
	# a chain may be called like the id of another
	jq '{chain_id: "232p81ql", chain_name: "c9"} + .' body.json >said.json
	judged() { # STATUS TARGET BODY: as a policy's target, and as an option
		policy "{${2%%=*}: \"${2#*=}\", latest: true, since: any}"
		run "$CHAINGATE" eval --policy policy.yaml --body "$3"
		[ "$status" -eq "$1" ] || { echo "policy $2 $3: $output"; return 1; }
		run "$CHAINGATE" eval --"${2%%=*}" "${2#*=}" --body "$3" 'all chainlets ACTIVE'
		[ "$status" -eq "$1" ] || { echo "option $2 $3: $output"; return 1; }
	}
	judged 0 "chain=${chain}232p81ql" body.json
	judged 0 "chain=${chain}232p81ql" said.json
	judged 0 "chain=c9" said.json
	judged 2 "chain=${chain}c9" body.json
	[[ $output == *"the body is of the chain with the id '232p81ql', and not of 'c9'"*"give the body of the chain in the URL; or judge this one: --chain 232p81ql"* ]]
	judged 2 "chain=${chain}c9" said.json
	printf 'version: 1\ntargets: [{name: a, chain: c9, latest: true, since: any}, {name: b, chain: "%sc9", latest: true, since: any}]\nrules: [all chainlets ACTIVE]\n' "$chain" >policy.yaml
	run "$CHAINGATE" eval --policy policy.yaml --body said.json
	[ "$status" -eq 2 ]
	body m1 >body.json
	judged 0 "model=${model}m1" body.json
	judged 2 "model=${model}m9" body.json
}

@test "eval judges no body that says it is of both kinds, or of nothing" {
	local fixture="$BATS_TEST_DIRNAME/../fixtures/two_active.json" more
	for more in '{model_id: "m1"}' '{model_name: "llama"}' '{chain_id: "232p81ql", model_id: "m1"}' '{model_id: ""}' '{chain_id: ""}' '{chain_id: "", chain_name: "rag"}'; do
		jq "$more + ." "$fixture" >said.json
		policy '{chain: rag, latest: true, since: any}'
		run "$CHAINGATE" eval --policy policy.yaml --body said.json
		[ "$status" -eq 2 ]
		run "$CHAINGATE" eval --body said.json 'all chainlets ACTIVE'
		[ "$status" -eq 2 ]
	done
	for more in '{chain_id: "c1"}' '{chain_name: "rag", model_name: "llama", model_id: "m1"}' '{model_id: ""}'; do
		body m1 | jq "$more + ." >said.json
		run "$CHAINGATE" eval --model m1 --body said.json 'all chainlets ACTIVE'
		[ "$status" -eq 2 ]
	done
	[[ $output == *"model_id: is empty"* ]]
	body m1 | jq '{chain_id: "c1"} + .' >said.json
	run "$CHAINGATE" eval --model m1 --body said.json 'all chainlets ACTIVE'
	[[ $output == *"it says that it is of a chain, and the deployments of a model are to be judged"* ]]
}

@test "eval judges a baseline that the body shows, whoever names its chain" {
	local more='(.deployments[0] | .id = "old" | .created_at = "2026-08-13T09:00:00Z")'
	jq '{chain_id: "232p81ql", chain_name: "prod"} + .'" | .deployments += [$more]" "$BATS_TEST_DIRNAME/../fixtures/two_active.json" >said.json
	baseline() { # STATUS TARGET BASELINE'S-OWNER OPTION…
		policy "$2" 'no chainlet new'
		sed -i "2a baseline: {$3, deployment: old}" policy.yaml
		run "$CHAINGATE" eval --policy policy.yaml --body said.json "${@:4}"
		[ "$status" -eq "$1" ] || { echo "$2 $3 $output"; return 1; }
	}
	baseline 0 '{latest: true, since: any}' 'chain: prod' --chain prod
	baseline 0 '{latest: true, since: any}' 'chain: prod'
	baseline 0 '{latest: true, since: any}' 'chain: 232p81ql'
	baseline 0 '{chain: prod, latest: true, since: any}' 'chain: 232p81ql'
	baseline 2 '{latest: true, since: any}' 'chain: other'
	[[ $output == *"the policy's baseline is in the chain 'other'"* ]]
	baseline 2 '{chain: prod, latest: true, since: any}' 'chain: other' --chain prod
	baseline 2 '{latest: true, since: any}' 'model: prod' --chain prod
}

@test "eval judges no chain's body in another's name" {
	local chain
	jq '{chain_id: "232p81ql", chain_name: "other"} + .' "$BATS_TEST_DIRNAME/../fixtures/two_active.json" >said.json
	for chain in rag '"rag-*"' aaa111; do
		policy "{chain: $chain, latest: true, since: any}"
		run "$CHAINGATE" eval --policy policy.yaml --body said.json
		[ "$status" -eq 2 ]
		[[ $output == *"the body is of the chain 'other', whose id is '232p81ql', and not of '${chain//\"/}'"* ]]
	done
	run "$CHAINGATE" eval --chain rag --body said.json 'all chainlets ACTIVE'
	[ "$status" -eq 2 ]
	for chain in other '"o*r"' 232p81ql; do
		policy "{chain: $chain, latest: true, since: any}"
		run "$CHAINGATE" eval --policy policy.yaml --body said.json
		[ "$status" -eq 0 ]
		run "$CHAINGATE" eval --chain "${chain//\"/}" --body said.json 'all chainlets ACTIVE'
		[ "$status" -eq 0 ]
	done
}
