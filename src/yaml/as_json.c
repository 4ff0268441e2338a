/* as_json.c - see yaml_json.h. */
#include "chaingate/yaml_json.h"

void yaml_add_json_text(struct buf *out, struct text text)
{
	buf_add_byte(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		unsigned char c = (unsigned char)text.bytes[i];
		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c < 0x20)
			buf_printf(out, "\\u%04x", c);
		else
			buf_add_byte(out, (char)c);
	}
	buf_add_byte(out, '"');
}

static bool is_at(struct text text, size_t at, char c)
{
	return at < text.length && text.bytes[at] == c;
}

/* digits = DIGIT { DIGIT }. Returns where they end; `at` itself if there are none. */
static size_t digits_end(struct text text, size_t at)
{
	while (at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9')
		at++;
	return at;
}

/* number = [ "-" ] ( "0" | digits without a leading 0 ) [ "." digits ] [ ( "e" | "E" ) [ "+" | "-" ] digits ] */
static bool is_number(struct text text)
{
	size_t first = is_at(text, 0, '-'), at = digits_end(text, first), begin;
	if (at == first || (is_at(text, first, '0') && at > first + 1))
		return false;
	if (is_at(text, at, '.')) {
		begin = at + 1;
		at = digits_end(text, begin);
		if (at == begin)
			return false;
	}
	if (is_at(text, at, 'e') || is_at(text, at, 'E')) {
		begin = at + 1 + (is_at(text, at + 1, '+') || is_at(text, at + 1, '-'));
		at = digits_end(text, begin);
		if (at == begin)
			return false;
	}
	return at == text.length;
}

static void add_scalar(struct buf *out, const struct yaml_node *node)
{
	struct text text = node->scalar.text;
	if (yaml_is_null(node))
		buf_add_string(out, "null");
	else if (node->style == YAML_PLAIN && (text_is(text, "true") || text_is(text, "false") || is_number(text)))
		buf_add(out, text);
	else
		yaml_add_json_text(out, text);
}

static void add_sequence(struct buf *out, const struct yaml_node *node)
{
	buf_add_byte(out, '[');
	for (size_t i = 0; i < node->count; i++) {
		buf_add_string(out, i ? "," : "");
		yaml_add_json(out, node->items[i]);
	}
	buf_add_byte(out, ']');
}

static void add_mapping(struct buf *out, const struct yaml_node *node)
{
	buf_add_byte(out, '{');
	for (size_t i = 0; i < node->count; i++) {
		buf_add_string(out, i ? "," : "");
		yaml_add_json_text(out, node->pairs[i].key->scalar.text);
		buf_add_byte(out, ':');
		yaml_add_json(out, node->pairs[i].value);
	}
	buf_add_byte(out, '}');
}

/* Recurses at most YAML_DEPTH_MAX deep. */
void yaml_add_json(struct buf *out, const struct yaml_node *node)
{
	switch (node->kind) {
	case YAML_SCALAR: add_scalar(out, node); return;
	case YAML_SEQUENCE: add_sequence(out, node); return;
	case YAML_MAPPING: add_mapping(out, node); return;
	}
}
