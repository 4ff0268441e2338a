#!/usr/bin/env bats
# model_environments.bats - a model's environment with a role: which deployment is judged while a promotion goes on, and that one that fails ends the candidate. In virtual time.

load set_up
load virtual
load replayed

setup() {
	set_up
}

# scenario PROMOTION [TRAFFIC]: a model whose production serves `old`, with `new` as the candidate for the first two minutes.
scenario() {
	cat >scenario.yaml <<-END
		models:
		  - {id: m1, name: llama}
		deployments:
		  - {id: old, model: m1, created_at: -3h, environment: production, status: ACTIVE, autoscaling_settings: {min_replica: 1}}
		  - {id: new, model: m1, created_at: -1m, status: ACTIVE, autoscaling_settings: {min_replica: 1}}
		environments:
		  - {model: m1, name: production, current: ${3:-old}, candidate: ${4:-new}, promotion: $1, traffic: ${2:-0}}
	END
	start_world scenario.yaml
}

# gate ARGUMENT…: a gate of production with a recording, whose replay must give the same report but for `run`.
gate() {
	check_and_replay --model llama --environment production --since any "$@"
}

@test "the candidate is judged, and the current deployment, each by its role" {
	scenario RAMPING_UP '{0s: 0, 20s: 25}'
	gate --role candidate
	[ "$status" -eq 0 ]
	[ "$(jq -c '.targets[0].deployments' r.json)" = '["new"]' ]
	[ "$(jq -r .path "$SIM_LOG" | sort -u)" = $'/v1/models\n/v1/models/m1/environments/production' ]
	gate --role current
	[ "$status" -eq 0 ]
	[ "$(jq -c '.targets[0].deployments' r.json)" = '["old"]' ]
}

@test "a promotion that fails or is canceled ends the candidate: it never passes, and then it has failed" {
	local word
	for word in FAILED CANCELED; do
		scenario "{0s: RAMPING_UP, 15s: $word}"
		gate --role candidate
		[ "$status" -eq 1 ]
		[[ $output == *"the promotion to the environment 'production' of the model 'llama' has ended without success: new ($word)"* ]]
		grep -q 'type="PromotionEnded"' r.xml
		scenario "$word"
		gate --role candidate
		[ "$status" -eq 1 ]
		# what was said of a promotion before is nobody's verdict
		scenario "$word" 0 old null
		gate --role candidate --timeout 5m
		[ "$status" -eq 3 ]
		[[ $output == *"the promotion is $word"* ]]
	done
	[[ $(jq -r '.targets[0].reason' r.json) == *"waiting for a candidate deployment of environment 'production'"* ]]
}

@test "a promotion that ended without success before another one begins is not the next candidate's" {
	scenario '{0s: FAILED, 30s: RAMPING_UP}'
	gate --role candidate
	[ "$status" -eq 0 ]
	[ "$(jq -c '.targets[0].deployments' r.json)" = '["new"]' ]
}

@test "an expected deployment waits while a promotion goes on, with its share of the traffic, and a pause is named" {
	scenario '{0s: RAMPING_UP, 30s: PAUSED}' '{0s: 10, 30s: 50}' '{0s: old, 120s: new}' '{0s: new, 120s: null}'
	sed -i 's/30s: PAUSED/30s: PAUSED, 120s: null/' scenario.yaml
	gate --expect-deployment new
	[ "$status" -eq 0 ]
	[[ $stderr == *"the promotion to the environment 'production' is paused: PAUSED, 50% of the traffic"* ]]
	[[ $stderr == *"waiting: the promotion of deployment 'new' to environment 'production' to end (PAUSED, 50% of the traffic), for "* ]]
	scenario RAMPING_DOWN 40
	gate --role candidate
	[ "$status" -eq 1 ]
	[[ $stderr == *"the promotion to the environment 'production' is being taken back: RAMPING_DOWN, 40% of the traffic"* ]]
	scenario THAWING 40
	gate --role candidate --timeout 3m
	[ "$status" -ne 0 ]
	[[ $stderr == *"has the status 'THAWING', which this version doesn't know"* ]]
	scenario RAMPING_UP 40
	gate --expect-deployment old --timeout 3m
	[ "$status" -eq 3 ]
	[[ $output == *"to end (RAMPING_UP, 40% of the traffic), for "* ]]
	# a promotion without a candidate is one all the same
	scenario RELEASING 5 old null
	gate --expect-deployment old --timeout 3m
	[ "$status" -eq 3 ]
	[[ $output == *"the promotion to environment 'production' to end (RELEASING, 5% of the traffic)"* ]]
	scenario FAILED 5 old new
	gate --expect-deployment old
	[ "$status" -eq 0 ]
	gate --expect-deployment new
	[ "$status" -eq 1 ]
	[[ $output == *"'production' serves deployment 'old', not 'new'"* ]]
}

@test "rules see whether a promotion is running, and not what an unknown word means" {
	printf 'version: 1\nrules: [all deployments have environment.promoting == false]\n' >policy.yaml
	scenario PAUSED
	gate policy.yaml --role current
	[ "$status" -eq 1 ]
	scenario FAILED
	gate policy.yaml --role current
	[ "$status" -eq 0 ]
	scenario THAWING 0 old null
	gate policy.yaml --role current --timeout 3m
	[ "$status" -eq 4 ]
	[[ $stderr == *"has the status 'THAWING', which this version doesn't know"* ]]
	sed -i 's/== false/== true/' policy.yaml
	gate policy.yaml --role current --timeout 3m
	[ "$status" -eq 4 ]
}

@test "an environment that isn't there never passes" {
	scenario RAMPING_UP
	sed -i 's/name: production/name: elsewhere/; s/environment: production, //' scenario.yaml
	gate --role current
	[ "$status" -eq 5 ]
	[[ $output == *"'chaingate status --model NAME' shows which environments"*"the environment 'production' of the model 'llama' was not found"* ]]
}

@test "status shows an environment's deployments and how the promotion goes on" {
	scenario PAUSED 30
	run --separate-stderr "$CHAINGATE" status --model llama --environment production --role candidate
	[ "$status" -eq 0 ]
	[[ $output == *"new      ACTIVE"* ]]
	scenario FAILED 30
	run --separate-stderr "$CHAINGATE" status --model llama --environment production --role candidate
	[ "$status" -eq 5 ]
	[[ $stderr == *"the promotion of 'new' is FAILED: 'Simulated failure'"* ]]
}
