/* judge.c - judges a checked rule on a view: combines the results of its items. */
#include "judge.h"

static const char *const truth_names[] = {[TRUTH_UNKNOWN] = "unknown", [TRUTH_FALSE] = "false", [TRUTH_TRUE] = "true"};

const char *truth_name(enum truth truth)
{
	return truth_names[truth];
}

/* ---- counting --------------------------------------------------------------------------------------------------- */

struct tally {
	struct evaluation *e;
	size_t items;         /* that are selected, or may be */
	size_t selected;      /* that are certainly selected */
	size_t where_unknown; /* `where` is unknown, and not only because a counterpart is missing */
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

/* True if `least` to `most` items hold, when `yes` items hold and `open` more may hold. */
static enum kleene within(uint64_t yes, uint64_t open, uint64_t least, uint64_t most)
{
	if (yes + open < least || yes > most)
		return KLEENE_FALSE;
	return yes >= least && yes + open <= most ? KLEENE_TRUE : KLEENE_UNKNOWN;
}

/* The same, but items whose counterpart is missing are open, too. KLEENE_MISSING if only these leave the result open:
 * any values for them would decide the rule. */
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

/* True if the quantifier holds over an empty selection. rule_judge makes such a rule true only if at least one item is
 * certainly selected. */
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
		*out = (struct evidence){.value = judgement.value, .scope = rule->scope};
		evidence_collect(&e, judgement.value, tally.yes, out);
	}
	return judgement;
}
