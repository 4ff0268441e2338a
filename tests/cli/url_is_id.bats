#!/usr/bin/env bats
# url_is_id.bats - a URL gives the id of a chain or model: one that only has this id as its name is never watched for it.

load set_up
load virtual
load runs

setup() {
	set_up
	cat >scenario.yaml <<-'END'
		api_key: simulator-key
		chains:
		  - {id: x1, name: c9}
		  - {id: y1, name: rag}
		models:
		  - {id: m1, name: m9}
		deployments:
		  - {id: d, chain: x1, environment: production, chainlets: [{name: R, autoscaling_settings: {min_replica: 1}, status: ACTIVE, active_replica_count: 1}]}
		  - {id: old, chain: x1, chainlets: [{name: R, autoscaling_settings: {min_replica: 1}, status: ACTIVE, active_replica_count: 1}]}
		  - {id: e, chain: y1, chainlets: [{name: R, autoscaling_settings: {min_replica: 1}, status: ACTIVE, active_replica_count: 1}]}
		  - {id: f, model: m1, status: ACTIVE, active_replica_count: 1}
	END
	start_world scenario.yaml
	chain=https://app.baseten.co/chains model=https://app.baseten.co/models
}

# gate EXPECTED NAME ARGUMENT…: adds a run with its exit code: 0, or "no" for one that is no pass.
gate() {
	expected[$2]=$1
	a_run "$2" check --api-url "$SIM_URL" --timeout 2m "${@:3}"
}

# target NAME TARGET [BASELINE]: a policy.
target() {
	printf 'version: 1\ntarget: %s\nrules: [all chainlets ACTIVE]\n' "$2" >"$1.yaml"
	[ $# -lt 3 ] || sed -i "2a baseline: $3" "$1.yaml"
}

come_as_expected() {
	local name failed=0
	make_runs
	for name in "${!expected[@]}"; do
		got "$name"
		if [ "${expected[$name]}" = 0 ]; then
			[ "$status" = 0 ] && continue
		else
			[[ $status != 0 && $output$stderr == *"has the id '"[cm]"9' that the URL gives; a "*" has this name: to watch it, give the name without a URL"* ]] && continue
		fi
		printf '%s\n' "$name: exit $status, expected ${expected[$name]}" "$output" "$stderr"
		failed=1
	done
	return $failed
}

@test "a chain or model in a URL is not one of that name" {
	local -A expected
	gate no option --chain "$chain/c9" --deployment d
	gate 0 named --chain c9 --deployment d
	gate 0 by_id --chain "$chain/x1" --deployment d
	gate no deployment --deployment "$chain/c9/logs/d"
	gate 0 deployment_of_id --deployment "$chain/x1/logs/d"
	gate no several --chain rag --chain "$chain/c9" --latest --since any
	gate no role --chain "$chain/c9" --environment production --role current --since any
	gate no model --model "$model/m9" --deployment f
	gate 0 model_named --model m9 --deployment f
	gate no model_deployment --deployment "$model/m9/logs/f"
	target policy "{chain: \"$chain/c9\", deployment: d}"
	gate no policy policy.yaml
	gate 0 overridden policy.yaml --chain c9
	target named_policy '{chain: c9, deployment: d}'
	gate no overriding named_policy.yaml --chain "$chain/c9"
	target implied "{deployment: \"$chain/c9/logs/d\"}"
	gate no implied implied.yaml
	target model_policy "{model: \"$model/m9\", deployment: f}"
	gate no model_policy model_policy.yaml
	printf 'version: 1\ntargets: [{name: a, chain: c9, deployment: d}, {name: b, chain: "%s/c9", deployment: d}]\nrules: [all chainlets ACTIVE]\n' "$chain" >targets.yaml
	gate no targets targets.yaml
	come_as_expected
}

@test "a baseline's chain in a URL is not one of that name" {
	local -A expected
	local rule='no chainlet new'
	for name in baseline implied own; do
		target $name '{chain: rag, deployment: e}' "{chain: \"$chain/c9\", deployment: d}"
		sed -i "s/all chainlets ACTIVE/$rule/" $name.yaml
	done
	sed -i "s|^baseline: .*|baseline: {deployment: \"$chain/c9/logs/d\"}|" implied.yaml
	sed -i 's|^target: .*|target: {chain: c9, deployment: old}|' own.yaml
	sed 's|"https.*/c9"|c9|' baseline.yaml >named.yaml
	gate no baseline baseline.yaml
	gate 0 named named.yaml
	gate no own own.yaml
	come_as_expected
}

@test "a recording says which chains a URL gives, and a replay judges the same" {
	printf 'version: 1\ntargets: [{name: a, chain: c9, deployment: d}, {name: b, chain: "%s/c9", deployment: d}]\nrules: [all chainlets ACTIVE]\n' "$chain" >targets.yaml
	run "$CHAINGATE" check targets.yaml --api-url "$SIM_URL" --timeout 2m --record r.ndjson --report json=live.json
	[ "$status" -ne 0 ]
	local code=$status
	[[ $(head -n 1 r.ndjson) == *'"chains":["c9","c9"],"by_id":[false,true]'* ]]
	run "$CHAINGATE" replay r.ndjson --report json=again.json
	[ "$status" -eq "$code" ]
	[ "$(jq -c '[.targets[] | [.name, .verdict, .chain_id]]' again.json)" = "$(jq -c '[.targets[] | [.name, .verdict, .chain_id]]' live.json)" ]
	# An older version took the id for a name. Its recording is no answer about the chain with that id.
	run -0 "$CHAINGATE" check --api-url "$SIM_URL" --chain c9 --deployment d --record old.ndjson
	sed -i "1s|\[\"chain\",\"c9\"\]|[\"chain\",\"${chain//\//\\/}/c9\"]|" old.ndjson
	run -2 "$CHAINGATE" replay old.ndjson
	[[ $output == *"'old.ndjson' has no answers for the chain 'c9'"* ]]
	# One about the chain with that id is.
	run -0 "$CHAINGATE" check --api-url "$SIM_URL" --chain x1 --deployment d --record old.ndjson
	run -0 "$CHAINGATE" replay old.ndjson --chain "$chain/x1"
	run -0 "$CHAINGATE" check --api-url "$SIM_URL" --chain "$chain/x1" --deployment d --record new.ndjson
	run -0 "$CHAINGATE" replay new.ndjson --chain x1
	run -0 "$CHAINGATE" replay new.ndjson
}

@test "status and shards take a chain in a URL for an id, too" {
	run ! "$CHAINGATE" status --api-url "$SIM_URL" --chain "$chain/c9"
	[[ $output == *"no chain has the id 'c9' that the URL gives"* ]]
	run -0 "$CHAINGATE" status --api-url "$SIM_URL" --chain c9
	run ! "$CHAINGATE" status --api-url "$SIM_URL" --model "$model/m9"
	[[ $output == *"no model has the id 'm9' that the URL gives"* ]]
	run -2 "$CHAINGATE" check --api-url "$SIM_URL" --chain rag --chain "$chain/c9" --latest --since any --shard 1/1
	[[ $output == *"no chain has the id 'c9', so it is in no shard"* ]]
	run -0 "$CHAINGATE" check --api-url "$SIM_URL" --chain rag --chain c9 --latest --since any --shard 1/1
}

@test "a policy test doesn't take a chain in a URL for another one" {
	target policy "{chain: \"$chain/c9\", deployment: d}"
	printf 'policy: policy.yaml\ntests:\n  - name: t\n    timeline:\n      - at: 0s\n        deployments: %s\n    expect: {verdict: passed}\n' \
		'[{id: d, chain_id: x1, status: ACTIVE, chainlets: [{name: R, status: ACTIVE, active_replica_count: 1, autoscaling_settings: {min_replica: 1, max_replica: 2}}]}]' >t.test.yaml
	run -1 "$CHAINGATE" test t.test.yaml
	sed 's/chain_id: x1/chain_id: c9/' t.test.yaml >u.test.yaml
	run -0 "$CHAINGATE" test u.test.yaml
	sed 's/chain_id: x1, //' t.test.yaml >v.test.yaml
	run -0 "$CHAINGATE" test v.test.yaml
}

@test "an id that is another chain's name is told from it, in messages and by --print-config" {
	run -2 --separate-stderr "$CHAINGATE" check --api-url "$SIM_URL" --chain c9 --chain "$chain/c9" --latest --since any
	[[ $stderr == *"two targets would be called 'c9/latest': 'c9' has this name, and no chain has the id 'c9' of '$chain/c9'"*"= help: leave out '$chain/c9', or correct the id in it"* ]]
	target policy "{chain: \"$chain/c9\", deployment: d}" "{chain: \"$chain/x1\", deployment: old}"
	run -0 "$CHAINGATE" check --print-config policy.yaml --api-url "$SIM_URL"
	grep -qE '^target\.chain +c9 \(id\) +policy$' <<<"$output"
	grep -qE '^target\.baseline\.chain +x1 \(id\) +policy$' <<<"$output"
	run -0 "$CHAINGATE" check --print-config policy.yaml --api-url "$SIM_URL" --chain c9
	grep -qE '^target\.chain +c9 +--chain$' <<<"$output"
	run -0 "$CHAINGATE" check --print-config --api-url "$SIM_URL" --model "$model/m1" --deployment f
	grep -qE '^target\.model +m1 \(id\) +--model$' <<<"$output"
}
