/* transfer.h - what becomes of the simulator's answer on its way: the client's view of the ways in which sending goes wrong.
 *
 * On the wire exchange.c sends it wrongly, and libcurl says what came. Here it is said at once. tests/cli/sim.bats and the tests of net hold the wire's half.
 */
#ifndef TESTS_VIRTUAL_TRANSFER_H
#define TESTS_VIRTUAL_TRANSFER_H

#include "../../src/sim/answer.h"
#include "chaingate/net.h"

/* Why there is no answer: libcurl's words, in the arena. */
struct transfer {
	enum miss_cause cause; /* MISS_NONE: there is one */
	const char *words;
	struct text body;
	struct text retry_after, date, link; /* of the headers, or empty */
	int64_t done_ns;
};

/* An answer to a request that was sent at `sent_ns`, and that is cut at `cut_ns`. */
struct transfer transfer_make(struct arena *, const struct answer *, size_t body_max, int64_t sent_ns,
			      int64_t latency_ns, int64_t cut_ns);

/* No request gets through. What times out is cut. */
struct transfer transfer_obstructed(enum miss_cause, int64_t sent_ns, int64_t latency_ns, int64_t cut_ns);

#endif
