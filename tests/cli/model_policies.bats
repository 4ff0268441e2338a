#!/usr/bin/env bats
# model_policies.bats - every policy of policies/ used on a model: one that it lets pass, and one that it doesn't. In virtual time.

load set_up
load virtual

policies=$BATS_TEST_DIRNAME/../../policies

setup() {
	set_up
	cat >scenario.yaml <<-'END'
		models:
		  - {id: m1, name: llama}
		  - {id: m2, name: calm}
		deployments:
		  - {id: old, model: m1, created_at: -3h, environment: production, status: ACTIVE, instance_type_name: "H100:1x80", autoscaling_settings: {min_replica: 2, max_replica: 4}}
		  - {id: new, model: m1, created_at: -1m, status: {0s: DEPLOYING, 30s: ACTIVE}, instance_type_name: "H100:1x80", autoscaling_settings: {min_replica: 2, max_replica: 4}}
		  - {id: weak, model: m1, created_at: -1m, status: ACTIVE, instance_type_name: "L4:4x16", autoscaling_settings: {min_replica: 1, max_replica: 2}}
		  - {id: unnamed, model: m1, created_at: -1m, status: ACTIVE, instance_type_name: null, autoscaling_settings: {min_replica: 2, max_replica: 4}}
		  - {id: broken, model: m1, created_at: -1m, status: {0s: BUILDING, 50s: BUILD_FAILED}}
		  - {id: asleep, model: m1, created_at: -1m, status: SCALED_TO_ZERO, autoscaling_settings: {min_replica: 0}}
		  - {id: tired, model: m1, created_at: -1m, status: SCALED_TO_ZERO, autoscaling_settings: {min_replica: 1}}
		  - {id: ill, model: m1, created_at: -1m, status: {0s: ACTIVE, 5m: UNHEALTHY}, autoscaling_settings: {min_replica: 1}}
		  - {id: c1, model: m2, created_at: -3h, environment: production, status: ACTIVE, autoscaling_settings: {min_replica: 1}}
		  - {id: c2, model: m2, created_at: -900h, status: INACTIVE}
		environments:
		  - {model: m1, name: production, current: {0s: old, 60s: new}, candidate: {0s: new, 60s: null}}
	END
	start_world scenario.yaml
}

# on MODEL EXIT POLICY ARGUMENT…: what the policy says of the model.
on() {
	run "$CHAINGATE" check "$policies/$3.yaml" --model "$1" --progress none "${@:4}" </dev/null
	[ "$status" -eq "$2" ] || {
		echo "$3 on $1: $status instead of $2"
		show
		return 1
	}
	used+=" $3"
}

@test "every policy passes a good model, and no other" {
	local used='' policy
	on llama 0 ready --deployment new
	on llama 1 ready --deployment broken
	on llama 0 scale-to-zero --deployment asleep
	on llama 1 scale-to-zero --deployment tired
	on llama 0 production --deployment new
	on llama 1 production --deployment weak
	on llama 0 promote --deployment new
	on llama 1 promote --deployment weak
	on llama 4 promote --deployment unnamed --timeout 5m
	on llama 0 soak --deployment new
	on llama 1 soak --deployment ill
	on llama 0 cost --deployment new
	on llama 1 cost --deployment new --set replicas=3
	on calm 0 prerelease
	on llama 1 prerelease
	on llama 0 after-promotion --expect-deployment new
	on llama 1 after-promotion --expect-deployment weak
	for policy in "$policies"/*.yaml; do
		policy=$(basename "$policy" .yaml)
		[[ $policy == *.test || " $used " == *" $policy "* ]]
	done
}
