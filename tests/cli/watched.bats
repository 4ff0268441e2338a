#!/usr/bin/env bats
# watched.bats - every report says how long the target was stable, how much of that time was watched, and how many polls failed.
#
# Replays a recording with errors between two good polls; its times are the recorded ones.

load set_up
file_world=none

setup() {
	set_up
	cat >policy.yaml <<-'END'
		version: 1
		wait: {interval: 10s, stable_for: 30s, unreachable_after: 10m}
		rules: [all chainlets ACTIVE]
	END
}

# Turns lines "TIME STATUS" into a recording.
record() {
	awk '
		BEGIN { print "{\"kind\":\"header\",\"format\":1,\"tool\":\"test\",\"start_ns\":1786698000000000000,\"api\":\"https://api.example\",\"policies\":[\"policy.yaml\"],\"options\":[[\"chain\",\"rag\"],[\"deployment\",\"q1\"]]}" }
		{
			printf "{\"kind\":\"answer\",\"round\":%d,\"at\":%s,\"took\":0.25,\"chain\":\"rag\",\"chain_id\":\"c1\",", NR, $1
			if ($2 + 0)
				printf "\"status\":%s,\"body\":\"\"}\n", $2
			else
				printf "\"status\":200,\"body\":\"{\\\"deployments\\\":[{\\\"id\\\":\\\"q1\\\",\\\"chain_id\\\":\\\"c1\\\",\\\"created_at\\\":\\\"2026-08-14T08:59:00Z\\\",\\\"environment\\\":null,\\\"status\\\":\\\"%s\\\",\\\"chainlets\\\":[{\\\"id\\\":\\\"a\\\",\\\"name\\\":\\\"A\\\",\\\"instance_type_name\\\":\\\"L4\\\",\\\"status\\\":\\\"%s\\\",\\\"active_replica_count\\\":1,\\\"autoscaling_settings\\\":{\\\"min_replica\\\":1,\\\"max_replica\\\":8,\\\"concurrency_target\\\":1,\\\"autoscaling_window\\\":60,\\\"scale_down_delay\\\":900,\\\"target_utilization_percentage\\\":70}}]}]}\"}\n", $2, $2
		}' >run.ndjson
}

replay() { # replay EXIT [OPTION…]
	local code=$1
	shift
	run --separate-stderr "$CHAINGATE" replay run.ndjson --report junit=x.junit --report junit-strict=x.strict --report json=x.json \
		--report html=x.html --report markdown=x.md "$@"
	[ "$status" = "$code" ]
}

# says WORDS: each report has the words.
says() {
	local file
	[[ $output == *"  = watched: $1"* ]]
	for file in x.junit x.strict x.html x.md; do
		grep -qF "$1" "$file" || { echo "$file doesn't say: $1"; return 1; }
	done
}

@test "the time of errors between two good polls is watched only in part" {
	record <<-'END'
		0 ACTIVE
		10 503
		20 503
		30 ACTIVE
		40 503
		50 ACTIVE
	END
	replay 0
	says "stable for 50s, 30s of it watched; 3 of 6 polls failed"
	tr -d ' \n' <x.json | grep -qF '"stretch":{"since_s":0.0,"until_s":50.0,"watched_s":30.0,"polls":6,"errors":3}'
}

@test "polls that failed before the target was at rest don't belong to the stretch" {
	record <<-'END'
		0 503
		10 BUILDING
		20 ACTIVE
		30 ACTIVE
		40 503
		50 ACTIVE
		60 ACTIVE
	END
	replay 0
	says "stable for 40s, 35s of it watched; 1 of 5 polls failed"
}

@test "of the time until a late answer, only a part counts as watched, too" {
	record <<-'END'
		0 ACTIVE
		25 ACTIVE
		35 ACTIVE
		45 ACTIVE
	END
	replay 0
	says "stable for 45s, 35s of it watched; none of 4 polls failed"
}

@test "before the target is stable, the reports say how long it was at rest, and how much of that counts" {
	record <<-'END'
		0 ACTIVE
		10 503
		20 503
		30 ACTIVE
	END
	replay 4
	says "at rest for 30s, 15s of it watched; 2 of 4 polls failed"
	[[ $output == *"until nothing has changed for 30s (30s so far, 15s of it watched)"* ]]
}

@test "if all of the time was watched, only JSON and JUnit say so" {
	record <<-'END'
		0 ACTIVE
		10 ACTIVE
		20 ACTIVE
		30 ACTIVE
	END
	replay 0
	[[ $output != *watched* ]]
	run ! grep -q "Watched" x.md x.html
	grep -qF 'name="watched" value="stable for 30s, all of it watched; none of 4 polls failed"' x.junit
	grep -q '"watched_s": 30.0' x.json
}

@test "a target that was never at rest has no stretch" {
	record <<-'END'
		0 BUILDING
		10 BUILDING
	END
	replay 4
	[[ $output != *watched* ]]
	run ! grep -q "watched" x.junit
	grep -q '"stretch": null' x.json
}
