/* keys.c - finds two equal keys in an object.
 *
 * Keys are compared by their fingerprints first. The few keys of a real object are compared each with each other. Many
 * keys are divided by their fingerprints into groups of a few. A group that stays large, because somebody made
 * fingerprints equal, is divided once more, by fingerprints of another kind. What is large even then is sorted, so that no
 * body can make the time quadratic. The sort is a heap sort of our own, because the standard promises no bound for qsort,
 * and qsort may allocate.
 */
#include "strict.h"

#include <string.h>

/* Up to this many keys, comparing each with each is cheaper than sorting. A chainlet has 7, its settings 9. */
#define FEW 24

/* How many bits of a fingerprint say a key's group, at most: 1024 groups, and 16 KiB of stack. The lists' limit of 10,000
 * keys makes groups of 10. */
#define GROUP_BITS_MAX 10
/* How many keys a group has, about. */
#define GROUP_KEYS 8

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

/* FNV-1a, a byte at a time, whose last bytes hardly reach its upper half; so it is mixed once more. */
uint32_t key_second_fingerprint(struct text raw)
{
	struct string_reader reader = string_reader_make(raw);
	uint64_t hash = TEXT_HASH_BEGIN;
	for (int byte; (byte = string_reader_next(&reader)) >= 0;)
		hash = (hash ^ (unsigned)byte) * UINT64_C(1099511628211);
	return (uint32_t)mix(hash, 0);
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

/* The offset of the first key that equals an earlier one: among keys in any order. */
static size_t find_in_few(const char *bytes, const struct json_key *keys, size_t count)
{
	size_t twice = SIZE_MAX;
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++) {
			if (!is_same(bytes, &keys[i], &keys[j]))
				continue;
			size_t later = keys[i].offset > keys[j].offset ? keys[i].offset : keys[j].offset;
			twice = later < twice ? later : twice;
		}
	return twice;
}

static size_t find_by_sorting(const char *bytes, struct json_key *keys, size_t count)
{
	size_t twice = SIZE_MAX;
	sort(bytes, keys, count);
	for (size_t i = 1; i < count; i++)
		if (is_same(bytes, &keys[i - 1], &keys[i]) && keys[i].offset < twice)
			twice = keys[i].offset;
	return twice;
}

/* ---- groups ----------------------------------------------------------------------------------------------------- */

struct groups {
	unsigned bits;
	size_t next[1 << GROUP_BITS_MAX], end[1 << GROUP_BITS_MAX]; /* indexes of keys */
};

static size_t group_of(const struct groups *groups, const struct json_key *key)
{
	return key->fingerprint >> (32 - groups->bits);
}

static void count_groups(struct groups *groups, const struct json_key *keys, size_t count)
{
	size_t number, from = 0;
	for (groups->bits = 1; groups->bits < GROUP_BITS_MAX && (count >> groups->bits) > GROUP_KEYS;)
		groups->bits++;
	number = (size_t)1 << groups->bits;
	memset(groups->end, 0, number * sizeof *groups->end);
	for (size_t i = 0; i < count; i++)
		groups->end[group_of(groups, &keys[i])]++;
	for (size_t i = 0; i < number; i++) {
		groups->next[i] = from;
		from += groups->end[i];
		groups->end[i] = from;
	}
}

/* Moves each key into its group: each swap brings one key to its place. */
static void gather(struct groups *groups, struct json_key *keys)
{
	for (size_t i = 0; i < (size_t)1 << groups->bits; i++)
		while (groups->next[i] < groups->end[i]) {
			struct json_key *key = &keys[groups->next[i]], *place;
			size_t group = group_of(groups, key);
			place = &keys[groups->next[group]++];
			struct json_key moved = *key;
			*key = *place;
			*place = moved;
		}
}

static size_t find_in_group(const char *bytes, struct json_key *keys, size_t count)
{
	return count <= FEW ? find_in_few(bytes, keys, count) : find_by_sorting(bytes, keys, count);
}

/* Divides the keys into groups, and lets `find` look into each. */
static size_t find_in_groups(const char *bytes, struct json_key *keys, size_t count,
			     size_t (*find)(const char *bytes, struct json_key *keys, size_t count))
{
	size_t twice = SIZE_MAX, from = 0;
	struct groups groups;
	count_groups(&groups, keys, count);
	gather(&groups, keys);
	for (size_t i = 0; i < (size_t)1 << groups.bits; i++) {
		size_t found = find(bytes, keys + from, groups.end[i] - from);
		twice = found < twice ? found : twice;
		from = groups.end[i];
	}
	return twice;
}

static size_t find_in_large_group(const char *bytes, struct json_key *keys, size_t count)
{
	if (count <= FEW)
		return find_in_few(bytes, keys, count);
	for (size_t i = 0; i < count; i++)
		keys[i].fingerprint = key_second_fingerprint(raw_key(bytes, &keys[i]));
	return find_in_groups(bytes, keys, count, find_in_group);
}

size_t keys_find_twice(const char *bytes, struct json_key *keys, size_t count)
{
	return count <= FEW ? find_in_few(bytes, keys, count) : find_in_groups(bytes, keys, count, find_in_large_group);
}
