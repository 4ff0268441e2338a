#!/usr/bin/env bats
# language.bats - docs/policy-language.md is true: every rule has the result that the page gives, every policy loads, every test passes, and the page has
# every key, field and default of the program.

load set_up

setup() {
	set_up
	# The same command line, but it starts faster.
	CHAINGATE=$CHAINGATE_VIRTUAL
	page=$BATS_TEST_DIRNAME/../../docs/policy-language.md
}

# blocks KIND: writes each fenced block of that kind to a file, KIND.1, KIND.2 …, and prints how many there are.
blocks() {
	awk -v kind="$1" '
		/^```/ && inside { inside = 0; next }
		/^```/ { inside = 1; wanted = $0 == "```" kind; if (wanted) count++; next }
		wanted && inside { split(kind, word, " "); print > (word[length(word)] "." count) }
		END { print count + 0 }' "$page"
}

@test "every rule has the result that the page gives, and needs no quotes in YAML" {
	[ "$(blocks "json body")" -eq 1 ]
	[ "$(blocks rules)" -ge 8 ]
	local tried=0 line rule wanted policies=()
	while IFS= read -r line; do
		rule=${line%%# →*}
		rule=${rule%"${rule##*[! ]}"}
		wanted=${line##*# → }
		tried=$((tried + 1))
		run --separate-stderr "$CHAINGATE" eval "$rule" --body body.1 --now 2026-08-14T10:00:00Z --format json
		case $wanted in
		pass) [ "$status" -eq 0 ] ;;
		fail) [ "$status" -eq 1 ] ;;
		unknown) [ "$status" -eq 4 ] ;;
		error\ *)
			[[ $status -eq 2 && $stderr == *"[${wanted#error }]"* ]] || { echo "$rule: it should be: $wanted" && return 1; }
			continue
			;;
		*) echo "$rule: '$wanted'" && return 1 ;;
		esac || { echo "$rule: it should be: $wanted" && return 1; }
		printf 'version: 1\nrules:\n  - %s\n' "$rule" >"policy.$tried.yaml"
		policies+=("policy.$tried.yaml")
	done < <(cat rules.*)
	[ "$tried" -ge 45 ]
	[ "${#policies[@]}" -ge 35 ]
	"$CHAINGATE" lint "${policies[@]}"
}

@test "every policy loads without a warning, and every test passes" {
	count=$(blocks "yaml policy")
	[ "$count" -ge 7 ]
	run "$CHAINGATE" lint policy.*
	[ "$status" -eq 0 ]
	[[ $output != *warning* ]]
	[ "$(blocks "yaml test")" -eq 1 ]
	run "$CHAINGATE" test test.1
	[ "$status" -eq 0 ]
}

@test "the page has every field, class and key of a policy" {
	words=$("$CHAINGATE" explain | sed -nE '/^Fields/,/^$/s/^  ([a-z_]+) .*/\1/p')
	words+=" $("$CHAINGATE" explain | sed -nE '/^Statuses/,/^$/s/^  ([a-z_]+) .*/\1/p')"
	words+=" $("$CHAINGATE" schema | sed -nE 's/^ +"([a-z_]+)": \{$/\1/p' | grep -vxE 'properties|items|name|target_wait|targets_item|rule|rule_text|additionalProperties|propertyNames')"
	[ "$(wc -w <<<"$words")" -gt 40 ]
	awk -v words="$words" '
		BEGIN { count = split(words, word, /[ \n]+/) }
		{
			for (i = 1; i <= count; i++)
				if (!(word[i] in there) && index($0, word[i]) &&
				    $0 ~ ("`([^`]*[^`a-z0-9_])?" word[i] "([^a-z0-9_]|$)|^ *- ?[{]?" word[i] "|(^|[^a-z0-9_])" word[i] ":"))
					there[word[i]]
		}
		END {
			for (i = 1; i <= count; i++)
				if (word[i] != "" && !(word[i] in there)) { print word[i] " is not in the page"; missing++ }
			exit missing > 0
		}' "$page"
}

@test "the page's table has the defaults of the schema" {
	local count=0 text
	text=$(<"$page")
	while read -r key default; do
		count=$((count + 1))
		[[ $text == *$'\n'"| \`$key\` | \`$default\`"* ]] || {
			echo "$key has the default $default"
			return 1
		}
	done < <("$CHAINGATE" schema | awk '
		/^    "wait": \{/ { inside = 1 }
		inside && /^        "[a-z_]+": \{/ { key = $1; gsub(/[":]/, "", key) }
		inside && /"description": ".*\([a-z0-9]+\)"/ { match($0, /\([a-z0-9]+\)"/); print key, substr($0, RSTART + 1, RLENGTH - 3) }
		/^    "target_wait": \{/ { inside = 0 }')
	[ "$count" -eq 6 ]
}
