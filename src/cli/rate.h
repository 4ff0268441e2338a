/* rate.h - whether the permitted rate of requests can keep the interval. */
#ifndef CHAINGATE_CLI_RATE_H
#define CHAINGATE_CLI_RATE_H

#include "chaingate/net.h"
#include "chaingate/output.h"
#include "chaingate/plan.h"

#include <stddef.h>

/* Warns on stderr if one round of polls, a request for each of `lists`, takes longer than the interval: then each chain is
 * polled more rarely than the policy says, and with long gaps none becomes stable. Says which interval can be kept. A run
 * with timeout 0 has the time of one request for its only round. */
void rate_warn(const struct output *, const struct net_options *, const struct gate_plan *, size_t lists);

#endif
