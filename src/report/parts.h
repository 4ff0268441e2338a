/* parts.h - the reports of shards, which merge.c puts together: read, and compared with each other. Private to
 * src/report.
 *
 * Everything in them may be wrong: a part is only used if each field that is used was checked here.
 */
#ifndef CHAINGATE_REPORT_PARTS_H
#define CHAINGATE_REPORT_PARTS_H

#include "chaingate/merge.h"
#include "chaingate/times.h"

#include <json-c/json.h>

/* The jobs of one matrix start within this time, also if some wait for a runner. Reports that are further apart are those
 * of an earlier attempt that was left over. */
#define MERGE_APART_MAX_NS NS_PER_HOUR

/* No time in a report is longer: a run takes a week at most (WAIT_MAX_NS), and this is twice as long. Nanoseconds
 * below it are exact in a double. */
#define MERGE_TIME_MAX_S (2.0 * 7 * 24 * 3600)

/* One shard's report. */
struct part {
	const char *name;
	struct json_object *object; /* the document; the fields below are in it */
	struct json_object *targets, *events, *fleet, *run;
	size_t shard, shards;
	/* False: the list of chains never came, so nobody knows which targets it has. It never passed then. */
	bool is_listed;
	size_t whole;   /* targets of all shards, if it is listed */
	size_t *places; /* of its targets among those of all shards, ascending; if it isn't listed: after all of these */
	struct text
		*members; /* parallel to places: the number of its target, a space, the chain's id; if it is listed */
	struct text digest, tool, plan;
	enum verdict verdict; /* VERDICT_NONE: the shard has no chain */
	int64_t exit;
	int64_t start_ns, end_ns; /* by its job's wall clock */
};

struct merge {
	struct arena *arena;
	struct diags *diags;
	struct part *parts;
	size_t count;
};

#define HINT_AGAIN "run that shard again"

/* Reports a mistake, and returns false. The message must be in the arena. */
bool merge_refuse(struct merge *, const char *hint, const char *message);

/* NULL if it is absent, or of another type. */
struct json_object *merge_member(struct json_object *, const char *key, enum json_type);

/* Values of a report that was checked before: NULL, 0 or empty if there is none, or if it is null or of another type. */
struct json_object *merge_value(struct json_object *, const char *key);
size_t merge_length(struct json_object *array);
struct text merge_text(struct json_object *, const char *key);
int64_t merge_ns(struct json_object *, const char *key); /* given in seconds */
size_t merge_size(struct json_object *, const char *key);
bool merge_is_true(struct json_object *, const char *key);
enum verdict merge_verdict(struct json_object *); /* VERDICT_NONE: none, or an unknown word */

/* True for keys whose values are seconds from the run's start. */
bool merge_is_time(const char *key);

/* A member in seconds as nanoseconds. False unless it is a real number between -MERGE_TIME_MAX_S and MERGE_TIME_MAX_S. */
bool merge_seconds(struct json_object *, const char *key, int64_t *out_ns);

/* Reads a report. False if and only if a mistake was reported. The part owns the object, also then. */
bool part_read(struct merge *, struct part *, struct text content);

/* False if and only if a mistake was reported: the parts aren't of one run, or aren't all of its shards. Sorts them by
 * their shards. */
bool parts_compare(struct merge *);

#endif
