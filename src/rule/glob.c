/* glob.c - see glob.h. The patterns are those of `like`. */
#include "chaingate/glob.h"

#include "pattern.h"

struct glob {
	const struct pattern *pattern;
};

bool glob_is_one(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.bytes[i];
		if (byte == '\\')
			i++;
		else if (byte == '*' || byte == '?' || byte == '[')
			return true;
	}
	return false;
}

const struct glob *glob_make(struct arena *arena, struct text text, const char **why)
{
	struct pattern_fault fault;
	const struct pattern *pattern = pattern_glob(arena, text, &fault);
	if (!pattern) {
		*why = fault.message;
		return NULL;
	}
	struct glob *glob = ARENA_NEW(arena, struct glob);
	glob->pattern = pattern;
	return glob;
}

const char *glob_mistake(struct arena *arena, struct text text)
{
	const char *why = NULL;
	return glob_is_one(text) && !glob_make(arena, text, &why) ? why : NULL;
}

bool glob_matches(const struct glob *glob, struct text text, struct arena *arena)
{
	return pattern_matches(glob->pattern, text, arena);
}
