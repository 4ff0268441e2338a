/* strict_scan.c - is it JSON by RFC 8259, and nothing that json-c would read as something else?
 *
 * A recursive descent over the grammar that builds nothing. It recurses once for each open array or object, of which
 * there are JSON_DEPTH_MAX at most.
 */
#include "strict.h"

#include <string.h>

struct scanner {
	const char *bytes;
	size_t length, at;
	size_t depth;
	size_t values;
	struct open_keys keys;
	struct json_fault fault;
};

static bool scan_value(struct scanner *s);

static bool fail(struct scanner *s, enum json_fault_kind kind, size_t offset)
{
	s->fault = (struct json_fault){kind, offset};
	return false;
}

/* Are the last bytes the beginning of a character whose rest was cut off? */
static bool ends_in_character(const struct scanner *s)
{
	size_t left = s->length - s->at;
	unsigned char lead = (unsigned char)s->bytes[s->at];
	size_t needed = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
	if (lead < 0xC2 || lead > 0xF4 || left >= needed)
		return false;
	for (size_t i = 1; i < left; i++)
		if (((unsigned char)s->bytes[s->at + i] & 0xC0) != 0x80)
			return false;
	return true;
}

/* The byte here, or the end of the text, cannot stand here. */
static bool unexpected(struct scanner *s)
{
	uint32_t point;
	if (s->at >= s->length)
		return fail(s, JSON_TRUNCATED, s->length);
	if (utf8_decode(s->bytes + s->at, s->length - s->at, &point) > 0)
		return fail(s, JSON_SYNTAX, s->at);
	return fail(s, ends_in_character(s) ? JSON_TRUNCATED : JSON_NOT_UTF8, s->at);
}

static bool next_is(const struct scanner *s, char byte)
{
	return s->at < s->length && s->bytes[s->at] == byte;
}

static bool accept(struct scanner *s, char byte)
{
	if (!next_is(s, byte))
		return false;
	s->at++;
	return true;
}

static bool expect(struct scanner *s, char byte)
{
	return accept(s, byte) || unexpected(s);
}

static bool is_white(char byte)
{
	return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

static void skip_white(struct scanner *s)
{
	while (s->at < s->length && is_white(s->bytes[s->at]))
		s->at++;
}

static bool next_is_digit(const struct scanner *s)
{
	return s->at < s->length && s->bytes[s->at] >= '0' && s->bytes[s->at] <= '9';
}

/* digits = 1*digit */
static bool scan_digits(struct scanner *s)
{
	if (!next_is_digit(s))
		return unexpected(s);
	while (next_is_digit(s))
		s->at++;
	return true;
}

/* number = [ "-" ] ( "0" | digits ) [ "." digits ] [ ( "e" | "E" ) [ "+" | "-" ] digits ] */
static bool scan_number(struct scanner *s)
{
	size_t start = s->at;
	accept(s, '-');
	if (accept(s, '0')) {
		if (next_is_digit(s))
			return unexpected(s);
	} else if (!scan_digits(s)) {
		return false;
	}
	if (accept(s, '.') && !scan_digits(s))
		return false;
	if (accept(s, 'e') || accept(s, 'E')) {
		if (!accept(s, '+'))
			accept(s, '-');
		if (!scan_digits(s))
			return false;
	}
	if (!number_fits((struct text){s->bytes + start, s->at - start}))
		return fail(s, JSON_NUMBER_TOO_LARGE, start);
	return true;
}

/* literal = "true" | "false" | "null" */
static bool scan_literal(struct scanner *s, const char *word)
{
	for (; *word; word++)
		if (!expect(s, *word))
			return false;
	return true;
}

/* hex4 = 4( digit | "a".."f" | "A".."F" ) */
static bool scan_hex4(struct scanner *s, uint32_t *out)
{
	uint32_t value = 0;
	for (int i = 0; i < 4; i++) {
		char c = s->at < s->length ? s->bytes[s->at] : '\0';
		if (c >= '0' && c <= '9')
			value = value * 16 + (uint32_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value * 16 + (uint32_t)(c - 'a') + 10;
		else if (c >= 'A' && c <= 'F')
			value = value * 16 + (uint32_t)(c - 'A') + 10;
		else
			return unexpected(s);
		s->at++;
	}
	*out = value;
	return true;
}

/* The half of a pair that follows "\uD83D"; without it the first half is no character. */
static bool scan_low_surrogate(struct scanner *s, size_t escape)
{
	uint32_t low;
	if (s->at < s->length && s->bytes[s->at] != '\\')
		return fail(s, JSON_SYNTAX, escape);
	if (!expect(s, '\\'))
		return false;
	if (s->at < s->length && s->bytes[s->at] != 'u')
		return fail(s, JSON_SYNTAX, escape);
	if (!expect(s, 'u') || !scan_hex4(s, &low))
		return false;
	return (low >= 0xDC00 && low <= 0xDFFF) || fail(s, JSON_SYNTAX, escape);
}

/* escape = "\" ( one of "\/bfnrt and the quote | "u" hex4 ) */
static bool scan_escape(struct scanner *s, bool in_key)
{
	static const char simple[] = {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'};
	size_t escape = s->at;
	uint32_t unit;
	s->at++;
	if (s->at < s->length && memchr(simple, s->bytes[s->at], sizeof simple)) {
		s->at++;
		return true;
	}
	if (!expect(s, 'u') || !scan_hex4(s, &unit))
		return false;
	/* json-c keeps keys as C strings: "status\u0000x" would be its key "status" */
	if (in_key && unit == 0)
		return fail(s, JSON_SYNTAX, escape);
	if (unit >= 0xDC00 && unit <= 0xDFFF)
		return fail(s, JSON_SYNTAX, escape);
	return !(unit >= 0xD800 && unit <= 0xDBFF) || scan_low_surrogate(s, escape);
}

/* string = quote *( escape | any character but quote, "\" and the controls below U+0020 ) quote */
static bool scan_string(struct scanner *s, bool in_key)
{
	uint32_t point;
	if (!expect(s, '"'))
		return false;
	while (!accept(s, '"')) {
		unsigned char c = s->at < s->length ? (unsigned char)s->bytes[s->at] : 0;
		if (c < 0x20)
			return unexpected(s);
		if (c == '\\') {
			if (!scan_escape(s, in_key))
				return false;
		} else if (c < 0x80) {
			s->at++;
		} else {
			size_t taken = utf8_decode(s->bytes + s->at, s->length - s->at, &point);
			if (taken == 0)
				return unexpected(s);
			s->at += taken;
		}
	}
	return true;
}

/* array = "[" [ value *( "," value ) ] "]" */
static bool scan_array(struct scanner *s)
{
	s->at++;
	skip_white(s);
	if (accept(s, ']'))
		return true;
	do {
		if (!scan_value(s))
			return false;
	} while (accept(s, ','));
	return expect(s, ']');
}

/* object = "{" [ string ":" value *( "," string ":" value ) ] "}", the strings all different */
static bool scan_object(struct scanner *s)
{
	size_t outer_keys = s->keys.count;
	s->at++;
	skip_white(s);
	if (accept(s, '}'))
		return true;
	do {
		skip_white(s);
		size_t quote = s->at;
		if (!scan_string(s, true))
			return false;
		open_keys_add(&s->keys, s->bytes + quote + 1);
		skip_white(s);
		if (!expect(s, ':') || !scan_value(s))
			return false;
	} while (accept(s, ','));
	if (!expect(s, '}'))
		return false;
	const char *twice = open_keys_close(&s->keys, outer_keys);
	return !twice || fail(s, JSON_DUPLICATE_KEY, (size_t)(twice - s->bytes) - 1);
}

static bool scan_container(struct scanner *s)
{
	if (s->depth == JSON_DEPTH_MAX)
		return fail(s, JSON_TOO_DEEP, s->at);
	s->depth++;
	bool ok = s->bytes[s->at] == '{' ? scan_object(s) : scan_array(s);
	s->depth--;
	return ok;
}

/* value = white ( object | array | string | number | literal ) white */
static bool scan_value(struct scanner *s)
{
	bool ok;
	skip_white(s);
	s->values++;
	if (next_is(s, '{') || next_is(s, '['))
		ok = scan_container(s);
	else if (next_is(s, '"'))
		ok = scan_string(s, false);
	else if (next_is(s, '-') || next_is_digit(s))
		ok = scan_number(s);
	else if (next_is(s, 't'))
		ok = scan_literal(s, "true");
	else if (next_is(s, 'f'))
		ok = scan_literal(s, "false");
	else if (next_is(s, 'n'))
		ok = scan_literal(s, "null");
	else
		ok = unexpected(s);
	if (ok)
		skip_white(s);
	return ok;
}

static struct text without_white(struct text text)
{
	size_t start = 0, end = text.length;
	while (start < end && is_white(text.bytes[start]))
		start++;
	while (end > start && is_white(text.bytes[end - 1]))
		end--;
	return text_slice(text, start, end);
}

bool strict_scan(struct text text, struct scanned *out, struct json_fault *fault)
{
	struct scanner s = {.bytes = text.bytes, .length = text.length};
	skip_white(&s);
	bool ok = s.at < s.length ? scan_value(&s) : fail(&s, JSON_EMPTY, 0);
	if (ok && s.at < s.length)
		ok = fail(&s, JSON_TRAILING_BYTES, s.at);
	open_keys_release(&s.keys);
	if (!ok) {
		*fault = s.fault;
		return false;
	}
	*out = (struct scanned){without_white(text), s.values};
	return true;
}

bool json_scan(struct text text, struct json_fault *out)
{
	struct scanned ignored;
	return strict_scan(text, &ignored, out);
}
