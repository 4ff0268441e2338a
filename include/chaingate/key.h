/* key.h - where the API key comes from, and to which installation it belongs.
 *
 * There is no option that takes the key itself: a process list shows options. One rule for all places: white space and byte order marks round a key are no part
 * of it, and what is wrong inside it is named with its place.
 */
#ifndef CHAINGATE_KEY_H
#define CHAINGATE_KEY_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/text.h"

#include <stdbool.h>

/* Largest file that a key is looked for in: truss's has a few lines. */
#define KEY_FILE_MAX ((size_t)64 << 10)
/* Shortest key. Real ones have 41 characters; a shorter one is a piece of one, and its letters would be found, and hidden, everywhere. */
#define KEY_LENGTH_MIN 8

struct found_key {
	struct text key;
	const char *origin; /* for people: "BASETEN_API_KEY", "[baseten] in '/home/x/.trussrc'" */
	const char
		*api_url; /* of the installation it belongs to; NULL: its place doesn't say, so it is Baseten's own … */
	const char *url_origin; /* … and what says so */
};

/* Looks in `file` (may be NULL; "-" is stdin), else in BASETEN_API_KEY, else in BASETEN_TRUSS_AUTH_API_KEY (with BASETEN_TRUSS_AUTH_REMOTE_URL), else in truss's own
 * file. `is_short_fine`: it is for this machine alone, where a simulator may have a short one. `needs_url`: nobody has said where the API is, so an installation
 * whose API isn't known can't be asked. False when there is none that could be used: then it is reported where was looked, never what was found. */
bool key_find(struct arena *, const char *file, bool is_short_fine, bool needs_url, struct diags *,
	      struct found_key *out);

/* Truss's own file: USER_TRUSSRC_PATH, else .trussrc at home. In the arena; NULL if there is no home. */
const char *key_trussrc_path(struct arena *);

struct trussrc {
	struct text remote; /* the section */
	struct text key;
	struct text remote_url; /* empty: none is given */
};

/* Truss's file, as truss reads it: the section [baseten], or the only one there is. NULL, or why there is no key. Texts are in the arena or in the content. */
const char *trussrc_read(struct arena *, struct text content, struct trussrc *out);

#endif
