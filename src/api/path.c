/* path.c - the paths of the API, with ids from outside percent-encoded. */
#include "chaingate/api.h"

#include "chaingate/buf.h"

/* Longest path, in bytes. Ids are far shorter, and servers accept less. */
#define PATH_MAX_BYTES ((size_t)1 << 20)

/* unreserved = letter | digit | "-" | "." | "_" | "~"	(RFC 3986) */
static bool is_unreserved(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
	       c == '_' || c == '~';
}

static bool is_only_dots(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] != '.')
			return false;
	return true;
}

static void add_segment(struct buf *buf, struct text segment)
{
	bool dots = is_only_dots(segment);
	for (size_t i = 0; i < segment.length; i++) {
		char c = segment.bytes[i];
		if (is_unreserved(c) && !dots)
			buf_add_byte(buf, c);
		else
			buf_printf(buf, "%%%02X", (unsigned)(unsigned char)c);
	}
}

const char *api_chains_path(enum target_kind kind)
{
	switch (kind) {
	case TARGET_MODEL: return "/v1/models";
	case TARGET_CHAIN:
	case TARGET_KIND_COUNT: break;
	}
	return "/v1/chains";
}

const char *api_whoami_path(void)
{
	return "/v1/users/me";
}

/* A path below a chain or model: "/v1/chains/ID/deployments", "/v1/models/ID/environments/NAME". */
static const char *path_below(struct arena *arena, enum target_kind kind, struct text chain_id, const char *what,
			      struct text name)
{
	struct buf buf = buf_make(PATH_MAX_BYTES);
	buf_add_string(&buf, api_chains_path(kind));
	buf_add_byte(&buf, '/');
	add_segment(&buf, chain_id);
	buf_add_string(&buf, what);
	if (name.length)
		buf_add_byte(&buf, '/');
	add_segment(&buf, name);
	const char *path = arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return path;
}

const char *api_deployments_path(struct arena *arena, enum target_kind kind, struct text chain_id)
{
	return path_below(arena, kind, chain_id, "/deployments", (struct text){0});
}

const char *api_environment_path(struct arena *arena, enum target_kind kind, struct text chain_id,
				 struct text environment)
{
	return path_below(arena, kind, chain_id, "/environments", environment);
}
