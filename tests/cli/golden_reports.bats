#!/usr/bin/env bats
# golden_reports.bats - compares every format of three runs, byte by byte, with files that a person has read: tests/golden/reports/RUN.FORMAT.
#
# UPDATE_GOLDEN=1 writes them; read the diff. The runs are replayed recordings, so their times are the recorded ones. Only the host differs.

load set_up
file_world=none

setup_file() {
	set_up "$BATS_FILE_TMPDIR"
	cat >policy.yaml <<-'END'
		version: 1
		name: golden
		params: {least: 2}
		rules:
		  - name: all chainlets ACTIVE
		    assert: all chainlets ACTIVE
		    message: Look at the chainlet's logs.
		  - {name: replicas in service, assert: active_replica_count >= min_replica, hold: 30s}
		  - {name: "<small> & \"cheap\"", assert: max_replica <= 4, severity: warning, message: "It costs | money."}
		  - {name: when there are many, assert: min_replica >= $least, when: count(chainlets) > 5}
	END
	cat >never.yaml <<-'END'
		version: 1
		name: never
		baseline: {deployment: q0old}
		rules:
		  - never: any chainlet UNHEALTHY
		  - name: nobody is shut down
		    never: any chainlet in [INACTIVE, DEACTIVATING]
		  - {name: one may be down, never: at least 2 chainlets UNHEALTHY, tolerate: 1m}
		  - no chainlet UNHEALTHY
		  - {name: how many, assert: count(chainlets where status == ACTIVE) >= 2, severity: warning}
		  - {name: wakes by itself, assert: all chainlets ACTIVE, when: any chainlet SCALED_TO_ZERO}
	END
	cat >scenario.awk <<-'END'
		# Turns lines "TIME STATUS RETRIEVER RERANKER" or "TIME 503" into a recording.
		function chainlet(name, status) {
			return sprintf("{\\\"id\\\":\\\"c-%s\\\",\\\"name\\\":\\\"%s\\\",\\\"instance_type_name\\\":\\\"L4:4x16\\\",\\\"status\\\":\\\"%s\\\",\\\"active_replica_count\\\":%d,\\\"autoscaling_settings\\\":{\\\"min_replica\\\":2,\\\"max_replica\\\":8,\\\"concurrency_target\\\":1,\\\"autoscaling_window\\\":60,\\\"scale_down_delay\\\":900,\\\"target_utilization_percentage\\\":70}}",
				name, name, status, status == "ACTIVE" ? 2 : 0)
		}
		BEGIN { print "{\"kind\":\"header\",\"format\":1,\"tool\":\"golden\",\"start_ns\":1786698000000000000,\"api\":\"https://api.example\",\"policies\":[\"policy.yaml\"],\"options\":[[\"chain\",\"rag\"],[\"deployment\",\"q86yjdy\"]]}" }
		{
			printf "{\"kind\":\"answer\",\"round\":%d,\"at\":%s,\"took\":0.25,\"chain\":\"rag\",\"chain_id\":\"232p81ql\",", NR, $1
			if (NF == 2)
				printf "\"status\":%s,\"body\":\"upstream connect error\"}\n", $2
			else
				printf "\"status\":200,\"body\":\"{\\\"deployments\\\":[{\\\"id\\\":\\\"q86yjdy\\\",\\\"chain_id\\\":\\\"232p81ql\\\",\\\"created_at\\\":\\\"2026-08-14T08:59:00Z\\\",\\\"environment\\\":\\\"staging\\\",\\\"status\\\":\\\"%s\\\",\\\"chainlets\\\":[%s,%s]}]}\"}\n",
					$2, chainlet("Retriever", $3), chainlet("Reranker", $4)
		}
	END
	record passed <<-'END'
		0 BUILDING BUILDING BUILDING
		10 DEPLOYING LOADING_MODEL DEPLOYING
		20 503
		30 ACTIVE ACTIVE ACTIVE
		40 ACTIVE ACTIVE ACTIVE
		50 ACTIVE ACTIVE ACTIVE
		60 ACTIVE ACTIVE ACTIVE
		70 ACTIVE ACTIVE ACTIVE
		80 ACTIVE ACTIVE ACTIVE
		90 ACTIVE ACTIVE ACTIVE
	END
	record failed <<-'END'
		0 BUILDING BUILDING BUILDING
		10 DEPLOYING ACTIVE BUILDING
		20 BUILD_FAILED ACTIVE BUILD_FAILED
	END
	record violated <<-'END'
		0 ACTIVE ACTIVE ACTIVE
		10 ACTIVE ACTIVE ACTIVE
		20 UNHEALTHY ACTIVE UNHEALTHY
	END
	record undecided <<-'END'
		0 BUILDING BUILDING BUILDING
		10 DEPLOYING ACTIVE HIBERNATING
	END
}

record() {
	awk -f scenario.awk >"$1.ndjson"
}

formats="junit junit-strict tap json html markdown github gitlab intoto env"

setup() {
	set_up "$BATS_FILE_TMPDIR"
	golden=$BATS_TEST_DIRNAME/../golden/reports
}

# is_golden RUN EXIT [OPTION…]
is_golden() {
	local run=$1 expected=$2 code=0 failed=0 format reports=() files=() file of_then of_now host
	host=$(uname -n)
	shift 2
	for format in $formats; do
		reports+=(--report "$format=$run.$format")
		files+=("$run.$format")
	done
	files+=("$run.text")
	"$CHAINGATE" replay "$run.ndjson" "$@" "${reports[@]}" >"$run.text" || code=$?
	[ "$code" = "$expected" ]
	sed -i -e "s/\"$host\"/\"HOST\"/; s/<dd>$host</<dd>HOST</" "${files[@]}"
	[ -z "${UPDATE_GOLDEN-}" ] || cp "${files[@]}" "$golden/"
	for file in "${files[@]}"; do
		# diff costs a process, so it runs only if files differ.
		IFS= read -rd '' of_then <"$golden/$file" || true
		IFS= read -rd '' of_now <"$file" || true
		[ "$of_then" = "$of_now" ] || { diff -u "$golden/$file" "$file" || failed=1; }
	done
	return "$failed"
}

@test "a run that passes, with a warning and a rule that is skipped" { is_golden passed 0; }

@test "a run that fails" { is_golden failed 1; }

@test "a violated never: every format names the item that violates it" { is_golden violated 1 --policy never.yaml; }

@test "a recording that ends without a verdict, with an unknown status" { is_golden undecided 4; }

@test "the JUnit reports are valid under the schema in the sources" {
	needs xmllint
	run -0 xmllint --noout --relaxng "$BATS_TEST_DIRNAME/../../src/report/junit.rng" "$golden"/*.junit
}
