# shards.bash - worlds of chains, the reports of their shards, and merging them. Also needs `load virtual`.

# shellcheck shell=bash disable=SC2034,SC2154 # the tests read and set them

# world [LINE…]: eight chains with a deployment each, and more lines.
world() {
	local i
	{
		echo 'chains:'
		for i in 1 2 3 4 5 6 7 8; do echo "  - {id: c$i, name: chain-$((9 - i))}"; done
		echo 'deployments:'
		for i in 1 2 3 4 5 6 7 8; do
			echo "  - {id: d$i, chain: c$i, created_at: \"2026-08-14T08:05:00Z\", chainlets: [{name: A, status: ${state[$i]-ACTIVE}}]}"
		done
		printf '%s\n' "$@"
	} >world.yaml
	start_world world.yaml
}

state=()
all=(--all-chains --latest --since any --progress none)
usual=${all[*]}

# shards N [ARGUMENT…]: the reports s1.json … sN.json; and u.json of one run without shards. Those of the same world and the
# same N are made only once, for all tests.
shards() {
	local i count=$1 kept
	shift
	export VIRTUAL_SEED=middle
	kept=$BATS_FILE_TMPDIR/$(cksum world.yaml | tr ' ' .)$count
	if [ "$#" = 0 ] && [ "${all[*]}" = "$usual" ] && [ -d "$kept" ]; then
		cp "$kept"/* .
		whole=0
		return
	fi
	for ((i = 1; i <= count; i++)); do
		"$CHAINGATE" check "${all[@]}" "$@" --shard "$i/$count" --report json="s$i.json" >/dev/null 2>&1 || true
	done
	run "$CHAINGATE" check "${all[@]}" "$@" --report json=u.json --junit u.xml
	whole=$status
	if [ "$#" = 0 ] && [ "${all[*]}" = "$usual" ] && [ "$whole" = 0 ]; then
		mkdir "$kept"
		cp s[0-9]*.json u.json u.xml "$kept"
	fi
}

merge() {
	run --separate-stderr "$CHAINGATE" merge "$@"
	show
}

# The line that only a merged report has is left out.
same_as_whole() {
	diff u.json <(grep -v '^    "first_end": ' "$1")
}

# bend FILE CODE: edits the JSON report with Python; `r` is the report. One Python does all edits of a test, because its start takes longer than they do.
bend() {
	local answer
	[ -n "${bender_PID-}" ] || coproc bender { exec python3 -c 'import json, sys
for line in sys.stdin:
    path, code = line.rstrip("\n").split("\t")
    r = json.load(open(path))
    exec(code)
    with open(path, "w") as report:
        json.dump(r, report)
    print("bent", flush=True)'; }
	printf '%s\t%s\n' "$1" "$2" >&"${bender[1]}" && read -r answer <&"${bender[0]}" && [ "$answer" = bent ]
}

# Without what only the run itself knows: times, and how often it polled.
without_times() {
	grep -vE '"first_end": |"(at|since|until|took|stable_at|held_at|watched)_s"|"polls?"|"start"' "$1"
}

# refused MISTAKE FILE…: exit 2 with this mistake, and no report that passes, also where one was.
refused() {
	echo '"verdict": "passed"' | tee m.json >m.xml
	run --separate-stderr "$CHAINGATE" merge "${@:2}" --report json=m.json --junit m.xml
	[ "$status" = 2 ] && [ -z "$output" ] && [[ $stderr == *"$1"* ]] && grep -q '"verdict": null' m.json && grep -q 'errors="1"' m.xml && return
	echo "merge ${*:2}: not refused with $1"
	show
	return 1
}
