/* yaml.h - YAML bytes to a tree of located nodes.
 *
 * The only room that knows libyaml. What comes out is a plain tree: scalars as decoded text with a map back to the
 * file's bytes, sequences, mappings with their keys in order. Types are not guessed: `no`, `5m` and `2` are texts with
 * a style, and the reader decides what it wants.
 *
 * Refused, with a diagnostic: more than one document, a key given twice, a key that isn't a scalar, merge keys (`<<`),
 * tags, cycles, undefined aliases, text that isn't UTF-8 (UTF-16 too), and whatever is over the limits below. Anchors and aliases work: an
 * alias is the same node again.
 */
#ifndef CHAINGATE_YAML_H
#define CHAINGATE_YAML_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/source.h"

#include <stdbool.h>
#include <stddef.h>

/* Deepest nesting. A policy has 6 levels; libyaml itself nests without limit. */
#define YAML_DEPTH_MAX 32
/* Most nodes, aliases counted as often as they are used: ends an alias bomb. */
#define YAML_NODES_MAX 200000
/* Largest file, in bytes. The largest policy anyone would review is a hundredth of it. */
#define YAML_BYTES_MAX ((size_t)4 << 20)

enum yaml_kind { YAML_SCALAR, YAML_SEQUENCE, YAML_MAPPING };
enum yaml_style { YAML_PLAIN, YAML_QUOTED, YAML_BLOCK }; /* of a scalar: plain; ' or "; | or > */

struct yaml_node;

struct yaml_pair {
	const struct yaml_node *key; /* always a scalar */
	const struct yaml_node *value;
};

struct yaml_node {
	enum yaml_kind kind;
	struct span span; /* in the file, in bytes */
	/* scalars */
	enum yaml_style style;
	struct excerpt scalar; /* decoded text, and where each byte of it is in the file */
	/* sequences: items; mappings: pairs */
	const struct yaml_node *const *items;
	const struct yaml_pair *pairs;
	size_t count;
};

/* Parses the one document of a source. NULL if and only if an error was reported. An empty document is a plain scalar
 * of no text. Nodes live in the arena and refer to the source. */
const struct yaml_node *yaml_parse(struct arena *, const struct source *, struct diags *);

/* Is it what YAML calls null: a plain scalar of no text, `~` or `null`? */
bool yaml_is_null(const struct yaml_node *);

/* "a mapping", "a list", "a string": for messages. */
const char *yaml_kind_name(const struct yaml_node *);

/* The value of a mapping's key, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);

/* The version of libyaml that is linked in, for `chaingate version`. */
const char *yaml_library_version(void);

#endif
