# tmux.bash - a terminal for a test: starts a program in a window of tmux, and reads the window.
#
# start_window COLUMNS ROWS COMMAND…   the program, in a window of its own, under the line "what was there before"
# window_shows WORDS, window_has_line LINE   wait for the words, or the line
# show_window                          prints the window without that line
# count_lines WORDS                    how many lines contain the words, including lines that have scrolled off
# end_window                           ends the program
#
# Waiting uses until_true of set_up.bash. The tmux server belongs to the test: it has its own socket, and reads no configuration.

# The socket isn't in the test's directory: its path may have some 100 characters only.
in_tmux() {
	[ -n "${TMUX_DIR-}" ] || TMUX_DIR=$(mktemp -d /tmp/tmux.XXXXXX)
	tmux -u -S "$TMUX_DIR/socket" -f /dev/null "$@"
}

start_window() {
	local columns=$1 rows=$2
	shift 2
	# The window shows the program's end, and stays open after it.
	cat >window.sh <<-'END'
		trap : INT # Ctrl-C is for the program
		echo "what was there before"
		"$@"
		echo "exit $?"
		exec cat
	END
	in_tmux -V >/dev/null # makes the socket's directory, outside of any subshell
	(
		# The server must not inherit these descriptors: it would keep the simulator and bats alive.
		[ -z "${SIM_STDIN-}" ] || exec {SIM_STDIN}>&- {SIM_STDOUT}<&-
		in_tmux new-session -d -x "$columns" -y "$rows" sh window.sh "$@" 3>&-
	)
}

capture_window() {
	in_tmux capture-pane -p 2>/dev/null || true
}

# How many lines contain the words, in the window or above it.
count_lines() {
	in_tmux capture-pane -p -S - | grep -cF -e "$1"
}

until_window() { # until_window PATTERN WORDS PATTERN
	until_true window_matches "$@" && return
	echo "the window never shows '$2':" >&2
	capture_window >&2
	return 1
}

window_shows() {
	until_window "*" "$1" "*"
}

window_has_line() {
	until_window $'*\n' "$1" $'\n*'
}

window_matches() {
	local shown
	shown=$(capture_window)
	# shellcheck disable=SC2053 # patterns
	[[ $'\n'$shown$'\n' == $1"$2"$3 ]]
}

# Prints the window without empty lines at the end. Times and counts of polls become placeholders of the same width.
show_window() {
	capture_window | sed -E -e :a -e '/^what was there before$/d' -e 's/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z/YYYY-MM-DDThh:mm:ssZ/g' -e 's/[0-9]h[0-9]{2}m[0-9]{2}s/#h##m##s/g' \
		-e 's/[0-9]m[0-9]{2}s/#m##s/g' -e 's/[0-9hms]+ so far/# so far/g' -e 's/\b[0-9]+ polls?/# polls/g' -e '/^\n*$/{$d;N;ba' -e '}'
}

end_window() {
	[ -n "${TMUX_DIR-}" ] || return 0
	in_tmux kill-server 2>/dev/null || true
	rm -rf "$TMUX_DIR"
	unset TMUX_DIR
}
