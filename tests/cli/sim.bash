# sim.bash - a simulator for a test, which ends with it.
#
# start_sim SCENARIO [OPTION…] starts $CHAINGATE_SIM and exports
#   SIM_URL   its URL
#   SIM_LOG   its log of requests, a JSON line each, written before a request is answered (unless --log is among the options)
# and sets SIM_PID. It fails, with what the simulator said, when there is no URL.
# stop_sim ends it, and fails with what it said when it ended with anything but 0; without a simulator it does nothing.
#
# Call both in setup and teardown, or in setup_file and teardown_file, or around what needs it. The simulator lives only as long as a descriptor
# of this shell is open, so it ends with the shell whatever happens. One simulator at a time.

# Longest that a simulator may take to start or to end. It takes milliseconds; only one that hangs takes so long, however busy the machine is.
SIM_PATIENCE_S=600

start_sim() {
	local scenario=$1 base=${BATS_TEST_TMPDIR:-${BATS_FILE_TMPDIR:-${TMPDIR:-/tmp}}} line=
	shift
	[ -z "${SIM_DIR-}" ] || { echo "start_sim: a simulator is running already" >&2 && return 1; }
	: "${CHAINGATE_SIM:?is not set: the path of chaingate-sim}"
	SIM_DIR=$(mktemp -d "$base/sim.XXXXXX") || return
	export SIM_LOG=$SIM_DIR/log
	case " $* " in
	*" --log"*) ;;
	*) set -- --log "$SIM_LOG" "$@" ;;
	esac
	mkfifo "$SIM_DIR/stdin" "$SIM_DIR/stdout" || return
	: >"$SIM_LOG"

	# Open for reading and writing, the opening waits for nobody. The simulator must not inherit it, or it would hold its own stdin open; nor 3,
	# which is bats' own, and would let it wait for us.
	exec {SIM_STDIN}<>"$SIM_DIR/stdin"
	"$CHAINGATE_SIM" --until-eof "$@" "$scenario" {SIM_STDIN}>&- 3>&- \
		<"$SIM_DIR/stdin" >"$SIM_DIR/stdout" 2>"$SIM_DIR/stderr" &
	SIM_PID=$!
	exec {SIM_STDOUT}<"$SIM_DIR/stdout"
	if ! read -r -t "$SIM_PATIENCE_S" line <&"$SIM_STDOUT" || [[ $line != http*://127.0.0.1:* ]]; then
		echo "start_sim: no URL from $CHAINGATE_SIM, but '$line'" >&2
		cat "$SIM_DIR/stderr" >&2
		stop_sim 2>/dev/null
		return 1
	fi
	export SIM_URL=$line
}

stop_sim() {
	local code=0
	[ -n "${SIM_DIR-}" ] || return 0
	exec {SIM_STDIN}>&-
	# Its stdout ends when it does. Were another process to hold its stdin open, it would have to be told.
	sim_has_ended || kill -TERM "$SIM_PID" 2>/dev/null
	sim_has_ended || kill -KILL "$SIM_PID" 2>/dev/null
	exec {SIM_STDOUT}<&-
	wait "$SIM_PID" 2>/dev/null || code=$?
	if [ "$code" -ne 0 ]; then
		echo "stop_sim: the simulator ended with $code" >&2
		cat "$SIM_DIR/stderr" >&2
	fi
	unset SIM_DIR SIM_PID SIM_STDIN SIM_STDOUT SIM_URL SIM_LOG
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

# asked_at_least COUNT [TEXT]: whether it has so many; for until_true.
asked_at_least() {
	[ "$(sim_requests "${2-deployments}")" -ge "$1" ]
}

# How many requests the log has: all, or those that hold a text.
sim_requests() { # sim_requests [TEXT]
	grep -cF -- "${1-}" "$SIM_LOG" || true
}
