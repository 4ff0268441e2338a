/* literal.c - see literal.h. */
#include "chaingate/literal.h"

#include "chaingate/times.h"
#include "ratio.h"

static const char *const type_names[] = {
	[TYPE_BOOLEAN] = "true or false",
	[TYPE_NUMBER] = "a number",
	[TYPE_DURATION] = "a duration",
	[TYPE_TIME] = "a time",
	[TYPE_STRING] = "a string",
	[TYPE_STATUS] = "a status",
	[TYPE_SETTINGS] = "autoscaling_settings as a whole",
};

const char *value_type_name(enum value_type type)
{
	return type_names[type];
}

/* A $ that would be read as the beginning of a parameter's name. */
static bool begins_name(struct text text, size_t at)
{
	char next = at + 1 < text.length ? text.bytes[at + 1] : ' ';
	return text.bytes[at] == '$' &&
	       ((next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_' || next == '{');
}

/* What text_add_printable writes for a hidden character, the rule language reads as that character. */
static void add_quoted(struct buf *buf, struct text text)
{
	size_t from = 0;
	buf_add_byte(buf, '"');
	for (size_t i = 0; i < text.length; i++) {
		bool is_name = begins_name(text, i);
		if (!is_name && text.bytes[i] != '"' && text.bytes[i] != '\\')
			continue;
		text_add_printable(buf, text_slice(text, from, i));
		if (is_name) {
			buf_add_string(buf, "\\u{24}");
		} else {
			buf_add_byte(buf, '\\');
			buf_add_byte(buf, text.bytes[i]);
		}
		from = i + 1;
	}
	text_add_printable(buf, text_slice(text, from, text.length));
	buf_add_byte(buf, '"');
}

static void add_percent(struct buf *buf, struct ratio number)
{
	struct ratio hundred;
	if (!ratio_multiply(number, ratio_of(100), &hundred)) {
		ratio_add_text(buf, number);
		return;
	}
	ratio_add_text(buf, hundred);
	buf_add_byte(buf, '%');
}

void literal_add(struct buf *buf, const struct literal *literal)
{
	switch (literal->type) {
	case TYPE_BOOLEAN: buf_add_string(buf, literal->number.numerator ? "true" : "false"); break;
	case TYPE_NUMBER:
		if (literal->is_percent)
			add_percent(buf, literal->number);
		else
			ratio_add_text(buf, literal->number);
		break;
	case TYPE_DURATION: duration_add(buf, literal->number.numerator); break;
	case TYPE_STRING: add_quoted(buf, literal->text); break;
	case TYPE_STATUS: buf_add_string(buf, status_name(literal->status)); break;
	case TYPE_TIME:
	case TYPE_SETTINGS: break; /* there are no literals of this type */
	}
}
