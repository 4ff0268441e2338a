/* test_files.c - files are read whole or not at all, and written whole or not at all. */
#include "chaingate/arena.h"
#include "chaingate/clock.h"
#include "chaingate/files.h"
#include "chaingate/times.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* Each test has its own directory, and makes it the working directory. */
static char directory[64];

static int enter(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/chaingate-files-XXXXXX");
	return mkdtemp(directory) && chdir(directory) == 0 ? 0 : -1;
}

static int leave(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof(command), "rm -rf %s", directory);
	return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void put(const char *path, const char *content)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	fputs(content, file);
	fclose(file);
}

static void assert_content(const char *path, const char *expected)
{
	struct arena arena = {0};
	struct text text;
	const char *why;

	if (!file_read(&arena, path, 1 << 20, &text, &why))
		fail_msg("%s: %s", path, why);
	assert_string_equal(text.bytes, expected);
	assert_int_equal(text.length, strlen(expected));
	arena_release(&arena);
}

/* Counts the directory's entries, including temporary files. */
static int entries(const char *path)
{
	DIR *listing = opendir(path);
	int count = -2; /* . and .. */

	assert_non_null(listing);
	while (readdir(listing))
		count++;
	closedir(listing);
	return count;
}

static mode_t mode_of(const char *path)
{
	struct stat status;

	assert_int_equal(lstat(path, &status), 0);
	return status.st_mode;
}

static void assert_written(const char *path, const char *content)
{
	const char *why = NULL;

	if (!file_write(path, text_of(content), FD_PATIENCE_NS, &why))
		fail_msg("%s: %s", path, why);
}

static void assert_refused(const char *path, int number)
{
	const char *why = NULL;

	assert_false(file_write(path, TEXT("new"), FD_PATIENCE_NS, &why));
	assert_string_equal(why, strerror(number));
}

static void test_read(void **state)
{
	struct arena arena = {0};
	struct text text = TEXT("untouched");
	const char *why = NULL;
	int ends[2];
	(void)state;

	put("file", "12345");
	assert_true(file_read(&arena, "file", 5, &text, &why));
	assert_int_equal(text.length, 5);
	assert_int_equal(text.bytes[5], '\0');
	put("empty", "");
	assert_true(file_read(&arena, "empty", 0, &text, &why));
	assert_int_equal(text.length, 0);
	text = TEXT("untouched");
	assert_false(file_read(&arena, "file", 4, &text, &why));
	assert_string_equal(why, strerror(EFBIG));
	assert_false(file_read(&arena, "nowhere", 5, &text, &why));
	assert_string_equal(why, strerror(ENOENT));
	assert_false(file_read(&arena, ".", 5, &text, &why));
	assert_string_equal(why, strerror(EISDIR));
	assert_false(file_read(&arena, "", 5, &text, &why));
	assert_false(file_read(&arena, "/dev/zero", 1000000, &text, &why)); /* never ends */
	assert_string_equal(why, strerror(EFBIG));
	assert_string_equal(text.bytes, "untouched");

	/* A pipe as standard input, with a NUL in its content. */
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "a\0b", 3), 3);
	close(ends[1]);
	int saved = dup(0);
	dup2(ends[0], 0);
	assert_true(file_read(&arena, "-", 5, &text, &why));
	dup2(saved, 0);
	close(saved);
	close(ends[0]);
	assert_int_equal(text.length, 3);
	assert_memory_equal(text.bytes, "a\0b", 3);
	/* A file that has content although its size is 0. */
	assert_true(file_read(&arena, "/proc/self/status", 1 << 20, &text, &why));
	assert_true(text.length > 0);
	arena_release(&arena);
}

static void test_write(void **state)
{
	mode_t umask_before = umask(027);
	(void)state;

	assert_written("new", "content\n");
	assert_content("new", "content\n");
	assert_int_equal(mode_of("new") & 07777, 0640);
	assert_written("new", "");
	assert_content("new", "");
	put("old", "old");
	chmod("old", 0604);
	assert_written("old", "new");
	assert_content("old", "new");
	assert_int_equal(mode_of("old") & 07777, 0604);
	umask(umask_before);
	assert_written("a/b//c/file", "deep");
	assert_content("a/b/c/file", "deep");
	assert_written("./a/../a/file", "x");
	char path[256];
	snprintf(path, sizeof(path), "%s/absolute/file", directory);
	assert_written(path, "y");
	assert_content("absolute/file", "y");
	/* A name of the maximum length. */
	memset(path, 'n', 255);
	path[255] = '\0';
	assert_written(path, "z");
	assert_content(path, "z");
	assert_int_equal(entries("."), 5);
	assert_int_equal(entries("a"), 2);
	assert_int_equal(entries("a/b/c"), 1);
}

static void test_links(void **state)
{
	(void)state;
	assert_int_equal(mkdir("d", 0777), 0);
	put("d/target", "old");
	assert_int_equal(symlink("d/target", "first"), 0);
	assert_int_equal(symlink("../first", "d/second"), 0);
	assert_written("d/second", "new");
	assert_content("d/target", "new");
	assert_true(S_ISLNK(mode_of("first")) && S_ISLNK(mode_of("d/second")));
	/* A link to a file that doesn't exist yet, in a directory that doesn't exist yet. */
	assert_int_equal(symlink("e/made", "third"), 0);
	assert_written("third", "made");
	assert_content("e/made", "made");
	assert_true(S_ISLNK(mode_of("third")));
	assert_int_equal(symlink("loop", "loop"), 0);
	assert_refused("loop", ELOOP);
	/* A link to a directory works as a directory. */
	assert_int_equal(symlink("d", "f"), 0);
	assert_written("f/file", "x");
	assert_content("d/file", "x");
	assert_refused("f", EISDIR);
}

static void test_write_refused(void **state)
{
	(void)state;
	assert_refused("", ENOENT);
	assert_refused(".", EISDIR);
	assert_refused("new/", EISDIR);
	put("file", "old");
	assert_refused("file/below", ENOTDIR);
	assert_refused("file/below/it", ENOTDIR);
	assert_content("file", "old");
	assert_refused("/proc/nothing/here", ENOENT);
	if (geteuid() != 0) {
		chmod("file", 0444);
		assert_refused("file", EACCES);
		assert_int_equal(mkdir("closed", 0555), 0);
		assert_refused("closed/file", EACCES);
	}
	assert_content("file", "old");
}

/* A limit on the file size imitates a full disk: the old file stays, and no temporary file is left. */
static void test_write_cut(void **state)
{
	struct rlimit before, small;
	char *content = malloc(100000);
	const char *why = NULL;
	(void)state;

	memset(content, 'x', 100000);
	put("file", "old");
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 5000;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	bool written = file_write("file", (struct text){content, 100000}, FD_PATIENCE_NS, &why);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_false(written);
	assert_string_equal(why, strerror(EFBIG));
	assert_content("file", "old");
	assert_int_equal(entries("."), 1);
	free(content);
}

static void *read_pipe(void *argument)
{
	char *bytes = argument;
	int fd = open("pipe", O_RDONLY);
	ssize_t got;

	while ((got = read(fd, bytes, 100)) > 0)
		bytes += got;
	close(fd);
	return NULL;
}

static void test_in_place(void **state)
{
	char seen[200] = "";
	pthread_t reader;
	(void)state;

	assert_written("/dev/null", "anything");
	assert_true(S_ISCHR(mode_of("/dev/null")));
	assert_refused("/dev/full", ENOSPC);
	assert_int_equal(mkfifo("pipe", 0600), 0);
	assert_int_equal(pthread_create(&reader, NULL, read_pipe, seen), 0);
	assert_written("pipe", "through");
	pthread_join(reader, NULL);
	assert_string_equal(seen, "through");
	assert_true(S_ISFIFO(mode_of("pipe")));
	assert_int_equal(entries("."), 1);
}

/* Writing to /dev/stdout continues at the position of stdout, even if stdout is a file. */
static void test_own_output(void **state)
{
	int saved = dup(1);
	int fd = open("out", O_WRONLY | O_CREAT | O_TRUNC, 0644);
	const char *why = NULL;
	bool written;
	(void)state;

	fflush(stdout);
	dup2(fd, 1);
	written = write(1, "before ", 7) == 7 && file_write("/dev/stdout", TEXT("report"), FD_PATIENCE_NS, &why) &&
		  write(1, " after", 6) == 6;
	dup2(saved, 1);
	close(saved);
	close(fd);
	assert_true(written);
	assert_content("out", "before report after");
	assert_int_equal(entries("."), 1);
}

static void test_fd_write(void **state)
{
	size_t size = 1 << 20;
	char *content = calloc(1, size);
	const char *why = NULL;
	int ends[2];
	(void)state;

	/* fd_write() gives up on a reader that doesn't read, whether the pipe blocks or not. */
	for (int flags = 0; flags <= O_NONBLOCK; flags += O_NONBLOCK) {
		assert_int_equal(pipe(ends), 0);
		fcntl(ends[1], F_SETFL, flags);
		int64_t began_ns = clock_monotonic_ns();
		assert_true(fd_takes(ends[1]));
		assert_false(fd_write(ends[1], (struct text){content, size}, 50 * NS_PER_MS, &why));
		assert_false(fd_takes(ends[1]));
		int64_t took_ns = clock_monotonic_ns() - began_ns;
		assert_true(took_ns >= 50 * NS_PER_MS);
		assert_non_null(why);
		close(ends[0]);
		assert_false(fd_write(ends[1], TEXT("x"), NS_PER_S, &why));
		assert_string_equal(why, strerror(EPIPE));
		close(ends[1]);
	}
	assert_true(fd_write(1, (struct text){0}, 0, &why));
	assert_false(fd_write(-1, TEXT("x"), 0, &why));
	assert_string_equal(why, strerror(EBADF));
	free(content);
}

static void *drain(void *argument)
{
	static char bytes[65536];
	size_t *total = argument;
	int fd = (int)*total;
	ssize_t got;

	*total = 0;
	while ((got = read(fd, bytes, sizeof(bytes))) > 0)
		*total += (size_t)got;
	return NULL;
}

static void test_fd_write_all(void **state)
{
	size_t size = 1 << 20;
	char *content = calloc(1, size);
	const char *why = NULL;
	pthread_t reader;
	int ends[2];
	(void)state;

	assert_int_equal(pipe(ends), 0);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	size_t total = (size_t)ends[0];
	assert_int_equal(pthread_create(&reader, NULL, drain, &total), 0);
	assert_true(fd_write(ends[1], (struct text){content, size}, 30 * NS_PER_S, &why));
	close(ends[1]);
	pthread_join(reader, NULL);
	assert_int_equal(total, size);
	close(ends[0]);
	free(content);
}

static void test_surroundings(void **state)
{
	struct arena arena = {0};
	(void)state;

	assert_string_equal(file_working_directory(&arena), directory);
	assert_true(strlen(host_name(&arena)) > 0);
	/* The working directory no longer exists. */
	assert_int_equal(rmdir(directory), 0);
	assert_null(file_working_directory(&arena));
	arena_release(&arena);
}

static void test_clock(void **state)
{
	int64_t before_ns = clock_monotonic_ns();
	uint32_t first = clock_random();
	bool varies = false;
	(void)state;

	assert_true(clock_monotonic_ns() >= before_ns);
	assert_true(clock_wall_ns() > INT64_C(1700000000) * NS_PER_S);
	for (int i = 0; i < 10; i++)
		varies = varies || clock_random() != first;
	assert_true(varies);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(test_read),         IN_DIRECTORY(test_write),
		IN_DIRECTORY(test_links),        IN_DIRECTORY(test_write_refused),
		IN_DIRECTORY(test_write_cut),    IN_DIRECTORY(test_in_place),
		IN_DIRECTORY(test_own_output),   IN_DIRECTORY(test_surroundings),
		cmocka_unit_test(test_fd_write), cmocka_unit_test(test_fd_write_all),
		cmocka_unit_test(test_clock),
	};
	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
