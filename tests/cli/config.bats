#!/usr/bin/env bats
# config.bats - where values come from: defaults, the policy, CHAINGATE_* variables, the command line; and --print-config, which shows it.

load set_up
file_scenario=single.yaml

setup() {
	set_up
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
	run --separate-stderr timeout 600 "$CHAINGATE" check "$@" </dev/null
	show
}

# value NAME: its value and its origin, with one space between.
value() {
	sed -n "s/^$1  *//p" <<<"$output" | tr -s ' '
}

@test "each value has its origin, and nothing is polled" {
	BASETEN_API_KEY=simulator-key-for-anybody check policy.yaml --print-config
	[ "$status" = 0 ]
	[ "$(value policy)" = "policy.yaml command line" ]
	[ "$(value params.least)" = "1 policy" ]
	[ "$(value target.chain)" = "rag policy" ]
	[ "$(value target.select)" = "environment staging policy" ]
	[ "$(value target.baseline.select)" = "environment production policy" ]
	[ "$(value wait.timeout)" = "20m policy" ]
	[ "$(value wait.interval)" = "10s default" ]
	[ "$(value wait.stable_for_status.UNHEALTHY)" = "5m default" ]
	[ "$(value api-url)" = "https://api.baseten.co default" ]
	[ "$(value "api key")" = "found, and not shown BASETEN_API_KEY" ]
	[[ $output != *simulator-key* ]]
	export CHAINGATE_TIMEOUT=30m CHAINGATE_STABLE_FOR=2m CHAINGATE_LATEST=yes CHAINGATE_STRICT=1 BASETEN_API_URL=$SIM_URL CHAINGATE_INTERVAL=
	check policy.yaml --stable-for 3m --set least=2 --junit r.xml --record r.ndjson --print-config
	[ "$status" = 0 ]
	[ "$(value wait.timeout)" = "30m CHAINGATE_TIMEOUT" ]
	[ "$(value wait.stable_for)" = "3m --stable-for" ]
	[ "$(value wait.interval)" = "10s default" ]
	[ "$(value params.least)" = "2 --set" ]
	[ "$(value target.select)" = "latest CHAINGATE_LATEST" ]
	[ "$(value strict)" = "true CHAINGATE_STRICT" ]
	[ "$(value api-url)" = "$SIM_URL BASETEN_API_URL" ]
	[ "$(value report)" = "junit to r.xml command line" ]
	[ ! -e r.xml ] && [ ! -e r.ndjson ]
	! grep -q . "$SIM_LOG" || false
	# What would end with 2 does.
	check policy.yaml --interval 1ns --print-config
	[ "$status" = 2 ]
}

@test "variables decide as options do, below the command line and above the policy" {
	export CHAINGATE_API_URL=$SIM_URL BASETEN_API_URL=http://127.0.0.1:9 CHAINGATE_CHAIN=rag CHAINGATE_DEPLOYMENT=nowhere CHAINGATE_TIMEOUT=0s
	check
	[ "$status" = 3 ]
	[[ $output == *"rag/nowhere"* ]]
	# A selection on the line is another one, and not one more.
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
}

@test "a variable that is nobody's, or holds nonsense, polls nothing" {
	CHAINGATE_STABEL_FOR=1m check policy.yaml
	[ "$status" = 2 ]
	[[ $stderr == *"'CHAINGATE_STABEL_FOR' is set, and is no option's variable"*"a variable has a similar name: CHAINGATE_STABLE_FOR"* ]]
	CHAINGATE_API_KEY=canary check policy.yaml
	[ "$status" = 2 ]
	[[ $stderr != *canary* ]]
	CHAINGATE_STRICT=maybe check policy.yaml
	[ "$status" = 2 ]
	[[ $stderr == *"CHAINGATE_STRICT cannot be 'maybe'"* ]]
	CHAINGATE_PROGRESS=loud check policy.yaml
	[[ $stderr == *"CHAINGATE_PROGRESS cannot be 'loud': it is one of auto|live|lines|none"* ]]
	CHAINGATE_TIMEOUT=5 check policy.yaml
	[ "$status" = 2 ]
	[[ $stderr == *"CHAINGATE_TIMEOUT cannot be '5'"* ]]
	printf 'version: 1\ntargets: [{name: a, chain: rag, latest: true, since: any}]\nrules: [all chainlets ACTIVE]\n' >targets.yaml
	CHAINGATE_CHAIN=x check targets.yaml
	[[ $stderr == *"CHAINGATE_CHAIN does not go with a policy that has 'targets'"* ]]
	# Other commands don't follow them.
	CHAINGATE_NONSENSE=1 "$CHAINGATE" lint policy.yaml
}

@test "the system's certificates are of interest to TLS alone, and a file of them that isn't there has a remedy" {
	export SSL_CERT_FILE=/nowhere/at/all.pem
	check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s
	[ "$status" = 0 ]
	check --chain rag --deployment q86yjdy --api-url https://127.0.0.1:1
	[ "$status" = 2 ]
	[[ $stderr == *"could not read the CA file that SSL_CERT_FILE names, '/nowhere/at/all.pem': No such file or directory"* ]]
	[[ $stderr == *"help: "*"or unset it"* ]]
}

@test "variables of Kubernetes' Services, of images and scripts are nobody's mistake" {
	local variable
	for variable in CHAINGATE_PORT=tcp://10.0.0.1:80 CHAINGATE_PORT=udp://10.0.0.1:80 CHAINGATE_SERVICE_HOST=10.0.0.1 CHAINGATE_SERVICE_PORT=80 \
		CHAINGATE_SERVICE_PORT_HTTP=80 CHAINGATE_PORT_80_TCP=tcp://10.0.0.1:80 CHAINGATE_PORT_80_TCP_PROTO=tcp CHAINGATE_PORT_8080_UDP_PORT=8080 \
		CHAINGATE_PORT_80_SCTP_ADDR=10.0.0.1 CHAINGATE_SIM_PORT=tcp://10.0.0.1:80 CHAINGATE_CANARY_SERVICE_HOST=10.0.0.1 CHAINGATE_VERSION=1.2 \
		CHAINGATE_IMAGE=x CHAINGATE_BIN=/x; do
		run --separate-stderr env "$variable" "$CHAINGATE" check policy.yaml --print-config --api-url http://127.0.0.1:1
		echo "$variable: $status $stderr"
		[ "$status" = 0 ]
		[[ $stderr != *"no option's variable"* ]]
	done
	# Somebody's own.
	for variable in CHAINGATE_PORT=80 CHAINGATE_HOME=/x CHAINGATE_PORT_TCP=x CHAINGATE_TOKEN=x CHAINGATE_STAGE_NAME=x; do
		run --separate-stderr env "$variable" "$CHAINGATE" check policy.yaml --print-config --api-url http://127.0.0.1:1
		echo "$variable: $status $stderr"
		[ "$status" = 0 ]
		[[ $stderr == *"warning: '${variable%%=*}' is set, and is no option's variable"* ]]
	done
	# A slip of the pen.
	for variable in CHAINGATE_TIMEUOT=1s CHAINGATE_CHIAN=x CHAINGATE_STRCIT=1 CHAINGATE_MAX_RSP=1 CHAINGATE_API_KEY=x CHAINGATE_API=x; do
		run --separate-stderr env "$variable" "$CHAINGATE" check policy.yaml --print-config --api-url http://127.0.0.1:1
		echo "$variable: $status $stderr"
		[ "$status" = 2 ]
		[[ $stderr == *"a variable has a similar name"* ]]
	done
}

@test "where the key and the API's URL came from" {
	shows() { # shows URL URL_ORIGIN KEY_ORIGIN VARIABLE…
		local url=$1 of_url=$2 of_key=$3
		shift 3
		run --separate-stderr env -u BASETEN_API_KEY "$@" "$CHAINGATE" check policy.yaml --print-config
		echo "$output $stderr"
		[ "$status" = 0 ]
		[[ $(grep '^api-url ' <<<"$output") == *" $url  "*"$of_url" ]]
		[[ $(grep '^api key ' <<<"$output") == *"$of_key" ]]
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
	# A short one is a piece of one, but on this machine.
	run --separate-stderr env BASETEN_API_KEY=short "$CHAINGATE" check policy.yaml --print-config
	[ "$status" = 2 ]
	[[ $stderr == *"it has only 5 characters"* ]]
	run --separate-stderr env BASETEN_API_KEY=short "$CHAINGATE" check policy.yaml --print-config --api-url http://127.0.0.1:1
	[ "$status" = 0 ]
}
