/* environment.c - follows the environment of a target with a role: its current deployment, its candidate, and which
 * deployment is expected.
 *
 * What the list of the chain's deployments says of environments doesn't matter here. The API may show a deployment in
 * an environment before or after the environment serves it; the environment's own answer decides.
 */
#include "watch.h"

#include <inttypes.h>

static void note_promotion(struct watch *watch, const struct environment *now)
{
	if (!watch->candidate.length || !text_equal(watch->candidate, now->current))
		return;
	struct buf id = text_quoted(now->current), name = text_quoted(now->name);
	watch_note(watch, "deployment %s was promoted: the environment %s serves it now", buf_string(&id),
		   buf_string(&name));
	buf_release(&id);
	buf_release(&name);
}

/* The deployment's own field may be late. */
static void note_disagreement(struct watch *watch, const struct listing *listing)
{
	const struct environment *now = listing->environment;
	const struct deployment *current = listing_find(listing, now->current);
	if (!current || (current->has_environment && text_equal(current->environment, now->name)))
		return;
	struct buf id = text_quoted(current->id), name = text_quoted(now->name),
		   field = text_quoted(current->environment);
	watch_note(watch, "the environment %s serves deployment %s, but that deployment's field 'environment' %s%s",
		   buf_string(&name), buf_string(&id), current->has_environment ? "is " : "names none",
		   current->has_environment ? buf_string(&field) : "");
	buf_release(&id);
	buf_release(&name);
	buf_release(&field);
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
	bool is_wrong = expected.length && !watch->is_promoted_to && watch->current.length &&
			!text_equal(watch->current, expected);
	if (!is_wrong)
		watch->unexpected_since_ns = NO_TIME;
	else if (watch->unexpected_since_ns == NO_TIME)
		watch->unexpected_since_ns = watch->at_ns;
}

/* "RAMPING_UP, 25% of the traffic" */
static void add_promotion(struct buf *buf, const struct promotion *promotion)
{
	if (promotion->state == PROMOTION_UNKNOWN)
		text_add_quoted(buf, promotion->word, 0);
	else
		text_add_printable(buf, promotion->word);
	if (promotion->traffic_percent >= 0)
		buf_printf(buf, ", %" PRId64 "%% of the traffic", promotion->traffic_percent);
}

static void note_state(struct watch *watch, const struct environment *now)
{
	if (!now->promotion)
		return;
	struct buf name = text_quoted(now->name), word = text_quoted(now->promotion->word);
	switch (now->promotion->state) {
	case PROMOTION_PAUSED:
		watch_note(watch, "the promotion to the environment %s is paused: %.*s", buf_string(&name),
			   TEXT_ARG(watch->promotion));
		break;
	case PROMOTION_RECEDING:
		watch_note(watch, "the promotion to the environment %s is being taken back: %.*s", buf_string(&name),
			   TEXT_ARG(watch->promotion));
		break;
	case PROMOTION_UNKNOWN:
		watch_note(watch,
			   "the promotion to the environment %s has the status %s, which this version doesn't know",
			   buf_string(&name), buf_string(&word));
		break;
	case PROMOTION_RUNNING:
	case PROMOTION_SUCCEEDED:
	case PROMOTION_ENDED: break;
	}
	buf_release(&name);
	buf_release(&word);
}

/* "new (FAILED): 'out of capacity'" */
static void word_end(struct watch *watch, const struct environment *now)
{
	buf_clear(&watch->ended_words);
	text_add_printable(&watch->ended_words, now->ended.length ? now->ended : watch->pinned);
	buf_printf(&watch->ended_words, " (%.*s)", TEXT_ARG(now->promotion->word));
	if (now->promotion->error.length) {
		buf_add_string(&watch->ended_words, ": ");
		text_add_quoted(&watch->ended_words, now->promotion->error, 0);
	}
	watch->ended = buf_text(&watch->ended_words);
}

/* True if the end that the environment tells is of the candidate that is followed. The API doesn't say whose it is,
 * and may show the former promotion's end beside the next candidate. So the end of a candidate that was never seen on
 * its way counts only if it was there when the end was first seen, is recent enough to be selected, and is at rest:
 * one that still moves hasn't ended. */
static bool is_own_end(const struct watch *watch, const struct listing *listing)
{
	const struct environment *now = listing->environment;
	const struct deployment *one = listing_find(listing, now->ended);
	if (watch->pinned.length)
		return now->ended.length ? text_equal(watch->pinned, now->ended)
					 : !text_equal(watch->pinned, now->current);
	return one && text_equal(watch->first_ended, now->ended) && since_includes(watch->selector.since, one) &&
	       status_is_at_rest(one->status);
}

static void forget_end(struct watch *watch)
{
	watch->is_over = false;
	watch->ended = (struct text){0};
	watch->ended_since_ns = NO_TIME;
}

static void follow_end(struct watch *watch, const struct listing *listing)
{
	const struct environment *now = listing->environment;
	if (!now->promotion || !promotion_is_over(now->promotion->state)) {
		forget_end(watch);
		return;
	}
	if (!watch->is_over)
		keep(watch, &watch->first_ended, now->ended);
	watch->is_over = true;
	word_end(watch, now);
	if (watch->selector.role != ROLE_CANDIDATE || !is_own_end(watch, listing))
		watch->ended_since_ns = NO_TIME;
	else if (watch->ended_since_ns == NO_TIME)
		watch->ended_since_ns = watch->at_ns;
}

static void follow_promotion(struct watch *watch, const struct environment *now)
{
	watch->is_promoted_to = environment_is_promoted_to(now);
	watch->is_unclear = now->promotion && now->promotion->state == PROMOTION_UNKNOWN;
	buf_clear(&watch->promotion_words);
	if (watch->is_promoted_to && now->promotion)
		add_promotion(&watch->promotion_words, now->promotion);
	watch->promotion = buf_text(&watch->promotion_words);
	note_state(watch, now);
	if (!watch->is_promoted_to)
		watch->promoting_since_ns = NO_TIME;
	else if (watch->promoting_since_ns == NO_TIME)
		watch->promoting_since_ns = watch->at_ns;
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
	follow_promotion(watch, now);
	follow_end(watch, listing);
	compare_with_expected(watch);
	if (watch->selector.role == ROLE_CANDIDATE && selection->count)
		keep(watch, &watch->pinned, selection->deployments[0]->id);
}

void environment_forget(struct watch *watch)
{
	watch->current = watch->candidate = watch->promotion = (struct text){0};
	watch->is_promoted_to = watch->is_unclear = false;
	watch->promoting_since_ns = watch->unexpected_since_ns = NO_TIME;
	forget_end(watch);
}

bool environment_is_promoting(const struct watch *watch)
{
	if (watch->selector.role == ROLE_CANDIDATE && watch->is_unclear)
		return true;
	return watch->selector.expected.length && watch->is_promoted_to;
}

bool environment_has_ended(const struct watch *watch)
{
	return watch->ended_since_ns != NO_TIME && watch->at_ns - watch->ended_since_ns > watch->wait.discover_for_ns;
}

bool environment_is_wrong(const struct watch *watch)
{
	return watch->unexpected_since_ns != NO_TIME &&
	       watch->at_ns - watch->unexpected_since_ns > watch->wait.discover_for_ns;
}
