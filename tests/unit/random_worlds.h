/* random_worlds.h - random snapshots with a baseline and a history, for properties that every rule must have. */
#ifndef CHAINGATE_TEST_RANDOM_WORLDS_H
#define CHAINGATE_TEST_RANDOM_WORLDS_H

#include "chaingate/buf.h"
#include "chaingate/rule.h"

#define SELECTED_MAX 3
#define BASELINE_AT SELECTED_MAX /* the index of the baseline's deployment, after the selected ones */
#define DEPLOYMENT_COUNT (SELECTED_MAX + 1)
#define CHAINLETS_MAX 4
#define NAME_COUNT 6
#define ORDINALS (DEPLOYMENT_COUNT * (NAME_COUNT + 1))
#define AT_NS (10 * NS_PER_MINUTE)
#define AT_WALL_NS (INT64_C(1786701600) * NS_PER_S)

struct world {
	struct deployment deployments[DEPLOYMENT_COUNT];
	struct chainlet chainlets[DEPLOYMENT_COUNT][NAME_COUNT];
	struct autoscaling_settings settings[DEPLOYMENT_COUNT][NAME_COUNT];
	bool has_settings[DEPLOYMENT_COUNT][NAME_COUNT];
	const struct deployment *selected[SELECTED_MAX];
	size_t order[SELECTED_MAX], count;
	bool has_baseline, has_history, only_failed;
	int64_t since_ns[ORDINALS];
	struct environment environments[DEPLOYMENT_COUNT]; /* by deployment: the one that may have shown it */
	struct listing listing;
	struct status_history history;
	struct view view;
};

/* Makes a random world. With EXTREME in `leave`, nothing overflows and no clock is wrong. */
void make_world(struct world *, unsigned leave);

/* The view of a world. Sets the world's pointers, so a copied world needs a view of its own. */
const struct view *view_of(struct world *);

/* Gives values to everything unknown, except one time in `left`; 0: no exception. */
void fill_world(struct world *, size_t left);
void fill_deployment(struct world *, size_t index, size_t left);
/* Adds the baseline and every counterpart in it. */
void complete_baseline(struct world *, size_t left);

/* Shuffles chainlets and deployments; changes nothing else. */
void permute_world(struct world *);

/* Prints a world for debugging. */
void add_world(struct buf *, const struct world *);

#endif
