#!/usr/bin/env bats
# driver.bats - which chains the gate polls, when, and by which clock: the real command line, in virtual time.

load set_up
load virtual
load runs

setup() {
	set_up
}

# world [LINE…]: a scenario of one deployment that is up from the start, and more lines.
world() {
	printf '%s\n' 'chains: [{id: c1, name: one}, {id: c2, name: two}]' 'deployments:' \
		'  - {id: d1, chain: c1, created_at: "2026-08-14T08:05:00Z", environment: staging, chainlets: [{name: A, status: ACTIVE}]}' \
		'  - {id: d2, chain: c2, created_at: "2026-08-14T08:05:00Z", chainlets: [{name: A, status: ACTIVE}]}' \
		"$@" >world.yaml
	start_world world.yaml
}

check() {
	run --separate-stderr "$CHAINGATE" check "$@" </dev/null
	show
}

targets='targets:
  - {name: x, chain: one, deployment: d1}
  - {name: y, chain: two, deployment: d2'

# policy [REST OF TARGET Y]: writes a policy with two targets.
policy() {
	printf '%s\n' 'version: 1' "$targets${1-}}" 'rules: [all chainlets ACTIVE]' >policy.yaml
}

@test "one look-up serves all chains" {
	world
	policy
	check policy.yaml --record run.ndjson --report json=r.json
	[ "$status" = 0 ]
	[ "$(sim_requests '"path":"/v1/chains"')" = 1 ]
	run "$CHAINGATE" replay run.ndjson --report json=r2.json
	[ "$status" = 0 ]
	diff <(grep -v '"took_s"' r.json) <(grep -v -e '"took_s"' -e '"replayed"' r2.json)
}

@test "two hundred targets send 201 requests, with --max-rps 100" {
	local i
	{
		echo 'chains:'
		for ((i = 0; i < 200; i++)); do echo "  - {id: c$i, name: n$i}"; done
		echo 'deployments:'
		for ((i = 0; i < 200; i++)); do echo "  - {id: d$i, chain: c$i, chainlets: [{name: A, status: ACTIVE}]}"; done
	} >world.yaml
	{
		echo 'version: 1'
		echo 'targets:'
		for ((i = 0; i < 200; i++)); do echo "  - {name: t$i, chain: n$i, deployment: d$i}"; done
		echo 'rules: [all chainlets ACTIVE]'
	} >policy.yaml
	start_world world.yaml
	check policy.yaml --timeout 0s --max-rps 100
	[ "$status" = 0 ]
	[ "$(sim_requests '/v1/chains')" = 201 ]
}

@test "of a target's own timeout and --timeout the shorter one applies, and 0s judges one snapshot" {
	world 'faults: [{at: 0s, path: /v1/chains/c2/deployments, http: 503}]'
	policy ', wait: {timeout: 90s}'
	check policy.yaml --timeout 90s --report json=r.json
	[ "$status" = 5 ]
	policy ', wait: {timeout: 60m}'
	check policy.yaml --timeout 2h --report json=r.json
	[[ $(<r.json) == *'"timeout_s": 3600.0'* ]]
	check policy.yaml --timeout 1h --report json=r.json
	check policy.yaml --timeout 40s --print-config
	[[ $output =~ targets.2.timeout\ +40s\ +--timeout ]]
	check policy.yaml --timeout 2h --print-config
	[[ $output =~ targets.2.timeout\ +1h\ +policy ]]
	world
	policy ', wait: {timeout: 0s}'
	check policy.yaml --report json=r.json
	[ "$status" = 0 ]
	[ "$(sim_requests /v1/chains/c2/deployments)" = 1 ]
	# Nobody waited until nothing changed, and no report says so.
	[ "$(grep -oE '"(timeout|stable_for|stable_for_status)_s": .*' r.json | tr -d '\n')" = \
		'"timeout_s": 3600.0,"stable_for_s": 30.0,"stable_for_status_s": {"timeout_s": 0.0,"stable_for_s": 0.0,"stable_for_status_s": {},' ]
	check policy.yaml --print-config
	[[ $output =~ targets.2.timeout\ +0s\ +policy && $output =~ targets.2.stable_for\ +0s\ +timeout\ 0s ]]
	check policy.yaml --timeout 0s --stable-for 5m --report intoto=r.intoto --print-config
	[[ $output =~ wait.stable_for\ +0s\ +timeout\ 0s && $output != *5m* && $output != *stable_for_status* && $output != *targets.?.stable_for* ]]
	check policy.yaml --timeout 0s --stable-for 5m --report intoto=r.intoto
	[ "$(grep -cE '"(timeout|stable_for)_s": 0.0' r.intoto)" = 4 ]
}

@test "a target's own deadline applies on time while a request runs, and the answer counts for the other targets" {
	local body
	for body in silence slow stall; do
		world "faults: [{at: 15s, for: 10s, path: /v1/chains/c2/deployments, body: $body}]"
		printf '%s\n' 'version: 1' "$targets}" '  - {name: z, chain: two, deployment: d2, wait: {timeout: 35s}}' \
			'wait: {stable_for: 40s}' 'rules: [all chainlets ACTIVE]' >policy.yaml
		VIRTUAL_SEED=middle check policy.yaml --report json=r.json --record run.ndjson
		[ "$status" = 3 ]
		# The request of 20 s would end at 50 s.
		[[ $stderr == *$'\n0m35s  z  timed_out\n'* ]]
		[[ $stderr != *$'\n0m35s  '[xy]* ]]
		grep '"chain":"two"' run.ndjson | grep -q '"at":50.0,"took":30.0,.*"miss":"timeout"'
		[[ $output == *"passed: 1 rule on y in 1m"*", 1 error)"* ]]
		run -3 "$CHAINGATE" replay run.ndjson --report json=r2.json
		diff <(without_clock r.json) <(without_clock r2.json)
		# If it is the last undecided target, the run ends at that moment.
		sed -i '/name: y/d' policy.yaml
		VIRTUAL_SEED=middle check policy.yaml --stable-for 20s --report json=r.json
		[ "$status" = 3 ]
		grep -q '^  "at_s": 35.0,' r.json
		grep -q '"took_s": 35.0' r.json
	done
	# A slow answer that comes after one target's deadline counts for the other target.
	world
	printf '%s\n' 'version: 1' "$targets}" '  - {name: z, chain: two, deployment: d2, wait: {timeout: 12s}}' 'rules: [all chainlets ACTIVE]' >policy.yaml
	VIRTUAL_LATENCY=9s check policy.yaml
	[ "$status" = 5 ]
	[[ $stderr == *$'\n0m12s  z  unreachable\n'* && $output == *"passed: 1 rule on y in "*", 0 errors)"* ]]
}

@test "a first byte after 17 s is an answer, and misses don't move the last poll" {
	world 'faults: [{at: 0s, for: 1s, path: /deployments, body: silence}]'
	VIRTUAL_LATENCY=17s check --chain c1 --deployment d1 --timeout 10m
	[ "$status" = 0 ]
	world 'faults: [{at: 15s, for: 10s, path: /deployments, body: silence}]'
	check --chain one --deployment d1 --timeout 75s --stable-for 20s --report json=r.json
	[ "$status" = 0 ]
}

# running DATE [FROM [UNTIL]]: prints faults that set the API's Date header, from second FROM until second UNTIL of the run. At
# the beginning of the run it is DATE; then it goes on, by 4 seconds at a time, because a Date that stands still is an old copy's.
running() {
	local second from=${2:-0} until=${3:-400} start
	start=$(date -u -d "${1#*, }" +%s)
	for ((second = from; second < until; second += 4)); do
		TZ=UTC printf "{at: ${second}s, for: 4s, headers: {Date: '%(%a, %d %b %Y %H:%M:%S GMT)T'}}, " $((start + second))
	done
}

# at_api DATE: sets the API's clock. The machine's clock says 2026-08-14T09:00:00Z, at which d1 is 55 minutes old.
at_api() {
	world "faults: [$(running "$1")]"
}

# no_date: the Date header is invalid
no_date() {
	world "faults: [{at: 0s, headers: {Date: 'at some time'}}]"
}

@test "a relative --since is counted by the API's clock" {
	# The machine's clock is an hour slow: by the API's clock, its last ten minutes are long past.
	at_api 'Fri, 14 Aug 2026 09:00:00 GMT'
	VIRTUAL_START=2026-08-14T08:00:00Z check --chain c1 --latest --since 10m --timeout 2m
	[ "$status" = 3 ]
	[[ $output$stderr == *"this machine's clock is 1h behind the API's"* ]]
	# The machine's clock is fast: by the API's clock, the deployment is only a minute old.
	at_api 'Fri, 14 Aug 2026 08:06:00 GMT'
	check --chain c1 --latest --since 10m --report json=r.json --record run.ndjson
	[ "$status" = 0 ]
	[[ $(<r.json) == *"this machine's clock is 54m ahead of the API's"* ]]
	run "$CHAINGATE" replay run.ndjson --report json=r2.json
	[ "$status" = 0 ]
	diff <(grep -v '"took_s"' r.json) <(grep -v -e '"took_s"' -e '"replayed"' r2.json)
	# Both clocks agree: no message.
	at_api 'Fri, 14 Aug 2026 09:00:20 GMT'
	check --chain c1 --latest --since 1h --report json=r.json
	[ "$status" = 0 ]
	[[ $(<r.json) != *"this machine's clock"* ]]
	# The Date header is invalid, and by the machine's clock the deployment was created in the future.
	no_date
	VIRTUAL_START=2026-08-14T08:00:00Z check --chain c1 --latest --since 10m --timeout 2m
	[ "$status" = 3 ]
	[[ $output$stderr == *"created in this machine's future"* ]]
	# An absolute `since` needs no clock.
	no_date
	VIRTUAL_START=2026-08-14T08:00:00Z check --chain c1 --latest --since 2026-08-14T08:00:00Z
	[ "$status" = 0 ]
	# `age` uses the API's clock, too.
	printf '%s\n' 'version: 1' 'rules: [age >= 50m]' >age.yaml
	at_api 'Fri, 14 Aug 2026 09:00:00 GMT'
	VIRTUAL_START=2026-08-14T08:00:00Z check age.yaml --chain c1 --deployment d1
	[ "$status" = 0 ]
}

@test "the first list sets the API's clock, no error does, and a later Date that is ahead corrects it" {
	local right='Fri, 14 Aug 2026 08:06:00 GMT' wrong='Fri, 14 Aug 2026 10:00:00 GMT'
	world "faults: [$(running "$right" 0 4)$(running "$wrong" 4)]"
	check --chain c1 --latest --since 10m --timeout 2m
	[ "$status" = 3 ]
	world "faults: [$(running "$right" 0)]"
	check --chain c1 --latest --since 10m
	[ "$status" = 0 ]
	world "faults: [{at: 0s, count: 1, http: 503, headers: {Date: '$wrong'}}, $(running "$right")]"
	check --chain c1 --latest --since 10m
	[ "$status" = 0 ]
	world "faults: [$(running "$wrong" 0 4)$(running "$right" 4)]"
	check --chain c1 --latest --since 10m --timeout 2m
	[ "$status" = 3 ]
}

@test "an answer whose Date stands still is an old copy" {
	world "faults: [{at: 0s, headers: {Date: 'Fri, 14 Aug 2026 08:06:00 GMT'}}]"
	check --chain c1 --latest --since 10m --timeout 2m --record run.ndjson
	[ "$status" = 3 ]
	[[ $output$stderr == *"the answer is 10 s old: a cache on the way sent it again (its Date is 'Fri, 14 Aug 2026 08:06:00 GMT', and doesn't move)"* ]]
	run "$CHAINGATE" replay run.ndjson
	[ "$status" = 3 ]
}

@test "a date in Retry-After is compared with the API's clock" {
	world "faults: [{at: 15s, for: 10s, path: /deployments, http: 503, headers: {Date: 'Fri, 14 Aug 2026 10:00:20 GMT', Retry-After: 'Fri, 14 Aug 2026 10:00:40 GMT'}}, $(running 'Fri, 14 Aug 2026 10:00:00 GMT')]"
	check --chain c1 --deployment d1 --timeout 5m --stable-for 20s
	[ "$status" = 0 ]
	[[ $output == *" in 0m4"* || $output == *" in 0m5"* ]]
}

@test "a list that says it is only a page ends the target, wherever it says so" {
	local number expected fault name selection=()
	# Exit code, fault.
	local -a table=(
		'5 path: /deployments, http: 206'
		'5 path: /deployments, headers: {Link: "<https://a,b;c/?x>; title=\"a; rel=next\", </2>; REL = \"prev Next\""}'
		'5 path: /deployments, headers: {Link: "</2>; rel=next"}'
		"5 path: /deployments, text: '{\"deployments\":[],\"has_more\":true}'"
		"5 path: /deployments, text: '{\"deployments\":[],\"pagination\":{\"cursor\":\"x\"}}'"
		"5 path: /deployments, text: '{\"deployments\":[],\"total\":{\"value\":57,\"relation\":\"eq\"}}'"
		"5 path: /deployments, text: '{\"deployments\":[],\"meta\":{\"total\":[\"57\"]}}'"
		"5 path: /v1/chains, headers: {Link: '</2>; rel=next'}"
		'5 path: /deployments, headers: {Link: "</2>; rel=\"prev\""}'
		'5 path: /deployments, headers: {X-Page: "3"}'
		'0 path: /deployments, headers: {X-Has-More: "false, false", X-Page: "1"}'
		'0 path: /deployments, headers: {Link: "</2>; rel=\"last\""}'
		'0 path: /deployments, headers: {Link: "</next>; title=next"}'
		'0 path: /deployments, headers: {Link: "; rel"}'
	)
	for number in "${!table[@]}"; do
		read -r expected fault <<<"${table[number]}"
		world "faults: [{at: 0s, $fault}]"
		mv world.yaml "$number.yaml"
		case $expected$fault in
		*v1/chains*) selection=(--chain one --deployment d1) ;;
		0*) selection=(--chain c1 --deployment d1) ;;
		*) selection=(--chain c1 --all-deployments --since any) ;;
		esac
		a_run "$number.gate" VIRTUAL_SCENARIO="$number.yaml" check "${selection[@]}" --record "$number.ndjson" --report "json=$number.json"
		a_run "$number.replay" replay "$number.ndjson"
	done
	make_runs
	for number in "${!table[@]}"; do
		read -r expected fault <<<"${table[number]}"
		for name in gate replay; do
			got "$number.$name"
			echo "$name: $fault: exit $status: $output"
			[ "$status" = "$expected" ]
			[[ $expected = 0 || $output == *"the API sent only a page of the list, and this version reads no pages: "* ]]
		done
	done
}

@test "a deployment from the future shows a wrong clock, even if the baseline's chain gave no answer in that round" {
	cat >future.test.yaml <<-'END'
		tests:
		  - name: the future is seen on a list whose round is a miss
		    now: 2026-08-14T09:00:00Z
		    policy:
		      version: 1
		      wait: {timeout: 2m, stable_for: 20s}
		      target: {chain: c1, latest: true, since: 10m}
		      baseline: {chain: c2, deployment: b}
		      rules: [all chainlets ACTIVE]
		    timeline:
		      - at: 0s
		        deployments:
		          c1: [{id: ahead, status: ACTIVE, created_at: "2026-08-14T10:00:00Z", chainlets: [{name: A, status: ACTIVE, autoscaling_settings: {min_replica: 1, max_replica: 4}, active_replica_count: 1}]}]
		          c2: {http: 503}
		      - at: 5s
		        deployments:
		          c1: [{id: d1, status: ACTIVE, created_at: "2026-08-14T08:55:00Z", chainlets: [{name: A, status: ACTIVE, autoscaling_settings: {min_replica: 1, max_replica: 4}, active_replica_count: 1}]}]
		          c2: [{id: b, status: ACTIVE, chainlets: [{name: A, status: ACTIVE, autoscaling_settings: {min_replica: 1, max_replica: 4}, active_replica_count: 1}]}]
		    expect: {verdict: timed_out}
	END
	run -0 "$CHAINGATE" test future.test.yaml
}

# without_clock FILE: prints a JSON report without `run`, its last member, which has times of the wall clock.
without_clock() {
	sed '/^  "run": /,$d' "$1"
}

@test "a run that ended before one of its chains answered replays up to its end" {
	local end
	policy
	for end in '5s signal TERM' '5s asleep 2h'; do
		world 'faults: [{at: 0s, path: /v1/chains/c2/deployments, body: silence}]'
		VIRTUAL_EVENTS=$end check policy.yaml --timeout 20s --record run.ndjson --report json=r.json
		then=$status
		[ "$then" != 0 ]
		run -"$then" "$CHAINGATE" replay run.ndjson --report json=r2.json
		diff <(without_clock r.json) <(without_clock r2.json)
	done
	# The recording of a killed run, with answers of only one chain: this chain's rules hold, but the other chain is unknown.
	world 'faults: [{at: 45s, path: /v1/chains/c2/deployments, http: 503}]'
	check policy.yaml --timeout 2m --record run.ndjson
	[ "$status" = 0 ]
	grep -v '"chain_id":"c2"' run.ndjson | grep -v '"kind":"end"' >cut.ndjson
	run -4 --separate-stderr "$CHAINGATE" replay cut.ndjson
	head -c -40 cut.ndjson >shorter.ndjson
	run -4 --separate-stderr "$CHAINGATE" replay shorter.ndjson
	[[ $stderr == *"the last line of 'shorter.ndjson' is cut off"* ]]
	# A chain that the run didn't poll has no answers in the recording.
	sed 's/chain: two/chain: three/' policy.yaml >another.yaml
	run -2 --separate-stderr "$CHAINGATE" replay run.ndjson --policy another.yaml
	[[ $stderr == *"'run.ndjson' has no answers for the chain 'three'"* ]]
}

@test "a chain that a target names by its name and its baseline by its id, or the other way round, is one chain" {
	local names target
	printf '%s\n' 'chains: [{id: c1, name: one}]' 'deployments:' \
		'  - {id: old, chain: c1, created_at: -2h, environment: production, chainlets: [{name: A, status: ACTIVE, autoscaling_settings: {min_replica: 4, max_replica: 8}}]}' \
		'  - {id: new, chain: c1, created_at: -1h, environment: staging, chainlets: [{name: A, status: ACTIVE, autoscaling_settings: {min_replica: 1, max_replica: 8}}]}' >world.yaml
	start_world world.yaml
	for names in 'one c1' 'c1 one' 'one one' 'c1 c1'; do
		for target in 'latest: true, since: any' 'environment: staging, since: any' 'deployment: new' 'all: true, since: any'; do
			printf '%s\n' 'version: 1' "target: {chain: ${names% *}, $target}" "baseline: {chain: ${names#* }, environment: production}" \
				'rules: [all chainlets ACTIVE, {assert: min_replica >= baseline.min_replica, if_missing: skip}]' >policy.yaml
			check policy.yaml --stable-for 20s --record run.ndjson --report json=r.json
			[ "$status" = 1 ]
			[[ $output == *"A: min_replica is 1"*4* ]]
			run -1 --separate-stderr "$CHAINGATE" replay run.ndjson --report json=r2.json
			diff <(without_clock r.json) <(without_clock r2.json)
		done
	done
}
