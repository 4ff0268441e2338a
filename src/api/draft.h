/* draft.h - a deployment of the API while it is read, before it is known how much of it is kept.
 *
 * It is used by the list of a chain's deployments and by the answer about an environment, so that a deployment is
 * checked alike in both.
 */
#ifndef CHAINGATE_API_DRAFT_H
#define CHAINGATE_API_DRAFT_H

#include "chaingate/api.h"
#include "reader.h"

/* Most chainlets in an answer. The longest list it is designed for has 40,000. */
#define CHAINLETS_MAX 1000000

/* Limits for an answer with deployments. Values: for each chainlet 7, its settings 9, and some that are new to us.
 * Keys in the objects that are open at the same time: real answers have under 30. */
#define DRAFT_LIMITS ((struct json_limits){(size_t)20 * CHAINLETS_MAX, 10000})

struct chainlet_draft {
	struct chainlet chainlet;
	struct autoscaling_settings settings;
	bool has_settings;
};

/* Its texts are the reader's, until the next draft is read. Ready for use with nothing set but its owner; draft_release
 * frees what reading has allocated. */
struct draft {
	struct api_owner owner;     /* set before the first one is read */
	struct chainlet_draft only; /* what a model's deployment says of itself */
	struct deployment deployment;
	struct chainlet_draft *chainlets;
	size_t count, room;
	bool has_labels; /* the member is there, perhaps as null */
	bool has_too_many_labels;
	struct label *labels;
	size_t label_count, label_room;
};

void draft_release(struct draft *);

/* Reads a deployment that has just been entered, to its end. */
bool draft_read(struct reader *, const struct json_place *, struct draft *out);

/* Call after draft_read and reader_begin: json-c must read the same values. */
bool draft_confirm(struct reader *, const struct json_place *, struct draft *);
/* Like draft_confirm, for a deployment inside json-c's tree. */
bool draft_confirm_within(struct reader *, const struct json_place *, struct json_object *, struct draft *);

/* Copies the deployment into the arena, without its chainlets, as one that is_brief. `before`: the deployment before
 * it, or `{0}`; texts that both have are kept once. */
struct deployment draft_keep(struct arena *, const struct draft *, const struct deployment *before);
/* Copies its chainlets and labels; the chainlets' ordinals begin with `ordinal`. */
void draft_keep_chainlets(struct arena *, const struct draft *, size_t ordinal, struct deployment *out);

#endif
