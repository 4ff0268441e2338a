/* fields.h - reading the mappings and scalars of a scenario, with every mistake reported at its place.
 *
 * A mapping is described by a table of its fields; fields_take finds their nodes, and reports unknown keys (with the
 * nearest known one) and missing ones. The field_ functions make values of nodes; each returns false, with `out`
 * untouched, if and only if it reported. `what` names the value in messages.
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
	const struct yaml_node *node; /* set by fields_take: NULL when absent */
};

/* Finds the fields in a mapping; `what` as in "a chain has no key 'nmae'". False if the node isn't a mapping or
 * something required is missing; an unknown key is reported too, but what is known can still be read. */
bool fields_take(struct fields_reader *, const struct yaml_node *, const char *what, struct field *fields,
		 size_t count);

/* A list; NULL (absent) counts as an empty one. False if it is something else. */
bool field_list(struct fields_reader *, const struct yaml_node *, const char *what,
		const struct yaml_node *const **items, size_t *count);

/* A text that is neither null nor empty. */
bool field_text(struct fields_reader *, const struct yaml_node *, const char *what, struct text *out);

/* Any scalar, word for word; null is what was written for it. */
bool field_verbatim(struct fields_reader *, const struct yaml_node *, const char *what, struct text *out);

/* Decimal digits, perhaps with a minus, from `least` to `most`. */
bool field_integer(struct fields_reader *, const struct yaml_node *, const char *what, int64_t least, int64_t most,
		   int64_t *out);

/* A decimal number with at most three digits behind the point, in thousandths. */
bool field_thousandths(struct fields_reader *, const struct yaml_node *, const char *what, int64_t least, int64_t most,
		       int64_t *out);

bool field_boolean(struct fields_reader *, const struct yaml_node *, const char *what, bool *out);
bool field_duration(struct fields_reader *, const struct yaml_node *, const char *what, int64_t *out);

/* One of `words`: its index. A near miss gets its hint. */
bool field_word(struct fields_reader *, const struct yaml_node *, const char *what, const char *const *words,
		size_t count, size_t *out);

#endif
