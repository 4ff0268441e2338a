/* hide_parts.c - see hide_parts.h.
 *
 * All forms that the key may have are written down first. Every part of a form that is long enough contains a piece of
 * GRAM bytes that begins at a multiple of STRIDE in the answer; so only these places are looked up, in a table of all
 * pieces of all forms.
 */
#include "hide_parts.h"

#include "chaingate/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define GRAM ((size_t)4)
#define STRIDE (HIDE_PART_MIN - GRAM + 1)
/* The bytes of base64 that are certain if HIDE_PART_MIN bytes of the key are in it, wherever these begin. */
#define PART_BASE64_MIN ((size_t)10)
/* Longest form: each byte as %XX. */
#define FORM_MAX ((size_t)3 * HIDE_PARTS_KEY_MAX)
/* Plain; base64 with two alphabets, at three places of a group of three bytes; percent-encoded, as much as needed or all of
 * it, with capitals or small letters. */
#define FORMS_MAX 11
#define BUCKETS 1024

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
};

static size_t bucket_of(const char *gram)
{
	uint32_t value;

	memcpy(&value, gram, GRAM);
	return (value * UINT32_C(2654435761)) >> 22;
}

/* ---- the forms -------------------------------------------------------------------------------------------------- */

/* Appends a form, unless it equals the plain one. */
static void add_form(struct forms *forms, const char *bytes, size_t length, size_t least)
{
	struct form *form = &forms->items[forms->count];

	if (forms->count && length == forms->items[0].length && memcmp(bytes, forms->items[0].bytes, length) == 0)
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
			size_t bucket = bucket_of(forms->items[f].bytes + i), place = f * FORM_MAX + i;
			forms->next[place] = forms->first[bucket];
			forms->first[bucket] = (uint16_t)(place + 1);
		}
}

/* ---- the search ------------------------------------------------------------------------------------------------- */

/* The longest part of a form around `at`, not before `floor`. False if none is long enough. */
static bool find_part(const struct forms *forms, const char *bytes, size_t length, size_t floor, size_t at,
		      size_t *out_begin, size_t *out_end)
{
	*out_begin = *out_end = at;
	for (size_t place = forms->first[bucket_of(bytes + at)]; place; place = forms->next[place - 1]) {
		const struct form *form = &forms->items[(place - 1) / FORM_MAX];
		size_t offset = (place - 1) % FORM_MAX, before = 0, after = 0;
		while (before < offset && before < at - floor &&
		       form->bytes[offset - before - 1] == bytes[at - before - 1])
			before++;
		while (after < form->length - offset && after < length - at &&
		       form->bytes[offset + after] == bytes[at + after])
			after++;
		if (before + after < form->least || before + after <= *out_end - *out_begin)
			continue;
		*out_begin = at - before;
		*out_end = at + after;
	}
	return *out_end > *out_begin;
}

size_t hide_parts_before(char *bytes, size_t length, size_t end, struct text key)
{
	struct forms forms;
	size_t floor = 0, at = 0, part_begin, part_end;

	if (key.length < HIDE_PARTS_KEY_MIN || key.length > HIDE_PARTS_KEY_MAX)
		return end;
	make_forms(&forms, key);
	while (at < end + STRIDE && at + GRAM <= length) {
		if (!forms.first[bucket_of(bytes + at)] ||
		    !find_part(&forms, bytes, length, floor, at, &part_begin, &part_end) || part_begin >= end) {
			at += STRIDE;
			continue;
		}
		memset(bytes + part_begin, '*', part_end - part_begin);
		floor = at = part_end;
	}
	memory_wipe(&forms, sizeof(forms));
	return floor > end ? floor : end;
}
