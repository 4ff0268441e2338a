/* status.h - the fourteen status words of the API, and their meaning for a rollout.
 *
 * The only table of statuses: words, classes, sentences. Other code compares enums, or two of the API's words, never a
 * word with a constant. Source: the API's reference and OpenAPI document, DeploymentStatusV1. All strings are
 * constants.
 */
#ifndef CHAINGATE_STATUS_H
#define CHAINGATE_STATUS_H

#include "chaingate/diag.h"
#include "chaingate/source.h"
#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Zero is any word that this version doesn't know. So two STATUS_UNKNOWN may be different statuses, although == says
 * they are equal. In rules, a comparison with one is unknown. */
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
	CLASS_NONE,        /* for a word that this version doesn't know */
	CLASS_IN_PROGRESS, /* BUILDING to DEACTIVATING, in the order above */
	CLASS_READY,       /* ACTIVE */
	CLASS_IDLE,        /* SCALED_TO_ZERO, INACTIVE */
	CLASS_UNHEALTHY,   /* UNHEALTHY */
	CLASS_FAILED,      /* BUILD_FAILED to FAILED */
	CLASS_COUNT
};

/* STATUS_UNKNOWN for any other word. Case-sensitive. */
enum status status_parse(struct text word);
const char *status_name(enum status); /* "ACTIVE"; "(unknown)" for STATUS_UNKNOWN */
enum status_class status_class(enum status);
const char *status_meaning(enum status); /* one sentence for people, also for STATUS_UNKNOWN */

/* CLASS_NONE for any other word. Case-sensitive. */
enum status_class status_class_parse(struct text word);
const char *status_class_name(enum status_class); /* "in_progress"; "(none)" for CLASS_NONE */

/* False for STATUS_UNKNOWN and for the class in progress. */
bool status_is_at_rest(enum status);

/* For suggestions: status_words has the fourteen statuses, status_class_words the five classes, in the order of the
 * enums. No NULL follows. */
const char *const *status_words(size_t *count);
const char *const *status_class_words(size_t *count);

/* Reports an error: no status is called `word`. Its hint names the status that was probably meant (for READY: ACTIVE),
 * or else says how to list all. The word is copied. */
void status_refuse(struct diags *, const struct source *, struct span, struct text word);

#endif
