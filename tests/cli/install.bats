#!/usr/bin/env bats
# install.bats - `make install` installs what `make` built, hardened, and uninstall leaves nothing.

load set_up

setup() {
	set_up "$BATS_TEST_DIRNAME/../.."
	needs make
	needs_plain "only a build without sanitizers is installed"
	build=$(dirname "$CHAINGATE")
	[ -e "$build/man/chaingate.1" ] || skip "this variant's man pages are not built: make"
	prefix=$BATS_TEST_TMPDIR/prefix
}

make_it() { # make_it GOAL…: calls make as a user who installs does, with the build of this test
	env -u MAKEFLAGS -u MAKELEVEL -u T make "B=$build" "PREFIX=$prefix" "$@"
}

@test "install builds nothing and copies the built files; uninstall leaves nothing" {
	touch "$BATS_TEST_TMPDIR/before"
	run make_it install
	echo "$output"
	[ "$status" = 0 ]
	[[ $output != *"cc "* && $output != *"link "* ]]
	cmp "$CHAINGATE" "$prefix/bin/chaingate"
	cmp "$CHAINGATE_SIM" "$prefix/bin/chaingate-sim"
	[ -z "$(find "$build/src" "$build/man" "$build/chaingate" "$build/chaingate-sim" "$build/flags" -newer "$BATS_TEST_TMPDIR/before")" ]
	[ -s "$prefix/share/man/man1/chaingate.1" ]
	[ -s "$prefix/share/chaingate/policies/production.yaml" ]
	cmp "$prefix/share/chaingate/report.schema.json" src/report/report.schema.json
	[ -s "$prefix/share/chaingate/policy.schema.json" ]
	make_it uninstall
	[ ! -e "$prefix" ]
}

@test "a man page has the date of the source" {
	SOURCE_DATE_EPOCH=1000000000 ci/man chaingate-sim 1 "a page" src/sim/README.md >"$BATS_TEST_TMPDIR/page"
	grep -q '^\.TH.*2001-09-09' "$BATS_TEST_TMPDIR/page"
}

@test "the programs are hardened" {
	needs readelf
	local program said
	for program in "$CHAINGATE" "$CHAINGATE_SIM"; do
		said=$(readelf -hldW "$program")
		grep -q 'Type: *DYN' <<<"$said"
		grep -q GNU_RELRO <<<"$said"
		grep -q BIND_NOW <<<"$said"
		grep -qE 'GNU_STACK .* RW +0x' <<<"$said"
		said=$(readelf --dyn-syms -W "$program")
		grep -q __stack_chk_fail <<<"$said"
		grep -qE '__[a-z]+_chk(@|$| )' <<<"$said"
	done
	# The compiler's switches, as recorded in the binary.
	said=$(readelf --debug-dump=info "$build/src/cli/main.o" 2>/dev/null | grep -m 1 DW_AT_producer || true)
	[[ $said != *GNU\ C* ]] || [[ $said == *-fstack-clash-protection* ]]
	[[ $said != *GNU\ C* || $(uname -m) != x86_64 ]] || [[ $said == *-fcf-protection* ]]
}
