#!/usr/bin/env bats
# hostile.bats - the bodies and faults of tests/cli/hostile.bash never lead to a pass.
#
# setup_file gates all of them once in virtual time, and some on the wire, too. The tests then look at the results.

load set_up
load virtual
load runs
load hostile

# Long enough for a few polls, so that a run with good answers passes.
TIMEOUT_S=3

setup_file() {
	local case name code
	local -A expects
	set_up "$BATS_FILE_TMPDIR"
	hostile_cases
	mkdir virtual wire
	for case in "${CASES[@]}"; do
		name=${case% *} expects[$name]=${case#* }
		scenario_of "$name" >"virtual/$name.yaml"
		a_run "virtual/$name" VIRTUAL_SCENARIO="virtual/$name.yaml" BASETEN_API_KEY=sim-canary-key-5f2b \
			check --chain "$name" --deployment q86yjdy --api-url http://127.0.0.1:1 --timeout ${TIMEOUT_S}s --interval 200ms --stable-for 400ms \
			--junit "virtual/$name.xml"
		echo "virtual/$name ${expects[$name]}"
	done >list
	make_runs
	# On the wire one snapshot is judged, so no timeout depends on the machine's speed.
	scenario_of "${ON_THE_WIRE[@]}" >wire.yaml
	start_sim wire.yaml
	for name in "${ON_THE_WIRE[@]}"; do
		BASETEN_API_KEY=sim-canary-key-5f2b "$CHAINGATE" check --chain "$name" --deployment q86yjdy --api-url "$SIM_URL" --timeout 0s \
			--junit "wire/$name.xml" >"wire/$name.out" 2>"wire/$name.err" </dev/null && code=0 || code=$?
		echo $code >"wire/$name.status"
		echo "wire/$name ${expects[$name]}"
	done >>list
	stop_sim
}

setup() {
	set_up "$BATS_FILE_TMPDIR"
	mapfile -t list <list
}

@test "only the perfect body passes, and each other case ends with its exit code" {
	local line name expected failed=0 passing=0
	for line in "${list[@]}"; do
		read -r name expected <<<"$line"
		[ "$expected" != 0 ] || passing=$((passing + 1))
		got "$name"
		[ "$status" = "$expected" ] || failed=1
		[ "$status" = "$expected" ] || printf '%s: exit %s, expected %s\n%s\n%s\n' "$name" "$status" "$expected" "$output" "$stderr"
	done
	[ "${#list[@]}" -ge 140 ]
	# The perfect body passes twice: in virtual time and on the wire. So does a list whose headers say that it is whole; a body that says so is
	# tried in virtual time.
	[ "$passing" = 6 ]
	[ $failed = 0 ]
}

# reports: the report files, in the list's order.
reports() {
	reports=("${list[@]% *}")
	reports=("${reports[@]/%/.xml}")
}

@test "each case writes a complete report, which agrees with the exit code" {
	local line name expected index=0 cases bad seconds failed=0
	reports
	xmllint --noout "${reports[@]}"
	# One line per case.
	xmllint --xpath 'concat(count(//testcase), " ", count(//failure) + count(//error), " ", /testsuites/@time)' "${reports[@]}" >said
	while read -r cases bad seconds; do
		read -r name expected <<<"${list[index++]}"
		# Report and exit code agree, and no run outlasts its timeout by more than a second of virtual time.
		if [ "$cases" -gt 0 ] && [ $((bad > 0)) = $((expected != 0)) ] && [ "${seconds%.*}" -le "$TIMEOUT_S" ]; then continue; fi
		echo "$name: exit $expected, and of $cases cases $bad bad ones, in $seconds s"
		failed=1
	done <said
	[ "$index" = "${#list[@]}" ]
	[ $failed = 0 ]
}

@test "the key is in no output" {
	run ! grep -rl --include='*.out' --include='*.err' --include='*.xml' --include='*.status' canary virtual wire
}
