/* test_promotion.c - what a target learns of a promotion from the environment of a model: its words, and whose end it is. */
#include "chaingate/gate.h"
#include "chaingate/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#define WORD(W) \
	{ \
		W, sizeof(W) - 1 \
	}
#define POLL_NS (10 * NS_PER_S)

#define CHAINLET(STATUS) \
	{ \
		.id = WORD("m1"), .name = WORD("m"), .status = STATUS_##STATUS, .status_word = WORD(#STATUS), \
		.ordinal = 1 \
	}
static const struct chainlet chainlet_FAILED = CHAINLET(FAILED), chainlet_ACTIVE = CHAINLET(ACTIVE);

/* A deployment of the model at rest. */
#define AT_REST(ID, ORDINAL, STATUS) \
	{ \
		.id = WORD(ID), .chain_id = WORD("m1"), .status = STATUS_##STATUS, .status_word = WORD(#STATUS), \
		.ordinal = ORDINAL, .chainlets = &chainlet_##STATUS, .chainlet_count = 1 \
	}
static const struct deployment down[] = {AT_REST("old", 0, FAILED), AT_REST("new", 2, FAILED)},
			       active[] = {AT_REST("old", 0, ACTIVE), AT_REST("new", 2, ACTIVE)};

struct world {
	struct arena arena;
	struct gate *gate;
	const struct deployment *deployments; /* two */
	const char *current;
};

static void begin(struct world *world)
{
	static const char yaml[] = "version: 1\ntarget: {model: m1, environment: prod, role: candidate, since: any}\n"
				   "wait: {timeout: 10m, discover_for: 1m}\nrules: [all chainlets ACTIVE]\n";
	*world = (struct world){.deployments = down, .current = "old"};
	struct diags diags = {.arena = &world->arena};
	const struct policy *policy = policy_load(&world->arena, source_make(&world->arena, "p.yaml", text_of(yaml)),
						  &(struct policy_request){0}, &diags);
	assert_non_null(policy);
	struct plan_overrides overrides = {.wait = policy->wait};
	world->gate = gate_new(plan_make(&world->arena, policy, &overrides));
}

static void end(struct world *world)
{
	gate_free(world->gate);
	arena_release(&world->arena);
}

/* The environment says this of its promotion, at the poll of that number. */
static void see(struct world *world, int64_t poll, const struct promotion *promotion, const char *candidate,
		const char *ended)
{
	const struct environment environment = {.name = TEXT("prod"),
						.chain_id = TEXT("m1"),
						.current = text_of(world->current),
						.candidate = text_of(candidate),
						.ended = text_of(ended),
						.promotion = promotion};
	struct deployment deployments[] = {world->deployments[0], world->deployments[1]};
	deployments[0].shown_by = deployments[1].shown_by = &environment;
	const struct listing listing = {
		.deployments = deployments, .count = 2, .ordinals = 3, .environment = &environment};
	gate_observe(world->gate, 0,
		     &(struct observation){.at_ns = poll * POLL_NS, .listing = &listing, .chain_id = TEXT("m1")});
	gate_settle(world->gate, poll * POLL_NS);
}

static void a_promotion_is_told_with_its_traffic_if_that_is_known(void **state)
{
	(void)state;
	static const struct {
		struct promotion promotion;
		const char *words;
	} rows[] = {
		{{PROMOTION_RUNNING, WORD("RAMPING_UP"), 25, WORD("")}, "RAMPING_UP, 25% of the traffic"},
		{{PROMOTION_RUNNING, WORD("RELEASING"), 0, WORD("")}, "RELEASING, 0% of the traffic"},
		{{PROMOTION_PAUSED, WORD("PAUSED"), -1, WORD("")}, "PAUSED"},
		{{PROMOTION_UNKNOWN, WORD("NEW_WORD"), -1, WORD("")}, "'NEW_WORD'"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct world world;
		begin(&world);
		see(&world, 0, &rows[i].promotion, "", "");
		const struct target_result *result = gate_target_result(world.gate, 0);
		if (!text_is(result->promotion, rows[i].words))
			fail_msg("'%.*s' isn't '%s'", TEXT_ARG(result->promotion), rows[i].words);
		assert_int_equal(result->ended.length, 0);
		end(&world);
	}
}

static const struct promotion failed = {PROMOTION_ENDED, WORD("FAILED"), 0, WORD("out of capacity")};
static const struct promotion canceled = {PROMOTION_ENDED, WORD("CANCELED"), 0, WORD("")};

static void an_end_is_told_with_its_reason(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	see(&world, 0, &failed, "", "new");
	assert_true(text_is(gate_target_result(world.gate, 0)->ended, "new (FAILED): 'out of capacity'"));
	see(&world, 1, &canceled, "", "new");
	assert_true(text_is(gate_target_result(world.gate, 0)->ended, "new (CANCELED)"));
	see(&world, 2, NULL, "", "");
	assert_int_equal(gate_target_result(world.gate, 0)->ended.length, 0);
	end(&world);
}

static void the_end_of_the_candidate_fails_the_gate_once_it_has_lasted(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	for (int64_t poll = 0; poll <= 7; poll++) {
		assert_false(gate_target_done(world.gate, 0));
		see(&world, poll, &failed, "", "new");
	}
	assert_true(gate_target_done(world.gate, 0));
	assert_int_equal(gate_target_result(world.gate, 0)->verdict, VERDICT_FAILED);
	end(&world);
}

/* The end was there before, of another deployment: nobody knows whose promotion this one ends. */
/* What old answers said of the environment counts no more: when the end was first seen, and which one was the candidate. */
static void after_another_clock_an_end_has_to_last_again(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	gate_set_api_clock(world.gate, -NS_PER_HOUR, 0);
	for (int64_t poll = 0; poll <= 5; poll++)
		see(&world, poll, &failed, "", "new");
	gate_set_api_clock(world.gate, 0, 0);
	for (int64_t poll = 6; poll <= 13; poll++) {
		assert_false(gate_target_done(world.gate, 0));
		see(&world, poll, &failed, "", "new");
	}
	assert_true(gate_target_done(world.gate, 0));
	end(&world);
}

static void after_another_clock_a_candidate_is_none_any_more(void **state)
{
	(void)state;
	for (int is_corrected = 0; is_corrected < 2; is_corrected++) {
		struct world world;
		begin(&world);
		world.deployments = active;
		gate_set_api_clock(world.gate, -NS_PER_HOUR, 0);
		see(&world, 0, NULL, "new", "");
		assert_int_equal(gate_target_result(world.gate, 0)->deployment_count, 1);
		gate_set_api_clock(world.gate, is_corrected ? 0 : -NS_PER_HOUR, 0);
		world.current = "new";
		see(&world, 1, NULL, "", "");
		assert_int_equal(gate_target_result(world.gate, 0)->deployment_count, !is_corrected);
		end(&world);
	}
}

/* While a promotion has a status that nobody knows, the gate waits for its end, and says since when. */
static void the_wait_for_a_promotion_begins_with_the_promotion(void **state)
{
	static const struct promotion unclear = {PROMOTION_UNKNOWN, WORD("NEW_WORD"), -1, WORD("")};
	(void)state;
	struct world world;
	begin(&world);
	world.deployments = active;
	see(&world, 0, NULL, "new", "");
	assert_int_not_equal(gate_target_result(world.gate, 0)->waiting, WAITING_PROMOTION);
	see(&world, 1, NULL, "", "");
	for (int64_t poll = 2; poll <= 4; poll++) {
		see(&world, poll, &unclear, "new", "");
		const struct target_result *result = gate_target_result(world.gate, 0);
		assert_int_equal(result->waiting, WAITING_PROMOTION);
		assert_int_equal(result->waiting_since_ns, 2 * POLL_NS);
	}
	end(&world);
}

static size_t notes_with(const struct world *world, const char *words)
{
	size_t count, found = 0;
	const struct gate_event *events = gate_events(world->gate, &count);
	for (size_t i = 0; i < count; i++)
		found += events[i].kind == EVENT_NOTE && strstr(events[i].to.bytes, words) != NULL;
	return found;
}

/* Once the environment serves what was its candidate. */
static void a_promotion_that_succeeds_is_noted(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	world.deployments = active;
	see(&world, 0, NULL, "", "");
	see(&world, 1, NULL, "new", "");
	world.current = "other";
	see(&world, 2, NULL, "new", "");
	assert_int_equal(notes_with(&world, "was promoted"), 0);
	world.current = "new";
	see(&world, 3, NULL, "", "");
	see(&world, 4, NULL, "", "");
	assert_int_equal(notes_with(&world, "deployment 'new' was promoted: the environment 'prod' serves it now"), 1);
	end(&world);
}

static void an_end_that_changes_its_deployment_is_not_the_candidates(void **state)
{
	(void)state;
	struct world world;
	begin(&world);
	see(&world, 0, &failed, "", "older");
	for (int64_t poll = 1; poll <= 20; poll++)
		see(&world, poll, &failed, "", "new");
	assert_false(gate_target_done(world.gate, 0));
	end(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_promotion_is_told_with_its_traffic_if_that_is_known),
		cmocka_unit_test(an_end_is_told_with_its_reason),
		cmocka_unit_test(the_end_of_the_candidate_fails_the_gate_once_it_has_lasted),
		cmocka_unit_test(after_another_clock_an_end_has_to_last_again),
		cmocka_unit_test(after_another_clock_a_candidate_is_none_any_more),
		cmocka_unit_test(the_wait_for_a_promotion_begins_with_the_promotion),
		cmocka_unit_test(a_promotion_that_succeeds_is_noted),
		cmocka_unit_test(an_end_that_changes_its_deployment_is_not_the_candidates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
