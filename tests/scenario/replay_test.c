/* replay_test.c - recordings made in virtual time, each judged again: the same report, byte for byte, but for what is said to be of the wall clock.
 *
 * The runs are random: policies with a baseline in the same chain, in another one, with several targets; lists that change or stay, errors of all kinds, signals,
 * answers that take their time. Half of the replays happen in another time zone and locale.
 */
#define _XOPEN_SOURCE 700 /* nrand48 */

#include "chaingate/api.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/record.h"
#include "chaingate/report.h"
#include "chaingate/rounds.h"
#include "chaingate/source.h"
#include "chaingate/times.h"
#include "chaingate/trial.h"

#include <inttypes.h>
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define RECORDINGS 1000
#define WALL_NS (INT64_C(1786701600) * NS_PER_S + 123456789)
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- chance ----------------------------------------------------------------------------------------------------- */

static unsigned short chance[3];

static size_t below(size_t bound)
{
	return (size_t)nrand48(chance) % bound;
}

static bool once_in(size_t times)
{
	return below(times) == 0;
}

/* ---- what the API says ------------------------------------------------------------------------------------------ */

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

/* One of them asks for two chains apart; this joins them. */
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
	struct gate_plan plan;
	struct gate *gate;
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
	struct gate_target *targets = ARENA_ARRAY(&story->arena, struct gate_target, story->policy->target_count);
	for (size_t i = 0; i < story->policy->target_count; i++) {
		const struct policy_target *wanted = &story->policy->targets[i];
		const struct policy_rule **rules =
			ARENA_ARRAY(&story->arena, const struct policy_rule *, wanted->rule_count);
		for (size_t j = 0; j < wanted->rule_count; j++)
			rules[j] = &wanted->rules[j];
		targets[i] = (struct gate_target){
			.name = wanted->name.length ? wanted->name : TEXT("one/production"),
			.chain = wanted->chain.length ? wanted->chain : TEXT("one"),
			.selector = wanted->selector.kind == SELECT_NOTHING
					    ? (struct selector){.kind = SELECT_ALL, .since.kind = SINCE_ANY}
					    : wanted->selector,
			.wait = story->policy->wait,
			.baseline = wanted->baseline,
			.timeout_ns = wanted->timeout_ns == story->policy->wait.timeout_ns ? 0 : wanted->timeout_ns,
			.rules = rules,
			.rule_count = wanted->rule_count,
		};
	}
	story->plan = (struct gate_plan){.targets = targets,
					 .target_count = story->policy->target_count,
					 .timeout_ns = story->policy->wait.timeout_ns,
					 .start_wall_ns = WALL_NS};
	story->gate = gate_new(&story->plan);
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
	gate_free(story->gate);
	arena_release(&story->arena);
}

/* A chain of the run, live. */
struct feed {
	struct api_lists lists;
	const char *list; /* what it says at present */
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

static void take(struct story *story, struct round_chain *chain, struct feed *feed, int64_t at_ns)
{
	const char *id = chain_ids[text_is(chain->wanted, "two")];
	chain->chain_id = text_of(id);
	feed->answer = next_answer(story, feed, id, at_ns);
	chain->is_current = api_lists_read(&feed->lists, &feed->answer, &chain->miss);
	chain->miss.detail = arena_text(&story->arena, chain->miss.detail);
	chain->listing = feed->lists.latest;
}

struct live {
	struct story story;
	struct rounds rounds;
	struct feed feeds[4];
	struct record_rounds *written;
	struct buf *recording;
};

/* All chains of a group answer, each in its own time. Gives when the last has. */
static int64_t poll_group(struct live *live, size_t group, struct schedule *schedule, int64_t sent_ns, int64_t at_ns)
{
	struct record_answer answers[4];
	size_t count = 0;
	for (size_t i = 0; i < live->rounds.count; i++) {
		struct round_chain *chain = &live->rounds.chains[i];
		if (chain->group != group)
			continue;
		int64_t answered_ns = at_ns - (int64_t)below((size_t)(at_ns - sent_ns) / 2 + 1);
		take(&live->story, chain, &live->feeds[i], answered_ns);
		chain->at_ns = answered_ns;
		answers[count++] = (struct record_answer){.at_ns = answered_ns,
							  .took_ns = answered_ns - sent_ns,
							  .chain = chain->wanted,
							  .chain_id = chain->chain_id,
							  .is_list = true,
							  .answer = live->feeds[i].answer,
							  .miss = chain->miss};
	}
	int64_t over_ns = 0;
	for (size_t i = 0; i < count; i++)
		over_ns = answers[i].at_ns > over_ns ? answers[i].at_ns : over_ns;
	record_add_round(live->recording, live->written, answers, count);
	struct round_outcome outcome = rounds_show(&live->rounds, live->story.gate, group, over_ns);
	schedule_answered(schedule, sent_ns, over_ns, outcome.again, outcome.retry_after_ns, (uint32_t)jrand48(chance));
	return over_ns;
}

/* The group whose poll is due first. */
static size_t next_group(const struct live *live, const struct schedule *schedules)
{
	size_t next = live->rounds.chains[0].group;
	for (size_t i = 0; i < live->rounds.count; i++)
		if (schedule_next(&schedules[live->rounds.chains[i].group]) < schedule_next(&schedules[next]))
			next = live->rounds.chains[i].group;
	return next;
}

static void run_live(struct live *live)
{
	struct gate *gate = live->story.gate;
	struct schedule schedules[4];
	for (size_t i = 0; i < live->rounds.count; i++) {
		schedules[i] =
			schedule_make(live->story.plan.targets[0].wait.interval_ns, live->story.plan.timeout_ns, true);
		schedules[i].deadlines =
			rounds_deadlines(&live->story.arena, &live->rounds, i, &schedules[i].deadline_count);
	}
	int64_t signal_ns = once_in(10) ? (int64_t)below(200) * NS_PER_S : INT64_MAX, at_ns = 0;
	while (!gate_done(gate)) {
		struct schedule *schedule = &schedules[next_group(live, schedules)];
		int64_t sent_ns = schedule_next(schedule) > at_ns ? schedule_next(schedule) : at_ns;
		int64_t answered_ns = time_add(sent_ns, (int64_t)below(900) * NS_PER_MS + (int64_t)below(1000000));
		if (signal_ns < answered_ns && signal_ns < gate_deadline_ns(gate)) {
			gate_interrupt(gate, signal_ns > at_ns ? signal_ns : at_ns, once_in(2) ? 2 : 15);
		} else if (gate_deadline_ns(gate) < answered_ns) {
			at_ns = gate_deadline_ns(gate) + 1;
			gate_deadline(gate, gate_deadline_ns(gate));
		} else {
			at_ns = poll_group(live, (size_t)(schedule - schedules), schedule, sent_ns, answered_ns);
		}
	}
}

/* Runs a story, and gives its report and its recording. */
static void record(const char *yaml, struct buf *report, struct buf *recording)
{
	struct live live = {.written = record_rounds_new(), .recording = recording};
	struct record_header header = {.tool = "test", .api = "https://127.0.0.1", .start_wall_ns = WALL_NS};
	prepare(&live.story, yaml);
	live.rounds = rounds_make(&live.story.arena, &live.story.plan);
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
	struct story story = {.plan = {0}};
	struct arena arena = {0};
	struct recording read;
	struct text missing;
	const char *why = "";
	size_t line = 0;
	prepare(&story, yaml);
	if (!record_read(&arena, recording, &read, &why, &line))
		fail_msg("line %zu: %s", line, why);
	assert_true(trial_replay(story.gate, &story.plan, &read, &missing));
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
	size_t seen[VERDICT_COUNT] = {0};
	(void)state;
	for (size_t i = 0; i < RECORDINGS; i++) {
		struct buf before = buf_make(BUF_LIMIT_REPORT), after = buf_make(BUF_LIMIT_REPORT),
			   recording = buf_make(BUF_LIMIT_REPORT);
		const char *yaml = policies[i % COUNT_OF(policies)];
		chance[0] = chance[2] = 0x330e;
		chance[1] = (unsigned short)i;
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
		assert_true(seen[v] > 0);
	}
}

/* Two chains that were asked apart, judged together: nothing is seen twice, so a pass needs as many answers of each as a run would have needed. */
static void test_what_was_asked_apart(void **state)
{
	size_t passes = 0;
	(void)state;
	for (size_t i = 0; i < 60; i++) {
		struct buf before = buf_make(BUF_LIMIT_REPORT), recording = buf_make(BUF_LIMIT_REPORT),
			   after = buf_make(BUF_LIMIT_REPORT);
		chance[0] = chance[2] = 0x330e;
		chance[1] = (unsigned short)i;
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
	/* One answer of the target's chain, and many of the other's. */
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

/* A baseline's chain that is slow makes nothing older than it is: what a target sees is of the moment at which its own chain answered. */
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
	/* The last round is over 56 s after the start, but its list is 38 s old; 40 s are asked for. */
	assert_int_equal(replay(joined, buf_text(&slow), &after), VERDICT_UNDECIDED);
	buf_release(&slow);
	buf_release(&after);
}

/* Wherever a recording is cut, it is read up to there, and a pass needs all of what passed. */
static void test_cut_recordings(void **state)
{
	size_t passes = 0;
	(void)state;
	for (size_t i = 0; i < 40; i++) {
		struct buf before = buf_make(BUF_LIMIT_REPORT), recording = buf_make(BUF_LIMIT_REPORT);
		chance[0] = chance[2] = 0x330e;
		chance[1] = (unsigned short)i;
		record(policies[0], &before, &recording);
		size_t first = (size_t)(strchr(buf_string(&recording), '\n') - buf_string(&recording)) + 1;
		struct buf whole = buf_make(BUF_LIMIT_REPORT);
		bool passed = replay(policies[0], buf_text(&recording), &whole) == VERDICT_PASSED;
		bool has_passed = false;
		for (size_t end = first; end < recording.length; end += 37) {
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

static void test_what_is_no_recording(void **state)
{
	(void)state;
	expect_refused("", "the recording is empty", 1);
	expect_refused("{}\n", "this is no line of a recording", 1);
	expect_refused("not JSON\n", "this is no JSON", 1);
	expect_refused(ANSWER, "the first line is no header", 1);
	expect_refused("{\"kind\":\"header\",\"format\":2}\n", "this version reads recordings of format 1", 1);
	expect_refused("{\"kind\":\"header\",\"format\":1}\n", "the header is not whole", 1);
	expect_refused("{\"kind\":\"header\",\"format\":1,\"start_ns\":5,\"policies\":[1],\"options\":[]}\n",
		       "the header is not whole", 1);
	expect_refused("{\"kind\":\"header\",\"format\":1,\"start_ns\":5,\"policies\":[],\"options\":[[\"a\"]]}\n",
		       "the header is not whole", 1);
	expect_refused(HEADER HEADER, "a second header", 2);
	expect_refused(HEADER "{\"kind\":\"dance\"}\n", "a line of a kind that is not known", 2);
	expect_refused(HEADER "oh\n" ANSWER, "this is no JSON", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"at\":1}\n", "an answer has no round or no time", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"round\":1,\"at\":-1}\n", "an answer has no round or no time", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"round\":1,\"at\":1}\n",
		       "an answer is neither a status with a body nor a miss", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"round\":1,\"at\":1,\"status\":200}\n",
		       "an answer has a status but no body", 2);
	expect_refused(HEADER "{\"kind\":\"answer\",\"round\":1,\"at\":1,\"miss\":\"sleep\"}\n",
		       "an answer's miss is of a kind that is not known", 2);
	expect_refused(HEADER
		       "{\"kind\":\"answer\",\"round\":1,\"at\":1,\"chain\":\"c\",\"status\":200,\"same\":true}\n",
		       "an answer repeats a body that isn't there", 2);
	expect_refused(HEADER ANSWER "{\"kind\":\"answer\",\"round\":2,\"at\":1.4,\"status\":200,\"body\":\"\"}\n",
		       "an answer is earlier than the round before it", 3);
	expect_refused(HEADER ANSWER "{\"kind\":\"answer\",\"round\":2,\"at\":1.6,\"status\":200,\"body\":\"\"}\n{"
				     "\"kind\":\"answer\",\"round\":1,\"at\":1.7,\"miss\":\"timeout\"}\n",
		       "an answer is earlier than the round before it", 4);
	expect_refused(HEADER "{\"kind\":\"end\"}\n", "the end is not whole", 2);
	expect_refused(HEADER "{\"kind\":\"end\",\"at\":1,\"exit\":0,\"verdict\":\"passed\"}\n" ANSWER,
		       "something stands behind the end", 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replays_are_the_same), cmocka_unit_test(test_what_was_asked_apart),
		cmocka_unit_test(test_slow_baseline),        cmocka_unit_test(test_cut_recordings),
		cmocka_unit_test(test_what_is_no_recording),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
