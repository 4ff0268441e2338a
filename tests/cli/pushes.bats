#!/usr/bin/env bats
# pushes.bats - the lines of all pipelines in ci/ and the README that take a deployment's id from what truss printed.

load set_up

root=$BATS_TEST_DIRNAME/../..

setup() {
	set_up
	needs_plain "it tests scripts"
}

@test "each push takes the id of the one deployment that truss printed, by the same two lines everywhere; none and several are refused" {
	local file lines wanted='' said expected
	while read -r file; do
		lines=$(grep -E -A 1 '^ *(- )?id=\$+\(tr ' "$root/$file" | sed -E 's/^ *(- )?//; s/\$\$/$/g; s/\\\\/\\/g; s|models/\[A-Za-z0-9\]\+/logs/(\([^)]*\))|deployment/\1/run_remote|')
		[ -n "$wanted" ] || wanted=$lines
		echo "$file: $lines"
		[ "$(wc -l <<<"$lines")" -eq 2 ]
		[ "$lines" = "$wanted" ]
	done < <(cd "$root" && grep -rlE 'truss (chains )?push .*--remote' README.md ci)
	while IFS='|' read -r said expected; do
		printf "$said" >push.log
		for shell in sh "bash -eo pipefail" "bash -e"; do
			run --separate-stderr $shell -c "$wanted"$'\necho "$id"'
			[ "$output" = "$expected" ]
			[ -n "$expected" ] || [[ $status == 1 && $stderr == "truss printed no id of a deployment, or several ("* ]]
		done
	done <<-'END'
		curl 'https://chain-2.api.baseten.co/deployment/new/run_remote' \\\n|new
		✨ \e[1mhttps://c.co/deployment/new/run_remote\e[0m\nhttps://c.co/deployment/new/run_remote\n|new
		Replacing https://c.co/deployment/old1111/run_remote\nhttps://c.co/deployment/new/run_remote\n|
		https://c.co/deployment/old1111/run_remote is now https://c.co/deployment/new/run_remote\n|
		https://c.co/deployment/old1111/run_remote,/deployment/new/run_remote\n|
		https://c.co/deployment//run_remote\n|
		|
	END
}
