/* skipped.c - warns of a `when` that skips its rule more often than was probably meant. A skipped rule counts as
 * satisfied, so such a mistake is a pass that nobody sees.
 *
 * The last warning isn't derived from the rules' words: both are judged on deployments with all combinations of
 * statuses.
 */
#include "judge.h"

/* ---- about all chainlets ----------------------------------------------------------------------------------------- */

/* True if the condition asks for one name or one id of the chainlet. */
static bool asks_identity(const struct node *node, enum token_kind op)
{
	if (node->kind == NODE_AND && op == TOKEN_EQUAL) {
		for (size_t i = 0; i < node->count; i++)
			if (asks_identity(node->children[i], op))
				return true;
		return false;
	}
	if (node->kind != NODE_COMPARE || node->op != op)
		return false;
	const struct node *left = node->children[0], *right = node->children[1];
	const struct node *field = left->kind == NODE_FIELD ? left : right;
	return field->kind == NODE_FIELD && field->of == FIELD_OF_CHAINLET &&
	       (field->field->id == FIELD_NAME || field->field->id == FIELD_ID) &&
	       node_constant(field == left ? right : left);
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

static const char *condition_words(struct arena *arena, const struct node *body)
{
	struct buf buf = buf_make(RULE_BYTES_MAX);
	node_print(&buf, body);
	const char *text = buf.overflowed ? "…" : arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return text;
}

/* A condition that is meant for each chainlet, as a `where` is, but is one about all of them together. */
static bool suspect_all(struct arena *arena, const struct rule *rule, const struct rule *when, struct diags *diags)
{
	if (when->scope != SCOPE_CHAINLETS)
		return false;
	bool identity = (when->quantifier == QUANTIFIER_ALL && asks_identity(when->body, TOKEN_EQUAL)) ||
			(when->quantifier == QUANTIFIER_NO && asks_identity(when->body, TOKEN_NOT_EQUAL));
	if (!when->bare && !identity)
		return false;
	struct node whole = {.from = when->bare ? when->body->from : 0, .to = when->body->to};
	struct diag *diag = rule_warn(
		when, &whole, diags, DIAG_SKIPPED_RULE,
		identity ? "this is only true if every chainlet is called so: otherwise the rule is skipped"
			 : "this is about all chainlets: if it is false for one of them, the rule is skipped");
	const char *narrow = narrowed(arena, rule, when);
	struct node asked = *when->body;
	if (when->quantifier == QUANTIFIER_NO)
		asked.op = TOKEN_EQUAL;
	diag_hint(diags, diag, "to judge only some chainlets, write %s without when; as a condition, write %s %s",
		  narrow[0] ? narrow : "where into the rule,", identity ? "any chainlet has" : "all chainlets have",
		  condition_words(arena, &asked));
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

/* True if two chainlets are enough to try the rule: it asks for all, any or none, and only for statuses. */
static bool is_tried_with_two(const struct rule *rule)
{
	return (rule->quantifier == QUANTIFIER_ALL || rule->quantifier == QUANTIFIER_ANY ||
		rule->quantifier == QUANTIFIER_NO) &&
	       rule->scope != SCOPE_BASELINE_CHAINLETS && tests_only_statuses(rule->body) &&
	       (!rule->where || tests_only_statuses(rule->where));
}

struct statuses {
	enum status deployment, chainlets[2];
};

/* What was seen for some combination of statuses. */
struct seen {
	bool condition;          /* `when` is true */
	bool violation, skipped; /* the rule isn't satisfied: while `when` is true; while it isn't */
};

static void try_statuses(const struct rule *rule, bool is_never, const struct rule *when,
			 const struct statuses *statuses, size_t size, struct arena *arena, struct seen *seen)
{
	const struct text names[2] = {TEXT("Chainlet0"), TEXT("Chainlet1")};
	struct chainlet chainlets[2] = {0};
	for (size_t i = 0; i < size; i++)
		chainlets[i] = (struct chainlet){.id = names[i],
						 .name = names[i],
						 .status = statuses->chainlets[i],
						 .status_word = text_of(status_name(statuses->chainlets[i])),
						 .ordinal = i + 1};
	struct deployment deployment = {.id = TEXT("new"),
					.status = statuses->deployment,
					.status_word = text_of(status_name(statuses->deployment)),
					.chainlets = chainlets,
					.chainlet_count = size};
	const struct deployment *selected[] = {&deployment};
	struct view view = {.deployments = selected, .count = 1, .only_rollout = true};
	bool condition = rule_judge(when, &view, arena, NULL).value == TRUTH_TRUE;
	bool violated = rule_judge(rule, &view, arena, NULL).value != (is_never ? TRUTH_FALSE : TRUTH_TRUE);
	seen->condition |= condition;
	*(condition ? &seen->violation : &seen->skipped) |= violated;
}

/* True if `when` skips every violation, and nothing else is wrong with it or the rule. */
static bool skips_each_violation(const struct rule *rule, bool is_never, const struct rule *when)
{
	struct arena arena = {0};
	struct seen seen = {0};
	for (int i = STATUS_UNKNOWN + 1; i < STATUS_COUNT && !seen.violation; i++)
		for (int j = STATUS_UNKNOWN + 1; j < STATUS_COUNT && !seen.violation; j++)
			for (int k = STATUS_UNKNOWN + 1; k < STATUS_COUNT && !seen.violation; k++) {
				struct statuses statuses = {(enum status)i, {(enum status)j, (enum status)k}};
				for (size_t size = 1; size <= 2; size++)
					try_statuses(rule, is_never, when, &statuses, size, &arena, &seen);
				arena_clear(&arena);
			}
	arena_release(&arena);
	return seen.condition && seen.skipped && !seen.violation;
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
