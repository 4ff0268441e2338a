#!/usr/bin/env bats
# addresses.bats - a pasted address names what it names, and never replaces another chain.

load set_up
load virtual
load runs

setup() {
	set_up
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

count=0

# gate EXPECTED [TEXT] -- ARGUMENT…: notes a gate down, and what is to come of it: an exit code, and a text, which may be a pattern, in what it prints.
gate() {
	local of=$count text=
	count=$((count + 1))
	expected[of]=$1
	shift
	[ "$1" = -- ] || { text=$1 && shift; }
	shift
	texts[of]=$text
	asked[of]=$*
	a_run "$of" check --api-url "$SIM_URL" "$@"
}

# All of them.
come_as_expected() {
	local of failed=0
	make_runs
	for ((of = 0; of < count; of++)); do
		got $of
		[[ $status == "${expected[of]}" && $output$stderr == *${texts[of]}* ]] && continue
		printf '%s\n' "check ${asked[of]}: exit $status, expected ${expected[of]} and '${texts[of]}'" "$output" "$stderr"
		failed=1
	done
	[ "$count" -gt 0 ]
	return $failed
}

# policy TARGET: sets policy, a file.
policy() {
	policy=$count.yaml
	printf 'version: 1\ntarget: %s\nrules: [all chainlets ACTIVE]\n' "$1" >"$policy"
}

@test "an address of another chain than the policy's, or --chain's, passes nothing" {
	local chain address
	for address in https://app.baseten.co/chains/bbb222/logs/theirs https://chain-bbb222.api.baseten.co/deployment/theirs/run_remote \
		wss://chain-bbb222.api.baseten.co/deployment/theirs/websocket https://api.baseten.co/v1/chains/bbb222/deployments/theirs; do
		gate 0 -- --deployment "$address"
		for chain in rag aaa111 https://app.baseten.co/chains/aaa111; do
			policy "{chain: \"$chain\"}"
			gate 5 "no deployment 'theirs' is listed for the chain '@(rag|aaa111)'" -- "$policy" --deployment "$address"
			gate 5 "no deployment 'theirs' is listed" -- --chain "$chain" --deployment "$address"
			policy "{chain: \"$chain\", deployment: \"$address\"}"
			gate 5 "no deployment 'theirs' is listed" -- "$policy"
		done
	done
	come_as_expected
}

@test "agreement is fine, whether by name, id or address" {
	local chain
	for chain in rag aaa111 https://app.baseten.co/chains/aaa111/overview; do
		gate 0 -- --chain "$chain" --deployment 'https://app.baseten.co/chains/aaa111/logs/mine/R?x=1#y'
		policy "{chain: \"$chain\"}"
		gate 0 -- "$policy" --deployment https://chain-aaa111-staging.api.baseten.co/deployment/mine/run_remote
		gate 0 -- "$policy" --deployment mine
	done
	policy '{deployment: "https://app.baseten.co/chains/aaa111/logs/mine"}'
	gate 0 -- "$policy"
	policy '{chain: "https://elsewhere.example/chains/aaa111", deployment: mine}'
	gate 2 "no chain can be read from the URL" -- "$policy"
	policy '{chain: rag, deployment: "https://app.baseten.co/chains/aaa111"}'
	gate 2 "no deployment can be read from the URL" -- "$policy"
	come_as_expected
}
