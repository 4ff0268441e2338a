#!/usr/bin/env bats
# places.bats - where reports go: no report overwrites another or an input, or is lost to a full disk, whatever its path.

load set_up
load virtual

setup() {
	set_up
	start_world "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	cat >targets.yaml <<-'END'
		version: 1
		targets:
		  - {name: A, chain: rag, deployment: q86yjdy}
		  - {name: B, chain: rag, deployment: q86yjdy}
		rules:
		  - all chainlets ACTIVE
	END
}

# gate EXPECTED ARGUMENT…: sets err to the gate's stderr.
gate() {
	local expected=$1 code=0
	shift
	"$CHAINGATE" check --api-url "$SIM_URL" --timeout 0s "$@" >stdout 2>err </dev/null || code=$?
	err=$(<err)
	[ "$code" = "$expected" ] || { echo "check $*: exit $code" && cat stdout err && return 1; }
}

# says WORDS…: the last gate's stderr contains the words.
says() {
	local words
	for words; do
		[[ $err == *"$words"* ]] || { echo "no '$words' in:" && echo "$err" && return 1; }
	done
}

# has FILE WORDS…
has() {
	local words content file=$1
	shift
	content=$(<"$file")
	for words; do
		[[ $content == *"$words"* ]] || { echo "no '$words' in $file:" && echo "$content" && return 1; }
	done
}

one=(--chain rag --deployment q86yjdy)

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

# shared_folder MODE: makes the folder `shared`, in which another user has put links to our files `mine` and `folder/mine`, and a file `theirs`.
shared_folder() {
	[ "$(id -u)" = 0 ] || skip "only root can make another user's links"
	rm -rf shared folder
	mkdir -m "$1" shared folder
	chown 65533 shared
	echo ours >mine
	echo ours >folder/mine
	ln -s "$PWD/mine" shared/report
	ln -s "$PWD/nothing" shared/dangling
	ln -s "$PWD/folder" shared/folder
	ln -s report shared/twice
	echo theirs >shared/theirs
	chmod 666 shared/theirs
	chown -h 65534 shared/*
}

@test "another user's link isn't followed in a folder that others can write to, wherever it is in the path" {
	local mode place modes="1777 0777 0775" words="its path has another user's link in a folder that others can write to"
	! is_sanitized || modes=1777
	for mode in $modes; do
		shared_folder "$mode"
		for place in shared/report shared/dangling shared/twice shared/folder/mine shared/folder/new "$PWD/shared/folder/sub/../mine"; do
			gate 2 "${one[@]}" --junit "$place"
			# A long path is cut in the middle.
			says "the report junit cannot be written to '" "': $words" "nothing was judged"
			gate 2 "${one[@]}" --record "$place"
			says "could not write the recording '" "': $words"
			GITHUB_STEP_SUMMARY=$place gate 2 "${one[@]}" --report markdown
			says "$words"
			run "$CHAINGATE" status "${one[@]}" --api-url "$SIM_URL" --body "$place"
			[ "$status" = 6 ]
			[[ $output == *"$words"* ]]
		done
		GITHUB_OUTPUT=shared/report gate 6 "${one[@]}"
		says "could not write the step's outputs to shared/report: $words"
		[ "$(<mine)$(<folder/mine)" = oursours ]
		[ ! -e nothing ]
		[ ! -e folder/new ]
	done
}

@test "another user's link isn't followed either if it only comes into the path when a missing folder is made" {
	local place words="its path has another user's link in a folder that others can write to"
	shared_folder 1777
	for place in report dangling folder/mine folder/sub/new; do
		gate 2 "${one[@]}" --record "new/../shared/$place"
		says "could not write the recording 'new/../shared/$place': $words"
		[ -d new ] && rmdir new
		gate 2 "${one[@]}" --junit "new/../shared/$place"
		says "$words"
		[ -d new ] && rmdir new
	done
	[ "$(<mine)$(<folder/mine)" = oursours ]
	[ ! -e nothing ]
	[ "$(ls folder)" = mine ]
}

@test "root's links are followed for other users, too" {
	local place name
	local -a as=(setpriv --reuid=65532 --clear-groups)
	needs setpriv
	open_folder
	cp "$CHAINGATE" chaingate
	cp "$VIRTUAL_SCENARIO" world.yaml
	export VIRTUAL_SCENARIO=$PWD/world.yaml
	unset VIRTUAL_LOG # the other user may not write there
	shared_folder 0775
	chmod a+rx chaingate
	chmod a+r world.yaml
	chmod a+rwx shared mine
	chown 65532 .
	chown -h 0 shared/report shared/dangling
	for place in report dangling; do
		for name in --junit --record; do
			"${as[@]}" ./chaingate check --api-url "$SIM_URL" --timeout 0s "${one[@]}" $name "shared/$place" >stdout 2>err </dev/null || { cat err && return 1; }
		done
	done
	grep -q '"kind":"end"' mine nothing
	code=0
	"${as[@]}" ./chaingate check --api-url "$SIM_URL" --timeout 0s "${one[@]}" --junit shared/twice >stdout 2>err </dev/null || code=$?
	[ "$code" = 2 ]
}

@test "a report goes to a descriptor's link in /proc, whatever the descriptor is, but not to a loop of links" {
	gate 0 "${one[@]}" --record /dev/fd/7 --junit /dev/fd/8 --report json=/dev/fd/9 7> >(cat >record) 8>junit 9> >(cat >json)
	until_true grep -q '"kind":"end"' record
	until_true grep -q '"exit": 0' json
	xmllint --noout junit
	grep -q '<testsuites.* errors="0"' junit
	# What was there before is replaced, in the same file.
	head -c 9000 /dev/zero | tr '\0' x >env
	ln env same
	ln -s /dev/fd/8 link
	gate 0 "${one[@]}" --report env=/proc/self/fd/7 --junit link 7>>env 8>junit
	grep -q '^CHAINGATE_VERDICT=passed' env
	run -1 grep -q xxx env
	cmp env same
	grep -q '<testsuites.* errors="0"' junit
	ln -s loop loop
	gate 2 "${one[@]}" --junit loop
	says "Too many levels of symbolic links"
	gate 2 "${one[@]}" --record loop
	says "Too many levels of symbolic links"
	[ -L loop ]
}

@test "links are followed if they are ours, the folder's owner's, or in a folder that only its owner can write to" {
	local place
	shared_folder 1777
	chown -h 0 shared/report
	chown -h 65533 shared/dangling shared/folder
	for place in shared/report shared/dangling shared/folder/new; do
		gate 0 "${one[@]}" --junit "$place"
		xmllint --noout "$place"
	done
	shared_folder 0755
	for place in shared/report shared/dangling shared/twice shared/folder/new; do
		gate 0 "${one[@]}" --junit "$place" --record recording
		xmllint --noout "$place"
	done
	[ -L shared/report ]
	ln -s shared/twice outside
	gate 0 "${one[@]}" --junit outside
}

@test "another user's file in a folder such as /tmp gets no report, because they could change it" {
	local words="another user's file is there, in a folder that others can write to"
	shared_folder 1777
	mkfifo shared/pipe
	chown 65534 shared/pipe
	for place in theirs pipe; do
		gate 2 "${one[@]}" --junit shared/$place
		says "the report junit cannot be written to 'shared/$place': $words"
		gate 2 "${one[@]}" --record shared/$place
		says "$words"
	done
	[ "$(<shared/theirs)" = theirs ]
	# In another folder its owner decides who may write.
	shared_folder 0777
	gate 0 "${one[@]}" --junit shared/theirs
}

@test "a new report has the rights that the umask leaves, and none makes it a program with other rights" {
	umask 027
	gate 0 "${one[@]}" --junit new --report json=folder/new --record recording
	[ "$(stat -c %a new folder folder/new recording)" = $'640\n750\n640\n640' ]
	touch old
	chmod 6755 old
	gate 0 "${one[@]}" --junit old
	[ "$(stat -c %a old)" = 755 ]
}
