/* file_list.c - see file_list.h. */
#include "file_list.h"

#include "command.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void add_file(struct arena *arena, struct file_list *list, const char *path)
{
	list->items = arena_grow(arena, list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count++] = path;
}

bool is_directory(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static bool ends_with(const char *name, const char *ending)
{
	size_t length = strlen(name), tail = strlen(ending);
	return length > tail && strcmp(name + length - tail, ending) == 0;
}

static bool ends_with_any(const char *name, const char *const *endings)
{
	while (*endings && !ends_with(name, *endings))
		endings++;
	return *endings;
}

struct search {
	struct arena *arena;
	struct file_list *list;
	const char *const *endings;
	struct diags *usage;
};

/* A directory that can't be read is reported, because nobody would notice that its files are missing. */
static void add_directory(const struct search *search, const char *path, size_t depth)
{
	struct dirent **entries;
	if (depth == DIRECTORY_DEPTH_MAX) {
		usage_error(search->usage, "'%s' is nested too deeply: at most %d levels of directories are searched",
			    diag_value(search->usage, text_of(path)), DIRECTORY_DEPTH_MAX);
		return;
	}
	int count = scandir(path, &entries, NULL, alphasort);
	if (count < 0) {
		usage_error(search->usage, "could not read the directory '%s': %s",
			    diag_value(search->usage, text_of(path)), strerror(errno));
		return;
	}
	bool slash = ends_with(path, "/");
	for (int i = 0; i < count; i++) {
		const char *below = arena_printf(search->arena, "%s%s%s", path, slash ? "" : "/", entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && is_directory(below))
			add_directory(search, below, depth + 1);
		else if (ends_with_any(entries[i]->d_name, search->endings))
			add_file(search->arena, search->list, below);
		free(entries[i]);
	}
	free(entries);
}

void file_list_add(struct arena *arena, struct file_list *list, const char *const *paths, size_t count,
		   const char *const *endings, const char *what, struct diags *usage)
{
	struct search search = {arena, list, endings, usage};
	for (size_t i = 0; i < count; i++) {
		size_t before = list->count;
		if (!is_directory(paths[i])) {
			add_file(arena, list, paths[i]);
			continue;
		}
		size_t errors = usage->errors;
		add_directory(&search, paths[i], 0);
		if (list->count > before || usage->errors > errors)
			continue;
		struct diag *diag = usage_error(usage, "no %s are in '%s'", what, diag_value(usage, text_of(paths[i])));
		diag_hint(usage, diag, "files with %s have names such as NAME%s", what, endings[0]);
	}
}
