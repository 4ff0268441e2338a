/* strict.h - what the files of this room share: the parts of the scan.
 */
#ifndef CHAINGATE_JSON_STRICT_H
#define CHAINGATE_JSON_STRICT_H

#include "chaingate/json_cursor.h"

struct scanned {
	struct text value; /* the one value, without the white space around it */
	size_t values;     /* how many values there are in it, itself included; keys aren't values */
};

/* json_scan, with what it learnt. `out` is untouched when there is a fault. */
bool strict_scan(struct text, struct json_limits, struct scanned *out, struct json_fault *fault);

/* ---- runs of bytes ---------------------------------------------------------------------------------------------- */

/* How many bytes from the beginning may stand in a string as they are and are ASCII: no quote, no backslash, no control below U+0020. */
size_t run_of_plain(const char *bytes, size_t length);
/* How many are white space: space, tab, line feed, carriage return. */
size_t run_of_white(const char *bytes, size_t length);

/* The same, for machines without the vectors that these use: eight bytes at a time. */
size_t run_of_plain_by_words(const char *bytes, size_t length);
size_t run_of_white_by_bytes(const char *bytes, size_t length);

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

/* Does a number that the grammar allows fit what it is read into? An integer: int64_t. Any other: a double that isn't
 * infinite. */
bool number_fits(struct text number);

/* ---- strings ---------------------------------------------------------------------------------------------------- */

/* Reads the bytes between a string's quotes, which the scan has accepted, as they are once escapes are decoded. */
struct string_reader {
	const char *at, *end;
	char decoded[4]; /* of the escape just read */
	size_t decoded_count, decoded_used;
};

struct string_reader string_reader_make(struct text raw);
/* The next byte, 0 to 255, or -1 at the end. */
int string_reader_next(struct string_reader *);

/* The texts of two strings, byte by byte. */
int strings_compare(struct text raw, struct text other_raw);

/* ---- keys ------------------------------------------------------------------------------------------------------- */

/* A key of an object that is open. */
struct json_key {
	size_t offset;        /* of its quote */
	uint32_t length;      /* of what is between its quotes */
	uint32_t fingerprint; /* of the text once escapes are decoded: equal texts have equal ones */
};

uint32_t key_fingerprint(struct text raw, bool has_escapes);

/* Of the keys of one object, the earliest that equals one before it; SIZE_MAX if all differ, else its offset. Sorts them
 * where there are many: n log n. */
size_t keys_find_twice(const char *bytes, struct json_key *keys, size_t count);

#endif
