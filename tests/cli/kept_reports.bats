#!/usr/bin/env bats
# kept_reports.bats - what a run of several chains leaves for the next one: reports, variables, recordings. In virtual time.

load set_up
load virtual
load fleets

@test "a run that is killed while it waits for the list of chains leaves no report of a run before" {
	world 'faults: [{at: 0s, path: /v1/chains, body: silence}]'
	echo '"verdict": "passed"' | tee r.json >r.xml
	VIRTUAL_EVENTS='20s signal KILL' check --all-chains "${latest[@]}" --report json=r.json --junit r.xml --report 'tap=out/{target}.tap'
	[ "$status" = 137 ]
	grep -q '"verdict": null' r.json
	grep -q NotFinished r.xml
	[ ! -e out ]
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
