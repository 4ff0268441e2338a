/* node.c - reads nodes: null, names of kinds, values by key. */
#include "chaingate/yaml.h"

static const char *const kind_names[] = {
	[YAML_SCALAR] = "a string",
	[YAML_SEQUENCE] = "a list",
	[YAML_MAPPING] = "a mapping",
};

bool yaml_is_null(const struct yaml_node *node)
{
	if (node->kind != YAML_SCALAR || node->style != YAML_PLAIN)
		return false;
	struct text text = node->scalar.text;
	return text.length == 0 || text_is(text, "~") || text_is(text, "null");
}

const char *yaml_kind_name(const struct yaml_node *node)
{
	if (yaml_is_null(node))
		return node->scalar.text.length == 0 ? "empty" : "null";
	return kind_names[node->kind];
}

const struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key)
{
	if (mapping->kind != YAML_MAPPING)
		return NULL;
	for (size_t i = 0; i < mapping->count; i++)
		if (text_is(mapping->pairs[i].key->scalar.text, key))
			return mapping->pairs[i].value;
	return NULL;
}
