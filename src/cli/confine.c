/* confine.c - see confine.h. */
#include "confine.h"

#include "chaingate/files.h"
#include "chaingate/places.h"
#include "chaingate/sandbox.h"

#include <stdlib.h>
#include <string.h>

struct places {
	struct arena *arena;
	const char **items;
	size_t count;
};

static void add_place(struct places *places, const char *path)
{
	if (!path || !*path || place_is_stdout(path))
		return;
	if (file_is_descriptor(path))
		places->items[places->count++] = path;
	places->items[places->count++] = place_resolved(places->arena, path);
}

/* Chains that are found later decide the names in the place of {target}: anything in the folder before it. */
static void add_order(struct places *places, const struct report_order *order)
{
	const char *mark = strstr(order->path, REPORT_TARGET_MARK);
	if (!mark) {
		add_place(places, order->path);
		return;
	}
	size_t length = (size_t)(mark - order->path);
	while (length > 0 && order->path[length - 1] != '/')
		length--;
	const char *folder = length ? arena_printf(places->arena, "%.*s", (int)length, order->path) : ".";
	places->items[places->count++] = arena_printf(places->arena, "%s/", place_resolved(places->arena, folder));
}

void confine(const struct invocation *invocation, const struct report_orders *orders, const char *file, bool is_step)
{
	if (option_is_given(invocation->line, OPTION_NO_SANDBOX)) {
		if (option_is_given(invocation->line, OPTION_VERBOSE))
			output_message(invocation->output, "sandbox: off: %s",
				       invocation->line->options[OPTION_NO_SANDBOX].spelling);
		return;
	}
	struct places places = {.arena = invocation->arena};
	places.items = ARENA_ARRAY(places.arena, const char *, 2 * ((orders ? orders->count : 0) + 3));
	for (size_t i = 0; orders && i < orders->count; i++)
		add_order(&places, &orders->items[i]);
	if (orders)
		add_place(&places, orders->recording);
	add_place(&places, file);
	if (is_step)
		add_place(&places, getenv("GITHUB_OUTPUT"));
	const char *words = sandbox_enter(places.arena, places.items, places.count);
	if (option_is_given(invocation->line, OPTION_VERBOSE))
		output_message(invocation->output, "sandbox: %s", words);
}
