#!/usr/bin/env bats
# merge.bats - `chaingate merge`: the reports of shards together say what one run over all chains says, or nothing. In virtual time.

load set_up
load virtual

# world [LINE…]: eight chains with a deployment each, and more lines.
world() {
	local i
	{
		echo 'chains:'
		for i in 1 2 3 4 5 6 7 8; do echo "  - {id: c$i, name: chain-$((9 - i))}"; done
		echo 'deployments:'
		for i in 1 2 3 4 5 6 7 8; do
			echo "  - {id: d$i, chain: c$i, created_at: \"2026-08-14T08:05:00Z\", chainlets: [{name: A, status: ${state[$i]-ACTIVE}}]}"
		done
		printf '%s\n' "$@"
	} >world.yaml
	start_world world.yaml
}

state=()
all=(--all-chains --latest --since any --progress none)

# shards N [ARGUMENT…]: the reports s1.json … sN.json; and u.json of one run without shards.
shards() {
	local i count=$1
	shift
	export VIRTUAL_SEED=middle
	for ((i = 1; i <= count; i++)); do
		"$CHAINGATE" check "${all[@]}" "$@" --shard "$i/$count" --report json="s$i.json" >/dev/null 2>&1 || true
	done
	run "$CHAINGATE" check "${all[@]}" "$@" --report json=u.json --junit u.xml
	whole=$status
}

merge() {
	run --separate-stderr "$CHAINGATE" merge "$@"
	show
}

# Without what only the run itself knows: times, and how often it polled.
without_times() {
	grep -vE '"(at|since|until|took|stable_at|held_at|watched)_s"|"polls?"|"start"' "$1"
}

@test "the shards of a run that passes make the report of the whole, byte for byte" {
	local count
	world
	for count in 1 3 5; do
		shards "$count"
		[ "$whole" = 0 ]
		merge s[1-"$count"].json --report json=m.json --junit m.xml --report tap=m.tap --report junit-strict=ms.xml
		[ "$status" = 0 ]
		[ "$output" = "passed: 8 targets passed" ]
		diff u.json m.json
		diff <(grep -v '"watched"' u.xml) m.xml
		[ "$(grep -c '^ok' m.tap)" = 24 ]
	done
	# The order of the files doesn't matter.
	merge s5.json s2.json s1.json s4.json s3.json --report json=m2.json
	diff m.json m2.json
}

@test "the exit code is the worst of all shards, as that of one run" {
	local row expected
	while read -r expected row; do
		state=()
		eval "state=($row)"
		world
		shards 3 --timeout 2m
		[ "$whole" = "$expected" ]
		merge s?.json --report json=m.json --junit m.xml
		[ "$status" = "$expected" ]
		diff <(without_times u.json | grep -v '^      "kind"' | sort) <(without_times m.json | grep -v '^      "kind"' | sort)
	done <<-'END'
		0
		1 [2]=FAILED
		3 [2]=BUILDING
		1 [2]=BUILDING [7]=FAILED
	END
	[[ $output == *"is failed: "* ]]
	[[ $output == *"is timed_out: "* ]]
	[[ ${lines[-1]} == "failed: "?" of 8 targets did not pass" ]]
}

@test "a shard without a chain is merged, and more shards than chains still make the whole" {
	world
	sed -i '/c[3-8]/d' world.yaml
	shards 9
	merge s?.json --report json=m.json
	[ "$status" = 0 ]
	[ "$output" = "passed: 2 targets passed" ]
	diff u.json m.json
}

# refused MISTAKE FILE…: exit 2 with this mistake, and no report that passes, also where one was.
refused() {
	echo '"verdict": "passed"' | tee m.json >m.xml
	run --separate-stderr "$CHAINGATE" merge "${@:2}" --report json=m.json --junit m.xml
	[ "$status" = 2 ] && [ -z "$output" ] && [[ $stderr == *"$1"* ]] && grep -q '"verdict": null' m.json && grep -q 'errors="1"' m.xml && return
	echo "merge ${*:2}: not refused with $1"
	show
	return 1
}

@test "what doesn't make a whole is refused, and leaves no report that passes" {
	local broken
	world
	shards 3
	refused "a shard is missing: 2/3" s1.json s3.json
	refused "shards are missing: 1/3, 3/3" s2.json
	refused "the shard 2/3 is given twice: 's2.json' and 's2.json'" s1.json s2.json s2.json s3.json
	refused "is not of a shard" s1.json s2.json u.json
	refused "could not read the report 'nope.json'" s1.json s2.json nope.json
	refused "no report is given"
	refused "is not a JSON report: it is not JSON" world.yaml
	# Cut anywhere, it isn't a report.
	for broken in 0 1 100 2000; do
		head -c "$broken" s2.json >cut.json
		refused "'cut.json' is not a JSON report" s1.json cut.json s3.json
	done
	cat s2.json s2.json >cut.json
	refused "'cut.json' is not a JSON report" s1.json cut.json s3.json
	echo '{"format": "other"}' >cut.json
	refused "is not a JSON report of chaingate" cut.json
	sed 's/"version": 1,/"version": 2,/' s2.json >cut.json
	refused "is of another version" s1.json cut.json s3.json
}

@test "shards of different runs are refused" {
	local other mistake
	world
	shards 3
	printf '%s\n' 'version: 1' 'params: {least: 1}' 'rules: [all chainlets ACTIVE, count(deployments) >= $least]' >policy.yaml
	cp s2.json kept.json
	"$CHAINGATE" check policy.yaml "${all[@]}" --shard 2/3 --report json=s2.json >/dev/null 2>&1
	refused "are of different policies" s?.json
	"$CHAINGATE" check policy.yaml "${all[@]}" --shard 1/3 --report json=s1.json >/dev/null 2>&1
	"$CHAINGATE" check policy.yaml "${all[@]}" --shard 2/3 --set least=0 --report json=s2.json >/dev/null 2>&1
	refused "are of different parameters" s1.json s2.json
	"$CHAINGATE" check policy.yaml "${all[@]}" --shard 2/4 --report json=s2.json >/dev/null 2>&1
	refused "is of 3 shards, and 's2.json' of 4" s1.json s2.json
	"$CHAINGATE" check policy.yaml "${all[@]}" --shard 2/3 --api-url http://127.0.0.1:2 --report json=s2.json >/dev/null 2>&1
	refused "are of different APIs" s1.json s2.json
	# A chain that came between two jobs is in no shard.
	shards 3
	sed -i 's/^deployments:/  - {id: c9, name: new}\n&/' world.yaml
	"$CHAINGATE" check "${all[@]}" --timeout 0s --shard 2/3 --report json=s2.json >/dev/null 2>&1 || true
	refused "are of different chains" s?.json
	sed 's/"tool": "[^"]*"/"tool": "0.0.9"/' kept.json >s2.json
	refused "are of different versions" s?.json
}

@test "a report that isn't finished, or in which nothing was judged, is refused" {
	world
	shards 3
	cp s2.json kept.json
	VIRTUAL_EVENTS='20s signal KILL' "$CHAINGATE" check "${all[@]}" --shard 2/3 --report json=s2.json >/dev/null 2>&1 || true
	refused "the report 's2.json' is not finished" s?.json
	"$CHAINGATE" check "${all[@]}" --shard 2/3 --chain x --report json=s2.json >/dev/null 2>&1 || true
	refused "in the report 's2.json' nothing was judged" s?.json
	# One target of a shard isn't the shard.
	"$CHAINGATE" check "${all[@]}" --shard 1/3 --report 'json=part-{target}.json' >/dev/null 2>&1
	set -- part-*.json
	[ "$#" -gt 1 ]
	refused "contradicts itself about its shard" "$1" kept.json s3.json
	# An interrupted shard is one that didn't pass.
	VIRTUAL_EVENTS='20s signal TERM' "$CHAINGATE" check "${all[@]}" --shard 2/3 --report json=s2.json >/dev/null 2>&1 || true
	merge s?.json --report json=m.json
	[ "$status" = 143 ]
	grep -q '"verdict": "interrupted"' m.json
}

@test "a report that contradicts itself never becomes a pass" {
	local change
	state=([2]=FAILED)
	world
	shards 1 --timeout 2m
	merge s1.json
	[ "$status" = 1 ]
	# Each alone, and all that someone in a hurry would edit.
	for change in '0,/"verdict": "failed"/s//"verdict": "passed"/' '0,/"exit": 1/s//"exit": 0/' 's/"exit": 1/"exit": 0/;s/"verdict": "failed"/"verdict": "passed"/' \
		's/"verdict": "failed"/"verdict": "passed"/'; do
		sed "$change" s1.json >bad.json
		! cmp -s s1.json bad.json
		refused "contradicts itself" bad.json
	done
	for change in null '"fine"' '"none"' 7; do
		sed "0,/\"verdict\": \"failed\"/s//\"verdict\": $change/" s1.json >bad.json
		refused "nothing was judged" bad.json
	done
	state=()
	world
	shards 1
	for change in 's/"outcome": "pass"/"outcome": "unknown"/' 's/"outcome": "pass"/"outcome": "skipped"/' 's/"decides": true/"decides": false/' \
		's/"positions": \[/"positions": [ 0,/' 's/"targets": 8,/"targets": 9,/' 's/"shard": 1,/"shard": 2,/' 's/"rules": \[/"rules": [], "x": [/' '/"deployments": \[/,/\]/s/"d[0-9]"//'; do
		sed "$change" s1.json >bad.json
		! cmp -s s1.json bad.json
		run -2 "$CHAINGATE" merge bad.json
	done
	# Two targets at one position.
	python3 - <<-'END'
		import json
		report = json.load(open("s1.json"))
		report["fleet"]["positions"][1] = 0
		json.dump(report, open("bad.json", "w"))
	END
	refused "has a target that is in another, too" bad.json
}

@test "merge writes what it can, and says what it can't" {
	world
	shards 3
	merge s?.json --report html=m.html
	[ "$status" = 2 ]
	[[ $stderr == *"'chaingate merge' cannot write the format html"* ]]
	merge s?.json --report 'json={target}.json'
	[ "$status" = 2 ]
	merge s?.json --report json=s1.json
	[ "$status" = 2 ]
	[[ $stderr == *"a report cannot be written over 's1.json'"* ]]
	merge s?.json --junit - --quiet
	[ "$status" = 0 ]
	[[ $output == '<?xml'* ]]
	[ "$stderr" = "passed: 8 targets passed" ]
	merge s?.json --junit /dev/full
	[ "$status" = 6 ]
	run bash -c "'$CHAINGATE' merge s?.json >/dev/full"
	[ "$status" = 6 ]
	# A pass that a shard couldn't report is none of the whole.
	sed 's/"exit": 0,/"exit": 6,/' s2.json >s.json
	merge s1.json s.json s3.json
	[ "$status" = 6 ]
	[ "$output" = "unreported: 8 targets passed, but a shard could not write its reports" ]
	merge --help
	[ "$status" = 0 ]
}
