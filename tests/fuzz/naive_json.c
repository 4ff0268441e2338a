/* naive_json.c - see naive_json.h. Every grammar rule is a function that returns where it ended, or NULL. */
#include "naive_json.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A key as UTF-16 units or code points: keys of equal text are equal. */
struct key {
	struct key *next;
	size_t count;
	uint32_t *points;
};

static const char *value(const char *at, const char *end, int depth);

static const char *white(const char *at, const char *end)
{
	while (at < end && strchr(" \t\n\r", *at) && *at)
		at++;
	return at;
}

static const char *character(const char *at, const char *end, uint32_t *out)
{
	unsigned char lead = (unsigned char)*at;
	int more = lead < 0x80                   ? 0
		   : lead >= 0xC0 && lead < 0xE0 ? 1
		   : lead >= 0xE0 && lead < 0xF0 ? 2
		   : lead < 0xF8                 ? 3
						 : -1;
	static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
	if (more < 0 || (lead >= 0x80 && lead < 0xC0) || end - at <= more)
		return NULL;
	uint32_t point = more == 0 ? lead : lead & (0x3Fu >> more);
	for (int i = 1; i <= more; i++) {
		if (((unsigned char)at[i] & 0xC0) != 0x80)
			return NULL;
		point = point << 6 | ((unsigned char)at[i] & 0x3F);
	}
	if (point < least[more] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
		return NULL;
	*out = point;
	return at + more + 1;
}

static const char *unit(const char *at, const char *end, uint32_t *out)
{
	char digits[5] = {0};
	if (end - at < 4)
		return NULL;
	memcpy(digits, at, 4);
	if (strspn(digits, "0123456789abcdefABCDEF") != 4)
		return NULL;
	*out = (uint32_t)strtoul(digits, NULL, 16);
	return at + 4;
}

static const char *escape(const char *at, const char *end, uint32_t *out)
{
	static const char names[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
	uint32_t low;
	if (at >= end)
		return NULL;
	const char *found = *at ? strchr(names, *at) : NULL;
	if (found) {
		*out = (uint32_t)meanings[found - names];
		return at + 1;
	}
	if (*at != 'u' || !(at = unit(at + 1, end, out)) || (*out >= 0xDC00 && *out <= 0xDFFF))
		return NULL;
	if (*out < 0xD800 || *out > 0xDFFF)
		return at;
	if (end - at < 2 || at[0] != '\\' || at[1] != 'u' || !(at = unit(at + 2, end, &low)) || low < 0xDC00 ||
	    low > 0xDFFF)
		return NULL;
	*out = 0x10000 + (*out - 0xD800) * 0x400 + (low - 0xDC00);
	return at;
}

static const char *string(const char *at, const char *end, struct key *key)
{
	if (at >= end || *at++ != '"')
		return NULL;
	for (;;) {
		uint32_t point;
		if (at >= end || (unsigned char)*at < 0x20)
			return NULL;
		if (*at == '"')
			return at + 1;
		at = *at == '\\' ? escape(at + 1, end, &point) : character(at, end, &point);
		if (!at || (key && point == 0))
			return NULL;
		if (key)
			key->points[key->count++] = point;
	}
}

static const char *digits(const char *at, const char *end)
{
	const char *start = at;
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at == start ? NULL : at;
}

static const char *number(const char *at, const char *end)
{
	const char *start = at;
	bool is_integer = true;
	at += *at == '-';
	if (at < end && *at == '0')
		at++;
	else if (!(at = digits(at, end)))
		return NULL;
	if (at < end && *at == '.') {
		is_integer = false;
		if (!(at = digits(at + 1, end)))
			return NULL;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		is_integer = false;
		at++;
		at += at < end && (*at == '+' || *at == '-');
		if (!(at = digits(at, end)))
			return NULL;
	}
	char *copy = calloc((size_t)(at - start) + 1, 1);
	if (!copy)
		abort();
	memcpy(copy, start, (size_t)(at - start));
	errno = 0;
	bool fits = is_integer ? (strtoll(copy, NULL, 10), errno == 0) : isfinite(strtod(copy, NULL)) != 0;
	free(copy);
	return fits ? at : NULL;
}

static const char *array(const char *at, const char *end, int depth)
{
	at = white(at + 1, end);
	if (at < end && *at == ']')
		return at + 1;
	for (;;) {
		at = value(at, end, depth);
		if (!at || at >= end)
			return NULL;
		if (*at == ']')
			return at + 1;
		if (*at++ != ',')
			return NULL;
	}
}

static const char *member(const char *at, const char *end, int depth, struct key **keys)
{
	struct key *key = calloc(1, sizeof *key);
	if (!key || !(key->points = calloc((size_t)(end - at) + 1, sizeof *key->points)))
		abort();
	key->next = *keys;
	*keys = key;
	at = string(white(at, end), end, key);
	if (!at)
		return NULL;
	for (const struct key *other = key->next; other; other = other->next)
		if (other->count == key->count && !memcmp(other->points, key->points, key->count * sizeof *key->points))
			return NULL;
	at = white(at, end);
	return at < end && *at == ':' ? value(at + 1, end, depth) : NULL;
}

static const char *object(const char *at, const char *end, int depth)
{
	struct key *keys = NULL;
	at = white(at + 1, end);
	bool is_over = at < end && *at == '}';
	while (at && !is_over) {
		at = member(at, end, depth, &keys);
		if (!at)
			break;
		is_over = at < end && *at == '}';
		if (!is_over && (at >= end || *at++ != ','))
			at = NULL;
	}
	while (keys) {
		struct key *next = keys->next;
		free(keys->points);
		free(keys);
		keys = next;
	}
	return at ? at + 1 : NULL;
}

static const char *literal(const char *at, const char *end, const char *word)
{
	size_t length = strlen(word);
	return (size_t)(end - at) >= length && memcmp(at, word, length) == 0 ? at + length : NULL;
}

static const char *value(const char *at, const char *end, int depth)
{
	at = white(at, end);
	if (at >= end || ((*at == '[' || *at == '{') && depth == 0))
		return NULL;
	switch (*at) {
	case '[': at = array(at, end, depth - 1); break;
	case '{': at = object(at, end, depth - 1); break;
	case '"': at = string(at, end, NULL); break;
	case 't': at = literal(at, end, "true"); break;
	case 'f': at = literal(at, end, "false"); break;
	case 'n': at = literal(at, end, "null"); break;
	default: at = *at == '-' || (*at >= '0' && *at <= '9') ? number(at, end) : NULL; break;
	}
	return at ? white(at, end) : NULL;
}

bool naive_json(const char *bytes, size_t length, int depth)
{
	return length > 0 && value(bytes, bytes + length, depth) == bytes + length;
}
