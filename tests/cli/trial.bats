#!/usr/bin/env bats
# trial.bats - chaingate test: the tests' language, their failures, and mistakes in them.

load set_up
file_world=none

setup() {
	set_up
	cat >policy.yaml <<-'END'
		version: 1
		params: {replicas: 1}
		wait: {timeout: 5m}
		rules:
		  - all chainlets ACTIVE
		  - name: enough
		    assert: min_replica >= $replicas
	END
}

# try EXIT [OPTION…]: runs the tests from stdin.
try() {
	local expected=$1
	shift
	cat >t.test.yaml
	run "$CHAINGATE" test t.test.yaml "$@"
	echo "$output"
	[ "$status" -eq "$expected" ]
}

up='{id: d, status: ACTIVE, chainlets: [{name: A, status: ACTIVE, active_replica_count: 2, autoscaling_settings: {min_replica: 2, max_replica: 4}}]}'
moving='{id: d, status: BUILDING, chainlets: [{name: A, status: BUILDING, active_replica_count: 0, autoscaling_settings: null}]}'

@test "a test of an hour takes no time, and every kind of expectation works" {
	try 0 <<-END
		policy: policy.yaml
		tests:
		  - name: up
		    timeline: [{at: 0s, deployments: [$moving]}, {at: 100s, deployments: [$up]}]
		    expect: {verdict: passed, exit: 0, at: 130s, rules: {all chainlets ACTIVE: pass, enough: pass}}
		  - name: a parameter
		    set: {replicas: 3}
		    timeline: [{at: 0s, deployments: [$up]}]
		    expect: {verdict: failed, exit: 1, rules: {enough: fail}}
		  - name: never
		    timeline: [{at: 0s, deployments: [$moving]}]
		    expect: {verdict: timed_out, exit: 3, at: 5m, rules: {enough: unknown}}
		  - name: a policy of its own, that is refused
		    policy: {version: 1, rules: [all chainlets ACTVE]}
		    expect: {errors: ["14:48 unknown-status"]}
	END
	[[ $output == *"4 tests, 4 passed, 0 failed" ]]
}

@test "a text of the API is a string, whatever it looks like, as in the simulator" {
	try 0 <<-END
		policy: {version: 1, target: {chain: "12", deployment: 12e4567}, rules: ['name in ["1e3", "-1"]', instance_type_name == "1e999", 'all deployments have environment == "7"', 'all deployments have chain_id == "12"']}
		tests:
		  - name: a chain
		    timeline: [{at: 0s, deployments: {12: [{id: 12e4567, chain_id: 12, environment: 7, status: ACTIVE, chainlets: [
		      {name: 1e3, instance_type_name: 1e999, status: ACTIVE, active_replica_count: 2, autoscaling_settings: {min_replica: 2, max_replica: 4}},
		      {name: -1, id: 1234567, instance_type_name: 1e999, status: ACTIVE, active_replica_count: 2, autoscaling_settings: {min_replica: 2, max_replica: 4}}]}]}}]
		    expect: {verdict: passed}
		  - name: a status
		    timeline: [{at: 0s, deployments: {12: [{id: 12e4567, status: 1e3, chainlets: [{name: true, status: 1e3, active_replica_count: 2, autoscaling_settings: null}]}]}}]
		    expect: {verdict: timed_out}
		  - name: a model
		    policy: {version: 1, target: {model: llama, deployment: 12e4567}, rules: [label.id == "1", 'model_id == "7e7"']}
		    timeline: [{at: 0s, models: {llama: [{id: 12e4567, name: 7, model_id: 7e7, status: ACTIVE, active_replica_count: 1, instance_type_name: null, autoscaling_settings: {min_replica: 1, max_replica: 1}, labels: {id: 1}}]}}]
		    expect: {verdict: undecided, rules: {'label.id == "1"': unknown, 'model_id == "7e7"': pass}}
		  - name: an environment
		    policy: {version: 1, target: {chain: "12", environment: 7, role: current, since: any}, rules: [all chainlets ACTIVE]}
		    timeline: [{at: 0s, environments: {12/7: {name: 7, chain_id: 12, current_deployment: $up}}}]
		    expect: {verdict: passed}
	END
}

@test "every fault of a timeline leads to its verdict" {
	try 0 <<-END
		policy: policy.yaml
		tests:
		  - {name: timeout, timeline: [{at: 0s, deployments: [$up]}, {at: 10s, error: timeout}], expect: {verdict: unreachable, at: 3m}}
		  - {name: connect, timeline: [{at: 0s, deployments: [$up]}, {at: 10s, error: connect}, {at: 20s, deployments: [$up]}], expect: {verdict: passed, at: 40s}}
		  - {name: reset, timeline: [{at: 0s, deployments: [$up]}, {at: 10s, error: reset}], expect: {verdict: unreachable}}
		  - {name: malformed, timeline: [{at: 0s, deployments: [$up]}, {at: 10s, error: malformed}], expect: {verdict: unreachable, at: 3m}}
		  - {name: tls, timeline: [{at: 0s, deployments: [$up]}, {at: 10s, error: tls}], expect: {verdict: unreachable, at: 10s, exit: 5}}
		  - {name: refused, timeline: [{at: 0s, deployments: [$up]}, {at: 10s, http: 401}], expect: {verdict: unreachable, at: 20s}}
		  - {name: refused once, timeline: [{at: 0s, deployments: [$up]}, {at: 10s, http: 401}, {at: 20s, deployments: [$up]}], expect: {verdict: passed, at: 40s}}
		  - {name: no chain, now: 2026-08-14T00:00:00Z, timeline: [{at: 0s, http: 404}, {at: 20s, deployments: [$up]}], expect: {verdict: passed, at: 50s}}
		  - {name: asked to wait, timeline: [{at: 0s, deployments: [$up]}, {at: 10s, http: 429, retry_after: 37s}, {at: 20s, deployments: [$up]}], expect: {verdict: passed, at: 80s}}
	END
}

@test "a list that says it is only a page ends the target as unreachable" {
	printf '%s' '{"deployments":[],"pagination":{"has_more":true}}' >page.json
	try 0 <<-END
		policy: policy.yaml
		tests:
		  - {name: beside, timeline: [{at: 0s, deployments: [$up]}, {at: 10s, deployments: [$up], page: true}], expect: {verdict: unreachable, at: 10s, exit: 5}}
		  - {name: in it, timeline: [{at: 0s, deployments: [$up]}, {at: 10s, deployments: {deployments: [$up], page: true}}], expect: {verdict: unreachable, at: 10s}}
		  - {name: of one chain, now: 2026-08-14T00:00:00Z, timeline: [{at: 0s, deployments: {chain: {deployments: [$up], page: true}}}], expect: {verdict: unreachable, at: 0s}}
		  - {name: of another chain, timeline: [{at: 0s, deployments: {chain: [$up], other: {deployments: [], page: true}}}], expect: {verdict: passed}}
		  - {name: a file, now: 2026-08-14T00:00:00Z, timeline: [{at: 0s, deployments: page.json}], expect: {verdict: unreachable}}
		  - {name: no page, timeline: [{at: 0s, deployments: [$up], page: false}], expect: {verdict: passed}}
	END
	try 2 <<-END
		policy: policy.yaml
		tests:
		  - {name: a fault, now: 2026-08-14T00:00:00Z, timeline: [{at: 0s, http: 503, page: true}], expect: {verdict: unreachable}}
	END
}

@test "a wait is as long as it says, to the millisecond" {
	try 0 <<-END
		policy: {version: 1, wait: {timeout: 5m, stable_for: 0s}, rules: [all chainlets ACTIVE]}
		tests:
		  - {name: ten and a half, now: 2026-08-14T00:00:00Z, timeline: [{at: 0s, http: 429, retry_after: 10500ms}, {at: 10s, deployments: [$up]}], expect: {verdict: passed, at: 10500ms}}
		  - {name: shorter than the interval, now: 2026-08-14T00:00:00Z, timeline: [{at: 0s, http: 429, retry_after: 3s}, {at: 1s, deployments: [$up]}], expect: {verdict: passed, at: 10s}}
		  - {name: beyond the last poll, now: 2026-08-14T00:00:00Z, timeline: [{at: 0s, http: 429, retry_after: 5m}, {at: 1s, deployments: [$up]}], expect: {verdict: unreachable, at: 5m}}
	END
}

@test "the virtual clock is the API's, for ages and for a relative since" {
	local old='{id: d, created_at: 2026-08-14T08:50:00Z, status: ACTIVE, chainlets: [{name: A, status: ACTIVE, active_replica_count: 2, autoscaling_settings: {min_replica: 2, max_replica: 4}}]}'
	try 0 <<-END
		policy: {version: 1, target: {chain: c, latest: true, since: 10m}, wait: {timeout: 5m}, rules: [age >= 10m30s]}
		tests:
		  - {name: ten minutes old at first, now: 2026-08-14T09:00:00Z, timeline: [{at: 0s, deployments: [$old]}], expect: {verdict: passed, at: 30s}}
		  - {name: too old, now: 2026-08-14T09:00:01Z, timeline: [{at: 0s, deployments: [$old]}], expect: {verdict: timed_out}}
		  - {name: a minute ahead is no contradiction, now: 2026-08-14T08:49:00Z, timeline: [{at: 0s, deployments: [$old]}], expect: {verdict: failed, at: 1m}}
		  - {name: more than that is, now: 2026-08-14T08:48:59Z, timeline: [{at: 0s, deployments: [$old]}], expect: {verdict: timed_out}}
	END
}

@test "a target's chain is the one it names, whatever the order of the list" {
	local own='{id: d, chain_id: mine, status: ACTIVE, chainlets: [{name: A, status: ACTIVE, active_replica_count: 2, autoscaling_settings: {min_replica: 2, max_replica: 4}}]}'
	local foreign='{id: e, chain_id: other, status: FAILED, chainlets: [{name: A, status: FAILED, active_replica_count: 0, autoscaling_settings: null}]}'
	try 0 <<-END
		policy: {version: 1, target: {chain: mine, all: true, since: any}, rules: [all chainlets ACTIVE]}
		tests:
		  - {name: first, timeline: [{at: 0s, deployments: [$own, $foreign]}], expect: {verdict: passed}}
		  - {name: last, timeline: [{at: 0s, deployments: [$foreign, $own]}], expect: {verdict: passed}}
		  - {name: at first alone, timeline: [{at: 0s, deployments: [$foreign]}, {at: 10s, deployments: [$own]}], expect: {verdict: passed, at: 40s}}
	END
	try 0 <<-END
		policy: {version: 1, target: {chain: a name, all: true, since: any}, rules: [all chainlets ACTIVE]}
		tests:
		  - {name: the only one, timeline: [{at: 0s, deployments: [$own]}], expect: {verdict: passed}}
		  - {name: of the first list, timeline: [{at: 0s, deployments: [$foreign]}, {at: 10s, deployments: [$own]}], expect: {verdict: failed, at: 0s}}
	END
	try 2 <<-END
		policy: {version: 1, target: {chain: a name, all: true, since: any}, rules: [all chainlets ACTIVE]}
		tests:
		  - {name: not clear, timeline: [{at: 0s, deployments: [$own, $foreign]}], expect: {verdict: passed}}
	END
	[[ $output == *"deployments of several chains, and none of them is 'a name'"* ]]
}

@test "each chain has its schedule, as in a live run" {
	local moving='{id: d, status: BUILDING, chainlets: [{name: A, status: BUILDING, active_replica_count: 0, autoscaling_settings: null}]}'
	local failed='{id: d, status: FAILED, chainlets: [{name: A, status: FAILED, active_replica_count: 0, autoscaling_settings: null}]}'
	try 0 <<-END
		policy:
		  version: 1
		  targets: [{name: x, chain: one, deployment: d}, {name: y, chain: two, deployment: d}]
		  rules: [all chainlets ACTIVE, {never: any chainlet FAILED}]
		tests:
		  - name: what failed while the other chain was left alone
		    now: 2026-08-14T00:00:00Z
		    timeline:
		      - {at: 0s, deployments: {one: {http: 503, retry_after: 120s}, two: [$moving]}}
		      - {at: 20s, deployments: {one: [$up], two: [$failed]}}
		      - {at: 60s, deployments: {one: [$up], two: [$up]}}
		    expect: {verdict: failed, at: 150s, rules: {"y/never any chainlet FAILED": fail}}
	END
}

@test "bodies from files, as the API sends them, and lists of several chains" {
	cp "$BATS_TEST_DIRNAME"/../fixtures/two_active.json .
	try 0 <<-END
		policy:
		  version: 1
		  target: {chain: mine, all: true, since: any}
		  baseline: {chain: other, latest: true}
		  rules: ["min_replica >= baseline.min_replica"]
		tests:
		  - name: a file
		    policy: policy.yaml
		    timeline: [{at: 0s, deployments: two_active.json}]
		    expect: {verdict: passed}
		  - name: a body in YAML
		    policy: policy.yaml
		    timeline: [{at: 0s, deployments: {deployments: [$up]}}]
		    expect: {verdict: passed}
		  - name: two chains
		    timeline: [{at: 0s, deployments: {mine: [$up], other: [$up]}}]
		    expect: {verdict: passed}
		  - name: a baseline that can't be had
		    timeline: [{at: 0s, deployments: {mine: [$up], other: {http: 503}}}]
		    expect: {verdict: unreachable}
		  - name: a chain that isn't there
		    timeline: [{at: 0s, deployments: {mine: [$up]}}]
		    expect: {verdict: undecided}
		  - name: a target of the test's own
		    policy: policy.yaml
		    target: {environment: staging, since: any}
		    timeline: [{at: 0s, deployments: [$up]}]
		    expect: {verdict: timed_out}
	END
}

@test "a result that differs is shown beside the expected one, with the evidence" {
	try 1 <<-END
		policy: policy.yaml
		tests:
		  - name: wrong
		    set: {replicas: 3}
		    timeline: [{at: 0s, deployments: [$up]}]
		    expect: {verdict: passed, exit: 0, at: 1m, rules: {enough: pass, missing: fail}}
	END
	[[ $output == *"FAIL  t.test.yaml:3  wrong"* ]]
	[[ $output == *"verdict: expected passed, got failed"* ]]
	[[ $output == *"exit: expected 0, got 1"* ]]
	[[ $output == *"at: expected 1m, got 30s"* ]]
	[[ $output == *"rule 'enough': expected pass, got fail"*"^^^^^^^^^^^ 2  ^^^^^^^^^ 3    chainlet A"* ]]
	[[ $output == *"rule 'missing': the policy has no rule of this name"* ]]
}

@test "all mistakes of a file are shown in their places" {
	try 2 <<-END
		policy: policy.yaml
		tests:
		  - {nam: x, timeline: [], expect: {}}
		  - {name: no rules, timeline: [{at: 0s, deployments: [$up]}], expect: {verdict: passed, rules: {}}}
		  - name: steps
		    timeline:
		      - {at: 5s, deployments: [$up], http: 503}
		      - {at: 5s}
		      - {deployments: nowhere.json}
		      - {at: 1m, http: 200}
		      - {at: 2m, error: gone}
		      - {at: 3m, deployments: [{id: d}]}
		    expect: {verdict: fine, rules: {enough: maybe}, exits: 0}
	END
	for place in "3:6: error: a test has no key 'nam'" "3:5: error: the test has no 'name'" "needs a 'timeline'" "error: the test expects nothing: it can't fail" \
		"the first step is not at 0s" "not later than the one before" "either deployments or a fault" "the step has no 'at'" \
		"could not read the body 'nowhere.json'" "'http' cannot be '200'" "'error' cannot be 'gone'" "is not a list of deployments: deployments[0]" \
		"error: 'rules' expects nothing: it can't fail" "'verdict' cannot be 'fine'" "'the outcome of a rule' cannot be 'maybe'" "expect has no key 'exits'"; do
		[[ $output == *"$place"* ]] || { echo "missing: $place" && return 1; }
	done
}

@test "a mistake in the first step is no fault that the test begins with" {
	local step
	for step in 'deployments: none.json' 'deployments: [{id: d, status: 7}]' 'http: soon' 'environments: {p: {current_deployment: 7}}' 'models: {l: [{id: 7}]}'; do
		try 2 <<-END
			policy: policy.yaml
			tests:
			  - name: t
			    timeline: [{at: 0s, $step}, {at: 9s, error: timeout}]
			    expect: {verdict: passed}
		END
		[[ $output != *"begins with a fault"* && $output == *"t.test.yaml:4:"* ]]
	done
	try 2 <<-END
		policy: policy.yaml
		tests:
		  - name: t
		    timeline: [{at: 0s, error: timeout}, {at: 9s, deployments: none.json}]
		    expect: {verdict: passed}
	END
	[[ $output == *"begins with a fault"*"none.json"* ]]
}

@test "a policy with mistakes, a missing policy and an unknown parameter are mistakes of the test" {
	try 2 <<-END
		policy: policy.yaml
		tests:
		  - {name: a, set: {replica: 1}, timeline: [{at: 0s, deployments: [$up]}], expect: {verdict: passed}}
		  - {name: b, policy: {version: 1, rules: []}, timeline: [{at: 0s, deployments: [$up]}], expect: {verdict: passed}}
		  - {name: c, policy: nowhere.yaml, timeline: [{at: 0s, deployments: [$up]}], expect: {verdict: passed}}
	END
	[[ $output == *"the policy has no parameter 'replica'"*"'rules' is empty"*"could not read the policy 'nowhere.yaml'"* ]]
}

@test "coverage shows rules that failed in no test" {
	local story="{name: up, timeline: [{at: 0s, deployments: [$up]}], expect: {verdict: passed}}"
	try 0 --coverage <<<"{policy: policy.yaml, tests: [$story]}"
	[[ $output == *"partly  pass ---- -------  policy.yaml  enough"*"0 of 2 rules"* ]]
	try 1 --require-coverage <<<"{policy: policy.yaml, tests: [$story]}"
	[[ $output == *"2 rules were never seen to fail"* ]]
}

@test "--format prints TAP or JUnit" {
	local good="{name: 'good # 1', timeline: [{at: 0s, deployments: [$up]}], expect: {verdict: passed}}"
	local bad="{name: bad, timeline: [{at: 0s, deployments: [$up]}], expect: {verdict: failed}}"
	try 1 --format tap <<<"{policy: policy.yaml, tests: [$good, $bad]}"
	[ "${lines[0]}" = "TAP version 13" ]
	[ "${lines[1]}" = "1..2" ]
	[ "${lines[2]}" = 'ok 1 - t.test.yaml: good \# 1' ]
	[ "${lines[3]}" = 'not ok 2 - t.test.yaml: bad' ]
	if command -v prove >/dev/null; then
		printf '#!/bin/sh\n%s test t.test.yaml --format tap\n' "$CHAINGATE" >tap.sh
		run prove --exec sh tap.sh
		[[ $output == *"Failed 1/2 subtests"* ]]
	fi
	try 1 --format junit <<<"{policy: policy.yaml, tests: [$good, $bad]}"
	echo "$output" >r.xml
	[ "$(xmllint --xpath 'concat(//testsuites/@tests, " ", //testsuites/@failures)' r.xml)" = "2 1" ]
}

@test "a directory is searched for tests; one without tests is a mistake" {
	mkdir -p deep/er
	cp policy.yaml deep/er
	echo "{policy: policy.yaml, tests: [{name: up, timeline: [{at: 0s, deployments: [$up]}], expect: {verdict: passed}}]}" >deep/er/a.test.yaml
	run "$CHAINGATE" test deep
	[ "$status" -eq 0 ]
	[ "${lines[0]}" = "ok    deep/er/a.test.yaml:1  up" ]
	mkdir none
	run "$CHAINGATE" test none
	[ "$status" -eq 2 ]
	run "$CHAINGATE" test
	[ "$status" -eq 2 ]
}
