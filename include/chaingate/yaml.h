/* yaml.h - turns YAML bytes into a tree of located nodes.
 *
 * The only room that knows libyaml. The result is a plain tree: scalars as decoded text with a map back to the
 * file's bytes, sequences, mappings with their keys in order. It doesn't guess types: `no`, `5m` and `2` are texts
 * with a style, and the reader decides.
 *
 * Rejected, with a diagnostic: more than one document, a key given twice, a key that isn't a scalar, merge keys
 * (`<<`), tags, cycles, undefined aliases, text that isn't UTF-8 (also UTF-16), and anything over the limits below.
 * Anchors and aliases work: an alias is the same node again.
 */
#ifndef CHAINGATE_YAML_H
#define CHAINGATE_YAML_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/source.h"

#include <stdbool.h>
#include <stddef.h>

/* Deepest nesting. A policy has 6 levels; libyaml itself has no limit. */
#define YAML_DEPTH_MAX 32
/* Most nodes; an alias counts each time it is used. This stops an alias bomb. */
#define YAML_NODES_MAX 200000
/* Largest file, in bytes: a hundred times the largest policy that anyone would review. */
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
	struct excerpt scalar; /* decoded text, with the offset in the file for each byte */
	/* sequences: items; mappings: pairs */
	const struct yaml_node *const *items;
	const struct yaml_pair *pairs;
	size_t count;
};

/* Parses the one document of a source. NULL if and only if an error was reported. An empty document is a plain
 * scalar with an empty text. Nodes live in the arena and refer to the source. */
const struct yaml_node *yaml_parse(struct arena *, const struct source *, struct diags *);

/* True for what YAML calls null: a plain scalar that is empty, `~` or `null`. */
bool yaml_is_null(const struct yaml_node *);

/* "a mapping", "a list", "a string", "null", or "empty" if nothing is written: for messages. */
const char *yaml_kind_name(const struct yaml_node *);

/* The value of a mapping's key, or NULL. */
const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);

/* The version of the linked libyaml, for `chaingate version`. */
const char *yaml_library_version(void);

#endif
