/* loader.h - shared by the files of the policy room. Private to src/policy.
 *
 * Every function that loads a node reports the mistakes in it.
 */
#ifndef CHAINGATE_POLICY_LOADER_H
#define CHAINGATE_POLICY_LOADER_H

#include "chaingate/policy.h"
#include "chaingate/yaml_values.h"
#include "keys.h"

struct loader {
	struct yaml_reader reader;
	struct policy_request *request;
	bool at_once;       /* the run's timeout is 0 */
	enum rest rest;     /* when the rules' asserts are judged */
	bool beside_others; /* the target of the rules has older deployments, too, such as the one that serves */
};

/* The rules of a target while they are read. */
struct rule_list {
	struct policy_rule *items;
	size_t count, capacity;
	bool incomplete; /* a rule couldn't be read */
};

/* Parameters, by name. */
struct param_list {
	struct param *items;
	size_t count, capacity;
};

/* ---- mistakes.c */
/* True if a value that was given in place of a mapping can be the value of one of its keys. */
typedef bool value_check(const struct yaml_reader *, const struct yaml_node *);
value_check fits_time; /* a waiting time */
value_check
	fits_name; /* a chain's, an environment's or a target's name: no URL, and no word that selects in another way */
/* Like yaml_read_mapping. For anything else it advises to write `{KEY: VALUE}`, with the value that was given if it
 * fits, or with the example. Nothing fits if `fits` is NULL. */
bool load_mapping(const struct yaml_reader *, const struct yaml_node *, const char *what, const char *key,
		  const char *example, value_check *fits);
/* Refuses a rule that is written as `NAME: RULE` or has a mistake of YAML that makes it a mapping. True if it was. */
bool refuse_named_rule(struct loader *, const struct yaml_node *, const struct rule_context *);

/* ---- wait.c */
void load_wait(struct loader *, const struct yaml_node *, struct policy *out);

/* ---- target.c */
/* Loads chain, selection, since and on_superseded of `target`, or of an item of `targets`. */
void load_target(struct loader *, const struct yaml_node *, struct policy_target *out);
void load_baseline(struct loader *, const struct yaml_node *, struct policy_baseline *out);
/* Refuses a baseline in one chain, by its name or by the id of a deployment, for a target of several. Call it when the
 * target's baseline is settled. */
void check_baseline_chain(struct loader *, const struct policy_target *);

/* ---- params.c */
/* Adds to the list; a parameter replaces one of the same name. --set overrides the file. */
void load_params(struct loader *, const struct yaml_node *, struct param_list *);

/* ---- rules.c */
/* Reads the list of rules in `rules`, and adds them to the given list. */
void load_rules(struct loader *, const struct yaml_node *, const struct rule_context *, struct rule_list *);
/* Checks that names are unique, and that at least one rule can fail the gate. `place` is where the rules are. */
void check_rules(struct loader *, const struct rule_list *, struct span place);

/* ---- policy.c */
/* Reports those diagnostics that aren't in the list yet. A policy's rules are read again for each target, because
 * the names in them may mean something else there; each mistake is reported once. */
void report_anew(struct diags *, const struct diags *found);

#endif
