/* fuzz_yaml.c - any bytes as YAML: the result is a tree or an error, never neither. Every offset is within the
 * bytes, and each byte of a scalar is at its place in the file. */
#include "chaingate/yaml.h"
#include "demand.h"

#include <string.h>

static void check_span(struct span span, size_t length)
{
	demand(span.start <= span.end && span.end <= length);
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void check_scalar(const struct excerpt *scalar, size_t length)
{
	size_t previous = scalar->start;
	demand(text_is_utf8(scalar->text));
	demand(scalar->offsets || scalar->start + scalar->text.length <= length);
	for (size_t i = 0; scalar->offsets && i <= scalar->text.length; i++) {
		demand(scalar->offsets[i] >= previous && scalar->offsets[i] <= length);
		previous = scalar->offsets[i];
	}
	for (size_t i = 0; i < scalar->text.length; i++) {
		size_t at = scalar->offsets ? scalar->offsets[i] : scalar->start + i;
		if (!is_letter(scalar->text.bytes[i]))
			continue;
		demand(at < length);
		char original = scalar->source->text.bytes[at];
		demand(original == scalar->text.bytes[i] || original == '\\');
	}
}

/* The tree is no deeper than YAML_DEPTH_MAX, aliases included, and has no more nodes than YAML_NODES_MAX. */
static size_t check_tree(const struct yaml_node *node, size_t length, size_t depth)
{
	size_t nodes = 1;
	check_span(node->span, length);
	switch (node->kind) {
	case YAML_SCALAR: check_scalar(&node->scalar, length); break;
	case YAML_SEQUENCE:
		demand(depth < YAML_DEPTH_MAX);
		for (size_t i = 0; i < node->count; i++)
			nodes += check_tree(node->items[i], length, depth + 1);
		break;
	case YAML_MAPPING:
		demand(depth < YAML_DEPTH_MAX);
		for (size_t i = 0; i < node->count; i++) {
			demand(node->pairs[i].key->kind == YAML_SCALAR);
			nodes += check_tree(node->pairs[i].key, length, depth + 1);
			nodes += check_tree(node->pairs[i].value, length, depth + 1);
		}
		break;
	}
	return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct buf rendered = buf_make(BUF_LIMIT_REPORT);
	const struct source *source = source_make(&arena, "fuzz.yaml", (struct text){(const char *)data, size});
	const struct yaml_node *root = yaml_parse(&arena, source, &diags);
	demand((root == NULL) == (diags.errors > 0));
	if (root)
		demand(check_tree(root, size, 0) <= YAML_NODES_MAX);
	for (const struct diag *diag = diags.first; diag; diag = diag->next) {
		check_span(diag->span, size);
		diag_render(&rendered, diag, 0, DIAG_PLAIN);
	}
	buf_release(&rendered);
	arena_release(&arena);
	return 0;
}
