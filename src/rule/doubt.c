/* doubt.c - warns of well-formed rules that are probably not meant: values in the wrong unit, a `never` that every
 * rollout violates. Strings are in doubt_text.c.
 *
 * For the last one, the rule isn't analysed but tried: it is judged on the statuses of a good rollout, with
 * everything else unknown. If it is true then, it is true in every rollout.
 */
#include "judge.h"

#include "chaingate/times.h"
#include "ratio.h"

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* A share where percents are expected: 0.7 isn't 70. */
static void doubt_share(const struct rule *rule, const struct node *field, const struct node *value,
			struct diags *diags)
{
	const struct node *constant = node_constant(value);
	if (field->kind != NODE_FIELD || !field->field->counts_percents || !constant)
		return;
	struct ratio number = constant->literal.number;
	if (number.numerator <= 0 || number.numerator >= number.denominator)
		return;
	struct diag *diag = rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE,
				      "the field counts percents: this is less than 1 percent");
	struct buf buf = buf_make(RULE_BYTES_MAX);
	node_add_hundredfold(&buf, value);
	diag_hint(diags, diag, "write %s", buf_string(&buf));
	buf_release(&buf);
}

/* 0.7 for a count may have been meant as 70% of another one: as a count, anything above 0 is more. */
static void doubt_fraction(const struct rule *rule, const struct node *count, const struct node *value,
			   struct diags *diags)
{
	const struct node *constant = node_constant(value);
	bool counts = count->kind == NODE_FIELD
			      ? count->type == TYPE_NUMBER && !count->field->counts_percents
			      : count->kind == NODE_AGGREGATE &&
					(count->aggregate == AGGREGATE_COUNT || count->children[0]->kind == NODE_FIELD);
	if (!counts || !constant || constant->type != TYPE_NUMBER)
		return;
	struct ratio number = constant->literal.number;
	if (number.numerator <= 0 || number.numerator >= number.denominator)
		return;
	struct diag *diag =
		rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE, "a count is a whole number: this is less than one");
	diag_hint(diags, diag, "write a whole number, such as 2, or a share of another count: max_replica * 70%%");
}

/* The settings are whole seconds: 600ms may have been meant as 600 seconds. */
static void doubt_milliseconds(const struct rule *rule, const struct node *field, const struct node *value,
			       struct diags *diags)
{
	const struct node *constant = node_constant(value);
	if (field->kind != NODE_FIELD || !field->field->row.is_setting || !constant ||
	    constant->literal.type != TYPE_DURATION || constant->as_seconds ||
	    constant->literal.number.numerator % NS_PER_S == 0)
		return;
	struct diag *diag = rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE,
				      "the setting is in whole seconds: this has a part of one");
	diag_hint(diags, diag, "write %llds", (long long)(constant->literal.number.numerator / (NS_PER_S / 1000)));
}

/* 5 for a delay may have been meant as minutes. 0 is the same in every unit. */
static void doubt_seconds(const struct rule *rule, const struct node *value, struct diags *diags)
{
	const struct node *constant = node_constant(value);
	if (!constant || !constant->as_seconds)
		return;
	int64_t seconds = constant->literal.number.numerator / NS_PER_S;
	if (seconds < 1 || seconds >= 60)
		return;
	struct diag *diag =
		rule_warn(rule, value, diags, DIAG_DOUBTFUL_VALUE, "a number without a unit is seconds here");
	diag_hint(diags, diag, "write %ds if seconds are meant, %dm if minutes are", (int)seconds, (int)seconds);
}

/* True if the first is a part of the second, so that it can't be more: a count with `where` and the same count without;
 * a number of replicas and max_replica; sums of these. */
static bool is_part(const struct node *part, const struct node *whole)
{
	if (part->kind != whole->kind)
		return false;
	if (part->kind == NODE_AGGREGATE && part->aggregate == whole->aggregate && part->noun == whole->noun &&
	    !whole->where)
		return part->aggregate == AGGREGATE_COUNT
			       ? part->where != NULL
			       : part->aggregate == AGGREGATE_SUM && is_part(part->children[0], whole->children[0]);
	return part->kind == NODE_FIELD && part->of == whole->of && whole->field->id == FIELD_MAX_REPLICA &&
	       (part->field->id == FIELD_ACTIVE_REPLICA_COUNT || part->field->id == FIELD_MIN_REPLICA);
}

static bool joins_two(const struct node *node, enum token_kind by)
{
	return node->kind == NODE_PRODUCT && node->count == 2 && node->children[1]->joined_by == by;
}

/* The whole number that a part of a whole is compared with: `a / b >= 70`, `a >= b * 70`. NULL if there is none. */
static const struct node *multiple_of(const struct node *side, const struct node *other)
{
	if (joins_two(side, TOKEN_DIVIDE) && is_part(side->children[0], side->children[1]))
		return node_is_integer(other) ? other : NULL;
	for (size_t i = 0; joins_two(other, TOKEN_TIMES) && i < 2; i++)
		if (is_part(side, other->children[i]) && node_is_integer(other->children[1 - i]))
			return other->children[1 - i];
	return NULL;
}

/* A bound on the replicas in use that leaves room, such as max_replica * 2, is a smaller multiple than any percent that
 * people write. */
#define PERCENT_LEAST 10

/* 70 is 70 times the whole, and not 70 % of it. `is_bound`: the part is at most so many times the whole, which isn't
 * wrong. */
static void doubt_multiple(const struct rule *rule, const struct node *side, const struct node *other, bool is_bound,
			   struct diags *diags)
{
	const struct node *multiple = multiple_of(side, other), *constant = multiple ? node_constant(multiple) : NULL;
	if (!constant || constant->literal.number.numerator < (is_bound ? PERCENT_LEAST : 2))
		return;
	struct diag *diag =
		rule_warn(rule, multiple, diags, DIAG_DOUBTFUL_VALUE, "a part cannot be this many times its whole");
	int64_t number = constant->literal.number.numerator;
	if (number <= 100 && constant->kind == NODE_LITERAL)
		diag_hint(diags, diag, "write %d%%", (int)number);
	else
		diag_hint(diags, diag, "write a share of it: 70%%");
}

/* `is_bound`: the one is at most the other. */
static void doubt_pair(const struct rule *rule, const struct node *one, const struct node *other, bool is_bound,
		       struct diags *diags)
{
	doubt_share(rule, one, other, diags);
	doubt_fraction(rule, one, other, diags);
	doubt_seconds(rule, other, diags);
	doubt_milliseconds(rule, one, other, diags);
	if (one->type == TYPE_NUMBER && other->type == TYPE_NUMBER)
		doubt_multiple(rule, one, other, is_bound, diags);
}

static void doubt_node(const struct rule *rule, const struct node *node, struct diags *diags)
{
	if (node->kind == NODE_COMPARE) {
		bool is_less = node->op == TOKEN_LESS || node->op == TOKEN_LESS_EQUAL;
		bool is_more = node->op == TOKEN_GREATER || node->op == TOKEN_GREATER_EQUAL;
		doubt_pair(rule, node->children[0], node->children[1], is_less, diags);
		doubt_pair(rule, node->children[1], node->children[0], is_more, diags);
	}
	for (size_t i = 0; node->kind == NODE_IN && i < node->set_count; i++)
		doubt_pair(rule, node->children[0], node->set[i], false, diags);
	doubt_texts(rule, node, diags);
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

/* The simulated rollouts. A rule may depend on the number of chainlets, and on their settings. */
static const struct story {
	size_t size;
	struct autoscaling_settings settings;
	bool beside_others; /* an older deployment is ACTIVE all the time */
} stories[] = {
	{.size = 2, .settings = {.min_replica = 1, .max_replica = 1}},
	{.size = 3, .settings = {.min_replica = 1, .max_replica = 1000000}},
	{.size = 30, .settings = {.min_replica = 500000, .max_replica = 1000000}},
};
#define ROLLOUT_CHAINLETS_MAX 30
#define REPLICAS_OF_NO_STORY 2000000

/* One moment of a rollout. The chainlets take the statuses in turn. fields.c says what is known of their settings and
 * replicas (is_of_rollout). */
static const struct stage {
	enum status deployment, chainlets[3];
	bool is_listing;   /* only the first chainlet is listed so far */
	bool only_ready;   /* the replicas are known: chainlets that aren't ACTIVE have none */
	bool has_settings; /* of replicas; the rule counts only if it wouldn't be true with many replicas */
} stages[] = {
	{.deployment = STATUS_BUILDING,
	 .chainlets = {STATUS_BUILDING, STATUS_BUILDING, STATUS_BUILDING},
	 .is_listing = true},
	{.deployment = STATUS_BUILDING, .chainlets = {STATUS_BUILDING, STATUS_BUILDING, STATUS_BUILDING}},
	{.deployment = STATUS_DEPLOYING, .chainlets = {STATUS_DEPLOYING, STATUS_BUILDING, STATUS_DEPLOYING}},
	{.deployment = STATUS_DEPLOYING, .chainlets = {STATUS_LOADING_MODEL, STATUS_DEPLOYING, STATUS_LOADING_MODEL}},
	{.deployment = STATUS_LOADING_MODEL,
	 .chainlets = {STATUS_LOADING_MODEL, STATUS_LOADING_MODEL, STATUS_LOADING_MODEL},
	 .has_settings = true},
	{.deployment = STATUS_LOADING_MODEL, .chainlets = {STATUS_ACTIVE, STATUS_LOADING_MODEL, STATUS_LOADING_MODEL}},
	{.deployment = STATUS_ACTIVE, .chainlets = {STATUS_ACTIVE, STATUS_ACTIVE, STATUS_ACTIVE}},
};
#define STAGE_COUNT (sizeof(stages) / sizeof(stages[0]))

/* The rule's value at that moment; unknown unless its `when` is true. */
static enum truth judge_at(const struct rule *rule, const struct rule *when, const struct stage *stage,
			   const struct story *story, int64_t replicas, struct arena *arena)
{
	size_t size = story->size;
	struct chainlet chainlets[ROLLOUT_CHAINLETS_MAX];
	for (size_t i = 0; i < size; i++) {
		enum status status = stage->chainlets[i % 3];
		struct text name = text_of(arena_printf(arena, "Chainlet%zu", i));
		chainlets[i] = (struct chainlet){.id = name,
						 .name = name,
						 .status = status,
						 .status_word = text_of(status_name(status)),
						 .active_replica_count =
							 !stage->only_ready || status == STATUS_ACTIVE ? replicas : 0,
						 .settings = stage->has_settings ? &story->settings : NULL,
						 .ordinal = i + 1};
	}
	struct deployment baseline = {.id = TEXT("baseline"), .chainlets = chainlets, .chainlet_count = size};
	struct deployment deployment = {.id = TEXT("new"),
					.status = stage->deployment,
					.status_word = text_of(status_name(stage->deployment)),
					.chainlets = chainlets,
					.chainlet_count = stage->is_listing ? 1 : size};
	struct chainlet serving = {.id = TEXT("Chainlet0"),
				   .name = TEXT("Chainlet0"),
				   .status = STATUS_ACTIVE,
				   .status_word = TEXT("ACTIVE"),
				   .active_replica_count = replicas,
				   .ordinal = 1};
	struct deployment older = {.id = TEXT("older"),
				   .status = STATUS_ACTIVE,
				   .status_word = TEXT("ACTIVE"),
				   .chainlets = &serving,
				   .chainlet_count = 1};
	const struct deployment *selected[] = {&deployment, &older};
	struct view view = {.deployments = selected,
			    .count = story->beside_others ? 2 : 1,
			    .only_rollout = true,
			    .only_rollout_with_replicas = stage->only_ready,
			    .baseline.deployment = &baseline,
			    .at_wall_ns = NS_PER_MINUTE}; /* the deployment's age */
	if (when && rule_judge(when, &view, arena, NULL).value != TRUTH_TRUE)
		return TRUTH_UNKNOWN;
	return rule_judge(rule, &view, arena, NULL).value;
}

static bool holds_at(const struct rule *rule, const struct rule *when, const struct stage *stage,
		     const struct story *story, struct arena *arena)
{
	return judge_at(rule, when, stage, story, 0, arena) == TRUTH_TRUE &&
	       !(stage->has_settings && judge_at(rule, when, stage, story, REPLICAS_OF_NO_STORY, arena) == TRUTH_TRUE);
}

static bool counts(const struct rule *rule)
{
	return rule->quantifier == QUANTIFIER_AT_LEAST || rule->quantifier == QUANTIFIER_AT_MOST ||
	       rule->quantifier == QUANTIFIER_EXACTLY;
}

enum rollout rule_on_rollout(const struct rule *rule, const struct rule *when, bool beside_others)
{
	enum rollout worst = ROLLOUT_AT_END;
	/* The stories have one deployment: other numbers of them may be selected. */
	if (counts(rule) && rule->scope == SCOPE_DEPLOYMENTS)
		return ROLLOUT_NEVER;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct story story = stories[i];
		struct arena arena = {0};
		size_t count = 0;
		bool at_end = false;
		story.beside_others = beside_others;
		for (size_t j = 0; j < STAGE_COUNT; j++) {
			at_end = holds_at(rule, when, &stages[j], &story, &arena);
			count += at_end;
		}
		enum rollout one = at_end ? ROLLOUT_AT_END : count ? ROLLOUT_ON_THE_WAY : ROLLOUT_NEVER;
		if (one < worst)
			worst = one;
		arena_release(&arena);
	}
	return worst;
}

bool rule_fails_every_end(const struct rule *rule)
{
	static const enum status ends[] = {STATUS_ACTIVE, STATUS_SCALED_TO_ZERO, STATUS_INACTIVE};
	struct arena arena = {0};
	bool fails = true;
	/* There may be any number of chainlets and deployments. So `at least 5` certainly fails only if `any` does. */
	struct rule some = *rule;
	if (counts(rule) && (rule->quantifier == QUANTIFIER_AT_MOST || rule->number == 0))
		return false;
	if (counts(rule))
		some.quantifier = QUANTIFIER_ANY;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]) && fails; i++) {
		const struct stage end = {.deployment = ends[i], .chainlets = {ends[i], ends[i], ends[i]}};
		for (size_t j = 0; j < sizeof(stories) / sizeof(stories[0]) && fails; j++)
			fails = judge_at(&some, NULL, &end, &stories[j], 0, &arena) == TRUTH_FALSE;
	}
	arena_release(&arena);
	return fails;
}

/* ---- a chainlet that has failed --------------------------------------------------------------------------------- */

static bool names_any_status(const struct rule *rule)
{
	for (enum status status = STATUS_UNKNOWN + 1; status < STATUS_COUNT; status++)
		if (rule_names_status(rule, status))
			return true;
	return false;
}

bool rule_notices_status(const struct rule *rule, const struct rule *when, bool violated, enum status status)
{
	const struct stage stage = {.deployment = status,
				    .chainlets = {status, STATUS_ACTIVE, STATUS_ACTIVE},
				    .only_ready = true,
				    .has_settings = true};
	struct arena arena = {0};
	bool notices = false;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]) && !notices; i++) {
		int64_t replicas = stories[i].settings.min_replica;
		enum truth truth = judge_at(rule, NULL, &stage, &stories[i], replicas, &arena);
		bool may_be = truth == TRUTH_UNKNOWN && names_any_status(rule);
		bool is_skipped = when && judge_at(when, NULL, &stage, &stories[i], replicas, &arena) == TRUTH_FALSE;
		notices = !is_skipped && (may_be || truth == (violated ? TRUTH_TRUE : TRUTH_FALSE));
	}
	arena_release(&arena);
	return notices;
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
