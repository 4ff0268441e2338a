/* open_keys.c - are two keys of an object the same?
 *
 * Keys are sorted, so that a body of a million keys in one object costs no more than its length and a logarithm. The
 * sort is a heap sort of our own: the standard promises no bound for qsort's, and it may allocate.
 */
#include "strict.h"

#include <stdlib.h>

/* Room at first. A deployment has some 20 keys, and at most 5 objects are open at once. */
#define KEYS_AT_FIRST 128

/* Reads a key's bytes as they are once escapes are decoded. */
struct key_reader {
	const char *at;
	char decoded[4]; /* of the escape just read */
	size_t decoded_count, decoded_used;
};

void open_keys_release(struct open_keys *keys)
{
	free(keys->items);
	*keys = (struct open_keys){0};
}

void open_keys_add(struct open_keys *keys, const char *key)
{
	if (keys->count == keys->capacity) {
		size_t capacity = keys->capacity ? keys->capacity * 2 : KEYS_AT_FIRST;
		if (capacity > SIZE_MAX / sizeof *keys->items)
			memory_exhausted();
		const char **items = realloc(keys->items, capacity * sizeof *items);
		if (!items)
			memory_exhausted();
		keys->items = items;
		keys->capacity = capacity;
	}
	keys->items[keys->count++] = key;
}

static uint32_t hex4(const char *digits)
{
	uint32_t value = 0;
	for (int i = 0; i < 4; i++) {
		char c = digits[i];
		value = value * 16 + (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return value;
}

/* Decodes the escape at `reader->at`. The scan has seen that it is a good one. */
static void read_escape(struct key_reader *reader)
{
	static const char names[] = "bfnrt", meanings[] = "\b\f\n\r\t";
	char name = reader->at[1];
	reader->decoded_used = 0;
	if (name != 'u') {
		reader->decoded[0] = name;
		for (size_t i = 0; names[i]; i++)
			if (names[i] == name)
				reader->decoded[0] = meanings[i];
		reader->decoded_count = 1;
		reader->at += 2;
		return;
	}
	uint32_t point = hex4(reader->at + 2);
	reader->at += 6;
	if (point >= 0xD800 && point <= 0xDBFF) {
		point = 0x10000 + ((point - 0xD800) << 10) + (hex4(reader->at + 2) - 0xDC00);
		reader->at += 6;
	}
	reader->decoded_count = utf8_encode(point, reader->decoded);
}

/* The next byte, 0 to 255, or -1 at the key's end. */
static int read_byte(struct key_reader *reader)
{
	if (reader->decoded_used == reader->decoded_count) {
		if (*reader->at == '"')
			return -1;
		if (*reader->at != '\\')
			return (unsigned char)*reader->at++;
		read_escape(reader);
	}
	return (unsigned char)reader->decoded[reader->decoded_used++];
}

static int compare_names(const char *a, const char *b)
{
	while (*a == *b && *a != '"' && *a != '\\')
		a++, b++;
	struct key_reader left = {.at = a}, right = {.at = b};
	for (;;) {
		int x = read_byte(&left), y = read_byte(&right);
		if (x != y)
			return x < y ? -1 : 1;
		if (x < 0)
			return 0;
	}
}

/* By name, then by place, so that of equal keys the first comes first. */
static bool is_before(const char *a, const char *b)
{
	int order = compare_names(a, b);
	return order ? order < 0 : a < b;
}

/* Lets the item at `root` sink until none of the two below it is greater. */
static void sink(const char **items, size_t root, size_t count)
{
	for (;;) {
		size_t child = 2 * root + 1;
		if (child >= count)
			return;
		if (child + 1 < count && is_before(items[child], items[child + 1]))
			child++;
		if (!is_before(items[root], items[child]))
			return;
		const char *item = items[root];
		items[root] = items[child];
		items[child] = item;
		root = child;
	}
}

static void sort(const char **items, size_t count)
{
	for (size_t root = count / 2; root-- > 0;)
		sink(items, root, count);
	for (size_t end = count; end-- > 1;) {
		const char *largest = items[0];
		items[0] = items[end];
		items[end] = largest;
		sink(items, 0, end);
	}
}

const char *open_keys_close(struct open_keys *keys, size_t kept)
{
	const char **items = keys->items + kept;
	size_t count = keys->count - kept;
	const char *twice = NULL;
	sort(items, count);
	for (size_t i = 1; i < count; i++)
		if (compare_names(items[i - 1], items[i]) == 0 && (!twice || items[i] < twice))
			twice = items[i];
	keys->count = kept;
	return twice;
}
