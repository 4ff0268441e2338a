/* world.h - the world outside of chaingate-virtual: its time, and what happens when.
 *
 * chaingate-virtual is the real command line, from `main` down, with other objects behind clock.h and net.h. Its clock stands still while the programme works,
 * and jumps to the next moment at which something is due when the programme waits. So a run of an hour takes milliseconds, and every time in its output is exact
 * and the same on every machine. Answers come from the simulator's own code (src/sim), without a socket. Any base URL reaches it.
 *
 * The environment says what the world is like; nothing but these objects reads it:
 *
 *   VIRTUAL_SCENARIO=FILE    a scenario of the simulator; needed as soon as something is polled
 *   VIRTUAL_LOG=FILE         the simulator's log of requests (src/sim/request_log.h)
 *   VIRTUAL_START=MOMENT     the wall clock at the start; 2026-08-14T09:00:00Z unless given
 *   VIRTUAL_API_CLOCK=STEP   by how much the API's clock, which dates answers and what is created, differs from that: +1h, -10m; +0s unless given
 *   VIRTUAL_LATENCY=TIME     how long after its request each answer is there; 10ms unless given
 *   VIRTUAL_SEED=N           of clock_random, which gives the same numbers in each run; 1 unless given. `middle`: always the middle, so that
 *                            nothing is jittered
 *   VIRTUAL_EVENTS=LIST      what else happens, separated by semicolons; moments count from the start of the programme:
 *
 *     90s signal INT         the process gets a signal: HUP, INT, TERM or KILL
 *     30s wall +24h          the wall clock is put forward, or back (-24h)
 *     2m asleep 1h           the machine is suspended, and goes on an hour later
 *     40s miss connect       from then on no request gets through, because of: resolve, connect, timeout, reset, tls, protocol,
 *                            request; `none` ends it
 *     10s real               from then on time goes as it does outside: for what somebody looks at on a terminal
 *
 * VIRTUAL_RUNS=FILE makes it many runs, one after the other, each a fork: to start it costs more than most runs do (tests/virtual/runs.c). The file has
 * texts, each with a NUL at its end: a run's NAME, a NUMBER, and so many words as for env(1): `-u NAME` and `NAME=VALUE`, then the arguments. The run
 * reads NAME.in, where there is one, and writes NAME.out, NAME.err, and NAME.status, the exit code as a shell has it. tests/cli/runs.bash writes such a file.
 *
 * Wherever a mistake is in these, the programme ends with 99, which is no exit code of chaingate. So it does when nothing is due any more, or when a thousand
 * hours have passed: then nobody would ever end the run. A reader of stdout who doesn't read is waited for in real time, which then counts.
 */
#ifndef TESTS_VIRTUAL_WORLD_H
#define TESTS_VIRTUAL_WORLD_H

#include "chaingate/miss.h"

#include <stdint.h>

int64_t world_now_ns(void); /* monotonic; never 0 */
int64_t world_wall_ns(void);
int64_t world_api_wall_ns(void);
uint32_t world_random(void);

/* The programme waits: time goes on to `until_ns` or to the next event, whichever comes first, and the event happens. In real time it waits
 * for `wake_fd` (-1: none) as well. */
void world_wait(int64_t until_ns, int wake_fd);

/* The programme waited so long for something that isn't of this world, in vain. */
void world_waited(int64_t ns);

/* Why no request gets through now; MISS_NONE: each does. */
enum miss_cause world_obstacle(void);

int64_t world_latency_ns(void);

/* Ends the process without what libraries do at the end, which costs as much as a run. Sanitizers and coverage do get to it. */
_Noreturn void world_leave(int code);

/* Ends the process: the test has a mistake. */
__attribute__((format(printf, 1, 2))) _Noreturn void world_refuse(const char *format, ...);

#endif
