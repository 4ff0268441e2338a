/* status.h - the fourteen status words of the API, and their meaning for a rollout.
 *
 * The only table of statuses: words, classes, sentences. No other code compares status words. Source: the API's
 * reference and OpenAPI document, DeploymentStatusV1.
 */
#ifndef CHAINGATE_STATUS_H
#define CHAINGATE_STATUS_H

#include "chaingate/diag.h"
#include "chaingate/source.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Zero is a word that this version doesn't know: never at rest, never equal to anything, not even to itself. */
enum status {
	STATUS_UNKNOWN,
	STATUS_BUILDING,
	STATUS_DEPLOYING,
	STATUS_LOADING_MODEL,
	STATUS_UPDATING,
	STATUS_WAKING_UP,
	STATUS_DEACTIVATING,
	STATUS_ACTIVE,
	STATUS_SCALED_TO_ZERO,
	STATUS_INACTIVE,
	STATUS_UNHEALTHY,
	STATUS_BUILD_FAILED,
	STATUS_BUILD_STOPPED,
	STATUS_DEPLOY_FAILED,
	STATUS_FAILED,
	STATUS_COUNT
};

enum status_class {
	CLASS_NONE, /* for a word that this version doesn't know */
	CLASS_IN_PROGRESS,
	CLASS_READY,
	CLASS_IDLE,
	CLASS_UNHEALTHY,
	CLASS_FAILED,
	CLASS_COUNT
};

/* STATUS_UNKNOWN for any other word. Case-sensitive. */
enum status status_parse(struct text word);
const char *status_name(enum status); /* "ACTIVE"; "(unknown)" for STATUS_UNKNOWN */
enum status_class status_class(enum status);
const char *status_meaning(enum status); /* one sentence for people */

/* CLASS_NONE for any other word. */
enum status_class status_class_parse(struct text word);
const char *status_class_name(enum status_class); /* "in_progress" */

/* True if nothing changes any more by itself: every known status but those in progress. */
bool status_is_at_rest(enum status);

/* All fourteen words, and all five class words, for suggestions. */
const char *const *status_words(size_t *count);
const char *const *status_class_words(size_t *count);

/* Reports that no status has this name, and which one is similar. */
void status_refuse(struct diags *, const struct source *, struct span, struct text word);

#endif
