/* policy_file.c - see policy_file.h. */
#include "policy_file.h"

#include "chaingate/files.h"
#include "chaingate/source.h"
#include "chaingate/yaml.h"

#include <string.h>

const struct policy *policy_file_load(struct arena *arena, const char *path, struct diags *diags)
{
	const char *name = POLICY_BUILTIN_NAME;
	struct text content = policy_builtin_yaml();
	const char *why;
	if (path) {
		name = strcmp(path, "-") == 0 ? STDIN_NAME : path;
		if (!file_read(arena, path, YAML_BYTES_MAX, &content, &why)) {
			diag_error(diags, NULL, (struct span){0, 0}, DIAG_UNREADABLE_FILE,
				   "could not read the policy '%s': %s", diag_value(diags, text_of(name)), why);
			return NULL;
		}
	}
	return policy_load(arena, source_make(arena, name, content), NULL, diags);
}
