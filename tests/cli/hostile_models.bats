#!/usr/bin/env bats
# hostile_models.bats - what could make a gate of a model pass, or fail, by mistake: ends of former promotions, tests of the other kind, labels that aren't there. In virtual time.

load set_up
load virtual
load replayed

setup() {
	set_up
}

# world ENVIRONMENT: a model whose production is as given, with two that may be its candidate.
world() {
	cat >scenario.yaml <<-END
		models:
		  - {id: m1, name: llama}
		deployments:
		  - {id: old, model: m1, created_at: -3h, environment: production, status: ACTIVE}
		  - {id: former, model: m1, created_at: -2h, status: ACTIVE}
		  - {id: new, model: m1, created_at: -1m, status: ${2:-ACTIVE}}
		environments:
		  - {model: m1, name: production, current: old, $1}
	END
	start_world scenario.yaml
}

candidate() {
	check_and_replay --model llama --environment production --role candidate "$@"
}

@test "the end of a former promotion isn't the next candidate's" {
	world 'candidate: {0s: former, 40s: new}, promotion: {0s: FAILED, 200s: RAMPING_UP}'
	candidate --since any
	[ "$status" -eq 0 ]
	[ "$(jq -c '.targets[0].deployments' r.json)" = '["new"]' ]
	world 'candidate: {0s: null, 40s: new}, promotion: {0s: FAILED, 200s: RAMPING_UP}'
	candidate --since any
	[ "$status" -eq 0 ]
	# one that still moves can't have ended; at rest it may have
	world 'candidate: new, promotion: {0s: FAILED, 400s: RAMPING_UP}' '{0s: BUILDING, 380s: ACTIVE}'
	candidate --since any
	[ "$status" -eq 0 ]
	world 'candidate: new, promotion: FAILED' '{0s: BUILDING, 380s: ACTIVE}'
	candidate --since any
	[ "$status" -eq 1 ]
	[ "$(jq '.targets[0].at_s >= 440' r.json)" = true ]
	# an old failure that is still shown isn't about what comes now
	world 'candidate: {0s: former, 200s: new}, promotion: {0s: FAILED, 200s: RAMPING_UP}'
	candidate --since 10m
	[ "$status" -eq 0 ]
	# another push takes the place of a candidate that was followed
	world 'candidate: {0s: former, 40s: new}, promotion: {0s: RAMPING_UP, 30s: CANCELED}'
	candidate --since any --timeout 5m
	[ "$status" -ne 0 ]
	[ "$(jq -r '.targets[0].verdict' r.json)" = timed_out ]
}

@test "a candidate that was on its way has failed when its promotion has, whatever it does" {
	world 'candidate: new, promotion: {0s: RAMPING_UP, 15s: FAILED}' '{0s: BUILDING}'
	candidate --since any
	[ "$status" -eq 1 ]
	[[ $output == *"has ended without success: new (FAILED)"* ]]
}

@test "two models are compared, although their names differ" {
	cat >scenario.yaml <<-'END'
		models:
		  - {id: m1, name: llama}
		  - {id: m2, name: llama-staging}
		deployments:
		  - {id: old, model: m1, created_at: -3h, environment: production, status: ACTIVE, autoscaling_settings: {min_replica: 3}}
		  - {id: new, model: m2, created_at: -1m, status: ACTIVE, autoscaling_settings: {min_replica: 2}}
	END
	start_world scenario.yaml
	compare() { # RULE: the exit code of comparing llama-staging's with llama's
		policy '{model: llama-staging, deployment: new}' "$1"
		sed -i '2a baseline: {model: llama, environment: production}' policy.yaml
		check_and_replay policy.yaml --timeout 2m
	}
	compare 'min_replica >= baseline.min_replica'
	[ "$status" -eq 1 ]
	compare 'min_replica + 1 >= baseline.min_replica'
	[ "$status" -eq 0 ]
	compare 'no baseline chainlet missing'
	[ "$status" -eq 0 ]
	compare 'no chainlet new'
	[ "$status" -eq 0 ]
	compare 'all baseline chainlets have counterpart.min_replica == 2'
	[ "$status" -eq 0 ]
	compare 'name == baseline.name'
	[ "$status" -eq 1 ]
}

# refused WORDS: the policy test test.yaml is refused, with the words.
refused() {
	run "$CHAINGATE" test test.yaml
	[ "$status" -eq 2 ]
	[[ $output == *"$1"* ]]
}

@test "a policy test that shows the other kind is refused" {
	tested() { # POLICY'S TARGET, STEP, TEST'S TARGET
		printf 'policy: {version: 1, target: %s, rules: [all chainlets ACTIVE]}\ntests:\n  - {name: t, %s timeline: [{at: 0s, %s}], expect: {verdict: unreachable}}\n' "$1" "${3:-}" "$2" >test.yaml
	}
	local chains='deployments: [{id: d, status: ACTIVE, chainlets: []}]'
	local models='models: {llama: [{id: d, status: ACTIVE, active_replica_count: 1, autoscaling_settings: null}]}'
	tested '{model: llama, deployment: d}' "$chains"
	refused "this shows a chain, but the test watches the model 'llama'"
	refused "show the model under models, or watch a chain: target: {chain: NAME}"
	tested '{chain: llama, deployment: d}' "$models"
	refused "this shows a model, but the test watches the chain 'llama'"
	refused "show the chain under deployments, or watch a model: target: {model: NAME}"
	tested '{deployment: d}' "$chains" 'target: {model: llama},'
	refused "this shows a chain, but the test watches the model 'llama'"
	tested '{model: llama, environment: prod, role: current, since: any}' 'environments: {prod: {current_deployment: null}}'
	refused "show the model under model_environments"
	tested '{deployment: d}' "$models" 'target: {model: llama},'
	run "$CHAINGATE" test test.yaml
	[ "$status" -eq 1 ] # it is judged: something else than unreachable comes out
	tested '{model: llama, environment: prod, role: current, since: any}' 'model_environments: {llama/prod: {current_deployment: {id: d}}}'
	refused "{current_deployment: {id: …, status: …, active_replica_count: …, autoscaling_settings: {…}}}"
}

@test "a model that shows nothing, or what nobody knows, never passes" {
	cat >scenario.yaml <<-'END'
		models: [{id: m1, name: llama}, {id: m2, name: empty}]
		deployments:
		  - {id: odd, model: m1, created_at: -1m, status: HIBERNATING, autoscaling_settings: {min_replica: 1}}
		  - {id: unset, model: m1, created_at: -2m, status: ACTIVE, autoscaling_settings: null}
		  - {id: dev, model: m1, created_at: -1s, is_development: true, status: ACTIVE, autoscaling_settings: {min_replica: 1}}
	END
	start_world scenario.yaml
	never() { # WORDS ARGUMENT…
		check_and_replay --timeout 2m "${@:2}"
		[ "$status" -eq 3 ]
		[[ $output == *"$1"* ]]
	}
	never "the model has no deployments" --model empty --latest --since any
	never "the model has no deployments" --model m2 --all-deployments --since any
	never "waiting for llama 'HIBERNATING'" --model llama --latest --since any
	never "the settings of chainlets, which are not known yet" --model llama --deployment unset
	# the newest one is in development, so it is none of those that 'since' leaves
	never "waiting for a deployment" --model llama --latest --since 30s
	run --separate-stderr "$CHAINGATE" check --model llama --model empty --latest --since any </dev/null
	[ "$status" -eq 2 ]
	[[ $stderr == *"--model is given twice"*"a policy can watch several models: targets: [{name: a, model: NAME, …}, …]"* ]]
}

@test "a page of the models, of their deployments or of an environment ends the gate" {
	world 'candidate: new, promotion: RAMPING_UP'
	cp scenario.yaml whole.yaml
	paged() { # PATH ARGUMENT…
		cp whole.yaml scenario.yaml
		printf 'faults: [{at: 0s, path: "%s", headers: {X-Total-Count: "99"}}]\n' "$1" >>scenario.yaml
		check_and_replay --model llama --since any "${@:2}"
		[ "$status" -eq 5 ]
		[[ $output == *"the API sent only a page"* ]]
	}
	paged /v1/models --latest
	paged /deployments --latest
	printf 'bodies: [{model: m1, text: "{\\"deployments\\": [], \\"pagination\\": {\\"has_more\\": true}}"}]\n' >>whole.yaml
	paged /nowhere --latest
}
