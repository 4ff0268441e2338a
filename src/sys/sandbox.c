/* sandbox.c - see sandbox.h: the files' part, and the whole. */
#define _GNU_SOURCE /* O_PATH, syscall */

#include "chaingate/sandbox.h"

#if defined(ARENA_CHECKED)
/* LeakSanitizer looks for leaks at the end with a process of its own that traces this one. */
#define NEVER "it was built with a sanitizer, which traces the process at its end"
#elif defined(CHAINGATE_COVERAGE)
#define NEVER "it was built to measure coverage, and writes the figures at its end"
#elif !defined(__linux__)
#define NEVER "the system has no Landlock and no seccomp"
#endif

#ifdef NEVER

const char *sandbox_enter(struct arena *arena, const struct sandbox_place *places, size_t count)
{
	(void)places;
	(void)count;
	return sandbox_preview(arena);
}

const char *sandbox_preview(struct arena *arena)
{
	return arena_string(arena, "off: " NEVER);
}

#else

#include "chaingate/files.h"
#include "sandbox_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* ---- Landlock: its kernel interface, which older headers lack in part ------------------------------------------- */

/* The same numbers for all processors. */
#define CALL_CREATE_RULESET 444
#define CALL_ADD_RULE 445
#define CALL_RESTRICT_SELF 446

#define CREATE_VERSION 1U
#define RULE_PATH_BENEATH 1

#define EXECUTE (UINT64_C(1) << 0)
#define WRITE_FILE (UINT64_C(1) << 1)
#define REMOVE_DIR (UINT64_C(1) << 4)
#define REMOVE_FILE (UINT64_C(1) << 5)
#define MAKE_CHAR (UINT64_C(1) << 6)
#define MAKE_DIR (UINT64_C(1) << 7)
#define MAKE_REG (UINT64_C(1) << 8)
#define MAKE_SOCK (UINT64_C(1) << 9)
#define MAKE_FIFO (UINT64_C(1) << 10)
#define MAKE_BLOCK (UINT64_C(1) << 11)
#define MAKE_SYM (UINT64_C(1) << 12)
#define TRUNCATE (UINT64_C(1) << 14)           /* since version 3 */
#define NET_BIND_TCP UINT64_C(1)               /* since version 4 */
#define SCOPE_ABSTRACT_UNIX_SOCKET UINT64_C(1) /* since version 6 */
#define SCOPE_SIGNAL UINT64_C(2)               /* since version 6 */

#define RESTRICTED \
	(EXECUTE | WRITE_FILE | REMOVE_DIR | REMOVE_FILE | MAKE_CHAR | MAKE_DIR | MAKE_REG | MAKE_SOCK | MAKE_FIFO | \
	 MAKE_BLOCK | MAKE_SYM | TRUNCATE)
/* What a report needs in its folder, and in a file that it is written into. */
#define IN_FOLDER (WRITE_FILE | REMOVE_FILE | MAKE_REG | MAKE_DIR | TRUNCATE)
#define IN_FILE (WRITE_FILE | TRUNCATE)

struct ruleset_rights {
	uint64_t files, net, scopes;
};

struct path_rule {
	uint64_t rights;
	int32_t fd;
} __attribute__((packed));

/* Its version; 0 with errno. */
static int landlock_version(void)
{
	long version = syscall(CALL_CREATE_RULESET, NULL, (size_t)0, CREATE_VERSION);
	return version < 0 ? 0 : (int)version;
}

static const char *why_no_files(struct arena *arena, int number)
{
	return number == ENOSYS || number == EOPNOTSUPP
		       ? "the kernel has no Landlock"
		       : arena_printf(arena, "Landlock could not be used: %s", strerror(number));
}

struct ruleset {
	struct arena *arena;
	int fd, version;
	const char *why; /* the first thing that went wrong; NULL: nothing */
};

static struct ruleset make_ruleset(struct arena *arena, int version)
{
	struct ruleset_rights rights = {RESTRICTED, NET_BIND_TCP, SCOPE_ABSTRACT_UNIX_SOCKET | SCOPE_SIGNAL};
	size_t size = version >= 6 ? sizeof(rights) : version >= 4 ? 2 * sizeof(uint64_t) : sizeof(uint64_t);
	if (version < 3)
		rights.files &= ~TRUNCATE;
	struct ruleset ruleset = {.arena = arena, .version = version};
	ruleset.fd = (int)syscall(CALL_CREATE_RULESET, &rights, size, 0U);
	if (ruleset.fd < 0)
		ruleset.why = why_no_files(arena, errno);
	return ruleset;
}

static void fail(struct ruleset *ruleset, const char *path)
{
	if (!ruleset->why)
		ruleset->why = arena_printf(ruleset->arena, "'%s' could not be looked up: %s", path, strerror(errno));
}

static void add_rule(struct ruleset *ruleset, int fd, const char *path)
{
	struct stat status;
	if (fstat(fd, &status) < 0) {
		fail(ruleset, path);
		return;
	}
	struct path_rule rule = {.rights = S_ISDIR(status.st_mode) ? IN_FOLDER : IN_FILE, .fd = fd};
	if (ruleset->version < 3)
		rule.rights &= ~TRUNCATE;
	/* EBADFD: a pipe or a socket, for which no rule is needed. */
	if (syscall(CALL_ADD_RULE, ruleset->fd, RULE_PATH_BENEATH, &rule, 0U) != 0 && errno != EBADFD)
		fail(ruleset, path);
}

/* The rule itself keeps the file in the kernel, so its descriptor is closed: a run may have few. */
static void grant(struct ruleset *ruleset, const char *path)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	if (fd < 0) {
		fail(ruleset, path);
		return;
	}
	add_rule(ruleset, fd, path);
	close(fd);
}

/* ---- places ----------------------------------------------------------------------------------------------------- */

/* The nearest folder above the path that exists; "/" is the last one. */
static const char *folder_of(struct arena *arena, const char *path)
{
	char *folder = arena_string(arena, path);
	struct stat status;
	for (char *slash; (slash = strrchr(folder, '/')) && slash > folder;) {
		*slash = '\0';
		if (stat(folder, &status) == 0 && S_ISDIR(status.st_mode))
			return folder;
	}
	return "/";
}

static bool is_below(const char *path, const char *folder)
{
	size_t length = strlen(folder);
	return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

/* The folder above, if this one could be removed and made again; else the folder itself. */
static const char *folder_above(struct arena *arena, const char *folder)
{
	const char *above = folder_of(arena, folder);
	struct stat one, other;
	bool is_root = !above[1] || stat(folder, &one) < 0 || stat(above, &other) < 0 || one.st_dev != other.st_dev;
	return is_root ? folder : above;
}

static void grant_place(struct ruleset *ruleset, const struct sandbox_place *place, const char *here)
{
	const char *path = place->path;
	struct stat status;
	bool is_there = stat(path, &status) == 0;
	if (is_there && !S_ISDIR(status.st_mode))
		grant(ruleset, path);
	/* Nobody makes a device, or a file that is only appended to, again, and its folder has others. */
	if (file_is_descriptor(path) ||
	    (is_there && (place->is_appended || S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode))))
		return;
	const char *folder = folder_of(ruleset->arena, path);
	grant(ruleset, here && is_below(folder, here) ? here : folder_above(ruleset->arena, folder));
}

/* NULL, or why files aren't restricted. */
static const char *restrict_files(struct arena *arena, int version, const struct sandbox_place *places, size_t count,
				  const char *here)
{
	if (!version)
		return why_no_files(arena, errno);
	struct ruleset ruleset = make_ruleset(arena, version);
	for (size_t i = 0; i < count && !ruleset.why; i++)
		grant_place(&ruleset, &places[i], here);
	if (!ruleset.why && syscall(CALL_RESTRICT_SELF, ruleset.fd, 0U) != 0)
		ruleset.why = why_no_files(arena, errno);
	if (ruleset.fd >= 0)
		close(ruleset.fd);
	return ruleset.why;
}

/* ---- filters of others ------------------------------------------------------------------------------------------- */

static const char *untried(struct arena *arena, int number)
{
	return arena_printf(arena, "off: could not try whether another filter of system calls permits it: %s",
			    strerror(number));
}

/* NULL, or why the sandbox must stay off. Around this process there may be a filter of system calls (a container's,
 * systemd's) that kills it for a call that the filter doesn't know, instead of refusing it. So a child tries first, if
 * there is a filter. Reading its answer ends: the child makes a few calls that don't wait, and nobody else has the pipe's
 * other end, because there are no other threads yet and no program is started. */
static const char *obstacle(struct arena *arena)
{
	int ends[2];
	char byte;
	ssize_t got;
	if (prctl(PR_GET_SECCOMP, 0L, 0L, 0L, 0L) != SECCOMP_MODE_FILTER)
		return NULL;
	if (pipe(ends) != 0)
		return untried(arena, errno);
	pid_t child = fork();
	if (child == 0) {
		landlock_version();
		sandbox_try_filter();
		_exit(write(ends[1], "", 1) != 1);
	}
	const char *why = child < 0 ? untried(arena, errno) : NULL;
	close(ends[1]);
	do
		got = read(ends[0], &byte, 1);
	while (got < 0 && errno == EINTR);
	close(ends[0]);
	if (child > 0)
		waitpid(child, NULL, 0); /* fails if SIGCHLD is ignored: then the child is gone already */
	return why || got == 1
		       ? why
		       : arena_string(arena, "off: another filter of system calls would end the process for it");
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static const char *words(struct arena *arena, int version, const char *no_files, const char *no_calls)
{
	const char *files = arena_printf(arena, "files (Landlock %d)", version);
	static const char calls[] = "system calls (seccomp)";
	if (no_files && no_calls)
		return arena_printf(arena, "off: %s, and %s", no_files, no_calls);
	if (no_files)
		return arena_printf(arena, "%s, but not files: %s", calls, no_files);
	if (no_calls)
		return arena_printf(arena, "%s, but not system calls: %s", files, no_calls);
	return arena_printf(arena, "%s and %s", files, calls);
}

/* NULL for 0. */
static const char *why_no_calls(struct arena *arena, int number)
{
	if (number == 0)
		return NULL;
	if (number == SANDBOX_UNLISTED)
		return "this build lists no calls of this processor";
	return number == ENOSYS || number == EINVAL
		       ? "the kernel has no seccomp"
		       : arena_printf(arena, "seccomp could not be used: %s", strerror(number));
}

const char *sandbox_enter(struct arena *arena, const struct sandbox_place *places, size_t count)
{
	const char *here = file_working_directory(arena);
	const char *off = obstacle(arena);
	if (off)
		return off;
	/* Without it, both parts are only for root. It takes nothing away: no program is started anyway. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) != 0)
		return arena_printf(arena, "off: %s", strerror(errno));
	int version = landlock_version();
	const char *no_files = restrict_files(arena, version, places, count, here && here[1] ? here : NULL);
	return words(arena, version, no_files, why_no_calls(arena, sandbox_filter_calls()));
}

const char *sandbox_preview(struct arena *arena)
{
	const char *off = obstacle(arena);
	if (off)
		return off;
	int version = landlock_version();
	const char *no_files = version ? NULL : why_no_files(arena, errno);
	return words(arena, version, no_files, why_no_calls(arena, sandbox_try_filter()));
}

#endif
