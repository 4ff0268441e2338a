#!/usr/bin/env bats
# man.bats - the man pages: made from the documentation, well formed, and complete.

load set_up

# Name | section | description | source page.
pages=(
	"chaingate 1 manual.md"
	"chaingate-policy 5 docs/policy-language.md"
	"chaingate-sim 1 src/sim/README.md"
)

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.."
	# The same command line, but it starts faster.
	ci/manual "$CHAINGATE_VIRTUAL" >"$BATS_FILE_TMPDIR/manual.md"
	for page in "${pages[@]}"; do
		read_page
		ci/man "$name" "$section" "a page" "$source" >"$file"
	done
}

setup() {
	set_up "$BATS_TEST_DIRNAME/../.."
}

# Sets name, section, source, and the file of the generated page.
read_page() {
	read -r name section source <<<"$page"
	[ -f "$source" ] || source=$BATS_FILE_TMPDIR/$source
	file=$BATS_FILE_TMPDIR/$name.$section
}

@test "the pages are well formed" {
	needs mandoc
	for page in "${pages[@]}"; do
		read_page
		run mandoc -Tlint -W warning "$file"
		[ "$status" -eq 0 ]
	done
}

@test "the pages have every section, every key and every example of their sources" {
	needs mandoc
	for page in "${pages[@]}"; do
		read_page
		mandoc -Tutf8 -O width=200 "$file" | sed 's/.\x08//g' >"$BATS_TEST_TMPDIR/text"
		local lines
		mapfile -t lines <"$BATS_TEST_TMPDIR/text"
		local -A there=()
		for line in "${lines[@]}"; do
			[ -z "$line" ] || there[$line]=1
		done
		while IFS= read -r line; do
			[[ $line == '## '* && $line != *Contents* ]] || continue
			line=${line:3}
			[ -n "${there[${line^^}]-}" ] || { echo "$name: no section $line" && return 1; }
		done <"$source"
		# Every line of an example, and every text in backquotes elsewhere, which may span a line break.
		awk -v name="$name" '
			NR == FNR { text = text $0 "\n"; next }
			FNR == 1 { joined = text; gsub(/[ \n]+/, " ", joined) }
			/^```/ { inside = !inside; next }
			inside && /[^ ]/ {
				seen++
				if (!index(text, $0)) { print name ": no line " $0; missing++ }
			}
			!inside && !/^    / {
				while (match($0, /`[^`]+`/)) {
					word = substr($0, RSTART + 1, RLENGTH - 2)
					$0 = substr($0, RSTART + RLENGTH)
					gsub(/\\\|/, "|", word)
					gsub(/ +/, " ", word)
					seen++
					if (!index(joined, word)) { print name ": no " word; missing++ }
				}
			}
			END { exit missing > 0 || seen < 20 }' "$BATS_TEST_TMPDIR/text" "$source"
	done
}

@test "chaingate(1) has every command and every option, and the README names each command" {
	local commands command readme
	readme=$(<README.md)
	mapfile -t commands < <("$CHAINGATE_VIRTUAL" help | awk '/^Commands:/ { on = 1; next } on && !NF { exit } on && NF > 1 { print $1 }')
	[ "${#commands[@]}" -gt 8 ]
	for command in "${commands[@]}"; do
		[[ $readme == *"chaingate $command"* ]] || { echo "README.md doesn't name $command" && return 1; }
		echo "= $command"
		"$CHAINGATE_VIRTUAL" help "$command"
	done >"$BATS_TEST_TMPDIR/helps"
	awk '
		NR == FNR && /^##/ { command = /^### / ? substr($0, 5) : "" }
		NR == FNR { if (command != "") section[command] = section[command] $0 "\n"; next }
		/^= / {
			command = $2
			if (!(command in section)) { print "no section of " command; missing++ }
		}
		/^ +(-., )?--[a-z-]+/ {
			match($0, /--[a-z-]+/)
			option = substr($0, RSTART, RLENGTH)
			seen++
			if (!index(section[command], option)) { print "no " option " of " command; missing++ }
		}
		END { exit missing > 0 || seen < 40 }' "$BATS_FILE_TMPDIR/manual.md" "$BATS_TEST_TMPDIR/helps"
}

# UPDATE_GOLDEN=1 writes them; read the diff as a user of the page would.
@test "they read as tests/golden/man has them" {
	local failed=0
	needs mandoc
	for page in "${pages[@]}"; do
		read_page
		# Without the footer, which has the date.
		mandoc -Tutf8 -O width=78 "$file" | sed -e 's/.\x08//g' -e '$d' >"$BATS_TEST_TMPDIR/$name.$section.txt"
		[ -z "${UPDATE_GOLDEN-}" ] || cp "$BATS_TEST_TMPDIR/$name.$section.txt" tests/golden/man/
		diff -u "tests/golden/man/$name.$section.txt" "$BATS_TEST_TMPDIR/$name.$section.txt" || failed=1
	done
	return "$failed"
}
