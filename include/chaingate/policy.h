/* policy.h - a policy file: what to watch, how long to wait, and the rules.
 *
 * Loading checks everything that can be checked without a deployment, and reports all mistakes of the file; what comes
 * out can be used without further checks. What a policy leaves out has its default filled in here, in one place.
 */
#ifndef CHAINGATE_POLICY_H
#define CHAINGATE_POLICY_H

#include "chaingate/arena.h"
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

struct policy_rule {
	struct text name;           /* unique in the gate; the rule's own text unless given */
	struct text message;        /* what to do when it doesn't pass; may be empty */
	enum rule_severity severity;
	const struct rule *assert;
	const struct source *source; /* the file … */
	struct span span;            /* … and where the rule's text is in it */
	size_t line;                 /* the same for people, from 1 */
};

/* What a policy says about its target; each of it may be absent and come from the command line. */
struct policy_target {
	struct text chain; /* id or name; empty: not given */
	struct selector selector;
};

struct policy {
	const struct source *source;
	struct text name;        /* the file's base name without its ending unless given */
	struct text description; /* may be empty */
	struct policy_target target;
	struct policy_wait wait;
	const struct policy_rule *rules;
	size_t rule_count; /* at least 1, and at least 1 of severity error */
};

/* Loads a policy. NULL if and only if an error was reported. Warnings (lint) may be reported either way. The source must
 * outlive the policy. */
const struct policy *policy_load(struct arena *, const struct source *, struct diags *);

/* The policy that is used when none is given, as YAML: all chainlets ACTIVE, active_replica_count >= min_replica. */
struct text policy_builtin_yaml(void);
#define POLICY_BUILTIN_NAME "<built-in policy>"

#endif
