#!/usr/bin/env bats
# addresses.bats - a pasted address names its chain and deployment, and never replaces another chain.

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

# gate EXPECTED [TEXT] -- ARGUMENT…: adds a gate, with its expected exit code, and a text or pattern that its output must contain.
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

# Runs all gates.
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

# policy TARGET [BASELINE]: sets policy to a file.
policy() {
	policy=$count.yaml
	printf 'version: 1\ntarget: %s\nbaseline: %s\nrules: [all chainlets ACTIVE]\n' "$1" "${2-}" >"$policy"
	[ $# = 2 ] || sed -i '/^baseline:/d' "$policy"
}

@test "an address of another chain than the policy's or --chain's is refused" {
	local chain address
	for address in https://app.baseten.co/chains/bbb222/logs/theirs https://chain-bbb222.api.baseten.co/deployment/theirs/run_remote \
		wss://chain-bbb222.api.baseten.co/deployment/theirs/websocket https://api.baseten.co/v1/chains/bbb222/deployments/theirs; do
		gate 0 -- --deployment "$address"
		for chain in rag aaa111 https://app.baseten.co/chains/aaa111; do
			policy "{chain: \"$chain\"}"
			gate 2 "two chains are named: $policy:2 is '@(rag|aaa111)', whose id is 'aaa111', and the address at --deployment is of the chain 'bbb222'" -- "$policy" --deployment "$address"
			gate 2 "two chains are named: --chain is '@(rag|aaa111)', whose id is 'aaa111', and the address at --deployment is of the chain 'bbb222'" -- --chain "$chain" --deployment "$address"
			policy "{chain: \"$chain\", deployment: \"$address\"}"
			gate 2 "two chains are named: $policy:2 is '@(rag|aaa111)', whose id is 'aaa111', and the address at $policy:2 is of the chain 'bbb222'" -- "$policy"
		done
	done
	come_as_expected
}

@test "a chain and an address that agree are accepted, whether by name, id or address" {
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

@test "a conflict between a policy's address and --chain, a variable, or within targets is refused, and every report says so" {
	policy '{deployment: "https://app.baseten.co/chains/bbb222/logs/theirs"}'
	gate 0 -- "$policy"
	gate 0 -- "$policy" --chain other
	gate 2 "--chain is 'rag', whose id is 'aaa111', and the address at $policy:2 is of the chain 'bbb222'" -- "$policy" --chain rag
	# A plain id at --deployment replaces the policy's address.
	gate 0 -- "$policy" --chain rag --deployment mine
	cat >targets.yaml <<-'END'
		version: 1
		targets:
		  - {name: a, chain: other, deployment: "https://app.baseten.co/chains/bbb222/logs/theirs"}
		  - {name: b, chain: rag, deployment: "https://app.baseten.co/chains/bbb222/logs/theirs"}
		rules: [all chainlets ACTIVE]
	END
	gate 2 "targets.yaml:4 is 'rag', whose id is 'aaa111', and the address at targets.yaml:4 is of the chain 'bbb222'" -- targets.yaml --junit r.xml --report json=r.json --record run.ndjson
	come_as_expected
	CHAINGATE_CHAIN=rag run -2 "$CHAINGATE" check --api-url "$SIM_URL" --deployment https://app.baseten.co/chains/bbb222/logs/theirs
	[[ $output == *"CHAINGATE_CHAIN is 'rag', whose id is 'aaa111'"* ]]
	grep -q "two chains are named" r.xml
	grep -q "two chains are named" r.json
	grep -q '"verdict": null' r.json
}

@test "with several policies, the address in each of them counts" {
	local url=https://app.baseten.co/chains
	written() { # written FILE RULE DEPLOYMENT
		printf 'version: 1\ntarget: {chain: rag, deployment: "%s"}\nrules: [%s]\n' "$3" "$2" >"$1"
	}
	written plain.yaml 'all chainlets ACTIVE' mine
	written ours.yaml 'min_replica >= 1' "$url/aaa111/logs/mine/R"
	written theirs.yaml 'max_replica >= 1' "$url/bbb222/logs/mine/R"
	gate 0 -- plain.yaml ours.yaml
	gate 0 -- ours.yaml plain.yaml
	for first in plain ours; do
		gate 2 "is of the chain 'bbb222'" -- "$first.yaml" theirs.yaml
		gate 2 "is of the chain 'bbb222'" -- theirs.yaml "$first.yaml"
	done
	texts[4]="two policies say different things about what to watch" texts[5]=${texts[4]}
	# All policies are compared with each other, not only with the first.
	for order in "plain ours theirs" "plain theirs ours" "ours plain theirs" "theirs plain ours" "plain plain2 ours theirs"; do
		cp plain.yaml plain2.yaml
		sed -i 's/all chainlets ACTIVE/no chainlet failed/' plain2.yaml
		# shellcheck disable=SC2086 # the policies' names
		gate 2 "two policies say different things about what to watch" -- $(printf '%s.yaml ' $order)
	done
	come_as_expected
}

@test "an address that is given as the chain drops no deployment and no environment" {
	local console=https://app.baseten.co/chains/aaa111 api=https://api.baseten.co/v1/chains/aaa111 address
	# The deployment that it names isn't selected, or another one is.
	for address in "$console/logs/theirs" "$console/logs/theirs/R?x#y" "$api/deployments/theirs" app.baseten.co/chains/aaa111/logs/theirs \
		https://chain-aaa111.api.baseten.co/deployment/theirs/run_remote wss://chain-aaa111.api.baseten.co/deployment/theirs/websocket; do
		for selection in '--deployment mine' '--latest --since any' '--all-deployments --since any' '--environment production --since any' ''; do
			# shellcheck disable=SC2086 # several arguments
			gate 2 "the URL at --chain names the deployment 'theirs', which isn't selected"$'\n'"  = help: to select it, give --deployment theirs and no other selection; for the chain alone --chain aaa111" -- --chain "$address" $selection
		done
		policy "{chain: \"$address\", latest: true, since: any}"
		gate 2 "the URL names the deployment 'theirs', which isn't selected here \[conflicting-keys]" -- "$policy"
		policy "{chain: \"$address\"}"
		gate 2 "= help: to select it, write deployment: theirs and no other selection; for the chain alone chain: aaa111" -- "$policy" --deployment mine
	done
	# So is an environment.
	for address in https://chain-aaa111-staging.api.baseten.co https://chain-aaa111.api.baseten.co/environments/staging/run_remote "$api/environments/staging"; do
		for selection in '--deployment mine' '--latest --since any' '--environment production --since any' '--environment Staging --since any'; do
			# shellcheck disable=SC2086 # several arguments
			gate 2 "the URL at --chain names the environment 'staging', which isn't selected" -- --chain "$address" $selection
		done
		policy "{chain: \"$address\", environment: production, since: any}"
		gate 2 "the URL names the environment 'staging', which isn't selected here" -- "$policy"
		policy "{chain: rag, deployment: mine}" "{chain: \"$address\", environment: production}"
		gate 2 "the URL names the environment 'staging', which isn't selected here" -- "$policy"
		gate 3 -- --chain "$address" --environment staging --since any --timeout 1m
		gate 2 "the URL '"*"' names an environment, and no deployment"$'\n'"  = help: give --chain aaa111 --environment staging"* -- --deployment "$address"
		# An environment is given by its name.
		gate 2 "--environment needs a name, and '"*"' is a URL"$'\n'"  = help: give --environment staging" -- --chain rag --environment "$address" --since any
		gate 2 "--baseline-environment needs a name" -- --chain rag --deployment mine --baseline-environment "$address"
		policy "{chain: rag, environment: \"$address\", since: any}"
		gate 2 "'environment' is a URL"*"write environment: staging" -- "$policy"
		policy "{chain: rag, deployment: mine}" "{environment: \"$address\"}"
		gate 2 "'environment' is a URL" -- "$policy"
	done
	gate 2 "the URL at --chain names the environment 'production'" -- --chain https://chain-aaa111.api.baseten.co/production/run_remote --deployment mine
	# What agrees is accepted.
	for address in "$console/logs/mine" "$api/deployments/mine" https://chain-aaa111.api.baseten.co/deployment/mine/run_remote; do
		gate 0 -- --chain "$address" --deployment mine
		gate 0 -- --chain "$address" --deployment "$address"
		policy "{chain: \"$address\", deployment: mine}"
		gate 0 -- "$policy"
	done
	come_as_expected
	# A variable, the table, and a body are no different.
	CHAINGATE_CHAIN=$console/logs/theirs run -2 "$CHAINGATE" check --api-url "$SIM_URL" --deployment mine
	[[ $output == *"the URL at CHAINGATE_CHAIN names the deployment 'theirs', which isn't selected"* ]]
	run -2 "$CHAINGATE" status --api-url "$SIM_URL" --chain "$console/logs/mine"
	[[ $output == *"the URL at --chain names the deployment 'mine', which isn't selected"* ]]
	run -0 "$CHAINGATE" status --api-url "$SIM_URL" --chain "$console/logs/mine" --deployment mine
	run -2 "$CHAINGATE" eval 'all chainlets ACTIVE' --chain "$console/logs/theirs" --body /dev/null
	[[ $output == *"the URL at --chain names the deployment 'theirs', which isn't selected"* ]]
	policy "{chain: $console/logs/mine}"
	run -2 "$CHAINGATE" lint "$policy"
	printf 'tests: [{name: t, policy: %s, timeline: [{at: 0s, deployments: []}], expect: {verdict: failed}}]\n' "$policy" >t.test.yaml
	run -2 "$CHAINGATE" test t.test.yaml
}

@test "an address in a baseline must be of the chain that is named beside it" {
	local url=https://app.baseten.co/chains file
	for chain in rag aaa111 $url/aaa111; do
		policy "{chain: other, deployment: theirs}" "{chain: \"$chain\", deployment: \"$url/bbb222/logs/theirs\"}"
		gate 2 "two chains are named: $policy:3 is '@(rag|aaa111)', whose id is 'aaa111', and the address at $policy:3 is of the chain 'bbb222'" -- "$policy"
		policy "{chain: other, deployment: theirs}" "{chain: \"$chain\", deployment: \"$url/aaa111/logs/mine\"}"
		gate 0 -- "$policy"
	done
	policy "{chain: other, deployment: theirs}" "{deployment: \"$url/aaa111/logs/mine\"}"
	gate 0 -- "$policy"
	# In two policies
	for file in 1 2 3; do printf 'version: 1\ntarget: {chain: other, deployment: theirs}\nbaseline: {chain: rag, deployment: %s}\nrules: [min_replica >= %s]\n' theirs "$file" >"$file.yaml"; done
	sed -i "s|rag, deployment: theirs|rag, deployment: $url/bbb222/logs/theirs|" 2.yaml
	sed -i "s|rag, deployment: theirs|rag, deployment: $url/aaa111/logs/theirs|; s/>= 3/< 3/" 3.yaml
	sed -i 's/>= 2/< 2/' 2.yaml
	gate 2 "two chains are named" -- 1.yaml 2.yaml
	gate 2 "two chains are named" -- 2.yaml 1.yaml
	gate 2 "two policies say different things about the baseline" -- 2.yaml 3.yaml
	come_as_expected
	policy "{chain: 232p81ql, deployment: q86yjdy}" "{chain: 232p81ql, deployment: \"$url/zzz999/logs/q86yjdy\"}"
	run -2 "$CHAINGATE" eval --policy "$policy" --body "$BATS_TEST_DIRNAME/../fixtures/two_active.json"
	[[ $output == *"the deployment's URL is of the chain 'zzz999', but the chain '232p81ql' is judged"* ]]
}

@test "eval refuses an address of another chain than the body's" {
	local url=https://app.baseten.co/chains body=$BATS_TEST_DIRNAME/../fixtures/two_active.json chain
	policy "{chain: rag, deployment: $url/zzz999/logs/q86yjdy/R}"
	run --separate-stderr "$CHAINGATE" eval --policy "$policy" --body "$body"
	[ "$status" = 2 ]
	[[ $stderr == *"'zzz999'"* ]]
	run --separate-stderr "$CHAINGATE" eval 'all chainlets ACTIVE' --chain 232p81ql --deployment "$url/zzz999/logs/q86yjdy/R" --body "$body"
	[ "$status" = 2 ]
	[[ $stderr == *"'zzz999'"* ]]
	policy "{chain: rag, deployment: $url/232p81ql/logs/q86yjdy/R}"
	run --separate-stderr "$CHAINGATE" eval --policy "$policy" --body "$body"
	[ "$status" = 0 ]
}

@test "status refuses an address of another chain, as check does" {
	local console=https://app.baseten.co/chains selection watch
	for watch in '' --watch; do
		for selection in "--chain rag --deployment $console/bbb222/logs/theirs" "--chain aaa111 --deployment $console/bbb222/logs/mine" \
			"--chain $console/aaa111 --deployment $console/bbb222/logs/theirs" "--chain rag --deployment https://chain-bbb222.api.baseten.co/deployment/theirs/run_remote" \
			"--chain rag --deployment https://api.baseten.co/v1/chains/bbb222/deployments/mine"; do
			# shellcheck disable=SC2086 # several arguments
			run --separate-stderr -2 "$CHAINGATE" status --api-url "$SIM_URL" $selection $watch
			[ -z "$output" ]
			[[ $stderr == *"two chains are named: --chain is '"*"', whose id is 'aaa111', and the address at --deployment is of the chain 'bbb222'"*"= help: leave out one of them"* ]]
		done
	done
	run -0 "$CHAINGATE" status --api-url "$SIM_URL" --chain rag --deployment "$console/aaa111/logs/mine"
	run -0 "$CHAINGATE" status --api-url "$SIM_URL" --deployment "$console/bbb222/logs/theirs"
}

@test "what the policy selects is no less selected than what an option selects" {
	local console=https://app.baseten.co/chains/aaa111 api=https://api.baseten.co/v1/chains/aaa111 address
	policy '{deployment: mine}'
	for address in "$console/logs/mine" "$console/logs/mine/R?x=1" "$api/deployments/mine" https://chain-aaa111.api.baseten.co/deployment/mine/run_remote; do
		gate 0 -- "$policy" --chain "$address"
	done
	gate 2 "the URL at --chain names the deployment 'theirs', which isn't selected"$'\n'"  = help: to select it, give --deployment theirs" -- "$policy" --chain "$console/logs/theirs"
	gate 2 "the URL at --chain names the deployment 'mine', which isn't selected" -- "$policy" --chain "$console/logs/mine" --deployment theirs
	gate 2 "the URL at --chain names the deployment 'theirs', which isn't selected" -- "$policy" --chain rag --chain "$console/logs/theirs"
	policy '{environment: staging, since: any}'
	gate 3 -- "$policy" --chain "$api/environments/staging" --timeout 1m
	gate 3 -- "$policy" --chain other --chain "$api/environments/staging" --timeout 1m
	gate 2 "the URL at --chain names the environment 'staging', which isn't selected" -- "$policy" --chain "$api/environments/staging" --deployment mine
	come_as_expected
	policy '{deployment: mine}'
	printf '{"deployments":[]}' >empty.json
	run -2 "$CHAINGATE" eval --policy "$policy" --chain "$console/logs/theirs" --body empty.json
	[[ $output == *"the URL at --chain names the deployment 'theirs', which isn't selected"* ]]
	run -2 "$CHAINGATE" eval --policy "$policy" --chain "$console/logs/mine" --body empty.json
	[[ $output == *"there is nothing to judge"* ]]
}
