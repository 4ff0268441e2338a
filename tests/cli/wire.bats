#!/usr/bin/env bats
# wire.bats - a story on the wire and in virtual time: the same verdict, exit code and report, except for the report's times.
#
# Time is tested in virtual time (virtual.bash); these tests show that the virtual world behaves like the real one.

load set_up
load virtual

setup() {
	set_up
	needs python3
}

# same_story SCENARIO EXIT ARGUMENT…
same_story() {
	local scenario=$BATS_TEST_DIRNAME/scenarios/$1 exit=$2
	shift 2
	start_sim "$scenario"
	run --separate-stderr "$CHAINGATE" check --chain rag --api-url "$SIM_URL" --report json=wire.json "$@"
	show
	[ "$status" = "$exit" ]
	stop_sim
	start_world "$scenario"
	run --separate-stderr "$CHAINGATE" check --chain rag --api-url "$SIM_URL" --report json=virtual.json "$@"
	show
	[ "$status" = "$exit" ]
	python3 - <<'EOF'
import json
import re

# Removed before the comparison: times and numbers of polls, which depend on jitter and the machine; the API's address; and the member `run`.
CLOCK = {"at_s", "since_s", "stable_at_s", "until_s", "watched_s", "held_at_s", "poll", "polls", "api", "run"}


def told(value):
    if isinstance(value, dict):
        return {k: told(v) for k, v in value.items() if k not in CLOCK}
    if isinstance(value, str):  # a deployment's age
        return re.sub(r", [0-9hms]+ old", "", value)
    return [told(v) for v in value] if isinstance(value, list) else value


wire, virtual = (json.load(open(name + ".json")) for name in ("wire", "virtual"))
assert all(key in wire for key in ("verdict", "exit", "targets", "events")), wire.keys()
if told(wire) != told(virtual):
    print(json.dumps(told(wire), indent=1), json.dumps(told(virtual), indent=1), sep="\n")
    raise SystemExit("the two reports differ")
EOF
}

@test "on the wire as in virtual time: it passes" {
	same_story steady.yaml 0 --deployment q86yjdy --interval 200ms --stable-for 200ms --timeout 1h
}

@test "on the wire as in virtual time: it has failed" {
	same_story failed.yaml 1 --deployment q86yjdy --timeout 1h
}

@test "on the wire as in virtual time: the key is refused" {
	BASETEN_API_KEY=another-key same_story steady.yaml 5 --deployment q86yjdy --timeout 1h
}

@test "on the wire as in virtual time: one snapshot without the requested environment" {
	same_story steady.yaml 3 --environment nowhere --since any --timeout 0s
}

@test "on the wire as in virtual time: one snapshot on which a rule is false" {
	printf '%s\n' 'version: 1' 'rules:' '  - active_replica_count >= 3' '  - {assert: all chainlets ACTIVE, hold: 1m}' >policy.yaml
	same_story steady.yaml 1 policy.yaml --deployment q86yjdy --timeout 0s
}

@test "a stack that is too small ends each command with 70 and a word, not with a signal" {
	needs_plain "sanitizers need a larger stack themselves"
	local kib command
	# With less than 32 KiB the loader may crash, by the size of the environment.
	for kib in 32 64 128 511; do
		for command in version "lint policy.yaml" "check --chain rag --deployment d1 --timeout 0s" "explain ACTIVE" "help check"; do
			# shellcheck disable=SC2086 # several arguments
			run -70 bash -c 'ulimit -s "$1" && exec "${@:2}"' - "$kib" "$CHAINGATE" $command
			[ "$output" = "chaingate: out of memory: the stack's limit (ulimit -s) is under 512 KiB"$'\n'"  = help: raise it, for example with 'ulimit -s 8192'" ]
		done
	done
	# The smallest one suffices, also where most of it is needed.
	printf 'version: 1\nrules:\n  - %s min_replica >= 1 %s\n' "$(printf '(%.0s' {1..60})" "$(printf ')%.0s' {1..60})" >deep.yaml
	run -0 bash -c 'ulimit -s 512 && exec "$@"' - "$CHAINGATE" lint deep.yaml
	run -0 bash -c 'ulimit -s 512 && exec "$@"' - "$CHAINGATE" test "$BATS_TEST_DIRNAME"/../../policies/*.test.yaml
	run -5 bash -c 'ulimit -s 512 && exec "$@"' - env BASETEN_API_KEY=simulator-key "$CHAINGATE" check --chain rag --deployment d1 --timeout 0s --api-url https://chaingate.invalid
}
