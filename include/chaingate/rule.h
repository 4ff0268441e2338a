/* rule.h - the rule language: a rule's text, checked, and judged on what a poll saw.
 *
 * rule_parse reads, types and checks a rule once, when a policy is loaded; whatever it lets through can be judged on any
 * observation without failing: judging gives true, false or unknown, never an error. Nothing here knows about time
 * beyond the two moments in a view, about polls, or about policies.
 *
 * Three values, by Kleene's strong logic. What is absent, null, an unrecognised status, hidden by `only_failed`, or over nothing at all is
 * unknown; unknown is never true by any operator that could turn it into a pass.
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

/* Longest rule, in bytes. The longest rule that a reviewer would read is a tenth of it. */
#define RULE_BYTES_MAX 4096
/* Longest regular expression, in bytes: what one needs for a name is a tenth of it, and matching takes time with its length. */
#define RULE_PATTERN_BYTES_MAX 256
/* Greatest product of nested repetition counts: `((a{9}){9}){9}` is compiled into 729 copies. */
#define RULE_PATTERN_REPEATS_MAX 64
/* Deepest nesting of parentheses, `not`, unary minus and aggregates: parser and evaluator recurse, and a stack is finite. */
#define RULE_DEPTH_MAX 64
/* Items shown for one rule; the rest is counted. A screen holds about two of these. */
#define EVIDENCE_ITEMS_MAX 20
/* Items shown that speak for the rule, beside those that don't. */
#define EVIDENCE_OTHERS_MAX 3

struct rule;

/* Zero is unknown, so that what was never set can't pass. */
enum truth { TRUTH_UNKNOWN, TRUTH_FALSE, TRUTH_TRUE };

const char *truth_name(enum truth); /* "unknown", "false", "true" */

enum rule_scope {
	SCOPE_TARGET,             /* only aggregates and literals: about the target as a whole */
	SCOPE_CHAINLETS,          /* ranges over the chainlets of the selected deployments */
	SCOPE_DEPLOYMENTS,        /* ranges over the selected deployments */
	SCOPE_BASELINE_CHAINLETS, /* ranges over the chainlets of the baseline's deployment */
};

/* A value that rules name as `$replicas`. */
struct param {
	struct text name; /* without the $ */
	struct literal value;
	bool is_refused; /* the value was, and that was reported: a rule that names it is refused without another word */
};

/* What a rule may refer to beside what is observed. `{0}` is nothing. */
struct rule_context {
	const struct param *params;
	size_t param_count;
	bool has_baseline; /* else every `baseline.` is refused */
};

/* Parses and checks a rule. NULL if and only if an error was reported; rules that are suspicious (can never be false …) are reported as warnings. The
 * excerpt's source and text, and the texts of parameters, must outlive the rule, and the rule's arena the rule. */
const struct rule *rule_parse(struct arena *, const struct excerpt *, const struct rule_context *, struct diags *);

/* Reads the excerpt as one literal of the language: `2`, `-1`, `0.5`, `20%`, `5m`, `ACTIVE`, `"text"`, `true`. False if and only if an error was
 * reported. */
bool literal_parse(struct arena *, const struct excerpt *, struct diags *, struct literal *out);

/* What it ranges over, also where the writer gave no quantifier. */
enum rule_scope rule_scope(const struct rule *);

/* Does it range over something, so that its selection can be empty? Not of a rule about the target as a whole. */
bool rule_is_quantified(const struct rule *);

/* Does it name the baseline? */
bool rule_uses_baseline(const struct rule *);

/* Does it ask what of the baseline is missing among the selected deployments? */
bool rule_uses_missing(const struct rule *);

/* Does it name this status, by itself or by its class? */
bool rule_names_status(const struct rule *, enum status);

/* When is it true in the course of a good rollout, whatever its names, settings and numbers are? */
enum rollout {
	ROLLOUT_NEVER,      /* of none that can be told for sure */
	ROLLOUT_ON_THE_WAY, /* while it is still built, deployed, loaded, or listed */
	ROLLOUT_THROUGHOUT, /* at its good end, too */
};

/* Judges the rule on the statuses of one, where `when`, if it isn't NULL, lets it be judged. A `never` must be true of none. */
enum rollout rule_on_rollout(const struct rule *, const struct rule *when);

/* The longest time that the rule demands a status to have been unchanged for, as `status_for >= 5m` does; 0 if it demands none. */
int64_t rule_status_for_ns(const struct rule *);

/* The rule in the language's own words, in one way of writing: parsed again it is the same rule. Where that would be longer than a rule may be, as
 * it was written. */
void rule_print(struct buf *, const struct rule *);

/* What the rule was understood to mean, as a sentence, with what it ranges over and the types of its fields. */
void rule_explain(struct buf *, const struct rule *);

/* What a quantified rule is where its selection is empty: false or unknown. */
enum truth rule_over_nothing(const struct rule *);

/* The excerpt it was parsed from. */
const struct excerpt *rule_excerpt(const struct rule *);

/* The deployment that `baseline.` names, and whose chainlets are the `baseline chainlets`. One without chainlets is none. */
struct baseline {
	const struct deployment *deployment;  /* NULL: every counterpart is missing … */
	const struct status_history *history; /* of its listing; NULL: status_for is 0 s */
	struct text why_missing;              /* … because of this: "no deployment is in environment production" */
};

/* What a rule is judged on. */
struct view {
	const struct deployment *const *deployments; /* the selected ones */
	size_t count;
	const struct status_history *history; /* for status_for; NULL: every status_for is 0 s */
	int64_t at_wall_ns;                   /* the observation by the wall: for age */
	bool only_rollout; /* a rollout is tried: nothing is known but statuses, and that nothing is up before its end */
	bool only_failed; /* fail_fast: fields of what hasn't a failed status are unknown, and so are counts over them */
	bool wants_false; /* a `never`: true is what must not be, and evidence names the items that make it so */
	struct baseline baseline;
};

/* What one judging of a rule gave. */
struct judgement {
	enum truth value;
	bool empty;   /* a quantified rule whose selection is certainly empty */
	bool missing; /* unknown, and a missing counterpart in the baseline is all that stands in its way */
};

/* One operand of the rule as it was for one item: the value of a field or of a subexpression. */
struct operand {
	struct span span; /* in bytes of the rule's own text: where the value belongs */
	struct text name; /* what it is the value of: "min_replica", "deployment.status" */
	struct text
		value; /* printable: "1", "ACTIVE", "null", "4m10s", "unknown status 'PAUSED'", "not final yet" (only_failed) */
	struct text
		note; /* of an aggregate, printable: who is counted or the greatest, "of 3: Router"; of `missing`: "not in d1"; empty: nothing to add */
	bool unknown; /* this operand is (part of) why the item is unknown */
};

struct evidence_item {
	struct text deployment; /* its id */
	struct text chainlet;   /* its name; empty where the rule ranges over deployments */
	bool of_baseline;       /* of the baseline's deployment; without a deployment: the baseline that isn't there */
	enum truth truth;       /* of the quantifier's body for this item */
	bool where_unknown;     /* it isn't known whether the item is selected by `where` */
	const struct operand *operands;
	size_t operand_count;
};

/* Why a rule had its value. Texts are copied: evidence outlives the listing. */
struct evidence {
	enum truth value;
	bool wants_false; /* as judged: a `never` */
	bool true_is_against; /* an item for which the body is true is a culprit, as of `no` and of a violated `never: any` */
	bool is_about_number; /* how many there are is what matters, not which: `at most`, a false `any`, a violated `never: no` */
	struct text
		status_body; /* of `all chainlets not ACTIVE`: "not ACTIVE"; empty where the body is anything else */
	enum rule_scope scope;
	bool empty; /* the quantifier had nothing to range over: nothing selected by `where`, or no chainlets at all. Never
	             * for want of a baseline: then one item without deployment and chainlet says so */
	size_t considered; /* items that are or may be selected by `where` */
	size_t true_count; /* of these: the body is true, false, unknown */
	size_t false_count;
	size_t unknown_count;
	size_t hidden_count; /* of the unknown ones: by only_failed, because they aren't final yet; none of them is among the items */
	/* Items because of which the rule isn't what is wanted of it. Of an `assert`: for `all`, `any`, `at least` those not true, for `no`, `at most`
	 * those not false, for `exactly` those not false where there are too many, and not true where there are too few. Of a `never` the other way
	 * round. First those that decided, then the others, each in the order deployment id, API's order of chainlets. Of a rule about
	 * the target one item with neither deployment nor chainlet. An item of which anything is unknown is listed always, also of a rule that holds. */
	const struct evidence_item *items;
	size_t item_count;
	size_t more; /* left out over EVIDENCE_ITEMS_MAX */
	/* Items that speak for the rule, at most EVIDENCE_OTHERS_MAX. */
	const struct evidence_item *others;
	size_t other_count;
};

/* Judges. Total: every view gives a value. Linear in the number of chainlets in the view. The arena holds what is computed once and the evidence; NULL for
 * `out` where only the judgement is wanted. */
struct judgement rule_judge(const struct rule *, const struct view *, struct arena *, struct evidence *out);

/* ---- the language's words, for help and documentation ----------------------------------------------------------- */

/* Which chainlets have a field. */
enum field_side {
	SIDE_BOTH,
	SIDE_JUDGED,   /* those of the selected deployments */
	SIDE_BASELINE, /* those of the baseline's deployment */
};

struct field_row {
	const char *name;
	const char *type; /* "status", "integer", "duration", "string", "time", "boolean" */
	bool of_chainlet, of_deployment;
	enum field_side side;
	bool is_setting; /* may be written behind autoscaling_settings. */
	bool may_be_null;
	const char *meaning; /* a phrase */
};
/* The fields in the order of the documentation, from 0; NULL beyond the last. */
const struct field_row *rule_field(size_t index);

#endif
