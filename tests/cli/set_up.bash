# set_up.bash - starts every test in an empty directory, with nothing of the user's in the environment.
#
# A test file begins with `load set_up`. Before or between its tests it may set or define:
#   file_scenario=NAME       one simulator with scenarios/NAME for all of its tests (see sim.bash, which this loads)
#   file_world=NAME          the virtual build for all of its tests, which starts in a tenth of the time, in scenarios/NAME (see virtual.bash, which
#                            this loads); none: for commands that need no API. on_the_wire makes the rest of a test use the real build, and a
#                            simulator with the same scenario
#   setup() { set_up; … }    more for each test; by default, setup only calls set_up. set_up DIRECTORY begins in another directory
# A test names what it needs; if that is missing, the test is skipped, named and counted:
#   needs COMMAND…           programs
#   needs_python MODULE…     modules of Python
#   needs_terminals          pseudo-terminals (/dev/pts)
#   needs_plain WHY          a build without sanitizers
# open_folder goes to a new folder that other users may enter. The teardown removes it, also if the test fails.
# is_sanitized tells whether the build has sanitizers, with which a process costs five times as much.
# of ALL MORE PART prints how many rounds to make: all of them, more than `make check` does, or the part that it does.
# until_true COMMAND… waits until the command is true, for conditions that can only be polled. Nothing else in the tests pauses.
# `show`, after `run --separate-stderr`, prints the results of the run; bats shows them if the test fails.

# shellcheck disable=SC2154 # bats' run sets them
# shellcheck disable=SC2119,SC2120 # the tests give arguments

bats_require_minimum_version 1.5.0
load sim
load virtual

set_up() { # set_up [DIRECTORY]
	local name
	cd "${1-$BATS_TEST_TMPDIR}" || return
	for name in "${!CHAINGATE_@}"; do
		case $name in
		# Keeps the programs' variables.
		CHAINGATE_SIM | CHAINGATE_VIRTUAL) ;;
		# For the tests only: chaingate warns of a variable that it doesn't know.
		CHAINGATE_TEST_*) export -n "${name?}" ;;
		*) unset "$name" ;;
		esac
	done
	unset "${!BASETEN_@}" "${!GITHUB_@}" "${!SSL_CERT_@}" USER_TRUSSRC_PATH NO_COLOR FORCE_COLOR COLUMNS LINES TMUX
	unset CI TF_BUILD JENKINS_URL TEAMCITY_VERSION
	unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY no_proxy NO_PROXY
	export HOME=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR} BASETEN_API_KEY=simulator-key TERM=dumb
	real=$CHAINGATE
	case ${file_world-} in
	'') ;;
	none) CHAINGATE=$CHAINGATE_VIRTUAL ;;
	*) start_world "$BATS_TEST_DIRNAME/scenarios/$file_world" ;;
	esac
}

on_the_wire() {
	CHAINGATE=$real
	start_sim "$BATS_TEST_DIRNAME/scenarios/$file_world"
}

setup_file() {
	[ -z "${file_scenario-}" ] || start_sim "$BATS_TEST_DIRNAME/scenarios/$file_scenario"
}

setup() {
	set_up
}

# A failing test shows the results of its last `run`. A simulator of setup_file isn't stopped.
teardown() {
	[ -n "${BATS_TEST_COMPLETED-}" ] || [ -z "${status-}" ] || show
	if [ -n "${OPEN_FOLDER-}" ]; then
		cd / || return
		rm -rf "$OPEN_FOLDER"
	fi
	stop_sim
}

open_folder() {
	OPEN_FOLDER=$(mktemp -d)
	chmod 755 "$OPEN_FOLDER"
	cd "$OPEN_FOLDER" || return
}

teardown_file() {
	stop_sim
}

needs() {
	local program
	for program; do
		command -v "$program" >/dev/null || skip "$program is not installed"
	done
}

needs_python() {
	local module
	needs python3
	for module; do
		once "python3-$module" python3 -c "import $module" || skip "python3-$module is not installed"
	done
}

needs_terminals() {
	once terminals python3 -c 'import os; os.openpty()' || skip "there are no pseudo-terminals here (/dev/pts)"
}

is_sanitized() {
	once sanitized grep -q __asan_report_load "$CHAINGATE"
}

# The variables are described in tests/unit/random.h.
of() {
	if [ -n "${CHAINGATE_TEST_ALL-}" ]; then
		echo "$1"
	elif is_part; then
		echo "$3"
	else
		echo "$2"
	fi
}

is_part() {
	[ -z "${CHAINGATE_TEST_ALL-}" ] && { [ -n "${TESTS_PART-}" ] || is_sanitized; }
}

needs_plain() {
	! is_sanitized || skip "$1"
}

# once NAME COMMAND…: whether the command succeeds. It runs only once per file; or once per run of all tests, if tests/run gives a directory for the result.
once() {
	local note=${TESTS_KNOW:-$BATS_RUN_TMPDIR}/known.$1 answer
	shift
	if [ ! -s "$note" ]; then
		"$@" >/dev/null 2>&1 && answer=0 || answer=1
		# Renamed into place, because the files of a run ask at the same time.
		echo "$answer" >"$note.$$" && mv "$note.$$" "$note"
	fi
	read -r answer <"$note"
	return "$answer"
}

# Longest that a test waits for something to happen. Only a hang takes so long, however busy the machine is.
PATIENCE_S=600

# The time between two tries.
PAUSE_S=0.05

until_true() {
	local end=$((SECONDS + PATIENCE_S)) never
	until "$@"; do
		if [ "$SECONDS" -ge "$end" ]; then
			echo "never true: $*" >&2
			return 1
		fi
		if [ -z "${never-}" ]; then
			mkfifo "$BATS_RUN_TMPDIR/never.$BASHPID" 2>/dev/null || true
			exec {never}<>"$BATS_RUN_TMPDIR/never.$BASHPID"
		fi
		# Nothing is ever written there, so this pauses, without starting a process.
		read -r -t "$PAUSE_S" -u "$never" || true
	done
	[ -z "${never-}" ] || exec {never}>&-
}

show() {
	echo "exit $status"
	echo "$output"
	echo "${stderr-}"
}
