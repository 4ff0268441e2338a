/* remedies.c - what a person can do about a miss or a verdict. */
#include "words.h"

/* The remedies that name the kind of the target. */
static const struct {
	const char *key, *not_found, *ambiguous, *late, *missing, *environment;
} remedies[TARGET_KIND_COUNT] = {
	[TARGET_CHAIN] =
		{
			"Check the key, and that it may read the chain.",
			"Check --chain, and that the key belongs to the chain's workspace.",
			"Name the chain by its id.",
			"Check the deployment's id and its chain; raise the limit with --timeout or wait.timeout if "
			"it appears later.",
			"Check the deployment's id and its chain; if it only appears later, raise wait.discover_for.",
			"Check the environment's name: 'chaingate status --chain NAME' shows which environments the "
			"deployments are in. If the environment is only created later, raise wait.discover_for.",
		},
	[TARGET_MODEL] =
		{
			"Check the key, and that it may read the model.",
			"Check --model, and that the key belongs to the model's workspace.",
			"Name the model by its id.",
			"Check the deployment's id and its model; raise the limit with --timeout or wait.timeout if "
			"it appears later.",
			"Check the deployment's id and its model; if it only appears later, raise wait.discover_for.",
			"Check the environment's name: 'chaingate status --model NAME' shows which environments the "
			"deployments are in. If the environment is only created later, raise wait.discover_for.",
		},
};

#define HTTP_TOO_MANY_REQUESTS 429 /* RFC 6585, section 4 */

static const char *http_remedy(const struct miss *miss)
{
	if (miss->http_status == HTTP_TOO_MANY_REQUESTS)
		return "Other programs use the same key and its rate limit: raise --interval, or lower --max-rps.";
	return miss_class(miss) == MISS_TRANSIENT ? "Check the API's status page, and --api-url if it isn't Baseten's."
						  : "Check --api-url.";
}

const char *miss_remedy(const struct miss *miss, enum target_kind kind)
{
	switch (miss->cause) {
	case MISS_TLS:
		return "If your own authority signed the server's certificate, give the authority's certificate with "
		       "--ca-file; else the URL or the certificate is wrong.";
	case MISS_TOO_LARGE: return "Raise --max-body if the list is really that large.";
	case MISS_STALE:
		return "Let no cache keep the API's answers: exclude its host from the proxy's or gateway's cache, or "
		       "from the proxy (NO_PROXY).";
	case MISS_PAGE:
		return "If the list has several pages, look for a newer version of chaingate. If it is whole, the "
		       "named member or header isn't about pages: let a gateway of yours leave it out, or tell "
		       "chaingate's developers.";
	case MISS_AMBIGUOUS: return remedies[kind].ambiguous;
	case MISS_NO_CHAIN: return remedies[kind].not_found;
	case MISS_REQUEST: return "Check --api-url.";
	case MISS_HTTP:
		if (miss_class(miss) == MISS_REFUSED)
			return remedies[kind].key;
		return miss_class(miss) == MISS_ABSENT ? remedies[kind].not_found : http_remedy(miss);
	case MISS_NONE:
	case MISS_RESOLVE:
	case MISS_CONNECT:
	case MISS_TIMEOUT:
	case MISS_RESET:
	case MISS_PROTOCOL:
	case MISS_MALFORMED:
	case MISS_CAUSE_COUNT: break;
	}
	return "Check --api-url, the network and the API's status page.";
}

static const char *deadline_remedy(const struct target_result *target)
{
	if (target->waiting == WAITING_DEPLOYMENT && selector_environment(&target->selector).length)
		return "'chaingate status --environment NAME --role current' shows which deployment the environment "
		       "serves; raise the limit with --timeout or wait.timeout if a promotion only needs longer.";
	if (target->waiting != WAITING_DEPLOYMENT)
		return "Raise the limit with --timeout or wait.timeout if it only needs more time.";
	return target->target->selector.kind == SELECT_DEPLOYMENT
		       ? remedies[target->target->selector.of].late
		       : "'chaingate status' shows which deployments there are, and how old they are; raise the limit "
			 "with --timeout or wait.timeout if it appears later.";
}

static bool is_shut_down(enum status status)
{
	return status == STATUS_INACTIVE || status == STATUS_DEACTIVATING;
}

/* A snapshot had come by then, even if the run began with all its misses. The greatest moment if that isn't known. */
static int64_t first_snapshot_at_most_ns(const struct target_result *target)
{
	bool is_kept = target->misses < target->polls && target->misses < GATE_POLLS_KEPT;
	return is_kept ? target->poll_at_ns[target->misses] : INT64_MAX;
}

/* NULL: no deployment was shut down during the run, and one is selected that isn't. One that is INACTIVE for long is not
 * what is wrong with another one. */
static const char *shutdown_remedy(const struct target_result *target)
{
	bool all = target->deployment_count > 0, recently = false;
	for (size_t i = 0; i < target->lane_count; i++) {
		const struct gate_lane *lane = &target->lanes[i];
		if (lane->chainlet.length)
			continue;
		all &= is_shut_down(lane->status);
		recently |= is_shut_down(lane->status) && lane->since_ns > first_snapshot_at_most_ns(target);
	}
	if (!target->deployment_count || !(all || recently))
		return NULL;
	return "If nobody shut the deployment down on purpose, the vendor's GitHub Action may have: it does so when "
	       "its step ends, unless it has cleanup: \"false\".";
}

/* What is being shut down doesn't need more time. */
static bool needs_time(const struct target_result *target)
{
	for (size_t i = 0; i < target->lane_count; i++)
		if (!status_is_at_rest(target->lanes[i].status) && !is_shut_down(target->lanes[i].status))
			return true;
	return false;
}

const char *verdict_remedy(const struct target_result *target)
{
	enum target_kind kind = target->target->selector.of;
	const char *shutdown = shutdown_remedy(target);
	if (target->told.length)
		return target->told_remedy.length ? target->told_remedy.bytes : NULL;
	switch (target->reason) {
	case REASON_RULE_FAILED: return shutdown;
	case REASON_NONE:
	case REASON_RULES_HOLD:
	case REASON_INTERRUPTED:
	case REASON_RECORDING_ENDED: return NULL;
	case REASON_UNEXPECTED:
		return "Check whether the promotion was accepted and has ended. It may have created a new deployment: "
		       "its answer has the id to expect.";
	case REASON_PROMOTION_ENDED:
		return "Look at the deployment's logs, and promote it again or another one; then gate the new "
		       "candidate.";
	case REASON_ENVIRONMENT_NOT_FOUND: return remedies[kind].environment;
	case REASON_SUPERSEDED: return "Gate the newer deployment, or leave out on_superseded: fail.";
	case REASON_DEADLINE:
	case REASON_RULES_UNKNOWN: return shutdown && !needs_time(target) ? shutdown : deadline_remedy(target);
	case REASON_DEPLOYMENT_NOT_FOUND: return remedies[kind].missing;
	case REASON_CHAIN_NOT_FOUND: return remedies[kind].not_found;
	case REASON_REFUSED: return remedies[kind].key;
	case REASON_NO_ANSWER:
	case REASON_NEVER_ANSWERED:
	case REASON_FINAL_MISS: return miss_remedy(&target->miss, kind);
	}
	return NULL;
}
