/* body_owner.h - whose deployments the body of `eval` has: the chain or model that is judged, and the checks that it is
 * the wanted one. Otherwise the body of one would pass in another's name. */
#ifndef CHAINGATE_CLI_BODY_OWNER_H
#define CHAINGATE_CLI_BODY_OWNER_H

#include "chaingate/api.h"
#include "chaingate/diag.h"
#include "chaingate/policy.h"

struct body_owner {
	struct arena *arena; /* for working memory */
	enum target_kind kind;
	const struct listing *listing;
	struct api_said said; /* what the body says besides its list */
	struct diags *usage;  /* gets the errors */
};

/* The chain or model that is to be judged. */
struct body_wanted {
	struct text chain; /* its id, or its name or a glob over it; empty: the body's only one */
	bool is_id;        /* a URL gave it, so it is no name */
	bool is_option;    /* the command line gave it, not the policy */
};

/* The id of the chain or model that is judged. A body that says whose it is must say the wanted name. The API's own lists
 * don't: one is accepted for the name in a policy, but not for the name in an option. An empty list gives the wanted.
 * False with an error. */
bool body_owner_find(const struct body_owner *, const struct body_wanted *, struct text *out);

/* Checks that the policy's baseline, if it names a chain or model, is in the one with that id. NULL: there is no
 * baseline. False with an error. */
bool body_owner_has_baseline(const struct body_owner *, const struct policy_baseline *, const struct body_wanted *,
			     struct text id);

#endif
