#!/usr/bin/env bats
# unmerged.bats - reports that `chaingate merge` refuses, because they don't make a whole that one run would have judged. In virtual time.

load set_up
load virtual
load shards

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

@test "shards whose targets had other parameters of their own are refused" {
	printf '%s\n' 'version: 1' 'targets: [{name: g, chain: "*", latest: true, since: any, params: {n: 1}, rules: [count(deployments) >= $n]}]' >own.yaml
	printf '%s\n' 'version: 1' 'params: {n: 1}' 'rules: [{name: few, assert: count(deployments) <= $n}]' >other.yaml
	world
	for i in 1 2; do
		"$CHAINGATE" check own.yaml other.yaml --progress none --shard "$i/2" --report json="s$i.json" >/dev/null
	done
	merge s1.json s2.json
	[ "$status" = 0 ]
	sed -i 's/params: {n: 1}/params: {n: 1, m: 0}/' own.yaml
	for i in 1 2; do
		"$CHAINGATE" check own.yaml --progress none --shard "$i/2" --set "m=$i" --report json="s$i.json" >/dev/null
	done
	refused "had different targets, parameters or options" s1.json s2.json
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
		refused "in no report" s?.json
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

@test "a replay of a shard is refused, because it polled nothing" {
	world
	shards 3
	"$CHAINGATE" check "${all[@]}" --shard 2/3 --record run.ndjson >&2
	run -0 "$CHAINGATE" replay run.ndjson --report json=s2.json
	grep -q '"replayed": true' s2.json
	refused "'s2.json' is of a replay, which polled nothing" s?.json
}

@test "shards with other targets or options are refused, also those without a chain" {
	local options
	world '  - {id: st, chain: c1, environment: staging, created_at: "2026-08-14T08:05:00Z", chainlets: [{name: A, status: ACTIVE}]}'
	shards 3
	cp s2.json kept.json
	while read -r options; do
		# shellcheck disable=SC2086 # words
		"$CHAINGATE" check --all-chains --progress none $options --shard 2/3 --report json=s2.json >/dev/null 2>&1 || true
		refused "had different targets, parameters or options" s?.json
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
	refused "had different targets, parameters or options" s1.json s2.json
	"$CHAINGATE" check "${all[@]}" --stable-for 0s --shard 2/2 --report json=s2.json >/dev/null 2>&1
	merge s1.json s2.json
	[ "$status" = 0 ]
	bend s1.json 'del r["fleet"]["plan_sha256"]'
	bend s2.json 'del r["fleet"]["plan_sha256"]'
	refused "contradicts itself about its shard" s1.json s2.json
}
