/* rules.c - the rules of a policy: strings or mappings, each checked as a whole. */
#include "loader.h"

#include "chaingate/times.h"

/* Longest rule text, in code points, that can be a rule's name. */
#define NAME_FROM_TEXT_MAX 1000

static struct diag *refuse(struct loader *l, const struct yaml_node *node, enum diag_code code, const char *message)
{
	return diag_error(l->reader.diags, l->reader.source, node->span, code, "%s", message);
}

static size_t code_points(struct text text)
{
	size_t count = 0;
	uint32_t point;
	for (size_t i = 0, size; i < text.length; i += size ? size : 1, count++)
		size = utf8_decode(text.bytes + i, text.length - i, &point);
	return count;
}

static bool read_expression(struct loader *l, const struct yaml_node *node, const struct rule_context *context,
			    const char *what, const struct rule **out)
{
	if (node->kind != YAML_SCALAR || yaml_is_null(node)) {
		bool empty = yaml_is_null(node);
		struct diag *diag = diag_error(
			l->reader.diags, l->reader.source, node->span, empty ? DIAG_SYNTAX : DIAG_WRONG_TYPE,
			empty ? "%s is empty" : "%s must be a string, this is %s", what, yaml_kind_name(node));
		bool is_when = text_is(text_of(what), "'when'");
		diag_hint(l->reader.diags, diag,
			  is_when ? "write a condition, such as count(chainlets) > 1"
			  : empty ? "write what must hold, such as all chainlets ACTIVE"
				  : "write one rule, without a dash or brackets: all chainlets ACTIVE");
		return false;
	}
	*out = rule_parse(l->reader.arena, &node->scalar, context, l->reader.diags);
	return *out != NULL;
}

static bool read_main_expression(struct loader *l, const struct yaml_node *node, const struct rule_context *context,
				 struct policy_rule *out)
{
	if (!read_expression(l, node, context, "the rule", &out->expression))
		return false;
	if (out->kind == RULE_NEVER && !rule_check_never(l->reader.arena, out->expression, l->reader.diags))
		return false;
	out->span = node->span;
	out->line = source_place(l->reader.source, excerpt_span(&node->scalar, 0, 1).start).line;
	if (out->name.length)
		return true;
	if (code_points(node->scalar.text) > NAME_FROM_TEXT_MAX) {
		struct diag *diag =
			refuse(l, node, DIAG_MISSING_KEY, "a rule of more than 1,000 characters needs a name");
		diag_hint(l->reader.diags, diag, "write it as a mapping with name and assert");
		return false;
	}
	out->name = node->scalar.text;
	if (out->kind == RULE_NEVER)
		out->name = text_of(arena_printf(l->reader.arena, "never %.*s", TEXT_ARG(node->scalar.text)));
	return true;
}

/* ---- times ------------------------------------------------------------------------------------------------------ */

static const struct yaml_node *key_node(const struct yaml_node *node, const char *name)
{
	for (size_t i = 0; i < node->count; i++)
		if (text_is(node->pairs[i].key->scalar.text, name))
			return node->pairs[i].key;
	return NULL;
}

static void read_times(struct loader *l, const struct yaml_node *node, struct policy_rule *out)
{
	const struct {
		const char *key;
		int64_t *value;
		bool of_assert, of_never;
	} times[] = {
		{"within", &out->within_ns, true, false},
		{"hold", &out->hold_ns, true, false},
		{"tolerate", &out->tolerate_ns, true, true},
		{"during", &out->during_ns, false, true},
	};
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		const struct yaml_node *value = yaml_get(node, times[i].key);
		if (!value)
			continue;
		yaml_read_duration(&l->reader, value, times[i].key, 0, WAIT_MAX_NS, times[i].value);
		if (out->kind == RULE_NEVER ? times[i].of_never : times[i].of_assert)
			continue;
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, key_node(node, times[i].key)->span,
					       DIAG_CONFLICTING_KEYS, "'%s' does not go with '%s'", times[i].key,
					       out->kind == RULE_NEVER ? "never" : "assert");
		diag_hint(l->reader.diags, diag, "%s",
			  out->kind == RULE_NEVER
				  ? "a never is watched from the first poll on, so it can have tolerate and during"
				  : "an assert is judged once the target is stable, so it can have within, hold and "
				    "tolerate");
	}
}

/* ---- if_empty and if_missing ------------------------------------------------------------------------------------ */

static void read_fallbacks(struct loader *l, const struct yaml_node *node, struct policy_rule *out)
{
	static const enum rule_fallback empty[] = {FALLBACK_UNKNOWN, FALLBACK_PASS, FALLBACK_FAIL};
	static const enum rule_fallback missing[] = {FALLBACK_UNKNOWN, FALLBACK_SKIP, FALLBACK_FAIL};
	const struct yaml_node *value;
	size_t choice;
	if ((value = yaml_get(node, "if_empty")) &&
	    yaml_read_choice(&l->reader, value, "if_empty", if_empty_choices, &choice))
		out->if_empty = empty[choice];
	if ((value = yaml_get(node, "if_missing")) &&
	    yaml_read_choice(&l->reader, value, "if_missing", if_missing_choices, &choice))
		out->if_missing = missing[choice];
	if (!out->expression)
		return;
	if (out->if_empty != FALLBACK_DEFAULT && !rule_is_quantified(out->expression)) {
		struct diag *diag = refuse(l, key_node(node, "if_empty"), DIAG_CONFLICTING_KEYS,
					   "'if_empty' does not go with a rule about the target as a whole");
		diag_hint(l->reader.diags, diag,
			  "only a rule that ranges over chainlets or deployments can have an empty selection");
	}
	if (out->if_missing != FALLBACK_DEFAULT && !rule_uses_baseline(out->expression)) {
		struct diag *diag = refuse(l, key_node(node, "if_missing"), DIAG_CONFLICTING_KEYS,
					   "'if_missing' does not go with a rule that names no field of the baseline");
		diag_hint(l->reader.diags, diag, "leave it out, or compare with baseline.…");
	}
}

/* ---- rules ------------------------------------------------------------------------------------------------------ */

/* A build takes at least 3 minutes: a shorter `tolerate` doesn't tolerate it. */
#define ROLLOUT_LEAST_NS (3 * NS_PER_MINUTE)

/* Warns of a `never` that every rollout violates. New deployments are SCALED_TO_ZERO for up to 51 seconds while they
 * start. */
static void warn_of_impatience(struct loader *l, const struct policy_rule *rule)
{
	if (rule->kind != RULE_NEVER)
		return;
	const char *message = NULL, *hint = NULL;
	enum rollout rollout = rule_on_rollout(rule->expression, rule->when, l->beside_others);
	if (rollout == ROLLOUT_AT_END) {
		message = "this is true for every good deployment: as a never, it would always fail";
		hint = "write never for what must not happen (never: any chainlet UNHEALTHY), and assert for what must";
	} else if (rollout == ROLLOUT_ON_THE_WAY && rule->tolerate_ns < ROLLOUT_LEAST_NS) {
		message = "this is true of every new deployment while it is built: this would fail them";
		hint = "a never is watched from the first poll on; write an assert, which is judged once all is stable";
	} else if (!rule->tolerate_ns && rule_names_status(rule->expression, STATUS_SCALED_TO_ZERO)) {
		message = "new deployments are SCALED_TO_ZERO for some seconds on their way up: this would fail them";
		hint = "add tolerate: 90s";
	}
	if (!message)
		return;
	struct diag *diag =
		diag_warning(l->reader.diags, rule->source, rule->span, DIAG_IMPATIENT_NEVER, "%s", message);
	diag_hint(l->reader.diags, diag, "%s", hint);
}

/* Warns of an assert that can't vary, or that no good deployment passes: it, and its `when`, is only judged once the
 * target is stable. */
static void warn_of_rest(struct loader *l, const struct policy_rule *rule)
{
	struct diags *diags = l->reader.diags;
	if (rule->kind != RULE_ASSERT)
		return;
	size_t warnings = diags->warnings;
	rule_suspect_at_rest(l->reader.arena, rule->expression, l->rest, diags);
	if (diags->warnings == warnings && !rule->when && rule_fails_every_end(rule->expression)) {
		struct diag *diag =
			diag_warning(diags, l->reader.source, rule->span, DIAG_CONSTANT_RULE,
				     "this is false for every good deployment: as an assert, it always fails");
		diag_hint(diags, diag,
			  "write assert for what must hold, and never for what must not happen: never: any chainlet "
			  "UNHEALTHY");
	}
	if (rule->when)
		rule_suspect_at_rest(l->reader.arena, rule->when, l->rest, diags);
}

/* True if a key was refused that probably means assert or never. */
static bool means_expression(const struct yaml_node *node)
{
	for (size_t i = 0; i < node->count; i++) {
		const char *meant = key_meant(MAPPING_RULE, node->pairs[i].key->scalar.text);
		if (meant && (text_is(text_of(meant), "assert") || text_is(text_of(meant), "never")))
			return true;
	}
	return false;
}

static const struct yaml_node *read_kind(struct loader *l, const struct yaml_node *node, struct policy_rule *out)
{
	const struct yaml_node *assert = yaml_get(node, "assert"), *never = yaml_get(node, "never");
	out->kind = never ? RULE_NEVER : RULE_ASSERT;
	if (assert && never) {
		struct diag *diag = refuse(l, key_node(node, "never"), DIAG_CONFLICTING_KEYS,
					   "'assert' and 'never' exclude each other");
		diag_also(l->reader.diags, diag, l->reader.source, key_node(node, "assert")->span, "the other is here");
		diag_hint(l->reader.diags, diag, "make two rules of it");
	} else if (!assert && !never && !means_expression(node)) {
		struct diag *diag = refuse(l, node, DIAG_MISSING_KEY, "the rule has neither 'assert' nor 'never'");
		diag_hint(l->reader.diags, diag, "say what must hold: assert: all chainlets ACTIVE");
	}
	return never ? never : assert;
}

static bool read_mapping(struct loader *l, const struct yaml_node *node, const struct rule_context *context,
			 struct policy_rule *out)
{
	const struct yaml_node *value;
	size_t severity, errors = l->reader.diags->errors;
	if (refuse_named_rule(l, node, context))
		return false;
	keys_check(MAPPING_RULE, node, l->reader.source, l->reader.diags);
	if ((value = yaml_get(node, "name")))
		yaml_read_name(&l->reader, value, "name", &out->name);
	if ((value = yaml_get(node, "message")))
		yaml_read_text(&l->reader, value, "message", &out->message);
	if ((value = yaml_get(node, "severity")) &&
	    yaml_read_choice(&l->reader, value, "severity", severity_choices, &severity))
		out->severity = (enum rule_severity)severity;
	const struct yaml_node *expression = read_kind(l, node, out);
	read_times(l, node, out);
	bool read = expression && read_main_expression(l, expression, context, out);
	if ((value = yaml_get(node, "when")))
		read &= read_expression(l, value, context, "'when'", &out->when);
	if (read) {
		warn_of_impatience(l, out);
		if (out->when)
			rule_suspect_when(l->reader.arena, out->expression, out->kind == RULE_NEVER, out->when,
					  l->reader.diags);
	}
	read_fallbacks(l, node, out);
	/* What a refused parameter makes of a rule is no further mistake. */
	return read && l->reader.diags->errors == errors;
}

void load_rules(struct loader *l, const struct yaml_node *node, const struct rule_context *context,
		struct rule_list *list)
{
	if (node->kind != YAML_SEQUENCE) {
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_WRONG_TYPE,
					       "'rules' must be a list, this is %s", yaml_kind_name(node));
		diag_hint(l->reader.diags, diag,
			  node->kind == YAML_MAPPING
				  ? "begin each rule with a dash, and write its name as a key: - {name: ready, assert: "
				    "all chainlets ACTIVE}"
				  : "begin each rule with a dash: - all chainlets ACTIVE");
		list->incomplete = true;
		return;
	}
	if (node->count == 0) {
		struct diag *diag = refuse(l, node, DIAG_EMPTY_RULES, "'rules' is empty: nothing could fail");
		diag_hint(l->reader.diags, diag, "write what must hold: - all chainlets ACTIVE");
		list->incomplete = true;
	}
	for (size_t i = 0; i < node->count; i++) {
		struct policy_rule rule = {.source = l->reader.source};
		const struct yaml_node *item = node->items[i];
		bool read = item->kind == YAML_MAPPING ? read_mapping(l, item, context, &rule)
						       : read_main_expression(l, item, context, &rule);
		list->incomplete |= !read;
		if (!read)
			continue;
		warn_of_rest(l, &rule);
		list->items =
			arena_grow(l->reader.arena, list->items, list->count, &list->capacity, sizeof(*list->items));
		list->items[list->count++] = rule;
	}
}

static void check_name(struct loader *l, const struct rule_list *list, size_t index)
{
	const struct policy_rule *rule = &list->items[index];
	for (size_t j = 0; j < index; j++) {
		if (!text_equal(rule->name, list->items[j].name))
			continue;
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, rule->span, DIAG_DUPLICATE_NAME,
					       "two rules are called '%s'", diag_value(l->reader.diags, rule->name));
		diag_also(l->reader.diags, diag, l->reader.source, list->items[j].span, "the first is here");
		diag_hint(l->reader.diags, diag, "give one of them another name");
		return;
	}
}

void check_rules(struct loader *l, const struct rule_list *list, struct span place)
{
	bool decides = list->incomplete;
	for (size_t i = 0; i < list->count; i++) {
		check_name(l, list, i);
		decides |= list->items[i].severity == SEVERITY_ERROR;
	}
	if (decides)
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, place, DIAG_NO_ERROR_RULE,
				       "every rule is a warning: nothing could fail");
	diag_hint(l->reader.diags, diag, "leave out the severity of at least one");
}
