/* fault.h - the ways in which an answer goes wrong, and when.
 *
 * In a scenario a fault is a mapping:
 *
 *   - at: 30s                     # from then on
 *     for: 10s                    # default: for ever
 *     path: /deployments          # default: every request; else only paths that contain this text
 *     count: 3                    # default: no limit; else at most this many requests
 *     http: 503                   # the status; alone, with a short JSON body
 *     retry_after: 37             # a field of that body
 *     retry_after_header: "37"    # the header Retry-After, sent verbatim
 *     headers: {X-Cache: MISS}    # added, or replacing ours
 *     text: 'upstream is away'    # the body, verbatim (text/plain)
 *     body: truncated             # what happens to the body or the connection; the same as `truncated: true`
 *
 * At least one of http, text, body (or the name of a kind as a key) is required. If several faults match a request,
 * the first in the file is used. A fault that is used up counts as absent.
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
	FAULT_NONE,           /* the status, the headers or the text only */
	FAULT_TRUNCATED,      /* half of the promised Content-Length, then the connection is closed */
	FAULT_RESET,          /* no byte of an answer: the connection is reset (RST) */
	FAULT_STALL,          /* headers and half of the body, then nothing, with the connection open */
	FAULT_SILENCE,        /* not even headers, with the connection open */
	FAULT_SLOW,           /* headers, then one byte of the body every second */
	FAULT_HUGE,           /* a list that never ends */
	FAULT_GARBAGE,        /* random bytes, from the scenario's seed */
	FAULT_HTML,           /* a proxy's page instead of JSON */
	FAULT_EMPTY,          /* a body of 0 bytes */
	FAULT_DUPLICATE_KEYS, /* the true body, with each status twice, the first being FAILED and the last ACTIVE */
	FAULT_WRONG_TYPE,     /* the true body, with its counts as strings */
	FAULT_KIND_COUNT
};

/* "truncated"; FAULT_NONE has no name. */
const char *fault_kind_name(enum fault_kind);

struct header {
	const char *name;
	const char *value;
};

struct fault {
	int64_t from_ns, until_ns;
	struct text path; /* empty: every path */
	int64_t count;    /* INT64_MAX: no limit */
	enum fault_kind kind;
	unsigned int http; /* 0: not given */
	bool has_retry_after;
	int64_t retry_after_s;
	bool has_text;
	struct text text;
	const struct header *headers;
	size_t header_count;
};

/* Reads one item of `faults`. False if it reported an error. */
bool fault_read(struct fields_reader *, const struct yaml_node *, struct fault *out);

/* Also used for `bodies`. Reads `headers:`, a mapping of names to values, and adds a Retry-After at the end if
 * `retry_after` isn't NULL. */
bool headers_read(struct fields_reader *, const struct yaml_node *, const char *retry_after, const struct header **out,
		  size_t *out_count);
bool http_status_read(struct fields_reader *, const struct yaml_node *, unsigned int *out);

/* From `at` (0s if NULL) to `at` plus `duration` (for ever if NULL). */
bool span_of_time_read(struct fields_reader *, const struct yaml_node *at, const struct yaml_node *duration,
		       int64_t *out_from_ns, int64_t *out_until_ns);

#endif
