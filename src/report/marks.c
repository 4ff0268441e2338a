/* marks.c - the final state of a rule for people: one table of words and meanings, and the order in which rules are
 * shown. */
#include "words.h"

static const struct {
	const char *word, *meaning;
} marks[MARK_COUNT] = {
	[MARK_FAIL] = {"fail", "the rule failed for good, and decides the verdict"},
	[MARK_OPEN] = {"open", "not satisfied when the gate ended: it was unknown, or needed more time"},
	[MARK_WARN] = {"warning", "a rule of severity warning failed; it doesn't affect the verdict"},
	[MARK_UNFINISHED] = {"not finished",
			     "the gate ended before this rule was decided; this says nothing about the deployment"},
	[MARK_SKIP] = {"skipped",
		       "not judged: its when was false, or if_missing is skip and a counterpart was missing"},
	[MARK_PASS] = {"pass", "the rule was satisfied"},
};

const char *rule_mark_word(enum rule_mark mark)
{
	return marks[mark].word;
}

const char *rule_mark_meaning(enum rule_mark mark)
{
	return marks[mark].meaning;
}

/* True if the rule isn't decided only because the gate ended for another reason; false if something is unknown. */
static bool is_unfinished(const struct target_result *target, const struct rule_result *rule)
{
	bool is_unknown = target->stable && rule->judged && rule->finding == FINDING_OPEN;
	return !is_unknown && (!rule->decides || target->reason == REASON_RULE_FAILED);
}

enum rule_mark rule_mark(const struct target_result *target, const struct rule_result *rule)
{
	switch (rule->outcome) {
	case RULE_PASS: return MARK_PASS;
	case RULE_SKIPPED: return MARK_SKIP;
	case RULE_UNKNOWN: return is_unfinished(target, rule) ? MARK_UNFINISHED : MARK_OPEN;
	case RULE_FAIL: return rule->decides ? MARK_FAIL : MARK_WARN;
	}
	return MARK_OPEN;
}

bool rule_is_finding(const struct target_result *target, const struct rule_result *rule)
{
	enum rule_mark mark = rule_mark(target, rule);
	bool is_obstacle = rule->finding != FINDING_HOLDS && rule->finding != FINDING_SKIPPED;
	return mark == MARK_FAIL || mark == MARK_WARN || (mark == MARK_OPEN && is_obstacle);
}

const size_t *rules_by_need(struct arena *arena, const struct target_result *target)
{
	size_t count = target->target->rule_count, filled = 0;
	size_t *order = ARENA_ARRAY(arena, size_t, count);
	for (int mark = 0; mark < MARK_COUNT; mark++)
		for (size_t i = 0; i < count; i++)
			if (rule_mark(target, &target->rules[i]) == (enum rule_mark)mark)
				order[filled++] = i;
	return order;
}
