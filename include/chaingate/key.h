/* key.h - where the API key comes from.
 *
 * There is no option that takes the key itself: a process list shows options.
 */
#ifndef CHAINGATE_KEY_H
#define CHAINGATE_KEY_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/text.h"

#include <stdbool.h>

/* Largest file that a key is looked for in: truss's has a few lines. */
#define KEY_FILE_MAX ((size_t)64 << 10)

/* Looks in `file` (may be NULL; "-" is stdin), else in BASETEN_API_KEY, else in truss's own file. False when there
 * is none that could be used: then it is reported where was looked, never what was found. */
bool key_find(struct arena *, const char *file, struct diags *, struct text *out);

/* Truss's own file: USER_TRUSSRC_PATH, else .trussrc at home. In the arena; NULL if there is no home. */
const char *key_trussrc_path(struct arena *);

/* The api_key in section [baseten] of truss's file, an INI file as Python's configparser writes it. NULL, or why
 * there is none. */
const char *trussrc_key(struct text content, struct text *out);

#endif
