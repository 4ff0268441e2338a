#!/usr/bin/env bats
# labels.bats - rules about labels, in live runs, replays, saved bodies and policy tests. In virtual time.

load set_up
load virtual
load replayed

setup() {
	set_up
}

@test "a scenario and a policy test show the same labels" {
	local labels='{a: -1, b: 1.5, c: 007, d: [1, {x: no}], e: {}, f: "1", g: 1e3, h: true, i: ~}'
	cat >scenario.yaml <<-END
		models: [{id: m1, name: llama}]
		deployments: [{id: d, model: m1, created_at: -1m, status: ACTIVE, labels: $labels}]
	END
	start_world scenario.yaml
	"$CHAINGATE" status --model llama --body body.json >/dev/null
	[ "$(jq -c '.deployments[0].labels' body.json)" = '{"a":-1,"b":1.5,"c":"007","d":[1,{"x":"no"}],"e":{},"f":"1","g":1000,"h":true,"i":null}' ]
	printf 'policy: {version: 1, target: {model: llama, deployment: d}, rules: [label.c == "007"]}\ntests:\n  - {name: t, timeline: [{at: 0s, models: {llama: [{id: d, status: ACTIVE, active_replica_count: 1, autoscaling_settings: {min_replica: 1, max_replica: 1}, labels: %s}]}}], expect: {verdict: passed}}\n' "$labels" >test.yaml
	"$CHAINGATE" test test.yaml
	sed -i 's/g: 1e3/g: 1e999/' scenario.yaml
	run "$CHAINGATE" status --model llama
	[ "$status" -ne 0 ]
	[[ $output == *"a number or the whole is too large"* ]]
}

@test "a label that isn't there, or is no text, never passes" {
	cat >scenario.yaml <<-'END'
		models: [{id: m1, name: llama}]
		deployments:
		  - {id: d, model: m1, created_at: -1m, status: ACTIVE, labels: {team: search, tier: 1, "my-team": a, none: null}}
		  - {id: bare, model: m1, created_at: -1m, status: ACTIVE}
	END
	start_world scenario.yaml
	labelled() { # DEPLOYMENT RULE EXIT
		policy "{model: llama, deployment: $1}" "'all deployments have $2'"
		check_and_replay policy.yaml --timeout 2m
		[ "$status" -eq "$3" ]
	}
	labelled d 'label.team == "search"' 0
	labelled d 'label.team == "ads"' 1
	labelled d 'label."my-team" like "a*"' 0
	labelled d 'label.tier == "1"' 4
	[[ $output == *"label.tier"*"this label is no text that rules can compare"* ]]
	labelled d 'label.tier != "2"' 4
	labelled d 'label.tier is null' 4
	labelled d 'label.none is null' 0
	labelled bare 'label.team != "ads"' 4
	labelled bare 'label.team is not null' 1
	labelled bare 'label.team is null' 0
	"$CHAINGATE" status --model llama --format json >status.json
	jq -e '[.deployments[] | select(.id == "d") | .labels] == [{team: "search", tier: 1, "my-team": "a", none: null}]' status.json
	run "$CHAINGATE" eval --model llama --body status.json --deployment d 'label.tier is null'
	[ "$status" -eq 4 ]
	printf 'policy: {version: 1, target: {model: llama, deployment: d}, rules: [label.team == "a"]}\ntests:\n  - {name: t, timeline: [{at: 0s, models: {llama: [{id: d, status: ACTIVE, active_replica_count: 1, autoscaling_settings: {min_replica: 1, max_replica: 1}, labels: {team: a}}]}}], expect: {verdict: passed}}\n' >test.yaml
	"$CHAINGATE" test test.yaml
}

@test "where the API leaves out labels nobody knows whether there is one, in a saved body and in a recording, too" {
	cat >scenario.yaml <<-'END'
		models: [{id: m1, name: llama}]
		deployments: [{id: d, model: m1, created_at: -1m, status: ACTIVE, labels: {team: search}}, {id: bare, model: m1, created_at: -1m, status: ACTIVE}]
	END
	start_world scenario.yaml
	"$CHAINGATE" status --model llama --format json >status.json
	# Without labels the scenario says that there are none. Without the member nobody knows, in a saved body as well.
	jq -e '[.deployments[] | select(.id == "bare") | .labels] == [{}]' status.json
	run "$CHAINGATE" eval --model llama --body status.json --deployment bare 'label.tier is null'
	[ "$status" -eq 0 ]
	jq 'del(.deployments[] | select(.id == "bare") | .labels)' status.json >silent.json
	run "$CHAINGATE" eval --model llama --body silent.json --deployment bare 'no deployment has label.tier is not null'
	[ "$status" -eq 4 ]
	[[ $output == *"label.tier is unknown: the API doesn't say which labels there are"* ]]
	policy '{model: llama, deployment: bare}' 'label.team is null'
	check_and_replay policy.yaml
	[ "$status" -eq 0 ]
	sed 's/,\\"labels\\":null//' r.ndjson >silent.ndjson
	run "$CHAINGATE" replay silent.ndjson
	[ "$status" -eq 4 ]
	[[ $output == *"label.team is unknown: the API doesn't say which labels there are"* ]]
}

@test "of a deployment with more labels, or longer names, than are read, only the labels are unknown" {
	cat >scenario.yaml <<-'END'
		models: [{id: m1, name: llama}]
		deployments: [{id: d, model: m1, created_at: -1m, status: ACTIVE, labels: {team: search}}, {id: bare, model: m1, created_at: -1m, status: ACTIVE}]
	END
	start_world scenario.yaml
	"$CHAINGATE" status --model llama --format json >status.json
	jq '(.deployments[] | select(.id == "d") | .labels) += {("x" * 1025): "a"}' status.json >long.json
	jq '(.deployments[] | select(.id == "d") | .labels) += ([range(1000)] | map({(tostring): "a"}) | add)' status.json >many.json
	local body
	for body in long.json many.json; do
		run "$CHAINGATE" eval --model llama --body $body --deployment d 'all chainlets ACTIVE'
		[ "$status" -eq 0 ]
		run "$CHAINGATE" eval --model llama --body $body --deployment d 'all chainlets ACTIVE' 'label.none is null' 'label."0" is null' 'label.team != "ads"'
		[ "$status" -eq 4 ]
		[ "$(grep -c "label.* is unknown: the deployment has more labels, or longer names of labels, than are read" <<<"$output")" -eq 3 ]
	done
}

@test "chains have no labels" {
	cat >scenario.yaml <<-'END'
		chains: [{id: c1, name: rag}]
		deployments: [{id: q, chain: c1, created_at: -1m, chainlets: [{name: A, status: ACTIVE}]}]
	END
	start_world scenario.yaml
	policy '{chain: rag, deployment: q}' "'label.team == \"search\"'"
	run "$CHAINGATE" check policy.yaml
	[ "$status" -eq 2 ]
	[[ $("$CHAINGATE" lint policy.yaml 2>&1) == *"the rule tests nothing: the target is the chain 'rag', but the deployments of chains don't have label.team [constant-rule]"* ]]
	[[ $output == *"asks for label.team of the chain 'rag', but the deployments of chains don't have it"*"--model NAME"* ]]
}
