/* test_sandbox.c - what a process in the sandbox can and can't do; and that it goes on where the kernel has no sandbox.
 * Each case runs in a process of its own, because nobody leaves a sandbox.
 */
#define _GNU_SOURCE /* syscall, clone, process_vm_readv */

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "chaingate/sandbox.h"
#include "chaingate/times.h"
#include "needs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <netdb.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
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

static const char *in_root(const char *name)
{
	static char paths[8][PATH_MAX + 100];
	static int next;
	char *path = paths[next++ % 8];
	snprintf(path, sizeof(paths[0]), "%s/%s", root, name);
	return path;
}

static bool has(const char *part)
{
	return strstr(words, part) != NULL;
}

/* Runs in a child, in the sandbox with these places (below the test's folder; '+': only appended to); NULL ends the list. */
static void in_sandbox(void (*act)(void), void (*before)(void), const char *const *names)
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

static int make_root(void **state)
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

static int remove_root(void **state)
{
	(void)state;
	char command[PATH_MAX + 20];
	snprintf(command, sizeof(command), "rm -rf '%s'", root);
	return chdir("/") | system(command);
}

static void needs_sandbox(const char *part)
{
	struct arena arena = {0};
	bool is_there = IS_BUILT && strstr(sandbox_preview(&arena), part);
	if (!is_there)
		print_message("# %s\n", sandbox_preview(&arena));
	arena_release(&arena);
	needs(is_there, IS_BUILT ? "the kernel has no such sandbox" : "this build has no sandbox");
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

static bool writes(const char *name)
{
	const char *why = "";
	errno = 0;
	return file_write(name[0] == '/' ? name : in_root(name), TEXT("x"), NS_PER_S, &why);
}

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

/* ---- system calls ----------------------------------------------------------------------------------------------- */

static void make_sockets(void)
{
	EXPECT(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0) >= 0);
	EXPECT(socket(AF_INET, SOCK_DGRAM, 0) >= 0);
	EXPECT(socket(AF_INET6, SOCK_STREAM, 0) >= 0 || errno == EAFNOSUPPORT);
	EXPECT(socket(AF_INET6, SOCK_DGRAM, 0) >= 0 || errno == EAFNOSUPPORT);
	EXPECT(socket(AF_UNIX, SOCK_STREAM, 0) >= 0);
	EXPECT(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE) >= 0);
	int pair[2];
	EXPECT(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	EXPECT(FAILS(socket(AF_PACKET, SOCK_RAW, 0), EPERM));
	EXPECT(FAILS(socket(AF_INET, SOCK_RAW, 1), EPERM));
	EXPECT(FAILS(socket(AF_INET6, SOCK_RAW, 58), EPERM));
	EXPECT(FAILS(socket(AF_NETLINK, SOCK_RAW, NETLINK_KOBJECT_UEVENT), EPERM));
	EXPECT(FAILS(socket(AF_VSOCK, SOCK_STREAM, 0), EPERM));
	EXPECT(FAILS(socket(AF_ALG, SOCK_SEQPACKET, 0), EPERM));
	EXPECT(FAILS(socket(-1, 0, 0), EPERM));
}

static void start_nothing(void)
{
	char *const arguments[] = {(char *)(uintptr_t) "true", NULL};
	EXPECT(FAILS(execv("/bin/true", arguments), EPERM));
	EXPECT(FAILS(syscall(SYS_execveat, AT_FDCWD, "/bin/true", arguments, NULL, 0), EPERM));
	EXPECT(FAILS(fork(), EPERM));
	EXPECT(FAILS(syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL), EPERM));
	EXPECT(FAILS(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL), EPERM));
	/* Without the filter this one would be EINVAL. */
	EXPECT(FAILS(syscall(SYS_clone, CLONE_THREAD | CLONE_NEWNET, NULL, NULL, NULL, NULL), EPERM));
	EXPECT(FAILS(unshare(CLONE_NEWUSER), EPERM));
	EXPECT(FAILS(ptrace(PTRACE_TRACEME, 0, NULL, NULL), EPERM));
	EXPECT(FAILS(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL), EPERM));
	char byte;
	struct iovec bytes = {&byte, 1};
	EXPECT(FAILS(process_vm_readv(getpid(), &bytes, 1, &bytes, 1, 0), EPERM));
	EXPECT(FAILS(process_vm_writev(getpid(), &bytes, 1, &bytes, 1, 0), EPERM));
	EXPECT(FAILS(syscall(SYS_keyctl, 0, 0, 0, 0, 0), EPERM));
	EXPECT(FAILS(syscall(SYS_bpf, 0, NULL, 0), EPERM));
#ifdef SYS_io_uring_setup
	EXPECT(FAILS(syscall(SYS_io_uring_setup, 1, NULL), EPERM));
#endif
	EXPECT(FAILS(ioctl(0, 0x5412, "x"), EPERM)); /* TIOCSTI */
	EXPECT(FAILS(ioctl(0, 0x541C, "x"), EPERM)); /* TIOCLINUX */
	EXPECT(ioctl(0, TIOCGWINSZ, &byte) == 0 || errno != EPERM);
#ifdef __x86_64__
	EXPECT(FAILS(syscall(SYS_getpid | 0x40000000), EPERM)); /* x32's numbers */
#endif
}

static void leave_others_alone(void)
{
	struct rlimit limit;
	struct sched_param parameter = {0};
	cpu_set_t all;
	pid_t other = getppid();
	EXPECT(prlimit(0, RLIMIT_NOFILE, NULL, &limit) == 0);
	EXPECT(sched_getaffinity(other, sizeof(all), &all) == 0);
	EXPECT(FAILS(prlimit(other, RLIMIT_NOFILE, NULL, &limit), EPERM));
	EXPECT(FAILS(sched_setaffinity(other, sizeof(all), &all), EPERM));
	EXPECT(sched_setaffinity(0, sizeof(all), &all) == 0);
	EXPECT(FAILS(syscall(SYS_sched_setscheduler, other, SCHED_OTHER, &parameter), EPERM));
	EXPECT(FAILS(syscall(SYS_sched_setparam, other, &parameter), EPERM));
	EXPECT(FAILS(syscall(SYS_sched_setattr, other, NULL, 0), EPERM));
	EXPECT(FAILS(setpriority(PRIO_PROCESS, (id_t)other, 0), EPERM));
	EXPECT(FAILS(syscall(SYS_ioprio_set, 1, other, 0), EPERM));
	EXPECT(FAILS(syscall(SYS_move_pages, other, 0UL, NULL, NULL, NULL, 0), EPERM));
}

/* Without the filter, root would get EFAULT or EINVAL, except from the last. */
static void leave_the_machine_alone(void)
{
	EXPECT(FAILS(syscall(SYS_settimeofday, (void *)1, NULL), EPERM));
	EXPECT(FAILS(syscall(SYS_clock_settime, 0, (void *)1), EPERM));
	EXPECT(FAILS(syscall(SYS_adjtimex, NULL), EPERM));
	EXPECT(FAILS(syscall(SYS_clock_adjtime, 0, NULL), EPERM));
	EXPECT(FAILS(syscall(SYS_syslog, -1, NULL, 0), EPERM));
	EXPECT(FAILS(syscall(SYS_quotactl, 0, NULL, 0, NULL), EPERM));
	EXPECT(FAILS(syscall(SYS_sethostname, NULL, -1), EPERM));
	EXPECT(FAILS(syscall(SYS_setdomainname, NULL, -1), EPERM));
}

static void *do_nothing(void *user)
{
	return user;
}

/* What a run needs: threads, signals to itself, names. */
static void go_on(void)
{
	pthread_t thread;
	int value = 0;
	void *result = NULL;
	EXPECT(pthread_create(&thread, NULL, do_nothing, &value) == 0);
	EXPECT(pthread_join(thread, &result) == 0 && result == &value);
	signal(SIGUSR1, SIG_IGN);
	EXPECT(raise(SIGUSR1) == 0);
	struct addrinfo *found = NULL, hints = {.ai_flags = AI_ADDRCONFIG, .ai_socktype = SOCK_STREAM};
	EXPECT(getaddrinfo("localhost", "80", &hints, &found) == 0);
	EXPECT(prctl(PR_GET_NO_NEW_PRIVS, 0L, 0L, 0L, 0L) == 1);
	EXPECT(prctl(PR_GET_SECCOMP, 0L, 0L, 0L, 0L) == SECCOMP_MODE_FILTER);
}

static void system_calls_are_refused(void **state)
{
	(void)state;
	needs_sandbox("system calls");
	in_sandbox(make_sockets, NULL, NULL);
	in_sandbox(start_nothing, NULL, NULL);
	in_sandbox(leave_others_alone, NULL, NULL);
	in_sandbox(leave_the_machine_alone, NULL, NULL);
	in_sandbox(go_on, NULL, NULL);
}

/* ---- other kernels ---------------------------------------------------------------------------------------------- */

static void make_end(long call, unsigned argument_min, unsigned end)
{
	struct sock_filter steps[] = {
		{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, nr)},
		{BPF_JMP | BPF_JEQ | BPF_K, 0, 3, (unsigned)call},
		{BPF_LD | BPF_W | BPF_ABS, 0, 0, offsetof(struct seccomp_data, args)},
		{BPF_JMP | BPF_JGE | BPF_K, 0, 1, argument_min},
		{BPF_RET | BPF_K, 0, 0, end},
		{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
	};
	struct sock_fprog program = {sizeof(steps) / sizeof(*steps), steps};
	EXPECT(prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == 0);
	EXPECT(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0L, 0L) == 0);
}

/* Makes one call fail with this error if its first argument is at least this. */
static void make_fail(long call, unsigned argument_min, int number)
{
	make_end(call, argument_min, SECCOMP_RET_ERRNO | (unsigned)number);
}

static void be_killed_for_landlock(void)
{
	make_end(444, 0, SECCOMP_RET_KILL_PROCESS);
}

static void be_killed_for_landlock_without_sigchld(void)
{
	signal(SIGCHLD, SIG_IGN);
	be_killed_for_landlock();
}

static void lack_landlock(void)
{
	make_fail(444, 0, ENOSYS);
}

static void have_sigchld_ignored(void)
{
	signal(SIGCHLD, SIG_IGN);
	lack_landlock();
}

static void have_landlock_off(void)
{
	make_fail(444, 0, EOPNOTSUPP);
}

static void be_refused_landlock(void)
{
	make_fail(444, 0, EPERM);
}

static void be_refused_rules(void)
{
	make_fail(445, 0, ENOMEM);
}

static void be_refused_restriction(void)
{
	make_fail(446, 0, E2BIG);
}

static void lack_pipes(void)
{
	make_fail(SYS_pipe2, 0, EMFILE);
#ifdef SYS_pipe
	make_fail(SYS_pipe, 0, EMFILE);
#endif
}

static void say_that_it_is_untried(void)
{
	EXPECT(strcmp(words,
		      "off: could not try whether another filter of system calls permits it: Too many open files") ==
	       0);
}

/* Without PR_SET_NO_NEW_PRIVS (38) and PR_SET_SECCOMP (22): the latter is the only one from 22 to 37 that is used. */
static void lack_seccomp(void)
{
	make_fail(SYS_prctl, 22, EINVAL);
}

static void only_calls(void)
{
	EXPECT(has("system calls (seccomp), but not files: "));
	EXPECT(writes("elsewhere/new") && unlink(in_root("elsewhere/new")) == 0);
	EXPECT(writes("there/out/new"));
	EXPECT(FAILS(fork(), EPERM));
}

static void nothing_at_all(void)
{
	EXPECT(strncmp(words, "off: ", 5) == 0);
	EXPECT(writes("elsewhere/new") && unlink(in_root("elsewhere/new")) == 0);
}

static void a_kernel_without_landlock_is_no_error(void **state)
{
	static const char *const places[] = {"there/out/report.xml", NULL};
	static void (*const befores[])(void) = {lack_landlock,       have_sigchld_ignored, have_landlock_off,
						be_refused_landlock, be_refused_rules,     be_refused_restriction};
	(void)state;
	needs_sandbox("files (");
	needs_sandbox("system calls");
	for (size_t i = 0; i < sizeof(befores) / sizeof(*befores); i++)
		in_sandbox(only_calls, befores[i], places);
}

static void a_kernel_without_seccomp_is_no_error(void **state)
{
	(void)state;
	needs_sandbox("system calls");
	in_sandbox(nothing_at_all, lack_seccomp, NULL);
}

/* systemd's and some containers' filters kill for what they don't know. */
static void a_filter_that_kills_is_not_met(void **state)
{
	(void)state;
	needs_sandbox("system calls");
	in_sandbox(nothing_at_all, be_killed_for_landlock, NULL);
	in_sandbox(nothing_at_all, be_killed_for_landlock_without_sigchld, NULL);
	in_sandbox(say_that_it_is_untried, lack_pipes, NULL);
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
		cmocka_unit_test_setup_teardown(system_calls_are_refused, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_kernel_without_landlock_is_no_error, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_kernel_without_seccomp_is_no_error, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_filter_that_kills_is_not_met, make_root, remove_root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
