#!/usr/bin/env bats
# followed.bats - who does what a hint says gets no other mistake: each line has a wrong command line, its hint, and a command line that follows it. In virtual time.

load set_up
load virtual
load fleets

# follow: of lines WRONG|HINT|RIGHT.
follow() {
	local wrong hint right row
	while IFS='|' read -r wrong hint right; do
		read -ra row <<<"$wrong"
		check "${row[@]}"
		[ "$status" = 2 ]
		[[ $stderr == *"  = help: $hint"* ]] || { echo "no hint: $hint"; return 1; }
		[ "$(grep -c '  = help: ' <<<"$stderr")" = 1 ] || { echo "several hints: $wrong"; return 1; }
		read -ra row <<<"$right"
		VIRTUAL_START=2026-08-14T08:10:00Z check "${row[@]}" --timeout 2m
		[ "$status" = 0 ] || { echo "not possible: $right"; return 1; }
	done
}

@test "the hints about what to select" {
	world
	follow <<-'END'
		--deployment https://chain-c1-staging.api.baseten.co/environments/staging/run_remote|give --chain c1 --environment staging --since 10m|--chain c1 --environment staging --since 10m
		--chain c1 --deployment https://chain-c1-staging.api.baseten.co/environments/staging/run_remote|give --environment staging --since 10m|--chain c1 --environment staging --since 10m
		--deployment https://app.baseten.co/chains/c1/overview|give --chain c1 and --deployment ID, --latest --since 10m, …|--chain c1 --latest --since 10m
		--chain rag-a --deployment https://app.baseten.co/chains/c1/overview|give --deployment ID, --latest --since 10m, …|--chain rag-a --deployment d1
		--chain c1 --environment staging --since any --expect-deployment https://app.baseten.co/chains/c1/overview|give the deployment's id: --expect-deployment ID|--chain c1 --environment staging --since any --expect-deployment d1
		--chain c1 --environment staging --since any --expect-deployment https://chain-c1-staging.api.baseten.co/environments/staging/run_remote|give the deployment's id: --expect-deployment ID|--chain c1 --environment staging --since any --expect-deployment d1
		--chain c1 --environment staging --since any --expect-deployment https://example.com/d1|write https://app.baseten.co/chains/CHAIN/logs/DEPLOYMENT, or --expect-deployment ID|--chain c1 --environment staging --since any --expect-deployment https://app.baseten.co/chains/c1/logs/d1
		--chain c1|give --deployment ID; or --environment NAME, --latest or --all-deployments with --since 10m; or one|--chain c1 --all-deployments --since 10m
		--chain c1 --latest|give --since 10m for deployments created in the last ten minutes; or a time; or any|--chain c1 --latest --since any
		--chain https://app.baseten.co/chains/c1/logs/d1 --latest --since any|to select it, give --deployment d1 and no other selection; for the chain alone --chain c1|--chain c1 --deployment d1
		--chain https://app.baseten.co/chains/c1/logs/d1 --latest --since any|to select it, give --deployment d1 and no other selection; for the chain alone --chain c1|--chain c1 --latest --since any
		--chain c1 --latest --since any --role current|leave --role out, or give --environment NAME instead of the other selection|--chain c1 --environment staging --role current --since any
		--chain c1 --latest --since any --expect-deployment d1|give --environment NAME instead of the other selection, or leave --expect-deployment out|--chain c1 --environment staging --since any --expect-deployment d1
		--chain c1 --environment staging --role candidate --since any --expect-deployment d1|give --environment NAME, without another --role than current|--chain c1 --environment staging --since any --expect-deployment d1
	END
}

@test "the hints about several chains" {
	world
	follow <<-'END'
		--chain rag-* --deployment d1|give one chain by its id or name; or, for several, --environment NAME or --latest with --since 10m|--chain rag-* --latest --since 10m
		--chain rag-* --deployment d1|give one chain by its id or name; or, for several, --environment NAME or --latest with --since 10m|--chain rag-a --deployment d1
		--all-chains --environment staging --since any --expect-deployment d1|give one chain by its id or name, or leave --expect-deployment out|--chain rag-a --environment staging --since any --expect-deployment d1
		--chain rag-* --environment staging --since any --expect-deployment d1|give one chain by its id or name, or leave --expect-deployment out|--chain rag-* --environment staging --since any
		--chain voice --all-chains --latest --since any|leave out one of them|--all-chains --latest --since any
		--chain rag-a --latest --since any --shard 1/2|give --chain several times or as a glob, or --all-chains; or leave --shard out|--all-chains --latest --since any --shard 1/2
		--chain voice[ --deployment d3|write [[] for a bracket that is part of the name, or give the chain's id|--chain c3 --deployment d3
		--all-chains --latest --since any --shard 0/2|write the part's number and how many there are, up to 1000: --shard 1/3, or counted from 0: --shard index:0/3|--all-chains --latest --since any --shard index:0/2
	END
}

@test "the hints of a policy's target" {
	local wrong hint right
	while IFS='|' read -r wrong hint right; do
		printf '%s\n' 'version: 1' "target: $wrong" 'rules: [all chainlets ACTIVE]' >policy.yaml
		run -2 "$CHAINGATE_VIRTUAL" lint policy.yaml
		[[ $output == *"= help: $hint"*"1 error"* ]] || { show; echo "$hint"; return 1; }
		printf '%s\n' 'version: 1' "target: $right" 'rules: [all chainlets ACTIVE]' >policy.yaml
		run -0 "$CHAINGATE_VIRTUAL" lint policy.yaml
	done <<-'END'
		{environment: "https://chain-c1-staging.api.baseten.co/environments/staging/run_remote", since: any}|write chain: c1 and environment: staging|{chain: c1, environment: staging, since: any}
		{chain: c1, environment: "https://chain-c1-staging.api.baseten.co/environments/staging/run_remote", since: any}|write environment: staging|{chain: c1, environment: staging, since: any}
		{chain: "rag-*", deployment: d1}|give the chain by its id or name, or select by environment or latest, with 'since'|{chain: "rag-*", latest: true, since: 10m}
		{chain: "rag-*", environment: s, since: any, expect_deployment: d1}|give the chain by its id or name, or leave 'expect_deployment' out|{chain: "rag-*", environment: s, since: any}
		{chain: "rag[", deployment: d1}|write [[] for a bracket that is part of the name, or give the chain's id|{chain: c1, deployment: d1}
		{chain: "https://app.baseten.co/chains/c1/logs/d1", latest: true, since: any}|to select it, write deployment: d1 and no other selection; for the chain alone chain: c1|{chain: c1, deployment: d1}
	END
}

@test "a glob that is another chain's whole name is refused, with what to write" {
	local name glob id
	{
		echo 'chains: [{id: c1, name: "a[b]"}, {id: c2, name: ab}, {id: c3, name: "w?[!x]"}, {id: c4, name: "[a]*"}, {id: c5, name: "q\\*[z]"}]'
		echo 'deployments:'
		for id in 1 2 3 4 5; do echo "  - {id: d$id, chain: c$id, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}"; done
	} >world.yaml
	start_world world.yaml
	while IFS='|' read -r name glob id; do
		check --chain "$name" "${latest[@]}"
		[ "$status" = 2 ]
		[[ $stderr == *"--chain: '"*"' is read as a glob, which doesn't match the chain of exactly this name"* ]]
		[[ $stderr == *"  = help: write '$glob', or give the chain's id: $id"* ]]
		[ "$(sim_requests /deployments)" = 0 ]
		check --chain "$glob" "${latest[@]}" --report json=r.json
		[ "$status" = 0 ]
		[ "$(jq -r ".targets[].name" r.json)" = "$name/latest" ]
		check --chain "$id" "${latest[@]}"
		[ "$status" = 0 ]
	done <<-'END'
		a[b]|a[[]b]|c1
		w?[!x]|w[?][[]!x]|c3
		[a]*|[[]a][*]|c4
		q\*[z]|q\\[*][[]z]|c5
	END
	# A glob that matches its own text, too, is a glob.
	check --chain 'a*' "${latest[@]}"
	[ "$status" = 0 ]
}
