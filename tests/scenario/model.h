/* model.h - a second, small implementation of the gate's rules in time, to compare the gate with.
 *
 * It shares no code with the gate. The gate keeps a state and updates it at each poll; the model keeps every poll, and
 * derives everything anew from all of them, in plain loops. It knows several targets, errors, refusals, not-found
 * answers, holes, moves, `within`, `tolerate`, `hold`, `during`, `when`, own deadlines and Retry-After. It doesn't know
 * baselines, `latest`, `since`, roles, `on_superseded`, a timeout of 0 s, and what only a live run has: jitter and
 * backoff.
 *
 * All times are whole seconds since the run's start.
 */
#ifndef CHAINGATE_TESTS_MODEL_H
#define CHAINGATE_TESTS_MODEL_H

#include "chaingate/verdict.h"

#include <stdbool.h>
#include <stddef.h>

#define MODEL_TARGETS_MAX 2
#define MODEL_RULES_MAX 3
#define MODEL_POLLS_MAX 64

/* One answer of the API about a chain. A chainlet is three characters: its status (A ACTIVE, L LOADING_MODEL, Z
 * SCALED_TO_ZERO, U UNHEALTHY, F FAILED, W WAKING_UP, ? an unknown word), its active replicas, and min_replica (-: null
 * settings). */
struct model_answer {
	const char *id; /* of the only deployment, in the environment; "": an empty list; "!": no list */
	char status;    /* the deployment's; without a list: M 503, D 429 with Retry-After, R 401, 4 404, T TLS */
	const char *chainlets; /* three characters each */
};

#define MODEL_RETRY_AFTER 25 /* seconds, of answer D */

struct model_rule {
	bool is_never;
	bool is_warning;
	/* 'a' all chainlets ACTIVE, 'z' all chainlets in [ACTIVE, SCALED_TO_ZERO], 'r' active_replica_count >=
	 * min_replica of all chainlets, 'u' any chainlet UNHEALTHY, 's' any chainlet SCALED_TO_ZERO */
	char about;
	char when;            /* one of these, too; 0: always */
	int within, tolerate; /* seconds */
	int lasts;            /* `hold` of an assert, `during` of a never, in seconds */
};

struct model_target {
	bool by_id;   /* selects deployment q1; else all of the environment */
	size_t chain; /* the index of its chain */
	int timeout;  /* seconds; the run's if it has none of its own */
};

struct model_plan {
	int interval, timeout, stable_for, zero_for, unhealthy_for, discover_for, unreachable_after; /* seconds */
	struct model_rule rules[MODEL_RULES_MAX];
	size_t rule_count;
	struct model_target targets[MODEL_TARGETS_MAX];
	size_t target_count;
};

struct model_result {
	enum verdict verdict; /* of the run */
	int at;               /* when the run ended */
	enum verdict targets[MODEL_TARGETS_MAX];
	int targets_at[MODEL_TARGETS_MAX]; /* when each got its verdict; not set for one that passed */
};

/* `told[chain]` has `count` answers: poll number n of the chain gets the n-th, and later polls the last. */
struct model_result model_run(const struct model_plan *, const struct model_answer *const *const *told, size_t count);

#endif
