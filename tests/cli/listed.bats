#!/usr/bin/env bats
# listed.bats - a name that is mistyped, or doesn't exist yet, is noticed at the first poll: the gate lists what exists. In virtual time.

load set_up
load virtual

setup() {
	set_up
	cat >world.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: c1, name: rag}, {id: c2, name: search}, {id: c3, name: empty}]
		deployments:
		  - {id: q86yjdy, chain: c1, created_at: "2026-08-14T06:00:00Z", environment: production, chainlets: [{name: A, status: ACTIVE}]}
		  - {id: w4xk2n9, chain: c1, created_at: "2026-08-14T08:50:00Z", environment: staging, status: BUILDING, chainlets: [{name: A, status: BUILDING}]}
		  - {id: zz00001, chain: c1, created_at: "2026-08-01T09:00:00Z", chainlets: [{name: A, status: INACTIVE}]}
		  - {id: zz00000, chain: c1, created_at: "2026-07-01T09:00:00Z", chainlets: [{name: A, status: INACTIVE}]}
		  - {id: s1, chain: c2, created_at: "2026-07-01T09:00:00Z", chainlets: [{name: A, status: ACTIVE}]}
	END
	start_world world.yaml
	echo 'rules: [all chainlets ACTIVE]' >policy.yaml
	sed -i '1i version: 1' policy.yaml
	newest="'w4xk2n9' (in 'staging', BUILDING, 10m old), 'q86yjdy' (in 'production', ACTIVE, 3h old) and 'zz00001' (in no environment, INACTIVE, 13d old)"
	newest4="newest of the chain's 4 deployments are $newest"
}

gate() {
	run --separate-stderr "$CHAINGATE" check policy.yaml "$@" --report json=r.json --junit r.xml --report html=r.html --report markdown=r.md --report tap=r.tap </dev/null
	show
	jq -r '.targets[0].reason' r.json >reason 2>/dev/null || sed -n 's/.*"reason": "\(.*\)",$/\1/p' r.json >reason
	cat reason
}

# everywhere WORDS: the first poll's line, the verdict's line and every report have the words.
everywhere() {
	[[ $'\n'$stderr == *$'\n'"0m00s  "*"  nothing is selected: $1"* ]]
	[[ ${output##*$'\n'} == *"$1"* ]]
	[[ $(cat reason) == *"$1"* ]]
	local plain=${1//\'/} file
	for file in r.xml r.html r.md r.tap; do
		[[ $(sed "s/&apos;//g; s/&#39;//g; s/&quot;//g; s/'//g; s/\\\\//g; s/\`//g" "$file") == *"$plain"* ]] || {
			echo "$file"
			return 1
		}
	done
}

@test "for a mistyped environment, the most similar one and all of them are listed" {
	gate --chain rag --environment prodution --since any --timeout 2m
	[ "$status" = 3 ]
	everywhere "did you mean 'production'? The chain's environments are 'production' and 'staging'; the newest of the chain's 4 deployments are 'w4xk2n9' (in 'staging', BUILDING, 1"
	[[ $stderr == *"$newest4"* ]]
	# Printed once, not at every poll; the age is the one at the end.
	[ "$(grep -c "did you mean" <<<"$stderr")" = 1 ]
	[[ $(cat reason) == *"'w4xk2n9' (in 'staging', BUILDING, 11m old)"* ]]
	[[ $(cat reason) == *"waiting for a deployment in environment 'prodution', for "* ]]
}

@test "the words fit an environment in capitals, one without a similar name, and a chain without environments" {
	gate --chain rag --environment Production --since any --timeout 20s
	everywhere "did you mean 'production'? The chain's environments are"
	gate --chain rag --environment qa --since any --timeout 20s
	everywhere "the chain's environments are 'staging' and 'production'; the newest"
	[[ $stderr != *"did you mean"* ]]
	gate --chain search --environment production --since any --timeout 20s
	everywhere "no deployment of the chain is in an environment; the chain's only deployment is 's1' (in no environment, ACTIVE, 44d old)"
}

@test "for an unknown deployment, the most similar id and the three newest are listed" {
	gate --chain rag --deployment q86yjdx --timeout 5m
	[ "$status" = 5 ]
	everywhere "did you mean 'q86yjdy'? The newest of the chain's 4 deployments are 'w4xk2n9' (in 'staging', BUILDING, 1"
	[[ $stderr == *"did you mean 'q86yjdy'? The $newest4"* ]]
	gate --chain rag --deployment nothing1 --timeout 5m
	[[ $stderr == *"nothing is selected: the $newest4"* ]]
	gate --chain empty --deployment d1 --timeout 5m
	everywhere "the chain has no deployments"
}

@test "white space that looks like a space is visible in names" {
	gate --chain rag --deployment $'q86yjdy\u00a0' --timeout 5m
	[[ $output == *"no deployment 'q86yjdy\\u{a0}' is listed for the chain 'rag'"* ]]
	gate --chain $'rag\u3000' --deployment q86yjdy --timeout 20s
	[[ $output == *"no chain has the id or name 'rag\\u{3000}'"* ]]
	gate --chain rag --deployment q86yjdy --timeout $'5m\u202f'
	[ "$status" = 2 ]
	[[ $stderr == *"--timeout cannot be '5m\\u{202f}'"* ]]
}

@test "if since leaves out everything, the number of matching deployments and the three newest are listed" {
	gate --chain rag --latest --since 5m --timeout 20s
	[ "$status" = 3 ]
	everywhere "4 that fit are left out by 'since'; the newest of the chain's 4 deployments are 'w4xk2n9' (in 'staging', BUILDING, 10m old)"
	gate --chain rag --environment production --since 5m --timeout 20s
	everywhere "1 that fits is left out by 'since'; the newest of"
	gate --chain search --all-deployments --since 5m --timeout 20s
	everywhere "1 that fits is left out by 'since'; the chain's only deployment is 's1'"
}

@test "a character that nobody sees is visible in a mistyped environment, id and chain" {
	local mark code i=0
	for mark in $'\u00a0' $'\u2003' $'\u200b' $'\u00ad' $'\ufeff' $'\u3000'; do
		code=$(printf '%d' "'$mark") && code=$(printf '\\u{%x}' "$code")
		gate --chain rag --environment "production$mark" --since any --timeout 2m
		[[ $stderr == *"  rag/production$code  nothing is selected: did you mean 'production'?"*"waiting: a deployment in environment 'production$code', for 1m00s"* ]]
		[[ $output == *" on rag/production$code in "*"waiting for a deployment in environment 'production$code'"* ]]
		gate --chain rag --deployment "q86y${mark}jdy" --timeout 2m
		[[ $stderr == *"  rag/q86y${code}jdy  nothing is selected: did you mean 'q86yjdy'?"* ]]
		gate --chain "${mark}rag" --deployment q86yjdy --timeout 2m
		[[ $output == *"the chain '${code}rag' was not found"* ]]
		printf 'version: 1\nbaseline: {environment: "staging%s"}\nrules: [min_replica >= baseline.min_replica]\n' "$mark" >baseline.yaml
		run --separate-stderr "$CHAINGATE" check baseline.yaml --chain rag --deployment q86yjdy --timeout 1m
		# What has no width is refused in a policy.
		[[ $stderr == *"no deployment is in environment 'staging$code'; did you mean 'staging'?"* || ($status = 2 && $stderr == *"baseline.yaml:2:"*"error: "*"$code"*) ]]
	done
}

@test "for an unknown chain, the most similar ones are listed" {
	gate --chain serch --deployment s1 --timeout 5m
	[ "$status" = 5 ]
	words="no chain has the id or name 'serch'; the key can see 'search', "
	[[ $stderr == *"0m00s  api  "*"$words"* ]]
	[[ ${output##*$'\n'} == *"$words"* && $(cat reason) == *"$words"* ]]
	run "$CHAINGATE" status --chain serch
	[[ $output == *"$words"* ]]
}

@test "a baseline's environment, deployment or chain that isn't there is noted at the first poll, and is in the evidence" {
	cat >policy.yaml <<-'END'
		version: 1
		wait: {stable_for: 20s}
		baseline: {environment: prodution}
		rules: [min_replica >= baseline.min_replica]
	END
	gate --chain rag --deployment q86yjdy --timeout 1m
	[ "$status" = 4 ]
	words="no deployment is in environment 'prodution'; did you mean 'production'? The chain's environments are 'production' and 'staging'"
	[[ $stderr == *"0m00s  rag/q86yjdy  note: there is no baseline: $words"$'\n'* ]]
	[ "$(grep -c "there is no baseline" <<<"$stderr")" = 1 ]
	[[ $output == *"prodution"* && $(tr -s ' \n' '  ' <<<"$output") == *"did you mean 'production'?"* ]]
	sed -i 's/environment: prodution/deployment: w4xk2n8/' policy.yaml
	gate --chain rag --deployment q86yjdy --timeout 1m
	[[ $stderr == *"note: there is no baseline: no deployment 'w4xk2n8' is listed; did you mean 'w4xk2n9'? The newest of the chain's 4 deployments are 'w4xk2n9' (in 'staging'), 'q86yjdy' (in 'production') and 'zz00001' (in no environment)"$'\n'* ]]
	sed -i 's/{deployment: w4xk2n8/{chain: serch, deployment: s1/' policy.yaml
	gate --chain rag --deployment q86yjdy --timeout 1m
	[[ $stderr == *"note: there is no baseline: no chain has the id or name 'serch'; the key can see 'search', "* ]]
}

@test "status lists them, too, once and with --watch" {
	run --separate-stderr "$CHAINGATE" status --chain rag --environment prodution
	[ "$status" = 5 ]
	[ "$stderr" = "chaingate status: nothing is selected: did you mean 'production'? The chain's environments are 'production' and 'staging'; the $newest4" ]
	run --separate-stderr "$CHAINGATE" status --chain rag --deployment nothing1
	[ "$stderr" = "chaingate status: nothing is selected: the $newest4" ]
	run --separate-stderr "$CHAINGATE" status --chain rag --latest --since 5m
	[ "$stderr" = "chaingate status: nothing is selected: 4 that fit are left out by 'since'; the $newest4" ]
	run --separate-stderr "$CHAINGATE" status --chain empty
	[ "$stderr" = "chaingate status: nothing is selected: the chain has no deployments" ]
	VIRTUAL_EVENTS='35s signal INT' run --separate-stderr "$CHAINGATE" status --chain rag --deployment nothing1 --watch
	[ "$stderr" = "chaingate status: nothing is selected: the $newest4" ]
}

@test "a deployment that appears later is selected, and the others aren't listed any more" {
	cat >world.yaml <<-'END'
		api_key: simulator-key
		chains: [{id: c1, name: rag}]
		deployments:
		  - {id: d1, chain: c1, created_at: "2026-08-14T06:00:00Z", environment: {0s: null, 35s: staging, 65s: null}, chainlets: [{name: A, status: LOADING_MODEL}]}
	END
	gate --chain rag --environment staging --since any --timeout 2m
	[ "$(sed -n 's/^\([0-9ms]*\)  rag.staging  \(selected: d1\|nothing is selected: no dep.*\)$/\1 \2/p' <<<"$stderr")" = "0m00s nothing is selected: no deployment of the chain is in an environment; the chain's only deployment is 'd1' (in no environment, LOADING_MODEL, 3h old)
0m40s selected: d1
1m10s nothing is selected: no deployment of the chain is in an environment; the chain's only deployment is 'd1' (in no environment, LOADING_MODEL, 3h old)" ]
}
