#!/usr/bin/env bats
# unwatched.bats - several chains that can't be watched: globs that match nothing, selections that can't be meant, a list of chains that doesn't come. In virtual time.

load set_up
load virtual
load fleets

@test "what matches nothing is refused before anything is judged, with what there is" {
	local arguments mistake
	world
	while IFS='|' read -r arguments mistake; do
		read -ra row <<<"$arguments"
		check "${row[@]}" "${latest[@]}" --report json=r.json --junit r.xml --record run.ndjson
		[ "$status" = 2 ]
		[[ $stderr == *"$mistake"* ]]
		[ -z "$output" ]
		grep -q '"verdict": null' r.json
		grep -q 'errors="1"' r.xml
		[ "$(sim_requests /deployments)" = 0 ]
		run -2 "$CHAINGATE" replay run.ndjson
	done <<-'END'
		--chain x*|--chain: no chain's name matches 'x*'; the key can see 'rag-a', 'rag-b', 'twin', 'voice'
		--chain rag-a --chain RAG-*|--chain: no chain's name matches 'RAG-*'
		--chain rag-a --chain nope --shard 1/2|no chain has the id or name 'nope', so it is in no shard
		--chain rag-a --chain twin --shard 1/2|2 chains are called 'twin', so no shard is theirs
	END
	printf '%s\n' 'chains: []' 'deployments: []' >world.yaml
	check --all-chains "${latest[@]}"
	[ "$status" = 2 ]
	[[ $stderr == *"--all-chains: no chain's name matches '*'; the key can see no chains"* ]]
}

@test "what can't be meant for several chains is refused without a request" {
	local arguments mistake
	world
	printf '%s\n' 'version: 1' 'baseline: {chain: voice, environment: production}' 'rules: [all chainlets ACTIVE]' >policy.yaml
	while IFS='|' read -r arguments mistake; do
		read -ra row <<<"$arguments"
		check "${row[@]}"
		[ "$status" = 2 ]
		[[ $stderr == *"$mistake"* ]]
		[ "$(sim_requests)" = 0 ]
	done <<-'END'
		--chain rag-* --deployment d1|the deployment 'd1' is in one chain, but several chains are to be watched
		--chain rag-a --chain rag-b --deployment d1|the deployment 'd1' is in one chain
		--all-chains --environment staging --expect-deployment d1|the expected deployment 'd1' is in one chain
		--all-chains --chain voice --latest --since any|--chain and --all-chains exclude each other
		policy.yaml --all-chains --environment staging --since any|the baseline names the chain 'voice'
		policy.yaml --chain rag-a --chain rag-b --environment staging --since any|the baseline names the chain 'voice'
		--chain rag-[ --latest --since any|the chain 'rag-[' cannot be read as a glob
		--chain rag-[ --latest --since any|write [[] for a bracket that is part of the name
		--chain rag-a --latest --since any --shard 1/2|--shard needs several chains
		--all-chains --latest --since any --shard 3/2|--shard cannot be '3/2'
		--all-chains --latest --since any --shard 0/2|--shard cannot be '0/2'
	END
	# A shard left in the environment must not turn another gate into one of nothing.
	CHAINGATE_SHARD=1/2 check --all-chains "${latest[@]}"
	[ "$status" = 2 ]
	[[ $stderr == *"'CHAINGATE_SHARD' is set, but --shard has no variable"* ]]
}

@test "a policy's glob that can't be one is refused by lint, with its place" {
	printf '%s\n' 'version: 1' 'targets:' \
		'  - {name: a, chain: "rag-[", latest: true, since: any}' \
		'  - {name: b, chain: "rag-*", deployment: x}' \
		'  - {name: c, chain: "rag-*", latest: true, since: any, baseline: {chain: rag-a, latest: true}}' \
		'  - {name: d, chain: "rag-*", environment: s, expect_deployment: x}' \
		'  - {name: e, chain: rag, latest: true, since: any, baseline: {chain: "x*", latest: true}}' \
		'rules: [all chainlets ACTIVE]' >policy.yaml
	run -2 "$CHAINGATE_VIRTUAL" lint policy.yaml
	[[ $output == *"policy.yaml:3:22: error: 'chain' cannot be read as a glob: the bracket is not closed"* ]]
	[[ $output == *"policy.yaml:4:43: error: 'deployment' is in one chain, but 'chain' is a glob"* ]]
	[[ $output == *"policy.yaml:5:5: error: 'chain' is a glob, but the baseline names the chain 'rag-a'"* ]]
	[[ $output == *"policy.yaml:6:66: error: 'expect_deployment' is in one chain, but 'chain' is a glob"* ]]
	[[ $output == *"policy.yaml:7:"*": error: a baseline is one deployment, so its 'chain' cannot be a glob"* ]]
	[[ $output == *"5 errors"* ]]
}

@test "a list of chains that doesn't come, isn't whole or isn't allowed ends as any list does" {
	local fault expected
	while IFS='|' read -r fault expected; do
		world "faults: [{at: 0s, path: /v1/chains, $fault}]"
		check --all-chains "${latest[@]}" --report json=r.json --junit r.xml --record run.ndjson
		[ "$status" = 5 ]
		[[ $output == *"$expected"* ]]
		[ "$(sim_requests /deployments)" = 0 ]
		grep -q '"verdict": "unreachable"' r.json
		run -5 "$CHAINGATE" replay run.ndjson --report json=r2.json
		diff <(without_clock r.json) <(without_clock r2.json)
	done <<-'END'
		http: 401|the API refused the key
		http: 503|no answer
		http: 302|
		http: 206|sent only a page
		body: garbage|
		body: silence|
	END
	world 'faults: [{at: 0s, path: /v1/chains, http: 206}]'
	check --all-chains "${latest[@]}" --shard 1/2
	[ "$status" = 5 ]
}

@test "the list of chains is retried, and what came before it is in no report" {
	world 'faults: [{at: 0s, for: 40s, path: /v1/chains, http: 503}]'
	check --all-chains "${latest[@]}" --report json=r.json --record run.ndjson
	[ "$status" = 0 ]
	[[ $stderr == *"api  503"* ]]
	run -0 "$CHAINGATE" replay run.ndjson --report json=r2.json
	diff <(without_clock r.json) <(without_clock r2.json)
	# One deadline for everything.
	check --all-chains "${latest[@]}" --timeout 35s
	[ "$status" = 5 ]
	VIRTUAL_EVENTS='20s signal TERM' check --all-chains "${latest[@]}" --report json=r.json
	[ "$status" = 143 ]
	grep -q '"verdict": "interrupted"' r.json
	check --all-chains "${latest[@]}" --timeout 0s
	[ "$status" = 5 ]
}

@test "a baseline by the id of a deployment is refused for several chains" {
	local arguments
	world
	printf '%s\n' 'version: 1' 'baseline: {deployment: d1}' 'rules: [{assert: all chainlets min_replica >= baseline.min_replica, if_missing: skip}]' >policy.yaml
	while read -ra arguments; do
		check policy.yaml "${arguments[@]}" "${latest[@]}"
		[ "$status" = 2 ]
		[[ $stderr == *"the baseline's deployment 'd1' is in one chain, but several chains are to be watched"* ]]
		[ "$(sim_requests)" = 0 ]
	done <<-'END'
		--all-chains
		--chain rag-*
		--chain rag-a --chain rag-b
		--all-chains --shard 1/2
	END
	check policy.yaml --all-chains "${latest[@]}" --baseline-environment staging
	[ "$status" != 2 ]
	printf '%s\n' 'version: 1' 'target: {chain: "rag-*", latest: true, since: any}' 'baseline: {deployment: d1}' \
		'rules: [all chainlets min_replica >= baseline.min_replica]' >policy.yaml
	run -2 "$CHAINGATE_VIRTUAL" lint policy.yaml
	[[ $output == *"'chain' is a glob, but the baseline's deployment 'd1' is in one chain"* ]]
}

@test "a bracket in a name is written as the error says" {
	printf '%s\n' 'chains: [{id: c1, name: "a[b"}, {id: c2, name: "a[c"}]' 'deployments:' \
		"  - {id: d1, chain: c1, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}" \
		"  - {id: d2, chain: c2, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}" >world.yaml
	start_world world.yaml
	check --chain 'a[[]b' "${latest[@]}" --report json=r.json
	[ "$status" = 0 ]
	[ "$(targets)" = "a[b/latest " ]
	check --chain 'a[[]*' "${latest[@]}" --report json=r.json
	[ "$(targets)" = "a[b/latest a[c/latest " ]
	printf '%s\n' 'version: 1' 'target: {chain: "a[b", latest: true, since: any}' 'rules: [all chainlets ACTIVE]' >policy.yaml
	run -2 "$CHAINGATE_VIRTUAL" lint policy.yaml
	[[ $output == *"write [[] for a bracket that is part of the name"* ]]
}

@test "no two targets of a run have one name" {
	world
	printf '%s\n' 'version: 1' 'targets:' '  - {name: a, chain: "rag-*", latest: true, since: any}' \
		'  - {name: a/rag-a, chain: voice, latest: true, since: any}' '  - {name: ab/x, chain: voice, latest: true, since: any}' \
		'rules: [all chainlets ACTIVE]' >policy.yaml
	run -2 "$CHAINGATE_VIRTUAL" lint policy.yaml
	[[ $output == *"policy.yaml:4:5: error: a chain of the target 'a' could be called 'a/rag-a', too"*"1 error"* ]]
	# A name that is like another chain's name with its id.
	sed -i 's/name: voice/name: "twin (c4)"/' world.yaml
	start_world world.yaml
	check --all-chains "${latest[@]}"
	[ "$status" = 2 ]
	[[ $stderr == *"two targets would be called 'twin (c4)/latest'"* ]]
	check --chain 'twin (*' --chain 'rag-*' "${latest[@]}"
	[ "$status" = 0 ]
}
