/* process.c - see process.h. */
#include "process.h"

#include "../virtual/world.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

/* The process couldn't be started. No run has this exit code. */
#define EXIT_NOT_STARTED 98

extern char **environ; /* required by POSIX, but declared by no header */

static void open_as(int fd, const char *path, int flags)
{
	int opened = open(path, flags, 0666);
	if (opened < 0 || dup2(opened, fd) < 0)
		_exit(EXIT_NOT_STARTED);
	close(opened);
}

static _Noreturn void become(const char *directory, const char *const *arguments, const char *const *variables,
			     const char *out, const char *err)
{
	int count = 0;
	while (arguments[count])
		count++;
	alarm(RUN_SECONDS_MAX);
	if (chdir(directory) < 0)
		_exit(EXIT_NOT_STARTED);
	open_as(STDIN_FILENO, "/dev/null", O_RDONLY);
	open_as(STDOUT_FILENO, out, O_WRONLY | O_CREAT | O_TRUNC);
	open_as(STDERR_FILENO, err, O_WRONLY | O_CREAT | O_TRUNC);
	environ = (char **)(void *)variables;
	world_leave(chaingate_main(count, (char **)(void *)arguments));
}

int run_command_line(const char *directory, const char *const *arguments, const char *const *variables, const char *out,
		     const char *err)
{
	int status;
	fflush(NULL); /* otherwise buffered output would be written twice */
	pid_t pid = fork();
	if (pid == 0)
		become(directory, arguments, variables, out, err);
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return EXIT_NOT_STARTED;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
