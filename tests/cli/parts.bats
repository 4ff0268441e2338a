#!/usr/bin/env bats
# parts.bats - the parts of a fleet, as processes at once against one simulator, and the merge of their reports: ci/kubernetes/indexed-job.yaml, ci/github/fleet.yml,
# ci/gitlab/fleet.gitlab-ci.yml, executed from the YAML.

load set_up

root=$BATS_TEST_DIRNAME/../..

setup() {
	set_up
	needs_plain "it tests pipelines"
	needs jq
	needs_python yaml
	mkdir bin
	ln -s "$CHAINGATE" bin/chaingate
	export PATH=$PWD/bin:$PATH STANDIN_PATH=$PWD/bin:$PATH
	unset CHAINGATE
}

# world STATUS: nine chains, with a deployment in each of two environments; STATUS is that of the ninth.
world() {
	local i environment
	{
		echo 'api_key: simulator-key'
		echo 'chains:'
		for i in 1 2 3 4 5 6 7 8 9; do echo "  - {id: c$i, name: chain-$i}"; done
		echo 'deployments:'
		for i in 1 2 3 4 5 6 7 8 9; do
			for environment in staging production; do
				echo "  - {id: ${environment::1}$i, chain: c$i, environment: $environment, created_at: \"2026-08-14T08:05:00Z\", chainlets: [{name: A, status: $([ "$i" = 9 ] && echo "$1" || echo ACTIVE)}]}"
			done
		done
	} >world.yaml
	start_sim world.yaml
	export BASETEN_API_URL=$SIM_URL CHAINGATE_INTERVAL=100ms CHAINGATE_STABLE_FOR=0s
}

# parts SYSTEM: sets told, an object; and kept, the merged report.
parts() {
	rm -rf work*
	run --separate-stderr python3 "$BATS_TEST_DIRNAME/../integrations/fleets.py" "$1" "$root" "$PWD/work"
	[ "$status" = 0 ]
	told=$output
	kept=$(jq -r .kept <<<"$told")
	run ! grep -rqF "$BASETEN_API_KEY" work
}

# judged WORDS: the merged report is of all chains, each asked by exactly one part.
judged() {
	[ "$(jq -c '[.verdict, .exit, (.targets | length), ([.targets[].chain_id] | unique | length)]' "$kept")" = "$1" ]
}

show_work() {
	echo "$told"
	find work -name log -exec tail -n 20 {} +
	return 1
}

passes() {
	[ "$(jq -c '[.parts, .whole]' <<<"$told")" = '[[0,0,0],0]' ] && judged '["passed",0,9,9]'
}

fails() {
	[ "$(jq -c '[(.parts | add), .whole]' <<<"$told")" = '[1,1]' ] && judged '["failed",1,9,9]'
}

is_refused() {
	[ "$(jq -c '[.parts, .whole]' <<<"$told")" = '[[5,5,5],5]' ]
}

@test "three parts at once judge each chain once, and the whole passes, fails, or is unreachable as one run would" {
	world ACTIVE
	for system in kubernetes github gitlab; do
		parts "$system"
		passes || show_work
	done
	BASETEN_API_KEY=another-key parts kubernetes
	is_refused || show_work
	stop_sim
	world FAILED
	parts github
	fails || show_work
}

@test "if a part has left no report, the whole is refused" {
	world ACTIVE
	parts gitlab
	rm work/whole/parts-1/gate-2.json
	cd work/whole
	run -2 chaingate merge parts-1/gate-*.json --report json=gate.json
	[[ $output == *"a shard is missing: 2/3"* ]]
	[ "$(jq .verdict gate.json)" = null ]
}

@test "on runners that keep their folders, no report of an earlier run or attempt takes the place of a part that couldn't start chaingate" {
	local system run
	world ACTIVE
	for system in github gitlab; do
		parts "$system"
		passes || show_work
		# Another run; for GitLab also "Retry" in the same pipeline. On GitHub artifacts have the number of the attempt.
		for run in 2 $([ "$system" = github ] || echo 1); do
			run --separate-stderr env STANDIN_RUN="$run" STANDIN_LOST=1 python3 "$BATS_TEST_DIRNAME/../integrations/fleets.py" "$system" "$root" "$PWD/work"
			[ "$status" = 0 ]
			told=$output
			[[ $(jq -c '[.parts[0], .parts[2], .whole]' <<<"$told") = '[0,0,2]' ]] || show_work
			[ "$(jq .verdict "$(jq -r .kept <<<"$told")")" = null ]
		done
	done
}
