#!/usr/bin/env bats
# suite.bats - the checks of the tests themselves work: tests/run counts correctly, ci/check/tests, ci/check/format and ci/check/shell find violations.

load set_up

setup() {
	set_up
	needs_plain "it tests scripts, which a sanitizer doesn't look at"
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
}

# runner KIND FILE…: tests/run over files of this test.
runner() {
	T='' run sh "$root/tests/run" build "$@"
}

bats_file() { # bats_file NAME: stdin is its content
	local line
	echo '#!/usr/bin/env bats' >"$1"
	while IFS= read -r line; do
		echo "${line/#%/@}" # so that bats doesn't take them for tests of this file
	done >>"$1"
}

# verdicts TAP: a line for each test, without their numbers.
verdicts() {
	local line
	while IFS= read -r line; do
		[[ ! $line =~ ^(ok|not\ ok)\ [0-9]+\ (.*) ]] || echo "${BASH_REMATCH[1]}: ${BASH_REMATCH[2]}"
	done <<<"$1"
}

@test "tests/bats judges as bats(1) does, and counts no failed test as passed" {
	# shellcheck disable=SC2016 # for the test
	bats_file judged.bats <<-'END'
		bats_require_minimum_version 1.5.0
		setup_file() { export OF_THE_FILE=file; }
		setup() {
			cd "$BATS_TEST_TMPDIR"
			[ "$BATS_TEST_DESCRIPTION" != "no: setup fails" ]
		}
		teardown() {
			[ "$BATS_TEST_DESCRIPTION" != "no: teardown fails" ] || return 3
		}
		fails() {
			[ 1 = 2 ]
			echo "after it"
		}
		skips() { skip "no frob"; }
		%test "yes: what setup_file exports" { [ "$OF_THE_FILE" = file ]; }
		%test "no: in the middle" {
			echo "it got 41"
			false
			true
		}
		%test "no: a comparison" {
			[[ $OF_THE_FILE == 4 ]]
			true
		}
		%test "no: in a function" {
			fails
			true
		}
		%test "no: in a subshell" {
			(false; true)
			true
		}
		%test "no: in a substitution" {
			x=$(false)
			true
		}
		%test "no: in a loop" {
			for i in 1 2 3; do [ "$i" != 2 ]; done
			true
		}
		%test "no: the end of a pipe" {
			true | false
			true
		}
		%test "no: the last command, negated" { ! true; }
		%test "no: the last command, behind &&" { [ 1 = 2 ] && true; }
		%test "no: it exits with 0 before its end" { exit 0; }
		%test "no: a command that isn't there" { frobnicate; }
		%test "no: setup fails" { true; }
		%test "no: teardown fails" { true; }
		%test "no: run !, and it is 0" { run ! true; }
		%test "no: run -2, and it is 1" { run -2 false; }
		%test "yes: a negation that isn't the last" {
			! true
			true
		}
		%test "no: variables and functions by the names of the runner's" {
			skipped=1 trace=x source=y stage='' code=0 out=/nowhere err=/nowhere
			captured() { true; }
			say() { echo "$out$err"; }
			run say
			[ "$output" = /nowhere/nowhere ]
			false
		}
		%test "yes: empty" { :; }
		%test "yes: skipped" {
			skips
			false
		}
		%test "yes: run" {
			run bash -c 'echo out; echo; echo err >&2; exit 3'
			[ "$status" = 3 ]
			[ "$output" = $'out\n\nerr' ]
			[ "${#lines[@]}" = 2 ]
			run --separate-stderr bash -c 'printf "  out\n\nx\n\n"; printf "  a\n\nb\n" >&2'
			[ "$status" = 0 ]
			[ "$output" = $'  out\n\nx' ]
			[ "$stderr" = $'a\n\nb' ]
			[ "${stderr_lines[*]}" = "a b" ]
			run fails
			[ "$status" = 0 ]
			[ "$output" = "after it" ]
			run exit 4
			[ "$status" = 4 ]
			x=1
			run eval x=2
			[ "$x" = 1 ]
			run -1 false
			run ! false
			run no-such-command-anywhere
			[ "$status" = 127 ]
		}
	END
	run "$root/tests/bats" judged.bats
	[ "$status" = 1 ]
	[ "${lines[0]}" = 1..21 ]
	[ "$(grep -c '^ok [0-9]* yes: ' <<<"$output")" = 5 ]
	[ "$(grep -c '^not ok [0-9]* no: ' <<<"$output")" = 16 ]
	[[ $output == *"# it got 41"$'\n'"# false (exit 1)"$'\n'"#   at $PWD/judged.bats:19"* ]]
	[[ $output == *" yes: skipped # skip no frob"* ]]
	if command -v bats >/dev/null; then
		verdicts "$output" >ours
		verdicts "$(env -u BATS_RUN_TMPDIR -u BATS_TEST_TMPDIR bats --tap judged.bats 2>/dev/null)" >theirs
		diff theirs ours
	fi
	run "$root/tests/bats" -f "yes: r" judged.bats
	[ "$output" = $'1..1\nok 1 yes: run' ]
}

@test "a file has failed if it can't be read, or if its setup_file or teardown_file fails" {
	bats_file set_up.bats <<-'END'
		setup_file() {
			echo "no frob"
			false
			true
		}
		%test "one" { true; }
		%test "two" { true; }
	END
	runner cli: set_up.bats
	[ "$status" = 1 ]
	[[ $output == *"not ok 1 setup_file failed"*"no frob"* ]]
	[ "${lines[-1]}" = "0 passed, 2 failed, 0 skipped" ]
	bats_file left.bats <<-'END'
		teardown_file() { false; }
		%test "one" { true; }
	END
	runner cli: left.bats
	[ "$status" = 1 ]
	[ "${lines[-1]}" = "1 passed, 1 failed, 0 skipped" ]
	bats_file read.bats <<-'END'
		%test "one" { true; }
		if (
	END
	runner cli: read.bats
	[ "$status" = 1 ]
	[ "${lines[-1]}" = "0 passed, 1 failed, 0 skipped" ]
}

@test "the last line counts passed, failed and skipped tests, and a failure shows its output" {
	bats_file some.bats <<-'END'
		%test "good" { true; }
		%test "bad" { echo "it got 41"; false; }
		%test "no" { skip "frob is not installed"; }
	END
	runner cli: some.bats
	[ "$status" = 1 ]
	[ "${lines[-1]}" = "1 passed, 1 failed, 1 skipped" ]
	[[ $output == *"it got 41"* ]]
	[[ $output == *"skipped, frob is not installed: some.bats: no"* ]]
	[[ $output == *"sh ci/install-deps --ci"* ]]
}

@test "a file in which no test ran isn't ok, and alone it is no success" {
	bats_file none.bats <<-'END'
		%test "no" { skip "frob is not installed"; }
	END
	runner cli: none.bats
	[ "$status" = 1 ]
	[[ $output == *"skip  cli       none.bats: nothing ran, 1 skipped"* ]]
	[[ $output != *"ok "* ]]
	[ "${lines[-1]}" = "0 passed, 0 failed, 1 skipped" ]
}

@test "each test that a stopped program didn't reach has failed" {
	# shellcheck disable=SC2016 # for the test
	bats_file killed.bats <<-'END'
		%test "one" { true; }
		%test "two" { kill -KILL $PPID $$; }
		%test "three" { true; }
		%test "four" { true; }
	END
	runner cli: killed.bats
	[ "$status" = 1 ]
	[[ ${lines[-1]} == "1 passed, 3 failed, 0 skipped" ]]
	printf '#!/bin/sh\necho "5 planned"\nkill -9 $$\n' >early
	chmod +x early
	runner golden: ./early
	[ "${lines[-1]}" = "0 passed, 5 failed, 0 skipped" ]
	printf '#!/bin/sh\n' >silent
	chmod +x silent
	runner golden: ./silent
	[ "${lines[-1]}" = "0 passed, 1 failed, 0 skipped" ]
	# The drivers in C also print first how many tests they have: of each only this line is read.
	local driver planned words
	cd "$root"
	for driver in golden/rules_driver golden/policies_driver fuzz/fuzz_rule; do
		read -r planned words < <("${CHAINGATE_VIRTUAL%/*}/$driver" tests/fuzz/corpus/rule 2>/dev/null)
		[[ $planned -gt 10 && $words == planned ]]
	done
}

@test "tests that measure the machine are refused, and others aren't" {
	mkdir -p tests/cli tests/unit
	local file line
	while IFS='|' read -r file line; do
		printf '%s\n' "$line" >"$file"
		run "$root/ci/check/tests" .
		echo "$file: $line: $status: $output"
		[ "$status" = 1 ]
		[[ $output == *"$file:1: "* ]]
		rm "$file"
	done <<-'TABLE'
		tests/cli/a.bats|	sleep 1
		tests/cli/a.bats|	until [ -e done ]; do sleep 0.05; done
		tests/cli/a.bats|	timeout 30 "$CHAINGATE" check
		tests/cli/a.bats|	read -r -t 20 line
		tests/cli/a.bats|	curl --max-time 0.5 "$SIM_URL"
		tests/cli/a.bats|	[ $((SECONDS - began)) -lt 5 ]
		tests/cli/a.bash|	now=${EPOCHREALTIME/./}
		tests/cli/a.py|time.sleep(1)
		tests/unit/test_a.c|	sleep(1);
		tests/unit/test_a.c|	usleep(1000);
		tests/unit/test_a.c|	assert_true(took_ns < 5 * NS_PER_S);
		tests/unit/test_a.c|	assert_in_range(took_ns, 0, NS_PER_S);
		tests/unit/test_a.c|	assert_true(clock_monotonic_ns() - began_ns < SOON_NS);
		tests/unit/test_a.c|	alarm(20);
		tests/cli/a.bats|	! grep -q key out
		tests/cli/a.bash|		! cmp -s a b # never the same
	TABLE
	printf '%s\n' '# no sleep here' 'timeout 600 x' 'check --timeout 1s' 'read -t 0 <&3' 'until_true grep x y' '! grep x y || false' 'if ! grep x y; then false; fi' >tests/cli/a.bats
	printf '%s\n' '	assert_true(took_ns >= 50 * NS_PER_MS); /* never sleep(1) */' >tests/unit/test_a.c
	"$root/ci/check/tests" .
}

@test "a line that clang-format would change is refused" {
	mkdir -p include/chaingate src/base tests/unit
	cp "$root/.clang-format" .
	printf 'int ok(void);\n' | tee include/chaingate/a.h src/base/a.h >tests/unit/a.h
	run -0 "$root/ci/check/format" .
	[[ $output != skip* ]] || skip "clang-format is not installed"
	printf 'int  wrong( void );\n' >src/base/a.h
	run "$root/ci/check/format" .
	[ "$status" = 1 ]
	[[ $output == *"src/base/a.h:1"* ]]
}

@test "the slow files start first, and each of them exists" {
	bats_file suite.bats <<<'%test "one" { true; }'
	bats_file any.bats <<<'%test "one" { true; }'
	runner cli: any.bats suite.bats
	[ "$status" = 0 ]
	[ "$(awk '{ print $3 }' build/results/todo | tr '\n' ' ')" = "suite.bats any.bats " ]
	local name names
	names=$(sed -n "/^long='/,/'\$/p" "$root/tests/run")
	names=${names#long=\'}
	for name in ${names%\'}; do
		case $name in
		*.bats) [ -e "$root/tests/cli/$name" ] ;;
		*) ls "$root"/tests/*/"$name.c" ;;
		esac
	done
}

@test "what make check leaves out is there, and .ci/run runs it" {
	local name names
	names=$(sed -n 's/^\(script\|long\|document\|merge\)_tests := //p' "$root/Makefile")
	[ "$(wc -l <<<"$names")" = 4 ]
	for name in $names; do
		[ -e "$root/tests/cli/$name.bats" ]
	done
	[ "$(grep -c '^make .*check-all$' "$root/.ci/run")" = 2 ]
	[ "$(grep -c '^make .*SANITIZE=address,undefined check-all$' "$root/.ci/run")" = 1 ]
}

@test "each planted change of the code can be made" {
	# A text that isn't in its file, a file that isn't there, and a line without a replacement are refused.
	mkdir -p "$BATS_TEST_TMPDIR/tests" "$BATS_TEST_TMPDIR/src"
	cd "$BATS_TEST_TMPDIR"
	echo 'a = b;' >src/one.c
	: >tests/mutate.survivors
	local line
	for line in 'src/one.c | a = b; | a = d;' 'src/one.c | a = b; | a = d; | rate'; do
		echo "$line" >tests/mutate.planted
		run -0 "$root/tests/mutate" --check
		[[ $output == *"; 1 planted changes" ]]
	done
	for line in 'src/one.c | a = c; | a = d;' 'src/two.c | a = b; | a = d;' 'src/one.c | a = b;'; do
		echo "$line" >tests/mutate.planted
		run -1 "$root/tests/mutate" --check
		[[ $output == *"tests/mutate.planted:1: "*" has 0 times: "* || $output == *"tests/mutate.planted:1: a line is FILE | FROM | TO"* ]]
	done
}

@test "each known survivor of the generated changes is one change of the code" {
	cd "$root"
	run -0 tests/mutate --check
	[[ $output =~ ^[0-9]+' known survivors, of '[0-9]+' changes; '[0-9]+' planted changes'$ ]]
	# A row that is no change of the code, or could be several, is refused.
	mkdir -p "$BATS_TEST_TMPDIR/tests" "$BATS_TEST_TMPDIR/src/gate"
	: >"$BATS_TEST_TMPDIR/tests/mutate.planted"
	cd "$BATS_TEST_TMPDIR"
	printf '%s\n' 'int f(int a)' '{' 'a += a + 1;' 'return a - 1;' '}' 'int g(int a)' '{' 'return a - 1;' '}' >src/gate/one.c
	for row in 'a += a + 1; | + -> - | fits' 'return a - 1; in g | - -> + | fits'; do
		echo "src/gate/one.c | $row" >tests/mutate.survivors
		run -0 "$root/tests/mutate" --check
	done
	for row in 'a += a + 2; | + -> - | is gone' 'return a - 1; | - -> + | is two' 'a += a + 1; | + -> - |'; do
		echo "src/gate/one.c | $row" >tests/mutate.survivors
		run -1 "$root/tests/mutate" --check
		[[ $output == "tests/mutate.survivors:1: "* ]]
	done
}

@test "one file or one test, by its name" {
	cd "$root"
	[ "$(sh tests/run --find suite)" = tests/cli/suite.bats ]
	[ "$(sh tests/run --find test_buf)" = tests/unit/test_buf.c ]
	[ "$(sh tests/run --find 'one file or one test, by')" = tests/cli/suite.bats ]
	[ "$(sh tests/run --find huge_counts)" = tests/unit/test_buf.c ]
	run sh tests/run --find "nobody calls"" a test so"
	[ "$status" != 0 ]
	[ -z "$output" ]
}

# The virtual build contains the name __asan_init only as a weak symbol. If it counted as sanitized, tests for plain builds would be skipped.
@test "the virtual build isn't taken for a sanitized one" {
	export CHAINGATE=$CHAINGATE_VIRTUAL TESTS_KNOW=$BATS_TEST_TMPDIR
	! is_sanitized
}

@test "ci/check/shell finds a mistake in a script, in a file that others source, in a pipeline, in a README and in Groovy" {
	local place text places=()
	needs shellcheck
	needs_python yaml
	mkdir -p ci/check ci/gitlab ci/buildkite ci/azure ci/jenkins/vars
	echo 'script: [echo "$HOME", exit]' >ci/gitlab/good.yml
	run "$root/ci/check/shell" .
	show
	[ "$status" -eq 0 ]
	# shellcheck disable=SC2016,SC2059 # for shellcheck; a format
	while IFS='|' read -r place text; do
		printf "$text" 'for name in $(ls *); do echo "$name"; done' >"$place"
		places+=("$place")
	done <<-'END'
		ci/promote|#!/bin/sh\n%s\n
		ci/check/part|# part - sourced\n# shellcheck shell=sh\n%s\n
		ci/gitlab/wrong.yml|script:\n  - set -u\n  - %s\n
		ci/buildkite/wrong.yml|steps: [{command: [set -u, '%s']}]\n
		ci/azure/wrong.yml|steps:\n  - bash: |\n      %s\n
		README.md|Text.\n\n```sh\n%s\n```\n
		ci/jenkins/vars/wrong.groovy|sh(script: '''#!/bin/sh\n%s\n''')\n
	END
	run "$root/ci/check/shell" .
	[ "$status" -ne 0 ]
	for place in "${places[@]}"; do
		echo "$place"
		grep -A 3 -E "^In .*${place//\//[:/]}(:[0-9]+)? line" <<<"$output" | grep -q SC2045
	done
}
