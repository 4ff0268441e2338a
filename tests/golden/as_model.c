/* as_model.c - see as_model.h. */
#include "as_model.h"

#include "chaingate/json.h"
#include "golden.h"

#include <json-c/json.h>
#include <string.h>

static const char *const places[] = {"current_deployment", "candidate_deployment"};
#define PLACE_COUNT (sizeof places / sizeof *places)

static void copy(struct json_object *to, struct json_object *from, const char *key)
{
	json_object_object_add(to, key, json_object_get(json_object_object_get(from, key)));
}

/* ---- names ------------------------------------------------------------------------------------------------------ */

static size_t add_names(struct json_object *deployment, struct as_model *out, size_t count)
{
	struct json_object *chainlets = json_object_object_get(deployment, "chainlets");
	for (size_t i = 0; deployment && i < json_object_array_length(chainlets); i++) {
		const char *name =
			json_object_get_string(json_object_object_get(json_object_array_get_idx(chainlets, i), "name"));
		size_t at = 0;
		while (at < count && !text_is(out[at].name, name))
			at++;
		if (at == AS_MODEL_NAMES_MAX)
			golden_die("a body with too many chainlets", text_of(name));
		if (at == count)
			out[count++].name = text_of(name);
	}
	return count;
}

static size_t find_names(struct json_object *root, struct as_model *out)
{
	struct json_object *list = json_object_object_get(root, "deployments");
	size_t count = 0;
	for (size_t i = 0; list && i < json_object_array_length(list); i++)
		count = add_names(json_object_array_get_idx(list, i), out, count);
	for (size_t i = 0; !list && i < PLACE_COUNT; i++)
		count = add_names(json_object_object_get(root, places[i]), out, count);
	return count;
}

/* ---- deployments ------------------------------------------------------------------------------------------------ */

static struct json_object *chainlet_named(struct json_object *deployment, struct text name)
{
	struct json_object *chainlets = json_object_object_get(deployment, "chainlets");
	for (size_t i = 0; deployment && i < json_object_array_length(chainlets); i++) {
		struct json_object *chainlet = json_object_array_get_idx(chainlets, i);
		if (text_is(name, json_object_get_string(json_object_object_get(chainlet, "name"))))
			return chainlet;
	}
	return NULL;
}

static void add_what_it_runs(struct json_object *to, struct json_object *chainlet)
{
	static const char *const keys[] = {"status", "active_replica_count", "autoscaling_settings",
					   "instance_type_name"};
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		copy(to, chainlet, keys[i]);
}

static void add_chainlets(struct json_object *to, struct json_object *deployment, struct json_object *chainlet)
{
	struct json_object *only = json_object_new_object(), *list = json_object_new_array();
	copy(only, deployment, "id");
	copy(only, chainlet, "name");
	add_what_it_runs(only, chainlet);
	json_object_array_add(list, only);
	json_object_object_add(to, "chainlets", list);
	copy(to, chainlet, "status");
	copy(to, deployment, "chain_id");
}

static void add_members_of_model(struct json_object *to, struct json_object *deployment, struct json_object *chainlet)
{
	add_what_it_runs(to, chainlet);
	json_object_object_add(to, "model_id", json_object_get(json_object_object_get(deployment, "chain_id")));
	json_object_object_add(to, "name", json_object_new_string("deployment"));
	json_object_object_add(to, "is_production", json_object_new_boolean(false));
	json_object_object_add(to, "is_development", json_object_new_boolean(false));
}

/* NULL: it has no such chainlet. */
static struct json_object *reduced(struct json_object *deployment, struct text name, bool is_model)
{
	static const char *const keys[] = {"id", "created_at", "environment"};
	struct json_object *chainlet = chainlet_named(deployment, name);
	if (!chainlet)
		return NULL;
	struct json_object *to = json_object_new_object();
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		copy(to, deployment, keys[i]);
	(is_model ? add_members_of_model : add_chainlets)(to, deployment, chainlet);
	return to;
}

/* ---- bodies ----------------------------------------------------------------------------------------------------- */

static struct json_object *list_of(struct json_object *list, struct text name, bool is_model)
{
	struct json_object *root = json_object_new_object(), *kept = json_object_new_array();
	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *one = reduced(json_object_array_get_idx(list, i), name, is_model);
		if (one)
			json_object_array_add(kept, one);
	}
	json_object_object_add(root, "deployments", kept);
	return root;
}

static struct json_object *environment_of(struct json_object *from, struct text name, bool is_model)
{
	struct json_object *root = json_object_new_object();
	copy(root, from, "name");
	copy(root, from, "created_at");
	copy(root, from, "promotion_settings");
	if (!is_model)
		copy(root, from, "chainlet_settings");
	json_object_object_add(root, is_model ? "model_id" : "chain_id",
			       json_object_get(json_object_object_get(from, "chain_id")));
	for (size_t i = 0; i < PLACE_COUNT; i++)
		json_object_object_add(root, places[i],
				       reduced(json_object_object_get(from, places[i]), name, is_model));
	return root;
}

static struct text written(struct arena *arena, struct json_object *root, struct text name, bool is_model)
{
	struct json_object *list = json_object_object_get(root, "deployments");
	struct json_object *body = (list ? list_of : environment_of)(list ? list : root, name, is_model);
	struct text text = arena_text(arena, text_of(json_object_to_json_string(body)));
	json_object_put(body);
	return text;
}

size_t as_model(struct arena *arena, struct text body, struct as_model out[AS_MODEL_NAMES_MAX])
{
	struct json_object *root;
	struct json_fault fault;
	if (!json_parse(body, &root, &fault))
		golden_die("a body that isn't JSON", body);
	size_t count = find_names(root, out);
	for (size_t i = 0; i < count; i++) {
		out[i].name = arena_text(arena, out[i].name);
		out[i].of_chain = written(arena, root, out[i].name, false);
		out[i].of_model = written(arena, root, out[i].name, true);
	}
	json_object_put(root);
	return count;
}
