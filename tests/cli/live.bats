#!/usr/bin/env bats
# live.bats - the table that is drawn while a gate runs, in real terminals of tmux: panes as golden files in panes/, with times replaced.
#
# UPDATE_GOLDEN=1 writes the files; read the diff.

load sim

setup_file() {
	bats_require_minimum_version 1.5.0
	command -v tmux >/dev/null || return 0
	cd "$BATS_FILE_TMPDIR" || return
	{
		cat <<-'END'
			api_key: sim-key
			chains:
			  - {id: 232p81ql, name: rag}
			  - {id: 232p81qm, name: wide}
			deployments:
			  - id: q86yjdy
			    chain: 232p81ql
			    status: DEPLOYING
			    chainlets:
			      - {name: Retriever, autoscaling_settings: {min_replica: 2}, status: ACTIVE, active_replica_count: 2}
			      - {name: "Reranker mit einem Namen, der nirgends passt", autoscaling_settings: {min_replica: 2}, status: LOADING_MODEL, active_replica_count: 1}
			      - {name: "生成器生成器生成器", status: BUILDING}
			      - {name: "\e[31mRed\u202e", autoscaling_settings: {min_replica: 1}, status: HIBERNATING}
			      - {name: Guard, autoscaling_settings: {min_replica: 10}, status: UNHEALTHY, active_replica_count: 12}
			  - id: many
			    chain: 232p81qm
			    status: DEPLOYING
			    chainlets:
		END
		for i in $(seq 1 200); do
			status=ACTIVE
			[ $((i % 40)) -ne 0 ] || status=LOADING_MODEL
			printf '      - {name: Chainlet%03d, autoscaling_settings: {min_replica: 1}, status: %s}\n' "$i" "$status"
		done
	} >scenario.yaml
	start_sim scenario.yaml
}

teardown_file() {
	stop_sim
}

setup() {
	bats_require_minimum_version 1.5.0
	command -v tmux >/dev/null || skip "tmux is not installed"
	cd "$BATS_TEST_TMPDIR" || return
	panes=$BATS_TEST_DIRNAME/panes
	socket=
	unset CI NO_COLOR FORCE_COLOR COLUMNS TMUX GITHUB_OUTPUT
}

teardown() {
	[ -z "$socket" ] || close_terminal
}

close_terminal() {
	# Its socket has a short path, and is not one that a server is just leaving.
	socket=$(mktemp -u /tmp/chaingate-tmux.XXXXXX)
	tmux -S "$socket" kill-server 2>/dev/null || true
	rm -f "$socket"
}

# terminal COLUMNS ROWS COMMAND: runs it in a window of that size.
terminal() {
	# Its socket has a short path, and is not one that a server is just leaving.
	socket=$(mktemp -u /tmp/chaingate-tmux.XXXXXX)
	cat >run.sh <<-END
		export BASETEN_API_KEY=sim-key HOME=$PWD TERM=screen-256color LC_ALL=C.UTF-8
		trap : INT
		echo "before"
		$3
		echo "after: \$?"
		sleep 600
	END
	tmux -S "$socket" -u -f /dev/null new-session -d -x "$1" -y "$2" "sh run.sh" 3>&-
}

pane() {
	tmux -S "$socket" capture-pane -p
}

# shows TEXT: the pane comes to show it, and is in the file pane, with times replaced by as many letters.
shows() {
	for _ in $(seq 200); do
		pane >pane.raw
		! grep -qF -- "$1" pane.raw || break
		sleep 0.1
	done
	grep -qF -- "$1" pane.raw || { cat pane.raw && return 1; }
	sed -E -e 's/[0-9]+m[0-9]{1,2}s?/TIME/g' -e 's/[[:space:]]+$//' pane.raw >pane
}

is_golden() {
	if [ -n "${UPDATE_GOLDEN-}" ]; then
		cp pane "$panes/$1.txt"
	fi
	diff "$panes/$1.txt" pane
}

gate() { # gate CHAIN OPTION…
	local chain=$1
	shift
	echo "$CHAINGATE check --chain $chain --all-deployments --since any --api-url $SIM_URL --interval 200ms $*"
}

@test "a narrow window, a usual one, a wide one" {
	for columns in 40 80 200; do
		terminal "$columns" 16 "$(gate rag)"
		shows "x Guard" || shows "! Guard"
		is_golden "$columns"
		close_terminal
	done
}

@test "a window that becomes narrower, and wider again" {
	terminal 100 20 "$(gate rag)"
	shows "! Guard"
	tmux -S "$socket" resize-window -x 44 -y 20
	sleep 2.5
	shows "! Guard"
	is_golden resized-44
	tmux -S "$socket" resize-window -x 100 -y 20
	sleep 2.5
	shows "! Guard"
	is_golden resized-100
	# However often it is drawn, it is there once, and what stood above it still does, be it above the window's edge.
	[ "$(grep -c 'Guard' pane)" = 1 ]
	tmux -S "$socket" capture-pane -p -S -100 | grep -qx before
}

@test "a window that becomes lower, and higher again" {
	terminal 80 20 "$(gate rag)"
	shows "! Guard"
	tmux -S "$socket" resize-window -x 80 -y 6
	shows "more; "
	tmux -S "$socket" resize-window -x 80 -y 20
	shows "生成器"
	# Nothing is left of what was drawn before.
	[ "$(tmux -S "$socket" capture-pane -p -S -100 | grep -c 'rag/all')" = 1 ]
	[ "$(tmux -S "$socket" capture-pane -p -S -100 | grep -cx before)" = 1 ]
}

@test "COLUMNS from before the window became smaller" {
	terminal 80 20 "COLUMNS=150 $(gate rag)"
	shows "! Guard"
	shows "0m02s of"
	[ "$(tmux -S "$socket" capture-pane -p -S -100 | grep -c 'rag/all')" = 1 ]
}

@test "a stopped terminal holds nothing up, and goes on where it was" {
	terminal 80 20 "$(gate rag)"
	shows "! Guard"
	tmux -S "$socket" send-keys C-s
	local asked
	asked=$(sim_requests deployments)
	until [ "$(sim_requests deployments)" -ge $((asked + 10)) ]; do sleep 0.05; done
	tmux -S "$socket" send-keys C-q
	tmux -S "$socket" send-keys C-c
	shows "after: 130"
	tmux -S "$socket" capture-pane -p -S -100 | grep -q '^rag/all  interrupted after'
}

@test "200 chainlets: those that aren't ready, and a count" {
	terminal 80 14 "$(gate wide)"
	shows "Chainlet040"
	is_golden many
	[ "$(grep -c . pane)" -le 14 ]
}

@test "Ctrl-C leaves the last table, and the verdict below it" {
	terminal 80 20 "$(gate rag)"
	shows "! Guard"
	tmux -S "$socket" send-keys C-c
	shows "after: 130"
	tmux -S "$socket" capture-pane -p -S -100 >whole
	[ "$(grep -c '^  ! Guard' whole)" = 1 ]
	# The table, then the verdict.
	grep -n '^  ! Guard\|^interrupted: ' whole | cut -d: -f2 | tr '\n' ',' | grep -q '^  ! Guard .*,interrupted,$'
}

@test "status --watch draws its table over itself, cut to the window" {
	terminal 60 6 "$CHAINGATE status --chain rag --api-url $SIM_URL --watch --interval 200ms"
	shows "more lines"
	sleep 1
	shows "more lines"
	is_golden watch
	tmux -S "$socket" send-keys C-c
	shows "after: 130"
	close_terminal
	terminal 130 20 "$CHAINGATE status --chain rag --api-url $SIM_URL --watch --interval 200ms"
	shows "Guard"
	sleep 1
	shows "Guard"
	is_golden watch-wide
}

@test "--progress lines, a CI, and a dumb terminal have lines" {
	terminal 100 24 "$(gate rag --progress lines --timeout 3s)"
	shows "after: 3"
	! grep -q '^  + ' pane || false
	close_terminal
	terminal 100 24 "CI=true $(gate rag --timeout 3s)"
	shows "after: 3"
	! grep -q '^  + ' pane || false
	close_terminal
	terminal 100 24 "TERM=dumb $(gate rag --timeout 3s)"
	shows "after: 3"
	! grep -q '^  + ' pane || false
	# Where it isn't a terminal there is no escape sequence, and live is drawn only on demand.
	BASETEN_API_KEY=sim-key "$CHAINGATE" check --chain rag --all-deployments --since any --api-url "$SIM_URL" --timeout 3s --interval 200ms >out 2>err </dev/null || true
	! grep -q $'\e' out err || false
}
