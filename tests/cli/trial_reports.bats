#!/usr/bin/env bats
# trial_reports.bats - chaingate test --format junit and tap: no report is green if the run is not.

load set_up
file_world=none

up='{id: d, status: ACTIVE, chainlets: [{name: A, status: ACTIVE, active_replica_count: 2, autoscaling_settings: {min_replica: 2, max_replica: 4}}]}'
story="{name: up, timeline: [{at: 0s, deployments: [$up]}], expect: {verdict: passed}}"

setup() {
	set_up
	mkdir td
	printf 'version: 1\nrules: [all chainlets ACTIVE, min_replica >= 1]\n' >td/policy.yaml
	echo "{policy: policy.yaml, tests: [$story]}" >td/a.test.yaml
}

# report EXIT FORMAT OPERAND…: $output is the report on stdout alone. A JUnit report is in r.xml.
report() {
	local expected=$1 format=$2
	shift 2
	run --separate-stderr "$CHAINGATE" test --format "$format" "$@"
	echo "$output" | tee r.xml
	[ "$status" -eq "$expected" ]
}

# counts: tests, failures and errors of r.xml.
counts() { xmllint --xpath 'concat(//testsuites/@tests, " ", //testsuites/@failures, " ", //testsuites/@errors)' r.xml; }

@test "a file that can't be read or has mistakes is an error of the report, not a gap in it" {
	echo "{policy: policy.yaml, tests: [{nam: x}]}" >td/y.test.yaml
	ln -s nowhere td/z.test.yaml
	report 2 junit td
	[ "$(counts)" = "3 0 2" ]
	[[ $output == *'<error message="td/y.test.yaml:1:31: error: the test has no '*'<error message="error: could not read the tests '*'No such file'* ]]
	report 2 tap td
	[ "${lines[1]}" = "1..3" ]
	[[ $output == *$'\nok 1 - td/a.test.yaml: up\nnot ok 2 - td/y.test.yaml: its tests can be run\n  ---\n  message: |\n    td/y.test.yaml:1:'*$'\nnot ok 3 - td/z.test.yaml: its tests can be run\n'* ]]
	run "$CHAINGATE" test td
	[ "$status" -eq 2 ]
	[ "${lines[-1]}" = "1 test, 1 passed, 0 failed; the tests of 2 files could not be run" ]
}

@test "an operand that doesn't exist, and a policy with mistakes, are errors of the report" {
	report 2 junit td/a.test.yaml gone.test.yaml
	[ "$(counts)" = "2 0 1" ]
	report 2 tap gone.test.yaml
	[ "${lines[1]}" = "1..1" ]
	[ "${lines[2]}" = "not ok 1 - gone.test.yaml: its tests can be run" ]
	echo 'rules: [' >td/policy.yaml
	report 2 junit td
	[ "$(counts)" = "1 0 1" ]
	[[ $output == *'<error message="policy.yaml:'* ]]
}

@test "--require-coverage: each rule is a case, and fails if no test breaks it" {
	report 1 junit --require-coverage td
	[ "$(counts)" = "3 2 0" ]
	[[ $output == *'<testcase name="td/policy.yaml: all chainlets ACTIVE" classname="coverage"'*RuleNotCovered* ]]
	report 0 junit --coverage td
	[ "$(counts)" = "1 0 0" ]
	local down="{name: down, timeline: [{at: 0s, deployments: [{id: d, status: FAILED, chainlets: [{name: A, status: FAILED, active_replica_count: 0, autoscaling_settings: null}]}]}], expect: {verdict: failed}}"
	echo "{policy: policy.yaml, tests: [$story, $down]}" >td/a.test.yaml
	report 1 tap --require-coverage td
	[ "${lines[1]}" = "1..4" ]
	[[ $output == *$'\nok 3 - coverage: td/policy.yaml: all chainlets ACTIVE\nnot ok 4 - coverage: td/policy.yaml: min_replica >= 1\n'* ]]
}

@test "coverage tells policies of one name in two directories apart, and knows one policy by two paths" {
	local down="{name: down, timeline: [{at: 0s, deployments: [{id: d, status: FAILED, chainlets: [{name: A, status: FAILED, active_replica_count: 0, autoscaling_settings: null}]}]}], expect: {verdict: failed}}"
	mkdir -p td/x td/y
	printf 'version: 1\nrules: [all chainlets ACTIVE]\n' | tee td/policy.yaml >td/x/policy.yaml
	printf 'version: 1\nrules: [{name: all chainlets ACTIVE, assert: all chainlets not FAILED}]\n' >td/y/policy.yaml
	echo "{policy: policy.yaml, tests: [$down]}" >td/x/x.test.yaml
	echo "{policy: policy.yaml, tests: [$story]}" >td/y/y.test.yaml
	report 1 tap --require-coverage td/x td/y
	[[ $output == *$'\nok 3 - coverage: td/x/policy.yaml: all chainlets ACTIVE\nnot ok 4 - coverage: td/y/policy.yaml: all chainlets ACTIVE\n'* ]]
	echo "{policy: ../policy.yaml, tests: [$down]}" >td/x/x.test.yaml
	echo "{policy: ../policy.yaml, tests: [$story]}" >td/y/y.test.yaml
	report 0 tap --require-coverage td/x td/y
	[ "${lines[1]}" = "1..3" ]
}

@test "a directory's tests may end in .yml, too" {
	echo "{policy: policy.yaml, tests: [{nam: x}]}" >td/b.test.yml
	report 2 tap td
	[ "${lines[1]}" = "1..2" ]
}

@test "a name of a file makes no line of TAP" {
	mkdir t
	cp td/policy.yaml t
	cp td/a.test.yaml $'t/a\nok 2 - b.test.yaml'
	report 0 tap t
	[[ $output != *$'\nok 2'* ]]
}
