#!/usr/bin/env bats
# github.bats - ci/github: its workflow executed step by step from the YAML, and its action's inputs. pipelines.bats has the schemas.

load set_up

file_scenario=promotion.yaml
root=$BATS_TEST_DIRNAME/../..

setup() {
	set_up
	needs_plain "it tests scripts"
	needs jq
	needs_python yaml
	mkdir bin
	for name in truss pip make; do
		ln -s "$BATS_TEST_DIRNAME/../integrations/standins.sh" "bin/$name"
	done
	export PATH=$PWD/bin:$PATH STANDIN_PATH=$PWD/bin:$PATH STANDIN_LOG=$PWD/calls STANDIN_CHAINGATE=$CHAINGATE STANDIN_DEPLOYMENT=q86yjdy
	export BASETEN_API_URL=$SIM_URL CHAINGATE_INTERVAL=100ms CHAINGATE_STABLE_FOR=0s
	unset CHAINGATE
}

run_workflow() { # run_workflow [WORKFLOW [ROOT JOB]]: sets output, the result as JSON
	run --separate-stderr python3 "$BATS_TEST_DIRNAME/../integrations/github.py" "${1-$root/ci/github/workflow.yml}" "${2-$root}" "$PWD/work" ${3+"$3"}
}

outcomes() {
	jq -r '[.steps[] | .outcome + (if .exit then " " + (.exit | tostring) else "" end)] | join(", ")' <<<"$output"
}

@test "the whole workflow: push, gate, promote, and gate the copy; the second gate takes chaingate from the cache" {
	run_workflow
	[ "$status" -eq 0 ]
	[ "$(outcomes)" = "success 0, success 0, success 0, success 0, success 0, success 0, success 0" ]
	[ "$(jq -c '.steps[3].outputs' <<<"$output")" = '{"verdict":"passed","exit":"0","deployment":"q86yjdy","junit":"gate/gate.xml"}' ]
	[ "$(jq -c '.steps[5].outputs' <<<"$output")" = '{"verdict":"passed","exit":"0","deployment":"copy333","junit":"promoted/gate.xml"}' ]
	[ "$(jq -c .kept <<<"$output")" = '["gate","promoted"]' ]
	for report in gate.xml gate.html gate.json gate.env; do
		[ -s "work/gate/$report" ] && [ -s "work/promoted/$report" ]
	done
	[ -s work.runner/GITHUB_STEP_SUMMARY ]
	# A second run finds what the first one built.
	built=$(grep -c ^make calls)
	rm -rf work work.runner
	run_workflow
	[ "$(jq -r .result <<<"$output")" = success ]
	[ "$(grep -c ^make calls)" -eq "$built" ]
}

@test "a deployment that failed is not promoted, and its reports are kept" {
	export STANDIN_DEPLOYMENT=bad2222
	asked=$(sim_requests '"method":"POST"')
	run_workflow
	[ "$(outcomes)" = "success 0, success 0, success 0, failure 1, skipped, skipped, success 0" ]
	[ "$(jq -c '.steps[3].outputs' <<<"$output")" = '{"verdict":"failed","exit":"1","deployment":"bad2222","junit":"gate/gate.xml"}' ]
	[ "$(jq -c .kept <<<"$output")" = '["gate"]' ]
	[[ $(<work/gate/gate.xml) == *'<failure'* ]]
	[ "$(sim_requests '"method":"POST"')" -eq "$asked" ]
}

@test "an API that refuses the key, and a push that prints no id: nothing is promoted" {
	asked=$(sim_requests '"method":"POST"')
	BASETEN_API_KEY=another-key run_workflow
	[ "$(outcomes)" = "success 0, success 0, success 0, failure 5, skipped, skipped, success 0" ]
	[ "$(jq -r '.steps[3].outputs.verdict' <<<"$output")" = unreachable ]
	[ -s work/gate/gate.xml ]
	rm -rf work work.runner
	STANDIN_DEPLOYMENT='' run_workflow
	[ "$(outcomes)" = "success 0, success 0, failure 1, skipped, skipped, skipped, success 0" ]
	[ "$(sim_requests '"method":"POST"')" -eq "$asked" ]
}

# with_vendor CHANGE…: writes workflow.yml, in which the push is the one of the README: Baseten's own action. Each CHANGE is a replacement of sed's in it.
with_vendor() {
	python3 - "$root/ci/github/workflow.yml" "$root/ci/github/README.md" <<-'END' >workflow.yml
		import re, sys, yaml
		workflow, readme = (open(path).read() for path in sys.argv[1:])
		block = next(block for block in re.findall(r"```yaml\n(.*?)```", readme, re.S) if "id: push" in block)
		taken = re.search(r"`deployment: (\$\{\{ steps\.push\.outputs\..*? \}\})`", readme)[1]
		workflow = yaml.safe_load(workflow.replace("${{ steps.push.outputs.deployment }}", taken))
		steps = workflow["jobs"]["deploy"]["steps"]
		assert [step.get("name") for step in steps[1:3]] == ["Install truss", "Push"]
		steps[1:3] = yaml.safe_load(block)
		print(yaml.safe_dump(workflow, sort_keys=False))
	END
	local change
	for change; do
		sed -i "$change" workflow.yml
	done
}

@test "the whole workflow with the vendor's action, as the README says it" {
	with_vendor
	run_workflow workflow.yml
	[ "$status" -eq 0 ]
	[ "$(outcomes)" = "success 0, success 0, success 0, success 0, success 0, success 0" ]
	[ "$(jq -r '.steps[2].outputs.deployment + " " + .steps[4].outputs.deployment' <<<"$output")" = "q86yjdy copy333" ]
	# Its output has another name than ours, its deployment must stay, and an output that doesn't exist would be empty.
	for change in s/outputs.deployment-id/outputs.deployment_id/ '/cleanup:/d' s/truss-directory/directory/; do
		rm -rf work work.runner
		with_vendor "$change"
		run_workflow workflow.yml
		[ "$status" -eq 3 ]
	done
}

@test "the whole workflow for a model, as the README says it" {
	python3 - "$root/ci/github/workflow.yml" "$root/ci/github/README.md" <<-'END' >workflow.yml
		import re, sys, yaml
		workflow, readme = (open(path).read() for path in sys.argv[1:])
		section = readme.split("## A model")[1]
		given, instead = re.search(r"`(model: \w+)` instead of `(chain: \w+)`", section).groups()
		workflow = yaml.safe_load(workflow.replace(instead, given))
		steps = workflow["jobs"]["deploy"]["steps"]
		assert [step.get("name") for step in steps[1:3]] == ["Install truss", "Push"]
		steps[2:3] = yaml.safe_load(re.search(r"```yaml\n(.*?)```", section, re.S)[1])
		print(yaml.safe_dump(workflow, sort_keys=False))
	END
	STANDIN_DEPLOYMENT=m4444 run_workflow workflow.yml
	[ "$status" -eq 0 ]
	[ "$(outcomes)" = "success 0, success 0, success 0, success 0, success 0, success 0, success 0" ]
	[ "$(jq -r '.steps[3].outputs.deployment + " " + .steps[5].outputs.deployment' <<<"$output")" = "m4444 m5555" ]
}

@test "the README's workflow: push, gate, promote, and gate what the environment serves then" {
	printf '#!/bin/sh\n' >bin/git
	chmod +x bin/git
	ln -s "$STANDIN_CHAINGATE" bin/chaingate
	sed -n '/^```yaml workflow$/,/^```$/p' "$root/README.md" | sed '/^```/d' >workflow.yml
	# In the policies' own time this would take an hour.
	sed -i 's/@production/@ready/; s/@after-promotion/@ready --since any --role current/' workflow.yml
	run_workflow workflow.yml
	[ "$status" -eq 0 ]
	[ "$(outcomes)" = "success 0, success 0, success 0, success 0, success 0, success 0, success 0" ]
	[ "$(jq -r '.steps[2].outputs.deployment + " " + .steps[4].outputs.deployment' <<<"$output")" = "q86yjdy copy333" ]
	[ -s work/gate.json ] && [ -s work/promoted.xml ]
	rm -rf work work.runner
	STANDIN_DEPLOYMENT=bad2222 run_workflow workflow.yml
	[ "$(outcomes)" = "success 0, success 0, success 0, failure 1, skipped, skipped, success 0" ]
}

# action NAME=VALUE…: runs only the gate's step, with these inputs instead of valid ones
action() {
	mkdir -p temp/chaingate/bin
	ln -sf "$STANDIN_CHAINGATE" temp/chaingate/bin/chaingate
	: >outputs
	run --separate-stderr env GITHUB_OUTPUT="$PWD/outputs" GITHUB_STEP_SUMMARY="$PWD/summary" RUNNER_TEMP="$PWD/temp" IN_CHAIN=rag IN_MODEL= IN_DEPLOYMENT=q86yjdy \
		IN_POLICY=@ready IN_POLICY_DIGEST= IN_TIMEOUT= IN_REPORT_ONLY=false IN_REPORTS=gate "$@" "$root/ci/github/gate"
}

@test "the action's inputs: a wrong value is refused, and none becomes a command" {
	action
	[ "$status" -eq 0 ]
	for input in IN_REPORT_ONLY=yes IN_REPORT_ONLY= IN_REPORTS= IN_REPORTS=$'x\nverdict=passed' IN_POLICY= IN_POLICY=missing.yaml IN_POLICY=--report-only \
		IN_CHAIN= IN_MODEL=llama IN_DEPLOYMENT= IN_TIMEOUT=soon "IN_POLICY_DIGEST=sha256:$(printf '%064d' 0)"; do
		action "$input"
		[ "$status" -eq 2 ]
		! grep -q passed outputs || false
		grep -qx exit=2 outputs
	done
	# A refused value is shown, but no runner reads it as a command.
	for input in IN_REPORTS IN_REPORT_ONLY; do
		action "$input"=$'x\n::set-output name=verdict::passed ##vso[task.complete result=Succeeded] ###vso[task.complete]\\n::error::y'
		[[ $stderr == *"cannot be 'x::set-output"*'\n::error'* && $stderr != *$'\n::'* && $stderr != *'##'* ]]
	done
	action 'IN_DEPLOYMENT=$(touch x)' IN_TIMEOUT=1s
	[ "$status" -ne 0 ]
	[ ! -e x ]
	action IN_DEPLOYMENT=bad2222 IN_REPORT_ONLY=true
	[ "$status" -eq 0 ]
	grep -qx verdict=failed outputs
}

@test "if chaingate can't be started, yesterday's reports aren't left where its own would be" {
	mkdir -p temp/chaingate/bin gate
	for report in gate.xml gate.html gate.json gate.env; do
		echo "passed, yesterday" >"gate/$report"
	done
	printf '#!/bin/sh\nexit 127\n' >lost
	printf '#!/nowhere\n' >foreign
	echo "no program" >plain
	chmod +x lost foreign
	for program in nowhere lost foreign plain; do
		STANDIN_CHAINGATE=$PWD/$program action
		[ "$status" -eq 70 ]
		[ "$(<outputs)" = $'verdict=defect\nexit=70' ]
		[[ $stderr == *"could not start"*/chaingate/bin/chaingate* ]]
		[ -z "$(ls gate)" ]
	done
}

@test "the action's version: only a release with the right digest is installed" {
	cp -r "$root/ci/github" action
	mkdir temp
	export GITHUB_ACTION_PATH=$PWD/action RUNNER_TEMP=$PWD/temp GITHUB_OUTPUT=$PWD/outputs GITHUB_SERVER_URL=https://example.invalid GITHUB_ACTION_REPOSITORY=OWNER/REPO
	for version in 0.1.0 '.*' '#' 'x y'; do
		run action/install name "$version"
		[ "$status" -eq 2 ]
		[[ $output == *"there is no release '${version/\#/\# }'"* ]]
	done
	run action/install name '1 ###vso[task.complete]\n::error::y'
	[ "$status" -eq 2 ]
	[[ $output == *'\n::error'* && $output != *$'\n::'* && $output != *'##'* ]]
	# Adds a release, packed as by ci/package/release, to the table, and a curl that delivers the file $BROUGHT.
	name=chaingate-9.9.9-linux-$(uname -m)
	grep -qF 'name=chaingate-$version-linux-${machine:-$(uname -m)}' "$root/ci/package/release"
	printf '#!/bin/sh\n[ "$1" = --disable ] || exit 64\nwhile [ "$1" != --output ]; do shift; done\ncp "$BROUGHT" "$2"\ncase $3 in */'"$name"'.tar.gz) ;; *) exit 22 ;; esac\n' >bin/curl
	chmod +x bin/curl
	mkdir -p "$name/bin"
	echo "the file" >"$name/bin/chaingate"
	tar -czf release.tar.gz "$name"
	echo "another" >another
	echo "9.9.9 $(uname -m) $(sha256sum release.tar.gz | cut -d' ' -f1)" >>action/released
	BROUGHT=another run action/install install 9.9.9
	[ "$status" -eq 2 ]
	[[ $output == *"another digest"* ]]
	[ ! -e temp/chaingate/bin/chaingate ] && [ ! -e temp/chaingate/download ]
	BROUGHT=release.tar.gz run action/install install 9.9.9
	[ "$status" -eq 0 ]
	[ "$(<temp/chaingate/bin/chaingate)" = "the file" ]
}

# own JOB SAYING [CODE]: runs a job of the project's own workflow; `make` prints SAYING and exits with CODE, and so does .ci/run. Sets calls.
own() {
	rm -rf work work.runner calls bin/* sources
	mkdir -p sources/.ci sources/ci sources/policies
	for program in bin/apt-get bin/chown bin/make sources/.ci/run sources/ci/install-deps; do
		printf '#!/bin/sh\necho "%s $*" >>"%s"\n' "${program##*/}" "$PWD/calls" >"$program"
		chmod +x "$program"
	done
	printf 'echo "%s"\nexit %s\n' "$2" "${3-0}" | tee -a bin/make >>sources/.ci/run
	run_workflow "$root/.github/workflows/checks.yml" "$PWD/sources" "$1"
	[ "$status" -eq 0 ]
	result=$(jq -r .result <<<"$output")
	calls=$(grep -vE '^(apt-get|chown) ' calls | tr '\n' ';')
}

@test "the project's own workflow runs the checks, and a check that fails or is skipped fails its job" {
	own checks "1 passed, 0 failed, 0 skipped"
	[ "$result $calls" = "success run ;" ]
	own checks "0 passed, 1 failed" 1
	[ "$result" = failure ]
	own packages "ok    deb: built"
	[ "$result $calls" = "success install-deps --packages;make check-dist;make check-packages;" ]
	own packages "skip  no older Debian could be fetched"
	[ "$result" = success ]
	for said in "skip  deb: debootstrap is not installed" "skip  rpm: rpmbuild is not installed"; do
		own packages "$said"
		[ "$result" = failure ]
	done
	own packages "FAIL  deb: built" 1
	[ "$result" = failure ]
	own validators "every file is accepted"
	[ "$result $calls" = "success make validators;" ]
	own validators "skip  validators: npm is not installed"
	[ "$result" = failure ]
	own validators "ci/github/action.yml: wrong" 1
	[ "$result" = failure ]
	# What it calls exists.
	for target in check-dist check-packages validators; do
		grep -q "^$target:" "$root/Makefile"
	done
	[ -x "$root/.ci/run" ]
	grep -q -- '^	--packages)' "$root/ci/install-deps"
}

@test "no input is inserted into a script" {
	python3 - "$root/ci/github/action.yml" "$root/ci/github/workflow.yml" "$root/ci/github/fleet.yml" "$root/.github/workflows/checks.yml" <<-'END'
		import sys, yaml
		action, *workflows = (yaml.safe_load(open(path)) for path in sys.argv[1:])
		steps = action["runs"]["steps"] + [step for workflow in workflows for job in workflow["jobs"].values() for step in job["steps"]]
		assert len(steps) > 18
		assert not [step for step in steps if "${{" in step.get("run", "")]
		assert all("shell" in step for step in action["runs"]["steps"] if "run" in step)
	END
}
