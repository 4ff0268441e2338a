/* sandbox_filter.c - the sandbox's filter of system calls: a small program that the kernel runs for each call.
 *
 * It lists what is refused, not what is permitted: a library's next version may need a call that nobody has thought of,
 * and that must not make a run fail. The kernel remembers which calls are always permitted, so most cost nothing.
 */
#define _GNU_SOURCE /* syscall numbers */

#include "sandbox_filter.h"

#include <errno.h>

/* x32 has the same processor, but other numbers. */
#if defined(__linux__) && defined(__x86_64__) && !defined(__ILP32__)
#define ARCH AUDIT_ARCH_X86_64
/* Calls with this bit belong to the x32 ABI, which has numbers of its own. */
#define OTHER_ABI 0x40000000
#elif defined(__linux__) && defined(__aarch64__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef ARCH

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>

static const uint32_t refused[] = {
	/* programs and processes */
	__NR_execve,
	__NR_execveat,
#ifdef __NR_fork
	__NR_fork,
	__NR_vfork,
#endif
	/* other processes */
	__NR_ptrace,
	__NR_process_vm_readv,
	__NR_process_vm_writev,
	__NR_kcmp,
#ifdef __NR_pidfd_getfd
	__NR_pidfd_getfd,
#endif
#ifdef __NR_process_madvise
	__NR_process_madvise,
#endif
	__NR_setpriority, /* these two: of all processes of a user, too */
	__NR_ioprio_set,
	__NR_migrate_pages,
	__NR_move_pages,
/* would bypass this filter */
#ifdef __NR_io_uring_setup
	__NR_io_uring_setup,
	__NR_io_uring_enter,
	__NR_io_uring_register,
#endif
	/* large parts of the kernel that nobody here needs */
	__NR_bpf,
	__NR_perf_event_open,
	__NR_userfaultfd,
	__NR_add_key,
	__NR_request_key,
	__NR_keyctl,
	/* file systems and namespaces, for root */
	__NR_mount,
	__NR_umount2,
	__NR_pivot_root,
	__NR_chroot,
#ifdef __NR_move_mount
	__NR_open_tree,
	__NR_move_mount,
	__NR_fsopen,
	__NR_fsconfig,
	__NR_fsmount,
	__NR_fspick,
#endif
#ifdef __NR_mount_setattr
	__NR_mount_setattr,
#endif
	__NR_setns,
	__NR_unshare,
	__NR_open_by_handle_at,
	/* the machine, for root */
	__NR_init_module,
	__NR_finit_module,
	__NR_delete_module,
	__NR_kexec_load,
#ifdef __NR_kexec_file_load
	__NR_kexec_file_load,
#endif
	__NR_reboot,
	__NR_sethostname,
	__NR_setdomainname,
	__NR_settimeofday,
	__NR_clock_settime,
	__NR_adjtimex,
	__NR_clock_adjtime,
	__NR_syslog,
	__NR_quotactl,
#ifdef __NR_quotactl_fd
	__NR_quotactl_fd,
#endif
	__NR_swapon,
	__NR_swapoff,
	__NR_acct,
#ifdef __NR_iopl
	__NR_iopl,
	__NR_ioperm,
#endif
};

#define REFUSED (sizeof(refused) / sizeof(*refused))

/* Namespaces. A thread may not get its own ones either. CLONE_NEWTIME shares its bit with a signal's number. */
#define NEW_NAMESPACES \
	(CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET)

/* From clone3's flags, which are in memory, a filter can tell nothing. For this errno the C libraries use clone. */
#define CLONE3_ERROR ENOSYS
/* Types any words into the terminal, as if the user had (TIOCSTI), or into a console (TIOCLINUX). */
#define TERMINAL_TYPES 0x5412
#define CONSOLE_TYPES 0x541C

/* ---- the program ------------------------------------------------------------------------------------------------ */

#define PROGRAM_MAX 256

struct program {
	struct sock_filter steps[PROGRAM_MAX];
	unsigned short length;
};

static void add(struct program *program, unsigned code, uint32_t value, unsigned yes, unsigned no)
{
	program->steps[program->length++] =
		(struct sock_filter){.code = (uint16_t)code, .jt = (uint8_t)yes, .jf = (uint8_t)no, .k = value};
}

static void add_return(struct program *program, uint32_t value)
{
	add(program, BPF_RET | BPF_K, value, 0, 0);
}

static void add_refusal(struct program *program, int number)
{
	add_return(program, SECCOMP_RET_ERRNO | (uint32_t)number);
}

/* Loads 32 bits. Of an argument these are the lower half; the kernel, too, looks at no more of those used here. */
static void add_load(struct program *program, size_t offset)
{
	add(program, BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset, 0, 0);
}

#define ARGUMENT(i) (offsetof(struct seccomp_data, args) + (i) * sizeof(uint64_t))

/* Skips the next `steps` unless the loaded value is this one. */
static void add_unless_equal(struct program *program, uint32_t value, unsigned steps)
{
	add(program, BPF_JMP | BPF_JEQ | BPF_K, value, 0, steps);
}

static void add_refused(struct program *program, uint32_t number, int error)
{
	add_unless_equal(program, number, 1);
	add_refusal(program, error);
}

static void add_clone(struct program *program)
{
#ifdef __NR_clone3
	add_refused(program, __NR_clone3, CLONE3_ERROR);
#endif
	add_unless_equal(program, __NR_clone, 5);
	add_load(program, ARGUMENT(0));
	add(program, BPF_JMP | BPF_JSET | BPF_K, NEW_NAMESPACES, 1, 0);
	add(program, BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0);
	add_refusal(program, EPERM);
	add_return(program, SECCOMP_RET_ALLOW);
}

static void add_socket(struct program *program)
{
	add_unless_equal(program, __NR_socket, 13);
	add_load(program, ARGUMENT(0));
	add(program, BPF_JMP | BPF_JEQ | BPF_K, AF_UNIX, 10, 0);
	add(program, BPF_JMP | BPF_JEQ | BPF_K, AF_INET, 4, 0);
	add(program, BPF_JMP | BPF_JEQ | BPF_K, AF_INET6, 3, 0);
	add_unless_equal(program, AF_NETLINK, 6);
	add_load(program, ARGUMENT(2));
	add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 5, 4); /* NETLINK_ROUTE */
	/* The flags SOCK_NONBLOCK and SOCK_CLOEXEC are in the same number. */
	add_load(program, ARGUMENT(1));
	add(program, BPF_ALU | BPF_AND | BPF_K, 15, 0, 0);
	add(program, BPF_JMP | BPF_JEQ | BPF_K, SOCK_STREAM, 2, 0);
	add(program, BPF_JMP | BPF_JEQ | BPF_K, SOCK_DGRAM, 1, 0);
	add_refusal(program, EPERM);
	add_return(program, SECCOMP_RET_ALLOW);
}

static void add_ioctl(struct program *program)
{
	add_unless_equal(program, __NR_ioctl, 4);
	add_load(program, ARGUMENT(1));
	add(program, BPF_JMP | BPF_JEQ | BPF_K, TERMINAL_TYPES, 1, 0);
	add_unless_equal(program, CONSOLE_TYPES, 1);
	add_refusal(program, EPERM);
}

/* Calls whose first argument is a process, 0 for the own one. */
static const uint32_t refused_for_others[] = {
	__NR_prlimit64, __NR_sched_setaffinity, __NR_sched_setparam, __NR_sched_setscheduler, __NR_sched_setattr,
};

#define REFUSED_FOR_OTHERS (sizeof(refused_for_others) / sizeof(*refused_for_others))

static void add_for_others(struct program *program, uint32_t number)
{
	add_unless_equal(program, number, 4);
	add_load(program, ARGUMENT(0));
	add(program, BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
	add_refusal(program, EPERM);
	add_return(program, SECCOMP_RET_ALLOW);
}

static void write_program(struct program *program)
{
	add_load(program, offsetof(struct seccomp_data, arch));
	add(program, BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0);
	add_refusal(program, EPERM); /* another processor's calls, such as those of 32 bits */
	add_load(program, offsetof(struct seccomp_data, nr));
#ifdef OTHER_ABI
	/* A tracer makes a call the number -1 to leave it out. */
	add_unless_equal(program, UINT32_MAX, 1);
	add_return(program, SECCOMP_RET_ALLOW);
	add(program, BPF_JMP | BPF_JSET | BPF_K, OTHER_ABI, 0, 1);
	add_refusal(program, EPERM);
#endif
	for (size_t i = 0; i < REFUSED; i++)
		add_refused(program, refused[i], EPERM);
	for (size_t i = 0; i < REFUSED_FOR_OTHERS; i++)
		add_for_others(program, refused_for_others[i]);
	add_clone(program);
	add_socket(program);
	add_ioctl(program);
	add_return(program, SECCOMP_RET_ALLOW);
}

int sandbox_filter_calls(void)
{
	struct program program = {.length = 0};
	write_program(&program);
	struct sock_fprog installed = {.len = program.length, .filter = program.steps};
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &installed, 0L, 0L) == 0 ? 0 : errno;
}

int sandbox_try_filter(void)
{
	/* EFAULT: there is no program at NULL, but there could be. */
	errno = EINVAL;
	prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, NULL, 0L, 0L);
	return errno == EFAULT ? 0 : errno;
}

#else

int sandbox_filter_calls(void)
{
	return SANDBOX_UNLISTED;
}

int sandbox_try_filter(void)
{
	return SANDBOX_UNLISTED;
}

#endif
