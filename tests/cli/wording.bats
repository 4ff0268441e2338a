#!/usr/bin/env bats
# wording.bats - foreign words in quotes end where they seem to end, counts of one read as English, and several policies share what one of them says.

load set_up
load virtual

# world STATUS: a chain with one deployment of one chainlet.
world() {
	printf 'chains: [{id: c1, name: rag}]\ndeployments: [{id: d, chain: c1, chainlets: [{name: R, autoscaling_settings: {min_replica: 1}, status: "%s", active_replica_count: 1}]}]\n' "$1" >scenario.yaml
	start_world scenario.yaml
}

# body STATUS: a body with one deployment.
body() {
	jq -n --arg s "$1" '{deployments: [{id: "d", chain_id: "c1", environment: null, created_at: "2026-01-01T00:00:00Z", status: $s, chainlets: [{id: "r", name: "R", status: $s, instance_type_name: "1x2", active_replica_count: 1,
		autoscaling_settings: {min_replica: 1, max_replica: 1, autoscaling_window: 60, scale_down_delay: 900, concurrency_target: 1, target_utilization_percentage: null}}]}]}' >body.json
}

@test "an unknown status that has quotes never seems to end early" {
	local -A shown=(["a'b"]="\"a'b\"" ["ACTIVE' and 'x"]="\"ACTIVE' and 'x\"" ["'\""]="'\\'\"'" ["a\\"]="'a\\\\'" ["a\"b"]="'a\"b'")
	for word in "${!shown[@]}"; do
		body "$word"
		run -4 "$CHAINGATE" eval 'all chainlets ACTIVE' --body body.json
		[[ $output == *"status is ${shown[$word]}, an unknown status"* ]]
		printf 'tests: [{name: t, policy: {version: 1, target: {chain: c1, deployment: d}, rules: [all chainlets ACTIVE]}, timeline: [{at: 0s, deployments: body.json}], expect: {verdict: passed}}]\n' >t.test.yaml
		run -1 "$CHAINGATE" test t.test.yaml
		[[ $output == *"R ${shown[$word]} for 1h"* ]]
	done
}

@test "reports quote such a status by the same rule, in notes, too" {
	world "a'b"
	run "$CHAINGATE" check --chain rag --deployment d --api-url "$SIM_URL" --timeout 2m --junit r.xml --report markdown=r.md --report github=r.txt --report json=r.json
	[ "$status" = 3 ] || [ "$status" = 4 ]
	[[ $output == *"has the status \"a'b\", which this version doesn't know"* ]]
	grep -qE "R (&quot;|\")a" r.xml
	jq -e '[.. | strings | select(contains("has the status \"a'"'"'b\", which"))] | length > 0' r.json
	! grep -F "'a'b'" r.xml r.md r.txt r.json || false
}

@test "one item reads as one" {
	body UPDATING
	run -1 "$CHAINGATE" eval 'all chainlets ACTIVE' --body body.json
	[[ $output == *"of 1 chainlet: true for 0, false for 1"* ]]
	run -2 "$CHAINGATE" eval 'all chainlets ACTIVE' --body body.json --deployment e
	[[ $output == *"the only deployment in the body isn't selected"* ]]
	printf 'tests:\n' >t.test.yaml
	for rule in 'any deployment ACTIVE' 'at least 1 chainlet not UPDATING' 'any chainlet has max_replica > 5'; do
		printf '  - {name: %s, policy: {version: 1, target: {chain: c1, deployment: d}, wait: {timeout: 0s}, rules: [%s]}, timeline: [{at: 0s, deployments: body.json}], expect: {rules: {"%s": pass}}}\n' "$rule" "$rule" "$rule" >>t.test.yaml
	done
	sed -i 's/UPDATING"/ACTIVE"/' body.json
	run -1 "$CHAINGATE" test t.test.yaml
	echo "$output" | tee out
	[[ $output == *"3 tests, "* ]]
	! grep -E '[^0-9]1 (tests|chainlets|deployments|rules|targets)' out || false
	world UNHEALTHY
	printf 'version: 1\ntarget: {chain: rag, deployment: d}\nrules: [any deployment ACTIVE, at least 1 chainlet not UNHEALTHY, any chainlet has max_replica > 50, any chainlet in unhealthy]\n' >policy.yaml
	run "$CHAINGATE" check policy.yaml --api-url "$SIM_URL" --report json=r.json
	[ "$status" = 1 ]
	echo "$output" | tee out
	! grep -E 'none of the 1|1 of 1|of the only|[^0-9]1 (chainlets|deployments|rules|targets)' out r.json || false
	grep -q "the only deployment is not ACTIVE" r.json
	grep -q "the only chainlet is UNHEALTHY" r.json
	grep -q "not true for the only chainlet" r.json
}

@test "with several policies, the timeout of one is the timeout of all warnings" {
	world ACTIVE
	printf 'version: 1\nwait: {timeout: 0s}\nrules: [all chainlets ACTIVE]\n' >a.yaml
	printf 'version: 1\nrules: [age > 30s]\n' >b.yaml
	run -0 --separate-stderr "$CHAINGATE" check --print-config b.yaml --chain rag --deployment d --api-url "$SIM_URL" --timeout 2m
	[[ $stderr == *"this can never be false"* ]]
	for order in 'a.yaml b.yaml' 'b.yaml a.yaml'; do
		# shellcheck disable=SC2086 # two names
		run -0 --separate-stderr "$CHAINGATE" check --print-config $order --chain rag --deployment d --api-url "$SIM_URL"
		[[ $stderr != *"can never be false"* ]]
	done
}

@test "a value of --set that one of several policies can't have is a mistake, whichever comes first" {
	printf 'version: 1\nparams: {least: 2, name: "x"}\nrules: [min_replica >= $least, name != $name]\n' >number.yaml
	printf 'version: 1\nparams: {least: 5m}\nrules: [age >= $least]\n' >duration.yaml
	run -2 "$CHAINGATE" lint number.yaml duration.yaml --set least=3
	[ "$(grep -c "the parameter 'least' is a duration, this is a number" <<<"$output")" = 1 ]
	run -2 "$CHAINGATE" lint duration.yaml number.yaml --set least=3
	[ "$(grep -c "the parameter 'least' is a duration, this is a number" <<<"$output")" = 1 ]
	run -2 "$CHAINGATE" lint number.yaml number.yaml --set name=$'\xff'
	[ "$(grep -c "the value is not UTF-8" <<<"$output")" = 1 ]
}
