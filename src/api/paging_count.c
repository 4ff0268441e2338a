/* paging_count.c - see paging_count.h. */
#include "paging_count.h"

/* Longest string that is decoded as a count, in bytes as written: 19 digits, each as an escape of 6, and some spaces. */
#define WRITTEN_MAX 160

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* The digits from *at on, and moves *at past them. */
static int64_t read_digits(struct text text, size_t *at)
{
	int64_t number = 0;
	for (; *at < text.length && is_digit(text.bytes[*at]); ++*at) {
		int64_t digit = text.bytes[*at] - '0';
		number = number > (INT64_MAX - digit) / 10 ? INT64_MAX : number * 10 + digit;
	}
	return number;
}

int64_t paging_digits(struct text text)
{
	size_t at = 0;
	return read_digits(text, &at);
}

/* count = [ "+" | "-" ] digits [ "." digits ] */
int64_t paging_count_of_text(struct text text)
{
	size_t at = 0;
	text = text_trim(text);
	if (paging_text_is_nothing(text))
		return 0;
	bool is_negative = text.bytes[0] == '-';
	at += is_negative || text.bytes[0] == '+';
	size_t from = at;
	int64_t number = read_digits(text, &at);
	bool has_digits = at > from;
	if (at < text.length && text.bytes[at] == '.') {
		at++;
		read_digits(text, &at);
	}
	if (!has_digits || at < text.length)
		return INT64_MAX;
	return is_negative ? 0 : number;
}

static int64_t count_of_string(const struct json_value *value, bool is_count)
{
	struct arena arena = {0};
	int64_t count = INT64_MAX;
	if (value->raw.length <= WRITTEN_MAX)
		count = paging_count_of_text(json_value_text(&arena, value));
	arena_release(&arena);
	return count == INT64_MAX && !is_count ? 0 : count;
}

int64_t paging_count_of(const struct json_value *value, bool is_count)
{
	int64_t unreadable = is_count ? INT64_MAX : 0;
	switch (value->kind) {
	case JSON_KIND_INTEGER: return value->integer;
	/* with an exponent, more than any list has: nobody writes a count so, unless all numbers are written so */
	case JSON_KIND_REAL: return paging_is_nothing(value) ? 0 : paging_count_of_text(value->raw);
	case JSON_KIND_STRING: return count_of_string(value, is_count);
	case JSON_KIND_BOOLEAN: return value->boolean ? unreadable : 0;
	case JSON_KIND_NULL: return 0;
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT: break;
	}
	return unreadable;
}

static bool is_zero(struct text real)
{
	for (size_t i = 0; i < real.length && real.bytes[i] != 'e' && real.bytes[i] != 'E'; i++)
		if (real.bytes[i] >= '1' && real.bytes[i] <= '9')
			return false;
	return true;
}

bool paging_is_nothing(const struct json_value *value)
{
	switch (value->kind) {
	case JSON_KIND_NULL: return true;
	case JSON_KIND_BOOLEAN: return !value->boolean;
	case JSON_KIND_INTEGER: return value->integer == 0;
	case JSON_KIND_REAL: return is_zero(value->raw);
	case JSON_KIND_STRING: return value->raw.length == 0;
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT: break;
	}
	return false;
}

bool paging_text_is_nothing(struct text value)
{
	return value.length == 0 || text_is_in_any_case(value, "false") || text_is_in_any_case(value, "null") ||
	       text_is_in_any_case(value, "none") || text_is(value, "0");
}
