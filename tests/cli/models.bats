#!/usr/bin/env bats
# models.bats - targets that are models: what is asked for, what is judged, what is said, and that nothing of a chain passes for a model. In virtual time.

load set_up
load virtual
load replayed

setup() {
	set_up
	cat >scenario.yaml <<-'END'
		api_key: simulator-key
		chains:
		  - {id: m1, name: llama}
		models:
		  - {id: m1, name: llama}
		  - {id: m2, name: twin}
		  - {id: m3, name: twin}
		deployments:
		  - {id: ofchain, chain: m1, created_at: -1h, chainlets: [{name: llama, status: ACTIVE}]}
		  - {id: old, model: m1, created_at: -3h, environment: production, status: ACTIVE, instance_type_name: "H100:1x80", autoscaling_settings: {min_replica: 1, max_replica: 4}}
		  - {id: new, model: m1, created_at: -1m, status: {0s: DEPLOYING, 20s: ACTIVE}, instance_type_name: null, autoscaling_settings: {min_replica: 2, max_replica: 4}}
		  - {id: dev, model: m1, created_at: -10s, is_development: true, status: ACTIVE}
		  - {id: other, model: m2, created_at: -1m, status: ACTIVE}
	END
	start_world scenario.yaml
}

# gate ARGUMENT…: a gate with a recording, whose replay must give the same report but for `run`.
gate() {
	check_and_replay --progress none "$@" --report env=r.env --report html=r.html
}

@test "a model is looked up once, by name or id, and its deployments are asked for" {
	local model
	for model in llama m1 https://app.baseten.co/models/m1; do
		gate --model "$model" --deployment new
		[ "$status" -eq 0 ]
		[ "$(jq -r .path "$SIM_LOG" | sort -u)" = $'/v1/models\n/v1/models/m1/deployments' ]
		[ "$(jq -r .path "$SIM_LOG" | grep -c '^/v1/models$')" -eq 1 ]
	done
	jq -e '.targets[0] | .model_id == "m1" and .target.model == "m1"' r.json
	jq -e '.targets[0] | has("chain_id") or (.target | has("chain")) | not' r.json
	jq -e '.targets[0].statuses[1].chainlet == "llama"' r.json
	grep -q '<property name="model" value="m1"/>' r.xml
	run ! grep -q 'name="chain"' r.xml
	grep -qx CHAINGATE_MODEL=m1 r.env
	grep -qx CHAINGATE_CHAIN= r.env
}

@test "what is of a chain, of another model or unknown never passes" {
	gate --model llama --deployment ofchain
	[ "$status" -eq 5 ]
	[[ $output == *"no deployment 'ofchain' is listed for the model 'llama'"* ]]
	gate --model llama --deployment other
	[ "$status" -eq 5 ]
	gate --chain llama --deployment new
	[ "$status" -eq 5 ]
	gate --model nobody --latest --since any
	[ "$status" -eq 5 ]
	[[ $output == *"the model 'nobody' was not found"*"no model has the id or name 'nobody'; the key can see "* ]]
	gate --model twin --latest --since any
	[ "$status" -eq 5 ]
	[[ $output == *"2 models are called 'twin'; give the id of one"* ]]
	policy '{model: llama, deployment: new}' 'instance_type_name like "*"'
	gate policy.yaml --timeout 5m
	[ "$status" -eq 4 ]
	policy '{model: llama, deployment: new}' 'instance_type_name != "L4"'
	gate policy.yaml --timeout 5m
	[ "$status" -eq 4 ]
	[[ $output == *"unknown: the API names no instance type"* ]]
	printf 'version: 1\ntargets: [{name: a, model: llama, deployment: new}, {name: b, chain: llama, deployment: ofchain}]\nrules: [all chainlets ACTIVE, {assert: all deployments have is_development == false, severity: warning}]\n' >policy.yaml
	run "$CHAINGATE" check policy.yaml
	[ "$status" -eq 2 ]
	[[ $output == *"asks for is_development of the target 'b', a chain, but the deployments of chains don't have it"* ]]
	[[ $output != *"target 'a'"* ]]
}

@test "latest is never the development deployment, which has a field" {
	gate --model llama --latest --since any
	[ "$status" -eq 0 ]
	[ "$(jq -c '.targets[0].deployments' r.json)" = '["new"]' ]
	gate --model llama --latest --since 20s --timeout 40s
	[ "$status" -eq 3 ]
	policy '{model: llama, deployment: dev}' 'all deployments have is_development == false'
	gate policy.yaml --timeout 5m
	[ "$status" -eq 1 ]
	policy '{model: m1, all: true, since: any}' 'at most 1 deployment has is_development == true' 'all deployments have model_id == "m1"'
	gate policy.yaml --timeout 5m
	[ "$status" -eq 0 ]
}

@test "a baseline is a deployment of the same model, or of one that the policy names" {
	printf 'version: 1\ntarget: {model: llama, deployment: new}\nbaseline: {environment: production}\nrules: [min_replica >= baseline.min_replica, no baseline chainlet is missing]\n' >policy.yaml
	gate policy.yaml --timeout 5m
	[ "$status" -eq 0 ]
	printf 'version: 1\ntarget: {model: llama, deployment: old}\nbaseline: {model: m2, latest: true}\nrules: [name != baseline.name, min_replica <= baseline.min_replica]\n' >policy.yaml
	gate policy.yaml --timeout 5m
	[ "$status" -eq 1 ]
	[ "$(jq -r .path "$SIM_LOG" | sort -u)" = $'/v1/models\n/v1/models/m1/deployments\n/v1/models/m2/deployments' ]
}

@test "chains and models in one policy, each with its own" {
	cat >policy.yaml <<-'END'
		version: 1
		targets:
		  - {name: c, chain: m1, latest: true, since: any}
		  - {name: m, model: m1, latest: true, since: any}
		rules: [all chainlets ACTIVE]
	END
	gate policy.yaml --timeout 5m
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.targets[].deployments]' r.json)" = '[["ofchain"],["new"]]' ]
	[ "$(jq -r .path "$SIM_LOG" | sort -u)" = $'/v1/chains\n/v1/chains/m1/deployments\n/v1/models\n/v1/models/m1/deployments' ]
	grep -qx CHAINGATE_CHAIN= r.env
	grep -qx CHAINGATE_MODEL= r.env
}

@test "a chain and a model at once are refused, with what to do" {
	refused() { # WORDS -- ARGUMENT…
		run --separate-stderr "$CHAINGATE" check "${@:3}" --api-url "$SIM_URL" </dev/null
		show
		[ "$status" -eq 2 ]
		[[ $stderr == *"$1"* ]]
	}
	refused "--chain and --model exclude each other" -- --chain llama --model llama --latest --since any
	refused "--all-chains and --model exclude each other" -- --all-chains --model llama --latest --since any
	refused "the model 'l*' cannot be a glob" -- --model 'l*' --latest --since any
	refused "the model 'llama' cannot be watched together with --shard" -- --model llama --latest --since any --shard 1/2
	refused "no model can be read from the URL" -- --model https://app.baseten.co/chains/m1 --latest --since any
	refused "no chain can be read from the URL" -- --chain https://app.baseten.co/models/m1 --latest --since any
	refused "is of a chain's deployment, but --model names a model" -- --model llama --deployment https://app.baseten.co/chains/m1/logs/new
	refused "is of a model's deployment, but --chain names a chain" -- --chain llama --deployment https://model-m1.api.baseten.co/deployment/ofchain/predict
	policy '{chain: llama, latest: true, since: any}'
	refused "--model names the model 'llama', but the policy's target is the chain 'llama'" -- policy.yaml --model llama
	policy '{model: llama, latest: true, since: any}'
	refused "--chain names the chain 'llama', but the policy's target is the model 'llama'" -- policy.yaml --chain llama
	CHAINGATE_CHAIN=m1 refused "CHAINGATE_CHAIN names the chain 'm1', but the policy's target is the model 'llama'" -- policy.yaml
	policy '{model: llama, deployment: "https://app.baseten.co/chains/m1/logs/new"}'
	refused "the URL is of a chain's deployment, but the target is a model" -- policy.yaml
	policy '{model: llama, chain: llama, latest: true, since: any}'
	refused "'chain' and 'model' exclude each other" -- policy.yaml
	policy '{model: "l*", latest: true, since: any}'
	refused "'model' cannot be the glob 'l*'" -- policy.yaml
	printf 'version: 1\ntarget: {model: llama, latest: true, since: any}\nbaseline: {chain: llama, environment: production}\nrules: [all chainlets ACTIVE]\n' >policy.yaml
	refused "the target is a model, but the baseline is the chain 'llama'" -- policy.yaml
	printf 'version: 1\ntargets:\n  - {name: a, chain: "l*", latest: true, since: any}\n  - {name: b, model: m1, latest: true, since: any}\nrules: [all chainlets ACTIVE]\n' >policy.yaml
	refused "the model 'm1' cannot be watched together with a glob of chains" -- policy.yaml
}

@test "two addresses of models are compared, id with id" {
	gate --deployment https://app.baseten.co/models/m1/logs/new
	[ "$status" -eq 0 ]
	run --separate-stderr "$CHAINGATE" check --model twin --deployment https://app.baseten.co/models/m1/logs/new </dev/null
	[ "$status" -ne 0 ]
	run --separate-stderr "$CHAINGATE" check --model m2 --deployment https://app.baseten.co/models/m1/logs/new </dev/null
	[ "$status" -eq 2 ]
	[[ $stderr == *"two models are named: --model is 'm2', whose id is 'm2', and the address at --deployment is of the model 'm1'"* ]]
}

@test "status shows a model's deployments, and eval judges what it saved" {
	run --separate-stderr "$CHAINGATE" status --model llama
	[ "$status" -eq 0 ]
	[[ $output == *"dev      ACTIVE     no environment, in development, created "*"new      DEPLOYING  no environment, created "*"0 of 2 to 4 replicas, unknown instance type"* ]]
	"$CHAINGATE" status --model llama --format json >status.json
	jq -e '.model_id == "m1" and .model_name == "llama" and (.deployments[] | select(.id == "new") | .instance_type_name == null and .is_development == false and (has("chainlets") | not))' status.json
	"$CHAINGATE" status --model llama --body body.json >/dev/null
	run "$CHAINGATE" eval --model llama --body status.json 'all deployments have model_id == "m1"' 'name == "llama"'
	[ "$status" -eq 0 ]
	local body
	for body in body.json status.json; do
		run "$CHAINGATE" eval --model m1 --body "$body" 'all deployments have model_id == "m1"' 'all chainlets ACTIVE'
		[ "$status" -eq 1 ]
		run "$CHAINGATE" eval --body "$body" 'all chainlets ACTIVE'
		[ "$status" -eq 2 ]
		[[ $output == *"for a model's list give --model ID, too"* ]]
	done
	policy '{model: llama, deployment: new}' 'min_replica == 2'
	run "$CHAINGATE" eval --policy policy.yaml --body body.json
	[ "$status" -eq 0 ]
	run "$CHAINGATE" status --model nobody
	[ "$status" -eq 5 ]
	[[ $output == *"no model has the id or name 'nobody'"*"Check --model, and that the key belongs to the model's workspace."* ]]
	run "$CHAINGATE" status --model llama --environment production --role current
	[ "$status" -eq 0 ]
	[[ $output == *"old      ACTIVE"* ]]
}

@test "status --models lists the models" {
	run --separate-stderr "$CHAINGATE" status --models
	[ "$status" -eq 0 ]
	[ "$(awk '{ print $1, $2, $4 }' <<<"$output")" = $'NAME ID DEPLOYMENTS\nllama m1 3\ntwin m2 1\ntwin m3 0' ]
	"$CHAINGATE" status --models --format json | jq -e '(.models | map(.id)) == ["m1", "m2", "m3"] and (has("chains") | not)'
	"$CHAINGATE" status --models --body models.json >/dev/null
	jq -e '.models[0].deployments_count == 3' models.json
	CHAINGATE_CHAIN=m1 run "$CHAINGATE" status --models
	[[ $status -eq 0 && $output == *twin* ]]
	run "$CHAINGATE" status --models --model llama --watch
	[ "$status" -eq 2 ]
	[[ $output == *"--models lists the models, and nothing else: leave out --model"*"leave out --watch"* ]]
	printf 'chains: [{id: c, name: rag}]\n' >scenario.yaml
	run "$CHAINGATE" status --models
	[ "$status" -eq 0 ]
	[[ $output == *"the key can see no model; --whoami shows the key's owner" ]]
}

@test "the settings in effect name the model, and links lead to it" {
	run "$CHAINGATE" check --model llama --latest --since any --print-config
	[[ $output == *"target.model"*"llama"*"--model"* ]]
	run --separate-stderr "$CHAINGATE" check --api-url https://api.baseten.co --model llama --deployment new --report html=r.html --report intoto=r.intoto </dev/null
	[ "$status" -eq 0 ]
	grep -q 'href="https://app.baseten.co/models/m1/logs/new"' r.html
	run ! grep -q 'baseten.co/chains' r.html
	jq -e '.subject[0].name == "models/m1/deployments/new"' r.intoto
}

@test "a list or an environment that is a chain's is malformed, whatever its ids" {
	cat >>scenario.yaml <<-'END'
		bodies:
		  - {model: m1, text: '{"deployments": [{"id": "new", "created_at": "2026-08-14T08:00:00Z", "chain_id": "m1", "environment": null, "chainlets": [{"id": "x", "name": "llama", "autoscaling_settings": null, "instance_type_name": "L4", "active_replica_count": 1, "status": "ACTIVE"}], "status": "ACTIVE"}]}'}
		  - {chain: m1, text: '{"deployments": [{"id": "new", "created_at": "2026-08-14T08:00:00Z", "model_id": "m1", "environment": null, "name": "n", "is_production": false, "is_development": false, "status": "ACTIVE", "active_replica_count": 1, "autoscaling_settings": null, "instance_type_name": null}]}'}
	END
	gate --model llama --deployment new --timeout 5m
	[ "$status" -eq 5 ]
	[[ $output == *"deployments[0].model_id: is missing"* ]]
	gate --chain llama --deployment new --timeout 5m
	[ "$status" -eq 5 ]
	[[ $output == *"deployments[0].chain_id: is missing"* ]]
}

@test "a recording of a model is not one of a chain" {
	gate --model m1 --deployment new
	jq -e -s '(.[0].kinds == ["model"]) and (.[1] | .model == "m1" and .model_id == "m1" and .model_name == "llama" and (has("chain") | not))' r.ndjson
	run --separate-stderr "$CHAINGATE" replay r.ndjson --chain m1 --deployment new
	[ "$status" -eq 2 ]
	[[ $stderr == *"has no answers for the chain 'm1'"* ]]
	sed 's/"kinds": *\["model"\]/"kinds": ["mod"]/' r.ndjson >odd.ndjson
	run ! cmp -s r.ndjson odd.ndjson
	run "$CHAINGATE" replay odd.ndjson
	[ "$status" -eq 2 ]
	sed '2s/"model_name": *"llama"/"model_name": ""/' r.ndjson >odd.ndjson
	run ! cmp -s r.ndjson odd.ndjson
	run "$CHAINGATE" replay odd.ndjson
	[ "$status" -eq 2 ]
	[[ $output == *"an answer about a model has no name of it"* ]]
}
