/* console.c - see console.h. */
#include "console.h"

#include <string.h>

/* The API and the console of an installation have similar addresses: https://api.baseten.co, https://app.baseten.co.
 * The address of a simulator or a proxy doesn't lead to a console. */
#define API_PREFIX "https://api."
#define CONSOLE_PREFIX "https://app."

/* True if the text consists of letters, digits and the characters in `others`. */
static bool is_made_of(struct text text, const char *others)
{
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.bytes[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
		if (!letter && !(byte >= '0' && byte <= '9') && !(byte && strchr(others, byte)))
			return false;
	}
	return text.length > 0;
}

static bool is_plain(struct text id)
{
	return is_made_of(id, "-_");
}

/* "baseten.co" for "https://api.baseten.co/"; empty for an address of another form. */
static struct text host_of(const char *api_url)
{
	if (!api_url || strncmp(api_url, API_PREFIX, strlen(API_PREFIX)) != 0)
		return (struct text){0};
	struct text host = text_of(api_url + strlen(API_PREFIX));
	for (size_t i = 0; i < host.length; i++)
		if (host.bytes[i] == '/')
			host.length = i;
	return is_made_of(host, "-.:") ? host : (struct text){0};
}

const char *console_address(struct arena *arena, const struct report *report, const struct target_result *target,
			    const struct gate_lane *lane)
{
	struct text chain = target->chain_id;
	struct text host = host_of(report->api_url);
	if (!host.length || !lane || !is_plain(chain) || !is_plain(lane->deployment))
		return NULL;
	enum target_kind kind = target->target->selector.of;
	const char *logs = arena_printf(arena, CONSOLE_PREFIX "%.*s/%s/%.*s/logs/%.*s", TEXT_ARG(host),
					target_kind_plural(kind), TEXT_ARG(chain), TEXT_ARG(lane->deployment));
	if (!lane->chainlet.length || kind == TARGET_MODEL) /* a model's chainlet is the deployment itself */
		return logs;
	return is_plain(lane->chainlet_id) ? arena_printf(arena, "%s/%.*s", logs, TEXT_ARG(lane->chainlet_id)) : NULL;
}

const struct gate_lane *console_lane(const struct target_result *target, struct text deployment, struct text chainlet)
{
	for (size_t i = 0; i < target->lane_count; i++)
		if (text_equal(target->lanes[i].deployment, deployment) &&
		    text_equal(target->lanes[i].chainlet, chainlet))
			return &target->lanes[i];
	return NULL;
}
