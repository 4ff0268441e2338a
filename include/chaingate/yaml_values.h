/* yaml_values.h - reads single values from YAML nodes: texts, names, booleans, durations, choices.
 *
 * `what` is the name of the node's key, for messages. Every reader returns false if and only if it reported a
 * mistake in its node; `out` is unchanged then.
 */
#ifndef CHAINGATE_YAML_VALUES_H
#define CHAINGATE_YAML_VALUES_H

#include "chaingate/yaml.h"

#include <stdint.h>

/* Longest name, in bytes: it is a column of every report. */
#define YAML_NAME_BYTES_MAX 1000

struct yaml_reader {
	struct arena *arena;
	const struct source *source;
	struct diags *diags;
};

bool yaml_read_mapping(const struct yaml_reader *, const struct yaml_node *, const char *what);

/* A scalar that isn't null. */
bool yaml_read_text(const struct yaml_reader *, const struct yaml_node *, const char *what, struct text *out);

/* A printable text on one line: a name, an id. */
bool yaml_read_name(const struct yaml_reader *, const struct yaml_node *, const char *what, struct text *out);

/* A plain true or false. */
bool yaml_read_boolean(const struct yaml_reader *, const struct yaml_node *, const char *what, bool *out);

/* A duration from `least_ns` to `most_ns`. */
bool yaml_read_duration(const struct yaml_reader *, const struct yaml_node *, const char *what, int64_t least_ns,
			int64_t most_ns, int64_t *out);

/* The index of the choice in a list that ends with NULL. */
bool yaml_read_choice(const struct yaml_reader *, const struct yaml_node *, const char *what,
		      const char *const *choices, size_t *out);

#endif
