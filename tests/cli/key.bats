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

# gate COMMAND…: starts a run that doesn't end by itself, and waits until it has polled. Sets `gate`, its process.
gate() {
	"$@" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --timeout 2h --interval 100ms --verbose --progress lines \
		--junit report.xml --report json=report.json --record recording.ndjson <"${from-/dev/null}" >out 2>err 3>&- &
	gate=$!
	until_true grep -qE 'LOADING_MODEL|^chaingate' err
	grep -q LOADING_MODEL err
}

# A shell's background jobs ignore SIGINT.
end_gate() {
	local code=0
	kill -TERM "$gate"
	wait "$gate" || code=$?
	[ "$code" = 143 ]
}

@test "while a run lasts, the key isn't in its environment, nor in its command line" {
	BASETEN_API_KEY=$key CHAINGATE_SERVICE_TOKEN=$key-token BASETEN_TRUSS_AUTH_API_KEY=$key-2 gate "$CHAINGATE"
	# Unlike the environment, the command line is for everybody.
	run ! grep -q canary "/proc/$gate/cmdline"
	if [ -r "/proc/$gate/environ" ]; then
		grep -q BASETEN_API_KEY= "/proc/$gate/environ"
		run ! grep -q canary "/proc/$gate/environ"
	fi
	end_gate
	run ! grep -rl canary .
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
	local way
	echo "$key" >key
	printf '[baseten]\napi_key =\n  %s\n' "$key" >trussrc
	for way in environment file stdin trussrc; do
		case $way in
		environment) BASETEN_API_KEY=$key gate "$CHAINGATE" ;;
		file) CHAINGATE_API_KEY_FILE=key BASETEN_API_KEY='' gate "$CHAINGATE" ;;
		stdin) CHAINGATE_API_KEY_FILE=- BASETEN_API_KEY='' from=key gate "$CHAINGATE" ;;
		trussrc) USER_TRUSSRC_PATH=$PWD/trussrc BASETEN_API_KEY='' gate "$CHAINGATE" ;;
		esac
		python3 "$BATS_TEST_DIRNAME/memory.py" "$gate" <<<"$key" >copies 2>refused || { end_gate && skip "only root may read the memory of others"; }
		end_gate
		echo "$way: $(sort copies | uniq -c | tr -s ' \n' ' ')"
		# The one that was found, and the header.
		[ "$(sort copies | uniq -c | tr -s ' \n' ' ')" = " 2 locked " ]
		rm report.xml report.json recording.ndjson out err
	done
}

@test "a run that crashes leaves no core" {
	ulimit -c unlimited || skip "cores can't be allowed here"
	BASETEN_API_KEY=$key gate "$CHAINGATE"
	kill -ABRT "$gate"
	local code=0
	wait "$gate" || code=$?
	[ "$code" = 134 ]
	# Most systems write it here, as core or core.PID.
	run ! ls core*
	run ! grep -rl canary .
}
