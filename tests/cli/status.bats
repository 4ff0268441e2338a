#!/usr/bin/env bats
# status.bats - what the API lists for a chain, once.

load sim

setup_file() {
	bats_require_minimum_version 1.5.0
	start_sim "$BATS_TEST_DIRNAME/scenarios/single.yaml"
}

teardown_file() {
	stop_sim
}

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
	unset BASETEN_API_URL USER_TRUSSRC_PATH NO_COLOR FORCE_COLOR COLUMNS
	export HOME=$BATS_TEST_TMPDIR BASETEN_API_KEY=sim-key TERM=dumb BASETEN_API_URL=$SIM_URL
}

status() {
	run --separate-stderr timeout 30 "$CHAINGATE" status "$@"
	echo "exit $status"
	echo "$output"
	echo "$stderr"
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
	[ "$stderr" = "chaingate status: none of the chain's 1 deployments is selected" ]
	status --chain rag --latest --since 2200-01-01T00:00:00Z
	[ "$status" = 5 ]
	[[ $stderr == *"older than --since"* ]]
}

@test "a chain that isn't there, a wrong key, no server" {
	status --chain rog
	[ "$status" = 5 ]
	[[ $stderr == *"no chain has the id or name 'rog'; there is 'rag'"* ]]
	BASETEN_API_KEY=canary status --chain rag
	[ "$status" = 5 ]
	[[ $stderr == *"HTTP 40"* && $stderr != *canary* ]]
	start_sim "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	local url=$SIM_URL
	stop_sim
	status --chain rag --api-url "$url"
	[ "$status" = 5 ]
	[[ $stderr == "chaingate status: could not read the deployments: "* ]]
}

@test "--whoami says whose the key is, and not the key" {
	status --whoami
	[ "$status" = 0 ]
	[[ $output == *"workspace "* && $output == *"@"* ]]
	[[ $output != *sim-key* ]]
	BASETEN_API_KEY=canary status --whoami
	[ "$status" = 5 ]
	[[ $stderr == "chaingate status: could not read whose key it is: HTTP 401"* && $stderr != *canary* ]]
	status --whoami --watch
	[ "$status" = 2 ]
	[[ $stderr == *"--whoami and --watch exclude each other"* ]]
}

@test "--watch on a pipe prints what has changed, until a signal" {
	cat >watch.yaml <<-'END'
		api_key: sim-key
		chains:
		  - {id: 232p81ql, name: rag}
		deployments:
		  - id: q86yjdy
		    chain: 232p81ql
		    chainlets: [{name: Retriever, status: {0s: BUILDING, 1500ms: ACTIVE}}]
		faults:
		  - {at: 2500ms, for: 500ms, http: 503}
	END
	stop_sim
	start_sim "$PWD/watch.yaml"
	local code=0
	set -m
	"$CHAINGATE" status --chain rag --api-url "$SIM_URL" --watch --interval 100ms >out 2>err 3>&- &
	set +m
	for _ in $(seq 100); do
		[ "$(grep -c '^q86yjdy' out)" -lt 3 ] || break
		sleep 0.1
	done
	kill -INT $!
	wait $! || code=$?
	cat out err
	[ "$code" = 130 ]
	[ "$(grep -o 'BUILDING\|ACTIVE\|HTTP 503' out | uniq | tr '\n' ' ')" = "BUILDING ACTIVE HTTP 503 ACTIVE " ]
	! grep -q $'\e' out || false
}
