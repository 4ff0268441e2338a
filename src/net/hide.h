/* hide.h - removes the key from answers, before anybody else sees them. */
#ifndef CHAINGATE_NET_HIDE_H
#define CHAINGATE_NET_HIDE_H

#include "chaingate/text.h"

/* Replaces the key by asterisks wherever it is in the bytes: plain, or escaped as in JSON strings. */
void hide_key(char *bytes, size_t length, struct text key);

/* The same for bytes that are still arriving: of those from `from` on, hides each key that is certainly whole. Returns
 * the `from` of the next call, when there are more bytes; at the end, hide_key searches the rest from there. The last
 * 6 bytes for each of the key's are searched again by the next call, so let many more arrive in between. */
size_t hide_key_so_far(char *bytes, size_t from, size_t length, struct text key);

#endif
