#!/usr/bin/env bats
# unfinished.bats - a report's file never contains an earlier run's verdict: before the first poll, the gate marks it as unfinished.

load set_up

FORMATS=(junit junit-strict tap json html markdown github gitlab intoto)

setup() {
	cd "$BATS_TEST_TMPDIR"
	export BASETEN_API_KEY=simulator-key HOME=$PWD
	unset GITHUB_STEP_SUMMARY GITHUB_OUTPUT CI BASETEN_API_URL USER_TRUSSRC_PATH
	printf 'version: 1\ntargets:\n  - {name: A, chain: rag, deployment: q86yjdy}\n  - {name: B, chain: rag, deployment: q86yjdy}\nrules: [all chainlets ACTIVE]\n' >two.yaml
	reports=()
	for format in "${FORMATS[@]}"; do
		reports+=(--report "$format=out/report.$format" --report "$format=out/{target}.$format")
	done
}

run_gate() { # run_gate ARGUMENT…
	code=0
	"$CHAINGATE" check two.yaml --api-url "$SIM_URL" "${reports[@]}" "$@" >stdout 2>err </dev/null || code=$?
}

# reader FIFO FILE: starts a process that copies the FIFO into the file, below a first line. It has the FIFO open when this returns, so the gate finds a
# reader, however late the process started. `read_all` waits until it has copied everything.
reader() {
	exec {held}<>"$1"
	cat "$1" >"$2" {held}>&- 3>&- &
	echo begun >&"$held"
	until_true [ -s "$2" ]
}

read_all() {
	exec {held}>&-
	wait
}

# The file is complete, belongs to this run, and has no verdict.
says_unfinished() { # says_unfinished FORMAT FILE
	grep -q 'not finished: this run has no verdict' "$2" || [ "$1" = intoto ] || { echo "$2: no word of it" && return 1; }
	case $1 in
	junit | junit-strict)
		xmllint --noout "$2"
		[ "$(xmllint --xpath 'count(//testcase)' "$2")" = 1 ]
		[ "$(xmllint --xpath 'count(//testcase/error[@type="NotFinished"])' "$2")" = 1 ]
		[ "$(xmllint --xpath 'string(//testsuites/testsuite/@errors)' "$2")" = 1 ]
		;;
	tap) grep -qx '1..1' "$2" && grep -q '^not ok 1 ' "$2" ;;
	json) [ "$(jq -c '[.verdict, .exit]' "$2")" = '[null,null]' ] ;;
	html) xmllint --html --noout "$2" 2>/dev/null && grep -q '</html>' "$2" && grep -q 'none yet' "$2" ;;
	markdown) grep -q '^## chaingate: not finished' "$2" && ! grep -q 'Exit code' "$2" ;;
	github) grep -q '^::error title=' "$2" ;;
	gitlab) [ "$(jq -r '.[0].severity' "$2")" = blocker ] ;;
	intoto) [ "$(jq -r '.predicate.result, .subject[0].name' "$2")" = "FAILED
not finished" ] ;;
	esac
}

all_say_unfinished() {
	local format name
	for format in "${FORMATS[@]}"; do
		for name in report B; do
			says_unfinished "$format" "out/$name.$format" || { echo "$name.$format" && cat "out/$name.$format" && return 1; }
		done
	done
	[ -z "$(find out -name '*.tmp')" ]
}

@test "a place that is no file and can never be written ends the run before the first poll" {
	local place
	start_world "$BATS_TEST_DIRNAME/scenarios/moving.yaml"
	python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
	ln -s socket link
	mkfifo fifo
	chmod 400 fifo
	ln -s /dev/fd/9 closed
	for place in socket link closed/x fifo /proc/version; do
		[ "$place" != fifo ] || [ "$(id -u)" != 0 ] || continue # root may write everything
		run_gate --timeout 10m --report "tap=$place"
		[ "$code" = 2 ] || { echo "$place: exit $code" && cat err && return 1; }
		grep -q "the report tap cannot be written to '$place'" err
		[ ! -s stdout ] || ! grep -q timed stdout
	done
	# A pipe may still get its reader.
	chmod 600 fifo
	run_gate --timeout 0s --report tap=fifo
	[ "$code" = 3 ]
	grep -q 'could not write the report tap to fifo: nobody reads it' err
}

@test "a run that is killed at any moment leaves no earlier run's pass" {
	local moment
	start_world "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	run_gate --timeout 0s
	[ "$code" = 0 ]
	grep -q '"verdict": "passed"' out/A.json
	start_world "$BATS_TEST_DIRNAME/scenarios/moving.yaml"
	for moment in 0s 5s 59m; do
		VIRTUAL_EVENTS="$moment signal KILL" run_gate --timeout 60m
		[ "$code" = 137 ]
		# All formats except the in-toto statements, for each target and for both together.
		[ "$(grep -l 'not finished: this run has no verdict' out/* | wc -l)" = 24 ]
	done
	all_say_unfinished
	# A finished report has a verdict.
	run_gate --timeout 1m
	[ "$code" = 3 ]
	! grep -rl 'not finished: this run' out || false
	VIRTUAL_EVENTS="30s signal TERM" run_gate --timeout 60m
	[ "$code" = 143 ]
	[ "$(jq -r '.verdict' out/report.json)" = interrupted ]
}

@test "a place that cannot be written is an error before the first poll" {
	local place
	mkdir -p full blocked/there
	: >file
	ln -s loop loop
	ln -s missing/../../../../../../../../proc/nowhere/x dangling
	start_world "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	reports=(--report 'json=out/{target}.json')
	for place in file/x full blocked/there '/proc/chaingate.json' loop /dev/null/x /sys/x.json "$(printf 'a%.0s' {1..300})"; do
		# In a minimal root nothing is mounted there, and root may write into the directory.
		[ "$place" != /sys/x.json ] || [ -d /sys/kernel ] || continue
		: >"$SIM_LOG"
		run_gate --timeout 0s --report "json=$place"
		echo "$place: $code"
		cat err
		[ "$code" = 2 ]
		[ ! -s "$SIM_LOG" ]
		[ "$(grep -c "the report json cannot be written to '" err)" = 1 ]
		! grep -q 'could not write' err || false
		[ "$(jq -c '[.verdict, .exit]' out/A.json)" = '[null,2]' ]
	done
	: >"$SIM_LOG"
	GITHUB_STEP_SUMMARY=$PWD/full run_gate --timeout 0s --report markdown
	[ "$code" = 2 ]
	[ ! -s "$SIM_LOG" ]
}

@test "a place that isn't a regular file gets only the final report" {
	start_world "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	reports=(--report json=/dev/null --report tap=/dev/stderr --report junit=-)
	run_gate --timeout 0s
	[ "$code" = 0 ]
	[ "$(grep -c '^TAP version' err)" = 1 ]
	[ "$(grep -c '<testsuites' stdout)" = 1 ]
	reports=(--report junit=stdout)
	run_gate --timeout 0s
	[ "$(grep -c '<testsuites' stdout)" = 1 ]
	mkfifo pipe
	reports=(--report json=pipe)
	reader pipe read
	run_gate --timeout 0s
	read_all
	[ "$code" = 0 ]
	[ "$(sed 1d read | jq -r .verdict)" = passed ]
	# Other programs write to a step's summary, too.
	echo before >summary
	reports=(--report markdown)
	GITHUB_STEP_SUMMARY=$PWD/summary VIRTUAL_EVENTS="0s signal KILL" run_gate --timeout 60m
	[ "$(cat summary)" = before ]
	GITHUB_STEP_SUMMARY=$PWD/summary run_gate --timeout 0s
	[ "$(grep -c '^## chaingate: passed' summary)" = 1 ]
	! grep -q 'not finished' summary || false
}

@test "--print-config touches no report" {
	start_world "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	run_gate --timeout 0s --print-config
	[ "$code" = 0 ]
	[ ! -e out ]
}

@test "several pipes without a reader delay the end no longer than one, and not past the deadline" {
	local i
	for i in 1 2 3 4 5 6 7 8; do mkfifo "pipe$i"; done
	start_world "$BATS_TEST_DIRNAME/scenarios/moving.yaml"
	# The test opens one FIFO for reading, so that the gate can open it for writing, and never reads it. Nobody opens the others.
	exec 7<>pipe1
	reports=(--report json=pipe1 --report tap=pipe2 --report junit=pipe3 --report html=pipe4 --report gitlab=pipe5 --report markdown=pipe6 --report json=last.json)
	run_gate --timeout 1m
	[ "$code" = 3 ]
	grep -c "could not write the report .* to pipe" err
	[ "$(grep -c "could not write the report .* to pipe" err)" -ge 5 ]
	# Writing at the run's end waits for less than a second of virtual time.
	jq -e '.run.took_s < 61' last.json
	exec 7<&-
}

@test "a recording into a pipe doesn't delay the gate, and a slow reader gets all of it" {
	local i
	mkfifo pipe
	start_world "$BATS_TEST_DIRNAME/scenarios/moving.yaml"
	reports=(--report json=report.json)
	# Without a reader, the error comes before the first poll.
	run_gate --timeout 30m --record pipe
	[ "$code" = 2 ]
	grep -q "could not write the recording 'pipe': nobody reads it" err
	# With a reader that reads nothing, every poll is on time, and the error comes at the end.
	exec 7<>pipe
	run_gate --timeout 60m --interval 1s --record pipe
	[ "$code" = 3 ]
	grep -q "the recording is incomplete" err
	polls=$(wc -l <"$SIM_LOG")
	run_gate --timeout 60m --interval 1s
	[ "$polls" = "$(wc -l <"$SIM_LOG")" ]
	exec 7<&-
	# A reader gets all of it.
	mkfifo second
	reader second read
	run_gate --timeout 60m --interval 1s --record second
	read_all
	[ "$code" = 3 ]
	tail -n 1 read | grep -q '"kind":"end"'
}
