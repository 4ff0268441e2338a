/* baseline.c - picks the deployment that rules compare with: the only one that matches; it must list chainlets, and
 * must not itself be judged. */
#include "watch.h"

#include "chaingate/buf.h"
#include "chaingate/listed.h"

/* Leaves out ages and statuses, because the gate notes this text again whenever it changes. */
static struct text why_none(struct arena *arena, const struct selector *selector, const struct listing *listing,
			    struct text chain_id, size_t count)
{
	struct buf why = buf_make(BUF_LIMIT_REPORT);
	struct buf quoted = buf_make(BUF_LIMIT_REPORT);
	text_add_quoted(&quoted, selector->value, 0);
	const char *name = buf_string(&quoted);
	if (selector->kind == SELECT_DEPLOYMENT)
		buf_printf(&why, "no deployment %s is listed", name);
	else if (selector->kind == SELECT_LATEST)
		buf_add_string(&why, "no deployment is listed");
	else if (selector->role != ROLE_ANY)
		buf_printf(&why, "environment %s has no %s%s", name, environment_role_name(selector->role),
			   selector->role == ROLE_CURRENT ? " deployment" : "");
	else if (count == 0)
		buf_printf(&why, "no deployment is in environment %s", name);
	else
		buf_printf(&why, "%zu deployments are in environment %s: it is not clear which is meant", count, name);
	buf_release(&quoted);
	if (count == 0 && selector->role == ROLE_ANY) {
		buf_add_string(&why, "; ");
		if (selector->kind == SELECT_ENVIRONMENT)
			listed_add_environments(&why, listing, selector->of, selector->value, chain_id);
		else
			listed_add(&why, listing, selector, 0, chain_id, LISTED_AT_NO_TIME);
	}
	struct text text = arena_text(arena, buf_text(&why));
	buf_release(&why);
	return text;
}

static bool is_selected(const struct selection *selection, const struct deployment *one)
{
	for (size_t i = 0; i < selection->count; i++)
		if (text_equal(selection->deployments[i]->id, one->id) &&
		    text_equal(selection->deployments[i]->chain_id, one->chain_id))
			return true;
	return false;
}

/* With the selector `all`, all deployments are selected except the baseline: except all that match, if it isn't clear which
 * of them it is. */
static void leave_out(struct arena *arena, struct selection *selection, const struct selection *found)
{
	const struct deployment **rest = ARENA_ARRAY(arena, const struct deployment *, selection->count);
	size_t count = 0;
	for (size_t i = 0; i < selection->count; i++)
		if (!is_selected(found, selection->deployments[i]))
			rest[count++] = selection->deployments[i];
	selection->deployments = rest;
	selection->count = count;
}

/* A foreign name in quotes, with words before and after it. */
static struct text about(struct arena *arena, struct text name, const char *before, const char *after)
{
	struct buf quoted = text_quoted(name);
	struct text words = text_of(arena_printf(arena, "%s%s%s", before, buf_string(&quoted), after));
	buf_release(&quoted);
	return words;
}

struct baseline gate_baseline_pick(struct arena *arena, const struct policy_baseline *wanted,
				   const struct listing *listing, struct text chain_id, bool is_all,
				   struct selection *selection)
{
	struct baseline baseline = {0};
	struct selection found = selection_make(arena, listing, &wanted->selector, chain_id, (struct text){0});
	if (is_all)
		leave_out(arena, selection, &found);
	if (found.count != 1) {
		baseline.why_missing = why_none(arena, &wanted->selector, listing, chain_id, found.count);
		return baseline;
	}
	const struct deployment *deployment = found.deployments[0];
	if (is_selected(selection, deployment))
		baseline.why_missing =
			about(arena, deployment->id, "deployment ", " is itself judged, so it cannot be the baseline");
	else if (deployment->chainlet_count == 0)
		baseline.why_missing =
			about(arena, deployment->id, "deployment ", " lists no chainlets to compare with");
	else
		baseline.deployment = deployment;
	return baseline;
}

/* A 404 without words doesn't say whether the environment or the chain is missing. */
static struct text why_absent(struct arena *arena, const struct gate_target *target, struct text absence)
{
	const struct policy_baseline *wanted = &target->baseline;
	struct text chain = wanted->chain.length ? wanted->chain : target->chain;
	struct text environment = selector_environment(&wanted->selector);
	const char *of = target_kind_name(target->selector.of);
	if (absence.length)
		return arena_text(arena, absence);
	if (!environment.length)
		return about(arena, chain, arena_printf(arena, "there is no %s ", of), "");
	struct text missing = about(arena, environment, "there is no environment ", "");
	return about(arena, chain, arena_printf(arena, "%.*s of the %s ", TEXT_ARG(missing), of), "");
}

static void note_unrest(struct watch *watch, const struct deployment *deployment)
{
	struct buf id = text_quoted(deployment->id),
		   word = watch_status_word(deployment->status, deployment->status_word);
	watch_note(watch, "the baseline, deployment %s, is %s", buf_string(&id), buf_string(&word));
	buf_release(&id);
	buf_release(&word);
}

struct baseline baseline_find(struct watch *watch, const struct observation *observation, struct arena *arena,
			      struct selection *selection)
{
	const struct policy_baseline *wanted = &watch->target->baseline;
	const struct listing *listing = observation->baseline_listing;
	struct baseline baseline = {0};
	if (!wanted->given)
		return baseline;
	if (!listing) {
		watch->baseline_history = (struct status_history){0};
		baseline.why_missing = why_absent(arena, watch->target, observation->baseline_absence);
		watch_note(watch, "there is no baseline: %.*s", TEXT_ARG(baseline.why_missing));
		return baseline;
	}
	bool own = listing == observation->listing;
	bool is_all = watch->target->selector.kind == SELECT_ALL &&
		      text_equal(observation->chain_id, observation->baseline_chain_id);
	baseline = gate_baseline_pick(arena, wanted, listing, observation->baseline_chain_id, is_all, selection);
	if (baseline.why_missing.length)
		watch_note(watch, "there is no baseline: %.*s", TEXT_ARG(baseline.why_missing));
	baseline.history = own ? &watch->history : &watch->baseline_history;
	const struct deployment *deployment = baseline.deployment;
	if (own)
		watch->baseline_history = (struct status_history){0};
	else
		watch->baseline_history = status_history_of(arena, &watch->baseline_history, listing, &deployment,
							    deployment ? 1 : 0, observation->baseline_at_ns);
	if (deployment && !status_is_at_rest(deployment->status))
		note_unrest(watch, deployment);
	return baseline;
}
