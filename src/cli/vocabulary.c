/* vocabulary.c - see vocabulary.h. */
#include "vocabulary.h"

static const char *const table[][2] = {
	/* Rules. */
	{"all", "A quantifier: every item must match. Without items it is unknown. Example: all chainlets ACTIVE"},
	{"any",
	 "A quantifier: at least one item must match. Without items it is false. Example: any chainlet UNHEALTHY"},
	{"no", "A quantifier: no item must match. Without items it is unknown. Example: no chainlet FAILED"},
	{"at", "The first word of at least N and at most N, two quantifiers. Example: at least 2 chainlets ACTIVE"},
	{"least", "Example: at least 2 chainlets ACTIVE. Without items it is false."},
	{"most", "Example: at most 1 chainlet SCALED_TO_ZERO. Without items it is unknown."},
	{"exactly", "A quantifier: exactly this number of items must match. Example: exactly 1 chainlet INACTIVE"},
	{"chainlets", "A rule can range over these: the chainlets of the selected deployments."},
	{"chainlet", "The same as chainlets; chainlet.x is the chainlet's own field x."},
	{"deployments", "A rule can range over these: the selected deployments."},
	{"deployment",
	 "The same as deployments. deployment.x is the field x of a chainlet's deployment. In a target, the\n"
	 "id of the one to watch."},
	{"where", "Selects the items that the rule is about. Example: all chainlets where min_replica > 0 are ACTIVE"},
	{"is", "Comes between the items and their condition: required after where, else optional. is null tests for\n"
	       "a missing value."},
	{"are", "The same as is, between the items and their condition."},
	{"has", "The same as is, between the items and their condition."},
	{"have", "The same as is, between the items and their condition."},
	{"and", "True if both are true. It binds tighter than or."},
	{"or", "True if at least one is true."},
	{"not", "The opposite. not unknown is unknown."},
	{"in", "True if the value is in a set, or in a class of statuses. Example: status in [ACTIVE, SCALED_TO_ZERO]"},
	{"like",
	 "Matches a glob against the whole text, with *, ? and [a-z]. Example: instance_type_name like \"H100*\""},
	{"matches", "Searches the text for a POSIX extended regular expression. Example: name matches \"^Re\""},
	{"null", "The API has no value for the field. A comparison with it is unknown; is null tests for it."},
	{"true", "A boolean: the value of a rule that holds."},
	{"false", "A boolean: the value of a rule that doesn't hold."},
	{"count", "The number of items. Example: count(chainlets where status == ACTIVE) >= 2"},
	{"sum", "The sum of a field. Example: sum(max_replica of chainlets) <= 16"},
	{"min", "The smallest value of a field. Example: min(active_replica_count of chainlets) >= 1"},
	{"max", "The largest value of a field. Example: max(max_replica of chainlets) <= 8"},
	{"of", "Example: sum(max_replica of chainlets)"},
	{"baseline", "The deployment that rules compare with. baseline.x is field x of its chainlet of the same name.\n"
		     "It is given by baseline: in the policy, or by --baseline-environment."},
	{"counterpart",
	 "In a rule over baseline chainlets, counterpart.x is the field x of the judged chainlet of the\n"
	 "same name."},
	{"missing", "True for a baseline chainlet if a selected deployment has no chainlet of its name. Example:\n"
		    "no baseline chainlet is missing"},
	{"new", "True for a chainlet if the baseline has none of its name. Example: no chainlet is new"},
	{"duration", "Whole numbers with h, m, s or ms, in this order: 90s, 5m, 1h30m, 500ms."},
	/* Policies. */
	{"rule",
	 "A condition that is true, false or unknown on each poll. In a policy it is a text, or a mapping with\n"
	 "assert or never."},
	{"assert", "A condition that must be true from the time the target is stable until the verdict."},
	{"never", "A condition that must not be true on any poll, even the first. tolerate allows it for a while."},
	{"name", "The name of a rule in reports; as a field, a chainlet's name."},
	{"severity", "error decides the verdict; warning is only reported, unless --strict is given."},
	{"error",
	 "The severity of a rule that decides the verdict. In reports, a poll that gave no list of deployments."},
	{"warning", "The severity of a rule that is only reported, unless --strict is given."},
	{"message", "What to do if the rule doesn't hold; shown in reports."},
	{"within", "With assert: how long after the target is stable it may take to become true."},
	{"hold", "With assert: how long it must have been true, on every poll, before it passes."},
	{"tolerate", "How long at a time an assert may be false, or a never may be true, before that counts."},
	{"during", "With never: how long it is still judged after the target is stable."},
	{"when", "A condition; the rule is skipped while it is false."},
	{"if_empty", "The rule's result if its selection is empty: unknown, pass or fail."},
	{"if_missing", "The rule's result if only a counterpart in the baseline is missing: unknown, skip or fail."},
	{"target", "What to watch: a chain or a model, and which of its deployments."},
	{"targets", "Several targets in one policy, each with a name."},
	{"chain", "The chain, by id or name."},
	{"model",
	 "Instead of a chain: the model, by id or name. Each of its deployments counts as one with a single chainlet,\n"
	 "which has the model's name."},
	{"environment", "In a target, every deployment of this environment; also a field of deployments."},
	{"role",
	 "With environment: current is the deployment that the environment serves, candidate the one that is being\n"
	 "promoted to it. Both are read from the environment itself; any, the default, from the list."},
	{"expect_deployment",
	 "The id of the deployment that the environment must serve. The target waits while a promotion is\n"
	 "running; then another deployment fails it once discover_for is over."},
	{"latest", "The newest deployment, pinned when it is first seen."},
	{"since", "Leaves out older deployments: a moment, how long before the run, or any. Without it the gate could\n"
		  "judge an older deployment while a new push isn't listed yet."},
	{"on_superseded", "With latest: whether a newer deployment is only noted (note), or fails the target (fail)."},
	{"params", "Values that rules use as $name. --set overrides them."},
	{"wait", "How long to wait, and for what: timeout, interval, stable_for and others."},
	{"timeout", "How long the whole run may take. A target that isn't decided by then is timed out (exit 3)."},
	{"interval", "The time between two polls."},
	{"stable_for", "How long everything must be at rest and unchanged before the rules are judged."},
	{"stable_for_status", "stable_for while something has a certain status: SCALED_TO_ZERO 90s, UNHEALTHY 5m."},
	{"discover_for", "How long a deployment, or its chain or model, may be missing at first."},
	{"unreachable_after", "How long the API may give no answer before the run ends (exit 5)."},
	{"fail_fast", "Whether the target fails at once if a status of class failed makes an assert false for good."},
	/* Reports. */
	{"pass", "The rule was satisfied at the verdict."},
	{"fail", "The rule failed for good."},
	{"open", "A rule that was not satisfied when the gate ended: it was unknown, or needed more time."},
	{"unfinished",
	 "not finished: the gate ended before this rule was decided, mostly because another rule failed.\n"
	 "That says nothing about the deployment."},
	{"skipped",
	 "A rule that wasn't judged: its when was false, or if_missing is skip and a counterpart was missing."},
	{"unknown", "Neither true nor false, because of null, an unknown status, a missing counterpart, or an empty\n"
		    "selection. Unknown is never a pass."},
	{"stable", "Everything has been at rest and unchanged for stable_for. From then on rules are judged."},
	{"poll", "One request for the state of the deployments."},
	{"verdict", "The gate's result: passed, failed, timed_out, undecided or unreachable."},
	{"lane", "A row of the timeline: the statuses of one deployment or chainlet over time."},
};

#define COUNT (sizeof(table) / sizeof(table[0]))

const char *vocabulary_meaning(struct text word)
{
	for (size_t i = 0; i < COUNT; i++)
		if (text_is(word, table[i][0]))
			return table[i][1];
	return NULL;
}

const char *vocabulary_word(size_t index)
{
	return index < COUNT ? table[index][0] : NULL;
}
