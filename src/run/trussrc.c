/* trussrc.c - the key in truss's own file, so that whoever can push can also gate.
 *
 * Understood of INI is what Python's configparser writes and people type: sections, `key = value` or `key: value`,
 * keys in any case, lines of comment. Values have no continuation: a key is one word.
 */
#include "chaingate/key.h"

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\r';
}

static struct text trim(struct text text)
{
	while (text.length > 0 && is_blank(text.bytes[0]))
		text = text_slice(text, 1, text.length);
	while (text.length > 0 && is_blank(text.bytes[text.length - 1]))
		text.length--;
	return text;
}

/* The line at `*at`, trimmed; moves behind it. False at the end. */
static bool next_line(struct text content, size_t *at, struct text *out)
{
	size_t start = *at, end = *at;
	if (start >= content.length)
		return false;
	while (end < content.length && content.bytes[end] != '\n')
		end++;
	*out = trim(text_slice(content, start, end));
	*at = end + 1;
	return true;
}

/* section = "[" NAME "]" */
static bool is_section(struct text line, struct text *name)
{
	if (line.length < 2 || line.bytes[0] != '[' || line.bytes[line.length - 1] != ']')
		return false;
	*name = text_slice(line, 1, line.length - 1);
	return true;
}

/* option = NAME ( "=" | ":" ) VALUE */
static bool is_option(struct text line, const char *wanted, struct text *value)
{
	size_t end = 0;
	if (line.length > 0 && (line.bytes[0] == '#' || line.bytes[0] == ';'))
		return false;
	while (end < line.length && line.bytes[end] != '=' && line.bytes[end] != ':')
		end++;
	struct text name = trim(text_slice(line, 0, end));
	if (end == line.length || name.length != text_of(wanted).length || text_distance(name, text_of(wanted)) != 0)
		return false;
	*value = trim(text_slice(line, end + 1, line.length));
	return true;
}

const char *trussrc_key(struct text content, struct text *out)
{
	struct text line, section = {0}, value;
	bool has_section = false, has_key = false;
	for (size_t at = 0; next_line(content, &at, &line);) {
		if (is_section(line, &section)) {
			has_section = has_section || text_is(section, "baseten");
		} else if (text_is(section, "baseten") && is_option(line, "api_key", &value)) {
			if (has_key)
				return "has api_key twice in its section [baseten]";
			has_key = true;
			*out = value;
		}
	}
	if (has_key)
		return NULL;
	return has_section ? "has no api_key in its section [baseten]" : "has no section [baseten]";
}
