/* script.c - see script.h. The simplest possible driver of the gate in virtual time. */
#include "script.h"

#include "chaingate/diag.h"
#include "chaingate/source.h"
#include "chaingate/times.h"
#include "chaingate/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int64_t seconds(double s)
{
	return (int64_t)(s * 1e9 + 0.5);
}

/* ---- notation --------------------------------------------------------------------------------------------------- */

static struct text word(const char **cursor)
{
	while (**cursor == ' ')
		++*cursor;
	const char *start = *cursor;
	*cursor += strcspn(start, " ,;:");
	return (struct text){start, (size_t)(*cursor - start)};
}

static bool accept(const char **cursor, char expected)
{
	while (**cursor == ' ')
		++*cursor;
	if (**cursor != expected)
		return false;
	++*cursor;
	return true;
}

static char peek(const char *cursor)
{
	while (*cursor == ' ')
		cursor++;
	return *cursor;
}

static struct chainlet read_chainlet(struct arena *arena, const char **cursor, struct text deployment)
{
	struct chainlet chainlet = {.instance_type_name = TEXT("L4:4x16")};
	struct autoscaling_settings *settings = ARENA_NEW(arena, struct autoscaling_settings);
	settings->max_replica = 8;
	settings->concurrency_target = 1;
	chainlet.name = word(cursor);
	chainlet.id = text_of(arena_printf(arena, "%.*s-%.*s", TEXT_ARG(deployment), TEXT_ARG(chainlet.name)));
	chainlet.status_word = word(cursor);
	chainlet.status = status_parse(chainlet.status_word);
	chainlet.active_replica_count = 1;
	chainlet.settings = settings;
	if (peek(*cursor) >= '0' && peek(*cursor) <= '9') {
		struct text counts = word(cursor);
		chainlet.active_replica_count = atoi(counts.bytes);
		settings->min_replica = atoi(strchr(counts.bytes, '/') + 1);
	} else if (peek(*cursor) == 'n') {
		word(cursor);
		chainlet.settings = NULL;
	}
	if (accept(cursor, '~'))
		chainlet.instance_type_name = word(cursor);
	return chainlet;
}

static struct deployment read_deployment(struct arena *arena, const char **cursor)
{
	struct chainlet *chainlets = ARENA_ARRAY(arena, struct chainlet, 8);
	struct deployment deployment = {.chain_id = TEXT(SCRIPT_CHAIN), .chainlets = chainlets};
	deployment.id = word(cursor);
	deployment.status_word = word(cursor);
	deployment.status = status_parse(deployment.status_word);
	deployment.created_at_wall_ns = SCRIPT_WALL_NS;
	if (accept(cursor, '@')) {
		deployment.has_environment = true;
		deployment.environment = word(cursor);
	}
	if (accept(cursor, '^'))
		deployment.created_at_wall_ns += atoi(word(cursor).bytes) * NS_PER_S;
	if (accept(cursor, ':'))
		do
			chainlets[deployment.chainlet_count++] = read_chainlet(arena, cursor, deployment.id);
		while (accept(cursor, ','));
	return deployment;
}

const struct listing *listing_write(struct arena *arena, const char *notation)
{
	struct deployment *deployments = ARENA_ARRAY(arena, struct deployment, 8);
	struct listing *listing = ARENA_NEW(arena, struct listing);
	listing->deployments = deployments;
	if (*notation)
		do
			deployments[listing->count++] = read_deployment(arena, &notation);
		while (accept(&notation, ';'));
	for (size_t i = 0; i < listing->count; i++) {
		deployments[i].ordinal = listing->ordinals++;
		for (size_t j = 0; j < deployments[i].chainlet_count; j++)
			((struct chainlet *)(uintptr_t)deployments[i].chainlets)[j].ordinal = listing->ordinals++;
	}
	return listing;
}

struct miss miss_write(struct arena *arena, const char *notation)
{
	static const struct {
		const char *name;
		enum miss_cause cause;
	} causes[] = {{"timeout", MISS_TIMEOUT}, {"connect", MISS_CONNECT},     {"reset", MISS_RESET},
		      {"tls", MISS_TLS},         {"malformed", MISS_MALFORMED}, {"stale", MISS_STALE},
		      {"nochain", MISS_NO_CHAIN}};
	struct miss miss = {.detail = text_of(arena_string(arena, "as the script has it"))};
	const char *plus = strchr(notation, '+');
	if (plus)
		miss.retry_after_ns = atoi(plus + 1) * NS_PER_S;
	for (size_t i = 0; i < sizeof(causes) / sizeof(causes[0]); i++)
		if (strcmp(notation + 1, causes[i].name) == 0)
			miss.cause = causes[i].cause;
	if (miss.cause == MISS_NONE) {
		miss.cause = MISS_HTTP;
		miss.http_status = atoi(notation + 1);
		assert_true(miss.http_status >= 100);
	}
	return miss;
}

struct observation observation_write(struct arena *arena, double at, const char *notation)
{
	struct observation observation = {.at_ns = seconds(at)};
	if (notation[0] == '!') {
		observation.miss = miss_write(arena, notation);
	} else {
		observation.listing = listing_write(arena, notation);
		observation.chain_id = TEXT(SCRIPT_CHAIN);
		observation.baseline_listing = observation.listing;
		observation.baseline_chain_id = observation.chain_id;
	}
	return observation;
}

/* ---- running ---------------------------------------------------------------------------------------------------- */

static const struct policy *load(struct arena *arena, const char *lines)
{
	struct diags diags = {.arena = arena};
	const char *yaml = arena_printf(arena, "version: 1\n%s\n", lines ? lines : "rules:\n  - all chainlets ACTIVE");
	const struct policy *policy = policy_load(arena, source_make(arena, "script", text_of(yaml)), NULL, &diags);
	if (!policy) {
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		diags_render(&buf, &diags, 0, DIAG_PLAIN);
		fail_msg("the script's policy: %s", buf_string(&buf));
	}
	return policy;
}

static void make_plan(struct run *run, const struct script *script)
{
	struct policy_wait wait = run->policy->wait;
	if (script->timeout > 0)
		wait.timeout_ns = seconds(script->timeout);
	if (script->timeout < 0)
		wait.timeout_ns = 0;
	struct plan_overrides overrides = {
		.target = {.chain = TEXT("rag"), .selector = script->selector},
		.wait = wait,
		.start_wall_ns = SCRIPT_WALL_NS,
	};
	if (script->selector.kind == SELECT_NOTHING)
		overrides.target.selector = (struct selector){.kind = SELECT_DEPLOYMENT, .value = TEXT("q1")};
	run->plan = *plan_make(&run->memory, run->policy, &overrides);
	run->gate_target = run->plan.targets[0];
	run->plan.targets = &run->gate_target;
}

static const char *seen_at(const struct script *script, int64_t at_ns)
{
	const char *sees = script->steps[0].sees;
	for (size_t i = 0; i < STEPS_MAX && script->steps[i].sees; i++)
		if (seconds(script->steps[i].at) <= at_ns)
			sees = script->steps[i].sees;
	return sees;
}

void run_prepare(struct run *run, const struct script *script)
{
	*run = (struct run){0};
	run->policy = load(&run->memory, script->policy);
	make_plan(run, script);
}

struct playing {
	struct run *run;
	const struct script *script;
};

static struct driver_answer see(void *context, size_t chain, int64_t at_ns)
{
	struct playing *playing = context;
	struct run *run = playing->run;
	struct observation seen = observation_write(&run->memory, 0, seen_at(playing->script, at_ns));
	assert_int_equal(chain, 0);
	run->polls++;
	return (struct driver_answer){.listing = seen.listing, .chain_id = TEXT(SCRIPT_CHAIN), .miss = seen.miss};
}

void run_script(struct run *run, const struct script *script)
{
	struct playing playing = {run, script};
	run_prepare(run, script);
	run->driver = driver_new(&run->plan, DRIVER_EXACT);
	run->gate = driver_gate(run->driver);
	trial_play(run->driver, see, &playing);
	run->result = gate_result(run->gate);
	run->target = &run->result->targets[0];
}

void run_release(struct run *run)
{
	driver_free(run->driver);
	arena_release(&run->memory);
}

size_t run_events(const struct run *run, enum gate_event_kind kind)
{
	size_t count, found = 0;
	const struct gate_event *events = gate_events(run->gate, &count);
	for (size_t i = 0; i < count; i++)
		found += events[i].kind == kind;
	return found;
}

void expect_reason(const struct script *script, enum verdict verdict, enum gate_reason reason, double at)
{
	struct run run;
	run_script(&run, script);
	if (run.target->verdict != verdict || run.target->at_ns != seconds(at) ||
	    (reason != REASON_NONE && run.target->reason != reason))
		fail_msg("%s at %.3f s for reason %d; expected %s at %.3f s for reason %d",
			 verdict_name(run.target->verdict), (double)run.target->at_ns / 1e9, (int)run.target->reason,
			 verdict_name(verdict), at, (int)reason);
	assert_int_equal(run.result->verdict, run.target->verdict);
	run_release(&run);
}

void expect_verdict(const struct script *script, enum verdict verdict, double at)
{
	expect_reason(script, verdict, REASON_NONE, at);
}

void expect_stories(const struct timed_story *stories, size_t count)
{
	size_t wrong = 0;
	for (size_t i = 0; i < count; i++) {
		struct run run;
		run_script(&run, &stories[i].script);
		double at = (double)run.target->at_ns / 1e9;
		if (run.target->verdict != stories[i].verdict || at != stories[i].at) {
			printf("%s: %s at %g s, expected %s at %g s\n", stories[i].name,
			       verdict_name(run.target->verdict), at, verdict_name(stories[i].verdict), stories[i].at);
			wrong++;
		}
		run_release(&run);
	}
	assert_int_equal(wrong, 0);
}

void run_begin(struct run *run, const char *policy)
{
	struct script script = {.policy = policy};
	run_prepare(run, &script);
	run->gate = gate_new(&run->plan);
}

void run_sees(struct run *run, int64_t at_ns, const char *notation)
{
	struct observation observation = observation_write(&run->memory, 0, notation);
	observation.at_ns = at_ns;
	gate_observe(run->gate, 0, &observation);
}

void run_end(struct run *run)
{
	gate_free(run->gate);
	run_release(run);
}
