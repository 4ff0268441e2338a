/* mistakes.c - values of another kind than the policy's keys need, which people write because they read well: a word
 * for a mapping, a rule's name before the rule. */
#include "loader.h"

#include "chaingate/address.h"

static bool is_among(char c, const char *set)
{
	for (; *set; set++)
		if (c == *set)
			return true;
	return false;
}

/* True if the text can be written without quotes in a YAML flow mapping. */
static bool is_plain(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		bool ends = i + 1 == text.length || text.bytes[i + 1] == ' ';
		if (is_among(text.bytes[i], ",[]{}\n") || (text.bytes[i] == ':' && ends) ||
		    (text.bytes[i] == '#' && i && text.bytes[i - 1] == ' '))
			return false;
	}
	return text.length > 0 && !is_among(text.bytes[0], "&*!|>'\"%@`-?# ");
}

bool fits_time(const struct yaml_reader *r, const struct yaml_node *node)
{
	struct diags ignored = {.arena = r->arena};
	const struct yaml_reader quiet = {r->arena, r->source, &ignored};
	int64_t ns;
	return yaml_read_duration(&quiet, node, "", 0, WAIT_MAX_NS, &ns);
}

bool fits_name(const struct yaml_reader *r, const struct yaml_node *node)
{
	struct diags ignored = {.arena = r->arena};
	const struct yaml_reader quiet = {r->arena, r->source, &ignored};
	struct text name;
	size_t choice;
	bool yes;
	return yaml_read_name(&quiet, node, "", &name) && !address_is_one(name) &&
	       selector_kind_meant(name) == SELECT_NOTHING &&
	       !yaml_read_choice(&quiet, node, "", role_choices, &choice) && !yaml_read_boolean(&quiet, node, "", &yes);
}

bool load_mapping(const struct yaml_reader *r, const struct yaml_node *node, const char *what, const char *key,
		  const char *example, value_check *fits)
{
	if (node->kind == YAML_MAPPING)
		return true;
	struct diag *diag = diag_error(r->diags, r->source, node->span, DIAG_WRONG_TYPE,
				       "%s must be a mapping, this is %s", what, yaml_kind_name(node));
	bool usable = node->kind == YAML_SCALAR && !yaml_is_null(node) && is_plain(node->scalar.text) && fits &&
		      fits(r, node);
	diag_hint(r->diags, diag, "write {%s: %s}", key, usable ? diag_value(r->diags, node->scalar.text) : example);
	return false;
}

/* True if the value is a valid rule, whatever its key is. */
static bool is_rule(struct loader *l, const struct yaml_node *value, const struct rule_context *context)
{
	struct diags ignored = {.arena = l->reader.arena};
	return value->kind == YAML_SCALAR && !yaml_is_null(value) &&
	       rule_parse(l->reader.arena, &value->scalar, context, &ignored);
}

/* True if key and value of `all chainlets: ACTIVE` are a rule without the colon. */
static bool is_rule_without_colon(struct loader *l, const struct yaml_node *key, const struct yaml_node *value,
				  const struct rule_context *context)
{
	struct diags ignored = {.arena = l->reader.arena};
	/* In a string, the colon belongs to it. */
	bool has_string = text_has(key->scalar.text, '"') || text_has(key->scalar.text, '\'');
	if (has_string || value->kind != YAML_SCALAR || yaml_is_null(value))
		return false;
	struct excerpt together = key->scalar;
	together.text = text_of(
		arena_printf(l->reader.arena, "%.*s %.*s", TEXT_ARG(key->scalar.text), TEXT_ARG(value->scalar.text)));
	return rule_parse(l->reader.arena, &together, context, &ignored);
}

static bool has_space(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] == ' ')
			return true;
	return false;
}

bool refuse_named_rule(struct loader *l, const struct yaml_node *node, const struct rule_context *context)
{
	if (node->count != 1)
		return false;
	struct diags *diags = l->reader.diags;
	const struct yaml_node *key = node->pairs[0].key, *value = node->pairs[0].value;
	if (!key_is_known(MAPPING_RULE, key->scalar.text) && !key_meant(MAPPING_RULE, key->scalar.text) &&
	    is_rule(l, value, context)) {
		struct diag *diag = diag_error(diags, l->reader.source, node->span, DIAG_WRONG_TYPE,
					       "a rule's name cannot be written as its key");
		if (is_plain(key->scalar.text) && is_plain(value->scalar.text))
			diag_hint(diags, diag, "write {name: %s, assert: %s}", diag_value(diags, key->scalar.text),
				  diag_value(diags, value->scalar.text));
		else
			diag_hint(diags, diag, "write name: with the name, and below it assert: with the rule");
		return true;
	}
	if (!has_space(key->scalar.text))
		return false;
	/* YAML's reading of a rule with ": " in it. */
	struct diag *diag = diag_error(diags, l->reader.source, node->span, DIAG_WRONG_TYPE,
				       "YAML reads this as a mapping, because of its ': '");
	if (is_rule_without_colon(l, key, value, context))
		diag_hint(diags, diag, "leave out the colon: %s %s", diag_value(diags, key->scalar.text),
			  diag_value(diags, value->scalar.text));
	else
		diag_hint(diags, diag, "put the whole rule in quotes");
	return true;
}
