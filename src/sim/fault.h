/* fault.h - the ways in which an answer goes wrong, and when.
 *
 * In a scenario a fault is a mapping:
 *
 *   - at: 30s                     # required: from this scenario time on
 *     for: 10s                    # default: for ever; not 0s
 *     path: /deployments          # default: every request; else those whose path, without query, contains this text
 *     count: 3                    # default: no limit; else at most this many requests, at least 1
 *     http: 503                   # the status, 200 to 599; a mistake with reset and silence. The body is then a
 *                                 # short JSON error, unless `text` or a kind other than truncated, stall and slow
 *                                 # gives another
 *     retry_after: 37             # a field of this JSON error; a mistake if that isn't sent
 *     retry_after_header: "37"    # the header Retry-After, sent verbatim
 *     headers: {X-Cache: MISS}    # added, also beside one of ours; but Content-Type replaces ours, and Content-Length
 *                                 # and Transfer-Encoding are mistakes
 *     text: 'upstream is away'    # the body, verbatim (text/plain); the status is 200 unless `http` is given. A
 *                                 # mistake with a kind other than truncated, stall and slow
 *     body: truncated             # any kind of fault, below; or `KIND: true`. Only one kind, in one of the two ways
 *
 * At least one of http, text, a kind, headers and retry_after_header is required. If several faults match a request,
 * the first in the file is used, and the request counts for this one alone. A fault whose `count` is used up is
 * skipped. Without `http` and `text` the true status is sent. If a fault has `headers` or
 * retry_after_header, none of the headers of `bodies` is sent.
 */
#ifndef CHAINGATE_SIM_FAULT_H
#define CHAINGATE_SIM_FAULT_H

#include "chaingate/text.h"
#include "chaingate/yaml.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fields_reader;

enum fault_kind {
	FAULT_NONE,      /* no kind is given: http, text and headers do what they say */
	FAULT_TRUNCATED, /* the Content-Length of the whole body, half of the body, then a closed connection */
	FAULT_RESET,     /* no byte of an answer: the connection is reset (RST) */
	FAULT_STALL,     /* headers and half of the body, then nothing, with the connection open */
	FAULT_SILENCE,   /* not even headers, with the connection open */
	FAULT_SLOW,      /* headers, then one byte of the body every second */
	FAULT_HUGE,      /* a list of deployments that never ends, without a Content-Length */
	FAULT_GARBAGE,   /* random bytes, from the scenario's seed */
	FAULT_HTML,      /* a proxy's page instead of JSON */
	FAULT_EMPTY,     /* a body of 0 bytes */
	/* The true body (one from `bodies` stays as it is), but with a second value: each status has first FAILED, then
	 * ACTIVE; a chain's name and a user's id are first empty. */
	FAULT_DUPLICATE_KEYS,
	FAULT_WRONG_TYPE, /* the true body (one from `bodies` stays as it is), but counts are strings, user_id a number */
	FAULT_KIND_COUNT
};

/* "truncated"; "none" for FAULT_NONE, which a scenario can't use. */
const char *fault_kind_name(enum fault_kind);

struct header {
	const char *name;
	const char *value;
};

struct fault {
	int64_t from_ns, until_ns; /* scenario time: from_ns included, until_ns not; INT64_MAX: for ever */
	struct text path;          /* empty: every path */
	int64_t count;             /* the limit; struct simulation counts the uses. INT64_MAX: no limit */
	enum fault_kind kind;
	unsigned int http; /* 0: not given */
	bool has_retry_after;
	int64_t retry_after_s;
	bool has_text;
	struct text text;
	const struct header *headers; /* retry_after_header is the last one */
	size_t header_count;
};

/* The readers report mistakes to the fields_reader's diags; texts and headers are in its arena or in the tree. False
 * if a value or a combination is wrong; then all outputs are unchanged. Not all mistakes of an item are reported.
 * fault_read reads one item of `faults`. It reports an unknown key as well, but that alone doesn't make it false. */
bool fault_read(struct fields_reader *, const struct yaml_node *, struct fault *out);

/* These three also read parts of items of `bodies`. headers_read reads the value of `headers` (NULL: there is none), a
 * mapping of names to values; if `retry_after` isn't NULL, a Retry-After with it, not copied, is added at the end. */
bool headers_read(struct fields_reader *, const struct yaml_node *, const char *retry_after, const struct header **out,
		  size_t *out_count);
bool http_status_read(struct fields_reader *, const struct yaml_node *, unsigned int *out);

/* From `at` (NULL: 0s) until `at` plus `duration`; INT64_MAX, for ever, if `duration` is NULL or the sum doesn't fit.
 * It is a mistake if `duration` is 0s, or if one of the two doesn't fit by itself. */
bool span_of_time_read(struct fields_reader *, const struct yaml_node *at, const struct yaml_node *duration,
		       int64_t *out_from_ns, int64_t *out_until_ns);

#endif
