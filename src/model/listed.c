/* listed.c - see listed.h. */
#include "chaingate/listed.h"

#include "chaingate/times.h"

#include <inttypes.h>
#include <stdlib.h>

/* How many are named: as many as a reader takes in at a glance. */
#define ENVIRONMENTS_NAMED_MAX 5
#define DEPLOYMENTS_NAMED_MAX 3
/* Limit for different environments; a chain has a handful. */
#define ENVIRONMENTS_MAX 64
/* Longest name shown, in columns. Real ids have 7. */
#define NAME_COLUMNS_MAX 40

/* Between the parts of a list of `count`: ", " or " and ". */
static void add_between(struct buf *buf, size_t index, size_t count)
{
	if (index > 0)
		buf_add_string(buf, index + 1 == count ? " and " : ", ");
}

/* Begins a part; the caller appends what the chain has. */
static void add_the(struct buf *buf, size_t begin)
{
	bool is_first = buf->length == begin;
	bool is_asked = !is_first && buf->bytes[buf->length - 1] == '?';
	buf_add_string(buf, is_first ? "the " : is_asked ? " The " : "; the ");
}

static bool is_of_chain(const struct deployment *deployment, struct text chain_id)
{
	return text_equal(deployment->chain_id, chain_id);
}

/* A typing mistake changes at most a third of the word: the same limit as in text_nearest. */
static bool is_near(size_t distance, struct text wanted)
{
	return distance <= (wanted.length / 3 > 1 ? wanted.length / 3 : 1);
}

/* ---- environments ----------------------------------------------------------------------------------------------- */

struct near_name {
	struct text name;
	size_t distance;
};

static int compare_nearness(const void *left, const void *right)
{
	const struct near_name *a = left, *b = right;
	if (a->distance != b->distance)
		return a->distance < b->distance ? -1 : 1;
	return text_compare(a->name, b->name);
}

/* Each environment once, the most similar first. */
static size_t find_environments(struct near_name *names, const struct listing *listing, struct text wanted,
				struct text chain_id)
{
	size_t count = 0;
	for (size_t i = 0; i < listing->count && count < ENVIRONMENTS_MAX; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		size_t at = 0;
		if (!deployment->has_environment || !is_of_chain(deployment, chain_id))
			continue;
		while (at < count && !text_equal(names[at].name, deployment->environment))
			at++;
		if (at == count)
			names[count++] = (struct near_name){deployment->environment,
							    text_distance(deployment->environment, wanted)};
	}
	if (count > 1)
		qsort(names, count, sizeof *names, compare_nearness);
	return count;
}

void listed_add_environments(struct buf *buf, const struct listing *listing, enum target_kind kind, struct text wanted,
			     struct text chain_id)
{
	struct near_name names[ENVIRONMENTS_MAX];
	size_t count = find_environments(names, listing, wanted, chain_id);
	size_t named = count > ENVIRONMENTS_NAMED_MAX ? ENVIRONMENTS_NAMED_MAX : count, begin = buf->length;
	if (count == 0) {
		buf_printf(buf, "no deployment of the %s is in an environment", target_kind_name(kind));
		return;
	}
	if (is_near(names[0].distance, wanted)) {
		buf_add_string(buf, "did you mean ");
		text_add_quoted(buf, names[0].name, NAME_COLUMNS_MAX);
		buf_add_byte(buf, '?');
	}
	add_the(buf, begin);
	buf_printf(buf, count == 1 ? "%s's only environment is " : "%s's environments are ", target_kind_name(kind));
	for (size_t i = 0; i < named; i++) {
		add_between(buf, i, count == named ? named : SIZE_MAX);
		text_add_quoted(buf, names[i].name, NAME_COLUMNS_MAX);
	}
	if (count > named)
		buf_printf(buf, " and %zu more", count - named);
}

/* ---- deployments ------------------------------------------------------------------------------------------------ */

/* "45s old", "12m old", "5h old", "3d old". */
static void add_age(struct buf *buf, int64_t age_ns)
{
	static const struct {
		int64_t most_ns, unit_ns;
		char letter;
	} units[] = {
		{2 * NS_PER_MINUTE, NS_PER_S, 's'},
		{2 * NS_PER_HOUR, NS_PER_MINUTE, 'm'},
		{48 * NS_PER_HOUR, NS_PER_HOUR, 'h'},
		{INT64_MAX, 24 * NS_PER_HOUR, 'd'},
	};
	size_t i = 0;
	while (age_ns >= units[i].most_ns && units[i].most_ns != INT64_MAX)
		i++;
	buf_printf(buf, "%" PRId64 "%c old", age_ns / units[i].unit_ns, units[i].letter);
}

/* An unknown word is quoted, because it could be one of ours. */
static void add_word(struct buf *buf, bool is_known, struct text word)
{
	if (is_known)
		text_add_within(buf, word, NAME_COLUMNS_MAX);
	else
		text_add_quoted(buf, word, NAME_COLUMNS_MAX);
}

static void add_deployment(struct buf *buf, const struct deployment *deployment, int64_t now_wall_ns)
{
	text_add_quoted(buf, deployment->id, NAME_COLUMNS_MAX);
	if (deployment->has_environment) {
		buf_add_string(buf, " (in ");
		text_add_quoted(buf, deployment->environment, NAME_COLUMNS_MAX);
	} else {
		buf_add_string(buf, " (in no environment");
	}
	if (deployment->is_development.value)
		buf_add_string(buf, ", in development");
	if (now_wall_ns != LISTED_AT_NO_TIME) {
		buf_add_string(buf, ", ");
		add_word(buf, deployment->status != STATUS_UNKNOWN, deployment->status_word);
		buf_add_string(buf, ", ");
		if (now_wall_ns >= deployment->created_at_wall_ns) {
			add_age(buf, now_wall_ns - deployment->created_at_wall_ns);
		} else {
			buf_add_string(buf, "created ");
			moment_add(buf, deployment->created_at_wall_ns, false);
		}
	}
	buf_add_byte(buf, ')');
}

static bool is_newer(const struct deployment *a, const struct deployment *b)
{
	if (a->created_at_wall_ns != b->created_at_wall_ns)
		return a->created_at_wall_ns > b->created_at_wall_ns;
	return text_compare(a->id, b->id) > 0;
}

/* The newest first. Returns how many deployments the chain has. */
static size_t find_newest(const struct deployment **newest, const struct listing *listing, struct text chain_id)
{
	size_t count = 0;
	for (size_t i = 0; i < listing->count; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		if (!is_of_chain(deployment, chain_id))
			continue;
		size_t at = count < DEPLOYMENTS_NAMED_MAX ? count : DEPLOYMENTS_NAMED_MAX;
		for (; at > 0 && is_newer(deployment, newest[at - 1]); at--)
			if (at < DEPLOYMENTS_NAMED_MAX)
				newest[at] = newest[at - 1];
		if (at < DEPLOYMENTS_NAMED_MAX)
			newest[at] = deployment;
		count++;
	}
	return count;
}

static void add_newest(struct buf *buf, const struct listing *listing, enum target_kind kind, struct text chain_id,
		       int64_t now_wall_ns)
{
	const char *of = target_kind_name(kind);
	const struct deployment *newest[DEPLOYMENTS_NAMED_MAX];
	size_t count = find_newest(newest, listing, chain_id);
	size_t named = count > DEPLOYMENTS_NAMED_MAX ? DEPLOYMENTS_NAMED_MAX : count;
	if (count == 0)
		buf_printf(buf, "%s has no deployments", of);
	else if (count > named)
		buf_printf(buf, "newest of the %s's %zu deployments are ", of, count);
	else
		buf_printf(buf, count == 1 ? "%s's only deployment is " : "%s's deployments are ", of);
	for (size_t i = 0; i < named; i++) {
		add_between(buf, i, named);
		add_deployment(buf, newest[i], now_wall_ns);
	}
}

/* The id that the user may have meant, or NULL. */
static const struct deployment *find_near(const struct listing *listing, struct text wanted, struct text chain_id)
{
	const struct deployment *nearest = NULL;
	size_t least = SIZE_MAX;
	for (size_t i = 0; i < listing->count; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		size_t distance = text_distance(deployment->id, wanted);
		if (!is_of_chain(deployment, chain_id) || !is_near(distance, wanted) || distance > least)
			continue;
		if (!nearest || distance < least || is_newer(deployment, nearest))
			nearest = deployment;
		least = distance;
	}
	return nearest;
}

/* ---- an environment's answer ------------------------------------------------------------------------------------ */

/* "; the promotion of 'q86yjdy' is FAILED: 'no capacity'" */
static void add_promotion(struct buf *buf, const struct environment *environment, int64_t now_wall_ns)
{
	const struct promotion *promotion = environment->promotion;
	struct text id = environment->candidate.length ? environment->candidate : environment->ended;
	buf_add_string(buf, "; the promotion");
	if (id.length) {
		buf_add_string(buf, " of ");
		text_add_quoted(buf, id, NAME_COLUMNS_MAX);
	}
	buf_add_string(buf, " is ");
	add_word(buf, promotion->state != PROMOTION_UNKNOWN, promotion->word);
	if (now_wall_ns != LISTED_AT_NO_TIME && promotion->state != PROMOTION_ENDED && promotion->traffic_percent >= 0)
		buf_printf(buf, ", with %" PRId64 "%% of the traffic", promotion->traffic_percent);
	if (promotion->error.length) {
		buf_add_string(buf, ": ");
		text_add_quoted(buf, promotion->error, 2 * NAME_COLUMNS_MAX);
	}
}

/* "current deployment of 'production' is 'old' (in 'production', ACTIVE, 3h old), and it has no candidate" */
static void add_occupants(struct buf *buf, const struct listing *listing, int64_t now_wall_ns)
{
	const struct environment *environment = listing->environment;
	const struct deployment *current = listing_find(listing, environment->current),
				*candidate = listing_find(listing, environment->candidate);
	buf_add_string(buf, current ? "current deployment of " : "environment ");
	text_add_quoted(buf, environment->name, NAME_COLUMNS_MAX);
	buf_add_string(buf, current ? " is " : " has no current deployment");
	if (current)
		add_deployment(buf, current, now_wall_ns);
	buf_add_string(buf, candidate ? ", and its candidate is "
			    : current ? ", and it has no candidate"
				      : ", and no candidate");
	if (candidate)
		add_deployment(buf, candidate, now_wall_ns);
	if (environment->promotion)
		add_promotion(buf, environment, now_wall_ns);
}

/* ---- the phrase ------------------------------------------------------------------------------------------------- */

void listed_add(struct buf *buf, const struct listing *listing, const struct selector *selector, size_t older,
		struct text chain_id, int64_t now_wall_ns)
{
	size_t begin = buf->length;
	const struct deployment *nearest =
		selector->kind == SELECT_DEPLOYMENT ? find_near(listing, selector->value, chain_id) : NULL;
	if (older > 0) {
		buf_printf(buf, "%zu that %s left out by 'since'", older, older == 1 ? "fits is" : "fit are");
	} else if (selector->kind == SELECT_ENVIRONMENT && !listing->environment) {
		listed_add_environments(buf, listing, selector->of, selector->value, chain_id);
	} else if (nearest) {
		buf_add_string(buf, "did you mean ");
		text_add_quoted(buf, nearest->id, NAME_COLUMNS_MAX);
		buf_add_byte(buf, '?');
	}
	add_the(buf, begin);
	if (listing->environment)
		add_occupants(buf, listing, now_wall_ns);
	else
		add_newest(buf, listing, selector->of, chain_id, now_wall_ns);
}
