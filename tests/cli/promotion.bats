#!/usr/bin/env bats
# promotion.bats - a promotion told whole, on the wire: gate the deployment, promote it, gate what the environment serves then. And its wrong turns, in virtual time.

load set_up
load virtual

PROMOTE=$BATS_TEST_DIRNAME/../../ci/promote

# story: starts a simulator whose promotion to production creates a copy, and takes a second.
story() {
	needs jq curl
	sed -e '/^api_key/a speed: 100' -e 's/redeploys: copy333/redeploys: copy333, promotion_takes: 100s/' \
		"$BATS_TEST_DIRNAME/scenarios/promotion.yaml" >scenario.yaml
	grep -q promotion_takes scenario.yaml
	start_sim scenario.yaml
	export BASETEN_API_KEY=simulator-key BASETEN_API_URL=$SIM_URL
	cat >served.yaml <<-END
		version: 1
		target: {chain: rag, environment: production, role: current, since: any}
		wait: {interval: 100ms, stable_for: 0s, discover_for: 0s}
		rules: [all chainlets ACTIVE]
	END
	"$CHAINGATE" check --chain rag --deployment q86yjdy --interval 100ms --stable-for 0s --progress none --report json=gate.json
}

@test "the deployment passes, is promoted, and its copy is what the environment serves" {
	story
	run --separate-stderr "$PROMOTE" gate.json production q86yjdy
	[ "$status" = 0 ]
	[ "$output" = copy333 ]
	run --separate-stderr "$CHAINGATE" check served.yaml --expect-deployment "$output" --report json=served.json
	show
	[ "$status" = 0 ]
	[ "$(jq -r '.targets[0].deployments[]' served.json)" = copy333 ]
	[ "$(jq -r '.targets[0].target.expect_deployment' served.json)" = copy333 ]
	# The id that was gated first isn't served: a promotion created another deployment.
	run --separate-stderr "$CHAINGATE" check served.yaml --expect-deployment q86yjdy
	show
	[ "$status" = 1 ]
	[[ $output == *"'production' serves deployment 'copy333', not 'q86yjdy'"* ]]
	[[ $output == *"It may have created a new deployment: its answer has the id to expect."* ]]
}

@test "while the promotion is running, the copy is the candidate, and the list doesn't show it in the environment" {
	needs jq curl
	sed -e 's/redeploys: copy333/redeploys: copy333, promotion_takes: 10h/' "$BATS_TEST_DIRNAME/scenarios/promotion.yaml" >scenario.yaml
	start_sim scenario.yaml
	export BASETEN_API_KEY=simulator-key BASETEN_API_URL=$SIM_URL
	"$CHAINGATE" check --chain rag --deployment q86yjdy --interval 100ms --stable-for 0s --progress none --report json=gate.json
	[ "$("$PROMOTE" gate.json production q86yjdy)" = copy333 ]
	role() {
		"$CHAINGATE" status --chain rag --environment production --role "$1" --format json | jq -r '.deployments[].id'
	}
	[ "$(role candidate)" = copy333 ]
	[ "$(role current)" = old1111 ]
	[ "$("$CHAINGATE" status --chain rag --deployment copy333 --format json | jq -r '.deployments[0].environment')" = null ]
	"$CHAINGATE" check --chain rag --environment production --role candidate --since any --interval 100ms --stable-for 0s --progress none
	# What was there before can't pass for what is to come.
	run --separate-stderr "$CHAINGATE" check --chain rag --environment production --since any --expect-deployment copy333 --timeout 0s
	show
	[ "$status" = 3 ]
	[[ $output == *"waiting for the promotion of deployment 'copy333' to environment 'production' to end"* ]]
}

# turn STATUS CURRENT CANDIDATE [REASON]: the verdict of after-promotion.yaml, if the environment's timelines are these.
turn() {
	local chainlets="[{name: Retriever, autoscaling_settings: {min_replica: 1}, status: ACTIVE}]"
	cat >scenario.yaml <<-END
		api_key: simulator-key
		chains: [{id: 232p81ql, name: rag}]
		deployments:
		  - {id: old, chain: 232p81ql, created_at: -1h, environment: production, chainlets: $chainlets}
		  - {id: new, chain: 232p81ql, created_at: -1m, chainlets: $chainlets}
		  - {id: other, chain: 232p81ql, created_at: -1m, chainlets: $chainlets}
		  - {id: bad, chain: 232p81ql, created_at: -1m, chainlets: [{name: Retriever, autoscaling_settings: null, status: DEPLOY_FAILED}]}
		environments: [{chain: 232p81ql, name: production, current: $2, candidate: $3}]
		${5-}
	END
	start_world scenario.yaml
	run --separate-stderr "$CHAINGATE" check @after-promotion --chain rag --expect-deployment new --report json=r.json --record r.ndjson
	show
	[ "$status" = "$1" ]
	[[ $output == *"${4-}"* ]]
	run "$CHAINGATE" replay r.ndjson
	[ "$status" = "$1" ]
}

@test "the turns of a promotion, each with its verdict" {
	# It goes well, at once or after a while.
	turn 0 "{0s: old, 4m: new}" "{30s: new, 4m: null}" "passed: 3 rules on rag/production/current"
	turn 0 "{0s: old, 20m: new}" "{30s: new, 20m: null}" "passed: 3 rules"
	# It is cancelled; it never begins; it is rolled back.
	turn 1 old "{30s: new, 5m: null}" "'production' serves deployment 'old', not 'new'"
	turn 1 old null "'production' serves deployment 'old', not 'new'"
	turn 1 "{0s: new, 3m: old}" null "'production' serves deployment 'old', not 'new'"
	# Another push in between: it is served instead, or is still on its way at the deadline.
	turn 1 "{0s: old, 5m: other}" "{30s: new, 2m: other, 5m: null}" "'production' serves deployment 'other', not 'new'"
	turn 3 "{0s: old, 5m: new}" "{30s: new, 5m: other}" "waiting for the promotion of deployment 'other' to environment 'production' to end"
	# The candidate has failed, and stays the candidate.
	turn 3 old bad "waiting for the promotion of deployment 'bad' to environment 'production' to end"
	# The environment is gone, at once or later; it serves nothing.
	turn 5 old null "the environment 'production' of the chain 'rag' was not found" "faults: [{at: 0s, path: /environments/, http: 404}]"
	turn 5 "{0s: old, 2m: new}" null "the environment 'production' of the chain 'rag' was not found" "faults: [{at: 3m, path: /environments/, http: 404}]"
	turn 3 null null "waiting for environment 'production' to serve deployment 'new'"
}
