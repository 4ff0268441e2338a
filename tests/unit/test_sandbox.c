/* test_sandbox.c - which files a process in the sandbox can and can't write to. For the rest see test_sandbox_calls.c.
 */

#include "in_sandbox.h"

#include <sys/resource.h>

/* ---- files ------------------------------------------------------------------------------------------------------ */

static void only_write_in_places(void)
{
	EXPECT(writes("there/out/new"));
	EXPECT(writes("there/out/old"));
	EXPECT(writes("there/out/deep/deeper/new"));
	EXPECT(!writes("elsewhere/new"));
	EXPECT(!writes("elsewhere/old"));
	EXPECT(!writes("here/new"));
	EXPECT(FAILS(open(in_root("elsewhere/old"), O_WRONLY), EACCES));
	EXPECT(FAILS(open(in_root("elsewhere/old"), O_RDWR | O_APPEND), EACCES));
	EXPECT(FAILS(open(in_root("elsewhere/new"), O_WRONLY | O_CREAT, 0666), EACCES));
	EXPECT(FAILS(open(in_root("elsewhere/pipe"), O_WRONLY | O_NONBLOCK), EACCES));
	EXPECT(FAILS(unlink(in_root("elsewhere/old")), EACCES));
	EXPECT(FAILS(mkdir(in_root("elsewhere/folder"), 0777), EACCES));
	EXPECT(FAILS(rmdir(in_root("here/sub")), EACCES));
	EXPECT(FAILS(symlink("x", in_root("elsewhere/link")), EACCES));
	EXPECT(FAILS(symlink("x", in_root("there/out/link")), EACCES));
	EXPECT(FAILS(mkfifo(in_root("there/out/pipe"), 0666), EACCES));
	EXPECT(rename(in_root("elsewhere/old"), in_root("there/out/stolen")) < 0);
	EXPECT(link(in_root("elsewhere/old"), in_root("there/out/linked")) < 0);
	EXPECT(FAILS(open("/dev/null", O_WRONLY), EACCES));
}

/* Everything that libraries may want to read, and what is open. */
static void reading_stays_open(void)
{
	EXPECT(open(in_root("elsewhere/old"), O_RDONLY) >= 0);
	EXPECT(open("/etc/passwd", O_RDONLY) >= 0);
	EXPECT(open("/etc", O_RDONLY | O_DIRECTORY) >= 0);
	EXPECT(open("/proc/self/status", O_RDONLY) >= 0);
	EXPECT(open("/dev/urandom", O_RDONLY) >= 0);
	EXPECT(write(STDERR_FILENO, "", 0) == 0);
}

static void only_places_can_be_written_to(void **state)
{
	static const char *const places[] = {"there/out/report.xml", NULL};
	(void)state;
	needs_sandbox("files");
	in_sandbox(only_write_in_places, NULL, places);
	in_sandbox(reading_stays_open, NULL, places);
	in_sandbox(reading_stays_open, NULL, NULL);
}

static void write_here(void)
{
	EXPECT(writes("here/new"));
	EXPECT(writes("here/sub/new"));
	EXPECT(writes("here/other/new"));
	EXPECT(!writes("there/new"));
	EXPECT(!writes("elsewhere/old"));
}

static void remove_out(void)
{
	char command[PATH_MAX + 20];
	snprintf(command, sizeof(command), "rm -rf '%s' '%s'", in_root("there/out"), in_root("here/sub"));
	EXPECT(system(command) == 0);
}

/* Another step of a pipeline removes the folders of reports while the sandbox is on. */
static int to_parent[2], to_child[2];

static void wait_for_parent(void)
{
	char byte = 0;
	EXPECT(write(to_parent[1], "", 1) == 1);
	EXPECT(read(to_child[0], &byte, 1) == 1);
	EXPECT(writes("there/out/new"));
	EXPECT(writes("here/sub/new"));
}

static void a_folder_may_be_made_again(void **state)
{
	static const char *const places[] = {"there/out/report.xml", "here/sub/report.xml", NULL};
	char byte;
	(void)state;
	needs_sandbox("files");
	assert_int_equal(pipe(to_parent), 0);
	assert_int_equal(pipe(to_child), 0);
	pid_t remover = fork();
	if (remover == 0) {
		words = "outside";
		EXPECT(read(to_parent[0], &byte, 1) == 1);
		remove_out();
		EXPECT(write(to_child[1], "", 1) == 1);
		_exit(0);
	}
	in_sandbox(wait_for_parent, NULL, places);
	int status = 1;
	assert_int_equal(waitpid(remover, &status, 0), remover);
	assert_int_equal(status, 0);
	for (int i = 0; i < 2; i++) {
		close(to_parent[i]);
		close(to_child[i]);
	}
}

static void below_the_working_directory(void **state)
{
	static const char *const in_file[] = {"here/report.xml", NULL}, *const in_folder[] = {"here/out/", NULL},
				 *const in_sub[] = {"here/new/deep/report.xml", NULL};
	(void)state;
	needs_sandbox("files");
	in_sandbox(write_here, NULL, in_file);
	in_sandbox(write_here, NULL, in_folder);
	in_sandbox(write_here, NULL, in_sub);
}

/* ---- descriptors, pipes and devices ----------------------------------------------------------------------------- */

static void write_to_descriptors(void)
{
	EXPECT(writes("/dev/fd/40"));
	EXPECT(writes("/proc/self/fd/41"));
	EXPECT(writes("/dev/fd/42"));
	EXPECT(writes("/dev/null"));
	EXPECT(FAILS(open("/dev/full", O_WRONLY), EACCES));
	EXPECT(!writes("elsewhere/new"));
}

static void open_descriptors(void)
{
	int ends[2];
	EXPECT(pipe(ends) == 0 && dup2(ends[1], 40) == 40);
	EXPECT(dup2(open(in_root("elsewhere/old"), O_WRONLY), 41) == 41);
	EXPECT(dup2(open(in_root("elsewhere/gone"), O_WRONLY | O_CREAT, 0666), 42) == 42);
	EXPECT(unlink(in_root("elsewhere/gone")) == 0);
}

static void write_to_a_pipe(void)
{
	int reader = open(in_root("elsewhere/pipe"), O_RDONLY | O_NONBLOCK);
	EXPECT(reader >= 0);
	EXPECT(writes("elsewhere/pipe"));
}

static void descriptors_pipes_and_devices_can_be_places(void **state)
{
	static const char *const descriptors[] = {"/dev/fd/40", "/proc/self/fd/41", "/dev/fd/42", "/dev/null", NULL},
				 *const pipes[] = {"elsewhere/pipe", NULL};
	(void)state;
	needs_sandbox("files");
	in_sandbox(write_to_descriptors, open_descriptors, descriptors);
	in_sandbox(write_to_a_pipe, NULL, pipes);
}

/* Reports in many folders, in a process with few descriptors. */
static void have_few_descriptors(void)
{
	struct rlimit few = {12, 12};
	EXPECT(setrlimit(RLIMIT_NOFILE, &few) == 0);
}

static void write_with_few(void)
{
	EXPECT(IS_BUILT && has("files ("));
	for (int i = 0; i < 6; i++)
		EXPECT(writes("there/out/new") && writes("elsewhere/new"));
}

static void places_take_no_descriptors(void **state)
{
	static const char *const places[] = {
		"there/out/a",   "elsewhere/b", "here/c",      "here/sub/d", "there/out/old",
		"elsewhere/old", "here/old",    "elsewhere/e", "there/f",    NULL};
	(void)state;
	needs_sandbox("files");
	in_sandbox(write_with_few, have_few_descriptors, places);
}

static void append_only(void)
{
	int fd = open(in_root("there/out/old"), O_WRONLY | O_APPEND);
	EXPECT(fd >= 0 && write(fd, "x", 1) == 1);
	EXPECT(!writes("there/out/new"));
	EXPECT(!writes("there/new"));
	EXPECT(FAILS(unlink(in_root("there/out/old")), EACCES));
}

static void append_to_a_new_file(void)
{
	EXPECT(writes("elsewhere/new"));
}

static void a_file_that_is_appended_to_opens_no_folder(void **state)
{
	static const char *const places[] = {"+there/out/old", NULL}, *const absent[] = {"+elsewhere/new", NULL};
	(void)state;
	needs_sandbox("files");
	in_sandbox(append_only, NULL, places);
	in_sandbox(append_to_a_new_file, NULL, absent);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(only_places_can_be_written_to, make_root, remove_root),
		cmocka_unit_test_setup_teardown(below_the_working_directory, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_folder_may_be_made_again, make_root, remove_root),
		cmocka_unit_test_setup_teardown(descriptors_pipes_and_devices_can_be_places, make_root, remove_root),
		cmocka_unit_test_setup_teardown(places_take_no_descriptors, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_file_that_is_appended_to_opens_no_folder, make_root, remove_root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
