/* status_request.h - what `chaingate status` was asked for, shared by the look and the watch. */
#ifndef CHAINGATE_CLI_STATUS_REQUEST_H
#define CHAINGATE_CLI_STATUS_REQUEST_H

#include "chaingate/api.h"
#include "chaingate/policy.h"
#include "chaingate/report.h"
#include "command.h"
#include "connection.h"

struct status_request {
	const struct invocation *invocation;
	struct net_options connection;
	struct policy_target wanted; /* its `since` resolved; everything is selected where nothing else was asked for */
	bool is_selecting;           /* something else was asked for */
	int64_t interval_ns;
	int64_t deadline_ns; /* monotonic, of one look */
	int wake_fd;
	struct net *net;
};

/* An answer without the key, in the arena. */
struct api_answer status_answer(struct arena *, const struct net_answer *);

struct selection status_select(const struct status_request *, struct arena *, const struct listing *,
			       struct text chain_id);

/* "HTTP 503: upstream connect error", in the arena. */
const char *status_miss_words(struct arena *, const struct miss *);

/* Says what could not be read, why, and what to do. Gives GATE_EXIT_UNREACHABLE. */
enum gate_exit status_refuse_miss(const struct status_request *, const char *what, const struct miss *);

/* Says that nothing is selected. */
void status_say_nothing(const struct status_request *, const struct listing *, const struct selection *);

/* Looks again and again until a signal comes: on a terminal in place, else a table whenever it is another one. */
enum gate_exit status_watch(const struct status_request *);

#endif
