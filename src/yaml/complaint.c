/* complaint.c - libyaml's errors in words for people.
 *
 * libyaml says what its parser didn't find. The author of the file needs to know what to change: a tab, a colon
 * without a space after it, a quote that isn't closed. The frequent mistakes are recognised here from the text
 * around the place. The others have a row in a table. An error without a row is shown in libyaml's words.
 */
#include "complaint.h"

#include <string.h>

struct complaint {
	struct diags *diags;
	const struct source *source;
	const char *problem, *context; /* libyaml's words, never NULL */
	size_t at;                     /* the problem's place */
	size_t began;                  /* where the construct began that libyaml couldn't finish; otherwise the
					* problem's place */
};

/* Our words for libyaml's. `began` is a note for the place where the construct began; NULL: no note. */
struct wording {
	const char *problem, *context; /* a context of NULL matches any */
	const char *message, *hint, *began;
};

#define SAME_COLUMN_KEYS "the keys of one mapping must begin in the same column: check the indentation"
#define SAME_COLUMN_ITEMS "the items of one list must begin in the same column: check the indentation"
#define QUOTE_IT "if this is meant as a text, put it in quotes"
#define DIRECTIVE "remove the line that begins with '%'"
#define NO_TAGS "a text that begins with '!' must be in quotes"
#define BLOCK_HEADER "a text that begins with '|' or '>' must be in quotes; a block of text begins on the next line"

static const struct wording wordings[] = {
	{"did not find expected key", NULL, "expected a key here", SAME_COLUMN_KEYS, "the mapping begins here"},
	{"did not find expected '-' indicator", NULL, "expected '- ' and a list's next item here", SAME_COLUMN_ITEMS,
	 "the list begins here"},
	{"did not find expected ',' or ']'", NULL, "expected ',' or ']' here", QUOTE_IT, "the list begins here"},
	{"did not find expected ',' or '}'", NULL, "expected ',' or '}' here", QUOTE_IT, "the mapping begins here"},
	{"did not find expected node content", NULL, "expected a value here", QUOTE_IT, NULL},
	{"block sequence entries are not allowed in this context", NULL, "a list cannot begin on this line",
	 "begin the list on the next line; a text that begins with '- ' must be in quotes", NULL},
	{"mapping keys are not allowed in this context", NULL, "a '? ' is not allowed here", QUOTE_IT, NULL},
	{"could not find expected ':'", NULL, "expected ': ' after this key",
	 "a text that continues from the line above must be indented further than its key", NULL},
	{"found unknown escape character", NULL, "not an escape that YAML knows",
	 "within single quotes a backslash has no special meaning", NULL},
	{"did not find expected hexdecimal number", NULL, "the escape lacks hexadecimal digits",
	 "\\x takes 2 of them, \\u 4 and \\U 8", NULL},
	{"found invalid Unicode character escape code", NULL, "the escape is not a character", NULL, NULL},
	{"did not find expected alphabetic or numeric character", "while scanning an alias",
	 "an alias cannot have this name", "a text that begins with '*' must be in quotes", NULL},
	{"did not find expected alphabetic or numeric character", "while scanning an anchor",
	 "an anchor cannot have this name", "a text that begins with '&' must be in quotes", NULL},
	{"did not find expected comment or line break", "while scanning a block scalar",
	 "nothing can follow '|' or '>' on its line", BLOCK_HEADER, NULL},
	{"found an indentation indicator equal to 0", NULL, "a block of text cannot be indented by 0",
	 "leave the number out", NULL},
	{"found unknown directive name", NULL, "not a directive that YAML knows", DIRECTIVE, NULL},
	{"found incompatible YAML document", NULL, "a version of YAML that is not supported", DIRECTIVE, NULL},
};

/* --- places --- */

static struct span character_at(const struct complaint *c, size_t at)
{
	struct text text = c->source->text;
	uint32_t point;
	if (at >= text.length || text.bytes[at] == '\n' || text.bytes[at] == '\r')
		return (struct span){at, at};
	return (struct span){at, at + utf8_decode(text.bytes + at, text.length - at, &point)};
}

static char byte_at(const struct complaint *c, size_t at)
{
	return at < c->source->text.length ? c->source->text.bytes[at] : '\0';
}

static size_t line_start(const struct complaint *c, size_t at)
{
	const char *bytes = c->source->text.bytes;
	while (at > 0 && bytes[at - 1] != '\n' && bytes[at - 1] != '\r')
		at--;
	return at;
}

/* The offset of the last byte before `at` that isn't white space; `at` itself if there is none. */
static size_t last_before(const struct complaint *c, size_t at)
{
	for (size_t i = at; i-- > 0;)
		if (!memchr(" \t\r\n", c->source->text.bytes[i], 4))
			return i;
	return at;
}

static bool is_key_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       byte == '_' || byte == '-';
}

/* The offset of the colon if the line of `at` begins with "key:value"; SIZE_MAX if it doesn't. */
static size_t find_tight_colon(const struct complaint *c, size_t at)
{
	size_t start = line_start(c, at);
	while (byte_at(c, start) == ' ' || (byte_at(c, start) == '-' && byte_at(c, start + 1) == ' '))
		start++;
	size_t colon = start;
	while (is_key_byte(byte_at(c, colon)))
		colon++;
	char next = byte_at(c, colon + 1);
	bool tight = colon > start && byte_at(c, colon) == ':' && !memchr(" \t\r\n/", next, 6);
	return tight ? colon : SIZE_MAX;
}

/* --- common mistakes --- */

static struct diag *complain(const struct complaint *c, struct span span, const char *message)
{
	return diag_error(c->diags, c->source, span, DIAG_INVALID_YAML, "%s", message);
}

static bool complain_of_tab(const struct complaint *c)
{
	if (byte_at(c, c->at) != '\t')
		return false;
	struct diag *diag = complain(c, character_at(c, c->at), "a tab cannot be used for indentation");
	diag_hint(c->diags, diag, "indent with spaces");
	return true;
}

static bool complain_of_first_character(const struct complaint *c)
{
	if (strcmp(c->problem, "found character that cannot start any token") != 0)
		return false;
	struct diag *diag = diag_error(c->diags, c->source, character_at(c, c->at), DIAG_INVALID_YAML,
				       "a value cannot begin with '%c'", byte_at(c, c->at));
	diag_hint(c->diags, diag, "put the value in quotes");
	return true;
}

static bool complain_of_open_quote(const struct complaint *c)
{
	if (strcmp(c->context, "while scanning a quoted scalar") != 0)
		return false;
	char quote = byte_at(c, c->began);
	struct diag *diag = complain(c, character_at(c, c->began), "the quote that opens here is never closed");
	if (quote == '\'')
		diag_hint(c->diags, diag, "close it with '; within single quotes a quote is written twice: ''");
	else
		diag_hint(c->diags, diag, "close it with \"; within double quotes a quote is written \\\"");
	return true;
}

/* Text after a closing quote on the same line: either only a part was quoted, or a quote above is not closed. */
static bool complain_of_text_behind_quote(const struct complaint *c)
{
	if (strcmp(c->problem, "did not find expected key") != 0 &&
	    strcmp(c->problem, "did not find expected '-' indicator") != 0)
		return false;
	size_t before = last_before(c, c->at);
	char quote = byte_at(c, before);
	if (before == c->at || line_start(c, before) != line_start(c, c->at) || (quote != '"' && quote != '\''))
		return false;
	struct diag *diag = complain(c, character_at(c, c->at), "a text cannot continue after its closing quote");
	diag_hint(c->diags, diag, "put the whole text in quotes, and see that no quote above is left open");
	return true;
}

/* "- " in a place where no list is open, or a closing bracket without an opening one. */
static bool complain_of_item_or_bracket(const struct complaint *c)
{
	if (strcmp(c->problem, "did not find expected key") != 0)
		return false;
	char here = byte_at(c, c->at);
	if (here == '-') {
		struct diag *diag = complain(c, character_at(c, c->at), "a list's item cannot begin in this column");
		diag_hint(c->diags, diag, "%s", SAME_COLUMN_ITEMS);
		return true;
	}
	if (here != ']' && here != '}')
		return false;
	diag_error(c->diags, c->source, character_at(c, c->at), DIAG_INVALID_YAML, "'%c' closes nothing", here);
	return true;
}

static bool complain_of_missing_space(const struct complaint *c, size_t at)
{
	size_t colon = find_tight_colon(c, at);
	if (colon == SIZE_MAX)
		return false;
	struct diag *diag = complain(c, (struct span){colon, colon + 1}, "a space is missing after this colon");
	diag_hint(c->diags, diag, "write 'key: value'; only a text in quotes may have its colon anywhere");
	return true;
}

/* A ": " whose left side can't be a key. */
static bool complain_of_colon(const struct complaint *c)
{
	if (strcmp(c->problem, "could not find expected ':'") == 0)
		return complain_of_missing_space(c, c->began);
	if (strcmp(c->problem, "mapping values are not allowed in this context") != 0)
		return false;
	size_t start = line_start(c, c->at);
	struct text before = text_slice(c->source->text, start, c->at);
	bool within_value = false;
	for (size_t i = 0; i + 1 < before.length; i++)
		within_value = within_value || (before.bytes[i] == ':' && before.bytes[i + 1] == ' ');
	struct span colon = {c->at, c->at + 1};
	if (within_value) {
		struct diag *diag = complain(c, colon, "': ' is not allowed in a text without quotes");
		diag_hint(c->diags, diag, "put the whole text in quotes; a rule that contains ': ' must be quoted");
		return true;
	}
	if (complain_of_missing_space(c, last_before(c, start)))
		return true;
	struct diag *diag = complain(c, colon, "a key is not allowed here, because the text above continues");
	diag_hint(c->diags, diag,
		  "indent the line like the other keys of its mapping, or put the text above in quotes");
	return true;
}

static bool complain_of_tag(const struct complaint *c)
{
	if (strcmp(c->problem, "found undefined tag handle") != 0 && strcmp(c->context, "while scanning a tag") != 0 &&
	    strcmp(c->context, "while parsing a tag") != 0)
		return false;
	struct diag *diag = diag_error(c->diags, c->source, character_at(c, c->began), DIAG_UNSUPPORTED_YAML,
				       "tags are not supported");
	diag_hint(c->diags, diag, "%s", NO_TAGS);
	return true;
}

static bool complain_of_document(const struct complaint *c)
{
	if (strcmp(c->problem, "did not find expected <document start>") != 0)
		return false;
	struct diag *diag = diag_error(c->diags, c->source, character_at(c, c->at), DIAG_UNSUPPORTED_YAML,
				       "a file with more than one document is not supported");
	diag_hint(c->diags, diag, "remove the line '...', or put what follows it into a file of its own");
	return true;
}

static void complain_by_table(const struct complaint *c)
{
	for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
		const struct wording *wording = &wordings[i];
		if (strcmp(wording->problem, c->problem) != 0 ||
		    (wording->context && strcmp(wording->context, c->context) != 0))
			continue;
		bool at_key = strcmp(c->problem, "could not find expected ':'") == 0;
		struct diag *diag = complain(c, character_at(c, at_key ? c->began : c->at), wording->message);
		if (wording->hint)
			diag_hint(c->diags, diag, "%s", wording->hint);
		if (wording->began && c->began != c->at)
			diag_also(c->diags, diag, c->source, character_at(c, c->began), "%s", wording->began);
		return;
	}
	if (*c->context)
		diag_error(c->diags, c->source, character_at(c, c->at), DIAG_INVALID_YAML, "%s %s", c->context,
			   c->problem);
	else
		complain(c, character_at(c, c->at), c->problem);
}

void complaint_of_parser(struct diags *diags, const struct source *source, struct marks *marks,
			 const yaml_parser_t *parser)
{
	if (parser->error == YAML_MEMORY_ERROR)
		memory_exhausted();
	struct complaint c = {
		.diags = diags,
		.source = source,
		.problem = parser->problem ? parser->problem : "not YAML",
		.context = parser->context ? parser->context : "",
	};
	/* the reader's places are in bytes, all others are marks */
	if (parser->error == YAML_READER_ERROR)
		c.at = c.began = parser->problem_offset + marks->skipped;
	else
		c.at = c.began = marks_offset(marks, parser->problem_mark.index);
	if (*c.context)
		c.began = marks_offset(marks, parser->context_mark.index);
	if (!complain_of_open_quote(&c) && !complain_of_tab(&c) && !complain_of_first_character(&c) &&
	    !complain_of_text_behind_quote(&c) && !complain_of_item_or_bracket(&c) && !complain_of_colon(&c) &&
	    !complain_of_tag(&c) && !complain_of_document(&c))
		complain_by_table(&c);
}

/* --- before libyaml --- */

/* The characters that YAML allows: those it calls printable. A byte-order mark is allowed only at the beginning;
 * libyaml accepts one at the beginning of any line. */
static bool may_stand_in_yaml(uint32_t point)
{
	if (point < 0x20)
		return point == '\t' || point == '\n' || point == '\r';
	if (point >= 0x7F && point < 0xA0)
		return point == 0x85;
	return point != 0xFEFF && point != 0xFFFE && point != 0xFFFF;
}

static void complain_of_bytes(struct diags *diags, const struct source *source, size_t at)
{
	const char *bytes = source->text.bytes;
	struct diag *diag;
	if (text_starts_with(source->text, "\xFF\xFE") || text_starts_with(source->text, "\xFE\xFF"))
		diag = diag_error(diags, source, (struct span){0, 2}, DIAG_INVALID_YAML, "UTF-16 is not supported");
	else if (bytes[at] == '\0')
		diag = diag_error(diags, source, (struct span){at, at + 1}, DIAG_INVALID_YAML,
				  "YAML does not allow a NUL byte");
	else
		diag = diag_error(diags, source, (struct span){at, at + 1}, DIAG_INVALID_YAML,
				  "the byte 0x%02x is not UTF-8", (unsigned)(unsigned char)bytes[at]);
	diag_hint(diags, diag, "save the file as UTF-8");
}

bool complaint_unless_text(struct diags *diags, const struct source *source, size_t from)
{
	struct text text = source->text;
	uint32_t point = 0;
	for (size_t at = from, length; at < text.length; at += length) {
		length = utf8_decode(text.bytes + at, text.length - at, &point);
		if (length == 0 || point == 0) {
			complain_of_bytes(diags, source, at);
			return false;
		}
		if (!may_stand_in_yaml(point)) {
			struct diag *diag = diag_error(diags, source, (struct span){at, at + length}, DIAG_INVALID_YAML,
						       "YAML does not allow the character U+%04X", (unsigned)point);
			diag_hint(diags, diag, "within double quotes it can be written as \\u%04x", (unsigned)point);
			return false;
		}
	}
	return true;
}
