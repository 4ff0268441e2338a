/* timeline.h - a value that changes at given moments of scenario time.
 *
 * Invariants: the steps are strictly increasing in time.
 */
#ifndef CHAINGATE_SIM_TIMELINE_H
#define CHAINGATE_SIM_TIMELINE_H

#include "chaingate/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fields_reader;
struct settings;
struct yaml_node;

/* A value from `at_ns` on. The reader of the timeline knows which member has it. */
struct step {
	int64_t at_ns;
	bool is_null;
	struct text text;
	int64_t integer; /* also 0 and 1 for false and true */
	const struct settings *settings;
	const struct yaml_node *node; /* where it is in the scenario */
};

struct timeline {
	const struct step *steps;
	size_t count;
};

/* The value at a time: NULL before the first step. */
const struct step *timeline_at(const struct timeline *, int64_t scenario_ns);

/* Reads one value into a step; false if it reported an error. `what` names the value in messages: "status". */
typedef bool step_reader(struct fields_reader *, const struct yaml_node *, const char *what, struct step *out);

step_reader step_text; /* a string that isn't empty */
step_reader step_text_or_null;
step_reader step_count; /* 0 or more */
step_reader step_boolean;
step_reader step_settings_or_null; /* a mapping of settings, or null: settings.c */

/* For values that may be mappings: says whether a mapping is the value or a timeline. NULL if a mapping is always a
 * timeline. */
typedef bool mapping_test(const struct yaml_node *);

/* Reads a timeline: a mapping from moments to values, or a single value, which then holds from 0s. False if it
 * reported an error. */
bool timeline_read(struct fields_reader *, const struct yaml_node *, const char *what, step_reader *,
		   mapping_test *is_value, struct timeline *out);

#endif
