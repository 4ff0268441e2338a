/* key.c - see key.h. */
#include "chaingate/key.h"

#include "chaingate/files.h"
#include "chaingate/net.h"
#include "chaingate/secret.h"

#include <stdlib.h>
#include <string.h>

/* ---- finding ---------------------------------------------------------------------------------------------------- */

struct search {
	struct arena *arena;   /* for results and messages */
	struct arena *secrets; /* for what is read: it is overwritten when the search is over */
	struct diags *diags;
	bool is_short_fine, needs_url;
};

static struct diag *refuse(const struct search *search, const char *place, const char *why)
{
	return diag_error(search->diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE,
			  "the API key in %s cannot be used: %s", place, why);
}

/* True for the name of a variable: BASETEN_API_KEY. */
static bool is_variable_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++)
		if (!(name.bytes[i] >= 'A' && name.bytes[i] <= 'Z') && name.bytes[i] != '_')
			return false;
	return name.length > 0;
}

static bool is_utf16(struct text found)
{
	if (text_starts_with(found, "\xff\xfe") || text_starts_with(found, "\xfe\xff"))
		return true;
	return found.length > 1 && found.length % 2 == 0 && (!found.bytes[0] != !found.bytes[1]);
}

/* What a key has around it if it was copied with a part of the file that it was in. The API would only say that it
 * doesn't know the key. NULL: nothing. */
static const char *name_wrapping(struct text found, struct text key)
{
	char first = key.length > 1 ? key.bytes[0] : '\0', last = key.length > 1 ? key.bytes[key.length - 1] : '\0';
	if (is_utf16(found))
		return "it is UTF-16, as PowerShell writes files; write it as ASCII or UTF-8";
	if (first == last && (first == '"' || first == '\'' || first == '`'))
		return "it is in quotes";
	if (first == '<' && last == '>')
		return "it is in angle brackets";
	const char *sign = key.length ? memchr(key.bytes, '=', key.length - 1) : NULL;
	if (sign && is_variable_name(text_slice(key, 0, (size_t)(sign - key.bytes))))
		return "it begins with the name of a variable";
	return NULL;
}

/* Checks a key that was found, and reports what is wrong with it. */
static bool accept(const struct search *search, const char *place, struct text found, struct found_key *out)
{
	struct text key = text_trim(found);
	const char *why = name_wrapping(found, key);
	if (!why)
		why = net_check_key(search->arena, key);
	if (!why && key.length < KEY_LENGTH_MIN && !search->is_short_fine)
		why = arena_printf(search->arena, "it has only %zu character%s; a key has at least %d", key.length,
				   text_plural(key.length), KEY_LENGTH_MIN);
	if (why) {
		diag_hint(search->diags, refuse(search, place, why),
			  "give the key alone: no quotes, no spaces, nothing before it such as 'Api-Key' or 'NAME='");
		return false;
	}
	char *kept = secret_alloc(key.length + 1);
	memcpy(kept, key.bytes, key.length);
	out->key = (struct text){kept, key.length};
	out->origin = place;
	return true;
}

/* https://app.HOST → https://api.HOST. NULL for anything else. */
static const char *api_url_of(struct arena *arena, struct text remote)
{
	static const char app[] = "https://app.";
	while (remote.length && remote.bytes[remote.length - 1] == '/')
		remote.length--;
	struct text host = text_slice(remote, strlen(app), remote.length);
	if (!text_starts_with(remote, app) || host.length == 0)
		return NULL;
	for (size_t i = 0; i < host.length; i++)
		if (strchr("/?#@", host.bytes[i]) || host.bytes[i] == '\\')
			return NULL;
	const char *url = arena_printf(arena, "https://api.%.*s", TEXT_ARG(host));
	return net_check_url(url) ? NULL : url;
}

/* A key is never sent to another installation than its own. */
static bool take_remote(const struct search *search, const char *place, struct text given, const char *url_place,
			struct found_key *out)
{
	struct text remote = text_trim(given);
	if (remote.length == 0)
		return true;
	out->api_url = api_url_of(search->arena, remote);
	out->url_origin = url_place;
	if (out->api_url || !search->needs_url)
		return true;
	struct diag *diag = refuse(search, place,
				   arena_printf(search->arena, "it belongs to '%s' (%s), whose API is not known",
						diag_value(search->diags, remote), url_place));
	diag_hint(search->diags, diag, "give --api-url or BASETEN_API_URL, or set BASETEN_API_KEY");
	return false;
}

static bool find_in_file(const struct search *search, const char *file, struct found_key *out)
{
	const char *place = strcmp(file, "-") == 0
				    ? "stdin"
				    : arena_printf(search->arena, "'%s'", diag_value(search->diags, text_of(file)));
	struct text content;
	const char *why;
	if (!file_read(search->secrets, file, KEY_FILE_MAX, &content, &why)) {
		struct diag *diag = diag_error(search->diags, NULL, (struct span){0, 0}, DIAG_UNREADABLE_FILE,
					       "could not read the API key from %s: %s", place, why);
		diag_hint(search->diags, diag, "check the path, and that the file may be read");
		return false;
	}
	return accept(search, place, content, out);
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

static bool find_in_trussrc(const struct search *search, const char *environment, struct found_key *out)
{
	const char *path = key_trussrc_path(search->arena);
	const char *shown = path ? diag_value(search->diags, text_of(path)) : "~/.trussrc";
	struct trussrc rc = {0};
	struct text content;
	const char *why = "HOME is not set";
	bool is_read = path && file_read(search->secrets, path, KEY_FILE_MAX, &content, &why);
	if (is_read)
		why = trussrc_read(search->secrets, content, &rc);
	if (!why) {
		const char *remote = diag_value(search->diags, rc.remote);
		const char *place = arena_printf(search->arena, "[%s] in '%s'", remote, shown);
		return accept(search, place, rc.key, out) &&
		       take_remote(search, place, rc.remote_url,
				   arena_printf(search->arena, "remote_url in '%s'", shown), out);
	}
	struct diag *diag = diag_error(search->diags, NULL, (struct span){0, 0}, DIAG_MISSING_KEY,
				       "there is no API key: %s, and '%s' %s%s", environment, shown,
				       is_read ? "" : "could not be read: ", diag_value(search->diags, text_of(why)));
	diag_hint(search->diags, diag, "set BASETEN_API_KEY, or give --api-key-file PATH (- is stdin)");
	return false;
}

bool key_find(struct arena *arena, const char *file, bool is_short_fine, bool needs_url, struct diags *diags,
	      struct found_key *out)
{
	struct arena secrets = {.wipes = true};
	const struct search search = {arena, &secrets, diags, is_short_fine, needs_url};
	const char *value = getenv("BASETEN_API_KEY"), *truss = getenv("BASETEN_TRUSS_AUTH_API_KEY");
	struct found_key found = {0};
	bool is_found;
	if (file)
		is_found = find_in_file(&search, file, &found);
	else if (value && text_trim(text_of(value)).length)
		is_found = accept(&search, "BASETEN_API_KEY", text_of(value), &found);
	else if (truss && text_trim(text_of(truss)).length)
		is_found = accept(&search, "BASETEN_TRUSS_AUTH_API_KEY", text_of(truss), &found) &&
			   take_remote(&search, "BASETEN_TRUSS_AUTH_API_KEY",
				       text_of(getenv("BASETEN_TRUSS_AUTH_REMOTE_URL")),
				       "BASETEN_TRUSS_AUTH_REMOTE_URL", &found);
	else
		is_found = find_in_trussrc(&search, value ? "BASETEN_API_KEY is empty" : "BASETEN_API_KEY is not set",
					   &found);
	arena_release(&secrets);
	if (is_found)
		*out = found;
	return is_found;
}

/* ---- forgetting ------------------------------------------------------------------------------------------------- */

extern char **environ; /* required by POSIX, but declared by no header */

/* name = ( "BASETEN_" | "CHAINGATE_" ) anything ( "KEY" | "TOKEN" | "SECRET" | "PASSWORD" ) */
static bool names_secret(struct text name)
{
	static const char *const ends[] = {"KEY", "TOKEN", "SECRET", "PASSWORD"};
	if (!text_starts_with(name, "BASETEN_") && !text_starts_with(name, "CHAINGATE_"))
		return false;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t length = strlen(ends[i]);
		if (name.length >= length && text_is(text_slice(name, name.length - length, name.length), ends[i]))
			return true;
	}
	return false;
}

void key_forget(void)
{
	for (char **entry = environ; entry && *entry; entry++) {
		char *sign = strchr(*entry, '=');
		if (sign && names_secret((struct text){*entry, (size_t)(sign - *entry)}))
			memory_wipe(sign + 1, strlen(sign + 1));
	}
}
