/* text.h - views of bytes that somebody else owns, and UTF-8.
 *
 * A text is a pointer and a length. It isn't NUL-terminated and may contain any byte, NUL included, because names
 * and words come from an API and from policies. It never owns its bytes: they live in an arena, a source or a
 * literal. If a header says nothing else, a text that a function returns lives as long as the arena, the texts and the
 * objects that the function was given. `{0}` is the empty text.
 *
 * Columns are terminal columns: 0 for combining marks, 2 for wide and fullwidth characters, else 1. The width table
 * is our own (src/base/width.c), because wcwidth depends on the locale, and a report must not.
 */
#ifndef CHAINGATE_TEXT_H
#define CHAINGATE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

struct text {
	const char *bytes;
	size_t length;
};

#define TEXT(literal) ((struct text){(literal), sizeof(literal) - 1})

/* For printf's "%.*s": the length as int and the bytes. */
#define TEXT_ARG(t) (int)(t).length, (t).bytes ? (t).bytes : ""

/* A view of a NUL-terminated string; NULL gives the empty text. */
struct text text_of(const char *string);

/* Where the text ends; NULL for `{0}`, because in C nothing may be added to a null pointer, not even 0. */
const char *text_end(struct text);

/* Bytes [from, to) of a text, both clipped to its length. */
struct text text_slice(struct text, size_t from, size_t to);

/* Comparing, byte by byte; for UTF-8 that is the order of code points. */
bool text_equal(struct text, struct text);
bool text_is(struct text, const char *string);
/* Like text_is, but the letters of ASCII match in either case. */
bool text_is_in_any_case(struct text, const char *string);
char text_lower(char); /* only the letters of ASCII change */
bool text_starts_with(struct text, const char *prefix);
bool text_ends_with(struct text, const char *suffix);
bool text_has(struct text, char byte); /* memchr takes no NULL, which an empty text may have */
int text_compare(struct text, struct text);

/* UTF-8 by RFC 3629: no surrogates, nothing above U+10FFFF, no overlong forms. utf8_decode returns the length of the
 * first character (1 to 4) and the character in *out, or 0 if it isn't valid or `length` is 0. utf8_encode writes 1
 * to 4 bytes and returns their number, or 0 for a point that can't be encoded. */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *out);
size_t utf8_encode(uint32_t point, char out[4]);
bool text_is_utf8(struct text);

/* The number of code points; an invalid byte counts as one. */
size_t text_points(struct text);

/* The number of terminal columns of a code point: 0, 1 or 2. */
int point_columns(uint32_t point);

/* The number of terminal columns of the text after text_add_printable. */
size_t text_columns(struct text);

/* The number of bytes from the start that fit `columns`; whole characters only. */
size_t text_within(struct text, size_t columns);

/* The number of bytes from the start that fit one line: up to the last blank within `columns`, or as text_within if
 * there is no blank. */
size_t text_within_words(struct text, size_t columns);

/* Appends the text, printable. If it is wider than `columns`, appends only its beginning and an ellipsis, together at
 * most that wide. */
void text_add_within(struct buf *, struct text, size_t columns);

/* True for a character that must not reach a terminal or log unchanged: C0 and C1 controls, DEL, line and paragraph
 * separators, bidirectional controls, zero-width and other invisible format characters, tags, non-characters. */
bool point_is_hidden(uint32_t point);

/* Appends the text so that a person sees everything in it and a terminal obeys nothing in it: hidden characters as
 * \n, \t, \u{202e}; bytes that aren't UTF-8 as \x{ff}. Everything else is appended unchanged. */
void text_add_printable(struct buf *, struct text);

/* Where a CI system may look for commands in a text. FORM_LINES: lines of a log. FORM_COMMANDS: lines that are
 * commands themselves, with foreign text inside. FORM_JSON, FORM_XML: a command is broken up by an escape, so that a
 * reader of the document sees the original text. */
enum text_form { FORM_LINES, FORM_COMMANDS, FORM_JSON, FORM_XML };

/* Appends a whole document or whole lines so that no CI system takes a part of them for a command: "::" at the
 * beginning of a line, also after white space; "##[" and "##WORD[" ("##vso[", "##teamcity[" …) anywhere. It is the last
 * step for everything that is printed and for every report. Applying it twice changes nothing more. */
void text_add_defused(struct buf *, struct text, enum text_form);

/* Appends a name in quotes, at most `columns` wide (0: as wide as it is). Printable, with white space escaped that looks
 * like a space, so that two different names never look the same. The quotes are single ones; double ones around a text
 * that has single ones; and where it has both or ends with a backslash, single ones, with a backslash before each single
 * quote and each backslash inside: a text never seems to end before it does. */
void text_add_quoted(struct buf *, struct text, size_t columns);

/* Appends the text. Escapes only white space that looks like a space, as \u{a0}. The result is at most TEXT_ESCAPED_MAX
 * times as long. */
#define TEXT_ESCAPED_MAX 4
void text_add_lookalikes_escaped(struct buf *, struct text);

/* True for white space, Unicode's included, and for a byte order mark. */
bool point_is_white(uint32_t point);

/* The name of white space that a person takes for an ordinary space, though it is another character: "a no-break
 * space". NULL for everything else. */
const char *point_lookalike_name(uint32_t point);

/* The end of a noun that follows its number, "" for 1, else "s": "%zu rule%s". */
const char *text_plural(size_t count);

/* The hash FNV-1a of a text after those hashed before: `hash` is theirs, or TEXT_HASH_BEGIN. The same on every machine
 * and in every version. */
#define TEXT_HASH_BEGIN UINT64_C(14695981039346656037)
uint64_t text_hash(uint64_t hash, struct text);

/* The text without white space at its ends. */
struct text text_trim(struct text);

/* The number of single-character edits (insert, delete, replace, swap of neighbours) between two short ASCII words,
 * ignoring case. SIZE_MAX if either is longer than 64 bytes: words that long aren't mistyped names. */
size_t text_distance(struct text, struct text);

/* The candidate that `word` was probably meant to be: the nearest within a third of its length (at least 1 edit),
 * if several are equally near, the first of those whose beginning is the same for longest; NULL if none is near. */
const char *text_nearest(struct text word, const char *const *candidates, size_t count);

#endif
