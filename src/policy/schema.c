/* schema.c - the JSON Schema of the policy file, generated from the table that the loader reads keys with.
 *
 * A schema can't express everything (that a rule is valid, a name unique, a parameter known): lint checks the rest.
 */
#include "keys.h"

#include "chaingate/buf.h"
#include "chaingate/policy.h"

#define INDENT 2
#define DURATION_PATTERN "^(?=[0-9])([0-9]+h)?([0-9]+m(?!s))?([0-9]+s)?([0-9]+ms)?$"
#define PARAM_PATTERN "^[A-Za-z_][A-Za-z0-9_]*$"

struct writer {
	struct buf *buf;
	size_t depth;
	bool is_first; /* nothing is in the open object or list yet */
};

/* ---- JSON ------------------------------------------------------------------------------------------------------- */

static void add_string(struct buf *buf, const char *text)
{
	buf_add_byte(buf, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_add_byte(buf, '\\');
		buf_add_byte(buf, *text);
	}
	buf_add_byte(buf, '"');
}

/* Begins the next value; `name` is NULL in a list. */
static void begin_value(struct writer *w, const char *name)
{
	if (w->depth) {
		buf_add_string(w->buf, w->is_first ? "\n" : ",\n");
		buf_add_repeated(w->buf, ' ', w->depth * INDENT);
	}
	w->is_first = false;
	if (name) {
		add_string(w->buf, name);
		buf_add_string(w->buf, ": ");
	}
}

static void open(struct writer *w, const char *name, char bracket)
{
	begin_value(w, name);
	buf_add_byte(w->buf, bracket);
	w->depth++;
	w->is_first = true;
}

static void close(struct writer *w, char bracket)
{
	w->depth--;
	buf_add_byte(w->buf, '\n');
	buf_add_repeated(w->buf, ' ', w->depth * INDENT);
	buf_add_byte(w->buf, bracket);
	w->is_first = false;
}

static void put(struct writer *w, const char *name, const char *text)
{
	begin_value(w, name);
	add_string(w->buf, text);
}

/* A value that is JSON already. */
static void put_raw(struct writer *w, const char *name, const char *json)
{
	begin_value(w, name);
	buf_add_string(w->buf, json);
}

static void put_ref(struct writer *w, const char *definition)
{
	begin_value(w, "$ref");
	buf_printf(w->buf, "\"#/$defs/%s\"", definition);
}

/* ---- shapes ----------------------------------------------------------------------------------------------------- */

static const char *const definition_names[MAPPING_COUNT] = {
	[MAPPING_POLICY] = "policy",     [MAPPING_TARGET] = "target", [MAPPING_TARGETS_ITEM] = "targets_item",
	[MAPPING_BASELINE] = "baseline", [MAPPING_WAIT] = "wait",     [MAPPING_TARGET_WAIT] = "target_wait",
	[MAPPING_RULE] = "rule",
};

static void put_choices(struct writer *w, const char *const *choices)
{
	open(w, "enum", '[');
	for (; *choices; choices++)
		put(w, NULL, *choices);
	close(w, ']');
}

static void put_statuses(struct writer *w)
{
	size_t count;
	const char *const *words = status_words(&count);
	put(w, "type", "object");
	open(w, "propertyNames", '{');
	open(w, "enum", '[');
	for (size_t i = 0; i < count; i++)
		put(w, NULL, words[i]);
	close(w, ']');
	close(w, '}');
	open(w, "additionalProperties", '{');
	put_ref(w, "duration");
	close(w, '}');
}

static void put_params(struct writer *w)
{
	put(w, "type", "object");
	open(w, "propertyNames", '{');
	put(w, "pattern", PARAM_PATTERN);
	close(w, '}');
	put_raw(w, "additionalProperties", "{\"type\": [\"string\", \"number\", \"boolean\"]}");
}

static void put_rules(struct writer *w)
{
	put(w, "type", "array");
	put_raw(w, "minItems", "1");
	open(w, "items", '{');
	open(w, "anyOf", '[');
	put_raw(w, NULL, "{\"$ref\": \"#/$defs/rule_text\"}");
	put_raw(w, NULL, "{\"$ref\": \"#/$defs/rule\"}");
	close(w, ']');
	close(w, '}');
}

static void put_shape(struct writer *w, const struct key *key)
{
	switch (key->shape) {
	case SHAPE_VERSION: put_raw(w, "enum", "[1, \"1\"]"); break;
	case SHAPE_NAME: put_ref(w, "name"); break;
	case SHAPE_TEXT: put_raw(w, "type", "[\"string\", \"number\", \"boolean\"]"); break;
	case SHAPE_DURATION:
	case SHAPE_INTERVAL: put_ref(w, "duration"); break;
	case SHAPE_BOOLEAN: put(w, "type", "boolean"); break;
	case SHAPE_YES: put_raw(w, "const", "true"); break;
	case SHAPE_SINCE: put(w, "type", "string"); break;
	case SHAPE_RULE_TEXT: put_ref(w, "rule_text"); break;
	case SHAPE_CHOICE: put_choices(w, key->choices); break;
	case SHAPE_STATUSES: put_statuses(w); break;
	case SHAPE_PARAMS: put_params(w); break;
	case SHAPE_RULES: put_rules(w); break;
	case SHAPE_MAPPING: put_ref(w, definition_names[key->mapping]); break;
	case SHAPE_LIST:
		put(w, "type", "array");
		put_raw(w, "minItems", "1");
		open(w, "items", '{');
		put_ref(w, definition_names[key->mapping]);
		close(w, '}');
		break;
	}
	put(w, "description", key->meaning);
}

/* ---- mappings --------------------------------------------------------------------------------------------------- */

/* Keys that exclude each other, and keys of which one is required. */
static const struct {
	enum mapping mapping;
	const char *a, *b;
} exclusive[] = {
	{MAPPING_POLICY, "target", "targets"},
	{MAPPING_TARGET, "chain", "model"},
	{MAPPING_TARGET, "deployment", "environment"},
	{MAPPING_TARGET, "deployment", "latest"},
	{MAPPING_TARGET, "deployment", "all"},
	{MAPPING_TARGET, "environment", "latest"},
	{MAPPING_TARGET, "environment", "all"},
	{MAPPING_TARGET, "latest", "all"},
	{MAPPING_TARGETS_ITEM, "chain", "model"},
	{MAPPING_TARGETS_ITEM, "deployment", "environment"},
	{MAPPING_TARGETS_ITEM, "deployment", "latest"},
	{MAPPING_TARGETS_ITEM, "deployment", "all"},
	{MAPPING_TARGETS_ITEM, "environment", "latest"},
	{MAPPING_TARGETS_ITEM, "environment", "all"},
	{MAPPING_TARGETS_ITEM, "latest", "all"},
	{MAPPING_BASELINE, "chain", "model"},
	{MAPPING_BASELINE, "deployment", "environment"},
	{MAPPING_BASELINE, "deployment", "latest"},
	{MAPPING_BASELINE, "environment", "latest"},
	{MAPPING_TARGET, "role", "deployment"},
	{MAPPING_TARGET, "role", "latest"},
	{MAPPING_TARGET, "role", "all"},
	{MAPPING_TARGET, "expect_deployment", "deployment"},
	{MAPPING_TARGET, "expect_deployment", "latest"},
	{MAPPING_TARGET, "expect_deployment", "all"},
	{MAPPING_TARGETS_ITEM, "role", "deployment"},
	{MAPPING_TARGETS_ITEM, "role", "latest"},
	{MAPPING_TARGETS_ITEM, "role", "all"},
	{MAPPING_TARGETS_ITEM, "expect_deployment", "deployment"},
	{MAPPING_TARGETS_ITEM, "expect_deployment", "latest"},
	{MAPPING_TARGETS_ITEM, "expect_deployment", "all"},
	{MAPPING_BASELINE, "role", "deployment"},
	{MAPPING_BASELINE, "role", "latest"},
	{MAPPING_RULE, "assert", "never"},
	{MAPPING_RULE, "never", "within"},
	{MAPPING_RULE, "never", "hold"},
	{MAPPING_RULE, "assert", "during"},
};

static const struct {
	enum mapping mapping;
	const char *one_of[3];
} needed[] = {
	{MAPPING_POLICY, {"rules", "targets", NULL}},
	{MAPPING_BASELINE, {"deployment", "environment", "latest"}},
	{MAPPING_RULE, {"assert", "never", NULL}},
};

static void put_constraints(struct writer *w, enum mapping mapping)
{
	open(w, "allOf", '[');
	for (size_t i = 0; i < sizeof(exclusive) / sizeof(exclusive[0]); i++) {
		if (exclusive[i].mapping != mapping)
			continue;
		begin_value(w, NULL);
		buf_printf(w->buf, "{\"not\": {\"required\": [\"%s\", \"%s\"]}}", exclusive[i].a, exclusive[i].b);
	}
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		if (needed[i].mapping != mapping)
			continue;
		begin_value(w, NULL);
		buf_add_string(w->buf, "{\"anyOf\": [");
		for (size_t j = 0; j < 3 && needed[i].one_of[j]; j++)
			buf_printf(w->buf, "%s{\"required\": [\"%s\"]}", j ? ", " : "", needed[i].one_of[j]);
		buf_add_string(w->buf, "]}");
	}
	close(w, ']');
}

static bool is_constrained(enum mapping mapping)
{
	for (size_t i = 0; i < sizeof(exclusive) / sizeof(exclusive[0]); i++)
		if (exclusive[i].mapping == mapping)
			return true;
	return false;
}

static void put_mapping(struct writer *w, enum mapping mapping)
{
	const struct key *keys = keys_of(mapping);
	bool any = false;
	put(w, "type", "object");
	put_raw(w, "additionalProperties", "false");
	open(w, "properties", '{');
	for (const struct key *key = keys; key->name; key++) {
		open(w, key->name, '{');
		put_shape(w, key);
		close(w, '}');
		any |= key->required;
	}
	close(w, '}');
	if (any) {
		open(w, "required", '[');
		for (const struct key *key = keys; key->name; key++)
			if (key->required)
				put(w, NULL, key->name);
		close(w, ']');
	}
	if (is_constrained(mapping))
		put_constraints(w, mapping);
}

static void put_definitions(struct writer *w)
{
	open(w, "$defs", '{');
	open(w, "duration", '{');
	put(w, "type", "string");
	put(w, "pattern", DURATION_PATTERN);
	put(w, "description", "whole numbers with h, m, s or ms, in this order: 90s, 5m, 1h30m, 500ms");
	close(w, '}');
	open(w, "name", '{');
	put_raw(w, "type", "[\"string\", \"number\", \"boolean\"]");
	put_raw(w, "minLength", "1");
	close(w, '}');
	open(w, "rule_text", '{');
	put_raw(w, "type", "[\"string\", \"boolean\"]");
	put_raw(w, "minLength", "1");
	put(w, "description", "a rule of the language, such as: all chainlets ACTIVE");
	close(w, '}');
	for (int mapping = MAPPING_POLICY + 1; mapping < MAPPING_COUNT; mapping++) {
		open(w, definition_names[mapping], '{');
		put_mapping(w, (enum mapping)mapping);
		close(w, '}');
	}
	close(w, '}');
}

void policy_schema(struct buf *out)
{
	struct writer w = {.buf = out};
	open(&w, NULL, '{');
	put(&w, "$schema", "https://json-schema.org/draft/2020-12/schema");
	put(&w, "$id", "urn:chaingate:policy:1");
	put(&w, "title", "chaingate policy");
	put_mapping(&w, MAPPING_POLICY);
	put_definitions(&w);
	close(&w, '}');
	buf_add_byte(out, '\n');
}
