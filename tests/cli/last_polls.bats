#!/usr/bin/env bats
# last_polls.bats - every chain is asked once more before the deadline, however many share the rate: a chain that is up isn't reported as timed out
# (tests/scenario/rate_test.c tells more such stories).

load set_up
load virtual

@test "three hundred chains, of which one is never up" {
	local i
	{
		echo 'chains:'
		for ((i = 0; i < 300; i++)); do echo "  - {id: c$i, name: n$i}"; done
		printf '%s\n' 'deployments:' '  - {id: d0, chain: c0, created_at: "2026-08-14T08:05:00Z", chainlets: [{name: A, status: BUILDING}]}'
		for ((i = 1; i < 300; i++)); do echo "  - {id: d$i, chain: c$i, created_at: \"2026-08-14T08:05:00Z\", chainlets: [{name: A, status: ACTIVE}]}"; done
	} >world.yaml
	start_world world.yaml
	run --separate-stderr "$CHAINGATE" check --all-chains --latest --since any --stable-for 10s --timeout 35s --max-rps 100 --quiet --record run.ndjson </dev/null
	show | tail -n 3
	[ "$status" = 3 ]
	[ "${lines[-1]}" = "timed_out: 1 of 300 targets did not pass" ]
	[[ $output == "timed_out: "*" on n0/latest in 0m35s "* ]]
	[[ $output != *" 1 error"* ]]
	local live=$output
	run "$CHAINGATE" replay run.ndjson --quiet
	[ "$status" = 3 ]
	[ "$output" = "$live" ]
}
