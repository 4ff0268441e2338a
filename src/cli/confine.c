/* confine.c - see confine.h. */
#include "confine.h"

#include "chaingate/files.h"
#include "chaingate/places.h"
#include "chaingate/sandbox.h"

#include <stdlib.h>
#include <string.h>

struct places {
	struct arena *arena;
	struct sandbox_place *items;
	size_t count;
};

static void add_place(struct places *places, const char *path, bool is_appended)
{
	if (!path || !*path || place_is_stdout(path))
		return;
	/* A descriptor's file is already open: neither its folder nor, for a pipe, /proc is needed. */
	places->items[places->count++] = (struct sandbox_place){
		file_is_descriptor(path) ? path : place_resolved(places->arena, path), is_appended};
}

/* Each name in the place of {target}, because behind it there may be a link. Chains that are found later have other
 * names: anything in the folder before it, for them. */
static void add_order(struct places *places, const struct report_orders *orders, const struct report_order *order)
{
	const char *mark = strstr(order->path, REPORT_TARGET_MARK);
	if (!mark) {
		add_place(places, order->path, order->appends);
		return;
	}
	for (size_t t = 0; t < orders->target_count; t++)
		add_place(places, report_order_path(places->arena, order, orders->target_names, t), false);
	size_t length = (size_t)(mark - order->path);
	while (length > 0 && order->path[length - 1] != '/')
		length--;
	const char *folder = length ? arena_printf(places->arena, "%.*s", (int)length, order->path) : ".";
	places->items[places->count++] = (struct sandbox_place){
		arena_printf(places->arena, "%s/", place_resolved(places->arena, folder)), false};
}

/* Each report has a folder before {target} and a place for each target; then the recording, the file and the outputs. */
static size_t room_for(const struct report_orders *orders)
{
	return (orders ? orders->count * (orders->target_count + 1) : 0) + 3;
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
	places.items = ARENA_ARRAY(places.arena, struct sandbox_place, room_for(orders));
	for (size_t i = 0; orders && i < orders->count; i++)
		add_order(&places, orders, &orders->items[i]);
	if (orders)
		add_place(&places, orders->recording, false);
	add_place(&places, file, false);
	if (is_step)
		add_place(&places, getenv("GITHUB_OUTPUT"), true);
	const char *words = sandbox_enter(places.arena, places.items, places.count);
	if (option_is_given(invocation->line, OPTION_VERBOSE))
		output_message(invocation->output, "sandbox: %s", words);
}
