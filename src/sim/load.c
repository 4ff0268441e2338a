/* load.c - see load.h. */
#include "load.h"

#include "chaingate/files.h"
#include "chaingate/text.h"
#include "chaingate/yaml.h"

#include <string.h>

/* The folder that a scenario's file names are relative to. */
struct folder {
	const char *scenario_path;
};

static bool read_beside(void *context, struct arena *arena, const char *path, struct text *out, const char **why)
{
	const struct folder *folder = context;
	const char *slash = strrchr(folder->scenario_path, '/');
	if (path[0] != '/' && slash)
		path = arena_printf(arena, "%.*s/%s", (int)(slash - folder->scenario_path), folder->scenario_path,
				    path);
	else if (text_is(text_of(path), "-"))
		path = "./-"; /* a file with this name: stdin can't be a body */
	return file_read(arena, path, SCENARIO_BODY_MAX, out, why);
}

const struct scenario *scenario_load(struct arena *arena, const char *path, struct diags *diags, const char **why)
{
	struct folder folder = {.scenario_path = path};
	struct text bytes;
	if (!file_read(arena, path, YAML_BYTES_MAX, &bytes, why))
		return NULL;
	*why = NULL;
	const char *name = text_is(text_of(path), "-") ? "<stdin>" : path;
	return scenario_parse(arena, source_make(arena, name, bytes), (struct file_reader){read_beside, &folder},
			      diags);
}
