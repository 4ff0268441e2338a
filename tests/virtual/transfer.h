/* transfer.h - turns the simulator's answer, with its faults, into what the client would see.
 *
 * On the wire, exchange.c sends a faulty answer and libcurl reports the result. This computes the result directly.
 * tests/cli/sim.bats and the tests of net check the wire.
 */
#ifndef TESTS_VIRTUAL_TRANSFER_H
#define TESTS_VIRTUAL_TRANSFER_H

#include "../../src/sim/answer.h"
#include "chaingate/net.h"

/* A transfer's result. Without an answer, `words` says why, in libcurl's words, in the arena. */
struct transfer {
	enum miss_cause cause; /* MISS_NONE: there is an answer */
	const char *words;
	struct text body;
	struct text retry_after, date, link; /* of the headers, or empty */
	struct text headers;                 /* those that are passed on, in lines */
	int64_t done_ns;
};

/* An answer to a request that was sent at `sent_ns`, and that is cut at `cut_ns`. */
struct transfer transfer_make(struct arena *, const struct answer *, size_t body_max, int64_t sent_ns,
			      int64_t latency_ns, int64_t cut_ns);

/* The result when no request gets through. A timeout ends at `cut_ns`. */
struct transfer transfer_obstructed(enum miss_cause, int64_t sent_ns, int64_t latency_ns, int64_t cut_ns);

#endif
