/* scenario.h - a scenario file as data: what the simulated API does, and when.
 *
 * A scenario is read once, checked as a whole, and never changes. What has happened since (requests counted, faults
 * used up) is in struct simulation (answer.h). Nothing here knows a clock or a socket: every function takes the
 * time.
 *
 * Scenario time begins at 0 with the first request, and runs `speed` times as fast as the clock. All times in a file
 * are scenario times, written as durations (90s, 1m30s, 500ms), except for the negative ones of `created_at`.
 *
 *   api_key: simulator-key         # default simulator-key
 *   speed: 20                      # default 1; decimals allowed, 0.001 to 10000
 *   rate_limit: 100                # default 100: requests per endpoint and real second, then 429
 *   seed: 1                        # default 1: for the random bytes of `garbage`
 *   chains:                        # id and name; team, created_at
 *   models:                        # likewise; one of both lists at least
 *   deployments:                   # id, chain, chainlets; environment, status, created_at, listed; or id, model and
 *                                  # what else a chainlet has, is_development, labels, name
 *   environments:                  # chain or model, name; current, candidate (timelines of deployment ids), created_at,
 *                                  # redeploys, promotion_takes; of a model also promotion and traffic (timelines)
 *   bodies:                        # chain or model, at, file or text; for, status, headers
 *   faults:                        # at, and what it is; for, path, count
 *
 * A timeline is a value that may change: either the value alone, or a mapping from moments to values, in ascending
 * order. A value holds until the next moment. Before the first moment an environment and settings are null, a
 * replica count is 0, and a deployment isn't listed; statuses begin at 0s. README.md beside this file is the manual.
 */
#ifndef CHAINGATE_SIM_SCENARIO_H
#define CHAINGATE_SIM_SCENARIO_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/source.h"
#include "chaingate/target_kind.h"
#include "chaingate/text.h"
#include "fault.h"
#include "settings.h"
#include "timeline.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Highest speed: a day in under nine seconds. At higher speeds, whole stages would pass during the milliseconds of a
 * poll. */
#define SPEED_MAX 10000
/* Largest file of `bodies`: four times a client's default limit, so that the limit can be tested. */
#define SCENARIO_BODY_MAX ((size_t)256 << 20)

/* When something was created: a scenario time, a real time before the start (negative), or a moment of the calendar
 * (nanoseconds since 1970). */
struct creation {
	bool is_wall;
	int64_t ns;
};

/* A chain or a model. */
struct sim_chain {
	enum target_kind kind;
	struct text id;
	struct text name;
	struct text team;
	struct creation created;
};

struct sim_chainlet {
	struct text id;
	struct text name;
	struct text instance_type_name;
	bool has_no_instance_type; /* null; only a model's */
	struct timeline settings;  /* null or settings */
	struct timeline status;    /* any word */
	bool has_replicas;         /* otherwise derived, see state.h */
	struct timeline replicas;
};

struct sim_deployment {
	struct text id;
	const struct sim_chain *chain;
	struct creation created;
	struct timeline environment; /* null or a name */
	struct timeline listed;
	bool has_status; /* otherwise derived from the chainlets, see state.h */
	struct timeline status;
	const struct sim_chainlet *chainlets; /* of a model's deployment one, with what it says of itself */
	size_t chainlet_count;
	struct text own_name; /* of a model's deployment */
	bool is_development;
	struct text labels; /* of a model's, as JSON; empty: the API sends null */
};

struct sim_environment {
	struct text name;
	const struct sim_chain *chain;
	struct creation created;
	struct timeline current; /* null or a deployment's id */
	struct timeline candidate;
	const struct sim_deployment *copy;  /* the deployment that a promotion to it creates, or NULL */
	struct timeline promotion, traffic; /* of a model: the words of its in_progress_promotion, or null; the percents
					    * of the traffic */
	int64_t promotion_takes_ns;         /* how long the promoted deployment is only its candidate */
};

/* Sent verbatim instead of a chain's list of deployments. If several are in force, the one that began last is sent. */
struct sim_body {
	const struct sim_chain *chain;
	int64_t from_ns, until_ns;
	struct text bytes;
	unsigned int status;
	const struct header *headers;
	size_t header_count;
};

struct scenario {
	struct text api_key;
	int64_t speed_milli; /* thousandths */
	int64_t rate_limit;
	uint64_t seed;
	const struct sim_chain *chains; /* and models */
	size_t chain_count;
	const struct sim_deployment *deployments;
	size_t deployment_count;
	const struct sim_environment *environments;
	size_t environment_count;
	const struct sim_body *bodies;
	size_t body_count;
	const struct fault *faults;
	size_t fault_count;
};

/* Reads the files that a scenario names; false with *why. The path is as written in the scenario. */
struct file_reader {
	bool (*read)(void *context, struct arena *, const char *path, struct text *out, const char **why);
	void *context;
};

/* Reads a scenario. NULL if and only if an error was reported; all mistakes of the file are reported. The scenario
 * refers to the arena and to the source's text. */
const struct scenario *scenario_parse(struct arena *, const struct source *, struct file_reader, struct diags *);

/* The scenario time after this much real time, saturating. */
int64_t scenario_time(const struct scenario *, int64_t real_ns);

/* The last moment at which the scenario changes by itself: 0 if it never does. */
int64_t scenario_last_change(const struct scenario *);

const struct sim_chain *scenario_chain(const struct scenario *, enum target_kind, struct text id);
const struct sim_deployment *scenario_deployment(const struct scenario *, struct text id);

#endif
