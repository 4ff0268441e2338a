/* doubt.c - warns of well-formed rules that are probably not meant: values in the wrong unit, globs without a
 * wildcard, a `never` that every rollout violates.
 *
 * For the last one, the rule isn't analysed but tried: it is judged on the statuses of a good rollout, with
 * everything else unknown. If it is true then, it is true in every rollout.
 */
#include "judge.h"

#include "chaingate/times.h"
#include "ratio.h"

static struct diag *warn(const struct rule *rule, struct diags *diags, const struct node *node, const char *message)
{
	return diag_warning(diags, rule->excerpt.source, excerpt_span(&rule->excerpt, node->from, node->to),
			    DIAG_DOUBTFUL_VALUE, "%s", message);
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The constant value of a literal or a parameter, without its sign; NULL for anything else. */
static const struct node *constant_of(const struct node *node)
{
	while (node->kind == NODE_NEGATE)
		node = node->children[0];
	return node->kind == NODE_LITERAL || node->kind == NODE_PARAM ? node : NULL;
}

/* A share where percents are expected: 0.7 isn't 70. */
static void doubt_share(const struct rule *rule, const struct node *field, const struct node *value,
			struct diags *diags)
{
	const struct node *constant = constant_of(value);
	if (field->kind != NODE_FIELD || field->field->id != FIELD_TARGET_UTILIZATION_PERCENTAGE || !constant)
		return;
	struct ratio number = constant->literal.number;
	if (number.numerator <= 0 || number.numerator >= number.denominator)
		return;
	struct ratio percent;
	struct diag *diag = warn(rule, diags, value, "the field counts percents: this is less than one of them");
	struct buf buf = buf_make(RULE_BYTES_MAX);
	if (ratio_multiply(number, ratio_of(100), &percent))
		ratio_add_text(&buf, percent);
	diag_hint(diags, diag, "write %s", buf.overflowed || !buf.length ? "70 for 70%" : buf_string(&buf));
	buf_release(&buf);
}

/* 5 for a delay may have been meant as minutes. 0 is the same in every unit. */
static void doubt_seconds(const struct rule *rule, const struct node *value, struct diags *diags)
{
	const struct node *constant = constant_of(value);
	if (!constant || !constant->as_seconds)
		return;
	int64_t seconds = constant->literal.number.numerator / NS_PER_S;
	if (seconds < 1 || seconds >= 60)
		return;
	struct diag *diag = warn(rule, diags, value, "a number without a unit is seconds here");
	diag_hint(diags, diag, "write %ds if seconds are meant, %dm if minutes are", (int)seconds, (int)seconds);
}

static void doubt_glob(const struct rule *rule, const struct node *node, struct diags *diags)
{
	if (pattern_has_wildcard(node->pattern))
		return;
	struct diag *diag =
		warn(rule, diags, node->pattern_literal, "a glob without a wildcard matches only the very same text");
	const char *sign = node->negated ? "!=" : "==", *word = node->negated ? "not like" : "like";
	struct text text = node->pattern_literal->literal.text;
	bool is_plain = text.length > 0;
	for (size_t i = 0; i < text.length; i++)
		is_plain &= text.bytes[i] != '\\' && text.bytes[i] != '"' && text.bytes[i] != '\n';
	if (node->pattern_literal->kind == NODE_PARAM || !is_plain)
		diag_hint(diags, diag, "give it a *, or compare with %s", sign);
	else
		diag_hint(diags, diag, "write %s \"%.*s*\" for what begins with it, or %s \"%.*s\"", word,
			  TEXT_ARG(text), sign, TEXT_ARG(text));
}

static void doubt_pair(const struct rule *rule, const struct node *one, const struct node *other, struct diags *diags)
{
	doubt_share(rule, one, other, diags);
	doubt_seconds(rule, other, diags);
}

static void doubt_node(const struct rule *rule, const struct node *node, struct diags *diags)
{
	if (node->kind == NODE_COMPARE) {
		doubt_pair(rule, node->children[0], node->children[1], diags);
		doubt_pair(rule, node->children[1], node->children[0], diags);
	}
	for (size_t i = 0; node->kind == NODE_IN && i < node->set_count; i++)
		doubt_pair(rule, node->children[0], node->set[i], diags);
	if (node->kind == NODE_MATCH && node->is_glob)
		doubt_glob(rule, node, diags);
	for (size_t i = 0; i < node->count; i++)
		doubt_node(rule, node->children[i], diags);
	if (node->where)
		doubt_node(rule, node->where, diags);
}

void rule_doubt(const struct rule *rule, struct diags *diags)
{
	if (rule->where)
		doubt_node(rule, rule->where, diags);
	doubt_node(rule, rule->body, diags);
}

/* ---- a good rollout --------------------------------------------------------------------------------------------- */

/* Numbers of chainlets in the simulated rollouts: a rule may depend on that number. */
static const size_t rollout_sizes[] = {2, 3, 30};
#define ROLLOUT_CHAINLETS_MAX 30

/* One moment of a rollout. The chainlets take the statuses in turn. fields.c says what is known of their settings and
 * replicas (is_of_rollout). */
static const struct stage {
	enum status deployment, chainlets[3];
	bool is_listing; /* only the first chainlet is listed so far */
} stages[] = {
	{STATUS_BUILDING, {STATUS_BUILDING, STATUS_BUILDING, STATUS_BUILDING}, true},
	{STATUS_BUILDING, {STATUS_BUILDING, STATUS_BUILDING, STATUS_BUILDING}, false},
	{STATUS_DEPLOYING, {STATUS_DEPLOYING, STATUS_BUILDING, STATUS_DEPLOYING}, false},
	{STATUS_DEPLOYING, {STATUS_LOADING_MODEL, STATUS_DEPLOYING, STATUS_LOADING_MODEL}, false},
	{STATUS_LOADING_MODEL, {STATUS_ACTIVE, STATUS_LOADING_MODEL, STATUS_LOADING_MODEL}, false},
	{STATUS_ACTIVE, {STATUS_ACTIVE, STATUS_ACTIVE, STATUS_ACTIVE}, false},
};
#define STAGE_COUNT (sizeof(stages) / sizeof(stages[0]))

/* True if the rule is true at that moment, and so is its `when`. */
static bool holds_at(const struct rule *rule, const struct rule *when, const struct stage *stage, size_t size,
		     struct arena *arena)
{
	struct chainlet chainlets[ROLLOUT_CHAINLETS_MAX];
	for (size_t i = 0; i < size; i++) {
		enum status status = stage->chainlets[i % 3];
		struct text name = text_of(arena_printf(arena, "Chainlet%zu", i));
		chainlets[i] = (struct chainlet){.id = name,
						 .name = name,
						 .status = status,
						 .status_word = text_of(status_name(status)),
						 .ordinal = i + 1};
	}
	struct deployment baseline = {.id = TEXT("baseline"), .chainlets = chainlets, .chainlet_count = size};
	struct deployment deployment = {.id = TEXT("new"),
					.status = stage->deployment,
					.status_word = text_of(status_name(stage->deployment)),
					.chainlets = chainlets,
					.chainlet_count = stage->is_listing ? 1 : size};
	const struct deployment *selected[] = {&deployment};
	struct view view = {
		.deployments = selected, .count = 1, .only_rollout = true, .baseline.deployment = &baseline};
	if (when && rule_judge(when, &view, arena, NULL).value != TRUTH_TRUE)
		return false;
	return rule_judge(rule, &view, arena, NULL).value == TRUTH_TRUE;
}

enum rollout rule_on_rollout(const struct rule *rule, const struct rule *when)
{
	enum rollout worst = ROLLOUT_THROUGHOUT;
	for (size_t i = 0; i < sizeof(rollout_sizes) / sizeof(rollout_sizes[0]); i++) {
		struct arena arena = {0};
		size_t count = 0;
		bool at_end = false;
		for (size_t j = 0; j < STAGE_COUNT; j++) {
			at_end = holds_at(rule, when, &stages[j], rollout_sizes[i], &arena);
			count += at_end;
		}
		enum rollout one = at_end ? ROLLOUT_THROUGHOUT : count ? ROLLOUT_ON_THE_WAY : ROLLOUT_NEVER;
		if (one < worst)
			worst = one;
		arena_release(&arena);
	}
	return worst;
}

/* ---- how long a status must have lasted -------------------------------------------------------------------------- */

static void look_for_duration(const struct node *node, int64_t *longest)
{
	for (size_t i = 0; i < node->count; i++)
		look_for_duration(node->children[i], longest);
	if (node->kind != NODE_COMPARE)
		return;
	bool is_left = node->op == TOKEN_GREATER || node->op == TOKEN_GREATER_EQUAL;
	bool is_right = node->op == TOKEN_LESS || node->op == TOKEN_LESS_EQUAL;
	const struct node *field = node->children[is_left ? 0 : 1], *value = node->children[is_left ? 1 : 0];
	bool own =
		field->kind == NODE_FIELD && field->field->id == FIELD_STATUS_FOR && field->of <= FIELD_OF_DEPLOYMENT;
	bool constant = value->kind == NODE_LITERAL || value->kind == NODE_PARAM;
	if ((is_left || is_right) && own && constant && value->literal.number.numerator > *longest)
		*longest = value->literal.number.numerator;
}

int64_t rule_status_for_ns(const struct rule *rule)
{
	int64_t longest = 0;
	look_for_duration(rule->body, &longest);
	return longest;
}
