#!/usr/bin/env bats
# environments.bats - targets with a role: what is asked for, what is said, and that a live run, its replay and a policy test agree. In virtual time.

load set_up
load virtual
load replayed

setup() {
	set_up
	scenarios=$BATS_TEST_DIRNAME/../scenario
}

# scenario: reads the rest of a scenario with one chain.
scenario() {
	{
		printf 'api_key: simulator-key\nchains:\n  - {id: 232p81ql, name: rag}\n'
		cat
	} >scenario.yaml
	start_world scenario.yaml
}

# deployment ID [STATUS [KEYS]]: prints a deployment of the scenario.
deployment() {
	echo "{id: $1, chain: 232p81ql, created_at: -1h${3:+, $3}, chainlets: [{name: Retriever, autoscaling_settings: {min_replica: 1}, status: ${2:-ACTIVE}}]}"
}

# gate ARGUMENT…: a gate of production with a recording, whose replay must give the same report but for `run`.
gate() {
	check_and_replay --chain rag --environment production --since any "$@"
}

@test "the stories" {
	run "$CHAINGATE" test "$scenarios/environments.test.yaml"
	echo "$output"
	[ "$status" = 0 ]
	[[ ${lines[-1]} == *" 0 failed" ]]
}

@test "a role asks for the environment alone, and the list isn't asked for" {
	scenario <<-END
		deployments:
		  - $(deployment old)
		  - $(deployment new FAILED "environment: production")
		environments:
		  - {chain: 232p81ql, name: production, current: old}
	END
	gate --role current
	[ "$status" = 0 ]
	[[ $output == *"passed: 2 rules on rag/production/current in 0m30s"* ]]
	[[ $stderr == *"the environment 'production' serves deployment 'old', but that deployment's field 'environment' names none"* ]]
	run ! grep -q '/deployments"' "$SIM_LOG"
	[ "$(grep -c '"/v1/chains/232p81ql/environments/production"' "$SIM_LOG")" -ge 4 ]
	grep -q '"role": "current"' r.json
	# Without a role the list decides, and it shows another deployment there.
	gate
	[ "$status" = 1 ]
	[[ $output == *"failed: "*"rag/production "* ]]
	run ! grep -q '/environments/' <(tail -n 1 "$SIM_LOG")
}

@test "two targets and a baseline of one environment share its request" {
	scenario <<-END
		deployments:
		  - $(deployment old)
		  - $(deployment new)
		environments:
		  - {chain: 232p81ql, name: production, current: old, candidate: new}
	END
	cat >policy.yaml <<-END
		version: 1
		baseline: {environment: production, role: current}
		targets:
		  - {name: served, chain: rag, environment: production, role: current, since: any, baseline: {environment: production, role: candidate}}
		  - {name: coming, chain: rag, environment: production, role: candidate, since: any}
		rules: [min_replica >= baseline.min_replica]
	END
	run --separate-stderr "$CHAINGATE" check policy.yaml --stable-for 0s
	show
	[ "$status" = 0 ]
	[ "$(sim_requests)" = 2 ]
}

@test "the wrong turns of an expected deployment, in words" {
	scenario <<-END
		deployments:
		  - $(deployment old)
		  - $(deployment new)
		environments:
		  - {chain: 232p81ql, name: production, current: old, candidate: {0s: null, 30s: new, 3m: null}}
	END
	gate --expect-deployment new
	[ "$status" = 1 ]
	[[ $output == *"'production' serves deployment 'old', not 'new'"* ]]
	[[ $stderr == *"nothing is selected"*"the current deployment of 'production' is 'old'"* ]]
	[[ $stderr == *"waiting: the promotion of deployment 'new' to environment 'production' to end, for 1m0"* ]]
	[[ $stderr != *"was promoted"* ]]
	grep -q '<failure[^>]*type="UnexpectedDeployment"' r.xml
	grep -q "message=\"&apos;production&apos; serves deployment &apos;old&apos;, not &apos;new&apos;\"" r.xml ||
		grep -q "message=\"'production' serves deployment 'old', not 'new'\"" r.xml
	grep -q '"expect_deployment": "new"' r.json
	grep -q "serves deployment 'old', not 'new'" r.json
}

@test "a promotion that ends is noted, and the expected deployment passes" {
	scenario <<-END
		deployments:
		  - $(deployment old)
		  - $(deployment new)
		environments:
		  - {chain: 232p81ql, name: production, current: {0s: old, 2m: new}, candidate: {0s: new, 2m: null}}
	END
	gate --expect-deployment new
	[ "$status" = 0 ]
	[[ $stderr == *"deployment 'new' was promoted: the environment 'production' serves it now"* ]]
	gate --role candidate --stable-for 3m
	[ "$status" = 0 ]
	[[ $stderr == *"deployment 'new' was promoted: the environment 'production' serves it now"* ]]
	[[ $output == *"passed: 2 rules on rag/production/candidate in 3m"* ]]
}

@test "an environment that isn't there" {
	scenario <<-END
		deployments:
		  - $(deployment old)
	END
	gate --role current
	[ "$status" = 5 ]
	[[ $output == *"the environment 'production' of the chain 'rag' was not found: 404 (Environment not found)"* ]]
	[[ $output == *"Check the environment's name"* ]]
	grep -q 'type="NotFound"' r.xml
}

@test "a 404 without words is about what was asked for" {
	scenario <<-END
		deployments:
		  - $(deployment old)
		faults:
		  - {at: 0s, path: /environments/, http: 404, text: ""}
	END
	gate --role current
	[ "$status" = 5 ]
	[[ $output == *"the environment 'production' of the chain 'rag' was not found: 404"* ]]
	local baseline
	for baseline in '{environment: production, role: current}' '{chain: rag, environment: production, role: candidate}' '{chain: 232p81ql, environment: production, role: current}'; do
		printf '%s\n' 'version: 1' "baseline: $baseline" 'target: {chain: rag, deployment: old}' 'rules: [min_replica >= baseline.min_replica]' >policy.yaml
		run --separate-stderr "$CHAINGATE" check policy.yaml --timeout 1m
		show
		[ "$status" = 4 ]
		[[ $stderr == *"there is no baseline: there is no environment 'production' of the chain '"[r2]* ]]
	done
}

@test "hostile answers about an environment never pass" {
	local body
	for body in truncated garbage html empty duplicate_keys wrong_type huge reset stall; do
		scenario <<-END
			deployments:
			  - $(deployment old)
			environments:
			  - {chain: 232p81ql, name: production, current: old}
			faults:
			  - {at: 0s, path: /environments/, body: $body}
		END
		gate --role current --timeout 5m
		[ "$status" = 5 ]
	done
	local text
	for text in '{"deployments": []}' '{"name": "production"}' 'null'; do
		scenario <<-END
			deployments:
			  - $(deployment old)
			environments:
			  - {chain: 232p81ql, name: production, current: old}
			faults:
			  - {at: 0s, path: /environments/, http: 200, text: '$text'}
		END
		gate --role current --timeout 5m
		[ "$status" = 5 ]
		[[ $output == *"malformed"*"is missing"* || $output == *"malformed"*"is null"* ]]
	done
}

@test "the key that is refused for an environment ends the run" {
	scenario <<-END
		deployments:
		  - $(deployment old)
		environments:
		  - {chain: 232p81ql, name: production, current: old}
		faults:
		  - {at: 0s, path: /environments/, http: 403}
	END
	gate --role current
	[ "$status" = 5 ]
	[[ $output == *"the API refused the key"* ]]
}

@test "what makes no sense is refused before anything is polled" {
	scenario <<-END
		deployments:
		  - $(deployment old)
	END
	refused() {
		run --separate-stderr "$CHAINGATE" check --chain rag --since any "$@"
		show
		[ "$status" = 2 ]
	}
	refused --deployment old --role current
	[[ $stderr == *"a role is only for an environment"* ]]
	refused --latest --expect-deployment old
	[[ $stderr == *"the deployment 'old' can only be expected of an environment, as its current deployment"* ]]
	refused --environment production --role candidate --expect-deployment old
	refused --environment production --role any --expect-deployment old
	refused --environment production --role serving
	[[ $stderr == *"any, current or candidate"* || $stderr == *"any|current|candidate"* ]]
	refused --environment production --expect-deployment ''
	[[ $stderr == *"--expect-deployment is empty"* ]]
	refused --environment '' --role current
	printf 'version: 1\ntarget: {environment: production, expect_deployment: old, since: any}\nrules: [all chainlets ACTIVE]\n' >p.yaml
	refused p.yaml --deployment old
	[[ $stderr == *"can only be expected of an environment"* ]]
	printf 'version: 1\ntargets: [{name: a, chain: rag, environment: production, since: any}]\nrules: [all chainlets ACTIVE]\n' >p.yaml
	run --separate-stderr "$CHAINGATE" check p.yaml --role current
	[ "$status" = 2 ]
	[[ $stderr == *"--role does not go with a policy that has 'targets'"* ]]
	[ "$(sim_requests)" = 0 ]
}

@test "a rule about promotions needs a role" {
	scenario <<-END
		deployments:
		  - $(deployment old ACTIVE "environment: production")
		environments:
		  - {chain: 232p81ql, name: production, current: old}
	END
	printf 'version: 1\nrules: [not environment.promoting]\n' >p.yaml
	run --separate-stderr "$CHAINGATE" check p.yaml --chain rag --environment production --since any
	show
	[ "$status" = 2 ]
	[[ $stderr == *"the rule 'not environment.promoting' asks for what only the environment itself says"* ]]
	[ "$(sim_requests)" = 0 ]
	gate p.yaml --role current
	[ "$status" = 0 ]
	printf 'version: 1\nbaseline: {environment: production}\nrules: [{assert: all chainlets ACTIVE, when: all deployments have not baseline.deployment.environment.promoting}]\n' >p.yaml
	run --separate-stderr "$CHAINGATE" check p.yaml --chain rag --deployment old
	[ "$status" = 2 ]
	[[ $stderr == *"give the baseline a role: {environment: NAME, role: current}"* ]]
}

@test "--print-config shows the role and the expected deployment" {
	scenario <<-END
		deployments:
		  - $(deployment old)
	END
	run "$CHAINGATE" check --chain rag --environment production --since any --expect-deployment old --print-config
	[ "$status" = 0 ]
	[[ $output == *"target.select"*"environment production, current, expecting deployment old"* ]]
	printf 'version: 1\ntarget: {environment: production, role: current, since: any}\nrules: [all chainlets ACTIVE]\n' >p.yaml
	# Another environment keeps the role; another selection, or --role any, doesn't.
	run "$CHAINGATE" check p.yaml --chain rag --environment staging --print-config
	[[ $output == *"environment staging, current "* ]]
	run "$CHAINGATE" check p.yaml --chain rag --role any --print-config
	[[ $output == *"environment production "* ]]
	run "$CHAINGATE" check p.yaml --chain rag --deployment old --print-config
	[[ $output == *"target.select"*"deployment old "* ]]
}

@test "an address is taken as the expected deployment, and must be of the chain" {
	scenario <<-END
		deployments:
		  - $(deployment old)
		environments:
		  - {chain: 232p81ql, name: production, current: old}
	END
	gate --expect-deployment https://app.baseten.co/chains/232p81ql/logs/old
	[ "$status" = 0 ]
	run --separate-stderr "$CHAINGATE" check --chain rag --environment production --since any \
		--expect-deployment https://app.baseten.co/chains/other/logs/old
	show
	[ "$status" = 2 ]
	[[ $stderr == *"two chains are named"* ]]
}

@test "an expected deployment is an id, whole and as the API writes it" {
	local other
	scenario <<-END
		deployments:
		  - $(deployment new)
		environments:
		  - {chain: 232p81ql, name: production, current: new}
	END
	for other in ne NEW ' new' latest; do
		gate --expect-deployment "$other"
		[ "$status" = 1 ]
		[[ $output == *"'production' serves deployment 'new', not '$other'"* ]]
	done
	run --separate-stderr "$CHAINGATE" check --chain rag --environment production --since any --expect-deployment https://app.baseten.co/chains/232p81ql/overview
	show
	[ "$status" = 2 ]
	[[ $stderr == *"the URL of a chain's overview names no deployment"* ]]
}

@test "a role of several chains: each environment is judged, and one that serves nothing is waited for" {
	local role passes waits
	printf '%s\n' 'api_key: simulator-key' 'chains: [{id: c1, name: a}, {id: c2, name: b}]' 'deployments:' \
		'  - {id: old, chain: c1, created_at: -1h, chainlets: [{name: A, status: ACTIVE}]}' '  - {id: new, chain: c2, created_at: -1h, chainlets: [{name: A, status: ACTIVE}]}' \
		'environments:' '  - {chain: c1, name: production, current: old}' '  - {chain: c2, name: production, current: null, candidate: new}' >world.yaml
	start_world world.yaml
	while read -r role passes waits; do
		run "$CHAINGATE" check --all-chains --environment production --role "$role" --since any --timeout 2m --quiet
		show
		[ "$status" = 3 ]
		[[ $output == *"passed: 2 rules on $passes/production/$role in "* ]]
		[[ $output == *"timed_out: 2 rules on $waits/production/$role in 2m00s"*"waiting for a $role deployment of environment 'production'"* ]]
	done <<-'END'
		current a b
		candidate b a
	END
	run --separate-stderr "$CHAINGATE" check --all-chains --environment production --since any --expect-deployment old
	show
	[ "$status" = 2 ]
	[[ $stderr == *"the expected deployment 'old' is in one chain, but several chains are to be watched"* ]]
}

@test "a recording without the environment can't be judged by its role" {
	scenario <<-END
		deployments:
		  - $(deployment old ACTIVE "environment: production")
	END
	gate
	[ "$status" = 0 ]
	printf 'version: 1\ntarget: {chain: rag, environment: production, role: current, since: any}\nrules: [all chainlets ACTIVE]\n' >p.yaml
	run --separate-stderr "$CHAINGATE" replay r.ndjson --policy p.yaml
	show
	[ "$status" = 2 ]
	[[ $stderr == *"no answers about the environment 'production' of the chain 'rag'"* ]]
}

@test "eval refuses a policy that selects by a role, because a body is a list" {
	echo '{"deployments": []}' >body.json
	printf 'version: 1\ntarget: {environment: production, role: current, since: any}\nrules: [all chainlets ACTIVE]\n' >p.yaml
	run --separate-stderr "$CHAINGATE" eval --policy p.yaml --body body.json
	[ "$status" = 2 ]
	[[ $stderr == *"selects by a role in an environment, but a body is a list"* ]]
}

@test "status shows what an environment serves" {
	scenario <<-END
		deployments:
		  - $(deployment old)
		  - $(deployment new DEPLOYING "environment: production")
		environments:
		  - {chain: 232p81ql, name: production, current: old, candidate: new}
	END
	run --separate-stderr "$CHAINGATE" status --chain rag --environment production --role current
	[ "$status" = 0 ]
	[[ $output == *old* && $output != *new* ]]
	run --separate-stderr "$CHAINGATE" status --chain rag --environment production --role candidate --format json
	[ "$status" = 0 ]
	[[ $output == *'"new"'* && $output != *'"old"'* ]]
	run --separate-stderr "$CHAINGATE" status --chain rag --environment production
	[[ $output == *new* && $output != *old* ]]
	run --separate-stderr "$CHAINGATE" status --chain rag --environment staging --role current
	[ "$status" = 5 ]
	[[ $stderr == *"HTTP 404"* ]]
	run --separate-stderr "$CHAINGATE" status --chain rag --latest --role current
	[ "$status" = 2 ]
}
