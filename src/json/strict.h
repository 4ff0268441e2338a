/* strict.h - the parts of the scan that the files of this room share. */
#ifndef CHAINGATE_JSON_STRICT_H
#define CHAINGATE_JSON_STRICT_H

#include "chaingate/json_cursor.h"

struct scanned {
	struct text value; /* the value, without the white space around it */
	size_t values;     /* the number of values in it, itself included; keys aren't values */
};

/* json_scan, also returning what it found. `out` is unchanged if there is a fault. */
bool strict_scan(struct text, struct json_limits, struct scanned *out, struct json_fault *fault);

/* ---- runs of bytes ---------------------------------------------------------------------------------------------- */

/* How many bytes from the beginning are ASCII that needs no escape in a string: no quote, no backslash, no control
 * below U+0020. */
size_t run_of_plain(const char *bytes, size_t length);
/* How many bytes from the beginning are white space: space, tab, line feed, carriage return. */
size_t run_of_white(const char *bytes, size_t length);
/* How many bytes from the beginning are escapes of a string: \n, \u00e9. The run ends before one that isn't valid, and
 * in a key before one that may be U+0000. */
size_t run_of_escapes(const char *bytes, size_t left, bool in_key);

/* The same for machines without SSE2: eight bytes, or one byte, at a time. */
size_t run_of_plain_by_words(const char *bytes, size_t length);
size_t run_of_white_by_bytes(const char *bytes, size_t length);

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

/* True if a number that the grammar allows fits its type: an integer int64_t, any other number a finite double. */
bool number_fits(struct text number);

/* ---- strings ---------------------------------------------------------------------------------------------------- */

/* Reads the bytes between a string's quotes with escapes decoded. The scan must have accepted them. */
struct string_reader {
	const char *at, *end;
	char decoded[4]; /* of the escape just read */
	size_t decoded_count, decoded_used;
};

struct string_reader string_reader_make(struct text raw);
/* The next byte, 0 to 255, or -1 at the end. */
int string_reader_next(struct string_reader *);

/* Compares the decoded texts of two raw strings byte by byte. */
int strings_compare(struct text a, struct text b);

/* ---- keys ------------------------------------------------------------------------------------------------------- */

/* A key of an open object. */
struct json_key {
	size_t offset;        /* of its opening quote */
	uint32_t length;      /* of the bytes between its quotes */
	uint32_t fingerprint; /* of the decoded text: equal texts have equal fingerprints */
};

/* `readable`: how many bytes can be read from the beginning of `raw`: the key, its closing quote and what follows. */
uint32_t key_fingerprint(struct text raw, bool has_escapes, size_t readable);

/* One of another kind, and slower: whoever made the first ones equal hasn't made these equal. */
uint32_t key_second_fingerprint(struct text raw);

/* Finds the first key that equals an earlier one, and returns its offset; SIZE_MAX if all keys differ. Sorts the keys
 * if there are many: n log n. */
size_t keys_find_twice(const char *bytes, struct json_key *keys, size_t count);

#endif
