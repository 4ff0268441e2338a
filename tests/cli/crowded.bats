#!/usr/bin/env bats
# crowded.bats - a run with more chainlets, changes, policies and words than the reports have room for: what is left out is counted.

load set_up
file_world=none

setup_file() {
	set_up "$BATS_FILE_TMPDIR"
	# 310 chainlets, stable from the second poll to the fourth, which then move at every poll, and at last have failed.
	awk 'BEGIN {
		print "{\"kind\":\"header\",\"format\":1,\"tool\":\"crowded\",\"start_ns\":1786698000000000000,\"api\":\"https://api.example\",\"policies\":[\"policy.yaml\"],\"options\":[[\"chain\",\"rag\"],[\"deployment\",\"q86yjdy\"]]}"
		for (poll = 0; poll < 20; poll++) {
			status = poll == 0 ? "LOADING_MODEL" : poll < 3 ? "ACTIVE" : poll == 19 ? "FAILED" : poll % 2 ? "UPDATING" : "LOADING_MODEL"
			body = ""
			for (i = 1; i <= 310; i++)
				body = body (i > 1 ? "," : "") sprintf("{\\\"id\\\":\\\"c%d\\\",\\\"name\\\":\\\"Part%d\\\",\\\"instance_type_name\\\":\\\"1x2\\\",\\\"status\\\":\\\"%s\\\",\\\"active_replica_count\\\":1,\\\"autoscaling_settings\\\":{\\\"min_replica\\\":1,\\\"max_replica\\\":1,\\\"concurrency_target\\\":1,\\\"autoscaling_window\\\":60,\\\"scale_down_delay\\\":900,\\\"target_utilization_percentage\\\":70}}", i, i, status)
			printf "{\"kind\":\"answer\",\"round\":%d,\"at\":%d,\"took\":0.25,\"chain\":\"rag\",\"chain_id\":\"232p81ql\",\"status\":200,\"body\":\"{\\\"deployments\\\":[{\\\"id\\\":\\\"q86yjdy\\\",\\\"chain_id\\\":\\\"232p81ql\\\",\\\"created_at\\\":\\\"2026-08-14T08:59:00Z\\\",\\\"environment\\\":\\\"staging\\\",\\\"status\\\":\\\"ACTIVE\\\",\\\"chainlets\\\":[%s]}]}\"}\n", poll + 1, 10 * poll, body
		}
	}' >crowded.ndjson
	{
		printf 'version: 1\nname: crowded\nwait: {stable_for: 0s}\nrules:\n  - name: all up\n    assert: all chainlets ACTIVE\n    hold: 1m\n    message: "'
		printf 'line %d\\n' {1..300}
		printf '"\n  - count(chainlets where status == ACTIVE) == 310\n'
	} >policy.yaml
	local i policies=()
	for i in {1..20}; do
		echo "{version: 1, name: p$i, rules: [{name: r$i, assert: count(chainlets) >= $i}]}" >"p$i.yaml"
		policies+=(--policy "p$i.yaml")
	done
	local code=0
	"$CHAINGATE" replay crowded.ndjson --policy policy.yaml "${policies[@]}" --report html=r.html --report markdown=r.markdown --report junit=r.junit >r.text || code=$?
	[ "$code" = 1 ]
}

setup() {
	set_up "$BATS_FILE_TMPDIR"
}

# has FILE WORDS…: the file has each of the words.
has() {
	local file=$1 content words
	IFS= read -rd '' content <"$file" || true
	shift
	for words; do
		[[ $content == *"$words"* ]] || { echo "$file has no: $words" && return 1; }
	done
}

@test "chainlets that break a rule: five are named, and all are counted" {
	local five='chainlet Part1 is FAILED; chainlet Part2 is FAILED; chainlet Part3 is FAILED; chainlet Part4 is FAILED; chainlet Part5 is FAILED; and 305 more'
	has r.text "$five"
	has r.junit "message=\"$five\"" $'chainlet Part5\n  - and 305 more\n'
	has r.markdown "$five" $'chainlet Part5\n  - and 305 more\n'
	has r.html '305 more</summary>' '… and 290 more'
}

@test "the page's timeline and list of changes say how much they leave out" {
	has r.html '>300 lanes of 311, of deployments and chainlets by status' '… and 11 more lanes: see the table below' '… and 1040 more' 'stable from 0m10s to 0m30s'
}

@test "a long message is cut in Markdown at the end of a line, and twenty policies are named" {
	has r.markdown $'\n           line 80\n…\n```' '`p18.yaml`, `p19.yaml` and 1 more.'
	[[ $(<r.markdown) != *"line 300"* ]]
	has r.text 'line 300'
}
