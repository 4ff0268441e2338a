#!/usr/bin/env bats
# junit.bats - the JUnit reports of every kind of run, in both dialects: what readers of them rely on.
#
# The runs are gated in virtual time, once, in setup_file, each into a directory of its own: report.xml and strict.xml, stdout, stderr, status. The
# tests then look at what came out.

load set_up
load virtual

# What the gates are about, unless a policy says it.
selection=(--chain rag --deployment q86yjdy)

# run_gate NAME EXPECTED [ARGUMENT…]: whether it ends as expected is for a test to say.
run_gate() {
	local directory=$runs/$1 status=0
	mkdir -p "$directory"
	echo "$2" >"$directory/expected"
	shift 2
	"$CHAINGATE" check "${selection[@]}" --api-url "$SIM_URL" --interval 1s --stable-for "${stable_for-10s}" \
		--report "junit=$directory/report.xml" --report "junit-strict=$directory/strict.xml" "$@" \
		>"$directory/stdout" 2>"$directory/stderr" </dev/null || status=$?
	echo "$status" >"$directory/status"
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
	# Each result there is, and a message of several lines.
	cat >mixed.yaml <<-'END'
		version: 1
		name: mixed
		rules:
		  - all chainlets ACTIVE
		  - {name: enough, assert: min_replica >= 2, message: "Raise it.\nThen push again."}
		  - {name: enough for many, assert: min_replica >= 20, when: max_replica > 10}
		  - {name: plenty, assert: min_replica >= 3, severity: warning, message: It is cheap.}
		  - {name: nobody, assert: all chainlets where name == "Nobody" are ACTIVE}
	END
	printf '%s\n' 'version: 1' 'rules:' '  - all chainlets ACTIVE' '  - {assert: min_replica >= 2, severity: warning}' >warning.yaml
	# What can never be false tests nothing, and says so.
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
	# Characters that XML has a meaning for, that it forbids, and that terminals and readers do.
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
		    when: max_replica > 10
		    message: "\a]]>"
	END
	cp hostile.yaml $'hos\a  \e[31mtile & <\xe2\x80\xae.yaml'
	# Names whose characters are refused: the diagnostics repeat them.
	printf '%s\n' 'version: 1' 'name: "\a ]]> \u202E \e[31m"' 'rules:' '  - {name: "\a & <", assert: min_replica >= 2}' \
		$'  - all chainlets ACTVE # \xe2\x80\xae ]]> &' >hostile_wrong.yaml
}

setup_file() {
	set_up "$BATS_FILE_TMPDIR"
	runs=$BATS_FILE_TMPDIR/runs
	write_policies
	write_scenario >scenario.yaml
	start_world scenario.yaml
	run_gate passing 0
	run_gate passing_with_warning 0 warning.yaml
	run_gate suspicious 0 suspicious.yaml
	run_gate failing 1 mixed.yaml
	run_gate failing_by_warning 1 warning.yaml --strict
	run_gate undecided 4 unknown.yaml --timeout 1m
	run_gate undecided_by_warning 4 unknown_warning.yaml --strict --timeout 1m
	stable_for=10m run_gate timed_out 3 --timeout 1m
	VIRTUAL_EVENTS="0s miss connect" run_gate unreachable 5 --timeout 1m
	BASETEN_API_KEY=another-key run_gate refused 5
	run_gate policy 2 wrong.yaml
	run_gate policy_missing 2 missing.yaml
	run_gate usage 2 --timeout soon
	run_gate hostile 1 hostile.yaml
	run_gate hostile_path 1 $'hos\a  \e[31mtile & <\xe2\x80\xae.yaml'
	run_gate hostile_policy 2 hostile_wrong.yaml
	run_gate hostile_usage 2 --timeout $'\a]]>&<"\xe2\x80\xae\e[31m\n::error::x'
	VIRTUAL_EVENTS="5s signal TERM" stable_for=10m run_gate interrupted 143
	selection=(--chain hostile --deployment q86yjdy)
	run_gate hostile_answer 1 mixed.yaml
	selection=()
	run_gate targets 1 targets.yaml
}

setup() {
	set_up "$BATS_FILE_TMPDIR"
	root=$BATS_TEST_DIRNAME/../..
	runs=$BATS_FILE_TMPDIR/runs
}

# each_run FUNCTION: calls it with the directory of each run. All of them are looked at, whatever comes of the first.
each_run() {
	local directory failed=0 count=0
	for directory in "$runs"/*/; do
		count=$((count + 1))
		"$1" "${directory%/}" || failed=1
	done
	[ "$count" -ge 19 ]
	return $failed
}

# none FILE XPATH…: there are no such nodes. One process for all of them where that is so.
none() {
	local file=$1 path paths found
	shift
	paths=$(printf ' + count(%s)' "$@")
	found=$(xmllint --xpath "0$paths" "$file") && [ "$found" = 0 ] && return
	for path in "$@"; do
		found=$(xmllint --xpath "count($path)" "$file")
		[ "$found" = 0 ] || echo "${file#"$runs/"}: $found of $path"
	done
	return 1
}

# same FILE XPATH XPATH
same() {
	local one other
	one=$(xmllint --xpath "string($2)" "$1") && other=$(xmllint --xpath "string($3)" "$1") && [ "$one" = "$other" ] && return
	echo "${1#"$runs/"}: $2 is '$one', $3 is '$other'"
	return 1
}

# all_match FILE XPATH PATTERN: attributes, each as name="value". There is at least one.
all_match() {
	local found other
	found=$(xmllint --xpath "$2" "$1" | grep -oE '[a-z]+="[^"]*"')
	other=$(grep -vxE "$3" <<<"$found") || return 0
	echo "${1#"$runs/"}: $2 is '$other'"
	return 1
}

# ---- as files ---------------------------------------------------------------------------------------------------------

ends_as_expected() {
	local status expected
	read -r status <"$1/status" && read -r expected <"$1/expected"
	[ "$status" = "$expected" ] && all_match "$1/report.xml" '//property[@name = "chaingate.exit"]/@value' "value=\"$expected\"" && return
	echo "${1##*/}: exit $status, expected $expected"
	cat "$1/stdout" "$1/stderr"
	return 1
}

is_well_formed() {
	local file
	for file in "$1/report.xml" "$1/strict.xml"; do
		[ "$(head -n 1 "$file")" = '<?xml version="1.0" encoding="UTF-8"?>' ] || return
	done
	xmllint --noout "$1/report.xml" "$1/strict.xml"
}

is_valid() {
	xmllint --noout --relaxng "$root/src/report/junit.rng" "$1/report.xml" 2>"$1/validity" && return
	cat "$1/validity"
	return 1
}

# What XML, readers of XML or terminals can't bear as it is; and nothing stands there as a reference that may stand as it is.
has_no_raw_bytes() {
	local file failed=0
	for file in "$1/report.xml" "$1/strict.xml"; do
		[ "$(LC_ALL=C tr -d '\n -~\200-\377' <"$file" | wc -c)" = 0 ] || failed=1
		# C1, bidirectional, U+FEFF, U+FFFE and U+FFFF.
		! LC_ALL=C grep -nE $'\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xaa-\xae]|\xe2\x81[\xa6-\xa9]|\xef\xbb\xbf|\xef\xbf[\xbe\xbf]' "$file" || failed=1
		# One reference is meant: the colon that would begin a CI system's command.
		! sed 's/&#58;:/::/g' "$file" | grep -nF -e '&#' -e '<![CDATA[' -e '<!--' || failed=1
	done
	[ $failed = 0 ] || echo "${1##*/}: raw bytes"
	return $failed
}

@test "each run ends with its exit code, which is in the report" {
	each_run ends_as_expected
}

@test "each report is well-formed" {
	each_run is_well_formed
}

@test "the default dialect is valid under the schema that is shipped" {
	each_run is_valid
}

@test "the schema refuses what it should" {
	local refused=0 edit
	local report=$runs/failing/report.xml edited=$BATS_TEST_TMPDIR/edited.xml
	while read -r edit; do
		sed "$edit" "$report" >"$edited"
		run ! cmp -s "$report" "$edited"
		run ! xmllint --noout --relaxng "$root/src/report/junit.rng" "$edited"
		refused=$((refused + 1))
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
	[ "$refused" = 30 ]
	# The same passes as it is.
	xmllint --noout --relaxng "$root/src/report/junit.rng" "$report"
}

@test "the strict dialect is valid under the schemas of others" {
	[ -d "$root/../shared/junit" ] || skip "the schemas of others are not here"
	local schema failed=0 count=0
	for schema in "$root"/../shared/junit/*.xsd; do
		count=$((count + 1))
		if ! xmllint --noout --schema "$schema" runs/*/strict.xml 2>"$BATS_TEST_TMPDIR/validity"; then
			grep -v ' validates$' "$BATS_TEST_TMPDIR/validity"
			failed=1
		fi
	done
	[ "$count" -gt 0 ]
	[ $failed = 0 ]
}

@test "no report holds what XML forbids, terminals obey or readers stumble over" {
	each_run has_no_raw_bytes
}

# ---- as reports -------------------------------------------------------------------------------------------------------

has_true_counts() {
	local file failed=0
	for file in "$1/report.xml" "$1/strict.xml"; do
		none "$file" \
			'//testsuite[not(@tests = count(testcase))]' \
			'//testsuite[not(@failures = count(testcase[failure]))]' \
			'//testsuite[not(@errors = count(testcase[error]))]' \
			'//testsuite[not(@skipped = count(testcase[skipped]))]' \
			'//testsuite[not(@id = count(preceding-sibling::testsuite))]' \
			'/testsuites[not(testsuite/testcase)]' \
			'//testsuite//testsuite' || failed=1
	done
	none "$1/report.xml" \
		'/testsuites[not(@tests = count(//testcase))]' \
		'/testsuites[not(@failures = count(//testcase[failure]))]' \
		'/testsuites[not(@errors = count(//testcase[error]))]' \
		'/testsuites[not(@skipped = count(//testcase[skipped]))]' || failed=1
	return $failed
}

# Names are unique where there is one class name in a suite, and no two suites of one name.
has_sound_cases() {
	local file failed=0
	for file in "$1/report.xml" "$1/strict.xml"; do
		none "$file" \
			'//testcase[count(failure | error | skipped) > 1]' \
			'//testcase[not(normalize-space(@name)) or not(normalize-space(@classname))]' \
			'//testcase[not(@classname = ../@name)]' \
			'//testcase[@name = preceding-sibling::testcase/@name]' \
			'//testsuite[@name = preceding-sibling::testsuite/@name]' \
			'//testsuite[not(@package = "")]' || failed=1
	done
	return $failed
}

has_sound_results() {
	local file failed=0 newline=$'\n'
	for file in "$1/report.xml" "$1/strict.xml"; do
		none "$file" \
			'//*[self::failure or self::error or self::skipped][not(@message)]' \
			'//*[self::failure or self::error][not(@type)]' \
			"//*[@message][not(normalize-space(@message)) or contains(@message, '$newline')]" \
			"//*[@message][not(starts-with(concat(., '$newline'), concat(@message, '$newline')))]" || failed=1
	done
	return $failed
}

has_sound_times() {
	local file failed=0
	for file in "$1/report.xml" "$1/strict.xml"; do
		all_match "$file" '//@time | //@timestamp' \
			'time="(0|[1-9][0-9]*)\.[0-9]{3}"|timestamp="[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"' || failed=1
		none "$file" \
			'//testsuite[not(@time) or not(@timestamp)] | //testcase[not(@time)]' \
			'//testcase[not(@time <= ../@time)]' \
			'//testsuite[@time > /testsuites/@time]' || failed=1
	done
	return $failed
}

# What a reader may not know is left out of the strict dialect, and nothing else.
is_strict() {
	local failed=0
	local shared='//testsuite/@* | //property/@* | //testcase/@name | //failure | //error | //skipped'
	none "$1/strict.xml" \
		'/testsuites/@*[name() != "name"]' \
		'//testcase/@*[name() != "name" and name() != "classname" and name() != "time"]' \
		'//testcase/*[not(self::failure or self::error or self::skipped)]' \
		'//testsuite[count(properties[not(preceding-sibling::*)]) != 1]' \
		'//testsuite[count(system-out[preceding-sibling::*[1][self::testcase]]) != 1]' \
		'//testsuite[count(system-err[preceding-sibling::*[1][self::system-out]][not(following-sibling::*)]) != 1]' || failed=1
	diff <(xmllint --xpath "$shared" "$1/report.xml") <(xmllint --xpath "$shared" "$1/strict.xml") || failed=1
	[ $failed = 0 ] || echo "${1##*/}: the dialects differ"
	return $failed
}

is_sound() {
	ends_as_expected "$1" && is_well_formed "$1" && is_valid "$1" && has_no_raw_bytes "$1" && has_true_counts "$1" &&
		has_sound_cases "$1" && has_sound_results "$1" && has_sound_times "$1" && is_strict "$1"
}

@test "the counts are those of the cases" {
	each_run has_true_counts
}

@test "a case has a name of its own and one result at most" {
	each_run has_sound_cases
}

@test "a result has a message of one line, with which its text begins" {
	each_run has_sound_results
}

# What others find in the file is what is in it; or nothing is compared.
read_alike() { # read_alike READER… with lines "READER FILE TESTS FAILURES ERRORS SKIPPED" in the file counts
	local reader file expected
	for file in "$runs"/*/report.xml "$runs"/*/strict.xml; do
		expected=$(xmllint --xpath 'concat(count(//testcase), " ", count(//failure), " ", count(//error), " ", count(//skipped))' "$file")
		for reader; do
			grep -qxF "$reader $file $expected" counts && continue
			echo "${file#"$runs/"} has $expected; $reader: $(grep -F "$reader $file " counts)"
			return 1
		done
	done
}

@test "a reader from Debian counts alike" {
	local python
	for python in python3 /usr/bin/python3 ''; do
		[ -n "$python" ] || skip "python3-junitparser is not installed"
		"$python" -c 'import junitparser' 2>/dev/null && break
	done
	"$python" - "$runs"/*/*.xml >counts <<-'END'
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

@test "readers from npm count alike" {
	local modules=$root/build/readers/node_modules
	[ -d "$modules" ] || skip "there are no readers: make readers"
	node "$root/tests/readers/count.js" "$modules" "$runs"/*/*.xml >counts
	read_alike junit2json test-results-parser xunit-viewer
}

@test "times have three decimals, timestamps no zone" {
	each_run has_sound_times
}

@test "the strict dialect says the same, without what is forbidden" {
	each_run is_strict
}

# is_counted NAME NUMBERS: tests, failures, errors and skipped.
is_counted() {
	local counts
	counts=$(xmllint --xpath 'concat(/*/@tests, " ", /*/@failures, " ", /*/@errors, " ", /*/@skipped)' "runs/$1/report.xml")
	[ "$counts" = "$2" ] && return
	echo "$1: $counts, expected $2"
	return 1
}

# has_error NAME TYPE CASE: the case has an error of the type.
has_error() {
	local file
	for file in "runs/$1/report.xml" "runs/$1/strict.xml"; do
		same "$file" "//testcase[@name = \"$3\"]/error/@type" "\"$2\"" || return
	done
}

@test "each kind of run has its results" {
	local stable="stable before the timeout"
	is_counted passing "3 0 0 0"
	is_counted passing_with_warning "3 0 0 0"
	is_counted failing "6 1 1 1"
	has_error failing RuleUndecided nobody
	same runs/failing/report.xml '//testcase[failure[@type = "RuleFailed"]]/@name' '"enough"'
	same runs/failing/report.xml '//testcase[skipped]/@name' '"enough for many"'
	same runs/failing/report.xml '//testcase[system-out]/@name' '"plenty"'
	same runs/failing/report.xml '//testcase[failure]/@line' '5'
	same runs/failing/report.xml '//testcase[failure]/@file' '"mixed.yaml"'
	is_counted failing_by_warning "3 1 0 0"
	is_counted undecided "2 0 1 0"
	same runs/undecided/report.xml '//testcase[2]/error/@type' '"RuleUndecided"'
	is_counted timed_out "3 0 3 0"
	has_error timed_out NotStable "$stable"
	is_counted unreachable "3 0 3 0"
	has_error unreachable ApiUnreachable "$stable"
	has_error refused KeyRefused "$stable"
	is_counted interrupted "3 0 3 0"
	has_error interrupted Interrupted "$stable"
	is_counted policy "1 0 1 0"
	has_error policy PolicyInvalid "the policy can be used"
	is_counted policy_missing "1 0 1 0"
	is_counted usage "1 0 1 0"
	has_error usage UsageError "the gate can run"
	is_counted targets "5 1 0 0"
	[ "$(xmllint --xpath 'count(//testsuite)' runs/targets/report.xml)" = 2 ]
}

@test "a warning that is unknown is an error under --strict, no failure" {
	is_counted undecided_by_warning "3 0 1 0"
	has_error undecided_by_warning RuleUndecided nobody
}

@test "what is suspicious in a policy is said once, beside the results" {
	local dialect
	for dialect in report.xml strict.xml; do
		[ "$(xmllint --xpath 'count(//system-err[contains(., "suspicious.yaml:3:5: warning: this can never be false")])' "$runs/suspicious/$dialect")" = 1 ]
		[ "$(xmllint --xpath 'string(//testsuite/@failures)' "$runs/suspicious/$dialect")" = 0 ]
		[ "$(xmllint --xpath 'string-length(//system-err)' "$runs/passing/$dialect")" = 0 ]
	done
}

@test "hostile texts are readable: escaped once, visible, and what is harmless as it is" {
	local message name="]]> & <![CDATA[ </testcase> \"quoted\" 'once' &#7; &bel; ::error::x Größe"
	[ "$(xmllint --xpath 'string(//testcase[2]/@name)' runs/hostile/report.xml)" = "$name" ]
	[ "$(xmllint --xpath 'string(//testcase[2]/@name)' runs/hostile/strict.xml)" = "$name" ]
	message=$(xmllint --xpath 'string(//failure)' runs/hostile/report.xml)
	[[ $message == *"]]> & < > \" ' BEL \\u{7}, RTL \\u{202e}, escape \\u{1b}[31m, C1 \\u{9b}31m, NUL \\u{0}, \\u{fffe}, \\u{feff}, tab \\t."* ]]
	grep -q 'name="\]\]&gt; &amp; .* Größe"' runs/hostile/report.xml
	grep -qF '東京' runs/hostile/report.xml
	[ "$(xmllint --xpath 'string(//testcase[2]/@file)' runs/hostile_path/report.xml)" = 'hos\u{7} \u{1b}[31mtile & <\u{202e}.yaml' ]
	message=$(xmllint --xpath 'string(//failure/@message)' runs/hostile_answer/report.xml)
	[[ $message == 'chainlet ]]> & <b> \u{7} \u{1b}[31m \u{202e} \u{fffe} \n::error::x: '* ]]
	message=$(xmllint --xpath 'string(//error)' runs/hostile_usage/report.xml)
	[[ $message == *"'\\u{7}]]>&<\"\\u{202e}\\u{1b}[31m\\n::error::x'"* ]]
}

# ---- under other circumstances ----------------------------------------------------------------------------------------

# run_soundly NAME EXPECTED [ARGUMENT…]: a run of this test's own, looked at from all sides.
run_soundly() {
	runs=$BATS_TEST_TMPDIR
	run_gate "$@"
	is_sound "$runs/$1"
}

@test "a locale with a decimal comma changes nothing" {
	local zero
	zero=$(LC_ALL=de_DE.UTF-8 bash -c 'printf %.1f 0' 2>/dev/null)
	[ "$zero" = 0,0 ] || skip "there is no locale de_DE.UTF-8"
	export LC_ALL=de_DE.UTF-8
	run_soundly failing 1 mixed.yaml
	stable_for=10m run_soundly timed_out 3 --timeout 300ms
	run_soundly hostile 1 hostile.yaml
	# Messages are no translations, either.
	diff <(xmllint --xpath '//@message' "$runs/failing/report.xml") <(xmllint --xpath '//@message' runs/failing/report.xml)
}

@test "timestamps are UTC, whatever the time zone" {
	local zone stamp file
	# The second one needs no database of zones. The virtual world begins at nine.
	for zone in Asia/Tokyo JST-9; do
		TZ=$zone run_soundly "${zone##*/}" 0 --timeout 0s
		for file in "$runs/${zone##*/}"/*.xml; do
			stamp=$(xmllint --xpath 'string(//testsuite/@timestamp)' "$file")
			echo "$zone: $stamp"
			[[ $stamp == 2026-08-14T09:00:* ]]
		done
	done
}

# ---- what a policy can do to a report ---------------------------------------------------------------------------------

# has_unique_names POLICY: where it isn't refused.
has_unique_names() {
	runs=$BATS_TEST_TMPDIR
	run_gate names 0 "$1" --timeout 0s
	is_well_formed "$runs/names"
	has_sound_cases "$runs/names"
}

@test "rules whose names differ only in spaces have cases of different names" {
	printf '%s\n' 'version: 1' 'rules:' '  - {name: "a b", assert: min_replica >= 1}' '  - {name: "a  b", assert: min_replica >= 1}' \
		'  - {name: " a b", assert: min_replica >= 1}' >spaces.yaml
	has_unique_names spaces.yaml
}

@test "a rule named as the first case has a case of another name" {
	printf '%s\n' 'version: 1' 'rules:' '  - {name: stable before the timeout, assert: min_replica >= 1}' >first.yaml
	has_unique_names first.yaml
}

@test "targets whose names differ only in spaces have suites of different names" {
	printf '%s\n' 'version: 1' 'targets:' '  - {name: "a b", chain: rag, deployment: q86yjdy}' \
		'  - {name: "a  b", chain: rag, deployment: q86yjdy}' 'rules: [all chainlets ACTIVE]' >spaces.yaml
	selection=()
	has_unique_names spaces.yaml
}

# What CI systems take as a command, at the start of a line that may be indented.
has_no_command() {
	! grep -nE '^[[:space:]]*(::|##\[|##vso\[|##teamcity\[)' "$1" || false
}

write_commands() {
	cat >"$BATS_TEST_TMPDIR/commands.yaml" <<-'END'
		version: 1
		rules:
		  - {name: "::error::a", assert: min_replica >= 2, severity: warning, message: "::error::b\n::error::c\n  ##[error]d"}
		  - {name: "##vso[e]", assert: min_replica >= 2, severity: warning, message: "##teamcity[f]\n\n##teamcity[g]"}
		  - {name: "::error::h", assert: min_replica >= 2, message: "i\n::error::j\n##vso[k]"}
	END
	runs=$BATS_TEST_TMPDIR
}

@test "no line of a verdict is a command to a CI system" {
	write_commands
	run_gate commands 1 "$BATS_TEST_TMPDIR/commands.yaml" --timeout 0s
	grep -q ':error::j' "$runs/commands/stdout"
	has_no_command "$runs/commands/stdout"
}

@test "no line of a report, which may go to stdout, is a command to a CI system" {
	write_commands
	run_gate commands 1 "$BATS_TEST_TMPDIR/commands.yaml" --timeout 0s
	grep -q ':error::j' "$runs/commands/report.xml"
	has_no_command "$runs/commands/report.xml"
	has_no_command "$runs/commands/strict.xml"
}
