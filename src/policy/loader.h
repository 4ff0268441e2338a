/* loader.h - what the files of the policy room share. Private to src/policy.
 *
 * Every function that loads reports what is wrong with its node.
 */
#ifndef CHAINGATE_POLICY_LOADER_H
#define CHAINGATE_POLICY_LOADER_H

#include "chaingate/policy.h"
#include "chaingate/yaml_values.h"
#include "keys.h"

struct loader {
	struct yaml_reader reader;
	struct policy_request *request;
};

/* Several rules of a target, while they are read. */
struct rule_list {
	struct policy_rule *items;
	size_t count, capacity;
	bool incomplete; /* one couldn't be read */
};

/* Parameters, by name. */
struct param_list {
	struct param *items;
	size_t count, capacity;
};

/* ---- wait.c */
void load_wait(struct loader *, const struct yaml_node *, struct policy *out);

/* ---- target.c */
/* chain, selection, since, on_superseded of a target or one of targets. */
void load_target(struct loader *, const struct yaml_node *, struct policy_target *out);
void load_baseline(struct loader *, const struct yaml_node *, struct policy_baseline *out);

/* ---- params.c */
/* Adds to the list; a name that is there already is replaced. What --set says goes before what stands in the file. */
void load_params(struct loader *, const struct yaml_node *, struct param_list *);

/* ---- rules.c */
/* Reads the list of rules behind `rules`, adding to what is there. */
void load_rules(struct loader *, const struct yaml_node *, const struct rule_context *, struct rule_list *);
/* Names are unique, and something could fail. `place` is where the rules are. */
void check_rules(struct loader *, const struct rule_list *, struct span place);

/* ---- policy.c */
/* Reports again what isn't there yet. A policy's rules are read for each target anew, since what they name may differ; what is wrong
 * with them is said once. */
void report_anew(struct diags *, const struct diags *found);

#endif
