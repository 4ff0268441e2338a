/* suspect.c - warns of policies that are well formed but probably not meant: times that can't end before the
 * timeout, a comparison that notices only one direction, a target that can't run as it is. */
#include "loader.h"

#include "chaingate/buf.h"
#include "chaingate/target_check.h"
#include "chaingate/times.h"

/* ---- times ------------------------------------------------------------------------------------------------------ */

struct times {
	const struct policy *policy;
	const struct policy_wait *wait; /* in effect */
	int64_t timeout_ns;             /* the target's; 0: it judges one snapshot */
	struct diags *diags;
};

static void warn_of_timeout(const struct times *t, const struct source *source, struct span span, const char *what,
			    int64_t needed_ns)
{
	struct diag *diag =
		diag_warning(t->diags, source, span, DIAG_SHORT_TIMEOUT, "the timeout of %s leaves no time for %s",
			     duration_string(t->diags->arena, t->timeout_ns), what);
	diag_hint(t->diags, diag, "make the timeout longer than %s", duration_string(t->diags->arena, needed_ns));
}

static void check_stable_for(const struct times *t)
{
	int64_t stable_ns = t->wait->stable_for_ns, interval_ns = t->wait->interval_ns;
	if (stable_ns >= 2 * interval_ns)
		return;
	enum wait_key key = t->policy->given_in[WAIT_STABLE_FOR] ? WAIT_STABLE_FOR : WAIT_INTERVAL;
	struct diag *diag = diag_warning(
		t->diags, t->policy->given_in[key], t->policy->given[key], DIAG_SHORT_STABLE_FOR,
		"stable_for: %s is less than two intervals of %s: a quiet moment could pass",
		duration_string(t->diags->arena, stable_ns), duration_string(t->diags->arena, interval_ns));
	diag_hint(t->diags, diag, "make stable_for longer, or interval shorter");
}

/* Warns of the run's own waiting times. With a timeout of 0 they count as 0. */
static void check_wait(const struct times *t)
{
	if (!t->timeout_ns)
		return;
	check_stable_for(t);
	const struct {
		enum wait_key key;
		int64_t ns;
	} waited[] = {
		{WAIT_STABLE_FOR, t->wait->stable_for_ns},
		{WAIT_DISCOVER_FOR, t->wait->discover_for_ns},
	};
	for (size_t i = 0; i < sizeof(waited) / sizeof(waited[0]); i++) {
		enum wait_key key = t->policy->given_in[waited[i].key] ? waited[i].key : WAIT_TIMEOUT;
		if (waited[i].ns >= t->timeout_ns)
			warn_of_timeout(t, t->policy->given_in[key], t->policy->given[key],
					arena_printf(t->diags->arena, "%s: %s", policy_wait_key_name(waited[i].key),
						     duration_string(t->diags->arena, waited[i].ns)),
					waited[i].ns);
	}
}

static void check_rule_times(const struct times *t, const struct policy_rule *rule)
{
	const struct {
		const char *key;
		int64_t ns, before_ns;
	} waited[] = {
		{"within", rule->within_ns, 0},
		{"hold", rule->hold_ns, rule->within_ns},
		{"during", rule->during_ns, 0},
		/* A `never` that may be true for longer than the run lasts can't fail. */
		{"tolerate", rule->tolerate_ns, 0},
	};
	int64_t stable_ns = t->timeout_ns ? t->wait->stable_for_ns : 0;
	for (size_t i = 0; i < sizeof(waited) / sizeof(waited[0]); i++) {
		int64_t needed_ns = stable_ns + waited[i].before_ns + waited[i].ns;
		if (!waited[i].ns || needed_ns < t->timeout_ns)
			continue;
		warn_of_timeout(t, rule->source, rule->span,
				arena_printf(t->diags->arena, "%s: %s", waited[i].key,
					     duration_string(t->diags->arena, waited[i].ns)),
				needed_ns);
		return;
	}
}

/* How long a status has lasted at the verdict, at least. Some statuses must last longer than others, and a rule that
 * names statuses may be about these. */
static int64_t least_status_for_ns(const struct times *t, const struct rule *rule)
{
	int64_t longest_ns = t->wait->stable_for_ns;
	for (enum status status = STATUS_UNKNOWN + 1; status < STATUS_COUNT; status++)
		if (rule_names_status(rule, status) && t->wait->stable_for_status_ns[status] > longest_ns)
			longest_ns = t->wait->stable_for_status_ns[status];
	return longest_ns;
}

/* At the verdict, a status may have lasted only as long as the target has been stable. */
static void check_status_for(const struct times *t, const struct policy_rule *rule)
{
	int64_t demanded_ns = rule_status_for_ns(rule->expression);
	int64_t least_ns = least_status_for_ns(t, rule->expression);
	int64_t least_when_ns = rule->when ? least_status_for_ns(t, rule->when) : 0;
	if (rule->kind == RULE_ASSERT && rule->when && rule_status_for_ns(rule->when) > least_when_ns) {
		const struct excerpt *when = rule_excerpt(rule->when);
		struct diag *diag = diag_warning(
			t->diags, rule->source, excerpt_span(when, 0, when->text.length), DIAG_SKIPPED_RULE,
			"the rule is skipped if a status has just been reached: it is judged once nothing has changed "
			"for %s",
			duration_string(t->diags->arena, least_when_ns));
		diag_hint(t->diags, diag, "leave when out, or write a longer stable_for");
	}
	if (rule->kind == RULE_NEVER || rule->within_ns || rule->hold_ns || demanded_ns <= least_ns)
		return;
	struct diag *diag = diag_warning(
		t->diags, rule->source, rule->span, DIAG_IMPATIENT_ASSERT,
		"it is judged once nothing has changed for %s: a status that has just been reached fails it",
		duration_string(t->diags->arena, least_ns));
	diag_hint(t->diags, diag, "write it as a mapping with within: %s beside assert, or a longer stable_for",
		  duration_string(t->diags->arena, demanded_ns));
}

void policy_suspect_times(const struct policy *policy, const struct policy_wait *wait, struct diags *diags)
{
	struct diags found = {.arena = diags->arena};
	for (size_t i = 0; i < policy->target_count; i++) {
		const struct policy_target *target = &policy->targets[i];
		struct times t = {.policy = policy, .wait = wait, .timeout_ns = wait->timeout_ns, .diags = &found};
		if (target->timeout_ns < t.timeout_ns)
			t.timeout_ns = target->timeout_ns;
		check_wait(&t);
		for (size_t j = 0; j < target->rule_count; j++) {
			check_rule_times(&t, &target->rules[j]);
			check_status_for(&t, &target->rules[j]);
		}
	}
	report_anew(diags, &found);
}

/* ---- the whole policy ------------------------------------------------------------------------------------------- */

static void check_since(const struct policy *policy, const struct policy_target *target, struct diags *diags)
{
	bool needs_since = target->selector.kind == SELECT_ENVIRONMENT || target->selector.kind == SELECT_LATEST ||
			   target->selector.kind == SELECT_ALL;
	if (!needs_since || target->selector.since.kind != SINCE_NOT_GIVEN)
		return;
	struct diag *diag = diag_warning(diags, policy->source, target->span, DIAG_MISSING_SINCE,
					 "the target has no 'since': each run will need --since");
	diag_hint(diags, diag, "add since: 30m, or since: any to judge older deployments, too");
}

/* A model's deployment always has its one chainlet. */
static void check_sides(const struct policy_target *target, struct diags *diags)
{
	const struct policy_rule *skips = NULL;
	if (target->selector.of == TARGET_MODEL)
		return;
	for (size_t i = 0; i < target->rule_count; i++) {
		if (rule_uses_missing(target->rules[i].expression))
			return;
		if (!skips && target->rules[i].if_missing == FALLBACK_SKIP)
			skips = &target->rules[i];
	}
	if (!skips)
		return;
	struct diag *diag = diag_warning(diags, skips->source, skips->span, DIAG_ONE_SIDED,
					 "no rule notices a chainlet that the baseline has and the deployment lacks");
	diag_hint(diags, diag, "add a rule: no baseline chainlet is missing");
}

/* A parameter that all targets have is reported with the first one. */
static void check_params(const struct policy_target *target, const struct policy_target *before, struct diags *diags)
{
	for (size_t i = 0; i < target->params_count; i++) {
		const struct policy_params *params = &target->params[i];
		const struct policy_params *others = before && i < before->params_count ? &before->params[i] : NULL;
		for (size_t j = 0; j < params->count; j++) {
			const struct param *param = &params->items[j];
			bool was_there = others && j < others->count && others->items[j].used == param->used;
			if (!param->used || *param->used || was_there)
				continue;
			const char *name = diag_value(diags, param->name);
			struct diag *diag = diag_warning(diags, params->source, param->span, DIAG_UNUSED_PARAMETER,
							 "no rule uses this value of the parameter '%s'", name);
			diag_hint(diags, diag, "use it in a rule as $%s, or leave the parameter out", name);
		}
	}
}

/* Only of a target that names its chain or model: another one may be used for both. */
static void check_fields(const struct policy_target *target, struct diags *diags)
{
	enum target_kind kind = target->selector.of;
	const char *other = target_kind_name(kind == TARGET_CHAIN ? TARGET_MODEL : TARGET_CHAIN);
	for (size_t i = 0; target->chain.length && i < target->rule_count; i++) {
		const struct policy_rule *rule = &target->rules[i];
		struct text field = policy_rule_lacks(rule, kind);
		if (!field.length)
			continue;
		diag_hint(diags,
			  diag_warning(diags, rule->source, rule->span, DIAG_CONSTANT_RULE,
				       "the rule tests nothing: the target is the %s '%s', but the deployments of %s "
				       "don't have %s",
				       target_kind_name(kind), diag_value(diags, target->chain),
				       target_kind_plural(kind), diag_value(diags, field)),
			  "leave the rule out, or watch a %s: target: {%s: NAME, …}", other, other);
	}
}

static bool decides(const struct policy_rule *rule)
{
	return rule->severity == SEVERITY_ERROR;
}

/* True if a rule fails for a chainlet with this status, or names the status: then its author has thought of it. */
static bool is_thought_of(const struct policy_target *target, enum status status)
{
	for (size_t i = 0; i < target->rule_count; i++) {
		const struct policy_rule *rule = &target->rules[i];
		if (decides(rule) &&
		    ((!rule->when && rule_names_status(rule->expression, status)) ||
		     rule_notices_status(rule->expression, rule->when, rule->kind == RULE_NEVER, status)))
			return true;
	}
	return false;
}

/* The first rule that decides and is about statuses. A policy without one leaves them to another policy. */
static const struct policy_rule *first_about_statuses(const struct policy_target *target)
{
	for (size_t i = 0; i < target->rule_count; i++)
		for (enum status status = STATUS_UNKNOWN + 1; status < STATUS_COUNT; status++)
			if (decides(&target->rules[i]) && rule_names_status(target->rules[i].expression, status))
				return &target->rules[i];
	return NULL;
}

/* A chainlet with such a status is at rest, so without a rule that fails, the gate passes. */
static void check_unnoticed(const struct policy_target *target, struct diags *diags)
{
	const struct policy_rule *rule = first_about_statuses(target);
	struct buf list = buf_make(BUF_LIMIT_REPORT);
	size_t count = 0;
	bool only_failed = true;
	for (enum status status = STATUS_UNKNOWN + 1; rule && status < STATUS_COUNT; status++) {
		enum status_class class = status_class(status);
		if ((class != CLASS_UNHEALTHY && class != CLASS_FAILED) || is_thought_of(target, status))
			continue;
		only_failed &= class == CLASS_FAILED;
		buf_printf(&list, "%s%s", count++ ? ", " : "", status_name(status));
	}
	if (count) {
		struct diag *diag = diag_warning(diags, rule->source, rule->span, DIAG_UNNOTICED_STATUS,
						 "no rule fails if a chainlet is %s%s", count > 1 ? "one of " : "",
						 buf_string(&list));
		diag_hint(diags, diag, "add a rule: %s",
			  only_failed ? "no chainlet in failed" : "all chainlets ACTIVE");
	}
	buf_release(&list);
}

/* What is known of the deployments that the target selects, if the command line doesn't select others. */
static struct rule_selected selected_by(const struct selector *selector)
{
	struct rule_selected known = {0};
	if (selector->kind == SELECT_ENVIRONMENT && selector->role == ROLE_ANY)
		known.environment = selector->value;
	if (selector->kind == SELECT_DEPLOYMENT)
		known.deployment = selector->value;
	known.is_single =
		selector->kind == SELECT_DEPLOYMENT || selector->kind == SELECT_LATEST || selector->role != ROLE_ANY;
	return known;
}

/* The rules that all targets have: a `when` may be meant for some of them. */
static size_t common_rules(const struct policy_target *targets, size_t target_count)
{
	size_t count = 0;
	if (target_count < 2)
		return 0;
	const struct policy_target *one = &targets[0], *other = &targets[1];
	while (count < one->rule_count && count < other->rule_count &&
	       one->rules[count].source == other->rules[count].source &&
	       one->rules[count].span.start == other->rules[count].span.start)
		count++;
	return count;
}

static void check_selected(const struct policy_target *target, size_t first, struct diags *diags)
{
	struct rule_selected known = selected_by(&target->selector);
	for (size_t i = first; i < target->rule_count; i++) {
		rule_suspect_selected(diags->arena, target->rules[i].expression, &known, false, diags);
		if (target->rules[i].when)
			rule_suspect_selected(diags->arena, target->rules[i].when, &known, true, diags);
	}
}

/* The same selection gives the same deployment, which then isn't a baseline. `all` leaves the baseline out. */
static void check_baseline(const struct policy *policy, const struct policy_target *target, struct diags *diags)
{
	const struct selector *judged = &target->selector, *baseline = &target->baseline.selector;
	bool same_chain = !target->baseline.chain.length || (text_equal(target->baseline.chain, target->chain) &&
							     target->baseline.chain_is_id == target->chain_is_id);
	bool same_kind = judged->kind == baseline->kind && judged->kind != SELECT_NOTHING && judged->kind != SELECT_ALL;
	if (!target->baseline.given || !same_chain || !same_kind || judged->role != baseline->role ||
	    !text_equal(judged->value, baseline->value))
		return;
	struct diag *diag = diag_warning(diags, policy->source, target->span, DIAG_SELF_COMPARED,
					 "the target is its own baseline: every comparison is unknown, or skipped by "
					 "if_missing: skip");
	diag_hint(diags, diag, "select another deployment as the target, or as the baseline");
}

void policy_suspect_targets(const struct policy *policy, const struct policy_target *targets, size_t count,
			    struct diags *diags)
{
	struct diags found = {.arena = diags->arena};
	size_t common = common_rules(targets, count);
	for (size_t i = 0; i < count; i++) {
		check_sides(&targets[i], &found);
		check_fields(&targets[i], &found);
		check_params(&targets[i], i ? &targets[i - 1] : NULL, &found);
		check_baseline(policy, &targets[i], &found);
		check_unnoticed(&targets[i], &found);
		check_selected(&targets[i], common, &found);
	}
	report_anew(diags, &found);
}

void policy_suspect(const struct policy *policy, struct diags *diags)
{
	struct diags found = {.arena = diags->arena};
	for (size_t i = 0; i < policy->target_count; i++)
		check_since(policy, &policy->targets[i], &found);
	report_anew(diags, &found);
	policy_suspect_targets(policy, policy->targets, policy->target_count, diags);
	policy_suspect_times(policy, &policy->wait, diags);
	diags_sort(diags);
}
