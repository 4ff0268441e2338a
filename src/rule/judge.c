/* judge.c - judges a checked rule on a view: combines the results of its items. */
#include "judge.h"

static const char *const truth_names[] = {[TRUTH_UNKNOWN] = "unknown", [TRUTH_FALSE] = "false", [TRUTH_TRUE] = "true"};

const char *truth_name(enum truth truth)
{
	return truth_names[truth];
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

struct standing judge_item(struct evaluation *e, const struct item *item)
{
	struct standing standing = {KLEENE_TRUE, KLEENE_UNKNOWN};
	if (e->rule->where)
		standing.selected = evaluate_truth(e, e->rule->where, item);
	/* In a simulated rollout, the rule applies to every item that it may apply to. */
	if (e->view->only_rollout && standing.selected != KLEENE_FALSE)
		standing.selected = KLEENE_TRUE;
	if (standing.selected != KLEENE_FALSE)
		standing.body = evaluate_truth(e, e->rule->body, item);
	return standing;
}

enum kleene judge_contribution(const struct rule *rule, struct standing standing)
{
	if (rule->quantifier == QUANTIFIER_ALL)
		return kleene_or(kleene_not(standing.selected), standing.body);
	return kleene_and(standing.selected, standing.body);
}

void judge_walk(struct evaluation *e, void (*visit)(void *context, const struct item *), void *context)
{
	bool over_baseline = e->rule->scope == SCOPE_BASELINE_CHAINLETS;
	for (size_t i = 0; over_baseline && e->baseline && i < e->baseline->chainlet_count; i++) {
		struct item item = evaluation_baseline_item(e, &e->baseline->chainlets[i], NULL);
		visit(context, &item);
	}
	for (size_t i = 0; !over_baseline && i < e->view->count; i++) {
		const struct deployment *deployment = e->view->deployments[i];
		struct item item = evaluation_item(e, deployment, NULL);
		if (e->rule->scope == SCOPE_DEPLOYMENTS)
			visit(context, &item);
		for (size_t j = 0; e->rule->scope == SCOPE_CHAINLETS && j < deployment->chainlet_count; j++) {
			item.chainlet = &deployment->chainlets[j];
			visit(context, &item);
		}
	}
}

/* ---- counting --------------------------------------------------------------------------------------------------- */

struct tally {
	struct evaluation *e;
	size_t items;         /* that are selected, or may be */
	size_t selected;      /* that are certainly selected */
	size_t where_unknown; /* unknown for another reason than a missing counterpart */
	size_t yes, no;       /* by each item's contribution to the quantifier */
	size_t open, missing;
};

static void count(void *context, const struct item *item)
{
	struct tally *tally = context;
	struct standing standing = judge_item(tally->e, item);
	if (standing.selected == KLEENE_FALSE)
		return;
	tally->items++;
	tally->selected += standing.selected == KLEENE_TRUE;
	tally->where_unknown += standing.selected == KLEENE_UNKNOWN;
	switch (judge_contribution(tally->e->rule, standing)) {
	case KLEENE_TRUE: tally->yes++; break;
	case KLEENE_FALSE: tally->no++; break;
	case KLEENE_UNKNOWN: tally->open++; break;
	case KLEENE_MISSING: tally->missing++; break;
	}
}

/* Whether between `least` and `most` items hold, if `yes` do and `open` more may. */
static enum kleene within(uint64_t yes, uint64_t open, uint64_t least, uint64_t most)
{
	if (yes + open < least || yes > most)
		return KLEENE_FALSE;
	return yes >= least && yes + open <= most ? KLEENE_TRUE : KLEENE_UNKNOWN;
}

/* The same with the items of missing counterparts open, too. KLEENE_MISSING if only these keep it open: whatever
 * their values were, the rule would be decided. */
static enum kleene count_within(const struct tally *tally, uint64_t least, uint64_t most)
{
	enum kleene value = within(tally->yes, tally->open + tally->missing, least, most);
	if (value != KLEENE_UNKNOWN)
		return value;
	for (size_t i = 0; i <= tally->missing; i++)
		if (within(tally->yes + i, tally->open, least, most) == KLEENE_UNKNOWN)
			return KLEENE_UNKNOWN;
	return KLEENE_MISSING;
}

static enum kleene quantify(const struct rule *rule, const struct tally *tally)
{
	uint64_t number = (uint64_t)rule->number;
	switch (rule->quantifier) {
	case QUANTIFIER_NONE: break;
	case QUANTIFIER_ALL:
		if (tally->no)
			return KLEENE_FALSE;
		return tally->open ? KLEENE_UNKNOWN : tally->missing ? KLEENE_MISSING : KLEENE_TRUE;
	case QUANTIFIER_NO: return count_within(tally, 0, 0);
	case QUANTIFIER_AT_MOST: return count_within(tally, 0, number);
	case QUANTIFIER_EXACTLY: return count_within(tally, number, number);
	case QUANTIFIER_ANY: return count_within(tally, 1, UINT64_MAX);
	case QUANTIFIER_AT_LEAST: return count_within(tally, number, UINT64_MAX);
	}
	return KLEENE_UNKNOWN;
}

/* True if the rule would hold with no items at all. Then it is only true if there is an item. */
static bool is_vacuous(const struct rule *rule)
{
	switch (rule->quantifier) {
	case QUANTIFIER_ALL:
	case QUANTIFIER_NO:
	case QUANTIFIER_AT_MOST: return true;
	case QUANTIFIER_EXACTLY: return rule->number == 0;
	case QUANTIFIER_NONE:
	case QUANTIFIER_ANY:
	case QUANTIFIER_AT_LEAST: break;
	}
	return false;
}

struct judgement rule_judge(const struct rule *rule, const struct view *view, struct arena *arena, struct evidence *out)
{
	struct evaluation e = evaluation_make(rule, view, arena);
	struct tally tally = {.e = &e};
	bool has_range = rule->scope != SCOPE_BASELINE_CHAINLETS || e.baseline;
	enum kleene value = KLEENE_MISSING;
	if (rule->quantifier == QUANTIFIER_NONE) {
		value = evaluate_truth(&e, rule->body, NULL);
	} else if (has_range) {
		judge_walk(&e, count, &tally);
		value = quantify(rule, &tally);
		if ((value == KLEENE_TRUE || value == KLEENE_MISSING) && is_vacuous(rule) && tally.selected == 0)
			value = tally.items && !tally.where_unknown ? KLEENE_MISSING : KLEENE_UNKNOWN;
	}
	struct judgement judgement = {
		.value = kleene_truth(value),
		.empty = rule->quantifier != QUANTIFIER_NONE && has_range && tally.items == 0,
		.missing = value == KLEENE_MISSING,
	};
	if (out) {
		*out = (struct evidence){.value = judgement.value,
					 .scope = rule->scope,
					 .empty = judgement.empty,
					 .considered = tally.items};
		evidence_collect(&e, judgement.value, tally.yes, out);
	}
	return judgement;
}
