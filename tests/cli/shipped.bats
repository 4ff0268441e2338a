#!/usr/bin/env bats
# shipped.bats - the policies in policies/ have no mistakes and full test coverage, and their tests notice if any one comparison is inverted.

load set_up
load runs
file_world=none

setup() {
	root=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	set_up "$root"
}

@test "the policies have no mistakes and no warnings" {
	for policy in policies/*.yaml; do
		[[ $policy == *.test.yaml ]] && continue
		run "$CHAINGATE" lint "$policy"
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output == *", no mistakes" ]]
		[ -f "${policy%.yaml}.test.yaml" ]
		grep -q "$(basename "$policy")" policies/README.md
	done
}

@test "the policies' tests pass, and in them every rule passes, fails and is unknown" {
	run "$CHAINGATE" test policies/ --require-coverage
	echo "$output"
	[ "$status" -eq 0 ]
	[[ $output != *partly* ]]
}

@test "200 good rollouts pass each, and 200 bad ones of the kinds that it is for don't: some of them, or all with CHAINGATE_TEST_ALL" {
	local count seed=${CHAINGATE_TEST_SEED:-1}
	needs_plain "it tests the policies"
	needs_python json
	count=$(of 200 50 12)
	echo "CHAINGATE_TEST_SEED=$seed"
	python3 tests/cli/rollouts.py "$PWD/policies" "$BATS_TEST_TMPDIR" "$count" "$seed"
	run "$CHAINGATE" test "$BATS_TEST_TMPDIR"
	grep -v '^ok ' <<<"$output"
	[ "$status" = 0 ]
	[[ $output == *"$((16 * count)) tests, $((16 * count)) passed, 0 failed" ]]
}

# Replaces every comparison of every rule by others, one at a time: < becomes >= and <=. One process tries all of the changed policies.
@test "a test notices every comparison that is replaced by another" {
	local survivors=0 policy line column operator turned mutants=() mutant
	mkdir "$BATS_TEST_TMPDIR/mutants"
	cd "$BATS_TEST_TMPDIR/mutants" || return 1
	for policy in "$root"/policies/*.test.yaml; do
		policy=$(basename "${policy%.test.yaml}")
		while IFS=: read -r line column operator; do
			case $operator in
			'>=') turned='< >' ;;
			'<=') turned='> <' ;;
			'==') turned='!=' ;;
			'!=') turned='==' ;;
			'>') turned='<= >=' ;;
			'<') turned='>= <=' ;;
			esac
			for turned in $turned; do
				mutant=$policy-${#mutants[@]}
				mutants+=("$mutant")
				mkdir "$mutant"
				cp "$root/policies/$policy.test.yaml" "$mutant"
				awk -v line="$line" -v column="$column" -v operator="$operator" -v turned="$turned" '
					NR == line { $0 = substr($0, 1, column - 1) turned substr($0, column + length(operator)) }
					{ print }' "$root/policies/$policy.yaml" >"$mutant/$policy.yaml"
				a_run "$mutant/run" test "$mutant/$policy.test.yaml"
			done
		done < <(awk '/^ *#/ { next } /assert:|never:|when:/ {
			rest = $0
			offset = 0
			while (match(rest, /[<>=!]=|[<>]/)) {
				print NR ":" offset + RSTART ":" substr(rest, RSTART, RLENGTH)
				offset += RSTART + RLENGTH - 1
				rest = substr(rest, RSTART + RLENGTH)
			}
		}' "$root/policies/$policy.yaml")
	done
	make_runs
	for mutant in "${mutants[@]}"; do
		policy=${mutant%-*}
		got "$mutant/run"
		# 1: a test failed; 2: the policy is refused.
		[ "$status" != 1 ] && [ "$status" != 2 ] || continue
		echo "$mutant is not noticed (exit $status):"
		diff "$root/policies/$policy.yaml" "$mutant/$policy.yaml" || true
		survivors=$((survivors + 1))
	done
	echo "${#mutants[@]} mutants"
	[ "${#mutants[@]}" -gt 35 ]
	[ "$survivors" -eq 0 ]
}
