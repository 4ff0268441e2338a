/* test_json_keys.c - a key that comes twice is found among few and many, at its place, wherever its twin is. */
#include "../../src/json/strict.h"

#include "chaingate/buf.h"
#include "chaingate/json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* An object with `count` keys; those at `twin` and `again` are equal. *out_offset: the second one's. */
static struct buf object_of(size_t count, size_t twin, size_t again, bool is_escaped, size_t *out_offset)
{
	struct buf text = buf_make(16 << 20);
	buf_add_byte(&text, '{');
	for (size_t i = 0; i < count; i++) {
		buf_add_string(&text, i ? ", " : "");
		if (i == again)
			*out_offset = text.length;
		if (i == again && is_escaped)
			buf_printf(&text, "\"\\u006b%zu\": {}", twin);
		else
			buf_printf(&text, "\"k%zu\": 0", i == again ? twin : i);
	}
	buf_add_byte(&text, '}');
	return text;
}

static void a_second_key_is_found_among_any_number(void **state)
{
	static const size_t counts[] = {2, 3, 23, 24, 25, 26, 40, 100, 1000, 9999, 20000};
	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		size_t count = counts[i], last = count - 1, middle = count / 2;
		const size_t places[][2] = {
			{0, last}, {0, 1}, {last - 1, last}, {middle / 2, middle}, {0, middle ? middle : 1}};
		for (size_t k = 0; k < 2 * sizeof places / sizeof *places; k++) {
			size_t twin = places[k / 2][0], again = places[k / 2][1], offset = 0;
			if (twin == again)
				continue;
			struct buf text = object_of(count, twin, again, k % 2, &offset);
			struct json_fault fault;
			if (json_scan(buf_text(&text), &fault))
				fail_msg("%zu keys: number %zu equals number %zu", count, again, twin);
			assert_int_equal(fault.kind, JSON_DUPLICATE_KEY);
			assert_int_equal(fault.offset, offset);
			buf_release(&text);
		}
		size_t ignored = 0;
		struct buf text = object_of(count, 0, count, false, &ignored);
		struct json_fault fault;
		assert_true(json_scan(buf_text(&text), &fault));
		buf_release(&text);
	}
}

/* Of several pairs the first repetition counts. */
static void the_first_repetition_is_reported(void **state)
{
	(void)state;
	for (size_t count = 10; count < 3000; count *= 3) {
		struct buf text = buf_make(1 << 20);
		size_t offset = 0;
		buf_add_byte(&text, '{');
		for (size_t i = 0; i < 3 * count; i++) {
			if (i == count)
				offset = text.length + 2;
			buf_printf(&text, "%s\"k%zu\": true", i ? ", " : "", i % count);
		}
		buf_add_byte(&text, '}');
		struct json_fault fault;
		assert_false(json_scan(buf_text(&text), &fault));
		assert_int_equal(fault.kind, JSON_DUPLICATE_KEY);
		assert_int_equal(fault.offset, offset);
		buf_release(&text);
	}
}

/* ---- keys whose fingerprints somebody made equal ----------------------------------------------------------------- */

/* The test fails if keys.c has other ones, because then the fingerprints differ. */
#define MULTIPLIER UINT64_C(0x9E3779B97F4A7C15)

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * MULTIPLIER;
	return hash ^ hash >> 32;
}

/* Eight letters by a number; and eight bytes after which the hash is always the same. False: they can't be in a key. */
static bool craft(uint64_t number, char out[17])
{
	uint64_t inverse = 1, first, wanted = UINT64_C(0x1234567890abcdef);
	for (int i = 0; i < 6; i++)
		inverse *= 2 - MULTIPLIER * inverse;
	for (size_t i = 0; i < 8; i++, number /= 26)
		out[i] = (char)('a' + number % 26);
	memcpy(&first, out, 8);
	uint64_t second = (((wanted ^ wanted >> 32) * inverse) ^ mix(0, first + 8)) - 8;
	memcpy(out + 8, &second, 8);
	out[16] = '\0';
	for (size_t i = 8; i < 16; i++)
		if (out[i] < ' ' || out[i] > '~' || out[i] == '"' || out[i] == '\\')
			return false;
	return true;
}

/* The next key with the fingerprint of all crafted ones, and with the same first bits of the second fingerprint. */
static void craft_next(uint64_t *number, unsigned bits, char out[17])
{
	struct text key = {out, 16};
	do {
		while (!craft(*number += UINT64_C(7777777), out))
			continue;
	} while (key_second_fingerprint(key) >> (32 - bits) != 1);
}

static void expect_found(unsigned bits)
{
	enum { COUNT = 200 };
	char keys[COUNT][17];
	uint64_t number = 0;
	for (size_t i = 0; i < COUNT; i++) {
		craft_next(&number, bits, keys[i]);
		assert_int_equal(key_fingerprint((struct text){keys[i], 16}, false, 17),
				 key_fingerprint((struct text){keys[0], 16}, false, 17));
	}
	for (size_t again = 1; again <= COUNT; again += 11) {
		struct buf text = buf_make(1 << 20);
		size_t offset = 0;
		for (size_t i = 0; i < COUNT; i++) {
			buf_printf(&text, "%s\"%s\": 0", i ? ", " : "{", keys[i]);
			if (i != again)
				continue;
			offset = text.length + 2;
			buf_printf(&text, ", \"\\u00%02x%s\": 0", (unsigned)keys[i / 2][0], keys[i / 2] + 1);
		}
		buf_add_byte(&text, '}');
		struct json_fault fault;
		assert_int_equal(json_scan(buf_text(&text), &fault), again == COUNT);
		if (again < COUNT) {
			assert_int_equal(fault.kind, JSON_DUPLICATE_KEY);
			assert_int_equal(fault.offset, offset);
		}
		buf_release(&text);
	}
}

/* The second division makes small groups. */
static void a_second_key_is_found_among_crafted_ones(void **state)
{
	(void)state;
	expect_found(1);
}

/* It makes a few large ones. */
static void a_second_key_is_found_among_sorted_ones(void **state)
{
	(void)state;
	expect_found(4);
}

/* Sorting must bring the two together from any place, in a group of any size above the few that aren't sorted. */
static void twins_are_found_at_every_place_among_sorted_ones(void **state)
{
	enum { LEAST = 24, MOST = 30 };
	char keys[MOST][17];
	uint64_t number = 0;
	(void)state;
	for (size_t i = 0; i < MOST; i++)
		craft_next(&number, 4, keys[i]);
	for (size_t count = LEAST; count <= MOST; count++)
		for (size_t twin = 0; twin < count; twin++) {
			struct buf text = buf_make(1 << 20);
			for (size_t i = 0; i < count; i++)
				buf_printf(&text, "%s\"%s\": 0", i ? ", " : "{", keys[i]);
			size_t offset = text.length + 2;
			buf_printf(&text, ", \"%s\": 0}", keys[twin]);
			struct json_fault fault = {JSON_OK, 0};
			if (json_scan(buf_text(&text), &fault) || fault.offset != offset)
				fail_msg("of %zu keys, number %zu comes again at the end: %s at %zu", count, twin,
					 json_fault_text(fault.kind), fault.offset);
			buf_release(&text);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_key_is_found_among_any_number),
		cmocka_unit_test(the_first_repetition_is_reported),
		cmocka_unit_test(a_second_key_is_found_among_crafted_ones),
		cmocka_unit_test(a_second_key_is_found_among_sorted_ones),
		cmocka_unit_test(twins_are_found_at_every_place_among_sorted_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
