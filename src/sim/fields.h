/* fields.h - reads the mappings and scalars of a scenario, and reports every mistake at its place.
 *
 * A mapping is described by a table of its fields. fields_take finds their nodes, and reports unknown keys (with the
 * most similar known one) and missing ones. The field_ functions read values from nodes; each returns false, with
 * `out` unchanged, if and only if it reported an error. `what` names the value in messages.
 */
#ifndef CHAINGATE_SIM_FIELDS_H
#define CHAINGATE_SIM_FIELDS_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/source.h"
#include "chaingate/text.h"
#include "chaingate/yaml.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fields_reader {
	struct arena *arena;
	const struct source *source;
	struct diags *diags;
};

struct field {
	const char *name;
	bool required;
	const struct yaml_node *node; /* set by fields_take; NULL if absent */
};

/* Finds the fields in a mapping; `what` as in "a chain has no key 'nmae'". False if the node isn't a mapping or if a
 * required field is missing. An unknown key is reported, too, but the known fields can still be read. */
bool fields_take(struct fields_reader *, const struct yaml_node *, const char *what, struct field *fields,
		 size_t count);

/* A list; NULL (absent) counts as an empty one. False if it isn't a list. */
bool field_list(struct fields_reader *, const struct yaml_node *, const char *what,
		const struct yaml_node *const **items, size_t *count);

/* A string that is neither null nor empty. */
bool field_text(struct fields_reader *, const struct yaml_node *, const char *what, struct text *out);

/* Any scalar, verbatim; null is the text that was written for it. */
bool field_verbatim(struct fields_reader *, const struct yaml_node *, const char *what, struct text *out);

/* Decimal digits, perhaps with a minus, from `least` to `most`. */
bool field_integer(struct fields_reader *, const struct yaml_node *, const char *what, int64_t least, int64_t most,
		   int64_t *out);

/* A decimal number with at most three digits after the point, in thousandths. */
bool field_thousandths(struct fields_reader *, const struct yaml_node *, const char *what, int64_t least, int64_t most,
		       int64_t *out);

bool field_boolean(struct fields_reader *, const struct yaml_node *, const char *what, bool *out);
bool field_duration(struct fields_reader *, const struct yaml_node *, const char *what, int64_t *out);

/* One of `words`; *out is its index. A misspelt word gets a suggestion. */
bool field_word(struct fields_reader *, const struct yaml_node *, const char *what, const char *const *words,
		size_t count, size_t *out);

#endif
