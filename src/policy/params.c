/* params.c - parameters: typed by their defaults, overridden by --set. */
#include "loader.h"

static bool is_param_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = name.bytes[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
		if (!letter && !(i && c >= '0' && c <= '9'))
			return false;
	}
	return name.length > 0;
}

/* A string of a rule may not have these either: none could be written that means them. */
static bool check_string(const struct excerpt *value, struct diags *diags)
{
	const char *what = !text_is_utf8(value->text)    ? "the value is not UTF-8"
			   : text_has(value->text, '\0') ? "the value has the character U+0000"
							 : NULL;
	if (!what)
		return true;
	struct diag *diag = diag_error(diags, value->source, excerpt_span(value, 0, value->text.length),
				       DIAG_INVALID_CHARACTER, "%s", what);
	diag_hint(diags, diag, "%s", text_is_utf8(value->text) ? "leave it out" : "write it in UTF-8");
	return false;
}

/* A plain scalar is parsed like a literal in a rule; a quoted one is a string. */
static bool read_default(struct loader *l, const struct yaml_node *node, struct literal *out)
{
	if (node->kind != YAML_SCALAR || yaml_is_null(node)) {
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_WRONG_TYPE,
					       "a parameter must be one value, this is %s", yaml_kind_name(node));
		diag_hint(l->reader.diags, diag,
			  "write a value such as 2, 20%%, 5m, ACTIVE, true, or a text in quotes");
		return false;
	}
	if (node->style == YAML_PLAIN)
		return literal_parse(l->reader.arena, &node->scalar, l->reader.diags, out);
	if (!check_string(&node->scalar, l->reader.diags))
		return false;
	*out = (struct literal){.type = TYPE_STRING, .text = node->scalar.text};
	return true;
}

static void refuse_setting(struct diags *diags, const struct policy_setting *setting, const struct literal *given,
			   const struct literal *wanted)
{
	struct buf value = buf_make(RULE_BYTES_MAX);
	literal_add(&value, wanted);
	struct diag *diag =
		diag_error(diags, setting->value.source, excerpt_span(&setting->value, 0, setting->value.text.length),
			   DIAG_WRONG_TYPE, "the parameter '%s' is %s, this is %s", diag_value(diags, setting->name),
			   value_type_name(wanted->type), value_type_name(given->type));
	diag_hint(diags, diag, "its default in the policy is %s", diag_value(diags, buf_text(&value)));
	buf_release(&value);
}

/* A name has at most one setting: the command line, and a policy test's mapping, refuse a second one. */
static void apply_settings(struct loader *l, struct param *param)
{
	struct literal wanted = param->value;
	for (size_t i = 0; l->request && i < l->request->setting_count; i++) {
		struct policy_setting *setting = &l->request->settings[i];
		struct literal given = {.type = TYPE_STRING, .text = setting->value.text};
		if (!text_equal(setting->name, param->name))
			continue;
		setting->used = true;
		/* A mistake in the value is reported once, however many targets have the parameter. */
		struct diags quiet = {.arena = l->reader.arena};
		struct diags *diags = setting->is_refused ? &quiet : l->reader.diags;
		size_t errors = diags->errors;
		bool is_read = wanted.type == TYPE_STRING
				       ? check_string(&setting->value, diags)
				       : literal_parse(l->reader.arena, &setting->value, diags, &given);
		if (is_read && given.type != wanted.type)
			refuse_setting(diags, setting, &given, &wanted);
		setting->is_refused |= diags->errors > errors;
		if (diags->errors > errors)
			continue;
		param->value = given;
	}
}

void load_params(struct loader *l, const struct yaml_node *node, struct param_list *list)
{
	if (!load_mapping(&l->reader, node, "params", "replicas", "2", NULL))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		struct param param = {.name = pair->key->scalar.text,
				      .span = pair->key->span,
				      .used = ARENA_NEW(l->reader.arena, bool)};
		if (!is_param_name(param.name)) {
			struct diag *diag = diag_error(l->reader.diags, l->reader.source, pair->key->span,
						       DIAG_INVALID_VALUE, "a parameter cannot be called '%s'",
						       diag_value(l->reader.diags, param.name));
			diag_hint(l->reader.diags, diag,
				  "write letters, digits and _, beginning with a letter; rules put $ before it");
			continue;
		}
		param.is_refused = !read_default(l, pair->value, &param.value);
		if (!param.is_refused)
			apply_settings(l, &param);
		size_t at = 0;
		while (at < list->count && !text_equal(list->items[at].name, param.name))
			at++;
		if (at == list->count) {
			list->items = arena_grow(l->reader.arena, list->items, list->count, &list->capacity,
						 sizeof(*list->items));
			list->count++;
		}
		list->items[at] = param;
	}
}
