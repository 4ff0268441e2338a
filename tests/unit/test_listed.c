/* test_listed.c - the words that say what a list has, when it doesn't have the requested deployment. */
#include "chaingate/listed.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define NOW (INT64_C(1786698000) * NS_PER_S)
#define OLD(ns) .created_at_wall_ns = NOW - (ns)
#define OF(chain, name) .id = {name, sizeof(name) - 1}, .chain_id = {chain, sizeof(chain) - 1}
#define IN(name) .has_environment = true, .environment = {name, sizeof(name) - 1}
#define IS_ACTIVE .status = STATUS_ACTIVE, .status_word = {"ACTIVE", 6}

static void expect(const struct listing *listing, struct selector selector, size_t older, int64_t now,
		   const char *expected)
{
	struct buf words = buf_make(4096);
	listed_add(&words, listing, &selector, older, TEXT("c1"), now);
	assert_string_equal(buf_string(&words), expected);
	buf_release(&words);
}

static struct selector of_deployment(const char *id)
{
	return (struct selector){.kind = SELECT_DEPLOYMENT, .value = text_of(id)};
}

static struct selector of_environment(const char *name)
{
	return (struct selector){.kind = SELECT_ENVIRONMENT, .value = text_of(name)};
}

static void the_newest_deployments_are_named(void **state)
{
	static const struct deployment deployments[] = {
		{OF("c1", "old"), OLD(5 * NS_PER_HOUR)}, {OF("c1", "bb"), OLD(NS_PER_HOUR)},
		{OF("c2", "foreign"), OLD(0)},           {OF("c1", "newest"), OLD(NS_PER_S)},
		{OF("c1", "aa"), OLD(NS_PER_HOUR)},      {OF("c1", "oldest"), OLD(9 * NS_PER_HOUR)},
	};
	struct deployment turned[6];
	(void)state;
	for (size_t turn = 0; turn < 6; turn++) {
		for (size_t i = 0; i < 6; i++)
			turned[i] = deployments[(i + turn) % 6];
		/* of two of the same age, the one with the greater id, as `latest` has it */
		expect(&(struct listing){.deployments = turned, .count = 6}, of_deployment("zzzzzzz"), 0,
		       LISTED_AT_NO_TIME,
		       "the newest of the chain's 5 deployments are 'newest' (in no environment), 'bb' (in no "
		       "environment) and 'aa' (in no environment)");
	}
	expect(&(struct listing){.deployments = deployments, .count = 1}, of_deployment("zzzzzzz"), 0,
	       LISTED_AT_NO_TIME, "the chain's only deployment is 'old' (in no environment)");
	expect(&(struct listing){.deployments = deployments, .count = 3}, of_deployment("zzzzzzz"), 0,
	       LISTED_AT_NO_TIME, "the chain's deployments are 'bb' (in no environment) and 'old' (in no environment)");
	expect(&(struct listing){.deployments = deployments + 2, .count = 1}, of_deployment("zzzzzzz"), 0,
	       LISTED_AT_NO_TIME, "the chain has no deployments");
}

static void a_deployment_has_its_age(void **state)
{
	static const struct {
		int64_t age_ns;
		const char *shown;
	} rows[] = {
		{0, "0s old"},
		{119 * NS_PER_S, "119s old"},
		{120 * NS_PER_S, "2m old"},
		{119 * NS_PER_MINUTE, "119m old"},
		{120 * NS_PER_MINUTE, "2h old"},
		{47 * NS_PER_HOUR, "47h old"},
		{48 * NS_PER_HOUR, "2d old"},
		{24000 * NS_PER_HOUR, "1000d old"},
		/* the clocks differ */
		{-NS_PER_S, "created 2026-08-14T09:00:01Z"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct deployment one = {OF("c1", "one"), OLD(rows[i].age_ns), IS_ACTIVE, IN("staging")};
		struct arena arena = {0};
		expect(&(struct listing){.deployments = &one, .count = 1}, of_deployment("zzzzzzz"), 0, NOW,
		       arena_printf(&arena, "the chain's only deployment is 'one' (in 'staging', ACTIVE, %s)",
				    rows[i].shown));
		one.is_development = (struct optional_boolean){true, true};
		expect(&(struct listing){.deployments = &one, .count = 1}, of_deployment("zzzzzzz"), 0, NOW,
		       arena_printf(&arena,
				    "the chain's only deployment is 'one' (in 'staging', in development, ACTIVE, %s)",
				    rows[i].shown));
		arena_release(&arena);
	}
}

static void a_mistyped_id_is_found(void **state)
{
	static const struct deployment deployments[] = {
		{OF("c2", "q86yjdx"), OLD(0)}, {OF("c1", "q86yjdy"), OLD(9)}, {OF("c1", "q86yjzz"), OLD(7)},
		{OF("c1", "q86yjyd"), OLD(8)}, {OF("c1", "ab"), OLD(1)},
	};
	static const struct {
		const char *wanted, *meant; /* NULL: nothing is like it */
	} rows[] = {
		{"86yjdy", "q86yjdy"},   /* a letter is missing; the other chain's doesn't count */
		{"q86yjdzy", "q86yjdy"}, /* one too many */
		{"q86yjaa", "q86yjzz"},  /* equally like three: the newest */
		{"q86aaaa", NULL},       /* more than a third differs */
		{"ac", "ab"},            /* one letter may always differ */
		{"cc", NULL},
		{"x", NULL},
	};
	struct listing listing = {.deployments = deployments, .count = 5};
	const char *newest = "he newest of the chain's 4 deployments are 'ab' (in no environment), 'q86yjzz' (in no "
			     "environment) and 'q86yjyd' (in no environment)";
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		const char *words = rows[i].meant
					    ? arena_printf(&arena, "did you mean '%s'? T%s", rows[i].meant, newest)
					    : arena_printf(&arena, "t%s", newest);
		expect(&listing, of_deployment(rows[i].wanted), 0, LISTED_AT_NO_TIME, words);
		arena_release(&arena);
	}
	listing.count = 1;
	listing.deployments = deployments + 1;
	expect(&listing, of_deployment("q86yjd"), 0, LISTED_AT_NO_TIME,
	       "did you mean 'q86yjdy'? The chain's only deployment is 'q86yjdy' (in no environment)");
	/* those that are too old explain it better than another id */
	expect(&(struct listing){.deployments = deployments + 1, .count = 1}, of_deployment("q86yjdy"), 1,
	       LISTED_AT_NO_TIME,
	       "1 that fits is left out by 'since'; the chain's only deployment is 'q86yjdy' (in no environment)");
	expect(&(struct listing){.deployments = deployments + 1, .count = 1}, of_environment("x"), 2, LISTED_AT_NO_TIME,
	       "2 that fit are left out by 'since'; the chain's only deployment is 'q86yjdy' (in no environment)");
}

static void environments_are_named_from_the_most_similar_on(void **state)
{
	static const struct deployment deployments[] = {
		{OF("c1", "a"), IN("zeta")},
		{OF("c2", "b"), IN("stagin")},
		{OF("c1", "c"), IN("production")},
		{OF("c1", "d"), IN("staging")},
		{OF("c1", "e")},
		{OF("c1", "f"), IN("zeta")},
		{OF("c1", "g"), IN("blue")},
		{OF("c1", "h"), IN("grey")},
		{OF("c1", "i"), IN("canary-of-blue")},
	};
	struct buf words = buf_make(4096);
	(void)state;
	listed_add_environments(&words, &(struct listing){.deployments = deployments, .count = 5}, TARGET_CHAIN,
				TEXT("stagin"), TEXT("c1"));
	assert_string_equal(buf_string(&words),
			    "did you mean 'staging'? The chain's environments are 'staging', 'zeta' and 'production'");
	buf_clear(&words);
	listed_add_environments(&words, &(struct listing){.deployments = deployments, .count = 9}, TARGET_CHAIN,
				TEXT("qqqq"), TEXT("c1"));
	assert_string_equal(buf_string(&words),
			    "the chain's environments are 'blue', 'grey', 'zeta', 'staging', 'production' and 1 more");
	buf_clear(&words);
	listed_add_environments(&words, &(struct listing){.deployments = deployments, .count = 1}, TARGET_MODEL,
				TEXT("qqqq"), TEXT("c1"));
	assert_string_equal(buf_string(&words), "the model's only environment is 'zeta'");
	buf_clear(&words);
	listed_add_environments(&words, &(struct listing){.deployments = deployments + 4, .count = 1}, TARGET_CHAIN,
				TEXT("qqqq"), TEXT("c1"));
	assert_string_equal(buf_string(&words), "no deployment of the chain is in an environment");
	buf_release(&words);
	expect(&(struct listing){.deployments = deployments, .count = 1}, of_environment("zet"), 0, LISTED_AT_NO_TIME,
	       "did you mean 'zeta'? The chain's only environment is 'zeta'; the chain's only deployment is 'a' (in "
	       "'zeta')");
}

/* A chain has a handful of environments. Of more than 64 the rest isn't looked at. */
static void many_environments_are_counted(void **state)
{
	enum { MANY = 100 };
	struct deployment deployments[MANY];
	struct buf words = buf_make(4096);
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < MANY; i++)
		deployments[i] = (struct deployment){OF("c1", "a"), .has_environment = true,
						     .environment = text_of(arena_printf(&arena, "env-%03zu", i))};
	listed_add_environments(&words, &(struct listing){.deployments = deployments, .count = MANY}, TARGET_CHAIN,
				TEXT("zzzz"), TEXT("c1"));
	assert_string_equal(buf_string(&words),
			    "the chain's environments are 'env-000', 'env-001', 'env-002', 'env-003', 'env-004' and 59 "
			    "more");
	buf_release(&words);
	arena_release(&arena);
}

/* "did you mean": one letter may always differ, of longer words a third. */
static void a_typing_mistake_is_small(void **state)
{
	static const struct {
		const char *wanted, *has;
		bool is_near;
	} rows[] = {
		{"eu", "us", false},       {"eu", "ex", true},         {"abcde", "abcdx", true},
		{"abcde", "abcxx", false}, {"abcdef", "abcdxx", true}, {"abcdef", "abcxxx", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct buf words = buf_make(4096);
		struct deployment one = {OF("c1", "a"), .has_environment = true, .environment = text_of(rows[i].has)};
		listed_add_environments(&words, &(struct listing){.deployments = &one, .count = 1}, TARGET_CHAIN,
					text_of(rows[i].wanted), TEXT("c1"));
		if ((strstr(buf_string(&words), "did you mean") != NULL) != rows[i].is_near)
			fail_msg("%s: %s", rows[i].wanted, buf_string(&words));
		buf_release(&words);
	}
}

static void an_environments_answer_says_whom_it_serves(void **state)
{
	static const struct deployment both[] = {{OF("c1", "old"), OLD(0)}, {OF("c1", "new"), OLD(0)}};
	struct promotion promotion = {.state = PROMOTION_RUNNING, .word = TEXT("RAMPING_UP"), .traffic_percent = 30};
	struct environment environment = {.name = TEXT("prod"), .current = TEXT("old"), .candidate = TEXT("new")};
	struct listing listing = {.deployments = both, .count = 2, .environment = &environment};
	struct selector selector = of_environment("prod");
	(void)state;
	expect(&listing, selector, 0, LISTED_AT_NO_TIME,
	       "the current deployment of 'prod' is 'old' (in no environment), and its candidate is 'new' (in no "
	       "environment)");
	listing.count = 1;
	environment.candidate = (struct text){0};
	expect(&listing, selector, 0, LISTED_AT_NO_TIME,
	       "the current deployment of 'prod' is 'old' (in no environment), and it has no candidate");
	listing.count = 0;
	environment.current = (struct text){0};
	expect(&listing, selector, 0, LISTED_AT_NO_TIME,
	       "the environment 'prod' has no current deployment, and no candidate");
	environment.promotion = &promotion;
	environment.candidate = TEXT("new");
	expect(&listing, selector, 0, NOW,
	       "the environment 'prod' has no current deployment, and no candidate; the promotion of 'new' is "
	       "RAMPING_UP, with 30% of the traffic");
	promotion.traffic_percent = 0;
	expect(&listing, selector, 0, NOW,
	       "the environment 'prod' has no current deployment, and no candidate; the promotion of 'new' is "
	       "RAMPING_UP, with 0% of the traffic");
	/* the traffic changes, so it isn't part of what is said at no time; a negative one is unknown */
	const char *without = "the environment 'prod' has no current deployment, and no candidate; the promotion of "
			      "'new' is RAMPING_UP";
	expect(&listing, selector, 0, LISTED_AT_NO_TIME, without);
	promotion.traffic_percent = -1;
	expect(&listing, selector, 0, NOW, without);
	promotion = (struct promotion){PROMOTION_ENDED, TEXT("FAILED"), 30, TEXT("no capacity")};
	environment.candidate = (struct text){0};
	environment.ended = TEXT("new");
	expect(&listing, selector, 0, NOW,
	       "the environment 'prod' has no current deployment, and no candidate; the promotion of 'new' is FAILED: "
	       "'no capacity'");
	environment.ended = (struct text){0};
	expect(&listing, selector, 0, NOW,
	       "the environment 'prod' has no current deployment, and no candidate; the promotion is FAILED: 'no "
	       "capacity'");
}

/* A word that isn't one of ours is quoted, because it could read like the rest of the sentence. */
static void an_unknown_word_is_quoted(void **state)
{
	struct deployment one = {OF("c1", "one"), OLD(0), .status = STATUS_UNKNOWN,
				 .status_word = TEXT("ACTIVE, 1h old")};
	struct promotion promotion = {.state = PROMOTION_UNKNOWN, .word = TEXT("all right"), .traffic_percent = -1};
	struct environment environment = {.name = TEXT("prod"), .promotion = &promotion};
	(void)state;
	expect(&(struct listing){.deployments = &one, .count = 1}, of_deployment("zzzzzzz"), 0, NOW,
	       "the chain's only deployment is 'one' (in no environment, 'ACTIVE, 1h old', 0s old)");
	expect(&(struct listing){.environment = &environment}, of_environment("prod"), 0, NOW,
	       "the environment 'prod' has no current deployment, and no candidate; the promotion is 'all right'");
}

/* However long an error of the API is, about 80 columns of it are shown. */
static void a_long_error_is_cut(void **state)
{
	char error[200];
	memset(error, '!', sizeof error);
	struct promotion promotion = {PROMOTION_ENDED, TEXT("FAILED"), -1, {error, sizeof error}};
	struct environment environment = {.name = TEXT("prod"), .promotion = &promotion};
	struct selector selector = of_environment("prod");
	struct buf words = buf_make(4096);
	size_t shown = 0;
	(void)state;
	listed_add(&words, &(struct listing){.environment = &environment}, &selector, 0, TEXT("c1"), NOW);
	for (size_t i = 0; i < words.length; i++)
		shown += buf_string(&words)[i] == '!';
	assert_in_range(shown, 70, 80);
	buf_release(&words);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_newest_deployments_are_named),
		cmocka_unit_test(a_deployment_has_its_age),
		cmocka_unit_test(a_mistyped_id_is_found),
		cmocka_unit_test(environments_are_named_from_the_most_similar_on),
		cmocka_unit_test(many_environments_are_counted),
		cmocka_unit_test(a_typing_mistake_is_small),
		cmocka_unit_test(an_environments_answer_says_whom_it_serves),
		cmocka_unit_test(an_unknown_word_is_quoted),
		cmocka_unit_test(a_long_error_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
