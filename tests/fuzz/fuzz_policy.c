/* fuzz_policy.c - any bytes as a policy: the result is a policy or an error, never neither. A loaded policy can
 * decide something, and joining it with itself is an error. */
#include "chaingate/buf.h"
#include "chaingate/policy.h"
#include "demand.h"

#include <string.h>

static void check_target(const struct policy_target *target)
{
	bool decides = false;
	demand(target->rule_count > 0);
	for (size_t i = 0; i < target->rule_count; i++) {
		const struct policy_rule *rule = &target->rules[i];
		demand(rule->expression && rule->name.length && rule->line > 0);
		demand(rule->within_ns >= 0 && rule->hold_ns >= 0 && rule->tolerate_ns >= 0 && rule->during_ns >= 0);
		demand(!rule_uses_baseline(rule->expression) || target->baseline.given);
		decides |= rule->severity == SEVERITY_ERROR;
	}
	demand(decides);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena}, joined = {.arena = &arena};
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	char *copy = arena_alloc(&arena, size + 1);
	if (size)
		memcpy(copy, data, size);
	struct excerpt value = excerpt_of(source_make(&arena, "<--set>", TEXT("3")));
	struct policy_setting settings[] = {{.name = TEXT("replicas"), .value = value}};
	struct policy_request request = {.settings = settings, .setting_count = 1};
	const struct policy *policy =
		policy_load(&arena, source_make(&arena, "fuzz.yaml", (struct text){copy, size}), &request, &diags);
	demand((policy == NULL) == (diags.errors > 0));
	diags_render(&shown, &diags, 80, DIAG_PLAIN);
	if (policy) {
		const struct policy *twice[] = {policy, policy};
		demand(policy->target_count > 0 && policy->wait.interval_ns >= WAIT_INTERVAL_MIN_NS);
		for (size_t i = 0; i < policy->target_count; i++)
			check_target(&policy->targets[i]);
		demand(policy_join(&arena, twice, 2, &joined) == NULL && joined.errors > 0);
	}
	buf_release(&shown);
	arena_release(&arena);
	return 0;
}
