/* hide_parts.h - hides parts of the key in an answer, and the key in other forms than plain. */
#ifndef CHAINGATE_NET_HIDE_PARTS_H
#define CHAINGATE_NET_HIDE_PARTS_H

#include "chaingate/text.h"

#include <stdbool.h>

/* Keys of this length have parts. Real keys have 41 characters. A shorter one is a simulator's, and may consist of words
 * that are elsewhere in an answer, too. A longer one isn't a key that this API gives. */
#define HIDE_PARTS_KEY_MIN 32
#define HIDE_PARTS_KEY_MAX 128
/* Shortest part of a key that is hidden, in bytes of the key. */
#define HIDE_PART_MIN 8

bool hide_has_parts(struct text key);

/* Replaces with asterisks each part of the key that begins before `end`: HIDE_PART_MIN bytes or more, plain,
 * percent-encoded, or in base64 (of the key alone, or of a longer text that contains it), also escaped as in JSON. A
 * part that looks like a word of the API's stays (WORD_MAX). Returns `end`, or the end of the last part if it is later.
 * A part has at most 18 * key.length bytes: %XX for each byte of the key, and \u00XX for each of these. */
size_t hide_parts_before(char *bytes, size_t length, size_t end, struct text key);

#endif
