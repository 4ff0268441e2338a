/* rule.h - the rule language: parses and checks a rule, then judges it on a poll's observation.
 *
 * rule_parse checks a rule once, types included, when a policy is loaded. A rule that it accepts can be judged on
 * any observation: judging returns true, false or unknown, never an error. Nothing here knows policies, polls, or
 * times other than the moments in a view.
 *
 * Three values, by Kleene's strong logic. These are unknown: a value that is absent or null, a negative count, setting
 * or age, a value that can't be computed (a division by 0, `min` or `max` of nothing), an unrecognised status, a value
 * hidden by `only_failed`, and `all`, `no`, `at most` and `exactly 0` over an empty selection (`any`, `at least` and
 * every other `exactly n` are false there).
 */
#ifndef CHAINGATE_RULE_H
#define CHAINGATE_RULE_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/deployment.h"
#include "chaingate/diag.h"
#include "chaingate/literal.h"
#include "chaingate/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Longest rule, in bytes: ten times the longest one that a reviewer would read. */
#define RULE_BYTES_MAX 4096
/* Longest regular expression, in bytes: ten times what a pattern for a name needs. Matching takes time in proportion
 * to its length. */
#define RULE_PATTERN_BYTES_MAX 256
/* Greatest product of nested repetition counts: `((a{9}){9}){9}` is compiled into 729 copies. */
#define RULE_PATTERN_REPEATS_MAX 64
/* Deepest nesting of parentheses, `not`, unary minus and aggregates: parser and evaluator recurse, and the stack is
 * finite. */
#define RULE_DEPTH_MAX 64
/* How many items are shown for one rule; further ones are counted. A screen holds about twice as many. */
#define EVIDENCE_ITEMS_MAX 20
/* How many items are shown that aren't culprits (`others` of struct evidence). */
#define EVIDENCE_OTHERS_MAX 3

struct rule;

/* Zero is unknown, so that a value that was never set can't pass. */
enum truth { TRUTH_UNKNOWN, TRUTH_FALSE, TRUTH_TRUE };

const char *truth_name(enum truth); /* "unknown", "false", "true" */

enum rule_scope {
	SCOPE_TARGET,             /* only aggregates and literals: it is about the target as a whole */
	SCOPE_CHAINLETS,          /* ranges over the chainlets of the selected deployments */
	SCOPE_DEPLOYMENTS,        /* ranges over the selected deployments */
	SCOPE_BASELINE_CHAINLETS, /* ranges over the chainlets of the baseline's deployment */
};

/* A value that rules name as `$replicas`. */
struct param {
	struct text name; /* without the $ */
	struct literal value;
	bool is_refused;  /* the value was rejected, and that was reported to the same diags: a rule that uses it is
			  * rejected without a further message */
	struct span span; /* where its name is in the policy; empty: nowhere */
	bool *used;       /* set to true when a rule that uses it is parsed; may be NULL */
};

/* The names that a rule may use beside the fields. `{0}` means none. */
struct rule_context {
	const struct param *params;
	size_t param_count;
	bool has_baseline; /* if false, every `baseline.` is rejected */
};

/* Parses and checks a rule. NULL if and only if an error was reported; suspicious rules (for example, one that can
 * never be false) are reported as warnings. The excerpt's source and text, the texts of parameters, and the arena
 * must outlive the rule. */
const struct rule *rule_parse(struct arena *, const struct excerpt *, const struct rule_context *, struct diags *);

/* Reads the excerpt as one literal of the language: `2`, `-1`, `0.5`, `20%`, `5m`, `ACTIVE`, `"text"`, `true`. False
 * if and only if an error was reported. */
bool literal_parse(struct arena *, const struct excerpt *, struct diags *, struct literal *out);

/* What the rule ranges over, also if it was written without a quantifier. */
enum rule_scope rule_scope(const struct rule *);

/* True if the rule ranges over something, so that its selection can be empty. False for a rule about the target as a
 * whole. */
bool rule_is_quantified(const struct rule *);

/* False, with an error reported, if the rule may not be a `never`: it was written without a quantifier, so only all
 * chainlets together violate it, and people read it as if one were enough. */
bool rule_check_never(struct arena *, const struct rule *, struct diags *);

/* True if the rule uses the baseline. */
bool rule_uses_baseline(const struct rule *);

/* True if the rule uses a field of the target (`of_baseline`: of the baseline) that only the answer about an
 * environment has. Without a role of the target (the baseline), this field is always unknown. */
bool rule_asks_environment(const struct rule *, bool of_baseline);

/* The first field in the rule, of the target or of the baseline, that deployments of that kind of target never have, as
 * a rule names it: `label.team`. There it is always unknown. Empty: none. */
struct text rule_lacked_field(const struct rule *, enum target_kind);

/* True if the rule tests which chainlets of the baseline are missing in the selected deployments. */
bool rule_uses_missing(const struct rule *);

/* True if the rule names this status, directly or by its class. */
bool rule_names_status(const struct rule *, enum status);

/* True if the rule may be `violated` (true or false) where one chainlet, or a third of them, has this status, with no
 * replicas, and the others are ACTIVE. If it depends on anything else but statuses and replicas, it may be. `when`: the
 * rule's, or NULL; where it is false, the rule isn't judged. */
bool rule_notices_status(const struct rule *, const struct rule *when, bool violated, enum status);

/* When a rule is true during a good rollout, whatever its names, settings and numbers are. */
enum rollout {
	ROLLOUT_NEVER,      /* not certainly true at any time */
	ROLLOUT_ON_THE_WAY, /* true at some moment before the end, not certainly at the end */
	ROLLOUT_AT_END,     /* true at its good end, whatever it was before */
};

/* Judges the rule on the statuses of a good rollout. If `when` isn't NULL, the rule counts only where `when` is true. If
 * it is `beside_others`, an older deployment is ACTIVE all the time. A sensible `never` gives ROLLOUT_NEVER. */
enum rollout rule_on_rollout(const struct rule *, const struct rule *when, bool beside_others);

/* True if the rule is false at every end of a good rollout, whatever its names, settings and numbers are: with
 * everything ACTIVE, with everything asleep, with everything deactivated. A sensible assert gives false. */
bool rule_fails_every_end(const struct rule *);

/* What is known of the moment at which a rule is judged. */
enum rest {
	REST_NOT_KNOWN,  /* any moment */
	REST_AT_ONCE,    /* the first poll, if nothing is in progress */
	REST_WAITED_FOR, /* the target is stable: it also has a certain age */
};

/* Warns if the rule can't vary once the target is at rest, as `no chainlet BUILDING`: for an assert and its `when`, as
 * they are judged only then. Doesn't warn if rule_parse has warned that the rule never varies. */
void rule_suspect_at_rest(struct arena *, const struct rule *, enum rest, struct diags *);

/* Warns of a rule that its `when` skips more often than was probably meant: a `when` that is written as if it were
 * about one chainlet, but is about all; and one that is false for every violation of the rule. */
void rule_suspect_when(struct arena *, const struct rule *, bool is_never, const struct rule *when, struct diags *);

/* What is known of the deployments that a rule is judged on, before they are. Empty and false: nothing. */
struct rule_selected {
	struct text environment; /* all are in this environment */
	struct text deployment;  /* all have this id */
	bool is_single;          /* there is only one */
};

/* Warns, of a rule's `where`s or of a `when`, that what is selected never satisfies them. Doesn't repeat a warning of
 * rule_parse. */
void rule_suspect_selected(struct arena *, const struct rule *, const struct rule_selected *, bool is_when,
			   struct diags *);

/* The longest literal or parameter that the rule's body compares `status_for` with as a lower limit, as in
 * `status_for >= 5m`, also under `or` and `not`; 0: there is none. It sees neither computed times nor
 * aggregates such as `min(status_for of chainlets) >= 5m`. */
int64_t rule_status_for_ns(const struct rule *);

/* Prints the rule in its canonical form; parsing that gives the same rule. If that form were longer than
 * RULE_BYTES_MAX, the rule is printed as written. */
void rule_print(struct buf *, const struct rule *);

/* Explains how the rule was understood: a sentence, what it ranges over, and the types of its fields. */
void rule_explain(struct buf *, const struct rule *);

/* The value of a quantified rule if its selection is empty: false or unknown. */
enum truth rule_over_nothing(const struct rule *);

/* The excerpt that the rule was parsed from. */
const struct excerpt *rule_excerpt(const struct rule *);

/* The deployment that `baseline.` refers to; its chainlets are the `baseline chainlets`. A deployment without
 * chainlets can't be a baseline. */
struct baseline {
	const struct deployment *deployment;  /* NULL: every counterpart is missing */
	const struct status_history *history; /* of the baseline's listing; NULL: every status_for is 0 s */
	struct text why_missing;              /* without a deployment: "no deployment is in environment production" */
};

/* The observation that a rule is judged on. */
struct view {
	const struct deployment *const *deployments; /* the selected ones */
	size_t count;
	const struct status_history *history; /* for status_for; NULL: every status_for is 0 s */
	int64_t at_wall_ns;                   /* when it was observed, by the wall clock: for age */
	bool only_rollout; /* a simulated rollout, for rule_on_rollout: only statuses are known, and the little that
			    * follows from them */
	bool only_rollout_with_replicas; /* with only_rollout: the replicas of all chainlets are known, too */
	bool only_failed; /* for fail_fast: if an item's status isn't a failed one, its fields are unknown, and so are
			    * counts over it */
	bool wants_false; /* for a `never`: true is bad, and evidence names the items that make it true */
	struct baseline baseline;
};

/* The result of judging a rule. */
struct judgement {
	enum truth value;
	bool empty;   /* the rule is quantified, and its selection is certainly empty */
	bool missing; /* the value is unknown only because a counterpart in the baseline is missing */
};

/* One operand of the rule for one item: a field or a subexpression, with its value. */
struct operand {
	struct span span;  /* where the operand is, in bytes of the rule's own text */
	struct text name;  /* the operand: "min_replica", "deployment.status" */
	struct text value; /* printable: "1", "ACTIVE", "null", "4m10s", "'PAUSED', an unknown status"; in a rule that
			    * only_failed leaves unknown also "not final yet" */
	struct text note;  /* printable. For an aggregate: the counted items, or the one with the least or greatest
			    * value, "of 3: Router"; for `missing`: "not in d1"; empty: nothing to add */
	bool unknown;      /* its value is unknown, even if the result doesn't depend on it */
};

struct evidence_item {
	struct text deployment; /* its id */
	struct text chainlet;   /* its name; empty if the rule ranges over deployments */
	bool of_baseline;       /* an item of the baseline's deployment; if `deployment` is empty: the baseline
				 * itself, which is missing */
	enum truth truth;       /* of the quantifier's body for this item */
	bool where_unknown;     /* it is unknown whether `where` selects the item */
	const struct operand *operands;
	size_t operand_count;
};

/* Why a rule has its value. If only_failed decides a rule, all values and counts are nevertheless as observed, because
 * people read them beside the statuses. It doesn't refer to the listing. It lives as long as the arena given to rule_judge and the rule:
 * names of operands may point into the rule's text. */
struct evidence {
	enum truth value;
	bool wants_false;        /* as judged: a `never` */
	bool true_is_against;    /* an item for which the body is true is a culprit: for example with `no`, or in a
				  * violated `never: any` */
	bool is_about_number;    /* only the number of items matters, not which: for example with `at most`, in a false
				  * `any`, or in a violated `never: no` */
	struct text status_body; /* for `all chainlets not ACTIVE`: "not ACTIVE"; empty if the body isn't such a status
				  * test */
	enum rule_scope scope;
	bool empty; /* the quantifier had no items: `where` selected none, or there are no chainlets. False if only
		     * the baseline is missing: then one item without deployment and chainlet says so */
	size_t considered; /* the items that `where` selects or may select */
	size_t true_count; /* of these, those for which the body is true; then false, unknown */
	size_t false_count;
	size_t unknown_count;
	size_t hidden_count; /* with only_failed: those that would be among `items`, but aren't final yet, so they
			      * decided nothing */
	/* The culprits: items because of which the rule doesn't have the wanted value. For an `assert`: with `all`,
	 * `any`, `at least` the items that aren't true; with `no`, `at most` those that aren't false; with `exactly`
	 * those that aren't false if there are too many, those that aren't true if there are too few. For a `never`
	 * the opposite, but with `exactly` those that aren't false (with `exactly 0`, those that aren't true). The
	 * items that decided come first, then the others; each in the order of deployment id, then the API's order of
	 * chainlets. A rule about the target has one item with neither deployment nor chainlet.
	 * An item with an unknown operand is listed with them, also if the rule holds, unless it is hidden. */
	const struct evidence_item *items;
	size_t item_count;
	size_t more; /* how many further items would be in `items`, if it had no limit of EVIDENCE_ITEMS_MAX */
	/* The first items that are neither culprits nor have an unknown operand, at most EVIDENCE_OTHERS_MAX. If the
	 * rule has the wanted value, no item is a culprit, so there may also be items for which the body is false. */
	const struct evidence_item *others;
	size_t other_count;
};

/* Judges the rule. Every view gives a value. Takes time in proportion to the number n of chainlets in the view; n log n
 * if the rule uses the baseline. The arena holds values that are computed once, and the evidence. `out` is NULL if only
 * the judgement is needed. */
struct judgement rule_judge(const struct rule *, const struct view *, struct arena *, struct evidence *out);

/* ---- the language's words, for help and documentation ----------------------------------------------------------- */

/* The chainlets that have a field. */
enum field_side {
	SIDE_BOTH,
	SIDE_JUDGED,   /* those of the selected deployments */
	SIDE_BASELINE, /* those of the baseline's deployment */
};

struct field_row {
	const char *name;
	const char *type; /* "status", "integer", "duration", "string", "time", "boolean", "settings" */
	bool of_chainlet, of_deployment;
	enum field_side side;
	bool is_setting; /* may also be written with `autoscaling_settings.` before it */
	bool may_be_null;
	bool of_environment; /* only the environment's own answer has it: known for targets with a role */
	const char *meaning; /* one line for people, without a full stop */
};
/* The fields in the order of the documentation, from 0; NULL after the last. */
const struct field_row *rule_field(size_t index);

#endif
