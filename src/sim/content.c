/* content.c - makes the API's JSON from a scenario at a moment. */
#include "content.h"

#include "chaingate/buf.h"
#include "chaingate/json.h"
#include "chaingate/times.h"

#include <errno.h>
#include <limits.h>

static struct json_object *got(struct json_object *object)
{
	if (!object)
		memory_exhausted();
	return object;
}

/* The key must be a literal. It is added even if it exists: FLAVOUR_DUPLICATE_KEYS needs that. */
static void add(struct json_object *object, const char *key, struct json_object *value)
{
	if (json_object_object_add_ex(object, key, value, JSON_C_OBJECT_ADD_KEY_IS_NEW | JSON_C_OBJECT_KEY_IS_CONSTANT))
		memory_exhausted();
}

static void add_text(struct json_object *object, const char *key, struct text text)
{
	/* A scenario is a few MiB at most, so the length of its texts fits. */
	int length = text.length > INT_MAX ? INT_MAX : (int)text.length;
	add(object, key, got(json_object_new_string_len(text.bytes ? text.bytes : "", length)));
}

static void add_string(struct json_object *object, const char *key, const char *string)
{
	add(object, key, got(json_object_new_string(string)));
}

static void add_integer(struct json_object *object, const char *key, int64_t value)
{
	add(object, key, got(json_object_new_int64(value)));
}

static void add_boolean(struct json_object *object, const char *key, bool value)
{
	add(object, key, got(json_object_new_boolean(value)));
}

static void add_null(struct json_object *object, const char *key)
{
	add(object, key, NULL);
}

static void append(struct json_object *array, struct json_object *value)
{
	if (json_object_array_add(array, value))
		memory_exhausted();
}

/* A count: FLAVOUR_WRONG_TYPE makes it a string. */
static void add_count(const struct moment *moment, struct json_object *object, const char *key, int64_t value)
{
	if (moment->flavour != FLAVOUR_WRONG_TYPE) {
		add_integer(object, key, value);
		return;
	}
	struct buf digits = buf_make(BUF_LIMIT_REPORT);
	buf_printf(&digits, "%lld", (long long)value);
	add_text(object, key, buf_text(&digits));
	buf_release(&digits);
}

static void add_status(const struct moment *moment, struct json_object *object, struct text status)
{
	if (moment->flavour == FLAVOUR_DUPLICATE_KEYS) {
		add_string(object, "status", "FAILED");
		status = TEXT("ACTIVE");
	}
	add_text(object, "status", status);
}

static void add_creation(const struct moment *moment, struct json_object *object, struct creation created)
{
	struct buf when = buf_make(BUF_LIMIT_REPORT);
	moment_add(&when, creation_wall_ns(moment->scenario, created, moment->start_wall_ns), true);
	add_text(object, "created_at", buf_text(&when));
	buf_release(&when);
}

static void add_settings(const struct moment *moment, struct json_object *object, const struct settings *settings)
{
	if (!settings) {
		add_null(object, "autoscaling_settings");
		return;
	}
	struct json_object *inner = got(json_object_new_object());
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		switch (settings->values[i].state) {
		case SETTING_ABSENT: break;
		case SETTING_NULL: add_null(inner, setting_name((enum setting)i)); break;
		case SETTING_PRESENT:
			add_count(moment, inner, setting_name((enum setting)i), settings->values[i].value);
			break;
		}
	}
	add(object, "autoscaling_settings", inner);
}

static struct json_object *chainlet_object(const struct moment *moment, const struct sim_chainlet *chainlet)
{
	struct json_object *object = got(json_object_new_object());
	add_text(object, "id", chainlet->id);
	add_text(object, "name", chainlet->name);
	add_settings(moment, object, chainlet_settings(chainlet, moment->scenario_ns));
	add_text(object, "instance_type_name", chainlet->instance_type_name);
	add_count(moment, object, "active_replica_count", chainlet_replicas(chainlet, moment->scenario_ns));
	add_status(moment, object, chainlet_status(chainlet, moment->scenario_ns));
	return object;
}

static void add_environment(const struct moment *moment, struct json_object *object,
			    const struct sim_deployment *deployment)
{
	struct text environment;
	if (deployment_environment(moment->promotions, deployment, moment->scenario_ns, &environment))
		add_text(object, "environment", environment);
	else
		add_null(object, "environment");
}

static bool is_in_production(const struct moment *moment, const struct sim_deployment *deployment)
{
	struct text environment;
	return deployment_environment(moment->promotions, deployment, moment->scenario_ns, &environment) &&
	       text_is(environment, "production");
}

/* The scenario's reader has checked that it is JSON. */
static void add_labels(struct json_object *object, struct text labels)
{
	struct json_object *inner = NULL;
	struct json_fault fault;
	if (labels.length && !json_parse(labels, &inner, &fault))
		memory_exhausted();
	add(object, "labels", inner);
}

/* DeploymentV1 */
static struct json_object *model_deployment(const struct moment *moment, const struct sim_deployment *deployment)
{
	struct json_object *object = got(json_object_new_object()), *backpressure = got(json_object_new_object());
	const struct sim_chainlet *own = &deployment->chainlets[0];
	add_text(object, "id", deployment->id);
	add_creation(moment, object, deployment->created);
	add_text(object, "name", deployment->own_name);
	add_text(object, "model_id", deployment->chain->id);
	add_boolean(object, "is_production", is_in_production(moment, deployment));
	add_boolean(object, "is_development", deployment->is_development);
	add_status(moment, object, chainlet_status(own, moment->scenario_ns));
	add_count(moment, object, "active_replica_count", chainlet_replicas(own, moment->scenario_ns));
	add_settings(moment, object, chainlet_settings(own, moment->scenario_ns));
	if (own->has_no_instance_type)
		add_null(object, "instance_type_name");
	else
		add_text(object, "instance_type_name", own->instance_type_name);
	add_environment(moment, object, deployment);
	add_labels(object, deployment->labels);
	add_null(backpressure, "policy");
	add(object, "request_backpressure_settings", backpressure);
	return object;
}

struct json_object *content_deployment(const struct moment *moment, const struct sim_deployment *deployment)
{
	if (deployment->chain->kind == TARGET_MODEL)
		return model_deployment(moment, deployment);
	struct json_object *object = got(json_object_new_object());
	struct json_object *chainlets = got(json_object_new_array());
	add_text(object, "id", deployment->id);
	add_creation(moment, object, deployment->created);
	add_text(object, "chain_id", deployment->chain->id);
	add_environment(moment, object, deployment);
	for (size_t i = 0; i < deployment->chainlet_count; i++)
		append(chainlets, chainlet_object(moment, &deployment->chainlets[i]));
	add(object, "chainlets", chainlets);
	add_status(moment, object, deployment_status(deployment, moment->scenario_ns));
	return object;
}

struct json_object *content_deployments(const struct moment *moment, const struct sim_chain *chain)
{
	struct json_object *list = got(json_object_new_array());
	for (size_t i = 0; i < moment->scenario->deployment_count; i++) {
		const struct sim_deployment *deployment = &moment->scenario->deployments[i];
		if (deployment->chain == chain && deployment_listed(deployment, moment->scenario_ns))
			append(list, content_deployment(moment, deployment));
	}
	struct json_object *object = got(json_object_new_object());
	add(object, "deployments", list);
	return object;
}

static void add_id(struct json_object *object, const char *key, const struct sim_deployment *deployment)
{
	if (deployment)
		add_text(object, key, deployment->id);
	else
		add_null(object, key);
}

/* What a ModelV1 has and a ChainV1 hasn't. */
static void add_model_deployments(const struct moment *moment, struct json_object *object,
				  const struct sim_chain *model)
{
	const struct sim_deployment *production = NULL, *development = NULL;
	for (size_t i = 0; i < moment->scenario->deployment_count; i++) {
		const struct sim_deployment *deployment = &moment->scenario->deployments[i];
		if (deployment->chain != model || !deployment_listed(deployment, moment->scenario_ns))
			continue;
		if (is_in_production(moment, deployment))
			production = deployment;
		if (deployment->is_development)
			development = deployment;
	}
	bool has_type = production && !production->chainlets[0].has_no_instance_type;
	add_id(object, "production_deployment_id", production);
	add_id(object, "development_deployment_id", development);
	add_text(object, "instance_type_name", has_type ? production->chainlets[0].instance_type_name : TEXT(""));
}

struct json_object *content_chain(const struct moment *moment, const struct sim_chain *chain)
{
	int64_t count = 0;
	for (size_t i = 0; i < moment->scenario->deployment_count; i++)
		count += moment->scenario->deployments[i].chain == chain &&
			 deployment_listed(&moment->scenario->deployments[i], moment->scenario_ns);
	struct json_object *object = got(json_object_new_object());
	add_text(object, "id", chain->id);
	add_creation(moment, object, chain->created);
	if (moment->flavour == FLAVOUR_DUPLICATE_KEYS)
		add_string(object, "name", "");
	add_text(object, "name", chain->name);
	add_count(moment, object, "deployments_count", count);
	if (chain->kind == TARGET_MODEL)
		add_model_deployments(moment, object, chain);
	add_text(object, "team_name", chain->team);
	return object;
}

struct json_object *content_chains(const struct moment *moment, enum target_kind kind)
{
	struct json_object *list = got(json_object_new_array());
	for (size_t i = 0; i < moment->scenario->chain_count; i++)
		if (moment->scenario->chains[i].kind == kind)
			append(list, content_chain(moment, &moment->scenario->chains[i]));
	struct json_object *object = got(json_object_new_object());
	add(object, target_kind_plural(kind), list);
	return object;
}

/* Reads decimal digits from `*at` on. */
static int64_t digits(struct text text, size_t *at)
{
	int64_t value = 0;
	/* Four digits: the largest machine has some hundred processors and some thousand GiB. */
	for (size_t first = *at; *at < text.length && *at - first < 4; ++*at) {
		char byte = text.bytes[*at];
		if (byte < '0' || byte > '9')
			break;
		value = value * 10 + (byte - '0');
	}
	return value;
}

/* name = [ GPU ":" ] CPUS "x" GIB, as in "L4:4x16". A name of another form gives zeros. */
static struct json_object *instance_type_object(const struct moment *moment, struct text name)
{
	size_t at = 0;
	while (at < name.length && name.bytes[at] != ':')
		at++;
	struct text gpu = at < name.length ? text_slice(name, 0, at) : (struct text){0};
	at = at < name.length ? at + 1 : 0;
	int64_t cpus = digits(name, &at);
	at += at < name.length && name.bytes[at] == 'x';
	int64_t gib = digits(name, &at);

	struct json_object *object = got(json_object_new_object());
	add_text(object, "id", name);
	add_text(object, "name", name);
	add_count(moment, object, "memory_limit_mib", gib * 1024);
	add_count(moment, object, "millicpu_limit", cpus * 1000);
	add_count(moment, object, "gpu_count", gpu.length > 0);
	if (gpu.length)
		add_text(object, "gpu_type", gpu);
	else
		add_null(object, "gpu_type");
	add_null(object, "gpu_memory_limit_mib");
	return object;
}

/* The API's defaults. */
static struct json_object *promotion_settings_object(bool redeploys)
{
	struct json_object *object = got(json_object_new_object());
	add_boolean(object, "redeploy_on_promotion", redeploys);
	add_boolean(object, "rolling_deploy", false);
	add_null(object, "rolling_deploy_config");
	add_boolean(object, "ramp_up_while_promoting", false);
	add_integer(object, "ramp_up_duration_seconds", 600);
	add_string(object, "promotion_cleanup_strategy", "SCALE_TO_ZERO");
	return object;
}

static struct json_object *chainlet_settings_list(const struct moment *moment, const struct sim_deployment *deployment)
{
	struct json_object *list = got(json_object_new_array());
	for (size_t i = 0; deployment && i < deployment->chainlet_count; i++) {
		const struct sim_chainlet *chainlet = &deployment->chainlets[i];
		struct json_object *object = got(json_object_new_object());
		add_text(object, "chainlet_name", chainlet->name);
		add_settings(moment, object, chainlet_settings(chainlet, moment->scenario_ns));
		add(object, "instance_type", instance_type_object(moment, chainlet->instance_type_name));
		append(list, object);
	}
	return list;
}

static void add_occupant(const struct moment *moment, struct json_object *object, const char *key,
			 const struct sim_deployment *deployment)
{
	if (deployment)
		add(object, key, content_deployment(moment, deployment));
	else
		add_null(object, key);
}

static void add_in_progress(const struct moment *moment, struct json_object *object,
			    const struct occupation *occupation)
{
	if (!occupation->promotion.length) {
		add_null(object, "in_progress_promotion");
		return;
	}
	struct json_object *promotion = got(json_object_new_object());
	add_status(moment, promotion, occupation->promotion);
	add_count(moment, promotion, "percent_traffic_to_new_version", occupation->traffic_percent);
	if (text_is(occupation->promotion, "FAILED"))
		add_string(promotion, "error_message", "Simulated failure");
	add(object, "in_progress_promotion", promotion);
}

/* EnvironmentV1. Its settings are those of the deployment that it serves, else the API's defaults. */
static struct json_object *model_environment(const struct moment *moment, const struct occupation *occupation)
{
	struct json_object *object = got(json_object_new_object()), *backpressure = got(json_object_new_object());
	const struct sim_chainlet *own = occupation->current ? &occupation->current->chainlets[0] : NULL;
	const struct settings *settings = own ? chainlet_settings(own, moment->scenario_ns) : NULL;
	add_text(object, "name", occupation->name);
	add_creation(moment, object, occupation->created);
	add_text(object, "model_id", occupation->chain->id);
	add_occupant(moment, object, "current_deployment", occupation->current);
	add_occupant(moment, object, "candidate_deployment", occupation->candidate);
	add_in_progress(moment, object, occupation);
	add_settings(moment, object, settings ? settings : &settings_default);
	add(object, "promotion_settings", promotion_settings_object(occupation->copy != NULL));
	add(object, "instance_type",
	    instance_type_object(moment, own && !own->has_no_instance_type ? own->instance_type_name : TEXT("1x2")));
	add_null(backpressure, "policy");
	add(object, "request_backpressure_settings", backpressure);
	return object;
}

struct json_object *content_environment(const struct moment *moment, const struct occupation *occupation)
{
	if (occupation->chain->kind == TARGET_MODEL)
		return model_environment(moment, occupation);
	struct json_object *object = got(json_object_new_object());
	add_text(object, "name", occupation->name);
	add_creation(moment, object, occupation->created);
	add_text(object, "chain_id", occupation->chain->id);
	add(object, "promotion_settings", promotion_settings_object(occupation->copy != NULL));
	add(object, "chainlet_settings", chainlet_settings_list(moment, occupation->current));
	add_occupant(moment, object, "current_deployment", occupation->current);
	add_occupant(moment, object, "candidate_deployment", occupation->candidate);
	return object;
}

struct json_object *content_user(const struct moment *moment)
{
	struct json_object *object = got(json_object_new_object());
	if (moment->flavour == FLAVOUR_DUPLICATE_KEYS)
		add_string(object, "user_id", "");
	if (moment->flavour == FLAVOUR_WRONG_TYPE)
		add_integer(object, "user_id", 1);
	else
		add_string(object, "user_id", "sim-user");
	add_string(object, "name", "Simulated User");
	add_string(object, "email", "user@sim.invalid");
	add_string(object, "workspace_name", "simulated");
	return object;
}

struct json_object *content_error(const char *message, const int64_t *retry_after_s)
{
	struct json_object *object = got(json_object_new_object());
	add_string(object, "error", message);
	if (retry_after_s)
		add_integer(object, "retry_after", *retry_after_s);
	return object;
}

struct text content_text(struct arena *arena, struct json_object *object)
{
	size_t length;
	errno = 0;
	const char *bytes = json_object_to_json_string_length(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &length);
	/* If its buffer can't grow, json-c leaves a part out. */
	if (!bytes || errno == ENOMEM)
		memory_exhausted();
	struct text text = arena_text(arena, (struct text){bytes, length});
	json_object_put(object);
	return text;
}
