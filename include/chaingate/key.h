/* key.h - finds the API key, and the installation it belongs to.
 *
 * There is no option that takes the key itself, because a process list shows options. The same rules hold wherever a
 * key is found: white space and byte order marks around it are removed, and an error about a character inside it
 * says where that character is.
 */
#ifndef CHAINGATE_KEY_H
#define CHAINGATE_KEY_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/text.h"

#include <stdbool.h>

/* Largest file that is searched for a key: truss's file has a few lines. */
#define KEY_FILE_MAX ((size_t)64 << 10)
/* Shortest key. Real keys have 41 characters; a shorter one is a fragment, and hiding it would put asterisks all
 * over the output. */
#define KEY_LENGTH_MIN 8

struct found_key {
	struct text key;    /* in secret memory (secret.h), until the process ends */
	const char *origin; /* for people: "BASETEN_API_KEY", "[baseten] in '/home/x/.trussrc'" */
	const char
		*api_url; /* the API of the installation the key belongs to; NULL: not given, so it is Baseten's own */
	const char *url_origin; /* where `api_url` was found */
};

/* Looks in `file` (may be NULL; "-" is stdin), else in BASETEN_API_KEY, else in BASETEN_TRUSS_AUTH_API_KEY (with
 * BASETEN_TRUSS_AUTH_REMOTE_URL), else in truss's own file. `is_short_fine`: a key may be shorter than
 * KEY_LENGTH_MIN, because it is only for this machine, for example for a simulator. `needs_url`: the user gave no
 * API URL, so a key of an installation whose API isn't known is an error. False if no usable key was found: then a
 * diagnostic says where it looked, and never shows what it found. Whatever was read from files is overwritten; the
 * variables keep their values until key_forget. */
bool key_find(struct arena *, const char *file, bool is_short_fine, bool needs_url, struct diags *,
	      struct found_key *out);

/* Overwrites the values of all variables that may hold a key, used or not: BASETEN_ and CHAINGATE_ with KEY, TOKEN,
 * SECRET or PASSWORD at the end of their name. Afterwards they are empty, also in /proc/PID/environ. Pointers to these
 * values get empty texts. */
void key_forget(void);

/* The path of truss's own file: USER_TRUSSRC_PATH, else .trussrc in the home directory. In the arena; NULL if there
 * is no home directory. */
const char *key_trussrc_path(struct arena *);

struct trussrc {
	struct text remote; /* the section's name */
	struct text key;
	struct text remote_url; /* empty: none is given */
};

/* Reads truss's file as truss does: the section [baseten], or the only section. Returns NULL, or why there is no
 * key. Texts are in the arena or in the content. If the arena wipes, no copy of the key stays anywhere else. */
const char *trussrc_read(struct arena *, struct text content, struct trussrc *out);

#endif
