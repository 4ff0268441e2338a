/* sandbox.h - what a run can no longer do once it has begun: write elsewhere, start programs, reach into other processes.
 *
 * A defect in a library that an answer can reach would otherwise have all the rights of this process. Two parts of Linux
 * are used, each where the kernel has it:
 *
 * Landlock (5.13): files. Written, made, renamed and removed is only in the folders of the given places, and in existing
 * files, pipes and devices that are places themselves; no file is executed; with later versions, files elsewhere can't be
 * cut (6.2), a TCP socket isn't bound to a chosen port (6.7), and no other process is sent a signal and no abstract
 * socket of another is connected to (6.12). A folder is given whole, because a report is a new file that is renamed;
 * not for a file that is only appended to, if it exists. The folder may be removed and made again while the run lasts:
 * so the whole working directory is given if the place is below it, else the folder above too, if that isn't the root
 * of a file system. Reading stays open: libcurl, OpenSSL and the resolver read more files than can be foretold
 * (certificates, nsswitch.conf and what it loads, time zones).
 *
 * seccomp (3.5): system calls. These fail with EPERM: starting programs (execve) and processes (fork, and clone unless it
 * makes a thread, as libcurl's resolver does); ptrace, reading other processes' memory or descriptors, and setting their
 * limits and priorities; io_uring, which
 * would bypass this filter; mounting, namespaces, kernel modules, keys, bpf and perf; the machine's clock and names;
 * the two ioctls that type into a terminal. A socket is only made for
 *   AF_INET, AF_INET6 (streams and datagrams): the API, proxies, name servers
 *   AF_UNIX: the resolver's daemons (nscd, systemd-resolved, sssd); so each socket that the user may connect to
 *   AF_NETLINK with its protocol 0, routes: getaddrinfo asks which addresses this machine has
 * Without Landlock, files aren't restricted, and without seccomp, calls aren't.
 *
 * Nothing here makes a run fail: what the kernel doesn't have, or refuses, is left out, and sandbox_enter says so. If the
 * process is in a filter already, a child tries first, because that filter may kill for calls that it doesn't know.
 */
#ifndef CHAINGATE_SANDBOX_H
#define CHAINGATE_SANDBOX_H

#include "chaingate/arena.h"

#include <stdbool.h>
#include <stddef.h>

/* Where something will be written later, whether it exists or not. */
struct sandbox_place {
	/* An absolute path without links; or a descriptor's link such as /dev/fd/3, for what it leads to. A slash at the
	 * end: anything in that folder. */
	const char *path;
	/* If the file exists, it is only appended to, and never replaced: nothing else in its folder is needed. */
	bool is_appended;
};

/* Restricts this thread, and those that it makes, for good. Call it once, before other threads are made, when everything
 * is open that needs more rights. Returns what is restricted now and what isn't and why, for people, in the arena:
 * "files (Landlock 7) and system calls (seccomp)". */
const char *sandbox_enter(struct arena *, const struct sandbox_place *places, size_t count);

/* What sandbox_enter would restrict, in its words, without doing it. In the arena. */
const char *sandbox_preview(struct arena *);

#endif
