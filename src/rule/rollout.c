/* rollout.c - what a rule says of a rollout with which nothing is wrong, and of a chainlet that has failed.
 *
 * The rule isn't analysed but tried: it is judged on the statuses of a rollout, with everything else unknown. If it is
 * true then, it is true in every rollout.
 */
#include "ast.h"

#include "chaingate/times.h"

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

static bool notices(const struct rule *rule, const struct rule *when, bool violated, const struct stage *stage)
{
	struct arena arena = {0};
	bool found = false;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]) && !found; i++) {
		int64_t replicas = stories[i].settings.min_replica;
		enum truth truth = judge_at(rule, NULL, stage, &stories[i], replicas, &arena);
		bool may_be = truth == TRUTH_UNKNOWN && names_any_status(rule);
		bool is_skipped = when && judge_at(when, NULL, stage, &stories[i], replicas, &arena) == TRUTH_FALSE;
		found = !is_skipped && (may_be || truth == (violated ? TRUTH_TRUE : TRUTH_FALSE));
	}
	arena_release(&arena);
	return found;
}

/* The API doesn't say how a deployment's status follows from its chainlets'. So the rule must fail also while the
 * deployment is ACTIVE. */
bool rule_notices_status(const struct rule *rule, const struct rule *when, bool violated, enum status status)
{
	struct stage stage = {.deployment = status,
			      .chainlets = {status, STATUS_ACTIVE, STATUS_ACTIVE},
			      .only_ready = true,
			      .has_settings = true};
	bool is_noticed = notices(rule, when, violated, &stage);
	stage.deployment = STATUS_ACTIVE;
	return is_noticed && notices(rule, when, violated, &stage);
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
