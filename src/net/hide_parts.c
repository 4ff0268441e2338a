/* hide_parts.c - see hide_parts.h.
 *
 * All forms that the key may have are written down first. Every part of a form that is long enough contains a piece of
 * GRAM bytes that begins at a multiple of STRIDE in the answer; so only these places are looked up, in a table of all
 * pieces of all forms. Where the answer has backslashes, it is decoded first, a window at a time.
 */
#include "hide_parts.h"

#include "chaingate/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define GRAM ((size_t)4)
#define STRIDE (HIDE_PART_MIN - GRAM + 1)
/* The bytes of base64 that are certain if HIDE_PART_MIN bytes of the key are in it, wherever these begin. */
#define PART_BASE64_MIN ((size_t)10)
/* Longest form: each byte as %XX. */
#define FORM_MAX ((size_t)3 * HIDE_PARTS_KEY_MAX)
/* Plain; base64 with two alphabets, at three places of a group of three bytes; percent-encoded, as much as needed or
 * all of it, with capitals or small letters. */
#define FORMS_MAX 11
#define BUCKETS 1024
/* Bits of a second, coarser look: about one of a hundred pieces that belong to no form has a bit that is set. */
#define BITS ((uint32_t)1 << 16)
/* Bytes that are decoded at once: many more than a form has, because each window repeats the last one's end. */
#define WINDOW ((size_t)8 * FORM_MAX)
/* Shorter parts that consist of letters of one case, `-` and `_` stay: a word of the API's, such as `deployment`, which
 * a key that somebody made up for a test has, too. One of 8 bytes at a given place of a random key is that with a
 * probability of 0.002. */
#define WORD_MAX ((size_t)16)

struct form {
	size_t length, least; /* `least`: the shortest part that is hidden */
	char bytes[FORM_MAX];
};

struct forms {
	struct form items[FORMS_MAX];
	size_t count;
	/* Chains of places in the forms, by the bucket of the piece that begins there: form * FORM_MAX + offset + 1. */
	uint16_t first[BUCKETS];
	uint16_t next[FORMS_MAX * FORM_MAX];
	uint32_t bits[BITS / 32]; /* set for each piece */
};

static inline uint32_t hash_of(const char *gram)
{
	uint32_t value;

	memcpy(&value, gram, GRAM);
	return value * UINT32_C(2654435761);
}

static inline size_t bucket_of(uint32_t hash)
{
	return hash >> 22;
}

/* False for most pieces that no form has. */
static inline bool may_be_piece(const struct forms *forms, const char *gram)
{
	uint32_t bit = hash_of(gram) >> 16;

	return forms->bits[bit / 32] >> (bit % 32) & 1;
}

/* ---- the forms -------------------------------------------------------------------------------------------------- */

/* Appends a form, unless there is an equal one. */
static void add_form(struct forms *forms, const char *bytes, size_t length, size_t least)
{
	struct form *form = &forms->items[forms->count];

	for (size_t i = 0; i < forms->count; i++)
		if (length == forms->items[i].length && memcmp(bytes, forms->items[i].bytes, length) == 0)
			return;
	form->length = length;
	form->least = least;
	memcpy(form->bytes, bytes, length);
	forms->count++;
}

/* `before`: how many bytes of a group of three precede the key. Only the characters that depend on nothing but the key
 * are taken. */
static void add_base64(struct forms *forms, struct text key, size_t before, const char *last_two)
{
	static const char most[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
	char bytes[FORM_MAX];
	size_t length = 0, bits = 0, skipped = before ? before + 1 : 0, at = 0;
	uint32_t value = 0;

	for (size_t i = 0; i < before + key.length; i++) {
		value = (value << 8 | (i < before ? 0 : (unsigned char)key.bytes[i - before])) & 0xffffff;
		for (bits += 8; bits >= 6; bits -= 6) {
			uint32_t digit = value >> (bits - 6) & 63;
			if (at++ >= skipped)
				bytes[length++] = digit < 62 ? most[digit] : last_two[digit - 62];
		}
	}
	add_form(forms, bytes, length, PART_BASE64_MIN);
	memory_wipe(bytes, sizeof(bytes));
}

static bool is_unreserved(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
	       (byte && strchr("-._~", byte));
}

static void add_percent(struct forms *forms, struct text key, const char *digits, bool all)
{
	char bytes[FORM_MAX];
	size_t length = 0;

	for (size_t i = 0; i < key.length; i++) {
		unsigned value = (unsigned char)key.bytes[i];
		if (!all && is_unreserved(key.bytes[i])) {
			bytes[length++] = key.bytes[i];
			continue;
		}
		bytes[length++] = '%';
		bytes[length++] = digits[value >> 4];
		bytes[length++] = digits[value & 15];
	}
	add_form(forms, bytes, length, all ? (size_t)3 * HIDE_PART_MIN : HIDE_PART_MIN);
	memory_wipe(bytes, sizeof(bytes));
}

static void make_forms(struct forms *forms, struct text key)
{
	static const char capitals[] = "0123456789ABCDEF", small[] = "0123456789abcdef";

	forms->count = 0;
	memset(forms->first, 0, sizeof(forms->first));
	memset(forms->bits, 0, sizeof(forms->bits));
	add_form(forms, key.bytes, key.length, HIDE_PART_MIN);
	for (size_t before = 0; before < 3; before++) {
		add_base64(forms, key, before, "+/");
		add_base64(forms, key, before, "-_");
	}
	add_percent(forms, key, capitals, false);
	add_percent(forms, key, small, false);
	add_percent(forms, key, capitals, true);
	add_percent(forms, key, small, true);
	for (size_t f = 0; f < forms->count; f++)
		for (size_t i = 0; i + GRAM <= forms->items[f].length; i++) {
			uint32_t hash = hash_of(forms->items[f].bytes + i), bit = hash >> 16;
			size_t bucket = bucket_of(hash), place = f * FORM_MAX + i;
			forms->next[place] = forms->first[bucket];
			forms->first[bucket] = (uint16_t)(place + 1);
			forms->bits[bit / 32] |= UINT32_C(1) << (bit % 32);
		}
}

/* ---- the search ------------------------------------------------------------------------------------------------- */

static bool is_word(const char *bytes, size_t length)
{
	bool has_small = false, has_capital = false;

	for (size_t i = 0; i < length; i++) {
		bool small = bytes[i] >= 'a' && bytes[i] <= 'z', capital = bytes[i] >= 'A' && bytes[i] <= 'Z';
		if (!small && !capital && bytes[i] != '-' && bytes[i] != '_')
			return false;
		has_small = has_small || small;
		has_capital = has_capital || capital;
	}
	return length < WORD_MAX && !(has_small && has_capital);
}

/* The longest part of a form around `at`, not before `floor`. False if none is long enough. */
static bool find_part(const struct forms *forms, const char *bytes, size_t length, size_t floor, size_t at,
		      size_t *out_begin, size_t *out_end)
{
	*out_begin = *out_end = at;
	for (size_t place = forms->first[bucket_of(hash_of(bytes + at))]; place; place = forms->next[place - 1]) {
		const struct form *form = &forms->items[(place - 1) / FORM_MAX];
		size_t offset = (place - 1) % FORM_MAX, before = 0, after = GRAM;
		const char *in_form = form->bytes + offset, *in_bytes = bytes + at;
		size_t before_max = offset < at - floor ? offset : at - floor;
		size_t after_max = form->length - offset < length - at ? form->length - offset : length - at;
		if (memcmp(in_form, in_bytes, GRAM) != 0)
			continue;
		while (before < before_max && in_form[-(ptrdiff_t)before - 1] == in_bytes[-(ptrdiff_t)before - 1])
			before++;
		while (after < after_max && in_form[after] == in_bytes[after])
			after++;
		if (before + after < form->least || before + after <= *out_end - *out_begin ||
		    is_word(bytes + at - before, before + after))
			continue;
		*out_begin = at - before;
		*out_end = at + after;
	}
	return *out_end > *out_begin;
}

static size_t hide_plain_before(char *bytes, size_t length, size_t end, const struct forms *forms)
{
	size_t floor = 0, at = 0, part_begin, part_end;

	while (at < end + STRIDE && at + GRAM <= length) {
		if (!may_be_piece(forms, bytes + at) ||
		    !find_part(forms, bytes, length, floor, at, &part_begin, &part_end) || part_begin >= end) {
			at += STRIDE;
			continue;
		}
		memset(bytes + part_begin, '*', part_end - part_begin);
		floor = at = part_end;
	}
	return floor;
}

/* ---- escapes ---------------------------------------------------------------------------------------------------- */

struct window {
	size_t count;
	uint32_t begins[WINDOW + 1]; /* where each byte begins, counted from `from`, and where the next one would */
	char bytes[WINDOW];
};

/* The value of a hexadecimal digit; -1 for any other byte. */
static inline int digit_of(char digit)
{
	unsigned number = (unsigned char)digit - (unsigned)'0', letter = ((unsigned char)digit | 32U) - (unsigned)'a';

	return number < 10 ? (int)number : letter < 6 ? (int)letter + 10 : -1;
}

/* Decodes \X and \u00XX. Returns how many bytes they have. */
static inline size_t decode(const char *bytes, size_t left, char *out)
{
	if (left < 2) {
		*out = bytes[0];
		return 1;
	}
	*out = bytes[1];
	if (left < 6 || memcmp(bytes, "\\u00", 4) != 0 || digit_of(bytes[4]) < 0 || digit_of(bytes[5]) < 0)
		return 2;
	*out = (char)((unsigned)digit_of(bytes[4]) << 4 | (unsigned)digit_of(bytes[5]));
	return 6;
}

/* Decodes until the window is full, or until no escape is near. */
static void fill(struct window *window, const char *bytes, size_t length, size_t from)
{
	size_t at = from, count = 0;
	/* Before the first escape there are at most FORM_MAX bytes. */
	size_t stop = length - from < 2 * FORM_MAX ? length : from + 2 * FORM_MAX;

	while (count < WINDOW && at < stop) {
		window->begins[count] = (uint32_t)(at - from);
		if (bytes[at] != '\\') {
			window->bytes[count++] = bytes[at++];
			continue;
		}
		at += decode(bytes + at, length - at, &window->bytes[count++]);
		stop = length - at < FORM_MAX ? length : at + FORM_MAX;
	}
	window->count = count;
	window->begins[count] = (uint32_t)(at - from);
}

/* Returns the end of the last part, at which the answer may be cut; 0 if there is none. */
static size_t hide_escaped_before(char *bytes, size_t length, size_t end, const struct forms *forms)
{
	struct window window;
	size_t from = 0, hidden = 0;
	bool is_filled = false;

	for (const char *slash; from < length && (slash = memchr(bytes + from, '\\', length - from));) {
		size_t first = (size_t)(slash - bytes), floor = 0, begin, stop;
		if (first - from > FORM_MAX)
			from = first - FORM_MAX;
		if (from >= end)
			break;
		fill(&window, bytes, length, from);
		is_filled = true;
		for (size_t at = 0; at + GRAM <= window.count;) {
			if (!may_be_piece(forms, window.bytes + at) ||
			    !find_part(forms, window.bytes, window.count, floor, at, &begin, &stop) ||
			    from + window.begins[begin] >= end) {
				at += STRIDE;
				continue;
			}
			/* What the window's end cuts is looked at again. */
			if (stop == window.count && from + window.begins[stop] < length)
				break;
			hidden = from + window.begins[stop];
			memset(bytes + from + window.begins[begin], '*', window.begins[stop] - window.begins[begin]);
			floor = at = stop;
		}
		size_t next = from + window.begins[window.count] == length ? window.count : window.count - FORM_MAX;
		/* Each place up to window.count is set. NOLINTNEXTLINE(clang-analyzer-core.uninitialized.Assign) */
		from += window.begins[next > floor ? next : floor];
	}
	if (is_filled)
		memory_wipe(&window, sizeof(window));
	return hidden;
}

bool hide_has_parts(struct text key)
{
	return key.length >= HIDE_PARTS_KEY_MIN && key.length <= HIDE_PARTS_KEY_MAX;
}

size_t hide_parts_before(char *bytes, size_t length, size_t end, struct text key)
{
	struct forms forms;

	if (!hide_has_parts(key))
		return end;
	make_forms(&forms, key);
	size_t escaped = hide_escaped_before(bytes, length, end, &forms);
	size_t plain = hide_plain_before(bytes, length, end, &forms);
	memory_wipe(&forms, sizeof(forms));
	if (plain < escaped)
		plain = escaped;
	return plain > end ? plain : end;
}
