#!/usr/bin/env bats
# policies.bats - how a policy and the command line combine: parameters, baselines, several targets, several policies.

load set_up
file_world=two_chains.yaml

setup() {
	set_up
}

# check ARGUMENT…: a gate; stdin is the policy, unless an argument names one.
check() {
	run --separate-stderr "$CHAINGATE" check --api-url "$SIM_URL" --interval 200ms --stable-for 400ms --junit r.xml "$@"
	show
	xmllint --noout r.xml
}

staging=(--chain rag --environment staging --since any)

@test "a parameter has its default, and --set overrides it" {
	cat >p.yaml <<-'END'
		version: 1
		params: {replicas: 2}
		rules: [min_replica >= $replicas]
	END
	check p.yaml "${staging[@]}"
	[ "$status" = 0 ]
	check p.yaml "${staging[@]}" --set replicas=3
	[ "$status" = 1 ]
	[[ $output == *'^^^^^^^^^^^ 2'* ]]
	[[ $output == *'^^^^^^^^^ 3    chainlet Retriever'* ]]
	check p.yaml "${staging[@]}" --set replicas=1
	[ "$status" = 0 ]
}

@test "two values for one parameter are refused, also if they are the same" {
	printf 'version: 1\nparams: {n: 2, m: 2}\nrules: [min_replica >= $n, max_replica >= $m]\n' >p.yaml
	run -2 "$CHAINGATE" lint p.yaml --set n=9 --set m=1 --set n=1
	[[ $output == *"--set gives the parameter 'n' twice: '9' and '1'"*"leave one of them out"* ]]
	run -2 "$CHAINGATE" check p.yaml "${staging[@]}" --set n=1 --set n=1 --print-config
	[[ $output == *"gives the parameter 'n' twice"* ]]
	run -2 "$CHAINGATE" eval 'min_replica >= $n' --body gone.json --set n=1 --set n=2
	[[ $output == *"gives the parameter 'n' twice"* ]]
	run -0 "$CHAINGATE" lint p.yaml --set n=9 --set m=1
}

@test "an unknown parameter, or a value of another type, is refused" {
	cat >p.yaml <<-'END'
		version: 1
		params: {replicas: 2}
		rules: [min_replica >= $replicas]
	END
	check p.yaml "${staging[@]}" --set replica=3
	[ "$status" = 2 ]
	[[ $stderr == *"the policy has no parameter 'replica'"*"a parameter has a similar name: replicas"* ]]
	check p.yaml "${staging[@]}" --set replicas=5m
	[ "$status" = 2 ]
	[[ $stderr == *"the parameter 'replicas' is a number, this is a duration"* ]]
	[ ! -s "$SIM_LOG" ]
}

@test "a baseline of the same chain is in the same answer" {
	cat >p.yaml <<-'END'
		version: 1
		baseline: {environment: production}
		rules: [min_replica >= baseline.active_replica_count]
	END
	check p.yaml "${staging[@]}"
	[ "$status" = 1 ]
	[[ $output == *'^^^^^^^^^^^ 2  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 4    chainlet Retriever'* ]]
	polls=$(grep -o '[0-9]* polls' <<<"$output")
	# one request for the chain's id, then one a poll
	[ "$(wc -l <"$SIM_LOG")" -eq $((${polls% polls} + 1)) ]
}

@test "the command line can give a policy a baseline" {
	cat >p.yaml <<-'END'
		version: 1
		rules: [min_replica >= baseline.min_replica]
	END
	check p.yaml "${staging[@]}"
	[ "$status" = 2 ]
	[[ $stderr == *"there is no baseline to compare with"* ]]
	check p.yaml "${staging[@]}" --baseline-environment production
	[ "$status" = 0 ]
	check p.yaml "${staging[@]}" --baseline-environment nowhere --timeout 4s
	[ "$status" = 4 ]
	[[ $output == *"missing: no deployment is in environment 'nowhere'"* ]]
}

@test "a baseline of another chain is asked at the same time" {
	cat >p.yaml <<-'END'
		version: 1
		target: {chain: rag, environment: staging, since: any}
		baseline: {chain: search, environment: production}
		rules: [min_replica > baseline.min_replica]
	END
	check p.yaml
	[ "$status" = 0 ]
	sed -i 's/search/missing/' p.yaml
	check p.yaml --timeout 4s
	[ "$status" = 4 ]
	[[ $output == *"missing: no chain has the id or name 'missing'; the key can see 'rag', 'search'"* ]]
}

@test "several targets in one run, each with its own parameters and rules" {
	cat >p.yaml <<-'END'
		version: 1
		baseline: {environment: production}
		params: {replicas: 2}
		targets:
		  - {name: retrieval, chain: rag, environment: staging, since: any}
		  - name: search
		    chain: search
		    deployment: searchnew
		    params: {replicas: 1}
		    rules: [max_replica == baseline.max_replica]
		rules: [min_replica >= $replicas]
	END
	check p.yaml
	[ "$status" = 0 ]
	[[ $output == *"passed: 1 rule on retrieval in"*"passed: 2 rules on search in"* ]]
	[ "$(xmllint --xpath 'count(//testsuite)' r.xml)" = 2 ]
	check p.yaml --set replicas=2
	[ "$status" = 1 ]
	[[ $output == *"passed: 1 rule on retrieval in"*"failed: 1 of 2 rules on search in"* ]]
	check p.yaml --chain rag
	[ "$status" = 2 ]
	[[ $stderr == *"--chain does not go with a policy that has 'targets'"* ]]
}

@test "a target has a deadline of its own" {
	cat >p.yaml <<-'END'
		version: 1
		targets:
		  - {name: quick, chain: rag, deployment: ragnew, rules: [{assert: min_replica > 5, within: 1h}], wait: {timeout: 2s}}
		  - {name: slow, chain: search, deployment: searchnew, rules: [{assert: all chainlets ACTIVE, hold: 3s}]}
	END
	check p.yaml --timeout 20s
	[ "$status" = 3 ]
	[[ $output == *"timed_out: 1 rule on quick in 0m02s"*"not decided within 2s"* ]]
	[[ $output == *"passed: 1 rule on slow"* ]]
}

@test "several policies are one gate" {
	cat >a.yaml <<-'END'
		version: 1
		target: {chain: rag, environment: staging, since: any}
		rules: [all chainlets ACTIVE]
	END
	cat >b.yaml <<-'END'
		version: 1
		rules: [min_replica > 2]
	END
	check a.yaml
	[ "$status" = 0 ]
	check a.yaml b.yaml
	[ "$status" = 1 ]
	[[ $output == *"PASS  all chainlets ACTIVE"*"FAIL  min_replica > 2  (b.yaml:2)"* ]]
	check a.yaml a.yaml
	[ "$status" = 2 ]
	[[ $stderr == *"two rules are called 'all chainlets ACTIVE'"* ]]
}

@test "a warning about a time of several policies is in the file that gives the time" {
	# The rules' file is longer than the other's, so that a place of one is none, or another line, in the other.
	printf 'version: 1\ntarget: {chain: rag, environment: staging, since: any}\nrules: [all chainlets ACTIVE]\n' >rules.yaml
	local key place
	for key in stable_for discover_for; do
		printf 'version: 1\n\n\n\n\nwait:\n  %s: 30s\nrules: [min_replica > 0]\n' "$key" >times.yaml
		for place in "rules.yaml times.yaml" "times.yaml rules.yaml"; do
			# shellcheck disable=SC2086 # two files
			run --separate-stderr "$CHAINGATE" check $place --api-url http://127.0.0.1:1 --timeout 1s --interval 200ms
			show
			[[ $stderr == *"times.yaml:7:"*"warning: the timeout of 1s leaves no time for $key: 30s"* ]]
			[[ $stderr != *"rules.yaml:"[0-9]* ]]
		done
	done
	printf 'version: 1\n\n\n\n\nwait:\n  timeout: 1s\nrules: [min_replica > 0]\n' >times.yaml
	for place in "rules.yaml times.yaml" "times.yaml rules.yaml"; do
		# shellcheck disable=SC2086 # two files
		run --separate-stderr "$CHAINGATE" check $place --api-url http://127.0.0.1:1 --interval 200ms
		show
		[[ $stderr == *"times.yaml:7:"*"warning: the timeout of 1s leaves no time for stable_for: 30s"* ]]
		[[ $stderr != *"rules.yaml:"[0-9]* ]]
	done
}

@test "the command line's waiting times are suspected, too: too short a stable_for, too long an interval, but not of a single look" {
	printf 'version: 1\ntarget: {chain: rag, environment: staging, since: any}\nrules: [all chainlets ACTIVE]\n' >p.yaml
	local options
	for options in "--stable-for 0s" "--stable-for 15s --interval 10s" "--interval 16s"; do
		# shellcheck disable=SC2086 # a list
		run --separate-stderr "$CHAINGATE" check p.yaml --api-url http://127.0.0.1:1 --timeout 1s $options
		show
		[[ $stderr == *"warning: stable_for: "*" is less than two intervals of "*": a quiet moment could pass [short-stable-for]"* ]]
	done
	for options in "--stable-for 0s --timeout 0s" "--stable-for 20s --interval 10s --timeout 1s"; do
		# shellcheck disable=SC2086 # a list
		run --separate-stderr "$CHAINGATE" check p.yaml --api-url http://127.0.0.1:1 $options
		show
		[[ $stderr != *"short-stable-for"* ]]
	done
}

@test "a never and a skipped rule are in the verdict and in the report" {
	cat >p.yaml <<-'END'
		version: 1
		rules:
		  - all chainlets ACTIVE
		  - {name: many, assert: active_replica_count > 7, when: count(chainlets) > 3}
		  - {name: none asleep, never: any chainlet FAILED, during: 600ms}
	END
	check p.yaml "${staging[@]}"
	[ "$status" = 0 ]
	[[ $output == *"SKIP  many  (p.yaml:4)"*"PASS  none asleep"* ]]
	[ "$(xmllint --xpath 'string(//testsuite/@skipped)' r.xml)" = 1 ]
	[[ $(xmllint --xpath 'string(//skipped/@message)' r.xml) == "skipped by its 'when'; "*"count(chainlets) is 1"* ]]
}

@test "lint and eval know parameters and baselines, too" {
	cat >p.yaml <<-'END'
		version: 1
		params: {replicas: 2}
		rules: ["min_replica >= baseline.min_replica * $replicas"]
	END
	run "$CHAINGATE" lint p.yaml
	[ "$status" = 2 ]
	run "$CHAINGATE" lint p.yaml --baseline-environment production --set replicas=3
	echo "$output"
	[ "$status" = 0 ]
	run "$CHAINGATE" lint p.yaml --baseline-environment production --set replica=3
	[ "$status" = 2 ]
	run "$CHAINGATE" eval "all chainlets where deployment.id == \"dnew\" have min_replica >= baseline.min_replica * \$n" --set n=2 \
		--baseline-environment production --body "$BATS_TEST_DIRNAME/../fixtures/mixed.json"
	echo "$output"
	[ "$status" = 1 ]
	run "$CHAINGATE" eval "min_replica >= 1" --set n --body "$BATS_TEST_DIRNAME/../fixtures/mixed.json"
	[ "$status" = 2 ]
}

@test "a gate warns as lint does, of the target that the command line selects" {
	cat >self.yaml <<-'END'
		version: 1
		target: {chain: rag, environment: staging, since: any}
		baseline: {environment: production}
		rules: [min_replica >= baseline.min_replica]
	END
	run "$CHAINGATE" lint self.yaml
	[ "$output" = "self.yaml: 1 rule, no mistakes" ]
	check self.yaml --timeout 0s --environment production
	[ "$status" = 4 ]
	[[ $stderr == *"self.yaml:2:9: warning: the target is its own baseline"*"[self-compared]"* ]]
}

# One process for each of the three; --print-config joins the policies as a gate does, and asks nobody.
@test "policies/README.md: each policy of one chain joins with those that it can be used with, by path and by name" {
	local base command words
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	command=$(grep -m 1 "^    chaingate check" policies/README.md)
	grep -qF "Use one of ready.yaml, scale-to-zero.yaml and production.yaml, and with it any of promote.yaml, soak.yaml and cost.yaml." policies/README.md
	read -ra words <<<"$command"
	run "$CHAINGATE" "${words[@]:1}" --print-config
	[ "$status" -eq 0 ] || { echo "$output" && return 1; }
	for base in ready scale-to-zero production; do
		run "$CHAINGATE" check "@$base" @promote @soak @cost --chain rag --deployment ID --print-config
		[ "$status" -eq 0 ] || { echo "$output" && return 1; }
	done
	for base in policies/*.yaml; do
		[[ $base == *.test.yaml ]] && continue
		command=$(sed -n 's/^#   chaingate check/check/p' "$base")
		[ -n "$command" ] || { echo "no command is in $base" && return 1; }
		read -ra words <<<"$command"
		run "$CHAINGATE" "${words[@]}" --print-config
		[ "$status" -eq 0 ] || { echo "$output" && return 1; }
	done
}
