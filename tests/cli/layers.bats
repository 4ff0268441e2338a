# layers.bats - the check of who uses whom finds what it is there for.

load set_up

setup() {
	set_up
	layers=$BATS_TEST_DIRNAME/../../ci/check/layers
	copy=$BATS_TEST_TMPDIR/copy
	mkdir -p "$copy"
	cp -R "$BATS_TEST_DIRNAME/../../src" "$BATS_TEST_DIRNAME/../../include" "$copy"
}

# plant FILE LINE: adds a line to a file of the copy.
plant() {
	mkdir -p "$(dirname "$copy/$1")"
	printf '%s\n' "$2" >>"$copy/$1"
}

# refused TEXT: the check fails, and says this of what was planted.
refused() {
	run "$layers" "$copy"
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"$1"* ]]
}

@test "the tree as it is passes" {
	run "$layers" "$copy"
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$output" = "ok    layers" ]
}

@test "a room that may not be used is refused, with file and line" {
	line=$(($(wc -l <"$copy/src/base/buf.c") + 1))
	plant src/base/buf.c '#include "chaingate/json.h"'
	refused "src/base/buf.c:$line: base may not use json"
}

@test "the clock is refused to the gate" {
	plant src/gate/gate.c '#  include "chaingate/clock.h"'
	refused "gate may not use sys"
}

@test "public headers are held to it as well" {
	plant include/chaingate/text.h '#include "chaingate/gate.h"'
	refused "text.h:"
	[[ $output == *"base may not use gate"* ]]
}

@test "a private header of another room is refused" {
	plant src/yaml/other.h '#include "../gate/watch.h"'
	refused '"../gate/watch.h" is not a header of yaml'
	plant src/api/planted.c '#include "watch.h"'
	refused '"watch.h" is not a header of api'
}

@test "each library has its rooms" {
	plant src/api/planted.c '#include <curl/curl.h>'
	refused "api may not use <curl/curl.h>"
	plant src/policy/planted.c '#include <yaml.h>'
	refused "policy may not use <yaml.h>"
	plant src/net/planted.c '#include <json.h>'
	refused "net may not use <json.h>"
	plant src/cli/planted.c '#include <openssl/evp.h>'
	refused "cli may not use <openssl/evp.h>"
	plant src/cli/planted.c '#include <microhttpd.h>'
	refused "cli may not use <microhttpd.h>"
}

@test "the system and the locale are for the edge" {
	for header in unistd.h fcntl.h sys/stat.h signal.h termios.h time.h ctype.h locale.h pthread.h; do
		plant src/rule/planted.c "#include <$header>"
		refused "rule may not use <$header>"
	done
}

@test "a header or a room that nobody knows is refused" {
	plant include/chaingate/helpers.h '#include <stdio.h>'
	refused "helpers.h:0: a header of no room"
	rm "$copy/include/chaingate/helpers.h"
	plant src/misc/misc.c '#include <stdio.h>'
	refused "no room is called misc"
}

@test "state, printing and the clock are found in the objects" {
	command -v cc >/dev/null && [ "$(uname -s)" = Linux ] || skip "needs cc and ELF"
	build=$BATS_TEST_TMPDIR/build
	mkdir -p "$build/src/base" "$build/src/net"
	object() { # object FILE CODE
		rm -f "$build"/src/*/*.o
		printf '%s\n' "$2" | cc -x c -O1 -c -o "$build/src/$1" -
		run "$layers" "$copy" "$build"
		echo "$output"
	}
	found() { # found TEXT…: what the last check said, in this order
		local pattern='*' text
		[ "$status" -eq 1 ]
		for text; do
			pattern+="$text*"
		done
		# shellcheck disable=SC2053 # a pattern
		[[ $output == $pattern ]]
	}
	object base/fine.o 'static const char *const words[] = {"a", "b"}; const char *word(int i) { return words[i]; }'
	[ "$status" -eq 0 ]
	object base/bss.o 'int next(void) { static int count; return ++count; }'
	found "base may not have state" .bss
	object base/data.o 'int counter = 3;'
	found "base may not have state" .data
	object base/words.o 'const char *words[] = {"a", "b"};'
	found "base may not have state"
	object base/clock.o 'long time(long *); long now(void) { return time(0); }'
	found "base may not use time"
	object base/locale.o '#include <stdlib.h>
		double number(const char *s) { return strtod(s, 0); }'
	found "base may not use" "strtod"
	object net/prints.o '#include <stdio.h>
		void say(int i) { printf("%d", i); }'
	found "net may not use" "printf"
	object net/exits.o '#include <stdlib.h>
		void end(void) { exit(0); }'
	found "net may not use exit"
	rm -f "$build"/src/*/*.o
	run "$layers" "$copy" "$build"
	found "no objects here"
}

@test "a function named like a library's is found" {
	command -v cc >/dev/null && [ "$(uname -s)" = Linux ] || skip "needs cc and ELF"
	build=$BATS_TEST_TMPDIR/build
	mkdir -p "$build/src/base"
	printf 'int accept(int a) { return a; }\nint ours(void) { return 1; }\n' | cc -x c -c -o "$build/src/base/parser.o" -
	ar rc "$build/libchaingate.a" "$build/src/base/parser.o"
	for program in chaingate chaingate-sim; do
		printf 'int main(void) { return 0; }\n' | cc -x c -o "$build/$program" -
	done
	run "$layers" "$copy" "$build"
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == "accept: a library has a function of that name"* ]]
	[[ $output != *ours:* && $output != *main:* ]]
}
