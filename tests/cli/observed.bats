#!/usr/bin/env bats
# observed.bats - behaviour observed in the real service: as stories, and as runs if words or requests matter. All in virtual time.

load set_up
load virtual

setup() {
	set_up
	scenarios=$BATS_TEST_DIRNAME/../scenario
}

# gate ARGUMENT…
gate() {
	run --separate-stderr "$CHAINGATE" check --chain rag "$@" --report json=r.json </dev/null
	show
}

# chainlets STATUS: prints the chainlets of a scenario's deployment.
chainlets() {
	echo "[{name: Retriever, autoscaling_settings: {min_replica: 1}, status: $1}]"
}

scenario() {
	{
		printf 'api_key: simulator-key\nchains:\n  - {id: 232p81ql, name: rag}\n'
		cat
	} >scenario.yaml
	start_world scenario.yaml
}

@test "the observed stories pass as policy tests" {
	run "$CHAINGATE" test "$scenarios/observed.test.yaml"
	echo "$output"
	[ "$status" = 0 ]
	[ "${lines[-1]}" = "13 tests, 13 passed, 0 failed" ]
}

@test "no capacity: DEPLOYING without a replica, then INACTIVE, and the verdict says so" {
	scenario <<-END
		deployments:
		  - {id: new, chain: 232p81ql, status: {0s: DEPLOYING, 20m: INACTIVE}, chainlets: $(chainlets "{0s: DEPLOYING, 20m: INACTIVE}")}
	END
	gate --deployment new
	[ "$status" = 1 ]
	[[ $output == *"^^^^^^ INACTIVE    chainlet Retriever"* ]]
	[[ $output == *'the vendor'"'"'s GitHub Action may have: it does so when its step ends, unless it has cleanup: "false".'* ]]
	[[ $stderr == *"Retriever  DEPLOYING -> INACTIVE"* ]]
}

@test "what has been INACTIVE for long isn't blamed for another deployment" {
	scenario <<-END
		deployments:
		  - {id: old, chain: 232p81ql, created_at: -9h, status: INACTIVE, chainlets: $(chainlets INACTIVE)}
		  - {id: new, chain: 232p81ql, created_at: -1m, status: {0s: BUILDING, 9m: ACTIVE, 20m: INACTIVE}, chainlets: $(chainlets "{0s: BUILDING, 9m: ACTIVE, 20m: INACTIVE}")}
	END
	local advice="the vendor's GitHub Action may have"
	printf 'version: 1\ntarget: {all: true, since: any}\nrules:\n  - all chainlets where deployment.id == "new" have min_replica >= %s\n' 2 >never.yaml
	gate never.yaml --timeout 5m
	[ "$status" = 3 ]
	[[ $output == *"Raise the limit with --timeout"* ]]
	[[ $output != *"$advice"* ]]
	gate never.yaml
	[ "$status" = 1 ]
	[[ $output == *"new"* ]]
	[[ $output != *"$advice"* ]]
	printf 'version: 1\ntarget: {all: true, since: any}\nrules:\n  - {assert: exactly 1 deployment ACTIVE, hold: 30m}\n' >soak.yaml
	gate soak.yaml --timeout 1h
	[ "$status" = 1 ]
	[[ $output == *"$advice"* ]]
}

@test "a promotion in the middle of a soak is noticed" {
	scenario <<-END
		deployments:
		  - {id: old, chain: 232p81ql, created_at: -1h, environment: {0s: production, 2m: null}, chainlets: $(chainlets ACTIVE)}
		  - {id: new, chain: 232p81ql, created_at: -1m, environment: {2m: production}, chainlets: $(chainlets ACTIVE)}
	END
	printf 'version: 1\nrules:\n  - {assert: all chainlets ACTIVE, hold: 3m}\n' >soak.yaml
	gate soak.yaml --environment production --since any
	[ "$status" = 0 ]
	[[ $stderr == *"selected: old"*"selected: new"*"not stable any more: other deployments"* ]]
	grep -q '"deployments": \[' r.json
	# It passes three minutes after the promotion, not after the run's start.
	[[ $stderr == *"2m00s  rag/production  selected: new"* || $stderr == *"2m0"?"s  rag/production  selected: new"* ]]
	[[ $output == *"passed: 1 rule on rag/production in 5m"[34]* ]]
}

@test "an unknown status is named, and never passes" {
	scenario <<-END
		deployments:
		  - {id: new, chain: 232p81ql, chainlets: $(chainlets HIBERNATING)}
	END
	gate --deployment new --timeout 45m
	[ "$status" = 3 ]
	[[ $output == *"waiting for Retriever 'HIBERNATING' for "* ]]
	[[ $stderr == *"Retriever has the status 'HIBERNATING', which this version doesn't know"* ]]
}

# gaps: prints the milliseconds between requests for the list, one number a line.
gaps() {
	grep '/deployments"' "$SIM_LOG" | sed 's/.*"real_ms":\([0-9]*\).*/\1/' | awk 'NR > 1 { print $1 - last } { last = $1 }'
}

@test "the gate waits for retry_after, given in the body, in the header or as a date" {
	scenario <<-END
		deployments:
		  - {id: new, chain: 232p81ql, chainlets: $(chainlets ACTIVE)}
		faults:
		  - {at: 0s, path: /deployments, count: 1, http: 429, retry_after: 37}
		  - {at: 0s, path: /deployments, count: 1, http: 503, retry_after_header: "23"}
		  - {at: 0s, path: /deployments, count: 1, http: 503, retry_after_header: "Fri, 14 Aug 2026 09:01:30 GMT"}
	END
	gate --deployment new
	[ "$status" = 0 ]
	gaps
	# The next request is never sent before Retry-After is over; then at once, or at the grid's next poll.
	local wait i=0
	for wait in 37 23; do
		i=$((i + 1))
		[ "$(gaps | sed -n ${i}p)" -ge $((wait * 1000)) ]
		[ "$(gaps | sed -n ${i}p)" -le $(((wait + 11) * 1000)) ]
	done
	# A date in Retry-After is compared with the API's clock: the fourth request is sent 90 seconds after the start.
	[ "$(gaps | head -n 3 | awk '{ sum += $1 } END { print sum }')" -ge 89900 ]
	[ "$(gaps | head -n 3 | awk '{ sum += $1 } END { print sum }')" -le 101000 ]
	[[ $stderr == *"retrying in 37"* ]]
}

@test "without a Retry-After the pauses double, up to half a minute" {
	scenario <<-END
		deployments:
		  - {id: new, chain: 232p81ql, chainlets: $(chainlets ACTIVE)}
		faults:
		  - {at: 0s, path: /deployments, http: 503}
	END
	local seed
	for seed in 1 2 3 4 5 6 7 8; do
		VIRTUAL_SEED=$seed gate --deployment new --timeout 1h
		[ "$status" = 5 ]
		[[ $output == *"no answer from the API for 3m"* ]]
		gaps | awk -v most=1000 '{ if ($1 > most + 100) { print "after " $1 " ms, at most " most; exit 1 } most = most < 16000 ? most * 2 : 30000 }'
	done
}

@test "requests are as often as the interval and --max-rps allow" {
	scenario <<-END
		deployments:
		  - {id: new, chain: 232p81ql, chainlets: $(chainlets ACTIVE)}
	END
	gate --deployment new --stable-for 2h --timeout 1h
	[ "$status" = 3 ]
	# Polls at 0 and every ten seconds, jittered by up to a tenth, and a last one: one look-up of the chain, then lists.
	[ "$(sim_requests)" -ge 361 ]
	[ "$(sim_requests)" -le 363 ]
	[ "$(gaps | sort -n | sed -n 2p)" -ge 8000 ]
	[ "$(gaps | sort -n | tail -n 1)" -le 12100 ]
	gate --deployment new --interval 100ms --stable-for 2h --timeout 10m --max-rps 2
	[ "$status" = 3 ]
	# An interval of 100 ms asks for ten requests a second; no second has more than two, wherever it begins. A poll that is late is not sent twice.
	[ "$(gaps | awk 'NR > 1 { print $1 + last } { last = $1 }' | sort -n | head -n 1)" -ge 999 ]
	[ "$(sim_requests)" -le 1201 ]
	[ "$(sim_requests)" -ge 1100 ]
}
