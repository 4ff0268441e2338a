#!/usr/bin/env bats
# watch.bats - `chaingate status --watch` where nobody looks at a terminal; live.bats has what one shows.

load set_up

@test "status --watch on a pipe: a table whenever it is another one" {
	start_sim "$BATS_TEST_DIRNAME/scenarios/rollout.yaml"
	local pid code=0 line tables=0
	mkfifo out
	set -m # a job of its own has its SIGINT
	"$CHAINGATE" status --chain rag --api-url "$SIM_URL" --watch --interval 100ms >out 2>err 3>&- &
	pid=$!
	set +m
	exec {table}<out
	while read -r -t 20 line <&"$table"; do
		[[ $line != 20??-*Z ]] || tables=$((tables + 1))
		[[ $line != *"Generator  ACTIVE"*"2 of 2"* ]] || break
	done
	[ "$tables" -ge 4 ]
	# Nothing changes any more, so nothing is printed any more.
	local asked
	asked=$(sim_requests deployments)
	until [ "$(sim_requests deployments)" -ge $((asked + 3)) ]; do sleep 0.05; done
	kill -INT "$pid"
	run cat <&"$table"
	exec {table}<&-
	wait "$pid" || code=$?
	[ "$code" = 130 ]
	[ -z "$output" ]
	[[ $(<err) == "chaingate status: could not read the deployments: HTTP 503: upstream connect error; trying again" ]]
}

@test "status --watch ends when nobody reads it, and when waiting can't help" {
	start_sim "$BATS_TEST_DIRNAME/scenarios/rollout.yaml"
	run --separate-stderr bash -c '{ "$CHAINGATE" status --chain rag --api-url "$SIM_URL" --watch --interval 100ms; echo "exit $?" >&2; } | head -n 1 >/dev/null'
	[[ $stderr == *"exit 6" ]]
	run --separate-stderr timeout 30 "$CHAINGATE" status --chain rog --api-url "$SIM_URL" --watch
	[ "$status" = 5 ]
	[[ $stderr == *"no chain has the id or name 'rog'; there is 'rag'"$'\n'"  = help: Check --chain, "* ]]
	BASETEN_API_KEY=canary run --separate-stderr timeout 30 "$CHAINGATE" status --chain rag --api-url "$SIM_URL" --watch
	[ "$status" = 5 ]
	[[ $stderr == *"HTTP 401"*"= help: Check the key, "* && $stderr != *canary* ]]
}
