/* strict.h - what the files of this room share: the scan with what it learnt on its way, and its two harder questions.
 */
#ifndef CHAINGATE_JSON_STRICT_H
#define CHAINGATE_JSON_STRICT_H

#include "chaingate/json.h"

struct scanned {
	struct text value; /* the one value, without the white space around it */
	size_t values;     /* how many values there are in it, itself included; keys aren't values */
};

/* json_scan, with what it learnt. `out` is untouched when there is a fault. */
bool strict_scan(struct text, struct scanned *out, struct json_fault *fault);

/* Does a number that the grammar allows fit what json-c reads it into? An integer: int64_t. Any other: a double that
 * isn't infinite. */
bool number_fits(struct text number);

/* The keys of the objects that are open, innermost last. A key is the address of the first byte behind its opening
 * quote; where it ends is found by reading it, which keeps this at 8 bytes for each key of a body of any size. */
struct open_keys {
	const char **items;
	size_t count, capacity;
};

void open_keys_release(struct open_keys *);
void open_keys_add(struct open_keys *, const char *key);

/* Takes off the keys behind the first `kept`, which are those of one object. Gives the earliest of them that equals
 * one before it once escapes are decoded, NULL if all differ. */
const char *open_keys_close(struct open_keys *, size_t kept);

#endif
