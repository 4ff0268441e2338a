/* vocabulary.c - see vocabulary.h. */
#include "vocabulary.h"

static const char *const table[][2] = {
	/* Rules. */
	{"all", "A quantifier: it holds of every one. Over nothing it is unknown. As in: all chainlets ACTIVE"},
	{"any", "A quantifier: it holds of one at least. Over nothing it is false. As in: any chainlet UNHEALTHY"},
	{"no", "A quantifier: it holds of none. Over nothing it is unknown. As in: no chainlet FAILED"},
	{"at", "Begins at least N and at most N, which are quantifiers. As in: at least 2 chainlets ACTIVE"},
	{"least", "As in: at least 2 chainlets ACTIVE"},
	{"most", "As in: at most 1 chainlet SCALED_TO_ZERO. Over nothing it is unknown."},
	{"exactly", "A quantifier: it holds of so many. As in: exactly 1 chainlet INACTIVE"},
	{"chainlets", "What a rule ranges over: the chainlets of the selected deployments."},
	{"chainlet", "The same as chainlets; chainlet.x is the chainlet's own field x."},
	{"deployments", "What a rule ranges over: the selected deployments."},
	{"deployment",
	 "The same as deployments. deployment.x is the field x of a chainlet's deployment. In a target, the\n"
	 "id of the one to watch."},
	{"where", "Selects what the rule is about. As in: all chainlets where min_replica > 0 are ACTIVE"},
	{"is", "Links what a rule ranges over with what holds of it; is null asks whether there is a value."},
	{"are", "The same as is: for the reader."},
	{"has", "The same as is: for the reader."},
	{"have", "The same as is: for the reader."},
	{"and", "Both hold. It binds tighter than or."},
	{"or", "One holds at least."},
	{"not", "The opposite. Of unknown it is unknown."},
	{"in", "Is it one of a set, or of a class of statuses? As in: status in [ACTIVE, SCALED_TO_ZERO]"},
	{"like", "A glob over the whole text, with *, ? and [a-z]. As in: instance_type_name like \"H100*\""},
	{"matches", "A POSIX extended regular expression, anywhere in the text. As in: name matches \"^Re\""},
	{"null", "The API says that there is no value. Comparing with it is unknown; is null asks for it."},
	{"true", "A boolean; what a rule must be to hold."},
	{"false", "A boolean; what a rule is that doesn't hold."},
	{"count", "How many. As in: count(chainlets where status == ACTIVE) >= 2"},
	{"sum", "All of it together. As in: sum(max_replica of chainlets) <= 16"},
	{"min", "The least. As in: min(active_replica_count of chainlets) >= 1"},
	{"max", "The greatest. As in: max(max_replica of chainlets) <= 8"},
	{"of", "As in: sum(max_replica of chainlets)"},
	{"baseline", "The deployment that rules compare with, as baseline.x: the field x of the chainlet of the same\n"
		     "name in it. Given by baseline: in the policy or --baseline-environment."},
	{"counterpart",
	 "In a rule over baseline chainlets, counterpart.x is the field x of the judged chainlet of the\n"
	 "same name."},
	{"missing", "Of a baseline chainlet: what is judged has no chainlet of its name. As in:\n"
		    "no baseline chainlet is missing"},
	{"new", "Of a chainlet: the baseline has none of its name. As in: no chainlet is new"},
	{"duration", "Whole numbers with h, m, s or ms, in this order: 90s, 5m, 1h30m, 500ms."},
	/* Policies. */
	{"rule",
	 "A sentence that is true, false or unknown on each poll; in a policy a text, or a mapping with assert or\n"
	 "never."},
	{"assert", "What must hold from when the target is stable until the verdict."},
	{"never",
	 "What must not be true on any poll, from the first one on: it fails at once, and not after the build."},
	{"name", "What reports call a rule. Of a chainlet, its name."},
	{"severity", "error decides the verdict; warning is only reported, unless --strict is given."},
	{"error", "The severity of a rule that decides. In reports, errors are answers of the API that were no list."},
	{"warning", "A rule that is reported, and decides nothing, unless --strict is given."},
	{"message", "What reports say to do where the rule does not hold."},
	{"within", "With assert: it may become true up to so long after the target is stable."},
	{"hold", "With assert: at the verdict it must have been true for so long, on every poll."},
	{"tolerate", "How long an assert may be false, or a never true, at a time before that counts."},
	{"during", "With never: it goes on being watched so long after the target is stable."},
	{"when", "The rule is skipped while this is false."},
	{"if_empty", "What the rule gives where there is nothing it could be about: unknown, pass or fail."},
	{"if_missing",
	 "What it gives where only a missing counterpart in the baseline stands in its way: unknown, skip or\n"
	 "fail."},
	{"target", "What is watched: a chain, and which of its deployments."},
	{"targets", "Several of them in one policy, each with a name."},
	{"chain", "Which chain, by id or name."},
	{"environment", "Every deployment of this environment; a field of deployments, too."},
	{"latest", "The newest deployment, pinned when it is first seen."},
	{"since",
	 "Leaves out deployments that were created earlier: a moment, how long before the run, or any. It keeps\n"
	 "the gate from judging what was there before a push was listed."},
	{"on_superseded", "With latest: what a newer deployment is, a note or a failure (fail)."},
	{"params", "Values that rules name as $name, and --set overrides."},
	{"wait", "How long is waited for what: timeout, interval, stable_for and others."},
	{"timeout", "How long the whole run may take; what isn't decided then is timed out, exit 3."},
	{"interval", "How long between two polls."},
	{"stable_for", "How long everything must be at rest, and nothing change, before the rules are judged."},
	{"stable_for_status", "The same where something has this status: SCALED_TO_ZERO 90s, UNHEALTHY 5m."},
	{"discover_for", "How long a deployment or its chain may be missing at first."},
	{"unreachable_after", "How long the API may give no answer before the run ends, exit 5."},
	{"fail_fast", "Whether a status that has failed for good ends the wait."},
	/* Reports. */
	{"pass", "The rule was satisfied at the verdict."},
	{"fail", "The rule failed for good."},
	{"open", "A rule that was not satisfied when the gate ended: it was unknown, or needed more time."},
	{"unfinished",
	 "not finished: the gate ended, mostly because another rule failed, before this rule was decided. It\n"
	 "says nothing for the deployment or against it."},
	{"skipped", "A rule that wasn't judged, because of its when, or of if_missing: skip."},
	{"unknown",
	 "Neither true nor false: null, a status that isn't known, a missing counterpart, or nothing to judge.\n"
	 "Unknown is never a pass."},
	{"stable", "At rest, with nothing changed for stable_for: from then on rules are judged."},
	{"poll", "One look at the API."},
	{"verdict", "What the gate says in the end: passed, failed, timed_out, undecided or unreachable."},
	{"lane", "A line of the timeline: one deployment or chainlet, by status over time."},
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
