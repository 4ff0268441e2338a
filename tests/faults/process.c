/* process.c - see process.h.
 *
 * A run leaves little behind in its process: it frees its memory and writes without stdio. What it does leave is undone
 * here: its descriptors, its signal handlers, its working directory and its environment.
 */
#include "process.h"

#include "../virtual/world.h"

#include "chaingate/arena.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The copies of this process's own descriptors: above all that a run opens, which are a dozen. */
#define KEPT_MIN 100
/* The process can't go on. No run has this exit code. */
#define EXIT_NOT_STARTED 98

extern char **environ; /* required by POSIX, but declared by no header */

enum { KEPT_STDIN, KEPT_STDOUT, KEPT_STDERR, KEPT_FOLDER, KEPT_COUNT };

static _Noreturn void give_up(const char *why)
{
	perror(why);
	_exit(EXIT_NOT_STARTED);
}

static int keep(int fd)
{
	int kept = fcntl(fd, F_DUPFD_CLOEXEC, KEPT_MIN);
	if (kept < 0)
		give_up("could not keep a descriptor");
	return kept;
}

static void open_as(int fd, const char *path, int flags)
{
	int opened = open(path, flags, 0666);
	if (opened < 0 || dup2(opened, fd) < 0)
		give_up(path);
	close(opened);
}

static void begin(const char *directory, const char *out, const char *err, int *kept)
{
	int folder = open(".", O_RDONLY | O_DIRECTORY);
	if (folder < 0)
		give_up(".");
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		kept[fd] = keep(fd);
	kept[KEPT_FOLDER] = keep(folder);
	close(folder);
	if (chdir(directory) < 0)
		give_up(directory);
	open_as(STDIN_FILENO, "/dev/null", O_RDONLY);
	open_as(STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC);
	open_as(STDERR_FILENO, err, O_WRONLY | O_CREAT | O_TRUNC);
}

static void end(const int *kept)
{
	static const int handled[] = {SIGHUP, SIGINT, SIGTERM, SIGPIPE, SIGTSTP, SIGXFSZ};
	for (size_t i = 0; i < sizeof(handled) / sizeof(*handled); i++)
		signal(handled[i], SIG_DFL);
	for (int fd = STDERR_FILENO + 1; fd < KEPT_MIN; fd++)
		close(fd);
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (dup2(kept[fd], fd) < 0)
			_exit(EXIT_NOT_STARTED);
	if (fchdir(kept[KEPT_FOLDER]) < 0)
		give_up("could not return to the first directory");
	for (int i = 0; i < KEPT_COUNT; i++)
		close(kept[i]);
}

/* The variables as a process has them: in memory of its own, because the program overwrites those that hold keys. */
static char **own_variables(struct arena *arena, const char *const *variables)
{
	size_t count = 0;
	while (variables[count])
		count++;
	char **copies = ARENA_ARRAY(arena, char *, count + 1);
	for (size_t i = 0; i < count; i++)
		copies[i] = arena_string(arena, variables[i]);
	return copies;
}

int run_command_line(const char *directory, const char *const *arguments, const char *const *variables, const char *out,
		     const char *err)
{
	int kept[KEPT_COUNT], count = 0;
	char **own = environ;
	struct arena arena = {0};
	while (arguments[count])
		count++;
	fflush(NULL); /* before stdout becomes the run's file */
	begin(directory, out, err, kept);
	environ = own_variables(&arena, variables);
	world_renew();
	alarm(RUN_SECONDS_MAX);
	int code = chaingate_main(count, (char **)(void *)arguments);
	alarm(0);
	environ = own;
	arena_release(&arena);
	end(kept);
	return code;
}
