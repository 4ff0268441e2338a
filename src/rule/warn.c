/* warn.c - what the files that warn of rules, and those that refuse them, have in common. */
#include "ast.h"
#include "ratio.h"

struct diag *rule_warn(const struct rule *rule, const struct node *node, struct diags *diags, enum diag_code code,
		       const char *message)
{
	return diag_warning(diags, rule->excerpt.source, excerpt_span(&rule->excerpt, node->from, node->to), code, "%s",
			    message);
}

const struct node *node_constant(const struct node *node)
{
	while (node->kind == NODE_NEGATE)
		node = node->children[0];
	return node->kind == NODE_LITERAL || node->kind == NODE_PARAM ? node : NULL;
}

void node_add_hundredfold(struct buf *buf, const struct node *node)
{
	struct ratio hundredfold;
	if (ratio_multiply(node_constant(node)->literal.number, ratio_of(100), &hundredfold))
		ratio_add_text(buf, hundredfold);
	else
		buf_add_string(buf, "70");
}

const char *node_words(struct arena *arena, const struct node *node)
{
	struct buf buf = buf_make(RULE_BYTES_MAX);
	node_print(&buf, node);
	const char *text = buf.overflowed ? "…" : arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return text;
}
