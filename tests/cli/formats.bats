#!/usr/bin/env bats
# formats.bats - `chaingate merge` into every format: what one run over all chains writes. In virtual time.

load set_up
load virtual
load shards

# Those that must be the bytes of one run.
same=(env github gitlab)

without() {
	sed 's/, after .*//' | grep -v '^$\|: `[^`]*`$\|and [0-9]* more\|^Watched: '
}

# compare: a world's run and its merged shards in all formats.
compare() {
	local i format given=() code
	export VIRTUAL_SEED=middle
	for format in "${same[@]}" markdown; do given+=(--report "$format=u.$format"); done
	run "$CHAINGATE" check policy.yaml "${all[@]}" --timeout 2m --report json=u.json "${given[@]}"
	code=$status
	for i in 1 2 3; do
		"$CHAINGATE" check policy.yaml "${all[@]}" --timeout 2m --shard "$i/3" --report "json=s$i.json" >/dev/null 2>&1 || true
	done
	merge s?.json --report json=m.json "${given[@]/u./m.}"
	[ "$status" = "$code" ]
	for format in "${same[@]}"; do
		diff "u.$format" "m.$format"
	done
	# Each finding, each rule and each sum is there; only the pictures, in fences, are not. A shard that passes ends before the others.
	diff <(sed '/^```/,/^```/d' u.markdown | without | sort) <(without <m.markdown | sort)
}

@test "env, github, gitlab and markdown say what one run says, with its sums" {
	local row expected
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets ACTIVE' '  - {assert: count(deployments) == 1, message: "push | *again*"}' \
		'  - {assert: active_replica_count >= 5, severity: warning, name: many}' '  - {never: any chainlet FAILED, name: no failure}' \
		'  - {assert: all chainlets ACTIVE, when: any chainlet UNHEALTHY, name: skipped}' >policy.yaml
	while read -r expected row; do
		state=()
		eval "state=($row)"
		world
		compare || { echo "$row"; return 1; }
		[ "$status" = "$expected" ]
		grep -q "^CHAINGATE_EXIT=$expected$" m.env
		grep -q "^CHAINGATE_FAILED_RULES=$(jq '[.targets[].rules[] | select(.decides and .outcome == "fail")] | length' u.json)$" m.env
	done <<-'END'
		0
		1 [2]=FAILED [3]=UNHEALTHY
		3 [2]=BUILDING [5]=UNHEALTHY
	END
}

@test "what a format needs and the JSON reports don't have is refused" {
	local format
	world
	shards 1
	for format in html intoto; do
		merge s1.json --report "$format=m"
		[ "$status" = 2 ]
		[[ $stderr == *"'chaingate merge' cannot write the format $format"* ]]
		run ! grep -qi 'passed"' m
	done
}
