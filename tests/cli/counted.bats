#!/usr/bin/env bats
# counted.bats - costs are proportional to the input, and connections are few. The tests count instructions and connections, never time.

load set_up

# body N: two deployments of N chainlets each, one of them in production.
body() {
	awk -v n="$1" 'BEGIN {
		printf "{\"deployments\":["
		for (d = 0; d < 2; d++) {
			printf "%s{\"id\":\"d%d\",\"chain_id\":\"c\",\"environment\":%s,\"status\":\"ACTIVE\",\"created_at\":\"2026-08-14T09:00:00Z\",\"chainlets\":[",
				d ? "," : "", d, d ? "\"production\"" : "null"
			for (i = 0; i < n; i++)
				printf "%s{\"id\":\"i%d\",\"name\":\"Chainlet%d\",\"status\":\"ACTIVE\",\"instance_type_name\":\"L4:4x16\",\"active_replica_count\":2,\"autoscaling_settings\":{\"min_replica\":2,\"max_replica\":4,\"autoscaling_window\":60,\"scale_down_delay\":900,\"concurrency_target\":1,\"target_utilization_percentage\":70}}",
					i ? "," : "", i, i
			printf "]}"
		}
		printf "]}"
	}' >"body.$1"
}

# instructions BODY RULE…: how many it takes to judge these rules, with evidence; the start and the body's decoding are subtracted.
instructions() {
	local body=$1 said
	shift
	said=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect=rule_judge "$CHAINGATE" eval "$@" --baseline-environment production \
		--body "$body" 2>&1 >/dev/null)
	[[ $said =~ Collected\ :\ ([0-9]+) ]] || { echo "$said" >&2 && return 1; }
	echo "${BASH_REMATCH[1]}"
}

@test "judging is linear in the number of chainlets" {
	needs valgrind
	needs_plain "instructions of sanitizers count, too"
	local rules=("all chainlets where name like 'C*' have min_replica * 2 >= 1 and status in [ACTIVE, INACTIVE]"
		"active_replica_count * 2 <= sum(active_replica_count of chainlets)"
		"min_replica >= baseline.min_replica and instance_type_name == baseline.instance_type_name"
		"all deployments have count(chainlets where min_replica < baseline.min_replica) <= 1")
	local n cost=()
	for n in 250 500 1000; do
		body "$n"
		cost+=("$(instructions "body.$n" "${rules[@]}")")
	done
	echo "${cost[@]} instructions for 250, 500 and 1,000 chainlets"
	# Twice as many, and a little more for sorting.
	[ "${cost[0]}" -gt 100000 ]
	[ $((cost[1] * 100)) -lt $((cost[0] * 230)) ]
	[ $((cost[2] * 100)) -lt $((cost[1] * 230)) ]
}

@test "a run of many polls has one connection" {
	start_sim "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	run "$CHAINGATE" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --interval 100ms --stable-for 500ms </dev/null
	[ "$status" = 0 ]
	mapfile -t lines <"$SIM_LOG"
	printf '%s\n' "${lines[@]}"
	# One request for the chains, one for each poll.
	[ "${#lines[@]}" -ge 3 ]
	for line in "${lines[@]}"; do
		[[ $line == *'"connection":1,'* ]]
	done
}
