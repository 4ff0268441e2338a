/* evidence_out.h - a rule's value and its evidence for `chaingate eval`, for people and for programs. */
#ifndef CHAINGATE_CLI_EVIDENCE_OUT_H
#define CHAINGATE_CLI_EVIDENCE_OUT_H

#include "chaingate/buf.h"
#include "chaingate/json_out.h"
#include "chaingate/rule.h"

#include <stdbool.h>
#include <stddef.h>

struct evidence_style {
	size_t columns; /* 0: not a terminal */
	bool colour;
	bool verbose; /* evidence also for rules that pass */
};

/* "pass", "fail", "unknown". */
const char *evidence_value_name(enum truth);

void evidence_add_text(struct buf *, const struct rule *, const struct evidence *, const struct evidence_style *);

/* Appends {rule, value, evidence}. */
void evidence_add_json(struct json_object *array, const struct rule *, const struct evidence *);

#endif
