#!/usr/bin/env bats
# libraries.bats - what happens if a library is older than the oldest one that chaingate works with, or lacks what it needs.

load set_up
file_world=single.yaml

setup() {
	set_up
	needs_plain "the sanitizers must be loaded first"
	older=${CHAINGATE_VIRTUAL%/*}/preload/older.so
	[ -e "$older" ] # make tests
}

# refused SETTING MESSAGE: with this libcurl a run ends before its first request, and its report says why.
refused() {
	local code=0
	env "$1" LD_PRELOAD="$older" BASETEN_API_KEY=k "${real:-$CHAINGATE}" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s --junit report.xml >out 2>err || code=$?
	[ "$code" = 2 ]
	grep -q "^chaingate check: $2" err
	grep -q "<error.*$2" report.xml
	[ ! -s out ]
	[ ! -s "$SIM_LOG" ]
}

@test "a libcurl that is too old, or has no TLS, is refused before any request, and the report says so" {
	refused OLDER_VERSION=0x075400 'libcurl 7\.84\.0 is too old: chaingate needs 7\.85 or later'
	refused OLDER_WITHOUT=0x4 'libcurl [0-9.]* was built without TLS'
}

@test "a libcurl without HTTP/2 asks by HTTP/1.1" {
	CHAINGATE=$real
	start_sim "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	env OLDER_WITHOUT=0x10000 LD_PRELOAD="$older" BASETEN_API_KEY=simulator-key "${real:-$CHAINGATE}" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s
}
