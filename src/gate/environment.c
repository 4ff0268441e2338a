/* environment.c - follows the environment of a target with a role: its current deployment, its candidate, and which
 * deployment is expected.
 *
 * What the list of the chain's deployments says of environments doesn't matter here. The API may show a deployment in
 * an environment before or after the environment serves it; the environment's own answer decides.
 */
#include "watch.h"

static void note_promotion(struct watch *watch, const struct environment *now)
{
	if (watch->candidate.length && text_equal(watch->candidate, now->current))
		watch_note(watch, "deployment '%.*s' was promoted: the environment '%.*s' serves it now",
			   TEXT_ARG(now->current), TEXT_ARG(now->name));
}

/* The deployment's own field may be late. */
static void note_disagreement(struct watch *watch, const struct listing *listing)
{
	const struct environment *now = listing->environment;
	const struct deployment *current = listing_find(listing, now->current);
	if (!current || (current->has_environment && text_equal(current->environment, now->name)))
		return;
	if (current->has_environment)
		watch_note(watch,
			   "the environment '%.*s' serves deployment '%.*s', but that deployment's field 'environment' "
			   "is '%.*s'",
			   TEXT_ARG(now->name), TEXT_ARG(current->id), TEXT_ARG(current->environment));
	else
		watch_note(watch,
			   "the environment '%.*s' serves deployment '%.*s', but that deployment's field 'environment' "
			   "names none",
			   TEXT_ARG(now->name), TEXT_ARG(current->id));
}

static void keep(struct watch *watch, struct text *kept, struct text now)
{
	if (!text_equal(*kept, now))
		*kept = arena_text(&watch->memory, now);
}

/* Counts since when another deployment than the expected one is served, as far as no promotion is running. */
static void compare_with_expected(struct watch *watch)
{
	struct text expected = watch->selector.expected;
	bool is_wrong = expected.length && !watch->candidate.length && watch->current.length &&
			!text_equal(watch->current, expected);
	if (!is_wrong)
		watch->unexpected_since_ns = NO_TIME;
	else if (watch->unexpected_since_ns == NO_TIME)
		watch->unexpected_since_ns = watch->at_ns;
}

void environment_follow(struct watch *watch, const struct listing *listing, const struct selection *selection)
{
	const struct environment *now = listing->environment;
	if (!now)
		return;
	note_promotion(watch, now);
	note_disagreement(watch, listing);
	keep(watch, &watch->current, now->current);
	keep(watch, &watch->candidate, now->candidate);
	if (!now->candidate.length)
		watch->promoting_since_ns = NO_TIME;
	else if (watch->promoting_since_ns == NO_TIME)
		watch->promoting_since_ns = watch->at_ns;
	compare_with_expected(watch);
	if (watch->selector.role == ROLE_CANDIDATE && selection->count)
		keep(watch, &watch->pinned, selection->deployments[0]->id);
}

void environment_forget(struct watch *watch)
{
	watch->current = watch->candidate = (struct text){0};
	watch->promoting_since_ns = watch->unexpected_since_ns = NO_TIME;
}

bool environment_is_promoting(const struct watch *watch)
{
	return watch->selector.expected.length && watch->candidate.length;
}

bool environment_is_wrong(const struct watch *watch)
{
	return watch->unexpected_since_ns != NO_TIME &&
	       watch->at_ns - watch->unexpected_since_ns > watch->wait.discover_for_ns;
}
