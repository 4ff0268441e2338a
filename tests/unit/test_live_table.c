/* test_live_table.c - the table on a terminal: exact text for some window sizes; for all sizes, that it fits. */
#include "chaingate/files.h"
#include "chaingate/report.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define S NS_PER_S

/* ---- runs ------------------------------------------------------------------------------------------------------- */

static struct gate_lane lane(const char *deployment, const char *chainlet, const char *word, int64_t since_ns,
			     int64_t active, int64_t least)
{
	return (struct gate_lane){
		.deployment = text_of(deployment),
		.chainlet = text_of(chainlet),
		.status = status_parse(text_of(word)),
		.status_word = text_of(word),
		.since_ns = since_ns,
		.active_replica_count = active,
		.min_replica = {least >= 0, least},
	};
}

static struct target_result target_of(const struct gate_target *target, const struct gate_lane *lanes, size_t count)
{
	return (struct target_result){
		.target = target,
		.waiting = WAITING_REST,
		.lanes = lanes,
		.lane_count = count,
		.polls = 51,
	};
}

static const struct gate_target rag = {.name = {"rag/q86yjdy", 11}, .chain = {"rag", 3}};

static struct gate_result run_of(const struct target_result *targets, size_t count)
{
	return (struct gate_result){.targets = targets, .target_count = count, .timeout_ns = 20 * NS_PER_MINUTE};
}

static void assert_drawn(const struct gate_result *result, struct screen screen, const char *expected)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	live_table(&buf, result, 190 * S, &screen);
	assert_string_equal(buf_string(&buf), expected);
	buf_release(&buf);
}

/* ---- exact text ------------------------------------------------------------------------------------------------- */

static void a_rollout(void **state)
{
	struct gate_lane lanes[] = {
		lane("q86yjdy", "", "DEPLOYING", 99 * S, 0, -1),
		lane("q86yjdy", "Retriever", "ACTIVE", 65 * S, 2, 2),
		lane("q86yjdy", "Reranker", "LOADING_MODEL", 99 * S, 0, 1),
		lane("q86yjdy", "検索器", "BUILDING", 0, 0, -1),
	};
	struct target_result target = target_of(&rag, lanes, COUNT_OF(lanes));
	struct gate_result result = run_of(&target, 1);
	(void)state;
	target.misses = 2;
	target.miss = (struct miss){.cause = MISS_HTTP, .http_status = 503, .detail = TEXT("upstream connect error")};
	assert_drawn(&result, (struct screen){79, 23, false},
		     "rag/q86yjdy  [#######...........................................]  3m10s of 20m\n"
		     "q86yjdy      ~ DEPLOYING           1m31s\n"
		     "  Retriever  + ACTIVE         2/2  2m05s\n"
		     "  Reranker   ~ LOADING_MODEL  0/1  1m31s\n"
		     "  検索器     ~ BUILDING         0  3m10s\n"
		     "waiting: Reranker LOADING_MODEL for 1m31s, 検索器 BUILDING for 3m10s (1 of 3\n"
		     "chainlets ready)\n"
		     "51 polls, 2 errors, the last: 503 (upstream connect error)\n");
	assert_drawn(&result, (struct screen){39, 23, false},
		     "rag/q86yjdy\n"
		     "[###....................]  3m10s of 20m\n"
		     "q86yjdy     ~ DEPLOYING         1m31s\n"
		     "  Retriever + ACTIVE        2/2 2m05s\n"
		     "  Reranker  ~ LOADING_MODEL 0/1 1m31s\n"
		     "  検索器    ~ BUILDING        0 3m10s\n"
		     "waiting: Reranker LOADING_MODEL for\n"
		     "1m31s, 検索器 BUILDING for 3m10s (1 of\n"
		     "3 chainlets ready)\n"
		     "51 polls, 2 errors, the last: 503 (ups…\n");
	assert_drawn(&result, (struct screen){25, 6, false},
		     "rag/q86yjdy\n"
		     "3m10s of 20m\n"
		     "waiting: Reranker\n"
		     "LOADING_MODEL for 1m31s,\n"
		     "検索器 BUILDING for 3m10…\n"
		     "51 polls, 2 errors, the …\n");
	target.verdict = VERDICT_PASSED;
	target.reason = REASON_RULES_HOLD;
	target.lane_count = 2;
	target.misses = 0;
	assert_drawn(&result, (struct screen){79, 23, true},
		     "rag/q86yjdy  [#######...........................................]  3m10s of 20m\n"
		     "q86yjdy      \x1b[36m~\x1b[0m \x1b[36mDEPLOYING\x1b[0m       1m31s\n"
		     "  Retriever  \x1b[32m+\x1b[0m \x1b[32mACTIVE\x1b[0m     2/2  2m05s\n"
		     "passed: stable, and every rule holds\n"
		     "51 polls, 0 errors\n");
	result.timeout_ns = 0;
	target.lane_count = 0;
	assert_drawn(&result, (struct screen){0, 0, false},
		     "rag/q86yjdy  3m10s\n"
		     "passed: stable, and every rule holds\n"
		     "51 polls, 0 errors\n");
}

/* The README shows this table. */
static void the_example_of_the_readme(void **state)
{
	struct gate_lane lanes[] = {
		lane("q86yjdy", "", "DEPLOYING", 99 * S, 0, -1),
		lane("q86yjdy", "Retriever", "ACTIVE", 65 * S, 2, 2),
		lane("q86yjdy", "Reranker", "LOADING_MODEL", 99 * S, 0, 1),
	};
	struct target_result target = target_of(&rag, lanes, COUNT_OF(lanes));
	struct gate_result result = run_of(&target, 1);
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	struct text readme;
	struct arena arena = {0};
	const char *why;
	(void)state;
	target.misses = 1;
	target.miss = (struct miss){.cause = MISS_HTTP, .http_status = 503, .detail = TEXT("upstream connect error")};
	live_table(&buf, &result, 190 * S, &(struct screen){79, 23, false});
	assert_true(file_read(&arena, "README.md", BUF_LIMIT_REPORT, &readme, &why));
	assert_non_null(strstr(readme.bytes, buf_string(&buf)));
	buf_release(&buf);
	arena_release(&arena);
}

#define MANY 200

static void two_hundred_chainlets(void **state)
{
	struct gate_lane lanes[1 + MANY] = {lane("q86yjdy", "", "DEPLOYING", 0, 0, -1)};
	char names[MANY][8];
	struct target_result target = target_of(&rag, lanes, COUNT_OF(lanes));
	struct gate_result result = run_of(&target, 1);
	(void)state;
	for (size_t i = 0; i < MANY; i++) {
		snprintf(names[i], sizeof(names[i]), "C%zu", i);
		lanes[i + 1] = lane("q86yjdy", names[i], "ACTIVE", 0, 1, 1);
	}
	lanes[101] = lane("q86yjdy", "Slow", "LOADING_MODEL", 0, 0, 1);
	lanes[151] = lane("q86yjdy", "Broken", "FAILED", 0, 0, 1);
	lanes[161] = lane("q86yjdy", "Odd", "SLEEPING", 0, 0, 1);
	target.waiting = WAITING_ANSWER;
	assert_drawn(&result, (struct screen){60, 9, false},
		     "rag/q86yjdy  [####...........................]  3m10s of 20m\n"
		     "q86yjdy   ~ DEPLOYING           3m10s\n"
		     "  Broken  x FAILED         0/1  3m10s\n"
		     "  Odd     ? SLEEPING       0/1  3m10s\n"
		     "  Slow    ~ LOADING_MODEL  0/1  3m10s\n"
		     "  C0      + ACTIVE         1/1  3m10s\n"
		     "… and 196 more, all ready\n"
		     "waiting: an answer from the API, for 3m10s\n"
		     "51 polls, 0 errors\n");
	assert_drawn(&result, (struct screen){60, 5, false},
		     "rag/q86yjdy  [####...........................]  3m10s of 20m\n"
		     "q86yjdy  ~ DEPLOYING  3m10s\n"
		     "… and 200 more, 3 not ready\n"
		     "waiting: an answer from the API, for 3m10s\n"
		     "51 polls, 0 errors\n");
	assert_drawn(&result, (struct screen){60, 1, false},
		     "rag/q86yjdy  [####...........................]  3m10s of 20m\n");
}

static void several_targets(void **state)
{
	struct gate_target plan[] = {{.name = TEXT("rag/a"), .chain = TEXT("rag")},
				     {.name = TEXT("rag/b"), .chain = TEXT("rag")},
				     {.name = TEXT("search/c"), .chain = TEXT("search")}};
	struct gate_lane lanes[] = {
		lane("a", "", "ACTIVE", 0, 0, -1),         lane("a", "One", "ACTIVE", 0, 1, 1),
		lane("b", "", "ACTIVE", 0, 0, -1),         lane("b", "One", "UNHEALTHY", 0, 1, 1),
		lane("c", "", "SCALED_TO_ZERO", 0, 0, -1), lane("c", "Two", "SCALED_TO_ZERO", 0, 0, 0),
	};
	struct target_result targets[] = {target_of(&plan[0], lanes, 2), target_of(&plan[1], lanes + 2, 2),
					  target_of(&plan[2], lanes + 4, 2)};
	struct gate_result result = run_of(targets, 3);
	(void)state;
	targets[0].waiting = WAITING_NOTHING;
	targets[1].waiting = WAITING_STABLE;
	targets[1].stable_after_ns = 30 * S;
	targets[1].waiting_since_ns = 180 * S;
	targets[1].misses = 1;
	targets[2].verdict = VERDICT_PASSED;
	targets[2].reason = REASON_RULES_HOLD;
	assert_drawn(&result, (struct screen){79, 23, false},
		     "3 targets  [#######...........................................]  3m10s of 20m\n"
		     "rag/a     + ACTIVE               3m10s\n"
		     "  One     + ACTIVE          1/1  3m10s\n"
		     "rag/b     + ACTIVE               3m10s\n"
		     "  One     ! UNHEALTHY       1/1  3m10s\n"
		     "search/c  - SCALED_TO_ZERO       3m10s\n"
		     "  Two     - SCALED_TO_ZERO  0/0  3m10s\n"
		     "rag/b  1 error, waiting until nothing has changed for 30s (10s so far); One UN…\n"
		     "rag/a  passing, waiting: the other targets\n"
		     "search/c  passed: stable, and every rule holds\n");
	/* Without room for every row, rows are sorted by status, so each chainlet shows its deployment's name. */
	assert_drawn(&result, (struct screen){79, 6, false},
		     "3 targets  [#######...........................................]  3m10s of 20m\n"
		     "rag/b/One     ! UNHEALTHY       1/1  3m10s\n"
		     "search/c/Two  - SCALED_TO_ZERO  0/0  3m10s\n"
		     "rag/a/One     + ACTIVE          1/1  3m10s\n"
		     "rag/b  1 error, waiting until nothing has changed for 30s (10s so far); One UN…\n"
		     "… and 2 more targets, 1 passed\n");
	/* What isn't ready comes before what only has to stay as it is. */
	targets[2].verdict = VERDICT_NONE;
	targets[2].waiting = WAITING_DEPLOYMENT;
	assert_drawn(&result, (struct screen){79, 6, false},
		     "3 targets  [#######...........................................]  3m10s of 20m\n"
		     "rag/b/One     ! UNHEALTHY       1/1  3m10s\n"
		     "search/c/Two  - SCALED_TO_ZERO  0/0  3m10s\n"
		     "rag/a/One     + ACTIVE          1/1  3m10s\n"
		     "search/c  waiting: a deployment, for 3m10s\n"
		     "… and 2 more targets, 0 passed\n");
}

/* ---- the table fits --------------------------------------------------------------------------------------------- */

/* Hostile and unusual names. */
static const char *const names[] = {
	"",
	"x",
	"Retriever",
	"検索器検索器検索器検索器検索器検索器検索器検索器検索器検索器検索器",
	"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
	"\u202egnp.exe\x1b[2J\x1b]0;title\a\r\n\t",
	"\xff\xfe not UTF-8 \xc3",
	"a name with  many blanks   at which   a line    may be broken ",
	"👩‍👩‍👧‍👦 family 🇩🇪 ﷽",
	"a-very-long-name-without-any-blank-in-it-that-goes-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on-and-on",
};

/* Adds the text without its colours. Fails if it contains any other escape sequence. */
static void strip(struct buf *out, struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] == '\x1b') {
			assert_int_equal(text.bytes[i + 1], '[');
			for (i += 2; text.bytes[i] != 'm'; i++)
				assert_true(text.bytes[i] == ';' || (text.bytes[i] >= '0' && text.bytes[i] <= '9'));
		} else {
			buf_add_byte(out, text.bytes[i]);
		}
	}
}

static void assert_fits(const struct buf *plain, struct screen screen)
{
	struct text text = buf_text(plain);
	size_t start = 0, lines = 0;
	for (size_t i = 0; i < text.length; i++) {
		if (text.bytes[i] != '\n')
			continue;
		struct text line = text_slice(text, start, i);
		struct buf again = buf_make(BUF_LIMIT_REPORT);
		text_add_printable(&again, line);
		assert_true(text_equal(line, buf_text(&again))); /* it contains no hidden character */
		buf_release(&again);
		if (text_columns(line) > screen.columns)
			fail_msg("%zu columns: '%.*s'", screen.columns, TEXT_ARG(line));
		assert_true(i == start || text.bytes[i - 1] != ' ');
		start = i + 1;
		lines++;
	}
	assert_int_equal(start, text.length);
	assert_in_range(lines, 1, screen.rows);
}

typedef void draw_function(struct buf *, const void *what, const struct screen *);

static void assert_fits_everywhere(draw_function *draw, const void *what)
{
	static const size_t columns[] = {1, 2, 3, 5, 8, 13, 19, 20, 21, 25, 30, 39, 40, 45, 60, 79, 80, 120, 199, 500};
	static const size_t rows[] = {1, 2, 3, 4, 5, 8, 13, 23, 60, 1000};
	for (size_t i = 0; i < COUNT_OF(columns); i++)
		for (size_t j = 0; j < COUNT_OF(rows); j++) {
			struct screen screen = {columns[i], rows[j], false}, coloured = {columns[i], rows[j], true};
			struct buf plain = buf_make(BUF_LIMIT_REPORT), painted = buf_make(BUF_LIMIT_REPORT);
			struct buf stripped = buf_make(BUF_LIMIT_REPORT);
			draw(&plain, what, &screen);
			assert_fits(&plain, screen);
			draw(&painted, what, &coloured);
			strip(&stripped, buf_text(&painted));
			assert_true(text_equal(buf_text(&plain), buf_text(&stripped)));
			buf_release(&plain);
			buf_release(&painted);
			buf_release(&stripped);
		}
}

static void draw_run(struct buf *buf, const void *what, const struct screen *screen)
{
	live_table(buf, what, 3 * NS_PER_HOUR, screen);
}

static void every_run_fits_every_window(void **state)
{
	enum { LANES = 60, TARGETS = 25 };
	static const size_t target_counts[] = {1, 2, TARGETS}, lane_counts[] = {0, 3, LANES};
	struct gate_lane lanes[LANES];
	struct gate_target plan[TARGETS];
	struct target_result targets[TARGETS];
	(void)state;
	for (size_t i = 0; i < LANES; i++)
		lanes[i] = lane(names[i / 20 + 2], i % 20 ? names[i % 9 + 1] : "",
				i % 7 ? status_name((enum status)(1 + i % 14)) : names[i % COUNT_OF(names)], (int64_t)i,
				i % 5 ? 1 : INT64_MAX, i % 3 ? -1 : INT64_MAX);
	for (size_t t = 0; t < COUNT_OF(target_counts); t++)
		for (size_t l = 0; l < COUNT_OF(lane_counts); l++) {
			struct gate_result result = run_of(targets, target_counts[t]);
			for (size_t i = 0; i < result.target_count; i++) {
				plan[i] = (struct gate_target){.name = text_of(names[i % COUNT_OF(names)]),
							       .chain = TEXT("rag")};
				targets[i] = target_of(&plan[i], lanes, lane_counts[l]);
				targets[i].waiting = (enum gate_waiting)(i % WAITING_NOTHING);
				targets[i].misses = i % 3;
				targets[i].miss = (struct miss){.cause = MISS_RESET, .detail = text_of(names[3])};
			}
			assert_fits_everywhere(draw_run, &result);
		}
}

/* ---- status ----------------------------------------------------------------------------------------------------- */

static void draw_status(struct buf *buf, const void *what, const struct screen *screen)
{
	status_live(buf, what, screen);
}

static void status_is_drawn_alike(void **state)
{
	struct autoscaling_settings settings = {.min_replica = 1, .max_replica = 4};
	struct chainlet chainlets[] = {
		{.name = TEXT("Retriever"),
		 .status = STATUS_ACTIVE,
		 .status_word = TEXT("ACTIVE"),
		 .active_replica_count = 2,
		 .settings = &settings,
		 .instance_type_name = TEXT("L4:4x16"),
		 .ordinal = 1},
		{.name = text_of(names[5]),
		 .status_word = text_of(names[6]),
		 .instance_type_name = text_of(names[3]),
		 .ordinal = 2},
	};
	struct deployment deployment = {.id = TEXT("q86yjdy"),
					.status = STATUS_ACTIVE,
					.status_word = TEXT("ACTIVE"),
					.chainlets = chainlets,
					.chainlet_count = 1};
	const struct deployment *selected = &deployment;
	struct selection selection = {.deployments = &selected, .count = 1};
	int64_t since_ns[] = {10 * S, 20 * S, 30 * S};
	struct status_view view = {.chain = TEXT("rag"),
				   .selection = &selection,
				   .listed = 3,
				   .since_ns = since_ns,
				   .now_ns = 40 * S,
				   .now_wall_ns = 50 * S,
				   .polls = 12};
	struct screen wide = {79, 23, false}, narrow = {39, 23, false};
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	(void)state;
	status_live(&buf, &view, &wide);
	assert_string_equal(buf_string(&buf), "rag  1 of 3 deployments  1970-01-01T00:00:50Z\n"
					      "q86yjdy      + ACTIVE       0m30s  no environment, created 0m50s ago\n"
					      "  Retriever  + ACTIVE  2/1  0m20s  L4:4x16\n"
					      "12 polls, 0 errors\n");
	buf_clear(&buf);
	status_live(&buf, &view, &narrow);
	assert_string_equal(buf_string(&buf), "rag  1 of 3 deployments\n"
					      "q86yjdy      + ACTIVE       0m30s\n"
					      "  Retriever  + ACTIVE  2/1  0m20s\n"
					      "12 polls, 0 errors\n");
	buf_clear(&buf);
	view.since_ns = NULL;
	status_rows(&buf, &view, &wide);
	assert_string_equal(buf_string(&buf), "q86yjdy      + ACTIVE       no environment, created 0m50s ago\n"
					      "  Retriever  + ACTIVE  2/1  L4:4x16\n");
	buf_release(&buf);
	deployment.chainlet_count = 2;
	view.since_ns = since_ns;
	view.chain = text_of(names[9]);
	view.miss = (struct miss){.cause = MISS_HTTP, .http_status = 503, .detail = TEXT("upstream connect error")};
	assert_fits_everywhere(draw_status, &view);
	view.selection = NULL; /* nothing was listed yet */
	assert_fits_everywhere(draw_status, &view);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rollout),
		cmocka_unit_test(the_example_of_the_readme),
		cmocka_unit_test(two_hundred_chainlets),
		cmocka_unit_test(several_targets),
		cmocka_unit_test(every_run_fits_every_window),
		cmocka_unit_test(status_is_drawn_alike),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
