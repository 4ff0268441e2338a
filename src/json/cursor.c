/* cursor.c - the grammar of RFC 8259, one value at a time. It rejects everything that json-c would read differently.
 *
 * Skipping a value recurses once for each open array or object, so at most JSON_DEPTH_MAX deep.
 */
#include "strict.h"

#include <stdlib.h>
#include <string.h>

/* Initial room for keys. A deployment has about 20, and at most 5 objects are open at once. */
#define KEYS_AT_FIRST 128

/* A number without an exponent is finite if it has at most this many digits: 1e308 is finite. */
#define DIGITS_FINITE 308

/* Any number of this many digits fits an int64_t. */
#define DIGITS_FIT 18

struct json_cursor json_cursor_make(struct text text, struct json_limits limits)
{
	/* In C nothing may be added to a null pointer, not even 0. */
	return (struct json_cursor){.bytes = text.bytes ? text.bytes : "", .length = text.length, .limits = limits};
}

void json_cursor_release(struct json_cursor *c)
{
	free(c->keys);
	*c = (struct json_cursor){0};
}

/* ---- faults ----------------------------------------------------------------------------------------------------- */

static bool fail(struct json_cursor *c, enum json_fault_kind kind, size_t offset)
{
	c->fault = (struct json_fault){kind, offset};
	return false;
}

/* True if the last bytes are the beginning of a character that was cut off. */
static bool ends_in_character(const struct json_cursor *c)
{
	size_t at = c->mark.at, left = c->length - at;
	unsigned char lead = (unsigned char)c->bytes[at];
	size_t needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
	if (lead < 0xC2 || lead > 0xF4 || left >= needed)
		return false;
	for (size_t i = 1; i < left; i++)
		if (((unsigned char)c->bytes[at + i] & 0xC0) != 0x80)
			return false;
	return true;
}

/* Reports that the byte here, or the end of the text, is not allowed here. */
static bool unexpected(struct json_cursor *c)
{
	uint32_t point;
	size_t at = c->mark.at;
	if (at >= c->length)
		return fail(c, c->mark.values == 0 ? JSON_EMPTY : JSON_TRUNCATED, c->mark.values == 0 ? 0 : c->length);
	if (utf8_decode(c->bytes + at, c->length - at, &point) > 0)
		return fail(c, JSON_SYNTAX, at);
	return fail(c, ends_in_character(c) ? JSON_TRUNCATED : JSON_NOT_UTF8, at);
}

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

static bool next_is(const struct json_cursor *c, char byte)
{
	return c->mark.at < c->length && c->bytes[c->mark.at] == byte;
}

static bool accept(struct json_cursor *c, char byte)
{
	if (!next_is(c, byte))
		return false;
	c->mark.at++;
	return true;
}

static bool expect(struct json_cursor *c, char byte)
{
	return accept(c, byte) || unexpected(c);
}

/* In most cases there is no white space, or one space. */
static inline void skip_white(struct json_cursor *c)
{
	size_t at = c->mark.at;
	if (at >= c->length || (unsigned char)c->bytes[at] > ' ')
		return;
	at += c->bytes[at] == ' ';
	if (at < c->length && (unsigned char)c->bytes[at] <= ' ')
		at += run_of_white(c->bytes + at, c->length - at);
	c->mark.at = at;
}

static bool is_digit_at(const struct json_cursor *c, size_t at)
{
	return at < c->length && c->bytes[at] >= '0' && c->bytes[at] <= '9';
}

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

/* digits = 1*digit */
static bool read_digits(struct json_cursor *c, uint64_t *value)
{
	size_t at = c->mark.at;
	if (!is_digit_at(c, at))
		return unexpected(c);
	for (; is_digit_at(c, at); at++)
		*value = *value * 10 + (uint64_t)(c->bytes[at] - '0');
	c->mark.at = at;
	return true;
}

/* fraction = [ "." digits ] [ ( "e" | "E" ) [ "+" | "-" ] digits ] */
static bool read_fraction(struct json_cursor *c, size_t first_digit, bool *fits)
{
	uint64_t ignored = 0;
	*fits = c->mark.at - first_digit <= DIGITS_FINITE;
	if (accept(c, '.') && !read_digits(c, &ignored))
		return false;
	if (accept(c, 'e') || accept(c, 'E')) {
		if (!accept(c, '+'))
			accept(c, '-');
		*fits = false; /* it may not fit: number_fits decides */
		return read_digits(c, &ignored);
	}
	return true;
}

/* number = [ "-" ] ( "0" | digits ) fraction */
static bool read_number(struct json_cursor *c, struct json_value *out)
{
	size_t start = c->mark.at;
	uint64_t value = 0;
	bool is_negative = accept(c, '-'), fits;
	size_t first = c->mark.at;
	if (accept(c, '0')) {
		if (is_digit_at(c, c->mark.at))
			return unexpected(c);
	} else if (!read_digits(c, &value)) {
		return false;
	}
	if (next_is(c, '.') || next_is(c, 'e') || next_is(c, 'E')) {
		out->kind = JSON_KIND_REAL;
		if (!read_fraction(c, first, &fits))
			return false;
	} else {
		out->kind = JSON_KIND_INTEGER;
		fits = c->mark.at - first <= DIGITS_FIT;
	}
	out->raw = (struct text){c->bytes + start, c->mark.at - start};
	if (!fits && !number_fits(out->raw))
		return fail(c, JSON_NUMBER_TOO_LARGE, start);
	out->integer = is_negative ? (int64_t)(0 - value) : (int64_t)value;
	return true;
}

/* literal = "true" | "false" | "null" */
static bool read_literal(struct json_cursor *c, const char *word)
{
	for (; *word; word++)
		if (!expect(c, *word))
			return false;
	return true;
}

/* ---- strings ---------------------------------------------------------------------------------------------------- */

/* hex4 = 4( digit | "a".."f" | "A".."F" ) */
static bool read_hex4(struct json_cursor *c, uint32_t *out)
{
	uint32_t value = 0;
	for (int i = 0; i < 4; i++) {
		char digit = c->mark.at < c->length ? c->bytes[c->mark.at] : '\0';
		if (digit >= '0' && digit <= '9')
			value = value * 16 + (uint32_t)(digit - '0');
		else if (digit >= 'a' && digit <= 'f')
			value = value * 16 + (uint32_t)(digit - 'a') + 10;
		else if (digit >= 'A' && digit <= 'F')
			value = value * 16 + (uint32_t)(digit - 'A') + 10;
		else
			return unexpected(c);
		c->mark.at++;
	}
	*out = value;
	return true;
}

/* Reads the second half of a surrogate pair, after "\uD83D"; without it the first half is not a character. */
static bool read_low_surrogate(struct json_cursor *c, size_t escape)
{
	uint32_t low = 0;
	if (c->mark.at < c->length && !next_is(c, '\\'))
		return fail(c, JSON_SYNTAX, escape);
	if (!expect(c, '\\'))
		return false;
	if (c->mark.at < c->length && !next_is(c, 'u'))
		return fail(c, JSON_SYNTAX, escape);
	if (!expect(c, 'u') || !read_hex4(c, &low))
		return false;
	return (low >= 0xDC00 && low <= 0xDFFF) || fail(c, JSON_SYNTAX, escape);
}

/* escape = "\" ( one of "\/bfnrt and the quote | "u" hex4 ). This reads any; run_of_escapes only the usual ones. */
static bool read_escape(struct json_cursor *c, bool in_key)
{
	size_t escape = c->mark.at;
	uint32_t unit = 0;
	c->mark.at++;
	if (!expect(c, 'u') || !read_hex4(c, &unit))
		return false;
	/* json-c keeps keys as C strings: it would read "status\u0000x" as "status" */
	if (in_key && unit == 0)
		return fail(c, JSON_SYNTAX, escape);
	if (unit >= 0xDC00 && unit <= 0xDFFF)
		return fail(c, JSON_SYNTAX, escape);
	return !(unit >= 0xD800 && unit <= 0xDBFF) || read_low_surrogate(c, escape);
}

/* string = quote *( escape | any character but quote, "\" and the controls below U+0020 ) quote */
static bool read_string(struct json_cursor *c, bool in_key, struct json_value *out)
{
	uint32_t point;
	*out = (struct json_value){.kind = JSON_KIND_STRING, .offset = c->mark.at};
	if (!expect(c, '"'))
		return false;
	for (;;) {
		c->mark.at += run_of_plain(c->bytes + c->mark.at, c->length - c->mark.at);
		if (next_is(c, '"'))
			break;
		if (next_is(c, '\\')) {
			out->has_escapes = true;
			c->mark.at += run_of_escapes(c->bytes + c->mark.at, c->length - c->mark.at, in_key);
			if (next_is(c, '\\') && !read_escape(c, in_key))
				return false;
			continue;
		}
		size_t taken = utf8_decode(c->bytes + c->mark.at, c->length - c->mark.at, &point);
		if (taken < 2)
			return unexpected(c);
		c->mark.at += taken;
	}
	out->raw = (struct text){c->bytes + out->offset + 1, c->mark.at - out->offset - 1};
	c->mark.at++;
	return true;
}

/* ---- containers ------------------------------------------------------------------------------------------------- */

static bool enter(struct json_cursor *c)
{
	if (c->mark.depth == JSON_DEPTH_MAX)
		return fail(c, JSON_TOO_DEEP, c->mark.at);
	c->outer_keys[++c->mark.depth] = c->mark.keys;
	c->mark.is_first = true;
	c->mark.at++;
	return true;
}

static void leave(struct json_cursor *c)
{
	c->mark.depth--;
	c->mark.is_first = false;
}

static bool remember_key(struct json_cursor *c, const struct json_value *key)
{
	if (c->mark.keys >= c->limits.keys || key->raw.length > UINT32_MAX)
		return fail(c, JSON_TOO_MANY, key->offset);
	if (c->mark.keys == c->key_room) {
		size_t room = c->key_room ? c->key_room * 2 : KEYS_AT_FIRST;
		if (room > SIZE_MAX / sizeof *c->keys)
			memory_exhausted();
		struct json_key *keys = realloc(c->keys, room * sizeof *keys);
		if (!keys)
			memory_exhausted();
		c->keys = keys;
		c->key_room = room;
	}
	c->keys[c->mark.keys++] =
		(struct json_key){key->offset, (uint32_t)key->raw.length,
				  key_fingerprint(key->raw, key->has_escapes, c->length - key->offset - 1)};
	return true;
}

/* Reads a key if it is this one, without escapes. Reads nothing otherwise. */
static bool accept_key(struct json_cursor *c, struct text likely, struct json_value *out)
{
	size_t at = c->mark.at, left = c->length - at;
	const char *bytes = c->bytes + at;
	if (left < likely.length + 2 || bytes[0] != '"' || bytes[likely.length + 1] != '"' ||
	    memcmp(bytes + 1, likely.bytes, likely.length) != 0)
		return false;
	*out = (struct json_value){.kind = JSON_KIND_STRING, .offset = at, .raw = {bytes + 1, likely.length}};
	c->mark.at = at + likely.length + 2;
	return true;
}

/* Sets *more if another element follows. If none does, reads the closing bracket; the caller leaves the container. */
static bool next_element(struct json_cursor *c, char closing, bool *more)
{
	bool was_first = c->mark.is_first;
	skip_white(c);
	c->mark.is_first = false;
	*more = true;
	if (!was_first && accept(c, ','))
		return true;
	if (was_first && !next_is(c, closing))
		return true;
	*more = false;
	return expect(c, closing);
}

/* array = "[" [ value *( "," value ) ] "]" */
bool json_cursor_item(struct json_cursor *c, bool *out_more)
{
	if (!next_element(c, ']', out_more))
		return false;
	if (!*out_more)
		leave(c);
	return true;
}

static bool leave_object(struct json_cursor *c)
{
	size_t outer = c->outer_keys[c->mark.depth], count = c->mark.keys - outer;
	size_t twice = keys_find_twice(c->bytes, count ? c->keys + outer : NULL, count);
	c->mark.keys = outer;
	leave(c);
	return twice == SIZE_MAX || fail(c, JSON_DUPLICATE_KEY, twice);
}

bool json_cursor_member(struct json_cursor *c, struct json_value *out_key, bool *out_more)
{
	bool ignored;
	return json_cursor_likely_member(c, (struct text){0}, out_key, out_more, &ignored);
}

/* object = "{" [ string ":" value *( "," string ":" value ) ] "}", all strings different; likely ones aren't checked */
bool json_cursor_likely_member(struct json_cursor *c, struct text likely, struct json_value *out_key, bool *out_more,
			       bool *out_is_likely)
{
	if (!next_element(c, '}', out_more))
		return false;
	if (!*out_more)
		return leave_object(c);
	skip_white(c);
	*out_is_likely = likely.length > 0 && accept_key(c, likely, out_key);
	if (!*out_is_likely && (!read_string(c, true, out_key) || !remember_key(c, out_key)))
		return false;
	skip_white(c);
	return expect(c, ':');
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* value = white ( object | array | string | number | literal ) */
bool json_cursor_value(struct json_cursor *c, struct json_value *out)
{
	skip_white(c);
	if (c->mark.at >= c->length)
		return unexpected(c);
	if (c->mark.values >= c->limits.values)
		return fail(c, JSON_TOO_MANY, c->mark.at);
	c->mark.values++;
	*out = (struct json_value){.offset = c->mark.at};
	switch (c->bytes[c->mark.at]) {
	case '{': out->kind = JSON_KIND_OBJECT; return enter(c);
	case '[': out->kind = JSON_KIND_ARRAY; return enter(c);
	case '"': return read_string(c, false, out);
	case 't':
	case 'f':
		out->kind = JSON_KIND_BOOLEAN;
		out->boolean = c->bytes[c->mark.at] == 't';
		return read_literal(c, out->boolean ? "true" : "false");
	case 'n': out->kind = JSON_KIND_NULL; return read_literal(c, "null");
	case '-':
	case '0':
	case '1':
	case '2':
	case '3':
	case '4':
	case '5':
	case '6':
	case '7':
	case '8':
	case '9': return read_number(c, out);
	default: return unexpected(c);
	}
}

/* Reads over a key of plain bytes, and its colon. Reads nothing if it is another one, or if there is no room for it. */
static bool skip_plain_key(struct json_cursor *c)
{
	const char *bytes = c->bytes + c->mark.at;
	size_t left = c->length - c->mark.at, length;
	if (left < 1 || bytes[0] != '"' || c->mark.keys >= c->key_room || c->mark.keys >= c->limits.keys)
		return false;
	length = run_of_plain(bytes + 1, left - 1);
	if (length + 2 >= left || bytes[length + 1] != '"' || bytes[length + 2] != ':' || length > UINT32_MAX)
		return false;
	c->keys[c->mark.keys++] = (struct json_key){c->mark.at, (uint32_t)length,
						    key_fingerprint((struct text){bytes + 1, length}, false, left - 1)};
	c->mark.at += length + 3;
	return true;
}

static bool skip_key(struct json_cursor *c)
{
	struct json_value key;
	skip_white(c);
	if (skip_plain_key(c))
		return true;
	if (!read_string(c, true, &key) || !remember_key(c, &key))
		return false;
	skip_white(c);
	return expect(c, ':');
}

bool json_cursor_leave(struct json_cursor *c, enum json_kind kind)
{
	bool is_object = kind == JSON_KIND_OBJECT;
	for (bool more;;) {
		if (is_object ? !next_element(c, '}', &more) : !json_cursor_item(c, &more))
			return false;
		if (!more)
			return !is_object || leave_object(c);
		if ((is_object && !skip_key(c)) || !json_cursor_skip(c))
			return false;
	}
}

/* The length of an integer that surely fits and is nothing else; 0 if there is none. */
static size_t length_of_integer(const char *bytes, size_t left)
{
	size_t from = left > 0 && bytes[0] == '-', at = from;
	while (at < left && bytes[at] >= '0' && bytes[at] <= '9')
		at++;
	bool is_one = at > from && at - from <= DIGITS_FIT && (bytes[from] != '0' || at - from == 1);
	bool goes_on = at >= left || bytes[at] == '.' || bytes[at] == 'e' || bytes[at] == 'E';
	return is_one && !goes_on ? at : 0;
}

/* The length of a value that needs no checks beyond these: [], {}, an integer, a string of plain bytes. 0: it is another
 * one. */
static size_t length_of_simple(const char *bytes, size_t left)
{
	size_t plain;
	if (left < 2)
		return 0;
	switch (bytes[0]) {
	case '[': return bytes[1] == ']' ? 2 : 0;
	case '{': return bytes[1] == '}' ? 2 : 0;
	case '"':
		plain = run_of_plain(bytes + 1, left - 1);
		return plain + 1 < left && bytes[plain + 1] == '"' ? plain + 2 : 0;
	default: return length_of_integer(bytes, left);
	}
}

/* Reads over a simple value. Reads nothing if it is another one, or breaks a limit: json_cursor_value says which. */
static bool skip_simple(struct json_cursor *c)
{
	skip_white(c);
	if (c->mark.depth == JSON_DEPTH_MAX || c->mark.values >= c->limits.values)
		return false;
	size_t length = length_of_simple(c->bytes + c->mark.at, c->length - c->mark.at);
	c->mark.at += length;
	c->mark.values += length > 0;
	return length > 0;
}

bool json_cursor_skip(struct json_cursor *c)
{
	struct json_value value;
	value.kind = JSON_KIND_NULL;
	if (skip_simple(c))
		return true;
	if (!json_cursor_value(c, &value))
		return false;
	return (value.kind != JSON_KIND_ARRAY && value.kind != JSON_KIND_OBJECT) || json_cursor_leave(c, value.kind);
}

bool json_cursor_end(struct json_cursor *c)
{
	skip_white(c);
	return c->mark.at >= c->length || fail(c, JSON_TRAILING_BYTES, c->mark.at);
}
