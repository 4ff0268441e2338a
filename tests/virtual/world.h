/* world.h - the world around chaingate-virtual: its time, and what happens when.
 *
 * chaingate-virtual is the real command line, from `main` down, with other objects behind clock.h and net.h. Its
 * clock stops while the program works. When the program waits, the clock jumps to the next moment at which
 * something is due. So a run of an hour takes milliseconds, and every time in its output is exact and the same on
 * every machine. Answers come from the simulator's own code (src/sim), without a socket. Any base URL reaches it.
 *
 * Environment variables describe the world; only these objects read them:
 *
 *   VIRTUAL_SCENARIO=FILE    a scenario of the simulator; required as soon as something is polled
 *   VIRTUAL_LOG=FILE         the simulator's log of requests (src/sim/request_log.h)
 *   VIRTUAL_START=MOMENT     the wall clock at the start; default 2026-08-14T09:00:00Z
 *   VIRTUAL_API_CLOCK=STEP   how far the API's clock differs from the wall clock: +1h, -10m; default +0s. The API's
 *                            clock dates answers and new deployments
 *   VIRTUAL_LATENCY=TIME     the time from a request to its answer; default 10ms
 *   VIRTUAL_SEED=N           the seed of clock_random, which gives the same numbers in each run; default 1. `middle`:
 *                            always the middle, so nothing is jittered
 *   VIRTUAL_EVENTS=LIST      other events, separated by semicolons; times count from the start of the program:
 *
 *     90s signal INT         the process gets a signal: HUP, INT, TERM or KILL
 *     30s wall +24h          the wall clock is set forward, or back (-24h)
 *     2m asleep 1h           the machine is suspended, and resumes an hour later
 *     40s miss connect       from now on no request gets through, because of: resolve, connect, timeout, reset, tls,
 *                            protocol, request; `none` ends it
 *     10s real               from now on time is real: for tests that look at a terminal
 *
 * VIRTUAL_TOLD=PREFIX writes the JSON report of each policy test of a `chaingate test` (told.c).
 *
 * VIRTUAL_RUNS=FILE makes many runs, one after the other, each in a fork, because starting the program costs more
 * than most runs (tests/virtual/runs.c). The file has texts, each ending with a NUL: a run's NAME, a NUMBER, and that
 * many words as for env(1): `-u NAME` and `NAME=VALUE`, then the arguments. The run reads NAME.in, if it exists, and
 * writes NAME.out, NAME.err, and NAME.status, the exit code as a shell has it. tests/cli/runs.bash writes such a
 * file.
 *
 * If any of these has a mistake, the program exits with 99, which isn't an exit code of chaingate. It also does so
 * when nothing more is due, after a thousand hours or after 100,000 waits, because such a run would never end. While
 * a reader of stdout doesn't read, the program waits in real time, and virtual time passes as well.
 */
#ifndef TESTS_VIRTUAL_WORLD_H
#define TESTS_VIRTUAL_WORLD_H

#include "chaingate/miss.h"

#include <stdint.h>

/* Forgets the world of the run before, for a process that makes several: the next call reads the environment again. */
void world_renew(void);

int64_t world_now_ns(void); /* monotonic; never 0 */
int64_t world_wall_ns(void);
int64_t world_api_wall_ns(void);
uint32_t world_random(void);

/* The program waits: time advances to `until_ns` or to the next event, whichever is first, and the event happens. In
 * real time it also waits for `wake_fd` (-1: none). */
void world_wait(int64_t until_ns, int wake_fd);

/* The program waited that long for something real, which didn't happen: virtual time advances, too. */
void world_waited(int64_t ns);

/* Why no request gets through now. MISS_NONE: all get through. */
enum miss_cause world_obstacle(void);

int64_t world_latency_ns(void);

/* Ends the process without the libraries' exit handlers, which cost as much as a run. Coverage still runs them. */
_Noreturn void world_leave(int code);

/* Initialises libcrypto as far as the program needs it. A process that forks many runs does so once, before them. */
void world_warm_up(void);

/* Ends the process: the test has a mistake. */
__attribute__((format(printf, 1, 2))) _Noreturn void world_refuse(const char *format, ...);

#endif
