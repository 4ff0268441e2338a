/* test_oddities.c - what the gate notes of answers that contradict themselves, and of a clock that is wrong: rules treat it
 * as unknown or don't see it, so only a note tells why. */
#include "chaingate/diag.h"
#include "chaingate/driver.h"
#include "chaingate/policy.h"
#include "chaingate/source.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct autoscaling_settings settings = {.min_replica = 1, .max_replica = 1},
					 negative = {.min_replica = -2};

static struct chainlet chainlet_of(const char *status, int64_t replicas)
{
	return (struct chainlet){.id = TEXT("a1"),
				 .name = TEXT("A"),
				 .instance_type_name = TEXT("L4"),
				 .status = status_parse(text_of(status)),
				 .status_word = text_of(status),
				 .active_replica_count = replicas,
				 .settings = &settings,
				 .ordinal = 1};
}

/* A run of a policy of one target that never passes. */
static struct driver *driver_of(struct arena *arena)
{
	static const char yaml[] = "version: 1\ntarget: {chain: one, deployment: q1}\nrules: [count(chainlets) > 9]\n";
	struct diags diags = {.arena = arena};
	const struct policy *policy = policy_load(arena, source_make(arena, "policy", text_of(yaml)), NULL, &diags);
	assert_non_null(policy);
	struct plan_overrides overrides = {.wait = policy->wait};
	return driver_new(plan_make(arena, policy, &overrides), DRIVER_EXACT);
}

static void answer_with(struct driver *driver, const char *status, const struct chainlet *chainlet, int64_t offset_ns)
{
	struct deployment deployment = {.id = TEXT("q1"),
					.chain_id = TEXT("c1"),
					.status = status_parse(text_of(status)),
					.status_word = text_of(status),
					.chainlets = chainlet,
					.chainlet_count = 1};
	struct listing listing = {.deployments = &deployment, .count = 1, .ordinals = 2};
	struct driver_answer answer = {
		.chain_id = TEXT("c1"), .listing = &listing, .has_clock = offset_ns != 0, .clock_offset_ns = offset_ns};
	driver_answered(driver, 0, &answer, 0);
}

/* The notes of the run: how many, and the last one's words. */
static size_t notes_of(const struct driver *driver, struct text *out_last)
{
	size_t count, notes = 0;
	const struct gate_event *events = gate_events(driver_gate((struct driver *)driver), &count);
	for (size_t i = 0; i < count; i++)
		if (events[i].kind == EVENT_NOTE) {
			notes++;
			*out_last = events[i].to;
		}
	return notes;
}

static void expect_note(const struct driver *driver, const char *said)
{
	struct text last = {"", 0};
	size_t notes = notes_of(driver, &last);
	if (notes != (said ? 1 : 0) || (said && !text_is(last, said)))
		fail_msg("%zu notes, the last: %.*s; not: %s", notes, TEXT_ARG(last), said ? said : "none");
}

static void what_contradicts_itself_is_noted_once(void **state)
{
	static const struct {
		const char *deployment, *chainlet;
		int64_t replicas;
		const char *said; /* NULL: nothing is odd */
	} rows[] = {
		{"ACTIVE", "ACTIVE", 1, NULL},
		{"UNHEALTHY", "FAILED", 1, NULL},
		{"FAILED", "ACTIVE", 1, NULL},
		{"ACTIVE", "UNHEALTHY", 1, "deployment q1 is ACTIVE while its chainlet A is UNHEALTHY"},
		{"ACTIVE", "ACTIVE", 0, NULL},
		{"ACTIVE", "ACTIVE", -1,
		 "A has the active_replica_count -1: a count can't be negative, so rules treat it as unknown"},
		{"UNHEALTHY", "NAPPING", 1, "A has the status 'NAPPING', which this version doesn't know"},
		{"NAPPING", "FAILED", 1, "q1 has the status 'NAPPING', which this version doesn't know"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct driver *driver = driver_of(&arena);
		struct chainlet chainlet = chainlet_of(rows[i].chainlet, rows[i].replicas);
		answer_with(driver, rows[i].deployment, &chainlet, 0);
		expect_note(driver, rows[i].said);
		answer_with(driver, rows[i].deployment, &chainlet, 0);
		expect_note(driver, rows[i].said);
		driver_free(driver);
		arena_release(&arena);
	}
}

static void a_negative_setting_is_noted(void **state)
{
	(void)state;
	struct arena arena = {0};
	struct driver *driver = driver_of(&arena);
	struct chainlet chainlet = chainlet_of("ACTIVE", 1);
	chainlet.settings = &negative;
	answer_with(driver, "ACTIVE", &chainlet, 0);
	expect_note(driver, "A has the min_replica -2: a count can't be negative, so rules treat it as unknown");
	driver_free(driver);
	arena_release(&arena);
}

/* In whole seconds, the nearest: a Date has no more. */
static void a_wrong_clock_is_noted_once(void **state)
{
#define BY(size, side) "this machine's clock is " size " " side " the API's; ages and 'since' use the API's clock"
	static const struct {
		int64_t offset_ms;
		const char *said;
	} rows[] = {
		{1, NULL},
		{30000, NULL},
		{-30000, NULL},
		{30499, BY("30s", "behind")},
		{30500, BY("31s", "behind")},
		{-45499, BY("45s", "ahead of")},
		{-45500, BY("46s", "ahead of")},
		{3600000, BY("1h", "behind")},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct driver *driver = driver_of(&arena);
		struct chainlet chainlet = chainlet_of("ACTIVE", 1);
		answer_with(driver, "ACTIVE", &chainlet, rows[i].offset_ms * NS_PER_MS);
		expect_note(driver, rows[i].said);
		answer_with(driver, "ACTIVE", &chainlet, rows[i].offset_ms * NS_PER_MS);
		expect_note(driver, rows[i].said);
		driver_free(driver);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_contradicts_itself_is_noted_once),
		cmocka_unit_test(a_negative_setting_is_noted),
		cmocka_unit_test(a_wrong_clock_is_noted_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
