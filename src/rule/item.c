/* item.c - judges the items of a quantified rule, one by one. */
#include "judge.h"

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
