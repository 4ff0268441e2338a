#!/usr/bin/env bats
# reports.bats - every format of every kind of run: complete, valid for its readers, and safe with foreign texts. JUnit has junit.bats.

load set_up
load virtual

formats="json html markdown github gitlab intoto tap"

setup_file() {
	set_up "$BATS_FILE_TMPDIR"
	export BASETEN_API_KEY=canary-key
	# A chain, a chainlet, a status and a policy with every kind of hostile text.
	cat >scenario.yaml <<-'END'
		api_key: canary-key
		chains:
		  - {id: good, name: good}
		  - {id: moving, name: moving}
		  - {id: evil, name: evil}
		  - {id: odd, name: odd}
		deployments:
		  - id: d1
		    chain: good
		    chainlets: [{name: Retriever, autoscaling_settings: {min_replica: 2}, status: ACTIVE}]
		  - id: d2
		    chain: moving
		    chainlets: [{name: Retriever, autoscaling_settings: {min_replica: 2}, status: LOADING_MODEL}]
		  - id: "::error file=x::`d3`"
		    chain: evil
		    chainlets:
		      - {name: "]]><script>alert(1)</script>\u0007\u001b[31mred\u202egnp|``` @all ##[error]", autoscaling_settings: {min_replica: 0}, status: ACTIVE}
		      - {name: "##vso[task.complete]&amp;\"'%0A\\", autoscaling_settings: {min_replica: 0}, status: ACTIVE}
		  - id: d4
		    chain: odd
		    chainlets: [{name: A, autoscaling_settings: {min_replica: 1}, status: "\u001b]0;owned\u0007<b>`::error::"}]
		faults:
		  - {at: 0s, path: /chains/moving/, count: 1, http: 503, text: "canary-key ::error:: <script> ```"}
	END
	cat >good.yaml <<-'END'
		version: 1
		rules:
		  - all chainlets ACTIVE
		  - {name: skipped, assert: min_replica > 5, when: count(chainlets) > 1}
		  - {name: a warning, assert: min_replica > 5, severity: warning}
	END
	cat >evil.yaml <<-'END'
		version: 1
		name: "]]><script>::error"
		rules:
		  - name: "::error::rule|`x`<i>"
		    assert: all chainlets have min_replica >= 1
		    message: "##[error] <script>```\n::warning::"
		  - all chainlets ACTIVE
	END
	printf 'version: 1\nparams: {least: 5}\nrules:\n  - all chainlets ACTIVE\n  - min_replica >= $least\n' >spotless.yaml
	printf 'version: 1\nrules:\n  - all chainlets ACTVE\n' >broken.yaml
	start_world scenario.yaml
	run_all good 0 good.yaml --chain good --all-deployments --since any
	run_all spotless 0 spotless.yaml --set least=1 --timeout 2m --chain good --all-deployments --since any
	run_all failed 1 evil.yaml --chain evil --all-deployments --since any --timeout 2s
	run_all late 3 good.yaml --chain moving --deployment d2 --timeout 3s
	run_all odd 3 good.yaml --chain odd --deployment d4 --timeout 3s
	run_all refused 2 ./broken.yaml --chain good --deployment d1
	run_all unreachable 5 good.yaml --chain nowhere --deployment d1 --timeout 3s
	stop_sim
}

# run_all NAME EXIT ARGUMENT…: a run with every format.
run_all() {
	local name=$1 expected=$2 code=0 format
	local -a reports=()
	shift 2
	for format in $formats; do
		reports+=(--report "$format=$name.$format")
	done
	"$CHAINGATE" check "$@" --api-url "$SIM_URL" --interval 100ms --stable-for 300ms "${reports[@]}" \
		>"$name.out" 2>"$name.err" </dev/null || code=$?
	[ "$code" = "$expected" ] || { echo "$name: exit $code" && cat "$name.out" "$name.err" && return 1; }
}

setup() {
	set_up "$BATS_FILE_TMPDIR"
	export BASETEN_API_KEY=canary-key
	runs="good spotless failed late odd refused unreachable"
}

@test "each run has a report of each format" {
	for run in $runs; do
		for format in $formats; do
			[ -s "$run.$format" ] || { echo "no $run.$format" && return 1; }
		done
	done
}

@test "no report has the key, or a character that a terminal obeys" {
	! grep -l canary-key -- *.json *.html *.markdown *.github *.gitlab *.intoto *.tap *.out *.err || false
	# JSON escapes such characters.
	! grep -lP '[\x00-\x08\x0b-\x1f\x7f]' -- *.json *.html *.markdown *.github *.gitlab *.intoto *.tap *.out *.err || false
	! grep -l $'\u202e' -- *.json *.intoto *.html *.markdown *.github *.gitlab *.tap *.out *.err || false
}

@test "JSON is valid under its schema, and the schema refuses what it should" {
	needs_python jsonschema
	"$CHAINGATE" schema --report >schema.json
	python3 - $runs <<-'END'
		import copy, json, sys, jsonschema
		schema = json.load(open("schema.json"))
		jsonschema.Draft202012Validator.check_schema(schema)
		validator = jsonschema.Draft202012Validator(schema)
		for run in sys.argv[1:]:
		    validator.validate(json.load(open(run + ".json")))
		good = json.load(open("good.json"))
		assert good["verdict"] == "passed" and good["exit"] == 0
		for change in (lambda d: d.pop("verdict"), lambda d: d.update(exit=7), lambda d: d.update(more=1),
		               lambda d: d["targets"][0]["rules"][0].update(outcome="fine"), lambda d: d["run"].pop("host")):
		    broken = copy.deepcopy(good)
		    change(broken)
		    assert not validator.is_valid(broken), change
	END
}

@test "HTML is well formed, refers to nothing outside and has no script" {
	local pages=() page
	for run in $runs; do
		pages+=("$run.html")
		page=$(<"$run.html")
		[ "${page:0:15}" = "<!DOCTYPE html>" ]
	done
	xmllint --noout "${pages[@]}"
	! grep -oE '<(script|link|img|iframe|object|embed)\b| (src|href|on[a-z]+)=|url\([^#]|@import' "${pages[@]}" || false
	run grep -ohE 'https?://[^"<]*' "${pages[@]}"
	[ "${#lines[@]}" -gt 0 ]
	for page in "${lines[@]}"; do
		[[ $page == http://127.0.0.1* || $page == http://www.w3.org/2000/svg* ]] || { echo "it refers to $page" && return 1; }
	done
	# Ids are unique in a page, and every picture's label exists.
	[ -z "$(grep -o ' id="[^"]*"' "${pages[@]}" | sort | uniq -d)" ]
	[ "$(xmllint --xpath 'count(//*[local-name()="svg"][@role="img"][*[local-name()="title"]][*[local-name()="desc"]])' good.html)" = 1 ]
	xmllint --xpath 'string(//*[local-name()="h1"])' good.html | grep -qx 'passed good/all'
	if command -v tidy >/dev/null; then
		for run in $runs; do
			# tidy doesn't know SVG's attributes.
			[ -z "$(tidy -e -q "$run.html" 2>&1 | grep -v '<svg> proprietary\|<title> proprietary')" ]
		done
	fi
}

@test "prove reads TAP" {
	needs prove
	for run in $runs; do
		code=0
		prove --exec cat "$run.tap" >prove.out 2>&1 || code=$?
		case $run in
		good | spotless) [ "$code" = 0 ] ;;
		*) [ "$code" != 0 ] ;;
		esac
		! grep -i 'parse error\|bad plan' prove.out || false
	done
}

@test "GitHub's annotations: one line each, escaped, at most ten of a kind" {
	for run in $runs; do
		! grep -vE '^::(error|warning|notice) (file=[^,:]*,line=[0-9]+(,col=[0-9]+)?,)?title=[^,:]*::.+$' "$run.github" || false
	done
	grep -q '^::notice title=chaingate%3A passed::good/all: stable, and every rule that decides holds; 1 warning doesn.t, 1 skipped$' good.github
	grep -q '^::warning file=good.yaml,line=5,title=a warning::' good.github
	grep -q '^::error file=broken.yaml,line=3,col=19,title=unknown-status::' refused.github
	{
		printf 'version: 1\nrules:\n'
		for i in {1..14}; do printf '  - {name: r%s, assert: min_replica >= 9%s}\n' "$i" "$i"; done
	} >many.yaml
	start_world scenario.yaml
	BASETEN_API_KEY=canary-key "$CHAINGATE" check many.yaml --chain good --deployment d1 --api-url "$SIM_URL" --timeout 0s --report github >many.github 2>/dev/null || true
	stop_sim
	[ "$(grep -c '^::error' many.github)" = 10 ]
	grep -q '(and 5 more like this)$' many.github
}

@test "GitLab's code quality, and in-toto's statement, are valid for their readers" {
	needs_python jsonschema
	python3 - "$BATS_TEST_DIRNAME/../schemas" $runs <<-'END'
		import copy, json, sys, jsonschema
		def validator(name):
		    schema = json.load(open(sys.argv[1] + "/" + name))
		    jsonschema.Draft202012Validator.check_schema(schema)
		    return jsonschema.Draft202012Validator(schema)
		gitlab, intoto = validator("gitlab-code-quality.json"), validator("in-toto-test-result.json")
		for run in sys.argv[2:]:
		    findings, statement = json.load(open(run + ".gitlab")), json.load(open(run + ".intoto"))
		    gitlab.validate(findings)
		    intoto.validate(statement)
		    assert len({f["fingerprint"] for f in findings}) == len(findings), run
		    assert bool(findings) == (run != "spotless"), run
		    result = {"spotless": "PASSED", "good": "WARNED"}.get(run, "FAILED")
		    assert statement["predicate"]["result"] == result, run
		good = json.load(open("good.intoto"))
		for change in (lambda d: d.pop("subject"), lambda d: d["subject"].clear(), lambda d: d["subject"][0].pop("digest"),
		               lambda d: d["predicate"].update(result="passed"), lambda d: d["predicate"].pop("configuration")):
		    broken = copy.deepcopy(good)
		    change(broken)
		    assert not intoto.is_valid(broken), change
		assert [f["severity"] for f in json.load(open("good.gitlab"))] == ["minor"]
	END
}

@test "in-toto's statement names the deployment, the policy and the waiting times" {
	python3 - <<-'END'
		import json
		statement = json.load(open("good.intoto"))
		predicate = statement["predicate"]
		assert predicate["passedTests"] == ["good/all: all chainlets ACTIVE"]
		# Skipped rules are left out, because they weren't judged.
		assert predicate["warnedTests"] == ["good/all: a warning"] and predicate["failedTests"] == []
		spotless = json.load(open("spotless.intoto"))
		assert [p["annotations"]["params"] for p in spotless["predicate"]["configuration"]] == [[{"name": "least", "value": "1"}]]
		assert spotless["subject"][0]["annotations"]["wait"]["timeout_s"] == 120.0
		report = json.load(open("spotless.json"))
		assert report["params"] == [{"name": "least", "value": "1"}]
		assert report["policies"] == [{"file": "spotless.yaml", "sha256": spotless["predicate"]["configuration"][0]["digest"]["sha256"]}]
	END
	# A policy's digest equals its file's.
	grep -q "$(sha256sum good.yaml | cut -d' ' -f1)" good.intoto
}

@test "Markdown shows foreign texts as code" {
	python3 - $runs <<-'END'
		import re, sys
		for run in sys.argv[1:]:
		    text = open(run + ".markdown").read()
		    assert re.search(r"(?m)^## chaingate: ", text), (run, text)
		    assert len(text.encode()) < 1048576, run
		    # Outside code spans there is no HTML, mention or command.
		    text = re.sub(r"(?ms)^(`{3,})text\n.*?^\1$", "", text)
		    text = re.sub(r"(?s)(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)", "", text)
		    found = re.search(r".*([<>@]|::|##\[).*", text)
		    assert not found, (run, found)
	END
	grep -q '^| ✓ pass | `all chainlets ACTIVE` | `good.yaml:3` |$' good.markdown
}

@test "Markdown stays below the size limit of a step's summary" {
	local name words
	printf -v name 'n%.0s' {1..400}
	printf -v words 'word %.0s' {1..300}
	{
		printf 'version: 1\ntargets:\n'
		printf '  - {name: t%s, chain: good, deployment: d1}\n' {1..60}
		printf 'rules:\n'
		for i in {1..250}; do printf '  - {name: %s%s, assert: min_replica >= 9%s, message: "%s"}\n' "$name" "$i" "$i" "$words"; done
	} >large.yaml
	start_world scenario.yaml
	BASETEN_API_KEY=canary-key "$CHAINGATE" check large.yaml --api-url "$SIM_URL" --timeout 0s --max-rps 100 --report markdown=large.markdown --quiet >/dev/null 2>&1 || true
	stop_sim
	[ "$(wc -c <large.markdown)" -lt 600000 ]
	grep -q '^## chaingate: failed: 60 of 60 targets did not pass$' large.markdown
	grep -q '^… and 50 more rules\.$' large.markdown
	grep -q "^… and 230 more that don't hold\.$" large.markdown
	grep -qE '^… and [0-9]+ more targets\.$' large.markdown
	[ "$(grep -c '^\(= \)\?```' large.markdown)" = 40 ]
}

@test "the reports have every mistake of a command line, with what to do" {
	local format
	code=0
	"$CHAINGATE" check good.yaml --chain good --deployment d1 --timeout zz --interval yy --report json=usage.json --report html=usage.html \
		--report markdown=usage.markdown --junit usage.xml --report github=usage.github >/dev/null 2>err </dev/null || code=$?
	[ "$code" = 2 ]
	for format in json html markdown xml github; do
		[[ $(<"usage.$format") == *"'zz'"* && $(<"usage.$format") == *"'yy'"* ]] || { cat "usage.$format" && return 1; }
	done
	grep -q 'type="UsageError"' usage.xml
}

@test "a warning that lint would give is in HTML and Markdown, and a comment in TAP" {
	printf 'version: 1\nrules:\n  - count(chainlets) >= 0 # ::error::x\n' >suspicious.yaml
	start_world scenario.yaml
	BASETEN_API_KEY=canary-key "$CHAINGATE" check suspicious.yaml --chain good --deployment d1 --api-url "$SIM_URL" --timeout 0s --report html=s.html --report markdown=s.markdown \
		--report tap=- >s.tap 2>/dev/null </dev/null
	stop_sim
	grep -q 'can never be false' s.html
	grep -q 'can never be false' s.markdown
	grep -qx '# suspicious.yaml:3:5: warning: this can never be false: .*' s.tap
	! grep -v '^ok \|^1\.\.\|^TAP version\|^# ' s.tap || false
}

@test "each target gets its own file, and a step gets its outputs" {
	cat >targets.yaml <<-'END'
		version: 1
		targets:
		  - {name: one/first, chain: good, deployment: d1}
		  - {name: one-first, chain: moving, deployment: d2}
		  - {name: ../../up, chain: good, deployment: d1}
		rules: [all chainlets ACTIVE]
	END
	start_world scenario.yaml
	export GITHUB_OUTPUT=$PWD/outputs GITHUB_STEP_SUMMARY=$PWD/summary BASETEN_API_KEY=canary-key
	echo "before=1" >outputs
	echo "before" >summary
	code=0
	"$CHAINGATE" check targets.yaml --api-url "$SIM_URL" --interval 100ms --stable-for 300ms --timeout 5s --report 'json=out/{target}.json' --report markdown \
		--junit 'out/{target}.xml' >/dev/null 2>&1 </dev/null || code=$?
	[ "$code" = 3 ]
	# No file is outside the folder, and none is hidden.
	[ "$(cd out && LC_ALL=C ls)" = "$(printf '%s\n' -.-..-up.json -.-..-up.xml one-first-2.json one-first-2.xml one-first.json one-first.xml)" ]
	grep -q '"verdict": "passed"' out/one-first.json
	grep -q '"verdict": "timed_out"' out/one-first-2.json
	! grep -q one-first out/one-first.json || false
	[ "$(cat outputs)" = "$(printf 'before=1\nverdict=timed_out\nexit=3\ndeployment=d1,d2,d1')" ]
	[ "$(head -n 2 summary)" = "$(printf 'before\n## chaingate: timed_out: 1 of 3 targets did not pass')" ]
	# A summary that can't be written counts as a missing report.
	code=0
	GITHUB_OUTPUT=$PWD/nowhere/outputs "$CHAINGATE" check good.yaml --chain good --deployment d1 --api-url "$SIM_URL" --timeout 0s >/dev/null 2>err </dev/null || code=$?
	[ "$code" = 6 ]
	grep -q "could not write the step's outputs to" err
	# If the verdict's output can't be written, a later step must not see a pass.
	code=0
	: >outputs
	"$CHAINGATE" check good.yaml --chain good --deployment d1 --api-url "$SIM_URL" --timeout 0s --junit /dev/full >/dev/null 2>&1 </dev/null || code=$?
	[ "$code" = 6 ]
	[ "$(cat outputs)" = "$(printf 'verdict=unreported\nexit=6\ndeployment=d1')" ]
	unset GITHUB_STEP_SUMMARY
	code=0
	"$CHAINGATE" check good.yaml --chain good --deployment d1 --api-url "$SIM_URL" --report markdown >/dev/null 2>err </dev/null || code=$?
	stop_sim
	[ "$code" = 2 ]
	grep -q "no path is given for the report 'markdown'" err
}

@test "the timeline's lanes are in the order of the numbers in their names" {
	cat >lanes.yaml <<-'END'
		api_key: canary-key
		chains: [{id: lanes, name: lanes}]
		deployments:
		  - id: d1
		    chain: lanes
		    chainlets: [{name: C10, status: ACTIVE}, {name: C9b, status: ACTIVE}, {name: C2, status: ACTIVE}, {name: C02, status: ACTIVE}, {name: C, status: ACTIVE}, {name: C9a, status: ACTIVE}, {name: B11, status: ACTIVE}]
	END
	VIRTUAL_SCENARIO=lanes.yaml BASETEN_API_KEY=canary-key run -0 "$CHAINGATE_VIRTUAL" check --chain lanes --deployment d1 --api-url http://127.0.0.1:1 --report html=lanes.html
	# The picture, and the names alone for a narrow screen.
	local names="B11 C C02 C2 C9a C9b C10 "
	[ "$(grep -oE '>[BC][0-9a-z]*</text>' lanes.html | sed -E 's/>(.*)<.*/\1/' | tr '\n' ' ')" = "$names$names" ]
}
