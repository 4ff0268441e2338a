#!/usr/bin/env bats
# merge.bats - `chaingate merge`: the reports of shards together say what one run over all chains says, or nothing. In virtual time.

load set_up
load virtual
load shards

@test "the shards of a run that passes make the report of the whole, byte for byte" {
	local count
	world
	for count in 1 3 5; do
		shards "$count"
		[ "$whole" = 0 ]
		merge s[1-"$count"].json --report json=m.json --junit m.xml --report tap=m.tap --report junit-strict=ms.xml
		[ "$status" = 0 ]
		[ "$output" = "passed: 8 targets passed" ]
		same_as_whole m.json
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
	same_as_whole m.json
}

@test "a merged report says when its first shard ended" {
	world
	shards 3
	bend s2.json 'r["run"]["start"] = "2026-08-14T08:30:00Z"; r["run"]["took_s"] = 1.001'
	merge s?.json --report json=m.json
	[ "$status" = 0 ]
	[ "$(jq -r '.run.first_end' m.json)" = 2026-08-14T08:30:01Z ]
	[ "$(jq -r '.run.start' m.json)" = 2026-08-14T08:30:00Z ]
	for part in s?.json; do bend "$part" 'r["run"]["start"] = "2026-08-14T08:30:00Z"; r["run"]["took_s"] = 1.001'; done
	merge s?.json --report json=m.json
	grep -qF '"took_s": 1.001,' m.json
}

@test "--max-age refuses a whole of another day, and one of the future" {
	world
	shards 3
	# The run began at 9:00 and took 40.01 seconds.
	VIRTUAL_START=2026-08-14T09:30:40Z merge s?.json --max-age 30m --report json=m.json
	[ "$status" = 0 ]
	VIRTUAL_START=2026-08-14T09:30:41Z refused "the reports are older than 30m: the first shard ended at 2026-08-14T09:00:40Z" s?.json --max-age 30m
	VIRTUAL_START=2026-08-15T09:00:00Z refused "the reports are older than 12h" s?.json --max-age 12h
	VIRTUAL_START=2026-08-14T08:55:41Z merge s?.json --max-age 0s
	[ "$status" = 0 ]
	VIRTUAL_START=2026-08-14T08:55:40Z refused "the reports are of the future: the last shard ended at 2026-08-14T09:00:40Z" s?.json --max-age 168h
	# One of them is enough.
	bend s2.json 'r["run"]["start"] = "2026-08-14T09:35:00Z"'
	VIRTUAL_START=2026-08-14T09:30:41Z merge s?.json --max-age 31m
	[ "$status" = 0 ]
	VIRTUAL_START=2026-08-14T09:30:40Z refused "the reports are of the future: the last shard ended at 2026-08-14T09:35:40Z" s?.json --max-age 30m
	# The oldest of them counts, and the age only if it is asked for.
	bend s2.json 'r["run"]["start"] = "2026-08-14T08:20:00Z"'
	VIRTUAL_START=2026-08-14T09:00:00Z refused "the reports are older than 30m: the first shard ended at 2026-08-14T08:20:40Z" s?.json --max-age 30m
	VIRTUAL_START=2026-09-14T09:00:00Z merge s?.json
	[ "$status" = 0 ]
	refused "--max-age" s?.json --max-age soon
}

@test "the times of all shards count from the merged report's start" {
	world
	shards 3
	bend s3.json 'r["run"]["start"] = "2026-08-14T09:10:00Z"'
	merge s?.json --report json=m.json --report tap=m.tap
	[ "$status" = 0 ]
	python3 - <<-'END'
		import json
		late, merged = json.load(open("s3.json")), json.load(open("m.json"))
		targets = {target["name"]: target for target in merged["targets"]}
		assert late["targets"]
		for target in late["targets"]:
		    new = targets[target["name"]]
		    assert abs(new["at_s"] - target["at_s"] - 600) < 1e-6
		    assert abs(new["stable_at_s"] - target["stable_at_s"] - 600) < 1e-6
		    assert abs(new["stretch"]["since_s"] - target["stretch"]["since_s"] - 600) < 1e-6
		    assert new["stretch"]["watched_s"] == target["stretch"]["watched_s"]
		    for rule, old in zip(new["rules"], target["rules"]):
		        assert abs(rule["since_s"] - old["since_s"] - 600) < 1e-6 and rule["within_s"] == old["within_s"]
		    for lane, old in zip(new["statuses"], target["statuses"]):
		        assert abs(lane["since_s"] - old["since_s"] - 600) < 1e-6
		    assert new["wait"] == target["wait"]
		assert abs(merged["at_s"] - late["at_s"] - 600) < 1e-6
		assert [event["at_s"] for event in merged["events"] if event["kind"] != "verdict"][-1] > 600
	END
}

@test "a shard whose list of chains never came is unreachable, and so is the whole" {
	local part
	world
	shards 3
	echo 'faults: [{at: 0s, path: /v1/chains, http: 503}]' >>world.yaml
	for part in 2 3; do
		"$CHAINGATE" check "${all[@]}" --shard "$part/3" --report "json=s$part.json" >/dev/null 2>&1 || true
	done
	merge s?.json --report json=m.json --junit m.xml
	[ "$status" = 5 ]
	[ "$(jq -r .verdict m.json)" = unreachable ]
	[ "$(jq -r '.targets[-1].name' m.json)" = '*/latest (shard 3/3)' ]
	[ "$(jq -r '[.targets[].name] | length == (unique | length)' m.json)" = true ]
	[ "$(jq -r '[.targets[].name] as $names | all(.events[].target; IN($names[]))' m.json)" = true ]
	[ "$(jq -r .fleet.targets m.json)" = 8 ]
	"$CHAINGATE" check "${all[@]}" --shard 1/3 --report json=s1.json >/dev/null 2>&1 || true
	merge s?.json --report json=m.json --junit m.xml
	[ "$status" = 5 ]
	[ "$(jq -r .fleet.targets m.json)" = null ]
	# It never passes, whatever someone edits.
	for part in s?.json; do sed -i 's/"verdict": "unreachable"/"verdict": "passed"/; s/"exit": 5/"exit": 0/; s/"outcome": "[a-z]*"/"outcome": "pass"/; s/"deployments": \[\]/"deployments": ["d1"]/' "$part"; done
	refused "contradicts itself about its shard" s?.json
	for part in s?.json; do bend "$part" 'r["targets"] = []; r["events"] = []; r["verdict"] = None'; done
	refused "contradicts itself about its shard" s?.json
}

@test "of several interrupted shards the first one's signal counts, whatever the order of the files" {
	world
	shards 3
	VIRTUAL_EVENTS='5s signal TERM' "$CHAINGATE" check "${all[@]}" --shard 1/3 --report json=s1.json >/dev/null 2>&1 || true
	VIRTUAL_EVENTS='5s signal INT' "$CHAINGATE" check "${all[@]}" --shard 3/3 --report json=s3.json >/dev/null 2>&1 || true
	merge s1.json s2.json s3.json --report json=m.json
	[ "$status" = 143 ]
	merge s3.json s2.json s1.json --report json=m2.json
	[ "$status" = 143 ]
	diff m.json m2.json
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
