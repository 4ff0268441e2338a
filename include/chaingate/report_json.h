/* report_json.h - parts of the JSON report that are used in other JSON, too. The caller owns what is returned; it is
 * never NULL (json_out.h). */
#ifndef CHAINGATE_REPORT_JSON_H
#define CHAINGATE_REPORT_JSON_H

#include "chaingate/report.h"
#include "chaingate/rule.h"

#include <json-c/json.h>

/* The version of the JSON report. It is increased when a field is removed or changes its meaning. */
#define REPORT_VERSION 1

/* The evidence of a rule: what it ranges over, for how many items it was true, false and unknown, and the items. */
struct json_object *report_evidence_object(const struct evidence *);

/* The waiting times in effect, in seconds. */
struct json_object *report_wait_object(const struct target_result *);

/* A parameter with its value after --set, as written in a rule (literal_add). */
struct json_object *report_param_object(const struct param *);

/* The parameters with which the target's rules were judged, each with its policy's file. */
struct json_object *report_target_params(const struct gate_target *);

/* The word for a rule's finding in `finding`: "holds". */
const char *report_finding_name(enum rule_finding);

#endif
