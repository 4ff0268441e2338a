/* key.c - see key.h. */
#include "chaingate/key.h"

#include "chaingate/files.h"
#include "chaingate/net.h"

#include <stdlib.h>
#include <string.h>

/* ---- finding ---------------------------------------------------------------------------------------------------- */

/* Says what is wrong with a key that was found in a place. */
static bool accept(struct diags *diags, const char *place, struct text key, struct text *out)
{
	const char *why = net_check_key(key);
	if (why) {
		struct diag *diag = diag_error(diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE,
					       "the API key in %s cannot be used: %s", place, why);
		diag_hint(diags, diag, "give the key alone: no quotes, no spaces, no 'Api-Key' before it");
		return false;
	}
	*out = key;
	return true;
}

static bool find_in_file(struct arena *arena, const char *file, struct diags *diags, struct text *out)
{
	const char *place =
		strcmp(file, "-") == 0 ? "stdin" : arena_printf(arena, "'%s'", diag_value(diags, text_of(file)));
	struct text content;
	const char *why;
	if (!file_read(arena, file, KEY_FILE_MAX, &content, &why)) {
		struct diag *diag = diag_error(diags, NULL, (struct span){0, 0}, DIAG_UNREADABLE_FILE,
					       "could not read the API key from %s: %s", place, why);
		diag_hint(diags, diag, "check the path, and that the file may be read");
		return false;
	}
	if (content.length > 0 && content.bytes[content.length - 1] == '\n')
		content.length--;
	if (content.length > 0 && content.bytes[content.length - 1] == '\r')
		content.length--;
	return accept(diags, place, content, out);
}

const char *key_trussrc_path(struct arena *arena)
{
	const char *path = getenv("USER_TRUSSRC_PATH");
	const char *home = getenv("HOME");
	if (!path || !*path)
		path = "~/.trussrc";
	if (path[0] != '~' || path[1] != '/')
		return path;
	return home && *home ? arena_printf(arena, "%s%s", home, path + 1) : NULL;
}

static bool find_in_trussrc(struct arena *arena, struct diags *diags, const char *environment, struct text *out)
{
	const char *path = key_trussrc_path(arena);
	const char *shown = path ? diag_value(diags, text_of(path)) : "~/.trussrc";
	struct text content, key;
	const char *why = "HOME is not set";
	bool is_read = path && file_read(arena, path, KEY_FILE_MAX, &content, &why);
	if (is_read)
		why = trussrc_key(content, &key);
	if (!why)
		return accept(diags, arena_printf(arena, "'%s'", shown), key, out);
	struct diag *diag;
	if (is_read)
		diag = diag_error(diags, NULL, (struct span){0, 0}, DIAG_MISSING_KEY,
				  "there is no API key: %s, and '%s' %s", environment, shown, why);
	else
		diag = diag_error(diags, NULL, (struct span){0, 0}, DIAG_MISSING_KEY,
				  "there is no API key: %s, and '%s' could not be read: %s", environment, shown, why);
	diag_hint(diags, diag, "set BASETEN_API_KEY, or give --api-key-file PATH (- is stdin)");
	return false;
}

bool key_find(struct arena *arena, const char *file, struct diags *diags, struct text *out)
{
	const char *value = getenv("BASETEN_API_KEY");
	if (file)
		return find_in_file(arena, file, diags, out);
	if (value && *value)
		return accept(diags, "BASETEN_API_KEY", text_of(value), out);
	return find_in_trussrc(arena, diags, value ? "BASETEN_API_KEY is empty" : "BASETEN_API_KEY is not set", out);
}
