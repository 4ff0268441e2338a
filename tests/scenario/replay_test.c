/* replay_test.c - recordings made in virtual time, each judged again: the report must be the same, byte for byte,
 * except for the parts about the wall clock.
 *
 * The runs are random: policies with a baseline in the same chain, in another one, with several targets; lists that
 * change or stay, errors of all kinds, signals, slow answers. Half of the replays run in another time zone and
 * locale.
 */
#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/record.h"
#include "chaingate/report.h"
#include "chaingate/source.h"
#include "chaingate/times.h"
#include "chaingate/trial.h"

#include "../unit/random.h"

#include <inttypes.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

/* The number of random runs, if all rounds are made. */
#define RECORDINGS 1000
#define WALL_NS (INT64_C(1786701600) * NS_PER_S + 123456789)

/* ---- the API's answers ------------------------------------------------------------------------------------------ */

static const char *const policies[] = {
	"wait: {timeout: 10m, interval: 10s, stable_for: 20s}\n"
	"rules: [all chainlets ACTIVE, active_replica_count >= 1, {never: any chainlet UNHEALTHY, tolerate: 30s}]\n",
	"wait: {timeout: 6m, interval: 7s, stable_for: 14s, unreachable_after: 1m}\n"
	"baseline: {environment: production}\n"
	"rules: [{assert: min_replica >= baseline.min_replica, within: 30s, hold: 20s}, {never: any chainlet FAILED, "
	"tolerate: 15s, during: 1m}]\n",
	"wait: {timeout: 5m, interval: 15s}\n"
	"targets:\n"
	"  - {name: here, chain: one, environment: production, since: any, baseline: {chain: two, environment: "
	"production}}\n"
	"  - {name: there, chain: two, latest: true, since: any, baseline: {chain: one, environment: production}, "
	"wait: {timeout: 2m}}\n"
	"rules:\n"
	"  - all chainlets in [ACTIVE, SCALED_TO_ZERO]\n"
	"  - {assert: max_replica >= baseline.max_replica, severity: warning, if_missing: skip}\n",
	"wait: {timeout: 0s}\nrules: [all chainlets ACTIVE]\n",
	"wait: {timeout: 5m, interval: 15s}\n"
	"targets:\n"
	"  - {name: here, chain: one, environment: production, since: any}\n"
	"  - {name: there, chain: two, latest: true, since: any, wait: {timeout: 3m}}\n"
	"rules: [{assert: all chainlets ACTIVE, hold: 30s}]\n",
	"wait: {timeout: 4m, interval: 10s}\n"
	"targets:\n"
	"  - {name: by name, chain: One, environment: production, since: any}\n"
	"  - {name: by id, chain: one, latest: true, since: any}\n"
	"rules: [all chainlets ACTIVE]\n",
};

/* The policy with this index polls its two chains in separate rounds; `joined` polls both in the same round. */
#define APART 4
static const char joined[] = "wait: {timeout: 5m, interval: 15s, stable_for: 40s}\n"
			     "targets: [{name: here, chain: one, environment: production, since: any, baseline: "
			     "{chain: two, latest: true}}]\n"
			     "rules: [all chainlets ACTIVE, max_replica >= baseline.min_replica]\n";

static void add_chainlet(struct buf *buf, const char *name)
{
	static const char *const statuses[] = {"ACTIVE",         "ACTIVE",    "ACTIVE", "ACTIVE",    "LOADING_MODEL",
					       "SCALED_TO_ZERO", "UNHEALTHY", "FAILED", "NEVER_SEEN"};
	const char *status = statuses[below(once_in(8) ? COUNT_OF(statuses) : 4)];
	buf_printf(buf,
		   "{\"id\":\"%s\",\"name\":\"%s\",\"instance_type_name\":\"L4:4x16\",\"status\":\"%s\",\"active_"
		   "replica_count\":%zu,\"autoscaling_settings\":",
		   name, name, status, 1 + below(3));
	if (once_in(20))
		buf_add_string(buf, "null}");
	else
		buf_printf(buf,
			   "{\"min_replica\":%zu,\"max_replica\":%zu,\"concurrency_target\":1,"
			   "\"autoscaling_window\":60,\"scale_down_delay\":90,\"target_utilization_percentage\":null,"
			   "\"target_in_flight_tokens\":null,\"max_scale_down_rate\":null}}",
			   1 + below(2), 4 + below(2));
}

static void add_deployment(struct buf *buf, const char *id, const char *chain)
{
	static const char *const statuses[] = {"ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "DEPLOYING", "SCALED_TO_ZERO"};
	buf_printf(buf,
		   "{\"id\":\"%s\",\"chain_id\":\"%s\",\"created_at\":\"2026-08-1%zuT10:00:00.25Z\",\"environment\":%s,"
		   "\"status\":\"%s\",\"chainlets\":[",
		   id, chain, 1 + below(2), once_in(3) ? "null" : "\"production\"",
		   statuses[below(COUNT_OF(statuses))]);
	add_chainlet(buf, "Caf\303\251 \\u0000 \\\"A\\\"");
	buf_add_byte(buf, ',');
	add_chainlet(buf, "B");
	buf_add_string(buf, "]}");
}

static const char *random_list(struct arena *arena, const char *chain)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&buf, "{\"deployments\":[");
	size_t count = once_in(10) ? 0 : 1 + below(2);
	for (size_t i = 0; i < count; i++) {
		buf_add_string(&buf, i ? "," : "");
		add_deployment(&buf, i ? "q2" : "q1", chain);
	}
	buf_add_string(&buf, "]}");
	const char *list = arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return list;
}

#define WORDS(literal) \
	{ \
		literal, sizeof(literal) - 1 \
	}

static const struct api_answer errors[] = {
	{.http_status = 503, .body = WORDS("upstream connect error")},
	{.http_status = 429, .body = WORDS("{\"error\":\"slow down\",\"retry_after\":37.5}")},
	{.http_status = 429, .retry_after = WORDS("Fri, 14 Aug 2026 10:02:00 GMT")},
	{.http_status = 502, .body = WORDS("\377\376 not UTF-8"), .retry_after = WORDS("3")},
	{.http_status = 200, .body = WORDS("{\"deployments\":[{\"id\":3}]}")},
	{.http_status = 200, .body = WORDS("\377")},
	{.http_status = 200, .body = WORDS("")},
	{.http_status = 401, .body = WORDS("{}")},
	{.transport = {.cause = MISS_TIMEOUT, .detail = WORDS("no answer within 30s")}},
	{.transport = {.cause = MISS_RESET, .detail = WORDS("closed")}},
	{.http_status = 404},
	{.http_status = 302},
};

/* ---- a run ------------------------------------------------------------------------------------------------------ */

struct story {
	struct arena arena;
	const struct policy *policy;
	const struct gate_plan *plan;
	struct driver *driver;
	struct gate *gate; /* the driver's */
};

static void prepare(struct story *story, const char *yaml)
{
	struct diags diags = {.arena = &story->arena};
	const char *whole = arena_printf(&story->arena, "version: 1\n%s", yaml);
	story->policy =
		policy_load(&story->arena, source_make(&story->arena, "policy.yaml", text_of(whole)), NULL, &diags);
	for (const struct diag *diag = diags.first; diag && !story->policy; diag = diag->next)
		printf("%s\n", diag->message);
	assert_non_null(story->policy);
	struct plan_overrides overrides = {
		.target.chain = story->policy->targets[0].chain.length ? (struct text){0} : TEXT("one"),
		.wait = story->policy->wait,
		.watches_all = true,
		.start_wall_ns = WALL_NS,
	};
	story->plan = plan_make(&story->arena, story->policy, &overrides);
	story->driver = driver_new(story->plan, DRIVER_LIVE);
	story->gate = driver_gate(story->driver);
}

static void write_report(struct story *story, struct buf *out)
{
	const struct gate_result *result = gate_result(story->gate);
	struct report report = {
		.gate = result,
		.policies = &story->policy,
		.policy_count = 1,
		.policy_path = "policy.yaml",
		.tool_version = "test",
		.host_name = "host",
		.start_wall_ns = WALL_NS,
		.took_ns = result->at_ns,
		.exit = verdict_exit(result->verdict, result->signal_number),
	};
	report.events = gate_events(story->gate, &report.event_count);
	assert_true(report_render(out, &report, REPORT_JSON));
	driver_free(story->driver);
	arena_release(&story->arena);
}

/* What the live run knows of one chain. */
struct feed {
	struct api_lists lists;
	const char *list; /* its current list */
	struct api_answer answer;
};

static const char *const chain_ids[] = {"one", "two"}; /* "One" is the name of the first */

static struct api_answer next_answer(struct story *story, struct feed *feed, const char *chain, int64_t at_ns)
{
	struct api_answer answer = {.http_status = 200};
	if (!feed->list || once_in(8))
		feed->list = random_list(&story->arena, chain);
	answer.body = text_of(feed->list);
	if (once_in(12))
		answer = errors[below(once_in(4) ? COUNT_OF(errors) : 3)];
	answer.wall_ns = time_add(WALL_NS, at_ns);
	return answer;
}

/* An answer on its way. */
struct flight {
	bool is_flying;
	int64_t sent_ns, at_ns;
};

struct live {
	struct story story;
	const struct driver_chain *chains;
	size_t chain_count;
	struct feed feeds[4];
	struct flight flights[4];
	struct record_answer kept[4];
	struct record_rounds *written;
	struct buf *recording;
};

static void write_round(struct live *live, size_t group)
{
	struct record_answer answers[4];
	size_t count = 0;
	for (size_t i = 0; i < live->chain_count; i++)
		if (live->chains[i].group == group) {
			answers[count] = live->kept[i];
			answers[count].at_ns = live->chains[i].at_ns;
			answers[count].chain_id = live->chains[i].chain_id;
			answers[count++].miss = live->chains[i].miss;
		}
	record_add_round(live->recording, live->written, answers, count);
}

static void land(struct live *live, size_t index)
{
	struct flight *flight = &live->flights[index];
	struct feed *feed = &live->feeds[index];
	const char *id = chain_ids[text_is(live->chains[index].wanted, "two")];
	struct driver_answer answer = {.sent_ns = flight->sent_ns, .at_ns = flight->at_ns, .chain_id = text_of(id)};
	feed->answer = next_answer(&live->story, feed, id, flight->at_ns);
	if (api_lists_read(&feed->lists, &feed->answer, &answer.miss))
		answer.listing = feed->lists.latest;
	live->kept[index] = (struct record_answer){.took_ns = flight->at_ns - flight->sent_ns,
						   .chain = live->chains[index].wanted,
						   .is_list = true,
						   .answer = feed->answer};
	flight->is_flying = false;
	if (driver_answered(live->story.driver, index, &answer, (uint32_t)below(UINT32_MAX)))
		write_round(live, live->chains[index].group);
}

/* The chain whose answer arrives first; the number of chains if no answer is on its way. */
static size_t next_landing(const struct live *live)
{
	size_t next = live->chain_count;
	for (size_t i = 0; i < live->chain_count; i++)
		if (live->flights[i].is_flying &&
		    (next == live->chain_count || live->flights[i].at_ns < live->flights[next].at_ns))
			next = i;
	return next;
}

static void run_live(struct live *live)
{
	struct driver *driver = live->story.driver;
	int64_t signal_ns = once_in(10) ? (int64_t)below(200) * NS_PER_S : INT64_MAX, now_ns = 0;
	struct driver_step next;
	while ((next = driver_next(driver, now_ns)).action != DRIVER_DONE) {
		size_t landing = next_landing(live);
		if (next.action == DRIVER_ASK) {
			int64_t took_ns = (int64_t)below(900) * NS_PER_MS + (int64_t)below(1000000);
			live->flights[next.chain] = (struct flight){true, now_ns, time_add(now_ns, took_ns)};
		} else if (signal_ns <= now_ns) {
			driver_interrupt(driver, now_ns, once_in(2) ? 2 : 15);
		} else if (landing < live->chain_count && live->flights[landing].at_ns <= next.until_ns) {
			now_ns = live->flights[landing].at_ns > now_ns ? live->flights[landing].at_ns : now_ns;
			land(live, landing);
		} else {
			now_ns = next.until_ns < signal_ns || signal_ns < now_ns ? next.until_ns : signal_ns;
			driver_pass(driver, now_ns);
		}
	}
}

/* Runs a story; makes its report and its recording. */
static void record(const char *yaml, struct buf *report, struct buf *recording)
{
	struct live live = {.written = record_rounds_new(), .recording = recording};
	struct record_header header = {.tool = "test", .api = "https://127.0.0.1", .start_wall_ns = WALL_NS};
	prepare(&live.story, yaml);
	live.chains = driver_chains(live.story.driver, &live.chain_count);
	assert_true(live.chain_count <= COUNT_OF(live.feeds));
	for (size_t i = 0; i < COUNT_OF(live.feeds); i++)
		live.feeds[i].lists = api_lists_make(1 << 20);
	record_add_header(recording, &header);
	run_live(&live);
	const struct gate_result *result = gate_result(live.story.gate);
	struct record_end end = {.at_ns = result->at_ns,
				 .verdict = verdict_name(result->verdict),
				 .signal_number = result->signal_number};
	record_add_end(recording, &end);
	for (size_t i = 0; i < COUNT_OF(live.feeds); i++)
		api_lists_release(&live.feeds[i].lists);
	record_rounds_free(live.written);
	write_report(&live.story, report);
}

static enum verdict replay(const char *yaml, struct text recording, struct buf *report)
{
	struct story story = {.plan = NULL};
	struct arena arena = {0};
	struct recording read;
	const struct driver_chain *missing;
	const char *why = "";
	size_t line = 0;
	prepare(&story, yaml);
	if (!record_read(&arena, recording, &read, &why, &line))
		fail_msg("line %zu: %s", line, why);
	struct diags diags = {.arena = &arena};
	assert_true(trial_replay(story.driver, story.plan, &read, &(struct target_place){.diags = &diags}, &missing));
	enum verdict verdict = gate_result(story.gate)->verdict;
	write_report(&story, report);
	arena_release(&arena);
	return verdict;
}

/* ---- tests ------------------------------------------------------------------------------------------------------ */

static void elsewhere(bool there)
{
	setenv("TZ", there ? "Pacific/Kiritimati" : "UTC", 1);
	tzset();
	setlocale(LC_ALL, there ? "de_DE.UTF-8" : "C");
}

static void test_replays_are_the_same(void **state)
{
	size_t seen[VERDICT_COUNT] = {0}, count = rounds_of(RECORDINGS);
	(void)state;
	for (size_t i = 0; i < count; i++) {
		struct buf before = buf_make(BUF_LIMIT_REPORT), after = buf_make(BUF_LIMIT_REPORT),
			   recording = buf_make(BUF_LIMIT_REPORT);
		const char *yaml = policies[i % COUNT_OF(policies)];
		random_begin(i);
		elsewhere(false);
		record(yaml, &before, &recording);
		elsewhere(i % 2);
		seen[replay(yaml, buf_text(&recording), &after)]++;
		if (!text_equal(buf_text(&before), buf_text(&after))) {
			printf("recording %zu:\n%s\nthen:\n%s\nnow:\n%s\n", i, buf_string(&recording),
			       buf_string(&before), buf_string(&after));
			fail();
		}
		buf_release(&before);
		buf_release(&after);
		buf_release(&recording);
	}
	elsewhere(false);
	for (int v = VERDICT_PASSED; v < VERDICT_COUNT; v++) {
		printf("%-12s %zu\n", verdict_name((enum verdict)v), seen[v]);
		/* Only one run in two hundred is undecided, so a small sample may have none. */
		assert_true(seen[v] > 0 || count < RECORDINGS / 4);
	}
}

/* The recorded run polled two chains separately; the replay judges them together. No answer counts twice, so a pass
 * needs as many answers of each chain as in a live run. */
static void test_chains_that_were_polled_separately(void **state)
{
	size_t passes = 0;
	(void)state;
	for (size_t i = 0; i < 60; i++) {
		struct buf before = buf_make(BUF_LIMIT_REPORT), recording = buf_make(BUF_LIMIT_REPORT),
			   after = buf_make(BUF_LIMIT_REPORT);
		random_begin(i);
		record(policies[APART], &before, &recording);
		passes += replay(joined, buf_text(&recording), &after) == VERDICT_PASSED;
		buf_release(&before);
		buf_release(&recording);
		buf_release(&after);
	}
	assert_true(passes > 0);
#define LIST(id, chain) \
	"{\\\"deployments\\\":[{\\\"id\\\":\\\"" id "\\\",\\\"chain_id\\\":\\\"" chain \
	"\\\",\\\"created_at\\\":\\\"2026-08-11T10:00:00Z\\\",\\\"environment\\\":\\\"production\\\",\\\"status\\\":" \
	"\\\"ACTIVE\\\",\\\"chainlets\\\":[{" \
	"\\\"id\\\":\\\"c\\\",\\\"name\\\":\\\"A\\\",\\\"instance_type_name\\\":\\\"L4\\\",\\\"status\\\":" \
	"\\\"ACTIVE\\\",\\\"active_replica_count\\\":1," \
	"\\\"autoscaling_settings\\\":{\\\"min_replica\\\":1,\\\"max_replica\\\":4,\\\"concurrency_target\\\":1," \
	"\\\"autoscaling_window\\\":60," \
	"\\\"scale_down_delay\\\":90,\\\"target_utilization_percentage\\\":null}}]}]}"
	/* Many answers of the other chain can't make up for one answer of the target's. */
	struct buf stale = buf_make(BUF_LIMIT_REPORT), after = buf_make(BUF_LIMIT_REPORT);
	buf_add_string(&stale, "{\"kind\":\"header\",\"format\":1,\"start_ns\":5,\"policies\":[],\"options\":[]}\n"
			       "{\"kind\":\"answer\",\"round\":1,\"at\":0.2,\"chain\":\"one\",\"chain_id\":\"one\","
			       "\"status\":200,\"body\":\"" LIST("q1", "one") "\"}\n");
	for (int i = 0; i < 20; i++)
		buf_printf(&stale,
			   "{\"kind\":\"answer\",\"round\":%d,\"at\":%d,\"chain\":\"two\",\"chain_id\":\"two\","
			   "\"status\":200,\"body\":\"" LIST("q2", "two") "\"}\n",
			   i + 2, 1 + 10 * i);
	assert_int_equal(replay(joined, buf_text(&stale), &after), VERDICT_UNDECIDED);
	buf_release(&stale);
	buf_release(&after);
}

/* A slow baseline doesn't make the target's state look older: its age counts up to the answer of the target's own
 * chain, not to the baseline's. */
static void test_slow_baseline(void **state)
{
	struct buf slow = buf_make(BUF_LIMIT_REPORT), after = buf_make(BUF_LIMIT_REPORT);
	(void)state;
	buf_add_string(&slow, "{\"kind\":\"header\",\"format\":1,\"start_ns\":5,\"policies\":[],\"options\":[]}\n");
	for (int i = 0; i < 3; i++)
		buf_printf(&slow,
			   "{\"kind\":\"answer\",\"round\":%d,\"at\":%d,\"chain\":\"one\",\"chain_id\":\"one\","
			   "\"status\":200,\"body\":\"" LIST(
				   "q1", "one") "\"}\n"
						"{\"kind\":\"answer\",\"round\":%d,\"at\":%d,\"chain\":\"two\",\"chain_"
						"id\":\"two\",\"status\":200,\"body\":\"" LIST("q2", "two") "\"}\n",
			   i + 1, i * 19, i + 1, i * 19 + 18);
	/* The last round ends 56 s after the start, but its list is 38 s old; 40 s are required. */
	assert_int_equal(replay(joined, buf_text(&slow), &after), VERDICT_UNDECIDED);
	buf_release(&slow);
	buf_release(&after);
}

/* A recording can be cut anywhere, and is read up to the cut. It passes only if the whole recording does, and then
 * every longer part passes, too. */
static void test_cut_recordings(void **state)
{
	/* Primes, so that the cuts come to every place of a line. */
	size_t passes = 0, step = is_part() ? 149 : 37;
	(void)state;
	for (size_t i = 0; i < 40; i++) {
		struct buf before = buf_make(BUF_LIMIT_REPORT), recording = buf_make(BUF_LIMIT_REPORT);
		random_begin(i);
		record(policies[0], &before, &recording);
		size_t first = (size_t)(strchr(buf_string(&recording), '\n') - buf_string(&recording)) + 1;
		struct buf whole = buf_make(BUF_LIMIT_REPORT);
		bool passed = replay(policies[0], buf_text(&recording), &whole) == VERDICT_PASSED;
		bool has_passed = false;
		for (size_t end = first; end < recording.length; end += step) {
			struct buf after = buf_make(BUF_LIMIT_REPORT);
			bool passes_here =
				replay(policies[0], text_slice(buf_text(&recording), 0, end), &after) == VERDICT_PASSED;
			assert_true(passed || !passes_here);
			assert_true(passes_here || !has_passed);
			has_passed = passes_here;
			passes += passes_here;
			buf_release(&after);
		}
		buf_release(&before);
		buf_release(&whole);
		buf_release(&recording);
	}
	assert_true(passes > 0);
}

static void expect_refused(const char *recording, const char *expected, size_t expected_line)
{
	struct arena arena = {0};
	struct recording read;
	const char *why = "";
	size_t line = 0;
	if (record_read(&arena, text_of(recording), &read, &why, &line))
		fail_msg("read: %s", recording);
	assert_string_equal(why, expected);
	assert_int_equal(line, expected_line);
	arena_release(&arena);
}

#define HEADER "{\"kind\":\"header\",\"format\":1,\"start_ns\":5,\"policies\":[],\"options\":[]}\n"
#define ANSWER \
	"{\"kind\":\"answer\",\"round\":1,\"at\":1.5,\"chain\":\"c\",\"chain_id\":\"c\",\"status\":200,\"body\":\"{}" \
	"\"}\n"

static void test_files_that_are_not_recordings(void **state)
{
	(void)state;
	expect_refused("", "the recording is empty", 1);
	expect_refused("{}\n", "this is not a line of a recording", 1);
	expect_refused("not JSON\n", "this is not JSON", 1);
	expect_refused(ANSWER, "the first line is not a header", 1);
	expect_refused("{\"kind\":\"header\",\"format\":2}\n", "this version reads recordings of format 1", 1);
	expect_refused("{\"kind\":\"header\",\"format\":1}\n", "the header is incomplete", 1);
	expect_refused("{\"kind\":\"header\",\"format\":1,\"start_ns\":5,\"policies\":[1],\"options\":[]}\n",
		       "the header is incomplete", 1);
	expect_refused("{\"kind\":\"header\",\"format\":1,\"start_ns\":5,\"policies\":[],\"options\":[[\"a\"]]}\n",
		       "the header is incomplete", 1);
	expect_refused(HEADER HEADER, "a second header", 2);
	expect_refused(HEADER "{\"kind\":\"dance\"}\n", "a line of an unknown kind", 2);
	expect_refused(HEADER "oh\n" ANSWER, "this is not JSON", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"at\":1}\n", "an answer has no round or no time", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"round\":1,\"at\":-1}\n", "an answer has no round or no time", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"round\":1,\"at\":1}\n",
		       "an answer is neither a status with a body nor a miss", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"round\":1,\"at\":1,\"clock_offset_ns\":-9223372036854775807}\n",
		       "an answer's clock_offset_ns is more than 97 years", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"round\":1,\"at\":1,\"clock_slack_ns\":9223372036854775807}\n",
		       "an answer's clock_slack_ns is negative, or more than an hour", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"round\":1,\"at\":1,\"status\":200}\n",
		       "an answer has a status but no body", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"round\":1,\"at\":1,\"miss\":\"sleep\"}\n",
		       "an answer's miss is of an unknown kind", 2);
	expect_refused(HEADER
		       "{\"kind\":\"answer\",\"round\":1,\"at\":1,\"chain\":\"c\",\"status\":200,\"same\":true}\n",
		       "an answer repeats a body that isn't there", 2);
	expect_refused(HEADER ANSWER "{\"kind\":\"answer\",\"round\":2,\"at\":1.4,\"status\":200,\"body\":\"\"}\n{"
				     "\"kind\":\"answer\",\"round\":3,\"at\":1.7,\"miss\":\"timeout\"}\n",
		       "an answer is earlier than the round before it", 4);
	expect_refused(HEADER ANSWER "{\"kind\":\"answer\",\"round\":2,\"at\":1.6,\"status\":200,\"body\":\"\"}\n{"
				     "\"kind\":\"answer\",\"round\":1,\"at\":1.7,\"miss\":\"timeout\"}\n",
		       "an answer is earlier than the round before it", 4);
	expect_refused(HEADER "{\"kind\":\"end\"}\n", "the end is incomplete", 2);
	expect_refused(HEADER "{\"kind\":\"end\",\"at\":1,\"exit\":0,\"verdict\":\"passed\"}\n" ANSWER,
		       "there is more after the end", 3);
}

/* A later version's members are ignored, wherever they are; nothing is missing that a line doesn't have. */
static void test_unknown_members_are_ignored(void **state)
{
	static const char later[] =
		"{\"kind\":\"header\",\"format\":1,\"start_ns\":5,\"policies\":[],\"options\":[],\"x\":{\"format\":2}}"
		"\n"
		"{\"kind\":\"answer\",\"round\":1,\"at\":1.5,\"status\":200,\"body\":\"{}\",\"x\":[1],\"y\":null}\n"
		"{\"kind\":\"end\",\"at\":2,\"exit\":3,\"x\":\"miss\"}\n";
	struct arena arena = {0};
	struct recording read;
	const char *why;
	size_t line;
	(void)state;
	assert_true(record_read(&arena, TEXT(later), &read, &why, &line));
	assert_string_equal(read.header.tool, "");
	assert_string_equal(read.header.api, "");
	assert_int_equal(read.count, 1);
	assert_true(text_is(read.answers[0].answer.body, "{}"));
	assert_int_equal(read.answers[0].took_ns, 0);
	assert_true(read.has_end);
	assert_int_equal(read.end.exit_code, 3);
	assert_string_equal(read.end.verdict, "");
	expect_refused(HEADER "\n" ANSWER, "this is not JSON", 2);
	expect_refused(HEADER "{\"kind\":\"end\",\"at\":1,\"at\":2,\"exit\":0}\n" ANSWER, "this is not JSON", 2);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replays_are_the_same),
		cmocka_unit_test(test_chains_that_were_polled_separately),
		cmocka_unit_test(test_slow_baseline),
		cmocka_unit_test(test_cut_recordings),
		cmocka_unit_test(test_files_that_are_not_recordings),
		cmocka_unit_test(test_unknown_members_are_ignored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
