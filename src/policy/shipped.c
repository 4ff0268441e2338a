/* shipped.c - the files in policies/, compiled in; `@production` refers to one of them. */
#include "chaingate/policy.h"

#include "chaingate/buf.h"

/* Their names, ascending, and their lines, in the same order. The Makefile generates both from the files. */
static const char *const names[] = {
#include "shipped_names.inc"
};
static const struct {
	const char *name, *line;
} lines[] = {
#include "shipped_lines.inc"
};

const char *const *policy_shipped_names(size_t *count)
{
	*count = sizeof(names) / sizeof(names[0]);
	return names;
}

struct text policy_shipped_yaml(struct arena *arena, struct text name)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (text_is(name, lines[i].name))
			buf_add_string(&buf, lines[i].line);
	struct text yaml = buf.length ? arena_text(arena, buf_text(&buf)) : (struct text){0};
	buf_release(&buf);
	return yaml;
}
