# sim.bash - a simulator for a test. It ends when the test does.
#
# start_sim SCENARIO [OPTION…] starts $CHAINGATE_SIM and exports
#   SIM_URL   its URL
#   SIM_LOG   its log of requests, a JSON line each, written before a request is answered (unless --log is among the options)
# and sets SIM_PID. If there is no URL, it prints the simulator's output and fails.
# stop_sim ends it. If its exit code isn't 0, stop_sim prints its output and fails. Without a simulator it does nothing.
#
# Call both in setup and teardown, or in setup_file and teardown_file, or around the commands that need it. The simulator lives only as long as a descriptor
# of this shell is open, so it ends with the shell whatever happens. One simulator at a time.

# Longest that a simulator may take to start or to end. It takes milliseconds; only a hang takes so long, however busy the machine is.
SIM_PATIENCE_S=600

start_sim() {
	local scenario=$1 line=
	shift
	! sim_is_ours || { echo "start_sim: a simulator is running already" >&2 && return 1; }
	: "${CHAINGATE_SIM:?is not set: the path of chaingate-sim}"
	# The simulator's files are beside the test's directory, not in it.
	local number=0
	while SIM_FILES=${BATS_TEST_TMPDIR:-${BATS_FILE_TMPDIR:?}}.sim$number && [ -e "$SIM_FILES.stdin" ]; do
		number=$((number + 1))
	done
	SIM_SHELL=$BASHPID
	export SIM_LOG=$SIM_FILES.log
	case " $* " in
	*" --log"*) ;;
	*) set -- --log "$SIM_LOG" "$@" ;;
	esac
	mkfifo "$SIM_FILES.stdin" "$SIM_FILES.stdout" || return
	: >"$SIM_LOG"

	# Opened for reading and writing, so that opening doesn't block. The simulator must not inherit it, or it would hold its own stdin open; nor
	# descriptor 3, because bats waits until every process has closed it.
	exec {SIM_STDIN}<>"$SIM_FILES.stdin"
	"$CHAINGATE_SIM" --until-eof "$@" "$scenario" {SIM_STDIN}>&- 3>&- \
		<"$SIM_FILES.stdin" >"$SIM_FILES.stdout" 2>"$SIM_FILES.stderr" &
	SIM_PID=$!
	exec {SIM_STDOUT}<"$SIM_FILES.stdout"
	if ! read -r -t "$SIM_PATIENCE_S" line <&"$SIM_STDOUT" || [[ $line != http*://127.0.0.1:* ]]; then
		echo "start_sim: no URL from $CHAINGATE_SIM, but '$line'" >&2
		cat "$SIM_FILES.stderr" >&2
		stop_sim 2>/dev/null
		return 1
	fi
	export SIM_URL=$line
}

# True if this shell started the simulator and it still runs. A test's shell also sees setup_file's, and must leave it alone.
sim_is_ours() {
	[ "${SIM_SHELL-}" = "$BASHPID" ]
}

stop_sim() {
	local code=0
	sim_is_ours || return 0
	exec {SIM_STDIN}>&-
	# Its stdout ends when it ends. If another process holds its stdin open, it needs a signal.
	sim_has_ended || kill -TERM "$SIM_PID" 2>/dev/null
	sim_has_ended || kill -KILL "$SIM_PID" 2>/dev/null
	exec {SIM_STDOUT}<&-
	wait "$SIM_PID" 2>/dev/null || code=$?
	if [ "$code" -ne 0 ]; then
		echo "stop_sim: the simulator ended with $code" >&2
		cat "$SIM_FILES.stderr" >&2
	fi
	unset SIM_FILES SIM_SHELL SIM_PID SIM_STDIN SIM_STDOUT SIM_URL SIM_LOG
	return "$code"
}

# Waits until the simulator's stdout is at its end; false when that takes too long.
sim_has_ended() {
	local line status
	while :; do
		status=0
		read -r -t "$SIM_PATIENCE_S" line <&"$SIM_STDOUT" || status=$?
		[ "$status" -ne 0 ] || continue
		[ "$status" -le 128 ]
		return
	done
}

# asked_at_least COUNT [TEXT]: true if the log has at least that many requests; for until_true.
asked_at_least() {
	count_requests "${2-deployments}"
	[ "$requests" -ge "$1" ]
}

# How many requests the log has: all, or those that contain a text.
sim_requests() { # sim_requests [TEXT]
	count_requests "${1-}"
	echo "$requests"
}

# Sets requests. A short log is counted without starting a program.
count_requests() { # count_requests TEXT
	local line log
	mapfile -t log <"$SIM_LOG"
	if [ "${#log[@]}" -gt 1000 ]; then
		requests=$(grep -cF -- "$1" "$SIM_LOG" || true)
		return
	fi
	requests=0
	for line in "${log[@]}"; do
		[[ $line != *"$1"* ]] || requests=$((requests + 1))
	done
}
