/* reasons.c - the gate's enums as sentences: every reason and every remedy is here; waiting.c has what a target waits for. */
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

/* The remedies that name the kind of the target. */
static const struct {
	const char *key, *not_found, *ambiguous, *late, *missing, *environment;
} remedies[TARGET_KIND_COUNT] = {
	[TARGET_CHAIN] =
		{
			"Check the key, and that it may read the chain.",
			"Check --chain, and that the key belongs to the chain's workspace.",
			"Name the chain by its id.",
			"Check the deployment's id and its chain; raise the limit with --timeout or wait.timeout if "
			"it appears later.",
			"Check the deployment's id and its chain; if it only appears later, raise wait.discover_for.",
			"Check the environment's name: 'chaingate status --chain NAME' shows which environments the "
			"deployments are in. If the environment is only created later, raise wait.discover_for.",
		},
	[TARGET_MODEL] =
		{
			"Check the key, and that it may read the model.",
			"Check --model, and that the key belongs to the model's workspace.",
			"Name the model by its id.",
			"Check the deployment's id and its model; raise the limit with --timeout or wait.timeout if "
			"it appears later.",
			"Check the deployment's id and its model; if it only appears later, raise wait.discover_for.",
			"Check the environment's name: 'chaingate status --model NAME' shows which environments the "
			"deployments are in. If the environment is only created later, raise wait.discover_for.",
		},
};

#define HTTP_TOO_MANY_REQUESTS 429 /* RFC 6585, section 4 */

static const char *http_remedy(const struct miss *miss)
{
	if (miss->http_status == HTTP_TOO_MANY_REQUESTS)
		return "Other programs use the same key and its rate limit: raise --interval, or lower --max-rps.";
	return miss_class(miss) == MISS_TRANSIENT ? "Check the API's status page, and --api-url if it isn't Baseten's."
						  : "Check --api-url.";
}

const char *miss_remedy(const struct miss *miss, enum target_kind kind)
{
	switch (miss->cause) {
	case MISS_TLS:
		return "If your own authority signed the server's certificate, give the authority's certificate with "
		       "--ca-file; else the URL or the certificate is wrong.";
	case MISS_TOO_LARGE: return "Raise --max-body if the list is really that large.";
	case MISS_PAGE:
		return "If the list has several pages, look for a newer version of chaingate. If it is whole, the "
		       "named member or header isn't about pages: let a gateway of yours leave it out, or tell "
		       "chaingate's developers.";
	case MISS_AMBIGUOUS: return remedies[kind].ambiguous;
	case MISS_NO_CHAIN: return remedies[kind].not_found;
	case MISS_REQUEST: return "Check --api-url.";
	case MISS_HTTP:
		if (miss_class(miss) == MISS_REFUSED)
			return remedies[kind].key;
		return miss_class(miss) == MISS_ABSENT ? remedies[kind].not_found : http_remedy(miss);
	case MISS_NONE:
	case MISS_RESOLVE:
	case MISS_CONNECT:
	case MISS_TIMEOUT:
	case MISS_RESET:
	case MISS_PROTOCOL:
	case MISS_MALFORMED:
	case MISS_CAUSE_COUNT: break;
	}
	return "Check --api-url, the network and the API's status page.";
}

static const char *deadline_remedy(const struct target_result *target)
{
	if (target->waiting == WAITING_DEPLOYMENT && selector_environment(&target->selector).length)
		return "'chaingate status --environment NAME --role current' shows which deployment the environment "
		       "serves; raise the limit with --timeout or wait.timeout if a promotion only needs longer.";
	if (target->waiting != WAITING_DEPLOYMENT)
		return "Raise the limit with --timeout or wait.timeout if it only needs more time.";
	return target->target->selector.kind == SELECT_DEPLOYMENT
		       ? remedies[target->target->selector.of].late
		       : "'chaingate status' shows which deployments there are, and how old they are; raise the limit "
			 "with --timeout or wait.timeout if it appears later.";
}

const char *verdict_remedy(const struct target_result *target)
{
	enum target_kind kind = target->target->selector.of;
	if (target->told.length)
		return target->told_remedy.length ? target->told_remedy.bytes : NULL;
	switch (target->reason) {
	case REASON_NONE:
	case REASON_RULES_HOLD:
	case REASON_RULE_FAILED:
	case REASON_INTERRUPTED:
	case REASON_RECORDING_ENDED: return NULL;
	case REASON_UNEXPECTED:
		return "Check whether the promotion was accepted and has ended. It may have created a new deployment: "
		       "its answer has the id to expect.";
	case REASON_PROMOTION_ENDED:
		return "Look at the deployment's logs, and promote it again or another one; then gate the new "
		       "candidate.";
	case REASON_ENVIRONMENT_NOT_FOUND: return remedies[kind].environment;
	case REASON_SUPERSEDED: return "Gate the newer deployment, or leave out on_superseded: fail.";
	case REASON_DEADLINE:
	case REASON_RULES_UNKNOWN: return deadline_remedy(target);
	case REASON_DEPLOYMENT_NOT_FOUND: return remedies[kind].missing;
	case REASON_CHAIN_NOT_FOUND: return remedies[kind].not_found;
	case REASON_REFUSED: return remedies[kind].key;
	case REASON_NO_ANSWER:
	case REASON_NEVER_ANSWERED:
	case REASON_FINAL_MISS: return miss_remedy(&target->miss, kind);
	}
	return NULL;
}
