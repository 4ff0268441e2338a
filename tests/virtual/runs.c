/* runs.c - many runs of chaingate-virtual for the price of one start.
 *
 * Starting the program costs as much as most runs. So with VIRTUAL_RUNS in the environment, this process forks for
 * each run of a table, and the child becomes the program. world.h describes the table. The linker replaces main by
 * __wrap_main (Makefile).
 */
#include "world.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

int __wrap_main(int argc, char **argv);
int __real_main(int argc, char **argv);

/* Limits: bytes of a table, words of a run. A test has some hundred runs of some dozen words. */
#define TABLE_MAX (4 << 20)
#define WORDS_MAX 256
#define PATH_MAX_BYTES 4096
/* A shell's exit code for a process that a signal ended is this plus the signal's number. */
#define EXIT_SIGNAL 128

/* Defined in builds with sanitizers, or with coverage. */
void __asan_init(void) __attribute__((weak));
void __gcov_init(void *) __attribute__((weak));

/* Skips the search for leaks: at the end of each fork, it would cost more than the run. */
_Noreturn void world_leave(int code)
{
	if (__gcov_init)
		exit(code);
	fflush(NULL);
	_exit(code);
}

/* The texts of libcrypto's errors and its configuration take longer to load than most runs take; no test needs them. */
static void settle_libcrypto(void)
{
	OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | OPENSSL_INIT_NO_LOAD_CONFIG, NULL);
}

void world_warm_up(void)
{
	unsigned char ignored[EVP_MAX_MD_SIZE];
	settle_libcrypto();
	EVP_Digest("", 0, ignored, NULL, EVP_sha256(), NULL);
}

static _Noreturn void leave_once(int code)
{
	if (__asan_init)
		exit(code);
	world_leave(code);
}

/* The rest of the table. */
struct table {
	char *next, *end;
};

static struct table read_table(const char *path)
{
	static char bytes[TABLE_MAX];
	FILE *file = fopen(path, "rb");
	if (!file)
		world_refuse("VIRTUAL_RUNS: could not read '%s': %s", path, strerror(errno));
	size_t length = fread(bytes, 1, sizeof(bytes), file);
	fclose(file);
	if (length == sizeof(bytes))
		world_refuse("VIRTUAL_RUNS: '%s' has %zu bytes or more", path, sizeof(bytes));
	if (length && bytes[length - 1])
		world_refuse("VIRTUAL_RUNS: '%s' doesn't end with a NUL", path);
	return (struct table){bytes, bytes + length};
}

static char *next_word(struct table *table)
{
	if (table->next == table->end)
		world_refuse("VIRTUAL_RUNS: the table ends in the middle of a run");
	char *word = table->next;
	table->next += strlen(word) + 1;
	return word;
}

static bool is_assignment(const char *word)
{
	size_t length = strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz0123456789");
	return length && !(*word >= '0' && *word <= '9') && word[length] == '=';
}

/* Redirects a descriptor to the file NAME.SUFFIX. */
static void redirect(int descriptor, const char *name, const char *suffix, int flags)
{
	char path[PATH_MAX_BYTES];
	snprintf(path, sizeof(path), "%s.%s", name, suffix);
	int file = open(path, flags, 0666);
	if (file < 0 && flags == O_RDONLY)
		file = open("/dev/null", O_RDONLY);
	if (file < 0 || dup2(file, descriptor) < 0)
		world_refuse("VIRTUAL_RUNS: could not open '%s': %s", path, strerror(errno));
	close(file);
}

/* In the child: the words as env(1) has them, "-u NAME" and "NAME=VALUE" before the arguments. */
static int become(const char *name, char **words, size_t count, char *program)
{
	static char *arguments[WORDS_MAX + 2];
	size_t at = 0;
	int argc = 0;
	for (; at < count; at++) {
		if (strcmp(words[at], "-u") == 0 && at + 1 < count)
			unsetenv(words[++at]);
		else if (is_assignment(words[at]))
			putenv(words[at]);
		else
			break;
	}
	arguments[argc++] = program;
	while (at < count)
		arguments[argc++] = words[at++];
	redirect(STDIN_FILENO, name, "in", O_RDONLY);
	redirect(STDOUT_FILENO, name, "out", O_WRONLY | O_CREAT | O_TRUNC);
	redirect(STDERR_FILENO, name, "err", O_WRONLY | O_CREAT | O_TRUNC);
	return __real_main(argc, arguments);
}

/* Makes the directory of a run's files if it is missing, but not its parents. */
static void make_directory(const char *name)
{
	char path[PATH_MAX_BYTES];
	const char *slash = strrchr(name, '/');
	if (!slash)
		return;
	snprintf(path, sizeof(path), "%.*s", (int)(slash - name), name);
	mkdir(path, 0777);
}

static void note(const char *name, int outcome)
{
	char path[PATH_MAX_BYTES];
	snprintf(path, sizeof(path), "%s.status", name);
	FILE *file = fopen(path, "w");
	if (!file ||
	    fprintf(file, "%d\n", WIFEXITED(outcome) ? WEXITSTATUS(outcome) : EXIT_SIGNAL + WTERMSIG(outcome)) < 0 ||
	    fclose(file) != 0)
		world_refuse("VIRTUAL_RUNS: could not write '%s': %s", path, strerror(errno));
}

int __wrap_main(int argc, char **argv)
{
	const char *path = getenv("VIRTUAL_RUNS");
	if (!path || !*path) {
		settle_libcrypto();
		leave_once(__real_main(argc, argv));
	}
	world_warm_up();
	struct table table = read_table(path);
	unsetenv("VIRTUAL_RUNS");
	while (table.next < table.end) {
		char *words[WORDS_MAX], *name = next_word(&table), *rest;
		size_t count = strtoul(next_word(&table), &rest, 10);
		if (*rest || count > WORDS_MAX)
			world_refuse("VIRTUAL_RUNS: run '%s' has no number of words, or more than %d", name, WORDS_MAX);
		for (size_t i = 0; i < count; i++)
			words[i] = next_word(&table);
		make_directory(name);
		int outcome;
		pid_t child = fork();
		if (child == 0)
			world_leave(become(name, words, count, argv[0]));
		if (child < 0 || waitpid(child, &outcome, 0) != child)
			world_refuse("VIRTUAL_RUNS: could not run '%s': %s", name, strerror(errno));
		note(name, outcome);
	}
	return 0;
}
