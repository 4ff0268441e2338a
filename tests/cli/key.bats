#!/usr/bin/env bats
# key.bats - the API key outside of the tool's output: in its memory, in /proc, in cores, in what libcurl writes, in every file.

load set_up

key=canary-5f2b9c7d1e4a8063.b7f2d1c9e8a6540312f7

# A chain that never comes to rest, whose API answers with the key.
setup_file() {
	cat >"$BATS_FILE_TMPDIR/echo.yaml" <<-END
		api_key: $key
		chains: [{id: c1, name: rag}]
		deployments:
		  - {id: q86yjdy, chain: c1, chainlets: [{name: "$key", status: LOADING_MODEL}]}
	END
	start_sim "$BATS_FILE_TMPDIR/echo.yaml"
}

# gate COMMAND…: starts a run that doesn't end by itself, and waits until it has polled, or stderr has the words in `seen`. Sets `gate`, its process.
gate() {
	"$@" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 2h --interval "${interval-100ms}" --verbose --progress lines \
		--junit report.xml --report json=report.json --record recording.ndjson <"${from-/dev/null}" >out 2>err 3>&- &
	gate=$!
	until_true grep -q "${seen-LOADING_MODEL}" err
}

# A run that a failed test left behind would keep the file from ending.
teardown() {
	[ -z "${gate-}" ] || kill -KILL "$gate" 2>/dev/null || true
}

# A shell's background jobs ignore SIGINT.
end_gate() {
	local code=0
	kill -TERM "$gate"
	wait "$gate" || code=$?
	gate='' # its number may soon be another process's
	[ "$code" = 143 ]
}

# copies: writes a line for each copy of the key in the gate's memory to the file `copies`. If that isn't permitted, the gate ends and the test is
# skipped; any other failure fails the test.
copies() {
	local code=0
	python3 "$BATS_TEST_DIRNAME/memory.py" "$gate" <<<"$key" >copies 2>refused || code=$?
	if [ "$code" = 77 ]; then
		end_gate
		skip "only root with SYS_PTRACE may read the memory of others"
	fi
	[ "$code" = 0 ] || { cat refused && return 1; }
}

@test "while a run lasts, the key isn't in its environment, nor in its command line" {
	local is_readable=
	BASETEN_API_KEY=$key CHAINGATE_SERVICE_TOKEN=$key-token BASETEN_TRUSS_AUTH_API_KEY=$key-2 gate "$CHAINGATE"
	# Unlike the environment, the command line is for everybody.
	run -1 grep -q canary "/proc/$gate/cmdline"
	# Only root with the right to trace may read it; `[ -r` says yes to any root.
	if cat "/proc/$gate/environ" >"$BATS_TEST_TMPDIR.environ" 2>/dev/null; then
		is_readable=1
		grep -q BASETEN_API_KEY= "$BATS_TEST_TMPDIR.environ"
		run -1 grep -q canary "$BATS_TEST_TMPDIR.environ"
	fi
	end_gate
	run -1 grep -rl canary .
	[ -n "$is_readable" ] || skip "only root with SYS_PTRACE may read the environment of others: only the command line and the files were searched"
}

@test "other processes of the same user can't read a run's memory" {
	local -a as=()
	needs_plain "the search for leaks makes the process readable again"
	if [ "$(id -u)" = 0 ]; then
		needs setpriv
		as=(setpriv --reuid=65534 --clear-groups)
		chmod a+w .
		"${as[@]}" test -x "$CHAINGATE" || skip "the tool is in a folder that only root may enter"
	fi
	BASETEN_API_KEY=$key gate "${as[@]}" "$CHAINGATE"
	run ! "${as[@]}" cat "/proc/$gate/environ"
	run ! "${as[@]}" cat "/proc/$gate/maps"
	run ! "${as[@]}" head -c 1 "/proc/$gate/mem"
	run ! "${as[@]}" ls "/proc/$gate/fd"
	end_gate
}

@test "while a run lasts, the key is in locked memory only, wherever it comes from" {
	needs_plain "a sanitizer keeps freed memory"
	[ "$(ulimit -l)" = unlimited ] || [ "$(ulimit -l)" -ge 64 ] || skip "this user may not lock memory"
	# During a request libcurl has it, too, so the next one is far away.
	local way interval=1h
	echo "$key" >key
	printf '[baseten]\napi_key =\n  %s\n' "$key" >trussrc
	for way in environment file stdin trussrc; do
		case $way in
		environment) BASETEN_API_KEY=$key gate "$CHAINGATE" ;;
		file) CHAINGATE_API_KEY_FILE=key BASETEN_API_KEY='' gate "$CHAINGATE" ;;
		stdin) CHAINGATE_API_KEY_FILE=- BASETEN_API_KEY='' from=key gate "$CHAINGATE" ;;
		trussrc) USER_TRUSSRC_PATH=$PWD/trussrc BASETEN_API_KEY='' gate "$CHAINGATE" ;;
		esac
		copies
		end_gate
		echo "$way: $(sort copies | uniq -c | tr -s ' \n' ' ')"
		# The one that was found, and the header.
		[ "$(sort copies | uniq -c | tr -s ' \n' ' ')" = " 2 locked " ]
		rm report.xml report.json recording.ndjson out err
	done
}

@test "an answer that is cut off leaves no copy of the key that it contains" {
	needs_plain "a sanitizer keeps freed memory"
	[ "$(ulimit -l)" = unlimited ] || [ "$(ulimit -l)" -ge 64 ] || skip "this user may not lock memory"
	local body look
	for body in truncated reset; do
		sed "s/LOADING_MODEL}]/LOADING_MODEL}, {name: $key-2, status: LOADING_MODEL}]/" "$BATS_FILE_TMPDIR/echo.yaml" >"$BATS_TEST_TMPDIR.$body.yaml"
		printf 'faults: [{at: 0s, for: 2h, body: %s}]\n' $body >>"$BATS_TEST_TMPDIR.$body.yaml"
		stop_sim
		start_sim "$BATS_TEST_TMPDIR.$body.yaml"
		seen='  api  ' BASETEN_API_KEY=$key gate "$CHAINGATE"
		# It asks again after 0.6 s, then after 1.5 s and more, and during a request libcurl has the key, too. What an answer leaves stays
		# at least until the next one, which leaves it again: it is in each look.
		for look in {1..10}; do
			copies
			echo "$body, look $look: $(sort copies | uniq -c | tr -s ' \n' ' ')"
			[ "$(sort copies | uniq -c | tr -s ' \n' ' ')" != " 2 locked " ] || break
		done
		end_gate
		[ "$(sort copies | uniq -c | tr -s ' \n' ' ')" = " 2 locked " ]
		rm report.xml report.json recording.ndjson out err
	done
}

@test "however a run ends, its key is overwritten" {
	needs_plain "a sanitizer keeps freed memory"
	local way code limit
	for way in end TERM 'TERM TERM TERM'; do
		code=0
		limit=2h
		[ "$way" != end ] || limit=0s
		BASETEN_API_KEY=$key python3 "$BATS_TEST_DIRNAME/at_end.py" "$way" "$key" "$CHAINGATE" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" \
			--timeout $limit --interval 100ms --progress lines --junit report.xml >out 2>err </dev/null || code=$?
		[ "$code" != 77 ] || skip "processes can't be traced here"
		cat out err
		[ "$code" = 0 ]
		# A run that is stopped has its key until then, so the search finds what is there.
		[ "$way" = end ] || grep -q '^before: [1-9]' out
		grep -q '^at the end: 0$' out
	done
}

@test "a run that crashes leaves no core" {
	local pattern
	pattern=$(</proc/sys/kernel/core_pattern) || skip "this system doesn't say where cores go"
	[[ $pattern != [/\|]* ]] || skip "cores go to '$pattern', not here"
	ulimit -c unlimited || skip "cores can't be allowed here"
	BASETEN_API_KEY=$key gate "$CHAINGATE"
	kill -ABRT "$gate"
	local code=0
	wait "$gate" || code=$?
	gate=''
	[ "$code" = 134 ]
	# Most systems write it here, as core or core.PID.
	run ! ls core*
	run -1 grep -rl canary .
}

# forms: prints what an answer may echo, one a line: the key, its halves, its base64 at each place of a group, and percent-encoded.
forms() {
	local before i
	printf '%s\n' "$key" "${key:0:20}" "${key:20}" "Api-Key $key"
	for before in '' a ab; do
		printf '%s' "$before$key:x" | base64 -w0
		echo
		printf '%s' "$before$key:x" | base64 -w0 | tr '+/' '-_'
		echo
	done
	for ((i = 0; i < ${#key}; i++)); do printf '%%%02x' "'${key:i:1}"; done
	echo
}

# traces: every 8 bytes of the key; 12 characters of its base64, which are 9 bytes or more; 8 percent-encoded bytes.
traces() {
	local line i
	while IFS= read -r line; do
		for ((i = 0; i + 8 <= ${#key}; i++)); do echo "${key:i:8}"; done
		case $line in
		%*) for ((i = 0; i + 24 <= ${#line}; i += 3)); do echo "${line:i:24}"; done ;;
		*" "* | canary* | "${key:20}") ;;
		# The ends depend on the text around the key, too.
		*) for ((i = 3; i + 12 <= 55; i++)); do echo "${line:i:12}"; done ;;
		esac
	done < <(forms) | sort -u
}

@test "an answer that echoes the key in any form leaves nothing of it in any file, however the run ends" {
	local line number=0 format ending rules reports=() escaped='' i
	traces >"$BATS_TEST_TMPDIR.traces"
	[ "$(wc -l <"$BATS_TEST_TMPDIR.traces")" -gt 150 ]
	for ((i = 0; i < ${#key}; i++)); do printf -v escaped '%s\\u%04x' "$escaped" "'${key:i:1}"; done
	{
		printf 'api_key: %s\nchains: [{id: c1, name: rag}]\ndeployments:\n  - id: q86yjdy\n    chain: c1\n    created_at: -1h\n    chainlets:\n' "$key"
		while IFS= read -r line; do
			number=$((number + 1))
			printf '      - {name: "%s %s", status: ACTIVE, active_replica_count: 1, instance_type_name: "%s"}\n' "$number" "$line" "$line"
		done < <(forms)
	} >"$BATS_TEST_TMPDIR.echo.yaml"
	# Also in errors, and escaped.
	printf 'api_key: %s\nchains: [{id: c1, name: rag}]\nbodies:\n' "$key" >"$BATS_TEST_TMPDIR.error.yaml"
	printf "  - {at: 0s, chain: c1, status: 500, text: '{\"error\": \"%s %s\"}'}\n" "$(forms | tr '\n' ' ')" "$escaped" >>"$BATS_TEST_TMPDIR.error.yaml"
	printf 'version: 1\nrules:\n  - all chainlets have status == FAILED\n' >failed.yaml
	printf 'version: 1\nrules:\n  - all chainlets ACTIVE\n' >passed.yaml
	cp passed.yaml error.yaml
	for ending in passed failed error; do
		reports=()
		for format in junit junit-strict tap json html markdown github gitlab intoto env; do reports+=(--report "$format=$ending.$format"); done
		VIRTUAL_SCENARIO=$BATS_TEST_TMPDIR.echo.yaml
		[ "$ending" != error ] || VIRTUAL_SCENARIO=$BATS_TEST_TMPDIR.error.yaml
		export VIRTUAL_SCENARIO
		rules=0
		BASETEN_API_KEY=$key "$CHAINGATE_VIRTUAL" check $ending.yaml --chain rag --deployment q86yjdy --api-url http://127.0.0.1:1 --timeout 30s --stable-for 10s --verbose \
			--record $ending.ndjson "${reports[@]}" >$ending.out 2>$ending.err </dev/null || rules=$?
		case $ending:$rules in passed:0 | failed:1 | error:5) ;; *) show && cat $ending.err && return 1 ;; esac
		BASETEN_API_KEY=$key "$CHAINGATE_VIRTUAL" status --chain rag --api-url http://127.0.0.1:1 --body $ending.body >$ending.status 2>&1 </dev/null || true
		[ -s $ending.html ]
		grep -q '\*\*\*\*\*\*\*\*' $ending.out $ending.err $ending.ndjson
	done
	run -1 grep -rlF -f "$BATS_TEST_TMPDIR.traces" .
	# The search finds what is there.
	forms >"$BATS_TEST_TMPDIR/all"
	[ "$(grep -cF -f "$BATS_TEST_TMPDIR.traces" all)" = "$(wc -l <all)" ]
}
