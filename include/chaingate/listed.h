/* listed.h - words for a message: what a chain's or a model's list has, when it doesn't have the requested deployment.
 *
 * The user should notice a mistyped environment or id at the first poll, not after waiting for an hour.
 */
#ifndef CHAINGATE_LISTED_H
#define CHAINGATE_LISTED_H

#include "chaingate/buf.h"
#include "chaingate/deployment.h"
#include "chaingate/selection.h"

/* For `now_wall_ns`: leaves out ages and statuses, so the phrase changes only when deployments or environments do. */
#define LISTED_AT_NO_TIME INT64_MIN

/* Appends a phrase such as "did you mean 'production'? The chain's environments are 'production' and 'staging'; the
 * chain's deployments are 'q86yjdy' (in 'staging', ACTIVE, 3h old) and 'w4xk2n9' (in no environment, FAILED, 12d old)".
 * `older`: how many deployments are left out only because of `since`. `now_wall_ns`: the current time, by the API's
 * clock if it is known. Names are the API's, made printable; long ones are cut. Of the answer about an environment:
 * "the current deployment of 'production' is 'q86yjdy' (…), and it has no candidate". */
void listed_add(struct buf *, const struct listing *, const struct selector *, size_t older, struct text chain_id,
		int64_t now_wall_ns);

/* The part about environments: "did you mean 'production'? The chain's environments are …". */
void listed_add_environments(struct buf *, const struct listing *, enum target_kind, struct text wanted,
			     struct text chain_id);

#endif
