# replayed.bash - a gate with a recording, whose replay must say the same.

# shellcheck shell=bash disable=SC2154 # run sets $status

# check_and_replay ARGUMENT…: `check` with the reports r.json and r.xml. The replay's report must be the same but for `run`.
check_and_replay() {
	run --separate-stderr "$CHAINGATE" check "$@" --report json=r.json --junit r.xml --record r.ndjson </dev/null
	show
	local live=$status
	run "$CHAINGATE" replay r.ndjson --report json=again.json
	[ "$status" = "$live" ]
	diff <(sed '/^  "run": {/,/^  }/d' r.json) <(sed '/^  "run": {/,/^  }/d' again.json)
	status=$live
}

# policy TARGET [RULE…]: policy.yaml with that target.
policy() {
	printf 'version: 1\ntarget: %s\nrules:\n' "$1" >policy.yaml
	shift
	printf '  - %s\n' "${@:-all chainlets ACTIVE}" >>policy.yaml
}
