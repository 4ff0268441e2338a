# runs.bash - many runs of the virtual build for the price of one start (tests/virtual/world.h, VIRTUAL_RUNS). Also needs `load virtual`.
#
# a_run NAME [-u VARIABLE] [VARIABLE=VALUE] ARGUMENT… adds a run: a name, which is a path without its suffix, and the rest like env(1).
#                     It makes the directory in the path
# make_runs           makes all added runs, in order. Stdin is NAME.in, or nothing
# got NAME            sets status, output, stderr and lines of a run, as after `run --separate-stderr`, but without NULs

# shellcheck disable=SC2034 # the tests read it

a_run() {
	printf '%s\0' "$1" "$(($# - 1))" "${@:2}" >>"${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/noted.runs"
}

make_runs() {
	local table=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR}/noted.runs
	VIRTUAL_RUNS=$table "$CHAINGATE_VIRTUAL" || return
	rm "$table"
}

got() {
	output='' stderr='' status=none
	[ ! -e "$1.status" ] || read -r status <"$1.status"
	IFS= read -rd '' output <"$1.out" || true
	IFS= read -rd '' stderr <"$1.err" || true
	output=${output%$'\n'} stderr=${stderr%$'\n'}
	mapfile -t lines <<<"$output"
}
