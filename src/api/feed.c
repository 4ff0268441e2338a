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
	bool is_id;       /* `wanted` is one */
	const char *path; /* NULL until the id is known */
	struct api_lists lists;
	enum state state;
	bool is_looked_up; /* the id is from a list of chains, of this feed */
	bool is_outdated;  /* … which was an old copy; the same for one that the feed began with */
	bool has_begun;    /* a request of this poll was sent */
	int64_t sent_ns;   /* when the first was sent */
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
	bool has_clock; /* a chain's list that could be read had a Date */
	int64_t clock_offset_ns, clock_slack_ns;
	struct feed_date first;   /* of the answers that could be read, since one showed that all before were old */
	struct api_answer answer; /* the last one */
	int64_t arrival_ns;       /* when it came, by this machine's clock */
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
					    .is_id = sources[i].is_id,
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

struct feed_date feed_date(const struct feed *feed)
{
	return feed->first;
}

void feed_set_date(struct feed *feed, struct feed_date date)
{
	feed->first = date;
}

void feed_ask(struct feed *feed, size_t chain)
{
	feed->to_ask += feed->chains[chain].state != STATE_TO_ASK;
	feed->chains[chain].state = STATE_TO_ASK;
	feed->chains[chain].has_begun = false;
}

static bool needs_look_up(const struct fed_chain *chain)
{
	return !chain->path || (chain->is_looked_up && chain->is_outdated);
}

bool feed_request(struct feed *feed, struct feed_request *out)
{
	for (size_t i = 0; feed->to_ask && i < feed->count; i++) {
		struct fed_chain *chain = &feed->chains[i];
		if (chain->state != STATE_TO_ASK)
			continue;
		feed->to_ask--;
		bool is_look_up = needs_look_up(chain);
		chain->state = is_look_up ? STATE_LOOKING_UP : STATE_ASKING;
		if (is_look_up && feed->is_looking_up[chain->kind])
			continue; /* the answer to the running look-up serves this chain, too */
		feed->is_looking_up[chain->kind] |= is_look_up;
		*out = is_look_up ? (struct feed_request){api_chains_path(chain->kind), feed->count + chain->kind, {0}}
				  : (struct feed_request){chain->path, i, api_lists_last(&chain->lists)};
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
	chain->reading.clock_slack_ns = feed->clock_slack_ns;
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

/* An answer that took no longer than this counts as written when it was complete: a Date has whole seconds anyway. */
#define CLOCK_SURE_NS NS_PER_S

/* The API wrote the Date at some moment between the request and the end of the answer: usually before the body, and a long
 * list takes a while to come. So its clock may be ahead by as long as the answer took. */
static void set_clock(struct feed *feed, int64_t date_ns, int64_t took_ns)
{
	feed->has_clock = true;
	feed->clock_offset_ns = date_ns - feed->arrival_ns;
	feed->clock_slack_ns = took_ns > CLOCK_SURE_NS ? took_ns : 0;
}

/* Moments from the API must be compared with the API's clock, by the first chain's list that could be read: a proxy's
 * login page has status 200, too, and a Date by the proxy's clock. The list of chains doesn't count: it comes only once,
 * so nothing shows yet whether it is a cache's copy. */
static void learn_clock(struct feed *feed, int64_t took_ns)
{
	int64_t date_ns;
	if (feed->has_clock || !date_of(&feed->answer, &date_ns))
		return;
	set_clock(feed, date_ns, took_ns);
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
	int64_t passed_ns = sent_ns - feed->first.at_ns;
	*out_ns = time_add(feed->first.date_ns, passed_ns) - date_ns;
	return feed->first.is_known && *out_ns > DATE_BEHIND_MAX_NS + passed_ns / DATE_DRIFT;
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

/* The answer becomes a miss, which is recorded as such. */
static void make_miss(struct feed *feed, struct miss miss)
{
	feed->answer = (struct api_answer){.transport = miss, .wall_ns = feed->answer.wall_ns};
}

/* A cache that takes the Age away leaves the copy's Date. */
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
	make_miss(feed, answer_old_date_miss(&feed->scratch, answer, old_ns / NS_PER_S, stands_still));
}

/* Every id may have changed since: names are given to other chains, and chains are made. A feed that didn't look them up
 * itself can't do it again, so it has nothing but misses from now on. */
static void forget_ids(struct feed *feed)
{
	for (size_t i = 0; i < feed->count; i++)
		feed->chains[i].is_outdated = feed->chains[i].id.length > 0;
}

/* Takes note of the Date of an answer that could be read. True if it is later than it should be: either the answers before
 * were old copies, from one cache, or the clock was set, or another server's is ahead. What they said, and what they told
 * of the clock, doesn't count any more, and this answer is a miss, *miss. The first one may have been written when its
 * request was sent: a long list takes a while to come. */
static bool finds_old_answers(struct feed *feed, int64_t sent_ns, int64_t at_ns, struct miss *miss)
{
	int64_t date_ns, passed_ns = at_ns - feed->first.sent_ns;
	if (!date_of(&feed->answer, &date_ns))
		return false;
	int64_t ahead_ns = date_ns - time_add(feed->first.date_ns, passed_ns);
	bool are_old = feed->first.is_known && ahead_ns > DATE_BEHIND_MAX_NS + passed_ns / DATE_DRIFT;
	if (!feed->first.is_known || are_old)
		feed->first = (struct feed_date){true, date_ns, sent_ns, at_ns};
	if (!are_old)
		return false;
	*miss = answer_old_answers_miss(&feed->scratch, &feed->answer, ahead_ns / NS_PER_S);
	make_miss(feed, *miss);
	forget_ids(feed);
	if (feed->has_clock)
		set_clock(feed, date_ns, at_ns - sent_ns);
	return true;
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

/* The chain that was looked up has this id. False with *miss if it had another one, in an old copy of the list. */
static bool take_id(struct feed *feed, struct fed_chain *chain, const struct chain *found, struct miss *miss)
{
	if (chain->id.length && !text_equal(chain->id, found->id)) {
		*miss = answer_other_id_miss(&feed->scratch, chain->kind, chain->wanted, chain->id, found->id);
		return false;
	}
	if (!chain->id.length)
		set_id(feed, chain, found->id);
	chain->name = arena_text(&feed->arena, found->name);
	chain->is_looked_up = true;
	chain->is_outdated = false;
	return true;
}

static void take_chains(struct feed *feed, enum target_kind kind, int64_t sent_ns, int64_t at_ns)
{
	const struct chain *chains = NULL, *found;
	struct miss unread = {0};
	size_t count = 0;
	bool is_read = api_read_chains(&feed->scratch, &feed->answer, kind, &chains, &count, &unread);
	feed->is_looking_up[kind] = false;
	is_read = is_read && !finds_old_answers(feed, sent_ns, at_ns, &unread);
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
		found = is_read ? api_choose_chain(&feed->scratch, kind, chains, count, chain->wanted, chain->is_id,
						   &reading.miss)
				: NULL;
		if (!found || !take_id(feed, chain, found, &reading.miss)) {
			answer(feed, i, reading, at_ns);
			continue;
		}
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
	bool is_read = api_lists_read(&chain->lists, &feed->answer, &reading.miss) &&
		       !finds_old_answers(feed, sent_ns, at_ns, &reading.miss);
	if (is_read && chain->is_outdated) {
		reading.miss = answer_old_answers_miss(&feed->scratch, &feed->answer, 0);
		make_miss(feed, reading.miss);
	} else if (is_read) {
		reading.listing = chain->lists.latest;
		learn_clock(feed, at_ns - sent_ns);
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
