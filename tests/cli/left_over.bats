#!/usr/bin/env bats
# left_over.bats - variables that --report env of an earlier gate wrote, loaded for the next gate. In virtual time.

load set_up
load virtual
load fleets

setup() {
	set_up
	world
	export CHAINGATE_TIMEOUT=0s
}

# policy TARGET: writes policy.yaml.
policy() {
	echo "{version: 1, target: {$1}, rules: [all chainlets ACTIVE]}" >policy.yaml
}

# The gate before this one judged d1 of rag-a, whose id is c1.
earlier() {
	export CHAINGATE_VERDICT=passed CHAINGATE_EXIT=0 CHAINGATE_CHAIN=c1 CHAINGATE_DEPLOYMENT=d1
}

@test "an earlier gate's deployment doesn't replace what the policy selects" {
	local target
	earlier
	for target in 'environment: staging, since: any' 'latest: true, since: any' 'all: true, since: any' 'deployment: d2' \
		'environment: staging, role: current' 'deployment: "https://app.baseten.co/chains/c1/logs/d2"'; do
		policy "chain: rag-a, $target"
		check policy.yaml
		[ "$status" = 2 ]
		[[ $stderr == *"CHAINGATE_DEPLOYMENT is 'd1', but the policy's target selects another"*"unset this one, or give --deployment on the command line, which overrides the policy"* ]]
		[ "$(sim_requests)" = 0 ]
		# Without a sign of an earlier gate somebody chose it.
		CHAINGATE_VERDICT= CHAINGATE_EXIT= check policy.yaml --print-config
		[ "$status" = 0 ] || [[ $target == *role* || $target == *https* ]]
	done
	# What the command line says, and the same deployment, are no contradiction.
	policy 'chain: rag-a, environment: staging, since: any'
	check policy.yaml --deployment d1
	[ "$status" = 0 ]
	policy 'chain: rag-a, deployment: d1'
	check policy.yaml
	[ "$status" = 0 ]
}

@test "an earlier gate's deployment and chain are those of a gate that names none" {
	earlier
	check @ready
	[ "$status" = 0 ]
	[[ $output == *"c1/d1"* ]]
	printf '{version: 1, rules: [all chainlets ACTIVE]}\n' >policy.yaml
	check policy.yaml
	[ "$status" = 0 ]
}

@test "an earlier gate's chain must be the policy's" {
	earlier
	unset CHAINGATE_DEPLOYMENT
	# The policy names it: its id is compared.
	policy 'chain: rag-a, latest: true, since: any'
	check policy.yaml --report json=r.json
	[ "$status" = 0 ]
	[ "$(targets)" = "rag-a/latest " ]
	check policy.yaml --print-config
	[[ $output == *"target.chain"*"rag-a"*"policy"* ]]
	check policy.yaml --deployment d1
	[ "$status" = 0 ]
	local target
	for target in 'chain: voice, latest: true, since: any' 'chain: c3, latest: true, since: any' \
		'chain: c3, deployment: d3' 'deployment: "https://app.baseten.co/chains/c3/logs/d3"'; do
		policy "$target"
		check policy.yaml
		[ "$status" = 2 ]
		[[ $stderr == *CHAINGATE_CHAIN*"'c1'"* && $stderr == *"earlier gate wrote"* ]]
	done
	# A selection on the command line doesn't say which chain.
	policy 'chain: voice, latest: true, since: any'
	check policy.yaml --all-deployments --since any
	[ "$status" = 2 ]
	check policy.yaml --chain voice
	[ "$status" = 0 ]
	# An address on the command line is of the policy's chain or refused, as always.
	check policy.yaml --deployment https://app.baseten.co/chains/c3/logs/d3
	[ "$status" = 0 ]
	check policy.yaml --deployment https://app.baseten.co/chains/c1/logs/d1
	[ "$status" = 2 ]
	# A glob, which no gate writes.
	CHAINGATE_CHAIN='rag-*' check policy.yaml
	[ "$status" = 2 ]
	# A chain isn't a model.
	CHAINGATE_CHAIN= CHAINGATE_MODEL=m1 check policy.yaml
	[ "$status" = 2 ]
}
