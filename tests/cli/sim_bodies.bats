#!/usr/bin/env bats
# sim_bodies.bats - what the simulator answers is what the API's OpenAPI document describes. The document isn't part of this project:
# $CHAINGATE_API_DOCUMENT, or ../shared/api/baseten-openapi-gate.json beside the checkout.

load set_up
load sim

setup() {
	set_up
}

teardown() {
	stop_sim
}

@test "every answer is valid under the API's own document" {
	local document=${CHAINGATE_API_DOCUMENT:-$BATS_TEST_DIRNAME/../../../shared/api/baseten-openapi-gate.json}
	[ -r "$document" ] || skip "the API's OpenAPI document is not here"
	python3 -c 'import jsonschema' 2>/dev/null || skip "python3-jsonschema is not installed"
	cat >scenario.yaml <<-'END'
		chains: [{id: c1, name: rag, team: ml}]
		models: [{id: m1, name: llama}, {id: m2, name: empty}]
		deployments:
		  - {id: q, chain: c1, created_at: -2h, environment: production, chainlets: [{name: A, status: ACTIVE, autoscaling_settings: {min_replica: 1, target_in_flight_tokens: null}}, {name: B, status: BUILDING}]}
		  - {id: r, chain: c1, created_at: -1h, chainlets: [{name: A, status: SCALED_TO_ZERO, autoscaling_settings: null}]}
		  - {id: old, model: m1, created_at: -3h, environment: production, status: ACTIVE, instance_type_name: "H100:1x80", autoscaling_settings: {min_replica: 1, max_replica: 4}, labels: {team: search, tier: 1, parts: {}, list: []}}
		  - {id: new, model: m1, created_at: -1m, status: DEPLOYING, autoscaling_settings: null, instance_type_name: null}
		  - {id: dev, model: m1, created_at: -1m, is_development: true, status: UPDATING}
		environments:
		  - {chain: c1, name: production, candidate: r}
		  - {model: m1, name: production, candidate: new, promotion: RAMPING_UP, traffic: 25}
		  - {model: m1, name: staging, current: null, candidate: null}
		  - {model: m1, name: failed, current: old, candidate: new, promotion: FAILED}
	END
	start_sim scenario.yaml
	run python3 "$BATS_TEST_DIRNAME/sim_bodies.py" "$document" "$SIM_URL" simulator-key
	show
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -ge 13 ]
}
