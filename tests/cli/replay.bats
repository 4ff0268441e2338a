#!/usr/bin/env bats
# replay.bats - check --record and chaingate replay: a recording can be judged again, on any machine, at any time.

load set_up
file_world=single.yaml

setup() {
	set_up
	printf 'version: 1\nrules:\n  - all chainlets ACTIVE\n' >policy.yaml
	printf 'version: 1\nrules:\n  - min_replica >= 100\n' >strict.yaml
}

# record FILE ARGUMENT…: runs a gate with --record.
record() {
	local file=$1
	shift
	run --separate-stderr "$CHAINGATE" check --chain "${chain-rag}" --api-url "${url-$SIM_URL}" --interval 100ms \
		--stable-for "${stable_for-200ms}" --record "$file" --report json=then.json "$@" </dev/null
	show
}

# has_lines COUNT FILE: the file has at least that many lines.
has_lines() {
	[ -s "$2" ] && [ "$(wc -l <"$2")" -ge "$1" ]
}

replay() {
	run --separate-stderr "$CHAINGATE" replay "$@" </dev/null
	show
}

# The JSON report without `run`, its last member, which depends on the wall clock and the machine.
verdict_of() {
	sed '/^  "run": /,$d' "$1"
}

same_verdict() {
	[ -s then.json ] && [ -s now.json ]
	diff <(verdict_of then.json) <(verdict_of now.json)
}

@test "a recording gives the same verdict, here and elsewhere, and holds no key" {
	on_the_wire
	record run.ndjson policy.yaml --deployment q86yjdy --since any
	[ "$status" = 0 ]
	! grep -r simulator-key run.ndjson || false
	head -n 1 run.ndjson | grep -q '^{"kind":"header","format":1,"tool":"'
	tail -n 1 run.ndjson | grep -q '"kind":"end".*"verdict":"passed","exit":0,"signal":0}$'
	grep -c '"same":true' run.ndjson
	# A replay needs neither key nor server.
	unset BASETEN_API_KEY
	replay run.ndjson --report json=now.json
	[ "$status" = 0 ]
	[[ $output == *"passed: 1 rule on rag/q86yjdy in "* ]]
	same_verdict
	TZ=Pacific/Kiritimati LC_ALL=de_DE.UTF-8 replay run.ndjson --report json=now.json
	same_verdict
}

@test "a run with errors, a failure, a signal or a timeout replays to the same verdict" {
	record failed.ndjson strict.yaml --deployment q86yjdy
	[ "$status" = 1 ]
	replay failed.ndjson --report json=now.json --junit now.xml
	[ "$status" = 1 ]
	same_verdict
	xmllint --noout now.xml
	stable_for=60s record late.ndjson strict.yaml --all-deployments --since any --timeout 2s
	[ "$status" = 3 ]
	replay late.ndjson --report json=now.json
	[ "$status" = 3 ]
	same_verdict
	record absent.ndjson --deployment nowhere --timeout 2s
	[ "$status" = 3 ]
	replay absent.ndjson --report json=now.json
	[ "$status" = 3 ]
	same_verdict
	VIRTUAL_EVENTS='95s signal TERM' stable_for=10m record ended.ndjson --deployment q86yjdy
	[ "$status" = 143 ]
	replay ended.ndjson --report json=now.json
	[ "$status" = 143 ]
	same_verdict
}

@test "a run with an unknown chain or an unreachable server replays to the same verdict" {
	chain=elsewhere record gone.ndjson policy.yaml --all-deployments --since any --timeout 1s
	[ "$status" -ne 0 ]
	local code=$status
	replay gone.ndjson --report json=now.json
	[ "$status" = "$code" ]
	same_verdict
	CHAINGATE=$real url=http://127.0.0.1:9 record off.ndjson policy.yaml --all-deployments --since any --timeout 1s
	[ "$status" = 5 ]
	replay off.ndjson --report json=now.json
	[ "$status" = 5 ]
	same_verdict
}

@test "a killed run leaves a recording, which replays as undecided" {
	VIRTUAL_EVENTS='1s signal KILL' stable_for=60s record killed.ndjson policy.yaml --deployment q86yjdy
	[ "$status" = 137 ]
	replay killed.ndjson
	[ "$status" = 4 ]
	[[ $output == *"the recording ends before a decision"* ]]
	[ -z "$stderr" ]
	# The target ended when the last answer came.
	replay killed.ndjson --report json=killed.json
	local last
	last=$(tail -n 1 killed.ndjson | sed 's/.*"at":\([0-9.]*\),.*/\1/')
	[ "$(grep -c "\"at_s\": $last,$" killed.json)" -ge 3 ] # of the run, of its target, of the event
	# The recorded part can be enough for another policy.
	replay killed.ndjson --stable-for 200ms
	[ "$status" = 0 ]
	# A cut line is left out, with a message.
	truncate -s -7 killed.ndjson
	replay killed.ndjson
	[ "$status" = 4 ]
	[[ $stderr == *"the last line of 'killed.ndjson' is cut off, and is ignored"* ]]
}

@test "a recording is judged by another policy or with other options, and several give a row each" {
	mkdir runs
	record runs/a.ndjson policy.yaml --deployment q86yjdy --set x=1
	[ "$status" = 2 ]
	printf 'version: 1\nparams: {least: 2}\nrules:\n  - min_replica >= $least\n' >params.yaml
	record runs/a.ndjson params.yaml --deployment q86yjdy --set least=1
	[ "$status" = 0 ]
	replay runs/a.ndjson --report json=now.json
	same_verdict
	replay runs/a.ndjson --set least=100
	[ "$status" = 1 ]
	replay runs/a.ndjson --policy strict.yaml
	[ "$status" = 1 ]
	replay runs/a.ndjson --policy policy.yaml --environment nowhere --since any
	[ "$status" = 4 ]
	record runs/b.ndjson strict.yaml --deployment q86yjdy
	replay runs
	[ "$status" = 0 ]
	[ "$output" = "THEN         NOW          RECORDING
passed       passed       runs/a.ndjson
failed       failed       runs/b.ndjson
2 recordings, 0 with another verdict than recorded" ]
	replay runs --policy strict.yaml
	[ "$status" = 1 ]
	[ "$output" = "THEN         NOW          RECORDING
passed       failed       runs/a.ndjson: 1 rule failed
failed       failed       runs/b.ndjson
2 recordings, 1 with another verdict than recorded" ]
	# Words of a file are shown, never obeyed.
	sed -i 's/"verdict":"passed"/"verdict":"pas\\u001b[31mred\\u000afake row"/' runs/a.ndjson
	replay runs
	[ "$status" = 1 ]
	[[ $output == *'pas\u{1b}[31mred\nfake row passed       runs/a.ndjson'* ]]
	echo junk >runs/c.ndjson
	replay runs/a.ndjson runs/c.ndjson
	[ "$status" = 2 ]
	[[ $output == *"1 that could not be judged" ]]
	[[ $stderr == *"'runs/c.ndjson' is not a recording: line 1: this is not JSON"* ]]
}

@test "a key that the server sends back is in no recording" {
	cat >echo.yaml <<-'END'
		api_key: canary-key
		chains: [{id: 232p81ql, name: rag}]
		deployments:
		  - {id: q86yjdy, chain: 232p81ql, chainlets: [{name: canary-key, status: ACTIVE}]}
		faults:
		  - {at: 0s, path: /deployments, count: 1, http: 503, retry_after_header: canary-key, text: "your key canary-key"}
	END
	start_world "$PWD/echo.yaml"
	BASETEN_API_KEY=canary-key record echo.ndjson --deployment q86yjdy
	[ "$status" = 0 ]
	grep -q '"status":503' echo.ndjson
	! grep -r canary-key echo.ndjson || false
}

@test "one chain under two names counts as two, live and in the replay" {
	cat >names.yaml <<-'END'
		version: 1
		targets:
		  - {name: by name, chain: rag, deployment: q86yjdy}
		  - {name: by id, chain: 232p81ql, deployment: q86yjdy}
		rules: [all chainlets ACTIVE]
	END
	run --separate-stderr "$CHAINGATE" check names.yaml --api-url "$SIM_URL" --interval 300ms --stable-for 1s --record names.ndjson \
		--report json=then.json </dev/null
	show
	[ "$status" = 0 ]
	replay names.ndjson --report json=now.json
	same_verdict
}

@test "a recording without an end has no recorded verdict, and folders that are nested too deep are an error" {
	mkdir -p runs/d1/d2/d3/d4/d5/d6/d7/d8/d9/d10/d11/d12/d13/d14/d15
	record run.ndjson policy.yaml --deployment q86yjdy
	sed '$d' run.ndjson >runs/cut.ndjson
	replay runs
	[ "$status" = 1 ]
	[[ $output == *"-            passed       runs/cut.ndjson"*"1 recording, 0 with another verdict than recorded, 1 without a recorded verdict" ]]
	mkdir runs/d1/d2/d3/d4/d5/d6/d7/d8/d9/d10/d11/d12/d13/d14/d15/d16
	replay runs
	[ "$status" = 2 ]
	[[ $stderr == *"is nested too deep"* ]]
}

@test "a target's report isn't written over an input or the recording" {
	cat >a-b.yaml <<-'END'
		version: 1
		targets:
		  - {name: a/b, chain: rag, deployment: q86yjdy}
		  - {name: a-b, chain: rag, deployment: q86yjdy}
		  - {name: a-b-2, chain: rag, deployment: q86yjdy}
		rules: [all chainlets ACTIVE]
	END
	local -a gate=("$CHAINGATE" check a-b.yaml --api-url "$SIM_URL" --timeout 0s)
	run --separate-stderr "${gate[@]}" --report 'junit={target}.yaml' </dev/null
	show
	[ "$status" = 2 ]
	[[ $stderr == *"a report cannot be written to 'a-b.yaml': this run reads it"* ]]
	grep -q '^version: 1' a-b.yaml
	run --separate-stderr "${gate[@]}" --record a-b-2.json --report 'json={target}.json' </dev/null
	show
	[ "$status" = 2 ]
	[[ $stderr == *"'a-b-2.json': something else is written there"* ]]
	run --separate-stderr "${gate[@]}" --report 'json=out/{target}.json' </dev/null
	[ "$status" = 0 ]
	[ "$(cd out && LC_ALL=C ls | tr '\n' ' ')" = "a-b-2-2.json a-b-2.json a-b.json " ]
}

@test "a recording that can't be written, or can't be read, is an error" {
	record /dev/full policy.yaml --deployment q86yjdy
	[ "$status" = 6 ]
	[[ $stderr == *"the recording is incomplete: No space left on device"* ]]
	mkfifo pipe
	record pipe policy.yaml --deployment q86yjdy
	[ "$status" = 2 ]
	[[ $stderr == *"could not write the recording 'pipe': nobody reads it"* ]]
	record then.json/run.ndjson policy.yaml --deployment q86yjdy
	[ "$status" = 2 ]
	record policy.yaml policy.yaml --deployment q86yjdy
	[ "$status" = 2 ]
	[[ $stderr == *"the recording cannot be written to 'policy.yaml': this run reads it"* ]]
	grep -q 'all chainlets ACTIVE' policy.yaml
	record then.json policy.yaml --deployment q86yjdy
	[[ $stderr == *"the recording cannot be written to 'then.json': a report is written there"* ]]
	record - policy.yaml --deployment q86yjdy
	[[ $stderr == *"a recording must be a file"* ]]
	replay
	[ "$status" = 2 ]
	[[ $stderr == *"no recording is given"* ]]
	replay missing.ndjson --junit refused.xml
	[ "$status" = 2 ]
	[[ $stderr == *"could not read the recording 'missing.ndjson': No such file or directory"* ]]
	grep -q 'could not read the recording' refused.xml
	record run.ndjson policy.yaml --deployment q86yjdy
	replay run.ndjson --chain other
	[ "$status" = 2 ]
	[[ $stderr == *"'run.ndjson' has no answers for the chain 'other'"* ]]
	replay run.ndjson run.ndjson --junit x.xml
	[ "$status" = 2 ]
	[[ $stderr == *"--junit needs a single recording"* ]]
	run --separate-stderr bash -c '"$0" check - --chain rag --deployment q86yjdy --api-url "$SIM_URL" --interval 100ms --stable-for 200ms --record stdin.ndjson <policy.yaml' "$CHAINGATE"
	replay stdin.ndjson
	[ "$status" = 2 ]
	[[ $stderr == *"the policy of 'stdin.ndjson' was read from stdin"* ]]
	replay stdin.ndjson --policy policy.yaml
	[ "$status" = 0 ]
	mkdir empty
	replay empty
	[ "$status" = 2 ]
	[[ $stderr == *"no recordings are in 'empty'"* ]]
}
