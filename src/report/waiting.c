/* waiting.c - what a target waits for, as a phrase. */
#include "words.h"

#include "chaingate/times.h"

#include <string.h>

static void add_since(struct buf *buf, int64_t since_ns, int64_t now_ns)
{
	buf_add_string(buf, " for ");
	duration_add_clock(buf, now_ns - since_ns);
}

static void add_lane_name(struct buf *buf, const struct gate_lane *lane)
{
	if (lane->chainlet.length) {
		text_add_printable(buf, lane->chainlet);
	} else {
		buf_add_string(buf, "deployment ");
		text_add_printable(buf, lane->deployment);
	}
}

static bool is_ready(const struct gate_lane *lane)
{
	return status_class(lane->status) == CLASS_READY;
}

/* How many lanes a phrase names; the others are counted. */
#define LANES_NAMED_MAX 3

struct naming {
	size_t named, more;
	int64_t now_ns;
};

static void name_lane(struct buf *buf, struct naming *naming, const struct gate_lane *lane, const char *before_first)
{
	if (naming->named == LANES_NAMED_MAX) {
		naming->more++;
		return;
	}
	buf_add_string(buf, naming->named++ ? ", " : before_first);
	add_lane_name(buf, lane);
	buf_add_byte(buf, ' ');
	if (lane->status == STATUS_UNKNOWN)
		text_add_quoted(buf, lane->status_word, 0);
	else
		text_add_printable(buf, lane->status_word);
	add_since(buf, lane->since_ns, naming->now_ns);
}

static void count_others(struct buf *buf, const struct naming *naming)
{
	if (naming->more)
		buf_printf(buf, " and %zu more", naming->more);
}

/* Names chainlets that are unhealthy or failed. */
static void add_unhealthy(struct buf *buf, const struct target_result *target, int64_t now_ns)
{
	struct naming naming = {.now_ns = now_ns};
	for (size_t i = 0; i < target->lane_count; i++) {
		const struct gate_lane *lane = &target->lanes[i];
		enum status_class class = status_class(lane->status);
		if (lane->chainlet.length && (class == CLASS_UNHEALTHY || class == CLASS_FAILED))
			name_lane(buf, &naming, lane, "; ");
	}
	count_others(buf, &naming);
}

static void add_unrest(struct buf *buf, const struct target_result *target, int64_t now_ns)
{
	struct naming naming = {.now_ns = now_ns};
	size_t chainlets = 0, ready = 0;
	for (size_t i = 0; i < target->lane_count; i++) {
		const struct gate_lane *lane = &target->lanes[i];
		chainlets += lane->chainlet.length > 0;
		ready += lane->chainlet.length > 0 && is_ready(lane);
	}
	/* The deployment's own status follows its chainlets', so it is only named if none of them is the problem. */
	bool own = chainlets == ready;
	for (size_t i = 0; i < target->lane_count; i++) {
		const struct gate_lane *lane = &target->lanes[i];
		if (!status_is_at_rest(lane->status) && (lane->chainlet.length || own))
			name_lane(buf, &naming, lane, "");
	}
	count_others(buf, &naming);
	if (!naming.named)
		buf_add_string(buf, chainlets ? "the settings of chainlets, which are not known yet"
					      : "its chainlets: none is listed yet");
	if (chainlets)
		buf_printf(buf, " (%zu of %zu chainlet%s ready)", ready, chainlets, text_plural(chainlets));
	add_unhealthy(buf, target, now_ns);
}

/* The state of an open rule, as the end of a sentence: ", which is unknown". */
static void add_finding(struct buf *buf, const struct rule_result *rule)
{
	const struct policy_rule *policy = rule->rule;
	switch (rule->finding) {
	case FINDING_OPEN: buf_add_string(buf, ", which is unknown"); break;
	case FINDING_VIOLATED:
		buf_add_string(buf, policy->kind == RULE_NEVER ? ", which is violated" : ", which does not hold");
		break;
	case FINDING_SKIPPED: buf_add_string(buf, ", which was skipped"); break;
	case FINDING_HOLDS:
		buf_add_string(buf, policy->kind == RULE_NEVER ? ", which is watched for " : ", which must hold for ");
		duration_add(buf, policy->kind == RULE_NEVER ? policy->during_ns : policy->hold_ns);
		break;
	}
}

void add_open_rules(struct buf *buf, const struct target_result *target)
{
	size_t named = 0;
	for (size_t i = 0; i < target->target->rule_count; i++) {
		const struct rule_result *rule = &target->rules[i];
		if (rule->outcome != RULE_UNKNOWN || !rule->decides)
			continue;
		if (named++ == 0) {
			buf_add_string(buf, "the rule ");
			text_add_quoted(buf, rule->rule->name, 0);
			add_finding(buf, rule);
		}
	}
	if (named > 1)
		buf_printf(buf, ", and %zu more", named - 1);
	if (named == 0)
		buf_add_string(buf, "the rules");
}

const char *target_word(const struct target_result *target)
{
	return target_kind_name(target->target->selector.of);
}

void add_environment(struct buf *buf, const struct target_result *target)
{
	buf_add_string(buf, "the environment ");
	text_add_quoted(buf, target->selector.value, 0);
	buf_printf(buf, " of the %s ", target_word(target));
	text_add_quoted(buf, target->target->chain, 0);
}

/* Names what isn't listed yet. */
static void add_wanted(struct buf *buf, const struct selector *selector)
{
	if (selector->kind == SELECT_DEPLOYMENT) {
		buf_add_string(buf, "the deployment to be listed");
		return;
	}
	if (selector->expected.length) {
		buf_add_string(buf, "environment ");
		text_add_quoted(buf, selector->value, 0);
		buf_add_string(buf, " to serve deployment ");
		text_add_quoted(buf, selector->expected, 0);
	} else if (selector->role != ROLE_ANY) {
		buf_printf(buf, "a %s deployment of environment ", environment_role_name(selector->role));
		text_add_quoted(buf, selector->value, 0);
	} else {
		buf_add_string(buf, "a deployment");
	}
	if (selector->kind == SELECT_ENVIRONMENT && selector->role == ROLE_ANY) {
		buf_add_string(buf, " in environment ");
		text_add_quoted(buf, selector->value, 0);
	}
	if (selector->since.kind == SINCE_MOMENT) {
		buf_add_string(buf, ", created since ");
		moment_add(buf, selector->since.ns, false);
	} else if (selector->since.kind == SINCE_AGO) {
		buf_add_string(buf,
			       " created recently enough; ages cannot be trusted, because one of the clocks is wrong");
	}
}

/* "until nothing has changed for 5m (4s so far); Router UNHEALTHY for 0m04s" */
static void add_quiet(struct buf *buf, const struct target_result *target, int64_t now_ns)
{
	int64_t so_far_ns = now_ns - target->waiting_since_ns;
	buf_add_string(buf, "until nothing has changed for ");
	duration_add(buf, target->stable_after_ns);
	buf_add_string(buf, " (");
	duration_add(buf, so_far_ns > 0 ? so_far_ns - so_far_ns % NS_PER_S : 0);
	buf_add_string(buf, " so far");
	if (target->stretch.since_ns == target->waiting_since_ns && stretch_has_gaps(&target->stretch))
		add_watched(buf, &target->stretch);
	buf_add_byte(buf, ')');
	add_unhealthy(buf, target, now_ns);
}

/* Continues "waiting" with "until …", or with `lead` and what the target waits for. */
static void add_waiting(struct buf *buf, const struct target_result *target, int64_t now_ns, const char *lead)
{
	if (target->waiting == WAITING_STABLE) {
		buf_add_byte(buf, ' ');
		add_quiet(buf, target, now_ns);
		return;
	}
	buf_add_string(buf, lead);
	switch (target->waiting) {
	case WAITING_ANSWER: buf_add_string(buf, "an answer from the API"); break;
	case WAITING_CHAIN:
		buf_printf(buf, "the %s '", target_word(target));
		text_add_printable(buf, target->target->chain);
		buf_add_string(buf, "' to be found");
		break;
	case WAITING_ENVIRONMENT:
		add_environment(buf, target);
		buf_add_string(buf, " to be known");
		break;
	case WAITING_PROMOTION:
		buf_add_string(buf, target->candidate.length ? "the promotion of deployment " : "the promotion");
		if (target->candidate.length)
			text_add_quoted(buf, target->candidate, 0);
		buf_add_string(buf, " to environment ");
		text_add_quoted(buf, target->selector.value, 0);
		buf_add_string(buf, " to end");
		if (target->promotion.length)
			buf_printf(buf, " (%.*s)", TEXT_ARG(target->promotion));
		break;
	case WAITING_DEPLOYMENT: add_wanted(buf, &target->selector); break;
	case WAITING_REST: add_unrest(buf, target, now_ns); return;
	case WAITING_RULES: add_open_rules(buf, target); break;
	case WAITING_STABLE:
	case WAITING_NOTHING: buf_add_string(buf, "the other targets"); return;
	}
	buf_add_byte(buf, ',');
	add_since(buf, target->waiting_since_ns, now_ns);
	if (target->waiting == WAITING_RULES)
		add_unhealthy(buf, target, now_ns);
}

void add_listed(struct buf *buf, const struct target_result *target)
{
	if (target->listed.length == 0)
		return;
	buf_add_string(buf, "; ");
	text_add_printable(buf, target->listed);
}

void add_waited(struct buf *buf, const struct target_result *target)
{
	buf_add_string(buf, "; waiting");
	add_waiting(buf, target, target->at_ns, " for ");
	if (target->waiting == WAITING_DEPLOYMENT)
		add_listed(buf, target);
}

void waiting_phrase(struct buf *buf, const struct target_result *target, int64_t now_ns)
{
	buf_add_string(buf, "waiting");
	add_waiting(buf, target, now_ns, ": ");
}
