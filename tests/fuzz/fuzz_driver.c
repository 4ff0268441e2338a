/* fuzz_driver.c - any bytes as a story: which answer a chain gives, how late and in which order, and when a signal comes. The
 * driver ends with a verdict, which nothing changes afterwards. A target passes only at the end of a row of answers that
 * satisfy its rule, which lasted at least stable_for, and never after the deadline.
 *
 * The first byte chooses the plan and the pace. Then each answer takes three bytes: the chain, the kind of answer, the
 * delay. After the last byte every answer is an error 503.
 */
#include "demand.h"

#include "chaingate/api.h"
#include "chaingate/diag.h"
#include "chaingate/driver.h"
#include "chaingate/policy.h"
#include "chaingate/source.h"
#include "chaingate/times.h"

#include <string.h>

#define STABLE_FOR_NS (20 * NS_PER_S)
#define TIMEOUT_NS (2 * NS_PER_MINUTE)
/* A run asks at most every second; so a driver that takes more steps hangs. */
#define STEPS_MAX 5000
/* Two targets, each with one chain. */
#define CHAINS_MAX 2
/* Longer stories only repeat themselves. */
#define STORY_MAX 512

static const char *const targets[] = {
	"[{name: x, chain: one, deployment: q1}]",
	"[{name: x, chain: one, deployment: q1}, {name: y, chain: two, deployment: q1}]",
	"[{name: x, chain: one, deployment: q1, wait: {timeout: 45s}}, {name: y, chain: two, deployment: q1}]",
	("[{name: x, chain: one, deployment: q1}, "
	 "{name: y, chain: two, deployment: q1, baseline: {chain: one, deployment: q1}}]"),
};
#define PLANS (sizeof(targets) / sizeof(targets[0]))

#define LIST_OF(chain, id, status, replicas) \
	"{\"deployments\":[{\"id\":\"" id "\",\"chain_id\":\"" chain "\",\"environment\":null,\"created_at\":" \
	"\"2026-08-14T08:00:00Z\",\"status\":\"" status "\",\"chainlets\":[{\"id\":\"a1\",\"name\":\"A\"," \
	"\"instance_type_name\":\"L4\",\"active_replica_count\":" replicas ",\"status\":\"" status "\"," \
	"\"autoscaling_settings\":{\"min_replica\":1,\"max_replica\":2,\"autoscaling_window\":60," \
	"\"scale_down_delay\":900,\"concurrency_target\":1,\"target_utilization_percentage\":70}}]}]}"

#define LIST(id, status, replicas) \
	{ \
		LIST_OF("id-one", id, status, replicas), LIST_OF("id-two", id, status, replicas) \
	}
#define TEXT_OF_BOTH(text) \
	{ \
		(text), (text) \
	}

/* On the row of good answers. ABSENT: a miss, too, but as the answer about the baseline it says that there is none. */
enum effect { GOOD, BAD, MISS, ABSENT };
static const struct {
	int http_status;                /* 0: no answer came */
	const char *bodies[CHAINS_MAX]; /* of chain one and of chain two */
	enum effect effect;
} kinds[] = {
	{200, LIST("q1", "ACTIVE", "2"), GOOD},
	{200, LIST("q1", "ACTIVE", "2"), GOOD}, /* as often as all others together */
	{200, LIST("q1", "ACTIVE", "2"), GOOD},
	{200, LIST("q1", "ACTIVE", "0"), GOOD},
	{200, LIST("q1", "BUILDING", "0"), BAD},
	{200, LIST("q1", "FAILED", "0"), BAD},
	{200, LIST("q1", "PAUSED", "2"), BAD}, /* a word that is unknown */
	{200, LIST("q2", "ACTIVE", "2"), BAD},
	{200, TEXT_OF_BOTH("{\"deployments\":[]}"), BAD},
	{200, TEXT_OF_BOTH("{\"deployments\":["), MISS},
	{200, TEXT_OF_BOTH("{\"deployments\":[],\"has_more\":true}"), MISS},
	{503, TEXT_OF_BOTH(""), MISS},
	{429, TEXT_OF_BOTH(""), MISS},
	{401, TEXT_OF_BOTH(""), MISS},
	{404, TEXT_OF_BOTH(""), ABSENT},
	{0, TEXT_OF_BOTH(""), MISS},
};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))
#define ERROR_503 11
static const int64_t delays_ns[] = {
	0, 1, NS_PER_MS, 300 * NS_PER_MS, NS_PER_S, 5 * NS_PER_S, 31 * NS_PER_S, 10 * NS_PER_MINUTE};
#define DELAYS (sizeof(delays_ns) / sizeof(delays_ns[0]))
#define SIGNAL 0xff /* as a kind */

struct story {
	const uint8_t *at, *end;
	struct arena arena;
	struct driver *driver;
	int64_t now_ns;
	bool has_baseline; /* chain one has the baseline of chain two's target */
	bool is_asked[CHAINS_MAX];
	int64_t sent_ns[CHAINS_MAX];
	enum effect given[CHAINS_MAX], seen[CHAINS_MAX]; /* the latest answer; that of the last whole round */
	int64_t good_since_ns[CHAINS_MAX];               /* of the row of good answers as seen; -1: there is none */
	int64_t good_until_ns[CHAINS_MAX];
};

static uint8_t next_byte(struct story *story, uint8_t otherwise)
{
	return story->at < story->end ? *story->at++ : otherwise;
}

static const struct gate_plan *make_plan(struct arena *arena, size_t number)
{
	struct diags diags = {.arena = arena};
	const char *yaml = arena_printf(arena,
					"version: 1\nwait: {interval: 10s, stable_for: 20s, timeout: 2m}\ntargets: "
					"%s\nrules: [all chainlets ACTIVE]\n",
					targets[number]);
	const struct policy *policy = policy_load(arena, source_make(arena, "policy", text_of(yaml)), NULL, &diags);
	demand(policy != NULL);
	struct plan_overrides overrides = {.wait = policy->wait};
	return plan_make(arena, policy, &overrides);
}

/* 0: chain one, 1: chain two. The driver may have them in another order. */
static size_t number_of(const struct driver_chain *chain)
{
	return text_is(chain->wanted, "two");
}

/* What its target sees of a chain's answer: a miss of the baseline's chain hides it. */
static enum effect effect_of(const struct story *story, const struct driver_chain *chains, size_t count, size_t chain)
{
	for (size_t i = 0; i < count; i++)
		if (story->has_baseline && number_of(&chains[chain]) == 1 && number_of(&chains[i]) == 0 &&
		    story->given[i] == MISS)
			return MISS;
	return story->given[chain];
}

/* A whole round was seen: what its answers mean for each row of good ones. It is over at this moment; after the deadline it is
 * too late. */
static void see_round(struct story *story, size_t group)
{
	size_t count;
	const struct driver_chain *chains = driver_chains(story->driver, &count);
	if (story->now_ns > TIMEOUT_NS)
		return;
	for (size_t i = 0; i < count; i++) {
		if (chains[i].group != group)
			continue;
		story->seen[i] = effect_of(story, chains, count, i);
		if (story->seen[i] == BAD)
			story->good_since_ns[i] = -1;
		if (story->seen[i] != GOOD)
			continue;
		if (story->good_since_ns[i] < 0)
			story->good_since_ns[i] = chains[i].at_ns;
		story->good_until_ns[i] = chains[i].at_ns;
	}
}

static void answer(struct story *story, size_t chain, size_t kind)
{
	size_t count;
	const struct driver_chain *chains = driver_chains(story->driver, &count);
	struct api_answer got = {.http_status = kinds[kind].http_status,
				 .body = text_of(kinds[kind].bodies[number_of(&chains[chain])]),
				 .retry_after = kind == ERROR_503 + 1 ? TEXT("25") : (struct text){0}};
	struct driver_answer given = {.sent_ns = story->sent_ns[chain],
				      .at_ns = story->now_ns,
				      .chain_id = number_of(&chains[chain]) ? TEXT("id-two") : TEXT("id-one")};
	if (!got.http_status)
		got.transport = (struct miss){.cause = MISS_TIMEOUT, .detail = TEXT("no answer")};
	if (!api_read_deployments(&story->arena, &got, (struct api_owner){0}, &given.listing, &given.miss))
		given.listing = NULL;
	story->is_asked[chain] = false;
	story->given[chain] = kinds[kind].effect;
	demand((given.listing == NULL) == (kinds[kind].effect >= MISS));
	bool is_over = driver_answered(story->driver, chain, &given, (uint32_t)story->now_ns * 2654435761u);
	/* An earlier moment is settled first, and the run may end with it. */
	struct gate *gate = driver_gate(story->driver);
	bool is_late = gate_done(gate) && gate_result(gate)->at_ns < story->now_ns;
	if (is_over && !is_late)
		see_round(story, chains[chain].group);
}

/* Of the chains that were asked, the one that the next byte says; SIZE_MAX: none was asked. */
static size_t next_chain(struct story *story)
{
	if (story->is_asked[0] && story->is_asked[1])
		return next_byte(story, 0) & 1;
	return story->is_asked[0] ? 0 : story->is_asked[1] ? 1 : SIZE_MAX;
}

static void go_on(struct story *story, int64_t until_ns)
{
	size_t chain = next_chain(story);
	if (chain == SIZE_MAX) {
		story->now_ns = until_ns > story->now_ns ? until_ns : story->now_ns;
		driver_pass(story->driver, story->now_ns);
		return;
	}
	uint8_t kind = next_byte(story, ERROR_503);
	story->now_ns += delays_ns[next_byte(story, 0) % DELAYS];
	if (kind == SIGNAL)
		driver_interrupt(story->driver, story->now_ns, 15);
	else
		answer(story, chain, kind % KINDS);
}

static void check_target(const struct story *story, const struct target_result *target, int64_t end_ns)
{
	size_t count;
	const struct driver_chain *chains = driver_chains(story->driver, &count);
	demand(target->verdict != VERDICT_NONE);
	if (target->verdict != VERDICT_PASSED)
		return;
	demand(end_ns <= TIMEOUT_NS);
	for (size_t i = 0; i < count; i++) {
		if (!text_equal(chains[i].wanted, target->target->chain))
			continue;
		demand(story->seen[i] == GOOD && story->good_since_ns[i] >= 0);
		demand(story->good_until_ns[i] - story->good_since_ns[i] >= STABLE_FOR_NS);
	}
}

/* The events of one target come in the order of their times, except for a pass: it has the time of the snapshot that decided
 * it, and comes when the run ends. */
static void check_order(const struct gate_event *events, size_t count, size_t target)
{
	int64_t last_ns = 0;
	for (size_t i = 0; i < count; i++) {
		if (events[i].target != target || events[i].verdict == VERDICT_PASSED)
			continue;
		demand(last_ns <= events[i].at_ns);
		last_ns = events[i].at_ns;
	}
}

static void check_end(struct story *story)
{
	struct gate *gate = driver_gate(story->driver);
	const struct gate_result *result = gate_result(gate);
	enum verdict verdict = result->verdict;
	int64_t end_ns = result->at_ns;
	size_t count;
	const struct gate_event *events = gate_events(gate, &count);
	demand(verdict != VERDICT_NONE);
	for (size_t i = 0; i < result->target_count; i++) {
		check_target(story, &result->targets[i], end_ns);
		demand(verdict != VERDICT_PASSED || result->targets[i].verdict == VERDICT_PASSED);
	}
	for (size_t i = 0; i < result->target_count; i++)
		check_order(events, count, i);
	/* What comes afterwards changes nothing. */
	answer(story, 0, ERROR_503);
	driver_pass(story->driver, time_add(story->now_ns, NS_PER_HOUR));
	driver_interrupt(story->driver, time_add(story->now_ns, NS_PER_HOUR), 15);
	result = gate_result(gate);
	demand(result->verdict == verdict && result->at_ns == end_ns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct story story = {.at = data, .end = data + size, .good_since_ns = {-1, -1}};
	if (size > STORY_MAX)
		return 0;
	uint8_t first = next_byte(&story, 0);
	story.driver = driver_new(make_plan(&story.arena, first % PLANS), first & 0x80 ? DRIVER_LIVE : DRIVER_EXACT);
	story.has_baseline = first % PLANS == PLANS - 1;
	struct driver_step step;
	for (int steps = 0; (step = driver_next(story.driver, story.now_ns)).action != DRIVER_DONE; steps++) {
		demand(steps < STEPS_MAX);
		if (step.action == DRIVER_ASK) {
			demand(step.chain < CHAINS_MAX && !story.is_asked[step.chain]);
			story.is_asked[step.chain] = true;
			story.sent_ns[step.chain] = story.now_ns;
		} else {
			go_on(&story, step.until_ns);
		}
	}
	check_end(&story);
	driver_free(story.driver);
	arena_release(&story.arena);
	return 0;
}
