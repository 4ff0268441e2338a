#!/usr/bin/env bats
# observed.bats - what was seen of the real service: as stories in virtual time, and, where words or requests matter, live.

load set_up

setup() {
	set_up
	scenarios=$BATS_TEST_DIRNAME/../scenario
}

# gate ARGUMENT…: judged by shortened waiting times.
gate() {
	run --separate-stderr timeout 60 "$CHAINGATE" check --chain rag --api-url "$SIM_URL" --interval "${interval-100ms}" "$@" --report json=r.json </dev/null
	show
}

# chainlet STATUS: a deployment's body in a scenario.
chainlets() {
	echo "[{name: Retriever, autoscaling_settings: {min_replica: 1}, status: $1}]"
}

scenario() {
	{
		printf 'api_key: sim-key\nchains:\n  - {id: 232p81ql, name: rag}\n'
		cat
	} >scenario.yaml
	start_sim scenario.yaml
}

@test "the stories" {
	run "$CHAINGATE" test "$scenarios/observed.test.yaml"
	echo "$output"
	[ "$status" = 0 ]
	[ "${lines[-1]}" = "13 tests, 13 passed, 0 failed" ]
}

@test "no capacity: DEPLOYING without a replica, then INACTIVE, and the verdict says so" {
	scenario <<-END
		deployments:
		  - {id: new, chain: 232p81ql, status: {0s: DEPLOYING, 1s: INACTIVE}, chainlets: $(chainlets "{0s: DEPLOYING, 1s: INACTIVE}")}
	END
	gate --deployment new --stable-for 300ms
	[ "$status" = 1 ]
	[[ $output == *"^^^^^^ INACTIVE    chainlet Retriever"* ]]
	[[ $stderr == *"Retriever  DEPLOYING -> INACTIVE"* ]]
}

@test "a promotion in the middle of a soak is noticed" {
	scenario <<-END
		deployments:
		  - {id: old, chain: 232p81ql, created_at: -1h, environment: {0s: production, 2s: null}, chainlets: $(chainlets ACTIVE)}
		  - {id: new, chain: 232p81ql, created_at: -1m, environment: {2s: production}, chainlets: $(chainlets ACTIVE)}
	END
	printf 'version: 1\nrules:\n  - {assert: all chainlets ACTIVE, hold: 3s}\n' >soak.yaml
	gate soak.yaml --environment production --since any --stable-for 300ms
	[ "$status" = 0 ]
	[[ $stderr == *"selected: old"*"selected: new"*"not stable any more: other deployments"* ]]
	grep -q '"deployments": \[' r.json
	# It passes three seconds after the promotion, not after its own beginning.
	python3 - <<-'END'
		import json
		report = json.load(open("r.json"))
		moved = [e["at_s"] for e in report["events"] if e["kind"] == "selected" and e.get("to") == "new"]
		assert len(moved) == 1 and report["at_s"] >= moved[0] + 3, (moved, report["at_s"])
	END
}

@test "an unknown status is named, and never passes" {
	scenario <<-END
		deployments:
		  - {id: new, chain: 232p81ql, chainlets: $(chainlets HIBERNATING)}
	END
	gate --deployment new --stable-for 200ms --timeout 2s
	[ "$status" = 3 ]
	[[ $output == *"HIBERNATING"* ]]
	[[ $stderr == *"Retriever has the status 'HIBERNATING', which this version doesn't know"* ]]
}

# gaps: milliseconds between requests for the list, one a line.
gaps() {
	grep '/deployments"' "$SIM_LOG" | sed 's/.*"real_ms":\([0-9]*\).*/\1/' | awk 'NR > 1 { print $1 - last } { last = $1 }'
}

@test "retry_after is waited, in the body, in the header, as a date" {
	local wait
	scenario <<-END
		deployments:
		  - {id: new, chain: 232p81ql, chainlets: $(chainlets ACTIVE)}
		faults:
		  - {at: 0s, path: /deployments, count: 1, http: 429, retry_after: 2}
		  - {at: 0s, path: /deployments, count: 1, http: 503, retry_after_header: "2"}
		  - {at: 0s, path: /deployments, count: 1, http: 503, retry_after_header: "$(LC_ALL=C date -u -d '8 seconds' '+%a, %d %b %Y %H:%M:%S GMT')"}
	END
	gate --deployment new --stable-for 200ms
	[ "$status" = 0 ]
	gaps
	[ "$(gaps | sed -n 1p)" -ge 2000 ]
	[ "$(gaps | sed -n 2p)" -ge 2000 ]
	# The third was answered about four seconds before the date.
	[ "$(gaps | sed -n 3p)" -ge 1000 ]
	[ "$(gaps | sed -n 4p)" -lt 2000 ]
	[[ $stderr == *"retrying in 2"* ]]
}

@test "requests are as often as the interval and --max-rps allow, on one connection" {
	scenario <<-END
		deployments:
		  - {id: new, chain: 232p81ql, chainlets: $(chainlets ACTIVE)}
	END
	interval=500ms gate --deployment new --stable-for 60s --timeout 4s
	[ "$status" = 3 ]
	# Polls at 0 and each half second up to the one before the deadline: the chain's look-up, and seven lists.
	[ "$(grep -c . "$SIM_LOG")" -le 9 ]
	[ "$(grep -c . "$SIM_LOG")" -ge 4 ]
	[ "$(grep -o '"connection":[0-9]*' "$SIM_LOG" | sort -u)" = '"connection":1' ]
	stop_sim
	start_sim scenario.yaml
	gate --deployment new --stable-for 60s --timeout 5s --max-rps 2
	[ "$status" = 3 ]
	# An interval of 100 ms asks for ten requests a second; two are sent in any. A poll that is late is not sent twice.
	[ "$(gaps | awk 'NR > 1 { print $1 + last } { last = $1 }' | sort -n | head -n 1)" -ge 950 ]
	[ "$(grep -c . "$SIM_LOG")" -le 10 ]
}
