/* fuzz_api.c - any bytes as a body of the API: if accepted, the listing keeps its invariants; if rejected, the miss
 * is printable. */
#include "demand.h"

#include "chaingate/api.h"
#include "chaingate/json.h"
#include "chaingate/selection.h"
#include "chaingate/times.h"

#include <string.h>

/* With more items than this, comparing each with each would take most of the time. */
#define COMPARED_MAX 50

static void check_miss(const struct miss *miss)
{
	demand(miss->cause != MISS_NONE);
	demand(miss->retry_after_ns >= 0 && miss->retry_after_ns <= API_RETRY_AFTER_MAX_S * NS_PER_S);
	demand(miss->detail.length <= API_DETAIL_MAX);
	for (size_t at = 0; at < miss->detail.length;) {
		uint32_t point;
		size_t length = utf8_decode(miss->detail.bytes + at, miss->detail.length - at, &point);
		demand(length > 0 && !point_is_hidden(point));
		at += length;
	}
}

static void check_count(struct optional_integer count)
{
	demand(count.present || count.value == 0);
}

static void check_chainlet(const struct deployment *deployment, size_t i)
{
	const struct chainlet *chainlet = &deployment->chainlets[i];
	const struct autoscaling_settings *settings = chainlet->settings;
	demand(chainlet->id.length > 0 && chainlet->name.length > 0 && text_is_utf8(chainlet->name));
	demand(chainlet->status == status_parse(chainlet->status_word));
	demand(i >= COMPARED_MAX || deployment_chainlet(deployment, chainlet->name) == chainlet);
	if (!settings)
		return;
	check_count(settings->autoscaling_window_s);
	check_count(settings->scale_down_delay_s);
	check_count(settings->target_utilization_percentage);
	check_count(settings->target_in_flight_tokens);
	check_count(settings->max_scale_down_rate);
}

static void check_listing(struct arena *arena, const struct listing *listing)
{
	size_t ordinal = 0;
	for (size_t i = 0; i < listing->count; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		demand(deployment->id.length > 0 && deployment->chain_id.length > 0 && text_is_utf8(deployment->id));
		demand(deployment->has_environment || deployment->environment.length == 0);
		demand(deployment->status == status_parse(deployment->status_word));
		demand(deployment->ordinal == ordinal++);
		demand(i >= COMPARED_MAX || listing_find(listing, deployment->id) == deployment);
		for (size_t k = 0; k < deployment->chainlet_count; k++) {
			demand(deployment->chainlets[k].ordinal == ordinal++);
			check_chainlet(deployment, k);
		}
	}
	demand(listing->ordinals == ordinal);
	struct selector all = {.kind = SELECT_ALL, .since = {.kind = SINCE_ANY}};
	struct text chain = listing->count > 0 ? listing->deployments[0].chain_id : (struct text){0};
	struct selection selection = selection_make(arena, listing, &all, chain, (struct text){0});
	demand(selection.count + selection.foreign == listing->count);
	struct status_history first = status_history_next(arena, NULL, listing, 1);
	struct status_history second = status_history_next(arena, &first, listing, 2);
	for (size_t i = 0; i < listing->ordinals; i++)
		demand(second.since_ns[i] == 1);
}

static void check_environment(struct arena *arena, const struct listing *listing)
{
	const struct environment *environment = listing->environment;
	size_t occupants = environment->current.length > 0;
	struct selector selector = {
		.kind = SELECT_ENVIRONMENT, .value = environment->name, .since = {.kind = SINCE_ANY}};
	occupants += environment->candidate.length > 0;
	demand(environment->name.length > 0 && environment->chain_id.length > 0);
	demand(listing->count == occupants &&
	       !text_equal(environment->current, environment->candidate) == (occupants > 0));
	demand(environment->redeploys.present || !environment->redeploys.value);
	for (size_t i = 0; i < listing->count; i++) {
		demand(listing->deployments[i].shown_by == environment && !listing->deployments[i].is_brief);
		demand(text_equal(listing->deployments[i].chain_id, environment->chain_id));
	}
	for (int role = ROLE_CURRENT; role <= ROLE_CANDIDATE; role++) {
		struct text id = role == ROLE_CURRENT ? environment->current : environment->candidate;
		selector.role = (enum environment_role)role;
		struct selection selection =
			selection_make(arena, listing, &selector, environment->chain_id, (struct text){0});
		demand(selection.count == (id.length > 0));
		demand(!selection.count || text_equal(selection.deployments[0]->id, id));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text body = {(const char *)data, size};
	struct arena arena = {0};
	struct api_answer answer = {.http_status = 200, .body = body};
	const struct listing *listing = NULL;
	struct api_user user;
	struct text id, name;
	struct miss miss = {0};
	/* The scan also compares all keys of an object with each other, which the readers of known members don't. */
	struct api_said said;
	struct json_fault fault;
	bool is_strict = json_scan(body, &fault);
	if (api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss)) {
		check_listing(&arena, listing);
		demand(is_strict);
	} else {
		check_miss(&miss);
	}
	if (api_read_environment(&arena, &answer, (struct api_owner){0}, &listing, &miss)) {
		check_listing(&arena, listing);
		check_environment(&arena, listing);
		demand(is_strict);
	} else {
		check_miss(&miss);
	}
	if (api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("rag"), &id, &name, &miss))
		demand(is_strict && id.length > 0 && (text_is(id, "rag") || text_is(name, "rag")));
	else
		check_miss(&miss);
	if (api_read_whoami(&arena, &answer, &user, &miss))
		demand(user.id.length > 0);
	else
		check_miss(&miss);
	if (api_read_said(&arena, body, TARGET_MODEL, &said, &miss))
		demand(is_strict);
	else
		check_miss(&miss);
	/* the same bytes as an error's body and header */
	answer = (struct api_answer){.http_status = 429, .body = body, .retry_after = body};
	demand(!api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
	check_miss(&miss);
	arena_release(&arena);
	return 0;
}
