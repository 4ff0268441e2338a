/* hide.h - removes the key from answers, before anybody else sees them. */
#ifndef CHAINGATE_NET_HIDE_H
#define CHAINGATE_NET_HIDE_H

#include "chaingate/text.h"

/* Replaces the key with asterisks wherever it is in the bytes: plain, or escaped as in JSON strings. If it is as long as
 * a real key, also parts of it, percent-encoded, and in base64 (hide_parts.h). */
void hide_key(char *bytes, size_t length, struct text key);

/* The same while bytes are still arriving. Searches from `from` on, and hides each key that must be complete by now.
 * Returns `from` for the next call; at the end, hide_key must search the rest from there. The next call searches the
 * last 18 * key.length bytes again, so let many more arrive before it. */
size_t hide_key_so_far(char *bytes, size_t from, size_t length, struct text key);

#endif
