/* hide.h - the key taken out of what comes back, before anybody else sees it. */
#ifndef CHAINGATE_NET_HIDE_H
#define CHAINGATE_NET_HIDE_H

#include "chaingate/text.h"

/* Makes asterisks of the key wherever it is in the bytes: as itself, or escaped as in JSON strings. */
void hide_key(char *bytes, size_t length, struct text key);

#endif
