/* defuse.c - changes texts that a CI system would take for commands.
 *
 * The runners read every line that a step prints. GitHub's takes a line that begins with "::", also after any white
 * space that .NET knows (ActionCommand.TryParseV2), and its older form "##[" anywhere in a line (TryParse, IndexOf).
 * Azure's looks for "##vso[" in the same way, and for "##[". TeamCity's looks for "##teamcity[", Octopus's for
 * "##octopus[": so any word counts. A foreign name, message or path could give them commands in the gate's name.
 */
#include "chaingate/buf.h"
#include "chaingate/text.h"

static bool is_word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
	       c == '.';
}

/* mark = "##" [ word ] "[" */
static bool is_marked(struct text text, size_t at)
{
	if (++at >= text.length || text.bytes[at] != '#')
		return false;
	for (at++; at < text.length && is_word_byte(text.bytes[at]);)
		at++;
	return at < text.length && text.bytes[at] == '[';
}

/* The length of an escape sequence at `at`: some logs remove them. */
static size_t escape_length(struct text text, size_t at)
{
	if (at + 1 >= text.length || text.bytes[at] != '\x1b' || text.bytes[at + 1] != '[')
		return 0;
	size_t end = at + 2;
	while (end < text.length && text.bytes[end] >= 0x20 && text.bytes[end] < 0x40)
		end++;
	return end < text.length ? end + 1 - at : 0;
}

/* The length of the white-space character or escape sequence at `at`; 0 if there is none. A runner still sees a command
 * after these at the beginning of a line. */
static size_t blank_length(struct text text, size_t at)
{
	uint32_t point;
	size_t size = utf8_decode(text.bytes + at, text.length - at, &point);
	return size > 0 && point_is_white(point) ? size : escape_length(text, at);
}

/* Writes the first byte of a command so that readers see the same text and a runner sees no command. */
static void add_first(struct buf *buf, char first, enum text_form form)
{
	switch (form) {
	case FORM_LINES:
	case FORM_COMMANDS:
		/* A backslash before "::" is enough, because it only counts at the beginning. "##" counts
		 * everywhere, so it is split. */
		buf_add_string(buf, first == '#' ? "#\\" : "\\:");
		break;
	case FORM_JSON: buf_printf(buf, "\\u%04x", (unsigned)first); break;
	case FORM_XML: buf_printf(buf, "&#%u;", (unsigned)first); break;
	}
}

void text_add_defused(struct buf *buf, struct text text, enum text_form form)
{
	size_t kept = 0; /* everything before this is written */
	bool is_start = true;
	for (size_t at = 0; at < text.length;) {
		char byte = text.bytes[at];
		bool is_command = byte == '#' ? is_marked(text, at)
					      : byte == ':' && is_start && form != FORM_COMMANDS &&
							at + 1 < text.length && text.bytes[at + 1] == ':';
		size_t blank = is_start || byte == '\n' || byte == '\r' ? blank_length(text, at) : 0;
		if (is_command) {
			buf_add(buf, text_slice(text, kept, at));
			add_first(buf, byte, form);
			kept = at + 1;
		}
		is_start = blank > 0 && (is_start || byte == '\n' || byte == '\r');
		at += blank > 0 ? blank : 1;
	}
	buf_add(buf, text_slice(text, kept, text.length));
}
