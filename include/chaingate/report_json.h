/* report_json.h - pieces of the JSON report that other JSON is made of, too. */
#ifndef CHAINGATE_REPORT_JSON_H
#define CHAINGATE_REPORT_JSON_H

#include "chaingate/report.h"
#include "chaingate/rule.h"

#include <json-c/json.h>

/* The evidence of a rule: what it ranged over, how much of that was true, false and unknown, and the items. */
struct json_object *report_evidence_object(const struct evidence *);

/* How long was waited, in effect; and the parameters in effect, each with its value as a rule would have it. */
struct json_object *report_wait_object(const struct target_result *);
struct json_object *report_params_array(const struct report *);

#endif
