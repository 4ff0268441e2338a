/* defuse.c - changes texts that a CI system would take for commands.
 *
 * The runners read every line that a step prints. GitHub's takes a line that begins with "::", also after any white
 * space that .NET knows (ActionCommand.TryParseV2), and its older form "##[" anywhere in a line (TryParse, IndexOf).
 * Azure's looks for "##vso[" in the same way, and for "##[". TeamCity's looks for "##teamcity[". So a foreign name,
 * message or path could give them commands in the gate's name.
 */
#include "chaingate/buf.h"
#include "chaingate/text.h"

/* The part of a command's mark after "#", in lower case. */
static const char *const marks[] = {"#[", "#vso[", "#teamcity["};
#define MARK_COUNT (sizeof(marks) / sizeof(marks[0]))

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool follows(struct text text, size_t at, const char *word)
{
	size_t i = 0;
	while (word[i] && at + i < text.length && small(text.bytes[at + i]) == word[i])
		i++;
	return !word[i];
}

static bool is_marked(struct text text, size_t at)
{
	for (size_t i = 0; i < MARK_COUNT; i++)
		if (follows(text, at + 1, marks[i]))
			return true;
	return false;
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
		bool is_command = byte == '#'
					  ? is_marked(text, at)
					  : byte == ':' && is_start && form != FORM_COMMANDS && follows(text, at, "::");
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
