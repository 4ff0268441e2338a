/* judge.c - see judge.h. */
#include "judge.h"

#include <json-c/json.h>
#include <stdio.h>
#include <string.h>

#define HOLE_MS (INTERVAL_MS * 7 / 2)
/* How much of a gap counts as watched time. */
#define COUNTED_MS (INTERVAL_MS * 3 / 2)

static const char *member(struct json_object *line, const char *key)
{
	struct json_object *value;
	return json_object_object_get_ex(line, key, &value) && value ? json_object_get_string(value) : "";
}

static int64_t number(struct json_object *line, const char *key)
{
	struct json_object *value;
	return json_object_object_get_ex(line, key, &value) ? json_object_get_int64(value) : -1;
}

static bool take_line(const char *text, size_t length, const char *path, enum nature nature, struct requests *requests)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *line = json_tokener_parse_ex(tokener, text, (int)length);
	bool is_one = line && number(line, "real_ms") >= 0;
	if (is_one && strcmp(member(line, "path"), path) == 0 && requests->count < REQUESTS_MAX) {
		size_t i = requests->count++;
		requests->sent_ms[i] = number(line, "real_ms");
		const char *fault = member(line, "fault");
		requests->is_true[i] = number(line, "status") == 200 && (nature == NATURE_HARMLESS || !*fault);
		bool is_copied = *fault && nature != NATURE_ABSENT; /* a 404 that is only a miss */
		requests->is_absent[i] =
			(number(line, "status") == 404 && !is_copied) || (nature == NATURE_EMPTY && *fault);
		requests->is_held[i] =
			strcmp(fault, "stall") == 0 || strcmp(fault, "silence") == 0 || strcmp(fault, "slow") == 0;
	}
	json_object_put(line);
	json_tokener_free(tokener);
	return is_one;
}

bool requests_read(const char *log, const char *chain, enum nature nature, struct requests *out)
{
	char path[100];
	snprintf(path, sizeof(path), "/v1/chains/%s/deployments", chain);
	out->count = 0;
	while (*log) {
		const char *end = strchr(log, '\n');
		if (!end || !take_line(log, (size_t)(end - log), path, nature, out))
			return false;
		log = end + 1;
	}
	return true;
}

/* Watched time so far, for conditions that must be met one after the other. */
struct stretch {
	bool has_begun;
	int64_t last_ms, watched_ms;
};

static void watch(struct stretch *stretch, int64_t at_ms, bool breaks)
{
	int64_t gap_ms = at_ms - stretch->last_ms;
	if (!stretch->has_begun || (breaks && gap_ms > HOLE_MS))
		stretch->watched_ms = 0;
	else
		stretch->watched_ms += gap_ms < COUNTED_MS ? gap_ms : COUNTED_MS;
	stretch->has_begun = true;
	stretch->last_ms = at_ms;
}

/* Goes through the requests. With `first`, returns the first that passes; otherwise whether the last one up to
 * `until_ms` passes. */
static int64_t judge(const struct requests *requests, int64_t until_ms, bool first, struct need need)
{
	struct stretch rest = {0}, judged = {0};
	bool is_stable = false, passes = false;
	for (size_t i = 0; i < requests->count && requests->sent_ms[i] <= until_ms; i++) {
		int64_t at_ms = requests->sent_ms[i];
		if (requests->is_held[i] && until_ms - at_ms < HELD_MS)
			continue;
		if (requests->is_absent[i]) {
			rest = judged = (struct stretch){0};
			is_stable = false;
		}
		passes = false;
		if (!requests->is_true[i] || at_ms < need.active_ms)
			continue;
		watch(&rest, at_ms, true);
		is_stable = is_stable || rest.watched_ms >= need.stable_ms;
		if (!is_stable)
			continue;
		watch(&judged, at_ms, !need.is_during);
		passes = rest.watched_ms >= need.stable_ms && judged.watched_ms >= need.judged_ms;
		if (passes && first)
			return at_ms;
	}
	return passes && !first ? 0 : -1;
}

int64_t first_pass_ms(const struct requests *requests, struct need need)
{
	return judge(requests, INT64_MAX, true, need);
}

bool may_pass_at(const struct requests *requests, int64_t sent_ms, struct need need)
{
	return judge(requests, sent_ms, false, need) == 0;
}
