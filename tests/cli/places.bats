#!/usr/bin/env bats
# places.bats - where reports go: no report overwrites another or an input, or is lost to a full disk, whatever its path.

load set_up
load virtual
load places

@test "one place under two names is refused, even if the file doesn't exist yet" {
	mkdir real
	ln -s real link
	local here=$PWD
	for other in "$here/same" "../${here##*/}/same" "./real/../same" "$here//./same" "new/../same"; do
		gate 2 "${one[@]}" --junit same --report "json=$other"
		says "two reports cannot both be written to"
		gate 2 "${one[@]}" --record same --report "json=$other"
		says "the recording cannot be written to 'same': a report is written there"
		rm -f same
	done
	gate 2 "${one[@]}" --junit real/r --report json=link/r
	gate 2 "${one[@]}" --junit real/new/r --report json=link/new/r
	gate 0 "${one[@]}" --junit real/r --report json=real/s
}

@test "one place through dangling links is refused" {
	mkdir real
	ln -s nowhere one
	ln -s "$PWD/nowhere" two
	ln -s two three
	ln -s real/new four
	ln -s ./real/../real/new five
	ln -s missing/x six
	ln -s missing seven
	ln -s loop loop
	local a b
	while read -r a b; do
		gate 2 "${one[@]}" --junit "$a" --report "json=$b"
		says "two reports cannot both be written to"
		gate 2 "${one[@]}" --record "$a" --report "json=$b"
		says "a report is written there"
		rm -rf nowhere real/new missing
	done <<-END
		one two
		two one
		one three
		three nowhere
		four five
		real/new five
		six seven/x
	END
	gate 0 "${one[@]}" --junit one --report json=four
	[ -s nowhere ] && [ -s real/new ]
}

@test "no report is written over an input, or over a file that the CI system's steps share" {
	local place name content
	printf '[baseten]\napi_key = 12345678\n' | tee .trussrc >rc
	for name in GITHUB_OUTPUT GITHUB_ENV GITHUB_PATH GITHUB_STATE GITHUB_EVENT_PATH BASH_ENV BUILDKITE_ENV_FILE CIRRUS_ENV ENVMAN_ENVSTORE_PATH BITBUCKET_PIPELINES_VARIABLES_PATH DRONE_OUTPUT CM_ENV GITHUB_STEP_SUMMARY SSL_CERT_FILE USER_TRUSSRC_PATH; do
		echo precious >"$name"
		ln -s "$name" "link-$name"
		for place in "$name" "./$name" "link-$name" "$PWD/$name"; do
			for option in "--junit=$place" "--report=html=$place" "--record=$place"; do
				code=0
				env "$name=$PWD/$name" "$CHAINGATE" check --api-url "$SIM_URL" --timeout 0s "${one[@]}" "$option" >stdout 2>err </dev/null || code=$?
				err=$(<err)
				[[ $code == 2 && ($err == *"this run reads it"* || $err == *"it belongs to the CI system"*) ]] ||
					{ echo "$name $option: exit $code: $err" && return 1; }
				content=$(<"$name")
				[[ $content == precious* && $content != *'<'* ]] || { echo "$option: $name has" && echo "$content" && return 1; }
			done
		done
	done
	gate 2 "${one[@]}" --junit .trussrc
	cmp .trussrc rc
	gate 2 "${one[@]}" --record .trussrc
	cmp .trussrc rc
	echo simulator-key >key
	gate 2 "${one[@]}" --api-key-file key --junit key
	[ "$(cat key)" = simulator-key ]
}

@test "markdown that is sent to the step's summary by its path is appended, too" {
	echo before >summary
	ln -s summary link
	for place in summary link "$PWD/summary"; do
		GITHUB_STEP_SUMMARY=$PWD/summary gate 0 "${one[@]}" --report "markdown=$place"
	done
	[ "$(head -n 1 summary)" = before ]
	[ "$(grep -c '^## chaingate: passed' summary)" = 3 ]
	# As without a path, one report goes there, and nothing goes to a device twice.
	GITHUB_STEP_SUMMARY=$PWD/summary gate 2 "${one[@]}" --report markdown --report markdown=summary
	GITHUB_STEP_SUMMARY=/dev/null gate 0 "${one[@]}" --report json=/dev/null
}

@test "a path that begins with an unexpanded ~ is refused in every option" {
	local option
	printf '[baseten]\napi_key = 12345678\n' >.trussrc
	for option in '--junit=~/x' '--report=json=~/x' '--record=~/x' '--api-key-file=~/x' '--ca-file=~/x' '~/policy.yaml' '~' '--junit=~root/x' '--record=~build.user-1/x' '--report=tap=~+/x' '--ca-file=~-/x'; do
		gate 2 "${one[@]}" "$option"
		says "begins with ~: the shell did not replace it"
		says 'write the whole path instead of ~, such as $HOME; ./~ if it is a name'
	done
	CHAINGATE_CA_FILE='~/x' gate 2 "${one[@]}"
	says "CHAINGATE_CA_FILE: the path '~/x' begins with ~"
	for command in lint test replay init; do
		! "$CHAINGATE" "$command" '~/x' >stdout 2>err || false
		has err "begins with ~"
	done
	! "$CHAINGATE" eval 'all chainlets ACTIVE' --body '~/x' >stdout 2>err || false
	has err "begins with ~"
	[ ! -e '~' ]
	# `~` in the middle of a name is an ordinary character.
	gate 0 "${one[@]}" --junit 'a~/x' --report 'json=~x' --report 'tap=./~x.d/x'
	[ -s 'a~/x' ] && [ -s '~x' ] && [ -s '~x.d/x' ]
}

@test "a recording's missing folders are created" {
	gate 0 "${one[@]}" --record new/deep/run.ndjson
	tail -n 1 new/deep/run.ndjson | grep -q '"kind":"end"'
	: >file
	gate 2 "${one[@]}" --record file/run.ndjson
	says "could not write the recording 'file/run.ndjson': Not a directory"
}

@test "{target}: only the report that would be written over something else is left out" {
	gate 2 targets.yaml --junit out/j.xml --report 'json=out/{target}.json' --report html=out/A.json
	says "a report cannot be written to 'out/A.json': something else is written there"
	has out/j.xml 'errors="1"'
	has out/A.json '"exit": 2'
	cp targets.yaml A.yaml
	gate 2 A.yaml --report 'json={target}.yaml'
	cmp A.yaml targets.yaml
}

@test "{target}: a run that polls nothing replaces the last run's pass" {
	gate 0 targets.yaml --report 'json=out/{target}.json'
	has out/A.json '"verdict": "passed"'
	BASETEN_API_KEY='' gate 2 targets.yaml --report 'json=out/{target}.json'
	for target in A B; do
		has "out/$target.json" '"verdict": null'
	done
	[ "$(ls out)" = "$(printf 'A.json\nB.json')" ]
	# Without a valid policy, no target is known.
	sed -i 's/ACTIVE/ACTVE/' targets.yaml
	gate 2 targets.yaml --report 'json=out/{target}.json'
	has out/none.json '"verdict": null'
}

@test "{target}: names longer than file systems allow get different files" {
	sed -i "s/name: A/name: $(printf 'a%.0s' $(seq 300))/; s/name: B/name: $(printf 'a%.0s' $(seq 299))b/" targets.yaml
	gate 0 targets.yaml --report 'json=out/{target}.json'
	[ "$(find out -type f | wc -l)" = 2 ]
}

@test "a replay writes over no file that it reads" {
	printf 'version: 1\nrules: [all chainlets ACTIVE]\n' >policy.yaml
	gate 0 policy.yaml "${one[@]}" --record run.ndjson
	cp policy.yaml kept.yaml
	for target in policy.yaml run.ndjson "$PWD/policy.yaml"; do
		for today in "--policy policy.yaml" ""; do
			code=0
			# shellcheck disable=SC2086 # an option and its value, or nothing
			"$CHAINGATE" replay run.ndjson $today --report "json=$target" >stdout 2>err </dev/null || code=$?
			[ "$code" = 2 ]
			has err "a report cannot be written over"
			cmp policy.yaml kept.yaml
		done
	done
	echo "rules: [broken" >policy.yaml
	cp policy.yaml kept.yaml
	! "$CHAINGATE" replay run.ndjson --report json=policy.yaml >stdout 2>err </dev/null || false
	cmp policy.yaml kept.yaml
}

@test "a replay writes no outputs for later steps" {
	gate 0 "${one[@]}" --record run.ndjson
	GITHUB_OUTPUT=$PWD/outputs "$CHAINGATE" replay run.ndjson >stdout
	[ ! -e outputs ]
}

@test "on a full disk a step's summary is complete or unchanged" {
	# A file size limit acts like a full disk.
	head -c 900 /dev/zero | tr '\0' x >summary
	code=0
	(
		trap '' XFSZ
		ulimit -f 1
		GITHUB_STEP_SUMMARY=$PWD/summary "$CHAINGATE" check --api-url "$SIM_URL" --timeout 0s "${one[@]}" --report markdown >/dev/null 2>err
	) || code=$?
	cat err
	[ "$code" = 6 ]
	[ "$(wc -c <summary)" = 900 ]
}

@test "annotations name the policy from the root of the checkout, however it was given" {
	mkdir -p checkout/.git checkout/deploy/policies
	printf 'version: 1\nrules:\n  - min_replica >= 99\n' | tee checkout/deploy/policies/strict.yaml >outside.yaml
	cd -P checkout/deploy
	local given path
	while read -r given path; do
		run "$CHAINGATE" check "$given" --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s --quiet --report github --report gitlab=codequality.json
		[[ $status == 1 && $output == *"::error file=$path,line=3,title="* ]] || { echo "for $given" && return 1; }
		has codequality.json "\"path\": \"$path\""
	done <<-END
		policies/strict.yaml deploy/policies/strict.yaml
		./policies/../policies//strict.yaml deploy/policies/strict.yaml
		../deploy/policies/strict.yaml deploy/policies/strict.yaml
		$PWD/policies/strict.yaml deploy/policies/strict.yaml
		../../outside.yaml ../../outside.yaml
		${PWD%/checkout/deploy}/outside.yaml ${PWD%/checkout/deploy}/outside.yaml
	END
	printf 'version: 1\nrules:\n  - min_replica >= 99\n' >stdin.yaml
	"$CHAINGATE" check - --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s --quiet --report github <stdin.yaml >out || true
	has out '::error file=<stdin>,line=3,'
	cd policies
	"$CHAINGATE" check strict.yaml --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s --quiet --report github >out || true
	has out '::error file=deploy/policies/strict.yaml,line=3,'
	rmdir ../../.git
	"$CHAINGATE" check ./strict.yaml --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s --quiet --report github >out || true
	has out '::error file=strict.yaml,line=3,'
}
