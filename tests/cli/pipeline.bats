#!/usr/bin/env bats
# pipeline.bats - options for pipelines: --report env, --report-only, --policy-digest.

load set_up
load virtual

setup() {
	set_up
	start_world "$BATS_TEST_DIRNAME/scenarios/promotion.yaml"
	export BASETEN_API_URL=$SIM_URL
	printf 'version: 1\nrules:\n  - assert: all chainlets ACTIVE\n' >policy.yaml
}

check() { # check DEPLOYMENT [OPTION…]
	local deployment=$1
	shift
	run --separate-stderr "$CHAINGATE" check policy.yaml --chain rag --deployment "$deployment" --interval 100ms --stable-for "${stable_for-0s}" --progress none "$@"
}

digest() {
	printf 'sha256:%s' "$(sha256sum policy.yaml | cut -d' ' -f1)"
}

@test "env: every variable, and the digest is the file's" {
	check q86yjdy --report env=gate.env
	[ "$status" -eq 0 ]
	sed 's/^CHAINGATE_SECONDS=[0-9]*\.[0-9][0-9][0-9]$/CHAINGATE_SECONDS=N/' gate.env >seen
	cat >wanted <<-WANTED
		CHAINGATE_VERDICT=passed
		CHAINGATE_EXIT=0
		CHAINGATE_CHAIN=232p81ql
		CHAINGATE_DEPLOYMENT=q86yjdy
		CHAINGATE_DEPLOYMENTS=q86yjdy
		CHAINGATE_FAILED_RULES=0
		CHAINGATE_SECONDS=N
		CHAINGATE_POLICY_SHA256=$(sha256sum policy.yaml | cut -d' ' -f1)
	WANTED
	diff wanted seen
}

@test "env: a failed run says which code it ends with, and how many rules failed" {
	check bad2222 --report env
	[ "$status" -eq 1 ]
	[[ $output == *"CHAINGATE_VERDICT=failed"*"CHAINGATE_EXIT=1"*"CHAINGATE_FAILED_RULES=1"* ]]
}

@test "env: with several deployments, CHAINGATE_DEPLOYMENT is empty" {
	run "$CHAINGATE" check policy.yaml --chain rag --all-deployments --since any --interval 100ms --stable-for 0s --progress none --report env=gate.env
	[ "$status" -eq 1 ]
	grep -qx 'CHAINGATE_DEPLOYMENT=' gate.env
	grep -qx 'CHAINGATE_DEPLOYMENTS=[a-z0-9]*:[a-z0-9]*:[a-z0-9]*:[a-z0-9]*' gate.env
}

@test "env: a pass whose other report could not be written has exit code 6 here, too" {
	check q86yjdy --report env=gate.env --report junit=/dev/full
	[ "$status" -eq 6 ]
	grep -qx 'CHAINGATE_EXIT=6' gate.env
	grep -qx 'CHAINGATE_VERDICT=unreported' gate.env
}

@test "env: written for a usage error, an unusable policy and an API that isn't there" {
	check q86yjdy --report env=gate.env --interval nonsense
	[ "$status" -eq 2 ]
	grep -qx 'CHAINGATE_EXIT=2' gate.env
	VIRTUAL_EVENTS="0s miss connect" check q86yjdy --report env=gate.env --timeout 1m
	[ "$status" -eq 5 ]
	grep -qx 'CHAINGATE_VERDICT=unreachable' gate.env
	printf 'rules: [' >policy.yaml
	check q86yjdy --report env=gate.env
	[ "$status" -eq 2 ]
	grep -qx 'CHAINGATE_VERDICT=usage' gate.env
	grep -qx 'CHAINGATE_POLICY_SHA256=' gate.env
}

@test "env: no value can be a command of the shell that reads it, whatever the API says" {
	cat >evil.yaml <<-'YAML'
		chains: [{id: "c;touch x", name: rag}]
		deployments:
		  - {id: "$(touch x)\n`id`", chain: "c;touch x", created_at: -1h, chainlets: [{name: A, status: ACTIVE, active_replica_count: 1}]}
	YAML
	start_world evil.yaml
	BASETEN_API_URL=$SIM_URL run "$CHAINGATE" check policy.yaml --chain rag --latest --since any --interval 100ms --stable-for 0s --progress none --report env=gate.env
	[ "$(wc -l <gate.env)" -eq 8 ]
	! grep -vE '^CHAINGATE_[A-Z0-9_]+=[A-Za-z0-9._:/+-]*$' gate.env || false
	[ "$(wc -c <gate.env)" -lt 5120 ]
	sh -c '. ./gate.env'
	[ ! -e x ]
}

@test "env: a later run takes the variables, and watches the same deployment" {
	check q86yjdy --report env=gate.env
	set -a
	. ./gate.env
	set +a
	run --separate-stderr "$CHAINGATE" check policy.yaml --interval 100ms --stable-for 0s --progress none
	[ "$status" -eq 0 ]
	[[ $output == *q86yjdy* ]]
	check bad2222
	[ "$status" -eq 1 ]
}

@test "--report-only: a failure, a timeout and an open rule end with 0 and say so; the reports keep the truth" {
	check bad2222 --report-only --report json=gate.json --report env=gate.env
	[ "$status" -eq 0 ]
	[[ $stderr == *"would have failed (exit 1)"* ]]
	[[ $output == *"failed:"* ]]
	grep -q '"verdict": "failed"' gate.json
	grep -qx 'CHAINGATE_EXIT=1' gate.env
	stable_for=1h check q86yjdy --report-only --timeout 4m
	[ "$status" -eq 0 ]
	[[ $stderr == *"would have timed out (exit 3)"* ]]
}

@test "--report-only: a pass prints no extra message" {
	check q86yjdy --report-only
	[ "$status" -eq 0 ]
	[[ $stderr != *would* ]]
}

@test "--report-only never hides 2, 5, 6 and a signal" {
	check q86yjdy --report-only --interval nonsense
	[ "$status" -eq 2 ]
	VIRTUAL_EVENTS="0s miss connect" check q86yjdy --report-only --timeout 1m
	[ "$status" -eq 5 ]
	BASETEN_API_KEY=wrong-key check q86yjdy --report-only
	[ "$status" -eq 5 ]
	check nosuchid --report-only --timeout 1m
	[ "$status" -eq 3 ]
	[[ $stderr == *"nothing to judge (exit 3)"* ]]
	check nosuchid --report-only
	[ "$status" -eq 5 ]
	check q86yjdy --report-only --report junit=/dev/full
	[ "$status" -eq 6 ]
	check bad2222 --report-only --report junit=/dev/full
	[ "$status" -eq 6 ]
	VIRTUAL_EVENTS="20m signal TERM" stable_for=1h check q86yjdy --report-only
	[ "$status" -eq 143 ]
}

@test "--report-only: if the gate couldn't judge, the exit code stays, and every report has it" {
	reports=(--report json=gate.json --report junit=gate.xml --report env=gate.env)
	VIRTUAL_EVENTS="0s miss connect" check q86yjdy --report-only --timeout 1m "${reports[@]}"
	[ "$status" -eq 5 ]
	[[ $stderr != *would* ]]
	[[ $(<gate.json) == *'"verdict": "unreachable"'*'"exit": 5'* ]]
	[[ $(<gate.xml) == *'type="ApiUnreachable"'* ]]
	[[ $(<gate.env) == *CHAINGATE_EXIT=5* ]]
	printf 'rules: [' >policy.yaml
	check q86yjdy --report-only "${reports[@]}"
	[ "$status" -eq 2 ]
	[[ $(<gate.json) == *'"verdict": null'*'"exit": 2'* ]]
	[[ $(<gate.xml) == *'type="PolicyInvalid"'* ]]
	[[ $(<gate.env) == *CHAINGATE_EXIT=2* ]]
}

@test "--report-only: the JUnit report has the failure that the exit code hides" {
	check bad2222 --report-only --junit gate.xml
	[ "$status" -eq 0 ]
	[[ $(<gate.xml) == *'failures="1"'*'<failure'* ]]
}

@test "--report-only can't come from the environment" {
	CHAINGATE_REPORT_ONLY=1 check bad2222
	[ "$status" -ne 0 ]
}

@test "--policy-digest: the reviewed policy runs, and one with another byte is refused before any request" {
	reviewed=$(digest)
	check q86yjdy --policy-digest "$reviewed"
	[ "$status" -eq 0 ]
	asked=$(sim_requests)
	printf '# looser\n' >>policy.yaml
	check q86yjdy --policy-digest "$reviewed" --junit gate.xml
	[ "$status" -eq 2 ]
	[[ $stderr == *"$(digest)"* ]]
	grep -q '<error' gate.xml
	[ "$(sim_requests)" -eq "$asked" ]
}

@test "--policy-digest: the digest is of the bytes read, also through a link, from stdin, with a byte order mark, and for a policy that comes with chaingate" {
	printf '\xef\xbb\xbfversion: 1\r\nrules:\r\n  - assert: all chainlets ACTIVE\r\n' >policy.yaml
	ln -s policy.yaml link.yaml
	others=(--chain rag --deployment q86yjdy --interval 100ms --stable-for 0s --progress none)
	run "$CHAINGATE" check link.yaml "${others[@]}" --policy-digest "$(digest)"
	[ "$status" -eq 0 ]
	run "$CHAINGATE" check - "${others[@]}" --policy-digest "$(digest)" <policy.yaml
	[ "$status" -eq 0 ]
	reviewed=$(digest)
	printf 'version: 1\nrules:\n  - assert: any chainlet ACTIVE\n' >looser.yaml
	ln -sf looser.yaml link.yaml
	run "$CHAINGATE" check link.yaml "${others[@]}" --policy-digest "$reviewed"
	[ "$status" -eq 2 ]
	run "$CHAINGATE" check - "${others[@]}" --policy-digest "$reviewed" <looser.yaml
	[ "$status" -eq 2 ]
	shipped=sha256:$(sha256sum "$BATS_TEST_DIRNAME/../../policies/ready.yaml" | cut -d' ' -f1)
	run "$CHAINGATE" check @ready "${others[@]}" --policy-digest "$shipped"
	[ "$status" -eq 0 ]
	run "$CHAINGATE" check @production "${others[@]}" --policy-digest "$shipped"
	[ "$status" -eq 2 ]
	# Without a policy the gate uses the built-in one, which isn't the reviewed policy either.
	run "$CHAINGATE" check "${others[@]}" --policy-digest "$shipped"
	[ "$status" -eq 2 ]
	[[ $output == *"'<built-in policy>' is not the policy"* ]]
}

@test "--policy-digest: a recording made with it can be replayed, also by another policy" {
	check q86yjdy --policy-digest "$(digest)" --record run.ndjson
	[ "$status" -eq 0 ]
	run "$CHAINGATE" replay run.ndjson
	[ "$status" -eq 0 ]
	run "$CHAINGATE" replay run.ndjson --policy @ready
	[ "$status" -eq 0 ]
}

@test "variables for what only the command line can say are refused, because they would have no effect" {
	local name
	for name in SET=replicas=2 "POLICY_DIGEST=$(digest)" SHARD=1/2 REPORT=json=r.json JUNIT=r.xml RECORD=r.ndjson REPORT_ONLY=1; do
		export "CHAINGATE_$name"
		check q86yjdy
		name=CHAINGATE_${name%%=*}
		unset "$name"
		[ "$status" -eq 2 ]
		[[ $stderr == *"'$name' is set, but --"*" has no variable"*"on the command line, and unset the variable"* ]]
	done
	for name in POLICY POLICY_FILE POLICIES; do
		run -2 --separate-stderr env "CHAINGATE_$name=strict.yaml" "$CHAINGATE" check --chain rag --deployment q86yjdy --timeout 0s
		[[ $stderr == *"'CHAINGATE_$name' is set, but policies have no variable"* ]]
	done
	# Whoever gives it on the command line may have it from the variable.
	CHAINGATE_POLICY=policy.yaml CHAINGATE_JUNIT=r.xml CHAINGATE_REPORT_ONLY=0 check q86yjdy --junit r.xml
	[ "$status" -eq 0 ]
	CHAINGATE_REPORT_ONLY=1 run -0 --separate-stderr "$CHAINGATE" status
}

@test "--policy-digest: a wrong form is refused, and each policy needs one" {
	for value in "$(digest | cut -c8-)" sha256: "sha1:$(digest | cut -c8-)" "$(digest)0" "$(digest | cut -c-70)" "$(digest | cut -c-15)" "SHA256:$(digest | cut -c8-)" \
		"sha256:$(digest | cut -c8- | tr a-f A-F)" " $(digest)" "$(digest) " "sha256:$(printf '%064d' 0 | tr 0 g)"; do
		check q86yjdy --policy-digest "$value"
		[ "$status" -eq 2 ]
		[[ $stderr == *"--policy-digest cannot be"* ]]
	done
	check q86yjdy --policy-digest "$(digest)" --policy-digest "$(digest)"
	[ "$status" -eq 2 ]
	[[ $stderr == *"there is 1 policy, but --policy-digest gives 2 digests"* ]]
	printf 'version: 1\nrules:\n  - {name: second, assert: active_replica_count >= 1}\n' >other.yaml
	other="sha256:$(sha256sum other.yaml | cut -d' ' -f1)"
	run "$CHAINGATE" check policy.yaml other.yaml --chain rag --deployment q86yjdy --interval 100ms --stable-for 0s --policy-digest "$(digest)" --policy-digest "$other"
	[ "$status" -eq 0 ]
	run "$CHAINGATE" check policy.yaml other.yaml --chain rag --deployment q86yjdy --interval 100ms --stable-for 0s --policy-digest "$other" --policy-digest "$(digest)"
	[ "$status" -eq 2 ]
}
