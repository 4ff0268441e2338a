#!/usr/bin/env bats
# suite.bats - the tests' own keepers find what they are there for: tests/run counts, ci/check/tests and ci/check/format refuse.

load set_up

setup() {
	set_up
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
}

# runner KIND FILE…: tests/run over files of this test.
runner() {
	# A bats of its own, that knows nothing of this one.
	# shellcheck disable=SC2046 # words
	T='' PATH=$(tr : '\n' <<<"$PATH" | grep -v '/bats' | paste -sd : -) run env $(compgen -e BATS_ | sed 's/^/-u /') sh "$root/tests/run" build "$@" 3>&-
}

bats_file() { # bats_file NAME: stdin is its content
	{
		echo '#!/usr/bin/env bats'
		sed 's/^%/@/' # so that bats doesn't take them for this file's
	} >"$1"
}

@test "what passed, failed and was skipped is counted in the last line, and a failure shows what it got" {
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

@test "a file in which nothing ran doesn't say ok, and alone is no success" {
	bats_file none.bats <<-'END'
		%test "no" { skip "frob is not installed"; }
	END
	runner cli: none.bats
	[ "$status" = 1 ]
	[[ $output == *"skip  cli       none.bats: nothing ran, 1 skipped"* ]]
	[[ $output != *"ok "* ]]
	[ "${lines[-1]}" = "0 passed, 0 failed, 1 skipped" ]
}

@test "a program that is stopped has failed each test that it didn't get to" {
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
}

@test "tests that measure the machine are refused, and those that don't aren't" {
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
	TABLE
	printf '%s\n' '# no sleep here' 'timeout 600 x' 'check --timeout 1s' 'read -t 0 <&3' 'until_true grep x y' >tests/cli/a.bats
	printf '%s\n' '	assert_true(took_ns >= 50 * NS_PER_MS); /* never sleep(1) */' >tests/unit/test_a.c
	"$root/ci/check/tests" .
}

@test "a line that isn't as clang-format has it is refused" {
	run "$root/ci/check/format" "$root"
	[[ $output != skip* ]] || skip "clang-format is not installed"
	mkdir -p include/chaingate src/base tests/unit
	cp "$root/.clang-format" .
	printf 'int ok(void);\n' | tee include/chaingate/a.h src/base/a.h >tests/unit/a.h
	"$root/ci/check/format" .
	printf 'int  wrong( void );\n' >src/base/a.h
	run "$root/ci/check/format" .
	[ "$status" = 1 ]
	[[ $output == *"src/base/a.h:1"* ]]
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
