# fleets.bash - a world of five chains, and runs that watch several of them. Also needs `load virtual`.

# shellcheck shell=bash disable=SC2034,SC2154 # the tests read and set them

one='{name: A, status: ACTIVE}'

# world [LINE…]: five chains, two with one name, each with a deployment that is up; and more lines.
world() {
	printf '%s\n' 'chains:' '  - {id: c2, name: rag-b}' '  - {id: c1, name: rag-a}' '  - {id: c3, name: voice}' \
		'  - {id: c5, name: twin, team: y}' '  - {id: c4, name: twin, team: x}' 'deployments:' \
		"  - {id: d1, chain: c1, created_at: \"2026-08-14T08:05:00Z\", environment: staging, chainlets: [$one]}" \
		"  - {id: d2, chain: c2, created_at: \"2026-08-14T08:05:00Z\", environment: staging, chainlets: [$one]}" \
		"  - {id: d3, chain: c3, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}" \
		"  - {id: d4, chain: c4, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}" \
		"  - {id: d5, chain: c5, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}" "$@" >world.yaml
	start_world world.yaml
}

latest=(--latest --since any)

check() {
	: >"$SIM_LOG"
	run --separate-stderr "$CHAINGATE" check "$@" </dev/null
	show
}

# targets: the names of the targets in r.json.
targets() {
	sed -n 's/^      "name": "\(.*\)",$/\1/p' r.json | tr '\n' ' '
}

without_clock() {
	grep -v -e '"took_s"' -e '"replayed": true' "$1"
}
