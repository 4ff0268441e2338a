#!/usr/bin/env bats
# package.bats - release files: the same bytes each time, without uncommitted changes, and with a list of all linked libraries.

load set_up

setup() {
	set_up "$BATS_TEST_DIRNAME/../.."
}

needs_clone() {
	needs git make
	git rev-parse --git-dir >/dev/null 2>&1 || skip "these sources are not a clone"
}

list() { # list PART VERSION…: writes the list that ci/package/static-libraries leaves
	while [ $# -gt 0 ]; do
		echo "$1 $2 $1.tar.gz $(printf '%064d' 1)"
		shift 2
	done >"$BATS_TEST_TMPDIR/sources.list"
}

sbom() {
	SOURCE_DATE_EPOCH=1000000000 run --separate-stderr ci/package/sbom 1.2.3 chaingate-1.2.3-linux-x86_64 "$(printf '%064d' 7)" "$BATS_TEST_TMPDIR/sources.list"
}

@test "two clones with different settings give the same tarball of the sources" {
	needs_clone
	needs_plain "the tarball has nothing of the build"
	run env -u CHAINGATE ci/check/dist --bytes
	[ "$status" = 0 ]
	[[ $output == "ok "*"chaingate-"*".tar.gz" ]]
}

@test "two runs of make dist at once don't spoil each other's tarball" {
	local first sum
	needs_clone
	needs_plain "the tarball has nothing of the build"
	unset MAKEFLAGS MAKELEVEL T
	git clone -q --shared . "$BATS_TEST_TMPDIR/clone"
	cd "$BATS_TEST_TMPDIR/clone"
	first=$(make -s dist)
	sum=$(sha256sum "$first")
	# While the first run compresses, another one runs from beginning to end.
	mkdir bin
	printf '#!/bin/sh\nif mkdir "%s/once" 2>/dev/null; then make -s dist >/dev/null || exit; fi\nexec %s "$@"\n' "$BATS_TEST_TMPDIR" "$(command -v gzip)" >bin/gzip
	chmod +x bin/gzip
	run env PATH="$PWD/bin:$PATH" make -s dist
	[ "$status" = 0 ]
	[ -d "$BATS_TEST_TMPDIR/once" ]
	[ "$(sha256sum "$first")" = "$sum" ]
	[ "$(ls build)" = "${first#build/}" ]
	# A run that fails leaves the last one's file.
	run env PATH="$PWD/bin:$PATH" make -s dist archive=false
	[ "$status" != 0 ]
	[ "$(sha256sum "$first")" = "$sum" ]
}

@test "a release is refused from a changed tree, and for a version that the changelog doesn't have" {
	needs_clone
	needs_plain "a release has nothing of this build"
	git clone -q --shared . "$BATS_TEST_TMPDIR/clone"
	cd "$BATS_TEST_TMPDIR/clone"
	sed -i 's/^#define CHAINGATE_VERSION .*/#define CHAINGATE_VERSION "987.6.5"/' include/chaingate/version.h
	run --separate-stderr ci/package/release "$BATS_TEST_TMPDIR/out"
	show
	[ "$status" = 1 ]
	[[ $stderr == *"changes that aren't committed"* ]]
	git -c user.name=n -c user.email=e commit -qam "another version"
	printf '## 987.6x5\n## 987.6.55 - 2026-01-01\n' >>CHANGELOG.md
	git -c user.name=n -c user.email=e commit -qam "a changelog of similar versions"
	run --separate-stderr ci/package/release "$BATS_TEST_TMPDIR/out"
	show
	[ "$status" = 1 ]
	[[ $stderr == *"no heading for version 987.6.5"* ]]
	[ -z "$(ls "$BATS_TEST_TMPDIR/out")" ]
}

@test "the bill of materials is valid under SPDX 2.3, wrong ones are not, and it lists each part once" {
	needs jq
	needs_python jsonschema
	list curl 7.88.1-10+deb12u15 openssl 3.0.19-1~deb12u2 zlib 1:1.2.13.dfsg-1
	echo "glibc 2.36-9" >>"$BATS_TEST_TMPDIR/sources.list"
	sbom
	[ "$status" = 0 ]
	jq -e '
		.creationInfo.created == "2001-09-09T01:46:40Z" and ([.packages[].name] == ["chaingate", "curl", "openssl", "zlib", "glibc"])
		and ([.packages[].SPDXID] | unique | length == 5)
		and (.packages[:4] | all(has("checksums"))) and (.packages[4] | has("checksums") | not)
		and ([.relationships[] | select(.relationshipType == "DESCRIBES")] == [{spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: "SPDXRef-chaingate"}])
		and ([.packages[1:][].SPDXID] == [.relationships[] | select(.relationshipType == "STATIC_LINK" and .spdxElementId == "SPDXRef-chaingate") | .relatedSpdxElement])
	' <<<"$output"
	python3 - tests/schemas/spdx.json "$output" <<-'END'
		import copy, json, sys
		import jsonschema
		with open(sys.argv[1]) as text:
		    validator = jsonschema.Draft7Validator(json.load(text))
		bill = json.loads(sys.argv[2])
		assert not [error.message for error in validator.iter_errors(bill)]
		wrong = {
		    "a missing member": lambda it: it.pop("dataLicense"),
		    "another version": lambda it: it.update(spdxVersion="SPDX-2.4"),
		    "an unknown member": lambda it: it["packages"][1].update(licenceDeclared="MIT"),
		    "an identifier with a +": lambda it: it["packages"][1].update(SPDXID="SPDXRef-c++"),
		    "a package without a place": lambda it: it["packages"][2].pop("downloadLocation"),
		    "a sum that is none": lambda it: it["packages"][0]["checksums"][0].update(checksumValue="abc"),
		    "a time without a zone": lambda it: it["creationInfo"].update(created="2001-09-09T01:46:40"),
		    "no creator": lambda it: it["creationInfo"].update(creators=[]),
		    "an unknown relationship": lambda it: it["relationships"][0].update(relationshipType="STATICALLY_LINKED"),
		    "a category in the old spelling": lambda it: it["packages"][0]["externalRefs"][0].update(referenceCategory="PACKAGE_MANAGER"),
		}
		for name, spoil in wrong.items():
		    it = copy.deepcopy(bill)
		    spoil(it)
		    assert not validator.is_valid(it), name
	END
}

@test "a library without a known licence is an error in the bill of materials" {
	list curl 7.88.1 liblucky 1.0
	sbom
	[ "$status" = 1 ]
	[[ $stderr == *"licence of liblucky is not known"* ]]
}

@test "each library that make static asks for has a licence in the bill of materials" {
	local part
	for part in curl c-ares openssl nghttp2 zlib json-c libyaml glibc gcc-12 gcc-12-cross; do
		list "$part" 1.0
		sbom
		[ "$status" = 0 ]
	done
}

# Writes stand-ins to bin/: for apt-get, whose Debian has version 1 of each package, or another that $VERSIONS names (NAME=VERSION), and which can't be reached
# with NETWORK=no, and can't bring the sources with FETCH=no; for the compiler, and for what is compiled.
debian() {
	mkdir bin
	cat >bin/apt-get <<-'END'
		#!/bin/bash
		offer() { # offer ENDING NAME…
			for name in "${@:2}"; do
				version=1
				[[ " ${VERSIONS-} " != *" $name="* ]] || version=${VERSIONS#*=}
				[ -e "${name}_$version.$1" ] || echo "'http://debian.invalid/$name' ${name}_$version.$1 1 SHA256:0"
			done
		}
		while [[ $1 == -* ]]; do [ "$1" = -qq ] || shift; shift; done
		case "$1 ${2-}" in
		"indextargets "*) echo "deb-src [signed-by=k] http://debian.invalid bookworm main" ;;
		"update "*) [ "${NETWORK-}" != no ] ;;
		"source --print-uris") offer dsc "${@:3}" ;;
		"download --print-uris") offer deb "${@:3}" ;;
		"source "*)
			[ "${FETCH-}" != no ] || exit 1
			mkdir -p {curl,c-ares}-1/debian
			touch {curl,c-ares}-1/{configure,debian/copyright} {curl,c-ares}_1.orig.tar.gz
			echo "Version: 1" | tee curl_1.dsc >c-ares_1.dsc
			;;
		"download "*) touch "${@/%/_1.deb}" 2>/dev/null ;;
		*) exit 64 ;;
		esac
	END
	cat >bin/dpkg-deb <<-'END'
		#!/bin/sh
		[ "$1" = -x ] || { echo part 1; exit; }
		name=${2##*/} && name=${name%%_*}
		mkdir -p "$3/usr/lib/aarch64-linux-gnu/pkgconfig" "$3/usr/share/doc/$name"
		: >"$3/usr/lib/aarch64-linux-gnu/pkgconfig/x.pc" >"$3/usr/share/doc/$name/copyright"
	END
	printf '#!/bin/sh\ncase $1 in -dumpmachine) echo aarch64-linux-gnu ;; *) echo /etc/os-release ;; esac\n' >bin/aarch64-linux-gnu-gcc
	printf '#!/bin/sh\ncase $1 in --search) echo "libc6: $2" ;; *) echo glibc 1 ;; esac\n' >bin/dpkg-query
	printf '#!/bin/sh\n' | tee bin/make bin/pkg-config bin/dpkg-source bin/patch >bin/xz
	chmod +x bin/*
}

libraries() {
	PATH=$BATS_TEST_TMPDIR/bin:$PATH run --separate-stderr "$root/ci/package/static-libraries" --host aarch64-linux-gnu out libcurl json-c yaml-0.1 libcrypto
}

@test "make static builds its libraries again if Debian has another version of one; without the network it uses what is there, and says so" {
	local root=$PWD part
	[ -e /usr/share/keyrings/debian-archive-keyring.gpg ] && [ -e /usr/share/doc/libc6/copyright ] || skip "this isn't Debian"
	cd "$BATS_TEST_TMPDIR"
	debian
	NETWORK=no libraries
	[ "$status" = 1 ]
	[[ $stderr == *"could not fetch the lists"* ]]
	libraries
	[ "$status" = 0 ]
	[[ $stderr == *"building curl"* ]]
	libraries
	[ "$status" = 0 ]
	[ -z "$stderr" ]
	NETWORK=no libraries
	[ "$status" = 0 ]
	[[ $stderr == *"could not ask which versions Debian has now"*"libraries of $(date +%Y-)"*"advisory"* && $stderr != *building* ]]
	# Another machine's libraries aren't installed here, so their versions are those of the packages that would be fetched.
	cp out/done done
	for part in curl c-ares libssl-dev zlib1g-dev libc6; do
		cp done out/done
		VERSIONS=$part=2 FETCH=no libraries
		[ "$status" = 1 ]
		[[ $stderr == *"could not fetch or unpack"* ]]
	done
	# What a run that failed has left isn't used.
	NETWORK=no libraries
	[ "$status" = 1 ]
}

@test "the spec and the formula have the source's version, and the files that they name exist" {
	local file files=0 version
	version=$(sed -n 's/^#define CHAINGATE_VERSION "\(.*\)"/\1/p' include/chaingate/version.h)
	grep -qE "^Version: +$version\$" ci/package/chaingate.spec
	grep -qF "/releases/download/v$version/chaingate-$version.tar.gz\"" ci/package/chaingate.rb
	for file in $(sed -nE 's/^%(license|doc) //p' ci/package/chaingate.spec) $(cat ci/package/debian/docs); do
		[ -s "$file" ]
	done
	for file in $(env -u MAKEFLAGS -u MAKELEVEL -u T make -n install DESTDIR= PREFIX=/P | awk '/^install -m/ && !/policies$/ { print $4 } / >.*completion/ { print $NF }'); do
		echo "installed: $file"
		grep -qE "/${file##*/}\*?\$" ci/package/chaingate.spec
		files=$((files + 1))
	done
	[ "$files" -ge 7 ]
	! command -v ruby >/dev/null || ruby -c ci/package/chaingate.rb
	# lintian's limit, which only a whole build would notice.
	[ -z "$(awk 'length > 80' ci/package/debian/control)" ]
}

@test "the targets that the documentation names exist" {
	local target
	for target in $(grep -ohE '(^ {4}|`)make [a-z-]+' README.md SECURITY.md CONTRIBUTING.md CHANGELOG.md docs/*.md | sed 's/.*make //' | sort -u); do
		echo "$target"
		grep -qE "^$target:" Makefile
	done
}
