/* evidence_out.h - what a rule is found to be and its evidence, for `chaingate eval`: for people and for programs. */
#ifndef CHAINGATE_CLI_EVIDENCE_OUT_H
#define CHAINGATE_CLI_EVIDENCE_OUT_H

#include "chaingate/buf.h"
#include "chaingate/json_out.h"
#include "chaingate/outcome.h"
#include "chaingate/policy.h"

#include <stdbool.h>
#include <stddef.h>

struct evidence_style {
	bool colour;
	bool verbose; /* evidence also for rules that pass */
};

/* One rule as it was judged. */
struct evidence_entry {
	const struct policy_rule *rule;
	enum rule_finding finding;
	const struct evidence *evidence;
	struct text target; /* empty: there is one, without a name */
};

void evidence_add_text(struct buf *, const struct evidence_entry *, const struct evidence_style *);

/* Appends {rule, value, evidence}; of a policy's rule (`of_policy`) also name, severity and target. */
void evidence_add_json(struct json_object *array, const struct evidence_entry *, bool of_policy);

#endif
