/* answer.c - makes the answer to a request. */
#include "answer.h"

#include "chaingate/json.h"
#include "chaingate/times.h"
#include "content.h"

/* The number of parts of the longest path, /v1/chains/{id}/environments/{name}/promote, and one more to notice
 * longer ones. */
#define PARTS_MAX 7
/* The retry_after of a rate limit's answer: the window is a second. */
#define RATE_LIMIT_RETRY_S 1
/* Long enough that no reader takes it for a short body, short enough for a log. */
#define GARBAGE_BYTES 512

#define JSON_TYPE "application/json"

static const char html_page[] = "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
				"<body><h1>Bad Gateway</h1><p>Everything is ACTIVE.</p></body></html>\n";

/* "*" matches one part with any text; "+" is "chains" or "models". */
static const char *const endpoint_paths[ENDPOINT_COUNT][PARTS_MAX] = {
	[ENDPOINT_CHAINS] = {"v1", "+"},
	[ENDPOINT_CHAIN] = {"v1", "+", "*"},
	[ENDPOINT_DEPLOYMENTS] = {"v1", "+", "*", "deployments"},
	[ENDPOINT_DEPLOYMENT] = {"v1", "+", "*", "deployments", "*"},
	[ENDPOINT_ENVIRONMENT] = {"v1", "+", "*", "environments", "*"},
	[ENDPOINT_PROMOTION] = {"v1", "+", "*", "environments", "*", "promote"},
	[ENDPOINT_USER] = {"v1", "users", "me"},
};

struct route {
	enum endpoint endpoint;
	enum target_kind kind;
	struct text chain_id;
	struct text name; /* of the deployment or the environment */
};

struct simulation simulation_make(struct arena *arena, const struct scenario *scenario, int64_t start_wall_ns)
{
	return (struct simulation){
		.scenario = scenario,
		.arena = arena,
		.start_wall_ns = start_wall_ns,
		.fault_uses = ARENA_ARRAY(arena, int64_t, scenario->fault_count),
		/* A generator of this family must not begin at 0. */
		.random = scenario->seed * 2 + 1,
	};
}

static size_t split(struct text path, struct text parts[PARTS_MAX])
{
	size_t count = 0;
	if (!path.length || path.bytes[0] != '/')
		return 0;
	for (size_t at = 0; at < path.length && count < PARTS_MAX;) {
		size_t end = at + 1;
		while (end < path.length && path.bytes[end] != '/')
			end++;
		parts[count++] = text_slice(path, at + 1, end);
		at = end;
	}
	return count;
}

/* The kind of what the API has below "chains" or "models". False: neither. */
static bool kind_of(struct text part, enum target_kind *out)
{
	for (int kind = 0; kind < TARGET_KIND_COUNT; kind++)
		if (text_is(part, target_kind_plural((enum target_kind)kind))) {
			*out = (enum target_kind)kind;
			return true;
		}
	return false;
}

static bool part_fits(const char *pattern, struct text part)
{
	enum target_kind ignored;
	switch (pattern[0]) {
	case '*': return part.length > 0;
	case '+': return kind_of(part, &ignored);
	default: return text_is(part, pattern);
	}
}

static bool path_fits(const char *const *pattern, const struct text *parts, size_t count)
{
	for (size_t i = 0; i < PARTS_MAX; i++) {
		if (i == count || !pattern[i])
			return i == count && !pattern[i];
		if (!part_fits(pattern[i], parts[i]))
			return false;
	}
	return false;
}

static struct route route_of(struct text path)
{
	struct text parts[PARTS_MAX] = {{0}};
	size_t count = split(path, parts);
	enum target_kind kind = TARGET_CHAIN;
	kind_of(parts[1], &kind);
	for (size_t i = ENDPOINT_NONE + 1; i < ENDPOINT_COUNT; i++)
		if (count && path_fits(endpoint_paths[i], parts, count))
			return (struct route){(enum endpoint)i, kind, parts[2], parts[4]};
	return (struct route){ENDPOINT_NONE, TARGET_CHAIN, {0}, {0}};
}

static bool is_authorized(const struct scenario *scenario, const char *authorization)
{
	struct text header = text_of(authorization);
	size_t scheme = text_starts_with(header, "Api-Key ") ? 8 : text_starts_with(header, "Bearer ") ? 7 : 0;
	return scheme && text_equal(text_slice(header, scheme, header.length), scenario->api_key);
}

/* Counts the request; false if it exceeds the rate. */
static bool within_rate(struct simulation *simulation, const struct route *route, int64_t real_ns)
{
	struct rate_window *window = &simulation->windows[route->kind][route->endpoint];
	if (!window->requests || real_ns - window->began_ns >= NS_PER_S)
		*window = (struct rate_window){.began_ns = real_ns};
	return ++window->requests <= simulation->scenario->rate_limit;
}

static struct answer json_answer(struct arena *arena, unsigned int status, struct json_object *object)
{
	return (struct answer){.status = status, .body = content_text(arena, object), .content_type = JSON_TYPE};
}

static struct answer error_answer(struct arena *arena, unsigned int status, const char *message)
{
	return json_answer(arena, status, content_error(message, NULL));
}

static struct answer not_found(struct arena *arena, const char *what)
{
	return error_answer(arena, 404, arena_printf(arena, "%s not found", what));
}

static const struct sim_body *body_in_force(const struct scenario *scenario, const struct sim_chain *chain,
					    int64_t scenario_ns)
{
	const struct sim_body *found = NULL;
	for (size_t i = 0; i < scenario->body_count; i++) {
		const struct sim_body *body = &scenario->bodies[i];
		if (body->chain != chain || scenario_ns < body->from_ns || scenario_ns >= body->until_ns)
			continue;
		if (!found || body->from_ns >= found->from_ns)
			found = body;
	}
	return found;
}

static struct answer deployments_answer(struct arena *arena, const struct moment *moment, const struct sim_chain *chain)
{
	const struct sim_body *body = body_in_force(moment->scenario, chain, moment->scenario_ns);
	if (!body)
		return json_answer(arena, 200, content_deployments(moment, chain));
	return (struct answer){.status = body->status,
			       .body = body->bytes,
			       .content_type = JSON_TYPE,
			       .headers = body->headers,
			       .header_count = body->header_count};
}

static struct answer deployment_answer(struct arena *arena, const struct moment *moment, const struct sim_chain *chain,
				       struct text id)
{
	const struct sim_deployment *deployment = scenario_deployment(moment->scenario, id);
	if (!deployment || deployment->chain != chain || !deployment_listed(deployment, moment->scenario_ns))
		return not_found(arena, chain->kind == TARGET_CHAIN ? "Chain deployment" : "Deployment");
	return json_answer(arena, 200, content_deployment(moment, deployment));
}

static struct answer environment_answer(struct arena *arena, const struct moment *moment, const struct sim_chain *chain,
					struct text name)
{
	struct occupation occupation;
	if (!environment_occupation(moment->scenario, moment->promotions, chain, name, moment->scenario_ns,
				    moment->start_wall_ns, &occupation))
		return error_answer(arena, 404, "Environment not found");
	return json_answer(arena, 200, content_environment(moment, &occupation));
}

/* Reads the id from a body {"deployment_id": "…", "scale_down_previous_deployment": true}; false if it isn't one. */
static bool promotion_wish(struct arena *arena, struct text body, struct text *id)
{
	struct json_object *object = NULL;
	struct json_fault fault;
	struct text found;
	bool fine = json_parse(body, &object, &fault) && json_object_is_type(object, json_type_object) &&
		    json_get_text(object, "deployment_id", &found);
	if (fine)
		*id = arena_text(arena, found);
	json_object_put(object);
	return fine;
}

/* As in the API's document: 200, with the deployment that is in the environment from now on. */
static struct answer promotion_answer(struct simulation *simulation, struct arena *arena, const struct moment *moment,
				      const struct route *route, struct text body)
{
	const struct sim_chain *chain = scenario_chain(moment->scenario, route->kind, route->chain_id);
	struct occupation occupation;
	struct text id;
	if (!chain)
		return not_found(arena, target_kind_title(route->kind));
	if (!environment_occupation(moment->scenario, moment->promotions, chain, route->name, moment->scenario_ns,
				    moment->start_wall_ns, &occupation))
		return error_answer(arena, 404, "Environment not found");
	if (!promotion_wish(arena, body, &id))
		return error_answer(arena, 400, "The body must be a JSON object with the text 'deployment_id'");
	const struct sim_deployment *deployment = scenario_deployment(moment->scenario, id);
	if (!deployment || deployment->chain != chain || !deployment_listed(deployment, moment->scenario_ns))
		return not_found(arena, chain->kind == TARGET_CHAIN ? "Chain deployment" : "Deployment");
	if (occupation.copy)
		deployment = occupation.copy;
	promotions_add(&simulation->promotions, simulation->arena,
		       (struct promotion){.environment = route->name,
					  .deployment = deployment,
					  .before = occupation.current,
					  .ends_ns = time_add(moment->scenario_ns, occupation.promotion_takes_ns)});
	return json_answer(arena, 200, content_deployment(moment, deployment));
}

static struct answer content_answer(struct arena *arena, const struct moment *moment, const struct route *route)
{
	const struct sim_chain *chain = scenario_chain(moment->scenario, route->kind, route->chain_id);
	switch (route->endpoint) {
	case ENDPOINT_CHAINS: return json_answer(arena, 200, content_chains(moment, route->kind));
	case ENDPOINT_USER: return json_answer(arena, 200, content_user(moment));
	case ENDPOINT_CHAIN:
		if (chain)
			return json_answer(arena, 200, content_chain(moment, chain));
		break;
	case ENDPOINT_DEPLOYMENTS:
		if (chain)
			return deployments_answer(arena, moment, chain);
		break;
	case ENDPOINT_DEPLOYMENT:
		if (chain)
			return deployment_answer(arena, moment, chain, route->name);
		break;
	case ENDPOINT_ENVIRONMENT:
		if (chain)
			return environment_answer(arena, moment, chain, route->name);
		break;
	case ENDPOINT_PROMOTION: /* not with GET */
	case ENDPOINT_NONE:
	case ENDPOINT_COUNT: break;
	}
	return not_found(arena, target_kind_title(route->kind));
}

static struct answer method_answer(struct arena *arena, bool is_promotion)
{
	static const struct header allow_get = {"Allow", "GET"}, allow_post = {"Allow", "POST"};
	struct answer answer = error_answer(arena, 405, "Method not allowed");
	answer.headers = is_promotion ? &allow_post : &allow_get;
	answer.header_count = 1;
	return answer;
}

/* The API's answer without faults. */
static struct answer true_answer(struct simulation *simulation, struct arena *arena, const struct request *request,
				 const struct moment *moment)
{
	struct route route = route_of(request->path);
	bool is_promotion = route.endpoint == ENDPOINT_PROMOTION;
	if (!request->authorization)
		return error_answer(arena, 401, "Missing authorization header. Send 'Authorization: Api-Key <key>'");
	if (!is_authorized(simulation->scenario, request->authorization))
		return error_answer(arena, 401, "Unknown API key");
	if (route.endpoint == ENDPOINT_NONE)
		return error_answer(arena, 404, "Not found");
	if (!text_is(request->method, is_promotion ? "POST" : "GET"))
		return method_answer(arena, is_promotion);
	if (!within_rate(simulation, &route, request->real_ns)) {
		int64_t retry_after_s = RATE_LIMIT_RETRY_S;
		struct answer answer = json_answer(arena, 429, content_error("Rate limit exceeded", &retry_after_s));
		answer.fault = "rate_limit";
		return answer;
	}
	if (is_promotion)
		return promotion_answer(simulation, arena, moment, &route, request->body);
	return content_answer(arena, moment, &route);
}

static bool holds(struct text text, struct text part)
{
	for (size_t i = 0; i + part.length <= text.length; i++)
		if (text_equal(text_slice(text, i, i + part.length), part))
			return true;
	return false;
}

/* The first fault that is in force for the path and isn't used up. Counts its use. */
static const struct fault *fault_in_force(struct simulation *simulation, struct text path, int64_t scenario_ns)
{
	for (size_t i = 0; i < simulation->scenario->fault_count; i++) {
		const struct fault *fault = &simulation->scenario->faults[i];
		if (scenario_ns < fault->from_ns || scenario_ns >= fault->until_ns ||
		    simulation->fault_uses[i] >= fault->count || !holds(path, fault->path))
			continue;
		simulation->fault_uses[i]++;
		return fault;
	}
	return NULL;
}

/* xorshift64*: the same bytes for the same seed, on every machine. */
static unsigned char random_byte(struct simulation *simulation)
{
	uint64_t x = simulation->random;
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	simulation->random = x;
	return (unsigned char)((x * UINT64_C(2685821657736338717)) >> 56);
}

static struct text garbage(struct simulation *simulation, struct arena *arena)
{
	char *bytes = arena_alloc(arena, GARBAGE_BYTES);
	for (size_t i = 0; i < GARBAGE_BYTES; i++)
		bytes[i] = (char)random_byte(simulation);
	return (struct text){bytes, GARBAGE_BYTES};
}

/* The body for a fault with only a status: short, like the API's. */
static struct text status_body(struct arena *arena, const struct fault *fault)
{
	const char *message = arena_printf(arena, "Simulated HTTP status %u", fault->http);
	return content_text(arena, content_error(message, fault->has_retry_after ? &fault->retry_after_s : NULL));
}

/* Replaces the answer's body with the fault's, if the fault has one. */
static void bend_body(struct simulation *simulation, struct arena *arena, const struct fault *fault,
		      struct answer *answer)
{
	switch (fault->kind) {
	case FAULT_NONE:
	case FAULT_TRUNCATED:
	case FAULT_STALL:
	case FAULT_SLOW:
		if (fault->has_text) {
			answer->body = fault->text;
			answer->content_type = "text/plain; charset=utf-8";
		} else if (fault->http) {
			answer->body = status_body(arena, fault);
			answer->content_type = JSON_TYPE;
		}
		break;
	case FAULT_GARBAGE: answer->body = garbage(simulation, arena); break;
	case FAULT_HTML:
		answer->body = text_of(html_page);
		answer->content_type = "text/html; charset=utf-8";
		break;
	case FAULT_EMPTY: answer->body = (struct text){0}; break;
	case FAULT_RESET:
	case FAULT_SILENCE:
	case FAULT_HUGE:
	case FAULT_DUPLICATE_KEYS:
	case FAULT_WRONG_TYPE:
	case FAULT_KIND_COUNT: break;
	}
}

static enum flavour flavour_of(const struct fault *fault)
{
	if (fault && fault->kind == FAULT_DUPLICATE_KEYS)
		return FLAVOUR_DUPLICATE_KEYS;
	if (fault && fault->kind == FAULT_WRONG_TYPE)
		return FLAVOUR_WRONG_TYPE;
	return FLAVOUR_TRUE;
}

struct answer answer_make(struct simulation *simulation, struct arena *arena, const struct request *request)
{
	const struct scenario *scenario = simulation->scenario;
	int64_t scenario_ns = scenario_time(scenario, request->real_ns);
	const struct fault *fault = fault_in_force(simulation, request->path, scenario_ns);
	struct moment moment = {.scenario = scenario,
				.promotions = &simulation->promotions,
				.scenario_ns = scenario_ns,
				.start_wall_ns = simulation->start_wall_ns,
				.flavour = flavour_of(fault)};
	struct answer answer = true_answer(simulation, arena, request, &moment);
	if (!fault)
		return answer;

	bend_body(simulation, arena, fault, &answer);
	answer.kind = fault->kind;
	answer.fault = fault->kind != FAULT_NONE ? fault_kind_name(fault->kind)
		       : fault->http             ? "http"
		       : fault->has_text         ? "text"
						 : "headers";
	if (fault->http)
		answer.status = fault->http;
	else if (fault->has_text)
		answer.status = 200;
	if (fault->header_count) {
		answer.headers = fault->headers;
		answer.header_count = fault->header_count;
	}
	return answer;
}
