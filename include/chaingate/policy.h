/* policy.h - a policy file: what to watch, how long to wait, and the rules.
 *
 * Loading checks everything that can be checked without a deployment, and reports all mistakes of the file; what comes
 * out can be used without further checks. What a policy leaves out has its default filled in here, in one place.
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

/* The defaults of `wait`. Builds take 3 to 45 minutes and start-ups 1 to 50: an hour covers nearly all. */
#define WAIT_TIMEOUT_DEFAULT_NS NS_PER_HOUR
/* What the vendor's own action polls at; the API allows far more. */
#define WAIT_INTERVAL_DEFAULT_NS (10 * NS_PER_S)
/* Three polls that agree. */
#define WAIT_STABLE_FOR_DEFAULT_NS (30 * NS_PER_S)
/* New deployments were seen to be SCALED_TO_ZERO for up to 51 s before they loaded. */
#define WAIT_STABLE_FOR_SCALED_TO_ZERO_DEFAULT_NS (90 * NS_PER_S)
/* UNHEALTHY may recover, and does within minutes. */
#define WAIT_STABLE_FOR_UNHEALTHY_DEFAULT_NS (5 * NS_PER_MINUTE)
/* A new deployment can be missing from the list for some seconds. */
#define WAIT_DISCOVER_FOR_DEFAULT_NS NS_PER_MINUTE
/* A short outage of the API shouldn't kill a gate of 40 minutes. */
#define WAIT_UNREACHABLE_AFTER_DEFAULT_NS (3 * NS_PER_MINUTE)

/* Shortest interval: below it a gate is a load test. */
#define WAIT_INTERVAL_MIN_NS (100 * NS_PER_MS)
/* Longest of any duration in a policy: a gate that waits longer than a week is a mistake. */
#define WAIT_MAX_NS (7 * 24 * NS_PER_HOUR)

/* The keys of `wait`, to say which of them a file gives. */
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
	int64_t timeout_ns;
	int64_t interval_ns;
	int64_t stable_for_ns;
	int64_t stable_for_status_ns[STATUS_COUNT]; /* 0: none of its own */
	int64_t discover_for_ns;
	int64_t unreachable_after_ns;
	bool fail_fast;
};

struct policy_wait policy_wait_default(void);

/* Zero decides the verdict: a severity that was never set must not weaken a rule. */
enum rule_severity { SEVERITY_ERROR, SEVERITY_WARNING };

const char *rule_severity_name(enum rule_severity);

enum rule_kind { RULE_ASSERT, RULE_NEVER };

/* What a rule gives where its selection is empty, or a counterpart in the baseline is missing. */
enum rule_fallback {
	FALLBACK_DEFAULT, /* what the language says by itself: not given */
	FALLBACK_UNKNOWN,
	FALLBACK_PASS, /* of if_empty only */
	FALLBACK_FAIL,
	FALLBACK_SKIP, /* of if_missing only */
};

const char *rule_fallback_name(enum rule_fallback); /* "skip"; NULL: not given */

struct policy_rule {
	struct text
		name; /* unique in the gate; unless given the rule's own text, of a `never` with "never " before it */
	struct text message; /* what to do when it doesn't pass; may be empty */
	enum rule_severity severity;
	enum rule_kind kind;
	const struct rule *expression; /* of `assert`, or of `never` */
	const struct rule *when;       /* NULL: always */
	int64_t within_ns, hold_ns;    /* of an assert */
	int64_t tolerate_ns;
	int64_t during_ns; /* of a never */
	enum rule_fallback if_empty, if_missing;
	const struct source *source; /* the file … */
	struct span span;            /* … and where the rule's text is in it */
	size_t line;                 /* the same for people, from 1 */
};

/* What rules may compare with: a selection that must match one deployment. */
struct policy_baseline {
	bool given;
	struct text chain; /* id or name; empty: the target's own */
	struct selector selector;
};

/* No timeout of its own: longer than any. */
#define TARGET_TIMEOUT_NONE INT64_MAX

/* A target; what it is about may be absent and come from the command line. */
struct policy_target {
	struct text name;      /* of `targets`; empty where the policy has `target` or neither */
	struct span span;      /* where it is in the file; empty where it isn't */
	struct text chain;     /* id or name; empty: not given */
	bool chain_is_implied; /* by the address of a deployment: what names the chain itself goes over it */
	struct selector selector;
	bool fail_on_superseded; /* on_superseded: fail */
	struct policy_baseline baseline;
	int64_t timeout_ns; /* its own wait.timeout; TARGET_TIMEOUT_NONE: it has none, and the run's holds */
	const struct policy_rule *rules; /* the policy's and its own, read with its params and its baseline */
	size_t rule_count;               /* at least 1, and at least 1 of severity error */
};

struct policy {
	const struct source *source;
	struct text name;        /* the file's base name without its ending unless given */
	struct text description; /* may be empty */
	const struct policy_target *targets;
	size_t target_count; /* at least 1 */
	bool has_targets;    /* they have names: `targets` was given */
	struct policy_wait wait;
	struct span given[WAIT_KEY_COUNT]; /* where each key of `wait` is given; empty: nowhere */
	const struct param *params;        /* of the policy as a whole, in its order, --set applied */
	size_t param_count;
};

/* `--set NAME=VALUE`: the value of a parameter from the command line. */
struct policy_setting {
	struct text name;
	struct excerpt value; /* read as a literal; where the default is a string, taken as it is */
	bool used;            /* set when a policy has the parameter */
};

/* What the command line says that must be known when a policy is read. `{0}` is nothing. */
struct policy_request {
	struct policy_setting *settings;
	size_t setting_count;
	const struct policy_baseline *baseline; /* instead of the policy's; or NULL */
};

/* Loads a policy. NULL if and only if an error was reported. Warnings (lint) may be reported either way. The source must
 * outlive the policy. A setting that no policy uses is the caller's to report. */
const struct policy *policy_load(struct arena *, const struct source *, struct policy_request *, struct diags *);

/* The same of a tree that is part of a file. */
struct yaml_node;
const struct policy *policy_load_node(struct arena *, const struct source *, const struct yaml_node *root,
				      struct policy_request *, struct diags *);

/* The form of `target:` alone, for whoever lets it be said elsewhere. What is wrong is reported. */
struct yaml_reader;
void policy_target_load(const struct yaml_reader *, const struct yaml_node *, struct policy_target *out);

/* Several policies as one: their rules add up for every target. At most one of them may have a target, targets or a baseline of its own unless they
 * are the same; a key of `wait` given by several must be the same in all. NULL if and only if an error was reported; also of a rule named alike in two. */
const struct policy *policy_join(struct arena *, const struct policy *const *, size_t count, struct diags *);

/* Warns of times that can't come to an end before the timeout does, and of those that a rule demands and nobody waits for, with `wait` in effect. */
void policy_suspect_times(const struct policy *, const struct policy_wait *, struct diags *);

/* Warns of these with the policy's own times, and of what lint alone says: a target that needs --since, a comparison that misses what is gone. */
void policy_suspect(const struct policy *, struct diags *);

/* The files that the rules were read from, each once, in the rules' order. Gives how many there are. */
size_t policy_sources(struct arena *, const struct policy *, const struct source *const **out);

/* The nearest parameter's name, for a setting that no policy uses; NULL if none is near. */
const char *policy_nearest_param(struct arena *, const struct policy *const *, size_t count, struct text name);

/* The JSON Schema (draft 2020-12) of the policy file, generated from the table that the loader reads keys with. */
void policy_schema(struct buf *);

/* The policy that is used when none is given, as YAML: all chainlets ACTIVE, active_replica_count >= min_replica. */
struct text policy_builtin_yaml(void);

/* The policies that come with the programme, by the names of their files without .yaml: what `@production` names on a command line. Empty: there is none of the
 * name. */
struct text policy_shipped_yaml(struct arena *, struct text name);
const char *const *policy_shipped_names(size_t *count); /* ascending */
#define POLICY_BUILTIN_NAME "<built-in policy>"

#endif
