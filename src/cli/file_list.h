/* file_list.h - the files that operands name: a file itself, or the matching files in a directory. */
#ifndef CHAINGATE_CLI_FILE_LIST_H
#define CHAINGATE_CLI_FILE_LIST_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"

#include <stdbool.h>

/* How deep directories are searched: links may form cycles. */
#define DIRECTORY_DEPTH_MAX 16

struct file_list {
	const char **items;
	size_t count, capacity;
};

bool is_directory(const char *path);

/* Adds each path. For a directory, adds the files in it and below with one of the endings (the last is NULL), sorted by
 * name, without hidden directories. A directory without such files is reported; `what` ("tests") names them in the
 * message. */
void file_list_add(struct arena *, struct file_list *, const char *const *paths, size_t count,
		   const char *const *endings, const char *what, struct diags *usage);

#endif
