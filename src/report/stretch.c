/* stretch.c - how long a target was at rest, and how much of that time was watched.
 *
 * A reader must see whether the gate missed a part of that time.
 */
#include "words.h"

#include "chaingate/times.h"

bool stretch_has_gaps(const struct gate_stretch *stretch)
{
	return stretch->polls && (stretch->misses || stretch->watched_ns < stretch->until_ns - stretch->since_ns);
}

/* In whole seconds, if it is at least one. */
static void add_short(struct buf *buf, int64_t ns)
{
	duration_add(buf, ns >= NS_PER_S ? ns - ns % NS_PER_S : ns - ns % NS_PER_MS);
}

void add_watched(struct buf *buf, const struct gate_stretch *stretch)
{
	buf_add_string(buf, ", ");
	add_short(buf, stretch->watched_ns);
	buf_add_string(buf, " of it watched");
}

void add_stretch(struct buf *buf, const struct target_result *target)
{
	const struct gate_stretch *stretch = &target->stretch;
	int64_t lasted_ns = stretch->until_ns - stretch->since_ns;
	if (!stretch->polls)
		return;
	buf_add_string(buf, target->stable ? "stable for " : "at rest for ");
	add_short(buf, lasted_ns);
	if (stretch->watched_ns < lasted_ns)
		add_watched(buf, stretch);
	else
		buf_add_string(buf, ", all of it watched");
	buf_add_string(buf, "; ");
	if (stretch->misses)
		buf_printf(buf, "%zu of ", stretch->misses);
	else
		buf_add_string(buf, "none of ");
	add_counted(buf, stretch->polls, "poll");
	buf_add_string(buf, " failed");
}
