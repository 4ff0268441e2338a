#!/usr/bin/env bats
# man.bats - the man pages: made of the documentation, well formed, and whole.

load set_up

# Name, section, what it is, page.
pages=(
	"chaingate 1 manual.md"
	"chaingate-policy 5 docs/policy-language.md"
	"chaingate-sim 1 src/sim/README.md"
)

setup() {
	set_up "$BATS_TEST_DIRNAME/../.."
	text=$BATS_TEST_TMPDIR/text
	ci/manual "$CHAINGATE" >"$BATS_TEST_TMPDIR/manual.md"
	for page in "${pages[@]}"; do
		read -r name section source <<<"$page"
		[ -f "$source" ] || source=$BATS_TEST_TMPDIR/$source
		ci/man "$name" "$section" "a page" "$source" >"$BATS_TEST_TMPDIR/$name.$section"
	done
}

@test "the pages are well formed" {
	needs mandoc
	for page in "${pages[@]}"; do
		read -r name section source <<<"$page"
		run mandoc -Tlint -W warning "$BATS_TEST_TMPDIR/$name.$section"
		echo "$output"
		[ "$status" -eq 0 ]
	done
}

@test "they have every section, every key and every example of their sources" {
	needs mandoc
	for page in "${pages[@]}"; do
		read -r name section source <<<"$page"
		[ -f "$source" ] || source=$BATS_TEST_TMPDIR/$source
		mandoc -Tutf8 -O width=200 "$BATS_TEST_TMPDIR/$name.$section" | sed 's/.\x08//g' >"$text"
		while IFS= read -r heading; do
			grep -qxF "${heading^^}" "$text" || { echo "no section $heading" && return 1; }
		done < <(sed -n 's/^## //p' "$source" | grep -v Contents)
		while IFS= read -r line; do
			grep -qF -- "$line" "$text" || { echo "no line $line" && return 1; }
		done < <(awk '/^```/ { inside = !inside; next } inside && /[^ ]/' "$source")
		# Outside of the examples, what stands between backquotes; lines may have been broken in it.
		tr -s ' \n' '  ' <"$text" | tr -s ' ' >"$text.joined"
		while IFS= read -r word; do
			grep -qF -- "$word" "$text.joined" || { echo "no $word" && return 1; }
		done < <(awk '/^```/ { inside = !inside; next } !inside && !/^    /' "$source" | grep -oE '`[^`]+`' | tr -d '`' | sed 's,\\|,|,g' | tr -s ' ')
	done
}

@test "chaingate(1) has every command and every option, and the README names each command" {
	while read -r command; do
		grep -qx "### $command" "$BATS_TEST_TMPDIR/manual.md"
		"$CHAINGATE" help "$command" | grep -oE -- '^ +(-., )?--[a-z-]+' | grep -oE -- '--[a-z-]+' | while read -r option; do
			sed -n "/^### $command\$/,/^##/p" "$BATS_TEST_TMPDIR/manual.md" | grep -q -- "$option" || { echo "no $option of $command" && exit 1; }
		done
		grep -q "chaingate $command" README.md || { echo "README.md doesn't name $command" && return 1; }
	done < <("$CHAINGATE" help | sed -n '/^Commands:/,/^$/p' | awk 'NF > 1 { print $1 }')
}

# UPDATE_GOLDEN=1 writes them; read the diff, as somebody who asks a page something.
@test "they read as tests/golden/man has them" {
	local failed=0
	needs mandoc
	for page in "${pages[@]}"; do
		read -r name section source <<<"$page"
		# Without the footer, which has the date.
		mandoc -Tutf8 -O width=78 "$BATS_TEST_TMPDIR/$name.$section" | sed 's/.\x08//g' | sed '$d' >"$BATS_TEST_TMPDIR/$name.$section.txt"
		[ -z "${UPDATE_GOLDEN-}" ] || cp "$BATS_TEST_TMPDIR/$name.$section.txt" tests/golden/man/
		diff -u "tests/golden/man/$name.$section.txt" "$BATS_TEST_TMPDIR/$name.$section.txt" || failed=1
	done
	return "$failed"
}
