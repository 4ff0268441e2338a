#!/bin/sh
# validators.sh - downloads the checkers of validators/package-lock.json from npm, unless they are there already, and runs validators.py.
#
#   validators.sh DIRECTORY     DIRECTORY is for the checkers (build/validators)
#
# Where npm, git or a network is missing it says so and exits 0. A package with another sum than in the lock file is an error.

set -eu

[ $# -eq 1 ] || { echo "usage: validators.sh DIRECTORY" >&2; exit 64; }
mkdir -p "$1"
to=$(cd "$1" && pwd)
cd "$(dirname "$0")"
for program in npm node git python3; do
	command -v "$program" >/dev/null || { echo "skip  validators: $program is not installed"; exit 0; }
done
if ! cmp -s validators/package-lock.json "$to/done"; then
	rm -f "$to/done"
	cp validators/package.json validators/package-lock.json "$to"
	# --ignore-scripts: nothing that was downloaded runs before its sum is known.
	npm ci --prefix "$to" --ignore-scripts --no-audit --no-fund --loglevel=error >"$to/log" 2>&1 || {
		cat "$to/log"
		! grep -q EINTEGRITY "$to/log" || exit 1
		echo "skip  validators: they could not be downloaded"
		exit 0
	}
	cp validators/package-lock.json "$to/done"
fi
exec python3 validators.py "$to/node_modules"
