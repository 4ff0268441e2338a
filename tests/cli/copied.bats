#!/usr/bin/env bats
# copied.bats - a merged report is about each chain once: a target that was copied, renamed or moved into another report is refused, and so is one of which a part can't be true. In
# virtual time.

load set_up
load virtual
load shards

# kept: the reports as they were.
kept() {
	cp kept/*.json .
}

setup() {
	set_up
	world
	shards 2
	mkdir kept
	cp s1.json s2.json kept
}

# copy CODE: edits both reports; `a` and `b` are their targets.
copy() {
	kept
	python3 -c 'import json, sys, copy
r, s = json.load(open("s1.json")), json.load(open("s2.json"))
a, b = r["targets"], s["targets"]
exec(sys.argv[1])
json.dump(r, open("s1.json", "w"))
json.dump(s, open("s2.json", "w"))' "$1"
}

@test "a target that two reports have, or one has twice, is refused" {
	local change mistake
	while IFS='|' read -r change mistake; do
		copy "$change"
		refused "$mistake" s1.json s2.json
	done <<-'END'
		b[0] = a[0]|the report 's2.json' contradicts itself about its shard
		a[1] = a[0]|the report 's1.json' contradicts itself about its shard
		b[0]["chain_id"] = a[0]["chain_id"]|the report 's2.json' contradicts itself about its shard
		b[0] = a[0]; s["events"] = []; s["fleet"]["members"][0] = r["fleet"]["members"][0]|both have the target '
		b[0]["name"] = a[0]["name"]; s["events"] = []|both have the target '
		b[0] = dict(a[0], name="other"); s["events"] = []; s["fleet"]["members"][0] = r["fleet"]["members"][0]|the targets are not those of the chains that the shards found
		s["fleet"]["positions"], r["fleet"]["positions"] = r["fleet"]["positions"], s["fleet"]["positions"]|the targets are not those of the chains that the shards found
		s["fleet"]["sha256"] = r["fleet"]["sha256"] = "0" * 64|the targets are not those of the chains that the shards found
		del s["fleet"]["members"]|contradicts itself about its shard
		s["fleet"]["members"][0] = None|contradicts itself about its shard
		s["fleet"]["members"][0] = b[0]["chain_id"]|contradicts itself about its shard
		s["fleet"]["members"][0] = "1 " + b[0]["chain_id"]|the targets are not those of the chains that the shards found
		s["fleet"]["members"].pop()|contradicts itself about its shard
	END
}

@test "what a target says must be possible" {
	local change
	while read -r change; do
		copy "$change"
		refused "the report 's2.json' contradicts itself " s1.json s2.json
	done <<-'END'
		b[0]["deployments"] = [None]
		b[0]["deployments"] = [""]
		b[0]["deployments"] = [7]
		b[0]["deployments"] = [["d1"]]
		b[0]["deployments"].append(None)
		b[0]["deployments"] = {}
		b[0]["chain_id"] = None
		b[0]["chain_id"] = ""
		del b[0]["chain_id"]
		b[0]["polls"] = 0
		b[0]["polls"] = -1
		b[0]["polls"] = "5"
		b[0]["errors"] = b[0]["polls"]
		b[0]["errors"] = None
		b[0]["stable_at_s"] = None
		b[0]["rules"] = [None]
		b[0]["rules"][0]["outcome"] = None
		b[0]["rules"][0]["name"] = None
		b[0]["rules"][0]["sentence"] = ""
		b[0]["reason"] = ""
	END
}

@test "no two targets of all shards have one name, nor one file" {
	local i
	{
		echo 'chains: [{id: c1, name: twin}, {id: c4, name: twin}, {id: c5, name: "twin (c4)"}, {id: c6, name: "a b"}, {id: c7, name: a-b}, {id: c2, name: "a b "}]'
		echo 'deployments:'
		for i in 1 2 4 5 6 7; do echo "  - {id: d$i, chain: c$i, created_at: \"2026-08-14T08:05:00Z\", chainlets: [{name: A, status: ACTIVE}]}"; done
	} >world.yaml
	start_world world.yaml
	# The twins are in different shards of each of these.
	for i in 1/2 2/2 1/3 2/3 3/3 1/9; do
		run "$CHAINGATE" check --chain 'tw*' --latest --since any --shard "$i" --report json=r.json
		[ "$status" = 2 ]
		[[ $output == *"two targets would be called 'twin (c4)/latest'"* ]]
	done
	for i in 1 2 3; do "$CHAINGATE" check --chain 'a?b*' --latest --since any --shard "$i/3" --report 'tap=out/{target}.tap' >/dev/null 2>&1; done
	# shellcheck disable=SC2012 # plain names
	[ "$(ls out | grep -v none | wc -l)" = 3 ]
}

@test "a shard without a chain doesn't make the report older" {
	local end
	kept
	sed -i '/c[2-8]/d' world.yaml
	for end in 1 2 3 4; do "$CHAINGATE" check "${all[@]}" --shard "$end/4" --report json="s$end.json" >/dev/null 2>&1; done
	[ "$(jq -s '[.[] | select(.verdict == null)] | length' s1.json s2.json s3.json s4.json)" = 3 ]
	end=$(jq -r '.verdict as $v | .run | select($v) | .start[:19] + "Z" | fromdateiso8601 + 40 | todate' s?.json)
	merge s?.json --report json=m.json
	[ "$status" = 0 ]
	[ "$(jq -r .run.first_end m.json)" = "$end" ]
}
