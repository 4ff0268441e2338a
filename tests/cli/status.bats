#!/usr/bin/env bats
# status.bats - `chaingate status`: the API's list for a chain, once.

load set_up
file_world=single.yaml

setup() {
	set_up
	export BASETEN_API_URL=$SIM_URL
}

status() {
	run --separate-stderr "$CHAINGATE" status "$@"
	show
}

@test "a table of deployments and chainlets" {
	status --chain rag
	[ "$status" = 0 ]
	[[ $output == *q86yjdy* && $output == *Retriever* && $output == *ACTIVE* ]]
	[ -z "$stderr" ]
	local by_name=$output
	status --chain 232p81ql
	[ "$status" = 0 ]
	[ "${#output}" = "${#by_name}" ]
	status --chain https://app.baseten.co/chains/232p81ql/overview
	[ "$status" = 0 ]
}

@test "selections don't need since" {
	status --chain rag --environment staging
	[ "$status" = 0 ]
	status --chain rag --latest
	[ "$status" = 0 ]
	status --chain rag --deployment nobody
	[ "$status" = 5 ]
	[ -z "$output" ]
	[[ $stderr == "chaingate status: nothing is selected: the chain's only deployment is 'q86yjdy' (in 'staging', ACTIVE, "*" old)" ]]
	status --chain rag --latest --since 2200-01-01T00:00:00Z
	[ "$status" = 5 ]
	[[ $stderr == *"left out by 'since'"* ]]
}

@test "an unknown chain, a wrong key or an unreachable server ends with exit code 5" {
	status --chain rog
	[ "$status" = 5 ]
	[[ $stderr == *"no chain has the id or name 'rog'; the key can see 'rag'"* ]]
	BASETEN_API_KEY=canary status --chain rag
	[ "$status" = 5 ]
	[[ $stderr == *"HTTP 40"*"= help: Check the key, "* && $stderr != *canary* ]]
	on_the_wire
	local url=$SIM_URL
	stop_sim
	status --chain rag --api-url "$url"
	[ "$status" = 5 ]
	[[ $stderr == "chaingate status: could not read the deployments: "*"= help: Check --api-url, the network "* ]]
}

@test "status --whoami" {
	run --separate-stderr "$CHAINGATE" status --whoami
	[ "$status" = 0 ]
	[ "$output" = "user       sim-user
name       Simulated User
email      user@sim.invalid
workspace  simulated" ]
	BASETEN_API_KEY=canary run --separate-stderr "$CHAINGATE" status --whoami
	[ "$status" = 5 ]
	[[ $stderr == "chaingate status: could not read the owner of the key: HTTP 401"* && $stderr != *canary* ]]
	run --separate-stderr "$CHAINGATE" status --whoami --chain rag
	[ "$status" = 2 ]
	[[ $stderr == *"--whoami is about the key, not about a chain or model: leave out --chain"* ]]
	# Variables for other commands cause no conflict.
	CHAINGATE_CHAIN=rag CHAINGATE_INTERVAL=5s run --separate-stderr "$CHAINGATE" status --whoami
	[ "$status" = 0 ]
	CHAINGATE_INTERVAL=5s run --separate-stderr "$CHAINGATE" status --chain rag
	[ "$status" = 0 ]
	run --separate-stderr "$CHAINGATE" status --chain rag --interval 5s
	[ "$status" = 2 ]
	[ "$stderr" = "chaingate status: --interval is only for --watch" ]
	local option
	for option in --whoami --models; do
		CHAINGATE_INTERVAL=5s run --separate-stderr "$CHAINGATE" status "$option"
		[ "$status" = 0 ]
		run --separate-stderr "$CHAINGATE" status "$option" --interval 5s
		[ "$status" = 2 ]
		[ "$stderr" = "chaingate status: --interval is only for --watch" ]
	done
}

@test "without a chain, the chains are listed" {
	status
	[ "$status" = 0 ]
	[ "${lines[0]}" = "NAME  ID        TEAM  DEPLOYMENTS" ]
	[ "${lines[1]}" = "rag   232p81ql  ml    1" ]
	[ -z "$stderr" ]
	status --format json
	[ "$status" = 0 ]
	[[ $output == *'"chains": ['*'"id": "232p81ql"'*'"name": "rag"'*'"team_name"'*'"created_at"'*'"deployments_count": 1'* ]]
	local option
	for option in --latest --all-deployments --watch "--deployment=d" "--environment=e" "--since=any"; do
		status "$option"
		[ "$status" = 2 ]
		[[ $stderr == *"no chain or model is given: add --chain NAME or --model NAME, or leave out ${option%%=*}"* ]]
	done
}

@test "JSON has the fields of the API, and is a body that eval reads" {
	status --chain rag --format json
	[ "$status" = 0 ]
	[[ $output == *'"chain_id": "232p81ql"'*'"chain_name": "rag"'*'"deployments": ['*'"active_replica_count"'*'"autoscaling_settings"'* ]]
	run --separate-stderr "$CHAINGATE" eval 'all chainlets ACTIVE' --body - <<<"$output"
	[ "$status" = 0 ]
	status --chain rag --format json --deployment nobody
	[ "$status" = 5 ]
	[[ $output == *'"deployments": ['*']'* ]]
}

@test "the body is saved as it was sent, without the key" {
	status --chain rag --body new/body.json
	[ "$status" = 0 ]
	[[ $output == *q86yjdy* ]]
	[[ $(<new/body.json) == *'"deployments"'*q86yjdy* ]]
	run --separate-stderr "$CHAINGATE" eval 'all chainlets ACTIVE' --body new/body.json
	[ "$status" = 0 ]
	status --chain rag --body -
	[ "$status" = 0 ]
	[ "$output" = "$(<new/body.json)" ]
	status --body chains.json
	[[ $(<chains.json) == *'"chains"'* ]]
	status --chain rag --body /dev/full
	[ "$status" = 6 ]
	[[ $stderr == *"could not save the body in '/dev/full': No space left on device"* ]]
	status --chain rag --body '~/body.json'
	[ "$status" = 2 ]
}

@test "a body that is refused is saved all the same, and the error says why" {
	local chain words body
	local -A bodies=(
		[more]='{"deployments":[],"has_more":true}'
		[total]='{"deployments":[],"total":{"value":57,"relation":"eq"}}'
		[cut]='{"deployments":['
		[other]='{"models":[]}'
		[nulled]='{"deployments":null}'
		[page]='<h1>Login</h1>'
	)
	local -A whys=(
		[more]="only a page: the API sent only a page of the list, and this version reads no pages: the member 'has_more' is 'true'"
		[total]="the member 'total.value' is '57', and the list has 0"
		[cut]="malformed body: the body "
		[other]="malformed body: deployments: is missing"
		[nulled]="malformed body: deployments: "
		[page]="malformed body: the body is not JSON"
	)
	{
		printf '%s\n' 'api_key: simulator-key' 'chains:'
		for chain in "${!bodies[@]}"; do echo "  - {id: $chain-id, name: $chain}"; done
		printf '%s\n' '  - {id: down-id, name: down}' 'deployments: []' 'faults:'
		for chain in "${!bodies[@]}"; do echo "  - {at: 0s, path: /$chain-id/deployments, http: 200, text: '${bodies[$chain]}'}"; done
		echo '  - {at: 0s, path: /down-id/deployments, http: 500, text: "out of order"}'
	} >world.yaml
	start_world "$PWD/world.yaml"
	for chain in "${!bodies[@]}"; do
		status --chain "$chain" --body "$chain.json"
		[ "$status" = 5 ]
		[ -z "$output" ]
		[[ $stderr == "chaingate status: the answer's body is in '$chain.json'"$'\n'"chaingate status: could not read the deployments: "*"${whys[$chain]}"* ]]
		[ "$(<"$chain.json")" = "${bodies[$chain]}" ]
		status --chain "$chain" --body -
		[ "$status" = 5 ]
		[ "$output" = "${bodies[$chain]}" ]
		[[ $stderr == "chaingate status: could not read the deployments: "*"${whys[$chain]}"* ]]
	done
	status --chain down --body down.txt
	[ "$status" = 5 ]
	[ "$(<down.txt)" = "out of order" ]
	# a place that can't be written is a second error
	status --chain more --body /dev/full
	[ "$status" = 5 ]
	[[ $stderr == *"could not save the body in '/dev/full'"*"could not read the deployments: only a page"* ]]
	# the list of chains, if it is the refused one; but not if the chain just isn't in it
	status --chain nobody --body nobody.json
	[ "$status" = 5 ]
	[ ! -e nobody.json ]
	sed -i '/^faults:/,$d' world.yaml
	printf '%s\n' faults: "  - {at: 0s, path: /v1/chains, http: 200, text: '{\"chains\":[],\"total\":[7]}'}" >>world.yaml
	start_world "$PWD/world.yaml"
	for chain in "" "--chain more"; do
		# shellcheck disable=SC2086 # two arguments or none
		status $chain --body chains.json
		[ "$status" = 5 ]
		[ "$(<chains.json)" = '{"chains":[],"total":[7]}' ]
		[[ $stderr == *"the member 'total' is '7', and the list has 0"* ]]
		rm chains.json
	done
}

@test "options that contradict each other are refused" {
	local words
	while IFS='|' read -r arguments words; do
		# shellcheck disable=SC2086 # several arguments
		status $arguments
		[ "$status" = 2 ]
		[[ $stderr == *"$words"* ]]
	done <<-'END'
		--chain rag --watch --format json|--watch prints a table repeatedly: leave out --format
		--chain rag --watch --body x.json|--watch prints a table repeatedly: leave out --body
		--whoami --format json|--whoami is about the key, not about a chain or model: leave out --format
		--chain rag --format json --body -|--body - and --format json both want stdout
	END
}

@test "the key in a body is masked, and a CI system's commands are escaped on stdout" {
		sed '/^faults:/,$d' "$BATS_TEST_DIRNAME/scenarios/steady.yaml" >world.yaml
	printf '%s\n' faults: "  - {at: 0s, path: /deployments, http: 200, text: '{\"deployments\":[],\"x\":\"simulator-key ##vso[a]b ##[c]\"}'}" >>world.yaml
	start_world "$PWD/world.yaml"
	status --chain rag --body body.json
	[ "$status" = 0 ]
	[ "$(<body.json)" = '{"deployments":[],"x":"************* ##vso[a]b ##[c]"}' ]
	status --chain rag --body -
	[ "$status" = 0 ]
	[ "$output" = '{"deployments":[],"x":"************* \u0023#vso[a]b \u0023#[c]"}' ]
	[ -z "$stderr" ]
}

@test "the body isn't written over the key's file, certificates, or a file of the CI system" {
	local place
	echo simulator-key >key
	ln -s key link
	printf '[baseten]\nremote_provider = baseten\napi_key = simulator-key\n' >"$HOME/.trussrc"
	: >certificates
	: >output
	export GITHUB_OUTPUT=$PWD/output GITHUB_ENV=$PWD/environment SSL_CERT_FILE=$PWD/certificates
	for place in key ./key link "$HOME/.trussrc" certificates output environment; do
		status --chain rag --api-key-file key --body "$place"
		[ "$status" = 2 ]
		[[ $stderr == *"the body cannot be written over '$place': "*"give --body another path"* ]]
	done
	[ "$(<key)" = simulator-key ]
}

@test "half a list is none, whatever says that it is one" {
	local headers=('Link: "</v1/?page=2>; rel=next"' 'X-Total-Count: "2"' 'X-Next-Page: "2"' 'Content-Range: "items 0-0/2"' 'Age: "900"') header
	for header in "${headers[@]}"; do
		printf '%s\n' "api_key: sim-key" "chains: [{id: 232p81ql, name: rag}]" "deployments: [{id: q86yjdy, chain: 232p81ql, chainlets: [{name: Retriever, status: ACTIVE}]}]" \
			"faults: [{at: 0s, path: /chains/232p81ql/, headers: {$header}}]" >world.yaml
		VIRTUAL_SCENARIO=world.yaml BASETEN_API_KEY=sim-key status --chain rag
		[ "$status" = 5 ]
		[ -z "$output" ]
		[ -n "$stderr" ]
	done
}
