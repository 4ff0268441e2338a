#!/usr/bin/env bats
# fast.bats - what a run says that ends early: because something has failed for good, or because its timeout is 0s. In virtual time.

load set_up
load virtual

setup() {
	set_up
}

@test "a run that fails fast counts what it shows, whatever the quantifier" {
	python3 - >world.yaml <<-'END'
		def chainlet(i):
		    status = "BUILD_FAILED" if i < 10 else "DEPLOYING" if i < 12 else "ACTIVE"
		    return "{name: C%d, status: %s, autoscaling_settings: {min_replica: %d}}" % (i, status, i % 2)
		print("api_key: simulator-key")
		print("chains: [{id: c1, name: rag}]")
		print("deployments:")
		print("  - {id: d0, chain: c1, environment: production, created_at: 0s, chainlets: [{name: C0, status: ACTIVE}]}")
		print("  - {id: d1, chain: c1, status: BUILD_FAILED, created_at: 0s, chainlets: [%s]}" % ", ".join(map(chainlet, range(200))))
	END
	cat >policy.yaml <<-'END'
		version: 1
		baseline: {environment: production}
		rules:
		  - all chainlets ACTIVE
		  - at least 195 chainlets ACTIVE
		  - exactly 199 chainlets ACTIVE
		  - at most 3 chainlets not ACTIVE
		  - no chainlet in failed
		  - all chainlets where min_replica >= 1 have status == ACTIVE
		  - any deployment ACTIVE
		  - all chainlets have status == ACTIVE and baseline.min_replica >= 1
		  - deployment.status == ACTIVE and count(chainlets where status == ACTIVE) > 190
	END
	start_world world.yaml
	run --separate-stderr "$CHAINGATE" check policy.yaml --chain rag --deployment d1 --api-url "$SIM_URL" --progress none --report json=r.json --verbose </dev/null
	show
	[ "$status" = 1 ]
	! grep "^      .*none of the 200" <<<"$output" || false
	[ "$(grep -cE "^      (188 of 200 chainlets are|12 of 200 chainlets are not) ACTIVE: chainlet C0 is BUILD_FAILED; .*; 2 may still change$" <<<"$output")" = 3 ]
	grep "^      deployment d1: deployment.status is BUILD_FAILED, count(chainlets where status == ACTIVE) is 188 (of 200: all but C0, C1, C2 and 9 more)$" <<<"$output"
	grep '^ *= also:' <<<"$output" >also
	cat >wanted <<-'END'
		  = also:  188 of 200 are ACTIVE (C12, C13, C14 and 185 more), 2 may still change
		  = also:  188 of 200 are ACTIVE (C12, C13, C14 and 185 more), 2 may still change
		  = also:  188 of 200 are ACTIVE (C12, C13, C14 and 185 more), 2 may still change
		  = also:  12 of 200 are not ACTIVE, 2 may still change
		  = also:  10 of 200 are failed
		  = also:  true for 94 of 100 (chainlet C13: min_replica is 1, status is ACTIVE; chainlet C15: min_replica is 1, status is ACTIVE; chainlet C17: min_replica is 1, status is ACTIVE; and 91 more), 1 may still change
		  = also:  true for none of the 200, 190 may still change
	END
	diff wanted also
}

@test "what decides nothing, because its selection isn't final, isn't named as a reason" {
	cat >world.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: c1, name: rag}]
		deployments:
		  - id: d1
		    chain: c1
		    status: BUILD_FAILED
		    created_at: 0s
		    chainlets:
		      - {name: C0, status: BUILD_FAILED, autoscaling_settings: {min_replica: 1}}
		      - {name: C1, status: ACTIVE, autoscaling_settings: {min_replica: 1}}
		      - {name: C2, status: DEPLOYING, autoscaling_settings: {min_replica: 1}}
		      - {name: C3, status: WEIRD, autoscaling_settings: {min_replica: 1}}
	END
	cat >policy.yaml <<-'END'
		version: 1
		rules: [all chainlets where min_replica >= 1 have deployment.status == ACTIVE]
	END
	start_world world.yaml
	run --separate-stderr "$CHAINGATE" check policy.yaml --chain rag --deployment d1 --api-url "$SIM_URL" --progress none --report json=r.json </dev/null
	show
	[ "$status" = 1 ]
	[ "$(jq -c '.targets[0].rules[0].evidence | [.considered, .false, .hidden, [.items[].chainlet]]' r.json)" = '[4,4,3,["C0"]]' ]
}

# warned TIMEOUT ARGUMENT…: checks a policy with this timeout, and prints the warnings of its rules.
warned() {
	local timeout=$1
	shift
	printf '%s\n' "version: 1" "wait: {timeout: $timeout}" "rules:" "  - all chainlets ACTIVE" "  - age < 30s" \
		"  - {name: own, assert: min_replica >= 0, when: age < 30s}" >policy.yaml
	"$CHAINGATE" check policy.yaml --chain rag --deployment d1 --api-url "$SIM_URL" --progress none "$@" 2>&1 >out </dev/null | grep 'warning:' || [ "$?" = 1 ]
}

@test "warnings are of the timeout in effect: the file's, the command line's, or the variable's" {
	cat >world.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: c1, name: rag}]
		deployments: [{id: d1, chain: c1, created_at: 0s, chainlets: [{name: A, status: ACTIVE, autoscaling_settings: {min_replica: 1}}]}]
	END
	start_world world.yaml
	waits=$(warned 5m) at_once=$(warned 0s)
	printf '%s\n' "$waits" -- "$at_once"
	[ "$waits" != "$at_once" ]
	[ "$(warned 5m --timeout 0s)" = "$at_once" ]
	[ "$(CHAINGATE_TIMEOUT=0s warned 5m)" = "$at_once" ]
	[ "$(warned 0s --timeout 5m)" = "$waits" ]
	[ "$(CHAINGATE_TIMEOUT=0s warned 0s --timeout 5m)" = "$waits" ]
}

@test "an unknown status is in quotes, so that it can't be taken for words of a report" {
	cat >world.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: c1, name: rag}]
		deployments: [{id: d1, chain: c1, created_at: 0s, chainlets: [{name: A, status: {0s: ACTIVE, 40s: "ACTIVE and B", 50s: ACTIVE}}]}]
	END
	echo '{version: 1, wait: {timeout: 2m, interval: 10s, stable_for: 20s}, rules: [{assert: all chainlets ACTIVE, hold: 60s}]}' >policy.yaml
	start_world world.yaml
	run "$CHAINGATE" check policy.yaml --chain rag --deployment d1 --api-url "$SIM_URL" --progress lines </dev/null
	show
	grep "A  ACTIVE -> 'ACTIVE and B'$" <<<"$output"
	grep "A  'ACTIVE and B' -> ACTIVE$" <<<"$output"
	grep "d1 is 'ACTIVE and B'$" <<<"$output"
}
