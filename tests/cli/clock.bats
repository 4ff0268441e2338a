#!/usr/bin/env bats
# clock.bats - the wall clock is put right, or wrong, during a run: nothing changes but the times that are printed.
#
# libfaketime moves the wall clock of the gate alone, and leaves the monotonic one as it is.

load set_up

setup_file() {
	command -v faketime >/dev/null || return 0
	# shellcheck disable=SC2016 # for the shell that faketime starts
	FAKE_LIBRARY=$(faketime -f +0 sh -c 'echo "$LD_PRELOAD"')
	export FAKE_LIBRARY
	start_sim "$BATS_TEST_DIRNAME/scenarios/single.yaml"
}

setup() {
	set_up
	needs faketime
	cat >policy.yaml <<-'END'
		version: 1
		wait: {timeout: 20s, interval: 200ms, stable_for: 1500ms}
		rules:
		  - all chainlets ACTIVE
		  - deployment.age < 2h
		  - all chainlets have status_for < 1m
		  - {never: any chainlet UNHEALTHY, during: 100ms}
	END
	echo +0 >clock
}

# gate: a run, during which the wall clock goes to $1.
gate() {
	local moved=$1 pid
	rm -f run.ndjson
	# The sanitizers' runtime needn't come first: what is put before it replaces nothing of it.
	LD_PRELOAD=$FAKE_LIBRARY FAKETIME_TIMESTAMP_FILE=$PWD/clock FAKETIME_NO_CACHE=1 FAKETIME_DONT_FAKE_MONOTONIC=1 \
		DONT_FAKE_MONOTONIC=1 ASAN_OPTIONS=verify_asan_link_order=0:${ASAN_OPTIONS-} \
		timeout 60 "$CHAINGATE" check policy.yaml --chain rag --deployment q86yjdy --api-url "$SIM_URL" \
		--record run.ndjson --report json=r.json --junit r.xml >out 2>err </dev/null &
	pid=$!
	until [ -s run.ndjson ] && [ "$(wc -l <run.ndjson)" -ge 4 ]; do
		kill -0 "$pid" 2>/dev/null || break
		sleep 0.05
	done
	echo "$moved" >clock.new
	mv clock.new clock
	status=0
	wait "$pid" || status=$?
	cat out err
}

# What happened, without when.
story() {
	grep -o '"kind": .*\|"outcome": .*\|"verdict": .*\|"finding": .*' r.json
}

@test "a day forward, a day back: the same verdict, the same story" {
	gate +0
	[ "$status" = 0 ]
	story >unmoved
	for moved in +1d -1d +10y; do
		echo +0 >clock
		gate "$moved"
		[ "$status" = 0 ]
		diff unmoved <(story)
		# No duration holds the step, and nothing was polled in a hurry or late.
		grep -E '^passed: 4 rules on rag/q86yjdy in 0m0[0-9]s' out
		! grep -E '"(at_s|took_s|since_s)": (-|[0-9]{3})' r.json || false
		[ "$(xmllint --xpath 'number(/testsuites/@time) < 20' r.xml)" = true ]
	done
}

@test "the step does happen: a clock that is wrong from the start is seen in what is printed" {
	echo +1d >clock
	gate +1d
	grep -q "\"start\": \"$(date -u -d '1 day' +%Y-%m-%d)" r.json
	# It makes the deployment a day old, so the rule about its age fails: `age` and `since` are of the wall clock.
	[ "$status" = 1 ]
	grep -q '^FAIL  deployment.age < 2h' out
}

@test "where nothing changes there is a line a minute, and no more" {
	cat >waiting.yaml <<-'END'
		api_key: sim-key
		chains: [{id: c1, name: rag}]
		deployments:
		  - {id: d1, chain: c1, status: DEPLOYING, chainlets: [{name: Retriever, status: LOADING_MODEL}]}
	END
	start_sim waiting.yaml
	# Its time goes thirty times as fast.
	LD_PRELOAD=$FAKE_LIBRARY FAKETIME="+0 x30" ASAN_OPTIONS=verify_asan_link_order=0:${ASAN_OPTIONS-} \
		timeout 60 "$CHAINGATE" check --chain rag --deployment d1 --api-url "$SIM_URL" --timeout 200s >out 2>err </dev/null || status=$?
	stop_sim
	cat out err
	[ "$status" = 3 ]
	# A request may fail in such a hurry; then there is a line of it, and the minute begins anew.
	[ "$(grep -c '^[123]m[0-9]*s  rag/d1  waiting: Retriever LOADING_MODEL for ' err)" -ge 2 ]
	awk -F'[ms]' '{ now = $1 * 60 + $2; if (now - last > 65) exit 1; last = now }' err
	awk -F'[ms]' '{ now = $1 * 60 + $2 } / waiting: / && now - last < 59 { exit 1 } { last = now }' err
}
