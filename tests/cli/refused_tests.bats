#!/usr/bin/env bats
# refused_tests.bats - what a gate refuses before it asks the API, a policy test of the same target refuses, too: else a policy would pass its tests, and its gate would never run.

load set_up
file_world=none

chain='deployments: [{id: d1, status: ACTIVE, chainlets: [{name: A, status: ACTIVE, active_replica_count: 1, autoscaling_settings: {min_replica: 1, max_replica: 1}}]}]'
model='models: {llama: [{id: d1, status: ACTIVE, active_replica_count: 1, autoscaling_settings: {min_replica: 1, max_replica: 1}}]}'

# both WORDS POLICY TEST'S-TARGET SHOWN OPTION…: the test (without a target if that is empty) and `check` both exit with 2, with the words.
both() {
	local words=$1
	printf '%s\n' "$2" >policy.yaml
	printf 'policy: policy.yaml\ntests:\n  - name: t\n%s    timeline: [{at: 0s, %s}]\n    expect: {verdict: passed}\n' "${3:+    target: $3$'\n'}" "$4" >t.test.yaml
	run --separate-stderr "$CHAINGATE" test t.test.yaml
	[ "$status" = 2 ] && [[ $stderr == *"$words"* ]] || { echo "test: $words"; show; return 1; }
	run --separate-stderr "$CHAINGATE" check policy.yaml "${@:5}" </dev/null
	[ "$status" = 2 ] && [[ $stderr == *"$words"* ]] || { echo "check: $words"; show; return 1; }
}

# policy TARGET [KEYS [RULE]]: a policy.
policy() {
	printf "version: 1\n%starget: %s\nrules: [%s]\n" "${2:+$2$'\n'}" "$1" "${3:-all chainlets ACTIVE}"
}

@test "a chain or model of the other kind than the policy's" {
	both "names the model 'llama', but the policy's target is the chain 'rag'" "$(policy '{chain: rag, deployment: d1}')" '{model: llama, deployment: d1}' "$model" --model llama --deployment d1
	both "names the chain 'rag', but the policy's target is the model 'llama'" "$(policy '{model: llama, deployment: d1}')" '{chain: rag}' "$chain" --chain rag
	both "is of a model's deployment, but" "$(policy '{chain: rag, deployment: d1}')" '{deployment: "https://app.baseten.co/models/m1/logs/d1"}' "$chain" --deployment https://app.baseten.co/models/m1/logs/d1
	both "names the model 'm1', but the policy's target is the chain 'c1'" "$(policy '{deployment: "https://app.baseten.co/chains/c1/logs/d1"}')" '{deployment: "https://app.baseten.co/models/m1/logs/d1"}' "${model/llama/m1}" --deployment https://app.baseten.co/models/m1/logs/d1
	both "the target is a chain, but the policy's baseline is the model 'twin'" "$(policy '{deployment: d1}' 'baseline: {model: twin, deployment: e}')" '{chain: c}' "$chain" --chain c
}

@test "rules that nothing could answer" {
	both "asks for label.a of the chain 'c', but the deployments of chains don't have it" "$(policy '{deployment: d1}' '' 'label.a is null')" '{chain: c}' "$chain" --chain c
	both "the rule 'other' asks for label.a of the chain 'c', but the deployments of chains don't have it" "$(policy '{chain: c, deployment: d1}' '' 'all chainlets ACTIVE, {name: other, assert: all chainlets ACTIVE, when: label.a is null, severity: warning}')" '' "$chain"
	both "asks for is_development of the chain 'c', but" "$(policy '{chain: c, deployment: d1}' '' 'no deployment has is_development == true')" '' "$chain"
	both "asks for deployment.model_id of the chain 'c', but" "$(policy '{chain: c, deployment: d1}' '' 'all chainlets ACTIVE, all chainlets have deployment.model_id == "m" or deployment.id == "d1"')" '' "$chain"
	both "asks for chain_id of the model 'llama', but the deployments of models don't have it" "$(policy '{model: llama, deployment: d1}' '' 'chain_id != "x"')" '' "$model"
	both "asks for what only the environment itself says" "$(policy '{chain: c, deployment: d1}' '' 'all chainlets ACTIVE, {assert: not environment.promoting, severity: warning}')" '' "$chain"
}

@test "a role or an expected deployment without an environment" {
	both "the deployment 'd1' can only be expected of an environment" "$(policy '{chain: c, deployment: d1}')" '{expect_deployment: d1}' "$chain" --expect-deployment d1
	both "a role is only for an environment" "$(policy '{chain: c, deployment: d1}')" '{role: current}' "$chain" --role current
}

@test "what is in one chain only, in a target of several" {
	both "the deployment 'd1' is in one chain, but several chains are to be watched" "$(policy '{deployment: d1}')" '{chain: "c*"}' "$chain" --chain 'c*'
	both "the baseline names the chain 'c'" "$(policy '{all: true, since: any}' 'baseline: {chain: c, deployment: d0}')" '{chain: "c*"}' "$chain" --chain 'c*'
	both "cannot be read as a glob" "$(policy '{all: true, since: any}')" '{chain: "c["}' "$chain" --chain 'c['
	both "the model 'llama' cannot be watched together with a glob of chains" "version: 1
targets: [{name: a, model: llama, deployment: d1}, {name: b, chain: 'c*', latest: true, since: any}]
rules: [all deployments ACTIVE]" '' "$chain, $model"
}

@test "a selection beside targets" {
	both "does not go with a policy that has 'targets'" "version: 1
targets: [{name: a, chain: c, deployment: d1}]
rules: [all chainlets ACTIVE]" '{deployment: d1}' "$chain" --deployment d1
}

# No option completes `targets`.
@test "targets that lack something" {
	local rest
	for rest in 'deployment: d1:no chain or model to watch is given' 'chain: c:no selection says which deployments to watch' 'chain: c, latest: true:to watch the latest deployment' \
		'chain: c, environment: e:to watch an environment' 'model: llama, all: true:to watch all deployments'; do
		both "${rest##*:}" "version: 1
targets: [{name: a, chain: c, deployment: d1}, {name: b, ${rest%:*}}]
rules: [all deployments ACTIVE]" '' "$chain, $model"
	done
}

@test "what the gate accepts, a test accepts" {
	printf 'policy: {version: 1, target: {deployment: d1}, rules: [all chainlets ACTIVE]}\ntests:\n' >t.test.yaml
	printf '  - {name: %s, target: {%s}, timeline: [{at: 0s, %s}], expect: {verdict: passed}}\n' a 'chain: c' "$chain" b 'model: llama' "$model" >>t.test.yaml
	"$CHAINGATE" test t.test.yaml
}

@test "where nobody names a chain, no message names one" {
	printf 'policy: {version: 1, rules: [RULE]}\ntests:\n  - {name: t, timeline: [{at: 0s, %s}], expect: {verdict: passed}}\n' "$chain" >template
	sed 's/RULE/"label.a is null"/' template >t.test.yaml
	run -2 --separate-stderr "$CHAINGATE" test t.test.yaml
	[[ $stderr == *"asks for label.a of the chain, but the deployments of chains don't have it"* ]]
	sed 's/RULE/all chainlets ACTIVE/; s/deployments: .*\], exp/models: {m: []}}], exp/' template >t.test.yaml
	run -2 --separate-stderr "$CHAINGATE" test t.test.yaml
	[[ $stderr == *"this shows a model, but the test watches a chain"* ]]
	sed 's/RULE/all chainlets ACTIVE/; s/deployments: \[/&{id: a, status: ACTIVE, chain_id: x, chainlets: []}, /' template >t.test.yaml
	run -2 --separate-stderr "$CHAINGATE" test t.test.yaml
	[[ $stderr == *"deployments of several chains, and nothing says which chain is watched"* ]]
	sed 's/RULE/all chainlets ACTIVE/; s/verdict: passed/verdict: failed/' template >t.test.yaml
	run -1 --separate-stderr "$CHAINGATE" test t.test.yaml
	[[ $output$stderr != *"'chain'"* && $output != *chain/* ]]
}
