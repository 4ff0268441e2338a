#!/usr/bin/env bats
# pages.bats - the HTML report in a browser: on a phone and on a screen, in light and in dark, of runs short and long, narrow and wide.
#
# PAGES_KEEP=DIRECTORY keeps the pages and the screenshots, to be looked at.

load set_up

# Why these tests can't be run here; empty: they can.
lacking() {
	command -v chromium >/dev/null || echo "chromium is not installed"
	command -v python3 >/dev/null || echo "python3 is not installed"
	if grep -q __asan_init "$CHAINGATE"; then echo "a browser finds nothing in a sanitized programme that it doesn't in a plain one"; fi
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
	for run in passed failed long wide; do
		"$CHAINGATE" replay "$run.ndjson" --policy policy.yaml --report "html=$run.html" >"$run.out" 2>&1 </dev/null || true
		[ -s "$run.html" ] || { cat "$run.out" && return 1; }
	done
}

teardown_file() {
	[ -z "${PAGES_KEEP-}" ] || [ -n "$(lacking)" ] || cp "$BATS_FILE_TMPDIR"/*.html "$BATS_FILE_TMPDIR"/*.png "$PAGES_KEEP"
}

setup() {
	[ -z "$(lacking)" ] || skip "$(lacking)"
	set_up "$BATS_FILE_TMPDIR"
}

browser() { # browser SCHEME OPTION…: 1 is light, 0 dark
	local scheme=$1
	shift
	timeout 600 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update \
		--disable-sync --disable-dev-shm-usage --hide-scrollbars --user-data-dir="$BATS_TEST_TMPDIR/profile" \
		--blink-settings="preferredColorScheme=$scheme" "$@" 2>"$BATS_TEST_TMPDIR/browser.log"
}

# look RUN WIDTH SCHEME: prints the faults.
look() {
	local page=$BATS_TEST_TMPDIR/look.html
	python3 - "$1.html" "$BATS_TEST_DIRNAME/pages.js" "$2" >"$page" <<-'END'
		import html, sys
		report, script, width = open(sys.argv[1]).read(), open(sys.argv[2]).read(), sys.argv[3]
		print(f"""<!DOCTYPE html><meta name="color-scheme" content="light dark"><body style="margin:0">
		<iframe id="f" width="{width}" height="900" style="border:0" srcdoc="{html.escape(report)}"></iframe>
		<pre id="out"></pre><script>{script}
		document.getElementById("f").addEventListener("load", () => {{
			let faults;
			try {{ faults = inspect(document.getElementById("f"), {width}); }} catch (error) {{ faults = [String(error.stack)]; }}
			document.getElementById("out").textContent = faults.concat("done").join("\\n");
		}});
		</script>""")
	END
	browser "$3" --window-size="$(($2 + 40)),1000" --virtual-time-budget=20000 --dump-dom "file://$page" |
		python3 -c 'import html, re, sys; print(html.unescape(re.search("<pre id=.out.>(.*?)</pre>", sys.stdin.read(), re.S).group(1)))'
}

# sees RUN: nothing is wrong in either width and scheme, and there are screenshots.
sees() {
	local width scheme
	for width in 390 1280; do
		for scheme in 0 1; do
			look "$1" "$width" "$scheme" >faults
			[ "$(cat faults)" = done ] || { echo "$1 at $width, scheme $scheme:" && head -n 20 faults && tail -n 3 "$BATS_TEST_TMPDIR/browser.log" && return 1; }
			browser "$scheme" --window-size="$width,2000" --screenshot="$PWD/$1-$width-$scheme.png" "file://$PWD/$1.html" >/dev/null
			[ -s "$1-$width-$scheme.png" ]
		done
	done
}

@test "a run that passes" { sees passed; }

@test "a run that fails" { sees failed; }

@test "a run of 45 minutes, with names of any width" { sees long; }

@test "a run of 200 chainlets" { sees wide; }

@test "the check finds what is wrong" {
	sed 's/white-space:nowrap;overflow-wrap:normal}/&h1{width:3rem;white-space:nowrap}p{margin-top:-2rem}.dim{color:#aaa}dt{color:#bbb}/' passed.html >broken.html
	sed -i 's/text-anchor="end" fill="currentColor">passed/text-anchor="start" fill="currentColor">passed/' broken.html
	look broken 1280 1 >faults
	cat faults
	grep -q '^cut: ' faults
	grep -q '^over each other: ' faults
	grep -q '^faint: ' faults
	grep -q '^out of the picture: passed' faults
}

# UPDATE_GOLDEN=1 writes it.
@test "the README's pictures, for a light page and a dark one, are what the report has of such a run" {
	local docs=$BATS_TEST_DIRNAME/../../docs name ink
	for name in timeline timeline-dark; do
		# In a page the browser's own colour is the letters'; a picture has no page.
		ink=$([ "$name" = timeline ] && echo 1f2328 || echo e6edf3)
		xmllint --xpath '//*[local-name()="svg"]' passed.html | sed "1s|<svg |<svg color=\"#$ink\" |" >"$name.svg"
		echo >>"$name.svg"
		xmllint --noout "$name.svg"
		[ -z "${UPDATE_GOLDEN-}" ] || cp "$name.svg" "$docs/"
		cmp "$name.svg" "$docs/$name.svg"
	done
}
