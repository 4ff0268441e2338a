#!/usr/bin/env bats
# junit.bats - the JUnit reports of every kind of run, in both dialects, have the properties that their readers rely on.
#
# setup_file makes the runs once, in virtual time, each in a directory of its own: report.xml, strict.xml and the files of `gate` (runs.bash). The
# tests then look at the files of all runs at once, because starting xmllint costs more than its work.

load set_up
load virtual
load runs

# The gates' target, unless a policy has one.
selection=(--chain rag --deployment q86yjdy)

# note_gate NAME EXPECTED [VARIABLE=VALUE…] [ARGUMENT…]: adds a gate for make_runs. A test compares its exit code with EXPECTED.
note_gate() {
	local directory=$runs/$1 variables=()
	[ -d "$runs" ] || mkdir "$runs"
	echo "$2" >"$directory.expected"
	shift 2
	while [[ ${1-} =~ ^[A-Z_]+= ]]; do
		variables+=("$1")
		shift
	done
	a_run "$directory/gate" "${variables[@]}" check "${selection[@]}" --api-url "$SIM_URL" --interval 1s --stable-for "${stable_for-10s}" \
		--report "junit=$directory/report.xml" --report "junit-strict=$directory/strict.xml" "$@"
}

# The steady deployment of scenarios/single.yaml, and one whose texts are hostile.
write_scenario() {
	sed '/^chains:/a\  - {id: hostile, name: "]]> & <", team: ml}' "$BATS_TEST_DIRNAME/scenarios/single.yaml"
	cat <<-'END'
		bodies:
		  - at: 0s
		    chain: hostile
		    text: '{"deployments": [{"id": "q86yjdy", "created_at": "2026-01-01T00:00:00Z", "chain_id": "hostile",
		      "environment": "]]> & < \u0007 \u202e", "status": "ACTIVE", "chainlets": [{"id": "a",
		      "name": "]]> & <b> \u0007 \u001b[31m \u202e \ufffe \n::error::x", "instance_type_name": "]]>\u0000",
		      "autoscaling_settings": {"min_replica": 1, "max_replica": 1, "autoscaling_window": 60, "scale_down_delay": 60,
		      "concurrency_target": 1, "target_utilization_percentage": 70}, "active_replica_count": 1, "status": "ACTIVE"}]}]}'
	END
}

write_policies() {
	# Every result a rule can have, and a message of several lines.
	cat >mixed.yaml <<-'END'
		version: 1
		name: mixed
		rules:
		  - all chainlets ACTIVE
		  - {name: enough, assert: min_replica >= 2, message: "Raise it.\nThen push again."}
		  - {name: enough for many, assert: min_replica >= 20, when: all chainlets have max_replica > 10}
		  - {name: plenty, assert: min_replica >= 3, severity: warning, message: It is cheap.}
		  - {name: nobody, assert: all chainlets where name == "Nobody" are ACTIVE}
	END
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets ACTIVE' '  - {assert: min_replica >= 2, severity: warning}' >warning.yaml
	# Rules that can never be false: lint warns of them.
	printf '%s\n' 'version: 1' 'rules:' $'  - min_replica >= 0 # ]]> & ::error::x \xe2\x80\xae' >suspicious.yaml
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets where name == "Nobody" are ACTIVE' >unknown.yaml
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets ACTIVE' \
		'  - {name: nobody, severity: warning, assert: all chainlets where name == "Nobody" are ACTIVE}' >unknown_warning.yaml
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets ACTVE' '  - min_replica >>= 2' >wrong.yaml
	cat >targets.yaml <<-'END'
		version: 1
		targets:
		  - {name: one, chain: rag, deployment: q86yjdy}
		  - {name: other, chain: rag, environment: staging, since: any, rules: [min_replica >= 2]}
		rules:
		  - all chainlets ACTIVE
	END
	# Characters that are special in XML, forbidden in XML, or obeyed by terminals.
	cat >hostile.yaml <<-'END'
		version: 1
		name: "]]> & <b a=\"1\"> ' ::error 東京"
		rules:
		  - name: "]]> & <![CDATA[ </testcase> \"quoted\" 'once' &#7; &bel; ::error::x Größe"
		    assert: min_replica >= 2
		    message: "]]> & < > \" ' BEL \a, RTL \u202E, escape \e[31m, C1 \x9b31m, NUL \0, \uFFFE, \uFEFF, tab \t.\r\n::error::x\n東京"
		  - name: '<!-- --> <?xml?> %s%n \a \u{7}'
		    assert: min_replica >= 2
		    severity: warning
		    message: "\a]]>"
		  - name: "<skipped/>"
		    assert: min_replica >= 2
		    when: all chainlets have max_replica > 10
		    message: "\a]]>"
	END
	cp hostile.yaml $'hos\a  \e[31mtile & <\xe2\x80\xae.yaml'
	# Names with refused characters: the diagnostics repeat them.
	printf '%s\n' 'version: 1' 'name: "\a ]]> \u202E \e[31m"' 'rules:' '  - {name: "\a & <", assert: min_replica >= 2}' \
		$'  - all chainlets ACTVE # \xe2\x80\xae ]]> &' >hostile_wrong.yaml
}

setup_file() {
	set_up "$BATS_FILE_TMPDIR"
	local runs=$BATS_FILE_TMPDIR/runs selection=("${selection[@]}")
	write_policies
	write_scenario >scenario.yaml
	start_world scenario.yaml
	note_gate passing 0
	note_gate passing_with_warning 0 warning.yaml
	note_gate suspicious 0 suspicious.yaml
	note_gate failing 1 mixed.yaml
	note_gate failing_by_warning 1 warning.yaml --strict
	note_gate undecided 4 unknown.yaml --timeout 1m
	note_gate undecided_by_warning 4 unknown_warning.yaml --strict --timeout 1m
	stable_for=10m note_gate timed_out 3 --timeout 1m
	note_gate unreachable 5 VIRTUAL_EVENTS="0s miss connect" --timeout 1m
	note_gate refused 5 BASETEN_API_KEY=another-key
	note_gate policy 2 wrong.yaml
	note_gate policy_missing 2 missing.yaml
	note_gate usage 2 --timeout soon
	note_gate hostile 1 hostile.yaml
	note_gate hostile_path 1 $'hos\a  \e[31mtile & <\xe2\x80\xae.yaml'
	note_gate hostile_policy 2 hostile_wrong.yaml
	note_gate hostile_usage 2 --timeout $'\a]]>&<"\xe2\x80\xae\e[31m\n::error::x'
	stable_for=10m note_gate interrupted 143 VIRTUAL_EVENTS="5s signal TERM"
	selection=(--chain hostile --deployment q86yjdy)
	note_gate hostile_answer 1 mixed.yaml
	selection=()
	note_gate targets 1 targets.yaml
	make_runs
}

setup() {
	set_up "$BATS_FILE_TMPDIR"
	root=$BATS_TEST_DIRNAME/../..
	look_at "$BATS_FILE_TMPDIR"/runs/*/
}

# look_at DIRECTORY…: chooses the runs for the checks below.
look_at() {
	directories=("${@%/}")
	reports=("${directories[@]/%//report.xml}")
	stricts=("${directories[@]/%//strict.xml}")
	runs=${directories[0]%/*}
}

# strings XPATH FILE…: prints one line for each file: the XPath's text, which has no line break.
strings() {
	local xpath=$1
	shift
	mapfile -t lines < <(xmllint --xpath "$xpath" "$@")
	[ "${#lines[@]}" = $# ] || { printf '%s\n' "${#lines[@]} texts of $# files" "${lines[@]}" && return 1; }
}

# none XPATH… -- FILE…: fails if there is such a node.
none() {
	local paths=() counts index path number failed=0
	while [ "$1" != -- ]; do
		paths+=("$1")
		shift
	done
	shift
	[ $# -gt 0 ]
	[ "${#paths[@]}" -gt 0 ]
	printf -v counts 'count(%s), " ", ' "${paths[@]}"
	strings "concat($counts '')" "$@"
	for index in "${!lines[@]}"; do
		[[ ${lines[index]} =~ [1-9] ]] || continue
		failed=1
		path=0
		for number in ${lines[index]}; do
			[ "$number" = 0 ] || echo "${*:index+1:1}: $number of ${paths[path]}"
			path=$((path + 1))
		done
	done
	return $failed
}

# all_match XPATH PATTERN FILE…: each attribute, as name="value", matches; there is at least one.
all_match() {
	local found other
	found=$(xmllint --xpath "$1" "${@:3}" | grep -oE '[a-z]+="[^"]*"')
	[ -n "$found" ]
	other=$(grep -vxE "$2" <<<"$found") || return 0
	echo "$1 is '$other'"
	return 1
}

# is_said NAME DIALECT XPATH VALUE [XPATH VALUE]…: the report has these values. A value has no line break.
is_said() {
	local file=$runs/$1/$2.xml paths='' failed=0 index expected=() asked=()
	shift 2
	while [ $# -gt 0 ]; do
		paths+="string($1), \"
\", "
		asked+=("$1") expected+=("$2")
		shift 2
	done
	mapfile -t lines < <(xmllint --xpath "concat($paths '')" "$file")
	for index in "${!asked[@]}"; do
		[ "${lines[index]-}" != "${expected[index]}" ] || continue
		echo "$file: ${asked[index]} is '${lines[index]-}', expected '${expected[index]}'"
		failed=1
	done
	return $failed
}

# ---- files ------------------------------------------------------------------------------------------------------------

end_as_expected() {
	local directory index=0 expected failed=0
	strings 'string(//property[@name = "chaingate.exit"]/@value)' "${reports[@]}"
	local said=("${lines[@]}")
	for directory in "${directories[@]}"; do
		got "$directory/gate"
		read -r expected <"$directory.expected"
		if [ "$status" != "$expected" ] || [ "${said[index]}" != "$expected" ]; then
			echo "${directory##*/}: exit $status, ${said[index]} in the report, expected $expected"
			show
			failed=1
		fi
		index=$((index + 1))
	done
	return $failed
}

are_well_formed() {
	local file line failed=0
	for file in "${reports[@]}" "${stricts[@]}"; do
		read -r line <"$file"
		[ "$line" = '<?xml version="1.0" encoding="UTF-8"?>' ] || { echo "$file begins with '$line'" && failed=1; }
	done
	xmllint --noout "${reports[@]}" "${stricts[@]}" || failed=1
	return $failed
}

are_valid() {
	xmllint --noout --relaxng "$root/src/report/junit.rng" "${reports[@]}" 2>"$BATS_TEST_TMPDIR/validity" && return
	grep -v ' validates$' "$BATS_TEST_TMPDIR/validity"
	return 1
}

# No report contains, raw or as a reference, characters that XML, its readers or terminals can't take: control characters, C1, bidirectional ones,
# U+FEFF, U+FFFE, U+FFFF. No other character is written as a reference, except the colon that would begin a CI system's command.
have_no_raw_bytes() {
	local refused='[^\x20-\x7e\x80-\xff]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbb\xbf|\xef\xbf[\xbe\xbf]'
	LC_ALL=C run -1 grep -anHP "$refused|&#(?!58;:)|<!\[CDATA\[|<!--" "$@"
}

@test "each run ends with its exit code, which is in the report" {
	[ "${#directories[@]}" -ge 19 ]
	end_as_expected
}

@test "each report is well-formed" {
	are_well_formed
}

@test "the default dialect is valid under the schema in the sources" {
	are_valid
}

@test "the schema refuses what it should" {
	local report=$runs/failing/report.xml number=0 whole edited edit
	# One sed makes all edits; each starts from the original line.
	cd "$BATS_TEST_TMPDIR"
	echo h >edits
	while IFS= read -r edit; do
		number=$((number + 1))
		printf '%s\n' g "$edit" "w $number.xml" >>edits
		asked[number]=$edit
	done <<-'END'
		s/ time="[0-9.]*"/ time="1.5"/
		s/ time="[0-9.]*"/ time="1,500"/
		s/ time="[0-9.]*"/ time="-1.500"/
		s/ timestamp="[^"]*/&Z/
		s/ timestamp="[^"]*/&.000/
		s/ timestamp="[^"]*"//
		s/ tests="/&-/
		s/ errors="[0-9]*"//
		s/ package=""/ package="chaingate"/
		s/ hostname="[^"]*"/ hostname=""/
		s/ name="enough"/ name=""/
		s/ classname="/&x/
		s/ line="[0-9]*"/ line="0"/
		s/ line="[0-9]*"//
		s/RuleFailed/rule failed/
		s/ type="RuleFailed"//
		s/<failure message="[^"]*"/<failure message=""/
		s/<failure message="[^"]*"/<failure/
		s/<failure message="/&a\&#10;b/
		s/<failure/<failure colour="red"/
		s/<failure.*/<error message="m" type="RuleUndecided">m<\/error>&/
		s/<testcase name="stable.*/<testcase\/>&/
		s/<system-out\/>/<system-out>x<\/system-out>/
		s/<system-err\/>//
		s/<system-out\/>/<system-err\/>/
		s/<properties>/<properties><property name="x" value="y"\/>/
		s/ name="polls" value="/&x/
		s/"failed"/"none"/
		s/<testsuites name="chaingate"/<testsuites/
		s/<testsuites name="chaingate"/& xmlns="urn:x"/
	END
	[ "$number" = 30 ]
	sed -n -f edits "$report"
	whole=$(<"$report")
	for ((; number > 0; number--)); do
		edited=$(<$number.xml)
		[ "$edited" != "$whole" ] || { echo "nothing is changed by ${asked[number]}" && return 1; }
	done
	# Unedited, it passes.
	run xmllint --noout --relaxng "$root/src/report/junit.rng" "$report" {1..30}.xml
	[ "$(grep ' validates$' <<<"$output")" = "$report validates" ]
	[ "$(grep -c ' fails to validate$' <<<"$output")" = 30 ]
}

@test "the strict dialect is valid under other projects' schemas" {
	[ -d "$root/../shared/junit" ] || skip "the schemas of others are not here"
	local schema failed=0 count=0
	for schema in "$root"/../shared/junit/*.xsd; do
		count=$((count + 1))
		if ! xmllint --noout --schema "$schema" "${stricts[@]}" 2>"$BATS_TEST_TMPDIR/validity"; then
			grep -v ' validates$' "$BATS_TEST_TMPDIR/validity"
			failed=1
		fi
	done
	[ "$count" -gt 0 ]
	[ $failed = 0 ]
}

@test "no report has characters that XML forbids, terminals obey or readers can't take" {
	local bytes
	have_no_raw_bytes "${reports[@]}" "${stricts[@]}"
	# Refused variants.
	for bytes in $'\a' $'\t' $'\r' $'\x7f' $'\xc2\x9b' $'\xe2\x80\xae' $'\xe2\x81\xa6' $'\xef\xbb\xbf' $'\xef\xbf\xbe' '&#7;' '<![CDATA[' '<!--'; do
		printf '<a>%s</a>\n' "$bytes" >"$BATS_TEST_TMPDIR/bytes"
		run ! have_no_raw_bytes "$BATS_TEST_TMPDIR/bytes"
	done
}

# ---- contents ---------------------------------------------------------------------------------------------------------

have_true_counts() {
	none \
		'//testsuite[not(@tests = count(testcase))]' \
		'//testsuite[not(@failures = count(testcase[failure]))]' \
		'//testsuite[not(@errors = count(testcase[error]))]' \
		'//testsuite[not(@skipped = count(testcase[skipped]))]' \
		'//testsuite[not(@id = count(preceding-sibling::testsuite))]' \
		'/testsuites[not(testsuite/testcase)]' \
		'//testsuite//testsuite' -- "${reports[@]}" "${stricts[@]}"
	none \
		'/testsuites[not(@tests = count(//testcase))]' \
		'/testsuites[not(@failures = count(//testcase[failure]))]' \
		'/testsuites[not(@errors = count(//testcase[error]))]' \
		'/testsuites[not(@skipped = count(//testcase[skipped]))]' -- "${reports[@]}"
}

# Test names are unique within a class name, and suite names are unique.
have_sound_cases() {
	none \
		'//testcase[count(failure | error | skipped) > 1]' \
		'//testcase[not(normalize-space(@name)) or not(normalize-space(@classname))]' \
		'//testcase[not(@classname = ../@name)]' \
		'//testcase[@name = preceding-sibling::testcase/@name]' \
		'//testsuite[@name = preceding-sibling::testsuite/@name]' \
		'//testsuite[not(@package = "")]' -- "${reports[@]}" "${stricts[@]}"
}

have_sound_results() {
	local newline=$'\n'
	none \
		'//*[self::failure or self::error or self::skipped][not(@message)]' \
		'//*[self::failure or self::error][not(@type)]' \
		"//*[@message][not(normalize-space(@message)) or contains(@message, '$newline')]" \
		"//*[@message][not(starts-with(concat(., '$newline'), concat(@message, '$newline')))]" -- "${reports[@]}" "${stricts[@]}"
}

have_sound_times() {
	all_match '//@time | //@timestamp' \
		'time="(0|[1-9][0-9]*)\.[0-9]{3}"|timestamp="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"' "${reports[@]}" "${stricts[@]}"
	none \
		'//testsuite[not(@time) or not(@timestamp)] | //testcase[not(@time)]' \
		'//testcase[not(@time <= ../@time)]' \
		'//testsuite[@time > /testsuites/@time]' -- "${reports[@]}" "${stricts[@]}"
}

# The strict dialect leaves out only attributes that a reader may not know.
are_strict() {
	local shared='//testsuite/@* | //property/@* | //testcase/@name | //failure | //error | //skipped'
	none \
		'/testsuites/@*[name() != "name"]' \
		'//testcase/@*[name() != "name" and name() != "classname" and name() != "time"]' \
		'//testcase/*[not(self::failure or self::error or self::skipped)]' \
		'//testsuite[count(properties[not(preceding-sibling::*)]) != 1]' \
		'//testsuite[count(system-out[preceding-sibling::*[1][self::testcase]]) != 1]' \
		'//testsuite[count(system-err[preceding-sibling::*[1][self::system-out]][not(following-sibling::*)]) != 1]' -- "${stricts[@]}"
	diff <(xmllint --xpath "$shared" "${reports[@]}") <(xmllint --xpath "$shared" "${stricts[@]}")
}

are_sound() {
	end_as_expected
	are_well_formed
	are_valid
	have_no_raw_bytes "${reports[@]}" "${stricts[@]}"
	have_true_counts
	have_sound_cases
	have_sound_results
	have_sound_times
	are_strict
}

@test "the counts equal the numbers of cases" {
	have_true_counts
}

@test "each case has a unique name and at most one result" {
	have_sound_cases
}

@test "each result has a one-line message, and its text begins with the message" {
	have_sound_results
}

# The readers' numbers equal ours; without readers, the test is skipped.
read_alike() { # read_alike READER… with lines "READER FILE TESTS FAILURES ERRORS SKIPPED" in the file counts
	local reader file index=0 name line
	local -A said
	while read -r name file line; do
		said["$name $file"]=$line
	done <counts
	strings 'concat(count(//testcase), " ", count(//failure), " ", count(//error), " ", count(//skipped))' "${reports[@]}" "${stricts[@]}"
	for file in "${reports[@]}" "${stricts[@]}"; do
		for reader; do
			[ "${said["$reader $file"]-}" != "${lines[index]}" ] || continue
			echo "$file has ${lines[index]}; $reader: ${said["$reader $file"]-nothing}"
			return 1
		done
		index=$((index + 1))
	done
}

@test "a reader from Debian gets the same counts" {
	local python
	for python in /usr/bin/python3 python3 ''; do
		[ -n "$python" ] || skip "python3-junitparser is not installed"
		"$python" -c 'import junitparser' 2>/dev/null && break
	done
	"$python" - "${reports[@]}" "${stricts[@]}" >counts <<-'END'
		import sys, junitparser
		for file in sys.argv[1:]:
		    report = junitparser.JUnitXml.fromfile(file)
		    cases = [case for suite in report for case in suite]
		    results = [result for case in cases for result in case.result]
		    print("junitparser", file, len(cases), *(sum(isinstance(r, kind) for r in results)
		          for kind in (junitparser.Failure, junitparser.Error, junitparser.Skipped)))
	END
	read_alike junitparser
}

@test "readers from npm get the same counts" {
	local modules=$root/build/readers/node_modules
	[ -d "$modules" ] || skip "there are no readers: make readers"
	node "$root/tests/readers/count.js" "$modules" "${reports[@]}" "${stricts[@]}" >counts
	read_alike junit2json test-results-parser xunit-viewer
}

@test "times have three decimals, and timestamps have no zone" {
	have_sound_times
}

@test "the strict dialect has the same contents without the forbidden parts" {
	are_strict
}

@test "each kind of run has the expected results" {
	local failed=0 name counts run type case files=() expected=()
	# Tests, failures, errors and skipped.
	while read -r name counts; do
		files+=("$runs/$name/report.xml")
		expected+=("$counts")
	done <<-'END'
		passing 3 0 0 0
		passing_with_warning 3 0 0 0
		failing 6 1 1 1
		failing_by_warning 3 1 0 0
		undecided 2 0 1 0
		undecided_by_warning 3 0 1 0
		timed_out 3 0 3 0
		unreachable 3 0 3 0
		interrupted 3 0 3 0
		policy 1 0 1 0
		policy_missing 1 0 1 0
		usage 1 0 1 0
		targets 5 1 0 0
	END
	strings 'concat(/*/@tests, " ", /*/@failures, " ", /*/@errors, " ", /*/@skipped)' "${files[@]}"
	diff <(paste -d ' ' <(printf '%s\n' "${files[@]}") <(printf '%s\n' "${expected[@]}")) <(paste -d ' ' <(printf '%s\n' "${files[@]}") <(printf '%s\n' "${lines[@]}"))
	is_said failing report '//testcase[failure[@type = "RuleFailed"]]/@name' enough '//testcase[skipped]/@name' 'enough for many' \
		'//testcase[system-out]/@name' plenty '//testcase[failure]/@line' 5 '//testcase[failure]/@file' mixed.yaml
	is_said undecided report '//testcase[2]/error/@type' RuleUndecided
	is_said targets report 'count(//testsuite)' 2
	# Under --strict an unknown warning is an error, not a failure.
	for name in report strict; do
		while read -r run type case; do
			is_said "$run" "$name" "//testcase[@name = \"$case\"]/error/@type" "$type" || failed=1
		done <<-'END'
			failing RuleUndecided nobody
			timed_out NotStable stable before the timeout
			unreachable ApiUnreachable stable before the timeout
			refused KeyRefused stable before the timeout
			interrupted Interrupted stable before the timeout
			policy PolicyInvalid the policy can be used
			usage UsageError the gate can run
			undecided_by_warning RuleUndecided nobody
		END
	done
	[ $failed = 0 ]
}

@test "a warning that lint would give is in the report once, outside the results" {
	local dialect
	for dialect in report strict; do
		is_said suspicious $dialect 'count(//system-err[contains(., "suspicious.yaml:3:5: warning: this can never be false")])' 1 \
			'//testsuite/@failures' 0
		is_said passing $dialect 'string-length(//system-err)' 0
	done
}

@test "hostile texts are readable: escaped once, visible, and with harmless characters unchanged" {
	local report name="]]> & <![CDATA[ </testcase> \"quoted\" 'once' &#7; &bel; ::error::x Größe"
	is_said hostile report '//testcase[2]/@name' "$name"
	is_said hostile strict '//testcase[2]/@name' "$name"
	run xmllint --xpath 'string(//failure)' runs/hostile/report.xml
	[[ $output == *"]]> & < > \" ' BEL \\u{7}, RTL \\u{202e}, escape \\u{1b}[31m, C1 \\u{9b}31m, NUL \\u{0}, \\u{fffe}, \\u{feff}, tab \\t."* ]]
	report=$(<runs/hostile/report.xml)
	[[ $report == *'name="]]&gt; &amp; '*' Größe"'* && $report == *東京* ]]
	is_said hostile_path report '//testcase[2]/@file' 'hos\u{7} \u{1b}[31mtile & <\u{202e}.yaml'
	run xmllint --xpath 'string(//failure/@message)' runs/hostile_answer/report.xml
	[[ $output == 'chainlet ]]> & <b> \u{7} \u{1b}[31m \u{202e} \u{fffe} \n::error::x: '* ]]
	run xmllint --xpath 'string(//error)' runs/hostile_usage/report.xml
	[[ $output == *"'\\u{7}]]>&<\"\\u{202e}\\u{1b}[31m\\n::error::x'"* ]]
}

# ---- locales and time zones -------------------------------------------------------------------------------------------

@test "a locale with a decimal comma changes nothing" {
	local zero
	zero=$(LC_ALL=de_DE.UTF-8 bash -c 'printf %.1f 0' 2>/dev/null)
	[ "$zero" = 0,0 ] || skip "there is no locale de_DE.UTF-8"
	runs=$BATS_TEST_TMPDIR/of_this_test
	note_gate failing 1 LC_ALL=de_DE.UTF-8 mixed.yaml
	stable_for=10m note_gate timed_out 3 LC_ALL=de_DE.UTF-8 --timeout 300ms
	note_gate hostile 1 LC_ALL=de_DE.UTF-8 hostile.yaml
	make_runs
	look_at "$runs"/*/
	are_sound
	# Messages aren't translated either.
	diff <(xmllint --xpath '//@message' "$runs/failing/report.xml") <(xmllint --xpath '//@message' runs/failing/report.xml)
}

@test "timestamps are UTC, whatever the time zone" {
	local zone stamp
	runs=$BATS_TEST_TMPDIR/of_this_test
	# The second zone needs no zone database. The virtual world begins at nine.
	for zone in Asia/Tokyo JST-9; do
		note_gate "${zone##*/}" 0 TZ=$zone --timeout 0s
	done
	make_runs
	look_at "$runs"/*/
	are_sound
	strings 'string(//testsuite/@timestamp)' "${reports[@]}" "${stricts[@]}"
	printf '%s\n' "${lines[@]}"
	for stamp in "${lines[@]}"; do
		[[ $stamp == 2026-08-14T09:00:* ]]
	done
}

# ---- names and texts from a policy ------------------------------------------------------------------------------------

# has_unique_names POLICY: the policy is refused, or its report's names are unique.
has_unique_names() {
	runs=$BATS_TEST_TMPDIR/of_this_test
	note_gate names 0 "$1" --timeout 0s
	make_runs
	look_at "$runs"/*/
	are_well_formed
	have_sound_cases
}

@test "rules whose names differ only in spaces have cases of different names" {
	printf '%s\n' 'version: 1' 'rules:' '  - {name: "a b", assert: min_replica >= 1}' '  - {name: "a  b", assert: min_replica >= 1}' \
		'  - {name: " a b", assert: min_replica >= 1}' >spaces.yaml
	has_unique_names spaces.yaml
}

@test "a rule with the name of the first case gets a case of another name" {
	printf '%s\n' 'version: 1' 'rules:' '  - {name: stable before the timeout, assert: min_replica >= 1}' >first.yaml
	has_unique_names first.yaml
}

@test "targets whose names differ only in spaces have suites of different names" {
	printf '%s\n' 'version: 1' 'targets:' '  - {name: "a b", chain: rag, deployment: q86yjdy}' \
		'  - {name: "a  b", chain: rag, deployment: q86yjdy}' 'rules: [all chainlets ACTIVE]' >spaces.yaml
	selection=()
	has_unique_names spaces.yaml
}

# CI systems obey these at the start of a line, even an indented one.
@test "no line of a verdict or of a report is a command to a CI system" {
	cat >"$BATS_TEST_TMPDIR/commands.yaml" <<-'END'
		version: 1
		rules:
		  - {name: "::error::a", assert: min_replica >= 2, severity: warning, message: "::error::b\n::error::c\n  ##[error]d"}
		  - {name: "##vso[e]", assert: min_replica >= 2, severity: warning, message: "##teamcity[f]\n\n##teamcity[g]"}
		  - {name: "::error::h", assert: min_replica >= 2, message: "i\n::error::j\n##vso[k]"}
	END
	runs=$BATS_TEST_TMPDIR/of_this_test
	note_gate commands 1 "$BATS_TEST_TMPDIR/commands.yaml" --timeout 0s
	make_runs
	cd "$runs/commands"
	for file in gate.out report.xml strict.xml; do
		[[ $(<$file) == *:error::j* ]]
		run -1 grep -nHE '^[[:space:]]*(::|##\[|##vso\[|##teamcity\[)' $file
	done
}
