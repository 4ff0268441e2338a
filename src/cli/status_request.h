/* status_request.h - the task of `chaingate status`, shared by the single look and the watch. */
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
	struct policy_target
		wanted;    /* its `since` is resolved; without a selection by the user, everything is selected */
	bool is_selecting; /* the user gave a selection */
	bool is_json;
	const char *saved_body; /* the path to save the body in, or NULL */
	int64_t interval_ns;
	int64_t deadline_ns; /* monotonic; for a single look */
	int wake_fd;
	struct net *net;
	struct net_answer *held; /* the last answer of a single look */
};

/* The same answer for api.h. It lives as long as the other: a list of the largest size isn't copied. */
struct api_answer status_answer(struct net_answer *);

/* False, with a usage error, if the address that was given as the deployment is of another chain. */
bool status_is_of_chain(const struct status_request *, struct text chain_id);

struct selection status_select(const struct status_request *, struct arena *, const struct listing *,
			       struct text chain_id);

/* "HTTP 503: upstream connect error", in the arena. */
const char *status_miss_words(struct arena *, const struct miss *);

/* Reports what could not be read, why, and what to do. Returns GATE_EXIT_UNREACHABLE. */
enum gate_exit status_refuse_miss(const struct status_request *, const char *what, const struct miss *);

/* If nothing is selected: a phrase that says what the list has instead; otherwise empty. */
struct text status_instead(const struct status_request *, struct arena *, const struct listing *, struct text chain_id,
			   const struct selection *);
/* Prints that nothing is selected, and what there is instead. */
void status_say_nothing(const struct status_request *, struct text instead);

/* Polls until a signal comes: on a terminal it draws in place, else it prints each table that differs from the last
 * one. */
enum gate_exit status_watch(const struct status_request *);

#endif
