/* fuzz_recording.c - any bytes as a recording. If it is accepted, writing it and reading it again gives the same
 * answers; and a replay of it passes only if one of its answers is a list. */
#include "demand.h"

#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/policy.h"
#include "chaingate/record.h"
#include "chaingate/source.h"
#include "chaingate/times.h"
#include "chaingate/trial.h"

#include <string.h>

static bool has_line(struct text content)
{
	return memchr(content.bytes, '\n', content.length) != NULL;
}

static void add_rounds(struct buf *buf, const struct recording *recording, struct record_answer *answers)
{
	struct record_rounds *rounds = record_rounds_new();
	size_t end;
	for (size_t begin = 0; begin < recording->count; begin = end) {
		end = begin;
		while (end < recording->count && recording->answers[end].round == recording->answers[begin].round)
			end++;
		memcpy(&answers[begin], &recording->answers[begin], (end - begin) * sizeof(*answers));
		record_add_round(buf, rounds, &answers[begin], end - begin);
	}
	record_rounds_free(rounds);
}

static void check_again(struct arena *arena, const struct recording *recording)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	struct recording again;
	const char *why;
	size_t line;
	record_add_header(&buf, &recording->header);
	add_rounds(&buf, recording, ARENA_ARRAY(arena, struct record_answer, recording->count + 1));
	demand(record_read(arena, buf_text(&buf), &again, &why, &line));
	demand(again.count == recording->count && !again.is_truncated);
	demand(again.header.start_wall_ns == recording->header.start_wall_ns);
	demand(strcmp(again.header.api, recording->header.api) == 0);
	for (size_t i = 0; i < again.count; i++) {
		const struct record_answer *a = &recording->answers[i], *b = &again.answers[i];
		demand(a->at_ns == b->at_ns && a->is_list == b->is_list);
		demand(text_equal(a->chain, b->chain) && text_equal(a->environment, b->environment));
		demand(text_equal(a->answer.body, b->answer.body) && a->answer.http_status == b->answer.http_status);
	}
	buf_release(&buf);
}

static const struct gate_plan *plan_for(struct arena *arena, const struct recording *recording)
{
	static const char yaml[] = "version: 1\nwait: {interval: 1s, stable_for: 2s, timeout: 1h}\n"
				   "rules: [all chainlets ACTIVE]\n";
	struct diags diags = {.arena = arena};
	const struct policy *policy = policy_load(arena, source_make(arena, "policy", text_of(yaml)), NULL, &diags);
	demand(policy != NULL);
	struct plan_overrides overrides = {
		.wait = policy->wait, .watches_all = true, .start_wall_ns = recording->header.start_wall_ns};
	if (recording->header.chain_count)
		overrides.target.chain = recording->header.chains[0];
	return plan_make(arena, policy, &overrides);
}

static void check_replay(struct arena *arena, const struct recording *recording)
{
	const struct gate_plan *plan = plan_for(arena, recording);
	struct driver *driver = driver_new(plan, DRIVER_EXACT);
	struct diags diags = {.arena = arena};
	const struct driver_chain *missing;
	if (trial_replay(driver, plan, recording, &(struct target_place){.diags = &diags}, &missing)) {
		const struct gate_result *result = gate_result(driver_gate(driver));
		bool has_list = false;
		for (size_t i = 0; i < recording->count; i++)
			has_list |= recording->answers[i].is_list && recording->answers[i].answer.http_status == 200;
		demand(gate_done(driver_gate(driver)) && result->verdict != VERDICT_NONE);
		demand(result->verdict != VERDICT_PASSED || has_list);
	}
	driver_free(driver);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text content = {(const char *)data, size};
	struct arena arena = {0};
	struct recording recording;
	const char *why = NULL;
	size_t line = 0;
	if (record_read(&arena, content, &recording, &why, &line)) {
		demand(has_line(content));
		check_again(&arena, &recording);
		check_replay(&arena, &recording);
	} else {
		demand(why != NULL && line > 0);
	}
	arena_release(&arena);
	return 0;
}
