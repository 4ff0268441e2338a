#!/usr/bin/env bats
# security.bats - SECURITY.md names tests that exist, for each threat at least one, and docs/assurance.md commands that run something.

load set_up

setup() {
	set_up "$BATS_TEST_DIRNAME/../.."
}

# Prints the tests that a page names, "FILE NAME" a line.
named() {
	grep -ohE '`[a-z_]+\.(bats|c)` "[^"]+"' "$1" | sed -E 's/^`([^`]+)` "(.*)"$/\1 \2/'
}

exists() { # exists FILE NAME
	case $1 in
	*.bats) grep -qF "@test \"$2\" {" "tests/cli/$1" ;;
	*.c) grep -qE "cmocka_unit_test[a-z_]*\($2[,)]" tests/unit/"$1" tests/scenario/"$1" 2>/dev/null ;;
	esac
}

@test "each test that SECURITY.md names exists" {
	local file name count=0
	while read -r file name; do
		exists "$file" "$name" || { echo "$file has no test \"$name\"" && return 1; }
		count=$((count + 1))
	done < <(named SECURITY.md)
	[ "$count" -ge 30 ]
	# The search finds what isn't there.
	! exists key.bats "a run that never was" || false
	! exists test_secret.c a_test_that_never_was || false
}

@test "each threat in SECURITY.md has a test" {
	local line rows=0
	while IFS= read -r line; do
		[[ $line != "| who, and how "* && $line != "| --- "* ]] || continue
		rows=$((rows + 1))
		# The last cell.
		line=${line%|}
		[[ ${line##*|} == *'` "'*'"'* ]] || { echo "no test: $line" && return 1; }
	done < <(awk '/^### / { wanted = /A false pass|The key/ } /^## / { wanted = 0 } wanted && /^\|/' SECURITY.md)
	[ "$rows" -ge 15 ]
}

@test "each command in docs/assurance.md runs something" {
	local name count=0
	while read -r name; do
		[ -e "tests/cli/$name.bats" ] || [ -e "tests/unit/test_$name.c" ] || { echo "make check T=$name runs no file" && return 1; }
		count=$((count + 1))
	done < <(grep -ohE '`make check T=[a-z_]+' docs/assurance.md | sed 's/.*T=//')
	[ "$count" -ge 5 ]
	while read -r name; do
		grep -qE "^$name:" Makefile || { echo "make has no $name" && return 1; }
		count=$((count + 1))
	done < <(grep -ohE '`make [a-z-]+' docs/assurance.md | sed 's/.*make //')
	[ "$count" -ge 13 ]
}
