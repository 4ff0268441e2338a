# layers.bats - ci/check/layers finds every kind of violation.

load set_up

setup() {
	set_up
	needs_plain "it tests a script, which a sanitizer doesn't look at"
	root=$BATS_TEST_DIRNAME/../..
	layers=$root/ci/check/layers
	copy=$BATS_TEST_TMPDIR/copy
	mkdir -p "$copy"/src/{base,yaml,api,policy,net,cli,rule,gate,misc} "$copy/include/chaingate"
}

# plant FILE LINE…: adds lines to a file of an otherwise empty tree.
plant() {
	local file=$copy/$1
	shift
	printf '%s\n' "$@" >>"$file"
}

# refused TEXT…: the check fails, and prints each of these texts about the planted lines.
refused() {
	local text
	run "$layers" "$copy"
	[ "$status" -eq 1 ]
	for text; do
		[[ $output == *"$text"* ]]
	done
}

@test "the project's own tree passes" {
	run "$layers" "$root"
	[ "$status" -eq 0 ]
	[ "$output" = "ok    layers" ]
	# The empty tree passes, too.
	plant src/base/buf.c '#include "chaingate/buf.h"' '#include <string.h>'
	run "$layers" "$copy"
	[ "$output" = "ok    layers" ]
}

@test "a file that doesn't belong at the top level is refused, once git has it" {
	needs git
	plant src/base/buf.c '#include <string.h>'
	plant notes 'x'
	plant README.md 'x'
	run -0 "$layers" "$copy"
	git -C "$copy" init -q
	run -0 "$layers" "$copy"
	git -C "$copy" add notes README.md
	refused "notes: does not belong at the top level"
	[[ $output != *README* ]]
}

@test "a room that may not be used is refused, with file and line" {
	plant src/base/buf.c '#include "chaingate/buf.h"' '' '#include "chaingate/json.h"'
	refused "src/base/buf.c:3: base may not use json"
	[[ $output != *buf.c:1* ]]
}

@test "the gate may not use the clock" {
	plant src/gate/gate.c '#  include "chaingate/clock.h"'
	refused "gate may not use sys"
}

@test "public headers are checked, too" {
	plant include/chaingate/text.h '#include "chaingate/gate.h"'
	refused "text.h:1: base may not use gate"
}

@test "a private header of another room is refused" {
	plant src/gate/watch.h '#include <stdbool.h>'
	plant src/yaml/other.h '#include "../gate/watch.h"'
	plant src/api/planted.c '#include "watch.h"'
	refused '"../gate/watch.h" is not a header of yaml' '"watch.h" is not a header of api'
}

@test "a library is refused outside its rooms" {
	plant src/api/planted.c '#include <curl/curl.h>'
	plant src/policy/planted.c '#include <yaml.h>'
	plant src/net/planted.c '#include <json.h>'
	plant src/cli/planted.c '#include <openssl/evp.h>' '#include <microhttpd.h>'
	refused "api may not use <curl/curl.h>" "policy may not use <yaml.h>" "net may not use <json.h>" "cli may not use <openssl/evp.h>" \
		"cli may not use <microhttpd.h>"
}

@test "headers of the system and the locale are refused, except at the edge" {
	local headers=(unistd.h fcntl.h sys/stat.h signal.h termios.h time.h ctype.h locale.h pthread.h) header expected=() line=0
	for header in "${headers[@]}"; do
		plant src/rule/planted.c "#include <$header>"
		plant src/net/planted.c "#include <$header>"
		expected+=("src/rule/planted.c:$((line += 1)): rule may not use <$header>")
	done
	refused "${expected[@]}"
	[[ $output != *src/net* ]]
}

@test "an unknown header or room is refused" {
	plant include/chaingate/helpers.h '#include <stdio.h>'
	plant src/misc/misc.c '#include <stdio.h>'
	refused "helpers.h:0: a header of no room" "no room is called misc"
}

@test "state, printing and the clock are found in the objects" {
	command -v cc >/dev/null && [ "$(uname -s)" = Linux ] || skip "needs cc and ELF"
	build=$BATS_TEST_TMPDIR/build
	mkdir -p "$build/src/base" "$build/src/net"
	plant src/base/buf.c '#include <string.h>'
	run "$layers" "$copy" "$build"
	[ "$status" -eq 1 ]
	[[ $output == *"no objects here"* ]]

	source() { # source ROOM/NAME [SAID]: stdin is the code; SAID is the error expected for its object
		local said
		cat >"$build/src/$1.c"
		shift
		for said; do
			expected+=("$said")
		done
	}
	local expected=() said
	source base/fine <<<'static const char *const words[] = {"a", "b"}; const char *word(int i) { return words[i]; }'
	source base/bss "bss.o: base may not have state (4 bytes in .bss)" <<<'int next(void) { static int count; return ++count; }'
	source base/data "data.o: base may not have state (4 bytes in .data)" <<<'int counter = 3;'
	source base/words "words.o: base may not have state" <<<'const char *words[] = {"a", "b"};'
	source base/common "common.o: base may not have state (anywhere)" <<<'int anywhere __attribute__((common));'
	source base/clock "clock.o: base may not use time" <<<'long time(long *); long now(void) { return time(0); }'
	source base/locale "locale.o: base may not use " <<<$'#include <stdlib.h>\ndouble number(const char *s) { return strtod(s, 0); }'
	source net/prints "prints.o: net may not use printf" <<<$'#include <stdio.h>\nvoid say(int i) { printf("%d", i); }'
	source net/exits "exits.o: net may not use exit" <<<$'#include <stdlib.h>\nvoid end(void) { exit(0); }'
	source net/state <<<'int of_the_edge = 3; long time(long *); long now(void) { return time(0); }'
	(cd "$build/src/base" && cc -O1 -U_FORTIFY_SOURCE -c ./*.c && cd ../net && cc -O1 -U_FORTIFY_SOURCE -c ./*.c)
	run "$layers" "$copy" "$build"
	[ "$status" -eq 1 ]
	for said in "${expected[@]}"; do
		[[ $output == *"$said"* ]]
	done
	[[ $output == *"locale.o: base may not use"*strtod* ]]
	[ "${#lines[@]}" = "${#expected[@]}" ]
	echo "int broken" >"$build/src/base/fine.o"
	run "$layers" "$copy" "$build"
	[[ $output == *"an object cannot be read"* ]]
}

@test "a function named like a library's is found" {
	command -v cc >/dev/null && [ "$(uname -s)" = Linux ] || skip "needs cc and ELF"
	build=$BATS_TEST_TMPDIR/build
	mkdir -p "$build/src/base"
	printf 'int accept(int a) { return a; }\nint ours(void) { return 1; }\n' | cc -x c -c -o "$build/src/base/parser.o" -
	ar rc "$build/libchaingate.a" "$build/src/base/parser.o"
	printf 'int main(void) { return 0; }\n' | cc -x c -o "$build/chaingate" -
	cp "$build/chaingate" "$build/chaingate-sim"
	plant src/base/buf.c '#include <string.h>'
	run "$layers" "$copy" "$build"
	[ "$status" -eq 1 ]
	[[ $output == "accept: a library has a function of that name"* ]]
	[[ $output != *ours:* && $output != *main:* ]]
}

@test "includes that go in a circle are refused, in every room" {
	plant src/cli/one.h '#include "two.h"'
	plant src/cli/two.h '#include "three.h"'
	plant src/cli/three.h '#include "one.h"'
	plant src/cli/four.c '#include "one.h"'
	plant src/rule/one.h '#include "two.h"'
	plant src/rule/two.h '#include <stddef.h>'
	refused "a circle of includes: cli/one.h needs cli/two.h" "cli/two.h needs cli/three.h" "cli/three.h needs cli/one.h"
	[[ $output != *four.c* && $output != *rule* ]]
}

@test "calls that go in a circle are refused, except in a recursive grammar" {
	command -v as >/dev/null && [ "$(uname -s)" = Linux ] || skip "needs as and ELF"
	local room file
	build=$BATS_TEST_TMPDIR/build
	mkdir -p "$build/src"/{cli,rule,sim}
	plant src/base/buf.c '#include <string.h>'
	# Only the names count, so the assembler makes the objects. It takes a tenth of the compiler's time.
	object() { # object ROOM/NAME DEFINED [USED…]
		local file=$1 used
		{
			printf '.globl %s\n%s:\n' "$2" "$2"
			shift 2
			for used; do
				echo ".8byte $used"
			done
		} | as -o "$build/src/$file.o" -
	}
	for room in cli rule sim; do
		object $room/one ${room}_one ${room}_two
		object $room/two ${room}_two ${room}_three
		object $room/three ${room}_three ${room}_four
		object $room/four ${room}_four
	done
	# The files of the grammar may call each other: that isn't reported as a circle.
	object rule/parse parse operands
	object rule/operands operands parse
	run -0 "$layers" "$copy" "$build"
	for room in cli rule sim; do
		object $room/four ${room}_four ${room}_one
	done
	object rule/operands operands parse rule_one
	run "$layers" "$copy" "$build"
	[ "$status" = 1 ]
	for room in cli rule sim; do
		for file in 'one needs two' 'two needs three' 'three needs four' 'four needs one'; do
			[[ $output == *"a circle of calls: $room/${file/needs /needs $room/}"* ]]
		done
	done
	[[ $output != *parse* ]]
}
