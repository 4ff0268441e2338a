/* skipped.c - warns of a `when` that skips its rule more often than was probably meant. A skipped rule counts as
 * satisfied, so such a mistake is a pass that nobody sees.
 *
 * The last warning isn't derived from the rules' words: both are judged on two deployments with all combinations of
 * statuses.
 */
#include "judge.h"

/* ---- about all chainlets ----------------------------------------------------------------------------------------- */

/* The field, if the condition asks for one name or one id of the chainlet; NULL if it doesn't. */
static const struct field *asked_identity(const struct node *node, enum token_kind op)
{
	const struct field *found = NULL;
	for (size_t i = 0; node->kind == NODE_AND && op == TOKEN_EQUAL && i < node->count && !found; i++)
		found = asked_identity(node->children[i], op);
	if (node->kind != NODE_COMPARE || node->op != op)
		return found;
	const struct node *left = node->children[0], *right = node->children[1];
	const struct node *field = left->kind == NODE_FIELD ? left : right;
	bool asks = field->kind == NODE_FIELD && field->of == FIELD_OF_CHAINLET &&
		    (field->field->id == FIELD_NAME || field->field->id == FIELD_ID) &&
		    node_constant(field == left ? right : left);
	return asks ? field->field : NULL;
}

/* The same, if the condition is one about every chainlet. */
static const struct field *asked_of_every(const struct rule *when)
{
	if (when->where)
		return NULL;
	return when->quantifier == QUANTIFIER_ALL  ? asked_identity(when->body, TOKEN_EQUAL)
	       : when->quantifier == QUANTIFIER_NO ? asked_identity(when->body, TOKEN_NOT_EQUAL)
						   : NULL;
}

/* The same rule, only for the chainlets for which `when` is true; empty if it can't be written that simply. */
static const char *narrowed(struct arena *arena, const struct rule *rule, const struct rule *when)
{
	if (rule->scope != SCOPE_CHAINLETS || rule->where || when->quantifier != QUANTIFIER_ALL || when->where)
		return "";
	struct rule narrow = *rule;
	struct buf buf = buf_make(RULE_BYTES_MAX);
	narrow.bare = false;
	narrow.where = when->body;
	rule_print(&buf, &narrow);
	const char *text = buf.overflowed ? "" : arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return text;
}

/* A condition that is meant for each chainlet, as a `where` is, but is one about all of them together. */
static bool suspect_all(struct arena *arena, const struct rule *rule, const struct rule *when, struct diags *diags)
{
	if (when->scope != SCOPE_CHAINLETS)
		return false;
	const struct field *identity = asked_of_every(when);
	if (!when->bare && !identity)
		return false;
	const char *message =
		!identity ? "this is about all chainlets: if it is false for one of them, the rule is "
			    "skipped"
		: identity->id == FIELD_ID
			? "this is only true if every chainlet has this id: otherwise the rule is skipped"
			: "this is only true if every chainlet is called so: otherwise the rule is skipped";
	struct node whole = {.from = when->bare ? when->body->from : 0, .to = when->body->to};
	struct diag *diag = rule_warn(when, &whole, diags, DIAG_SKIPPED_RULE, message);
	const char *narrow = narrowed(arena, rule, when);
	struct node asked = *when->body;
	if (when->quantifier == QUANTIFIER_NO)
		asked.op = TOKEN_EQUAL;
	diag_hint(diags, diag, "to judge only some chainlets, write %s without when; as a condition, write %s %s",
		  narrow[0] ? narrow : "where into the rule,", identity ? "any chainlet has" : "all chainlets have",
		  node_words(arena, &asked));
	return true;
}

/* ---- no violation is left ---------------------------------------------------------------------------------------- */

static bool tests_only_statuses(const struct node *node)
{
	if (node->kind == NODE_AGGREGATE || (node->kind == NODE_FIELD && node->type != TYPE_STATUS) ||
	    (node->kind == NODE_FIELD && node->of > FIELD_OF_DEPLOYMENT))
		return false;
	for (size_t i = 0; i < node->count; i++)
		if (!tests_only_statuses(node->children[i]))
			return false;
	return true;
}

/* True if two chainlets are enough to try the rule, of one deployment or of two: it asks for all, any or none, and only
 * for statuses. Then one of them can violate it, while the other makes its `when` true. */
static bool is_tried_with_two(const struct rule *rule)
{
	return (rule->quantifier == QUANTIFIER_ALL || rule->quantifier == QUANTIFIER_ANY ||
		rule->quantifier == QUANTIFIER_NO) &&
	       rule->scope != SCOPE_BASELINE_CHAINLETS && tests_only_statuses(rule->body) &&
	       (!rule->where || tests_only_statuses(rule->where));
}

static bool has_field_of_deployment(const struct node *node)
{
	if (node->kind == NODE_FIELD && node->of == FIELD_OF_DEPLOYMENT)
		return true;
	for (size_t i = 0; i < node->count; i++)
		if (has_field_of_deployment(node->children[i]))
			return true;
	return false;
}

/* True if the rule may look at deployments' statuses. If not, trying all of them would take a hundred times as long for
 * nothing; so it would with chainlets', of a rule about deployments. */
static bool reads_deployments(const struct rule *rule)
{
	return rule->scope != SCOPE_CHAINLETS || has_field_of_deployment(rule->body) ||
	       (rule->where && has_field_of_deployment(rule->where));
}

static bool reads_chainlets(const struct rule *rule)
{
	return rule->scope != SCOPE_DEPLOYMENTS;
}

struct trial {
	const struct rule *rule, *when;
	bool is_never;
	int deployment_end, chainlet_end; /* the statuses below these are tried */
	struct arena arena;
	/* What was seen so far: `when` was true; the rule wasn't satisfied while `when` was true, or wasn't. */
	bool condition, violation, skipped;
};

/* The statuses of two chainlets, and of the deployment of each. */
struct statuses {
	enum status deployments[2], chainlets[2];
};

/* Two deployments have one chainlet each. If their statuses are the same, all, any and no say of them what they say of
 * one deployment, and of two chainlets of it. */
static void try_statuses(struct trial *trial, const struct statuses *statuses)
{
	const struct text names[2] = {TEXT("Chainlet0"), TEXT("Chainlet1")}, ids[2] = {TEXT("new"), TEXT("other")};
	struct chainlet chainlets[2] = {0};
	struct deployment deployments[2] = {0};
	for (size_t i = 0; i < 2; i++) {
		chainlets[i] = (struct chainlet){.id = names[i],
						 .name = names[i],
						 .status = statuses->chainlets[i],
						 .status_word = text_of(status_name(statuses->chainlets[i])),
						 .ordinal = i + 2};
		deployments[i] = (struct deployment){.id = ids[i],
						     .status = statuses->deployments[i],
						     .status_word = text_of(status_name(statuses->deployments[i])),
						     .chainlets = &chainlets[i],
						     .chainlet_count = 1,
						     .ordinal = i};
	}
	const struct deployment *selected[] = {&deployments[0], &deployments[1]};
	struct view view = {.deployments = selected, .count = 2, .only_rollout = true};
	bool condition = rule_judge(trial->when, &view, &trial->arena, NULL).value == TRUTH_TRUE;
	bool violated = rule_judge(trial->rule, &view, &trial->arena, NULL).value !=
			(trial->is_never ? TRUTH_FALSE : TRUTH_TRUE);
	trial->condition |= condition;
	*(condition ? &trial->violation : &trial->skipped) |= violated;
	arena_clear(&trial->arena);
}

static void try_with_chainlets(struct trial *trial, enum status one, enum status other)
{
	for (int i = STATUS_UNKNOWN + 1; i < trial->chainlet_end && !trial->violation; i++)
		for (int j = STATUS_UNKNOWN + 1; j < trial->chainlet_end && !trial->violation; j++) {
			struct statuses statuses = {{one, other}, {(enum status)i, (enum status)j}};
			try_statuses(trial, &statuses);
		}
}

/* True if `when` skips every violation, and nothing else is wrong with it or the rule. */
static bool skips_each_violation(const struct rule *rule, bool is_never, const struct rule *when)
{
	const int one = STATUS_UNKNOWN + 2, all = STATUS_COUNT;
	struct trial trial = {.rule = rule,
			      .when = when,
			      .is_never = is_never,
			      .deployment_end = reads_deployments(rule) || reads_deployments(when) ? all : one,
			      .chainlet_end = reads_chainlets(rule) || reads_chainlets(when) ? all : one};
	for (int i = STATUS_UNKNOWN + 1; i < trial.deployment_end && !trial.violation; i++)
		for (int j = i; j < trial.deployment_end && !trial.violation; j++)
			try_with_chainlets(&trial, (enum status)i, (enum status)j);
	arena_release(&trial.arena);
	return trial.condition && trial.skipped && !trial.violation;
}

static void suspect_implied(const struct rule *rule, bool is_never, const struct rule *when, struct diags *diags)
{
	if (!is_tried_with_two(rule) || !is_tried_with_two(when) || !skips_each_violation(rule, is_never, when))
		return;
	struct diag *diag = rule_warn(when, when->body, diags, DIAG_SKIPPED_RULE,
				      "whenever this is true, the rule is satisfied: it can never fail");
	diag_hint(diags, diag, "leave when out");
}

void rule_suspect_when(struct arena *arena, const struct rule *rule, bool is_never, const struct rule *when,
		       struct diags *diags)
{
	if (!suspect_all(arena, rule, when, diags))
		suspect_implied(rule, is_never, when, diags);
}
