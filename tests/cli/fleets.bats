#!/usr/bin/env bats
# fleets.bats - several chains in one run: --chain repeated, globs, --all-chains. In virtual time.

load set_up
load virtual
load fleets

@test "globs, ids and names are found with one look-up, each chain once, and a replay gives the same report" {
	local row arguments expected
	world
	while IFS='|' read -r arguments expected; do
		read -ra row <<<"$arguments"
		check "${row[@]}" "${latest[@]}" --report json=r.json --record run.ndjson
		[ "$status" = 0 ]
		[ "$(targets)" = "$expected " ]
		[ "$(sim_requests '"path":"/v1/chains"')" = 1 ]
		run -0 "$CHAINGATE" replay run.ndjson --report json=r2.json
		diff <(without_clock r.json) <(without_clock r2.json)
	done <<-'END'
		--chain rag-*|rag-a/latest rag-b/latest
		--chain rag-? --chain voice|rag-a/latest rag-b/latest voice/latest
		--chain voice --chain rag-b|voice/latest rag-b/latest
		--chain rag-a --chain c1 --chain rag-*|rag-a/latest rag-b/latest
		--chain tw*|twin (c4)/latest twin (c5)/latest
		--all-chains|rag-a/latest rag-b/latest twin (c4)/latest twin (c5)/latest voice/latest
		--chain [!r]*|twin (c4)/latest twin (c5)/latest voice/latest
		--chain https://app.baseten.co/chains/c3/overview --chain c2|c3/latest c2/latest
	END
}

@test "of several chains each must pass" {
	world '  - {id: d6, chain: c2, created_at: "2026-08-14T08:06:00Z", chainlets: [{name: A, status: FAILED}]}'
	check --chain 'rag-*' "${latest[@]}" --report json=r.json
	[ "$status" = 1 ]
	[[ $output == *"failed: 1 of 2 rules on rag-b/latest"* ]]
}

@test "a chain without a deployment, or whose list isn't whole, never passes" {
	world
	sed -i '/d2,/d' world.yaml
	check --all-chains "${latest[@]}" --timeout 5m --report json=r.json
	[ "$status" = 3 ]
	[[ $output == *"timed_out: 2 rules on rag-b/latest"* ]]
	world 'faults: [{at: 0s, path: /v1/chains/c2/deployments, http: 206}]'
	check --all-chains "${latest[@]}"
	[ "$status" = 5 ]
}

@test "the variables of --chain and --all-chains are overridden by either option" {
	world
	CHAINGATE_CHAIN='rag-*' check "${latest[@]}" --report json=r.json
	[ "$(targets)" = "rag-a/latest rag-b/latest " ]
	CHAINGATE_CHAIN='rag-*' check --all-chains "${latest[@]}" --report json=r.json
	[ "$(targets)" = "rag-a/latest rag-b/latest twin (c4)/latest twin (c5)/latest voice/latest " ]
	CHAINGATE_ALL_CHAINS=1 check --chain voice "${latest[@]}" --report json=r.json
	[ "$(targets)" = "voice/latest " ]
	CHAINGATE_ALL_CHAINS=1 CHAINGATE_CHAIN=voice check "${latest[@]}"
	[ "$status" = 2 ]
}

@test "targets of a policy may have globs, each with its own rules; --print-config polls nothing" {
	world
	printf '%s\n' 'version: 1' 'targets:' '  - {name: rag, chain: "rag-*", environment: staging, since: any}' \
		'  - {name: twins, chain: "tw*", latest: true, since: any, rules: [count(deployments) == 1]}' \
		'  - {name: all, chain: "*", latest: true, since: any}' '  - {name: v, chain: voice, latest: true, since: any}' \
		'rules: [all chainlets ACTIVE]' >policy.yaml
	VIRTUAL_SEED=middle check policy.yaml --report json=r.json --report 'junit=out/{target}.xml' --record run.ndjson
	[ "$status" = 0 ]
	[ "$(targets)" = "rag/rag-a rag/rag-b twins/twin (c4) twins/twin (c5) all/rag-a all/rag-b all/twin (c4) all/twin (c5) all/voice v " ]
	[ "$(sim_requests '"path":"/v1/chains"')" = 1 ]
	[ "$(sim_requests '/c1/deployments')" = 5 ] # two targets, one request for both
	[ "$(ls out | wc -l)" = 10 ]
	[ -e out/rag-rag-a.xml ]
	run -0 "$CHAINGATE" replay run.ndjson --report json=r2.json
	diff <(without_clock r.json) <(without_clock r2.json)
	check policy.yaml --print-config --shard 1/2
	[ "$status" = 0 ]
	[[ $output =~ targets.1.chain\ +rag-\*\ +policy ]]
	[[ $output =~ shard\ +1/2\ +--shard ]]
	[ "$(sim_requests)" = 0 ]
	check --chain 'rag-*' --chain voice "${latest[@]}" --print-config
	[[ $output =~ targets.2.chain\ +voice\ +--chain ]]
}

@test "every minute ten targets are named and the others are counted" {
	local i
	{
		echo 'chains:'
		for ((i = 10; i < 50; i++)); do echo "  - {id: c$i, name: n$i}"; done
		echo 'deployments:'
		for ((i = 10; i < 50; i++)); do
			echo "  - {id: d$i, chain: c$i, created_at: \"2026-08-14T08:05:00Z\", chainlets: [{name: A, status: $([ "$i" -lt 35 ] && echo BUILDING || echo ACTIVE)}]}"
		done
	} >world.yaml
	start_world world.yaml
	check --all-chains "${latest[@]}" --timeout 4m --max-rps 100
	[ "$status" = 3 ]
	[ "$(grep -c '^2m.*waiting' <<<"$stderr")" = 10 ]
	[ "$(grep -c '^2m.*  and 15 more wait, 15 pass so far$' <<<"$stderr")" = 1 ]
}
