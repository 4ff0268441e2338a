#!/usr/bin/env bats
# fleets.bats - several chains in one run: --chain repeated, globs, --all-chains, --shard. In virtual time.

load set_up
load virtual

one='{name: A, status: ACTIVE}'

# world [LINE…]: five chains, two with one name, each with a deployment that is up; and more lines.
world() {
	printf '%s\n' 'chains:' '  - {id: c2, name: rag-b}' '  - {id: c1, name: rag-a}' '  - {id: c3, name: voice}' \
		'  - {id: c5, name: twin, team: y}' '  - {id: c4, name: twin, team: x}' 'deployments:' \
		"  - {id: d1, chain: c1, created_at: \"2026-08-14T08:05:00Z\", environment: staging, chainlets: [$one]}" \
		"  - {id: d2, chain: c2, created_at: \"2026-08-14T08:05:00Z\", environment: staging, chainlets: [$one]}" \
		"  - {id: d3, chain: c3, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}" \
		"  - {id: d4, chain: c4, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}" \
		"  - {id: d5, chain: c5, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}" "$@" >world.yaml
	start_world world.yaml
}

latest=(--latest --since any)

check() {
	: >"$SIM_LOG"
	run --separate-stderr "$CHAINGATE" check "$@" </dev/null
	show
}

# targets: the names of the targets in r.json.
targets() {
	sed -n 's/^      "name": "\(.*\)",$/\1/p' r.json | tr '\n' ' '
}

without_clock() {
	grep -v '"took_s"' "$1"
}

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

@test "a run that is killed while it waits for the list of chains leaves no report of a run before" {
	world 'faults: [{at: 0s, path: /v1/chains, body: silence}]'
	echo '"verdict": "passed"' | tee r.json >r.xml
	VIRTUAL_EVENTS='20s signal KILL' check --all-chains "${latest[@]}" --report json=r.json --junit r.xml --report 'tap=out/{target}.tap'
	[ "$status" = 137 ]
	grep -q '"verdict": null' r.json
	grep -q NotFinished r.xml
	[ ! -e out ]
}

@test "the shards together judge each chain once; their reports say which part and of what" {
	local i sum all=''
	world
	for i in 1 2 3; do
		check --all-chains "${latest[@]}" --shard "$i/3" --report json=r.json --record run.ndjson
		[ "$status" = 0 ]
		all+=$(targets)
		grep -q "\"shard\": $i," r.json
		grep -q '"targets": 5,' r.json
		sum=$(grep '"sha256": "[0-9a-f]*"' r.json | head -n 2 | tail -n 1)
		echo "$sum" >>sums
		run -0 "$CHAINGATE" replay run.ndjson --report json=r2.json
		diff <(without_clock r.json) <(without_clock r2.json)
	done
	[ "$(tr ' ' '\n' <<<"$all" | sort | tr '\n' ' ')" = " (c4)/latest (c5)/latest rag-a/latest rag-b/latest twin twin voice/latest " ]
	[ "$(sort -u sums | wc -l)" = 1 ]
}

@test "a shard without a chain ends with 0 and says so, but no report of it says passed" {
	local format
	world
	for format in json junit junit-strict tap markdown html env intoto github gitlab; do
		arguments+=(--report "$format=e.$format")
	done
	GITHUB_OUTPUT=outputs check --chain 'rag-*' --chain voice "${latest[@]}" --shard 2/9 "${arguments[@]}" --record run.ndjson
	[ "$status" = 0 ]
	[ -z "$output" ]
	[ "$stderr" = "chaingate check: nothing to judge: shard 2/9 has none of the 3 chains, they are in other shards" ]
	[ "$(sim_requests)" = 1 ]
	grep -q '<h1>nothing to judge</h1>' e.html
	rm e.html # its style sheet has the word
	run ! grep -il passed e.*
	grep -q '"verdict": null' e.json
	grep -q '"exit": 0' e.json
	grep -q 'tests="1" failures="0" errors="0" skipped="1"' e.junit
	grep -q '# SKIP' e.tap
	grep -q '^CHAINGATE_VERDICT=empty$' e.env
	grep -q '"result": "FAILED"' e.intoto
	grep -q '^::notice ' e.github
	grep -q '^verdict=empty$' outputs
	run -0 "$CHAINGATE" replay run.ndjson --report json=r2.json
	[ "$output" = "chaingate replay: nothing to judge: shard 2/9 has none of the 3 chains, they are in other shards" ]
	diff <(without_clock e.json) <(without_clock r2.json)
	mkdir runs
	cp run.ndjson runs
	run -0 "$CHAINGATE" replay runs
	[[ $output == *"none         none         runs/run.ndjson"*"1 recordings, 0 with another verdict"* ]]
	# A report that can't be written is still one.
	check --chain 'rag-*' --chain voice "${latest[@]}" --shard 2/9 --junit /dev/full
	[ "$status" = 6 ]
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

@test "a shard of a recording without a list of chains is refused" {
	world
	printf '%s\n' 'version: 1' 'targets:' '  - {name: a, chain: rag-a, latest: true, since: any}' '  - {name: b, chain: rag-b, latest: true, since: any}' \
		'rules: [all chainlets ACTIVE]' >policy.yaml
	check policy.yaml --record run.ndjson
	[ "$status" = 0 ]
	run -0 "$CHAINGATE" replay run.ndjson
	run -2 "$CHAINGATE" replay run.ndjson --shard 1/2
	[[ $output == *"'run.ndjson' has no list of chains, so it has no shards"* ]]
}

@test "a recording with a spoilt list of chains is refused" {
	local spoilt
	world
	check --all-chains "${latest[@]}" --record run.ndjson
	[ "$status" = 0 ]
	for spoilt in 's/"listed":/"lost":/' 's/\["c1","rag-a"\]/["c1"]/' 's/\["c1","rag-a"\]/7/' '/"kind":"chains"/s/"chains":\[/"gone":[/' \
		'/"kind":"chains"/s/"at":[0-9.]*,//' '/"kind":"chains"/p'; do
		sed "$spoilt" run.ndjson >bad.ndjson
		run -2 "$CHAINGATE" replay bad.ndjson
		[[ $output == *"'bad.ndjson' is not a recording: line "* ]]
	done
	# Without the line nobody knows which chains there were.
	sed '/"kind":"chains"/d' run.ndjson >bad.ndjson
	run -4 "$CHAINGATE" replay bad.ndjson
	run -0 "$CHAINGATE" replay run.ndjson --chain voice
	run -2 "$CHAINGATE" replay run.ndjson --chain 'x*'
}

@test "variables of a gate of many chains, loaded for the next one, don't make it a gate of one chain" {
	local arguments
	world
	printf '%s\n' 'version: 1' 'target: {chain: "rag-*", latest: true, since: any}' 'rules: [all chainlets ACTIVE]' >policy.yaml
	while read -ra arguments; do
		check "${arguments[@]}" "${latest[@]}" --report env=gate.env
		[ "$status" = 0 ]
		grep -q '^CHAINGATE_VERDICT=passed$' gate.env
		grep -q '^CHAINGATE_CHAIN=$' gate.env
		grep -q '^CHAINGATE_DEPLOYMENT=$' gate.env
	done <<-'END'
		--chain voi*
		--chain voice --chain c3
		--all-chains --shard 1/3
		--chain rag-*
	END
	check --chain voice "${latest[@]}" --report env=gate.env
	grep -q '^CHAINGATE_CHAIN=c3$' gate.env
	# A variable that replaces the policy's glob is refused, whatever wrote it.
	for CHAINGATE_CHAIN in c1 rag-a 'rag-a*'; do
		export CHAINGATE_CHAIN
		check policy.yaml --report json=r.json
		[ "$status" = 2 ]
		[[ $stderr == *"CHAINGATE_CHAIN is '$CHAINGATE_CHAIN', but the policy's chain is the glob 'rag-*'"* ]]
		[ "$(sim_requests)" = 0 ]
	done
	check policy.yaml --chain voice --report json=r.json # the command line overrides both
	[ "$status" = 0 ]
	[ "$(targets)" = "voice/latest " ]
	CHAINGATE_CHAIN='rag-*' check policy.yaml --report json=r.json
	[ "$status" = 0 ]
	[ "$(targets)" = "rag-a/latest rag-b/latest " ]
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

@test "an incomplete recording of an empty shard is told, as of any other run" {
	world
	check --chain 'rag-*' --chain voice "${latest[@]}" --shard 2/9 --record /dev/full
	[ "$status" = 6 ]
	[[ $stderr == *"the recording is incomplete"* ]]
	check --chain 'rag-*' "${latest[@]}" --record /dev/full
	[ "$status" = 6 ]
	check --chain 'x*' "${latest[@]}" --record /dev/full
	[ "$status" = 2 ]
}

@test "a run that is killed while it waits for the list of chains leaves no older report of a chain that it names" {
	local name
	world 'faults: [{at: 0s, path: /v1/chains, body: silence}]'
	mkdir out
	for name in rag-a-latest rag-b-latest voice-latest; do
		echo '"verdict": "passed"' >"out/$name.json"
	done
	VIRTUAL_EVENTS='20s signal KILL' check --chain rag-a --chain rag-b "${latest[@]}" --report 'json=out/{target}.json'
	[ "$status" = 137 ]
	grep -q '"verdict": null' out/rag-a-latest.json
	grep -q '"verdict": null' out/rag-b-latest.json
	# The chains of a glob or a shard aren't known yet: another shard may write there.
	VIRTUAL_EVENTS='20s signal KILL' check --chain voice --chain 'rag-*' "${latest[@]}" --shard 1/2 --report 'json=out/{target}.json'
	[ "$status" = 137 ]
	grep -q passed out/voice-latest.json
	[ "$(ls out | wc -l)" = 3 ]
}

@test "the reports of targets whose list of chains can't be read have their names, and a glob is not-listed" {
	local arguments expected
	while IFS='|' read -r arguments expected; do
		world 'faults: [{at: 0s, path: /v1/chains, http: 503}]'
		rm -rf out
		read -ra arguments <<<"$arguments"
		check "${arguments[@]}" "${latest[@]}" --timeout 1m --report 'json=out/{target}.json'
		[ "$status" = 5 ]
		[ "$(cd out && echo *)" = "$expected" ]
		[ "$(grep -l '"verdict": "unreachable"' out/* | wc -l)" = "$(wc -w <<<"$expected")" ]
	done <<-'END'
		--all-chains|not-listed.json
		--chain rag-* --chain tw*|not-listed-2.json not-listed.json
		--chain voice --chain rag-*|not-listed.json voice-latest.json
		--chain rag-a --chain rag-b|rag-a-latest.json rag-b-latest.json
	END
	# A chain that is named twice has one report, and a shard without a chain has none of a target.
	world
	rm -rf out
	check --chain rag-a --chain c1 --chain 'rag-*' "${latest[@]}" --report 'json=out/{target}.json' --report 'tap=out/{target}'
	[ "$status" = 0 ]
	[ "$(cd out && echo *)" = 'rag-a-latest rag-a-latest.json rag-b-latest rag-b-latest.json' ]
	rm -rf out
	check --chain rag-a --chain rag-b --chain voice "${latest[@]}" --shard 2/9 --report 'json=out/{target}.json'
	[ "$status" = 0 ]
	[ "$(cd out && echo *)" = none.json ]
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

@test "a run of more chains than one run watches is refused, and divided by --shard" {
	local i
	{
		echo 'chains:'
		for ((i = 1000; i <= 2000; i++)); do echo "  - {id: c$i, name: n$i}"; done
		echo 'deployments: []'
	} >world.yaml
	start_world world.yaml
	check --all-chains "${latest[@]}" --timeout 0s
	[ "$status" = 2 ]
	[[ $stderr == *"1001 chains are to be watched, but one run watches at most 1000"*"--shard 1/3 to --shard 3/3, then chaingate merge"* ]]
	[ "$(sim_requests /deployments)" = 0 ]
	check --all-chains "${latest[@]}" --timeout 0s --shard 1/3
	[ "$status" != 2 ]
	check --chain 'n1*' "${latest[@]}" --timeout 0s --print-config
	[ "$status" = 0 ]
}
