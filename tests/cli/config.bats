#!/usr/bin/env bats
# config.bats - where values come from: defaults, the policy, CHAINGATE_* variables, the command line; and --print-config, which shows it.

load set_up
load virtual
load runs

setup() {
	set_up
	real=$CHAINGATE
	start_world "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	cat >policy.yaml <<-'END'
		version: 1
		params: {least: 1}
		target: {chain: rag, environment: staging, since: any}
		baseline: {environment: production}
		wait: {timeout: 20m, stable_for: 1m}
		rules: [min_replica >= $least]
	END
}

check() {
	run --separate-stderr "$CHAINGATE" check "$@" </dev/null
	show
}

# has NAME VALUE: the output has this value, followed by a space and its origin.
has() {
	local line words
	for line in "${lines[@]}"; do
		[[ $line == "$1 "* ]] || continue
		read -ra words <<<"${line#"$1 "}"
		[ "${words[*]}" != "$2" ] || return 0
		echo "$1 is '${words[*]}', expected '$2'"
		return 1
	done
	echo "there is no $1"
	return 1
}

@test "--print-config prints each value with its origin, and polls nothing" {
	BASETEN_API_KEY=simulator-key-for-anybody check policy.yaml --print-config
	[ "$status" = 0 ]
	has policy "policy.yaml command line"
	has params.least "1 policy"
	has target.chain "rag policy"
	has target.select "environment staging policy"
	has target.baseline.select "environment production policy"
	has wait.timeout "20m policy"
	has wait.interval "10s default"
	has wait.stable_for_status.UNHEALTHY "5m default"
	has api-url "https://api.baseten.co default"
	has "api key" "found, and not shown BASETEN_API_KEY"
	[[ $output != *simulator-key* ]]
	export CHAINGATE_TIMEOUT=30m CHAINGATE_STABLE_FOR=2m CHAINGATE_LATEST=yes CHAINGATE_STRICT=1 BASETEN_API_URL=$SIM_URL CHAINGATE_INTERVAL=
	check policy.yaml --stable-for 3m --set least=2 --junit r.xml --record r.ndjson --print-config
	[ "$status" = 0 ]
	has wait.timeout "30m CHAINGATE_TIMEOUT"
	has wait.stable_for "3m --stable-for"
	has wait.interval "10s default"
	has params.least "2 --set"
	has target.select "latest CHAINGATE_LATEST"
	has strict "true CHAINGATE_STRICT"
	has api-url "$SIM_URL BASETEN_API_URL"
	has report "junit to r.xml command line"
	[ ! -e r.xml ] && [ ! -e r.ndjson ]
	[ ! -s "$SIM_LOG" ]
	# A wrong command line still exits with 2.
	check policy.yaml --interval 1ns --print-config
	[ "$status" = 2 ]
}

@test "parameters of targets are shown as their rules are judged, by --print-config and in reports" {
	needs jq
	printf '%s\n' 'version: 1' 'params: {n: 9, m: 1}' 'targets:' \
		'  - {name: a, chain: rag, deployment: q86yjdy, params: {n: 1}, rules: [{name: x, assert: count(deployments) >= $n}]}' \
		'  - {name: b, chain: rag, deployment: q86yjdy, params: {n: 2}, rules: [{name: y, assert: count(deployments) < $n}]}' >own.yaml
	printf '%s\n' 'version: 1' 'params: {n: 5}' 'rules: [{name: z, assert: count(deployments) <= $n}]' >other.yaml
	check own.yaml --set m=0 --print-config
	has params.n "9 policy"
	has targets.1.params.n "1 policy"
	has targets.1.params.m "0 --set"
	has targets.2.params.n "2 policy"
	check own.yaml other.yaml --set m=0 --timeout 0s --report json=r.json --report intoto=r.intoto
	[ "$status" = 0 ]
	[ "$(jq -c '.targets[].params | map([.file, .name, .value])' r.json | paste -sd' ')" = \
		'[["own.yaml","n","1"],["own.yaml","m","0"],["other.yaml","n","5"]] [["own.yaml","n","2"],["own.yaml","m","0"],["other.yaml","n","5"]]' ]
	[ "$(jq -c '.predicate.configuration[].annotations.params | map(.name + .value)' r.intoto | paste -sd' ')" = '["n1","m0","n2"] ["n5"]' ]
	[ "$(jq -c '.subject[].annotations.params | map(.name + .value)' r.intoto | paste -sd' ')" = '["n1","m0","n5"] ["n2","m0","n5"]' ]
	check own.yaml --set n=0 --print-config
	has targets.2.params.n "0 --set"
}

@test "variables override the policy, and the command line overrides them" {
	export CHAINGATE_API_URL=$SIM_URL BASETEN_API_URL=http://127.0.0.1:9 CHAINGATE_CHAIN=rag CHAINGATE_DEPLOYMENT=nowhere CHAINGATE_TIMEOUT=0s
	check
	[ "$status" = 3 ]
	[[ $output == *"rag/nowhere"* ]]
	# A selection on the command line replaces the variable's.
	check --environment staging --since any
	[ "$status" = 0 ]
	[[ $output == *"rag/staging"* ]]
	CHAINGATE_QUIET=true check --deployment q86yjdy
	[ "${#lines[@]}" = 1 ]
	CHAINGATE_QUIET=true check --deployment q86yjdy --verbose
	[ "$status" = 0 ]
	[ "${#lines[@]}" -gt 1 ]
	CHAINGATE_QUIET=no check --deployment q86yjdy
	[ "${#lines[@]}" -gt 1 ]
	CHAINGATE_VERBOSE=1 check --deployment q86yjdy --quiet
	[ "${#lines[@]}" = 1 ]
	CHAINGATE_QUIET=1 CHAINGATE_VERBOSE=0 check --deployment q86yjdy
	[ "${#lines[@]}" = 1 ]
	CHAINGATE_QUIET=1 CHAINGATE_VERBOSE=yes check --deployment q86yjdy
	[ "$status" = 2 ]
	[[ $stderr == *"CHAINGATE_QUIET and CHAINGATE_VERBOSE exclude each other"*"leave out one of them"* ]]
	CHAINGATE_QUIET=1 CHAINGATE_VERBOSE=yes check --deployment q86yjdy --verbose
	[ "$status" = 0 ]
}

@test "a mistyped variable, or one with a wrong value, is refused" {
	CHAINGATE_STABEL_FOR=1m check policy.yaml
	[ "$status" = 2 ]
	[[ $stderr == *"'CHAINGATE_STABEL_FOR' is set, but no option has this variable"*"a variable has a similar name: CHAINGATE_STABLE_FOR"* ]]
	CHAINGATE_API_KEY=canary check policy.yaml
	[ "$status" = 2 ]
	[[ $stderr != *canary* ]]
	CHAINGATE_STRICT=maybe check policy.yaml
	[ "$status" = 2 ]
	[[ $stderr == *"CHAINGATE_STRICT cannot be 'maybe'"* ]]
	CHAINGATE_PROGRESS=loud check policy.yaml
	[[ $stderr == *"CHAINGATE_PROGRESS cannot be 'loud': it takes auto|live|lines|none"* ]]
	CHAINGATE_TIMEOUT=5 check policy.yaml
	[ "$status" = 2 ]
	[[ $stderr == *"CHAINGATE_TIMEOUT cannot be '5'"* ]]
	printf 'version: 1\ntargets: [{name: a, chain: rag, latest: true, since: any}]\nrules: [all chainlets ACTIVE]\n' >targets.yaml
	CHAINGATE_CHAIN=x check targets.yaml
	[[ $stderr == *"CHAINGATE_CHAIN does not go with a policy that has 'targets'"* ]]
	# Other commands ignore them.
	CHAINGATE_NONSENSE=1 "$CHAINGATE" lint policy.yaml
}

@test "SSL_CERT_FILE is read only for TLS, and a missing file is an error with a hint" {
	export SSL_CERT_FILE=/nowhere/at/all.pem CHAINGATE=$real
	start_sim "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s
	[ "$status" = 0 ]
	check --chain rag --deployment q86yjdy --api-url https://127.0.0.1:1
	[ "$status" = 2 ]
	[[ $stderr == *"could not read the CA file that SSL_CERT_FILE names, '/nowhere/at/all.pem': No such file or directory"* ]]
	[[ $stderr == *"help: "*"without them the system's certificates are used"* ]]
}

@test "variables of Kubernetes' Services, of images and of other programs are no error, mistyped ones are" {
	local variable number=0 expected said
	# Exit code | variable | expected message; without a message, nothing may be printed.
	local -a table=(
		"0 CHAINGATE_PORT=tcp://10.0.0.1:80"
		"0 CHAINGATE_PORT=udp://10.0.0.1:80"
		"0 CHAINGATE_SERVICE_HOST=10.0.0.1"
		"0 CHAINGATE_SERVICE_PORT=80"
		"0 CHAINGATE_SERVICE_PORT_HTTP=80"
		"0 CHAINGATE_PORT_80_TCP=tcp://10.0.0.1:80"
		"0 CHAINGATE_PORT_80_TCP_PROTO=tcp"
		"0 CHAINGATE_PORT_8080_UDP_PORT=8080"
		"0 CHAINGATE_PORT_80_SCTP_ADDR=10.0.0.1"
		"0 CHAINGATE_SIM_PORT=tcp://10.0.0.1:80"
		"0 CHAINGATE_CANARY_SERVICE_HOST=10.0.0.1"
		"0 CHAINGATE_VERSION=1.2"
		"0 CHAINGATE_IMAGE=x"
		"0 CHAINGATE_BIN=/x"
		# Variables of other programs.
		"0 CHAINGATE_PORT=80 warning: 'CHAINGATE_PORT' is set, but no option has this variable"
		"0 CHAINGATE_HOME=/x warning: 'CHAINGATE_HOME' is set, but no option has this variable"
		"0 CHAINGATE_PORT_TCP=x warning: 'CHAINGATE_PORT_TCP' is set, but no option has this variable"
		"0 CHAINGATE_TOKEN=x warning: 'CHAINGATE_TOKEN' is set, but no option has this variable"
		"0 CHAINGATE_STAGE_NAME=x warning: 'CHAINGATE_STAGE_NAME' is set, but no option has this variable"
		# Mistyped ones.
		"2 CHAINGATE_TIMEUOT=1s a variable has a similar name"
		"2 CHAINGATE_CHIAN=x a variable has a similar name"
		"2 CHAINGATE_STRCIT=1 a variable has a similar name"
		"2 CHAINGATE_MAX_RSP=1 a variable has a similar name"
		"2 CHAINGATE_API_KEY=x a variable has a similar name"
		"2 CHAINGATE_API=x a variable has a similar name"
	)
	for number in "${!table[@]}"; do
		read -r expected variable said <<<"${table[number]}"
		a_run "$number" "$variable" check policy.yaml --print-config --api-url http://127.0.0.1:1
	done
	make_runs
	for number in "${!table[@]}"; do
		read -r expected variable said <<<"${table[number]}"
		got "$number"
		echo "$variable: $status $stderr"
		[ "$status" = "$expected" ]
		[[ $stderr == *"$said"* ]]
		[[ -n $said || $stderr != *"no option's variable"* ]]
	done
}

@test "--print-config shows where the key and the API's URL come from" {
	shows() { # shows URL URL_ORIGIN KEY_ORIGIN VARIABLE…
		local url=$1 of_url=$2 of_key=$3
		shift 3
		run --separate-stderr env -u BASETEN_API_KEY "$@" "$CHAINGATE" check policy.yaml --print-config
		show
		[ "$status" = 0 ]
		has api-url "$url $of_url"
		has "api key" "found, and not shown $of_key"
		[[ $output != *12345678* ]]
	}
	unset BASETEN_API_URL CHAINGATE_API_URL
	export HOME=$PWD
	printf '[staging]\nremote_url = https://app.staging.example\napi_key = 12345678\n' >.trussrc
	shows https://api.staging.example "remote_url in '$PWD/.trussrc'" "[staging] in '$PWD/.trussrc'" A=b
	shows https://api.baseten.co default BASETEN_API_KEY BASETEN_API_KEY=12345678
	shows https://api.baseten.co default BASETEN_TRUSS_AUTH_API_KEY BASETEN_TRUSS_AUTH_API_KEY=12345678
	shows https://api.x.example BASETEN_TRUSS_AUTH_REMOTE_URL BASETEN_TRUSS_AUTH_API_KEY BASETEN_TRUSS_AUTH_API_KEY=12345678 BASETEN_TRUSS_AUTH_REMOTE_URL=https://app.x.example
	shows https://api.y.example BASETEN_API_URL "[staging] in '$PWD/.trussrc'" BASETEN_API_URL=https://api.y.example
	shows https://api.z.example CHAINGATE_API_URL BASETEN_API_KEY CHAINGATE_API_URL=https://api.z.example BASETEN_API_KEY=12345678
	# A short key is refused, because it may be a part of a key, except for an API on this machine.
	run --separate-stderr env BASETEN_API_KEY=short "$CHAINGATE" check policy.yaml --print-config
	[ "$status" = 2 ]
	[[ $stderr == *"it has only 5 characters"* ]]
	run --separate-stderr env BASETEN_API_KEY=short "$CHAINGATE" check policy.yaml --print-config --api-url http://127.0.0.1:1
	[ "$status" = 0 ]
}

@test "a variable that nothing replaced is refused in each option that names what to watch, and in each variable" {
	printf 'version: 1\nrules: [all chainlets ACTIVE]\n' >plain.yaml
	local given=(
		"--chain" '$CHAIN' "--chain rag --chain" '<CHAIN>' "--model" '{{ model }}' "--chain rag --deployment" 'new-${ID}'
		"--chain rag --since any --environment" '%ENV%' "--chain rag --environment production --expect-deployment" '$(ID)'
		"--chain rag --deployment new --baseline-environment" '#{Environment}'
	)
	local i
	for ((i = 0; i < ${#given[@]}; i += 2)); do
		# shellcheck disable=SC2086 # several words
		a_run "$i" check plain.yaml ${given[i]} "${given[i + 1]}"
	done
	a_run variable CHAINGATE_CHAIN='$[[ inputs.chain ]]' check plain.yaml --deployment new
	a_run status status --chain '((chain))'
	a_run odd check plain.yaml --chain 'a$b < c' --deployment new --timeout 0s
	make_runs
	for ((i = 0; i < ${#given[@]}; i += 2)); do
		got "$i"
		[ "$status" = 2 ]
		[[ $stderr == *"${given[i]##* } cannot be '${given[i + 1]}': nothing has replaced the variable"* ]]
		# Only chains and models have an id beside their name.
		case ${given[i]##* } in
		--chain | --model) [[ $stderr == *"give the id"* ]] ;;
		*) [[ $stderr != *"give the id"* ]] ;;
		esac
	done
	got variable
	[ "$status" = 2 ]
	[[ $stderr == *"CHAINGATE_CHAIN cannot be '\$[[ inputs.chain ]]'"* ]]
	got status
	[ "$status" = 2 ]
	[[ $stderr == *"--chain cannot be '((chain))'"* ]]
	got odd
	[[ $stderr != *"nothing has replaced"* ]]
}
