#!/usr/bin/env bats
# man.bats - the man pages: made of the documentation, well formed, and whole.

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return 1
	text=$BATS_TEST_TMPDIR/text
	page=$BATS_TEST_TMPDIR/chaingate-policy.5
	ci/man chaingate-policy 5 "the language of chaingate policies" docs/policy-language.md >"$page"
}

@test "chaingate-policy(5) is well formed" {
	command -v mandoc >/dev/null || skip "mandoc is not installed"
	run mandoc -Tlint -W warning "$page"
	echo "$output"
	[ "$status" -eq 0 ]
}

@test "it has every section, every key and every example of the page" {
	command -v mandoc >/dev/null || skip "mandoc is not installed"
	mandoc -Tutf8 -O width=200 "$page" | sed 's/.\x08//g' >"$text"
	while IFS= read -r heading; do
		grep -qxF "${heading^^}" "$text" || { echo "no section $heading" && return 1; }
	done < <(sed -n 's/^## //p' docs/policy-language.md | grep -v Contents)
	while IFS= read -r line; do
		grep -qF -- "$line" "$text" || { echo "no line $line" && return 1; }
	done < <(awk '/^```/ { inside = !inside; next } inside && /[^ ]/' docs/policy-language.md)
	# Outside of the examples, what stands between backquotes; lines may have been broken in it.
	tr -s ' \n' '  ' <"$text" | tr -s ' ' >"$text.joined"
	while IFS= read -r word; do
		grep -qF -- "$word" "$text.joined" || { echo "no $word" && return 1; }
	done < <(awk '/^```/ { inside = !inside; next } !inside' docs/policy-language.md | grep -oE '`[^`]+`' | tr -d '`' | sed 's,\\|,|,g' | tr -s ' ')
}
