/* body.c - reads what a step shows: bodies of the API from files or from YAML, and faults.
 *
 * YAML is converted to the JSON that the API would send, and is then read like an answer, so a test can't show
 * anything that the API couldn't send. In an inline deployment or chainlet, fields that rules rarely use may be left
 * out; the documentation lists their defaults.
 */
#include "trial_room.h"

#include "chaingate/yaml_json.h"

/* Longest body of a test, in bytes. */
#define BODY_BYTES_MAX ((size_t)64 << 20)

/* ---- YAML as JSON ----------------------------------------------------------------------------------------------- */

/* A field that may be left out, with its default. */
struct fallback {
	const char *key, *json;
};

enum level {
	LEVEL_BODY,
	LEVEL_ENVIRONMENT,
	LEVEL_DEPLOYMENT,
	LEVEL_MODEL_BODY,
	LEVEL_MODEL_ENVIRONMENT,
	LEVEL_MODEL_DEPLOYMENT,
	LEVEL_CHAINLET,
	LEVEL_SETTINGS,
	LEVEL_OTHER
};

struct translation {
	struct buf *out;
	const char *chain_id, *created_at; /* as JSON */
	const char *environment;           /* the name of the environment that an answer is about, as JSON; or NULL */
	bool says_owner;                   /* set if something has a chain_id or model_id of its own */
};

static void add_json(struct translation *t, const struct yaml_node *node, enum level level);

static enum level level_below(enum level level, struct text key)
{
	if (level == LEVEL_BODY && text_is(key, "deployments"))
		return LEVEL_DEPLOYMENT;
	if (level == LEVEL_ENVIRONMENT && (text_is(key, "current_deployment") || text_is(key, "candidate_deployment")))
		return LEVEL_DEPLOYMENT;
	if (level == LEVEL_DEPLOYMENT && text_is(key, "chainlets"))
		return LEVEL_CHAINLET;
	if (level == LEVEL_MODEL_ENVIRONMENT &&
	    (text_is(key, "current_deployment") || text_is(key, "candidate_deployment")))
		return LEVEL_MODEL_DEPLOYMENT;
	if (level == LEVEL_MODEL_BODY && text_is(key, "deployments"))
		return LEVEL_MODEL_DEPLOYMENT;
	if ((level == LEVEL_CHAINLET || level == LEVEL_MODEL_DEPLOYMENT) && text_is(key, "autoscaling_settings"))
		return LEVEL_SETTINGS;
	return LEVEL_OTHER;
}

static void add_fallback(struct translation *t, const struct yaml_node *node, const char *key, const char *json)
{
	if (!yaml_get(node, key))
		buf_printf(t->out, "%s\"%s\":%s", t->out->bytes[t->out->length - 1] == '{' ? "" : ",", key, json);
}

static void add_fallbacks(struct translation *t, const struct yaml_node *node, enum level level)
{
	static const struct fallback settings[] = {
		{"autoscaling_window", "60"},
		{"scale_down_delay", "900"},
		{"concurrency_target", "1"},
		{"target_utilization_percentage", "70"},
	};
	const struct yaml_node *name = yaml_get(node, "name");
	if (level == LEVEL_ENVIRONMENT) {
		add_fallback(t, node, "name", t->environment);
		add_fallback(t, node, "chain_id", t->chain_id);
		add_fallback(t, node, "created_at", t->created_at);
		add_fallback(t, node, "promotion_settings", "{}");
		add_fallback(t, node, "chainlet_settings", "[]");
	} else if (level == LEVEL_MODEL_ENVIRONMENT) {
		add_fallback(t, node, "name", t->environment);
		add_fallback(t, node, "model_id", t->chain_id);
		add_fallback(t, node, "created_at", t->created_at);
		add_fallback(t, node, "promotion_settings", "{}");
	} else if (level == LEVEL_DEPLOYMENT) {
		add_fallback(t, node, "chain_id", t->chain_id);
		add_fallback(t, node, "environment", "null");
		add_fallback(t, node, "created_at", t->created_at);
	} else if (level == LEVEL_MODEL_DEPLOYMENT) {
		add_fallback(t, node, "model_id", t->chain_id);
		add_fallback(t, node, "is_development", "false");
		add_fallback(t, node, "labels", "null");
		add_fallback(t, node, "instance_type_name", "\"1x2\"");
		add_fallback(t, node, "environment", "null");
		add_fallback(t, node, "created_at", t->created_at);
	} else if (level == LEVEL_CHAINLET) {
		add_fallback(t, node, "instance_type_name", "\"1x2\"");
		if (!yaml_get(node, "id") && name && name->kind == YAML_SCALAR) {
			buf_add_string(t->out, ",\"id\":");
			yaml_add_json_text(t->out, name->scalar.text);
		}
	} else if (level == LEVEL_SETTINGS) {
		for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
			add_fallback(t, node, settings[i].key, settings[i].json);
	}
}

/* What the API sends as a text is one, even if it looks like a number: an id may be 1234567 or 12e4567. The simulator
 * reads the same words as texts, too. */
static bool is_text(enum level level, struct text key)
{
	static const char *const keys[] = {"id",          "name",   "chain_id",   "model_id",
					   "environment", "status", "created_at", "instance_type_name"};
	bool is_known = level != LEVEL_OTHER && level != LEVEL_SETTINGS;
	for (size_t i = 0; is_known && i < sizeof(keys) / sizeof(*keys); i++)
		if (text_is(key, keys[i]))
			return true;
	return false;
}

static bool is_owner(enum level level, struct text key)
{
	switch (level) {
	case LEVEL_ENVIRONMENT:
	case LEVEL_DEPLOYMENT: return text_is(key, "chain_id");
	case LEVEL_MODEL_ENVIRONMENT:
	case LEVEL_MODEL_DEPLOYMENT: return text_is(key, "model_id");
	case LEVEL_BODY:
	case LEVEL_MODEL_BODY:
	case LEVEL_CHAINLET:
	case LEVEL_SETTINGS:
	case LEVEL_OTHER: break;
	}
	return false;
}

static void add_member(struct translation *t, const struct yaml_pair *pair, enum level level)
{
	struct text key = pair->key->scalar.text;
	t->says_owner |= is_owner(level, key);
	yaml_add_json_text(t->out, key);
	buf_add_byte(t->out, ':');
	if (is_text(level, key) && pair->value->kind == YAML_SCALAR && !yaml_is_null(pair->value))
		yaml_add_json_text(t->out, pair->value->scalar.text);
	else
		add_json(t, pair->value, level_below(level, key));
}

static void add_json(struct translation *t, const struct yaml_node *node, enum level level)
{
	if (level == LEVEL_OTHER) {
		yaml_add_json(t->out, node);
		return;
	}
	switch (node->kind) {
	case YAML_SCALAR: yaml_add_json(t->out, node); return;
	case YAML_SEQUENCE:
		buf_add_byte(t->out, '[');
		for (size_t i = 0; i < node->count; i++) {
			buf_add_string(t->out, i ? "," : "");
			add_json(t, node->items[i], level);
		}
		buf_add_byte(t->out, ']');
		return;
	case YAML_MAPPING:
		buf_add_byte(t->out, '{');
		for (size_t i = 0; i < node->count; i++) {
			buf_add_string(t->out, i ? "," : "");
			add_member(t, &node->pairs[i], level);
		}
		add_fallbacks(t, node, level);
		buf_add_byte(t->out, '}');
		return;
	}
}

/* ---- bodies ----------------------------------------------------------------------------------------------------- */

static struct diag *refuse(struct room *room, const struct yaml_node *node, enum diag_code code, const char *message)
{
	return diag_error(room->reader.diags, room->reader.source, node->span, code, "%s", message);
}

/* The least that a deployment of each kind must have. */
static const char *const form_of[TARGET_KIND_COUNT] = {
	[TARGET_CHAIN] = "{id: …, status: …, chainlets: […]}",
	[TARGET_MODEL] = "{id: …, status: …, active_replica_count: …, autoscaling_settings: {…}}",
};

static bool read_body(struct room *room, const struct yaml_node *node, struct text body, struct view_of_chain *out)
{
	struct api_answer answer = {.http_status = 200, .body = body};
	struct miss miss;
	bool is_environment = out->environment.length > 0;
	struct api_owner owner = {out->kind, out->chain};
	if (!(is_environment ? api_read_environment(room->reader.arena, &answer, owner, &out->listing, &miss)
			     : api_read_deployments(room->reader.arena, &answer, owner, &out->listing, &miss))) {
		out->listing = NULL;
		out->miss = miss;
		if (miss.cause == MISS_PAGE)
			return true;
		struct diag *diag = diag_error(
			room->reader.diags, room->reader.source, node->span, DIAG_INVALID_VALUE, "this is not %s: %.*s",
			is_environment ? "an answer about an environment" : "a list of deployments",
			TEXT_ARG(miss.detail));
		diag_hint(room->reader.diags, diag,
			  is_environment ? "write it as the API sends it: {current_deployment: %s}"
					 : "write it as the API sends it: {deployments: [%s]}",
			  form_of[out->kind]);
		return false;
	}
	return true;
}

static bool read_body_file(struct room *room, const struct yaml_node *node, struct view_of_chain *out)
{
	const char *path = arena_text(room->reader.arena, node->scalar.text).bytes, *why;
	struct text body;
	out->says_owner = true;
	if (room->files->read(room->files->context, path, &body, &why))
		return read_body(room, node, body, out);
	struct diag *diag =
		diag_error(room->reader.diags, room->reader.source, node->span, DIAG_UNREADABLE_FILE,
			   "could not read the body '%s': %s", diag_value(room->reader.diags, node->scalar.text), why);
	diag_hint(room->reader.diags, diag, "paths are relative to the test's file");
	return false;
}

static bool read_inline_body(struct room *room, const struct yaml_node *node, int64_t zero_wall_ns,
			     struct view_of_chain *out)
{
	struct buf json = buf_make(BODY_BYTES_MAX), moment = buf_make(100), chain = buf_make(BODY_BYTES_MAX),
		   environment = buf_make(BODY_BYTES_MAX);
	yaml_add_json_text(&chain, out->chain.length ? out->chain : TEXT(FALLBACK_CHAIN));
	yaml_add_json_text(&environment, out->environment);
	buf_add_byte(&moment, '"');
	moment_add(&moment, zero_wall_ns, false);
	buf_add_byte(&moment, '"');
	struct translation translation = {.out = &json,
					  .chain_id = buf_string(&chain),
					  .created_at = buf_string(&moment),
					  .environment = buf_string(&environment)};
	bool is_model = out->kind == TARGET_MODEL;
	if (node->kind == YAML_SEQUENCE) {
		buf_add_string(&json, "{\"deployments\":");
		add_json(&translation, node, is_model ? LEVEL_MODEL_DEPLOYMENT : LEVEL_DEPLOYMENT);
		buf_add_byte(&json, '}');
	} else {
		add_json(&translation, node,
			 out->environment.length ? (is_model ? LEVEL_MODEL_ENVIRONMENT : LEVEL_ENVIRONMENT)
			 : is_model              ? LEVEL_MODEL_BODY
						 : LEVEL_BODY);
	}
	out->says_owner = translation.says_owner;
	bool read = read_body(room, node, buf_text(&json), out);
	buf_release(&json);
	buf_release(&moment);
	buf_release(&chain);
	buf_release(&environment);
	return read;
}

bool read_page(struct room *room, const struct yaml_node *node, struct view_of_chain *out)
{
	const struct yaml_node *page = yaml_get(node, "page");
	bool is_page = false;
	if (page && !yaml_read_boolean(&room->reader, page, "page", &is_page))
		return false;
	if (is_page && out->listing) {
		out->listing = NULL;
		out->miss = (struct miss){.cause = MISS_PAGE, .detail = TEXT(API_PAGE_WORDS)};
	}
	return true;
}

static bool is_body(const struct yaml_node *node)
{
	size_t most = node->kind == YAML_MAPPING && yaml_get(node, "page") ? 2 : 1;
	return node->kind == YAML_MAPPING && node->count == most && yaml_get(node, "deployments");
}

static bool is_fault(const struct yaml_node *node)
{
	return node->kind == YAML_MAPPING && (yaml_get(node, "error") || yaml_get(node, "http"));
}

/* A fault of one chain, model or environment. */
static bool read_fault_of_one(struct room *room, const struct yaml_node *node, struct miss *out)
{
	static const char *const keys[] = {"error", "http", "retry_after", NULL};
	size_t errors = room->reader.diags->errors;
	check_keys(room, node, "a fault", keys);
	return read_fault(room, node, out) && room->reader.diags->errors == errors;
}

static bool read_view(struct room *room, const struct yaml_node *node, int64_t zero_wall_ns, struct view_of_chain *out)
{
	if (is_fault(node))
		return read_fault_of_one(room, node, &out->miss);
	if (node->kind == YAML_SEQUENCE || is_body(node))
		return read_inline_body(room, node, zero_wall_ns, out) && read_page(room, node, out);
	if (node->kind == YAML_SCALAR && !yaml_is_null(node))
		return read_body_file(room, node, out);
	struct diag *diag = refuse(room, node, DIAG_WRONG_TYPE, "this shows no deployments");
	diag_hint(room->reader.diags, diag, "write a path, a list of deployments, or a mapping from %s to lists",
		  target_kind_plural(out->kind));
	return false;
}

bool read_views(struct room *room, const struct yaml_node *node, int64_t zero_wall_ns, struct step *out)
{
	bool well = true;
	if (node->kind != YAML_MAPPING || is_body(node)) {
		out->views = ARENA_NEW(room->reader.arena, struct view_of_chain);
		out->view_count = 1;
		out->views->node = node;
		return read_view(room, node, zero_wall_ns, out->views);
	}
	out->views = ARENA_ARRAY(room->reader.arena, struct view_of_chain, node->count);
	out->view_count = node->count;
	for (size_t i = 0; i < node->count; i++) {
		out->views[i].chain = node->pairs[i].key->scalar.text;
		out->views[i].node = node->pairs[i].key;
		well &= read_view(room, node->pairs[i].value, zero_wall_ns, &out->views[i]);
	}
	return well;
}

/* Room for `count` views more. */
static struct view_of_chain *grow_views(struct room *room, struct step *step, size_t count)
{
	struct view_of_chain *views = ARENA_ARRAY(room->reader.arena, struct view_of_chain, step->view_count + count);
	for (size_t i = 0; i < step->view_count; i++)
		views[i] = step->views[i];
	step->views = views;
	step->view_count += count;
	return views + step->view_count - count;
}

bool read_models(struct room *room, const struct yaml_node *node, int64_t zero_wall_ns, struct step *out)
{
	if (!yaml_read_mapping(&room->reader, node, "models"))
		return false;
	bool well = true;
	struct view_of_chain *views = grow_views(room, out, node->count);
	for (size_t i = 0; i < node->count; i++) {
		views[i].kind = TARGET_MODEL;
		views[i].node = node->pairs[i].key;
		views[i].chain = node->pairs[i].key->scalar.text;
		if (views[i].chain.length)
			well &= read_view(room, node->pairs[i].value, zero_wall_ns, &views[i]);
		else
			refuse(room, node->pairs[i].key, DIAG_INVALID_VALUE, "a model needs a name");
	}
	return well;
}

/* "CHAIN/NAME", or "NAME" for every chain. */
static void read_environment_key(struct text key, struct view_of_chain *out)
{
	size_t slash = 0;
	while (slash < key.length && key.bytes[slash] != '/')
		slash++;
	out->environment = slash < key.length ? text_slice(key, slash + 1, key.length) : key;
	out->chain = slash < key.length ? text_slice(key, 0, slash) : (struct text){0};
}

static bool read_environment(struct room *room, const struct yaml_pair *pair, enum target_kind kind,
			     int64_t zero_wall_ns, struct view_of_chain *out)
{
	const struct yaml_node *node = pair->value;
	out->kind = kind;
	out->node = pair->key;
	read_environment_key(pair->key->scalar.text, out);
	if (kind == TARGET_MODEL && !out->chain.length) {
		struct diag *unclear = refuse(room, pair->key, DIAG_INVALID_VALUE, "the environment names no model");
		diag_hint(room->reader.diags, unclear, "write MODEL/NAME: the deployments are called by their model");
		return false;
	}
	if (is_fault(node))
		return read_fault_of_one(room, node, &out->miss);
	if (node->kind == YAML_MAPPING && out->environment.length)
		return read_inline_body(room, node, zero_wall_ns, out);
	if (node->kind == YAML_SCALAR && !yaml_is_null(node) && out->environment.length)
		return read_body_file(room, node, out);
	struct diag *diag = refuse(room, node, DIAG_WRONG_TYPE, "this shows no environment");
	diag_hint(room->reader.diags, diag,
		  "write a path, or {current_deployment: …}; an environment that is left out doesn't exist");
	return false;
}

bool read_environments(struct room *room, const struct yaml_node *node, enum target_kind kind, int64_t zero_wall_ns,
		       struct step *out)
{
	if (!yaml_read_mapping(&room->reader, node, kind == TARGET_MODEL ? "model_environments" : "environments"))
		return false;
	bool well = true;
	struct view_of_chain *views = grow_views(room, out, node->count);
	for (size_t i = 0; i < node->count; i++)
		well &= read_environment(room, &node->pairs[i], kind, zero_wall_ns, &views[i]);
	return well;
}

bool newest_created(const struct step *step, int64_t *out_wall_ns)
{
	bool any = false;
	for (size_t i = 0; i < step->view_count; i++) {
		const struct listing *listing = step->views[i].listing;
		for (size_t j = 0; listing && j < listing->count; j++)
			if (!any || listing->deployments[j].created_at_wall_ns > *out_wall_ns) {
				*out_wall_ns = listing->deployments[j].created_at_wall_ns;
				any = true;
			}
	}
	return any;
}

/* ---- faults ----------------------------------------------------------------------------------------------------- */

static const char *const fault_words[] = {"timeout", "connect", "reset", "tls", "malformed", "stale", NULL};
static const enum miss_cause fault_causes[] = {MISS_TIMEOUT, MISS_CONNECT,   MISS_RESET,
					       MISS_TLS,     MISS_MALFORMED, MISS_STALE};

static bool read_http(struct room *room, const struct yaml_node *step, const struct yaml_node *node, struct miss *out)
{
	struct text text;
	int status = 0;
	int64_t wait_ns = 0;
	const struct yaml_node *retry = yaml_get(step, "retry_after");
	const struct listing *listing;
	if (!yaml_read_text(&room->reader, node, "http", &text))
		return false;
	for (size_t i = 0; i < text.length && status < 1000; i++)
		status = text.bytes[i] >= '0' && text.bytes[i] <= '9' ? 10 * status + (text.bytes[i] - '0') : 1000;
	if (status < 201 || status > 599) {
		struct diag *diag = diag_error(room->reader.diags, room->reader.source, node->span, DIAG_INVALID_VALUE,
					       "'http' cannot be '%s'", diag_value(room->reader.diags, text));
		diag_hint(room->reader.diags, diag,
			  "write the status of an error: 201 to 599; 200 is a step with deployments");
		return false;
	}
	if (retry &&
	    !yaml_read_duration(&room->reader, retry, "retry_after", 0, API_RETRY_AFTER_MAX_S * NS_PER_S, &wait_ns))
		return false;
	struct api_answer answer = {.http_status = status};
	if (wait_ns)
		answer.retry_after =
			TEXT("1"); /* any value: the status decides whether it counts, and the exact wait is set
				    * below */
	api_read_deployments(room->reader.arena, &answer, (struct api_owner){0}, &listing, out);
	if (out->retry_after_ns > 0)
		out->retry_after_ns = wait_ns;
	return true;
}

static bool check_fault(struct room *room, const struct yaml_node *http, const struct yaml_node *error,
			const struct yaml_node *retry)
{
	struct diag *diag;
	if (http && error) {
		diag = refuse(room, error, DIAG_CONFLICTING_KEYS, "'error' does not go with 'http'");
		diag_hint(room->reader.diags, diag, "give each fault a step of its own");
		return false;
	}
	if (retry && !http) {
		diag = refuse(room, retry, DIAG_CONFLICTING_KEYS, "'retry_after' does not go without 'http'");
		diag_hint(room->reader.diags, diag, "say it beside http: 429");
		return false;
	}
	return true;
}

bool read_fault(struct room *room, const struct yaml_node *step, struct miss *out)
{
	const struct yaml_node *http = yaml_get(step, "http"), *error = yaml_get(step, "error");
	size_t choice;
	*out = (struct miss){0};
	if (!check_fault(room, http, error, yaml_get(step, "retry_after")))
		return false;
	if (http)
		return read_http(room, step, http, out);
	if (!yaml_read_choice(&room->reader, error, "error", fault_words, &choice))
		return false;
	out->cause = fault_causes[choice];
	return true;
}
