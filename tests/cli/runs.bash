# runs.bash - many runs of the virtual build for the price of one start (tests/virtual/world.h, VIRTUAL_RUNS). `load virtual` besides.
#
# a_run NAME [-u VARIABLE] [VARIABLE=VALUE] ARGUMENT… notes a run down: a name, which is a path without its suffix, and the rest as env(1)
#                     has it. The directory that the path names is made
# make_runs           makes those that are noted down, in their order. Stdin is NAME.in, or nothing
# got NAME            what came of one: status, output, stderr and lines, as after `run --separate-stderr`, but for NULs

# shellcheck disable=SC2034 # what tests read

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
