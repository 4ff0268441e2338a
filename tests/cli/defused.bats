#!/usr/bin/env bats
# defused.bats - no name, message or path from outside becomes a CI system's command, whatever prints it.

load set_up
load virtual
load runs

# Runners look for "::" at the beginning of a line, after any white space; for other commands anywhere in a line.
has_no_command() { # has_no_command FILE…
	local found
	[ $# -gt 0 ]
	found=$(commands_in "$@")
	[ -z "$found" ] || { echo "$found" && return 1; }
}

# A run with a report of annotations may print lines that begin like GitHub's annotations.
has_no_command_but_annotations() { # has_no_command_but_annotations FILE…
	local found
	[ $# -gt 0 ]
	found=$(commands_in "$@" | grep -vE '^[^:]*:[0-9]+:::(error|warning|notice) [a-z]+=[^:]*::') || true
	[ -z "$found" ] || { echo "$found" && return 1; }
}

# commands_in FILE…: lines "FILE:NUMBER:COMMAND", and grep's errors.
commands_in() {
	grep -nHP '##[\w.-]*\[' -- "$@" 2>&1
	grep -nHP '(*UTF8)^[\s\x{feff}\x{2000}-\x{200b}]*::' -- "$@" 2>&1
	return 0
}

MARKS=('##vso[task.setvariable variable=x]y' '##[set-output name=verdict]passed' '##teamcity[buildStatus status=_x_]' '##octopus[setVariable name=_x_ value=_y_]' '###[error]x' '::error::x' '::set-output name=verdict::passed')

# is_said [NAME…]: each named run has printed something.
is_said() {
	local name
	for name; do
		[ -s "$name.out" ] || [ -s "$name.err" ] || { echo "$name: nothing is printed" && return 1; }
	done
}

# A chain with MARK in every text of the API.
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

# A name with a bracket would be a glob, and a single deployment is in one chain.
named() { # named ID NAME: how to name the chain for --chain
	case $2 in
	*'['*) echo "$1" ;;
	*) echo "$2" ;;
	esac
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

@test "the helpers of this file recognise every form of a command" {
	local line
	for line in '::error::x' $' \t::x' $'\xef\xbb\xbf::x' $'\xe2\x80\x8b ::x' 'a ##[x]' 'b ##VSO[x]' '##teamcity[x]' 'c##octopus[x]'; do
		printf 'fine\n%s\n' "$line" >file
		run ! has_no_command file
		[[ $output == "file:2:"* ]]
		run ! has_no_command_but_annotations file
	done
	printf 'a::b\n# [x]\n' >file
	has_no_command file
	has_no_command_but_annotations file
	echo '::error title=x,file=a b::y' >file
	run ! has_no_command file
	has_no_command_but_annotations file
	run ! has_no_command missing
	run ! has_no_command_but_annotations missing
}

@test "the gate writes no command in the verdict, in progress, or in a report to a file or to stdout" {
	local mark format n=0 name plain=() annotated=() reports
	for mark in "${MARKS[@]}"; do
		n=$((n + 1))
		mkdir $n
		scenario "$mark" >$n/scenario.yaml
		policy "$mark" >"$n/p $n.yaml"
		reports=()
		for format in "${FORMATS[@]}"; do
			reports+=(--report "$format=$n/report.$format")
			annotated+=("$n/report.$format" "$n/$format.out")
			plain+=("$n/$format.err")
		done
		a_run $n/gate VIRTUAL_SCENARIO=$n/scenario.yaml check "$n/p $n.yaml" --chain "$(named c1 "a $mark")" --deployment "q86yjdy $mark" --api-url http://127.0.0.1:1 \
			--timeout 0s --verbose --progress lines --record $n/run.ndjson "${reports[@]}"
		for format in "${FORMATS[@]}"; do
			a_run "$n/$format" VIRTUAL_SCENARIO=$n/scenario.yaml check "$n/p $n.yaml" --chain "${mark//\[/[[]}" --all-deployments --since any \
				--api-url http://127.0.0.1:1 --timeout 0s --report "$format=-"
		done
		a_run $n/replay replay $n/run.ndjson --verbose
		plain+=($n/gate.out $n/gate.err $n/replay.out $n/replay.err)
		printf '%s\n' "$mark" >>marks
	done
	make_runs
	for ((n = 1; n <= ${#MARKS[@]}; n++)); do
		for name in gate replay "${FORMATS[@]}"; do
			got "$n/$name"
			echo "$n/$name: exit $status: $stderr"
			[ -n "$output" ]
		done
		got $n/gate
		[[ $output == *OPEN* ]]
	done
	has_no_command "${plain[@]}"
	has_no_command_but_annotations "${annotated[@]}"
	# A reader of the document sees the original text.
	python3 - <<-'END'
		import json
		import xml.etree.ElementTree as tree
		marks = open("marks").read().splitlines()
		assert len(marks) == 7
		for n, mark in enumerate(marks, 1):
		    assert mark in json.dumps(json.load(open(f"{n}/report.json"))), mark
		    assert mark in "".join(tree.parse(f"{n}/report.junit").getroot().itertext()), mark
		    assert any(mark in case.get("name") for case in tree.parse(f"{n}/report.junit").iter("testcase")), mark
	END
}

@test "the output in a JUnit report orders no attachment and no property" {
	local mark n=0 dialect
	for mark in '[[ATTACHMENT|/etc/passwd]]' '[[PROPERTY|verdict=passed]]' '[[[ATTACHMENT|x]]]' '[[attachment|x]]' '[[ATTACHMENT|a]] [[ATTACHMENT|b]]'; do
		n=$((n + 1))
		scenario "$mark" >$n.yaml
		policy "$mark" >policy$n.yaml
		a_run $n VIRTUAL_SCENARIO=$n.yaml check policy$n.yaml --chain "$(named c1 "a $mark")" --deployment "q86yjdy $mark" --api-url http://127.0.0.1:1 --timeout 0s \
			--report junit=$n.junit --report junit-strict=$n.strict
	done
	make_runs
	for ((; n > 0; n--)); do
		for dialect in junit strict; do
			python3 - $n.$dialect <<-'END'
				import sys
				import xml.etree.ElementTree as tree
				root = tree.parse(sys.argv[1]).getroot()
				said = [e.text or "" for kind in ("system-out", "system-err") for e in root.iter(kind)]
				assert any("[\\[" in text for text in said), said
				assert not any("[[" in text for text in said), said
			END
		done
	done
}

@test "check and status write no command if the API answers with an error" {
	local mark n=0
	for mark in "${MARKS[@]}"; do
		for answer in "http: 503" "http: 418"; do
			n=$((n + 1))
			{
				scenario "$mark"
				printf '%s\n' faults: "  - {at: 0s, $answer, text: '{\"error\": \"$mark\", \"message\": \"e $mark\\n$mark\"}'}"
			} >$n.yaml
			a_run $n.check VIRTUAL_SCENARIO=$n.yaml check --chain "$(named c1 "a $mark")" --deployment "q $mark" --api-url http://127.0.0.1:1 --timeout 0s --progress lines
			a_run $n.status VIRTUAL_SCENARIO=$n.yaml status --chain "a $mark" --api-url http://127.0.0.1:1
		done
	done
	make_runs
	for ((; n > 0; n--)); do
		is_said $n.check $n.status
		got $n.check
		[ "$status" = 5 ]
	done
	has_no_command ./*.out ./*.err
}

@test "the other commands write no command, not even in messages about mistakes" {
	local mark n=0 i command argument names=()
	local -a commands=(
		"status --chain c1"
		"status"
		"lint policy.yaml"
		"lint policy.yaml --format json"
		"test t.test.yaml"
		"explain policy.yaml"
		"check policy.yaml --print-config --chain c1 --latest --since any"
	)
	export BASETEN_API_URL=http://127.0.0.1:1 VIRTUAL_SCENARIO=scenario.yaml
	for mark in "${MARKS[0]}" "${MARKS[1]}" "${MARKS[6]}"; do
		scenario "$mark" >scenario.yaml
		policy "$mark" >policy.yaml
		printf '%s\n' 'version: 1' "$mark: 1" "rules: [{name: \"$mark\", assert: \"nmae == '$mark'\"}]" >"bad $mark.yaml"
		printf '%s\n' 'policy: policy.yaml' 'tests:' "  - name: \"t $mark\"" "    expect: {verdict: passed}" "    timeline: {0s: {chainlets: [{name: \"$mark\", status: \"$mark\"}]}}" >t.test.yaml
		n=$((n + 1))
		mkdir $n
		i=0
		for command in "${commands[@]}"; do
			# shellcheck disable=SC2086 # words
			a_run $n/$((++i)) $command
		done
		for command in lint eval test explain check replay status "$mark"; do
			for argument in "$mark" "--$mark" "--chain=$mark" "bad $mark.yaml"; do
				a_run $n/$((++i)) "$command" "$argument"
			done
		done
		# A body of the API with the mark in every text.
		cat >body.json <<-END
			{"deployments": [{"id": "q86yjdy $mark", "created_at": "2026-08-14T09:00:00Z", "chain_id": "c1", "environment": "b $mark", "status": "ACTIVE", "chainlets":
			  [{"id": "x", "name": "$mark", "instance_type_name": "d $mark", "autoscaling_settings": {"min_replica": 1, "max_replica": 1, "autoscaling_window": 60,
			  "scale_down_delay": 60, "concurrency_target": 1, "target_utilization_percentage": 70}, "active_replica_count": 1, "status": "E $mark"}]}]}
		END
		a_run $n/$((++i)) eval "any chainlet name == '$mark'" 'all chainlets ACTIVE' --body body.json
		a_run $n/$((++i)) CHAINGATE_TIMEOUT="$mark" check --chain "$mark"
		a_run $n/$((++i)) USER_TRUSSRC_PATH="$mark" BASETEN_API_KEY= status --chain x
		make_runs
		for ((; i > 0; i--)); do names+=("$n/$i"); done
	done
	[ "${#names[@]}" = $((3 * (7 + 32 + 3))) ]
	is_said "${names[@]}"
	for n in 1 2 3; do
		got "$n/40"
		[[ $output == *UNKNOWN*"all chainlets ACTIVE"* ]]
	done
	has_no_command "${names[@]/%/.out}" "${names[@]/%/.err}"
}

@test "no hidden character of a rule or a name reaches the terminal, whatever prints it" {
	local name='a\u{1b}[31m\u{202e}' i
	printf '%s\n' version:\ 1 'target: {chain: c, deployment: d}' "rules: ['label.\"$name\" is null', 'all chainlets name != \"$name\"']" >escaped.yaml
	printf 'version: 1\ntarget: {chain: c, deployment: d}\nparams: {p: "\\e[31m\\u202e"}\nrules: [{name: "r \\e[31m\\u202e", assert: "all chainlets name != $p"}]\n' >named.yaml
	printf 'version: 1\ntarget: {chain: c, deployment: d}\nrules: ["all chainlets name \\"\\e[31m\\u202e\\""]\n' >raw.yaml
	printf 'version: 1\ntarget: {chain: c, deployment: d}\nrules: ["label.\\"%s\\" is null"]\n' "$(printf '%4000s' '' | tr ' ' x)" >long.yaml
	printf 'policy: escaped.yaml\ntests: [{name: t, timeline: [{at: 0s, deployments: []}], expect: {verdict: passed}}]\n' >escaped.test.yaml
	printf 'policy: {version: 1, target: {chain: c, deployment: d}, rules: [all chainlets ACTIVE]}\ntests: [{name: t, timeline: [{at: 0s, deployments: []}], expect: {rules: {"r \\e[31m\\u202e": pass}}}]\n' >named.test.yaml
	local -a commands=("lint escaped.yaml" "check escaped.yaml --print-config" "test escaped.test.yaml" "explain escaped.yaml" "explain named.yaml" "check named.yaml --print-config" "lint raw.yaml" "test named.test.yaml" "lint named.yaml" "lint long.yaml" "check long.yaml --print-config")
	for i in "${!commands[@]}"; do
		# shellcheck disable=SC2086 # words
		"$CHAINGATE" ${commands[i]} >$i.out 2>$i.err </dev/null || true
		echo "${commands[i]}"
		is_said $i
	done
	run ! grep -n -e $'\e' -e $'\u202e' ./*.out ./*.err
	[ -z "$output" ]
	grep -qF 'label."a\u{1b}[31m\u{202e}"' 0.out
	grep -qF 'label."a\u{1b}[31m\u{202e}"' 3.out
	# A long field is shown in a window.
	run ! grep -E 'x{200}' 9.out 9.err 10.err
}
