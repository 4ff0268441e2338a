/* paging_count.c - see paging_count.h. */
#include "paging_count.h"

/* Longest string that is decoded as a count, in bytes as written: 19 digits, each as an escape of 6, and some spaces. */
#define WRITTEN_MAX 160

/* Most zeros after the point of a count in a text: "57.0" and "57.00" are 57, but "57.000" may be grouped thousands. */
#define ZEROS_MAX 2

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

/* The zeros from *at on, and moves *at past them. */
static size_t skip_zeros(struct text text, size_t *at)
{
	size_t from = *at;
	while (*at < text.length && text.bytes[*at] == '0')
		++*at;
	return *at - from;
}

/* count = [ "+" | "-" ] digits [ "." "0"… ]. INT64_MAX for anything else, and for more than `zeros_max` zeros. */
static int64_t read_count(struct text text, size_t zeros_max)
{
	bool is_negative = text.length > 0 && text.bytes[0] == '-';
	size_t from = is_negative || (text.length > 0 && text.bytes[0] == '+'), at = from;
	int64_t number = read_digits(text, &at);
	bool is_count = at > from;
	if (at < text.length && text.bytes[at] == '.') {
		at++;
		size_t zeros = skip_zeros(text, &at);
		is_count = is_count && zeros > 0 && zeros <= zeros_max;
	}
	if (!is_count || at < text.length)
		return INT64_MAX;
	return is_negative ? 0 : number;
}

int64_t paging_count_of_text(struct text text)
{
	text = text_trim(text);
	return paging_text_is_nothing(text) ? 0 : read_count(text, ZEROS_MAX);
}

/* What `read` says about a string's text; `otherwise` if it is too long to be a count. */
static int64_t read_string(const struct json_value *value, int64_t (*read)(struct text), int64_t otherwise)
{
	struct arena arena = {0};
	int64_t number = otherwise;
	if (value->raw.length <= WRITTEN_MAX)
		number = read(json_value_text(&arena, value));
	arena_release(&arena);
	return number;
}

static int64_t count_of_string(const struct json_value *value, bool is_count)
{
	int64_t count = read_string(value, paging_count_of_text, INT64_MAX);
	return count == INT64_MAX && !is_count ? 0 : count;
}

static int64_t limit_of_text(struct text text)
{
	text = text_trim(text);
	bool has_sign = text.length > 0 && text.bytes[0] == '+';
	return paging_digits(text_slice(text, has_sign, text.length));
}

int64_t paging_limit_of(const struct json_value *value)
{
	switch (value->kind) {
	case JSON_KIND_INTEGER: return value->integer;
	case JSON_KIND_REAL: return paging_digits(value->raw);
	case JSON_KIND_STRING: return read_string(value, limit_of_text, 0);
	case JSON_KIND_BOOLEAN:
	case JSON_KIND_NULL:
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT: break;
	}
	return 0;
}

int64_t paging_count_of(const struct json_value *value, bool is_count)
{
	int64_t unreadable = is_count ? INT64_MAX : 0;
	switch (value->kind) {
	case JSON_KIND_INTEGER: return value->integer;
	/* with an exponent, more than any list has: nobody writes a count so, unless all numbers are written so */
	case JSON_KIND_REAL: return paging_is_nothing(value) ? 0 : read_count(value->raw, SIZE_MAX);
	case JSON_KIND_STRING: return count_of_string(value, is_count);
	case JSON_KIND_BOOLEAN: return value->boolean ? unreadable : 0;
	case JSON_KIND_NULL: return 0;
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT: break;
	}
	return unreadable;
}

static int64_t is_nothing_text(struct text text)
{
	text = text_trim(text);
	return paging_text_is_nothing(text) || paging_text_is_no(text);
}

static int64_t is_no_place_text(struct text text)
{
	text = text_trim(text);
	return paging_text_is_nothing(text) || text_is(text, "-");
}

bool paging_is_no_place(const struct json_value *value)
{
	return value->kind == JSON_KIND_STRING ? read_string(value, is_no_place_text, 0) == 1
					       : paging_is_nothing(value);
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
	case JSON_KIND_STRING: return read_string(value, is_nothing_text, 0) == 1;
	case JSON_KIND_ARRAY:
	case JSON_KIND_OBJECT: break;
	}
	return false;
}

bool paging_text_is_nothing(struct text value)
{
	static const char *const words[] = {"false", "null", "none", "nil", "undefined", "0", "\"\""};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_is_in_any_case(value, words[i]))
			return true;
	return value.length == 0;
}

bool paging_text_is_no(struct text value)
{
	static const char *const words[] = {"no", "n", "off", "disabled", "-"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_is_in_any_case(value, words[i]))
			return true;
	return false;
}

/* -1: neither word */
static int64_t truth_of_text(struct text text)
{
	text = text_trim(text);
	return text_is_in_any_case(text, "true")                               ? 1
	       : text_is_in_any_case(text, "false") || paging_text_is_no(text) ? 0
									       : -1;
}

bool paging_is_truth(const struct json_value *value, bool *out)
{
	int64_t truth = value->kind == JSON_KIND_BOOLEAN  ? value->boolean
			: value->kind == JSON_KIND_STRING ? read_string(value, truth_of_text, -1)
							  : -1;
	*out = truth == 1;
	return truth >= 0;
}
