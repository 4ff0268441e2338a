/* progress.c - lines during a run: one when something changes, one when nothing has changed for a while. */
#include "words.h"

#include "chaingate/times.h"

#include <inttypes.h>

static void begin(struct buf *buf, int64_t at_ns, const struct gate_target *target)
{
	duration_add_clock(buf, at_ns);
	buf_add_string(buf, "  ");
	add_target_name(buf, target);
	buf_add_string(buf, "  ");
}

/* "2.1s" */
static void add_tenths(struct buf *buf, int64_t ns)
{
	int64_t tenths = ns > 0 ? (ns + NS_PER_S / 20) / (NS_PER_S / 10) : 0;
	buf_printf(buf, "%" PRId64 ".%" PRId64 "s", tenths / 10, tenths % 10);
}

static void add_miss_line(struct buf *buf, const struct target_result *target, const struct gate_event *event,
			  int64_t retry_at_ns)
{
	duration_add_clock(buf, event->at_ns);
	buf_add_string(buf, "  api  ");
	add_miss(buf, &event->miss);
	if (retry_at_ns != INT64_MAX && retry_at_ns > event->at_ns && target->verdict == VERDICT_NONE) {
		buf_add_string(buf, ", retrying in ");
		add_tenths(buf, retry_at_ns - event->at_ns);
	}
	if (miss_class(&event->miss) == MISS_TRANSIENT) {
		buf_add_string(buf, " (no answer for ");
		duration_add_clock(buf, event->at_ns - target->last_answer_ns);
		buf_add_string(buf, ", unreachable after ");
		duration_add(buf, target->wait->unreachable_after_ns);
		buf_add_byte(buf, ')');
	}
	buf_add_byte(buf, '\n');
}

/* An unknown word is quoted, because it could be one of ours. */
static void add_word(struct buf *buf, struct text word)
{
	if (status_parse(word) == STATUS_UNKNOWN)
		text_add_quoted(buf, word, 0);
	else
		text_add_printable(buf, word);
}

static void add_status(struct buf *buf, const struct gate_event *event)
{
	if (event->chainlet.length) {
		text_add_printable(buf, event->chainlet);
	} else {
		buf_add_string(buf, "deployment ");
		text_add_printable(buf, event->deployment);
	}
	buf_add_string(buf, "  ");
	if (event->from.length) {
		add_word(buf, event->from);
		buf_add_string(buf, " -> ");
	}
	if (event->to.length)
		add_word(buf, event->to);
	else
		buf_add_string(buf, "gone");
}

static void add_rule(struct buf *buf, const struct gate_event *event)
{
	static const char *const words[] = {[FINDING_OPEN] = "is unknown",
					    [FINDING_HOLDS] = "holds",
					    [FINDING_VIOLATED] = "does not hold",
					    [FINDING_SKIPPED] = "is skipped"};
	buf_add_string(buf, "rule '");
	text_add_printable(buf, event->rule->name);
	bool violated = event->rule->kind == RULE_NEVER && event->finding == FINDING_VIOLATED;
	buf_printf(buf, "' %s", event->is_final ? "fails" : violated ? "is violated" : words[event->finding]);
}

void add_event(struct buf *buf, const struct target_result *target, const struct gate_event *event)
{
	switch (event->kind) {
	case EVENT_SELECTED:
		buf_add_string(buf, event->to.length ? "selected: " : "nothing is selected");
		text_add_printable(buf, event->to);
		if (event->listed.length)
			buf_add_string(buf, ": ");
		text_add_printable(buf, event->listed);
		break;
	case EVENT_RECOVERED:
		buf_add_string(buf, "the API answers again, after ");
		add_counted(buf, event->count, "error");
		break;
	case EVENT_STABLE:
		buf_add_string(buf, "stable; judging ");
		add_counted(buf, target->target->rule_count, "rule");
		break;
	case EVENT_MOVED:
		buf_add_string(buf, "not stable any more: ");
		text_add_printable(buf, event->to);
		break;
	case EVENT_SUPERSEDED:
		buf_add_string(buf, "a newer deployment is listed: ");
		text_add_printable(buf, event->to);
		break;
	case EVENT_NOTE:
		buf_add_string(buf, "note: ");
		text_add_printable(buf, event->to);
		break;
	case EVENT_VERDICT: buf_add_string(buf, verdict_name(event->verdict)); break;
	case EVENT_STATUS: add_status(buf, event); break;
	case EVENT_RULE: add_rule(buf, event); break;
	case EVENT_MISS: add_miss(buf, &event->miss); break;
	}
}

void progress_event(struct buf *buf, const struct target_result *target, const struct gate_event *event,
		    int64_t retry_at_ns)
{
	if (event->kind == EVENT_MISS) {
		add_miss_line(buf, target, event, retry_at_ns);
		return;
	}
	begin(buf, event->at_ns, target->target);
	add_event(buf, target, event);
	buf_add_byte(buf, '\n');
}

void progress_waiting(struct buf *buf, const struct target_result *target, int64_t now_ns)
{
	begin(buf, now_ns, target->target);
	waiting_phrase(buf, target, now_ns);
	buf_add_byte(buf, '\n');
}

void progress_others(struct buf *buf, size_t waiting, size_t passing, int64_t now_ns)
{
	duration_add_clock(buf, now_ns);
	buf_printf(buf, "  and %zu more wait%s, %zu pass%s so far\n", waiting, waiting == 1 ? "s" : "", passing,
		   passing == 1 ? "es" : "");
}
