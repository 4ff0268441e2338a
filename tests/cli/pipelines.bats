#!/usr/bin/env bats
# pipelines.bats - ci/gitlab, ci/buildkite, ci/azure, ci/circleci, ci/tekton, ci/kubernetes, ci/argo, ci/jenkins: their pipelines executed job by job from the YAML; the hooks of pre-commit; and
# the published schemas of all files in ci/.

load set_up

file_scenario=promotion.yaml
root=$BATS_TEST_DIRNAME/../..

setup() {
	set_up
	needs_plain "it tests scripts"
	needs jq
	needs_python yaml
	mkdir bin
	for name in truss pip buildkite-agent; do
		ln -s "$BATS_TEST_DIRNAME/../integrations/standins.sh" "bin/$name"
	done
	ln -s "$CHAINGATE" bin/chaingate
	export PATH=$PWD/bin:$PATH STANDIN_PATH=$PWD/bin:$PATH STANDIN_LOG=$PWD/calls STANDIN_DEPLOYMENT=q86yjdy
	export BASETEN_API_URL=$SIM_URL CHAINGATE_INTERVAL=100ms CHAINGATE_STABLE_FOR=0s
	unset CHAINGATE
}

pipeline() { # pipeline SYSTEM PIPELINE
	rm -rf work
	run --separate-stderr python3 "$BATS_TEST_DIRNAME/../integrations/pipelines.py" "$1" "$2" "$root" "$PWD/work"
	[ "$status" -eq 0 ]
	codes=$(jq -r '[.jobs[] | .name + " " + (.exit | tostring)] | join(", ")' <<<"$output")
}

# stories SYSTEM: runs all stories of standin.py with the system's stand-in, in one process; sets output, an object with a result for each. Checks in every
# story that no parameter becomes a command, that the key is in no file and no log, and that only a deployment that passed is promoted.
stories() {
	local asked
	asked=$(sim_requests '"method":"POST"')
	run --separate-stderr python3 "$BATS_TEST_DIRNAME/../integrations/$1.py" "$root" "$PWD/work"
	[ "$status" -eq 0 ]
	[ "$(jq -c '[.[].wrong[]]' <<<"$output")" = '[]' ]
	[ "$(sim_requests '"method":"POST"')" -eq $((asked + 1)) ]
}

codes() { # codes STORY
	jq -r --arg story "$1" '[.[$story].jobs[] | .name + " " + (.exit | tostring)] | join(", ")' <<<"$output"
}

@test "GitLab: push, gate, promote, gate the copy; every report that it keeps is there" {
	pipeline gitlab "$root/ci/gitlab/example.gitlab-ci.yml"
	[ "$codes" = "push 0, gate 0, promote 0, gate-again 0" ]
	[ "$(jq -c '[.jobs[].missing[]]' <<<"$output")" = '[]' ]
	[ "$(jq -r '.dotenv | .DEPLOYMENT + " " + .PROMOTED + " " + .CHAINGATE_DEPLOYMENT' <<<"$output")" = "q86yjdy copy333 copy333" ]
}

@test "GitLab: a deployment that failed or could not be gated isn't promoted, and the reports and variables are kept" {
	asked=$(sim_requests '"method":"POST"')
	STANDIN_DEPLOYMENT=bad2222 pipeline gitlab "$root/ci/gitlab/example.gitlab-ci.yml"
	[ "$codes" = "push 0, gate 1, promote null, gate-again null" ]
	[ "$(jq -c '[.jobs[1].missing, .dotenv.CHAINGATE_VERDICT]' <<<"$output")" = '[[],"failed"]' ]
	BASETEN_API_KEY=another-key pipeline gitlab "$root/ci/gitlab/example.gitlab-ci.yml"
	[ "$codes" = "push 0, gate 5, promote null, gate-again null" ]
	[ "$(jq -c '[.jobs[1].missing, .dotenv.CHAINGATE_VERDICT]' <<<"$output")" = '[[],"unreachable"]' ]
	STANDIN_DEPLOYMENT='' pipeline gitlab "$root/ci/gitlab/example.gitlab-ci.yml"
	[ "$codes" = "push 1, gate null, promote null, gate-again null" ]
	# An allowed failure lets the next job run, and the next job refuses.
	sed 's/{chain: rag, stage: gate}/{chain: rag, stage: gate, allowed-exit-codes: [1]}/' "$root/ci/gitlab/example.gitlab-ci.yml" >allowed.yml
	STANDIN_DEPLOYMENT=bad2222 pipeline gitlab allowed.yml
	[ "$codes" = "push 0, gate 1, promote 1, gate-again null" ]
	[ "$(sim_requests '"method":"POST"')" -eq "$asked" ]
}

@test "Buildkite: push, gate, promote, gate the copy, with annotations" {
	pipeline buildkite "$root/ci/buildkite/pipeline.yml"
	[ "$codes" = "push 0, gate 0, promote 0, gate-again 0" ]
	[ "$(<work/meta-promoted)" = copy333 ]
	[ -s work/annotation-success ] && [ ! -e work/annotation-error ]
	grep -q '^buildkite-agent artifact upload promoted/' calls
}

@test "Buildkite: a failure isn't promoted; 5 is tried again, then it is the step's exit code" {
	asked=$(sim_requests '"method":"POST"')
	STANDIN_DEPLOYMENT=bad2222 pipeline buildkite "$root/ci/buildkite/pipeline.yml"
	[ "$codes" = "push 0, gate 1, promote null, gate-again null" ]
	[ -s work/annotation-error ] && [ -s work/gate/gate.xml ]
	BASETEN_API_KEY=another-key pipeline buildkite "$root/ci/buildkite/pipeline.yml"
	[ "$codes" = "push 0, gate 5, promote null, gate-again null" ]
	[ "$(jq '.jobs[1].tries' <<<"$output")" -eq 3 ]
	STANDIN_DEPLOYMENT='' pipeline buildkite "$root/ci/buildkite/pipeline.yml"
	[ "$codes" = "push 1, gate null, promote null, gate-again null" ]
	[ "$(sim_requests '"method":"POST"')" -eq "$asked" ]
}

@test "Buildkite: a refused option is shown on one line, and is no command for a CI system" {
	local mark=$'x\n::error::y ##vso[a] ###vso[b]\\n::error::z'
	for name in REPORTS DEPLOYMENT_FROM; do
		run --separate-stderr env BUILDKITE_PLUGIN_CHAINGATE_DEPLOYMENT_FROM=none "BUILDKITE_PLUGIN_CHAINGATE_$name=$mark" "$root/ci/buildkite/hooks/command"
		[ "$status" -eq 2 ]
		[[ $stderr == *"'x::error::y # # vso[a] # # # vso[b]\\n::error::z'"* && $stderr != *$'\n::'*"chaingate:"* ]]
		[[ ${stderr##*chaingate:} != *$'\n'* ]]
	done
}

# What a runner that doesn't clean its folder may still have: yesterday's reports of a deployment that passed.
yesterday() { # yesterday FOLDER REPORT…
	mkdir -p "$1"
	printf 'CHAINGATE_VERDICT=passed\nCHAINGATE_EXIT=0\nCHAINGATE_DEPLOYMENT=q86yjdy\n' >"$1/gate.env"
	for report in "${@:2}"; do
		echo "passed, yesterday" >"$1/$report"
	done
}

@test "Azure: push, gate, promote, gate the copy; output variables for later steps" {
	pipeline azure "$root/ci/azure/azure-pipelines.yml"
	[ "$codes" = "push 0, Forget an earlier run 0, gate 0, PublishTestResults@2 0, PublishPipelineArtifact@1 0, promote 0, Forget an earlier run 0, promoted 0, PublishTestResults@2 0, PublishPipelineArtifact@1 0" ]
	[ "$(jq -r '.outputs | ."gate.CHAINGATE_VERDICT" + " " + ."promoted.CHAINGATE_DEPLOYMENT"' <<<"$output")" = "passed copy333" ]
}

@test "Azure: after a failure, a refused key or a push without an id nothing is promoted, and the existing reports are published" {
	asked=$(sim_requests '"method":"POST"')
	STANDIN_DEPLOYMENT=bad2222 pipeline azure "$root/ci/azure/azure-pipelines.yml"
	[[ $codes == "push 0, Forget an earlier run 0, gate 1, PublishTestResults@2 0, PublishPipelineArtifact@1 0, promote null, Forget an earlier run 0, promoted null, PublishTestResults@2 1,"* ]]
	[ "$(jq -r '.outputs."gate.CHAINGATE_VERDICT"' <<<"$output")" = failed ]
	BASETEN_API_KEY=another-key pipeline azure "$root/ci/azure/azure-pipelines.yml"
	[[ $codes == "push 0, Forget an earlier run 0, gate 5, PublishTestResults@2 0, PublishPipelineArtifact@1 0, promote null, Forget an earlier run 0, promoted null,"* ]]
	[ "$(jq -r '.outputs."gate.CHAINGATE_EXIT"' <<<"$output")" = 5 ]
	STANDIN_DEPLOYMENT='' pipeline azure "$root/ci/azure/azure-pipelines.yml"
	[[ $codes == "push 1, Forget an earlier run 0, gate null, PublishTestResults@2 1,"*"promote null, Forget an earlier run 0, promoted null,"* ]]
	[ "$(sim_requests '"method":"POST"')" -eq "$asked" ]
}

@test "Azure: if the push fails, yesterday's reports aren't published; a folder that isn't below the job's is refused" {
	yesterday work/gate gate.xml
	STANDIN_DEPLOYMENT='' run --separate-stderr python3 "$BATS_TEST_DIRNAME/../integrations/pipelines.py" azure "$root/ci/azure/azure-pipelines.yml" "$root" "$PWD/work"
	[ "$(jq -c '[.jobs[:4][].exit]' <<<"$output")" = '[1,0,null,1]' ]
	yesterday outside gate.xml
	sed 's|name: promoted|name: ../outside|' "$root/ci/azure/azure-pipelines.yml" >outside.yml
	pipeline azure outside.yml
	[ "$(jq -c '.jobs[-4].exit' <<<"$output")" = 2 ]
	[ -s outside/gate.xml ]
}

@test "GitLab, Buildkite, Azure: if chaingate can't be started, yesterday's reports aren't taken for its own" {
	rm bin/chaingate
	printf '#!/bin/sh\nexit 127\n' >bin/chaingate
	chmod +x bin/chaingate
	while read -r system file more; do
		rm -rf work calls
		yesterday work/gate gate.xml gate.html gate.json "$more"
		run --separate-stderr python3 "$BATS_TEST_DIRNAME/../integrations/pipelines.py" "$system" "$root/ci/$system/$file" "$root" "$PWD/work"
		show
		[ "$status" -eq 0 ]
		[ "$(jq -c '[.passed, (.jobs[] | select(.name == "gate").exit), (.dotenv.CHAINGATE_VERDICT // .outputs["gate.CHAINGATE_VERDICT"])]' <<<"$output")" = '[false,127,null]' ]
		[ ! -e work/annotation-error ] && [ ! -e work/annotation-success ]
		[ -z "$(ls work/gate)" ]
	done <<-'END'
		gitlab example.gitlab-ci.yml quality.json
		buildkite pipeline.yml gate.md
		azure azure-pipelines.yml gate.xml
	END
}

# What the READMEs say about models, in a copy of ci/: each system's file names the kind of its target once.
@test "a model: --model instead of --chain, in each system's own file; GitLab pushes, gates and promotes one, and gates its copy" {
	local file
	cp -R "$root/ci" ci
	for file in argo/analysis-template.yaml azure/chaingate.yml buildkite/hooks/command circleci/orb.yml gitlab/chaingate.yml jenkins/vars/chaingate.groovy kubernetes/job.yaml \
		tekton/task.yaml; do
		[ "$(grep -oc -e '--chain[ =]' "ci/$file")" -eq 1 ]
		grep -qF 'replace `--chain` by `--model`' "ci/${file%%/*}/README.md"
	done
	sed -i 's/--chain /--model /' ci/gitlab/chaingate.yml
	sed -i 's/chain: rag/chain: llama/; s/truss chains push .* --no-wait/truss push --remote baseten --publish/; s|\.\*/deployment/.*run_remote\.\*|.*/models/[A-Za-z0-9]+/logs/([A-Za-z0-9]+).*|' ci/gitlab/example.gitlab-ci.yml
	root=$PWD STANDIN_DEPLOYMENT=m4444 pipeline gitlab ci/gitlab/example.gitlab-ci.yml
	[ "$codes" = "push 0, gate 0, promote 0, gate-again 0" ]
	[ "$(jq -r '.dotenv | .DEPLOYMENT + " " + .PROMOTED' <<<"$output")" = "m4444 m5555" ]
}

@test "CircleCI: push, gate, promote, gate the copy; only a deployment that passed is promoted, and the reports are kept" {
	stories circleci
	[ "$(codes passing)" = "Push 0, Gate 0, Promote 0, Gate 0" ]
	[ "$(codes failing)" = "Push 0, Gate 1, Promote null, Gate null" ]
	[ "$(codes refused)" = "Push 0, Gate 5, Promote null, Gate null" ]
	[ "$(codes no-id)" = "Push 1, Gate null, Promote null, Gate null" ]
	[ "$(codes hostile)" = "Push 0, Gate 2, Promote null, Gate null" ]
	[ "$(jq -c '[.passing, .failing, .refused, .hostile | .kept]' <<<"$output")" = \
		'[["gate/gate.xml","gate","promoted/gate.xml","promoted"],["gate/gate.xml","gate"],["gate/gate.xml","gate"],["gate/gate.xml","gate"]]' ]
	[ "$(codes lost)" = "Push 0, Gate 127, Promote null, Gate null" ]
	[ "$(jq -c '.lost | [.variables, .kept]' <<<"$output")" = '[{"DEPLOYMENT":"q86yjdy"},["gate"]]' ]
	[ -z "$(ls work/lost/gate)" ]
	[ "$(jq -r '.passing.variables | .CHAINGATE_VERDICT + " " + .CHAINGATE_DEPLOYMENT' <<<"$output")" = "passed copy333" ]
	[ "$(jq -r '.failing.variables.CHAINGATE_VERDICT + " " + .refused.variables.CHAINGATE_VERDICT' <<<"$output")" = "failed unreachable" ]
}

@test "Tekton: push, gate, promote, gate the copy; the results are set on failure, too" {
	stories tekton
	[ "$(codes passing)" = "push 0, gate 0, promote 0, gate-again 0" ]
	[ "$(codes failing)" = "push 0, gate 1, promote null, gate-again null" ]
	[ "$(codes refused)" = "push 0, gate 5, promote null, gate-again null" ]
	[ "$(codes no-id)" = "push 1, gate null, promote null, gate-again null" ]
	[ "$(codes hostile)" = "push 0, gate 2, promote null, gate-again null" ]
	[ "$(codes lost)" = "push 0, gate 127, promote null, gate-again null" ]
	[ "$(jq -c '[.passing, .failing, .refused, .hostile, .lost | .jobs[1].results]' <<<"$output")" = "$(jq -nc '[["passed","0","q86yjdy"],["failed","1","bad2222"],
		["unreachable","5",""],["usage","2",""],["defect","127",""]] | map({verdict: .[0], exit: .[1], deployment: .[2]})')" ]
	[ "$(jq -c '[.passing, .failing, .refused, .hostile | .kept]' <<<"$output")" = '[["gate","promoted"],["gate"],["gate"],["gate"]]' ]
}

@test "Tekton: a gate that was killed, or whose report is of another run, doesn't count as passed" {
	python3 -c 'import sys, yaml; print(yaml.safe_load(open(sys.argv[1]))["spec"]["steps"][1]["script"])' "$root/ci/tekton/task.yaml" >verdict
	export GATE_FOLDER=gate GATE_EXIT=exit RESULT_VERDICT=verdict.result RESULT_EXIT=exit.result RESULT_DEPLOYMENT=deployment.result
	mkdir gate
	while read -r code said expected verdict; do
		printf %s "${code#none}" >exit
		printf 'CHAINGATE_VERDICT=%s\n' "$said" >gate/gate.env
		run sh verdict
		[ "$status" -eq "$expected" ]
		[ "$(<verdict.result) $(<exit.result)" = "$verdict $expected" ]
	done <<-'END'
		0 passed 0 passed
		-1 passed 70 defect
		none passed 70 defect
		0 failed 70 defect
		0 none 70 defect
		3 timed_out 3 timed_out
	END
	rm gate/gate.env
	printf 0 >exit
	run sh verdict
	[ "$status" -eq 70 ]
	[ "$(<verdict.result)" = defect ]
}

@test "Kubernetes and Argo Rollouts: the Jobs fail with the gate, try again only after 5, and promote only a deployment that passed" {
	stories kubernetes
	[ "$(jq -c '.[] | [.gate, .complete, .analysis, .successful, .promote]' <<<"$output")" = "$(cat <<-'END'
		[[0],true,[0],true,[0]]
		[[1],false,[1],false,[1]]
		[[5,5,5],false,[5],false,[1]]
		[[2],false,[2],false,[2]]
		[[2],false,[2],false,[1]]
		[[127,127,127],false,[127],false,[1]]
	END
	)" ]
	# Whatever the story, each Job leaves all reports, if it can start chaingate.
	[ "$(jq -c '[del(.lost)[].kept | length] | unique' <<<"$output")" = '[8]' ]
}

# cluster SYSTEM: runs the commands of a README, ci/SYSTEM/README.md, as a person would, with a kubectl whose cluster is the folder `cluster`
cluster() {
	ln -sf "$BATS_TEST_DIRNAME/../integrations/kubectl.py" bin/kubectl
	export STANDIN_CLUSTER=$PWD/cluster
	rm -rf cluster here
	mkdir -p cluster here
	ln -s "$root/ci" here/ci
	echo "${BASETEN_API_KEY-}" >here/key.txt
	sed -n '/^ *```sh$/,/^ *```$/p' "$root/ci/$1/README.md" | sed '/^ *```/d' >here/commands
	[ "$(wc -l <here/commands)" -ge 3 ]
	(cd here && run --separate-stderr env -u BASETEN_API_KEY sh commands; show; exit "$status")
}

@test "Kubernetes: the README's commands push, gate, promote, and gate the copy" {
	local asked
	asked=$(sim_requests '"method":"POST"')
	cluster kubernetes
	[ "$(jq -c '[.codes, .complete]' cluster/job/*.json | tr '\n' ' ')" = "[[0],true] [[0],true] [[0],true] " ]
	[ "$(<cluster/configmap/chaingate/deployment)" = copy333 ]
	[ "$(sim_requests '"method":"POST"')" -eq $((asked + 1)) ]
	# Whatever isn't known to have passed: the commands end there.
	STANDIN_DEPLOYMENT=bad2222 run cluster kubernetes
	[ "$status" -eq 1 ]
	[ "$(jq -c .codes cluster/job/*.json)" = "[1]" ]
	BASETEN_API_KEY=another-key run cluster kubernetes
	[ "$status" -eq 1 ]
	[ "$(jq -c .codes cluster/job/*.json)" = "[5,5,5]" ]
	STANDIN_DEPLOYMENT='' run cluster kubernetes
	[ "$status" -eq 1 ]
	[ ! -e cluster/job ]
	[ "$(sim_requests '"method":"POST"')" -eq $((asked + 1)) ]
}

@test "Argo Rollouts: the README's commands and step gate the deployment that was pushed" {
	cluster argo
	run --separate-stderr python3 - "$root" "$PWD/work" "$PWD/cluster/annotations/rollout/gateway" <<-'END'
		import json, os, re, sys
		root, folder, rollout = sys.argv[1:]
		sys.path.insert(0, f"{root}/tests/integrations")
		import kubernetes, standin, yaml
		text = open(f"{root}/ci/argo/README.md").read()
		(step,) = yaml.safe_load(re.search(r"```yaml\n(.*?)```", text, re.S)[1])
		template = standin.read(f"{root}/ci/argo/analysis-template.yaml")[0]
		assert step["analysis"]["templates"] == [{"templateName": template["metadata"]["name"]}]
		given = {}
		for row in step["analysis"]["args"]:
		    place = row.get("valueFrom", {}).get("fieldRef", {}).get("fieldPath")
		    key = re.fullmatch(r"metadata\.annotations\['(.*)'\]", place)[1] if place else None
		    given[row["name"]] = open(f"{rollout}/{key.replace('/', '%')}").read() if key else row["value"]
		assert set(given) <= {row["name"] for row in template["spec"]["args"]}
		print(json.dumps(kubernetes.analysis(standin.Story("passing", root, folder), template, "chaingate-b", given)), given["deployment"])
	END
	[ "$status" -eq 0 ]
	[ "$output" = "[[0], true] q86yjdy" ]
	STANDIN_DEPLOYMENT='' run cluster argo
	[ "$status" -ne 0 ]
	[ ! -e cluster/annotations ]
}

@test "Jenkins: push, gate, promote, gate the copy; nothing else than what passed is promoted, and what there is is kept" {
	stories jenkins
	[ "$(codes passing)" = "Push 0, Gate 0, Promote 0, Gate again 0" ]
	[ "$(codes failing)" = "Push 0, Gate 1, Promote null, Gate again null" ]
	[ "$(codes refused)" = "Push 0, Gate 5, Promote null, Gate again null" ]
	[ "$(codes no-id)" = "Push 1, Gate null, Promote null, Gate again null" ]
	[ "$(codes hostile)" = "Push 0, Gate 2, Promote null, Gate again null" ]
	[ "$(codes lost)" = "Push 0, Gate 127, Promote null, Gate again null" ]
	[ -z "$(ls work/lost/gate)" ]
	[ "$(jq -c '[.passing, .failing, .refused, .hostile | .kept]' <<<"$output")" = '[["gate","promoted"],["gate"],["gate"],["gate"]]' ]
}

@test "Jenkins: a string into which Groovy would insert values is refused" {
	local change
	while read -r change; do
		sed "$change" "$root/ci/jenkins/vars/chaingate.groovy" >wrong.groovy
		! cmp -s wrong.groovy "$root/ci/jenkins/vars/chaingate.groovy" || false
		run python3 "$BATS_TEST_DIRNAME/../integrations/jenkins.py" --read wrong.groovy
		[ "$status" -eq 3 ]
	done <<-'END'
		s/'GATE_CHAIN=' + wanted.chain/"GATE_CHAIN=${wanted.chain}"/
		s/'''/"""/
		s|'GATE_CHAIN='|/GATE_CHAIN=/|
		s/error(/evaluate(/
	END
}

# hook ID FILE…: runs the hook on the files that match its pattern, as pre-commit does; sets status and ran
hook() {
	run --separate-stderr python3 - "$root/.pre-commit-hooks.yaml" "$@" <<-'END'
		import re, subprocess, sys, yaml
		hook, = (row for row in yaml.safe_load(open(sys.argv[1])) if row["id"] == sys.argv[2])
		files = [name for name in sys.argv[3:] if re.search(hook["files"], name) and not re.search(hook.get("exclude", "^$"), name)]
		print("files", *files, flush=True)
		sys.exit(subprocess.run(hook["entry"].split() + files, stdout=sys.stderr).returncode if files else 0)
	END
	[[ $output =~ ^files(.*) ]]
	ran=${BASH_REMATCH[1]# }
}

@test "pre-commit: the hooks take their own files, pass good ones and fail on bad ones" {
	mkdir policies
	cp "$root"/policies/ready.yaml "$root"/policies/ready.test.yaml policies
	echo 'jobs: []' >workflow.yaml
	hook chaingate-lint workflow.yaml policies/ready.yaml policies/ready.test.yaml
	[ "$status" -eq 0 ] && [ "$ran" = policies/ready.yaml ]
	hook chaingate-test workflow.yaml policies/ready.yaml policies/ready.test.yaml
	[ "$status" -eq 0 ] && [ "$ran" = policies/ready.test.yaml ]
	printf 'version: 1\nrules:\n  - all chainlets ACTVE\n' >policies/ready.yaml
	hook chaingate-lint policies/ready.yaml
	[ "$status" -ne 0 ]
	hook chaingate-test policies/ready.test.yaml
	[ "$status" -ne 0 ]
}

@test "the checkers from npm have exact versions and sums, and no registry is named" {
	cd "$BATS_TEST_DIRNAME/../integrations/validators"
	jq -e '[.dependencies, .optionalDependencies | .[] | test("^[0-9]+\\.[0-9]+\\.[0-9]+$")] | all' package.json
	jq -e --slurpfile wanted package.json '.packages | (.[""].dependencies == $wanted[0].dependencies) and
		(del(.[""]) | length > 50 and all(.integrity | startswith("sha512-"))) and all(has("resolved") | not)' package-lock.json
	! grep -nE '://' package.json package-lock.json || false
}

@test "a wrong variant whose path isn't in the good file is a mistake with a name" {
	PYTHONPATH=$BATS_TEST_DIRNAME/../integrations run -0 python3 - <<-'END'
		from variants import REMOVED, Added, Unmade, changed
		good = {"jobs": {"push": {"steps": [{"run": "a"}, {"name": "Gate", "uses": "b"}, {"run": "c", "with": {"chain": "rag"}}]}}}
		for path, change in [("jobs push stps", REMOVED), ("jobs pull steps", 5), ("jobs push steps Gte uses", REMOVED), ("jobs push steps run run", 5),
		                     ("jobs push steps Gate uses name", 5), ("jobs push steps Gate run", REMOVED), ("jobs push steps", Added(5)), ("jobs push steps rum", Added(5)),
		                     ("jobs push steps Gate rum", Added(5)), ("jobs push steps Gate uses", REMOVED), ("jobs push steps rag with", "d")]:
		    try:
		        print(changed(good, path.split(), change)["jobs"]["push"]["steps"][1:])
		    except Unmade as mistake:
		        print(mistake)
	END
	[ "$output" = "jobs.push has no 'stps'
jobs has no 'pull'
jobs.push.steps has 0 items with 'Gte', instead of one
jobs.push.steps has 2 items with 'run', instead of one
jobs.push.steps.Gate.uses has 0 items with 'name', instead of one
jobs.push.steps.Gate has no 'run'
jobs.push is no object, or has 'steps' already
jobs.push.steps is no object, or has 'rum' already
[{'name': 'Gate', 'uses': 'b', 'rum': 5}, {'run': 'c', 'with': {'chain': 'rag'}}]
[{'name': 'Gate'}, {'run': 'c', 'with': {'chain': 'rag'}}]
[{'name': 'Gate', 'uses': 'b'}, {'run': 'c', 'with': 'd'}]" ]
}

# One process, because python3-jsonschema takes longer to load than to judge. Without the schemas it still makes every variant.
@test "every file is valid under its system's published schema, and wrong ones are not" {
	run python3 "$BATS_TEST_DIRNAME/../integrations/valid.py"
	[ "$status" -ne 77 ] || skip "$output"
	[ "$status" -eq 0 ]
}
