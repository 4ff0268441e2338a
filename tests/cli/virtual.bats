#!/usr/bin/env bats
# virtual.bats - the virtual build itself: time is exact, runs are repeatable, and a mistake in the world's description ends with 99.

load set_up
load virtual
load runs

setup() {
	set_up
	start_world "$BATS_TEST_DIRNAME/scenarios/single.yaml"
}

# check ARGUMENT…: gates the steady deployment.
check() {
	run --separate-stderr "$CHAINGATE" check --chain rag --deployment q86yjdy "$@" </dev/null
	show
}

@test "an hour of waiting is an hour by every clock, in an instant" {
	check --stable-for 2h --timeout 1h --report json=r.json
	[ "$status" = 3 ]
	grep -q '"at_s": 3600.0,' r.json
	grep -q '"took_s": 3600.0' r.json
	grep -q '"start": "2026-08-14T09:00:00Z"' r.json
	# The first list comes at 0, the others about ten seconds apart.
	[ "$(sim_requests '/deployments"')" -gt 340 ]
	[ "$(sim_requests '/deployments"')" -lt 400 ]
	[ "$(sim_requests '/v1/chains"')" = 1 ]
}

@test "two runs with one seed are identical, and another seed gives another run" {
	local run
	for run in 1 2 3; do
		VIRTUAL_SEED=$((run == 3 ? 7 : 1)) VIRTUAL_LOG=log.$run check --stable-for 1h --report json=r.$run.json --record rec.$run
		[ "$status" = 3 ] || [ "$status" = 0 ]
	done
	cmp r.1.json r.2.json
	cmp log.1 log.2
	! cmp -s log.1 log.3 || false
}

@test "each event of a world happens at its moment" {
	VIRTUAL_EVENTS='95s signal INT' check --stable-for 10m
	[ "$status" = 130 ]
	[[ $output == *"interrupted: 2 rules on rag/q86yjdy in 1m35s "* ]]
	VIRTUAL_EVENTS='0s miss connect' check
	[ "$status" = 5 ]
	[[ $output == *" in 3m"* ]]
	VIRTUAL_EVENTS='30s miss tls' check --stable-for 10m
	[ "$status" = 5 ]
	[[ $output == *"unreachable: 2 rules on rag/q86yjdy in 0m3"* ]]
	VIRTUAL_EVENTS='20s asleep 2h' check --stable-for 10m --timeout 1h
	[ "$status" = 3 ]
	VIRTUAL_EVENTS='20s wall -24h' check --report json=r.json
	[ "$status" = 0 ]
	grep -q '"start": "2026-08-14T09:00:00Z"' r.json
	VIRTUAL_EVENTS='50s signal KILL' check --stable-for 10m
	[ "$status" = 137 ]
}

# The first list is requested ten milliseconds after the chains.
@test "each fault of the simulator becomes a miss at the same moment as with libcurl" {
	local fault took row
	for row in reset:0.02 truncated:0.02 stall:30.01 silence:30.01 slow:30.01 garbage:0.02 empty:0.02; do
		fault=${row%:*} took=${row#*:}
		printf '%s\n' 'chains: [{id: c, name: rag}]' 'deployments:' '  - {id: q86yjdy, chain: c, chainlets: [{name: A, status: ACTIVE}]}' \
			'faults:' "  - {at: 0s, path: /deployments, count: 1, body: $fault}" >"$fault.yaml"
		VIRTUAL_SCENARIO=$fault.yaml check --record "$fault.ndjson"
		[ "$status" = 0 ]
		grep '"kind":"answer"' "$fault.ndjson" | head -n 1 | grep -q "\"took\":$took"
	done
}

@test "a mistake in a world's description ends with 99, which is no exit code of chaingate" {
	local events
	for events in 'signal INT' '5s dance' '5s signal USR1' '5s wall 3h' '9s real; 5s real' '5s asleep' '5s miss luck' '5s real now'; do
		VIRTUAL_EVENTS=$events check
		[ "$status" = 99 ]
		[[ $stderr == "chaingate-virtual: "* ]]
	done
	VIRTUAL_SCENARIO='' check
	[ "$status" = 99 ]
	VIRTUAL_SCENARIO=missing.yaml check
	[ "$status" = 99 ]
	echo 'chains: []x' >bad.yaml
	VIRTUAL_SCENARIO=bad.yaml check
	[ "$status" = 99 ]
	VIRTUAL_START=yesterday check
	[ "$status" = 99 ]
	# Nothing else ends the run.
	run "$CHAINGATE" status --chain rag --watch --interval 10h
	[ "$status" = 99 ]
	[[ $output == *"a thousand hours have passed"* ]]
	# Its table never changes, so nothing but the limit on waits ends it.
	run "$CHAINGATE" status --chain rag --watch --interval 200ms
	[ "$status" = 99 ]
	[[ $output == *"the program has waited 100000 times, and the run goes on"* ]]
}

@test "many runs of one start equal single runs, and a table with a mistake in it is refused" {
	local table
	local -a arguments=(check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --report env=-)
	a_run one LC_ALL=C -u HOME "${arguments[@]}"
	a_run two VIRTUAL_EVENTS='5s signal KILL' "${arguments[@]}"
	a_run three '' --nonsense
	a_run four eval 'all chainlets ACTIVE' --body -
	echo nonsense >four.in
	make_runs
	got one
	show
	[ "$status" = 0 ]
	[ "$output" = "$("$CHAINGATE" "${arguments[@]}" 2>err)" ]
	[ "$stderr" = "$(<err)" ]
	got two
	[ "$status" = 137 ]
	got three
	[ "$status" = 2 ]
	got four
	[ "$status" = 2 ]
	[[ $stderr == *"the body is not JSON"* ]]
	for table in 'one' 'one\0002\0help\0' 'one\000x\0' 'one\000999\0' 'no/where/one\0001\0help\0'; do
		# shellcheck disable=SC2059 # with NULs
		printf "$table" >table
		VIRTUAL_RUNS=table run "$CHAINGATE"
		echo "$table: $status $output"
		[ "$status" = 99 ]
	done
	VIRTUAL_RUNS=missing run -99 "$CHAINGATE"
}
