#!/usr/bin/env bats
# sharded.bats - --shard: each chain in one part, parts without a chain. In virtual time.

load set_up
load virtual
load fleets

@test "the shards together judge each chain once; their reports say which part and of what" {
	local i sum all=''
	world
	for i in 1 2 3; do
		check --all-chains "${latest[@]}" --shard "$i/3" --report json=r.json --record run.ndjson
		[ "$status" = 0 ]
		all+=$(targets)
		grep -q "\"shard\": $i," r.json
		grep -q '"targets": 5,' r.json
		sum=$(grep '"sha256": "[0-9a-f]*"' r.json | head -n 2 | tail -n 1)
		echo "$sum" >>sums
		run -0 "$CHAINGATE" replay run.ndjson --report json=r2.json
		diff <(without_clock r.json) <(without_clock r2.json)
	done
	[ "$(tr ' ' '\n' <<<"$all" | sort | tr '\n' ' ')" = " (c4)/latest (c5)/latest rag-a/latest rag-b/latest twin twin voice/latest " ]
	[ "$(sort -u sums | wc -l)" = 1 ]
}

@test "a shard without a chain ends with 0 and says so, but no report of it says passed" {
	local format
	world
	for format in json junit junit-strict tap markdown html env intoto github gitlab; do
		arguments+=(--report "$format=e.$format")
	done
	GITHUB_OUTPUT=outputs check --chain 'rag-*' --chain voice "${latest[@]}" --shard 2/9 "${arguments[@]}" --record run.ndjson
	[ "$status" = 0 ]
	[ -z "$output" ]
	[ "$stderr" = "chaingate check: nothing to judge: shard 2/9 has none of the 3 chains, they are in other shards" ]
	[ "$(sim_requests)" = 1 ]
	grep -q '<h1>nothing to judge</h1>' e.html
	rm e.html # its style sheet has the word
	run ! grep -il passed e.*
	grep -q '"verdict": null' e.json
	grep -q '"exit": 0' e.json
	grep -q 'tests="1" failures="0" errors="0" skipped="1"' e.junit
	grep -q '# SKIP' e.tap
	grep -q '^CHAINGATE_VERDICT=empty$' e.env
	grep -q '"result": "FAILED"' e.intoto
	grep -q '^::notice ' e.github
	grep -q '^verdict=empty$' outputs
	run -0 "$CHAINGATE" replay run.ndjson --report json=r2.json
	[ "$output" = "chaingate replay: nothing to judge: shard 2/9 has none of the 3 chains, they are in other shards" ]
	diff <(without_clock e.json) <(without_clock r2.json)
	mkdir runs
	cp run.ndjson runs
	run -0 "$CHAINGATE" replay runs
	[[ $output == *"none         none         runs/run.ndjson"*"1 recording, 0 with another verdict"* ]]
	# A report that can't be written is still one.
	check --chain 'rag-*' --chain voice "${latest[@]}" --shard 2/9 --junit /dev/full
	[ "$status" = 6 ]
}

@test "a shard that doesn't have the only chain says that, without a number" {
	world
	for i in 1 2; do
		check --chain 'rag-a*' "${latest[@]}" --shard "$i/2" --timeout 0s
		echo "$stderr" >>said
	done
	grep -qx "chaingate check: nothing to judge: shard [12]/2 doesn't have the only chain, it is in another shard" said
}

@test "a shard of a recording without a list of chains is refused" {
	world
	printf '%s\n' 'version: 1' 'targets:' '  - {name: a, chain: rag-a, latest: true, since: any}' '  - {name: b, chain: rag-b, latest: true, since: any}' \
		'rules: [all chainlets ACTIVE]' >policy.yaml
	check policy.yaml --record run.ndjson
	[ "$status" = 0 ]
	run -0 "$CHAINGATE" replay run.ndjson
	run -2 "$CHAINGATE" replay run.ndjson --shard 1/2
	[[ $output == *"'run.ndjson' has no list of chains, so it has no shards"* ]]
}

@test "an incomplete recording of an empty shard is told, as of any other run" {
	world
	check --chain 'rag-*' --chain voice "${latest[@]}" --shard 2/9 --record /dev/full
	[ "$status" = 6 ]
	[[ $stderr == *"the recording is incomplete"* ]]
	check --chain 'rag-*' "${latest[@]}" --record /dev/full
	[ "$status" = 6 ]
	check --chain 'x*' "${latest[@]}" --record /dev/full
	[ "$status" = 2 ]
}

@test "a run of more chains than one run watches is refused, and divided by --shard" {
	local i
	{
		echo 'chains:'
		for ((i = 1000; i <= 2000; i++)); do echo "  - {id: c$i, name: n$i}"; done
		echo 'deployments: []'
	} >world.yaml
	start_world world.yaml
	check --all-chains "${latest[@]}" --timeout 0s
	[ "$status" = 2 ]
	[[ $stderr == *"1001 chains are to be watched, but one run watches at most 1000"*"--shard 1/3 to --shard 3/3, then chaingate merge"* ]]
	[ "$(sim_requests /deployments)" = 0 ]
	check --all-chains "${latest[@]}" --timeout 0s --shard 1/3
	[ "$status" != 2 ]
	check --chain 'n1*' "${latest[@]}" --timeout 0s --print-config
	[ "$status" = 0 ]
}

@test "a signal ends a shard without a chain, too" {
	world
	VIRTUAL_EVENTS='10ms signal TERM' check --chain 'rag-*' --chain voice "${latest[@]}" --shard 2/9 --report json=e.json --record run.ndjson
	[ "$status" = 143 ]
	grep -q '"exit": 143' e.json
	tail -n 1 run.ndjson | grep -q '"exit":143'
}

@test "parts that are counted from 0 are those that are counted from 1" {
	local i
	world
	for i in 1 2 3; do
		check --all-chains "${latest[@]}" --shard "$i/3" --report json=one.json
		check --all-chains "${latest[@]}" --shard "index:$((i - 1))/3" --report json=zero.json --record run.ndjson
		[ "$status" = 0 ]
		diff <(without_clock one.json) <(without_clock zero.json)
		run -0 "$CHAINGATE" replay run.ndjson --report json=replayed.json
		diff <(without_clock one.json) <(without_clock replayed.json)
	done
}

@test "a run says before it polls that the rate can't keep the interval, and what it can keep" {
	local i arguments said
	{
		echo 'chains:'
		for ((i = 100; i < 230; i++)); do echo "  - {id: c$i, name: n$i}"; done
		echo 'deployments:'
		for ((i = 100; i < 230; i++)); do echo "  - {id: d$i, chain: c$i, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}"; done
	} >world.yaml
	start_world world.yaml
	while IFS='|' read -r arguments said; do
		read -ra arguments <<<"$arguments"
		check --all-chains "${latest[@]}" --progress none "${arguments[@]}"
		[ "$status" = 0 ]
		[ "$stderr" = "${said:+chaingate check: $said}" ] || { echo "${arguments[*]}"; return 1; }
	done <<-'END'
		--interval 10s|130 lists take 13s at 10 requests per second, which is longer than the interval of 10s, and with long gaps no chain becomes stable: give --interval 13s, or --max-rps 13
		--interval 1s --max-rps 100 --stable-for 2s|130 lists take 2s at 100 requests per second, which is longer than the interval of 1s, and with long gaps no chain becomes stable: give --interval 2s
		--interval 13s|
		--interval 10s --max-rps 13|
		--interval 10s --timeout 0s|
		--interval 10s --quiet|
		--interval 10s --shard 1/2|
		--shard 1/130 --interval 500ms|
		--shard 1/130 --interval 500ms --stable-for 2s --max-rps 1|1 list takes 1s at 1 request per second, which is longer than the interval of 500ms, and with long gaps no chain becomes stable: give --interval 1s, or --max-rps 2
		--interval 500ms --max-rps 100 --stable-for 2s|130 lists take 2s at 100 requests per second, which is longer than the interval of 500ms, and with long gaps no chain becomes stable: give --interval 2s
	END
	# The last polls have half of the timeout.
	check --all-chains "${latest[@]}" --progress none --interval 13s --timeout 26s --stable-for 5s
	[[ "$stderr" != *"half of the timeout"* ]]
	check --all-chains "${latest[@]}" --progress none --interval 13s --timeout 25s --stable-for 5s
	[[ "$stderr" == *"chaingate check: 130 lists take 13s at 10 requests per second, which is longer than half of the timeout of 25s, and the last polls have no more than that, so some chains may time out: give --timeout 26s, or --max-rps 11"* ]]
	# A run with timeout 0 has half a minute for its only round.
	check --all-chains "${latest[@]}" --progress none --quiet --timeout 0s --max-rps 5
	[ "$status" = 0 ]
	check --all-chains "${latest[@]}" --progress none --timeout 0s --max-rps 4
	[ "$status" = 5 ]
	[ "$stderr" = "chaingate check: 130 lists take 33s at 4 requests per second, and a run with a timeout of 0s has 30s: the last chains get no answer: give a --timeout, or --max-rps 5" ]
	# The list of chains is one more request.
	{
		echo 'chains:'
		for ((i = 0; i < 300; i++)); do echo "  - {id: c$i, name: n$i}"; done
		echo 'deployments:'
		for ((i = 0; i < 300; i++)); do echo "  - {id: d$i, chain: c$i, created_at: \"2026-08-14T08:05:00Z\", chainlets: [{name: A, status: ACTIVE}]}"; done
	} >edge.yaml
	start_world edge.yaml
	check --all-chains "${latest[@]}" --progress none --timeout 0s --max-rps 10
	[ "$status" = 5 ]
	[[ $stderr == "chaingate check: 300 lists take 31s at 10 requests per second, "*" or --max-rps 11" ]]
	check --all-chains "${latest[@]}" --progress none --timeout 0s --max-rps 11
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	start_world world.yaml
	# Less than a second is no second.
	check --chain c100 --latest --since any --progress none --interval 500ms
	[ "$status" = 0 ]
	[ -z "$stderr" ]
}
