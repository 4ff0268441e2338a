/* model_bodies.h - bodies about models as the API sends them, for the tests that edit and read them. */
#ifndef CHAINGATE_TESTS_MODEL_BODIES_H
#define CHAINGATE_TESTS_MODEL_BODIES_H

#include "chaingate/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SETTINGS \
	"{\"min_replica\": 1, \"max_replica\": 2, \"autoscaling_window\": 60, \"scale_down_delay\": 900, " \
	"\"concurrency_target\": 1, \"target_utilization_percentage\": 70}"

/* DeploymentV1 with all required fields */
#define DEPLOYMENT(id, development) \
	"{\"id\": \"" id "\", \"created_at\": \"2026-08-14T09:00:00Z\", \"name\": \"deployment-1\", " \
	"\"model_id\": \"m1\", \"is_production\": true, \"is_development\": " development ", " \
	"\"status\": \"ACTIVE\", \"active_replica_count\": 1, \"autoscaling_settings\": " SETTINGS ", " \
	"\"instance_type_name\": \"L4:4x16\", \"environment\": \"production\", " \
	"\"request_backpressure_settings\": {\"policy\": null}}"

#define LIST "{\"deployments\": [" DEPLOYMENT("d1", "false") "]}"

#define ENVIRONMENT \
	"{\"name\": \"production\", \"created_at\": \"2026-08-14T09:00:00Z\", \"model_id\": \"m1\", " \
	"\"current_deployment\": " DEPLOYMENT("d1", "false") ", \"candidate_deployment\": " DEPLOYMENT( \
		"d2", "false") ", \"in_progress_promotion\": {\"status\": \"RAMPING_UP\", " \
			       "\"percent_traffic_to_new_version\": 25, \"error_message\": null}, " \
			       "\"autoscaling_settings\": " SETTINGS \
			       ", \"promotion_settings\": {\"redeploy_on_promotion\": false}, \"instance_type\": {}, " \
			       "\"request_backpressure_settings\": {}}"

static const struct api_owner llama = {TARGET_MODEL, {"llama", 5}};

/* A body of exactly its size, which is freed before the listing is used, so that sanitizers find pointers into it. */
static inline bool read(struct arena *arena, const char *body, struct api_owner owner, bool is_environment,
			const struct listing **out, struct miss *miss)
{
	size_t length = strlen(body);
	char *copy = malloc(length);
	assert_non_null(copy);
	memcpy(copy, body, length);
	struct api_answer answer = {.http_status = 200, .body = {copy, length}};
	bool is_read = (is_environment ? api_read_environment : api_read_deployments)(arena, &answer, owner, out, miss);
	free(copy);
	return is_read;
}

/* The body with the first `from` in it replaced. */
static inline const char *edit(struct arena *arena, const char *body, const char *from, const char *to)
{
	const char *at = strstr(body, from);
	if (!at)
		fail_msg("the body has no %s", from);
	return arena_printf(arena, "%.*s%s%s", (int)(at - body), body, to, at + strlen(from));
}

#endif
