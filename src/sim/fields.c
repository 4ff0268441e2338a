/* fields.c - reads the mappings and scalars of a scenario. */
#include "fields.h"

#include "chaingate/times.h"

static void unknown_key(struct fields_reader *reader, const struct yaml_node *key, const char *what,
			const struct field *fields, size_t count)
{
	struct text name = key->scalar.text;
	struct diag *diag = diag_error(reader->diags, reader->source, key->span, DIAG_UNKNOWN_FIELD,
				       "%s has no key '%s'", what, diag_value(reader->diags, name));
	const char **names = ARENA_ARRAY(reader->arena, const char *, count);
	struct buf all = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < count; i++) {
		names[i] = fields[i].name;
		buf_printf(&all, "%s%s", i ? ", " : "", fields[i].name);
	}
	const char *near = text_nearest(name, names, count);
	if (near)
		diag_hint(reader->diags, diag, "A key has a similar name: %s.", near);
	else
		diag_hint(reader->diags, diag, "The keys are %s.", buf_string(&all));
	buf_release(&all);
}

static struct field *field_named(struct field *fields, size_t count, struct text name)
{
	for (size_t i = 0; i < count; i++)
		if (text_is(name, fields[i].name))
			return &fields[i];
	return NULL;
}

static void wrong_type(struct fields_reader *reader, const struct yaml_node *node, const char *what, const char *wanted)
{
	diag_error(reader->diags, reader->source, node->span, DIAG_WRONG_TYPE, "%s must be %s, but this is %s", what,
		   wanted, yaml_kind_name(node));
}

bool fields_take(struct fields_reader *reader, const struct yaml_node *node, const char *what, struct field *fields,
		 size_t count)
{
	if (node->kind != YAML_MAPPING) {
		wrong_type(reader, node, what, "a mapping");
		return false;
	}
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		struct field *field = field_named(fields, count, pair->key->scalar.text);
		if (field)
			field->node = pair->value;
		else
			unknown_key(reader, pair->key, what, fields, count);
	}
	bool whole = true;
	for (size_t i = 0; i < count; i++) {
		if (!fields[i].required || fields[i].node)
			continue;
		diag_error(reader->diags, reader->source, node->span, DIAG_MISSING_KEY, "%s needs the key '%s'", what,
			   fields[i].name);
		whole = false;
	}
	return whole;
}

bool field_list(struct fields_reader *reader, const struct yaml_node *node, const char *what,
		const struct yaml_node *const **items, size_t *count)
{
	if (node && node->kind != YAML_SEQUENCE && !yaml_is_null(node)) {
		wrong_type(reader, node, what, "a list");
		return false;
	}
	bool empty = !node || node->kind != YAML_SEQUENCE;
	*items = empty ? NULL : node->items;
	*count = empty ? 0 : node->count;
	return true;
}

bool field_text(struct fields_reader *reader, const struct yaml_node *node, const char *what, struct text *out)
{
	if (node->kind != YAML_SCALAR || yaml_is_null(node)) {
		wrong_type(reader, node, what, "a text");
		return false;
	}
	if (!node->scalar.text.length) {
		diag_error(reader->diags, reader->source, node->span, DIAG_INVALID_VALUE, "%s must not be empty", what);
		return false;
	}
	*out = node->scalar.text;
	return true;
}

bool field_verbatim(struct fields_reader *reader, const struct yaml_node *node, const char *what, struct text *out)
{
	if (node->kind != YAML_SCALAR) {
		wrong_type(reader, node, what, "a text");
		return false;
	}
	*out = node->scalar.text;
	return true;
}

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* number = [ "-" ] digits [ "." 1 to `places` digits ], as an integer of 10^-places. False if
 * it isn't one, or doesn't fit. */
static bool scan_number(struct text text, int places, int64_t *out)
{
	size_t at = 0;
	bool negative = text.length && text.bytes[0] == '-';
	at += negative;
	size_t first = at;
	int64_t value = 0;
	bool point = false;
	int behind = 0;
	for (; at < text.length; at++) {
		char byte = text.bytes[at];
		if (byte == '.' && !point && places && at > first) {
			point = true;
			continue;
		}
		if (!is_digit(byte) || behind == places + !point)
			return false;
		if (value > (INT64_MAX - (byte - '0')) / 10)
			return false;
		value = value * 10 + (byte - '0');
		behind += point;
	}
	if (at == first || (point && !behind))
		return false;
	for (; behind < places; behind++) {
		if (value > INT64_MAX / 10)
			return false;
		value *= 10;
	}
	*out = negative ? -value : value;
	return true;
}

static bool not_a_number(struct fields_reader *reader, const struct yaml_node *node, const char *what,
			 const char *wanted)
{
	diag_error(reader->diags, reader->source, node->span, DIAG_INVALID_VALUE, "%s must be %s, not '%s'", what,
		   wanted, diag_value(reader->diags, node->scalar.text));
	return false;
}

bool field_integer(struct fields_reader *reader, const struct yaml_node *node, const char *what, int64_t least,
		   int64_t most, int64_t *out)
{
	struct text text;
	int64_t value;
	if (!field_text(reader, node, what, &text))
		return false;
	if (!scan_number(text, 0, &value) || value < least || value > most) {
		const char *wanted = most == INT64_MAX ? arena_printf(reader->arena, "a whole number, %lld or more",
								      (long long)least)
						       : arena_printf(reader->arena, "a whole number from %lld to %lld",
								      (long long)least, (long long)most);
		return not_a_number(reader, node, what, wanted);
	}
	*out = value;
	return true;
}

bool field_thousandths(struct fields_reader *reader, const struct yaml_node *node, const char *what, int64_t least,
		       int64_t most, int64_t *out)
{
	struct text text;
	int64_t value;
	if (!field_text(reader, node, what, &text))
		return false;
	if (!scan_number(text, 3, &value) || value < least || value > most) {
		const char *wanted =
			arena_printf(reader->arena, "a number from %lld.%03lld to %lld with at most three decimals",
				     (long long)(least / 1000), (long long)(least % 1000), (long long)(most / 1000));
		return not_a_number(reader, node, what, wanted);
	}
	*out = value;
	return true;
}

bool field_boolean(struct fields_reader *reader, const struct yaml_node *node, const char *what, bool *out)
{
	struct text text;
	if (!field_text(reader, node, what, &text))
		return false;
	if (!text_is(text, "true") && !text_is(text, "false")) {
		diag_error(reader->diags, reader->source, node->span, DIAG_INVALID_VALUE,
			   "%s must be true or false, not '%s'", what, diag_value(reader->diags, text));
		return false;
	}
	*out = text_is(text, "true");
	return true;
}

bool field_duration(struct fields_reader *reader, const struct yaml_node *node, const char *what, int64_t *out)
{
	struct text text;
	if (!field_text(reader, node, what, &text))
		return false;
	enum duration_fault fault = duration_parse(text, out);
	if (fault == DURATION_OK)
		return true;
	struct diag *diag =
		diag_error(reader->diags, reader->source, node->span, DIAG_INVALID_DURATION, "the %s '%s' %s", what,
			   diag_value(reader->diags, text), duration_fault_text(fault));
	diag_hint(reader->diags, diag, "Write a time as 90s, 1m30s, 2h or 500ms.");
	return false;
}

bool field_word(struct fields_reader *reader, const struct yaml_node *node, const char *what, const char *const *words,
		size_t count, size_t *out)
{
	struct text text;
	if (!field_text(reader, node, what, &text))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!text_is(text, words[i]))
			continue;
		*out = i;
		return true;
	}
	struct diag *diag = diag_error(reader->diags, reader->source, node->span, DIAG_INVALID_VALUE,
				       "no %s is called '%s'", what, diag_value(reader->diags, text));
	const char *near = text_nearest(text, words, count);
	if (near) {
		diag_hint(reader->diags, diag, "A similar word: %s.", near);
		return false;
	}
	struct buf all = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < count; i++)
		buf_printf(&all, "%s%s", i ? ", " : "", words[i]);
	diag_hint(reader->diags, diag, "The words are %s.", buf_string(&all));
	buf_release(&all);
	return false;
}
