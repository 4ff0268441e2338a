/* test_sandbox_calls.c - which system calls a process in the sandbox can and can't make; and that it goes on where the
 * kernel has no sandbox.
 */
#define _GNU_SOURCE /* syscall, clone, process_vm_readv */

#include "in_sandbox.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <netdb.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>

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
		cmocka_unit_test_setup_teardown(system_calls_are_refused, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_kernel_without_landlock_is_no_error, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_kernel_without_seccomp_is_no_error, make_root, remove_root),
		cmocka_unit_test_setup_teardown(a_filter_that_kills_is_not_met, make_root, remove_root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
