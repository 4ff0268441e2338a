/* trial_room.h - shared by the files of the trial room. Private to src/trial. */
#ifndef CHAINGATE_TRIAL_ROOM_H
#define CHAINGATE_TRIAL_ROOM_H

#include "chaingate/api.h"
#include "chaingate/policy.h"
#include "chaingate/trial.h"
#include "chaingate/yaml_values.h"

/* The chain_id, or model_id, of what a test shows of whatever is watched, and without an id. */
#define FALLBACK_CHAIN "chain"

/* One chain or model, or one environment of it, in one step: its listing, or why there is none. */
struct view_of_chain {
	enum target_kind kind;
	const struct yaml_node *node; /* where the test shows it */
	struct text chain;            /* empty: every chain; a model's is its name, never empty */
	struct text environment;      /* empty: the chain's list */
	const struct listing *listing;
	bool says_owner; /* something in the listing has its own chain_id or model_id, as in every answer of the API */
	struct miss miss;
};

struct step {
	int64_t at_ns;
	struct view_of_chain *views;
	size_t view_count;
	bool is_fault; /* its one view is of everything, environments too */
};

struct expectation {
	const struct yaml_node *verdict, *exit, *at, *errors, *rules; /* NULL: not given */
};

struct test {
	struct text name;
	const struct yaml_node *node;
	const struct yaml_node *policy_node;
	struct policy_request request;
	struct policy_target target; /* the test's; what it gives overrides the policy's */
	int64_t zero_wall_ns;
	struct step *steps;
	size_t step_count;
	struct expectation expect;
};

struct room {
	struct yaml_reader reader;
	const struct trial_files *files;
	struct trial_coverage_list *coverage;
};

/* ---- keys.c */
/* Reports each key of a mapping that isn't in the list, which ends with NULL. `what` is the mapping, such as "a step". */
void check_keys(struct room *, const struct yaml_node *, const char *what, const char *const *keys);

/* ---- body.c */
/* Reads the value of `deployments`: a path, a list, a body, or a mapping from chains to any of these or to faults.
 * False if and only if something was reported. */
bool read_views(struct room *, const struct yaml_node *, int64_t zero_wall_ns, struct step *out);
/* Reads the value of `models`, a mapping from the names of models to lists, bodies, paths or faults. Adds to the step's
 * views. False if and only if something was reported. */
bool read_models(struct room *, const struct yaml_node *, int64_t zero_wall_ns, struct step *out);
/* Reads the value of `environments`, or of models' `model_environments`, a mapping from names, or from CHAIN/NAME, to
 * answers about them: paths, mappings or faults. Adds to the step's views. False if and only if something was
 * reported. */
bool read_environments(struct room *, const struct yaml_node *, enum target_kind, int64_t zero_wall_ns,
		       struct step *out);
/* Reads `page: true` beside a list: the list is only a page, which counts as a miss. False if and only if something
 * was reported. */
bool read_page(struct room *, const struct yaml_node *, struct view_of_chain *out);
/* Reads a step that is a fault, or a fault of one chain or environment. Reports what doesn't go with it; the keys of a
 * step are checked elsewhere. */
bool read_fault(struct room *, const struct yaml_node *step, struct miss *out);
/* The newest created_at that a step shows; false if it shows none. */
bool newest_created(const struct step *, int64_t *out_wall_ns);

/* ---- load.c */
/* The tests of a file. NULL if and only if something was reported. */
struct test *load_tests(struct room *, size_t *count);
/* Loads a policy by path or inline. Its mistakes go to `refused`. */
const struct policy *load_policy(struct room *, const struct test *, struct diags *refused);
/* The file with the rules of the test's policy, for coverage. */
struct text policy_path(struct room *, const struct test *);

/* ---- compare.c */
/* Appends a line for each difference from what was expected. */
void compare(struct room *, const struct test *, const struct policy *, const struct diags *refused,
	     const struct gate_result *, struct buf *out);

#endif
