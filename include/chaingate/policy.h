/* policy.h - reads a policy file: what to watch, how long to wait, and the rules.
 *
 * Loading checks everything that can be checked without a deployment, and reports all mistakes of the file. A loaded
 * policy can be used without further checks. Defaults are filled in here, and only here.
 */
#ifndef CHAINGATE_POLICY_H
#define CHAINGATE_POLICY_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/rule.h"
#include "chaingate/selection.h"
#include "chaingate/source.h"
#include "chaingate/status.h"
#include "chaingate/times.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The defaults of `wait`; fail_fast is true. Builds take 3 to 45 minutes and start-ups 1 to 50: an hour is enough for
 * nearly all. */
#define WAIT_TIMEOUT_DEFAULT_NS NS_PER_HOUR
/* The interval that the vendor's GitHub Action uses; the API allows far shorter ones. */
#define WAIT_INTERVAL_DEFAULT_NS (10 * NS_PER_S)
/* Three intervals: at least four polls in a row agree. */
#define WAIT_STABLE_FOR_DEFAULT_NS (30 * NS_PER_S)
/* New deployments were seen to be SCALED_TO_ZERO for up to 51 s before they loaded. */
#define WAIT_STABLE_FOR_SCALED_TO_ZERO_DEFAULT_NS (90 * NS_PER_S)
/* UNHEALTHY may recover, usually within minutes. */
#define WAIT_STABLE_FOR_UNHEALTHY_DEFAULT_NS (5 * NS_PER_MINUTE)
/* A new deployment can be missing from the list for some seconds. */
#define WAIT_DISCOVER_FOR_DEFAULT_NS NS_PER_MINUTE
/* A short outage of the API shouldn't end a gate of 40 minutes. */
#define WAIT_UNREACHABLE_AFTER_DEFAULT_NS (3 * NS_PER_MINUTE)

/* Shortest interval: with a shorter one a gate would be a load test. */
#define WAIT_INTERVAL_MIN_NS (100 * NS_PER_MS)
/* Longest duration in a policy: a gate that waits longer than a week is a mistake. */
#define WAIT_MAX_NS (7 * 24 * NS_PER_HOUR)

/* The keys of `wait`, as indices. */
enum wait_key {
	WAIT_TIMEOUT,
	WAIT_INTERVAL,
	WAIT_STABLE_FOR,
	WAIT_STABLE_FOR_STATUS,
	WAIT_DISCOVER_FOR,
	WAIT_UNREACHABLE_AFTER,
	WAIT_FAIL_FAST,
	WAIT_KEY_COUNT
};

const char *policy_wait_key_name(enum wait_key); /* "stable_for" */

struct policy_wait {
	int64_t timeout_ns;  /* 0: each target gets one observation */
	int64_t interval_ns; /* between two polls */
	int64_t stable_for_ns;
	int64_t stable_for_status_ns[STATUS_COUNT]; /* instead of stable_for_ns while something has the status, if it is
						     * longer; 0: the status has no time of its own */
	int64_t discover_for_ns;                    /* how long the deployment or its chain may be missing */
	int64_t unreachable_after_ns;               /* how long the API may give no answer */
	bool fail_fast; /* fail as soon as items with a failed status alone make an assert false */
};

struct policy_wait policy_wait_default(void);

/* SEVERITY_ERROR is zero, so that a severity that was never set can't weaken a rule. */
enum rule_severity { SEVERITY_ERROR, SEVERITY_WARNING };

const char *rule_severity_name(enum rule_severity);

enum rule_kind { RULE_ASSERT, RULE_NEVER };

/* A rule's result if its selection is empty (if_empty), or if a counterpart in the baseline is missing (if_missing). */
enum rule_fallback {
	FALLBACK_DEFAULT, /* not given: the language's own result */
	FALLBACK_UNKNOWN,
	FALLBACK_PASS, /* if_empty only */
	FALLBACK_FAIL,
	FALLBACK_SKIP, /* if_missing only */
};

const char *rule_fallback_name(enum rule_fallback); /* "skip"; NULL for FALLBACK_DEFAULT */

struct policy_rule {
	struct text name; /* unique in its target. Default: the rule's own text; of a `never`, with "never " before */
	struct text message; /* what to do if the rule doesn't pass; may be empty */
	enum rule_severity severity;
	enum rule_kind kind;
	const struct rule *expression; /* the expression of `assert` or `never` */
	const struct rule *when;       /* NULL: always */
	int64_t within_ns, hold_ns;    /* of an assert. within_ns: how long it may be false after the target is stable.
					* hold_ns: how long it must have been true, without a break, at the verdict */
	int64_t tolerate_ns;           /* how long one violation may last: a false assert, a true never */
	int64_t during_ns;             /* of a never: how long it is watched after the target is stable */
	enum rule_fallback if_empty, if_missing;
	const struct source *source; /* the file */
	struct span span;            /* where the rule's text is in the file */
	size_t line;                 /* the line on which the rule's text begins, from 1 */
};

/* The deployment that rules may compare with: the selector must match exactly one. */
struct policy_baseline {
	bool given;
	const struct source *source; /* the file that gives it; NULL: the command line does */
	struct span span;            /* where it is in the file */
	struct text chain;           /* id or name; empty: the target's own */
	bool chain_is_id;            /* as in struct policy_target */
	struct selector selector; /* its `of` says what `chain` is; before the plan is made, only if there is a chain */
	struct text chain_from, pasted, pasted_from; /* as in struct policy_target */
	enum target_kind pasted_of;
};

/* The target has no timeout of its own: longer than any. */
#define TARGET_TIMEOUT_NONE INT64_MAX

/* The parameters with which the rules of one policy's file were parsed: the policy's own, over them the target's, over
 * both --set. */
struct policy_params {
	const struct source *source;
	const struct param *items;
	size_t count;
};

/* A target. Chain and selector may be absent; the command line gives them then. */
struct policy_target {
	struct text name;       /* its key in `targets`; empty if the policy doesn't have `targets` */
	struct span span;       /* where it is in the file; empty if it isn't */
	struct text chain;      /* id or name of the chain or, by the selector's `of`, the model; empty: not given */
	bool chain_is_id;       /* it was read from an address, so it is never taken for a name */
	struct text chain_url;  /* the address itself, for messages; empty: it was read from none, or is implied */
	bool chain_is_implied;  /* by the address of a deployment; a chain that is given explicitly overrides it */
	struct text chain_from; /* where the chain is given: "--chain", "policy.yaml:3"; empty: nowhere */
	struct selector selector;
	bool has_role;      /* the selector's role was given */
	struct text pasted; /* the chain's id in the address that was given as the deployment; empty: no address … */
	struct text pasted_from;    /* … and where the address is given */
	enum target_kind pasted_of; /* … and what it is the id of */
	bool fail_on_superseded;    /* on_superseded: fail */
	struct policy_baseline baseline;
	int64_t timeout_ns; /* its own wait.timeout; TARGET_TIMEOUT_NONE: it has none, and the run's applies */
	const struct policy_rule *rules;    /* the policy's and the target's own, parsed with the target's params and
					  * baseline */
	size_t rule_count;                  /* at least 1, and at least 1 of severity error */
	const struct policy_params *params; /* for each policy that gives it rules, in their order */
	size_t params_count;
};

struct policy {
	const struct source *source;
	struct text name;        /* default: the file's base name without its extension */
	struct text description; /* may be empty */
	const struct policy_target *targets;
	size_t target_count; /* at least 1 */
	bool has_targets;    /* `targets` was given, so the targets have names */
	struct policy_wait wait;
	/* Where each key of `wait` is, and in which policy's file; empty and NULL: not given. */
	struct span given[WAIT_KEY_COUNT];
	const struct source *given_in[WAIT_KEY_COUNT];
	const struct param *params; /* the policy's own params, in its order, after --set */
	size_t param_count;
};

/* `--set NAME=VALUE`: the value of a parameter from the command line. */
struct policy_setting {
	struct text name;
	struct excerpt value; /* parsed as a literal; if the parameter's default is a string, taken literally */
	bool used;            /* set when a policy has the parameter */
	bool is_refused;      /* set when a mistake in the value was reported */
};

/* The parts of the command line that are needed to read a policy. `{0}` means none. */
struct policy_request {
	struct policy_setting *settings;
	size_t setting_count;
	const struct policy_baseline *baseline; /* overrides the policy's; or NULL */
	bool has_timeout;                       /* `timeout_ns` overrides the timeout of the policy's run */
	int64_t timeout_ns;
};

/* Loads a policy. NULL if and only if an error was reported; warnings (lint) may be reported in either case. Sorts the
 * whole list of diagnostics (diags_sort). The source must outlive the policy. The caller reports settings whose `used`
 * is still false after all policies, but only if all could be loaded: a policy with a mistake may not have set it. */
const struct policy *policy_load(struct arena *, const struct source *, struct policy_request *, struct diags *);

/* The timeout that a policy gives itself, if it can be read; whatever is wrong is left to policy_load. If
 * several policies are joined, the one that sets a timeout sets it for all. */
bool policy_own_timeout(struct arena *, const struct source *, int64_t *out_ns);

/* Like policy_load, for a policy that is a part of a file: `root` is its mapping. */
struct yaml_node;
const struct policy *policy_load_node(struct arena *, const struct source *, const struct yaml_node *root,
				      struct policy_request *, struct diags *);

/* Loads a single `target:` mapping, for files that have one outside of a policy. Mistakes are reported to the reader's
 * diags. `out` must be zeroed before; afterwards it has the keys that could be read, also if there was a mistake.
 * Rules, baseline and timeout_ns stay zero. */
struct yaml_reader;
void policy_target_load(const struct yaml_reader *, const struct yaml_node *, struct policy_target *out);

/* Joins one or more policies into one: each target gets the rules of all. If one policy has `targets`, no other may
 * have `targets` or a `target`. Policies that have a `target` must have the same one, policies that have a baseline the
 * same one, and policies that give a key of `wait` the same value. No two may have a rule of the same name. Name and
 * description are the first policy's, params those of all. The result refers to the policies' parts; of a single policy
 * it is that policy. NULL if and only if an error was reported. */
const struct policy *policy_join(struct arena *, const struct policy *const *, size_t count, struct diags *);

/* `wait`: the waiting times in effect. Warns if stable_for, discover_for, or a time of a rule, can't end before the
 * timeout. Also warns if an assert without `within` and `hold` demands that a status has lasted longer than
 * stable_for. */
void policy_suspect_times(const struct policy *, const struct policy_wait *, struct diags *);

/* Warns of rules and baselines that say less than was probably meant, of the targets in effect: the policy's own, or
 * those that the command line selects. */
void policy_suspect_targets(const struct policy *, const struct policy_target *, size_t count, struct diags *);

/* Gives the same warnings for the policy's own targets and times, and one that only `lint` gives: that a target needs
 * --since. Sorts the list (diags_sort). */
void policy_suspect(const struct policy *, struct diags *);

/* The files that the rules were read from, each once, in the rules' order. Returns their number. */
size_t policy_sources(struct arena *, const struct policy *, const struct source *const **out);

/* Files, each once, in the order in which they were added. `{.arena = …}` is empty. */
struct source_list {
	struct arena *arena;
	const struct source **items;
	size_t count, room;
};
void source_list_add(struct source_list *, const struct source *);

/* The most similar parameter name, for a setting that no policy uses; NULL if none is similar. */
const char *policy_nearest_param(struct arena *, const struct policy *const *, size_t count, struct text name);

/* The JSON Schema (draft 2020-12) of the policy file, generated from the same table that the loader reads keys with. */
void policy_schema(struct buf *);

/* The policy used if none is given, as YAML: all chainlets ACTIVE, active_replica_count >= min_replica. */
struct text policy_builtin_yaml(void);

/* The policies that come with the program. The name is the file's name without .yaml, without the `@` of the command
 * line's `@production`. Empty if there is no such policy. */
struct text policy_shipped_yaml(struct arena *, struct text name);
const char *const *policy_shipped_names(size_t *count); /* ascending */
/* The built-in policy's name in reports and messages. */
#define POLICY_BUILTIN_NAME "<built-in policy>"

#endif
