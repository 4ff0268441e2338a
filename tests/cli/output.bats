#!/usr/bin/env bats
# output.bats - outputs that can't be written: the gate doesn't pass if its answer can't be delivered.

load set_up
file_world=single.yaml

setup() {
	set_up
	printf '%s\n' 'version: 1' 'rules: [min_replica >= 2]' >strict.yaml
	set_arguments
}

set_arguments() {
	pass=(check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s)
	fail=(check strict.yaml --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s)
}

# Uses libcurl, because its sockets might get the number of a closed descriptor.
set_up_wire() {
	on_the_wire
	set_arguments
}

# exits CODE COMMAND…: the command exits with this code; its stderr is in err.
exits() {
	local expected=$1 code=0
	shift
	"$@" 2>err </dev/null || code=$?
	cat err >&2
	echo "exit $code" >&2 # stdout may be full, or closed
	[ "$code" = "$expected" ]
}

@test "with a full stdout a pass exits with 6, and a failure still with 1" {
	[ -c /dev/full ] || skip "there is no /dev/full"
	exits 6 "$CHAINGATE" "${pass[@]}" >/dev/full
	grep -q 'could not write the verdict to stdout: No space left' err
	exits 1 "$CHAINGATE" "${fail[@]}" >/dev/full
	exits 6 "$CHAINGATE" "${pass[@]}" --quiet >/dev/full
}

@test "with a closed stdout a pass exits with 6, and no report is damaged" {
	set_up_wire
	exits 6 "$CHAINGATE" "${pass[@]}" >&-
	grep -q 'could not write the verdict to stdout' err
	exits 1 "$CHAINGATE" "${fail[@]}" >&-
	# No report's file gets descriptor 1, where stdout would overwrite it.
	exits 6 "$CHAINGATE" "${pass[@]}" --junit r.xml >&-
	xmllint --noout r.xml
}

@test "reports are complete with a closed stderr, and with all three streams closed" {
	set_up_wire
	local code=0
	"$CHAINGATE" "${pass[@]}" --junit r.xml 2>&- >out || code=$?
	[ "$code" = 0 ]
	xmllint --noout r.xml
	grep -q '^passed:' out
	code=0
	"$CHAINGATE" "${pass[@]}" --junit r2.xml <&- >&- 2>&- || code=$?
	[ "$code" = 6 ]
	xmllint --noout r2.xml
}

@test "a full stderr doesn't matter" {
	[ -c /dev/full ] || skip "there is no /dev/full"
	local code=0
	"$CHAINGATE" "${pass[@]}" 2>/dev/full >out || code=$?
	[ "$code" = 0 ]
	grep -q '^passed:' out
}

@test "a pass exits with 6 if the reader of its stdout has gone" {
	# The pipe's reader ends before the gate does; the gate's exit code counts.
	local code=0
	mkfifo gone
	"$CHAINGATE" "${pass[@]}" >gone 2>err 3>&- &
	exec {reader}<gone
	exec {reader}<&-
	wait $! || code=$?
	cat err
	[ "$code" = 6 ]
}

@test "a report that can't be written is noticed before the first poll, or turns a pass into 6" {
	: >file
	mkdir directory
	# Noticed before the first poll.
	exits 2 "$CHAINGATE" "${pass[@]}" --junit file/r.xml
	grep -q "the report junit cannot be written to 'file/r.xml': Not a directory" err
	exits 2 "$CHAINGATE" "${pass[@]}" --junit directory
	grep -q "the report junit cannot be written to 'directory': Is a directory" err
	exits 2 "$CHAINGATE" "${fail[@]}" --junit file/r.xml
	grep -q 'cannot be written to' err
	exits 2 "$CHAINGATE" check --chain rag --junit file/r.xml
	grep -q 'could not write the report' err
	if [ -c /dev/full ]; then
		exits 6 "$CHAINGATE" "${pass[@]}" --junit /dev/full
		grep -q 'could not write the report junit to /dev/full: No space left on device' err
	fi
	# The other reports are written.
	exits 2 "$CHAINGATE" "${pass[@]}" --report junit=file/r.xml --report junit-strict=other.xml
	xmllint --noout other.xml
	# No temporary file remains.
	[ -z "$(find . -name '*.tmp')" ]
}

@test "a working directory that is gone" {
	mkdir gone
	cd gone
	rmdir ../gone
	err=$BATS_TEST_TMPDIR/err
	local code=0
	"$CHAINGATE" "${pass[@]}" --report junit=r.xml --report junit-strict="$BATS_TEST_TMPDIR/strict.xml" \
		>"$BATS_TEST_TMPDIR/out" 2>"$err" </dev/null || code=$?
	cat "$err"
	[ "$code" = 2 ]
	grep -q "the report junit cannot be written to 'r.xml': No such file or directory" "$err"
	xmllint --noout "$BATS_TEST_TMPDIR/strict.xml"
	code=0
	"$CHAINGATE" check strict.yaml --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s >/dev/null 2>"$err" </dev/null || code=$?
	[ "$code" = 2 ]
	grep -q "could not read the policy 'strict.yaml': No such file or directory" "$err"
}

# Permissions don't stop root, so another user runs the gate, in a folder of their own.
as_nobody() {
	if [ "$(id -u)" -ne 0 ]; then
		"$@"
	else
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	fi
}

@test "a policy that cannot be read and a folder that cannot be written are refused; the other reports are written" {
	[ "$(id -u)" -ne 0 ] || command -v setpriv >/dev/null || skip "there is no setpriv"
	open_folder
	cp "$CHAINGATE" chaingate
	cp "$VIRTUAL_SCENARIO" world.yaml
	export VIRTUAL_SCENARIO=$PWD/world.yaml
	unset VIRTUAL_LOG # the other user may not write there
	cp "$BATS_TEST_TMPDIR/strict.yaml" strict.yaml
	mkdir locked open
	chmod 755 chaingate
	chmod 000 strict.yaml
	chmod 555 locked
	chmod 777 open
	err=$BATS_TEST_TMPDIR/err
	local code=0
	as_nobody ./chaingate "${pass[@]}" --report junit=locked/r.xml --report junit-strict=open/strict.xml >"$BATS_TEST_TMPDIR/out" 2>"$err" </dev/null || code=$?
	cat "$err"
	[ "$code" = 2 ]
	grep -q "the report junit cannot be written to 'locked/r.xml': Permission denied" "$err"
	xmllint --noout open/strict.xml
	code=0
	as_nobody ./chaingate "${fail[@]}" --junit open/r.xml >/dev/null 2>"$err" </dev/null || code=$?
	cat "$err"
	[ "$code" = 2 ]
	grep -q "could not read the policy 'strict.yaml': Permission denied" "$err"
	xmllint --noout open/r.xml
	code=0
	as_nobody ./chaingate "${pass[@]}" --record locked/run.ndjson --junit open/r2.xml >/dev/null 2>"$err" </dev/null || code=$?
	[ "$code" = 2 ]
	grep -q "could not write the recording 'locked/run.ndjson': Permission denied" "$err"
	xmllint --noout open/r2.xml
}

@test "a report on stdout sends the verdict to stderr" {
	exits 0 "$CHAINGATE" "${pass[@]}" --junit - >out
	xmllint --noout out
	grep -q '^passed:' err
	run ! grep -q '^passed:' out
	exits 0 "$CHAINGATE" "${pass[@]}" --junit /dev/stdout >out
	xmllint --noout out
	[ ! -c /dev/full ] || exits 6 "$CHAINGATE" "${pass[@]}" --junit - >/dev/full
}

@test "a report's missing folders are created, and an older report is replaced" {
	exits 0 "$CHAINGATE" "${pass[@]}" --junit a/b/c.xml >out
	xmllint --noout a/b/c.xml
	echo old >r.xml
	exits 1 "$CHAINGATE" "${fail[@]}" --junit r.xml >out
	xmllint --noout r.xml
	[ "$(find a r.xml -type f | wc -l)" = 2 ]
}

@test "other commands say so, too, when their output can't be written" {
	[ -c /dev/full ] || skip "there is no /dev/full"
	exits 6 "$CHAINGATE" help >/dev/full
	grep -q 'could not write to stdout' err
	exits 6 "$CHAINGATE" version >/dev/full
	exits 6 "$CHAINGATE" check --help >/dev/full
	exits 6 "$CHAINGATE" lint strict.yaml >/dev/full
	exits 6 "$CHAINGATE" status --chain rag --api-url "$SIM_URL" >/dev/full
}

@test "every command ends with an exit code when nobody reads its pipe" {
	local words
	mkfifo nobody
	exec 6<>nobody 7>nobody 6<&-
	mkdir recordings
	printf '%s\n' 'version: 1' 'rules: [all chainlets ACTIVE]' >up.yaml
	exits 0 "$CHAINGATE" "${pass[@]}" --record recordings/a.ndjson >out
	printf '%s\n' 'tests:' '  - {name: t, policy: strict.yaml, timeline: [{at: 0s, deployments: []}], expect: {verdict: timed_out}}' >t.yaml
	exits 0 "$CHAINGATE" status --chain rag --api-url "$SIM_URL" --body body.json >out
	while read -r words; do
		# shellcheck disable=SC2086 # words
		exits 6 "$CHAINGATE" $words >&7
	done <<-END
		help
		version
		schema
		init
		explain
		completion bash
		check --help
		check --chain rag --latest --since any --print-config
		lint strict.yaml
		lint strict.yaml --format json
		test t.yaml
		eval --policy up.yaml --body body.json
		replay recordings
		replay recordings/a.ndjson
		status --chain rag --api-url $SIM_URL
		${pass[@]}
		${pass[@]} --report json=-
	END
	# A code that says more stays.
	exits 2 "$CHAINGATE" lint t.yaml >&7
	exits 1 "$CHAINGATE" eval --body body.json 'any chainlet BUILDING' >&7
	exec 7>&-
}

# unread_terminal BYTES WORD…: the exit code of a command whose stdout and stderr are a terminal that nobody reads. It is full, but for that many bytes.
unread_terminal() {
	TERM=xterm python3 - "$@" <<-'END'
		import os, subprocess, sys
		master, terminal = os.openpty()
		os.set_blocking(terminal, False)
		try:
		    while os.write(terminal, b"full "):
		        pass
		except BlockingIOError:
		    pass
		os.set_blocking(terminal, True)
		os.read(master, int(sys.argv[1]))
		command = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal)
		try:
		    print(command.wait(120))
		except subprocess.TimeoutExpired:
		    command.kill()
		    print("hangs")
		assert os.get_blocking(terminal), "the terminal of others was changed"
	END
}

@test "every command ends with an exit code when nobody reads its terminal" {
	[ -c /dev/ptmx ] || skip "there are no terminals"
	local words room expected
	# With room for some bytes, poll says that a terminal takes writes, and the write waits for room for all.
	for room in 1 1600 2000; do
		while read -r expected words; do
			# shellcheck disable=SC2086 # words
			run -0 unread_terminal "$room" "$real" $words
			# A kernel may take all of a short text.
			[ "$output" = "$expected" ] || [ "$expected:$output" = 6:0 ] || { echo "$room: $words: $output" && return 1; }
		done <<-END
			6 help
			6 schema
			5 check --chain rag --latest --since any --api-url http://127.0.0.1:9 --progress live --timeout 300ms --interval 100ms --junit r.xml
		END
		grep -q '<failure\|<error' r.xml
	done
}

@test "colours are only where they are wanted" {
	local escape=$'\e['
	exits 0 "$CHAINGATE" "${pass[@]}" >out
	run ! grep -qF "$escape" out
	exits 0 "$CHAINGATE" "${pass[@]}" --color always >out
	grep -qF "$escape" out
	FORCE_COLOR=1 exits 0 "$CHAINGATE" "${pass[@]}" >out
	grep -qF "$escape" out
	FORCE_COLOR=0 exits 0 "$CHAINGATE" "${pass[@]}" >out
	run ! grep -qF "$escape" out
	NO_COLOR=1 FORCE_COLOR=1 exits 0 "$CHAINGATE" "${pass[@]}" >out
	run ! grep -qF "$escape" out
	NO_COLOR=1 exits 0 "$CHAINGATE" "${pass[@]}" --color always >out
	grep -qF "$escape" out
	FORCE_COLOR=1 exits 0 "$CHAINGATE" "${pass[@]}" --color never >out
	run ! grep -qF "$escape" out
}

@test "the key is in no output, even when the server sends it back" {
	local key=canary-key-5f2b
	# The key is plain, escaped, in a status, in an error, in a name.
	cat >echo.yaml <<-END
		api_key: $key
		chains:
		  - {id: c1, name: one}
		  - {id: c2, name: two}
		  - {id: c3, name: three}
		bodies:
		  - {at: 0s, chain: c1, status: 500, text: '{"error": "no such key: $key, Api-Key $key"}'}
		  - {at: 0s, chain: c2, text: 'not JSON: canary\u002dkey-5f2b $key'}
		  - {at: 0s, chain: c3, text: '{"deployments":[{"id":"q86yjdy","created_at":"2026-01-01T00:00:00Z","chain_id":"c3","environment":"canary\u002Dkey-5f2b","chainlets":[{"id":"a","name":"$key","autoscaling_settings":null,"instance_type_name":"$key","active_replica_count":0,"status":"$key"}],"status":"ACTIVE"}]}'}
	END
	start_world "$PWD/echo.yaml"
	local chain code
	for chain in one two three; do
		code=0
		BASETEN_API_KEY=$key "$CHAINGATE" check --chain $chain --deployment q86yjdy --api-url "$SIM_URL" --timeout 2s \
			--interval 100ms --verbose --junit $chain.xml >$chain.out 2>$chain.err || code=$?
		[ "$code" != 0 ]
		xmllint --noout $chain.xml
		BASETEN_API_KEY=$key "$CHAINGATE" status --chain $chain --api-url "$SIM_URL" >$chain.status 2>&1 || true
	done
	rm echo.yaml
	run ! grep -rlE 'canary|5f2b' --exclude-dir='sim.*' .
	grep -q '\*\*\*\*' three.err
}

@test "in a narrow window notes are wrapped between words, and no line is a command" {
	cat >words.yaml <<-'END'
		version: 1
		rules:
		  - name: enough
		    assert: all chainlets where min_replica >= 1 have max_replica >= 20 and min_replica >= 2
		    message: "One sentence that is rather longer than the window that it is read in, ::error::b and another."
	END
	for columns in 50 72; do
		COLUMNS=$columns exits 1 "$CHAINGATE" check words.yaml --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s >out
		cat out
		[ "$(sed -n '/= seen:/,/^$/p' out | wc -L)" -le "$columns" ]
		[ "$(sed -n '/= help:/,/^$/p' out | sed 's/^ *\(= help:\)\? *//' | tr '\n' ' ' | tr -d '\\')" = "One sentence that is rather longer than the window that it is read in, ::error::b and another.  " ]
		! grep -E '^ *::' out || false
	done
	exits 1 "$CHAINGATE" check words.yaml --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s >out
	grep -q '= help:  One sentence .* another\.$' out
}
