/* listed.h - what a chain's list has where nothing of it is what somebody asked for: words for a message.
 *
 * A mistyped environment or id should be seen at the first poll, and not after an hour of waiting for it.
 */
#ifndef CHAINGATE_LISTED_H
#define CHAINGATE_LISTED_H

#include "chaingate/buf.h"
#include "chaingate/deployment.h"
#include "chaingate/selection.h"

/* No moment: what is said has neither ages nor statuses, and so stays the same while no other deployments and environments are listed. */
#define LISTED_AT_NO_TIME INT64_MIN

/* Appends a phrase such as "did you mean 'production'? The chain's environments are 'production' and 'staging'; the chain's deployments are 'q86yjdy'
 * (in 'staging', ACTIVE, 3h old) and 'w4xk2n9' (in no environment, FAILED, 12d old)". `older`: so many were left out
 * by `since` only. `now_wall_ns` is by the clock that dated the list. Names are
 * the API's, printable, and cut where they are long. */
void listed_add(struct buf *, const struct listing *, const struct selector *, size_t older, struct text chain_id,
		int64_t now_wall_ns);

/* The part about environments: "did you mean 'production'? The chain's environments are …". */
void listed_add_environments(struct buf *, const struct listing *, struct text wanted, struct text chain_id);

/* "45s old", "12m old", "5h old", "3d old". */
void listed_add_age(struct buf *, int64_t age_ns);

#endif
