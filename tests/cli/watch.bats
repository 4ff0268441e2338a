#!/usr/bin/env bats
# watch.bats - `chaingate status --watch` without a terminal; live.bats tests it on one.

load set_up
load virtual

@test "status --watch on a pipe prints the table whenever it changes" {
	start_world "$BATS_TEST_DIRNAME/scenarios/rollout.yaml"
	VIRTUAL_EVENTS='1h signal INT' run --separate-stderr "$CHAINGATE" status --chain rag --watch --interval 200ms
	show
	[ "$status" = 130 ]
	[ "$(sim_requests deployments)" -gt 10000 ]
	# The scenario runs twenty times as fast as a rollout. Nothing changes after five seconds, so nothing more is printed.
	[ "$(grep -c '^2026-08-14T09:00:0[0-5]Z$' <<<"$output")" -ge 6 ]
	[ "$(grep -c '^20.*Z$' <<<"$output")" = "$(grep -c '^2026-08-14T09:00:0[0-5]Z$' <<<"$output")" ]
	[[ ${lines[-1]} == *"Generator  ACTIVE"*"2 of 2"* ]]
	[ "$stderr" = "chaingate status: could not read the deployments: HTTP 503: upstream connect error; trying again" ]
}

@test "status doesn't show an old copy as new, once and with --watch" {
	{
		sed '/^faults:/,$d' "$BATS_TEST_DIRNAME/scenarios/rollout.yaml"
		echo 'faults: [{at: 0s, path: /deployments, headers: {Date: "Fri, 14 Aug 2026 08:59:00 GMT"}}]'
	} >world.yaml
	start_world world.yaml
	run --separate-stderr "$CHAINGATE" status --chain rag
	show
	[ "$status" = 5 ]
	[ -z "$output" ]
	[[ $stderr == *"could not read the deployments: old copy: the answer is "*" s old: a cache on the way sent it again"* ]]
	VIRTUAL_EVENTS='1m signal INT' run --separate-stderr "$CHAINGATE" status --chain rag --watch
	show
	[ "$status" = 130 ]
	[ -z "$output" ]
	[[ $stderr == *" s old: a cache on the way sent it again"*"; trying again" ]]
}

@test "status --watch ends when nobody reads it, and when waiting can't help" {
	start_sim "$BATS_TEST_DIRNAME/scenarios/rollout.yaml"
	run --separate-stderr bash -c '{ "$CHAINGATE" status --chain rag --api-url "$SIM_URL" --watch --interval 100ms; echo "exit $?" >&2; } | head -n 1 >/dev/null'
	[[ $stderr == *"exit 6" ]]
	run --separate-stderr timeout 600 "$CHAINGATE" status --chain rog --api-url "$SIM_URL" --watch
	[ "$status" = 5 ]
	[[ $stderr == *"no chain has the id or name 'rog'; the key can see 'rag'"$'\n'"  = help: Check --chain, "* ]]
	BASETEN_API_KEY=canary run --separate-stderr timeout 600 "$CHAINGATE" status --chain rag --api-url "$SIM_URL" --watch
	[ "$status" = 5 ]
	[[ $stderr == *"HTTP 401"*"= help: Check the key, "* && $stderr != *canary* ]]
}
