#!/usr/bin/env bats
# same_chain.bats - a policy test and a replay refuse what `check` refuses when two words of a policy are of two chains.

load set_up
load virtual

setup() {
	set_up
	cat >scenario.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: aaa111, name: rag}, {id: bbb222, name: other}]
		models: [{id: aaa111, name: llama}]
		deployments:
		  - {id: mine, chain: aaa111, environment: staging, chainlets: [{name: R, autoscaling_settings: {min_replica: 1}, status: ACTIVE, active_replica_count: 1}]}
		  - {id: old, chain: aaa111, environment: production, chainlets: [{name: R, autoscaling_settings: {min_replica: 1}, status: ACTIVE, active_replica_count: 1}]}
		  - {id: theirs, chain: bbb222, environment: staging, chainlets: [{name: R, autoscaling_settings: {min_replica: 1}, status: ACTIVE, active_replica_count: 1}]}
		  - {id: f, model: aaa111, status: ACTIVE, active_replica_count: 1}
	END
	start_world scenario.yaml
	our=https://app.baseten.co/chains/aaa111 their=https://app.baseten.co/chains/bbb222
}

chainlets='status: ACTIVE, created_at: "2026-01-01T00:00:00Z", chainlets: [{name: R, status: ACTIVE, active_replica_count: 1, autoscaling_settings: {min_replica: 1, max_replica: 2}}]'

# policy TARGET-OR-TARGETS [BASELINE]: writes policy.yaml.
policy() {
	{
		echo "version: 1"
		[[ $1 == '['* ]] && echo "targets: $1" || echo "target: $1"
		[ $# -lt 2 ] || echo "baseline: $2"
		echo "rules: [all chainlets ACTIVE]"
	} >policy.yaml
}

# shown FORM: what a policy test shows: the lists as the API sends them (said), without the ids of the chains (unsaid), or one list for whatever is asked (alike).
shown() {
	local of_ours= of_theirs=
	[ "$1" != said ] || of_ours='chain_id: aaa111, ' of_theirs='chain_id: bbb222, '
	local ours="{id: mine, environment: staging, $of_ours$chainlets}, {id: old, environment: production, $of_ours$chainlets}"
	local theirs="{id: theirs, environment: staging, $of_theirs$chainlets}"
	case $1 in
	alike) echo "deployments: [$ours, $theirs]" ;;
	*) echo "deployments: {rag: [$ours], aaa111: [$ours], other: [$theirs], bbb222: [$theirs]}" ;;
	esac
}

# same EXIT FORMS [TARGET OPTION…]: `check`, and a policy test of each form, come to it. TARGET: the test's own, as the options say it.
same() {
	local want=$1 form code=0 failed=0 target=${3-}
	"$CHAINGATE" check policy.yaml --api-url "$SIM_URL" --timeout 3m "${@:4}" >check.out 2>&1 || code=$?
	[ "$code" = "$want" ] || { echo "check: $code, not $want"; cat policy.yaml check.out; failed=1; }
	for form in $2; do
		printf 'policy: policy.yaml\ntests:\n  - name: t\n%s    timeline: [{at: 0s, %s}]\n    expect: {verdict: passed}\n' "${target:+    target: $target$'\n'}" "$(shown "$form")" >t.test.yaml
		code=0
		"$CHAINGATE" test t.test.yaml >test.out 2>&1 || code=$?
		[ "$code" = "$want" ] && continue
		echo "test, $form: $code, check: $want"
		cat policy.yaml test.out
		failed=1
	done
	return $failed
}

@test "a chain and an address in one target" {
	local chain
	for chain in rag aaa111 "$our" "$our/overview"; do
		local any='said unsaid alike'
		# Only an id says without the API that it isn't the other chain.
		[[ $chain == http* ]] || any=said
		policy "{chain: \"$chain\", deployment: \"$our/logs/mine\"}"
		same 0 'said unsaid alike'
		policy "{chain: \"$chain\", deployment: https://chain-bbb222.api.baseten.co/deployment/mine/run_remote}"
		same 2 "$any"
		for out in check.out test.out; do
			grep -q "two chains are named: policy.yaml:2 is '.*', whose id is 'aaa111', and the address at policy.yaml:2 is of the chain 'bbb222'" $out
		done
		policy "{chain: \"$chain\"}"
		same 2 "$any" "{deployment: \"$their/logs/mine\"}" --deployment "$their/logs/mine"
		same 0 'said unsaid alike' "{deployment: https://api.baseten.co/v1/chains/aaa111/deployments/mine}" --deployment https://api.baseten.co/v1/chains/aaa111/deployments/mine
		same 2 "$any" "{environment: staging, since: any, expect_deployment: \"$their/logs/mine\"}" --environment staging --since any --expect-deployment "$their/logs/mine"
	done
	policy "{deployment: \"$their/logs/mine\"}"
	same 2 said '{chain: rag}' --chain rag
	same 2 'said unsaid alike' "{chain: \"$our\"}" --chain "$our"
	same 0 'said unsaid' "{deployment: \"$our/logs/mine\"}" --deployment "$our/logs/mine"
	policy '{chain: aaa111, deployment: https://app.baseten.co/models/aaa111/logs/f}'
	same 2 'said unsaid alike'
}

@test "addresses in two targets" {
	# A chain has one id, whatever the test shows …
	policy "[{name: a, chain: rag, deployment: \"$our/logs/mine\"}, {name: b, chain: rag, deployment: \"$their/logs/mine\"}]"
	same 2 'said unsaid alike'
	grep -q "two chains are named: policy.yaml:2 is 'rag', whose id is 'aaa111', and the address at policy.yaml:2 is of the chain 'bbb222'" test.out
	# … and one name.
	policy "[{name: a, chain: rag, deployment: \"$our/logs/mine\"}, {name: b, chain: other, deployment: \"$our/logs/theirs\"}]"
	same 2 'said unsaid alike'
	policy "[{name: a, chain: rag, deployment: \"$our/logs/mine\"}, {name: b, chain: aaa111, deployment: \"$our/logs/old\"}, {name: c, chain: \"$our\", deployment: mine}]"
	same 0 'said unsaid alike'
	policy "[{name: a, chain: rag, deployment: \"$our/logs/mine\"}, {name: b, chain: aaa111, deployment: \"$their/logs/mine\"}]"
	same 2 'said unsaid alike'
	policy "[{name: a, chain: rag, deployment: \"$our/logs/mine\"}, {name: b, deployment: \"$their/logs/theirs\"}]"
	same 0 'said unsaid'
	policy "[{name: a, chain: rag, deployment: \"$our/logs/mine\"}, {name: b, model: aaa111, deployment: \"$our/logs/f\"}]"
	same 2 'said unsaid alike'
}

@test "an address in a baseline" {
	local chain
	for chain in rag aaa111 "$our"; do
		policy '{chain: other, deployment: theirs}' "{chain: \"$chain\", deployment: \"$our/logs/old\"}"
		same 0 'said unsaid'
		policy '{chain: other, deployment: theirs}' "{chain: \"$chain\", deployment: \"$their/logs/theirs\"}"
		same 2 said
	done
	same 2 'said unsaid alike'
	# The target's word and the baseline's address are of one chain; the target's address isn't.
	policy "{chain: rag, deployment: \"$their/logs/mine\"}" "{chain: rag, deployment: \"$our/logs/old\"}"
	same 2 'said unsaid alike'
}

@test "an id that the test shows is one, whatever its text" {
	policy '{chain: "https://app.baseten.co/chains/aaa111", deployment: mine}'
	printf 'policy: policy.yaml\ntests:\n  - {name: t, timeline: [{at: 0s, deployments: [{id: mine, chain_id: chain, %s}]}], expect: {verdict: passed}}\n' "$chainlets" >t.test.yaml
	run -1 "$CHAINGATE" test t.test.yaml
	sed -i 's/chain_id: chain, //' t.test.yaml
	run -0 "$CHAINGATE" test t.test.yaml
}

@test "a replay under a policy of two chains is refused" {
	"$CHAINGATE" check --chain rag --deployment mine --api-url "$SIM_URL" --timeout 3m --record run.ndjson
	policy "{chain: rag, deployment: \"$our/logs/mine\"}"
	run -2 "$CHAINGATE" replay run.ndjson --policy policy.yaml --chain "$our" --deployment "$their/logs/mine"
	run -0 "$CHAINGATE" replay run.ndjson --policy policy.yaml
	run -2 "$CHAINGATE" replay run.ndjson --deployment "$their/logs/mine"
	[[ $output == *"two chains are named: --chain is 'rag', whose id is 'aaa111', and the address at --deployment is of the chain 'bbb222'"* ]]
	policy "{chain: rag, deployment: \"$their/logs/mine\"}"
	run -0 "$CHAINGATE" replay run.ndjson --policy policy.yaml
	sed -i 's/\["chain","rag"\],\["deployment","mine"\]//' run.ndjson
	run -2 "$CHAINGATE" replay run.ndjson --policy policy.yaml
}
