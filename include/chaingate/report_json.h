/* report_json.h - parts of the JSON report that are used in other JSON, too. */
#ifndef CHAINGATE_REPORT_JSON_H
#define CHAINGATE_REPORT_JSON_H

#include "chaingate/report.h"
#include "chaingate/rule.h"

#include <json-c/json.h>

/* The evidence of a rule: what it ranges over, for how many items it was true, false and unknown, and the items. */
struct json_object *report_evidence_object(const struct evidence *);

/* The waiting times in effect; the parameters in effect, each with its value as written in a rule. */
struct json_object *report_wait_object(const struct target_result *);
struct json_object *report_params_array(const struct report *);

#endif
