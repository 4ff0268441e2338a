#!/usr/bin/env bats
# failing.bats - a run with ten outputs that passes, fails or is interrupted, in which one call of the C library (an allocation, a write, a rename …) fails,
# or a signal arrives at that call. Tries a sample of the calls; with FAILING_ALL=1 in the environment, all of them. In virtual time.
#
# A run may pass only if the undisturbed run passes and every report equals its. A run never crashes, and a report's file is always complete.

load set_up
load virtual
load runs

setup() {
	set_up
	command -v python3 >/dev/null || skip "python3 is not here"
	failing=${CHAINGATE_VIRTUAL%/*}/preload/failing.so
	CHAINGATE_VIRTUAL=${failing%/*}/chaingate-virtual
	[ -e "$failing" ] # make tests
	! grep -q __asan_report_load "$CHAINGATE_VIRTUAL" || skip "the sanitizers have allocators of their own"
	cat >world.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: c1, name: rag}]
		deployments:
		  - {id: d1, chain: c1, environment: production, created_at: 0s, chainlets: [{name: A, status: ACTIVE, active_replica_count: 1, autoscaling_settings: {min_replica: 1}}]}
		  - {id: d2, chain: c1, environment: staging, created_at: 0s, chainlets: [{name: A, status: {0s: LOADING_MODEL, 15s: ACTIVE}, active_replica_count: 1, autoscaling_settings: {min_replica: 1}}]}
	END
	cat >policy.yaml <<-'END'
		version: 1
		wait: {timeout: 10m, interval: 10s, stable_for: 20s}
		baseline: {environment: production}
		rules:
		  - all chainlets ACTIVE
		  - active_replica_count >= min_replica
		  - min_replica >= baseline.min_replica
		  - {never: any chainlet FAILED, name: no failure}
	END
	sed 's/- all chainlets ACTIVE/- {never: any chainlet LOADING_MODEL}/' policy.yaml >failed.yaml
	start_world world.yaml
	tell passing
}

# tell STORY: what happens in the runs that follow: passing, failing or interrupted. Sets the exit code that it should have.
tell() {
	export FAILING_STORY=$1
	policy=policy.yaml happens='' ends=0
	case $1 in
	failing) policy=failed.yaml ends=1 ;;
	interrupted) happens='15s signal TERM' ends=143 ;;
	esac
}

# disturbed NAME SETTING…: adds a run whose files are in the directory NAME.
disturbed() {
	local at=$1
	shift
	a_run "$at/run" VIRTUAL_EVENTS="$happens" "$@" check "$policy" --chain rag --deployment d2 --api-url "$SIM_URL" --progress none --junit "$at/junit.xml" \
		--report "json=$at/r.json" --report "html=$at/r.html" --report "markdown=$at/r.md" --report "env=$at/r.env" --report "tap=$at/r.tap" \
		--report "gitlab=$at/r.gitlab" --report "intoto=$at/r.intoto" --report "github=$at/r.github" --record "$at/run.ndjson"
}

make_disturbed() {
	export LD_PRELOAD=$failing
	make_runs
	unset LD_PRELOAD
}

# count_calls CALL: sets total to the number of these calls in the undisturbed run, whose files stay in the directory CALL.
count_calls() {
	disturbed "$1" FAILING_COUNT="$1.count" FAILING_CALL="$1"
	make_disturbed
	[ "$(cat "$1/run.status")" = "$ends" ]
	total=$(cat "$1.count")
	[ "$total" -gt 0 ]
}

# points MOST FIRST: sets at to MOST numbers from FIRST to total, spread evenly; with FAILING_ALL, to all of them.
points() {
	local i most=$1 first=$2 range=$((total + 1 - $2))
	at=()
	! is_part || most=$(((most + 2) / 3))
	if [ -n "${FAILING_ALL-}" ] || [ "$range" -le "$most" ]; then
		most=$range
	fi
	for ((i = 0; i < most; i++)); do
		at+=("$((first + i * range / most))")
	done
}

# sweep CALL MOST SETTING…: the call fails, at a sample of points.
sweep() {
	local first=1
	[ "$1" != open ] || first=5 # the first ones open the run's stdin, stdout and stderr
	count_calls "$1"
	points "$2" "$first"
	disturb "$1" "${@:3}"
}

# disturb CALL SETTING…: makes a run for each point in `at`, in which this call fails, and checks the runs.
disturb() {
	local call=$1 point noted=0
	shift
	for point in "${at[@]}"; do
		disturbed "$call-$point" "$@" FAILING_AT="$point" FAILING_CALL="$call"
		((++noted % 1000)) || make_disturbed # a table of runs may not be longer
	done
	make_disturbed
	printf '%s\n' "${at[@]}" | xargs -n 100000 python3 "$BATS_TEST_DIRNAME/failing.py" "$call"
	rm -r "$call"*
}

@test "no run passes wrongly or crashes if an allocation fails" {
	sweep allocation 24
}

@test "no failing or interrupted run passes if an allocation, a write or anything else fails" {
	local call story
	for story in failing interrupted; do
		tell "$story"
		sweep allocation 6
		for call in write read open rename fsync close; do
			sweep "$call" 2 FAILING_ERRNO=EIO
		done
	done
}

@test "reads and writes that handle a part, or are interrupted, change nothing" {
	local story call
	for story in passing failing; do
		tell "$story"
		count_calls write
		for call in read write; do
			# Each third call is interrupted, and what comes through is cut in half; each second one is interrupted.
			disturbed "$call-3" FAILING_CALL="$call" FAILING_AT=3 FAILING_AGAIN=1 FAILING_ERRNO=EINTR FAILING_SHORT=1
			disturbed "$call-2" FAILING_CALL="$call" FAILING_AT=2 FAILING_AGAIN=1 FAILING_ERRNO=EINTR
		done
		make_disturbed
		for at in read-3 read-2 write-3 write-2; do
			[ "$(cat "$at/run.status")" = "$ends" ]
			diff -r -x run.status -x run.out -x run.err write "$at"
		done
		rm -r write* read*
	done
}

@test "no run passes wrongly or crashes if a write fails, because the disk is full or broken" {
	sweep write 6 FAILING_ERRNO=ENOSPC
	sweep write 6 FAILING_ERRNO=EIO
}

@test "no run passes wrongly or crashes if opening, renaming, flushing to the disk or closing fails" {
	local call
	for call in open rename fsync close; do
		sweep "$call" 3 FAILING_ERRNO=EIO
	done
	sweep read 3 FAILING_ERRNO=EIO
}

@test "a signal comes at a random moment: twenty of them, sixty, or two hundred" {
	local signal i most seed=${CHAINGATE_TEST_SEED:-1}
	most=$(of 67 20 7)
	[ -z "${FAILING_ALL-}" ] || most=67
	RANDOM=$seed
	echo "CHAINGATE_TEST_SEED=$seed"
	for signal in 1 2 15; do
		count_calls any
		at=()
		for ((i = 0; i < most; i++)); do
			at+=("$((1 + (RANDOM * 32768 + RANDOM) % total))")
		done
		disturb any FAILING_SIGNAL="$signal"
	done
}

@test "a run that is killed leaves no JSON report that says 0" {
	count_calls rename
	at=()
	points 40 1
	disturb rename FAILING_SIGNAL=9
	count_calls write
	points 12 "$((total - 40))"
	disturb write FAILING_SIGNAL=9
}

# The first rename puts "not finished" into the place, the second one the verdict.
@test "a replay that is killed leaves no older verdict in a report's place" {
	local moment
	disturbed made
	for moment in 1 2; do
		mkdir "$moment"
		echo '<testsuites tests="1"/>' >"$moment/junit.xml"
		a_run "$moment/run" FAILING_CALL=rename FAILING_AT="$moment" FAILING_SIGNAL=9 replay made/run.ndjson --junit "$moment/junit.xml"
	done
	make_disturbed
	[ "$(cat made/run.status) $(cat 1/run.status) $(cat 2/run.status)" = "0 137 137" ]
	grep -q 'tests="1"/>' 1/junit.xml
	grep -q 'not finished' 2/junit.xml
}
