/* keys.c - finds two equal keys in an object.
 *
 * Keys are compared by their fingerprints first. The few keys of a real object are compared each with each other.
 * Many keys are sorted, so that no body can make the time quadratic, not even with equal fingerprints. The sort is a
 * heap sort of our own, because the standard promises no bound for qsort, and qsort may allocate.
 */
#include "strict.h"

#include <string.h>

/* Up to this many keys, comparing each with each is cheaper than sorting. A chainlet has 7, its settings 9. */
#define FEW 24

/* ---- fingerprints ----------------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 32;
}

static uint32_t fingerprint_of_escaped(struct text raw)
{
	struct string_reader reader = string_reader_make(raw);
	uint64_t hash = 0;
	for (;;) {
		char eight[8] = {0};
		size_t count = 0;
		for (int byte; count < sizeof eight && (byte = string_reader_next(&reader)) >= 0; count++)
			eight[count] = (char)byte;
		uint64_t word;
		memcpy(&word, eight, sizeof word);
		hash = mix(hash, word + count);
		if (count < sizeof eight)
			return (uint32_t)hash;
	}
}

/* The first `count` of eight bytes, and zeros; `count` is under 8. */
static uint64_t first_bytes(const char *bytes, size_t count, size_t readable)
{
	static const unsigned char kept_then_cleared[16] = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};
	char eight[8] = {0};
	uint64_t word, mask;
	if (readable >= sizeof word) {
		memcpy(&word, bytes, sizeof word);
		memcpy(&mask, kept_then_cleared + sizeof mask - count, sizeof mask);
		return word & mask;
	}
	for (size_t i = 0; i < count; i++)
		eight[i] = bytes[i];
	memcpy(&word, eight, sizeof word);
	return word;
}

uint32_t key_fingerprint(struct text raw, bool has_escapes, size_t readable)
{
	if (has_escapes)
		return fingerprint_of_escaped(raw);
	uint64_t hash = 0, word;
	size_t at = 0, left;
	for (; (left = raw.length - at) >= sizeof word; at += sizeof word) {
		memcpy(&word, raw.bytes + at, sizeof word);
		hash = mix(hash, word + sizeof word);
	}
	return (uint32_t)mix(hash, first_bytes(raw.bytes + at, left, readable - at) + left);
}

/* ---- keys ------------------------------------------------------------------------------------------------------- */

static struct text raw_key(const char *bytes, const struct json_key *key)
{
	return (struct text){bytes + key->offset + 1, key->length};
}

static bool is_same(const char *bytes, const struct json_key *a, const struct json_key *b)
{
	return a->fingerprint == b->fingerprint && strings_compare(raw_key(bytes, a), raw_key(bytes, b)) == 0;
}

/* The sort order: equal keys are neighbours, in the order of the text. */
static bool is_before(const char *bytes, const struct json_key *a, const struct json_key *b)
{
	if (a->fingerprint != b->fingerprint)
		return a->fingerprint < b->fingerprint;
	int order = strings_compare(raw_key(bytes, a), raw_key(bytes, b));
	return order ? order < 0 : a->offset < b->offset;
}

/* Lets the key at `root` sink until neither of the two below it is greater. */
static void sink(const char *bytes, struct json_key *keys, size_t root, size_t count)
{
	for (;;) {
		size_t child = 2 * root + 1;
		if (child >= count)
			return;
		if (child + 1 < count && is_before(bytes, &keys[child], &keys[child + 1]))
			child++;
		if (!is_before(bytes, &keys[root], &keys[child]))
			return;
		struct json_key key = keys[root];
		keys[root] = keys[child];
		keys[child] = key;
		root = child;
	}
}

static void sort(const char *bytes, struct json_key *keys, size_t count)
{
	for (size_t root = count / 2; root-- > 0;)
		sink(bytes, keys, root, count);
	for (size_t end = count; end-- > 1;) {
		struct json_key largest = keys[0];
		keys[0] = keys[end];
		keys[end] = largest;
		sink(bytes, keys, 0, end);
	}
}

size_t keys_find_twice(const char *bytes, struct json_key *keys, size_t count)
{
	size_t twice = SIZE_MAX;
	if (count <= FEW) {
		for (size_t i = 1; i < count; i++)
			for (size_t j = 0; j < i; j++)
				if (is_same(bytes, &keys[i], &keys[j]))
					return keys[i].offset;
		return twice;
	}
	sort(bytes, keys, count);
	for (size_t i = 1; i < count; i++)
		if (is_same(bytes, &keys[i - 1], &keys[i]) && keys[i].offset < twice)
			twice = keys[i].offset;
	return twice;
}
