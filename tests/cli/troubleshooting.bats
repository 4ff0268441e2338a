#!/usr/bin/env bats
# troubleshooting.bats - causes each symptom of docs/troubleshooting.md, and checks that the output has the page's words.

load set_up

setup() {
	set_up
	page=$BATS_TEST_DIRNAME/../../docs/troubleshooting.md
	policies=$BATS_TEST_DIRNAME/../../policies
	cat >scenario.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: 232p81ql, name: rag}]
		deployments:
		  - {id: up, chain: 232p81ql, chainlets: [{name: A, autoscaling_settings: {min_replica: 1}, status: ACTIVE}]}
		  - {id: moving, chain: 232p81ql, chainlets: [{name: A, status: DEPLOYING}]}
		  - {id: asleep, chain: 232p81ql, chainlets: [{name: A, autoscaling_settings: {min_replica: 0}, status: SCALED_TO_ZERO}]}
		  - {id: served, chain: 232p81ql, environment: production, chainlets: [{name: A, autoscaling_settings: {min_replica: 1}, status: ACTIVE}]}
		  - {id: odd, chain: 232p81ql, chainlets: [{name: A, autoscaling_settings: {min_replica: 1}, status: HIBERNATING}]}
	END
	start_world scenario.yaml
	: >seen
}

# sees EXIT ARGUMENT…: runs a gate that exits with this code, and keeps its output.
sees() {
	local expected=$1 code=0
	shift
	"$CHAINGATE" check --api-url "${url-$SIM_URL}" --interval 100ms "$@" >out 2>&1 </dev/null || code=$?
	cat out
	cat out >>seen
	[ "$code" = "$expected" ]
}

@test "every symptom of the page appears in an output" {
	needs openssl
	sees 2 --chain rag
	sees 2 --chain rag --latest
	sees 3 --chain rog --deployment up --timeout 3s || sees 5 --chain rog --deployment up --timeout 3s
	printf 'version: 1\nwait: {discover_for: 0s}\nrules: [all chainlets ACTIVE]\n' >served.yaml
	sees 1 served.yaml --chain rag --environment production --since any --expect-deployment new
	BASETEN_API_KEY=wrong sees 5 --chain rag --deployment up
	sees 3 --chain rag --deployment moving --timeout 3s
	sees 3 --chain rag --deployment asleep --timeout 3s
	printf 'version: 1\nrules: [all chainlets where name == "B" are ACTIVE]\n' >empty.yaml
	sees 4 empty.yaml --chain rag --deployment up --stable-for 200ms --timeout 4s
	printf 'version: 1\nrules: [{name: a, assert: all chainlets ACTIVE, when: any chainlet FAILED}]\n' >skipped.yaml
	sees 4 skipped.yaml --chain rag --deployment up --timeout 0s
	grep 'stable, but every rule was skipped' out
	sees 3 --chain rag --deployment odd --timeout 3s
	CHAINGATE_STABEL_FOR=1m sees 2 --chain rag --deployment up
	printf 'version: 1\nrules: [label.team == "search"]\n' >label.yaml
	sees 2 label.yaml --chain rag --deployment up
	cat >models.yaml <<-'END'
		models: [{id: m1, name: llama}]
		deployments: [{id: new, model: m1, status: ACTIVE}]
		environments: [{model: m1, name: production, current: null, candidate: new, promotion: FAILED}]
	END
	start_world models.yaml
	sees 1 --model llama --environment production --role candidate --since any
	local header
	for header in 'X-Total-Count: "99"' 'Age: "900"'; do
		(cat scenario.yaml && printf 'faults: [{at: 0s, path: /deployments, headers: {%s}}]\n' "$header") >headers.yaml
		start_world headers.yaml
		sees 5 --chain rag --deployment up --timeout 4m
	done
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout key.pem -out cert.pem -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1 -days 2 2>/dev/null
	CHAINGATE=$real
	start_sim scenario.yaml --tls-cert "$PWD/cert.pem" --tls-key "$PWD/key.pem"
	sees 5 --chain rag --deployment up
	# A heading in backquotes is the exact output; `…` means any text.
	local missing=0
	while IFS= read -r heading; do
		while IFS= read -r part; do
			[ -z "$part" ] || grep -qF -- "$part" seen || { echo "nobody sees: $part" && missing=1; }
		done < <(sed 's/…/\n/g' <<<"$heading")
	done < <(sed -n 's/^## `\(.*\)`$/\1/p' "$page")
	[ "$missing" = 0 ]
}

@test "a sleeping chainlet passes with the policies that the page names" {
	sees 1 "$policies/ready.yaml" --chain rag --deployment asleep --timeout 0s
	sees 0 "$policies/scale-to-zero.yaml" --chain rag --deployment asleep --timeout 0s
	grep -q 'scale-to-zero.yaml' "$page"
	printf 'version: 1\nrules:\n  - all chainlets in [ACTIVE, SCALED_TO_ZERO]\n' >asleep.yaml
	sees 0 asleep.yaml --chain rag --deployment asleep --timeout 0s
}

@test "exit code 6, lines in a log, and a replay are as the page says" {
	sees 6 --chain rag --deployment up --timeout 0s --junit /dev/full
	grep -q 'could not write the report junit to /dev/full' out
	sees 0 --chain rag --deployment up --timeout 0s --record run.ndjson
	! grep -q $'\e' out || false
	"$CHAINGATE" replay run.ndjson >out
	grep -q '^passed: ' out
}
