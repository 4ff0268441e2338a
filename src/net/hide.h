/* hide.h - removes the key from answers, before anybody else sees them. */
#ifndef CHAINGATE_NET_HIDE_H
#define CHAINGATE_NET_HIDE_H

#include "chaingate/text.h"

/* Replaces the key by asterisks wherever it is in the bytes: plain, or escaped as in JSON strings. */
void hide_key(char *bytes, size_t length, struct text key);

#endif
