#!/usr/bin/env bats
# addresses.bats - a pasted address names what it names, and never replaces another chain.

load virtual

setup() {
	cd "$BATS_TEST_TMPDIR"
	export BASETEN_API_KEY=simulator-key HOME=$PWD
	unset GITHUB_STEP_SUMMARY GITHUB_OUTPUT CI BASETEN_API_URL USER_TRUSSRC_PATH
	cat >scenario.yaml <<-'END'
		api_key: simulator-key
		chains:
		  - {id: aaa111, name: rag}
		  - {id: bbb222, name: other}
		deployments:
		  - id: mine
		    chain: aaa111
		    chainlets:
		      - {name: R, autoscaling_settings: {min_replica: 1}, status: ACTIVE, active_replica_count: 1}
		  - id: theirs
		    chain: bbb222
		    chainlets:
		      - {name: R, autoscaling_settings: {min_replica: 1}, status: ACTIVE, active_replica_count: 1}
	END
	start_world scenario.yaml
}

gate() { # gate EXPECTED ARGUMENT…
	local expected=$1
	shift
	code=0
	"$CHAINGATE" check --api-url "$SIM_URL" "$@" >out 2>&1 </dev/null || code=$?
	cat out
	[ "$code" = "$expected" ]
}

policy() { # policy TARGET
	printf 'version: 1\ntarget: %s\nrules: [all chainlets ACTIVE]\n' "$1" >policy.yaml
}

@test "an address of another chain than the policy's, or --chain's, passes nothing" {
	local chain address
	for address in https://app.baseten.co/chains/bbb222/logs/theirs https://chain-bbb222.api.baseten.co/deployment/theirs/run_remote \
		wss://chain-bbb222.api.baseten.co/deployment/theirs/websocket https://api.baseten.co/v1/chains/bbb222/deployments/theirs; do
		gate 0 --deployment "$address"
		for chain in rag aaa111 https://app.baseten.co/chains/aaa111; do
			policy "{chain: \"$chain\"}"
			gate 5 policy.yaml --deployment "$address"
			grep -q "no deployment 'theirs' is listed for the chain '\(rag\|aaa111\)'" out
			gate 5 --chain "$chain" --deployment "$address"
			grep -q "no deployment 'theirs' is listed" out
			policy "{chain: \"$chain\", deployment: \"$address\"}"
			gate 5 policy.yaml
			grep -q "no deployment 'theirs' is listed" out
		done
	done
}

@test "agreement is fine, whether by name, id or address" {
	local chain
	for chain in rag aaa111 https://app.baseten.co/chains/aaa111/overview; do
		gate 0 --chain "$chain" --deployment 'https://app.baseten.co/chains/aaa111/logs/mine/R?x=1#y'
		policy "{chain: \"$chain\"}"
		gate 0 policy.yaml --deployment https://chain-aaa111-staging.api.baseten.co/deployment/mine/run_remote
		gate 0 policy.yaml --deployment mine
	done
	policy '{deployment: "https://app.baseten.co/chains/aaa111/logs/mine"}'
	gate 0 policy.yaml
	policy '{chain: "https://elsewhere.example/chains/aaa111", deployment: mine}'
	gate 2 policy.yaml
	grep -q "no chain can be read from the URL" out
	policy '{chain: rag, deployment: "https://app.baseten.co/chains/aaa111"}'
	gate 2 policy.yaml
	grep -q "no deployment can be read from the URL" out
}
