/* selection.c - selects a gate's deployments from a listing.
 *
 * Every path here selects nothing when in doubt: with an unresolved `since`, a selector that was never given, or an
 * empty value.
 */
#include "chaingate/selection.h"

#include "chaingate/times.h"

#include <stdlib.h>

/* ---- since ------------------------------------------------------------------------------------------------------ */

bool since_parse(struct text text, struct since *out)
{
	struct since since = {.kind = SINCE_ANY};
	if (text_is(text, "any"))
		; /* not a time */
	else if (duration_parse(text, &since.ns) == DURATION_OK)
		since.kind = SINCE_AGO;
	else if (moment_parse(text, &since.ns))
		since.kind = SINCE_MOMENT;
	else
		return false;
	*out = since;
	return true;
}

enum selector_kind selector_kind_meant(struct text id)
{
	if (text_is_in_any_case(id, "latest") || text_is_in_any_case(id, "newest"))
		return SELECT_LATEST;
	return text_is_in_any_case(id, "all") ? SELECT_ALL : SELECT_NOTHING;
}

/* start - ago, without wrapping; `ago` isn't negative. */
static int64_t before(int64_t start_ns, int64_t ago_ns)
{
	return start_ns < INT64_MIN + ago_ns ? INT64_MIN : start_ns - ago_ns;
}

struct since since_resolve(struct since since, int64_t run_start_wall_ns)
{
	if (since.kind != SINCE_AGO)
		return since;
	return (struct since){SINCE_MOMENT, before(run_start_wall_ns, since.ns < 0 ? 0 : since.ns)};
}

bool since_includes(struct since since, const struct deployment *deployment)
{
	switch (since.kind) {
	case SINCE_NOT_GIVEN:
	case SINCE_ANY: return true;
	case SINCE_MOMENT: return deployment->created_at_wall_ns >= since.ns;
	case SINCE_AGO: break; /* unresolved: the start that it refers to isn't known */
	}
	return false;
}

bool selector_needs_since(const struct selector *selector)
{
	switch (selector->kind) {
	case SELECT_ENVIRONMENT:
	case SELECT_LATEST:
	case SELECT_ALL: return selector->since.kind == SINCE_NOT_GIVEN;
	case SELECT_NOTHING:
	case SELECT_DEPLOYMENT: break;
	}
	return false;
}

/* ---- roles ------------------------------------------------------------------------------------------------------ */

const char *environment_role_name(enum environment_role role)
{
	switch (role) {
	case ROLE_ANY: return "any";
	case ROLE_CURRENT: return "current";
	case ROLE_CANDIDATE: return "candidate";
	}
	return "";
}

struct text selector_environment(const struct selector *selector)
{
	bool is_of_answer = selector->kind == SELECT_ENVIRONMENT && selector->role != ROLE_ANY;
	return is_of_answer ? selector->value : (struct text){0};
}

/* The id of the deployment that has the role in the environment; empty: none has. */
static struct text id_of_role(const struct environment *environment, enum environment_role role)
{
	switch (role) {
	case ROLE_CURRENT: return environment->current;
	case ROLE_CANDIDATE: return environment->candidate;
	case ROLE_ANY: break;
	}
	return (struct text){0};
}

static bool has_role(const struct selector *selector, const struct deployment *deployment)
{
	const struct environment *environment = deployment->shown_by;
	return environment && text_equal(environment->name, selector->value) &&
	       text_equal(deployment->id, id_of_role(environment, selector->role)) &&
	       (!selector->expected.length || text_equal(deployment->id, selector->expected));
}

/* ---- selecting -------------------------------------------------------------------------------------------------- */

static bool is_of_chain(const struct deployment *deployment, struct text chain_id)
{
	return text_equal(deployment->chain_id, chain_id);
}

bool selector_matches(const struct selector *selector, const struct deployment *deployment)
{
	switch (selector->kind) {
	case SELECT_DEPLOYMENT: return text_equal(deployment->id, selector->value);
	case SELECT_ENVIRONMENT:
		if (selector->role != ROLE_ANY)
			return has_role(selector, deployment);
		return deployment->has_environment && text_equal(deployment->environment, selector->value);
	case SELECT_LATEST:
	case SELECT_ALL: return true;
	case SELECT_NOTHING: break;
	}
	return false;
}

static bool is_newer(const struct deployment *deployment, const struct deployment *than)
{
	if (deployment->created_at_wall_ns != than->created_at_wall_ns)
		return deployment->created_at_wall_ns > than->created_at_wall_ns;
	return text_compare(deployment->id, than->id) > 0;
}

const struct deployment *selection_newest(const struct listing *listing, const struct selector *selector,
					  struct text chain_id)
{
	const struct deployment *newest = NULL;
	for (size_t i = 0; i < listing->count; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		if (is_of_chain(deployment, chain_id) && since_includes(selector->since, deployment) &&
		    !deployment->is_development.value && (!newest || is_newer(deployment, newest)))
			newest = deployment;
	}
	return newest;
}

static const struct deployment *latest(const struct listing *listing, const struct selector *selector,
				       struct text chain_id, struct text pinned)
{
	if (pinned.length == 0)
		return selection_newest(listing, selector, chain_id);
	const struct deployment *found = listing_find(listing, pinned);
	return found && is_of_chain(found, chain_id) ? found : NULL;
}

/* True for a candidate that was selected before and has become the current deployment. */
static bool was_promoted(const struct selector *selector, const struct deployment *deployment, struct text pinned)
{
	const struct environment *environment = deployment->shown_by;
	return selector->kind == SELECT_ENVIRONMENT && selector->role == ROLE_CANDIDATE && environment &&
	       !environment->candidate.length && pinned.length && text_equal(environment->name, selector->value) &&
	       text_equal(environment->current, pinned) && text_equal(deployment->id, pinned);
}

static int compare_ids(const void *left, const void *right)
{
	const struct deployment *const *a = left;
	const struct deployment *const *b = right;
	return text_compare((*a)->id, (*b)->id);
}

struct selection selection_make(struct arena *arena, const struct listing *listing, const struct selector *selector,
				struct text chain_id, struct text pinned)
{
	const struct deployment **picked = ARENA_ARRAY(arena, const struct deployment *, listing->count);
	struct selection selection = {.deployments = picked};
	const struct deployment *only = NULL;
	if (selector->kind == SELECT_LATEST)
		only = latest(listing, selector, chain_id, pinned);
	for (size_t i = 0; i < listing->count; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		if (!is_of_chain(deployment, chain_id))
			selection.foreign++;
		else if (!selector_matches(selector, deployment) && !was_promoted(selector, deployment, pinned))
			continue;
		else if (deployment != only && !since_includes(selector->since, deployment))
			selection.older++;
		else if (selector->kind != SELECT_LATEST || deployment == only)
			picked[selection.count++] = deployment;
	}
	if (selection.count > 1)
		qsort(picked, selection.count, sizeof *picked, compare_ids);
	return selection;
}
