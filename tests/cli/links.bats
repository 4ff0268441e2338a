#!/usr/bin/env bats
# links.bats - where reports go if others can write there: links and files of other users, of root and of /proc; and the rights of a new report. In virtual time.

load set_up
load virtual
load places

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
