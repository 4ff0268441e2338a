/* in_sandbox.h - runs a part of a test in a process of its own, in the sandbox, because nobody leaves a sandbox. Whoever
 * includes it defines _GNU_SOURCE before.
 */
#ifndef CHAINGATE_TESTS_IN_SANDBOX_H
#define CHAINGATE_TESTS_IN_SANDBOX_H

#include "chaingate/arena.h"
#include "chaingate/files.h"
#include "chaingate/sandbox.h"
#include "chaingate/times.h"
#include "needs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(ARENA_CHECKED) || defined(CHAINGATE_COVERAGE)
#define IS_BUILT false
#else
#define IS_BUILT true
#endif

/* The test's folder, with the working directory `here` in it. */
static char root[PATH_MAX];
static const char *words; /* what sandbox_enter said, in a child */

#define EXPECT(is_true) \
	do { \
		if (!(is_true)) { \
			fprintf(stderr, "%s:%d: %s (%s; %s)\n", __FILE__, __LINE__, #is_true, strerror(errno), words); \
			_exit(1); \
		} \
	} while (false)

/* True if the call failed with this error. */
#define FAILS(call, number) (errno = 0, (call) < 0 && errno == (number))

static inline const char *in_root(const char *name)
{
	static char paths[8][PATH_MAX + 100];
	static int next;
	char *path = paths[next++ % 8];
	snprintf(path, sizeof(paths[0]), "%s/%s", root, name);
	return path;
}

static inline bool has(const char *part)
{
	return strstr(words, part) != NULL;
}

/* Runs in a child, in the sandbox with these places (below the test's folder; '+': only appended to); NULL ends the list. */
static inline void in_sandbox(void (*act)(void), void (*before)(void), const char *const *names)
{
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		static struct arena arena;
		struct sandbox_place places[10];
		size_t count = 0;
		words = "not yet in the sandbox";
		alarm(600);
		for (; names && names[count]; count++) {
			bool is_appended = names[count][0] == '+';
			const char *name = names[count] + is_appended;
			places[count] = (struct sandbox_place){
				name[0] == '/' ? name : arena_string(&arena, in_root(name)), is_appended};
		}
		if (before)
			before();
		words = sandbox_enter(&arena, places, count);
		act();
		_exit(0);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
}

/* Writes a file of the test's folder, or one with an absolute path. */
static inline bool writes(const char *name)
{
	const char *why = "";
	errno = 0;
	return file_write(name[0] == '/' ? name : in_root(name), TEXT("x"), NS_PER_S, &why);
}

static inline int make_root(void **state)
{
	(void)state;
	char template[] = "/tmp/chaingate-sandbox-XXXXXX";
	assert_non_null(mkdtemp(template));
	assert_non_null(realpath(template, root));
	static const char *const folders[] = {"here", "here/sub", "there", "there/out", "elsewhere"};
	for (size_t i = 0; i < sizeof(folders) / sizeof(*folders); i++)
		assert_int_equal(mkdir(in_root(folders[i]), 0777), 0);
	static const char *const files[] = {"here/old", "there/out/old", "elsewhere/old"};
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
		assert_true(close(open(in_root(files[i]), O_WRONLY | O_CREAT, 0666)) == 0);
	assert_int_equal(mkfifo(in_root("elsewhere/pipe"), 0666), 0);
	return chdir(in_root("here"));
}

static inline int remove_root(void **state)
{
	(void)state;
	char command[PATH_MAX + 20];
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return chdir("/") | system(command);
}

static inline void needs_sandbox(const char *part)
{
	struct arena arena = {0};
	bool is_there = IS_BUILT && strstr(sandbox_preview(&arena), part);
	if (!is_there)
		print_message("# %s\n", sandbox_preview(&arena));
	arena_release(&arena);
	needs(is_there, IS_BUILT ? "the kernel has no such sandbox" : "this build has no sandbox");
}

#endif
