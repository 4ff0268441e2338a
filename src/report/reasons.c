/* reasons.c - the gate's reasons as sentences. waiting.c has what a target waits for, remedies.c what a person can do. */
#include "words.h"

#include "chaingate/times.h"

#include <string.h>

/* Warnings never decide the verdict. */
static size_t count_failed(const struct target_result *target)
{
	size_t failed = 0;
	for (size_t i = 0; i < target->target->rule_count; i++)
		failed += target->rules[i].outcome == RULE_FAIL && target->rules[i].decides;
	return failed;
}

static void add_holding(struct buf *buf, const struct target_result *target)
{
	size_t warned = 0, skipped = 0;
	for (size_t i = 0; i < target->target->rule_count; i++) {
		warned += !target->rules[i].decides && target->rules[i].outcome != RULE_PASS &&
			  target->rules[i].outcome != RULE_SKIPPED;
		skipped += target->rules[i].outcome == RULE_SKIPPED;
	}
	buf_add_string(buf, warned ? "stable, and every rule that decides holds; " : "stable, and every rule holds");
	if (warned) {
		add_counted(buf, warned, "warning");
		buf_add_string(buf, warned > 1 ? " don't" : " doesn't");
	}
	if (skipped)
		buf_printf(buf, ", %zu skipped", skipped);
}

static void add_last_miss(struct buf *buf, const struct target_result *target, const char *between)
{
	if (target->miss.cause == MISS_NONE)
		return;
	buf_add_string(buf, between);
	add_miss(buf, &target->miss);
}

static void add_unexpected(struct buf *buf, const struct target_result *target)
{
	text_add_quoted(buf, target->selector.value, 0);
	buf_add_string(buf, " serves deployment ");
	text_add_quoted(buf, target->current, 0);
	buf_add_string(buf, ", not ");
	text_add_quoted(buf, target->selector.expected, 0);
}

static void add_not_listed(struct buf *buf, const struct target_result *target)
{
	buf_add_string(buf, "no deployment ");
	text_add_quoted(buf, target->target->selector.value, 0);
	buf_printf(buf, " is listed for the %s ", target_word(target));
	text_add_quoted(buf, target->target->chain, 0);
	add_listed(buf, target);
}

/* Without an unknown rule, all of them were skipped: then nothing was judged. */
static void add_undecided(struct buf *buf, const struct target_result *target)
{
	for (size_t i = 0; i < target->target->rule_count; i++) {
		if (target->rules[i].outcome != RULE_UNKNOWN || !target->rules[i].decides)
			continue;
		buf_add_string(buf, "stable, but unknown at the deadline: ");
		add_open_rules(buf, target);
		return;
	}
	buf_add_string(buf, "stable, but every rule was skipped");
}

void verdict_reason(struct buf *buf, const struct target_result *target, const struct gate_result *run)
{
	if (target->told.length) {
		text_add_printable(buf, target->told);
		return;
	}
	switch (target->reason) {
	case REASON_NONE: buf_add_string(buf, "not decided"); break;
	case REASON_RULES_HOLD: add_holding(buf, target); break;
	case REASON_RULE_FAILED:
		add_counted(buf, count_failed(target), "rule");
		buf_add_string(buf, " failed");
		break;
	case REASON_SUPERSEDED:
		buf_add_string(buf, "superseded by the newer deployment ");
		text_add_quoted(buf, target->superseded_by, 0);
		break;
	case REASON_UNEXPECTED: add_unexpected(buf, target); break;
	case REASON_PROMOTION_ENDED:
		buf_add_string(buf, "the promotion to ");
		add_environment(buf, target);
		buf_printf(buf, " has ended without success: %.*s", TEXT_ARG(target->ended));
		break;
	case REASON_DEADLINE:
		buf_add_string(buf, "not decided within ");
		duration_add(buf, target->deadline_ns < run->timeout_ns ? target->deadline_ns : run->timeout_ns);
		add_waited(buf, target);
		break;
	case REASON_RULES_UNKNOWN: add_undecided(buf, target); break;
	case REASON_DEPLOYMENT_NOT_FOUND: add_not_listed(buf, target); break;
	case REASON_CHAIN_NOT_FOUND:
		buf_printf(buf, "the %s ", target_word(target));
		text_add_quoted(buf, target->target->chain, 0);
		buf_add_string(buf, " was not found");
		add_last_miss(buf, target, ": ");
		break;
	case REASON_ENVIRONMENT_NOT_FOUND:
		add_environment(buf, target);
		buf_add_string(buf, " was not found");
		add_last_miss(buf, target, ": ");
		break;
	case REASON_REFUSED:
		buf_add_string(buf, "the API refused the key");
		add_last_miss(buf, target, ": ");
		break;
	case REASON_NO_ANSWER:
		buf_add_string(buf, "no answer from the API for ");
		duration_add_clock(buf, target->at_ns - target->last_answer_ns);
		add_last_miss(buf, target, "; last: ");
		break;
	case REASON_NEVER_ANSWERED:
		buf_add_string(buf, "the API gave no list of deployments before the deadline");
		add_last_miss(buf, target, "; last: ");
		break;
	case REASON_FINAL_MISS: add_miss(buf, &target->miss); break;
	case REASON_INTERRUPTED:
		buf_printf(buf, "interrupted by %s", interruption_name(run->signal_number));
		add_waited(buf, target);
		break;
	case REASON_RECORDING_ENDED:
		buf_add_string(buf, "the recording ends before a decision");
		add_waited(buf, target);
		break;
	}
}
