/* signals.c - makes SIGHUP, SIGINT and SIGTERM something an event loop can wait for.
 *
 * The handler only counts, and writes one byte into a pipe; the code that waits for the descriptor decides what a
 * signal means. The pipe is written once and never read: it stays readable, so nobody can miss it.
 *
 * System calls are restarted (SA_RESTART), because reports must still be written after a signal, also by libraries that
 * treat an interruption as a failure. poll is never restarted, so a wait with it ends.
 *
 * SIGTSTP is caught only while a terminal must be restored before the process stops.
 */
#include "chaingate/signals.h"

#include "chaingate/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

/* How many signals of a kind end the process. A single key press may send two: from the terminal, and passed on by a
 * wrapper. */
#define SIGNALS_TO_END 3

static const int caught_kinds[] = {SIGHUP, SIGINT, SIGTERM};
#define KIND_COUNT (sizeof(caught_kinds) / sizeof(*caught_kinds))

/* A handler gets no argument of ours, so its data must be global. */
static volatile sig_atomic_t first;
static volatile sig_atomic_t counts[KIND_COUNT];
static volatile sig_atomic_t wake_write_fd = -1;

static void end_as_without_us(int number)
{
	struct sigaction action = {.sa_handler = SIG_DFL};

	secrets_wipe();
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
	raise(number); /* blocked until the handler returns, then delivered */
}

static void on_signal(int number)
{
	int saved = errno;

	for (size_t i = 0; i < KIND_COUNT; i++) {
		if (caught_kinds[i] != number)
			continue;
		if (counts[i] < SIGNALS_TO_END)
			counts[i] = counts[i] + 1;
		if (counts[i] >= SIGNALS_TO_END)
			end_as_without_us(number);
	}
	if (!first) {
		first = number;
		/* The pipe is empty and non-blocking: one byte always fits. */
		ssize_t written = write((int)wake_write_fd, "", 1);
		(void)written;
	}
	errno = saved;
}

/* Moves a descriptor above 2, so that a process started with stdout closed doesn't print into the pipe; makes it
 * close-on-exec and non-blocking. Closes `fd` if it returns another descriptor or fails (-1). */
static int settle(int fd)
{
	int settled = fd;

	if (fd <= STDERR_FILENO) {
		settled = fcntl(fd, F_DUPFD, STDERR_FILENO + 1);
		close(fd);
		if (settled < 0)
			return -1;
	}
	if (fcntl(settled, F_SETFD, FD_CLOEXEC) < 0 || fcntl(settled, F_SETFL, O_NONBLOCK) < 0) {
		close(settled);
		return -1;
	}
	return settled;
}

static int make_pipe(void)
{
	int ends[2];

	if (pipe(ends) < 0)
		return -1;
	ends[0] = settle(ends[0]);
	ends[1] = settle(ends[1]);
	if (ends[0] < 0 || ends[1] < 0) {
		if (ends[0] >= 0)
			close(ends[0]);
		if (ends[1] >= 0)
			close(ends[1]);
		return -1;
	}
	wake_write_fd = ends[1];
	return ends[0];
}

/* A signal that was ignored stays ignored: nohup and a shell's background jobs rely on it. */
static void catch_kind(int number)
{
	struct sigaction action;

	if (sigaction(number, NULL, &action) != 0 || action.sa_handler == SIG_IGN)
		return;
	action = (struct sigaction){.sa_handler = on_signal, .sa_flags = SA_RESTART};
	/* The handlers must not interrupt each other, because each tests and then sets `first`. */
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < KIND_COUNT; i++)
		sigaddset(&action.sa_mask, caught_kinds[i]);
	sigaction(number, &action, NULL);
}

static void ignore_kind(int number)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};

	sigemptyset(&ignore.sa_mask);
	sigaction(number, &ignore, NULL);
}

void signals_settle(void)
{
	ignore_kind(SIGXFSZ);
	ignore_kind(SIGPIPE);
}

/* A mask is inherited, and some programs start others with the mask of their own threads. Signals that it has held back
 * arrive now, in our handlers. */
static void unblock_kinds(void)
{
	sigset_t kinds;

	sigemptyset(&kinds);
	for (size_t i = 0; i < KIND_COUNT; i++)
		sigaddset(&kinds, caught_kinds[i]);
	sigprocmask(SIG_UNBLOCK, &kinds, NULL);
}

int signals_catch(void)
{
	int wake_fd;

	first = 0;
	for (size_t i = 0; i < KIND_COUNT; i++)
		counts[i] = 0;
	ignore_kind(SIGPIPE);
	wake_fd = make_pipe();
	if (wake_fd < 0)
		return -1;
	for (size_t i = 0; i < KIND_COUNT; i++)
		catch_kind(caught_kinds[i]);
	unblock_kinds();
	return wake_fd;
}

int signals_caught(void)
{
	return (int)first;
}

/* ---- Ctrl-Z ----------------------------------------------------------------------------------------------------- */

/* Used by the handler; elsewhere only while the signal is blocked. */
static struct {
	int fd;
	char bytes[SIGNALS_STOP_BYTES];
	size_t length;
} farewell;

static void set_stop_handler(void (*handler)(int))
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
	sigemptyset(&action.sa_mask);
	sigaction(SIGTSTP, &action, NULL);
}

/* Stops the process with the default action, and returns here when it is continued. */
static void on_stop(int number)
{
	int saved = errno;
	sigset_t stop;
	ssize_t written = write(farewell.fd, farewell.bytes, farewell.length);
	(void)written;
	set_stop_handler(SIG_DFL);
	raise(number);
	sigemptyset(&stop);
	sigaddset(&stop, number);
	sigprocmask(SIG_UNBLOCK, &stop, NULL); /* the process stops here */
	set_stop_handler(on_stop);
	errno = saved;
}

void signals_before_stop(int fd, struct text bytes)
{
	struct sigaction now;
	sigset_t stop, before;
	/* Under a shell without job control, SIGTSTP is ignored. */
	if (bytes.length > sizeof(farewell.bytes) || sigaction(SIGTSTP, NULL, &now) != 0 || now.sa_handler == SIG_IGN)
		return;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTSTP);
	sigprocmask(SIG_BLOCK, &stop, &before);
	farewell.fd = fd;
	farewell.length = bytes.length;
	if (bytes.length)
		memcpy(farewell.bytes, bytes.bytes, bytes.length);
	set_stop_handler(bytes.length ? on_stop : SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
}
