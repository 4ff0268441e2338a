#!/usr/bin/env bats
# live.bats - compares the windows of a real terminal with files that a person has read.
#
# UPDATE_GOLDEN=1 writes panes/ anew.

load set_up
load tmux

setup() {
	set_up
	scenarios=$BATS_TEST_DIRNAME/scenarios
	export SHELL=/bin/sh
}

teardown() {
	end_window
	stop_sim
}

# check COLUMNS ROWS [OPTION…]: a gate in a window, waiting.
check() {
	local columns=$1 rows=$2
	shift 2
	start_window "$columns" "$rows" "$CHAINGATE" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --interval 200ms --timeout 2h "$@"
}

# Waits until the window equals the file; with `pane_end`, until its last lines do: above them a terminal may keep lines of older frames.
pane() { # pane NAME
	if [ -n "${UPDATE_GOLDEN-}" ]; then
		# Waits until the window has settled, so that the file has its final state.
		until_true window_rests 20
		printf '%s\n' "$shown" >"$BATS_TEST_DIRNAME/panes/$1"
	fi
	pane_lines "$1"
}

pane_end() { # pane_end NAME
	pane_lines "$1" "*"$'\n'
}

# After this many equal looks in a row the window counts as settled; if it differs from the file then, the test fails. tmux answers each look.
LOOKS=300

pane_lines() { # pane_lines NAME [PATTERN]
	local above=${2-}
	golden=$(<"$BATS_TEST_DIRNAME/panes/$1")
	[ -n "$golden" ]
	shown='' alike=0
	until_true pane_is_or_rests
	# shellcheck disable=SC2053 # a pattern
	[[ $shown == "$golden" || -n $above && $shown == $above"$golden" ]] || diff -u "$BATS_TEST_DIRNAME/panes/$1" - <<<"$shown"
}

pane_is_or_rests() {
	local rests=1
	window_rests "$LOOKS" || rests=
	# shellcheck disable=SC2053 # a pattern
	[[ $rests || $shown == "$golden" || -n $above && $shown == $above"$golden" ]]
}

# window_rests LOOKS: true if that many looks in a row were alike. Sets shown.
window_rests() {
	local before=${shown-}
	shown=$(show_window)
	[ "$shown" = "$before" ] || alike=0
	((alike += 1))
	[ "$alike" -ge "$1" ]
}

# shows_twice PATTERN
shows_twice() {
	[ "$(show_window | grep -c "$1")" = 2 ]
}

@test "the table fits a window of 40, 80 and 200 columns, and a low one" {
	needs tmux
	needs_terminals
	local size
	for size in 40x24 80x24 200x24 80x10; do
		start_sim "$scenarios/standing.yaml"
		check "${size%x*}" "${size#*x}"
		window_shows DREAMING
		pane "check-$size"
		end_window
		stop_sim
	done
}

# When tmux wraps lines again, lines that no longer fit scroll out, and come back when there is room.
@test "the table fits a window that is made narrower, wider and lower" {
	needs tmux
	needs_terminals
	start_sim "$scenarios/standing.yaml"
	check 80 24
	window_shows DREAMING
	in_tmux resize-window -x 40 -y 24
	pane check-40x24
	in_tmux resize-window -x 200 -y 24
	pane_end check-200x24
	in_tmux resize-window -x 80 -y 24
	pane_end check-80x24
	in_tmux resize-window -x 80 -y 10
	pane_end check-80x10
	in_tmux resize-window -x 80 -y 24
	pane_end check-80x24
	[ "$(count_lines "what was there before")" = 1 ]
}

# If no line is wrapped, nothing of an older frame remains.
@test "nothing of an older frame remains in a window that is resized while its lines have room" {
	needs tmux
	needs_terminals
	start_sim "$scenarios/single.yaml"
	check 200 24 --stable-for 10m
	window_shows Retriever
	pane check-stable
	local size
	for size in 120x24 120x7 90x30 150x9 80x24; do
		in_tmux resize-window -x "${size%x*}" -y "${size#*x}"
		pane_end check-stable
	done
	pane check-stable
	[ "$(count_lines Retriever)" = 1 ]
	[ "$(count_lines "what was there before")" = 1 ]
}

@test "a COLUMNS that is larger than the window has no effect" {
	needs tmux
	needs_terminals
	start_sim "$scenarios/single.yaml"
	COLUMNS=150 check 80 24 --stable-for 10m
	window_shows Retriever
	pane check-stable
}

@test "Ctrl-C leaves the last state, and the verdict follows" {
	needs tmux
	needs_terminals
	start_sim "$scenarios/single.yaml"
	check 200 24 --progress live --quiet --stable-for 10m
	window_shows Retriever
	in_tmux send-keys C-c
	window_has_line "exit 130"
	pane check-interrupted
}

@test "Ctrl-Z leaves the table whole above the prompt, and fg goes on below" {
	needs tmux
	needs_terminals
	start_sim "$scenarios/single.yaml"
	start_window 100 30 env PS1='prompt> ' bash --norc --noprofile -i
	window_shows "prompt>"
	in_tmux send-keys "'$CHAINGATE' check --chain rag --deployment q86yjdy --api-url $SIM_URL --interval 200ms --stable-for 10m" Enter
	window_shows "waiting until nothing has changed"
	in_tmux send-keys C-z
	window_shows "Stopped"
	show_window | grep 'Retriever\|until nothing\|polls,\|Stopped' | cut -c1-12 | tr '\n' '|' >stopped
	grep -qF '  Retriever |waiting unti|# polls, 0 e|[1]+  Stoppe|' stopped || { cat stopped && return 1; }
	in_tmux send-keys "fg" Enter
	until_true shows_twice '^  Retriever'
	in_tmux send-keys C-c
	window_shows "interrupted: "
}

@test "a terminal that is closed interrupts the gate, and the reports are written" {
	needs tmux
	needs_terminals
	start_sim "$scenarios/single.yaml"
	check 100 24 --stable-for 10m --report json=r.json --record r.ndjson
	window_shows "waiting until nothing has changed"
	in_tmux kill-server
	# The final report has replaced the unfinished one.
	until_true grep -qF '"exit": 129' r.json
	grep -qF '"interrupted by SIGHUP; waiting until nothing has changed for 10m' r.json
	grep -qF '"exit": 129' r.json
	tail -n 1 r.ndjson | grep -qF '"signal":1'
}

@test "a stopped terminal doesn't delay the gate, and continues where it stopped" {
	needs tmux
	needs_terminals
	start_sim "$scenarios/single.yaml"
	check 200 24 --progress live --quiet --stable-for 10m
	window_shows Retriever
	in_tmux send-keys C-s
	local asked
	asked=$(sim_requests deployments)
	until_true asked_at_least $((asked + 10))
	in_tmux send-keys C-q
	in_tmux send-keys C-c
	window_has_line "exit 130"
	pane check-interrupted
}

@test "colour, and the end of a run" {
	needs tmux
	needs_terminals
	start_sim "$scenarios/single.yaml"
	check 80 24 --stable-for 400ms --color always
	window_has_line "exit 0"
	pane check-passed
	in_tmux capture-pane -p -e | grep -qF $'\e[32m+'
	end_window
	NO_COLOR=1 check 80 24 --stable-for 400ms
	window_has_line "exit 0"
	pane check-passed
	run in_tmux capture-pane -p -e
	[[ $output != *$'\e'* ]]
}

@test "the table of two hundred chainlets fits the window" {
	needs tmux
	needs_terminals
	{
		echo 'api_key: simulator-key'
		echo 'chains: [{id: 232p81ql, name: rag}]'
		echo 'deployments: [{id: q86yjdy, chain: 232p81ql, created_at: -1h, chainlets: ['
		for ((i = 1; i <= 200; i++)); do
			local status=ACTIVE
			[ $((i % 90)) -ne 0 ] || status=LOADING_MODEL
			printf '{name: Step%03d, autoscaling_settings: {min_replica: 1, max_replica: 2}, status: %s}, \n' "$i" "$status"
		done
		echo ']}]'
	} >many.yaml
	start_sim many.yaml
	check 80 16
	window_shows "… and "
	pane check-many
}

@test "status on a terminal, once and with --watch" {
	needs tmux
	needs_terminals
	start_sim "$scenarios/standing.yaml"
	start_window 80 24 "$CHAINGATE" status --chain rag --api-url "$SIM_URL" --watch --interval 200ms
	window_shows DREAMING
	pane status-watch-80
	in_tmux resize-window -x 40 -y 24
	pane status-watch-40
	in_tmux resize-window -x 80 -y 24
	pane_end status-watch-80
	end_window
	start_window 80 24 "$CHAINGATE" status --chain rag --api-url "$SIM_URL" --watch
	window_shows DREAMING
	in_tmux send-keys C-c
	window_has_line "exit 130"
	pane status-watch-ended
	end_window
	start_window 80 24 "$CHAINGATE" status --chain rag --api-url "$SIM_URL"
	window_has_line "exit 0"
	pane status-80
}

@test "a pipe or a CI system's terminal gets lines instead of a table" {
	needs tmux
	needs_terminals
	start_sim "$scenarios/single.yaml"
	local mode
	for mode in "TERM=dumb" "CI=true" "TF_BUILD=True" "TERM="; do
		start_window 100 24 env "$mode" "$CHAINGATE" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --interval 200ms --stable-for 400ms
		window_has_line "exit 0"
		show_window >shown
		grep -qF "#m##s  rag/q86yjdy  Retriever  ACTIVE" shown
		end_window
	done
	# --progress live shows frames even there.
	CI=true check 80 24 --stable-for 400ms --progress live
	window_has_line "exit 0"
	pane check-passed
}

@test "no escape sequence reaches a pipe" {
	start_sim "$scenarios/single.yaml"
	TERM=xterm run --separate-stderr timeout 600 "$CHAINGATE" check --chain rag --deployment q86yjdy --api-url "$SIM_URL" --interval 100ms \
		--stable-for 400ms --progress live
	[ "$status" = 0 ]
	[[ $stderr == *"rag/q86yjdy  Retriever  ACTIVE"* && $stderr$output != *$'\e'* ]]
}
