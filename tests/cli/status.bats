#!/usr/bin/env bats
# status.bats - what the API lists for a chain, once.

load set_up
file_scenario=single.yaml

setup() {
	set_up
	export BASETEN_API_URL=$SIM_URL
}

status() {
	run --separate-stderr timeout 600 "$CHAINGATE" status "$@"
	show
}

@test "a table of deployments and chainlets" {
	status --chain rag
	[ "$status" = 0 ]
	[[ $output == *q86yjdy* && $output == *Retriever* && $output == *ACTIVE* ]]
	[ -z "$stderr" ]
	local by_name=$output
	status --chain 232p81ql
	[ "$status" = 0 ]
	[ "${#output}" = "${#by_name}" ]
	status --chain https://app.baseten.co/chains/232p81ql/overview
	[ "$status" = 0 ]
}

@test "selections; since isn't needed" {
	status --chain rag --environment staging
	[ "$status" = 0 ]
	status --chain rag --latest
	[ "$status" = 0 ]
	status --chain rag --deployment nobody
	[ "$status" = 5 ]
	[ -z "$output" ]
	[[ $stderr == "chaingate status: nothing is selected: the chain's only deployment is 'q86yjdy' (in 'staging', ACTIVE, "*"s old)" ]]
	status --chain rag --latest --since 2200-01-01T00:00:00Z
	[ "$status" = 5 ]
	[[ $stderr == *"left out by 'since'"* ]]
}

@test "a chain that isn't there, a wrong key, no server" {
	status --chain rog
	[ "$status" = 5 ]
	[[ $stderr == *"no chain has the id or name 'rog'; there is 'rag'"* ]]
	BASETEN_API_KEY=canary status --chain rag
	[ "$status" = 5 ]
	[[ $stderr == *"HTTP 40"*"= help: Check the key, "* && $stderr != *canary* ]]
	start_sim "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	local url=$SIM_URL
	stop_sim
	status --chain rag --api-url "$url"
	[ "$status" = 5 ]
	[[ $stderr == "chaingate status: could not read the deployments: "*"= help: Check --api-url, the network "* ]]
}

@test "status --whoami" {
	run --separate-stderr timeout 600 "$CHAINGATE" status --whoami
	[ "$status" = 0 ]
	[ "$output" = "user       sim-user
name       Simulated User
email      user@sim.invalid
workspace  simulated" ]
	BASETEN_API_KEY=canary run --separate-stderr timeout 600 "$CHAINGATE" status --whoami
	[ "$status" = 5 ]
	[[ $stderr == "chaingate status: could not read whose key it is: HTTP 401"* && $stderr != *canary* ]]
	run --separate-stderr "$CHAINGATE" status --whoami --chain rag
	[ "$status" = 2 ]
	[[ $stderr == *"--whoami is about the key and not about a chain: leave out --chain"* ]]
	# Variables that are there for other commands contradict nothing.
	CHAINGATE_CHAIN=rag CHAINGATE_INTERVAL=5s run --separate-stderr timeout 600 "$CHAINGATE" status --whoami
	[ "$status" = 0 ]
	CHAINGATE_INTERVAL=5s run --separate-stderr timeout 600 "$CHAINGATE" status --chain rag
	[ "$status" = 0 ]
	run --separate-stderr "$CHAINGATE" status --chain rag --interval 5s
	[ "$status" = 2 ]
	[ "$stderr" = "chaingate status: --interval is for --watch: one look has none" ]
}
