/* resolve.c - finds the field that a name means, and the object it belongs to: the item, its deployment, the
 * baseline, a counterpart.
 *
 * A name that isn't a field of what the rule ranges over is reported here, with the field that was probably meant.
 */
#include "checker.h"

/* ---- fields ----------------------------------------------------------------------------------------------------- */

#define SETTINGS_PREFIX "autoscaling_settings."

static struct text bare_name(const struct node *node, bool *nested)
{
	*nested = text_starts_with(node->text, SETTINGS_PREFIX);
	return *nested ? text_slice(node->text, sizeof(SETTINGS_PREFIX) - 1, node->text.length) : node->text;
}

static const struct field *find(const struct node *node, bool of_chainlet)
{
	bool nested;
	struct text name = bare_name(node, &nested);
	const struct field *field = field_find(name, of_chainlet);
	return field && nested && !field->row.is_setting ? NULL : field;
}

static enum field_side side_of(const struct checker *c)
{
	return c->noun == SCOPE_BASELINE_CHAINLETS && !c->is_bare ? SIDE_BASELINE : SIDE_JUDGED;
}

/* The field that comes after the last dot of a foreign path, as in metadata.name; empty if there is none. */
static struct text last_part(struct text name)
{
	size_t at = name.length;
	while (at > 0 && name.bytes[at - 1] != '.')
		at--;
	struct text part = text_slice(name, at, name.length);
	bool is_ours = text_starts_with(name, "deployment.") || text_starts_with(name, "chainlet.");
	return at && !is_ours && (field_find(part, true) || field_find(part, false)) ? part : (struct text){0};
}

/* A path into a CI system's or another tool's data. */
static bool is_from_outside(struct text name)
{
	static const char *const roots[] = {"env.", "github.", "secrets.", "vars.", "inputs.", "steps.", "matrix."};
	for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++)
		if (text_starts_with(name, roots[i]))
			return true;
	return false;
}

/* "labels.team", as the API has it, or "metadata.label.team": the name after it. Empty: not so. */
static struct text label_meant(struct text name)
{
	static const char *const words[] = {"label.", "labels.", "tag.", "tags."};
	for (size_t at = 0; at < name.length; at++) {
		struct text rest = text_slice(name, at, name.length);
		for (size_t i = 0; i < sizeof words / sizeof *words && (at == 0 || name.bytes[at - 1] == '.'); i++)
			if (text_starts_with(rest, words[i]))
				return text_slice(rest, text_of(words[i]).length, rest.length);
	}
	return (struct text){0};
}

/* A word that isn't a field may have been meant as a status, or as a string. */
static void hint_at_field(struct checker *c, struct diag *diag, const struct node *node, bool of_chainlet)
{
	bool nested;
	struct text name = bare_name(node, &nested);
	size_t count;
	const char *const *words = status_words(&count);
	const char *near = field_nearest(name, of_chainlet, side_of(c));
	const char *status = text_nearest(name, words, count);
	const char *owner = !near && of_chainlet && !nested && !c->is_bare ? "deployment." : "";
	if (!near)
		near = field_nearest(name, !of_chainlet, side_of(c));
	const char *guessed = guessed_name_remedy(name);
	bool of_baseline_chainlet = node->of == FIELD_OF_BASELINE_ITEM || node->of == FIELD_OF_BASELINE_CHAINLET;
	if (label_meant(name).length)
		diag_hint(c->diags, diag, "write label.%s", diag_value(c->diags, label_meant(name)));
	else if (of_baseline_chainlet && text_starts_with(name, "chainlet."))
		diag_hint(c->diags, diag, "write baseline.%s", diag_value(c->diags, text_slice(name, 9, name.length)));
	else if (guessed || class_remedy(name))
		diag_hint(c->diags, diag, "%s", guessed ? guessed : class_remedy(name));
	else if (status_class_parse(name) != CLASS_NONE)
		diag_hint(c->diags, diag, "a class of statuses: write status in %s, or all chainlets %s",
			  diag_value(c->diags, name), diag_value(c->diags, name));
	else if (status && text_distance(name, text_of(status)) == 0)
		diag_hint(c->diags, diag, "statuses are in capitals: %s", status);
	else if (near)
		diag_hint(c->diags, diag, "a field has a similar name: %s%s", owner, near);
	else if (status)
		diag_hint(c->diags, diag, "a status has a similar name: %s", status);
	else if (text_starts_with(name, "params."))
		diag_hint(c->diags, diag, "write $%s", diag_value(c->diags, text_slice(name, 7, name.length)));
	else if (text_starts_with(name, "chainlets.") || text_starts_with(name, "deployments."))
		diag_hint(c->diags, diag, "say which, and then what they have: all chainlets have min_replica >= 1");
	else if (is_from_outside(name))
		diag_hint(c->diags, diag,
			  "a rule sees only what the API shows; a value from outside is a parameter, as in --set "
			  "least=2");
	else if (last_part(name).length)
		diag_hint(c->diags, diag, "the field is %s; a field of another deployment is baseline.%s",
			  diag_value(c->diags, last_part(name)), diag_value(c->diags, last_part(name)));
	else
		diag_hint(c->diags, diag, "put strings in quotes; chaingate explain lists the fields");
}

bool refuse_field(struct checker *c, const struct node *node, bool of_chainlet)
{
	const char *value = diag_value(c->diags, node->text);
	if (!find(node, !of_chainlet)) {
		struct diag *diag =
			REFUSE(c, node->from, node->to, DIAG_UNKNOWN_FIELD, "no field is called '%s'", value);
		hint_at_field(c, diag, node, of_chainlet);
		return false;
	}
	struct diag *diag =
		REFUSE(c, node->from, node->to, DIAG_WRONG_SCOPE, "'%s' is a field of %s, not of %s", value,
		       of_chainlet ? "deployments" : "chainlets", of_chainlet ? "chainlets" : "deployments");
	bool baseline = node->of == FIELD_OF_BASELINE_ITEM || node->of == FIELD_OF_BASELINE_CHAINLET;
	if (of_chainlet)
		diag_hint(c->diags, diag, "write %sdeployment.%s for the chainlet's own deployment",
			  baseline ? "baseline." : "", value);
	else
		diag_hint(c->diags, diag,
			  "a deployment has many chainlets: say which, as in all chainlets have …, or count them");
	return false;
}

/* In a bare rule the fields determine what the rule ranges over, so a name that both nouns have is an error. */
static bool check_bare_field(struct checker *c, struct node *node)
{
	const struct field *chainlet = find(node, true), *deployment = find(node, false);
	if (chainlet && deployment) {
		struct diag *diag =
			REFUSE(c, node->from, node->to, DIAG_AMBIGUOUS_FIELD,
			       "'%s' could be the chainlets' or the deployments'", diag_value(c->diags, node->text));
		diag_hint(c->diags, diag, "say `all chainlets` or `all deployments`");
		return false;
	}
	node->field = chainlet ? chainlet : deployment;
	node->of = chainlet ? FIELD_OF_CHAINLET : FIELD_OF_DEPLOYMENT;
	if (node->field && !chainlet && !c->own_deployment)
		c->own_deployment = node;
	return node->field || refuse_field(c, node, true);
}

/* ---- the baseline's side ---------------------------------------------------------------------------------------- */

bool need_baseline(struct checker *c, size_t from, size_t to)
{
	c->rule->uses_baseline = true;
	if (c->context->has_baseline)
		return true;
	if (*c->told_no_baseline)
		return false;
	*c->told_no_baseline = true;
	struct diag *diag = REFUSE(c, from, to, DIAG_NO_BASELINE, "there is no baseline to compare with");
	diag_hint(c->diags, diag, "add baseline: to the policy, or --baseline-environment to the command line");
	return false;
}

static bool refuse_side(struct checker *c, const struct node *node, const char *message, const char *hint)
{
	struct diag *diag = REFUSE(c, node->from, node->to, DIAG_WRONG_SCOPE, "%s", message);
	diag_hint(c->diags, diag, "%s", hint);
	return false;
}

/* `new` can only be used for judged chainlets, `missing` only for the baseline's. */
static bool check_side(struct checker *c, const struct node *node)
{
	bool own = node->of == FIELD_OF_ITEM || node->of == FIELD_OF_CHAINLET,
	     over_baseline = side_of(c) == SIDE_BASELINE;
	bool over_chainlets = c->noun == SCOPE_CHAINLETS || c->is_bare;
	if (node->of == FIELD_OF_COUNTERPART && !over_baseline)
		return refuse_side(
			c, node, "only a baseline chainlet has a counterpart in the selected deployments",
			"say `all baseline chainlets`; in other rules baseline.… is the counterpart's field");
	if (node->of == FIELD_OF_COUNTERPART && text_starts_with(node->text, "deployment."))
		return refuse_side(c, node,
				   "a counterpart is a chainlet: its deployment's fields are not compared here",
				   "compare deployments in a rule about them: all deployments have created_at > "
				   "baseline.deployment.created_at");
	if (text_is(node->text, "missing") && !(own && over_baseline))
		return refuse_side(c, node, "only a baseline chainlet can be missing",
				   "say no baseline chainlet is missing");
	if (text_is(node->text, "new") && over_baseline && own)
		return refuse_side(c, node, "only a chainlet of the selected deployments can be new",
				   "say no chainlet is new; a baseline chainlet can be missing");
	if (text_is(node->text, "new") && !(own && over_chainlets))
		return refuse_side(c, node, "only a judged chainlet can be new", "say no chainlet is new");
	if (over_baseline && node->of >= FIELD_OF_BASELINE_ITEM && node->of != FIELD_OF_COUNTERPART)
		return refuse_side(
			c, node, "the rule is about the baseline's chainlets already",
			"leave baseline. out; a field of the judged chainlet of the same name is counterpart.…");
	return true;
}

/* ---- the item that has a field ---------------------------------------------------------------------------------- */

static bool find_owner(struct checker *c, struct node *node)
{
	bool over_chainlets = c->noun != SCOPE_DEPLOYMENTS || c->is_bare;
	if (node->of == FIELD_OF_ITEM && c->is_bare)
		return check_bare_field(c, node);
	if (node->of == FIELD_OF_ITEM)
		node->of = over_chainlets ? FIELD_OF_CHAINLET : FIELD_OF_DEPLOYMENT;
	if (node->of == FIELD_OF_BASELINE_ITEM)
		node->of = FIELD_OF_BASELINE_CHAINLET;
	bool of_chainlet = node->of != FIELD_OF_DEPLOYMENT && node->of != FIELD_OF_BASELINE_DEPLOYMENT;
	if (of_chainlet && !over_chainlets) {
		bool baseline = node->of == FIELD_OF_BASELINE_CHAINLET;
		return refuse_side(c, node, "a deployment has no single chainlet",
				   baseline ? "write baseline.deployment.… for a field of the baseline's deployment"
					    : "say which chainlets, as in all chainlets have …");
	}
	node->field = find(node, of_chainlet);
	return node->field || refuse_field(c, node, of_chainlet);
}

/* The table has one field for all labels; the node's has the name of its label. */
static void name_label(struct checker *c, struct node *node)
{
	struct field *field = ARENA_NEW(c->arena, struct field);
	*field = *node->field;
	field->label = node->label;
	node->field = field;
}

/* Notes which kinds of targets never have the field. A target and its baseline are of the same kind. */
static void note_kinds(struct checker *c, const struct node *node)
{
	for (enum target_kind kind = 0; kind < TARGET_KIND_COUNT; kind++) {
		if (!node->field->lacked_by[kind] || c->rule->lacked_by[kind].length)
			continue;
		struct buf words = buf_make(RULE_BYTES_MAX);
		node_print(&words, node);
		c->rule->lacked_by[kind] = arena_text(c->arena, buf_text(&words));
		buf_release(&words);
	}
}

bool resolve_field(struct checker *c, struct node *node)
{
	if (!check_side(c, node) || !find_owner(c, node))
		return false;
	if (node->field->id == FIELD_LABEL)
		name_label(c, node);
	note_kinds(c, node);
	enum field_id id = node->field->id;
	bool names_baseline = node->of >= FIELD_OF_BASELINE_ITEM || id == FIELD_NEW || id == FIELD_MISSING;
	if (names_baseline && !need_baseline(c, node->from, node->to))
		return false;
	bool of_baseline = node->of == FIELD_OF_BASELINE_DEPLOYMENT || side_of(c) == SIDE_BASELINE;
	c->rule->asks_environment |= node->field->row.of_environment && !of_baseline;
	c->rule->asks_baseline_environment |= node->field->row.of_environment && of_baseline;
	c->rule->uses_missing |= id == FIELD_MISSING;
	c->saw_judged |= id == FIELD_MISSING || node->of == FIELD_OF_COUNTERPART;
	c->rule->names_judged |= c->saw_judged;
	c->saw_chainlet |= node->of == FIELD_OF_CHAINLET || node->of == FIELD_OF_BASELINE_CHAINLET;
	c->saw_deployment |= node->of == FIELD_OF_DEPLOYMENT || node->of == FIELD_OF_BASELINE_DEPLOYMENT;
	node->type = node->field->type;
	return true;
}
