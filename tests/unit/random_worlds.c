/* random_worlds.c - see random_worlds.h. */
#include "random_worlds.h"

#include "chaingate/times.h"
#include "random.h"
#include "random_rules.h"

#include <inttypes.h>
#include <string.h>

/* The last one contains a NUL, at which C's string functions stop. */
static const struct text names[NAME_COUNT] = {{"Gate", 4},      {"Router", 6},           {"Retriever", 9},
					      {"Generator", 9}, {"n\303\274l\n\"\\", 7}, {"a\0b", 3}};

const struct view *view_of(struct world *w)
{
	for (size_t i = 0; i < DEPLOYMENT_COUNT; i++) {
		w->deployments[i].chainlets = w->chainlets[i];
		w->deployments[i].shown_by = w->environments[i].name.length ? &w->environments[i] : NULL;
		for (size_t j = 0; j < NAME_COUNT; j++)
			w->chainlets[i][j].settings = w->has_settings[i][j] ? &w->settings[i][j] : NULL;
	}
	for (size_t i = 0; i < w->count; i++)
		w->selected[i] = &w->deployments[w->order[i]];
	w->listing = (struct listing){.deployments = w->deployments, .count = DEPLOYMENT_COUNT, .ordinals = ORDINALS};
	w->history = (struct status_history){.at_ns = AT_NS, .since_ns = w->since_ns};
	w->view = (struct view){
		.deployments = w->selected,
		.count = w->count,
		.history = w->has_history ? &w->history : NULL,
		.at_wall_ns = AT_WALL_NS,
		.only_failed = w->only_failed,
		.baseline = {.deployment = w->has_baseline ? &w->deployments[BASELINE_AT] : NULL,
			     .history = w->has_history ? &w->history : NULL},
	};
	return &w->view;
}

static int64_t random_count(void)
{
	static const int64_t counts[] = {0, 0, 1, 1, 2, 2, 3, 4, 70};
	return ONE_OF(counts);
}

static int64_t random_seconds(void)
{
	static const int64_t seconds[] = {0, 60, 60, 90, 300, 3600};
	return ONE_OF(seconds);
}

/* True once in `left` times: the caller then leaves something unknown. 0: never. */
static bool leaves(size_t left)
{
	return left && once_in(left);
}

static enum status random_status(size_t left)
{
	static const enum status telling[] = {STATUS_ACTIVE, STATUS_ACTIVE, STATUS_FAILED, STATUS_SCALED_TO_ZERO};
	if (leaves(left))
		return STATUS_UNKNOWN;
	return once_in(4) ? (enum status)(STATUS_UNKNOWN + 1 + below(STATUS_COUNT - 1)) : ONE_OF(telling);
}

static void fill_status(enum status *status, struct text *word, size_t left)
{
	if (*status == STATUS_UNKNOWN)
		*status = random_status(left);
	*word = *status == STATUS_UNKNOWN ? TEXT("PAUSED") : text_of(status_name(*status));
}

static void fill_optional(struct optional_integer *integer, size_t left, int64_t value)
{
	if (!integer->present && !leaves(left))
		*integer = (struct optional_integer){true, value};
}

static void fill_chainlet(struct world *w, size_t i, size_t j, size_t left)
{
	struct chainlet *chainlet = &w->chainlets[i][j];
	struct autoscaling_settings *s = &w->settings[i][j];
	fill_status(&chainlet->status, &chainlet->status_word, left);
	w->has_settings[i][j] = w->has_settings[i][j] || !leaves(left);
	fill_optional(&s->autoscaling_window_s, left, random_seconds());
	fill_optional(&s->scale_down_delay_s, left, random_seconds());
	fill_optional(&s->target_utilization_percentage, left, random_count());
	fill_optional(&s->target_in_flight_tokens, left, random_count());
	fill_optional(&s->max_scale_down_rate, left, random_count());
}

static void make_chainlet(struct world *w, size_t i, size_t j, size_t name, size_t left)
{
	static const char *const instances[] = {"H100:1x32x256", "H100:2x64x512", "CPU 1.5", ""};
	w->chainlets[i][j] = (struct chainlet){
		.id = names[(name + 1) % NAME_COUNT],
		.name = names[name],
		.instance_type_name = text_of(ONE_OF(instances)),
		.active_replica_count = random_count(),
		.ordinal = i * (NAME_COUNT + 1) + 1 + j,
	};
	w->settings[i][j] = (struct autoscaling_settings){
		.min_replica = random_count(), .max_replica = random_count(), .concurrency_target = random_count()};
	fill_chainlet(w, i, j, left);
}

void fill_deployment(struct world *w, size_t i, size_t left)
{
	struct deployment *deployment = &w->deployments[i];
	fill_status(&deployment->status, &deployment->status_word, left);
	if (!deployment->has_environment && !leaves(left)) {
		deployment->has_environment = true;
		deployment->environment = once_in(2) ? TEXT("staging") : TEXT("Router");
	}
	if (!w->environments[i].name.length && !leaves(left))
		w->environments[i] = (struct environment){.name = TEXT("staging"),
							  .candidate = once_in(2) ? TEXT("d1") : (struct text){0},
							  .redeploys = {true, once_in(2)}};
	for (size_t j = 0; j < deployment->chainlet_count; j++)
		fill_chainlet(w, i, j, left);
}

static void make_deployment(struct world *w, size_t i)
{
	static const char *const ids[DEPLOYMENT_COUNT] = {"d0", "d1", "d2", "base"};
	size_t first = below(NAME_COUNT);
	w->deployments[i] = (struct deployment){
		.id = text_of(ids[i]),
		.chain_id = TEXT("c1"),
		.created_at_wall_ns = AT_WALL_NS - random_seconds() * NS_PER_S,
		.chainlet_count = below(CHAINLETS_MAX + 1),
		.ordinal = i * (NAME_COUNT + 1),
	};
	for (size_t j = 0; j < w->deployments[i].chainlet_count; j++)
		make_chainlet(w, i, j, (first + j) % NAME_COUNT, 6);
	fill_deployment(w, i, 6);
}

/* Adds values that overflow, and wrong clocks. */
static void add_extremes(struct world *w)
{
	size_t i = below(DEPLOYMENT_COUNT), j = below(NAME_COUNT);
	if (once_in(8))
		w->chainlets[i][j].active_replica_count = INT64_MAX;
	if (once_in(8))
		w->settings[i][j].max_replica = INT64_MAX - 1;
	if (once_in(8) && w->settings[i][j].scale_down_delay_s.present)
		w->settings[i][j].scale_down_delay_s.value = INT64_MAX / NS_PER_S;
	if (once_in(8))
		w->deployments[i].created_at_wall_ns = once_in(2) ? INT64_MIN : AT_WALL_NS + NS_PER_S;
}

void make_world(struct world *w, unsigned leave)
{
	memset(w, 0, sizeof *w);
	for (size_t i = 0; i < DEPLOYMENT_COUNT; i++)
		make_deployment(w, i);
	for (size_t i = 0; i < SELECTED_MAX; i++)
		w->order[i] = i;
	for (size_t i = 0; i < ORDINALS; i++)
		w->since_ns[i] = AT_NS - random_seconds() * NS_PER_S / 10;
	w->count = once_in(8) ? 0 : 1 + below(SELECTED_MAX);
	w->has_baseline = !once_in(3);
	w->has_history = !once_in(3);
	w->only_failed = once_in(8);
	if (!(leave & EXTREME))
		add_extremes(w);
}

void complete_baseline(struct world *w, size_t left)
{
	struct deployment *baseline = &w->deployments[BASELINE_AT];
	w->has_baseline = true;
	view_of(w);
	for (size_t name = 0; name < NAME_COUNT; name++)
		if (!deployment_chainlet(baseline, names[name]))
			make_chainlet(w, BASELINE_AT, baseline->chainlet_count++, name, left);
}

void fill_world(struct world *w, size_t left)
{
	if (!leaves(left))
		complete_baseline(w, left);
	for (size_t i = 0; i < DEPLOYMENT_COUNT; i++)
		fill_deployment(w, i, left);
}

static void swap_bytes(void *a, void *b, size_t size)
{
	for (unsigned char *x = a, *y = b, kept; size > 0; size--, x++, y++) {
		kept = *x;
		*x = *y;
		*y = kept;
	}
}

void permute_world(struct world *w)
{
	for (size_t i = w->count; i > 1; i--)
		swap_bytes(&w->order[i - 1], &w->order[below(i)], sizeof w->order[0]);
	for (size_t d = 0; d < DEPLOYMENT_COUNT; d++)
		for (size_t i = w->deployments[d].chainlet_count; i > 1; i--) {
			size_t j = below(i);
			swap_bytes(&w->chainlets[d][i - 1], &w->chainlets[d][j], sizeof w->chainlets[0][0]);
			swap_bytes(&w->settings[d][i - 1], &w->settings[d][j], sizeof w->settings[0][0]);
			swap_bytes(&w->has_settings[d][i - 1], &w->has_settings[d][j], sizeof w->has_settings[0][0]);
		}
}

/* ---- printing a world ------------------------------------------------------------------------------------------- */

static void add_optional(struct buf *buf, struct optional_integer integer)
{
	if (integer.present)
		buf_printf(buf, " %" PRId64, integer.value);
	else
		buf_add_string(buf, " null");
}

static void add_chainlet(struct buf *buf, const struct world *w, const struct chainlet *chainlet)
{
	buf_add_string(buf, "\n       ");
	text_add_printable(buf, chainlet->name);
	buf_printf(buf, " (%.*s, id ", TEXT_ARG(chainlet->instance_type_name));
	text_add_printable(buf, chainlet->id);
	buf_printf(buf, ") %.*s for %" PRId64 "s, active %" PRId64 ", ", TEXT_ARG(chainlet->status_word),
		   (AT_NS - w->since_ns[chainlet->ordinal]) / NS_PER_S, chainlet->active_replica_count);
	const struct autoscaling_settings *s = chainlet->settings;
	buf_add_string(buf, s ? "settings" : "settings null");
	if (!s)
		return;
	buf_printf(buf, " %" PRId64 "..%" PRId64 " %" PRId64, s->min_replica, s->max_replica, s->concurrency_target);
	add_optional(buf, s->autoscaling_window_s);
	add_optional(buf, s->scale_down_delay_s);
	add_optional(buf, s->target_utilization_percentage);
	add_optional(buf, s->target_in_flight_tokens);
	add_optional(buf, s->max_scale_down_rate);
}

void add_world(struct buf *buf, const struct world *w)
{
	buf_printf(buf, "%s%s", w->has_history ? "" : " no history", w->only_failed ? " only_failed" : "");
	for (size_t i = 0; i < w->count + w->has_baseline; i++) {
		const struct deployment *deployment = i < w->count ? w->selected[i] : &w->deployments[BASELINE_AT];
		buf_printf(buf, "\n    %.*s %.*s for %" PRId64 "s, environment '%.*s', created at %" PRId64 "s",
			   TEXT_ARG(deployment->id), TEXT_ARG(deployment->status_word),
			   (AT_NS - w->since_ns[deployment->ordinal]) / NS_PER_S,
			   TEXT_ARG(deployment->has_environment ? deployment->environment : TEXT("null")),
			   deployment->created_at_wall_ns / NS_PER_S - AT_WALL_NS / NS_PER_S);
		if (deployment->shown_by)
			buf_printf(buf, "%s%s", deployment->shown_by->candidate.length ? ", promoting" : "",
				   deployment->shown_by->redeploys.value ? ", redeploys" : "");
		for (size_t j = 0; j < deployment->chainlet_count; j++)
			add_chainlet(buf, w, &deployment->chainlets[j]);
	}
	buf_add_string(buf, w->has_baseline ? "\n" : "\n    no baseline\n");
}
