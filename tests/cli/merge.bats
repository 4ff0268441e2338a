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
usual=${all[*]}

# shards N [ARGUMENT…]: the reports s1.json … sN.json; and u.json of one run without shards. Those of the same world and the
# same N are made only once, for all tests.
shards() {
	local i count=$1 kept
	shift
	export VIRTUAL_SEED=middle
	kept=$BATS_FILE_TMPDIR/$(cksum world.yaml | tr ' ' .)$count
	if [ "$#" = 0 ] && [ "${all[*]}" = "$usual" ] && [ -d "$kept" ]; then
		cp "$kept"/* .
		whole=0
		return
	fi
	for ((i = 1; i <= count; i++)); do
		"$CHAINGATE" check "${all[@]}" "$@" --shard "$i/$count" --report json="s$i.json" >/dev/null 2>&1 || true
	done
	run "$CHAINGATE" check "${all[@]}" "$@" --report json=u.json --junit u.xml
	whole=$status
	if [ "$#" = 0 ] && [ "${all[*]}" = "$usual" ] && [ "$whole" = 0 ]; then
		mkdir "$kept"
		cp s[0-9]*.json u.json u.xml "$kept"
	fi
}

merge() {
	run --separate-stderr "$CHAINGATE" merge "$@"
	show
}

# The line that only a merged report has is left out.
same_as_whole() {
	diff u.json <(grep -v '^    "first_end": ' "$1")
}

# bend FILE CODE: edits the JSON report with Python; `r` is the report.
bend() {
	python3 -c 'import json, sys
r = json.load(open(sys.argv[1]))
exec(sys.argv[2])
json.dump(r, open(sys.argv[1], "w"))' "$1" "$2"
}

# Without what only the run itself knows: times, and how often it polled.
without_times() {
	grep -vE '"first_end": |"(at|since|until|took|stable_at|held_at|watched)_s"|"polls?"|"start"' "$1"
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
	shards 3 --timeout 0s
	sed -i 's/^deployments:/  - {id: c9, name: new}\n&/' world.yaml
	"$CHAINGATE" check "${all[@]}" --timeout 0s --shard 2/3 --report json=s2.json >/dev/null 2>&1 || true
	refused "are of different chains" s?.json
	# Another version may write the same plan in another way.
	sed -i 's/"tool": "[^"]*"/"tool": "0.0.9"/; s/"plan_sha256": "./&0/' kept.json
	cp kept.json s2.json
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
		run -1 cmp -s s1.json bad.json
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
		run -1 cmp -s s1.json bad.json
		run -2 "$CHAINGATE" merge bad.json
	done
	# Two targets at one position, of one shard and of two.
	cp s1.json bad.json
	bend bad.json 'r["fleet"]["positions"][1] = 0'
	refused "contradicts itself about its shard" bad.json
	shards 2
	bend s2.json "r['fleet']['positions'][0] = $(jq '.fleet.positions[0]' s1.json); r['fleet']['positions'].sort()"
	refused "have the same target" s1.json s2.json
}

@test "numbers that no run has are refused, however large" {
	local change
	world
	shards 3
	cp s2.json kept.json
	for change in 'r["run"]["took_s"] = 1e300' 'r["run"]["took_s"] = -1.0' 'r["run"]["took_s"] = None' 'del r["run"]["took_s"]' 'r["at_s"] = 1e300' \
		'r["targets"][0]["at_s"] = 1e300' 'r["targets"][0]["at_s"] = -1e300' 'r["targets"][0]["stable_at_s"] = 1e19' 'r["targets"][0]["rules"][0]["since_s"] = "x"' 'r["events"][0]["at_s"] = 1e300' \
		'r["fleet"]["targets"] = 0' 'r["fleet"]["targets"] = -1' 'r["fleet"]["targets"] = 1e15' 'r["fleet"]["positions"][0] = 10**15' 'r["fleet"]["positions"][0] = 0.5'; do
		cp kept.json s2.json
		bend s2.json "$change"
		refused "the report 's2.json'" s?.json
	done
	# All shards say so.
	for change in 10**15 9223372036854775807 9; do
		shards 3
		for part in s?.json; do bend "$part" "r['fleet']['targets'] = $change"; done
		refused "targets are in no report" s?.json
	done
}

@test "shards of another time are refused: those of an earlier attempt, and those that don't say when they were" {
	local change part
	world
	shards 3
	cp s2.json kept.json
	for change in 'r["run"]["start"] = "2001-01-01T00:00:00Z"' 'r["run"]["start"] = "2026-08-14T10:00:01Z"' 'r["run"]["start"] = "2026-08-14T07:59:59Z"' 'r["run"]["start"] = "2200-01-01T00:00:00Z"'; do
		cp kept.json s2.json
		bend s2.json "$change"
		refused "apart, which is more than 1h" s?.json
	done
	# Neither is too far from the first.
	cp kept.json s2.json
	bend s2.json 'r["run"]["start"] = "2026-08-14T08:20:00Z"'
	merge s?.json
	[ "$status" = 0 ]
	bend s3.json 'r["run"]["start"] = "2026-08-14T09:40:00Z"'
	refused "started 1h20m apart" s?.json
	for change in 'del r["run"]' 'r["run"] = None' 'r["run"] = {}' 'r["run"]["start"] = "yesterday"' 'r["run"]["start"] = 5' 'r["run"]["start"] = "1901-01-01T00:00:00Z"' 'del r["run"]["tool"]'; do
		shards 3
		bend s2.json "$change"
		refused "doesn't say when its run was" s?.json
		for part in s1.json s3.json; do bend "$part" "$change"; done
		refused "doesn't say when its run was" s?.json
	done
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

@test "shards with other targets or options are refused, also those without a chain" {
	local options
	world '  - {id: st, chain: c1, environment: staging, created_at: "2026-08-14T08:05:00Z", chainlets: [{name: A, status: ACTIVE}]}'
	shards 3
	cp s2.json kept.json
	while read -r options; do
		# shellcheck disable=SC2086 # words
		"$CHAINGATE" check --all-chains --progress none $options --shard 2/3 --report json=s2.json >/dev/null 2>&1 || true
		refused "had different targets or options" s?.json
	done <<-'END'
		--environment staging --since any --timeout 0s --stable-for 0s
		--latest --since any --timeout 0s
		--latest --since any --stable-for 0s
			--latest --since any --interval 11s
		--latest --since any --strict
		--latest --since 2026-01-01T00:00:00Z
		--latest --since 10h
		--all-deployments --since any
		--environment staging --since any
		--environment staging --role current --since any --timeout 0s
		--latest --since any --baseline-environment staging
	END
	# The same duration before the start is the same, whenever the shards start.
	all=(--all-chains --latest --since 10h --progress none)
	shards 3
	VIRTUAL_START=2026-08-14T09:05:00Z "$CHAINGATE" check "${all[@]}" --shard 2/3 --report json=s2.json >/dev/null 2>&1
	merge s?.json
	[ "$status" = 0 ]
	sed -i '/c[2-8]/d' world.yaml
	shards 2
	"$CHAINGATE" check "${all[@]}" --stable-for 0s --shard 1/2 --report json=s1.json >/dev/null 2>&1
	refused "had different targets or options" s1.json s2.json
	"$CHAINGATE" check "${all[@]}" --stable-for 0s --shard 2/2 --report json=s2.json >/dev/null 2>&1
	merge s1.json s2.json
	[ "$status" = 0 ]
	bend s1.json 'del r["fleet"]["plan_sha256"]'
	bend s2.json 'del r["fleet"]["plan_sha256"]'
	refused "contradicts itself about its shard" s1.json s2.json
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
