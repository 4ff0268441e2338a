/* evidence_out.h - prints a rule's value and evidence for `chaingate eval`: for people and for programs. */
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
	bool verbose; /* also the other items, and the counts for rules that pass */
};

/* One judged rule. */
struct evidence_entry {
	const struct policy_rule *rule;
	enum rule_finding finding;
	const struct evidence *evidence;
	struct text target; /* empty: the only target, without a name */
};

void evidence_add_text(struct buf *, const struct evidence_entry *, const struct evidence_style *);

/* Appends {rule, value, evidence}; for a policy's rule (`of_policy`) also name, severity and target. */
void evidence_add_json(struct json_object *array, const struct evidence_entry *, bool of_policy);

#endif
