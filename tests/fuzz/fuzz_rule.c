/* fuzz_rule.c - any bytes as a rule: the result is a rule or an error, never neither. A parsed rule can be printed,
 * parsed again to the same rule, judged and explained. */
#include "demand.h"

#include "chaingate/buf.h"
#include "chaingate/rule.h"

#include <string.h>

static const struct param params[] = {
	{.name = {"n", 1}, .value = {.type = TYPE_NUMBER, .number = {2, 1}}},
	{.name = {"s", 1}, .value = {.type = TYPE_STATUS, .status = STATUS_ACTIVE}},
	{.name = {"t", 1}, .value = {.type = TYPE_STRING, .text = {"R*", 2}}},
	{.name = {"d", 1}, .value = {.type = TYPE_DURATION, .number = {INT64_C(300000000000), 1}}},
};

static const struct rule *parse(struct arena *arena, struct text text, struct diags *diags)
{
	struct rule_context context = {
		.params = params, .param_count = sizeof(params) / sizeof(params[0]), .has_baseline = true};
	struct excerpt *excerpt = ARENA_NEW(arena, struct excerpt);
	*excerpt = excerpt_of(source_make(arena, "fuzz", text));
	const struct rule *rule = rule_parse(arena, excerpt, &context, diags);
	demand((rule == NULL) == (diags->errors > 0));
	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		demand(diag->span.start <= diag->span.end && diag->span.end <= text.length);
	return rule;
}

/* One chainlet of each kind: ordinary, without settings, with an unknown status, without a counterpart. */
static void judge(struct arena *arena, const struct rule *rule)
{
	static const struct autoscaling_settings settings = {
		.min_replica = 1, .max_replica = 4, .concurrency_target = 1};
	static const struct chainlet chainlets[] = {
		{{"1", 1},
		 {"Retriever", 9},
		 {"L4:4x16", 7},
		 STATUS_ACTIVE,
		 {"ACTIVE", 6},
		 2,
		 &settings,
		 1,
		 false,
		 false},
		{{"2", 1},
		 {"Reranker", 8},
		 {"H100:1x32", 9},
		 STATUS_BUILDING,
		 {"BUILDING", 8},
		 0,
		 NULL,
		 2,
		 false,
		 false},
		{{"3", 1}, {"Gate", 4}, {"CPU", 3}, STATUS_UNKNOWN, {"PAUSED", 6}, 0, &settings, 3, true, true},
	};
	static const struct environment environment = {
		.name = {"production", 10}, .current = {"a", 1}, .redeploys = {.present = false}};
	static const struct label labels[] = {{{"team", 4}, {"ml", 2}, LABEL_TEXT}, {{"x-y", 3}, {"", 0}, LABEL_ODD}};
	static const struct deployment deployments[] = {
		{{"a", 1},
		 {"c", 1},
		 false,
		 {"", 0},
		 0,
		 STATUS_ACTIVE,
		 {"ACTIVE", 6},
		 chainlets,
		 3,
		 false,
		 &environment,
		 0,
		 TARGET_CHAIN,
		 {false, false},
		 LABELS_UNTOLD,
		 NULL,
		 0},
		{{"b", 1},
		 {"c", 1},
		 true,
		 {"production", 10},
		 0,
		 STATUS_FAILED,
		 {"FAILED", 6},
		 chainlets,
		 1,
		 LABELS_UNTOLD,
		 NULL,
		 0,
		 TARGET_MODEL,
		 {true, true},
		 LABELS_TOLD,
		 labels,
		 2},
	};
	const struct deployment *selected[] = {&deployments[0]};
	struct view view = {.deployments = selected,
			    .count = 1,
			    .at_wall_ns = INT64_C(3600000000000),
			    .baseline.deployment = &deployments[1]};
	struct evidence evidence;
	struct judgement with = rule_judge(rule, &view, arena, &evidence),
			 without = rule_judge(rule, &view, arena, NULL);
	demand(with.value == without.value && evidence.value == with.value);
	demand(evidence.considered == evidence.true_count + evidence.false_count + evidence.unknown_count);
	for (size_t i = 0; i < evidence.item_count; i++)
		for (size_t j = 0; j < evidence.items[i].operand_count; j++)
			demand(evidence.items[i].operands[j].span.end <= rule_excerpt(rule)->text.length);
	view.only_failed = true;
	rule_judge(rule, &view, arena, &evidence);
	rule_judge(rule, &(struct view){0}, arena, &evidence);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena}, again = {.arena = &arena};
	struct buf first = buf_make(BUF_LIMIT_REPORT), second = buf_make(BUF_LIMIT_REPORT);
	char *copy = arena_alloc(&arena, size + 1);
	if (size)
		memcpy(copy, data, size);
	const struct rule *rule = parse(&arena, (struct text){copy, size}, &diags);
	if (rule) {
		rule_print(&first, rule);
		const struct rule *printed = parse(&arena, buf_text(&first), &again);
		demand(printed || buf_text(&first).length > RULE_BYTES_MAX);
		if (printed) {
			rule_print(&second, printed);
			demand(text_equal(buf_text(&first), buf_text(&second)));
		}
		judge(&arena, rule);
		buf_clear(&second);
		rule_explain(&second, rule);
		demand(second.length > 0);
	}
	buf_release(&first);
	buf_release(&second);
	arena_release(&arena);
	return 0;
}
