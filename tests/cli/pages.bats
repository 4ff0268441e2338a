#!/usr/bin/env bats
# pages.bats - the HTML report in a browser: on a phone and on a screen, in light and in dark, of runs short and long, narrow and wide.
#
# PAGES_KEEP=DIRECTORY keeps the pages and the screenshots, so that you can look at them.

load set_up

# Why these tests can't run here; empty if they can.
lacking() {
	command -v chromium >/dev/null || echo "chromium is not installed"
	command -v python3 >/dev/null || echo "python3 is not installed"
	if is_sanitized; then echo "a browser finds nothing in a sanitized program that it doesn't in a plain one"; fi
}

setup_file() {
	[ -z "$(lacking)" ] || return 0
	set_up "$BATS_FILE_TMPDIR"
	cat >policy.yaml <<-'END'
		version: 1
		rules:
		  - name: all chainlets ACTIVE
		    assert: all chainlets ACTIVE
		    message: Look at the chainlet's logs. BUILD_FAILED and DEPLOY_FAILED need a new push; UNHEALTHY may recover by itself.
		  - {name: replicas in service, assert: active_replica_count >= min_replica, hold: 1m}
		  - {never: any chainlet UNHEALTHY, severity: warning}
	END
	python3 "$BATS_TEST_DIRNAME/pages.py" .
	for run in passed failed long wide crowded; do
		"$CHAINGATE" replay "$run.ndjson" --policy policy.yaml --report "html=$run.html" >"$run.out" 2>&1 </dev/null || true
		[ -s "$run.html" ] || { cat "$run.out" && return 1; }
	done
	cat >targets.yaml <<-'END'
		version: 1
		targets:
		  - {name: the first, chain: rag, deployment: q86yjdy}
		  - {name: the second, chain: rag, deployment: q86yjdy, rules: [{assert: max_replica <= 4, message: Ask whoever pays for it.}]}
		rules: [all chainlets ACTIVE]
	END
	"$CHAINGATE" replay targets.ndjson --policy targets.yaml --report html=targets.html >targets.out 2>&1 </dev/null || true
	# A page with every defect that the test detects.
	sed -e 's|</style>|h1{width:3rem;white-space:nowrap;color:#555}p{margin-top:-2rem}.dim{color:#aaa}dt{color:#bbb}td.name{min-width:0;max-width:2rem}@media print{figure{display:none}}&|' \
		-e 's/x="[0-9]*" y="16" text-anchor="start" fill="currentColor">passed/x="900" y="16" fill="currentColor">passed/' passed.html >broken.html
	# Starting a browser takes longer than showing all pages in both widths and colour schemes.
	python3 "$BATS_TEST_DIRNAME/pages.py" --look "$BATS_TEST_DIRNAME/pages.js" passed.html failed.html long.html wide.html targets.html broken.html >look.html
	browser 1 --window-size=1320,1000 --virtual-time-budget=20000 --dump-dom "file://$PWD/look.html" >look.dom
	# Keeps only the lines that the page printed, without the reports, because the shell would take long to search them.
	grep -aE '^[a-z]+\.html, [0-9]+, [a-z]+: ' look.dom >seen || true
	[ -z "${PAGES_KEEP-}" ] || screenshots
}

teardown_file() {
	[ -z "${PAGES_KEEP-}" ] || [ -n "$(lacking)" ] || cp "$BATS_FILE_TMPDIR"/*.html "$BATS_FILE_TMPDIR"/*.png "$PAGES_KEEP"
}

setup() {
	local why
	why=$(lacking)
	[ -z "$why" ] || skip "$why"
	set_up "$BATS_FILE_TMPDIR"
}

browser() { # browser SCHEME OPTION…: 1 is light, 0 dark
	local scheme=$1
	shift
	timeout 600 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
		--disable-sync --disable-dev-shm-usage --hide-scrollbars --user-data-dir="$BATS_FILE_TMPDIR/profile.$scheme" \
		--blink-settings="preferredColorScheme=$scheme" "$@" 2>"$BATS_FILE_TMPDIR/browser.$scheme.log"
}

screenshots() {
	local run width scheme
	for run in passed failed long wide targets; do
		for width in 390 1280; do
			for scheme in 0 1; do
				browser "$scheme" --window-size="$width,2000" --screenshot="$PWD/$run-$width-$scheme.png" "file://$PWD/$run.html" >/dev/null
			done
		done
	done
}

# sees RUN: the run's page has no fault in any width and colour scheme.
sees() {
	local at line seen faults=''
	for at in "$1.html, "{390,1280}", "{light,dark}; do
		seen=
		while IFS= read -r line; do
			case $line in
			"$at: done") seen=1 ;;
			"$at: "*) faults+="$line"$'\n' ;;
			esac
		done <seen
		[ -n "$seen" ] || { echo "$at wasn't seen:" && tail -n 5 browser.1.log && return 1; }
	done
	[ -z "$faults" ] || { echo "$faults" && return 1; }
}

@test "a run that passes" { sees passed; }

@test "a run that fails" { sees failed; }

@test "a run of 45 minutes, with names of any width" { sees long; }

@test "a run of 200 chainlets: what has a row for each is folded" {
	sees wide
	grep -q '<details><summary>Timeline</summary>' wide.html
	grep -q '<details><summary>Deployments and chainlets at the end</summary>' wide.html
	grep -q '<details open="open"><summary>Deployments and chainlets at the end</summary>' passed.html
}

@test "a run of 200 chainlets that fails: each that isn't ready is shown unfolded" {
	grep -q '<details><summary>Timeline</summary>' crowded.html
	grep -q '<details open="open"><summary>Deployments and chainlets at the end</summary>' crowded.html
}

@test "several targets: first a table of all, those that didn't pass first; what passed is folded" {
	sees targets
	grep -q '<h1>failed: 1 of 2 targets did not pass</h1><table>' targets.html
	grep -q 'href="#target-1">the second</a></td><td class="reason">1 rule failed: max_replica &lt;= 4 (chainlet Retriever: max_replica is 8;.*href="#target-0">the first</a>' targets.html
	[ "$(grep -o '<details[^>]*><summary>Timeline' targets.html)" = $'<details open="open"><summary>Timeline\n<details><summary>Timeline' ]
	[ "$(tail -n 1 targets.out)" = "failed: 1 of 2 targets did not pass" ]
}

@test "the check finds every defect of a broken page" {
	run sees broken
	[ "$status" = 1 ]
	[[ $output == *"broken.html, 1280, light: cut: "* ]]
	[[ $output == *"broken.html, 1280, light: over each other: "* ]]
	[[ $output == *"broken.html, 390, light: broken: Retriever"* ]]
	[[ $output == *"broken.html, 1280, light: faint: "* ]]
	[[ $output == *"broken.html, 1280, dark: faint: "* ]]
	[[ $output == *"broken.html, 1280, light: not on paper: "* ]]
	[[ $output == *"broken.html, 1280, light: out of the picture: passed"* ]]
}

# UPDATE_GOLDEN=1 writes it.
@test "the README's pictures, for a light page and a dark one, equal the report's timeline" {
	local docs=$BATS_TEST_DIRNAME/../../docs name ink
	for name in timeline timeline-dark; do
		# In a page, letters have the browser's default colour; a picture has none.
		ink=$([ "$name" = timeline ] && echo 1f2328 || echo e6edf3)
		xmllint --xpath '//*[local-name()="svg"][@role="img"]' passed.html | sed "1s|<svg |<svg color=\"#$ink\" |" >"$name.svg"
		echo >>"$name.svg"
		xmllint --noout "$name.svg"
		[ -z "${UPDATE_GOLDEN-}" ] || cp "$name.svg" "$docs/"
		cmp "$name.svg" "$docs/$name.svg"
	done
}
