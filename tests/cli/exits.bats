#!/usr/bin/env bats
# exits.bats - what a report says of the exit code is what the process ends with: a report that says 0 is believed by `chaingate merge` and ci/promote. In virtual time.

load set_up
load virtual

one='{name: A, status: ACTIVE}'

setup() {
	set_up
	[ -c /dev/full ] || skip "there is no /dev/full"
	printf '%s\n' 'chains: [{id: c4, name: a}, {id: c3, name: b}]' 'deployments:' \
		"  - {id: d4, chain: c4, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}" \
		"  - {id: d3, chain: c3, created_at: \"2026-08-14T08:05:00Z\", chainlets: [$one]}" >world.yaml
	start_world world.yaml
	files=(--report json=r.json --junit r.xml --report env=r.env --report html=r.html --report markdown=r.md)
	gate=(check --chain a --chain b --latest --since any --timeout 2m --progress none)
}

# says CODE [FILE…]: all files of the run say so.
says() {
	[ "$(jq .exit r.json)" = "$1" ]
	grep -q "chaingate.exit\" value=\"$1\"" r.xml
	run ! grep -v "chaingate.exit\" value=\"$1\"" <(grep chaingate.exit r.xml)
	grep -q "^CHAINGATE_EXIT=$1$" r.env
	grep -q "^Exit code $1\." r.md
	[ -z "$(find . -name '*.tmp')" ]
}

@test "a report that can't be written, or a verdict, makes all reports say 6" {
	local row
	while read -ra row; do
		rm -f r.*
		run bash -c '"$@" >"$0"' "${row[0]}" env "${row[@]:1}" "$CHAINGATE" "${gate[@]}" "${files[@]}" --record run.ndjson
		[ "$status" = 6 ] || { show; return 1; }
		says 6 || { echo "${row[*]}"; return 1; }
		# A replay and a merged report have the same ways to fail.
		rm -f r.*
		run bash -c '"$@" >"$0"' "${row[0]}" env "${row[@]:1}" "$CHAINGATE" replay run.ndjson "${files[@]}"
		[ "$status" = "$([ "${row[1]}" = GITHUB_OUTPUT=/dev/full ] && echo 0 || echo 6)" ]
		says "$status"
	done <<-'END'
		/dev/full A=B
		/dev/null GITHUB_OUTPUT=/dev/full
	END
	for row in junit-strict=/dev/full env=/dev/full tap=/dev/full json=/dev/full; do
		rm -f r.*
		run "$CHAINGATE" "${gate[@]}" "${files[@]}" --report "$row"
		[ "$status" = 6 ]
		says 6 || { echo "$row"; return 1; }
		rm -f r.*
		run "$CHAINGATE" replay run.ndjson "${files[@]}" --report "$row"
		[ "$status" = 6 ]
		says 6
	done
	rm -f r.*
	run bash -c "'$CHAINGATE' ${gate[*]} ${files[*]} --report tap=- >/dev/full"
	[ "$status" = 6 ]
	says 6
	rm -f r.*
	run env GITHUB_STEP_SUMMARY=/dev/full "$CHAINGATE" "${gate[@]}" "${files[@]}" --report markdown
	[ "$status" = 6 ]
	says 6
	run "$CHAINGATE" "${gate[@]}" "${files[@]}" --record /dev/full
	[ "$status" = 6 ]
	says 6
}

@test "a shard that couldn't report its pass doesn't become one when it is merged, and a merged report isn't one" {
	local way
	"$CHAINGATE" "${gate[@]}" --shard 1/2 --report json=s1.json >/dev/null
	run "$CHAINGATE" "${gate[@]}" --shard 2/2 --report json=s2.json --junit /dev/full
	[ "$status" = 6 ]
	run -6 "$CHAINGATE" merge s1.json s2.json
	run bash -c "'$CHAINGATE' ${gate[*]} --shard 1/2 --report json=s1.json >/dev/full"
	[ "$status" = 6 ]
	"$CHAINGATE" "${gate[@]}" --shard 2/2 --report json=s2.json >/dev/null
	run -6 "$CHAINGATE" merge s1.json s2.json --report json=r.json
	[ "$(jq .exit r.json)" = 6 ]
	"$CHAINGATE" "${gate[@]}" --shard 1/2 --report json=s1.json >/dev/null
	for way in '--report tap=/dev/full' '--report junit-strict=/dev/full --quiet' '>/dev/full' '--report tap=- >/dev/full'; do
		rm -f r.*
		run bash -c "'$CHAINGATE' merge s1.json s2.json ${files[*]:0:6} ${files[*]:8} $way"
		[ "$status" = 6 ]
		says 6
	done
	run -6 "$CHAINGATE" merge s1.json s2.json --junit /dev/full
	[ "${lines[-1]}" = "unreported: 2 targets passed, but a report could not be written" ]
}

@test "the step's outputs end with the exit code, and other codes than 0 stay" {
	GITHUB_OUTPUT=outputs run -6 "$CHAINGATE" "${gate[@]}" --report env=/dev/full
	[ "$(grep ^exit= outputs | tail -n 1)" = exit=6 ]
	sed -i '/id: d3/s/ACTIVE/FAILED/' world.yaml
	run -1 "$CHAINGATE" "${gate[@]}" "${files[@]}" --report tap=/dev/full
	says 1
	run -1 bash -c "'$CHAINGATE' ${gate[*]} ${files[*]} >/dev/full"
	says 1
	run -6 "$CHAINGATE" "${gate[@]}" "${files[@]}" --report-only --report tap=/dev/full
	says 1
}

@test "no format is that of a pass if another report could not be written, also for several targets and for none" {
	local row format words='but a report could not be written (exit 6)'
	local -a formats=()
	for format in tap junit junit-strict github gitlab markdown html intoto; do formats+=(--report "$format=$format"); done
	for row in '' '--shard 1/2' '--shard 2/2' '--shard 1/9'; do
		# shellcheck disable=SC2086 # arguments
		run -6 "$CHAINGATE" "${gate[@]}" $row "${formats[@]}" --report env=/dev/full
		grep -q "^not ok [0-9]* - chaingate.*: the reports could be written$" tap
		grep -q '<error message="a report could not be written (exit 6)" type="Unreported">' junit
		grep -q 'type="Unreported"' junit-strict
		head -1 github | grep -q '^::error title=chaingate%3A unreported::a report could not be written (exit 6)$'
		grep -q '"severity": "blocker"' gitlab
		head -1 markdown | grep -q "^## chaingate: .*, $words"
		grep -q "<title>[a-z ]*, $words" html
		grep -q "<h1>.*, $words" html
		xmllint --noout --relaxng "$BATS_TEST_DIRNAME/../../src/report/junit.rng" junit
		grep -q '"result": "FAILED"' intoto
	done
	# Another exit code stays, and so do its reports.
	sed -i '/id: d3/s/ACTIVE/FAILED/' world.yaml
	run -1 "$CHAINGATE" "${gate[@]}" "${formats[@]}" --report env=/dev/full
	run ! grep -Ei 'unreported|could (not )?be written' tap junit junit-strict github gitlab markdown html intoto
}

@test "JSON, variables and the step's summary that are sent say 6, too, because they are sent last" {
	local row way
	# Where the report goes, and what fails: on the command line of a shell.
	while IFS='|' read -r row way; do
		rm -f sent r.*
		run bash -c "$way '$CHAINGATE' ${gate[*]} --record run.ndjson $row"
		[ "$status" = 6 ] || { show; echo "$way $row"; return 1; }
		grep -Eq '"exit": ?6|^CHAINGATE_EXIT=6$|^Exit code 6\.' sent || { cat sent; echo "$way $row"; return 1; }
		[ -z "$(find . -name '*.tmp')" ]
	done <<-'END'
		--report json=- --report tap=/dev/full >sent|
		--report json=/dev/fd/7 --junit /dev/full 7>sent|
		--report json=/dev/fd/7 7>sent >/dev/full|
		--report json=- >sent|GITHUB_OUTPUT=/dev/full
		--report json=/dev/stdout --report tap=/dev/full >sent|
		--report json=/dev/stdout --report env=/dev/full >sent|
		--report env --report tap=/dev/full >sent|
		--report env >sent|GITHUB_OUTPUT=/dev/full
		--report markdown --report tap=/dev/full|GITHUB_STEP_SUMMARY=sent
		--report markdown >/dev/full|GITHUB_STEP_SUMMARY=sent
	END
	# A pipe.
	mkfifo pipe
	cat pipe >sent &
	run -6 "$CHAINGATE" "${gate[@]}" --report json=pipe --report tap=/dev/full
	wait $!
	[ "$(jq .exit sent)" = 6 ]
	"$CHAINGATE" replay run.ndjson --report json=- --report tap=/dev/full >sent || [ $? = 6 ]
	[ "$(jq .exit sent)" = 6 ]
	for row in 1 2; do
		run bash -c "'$CHAINGATE' ${gate[*]} --shard $row/2 --report json=- --report tap=/dev/full >s$row.json"
		[ "$status" = 6 ]
	done
	run -6 "$CHAINGATE" merge s1.json s2.json
	for row in 1 2; do "$CHAINGATE" "${gate[@]}" --shard "$row/2" --report json=- >"s$row.json"; done
	run bash -c "'$CHAINGATE' merge s1.json s2.json --report json=- --junit /dev/full >sent"
	[ "$status" = 6 ]
	[ "$(jq .exit sent)" = 6 ]
	# On stderr the verdict comes after the JSON, so it knows, too.
	run bash -c "'$CHAINGATE' merge s1.json s2.json --report json=- >/dev/full"
	[ "$status" = 6 ]
	[ "${lines[-1]}" = "unreported: 2 targets passed, but a report could not be written" ]
}

@test "a reader of stdout that has gone ends merge and replay with 6, as check" {
	local row
	for row in 1 2; do "$CHAINGATE" "${gate[@]}" --shard "$row/2" --report json="s$row.json" >/dev/null; done
	"$CHAINGATE" "${gate[@]}" --record run.ndjson >/dev/null
	for row in 'merge s1.json s2.json' 'replay run.ndjson' "${gate[*]}"; do
		rm -f r.*
		# The pipe's reader has ended before the command begins.
		run bash -c "mkfifo gone; exec 8<>gone 9>gone 8<&-; rm gone; '$CHAINGATE' $row ${files[*]:0:6} ${files[*]:8} >&9"
		[ "$status" = 6 ] || { show; echo "$row"; return 1; }
		says 6
	done
}
