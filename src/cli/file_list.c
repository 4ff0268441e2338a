/* file_list.c - see file_list.h. */
#include "file_list.h"

#include "command.h"

#include <dirent.h>
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

static void add_directory(struct arena *arena, struct file_list *list, const char *path, const char *ending, size_t depth)
{
	struct dirent **entries;
	int count = depth < DIRECTORY_DEPTH_MAX ? scandir(path, &entries, NULL, alphasort) : 0;
	bool slash = ends_with(path, "/");
	for (int i = 0; i < count; i++) {
		const char *below = arena_printf(arena, "%s%s%s", path, slash ? "" : "/", entries[i]->d_name);
		if (entries[i]->d_name[0] != '.' && is_directory(below))
			add_directory(arena, list, below, ending, depth + 1);
		else if (ends_with(entries[i]->d_name, ending))
			add_file(arena, list, below);
		free(entries[i]);
	}
	if (count >= 0 && depth < DIRECTORY_DEPTH_MAX)
		free(entries);
}

void file_list_add(struct arena *arena, struct file_list *list, const char *const *paths, size_t count, const char *ending, const char *what, struct diags *usage)
{
	for (size_t i = 0; i < count; i++) {
		size_t before = list->count;
		if (!is_directory(paths[i])) {
			add_file(arena, list, paths[i]);
			continue;
		}
		add_directory(arena, list, paths[i], ending, 0);
		if (list->count > before)
			continue;
		struct diag *diag = usage_error(usage, "no %s are in '%s'", what, diag_value(usage, text_of(paths[i])));
		diag_hint(usage, diag, "files of %s are called NAME%s", what, ending);
	}
}
