#!/usr/bin/env bats
# clock.bats - the wall clock is set during a run: only the printed times change. In virtual time.

load set_up
load virtual

setup() {
	set_up
	start_world "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	cat >policy.yaml <<-'END'
		version: 1
		wait: {timeout: 20m, interval: 10s, stable_for: 90s}
		rules:
		  - all chainlets ACTIVE
		  - deployment.age < 2h
		  - all chainlets have status_for < 1h
		  - {never: any chainlet UNHEALTHY, during: 1m}
	END
}

# gate EVENTS: a run with these events in the middle.
gate() {
	VIRTUAL_EVENTS=$1 run --separate-stderr "$CHAINGATE" check policy.yaml --chain rag --deployment q86yjdy \
		--record run.ndjson --report json=r.json --junit r.xml </dev/null
	show
}

# Prints the JSON report without `run`, its last member, which has times of the wall clock.
story() {
	sed '/^  "run": /,$d' r.json
}

@test "the verdict and all times since the start stay the same if the wall clock is set by a day or by ten years" {
	gate ''
	[ "$status" = 0 ]
	story >unmoved
	local moved
	for moved in +24h -24h +87600h; do
		gate "45s wall $moved"
		[ "$status" = 0 ]
		diff unmoved <(story)
	done
}

@test "the report's start is the time of the wall clock" {
	VIRTUAL_START=2026-08-15T09:00:00Z gate ''
	grep -q '"start": "2026-08-15T09:00:00Z"' r.json
}

@test "while nothing changes, one line is printed per minute" {
	cat >waiting.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: c1, name: rag}]
		deployments:
		  - {id: d1, chain: c1, status: DEPLOYING, chainlets: [{name: Retriever, status: LOADING_MODEL}]}
	END
	start_world waiting.yaml
	run --separate-stderr "$CHAINGATE" check --chain rag --deployment d1 --timeout 200s </dev/null
	show
	[ "$status" = 3 ]
	[ "$(sed -n 's/^\([0-9]m[0-9]*s\)  rag\/d1  waiting: Retriever LOADING_MODEL.*/\1/p' <<<"$stderr" | tr '\n' ' ')" = "1m00s 2m00s 3m00s " ]
}

@test "the line for a minute without changes is only about targets without a verdict" {
	cat >waiting.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: c1, name: rag}]
		deployments:
		  - {id: d1, chain: c1, status: DEPLOYING, chainlets: [{name: Retriever, status: LOADING_MODEL}]}
		  - {id: d2, chain: c1, status: FAILED, chainlets: [{name: Retriever, status: FAILED}]}
	END
	cat >targets.yaml <<-'END'
		version: 1
		targets:
		  - {name: x, chain: rag, deployment: d1}
		  - {name: y, chain: rag, deployment: d2}
		  - {name: z, chain: rag, deployment: d1, wait: {timeout: 90s}}
		rules: [all chainlets ACTIVE]
	END
	start_world waiting.yaml
	run --separate-stderr "$CHAINGATE" check targets.yaml --timeout 200s </dev/null
	show
	[ "$status" = 1 ]
	[ "$(sed -n 's/^\(.m..s  [xyz]\)  waiting: .*/\1/p' <<<"$stderr" | tr '\n' ' ')" = "1m00s  x 1m00s  z 2m30s  x " ]
}

@test "after the machine was suspended, stable_for and during begin again" {
	gate '60s asleep 5m'
	[ "$status" = 0 ]
	# Ninety seconds of stability and a minute of `during` count only after the hole.
	[ "$(sed -n 's/^  "at_s": \([0-9]*\)\..*/\1/p' r.json)" -ge $((360 + 90 + 60)) ]
	gate '60s asleep 1h'
	[ "$status" = 3 ]
}

# old_look_up FAULT…: a world in which the list of chains is a copy that is an hour old, which only its Date shows, and one deployment is half an hour old.
old_look_up() {
	{
		sed 's/created_at: -1h/created_at: -30m/' "$BATS_TEST_DIRNAME/scenarios/steady.yaml"
		printf '%s\n' 'faults:' "$@" '  - {at: 0s, path: /deployments, headers: {X-Fresh: "yes"}}' \
			'  - {at: 0s, path: /chains, headers: {Date: "Fri, 14 Aug 2026 08:00:00 GMT"}}'
	} >world.yaml
	start_world world.yaml
}

# passes_for_nobody OPTION…: no target passes, because the half-hour-old deployment isn't of the last ten minutes.
passes_for_nobody() {
	rm -f r.json
	run --separate-stderr "$CHAINGATE" check @ready "$@" --latest --since 10m --interval 5s --stable-for 10s --timeout 3m --report json=r.json
	show
	[ "$status" != 0 ]
	[ "$(jq '[.targets[] | select(.verdict == "passed")] | length' r.json)" = 0 ]
}

@test "an old list of chains doesn't make old deployments recent" {
	old_look_up
	passes_for_nobody --chain rag
	[[ $stderr == *"old copy: earlier answers were old"* ]]
	passes_for_nobody --chain 'r*'
	passes_for_nobody --all-chains
	passes_for_nobody --chain rag --chain nope
	[ "$(jq -r '.targets[0].name' r.json)" = rag/latest ]
	old_look_up '  - {at: 0s, path: /deployments, count: 1, http: 503}'
	passes_for_nobody --chain rag
	old_look_up '  - {at: 0s, path: /deployments, count: 1, headers: {Date: yesterday}}'
	passes_for_nobody --chain rag
	old_look_up '  - {at: 0s, path: /deployments, count: 2, body: html}'
	passes_for_nobody --chain rag
}

@test "a first list that is as old as the list of chains is found out by the next one" {
	local hour='  - {at: 0s, path: /deployments, count: 1, headers: {Date: "Fri, 14 Aug 2026 08:00:00 GMT"}}'
	old_look_up "$hour"
	sed -i '/path: .chains,/d' world.yaml
	echo '  - {at: 0s, path: /chains, count: 1, headers: {Date: "Fri, 14 Aug 2026 08:00:00 GMT"}}' >>world.yaml
	passes_for_nobody --chain rag
	[[ $stderr == *"old copy: earlier answers were old"* ]]
	passes_for_nobody --all-chains
	# without a Date in the list of chains
	sed -i 's/path: .chains, count: 1, headers: {Date: .*}}/path: \/chains, headers: {Date: yesterday}}/' world.yaml
	passes_for_nobody --chain rag
	# Nothing rests on the copy, and a replay says the same.
	run --separate-stderr "$CHAINGATE" check @ready --chain rag --latest --since any --interval 1m --stable-for 3m --timeout 1h --record run.ndjson --report json=r.json
	show
	[ "$status" = 0 ]
	[ "$(jq '.targets[0].stretch.since_s >= 60' r.json)" = true ]
	run --separate-stderr "$CHAINGATE" replay run.ndjson --report json=again.json
	[ "$status" = 0 ]
	[ "$(jq -c '[.targets[0].stretch, .at_s]' again.json)" = "$(jq -c '[.targets[0].stretch, .at_s]' r.json)" ]
}

@test "a rule that is open because the first answer was slow says so" {
	printf '%s\n' 'version: 1' 'rules: [deployment.age < 12s]' >policy.yaml
	VIRTUAL_LATENCY=9s run --separate-stderr "$CHAINGATE" check policy.yaml --chain rag --deployment q86yjdy --timeout 0s </dev/null
	show
	[ "$status" = 4 ]
	[[ $stderr == *"the first answer took 9s, so ages are known only to within that, and a rule is open if it matters"* ]]
}
