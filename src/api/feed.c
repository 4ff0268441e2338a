/* feed.c - see feed.h. */
#include "chaingate/feed.h"

#include "answer.h"
#include "chaingate/times.h"

#include <stdlib.h>

enum state {
	STATE_QUIET,
	STATE_TO_ASK,     /* a request must be sent */
	STATE_LOOKING_UP, /* the list of chains was asked for */
	STATE_ASKING,     /* the chain's own list was asked for */
	STATE_ANSWERED,   /* the answer can be read */
};

struct fed_chain {
	enum target_kind kind;
	struct text wanted, environment, id, name;
	const char *path; /* NULL until the id is known */
	struct api_lists lists;
	enum state state;
	bool has_begun;  /* a request of this poll was sent */
	int64_t sent_ns; /* when the first was sent */
	int64_t date_ns,
		date_at_ns; /* the Date of its last answer, and when that Date came for the first time; 0: none */
	struct feed_reading reading;
};

struct feed {
	struct arena arena, scratch; /* `arena` lives as long as the feed; `scratch` has the last answer */
	struct fed_chain *chains;
	size_t count;
	size_t to_ask, answered; /* how many chains are in STATE_TO_ASK and STATE_ANSWERED */
	bool is_looking_up[TARGET_KIND_COUNT];
	bool wants_chains, has_chains;
	const struct chain *listed; /* in `scratch` */
	size_t listed_count;
	bool has_clock; /* an answer that could be read had a Date */
	int64_t clock_offset_ns;
	bool has_date;                            /* the same, in this feed */
	int64_t date_ns, date_at_ns;              /* that Date, and when it came */
	bool is_date_of_look_up, is_clock_learnt; /* … from a list of chains; the clock is that Date's */
	struct api_answer answer;                 /* the last one */
	int64_t arrival_ns;                       /* when it came, by this machine's clock */
};

static void set_id(struct feed *feed, struct fed_chain *chain, struct text id)
{
	struct arena *arena = &feed->arena;
	chain->id = arena_text(arena, id);
	chain->lists.chain_id = chain->id;
	chain->path = chain->environment.length
			      ? api_environment_path(arena, chain->kind, chain->id, chain->environment)
			      : api_deployments_path(arena, chain->kind, chain->id);
}

struct feed *feed_new(const struct feed_source *sources, size_t count, size_t body_max)
{
	struct feed *feed = calloc(1, sizeof(*feed));
	if (!feed)
		memory_exhausted();
	feed->count = count;
	feed->chains = ARENA_ARRAY(&feed->arena, struct fed_chain, count);
	for (size_t i = 0; i < count; i++) {
		struct fed_chain *chain = &feed->chains[i];
		*chain = (struct fed_chain){.kind = sources[i].kind,
					    .wanted = sources[i].wanted,
					    .environment = sources[i].environment,
					    .lists = api_lists_make(body_max)};
		chain->lists.environment = chain->environment;
		chain->lists.owner.kind = chain->kind;
		if (sources[i].id.length)
			set_id(feed, chain, sources[i].id);
	}
	return feed;
}

void feed_free(struct feed *feed)
{
	if (!feed)
		return;
	for (size_t i = 0; i < feed->count; i++)
		api_lists_release(&feed->chains[i].lists);
	arena_release(&feed->scratch);
	arena_release(&feed->arena);
	free(feed);
}

void feed_want(struct feed *feed, size_t chain, const struct selector *const *selectors, size_t count)
{
	feed->chains[chain].lists.wanted = (struct api_wanted){.selectors = selectors, .count = count};
}

void feed_want_chains(struct feed *feed, bool wants)
{
	feed->wants_chains = wants;
}

bool feed_chains(const struct feed *feed, const struct chain **out, size_t *count)
{
	*out = feed->listed;
	*count = feed->listed_count;
	return feed->has_chains;
}

struct feed_clock feed_clock(const struct feed *feed)
{
	return (struct feed_clock){feed->has_clock, feed->clock_offset_ns};
}

void feed_set_clock(struct feed *feed, struct feed_clock clock)
{
	feed->has_clock = clock.is_known;
	feed->clock_offset_ns = clock.offset_ns;
}

void feed_ask(struct feed *feed, size_t chain)
{
	feed->to_ask += feed->chains[chain].state != STATE_TO_ASK;
	feed->chains[chain].state = STATE_TO_ASK;
	feed->chains[chain].has_begun = false;
}

bool feed_request(struct feed *feed, struct feed_request *out)
{
	for (size_t i = 0; feed->to_ask && i < feed->count; i++) {
		struct fed_chain *chain = &feed->chains[i];
		if (chain->state != STATE_TO_ASK)
			continue;
		feed->to_ask--;
		chain->state = chain->path ? STATE_ASKING : STATE_LOOKING_UP;
		if (!chain->path && feed->is_looking_up[chain->kind])
			continue; /* the answer to the running look-up serves this chain, too */
		feed->is_looking_up[chain->kind] |= !chain->path;
		*out = chain->path
			       ? (struct feed_request){chain->path, i, api_lists_last(&chain->lists)}
			       : (struct feed_request){api_chains_path(chain->kind), feed->count + chain->kind, {0}};
		return true;
	}
	return false;
}

static void begin(struct fed_chain *chain, int64_t sent_ns)
{
	if (!chain->has_begun)
		chain->sent_ns = sent_ns;
	chain->has_begun = true;
}

static void answer(struct feed *feed, size_t index, struct feed_reading reading, int64_t at_ns)
{
	struct fed_chain *chain = &feed->chains[index];
	feed->answered += chain->state != STATE_ANSWERED;
	chain->state = STATE_ANSWERED;
	chain->reading = reading;
	chain->reading.chain = index;
	chain->reading.chain_id = chain->id;
	chain->reading.name = chain->name;
	chain->reading.model = chain->lists.owner.name;
	chain->reading.sent_ns = chain->sent_ns;
	chain->reading.at_ns = at_ns;
	chain->reading.answer = &feed->answer;
	chain->reading.has_clock = feed->has_clock;
	chain->reading.clock_offset_ns = feed->clock_offset_ns;
}

/* ---- the API's clock -------------------------------------------------------------------------------------------- */

/* The moment of the answer's Date. The Date of an answer out of a cache is as old as the answer. */
static bool date_of(const struct api_answer *answer, int64_t *out_ns)
{
	if (!http_date_parse(answer->date, out_ns))
		return false;
	*out_ns = time_add(*out_ns, answer_age_s(answer) * NS_PER_S);
	return true;
}

/* Sets when the answer came, by the API's clock as far as it is known. */
static void set_arrival(struct feed *feed)
{
	struct api_answer *answer = &feed->answer;
	int64_t date_ns;
	feed->arrival_ns = answer->wall_ns;
	if (feed->has_clock)
		answer->wall_ns = time_add(answer->wall_ns, feed->clock_offset_ns);
	else if (date_of(answer, &date_ns))
		answer->wall_ns = date_ns;
}

/* How far a Date may be behind. A Date has whole seconds, and the clocks of servers that answer in turn may differ by a
 * second or two. A copy that is no older than this is seldom worse than a slow answer. */
#define DATE_BEHIND_MAX_NS (5 * NS_PER_S)

/* Nothing shows that a cache answered the look-up, which comes only once, until the first list has a later Date. */
static bool was_look_up_old(const struct feed *feed, int64_t date_ns, int64_t at_ns)
{
	int64_t expected_ns = time_add(feed->date_ns, at_ns - feed->date_at_ns);
	return feed->is_date_of_look_up && date_ns > time_add(expected_ns, DATE_BEHIND_MAX_NS);
}

/* Call it for an answer that could be read. Moments from the API must be compared with the API's clock. It is known from
 * the first such answer that has a Date. A proxy's login page has status 200, too, and a Date by the proxy's clock. */
static void learn_clock(struct feed *feed, int64_t at_ns, bool is_look_up)
{
	int64_t date_ns;
	bool is_dated = date_of(&feed->answer, &date_ns);
	bool is_corrected = is_dated && was_look_up_old(feed, date_ns, at_ns);
	/* Only the first list corrects it: later ones would come too late for `since`. */
	feed->is_date_of_look_up &= is_look_up;
	if (!is_dated || (feed->has_date && !is_corrected))
		return;
	feed->has_date = true;
	feed->date_ns = date_ns;
	feed->date_at_ns = at_ns;
	feed->is_date_of_look_up = is_look_up;
	if (feed->has_clock && !feed->is_clock_learnt)
		return;
	feed->has_clock = feed->is_clock_learnt = true;
	feed->clock_offset_ns = date_ns - feed->arrival_ns;
}

/* ---- copies that only their Date gives away --------------------------------------------------------------------- */

/* How far it may be behind besides: one part in so many of the time since the first Date. Two clocks drift apart by at
 * most 500 parts in a million, beyond which no program that sets clocks corrects them. */
#define DATE_DRIFT 2000

/* The header came twice, from two servers on the way: "A, A" is A. */
static struct text single_date(struct text date)
{
	size_t half = date.length > 2 ? (date.length - 2) / 2 : 0;
	struct text first = text_slice(date, 0, half), last = text_slice(date, half + 2, date.length);
	bool is_double = half > 0 && date.bytes[half] == ',' && date.bytes[half + 1] == ' ' && text_equal(first, last);
	return is_double ? first : date;
}

/* True if the Date of an answer to a request that was sent at `sent_ns` is too far behind the one expected since the
 * first Date. *out_ns: how far. */
static bool is_behind(const struct feed *feed, int64_t date_ns, int64_t sent_ns, int64_t *out_ns)
{
	int64_t passed_ns = sent_ns - feed->date_at_ns;
	*out_ns = time_add(feed->date_ns, passed_ns) - date_ns;
	return feed->has_date && *out_ns > DATE_BEHIND_MAX_NS + passed_ns / DATE_DRIFT;
}

/* The same for a Date that stands still, also one that is ahead. It takes note of the Date. */
static bool is_frozen(struct fed_chain *chain, int64_t date_ns, int64_t sent_ns, int64_t at_ns, int64_t *out_ns)
{
	*out_ns = sent_ns - chain->date_at_ns;
	if (chain->date_at_ns && date_ns == chain->date_ns)
		return *out_ns > DATE_BEHIND_MAX_NS;
	chain->date_ns = date_ns;
	chain->date_at_ns = at_ns;
	return false;
}

/* A cache that takes the Age away leaves the copy's Date. The answer becomes a miss, which is recorded as such. */
static void refuse_copy(struct feed *feed, struct fed_chain *chain, int64_t sent_ns, int64_t at_ns)
{
	struct api_answer *answer = &feed->answer;
	int64_t date_ns, behind_ns, still_ns = 0;
	if (!answer_is_observation(answer) || answer_is_stale(answer) || !date_of(answer, &date_ns))
		return;
	bool stands_still = chain && is_frozen(chain, date_ns, sent_ns, at_ns, &still_ns);
	if (!is_behind(feed, date_ns, sent_ns, &behind_ns) && !stands_still)
		return;
	int64_t old_ns = behind_ns > still_ns ? behind_ns : still_ns;
	struct miss miss = answer_old_date_miss(&feed->scratch, answer, old_ns / NS_PER_S, stands_still);
	*answer = (struct api_answer){.transport = miss, .wall_ns = answer->wall_ns};
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static void take_chains(struct feed *feed, enum target_kind kind, int64_t sent_ns, int64_t at_ns)
{
	const struct chain *chains = NULL, *found;
	struct miss unread = {0};
	size_t count = 0;
	bool is_read = api_read_chains(&feed->scratch, &feed->answer, kind, &chains, &count, &unread);
	feed->is_looking_up[kind] = false;
	if (is_read)
		learn_clock(feed, at_ns, true);
	if (is_read && feed->wants_chains && kind == TARGET_CHAIN) {
		feed->has_chains = true;
		feed->listed = chains;
		feed->listed_count = count;
		return;
	}
	for (size_t i = 0; i < feed->count; i++) {
		struct fed_chain *chain = &feed->chains[i];
		struct feed_reading reading = {.miss = unread};
		if (chain->state != STATE_LOOKING_UP || chain->kind != kind)
			continue;
		begin(chain, sent_ns);
		found = is_read ? api_choose_chain(&feed->scratch, kind, chains, count, chain->wanted, &reading.miss)
				: NULL;
		if (!found) {
			answer(feed, i, reading, at_ns);
			continue;
		}
		set_id(feed, chain, found->id);
		chain->name = arena_text(&feed->arena, found->name);
		if (kind == TARGET_MODEL)
			chain->lists.owner.name = chain->name;
		feed->to_ask++;
		chain->state = STATE_TO_ASK; /* that was the look-up; now ask for the chain's list */
	}
}

static void take_list(struct feed *feed, size_t index, int64_t sent_ns, int64_t at_ns)
{
	struct fed_chain *chain = &feed->chains[index];
	struct feed_reading reading = {.is_list = true};
	begin(chain, sent_ns);
	if (api_lists_read(&chain->lists, &feed->answer, &reading.miss)) {
		reading.listing = chain->lists.latest;
		learn_clock(feed, at_ns, false);
	}
	answer(feed, index, reading, at_ns);
}

void feed_take(struct feed *feed, size_t tag, const struct api_answer *api_answer, int64_t sent_ns, int64_t at_ns)
{
	arena_clear(&feed->scratch);
	feed->answer = *api_answer;
	feed->answer.date = single_date(api_answer->date);
	set_arrival(feed);
	refuse_copy(feed, tag < feed->count ? &feed->chains[tag] : NULL, sent_ns, at_ns);
	if (tag >= feed->count)
		take_chains(feed, (enum target_kind)(tag - feed->count), sent_ns, at_ns);
	else
		take_list(feed, tag, sent_ns, at_ns);
}

bool feed_reading(struct feed *feed, struct feed_reading *out)
{
	for (size_t i = 0; feed->answered && i < feed->count; i++) {
		if (feed->chains[i].state != STATE_ANSWERED)
			continue;
		feed->answered--;
		feed->chains[i].state = STATE_QUIET;
		*out = feed->chains[i].reading;
		return true;
	}
	return false;
}
