#!/usr/bin/env bats
# No name, word, message or path of somebody else speaks to a CI system in the gate's name, whatever prints it.

load sim

# What the runners look for: "::" at the beginning of a line, behind any white space; the others anywhere in it. Lines that begin as GitHub's own annotations are
# allowed where a report of annotations was asked for.
has_no_command() { # has_no_command FILE [ANNOTATIONS]
	local found
	found=$(grep -nPi '##\[|##vso\[|##teamcity\[' "$1" || true)
	found+=$(sed -E "${2:+/^::(error|warning|notice) [a-z]+=[^:]*::/d}" "$1" | grep -nP '(*UTF8)^[\s\x{feff}\x{2000}-\x{200b}]*::' || true)
	[ -z "$found" ] || { echo "$1: $found" && return 1; }
}

MARKS=('##vso[task.setvariable variable=x]y' '##[set-output name=verdict]passed' '##teamcity[buildStatus status=_x_]' '###[error]x' '::error::x' '::set-output name=verdict::passed')

setup() {
	cd "$BATS_TEST_TMPDIR"
	export BASETEN_API_KEY=simulator-key HOME=$PWD
	unset GITHUB_STEP_SUMMARY GITHUB_OUTPUT CI
}

teardown() {
	stop_sim
}

# A chain that says MARK wherever the API can say something.
scenario() { # scenario MARK
	cat <<-END
		api_key: simulator-key
		chains:
		  - {id: c1, name: "a $1"}
		  - {id: c2, name: "$1"}
		deployments:
		  - id: "q86yjdy $1"
		    chain: c1
		    created_at: 0s
		    environment: "b $1"
		    chainlets:
		      - {name: "c $1", instance_type_name: "d $1", status: {0s: ACTIVE}}
		      - {name: "$1", status: {0s: "E $1", 1s: ACTIVE}}
		  - id: "$1"
		    chain: c2
		    created_at: 0s
		    chainlets:
		      - {name: "$1", status: {0s: ACTIVE}}
	END
}

policy() { # policy MARK
	cat <<-END
		version: 1
		name: "p $1"
		rules:
		  - {name: "r $1", assert: 'any chainlet status == DEPLOYING', message: "m $1\n$1\n  $1"}
		  - {name: "$1", assert: 'all chainlets name == "$1"', severity: warning, message: "$1"}
		  - {name: "fine $1", assert: all chainlets ACTIVE}
	END
}

FORMATS=(junit junit-strict tap json html markdown github gitlab intoto env)

@test "the gate: verdict, progress, every report in a file and on stdout" {
	local mark format n=0
	for mark in "${MARKS[@]}"; do
		n=$((n + 1))
		scenario "$mark" >scenario.yaml
		policy "$mark" >"p $n.yaml"
		start_sim scenario.yaml
		"$CHAINGATE" check "p $n.yaml" --chain "a $mark" --deployment "q86yjdy $mark" --api-url "$SIM_URL" --timeout 0s --verbose --progress lines \
			--record run.ndjson $(printf -- '--report %s=report.%s ' $(printf '%s\n' "${FORMATS[@]}" | sed 's/.*/& &/')) >out 2>err </dev/null || true
		cat out err
		grep -q 'OPEN' out
		has_no_command out
		has_no_command err
		for format in "${FORMATS[@]}"; do
			has_no_command "report.$format" annotations
			"$CHAINGATE" check "p $n.yaml" --chain "$mark" --all-deployments --since any --api-url "$SIM_URL" --timeout 0s --report "$format=-" >out 2>err </dev/null || true
			[ -s out ]
			has_no_command out annotations
			has_no_command err
		done
		# Whoever reads a document reads the same as before.
		python3 - "$mark" <<-'END'
			import json, sys
			import xml.etree.ElementTree as tree
			assert sys.argv[1] in json.dumps(json.load(open("report.json")))
			assert sys.argv[1] in "".join(tree.parse("report.junit").getroot().itertext())
			assert any(sys.argv[1] in case.get("name") for case in tree.parse("report.junit").iter("testcase"))
		END
		"$CHAINGATE" replay run.ndjson --verbose >out 2>err || true
		has_no_command out
		has_no_command err
		unset BASETEN_API_URL
		stop_sim
	done
}

@test "an error of the API, a key that is refused, a name that is nobody's" {
	local mark
	for mark in "${MARKS[@]}"; do
		for answer in "http: 503" "http: 418"; do
			scenario "$mark" >scenario.yaml
			cat >>scenario.yaml <<-END
				faults:
				  - {at: 0s, $answer, text: '{"error": "$mark", "message": "e $mark\n$mark"}'}
			END
			start_sim scenario.yaml
			"$CHAINGATE" check --chain "a $mark" --deployment "q $mark" --api-url "$SIM_URL" --timeout 0s --progress lines >out 2>err </dev/null || true
			cat out err
			has_no_command out
			has_no_command err
			"$CHAINGATE" status --chain "a $mark" --api-url "$SIM_URL" >out 2>err </dev/null || true
			has_no_command out
			has_no_command err
			stop_sim
		done
	done
}

@test "the other commands: status, lint, eval, test, explain, and what they say of a mistake" {
	local mark
	for mark in "${MARKS[0]}" "${MARKS[1]}" "${MARKS[5]}"; do
		scenario "$mark" >scenario.yaml
		policy "$mark" >policy.yaml
		printf '%s\n' 'version: 1' "$mark: 1" "rules: [{name: \"$mark\", assert: \"nmae == '$mark'\"}]" >"bad $mark.yaml" || true
		printf '%s\n' 'policy: policy.yaml' 'tests:' "  - name: \"t $mark\"" "    expect: {verdict: passed}" "    timeline: {0s: {chainlets: [{name: \"$mark\", status: \"$mark\"}]}}" >t.test.yaml
		start_sim scenario.yaml
		curl -s -H 'Authorization: Api-Key simulator-key' "$SIM_URL/v1/chains/c1/deployments" >body.json
		local -a commands=(
			"status --chain c1 --api-url $SIM_URL"
			"status --api-url $SIM_URL"
			"lint policy.yaml"
			"lint policy.yaml --format json"
			"test t.test.yaml"
			"explain policy.yaml"
			"check policy.yaml --print-config --chain c1 --latest --since any --api-url $SIM_URL"
		)
		local command
		for command in "${commands[@]}"; do
			# shellcheck disable=SC2086 # words
			"$CHAINGATE" $command >out 2>err </dev/null || true
			cat out err
			[ -s out ] || [ -s err ]
			has_no_command out
			has_no_command err
		done
		export BASETEN_API_URL=$SIM_URL
		: >out
		for command in lint eval test explain check replay status "$mark"; do
			for argument in "$mark" "--$mark" "--chain=$mark" "bad $mark.yaml"; do
				"$CHAINGATE" "$command" "$argument" >>out 2>&1 </dev/null || true
			done
		done
		[ "$(wc -l <out)" -gt 30 ]
		has_no_command out
		"$CHAINGATE" eval "any chainlet name == '$mark'" --body body.json >out 2>err || true
		has_no_command out
		has_no_command err
		CHAINGATE_TIMEOUT=$mark "$CHAINGATE" check --chain "$mark" >out 2>err </dev/null || true
		has_no_command err
		USER_TRUSSRC_PATH="$mark" BASETEN_API_KEY='' timeout 600 "$CHAINGATE" status --chain x >out 2>err </dev/null || true
		has_no_command err
		unset BASETEN_API_URL
		stop_sim
	done
}
