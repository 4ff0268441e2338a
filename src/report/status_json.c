/* status_json.c - the output of `chaingate status --format json`. Fields have the API's names, so a program that reads
 * the API's bodies can read this, too. */
#include "chaingate/json_out.h"
#include "chaingate/report.h"
#include "chaingate/times.h"

static struct json_object *settings_object(const struct autoscaling_settings *settings)
{
	if (!settings)
		return NULL;
	struct json_object *object = json_out_object();
	json_out_put_integer(object, "min_replica", settings->min_replica);
	json_out_put_integer(object, "max_replica", settings->max_replica);
	json_out_put_integer(object, "concurrency_target", settings->concurrency_target);
	json_out_put_integer_if(object, "autoscaling_window", settings->autoscaling_window_s.present,
				settings->autoscaling_window_s.value);
	json_out_put_integer_if(object, "scale_down_delay", settings->scale_down_delay_s.present,
				settings->scale_down_delay_s.value);
	json_out_put_integer_if(object, "target_utilization_percentage",
				settings->target_utilization_percentage.present,
				settings->target_utilization_percentage.value);
	json_out_put_integer_if(object, "target_in_flight_tokens", settings->target_in_flight_tokens.present,
				settings->target_in_flight_tokens.value);
	json_out_put_integer_if(object, "max_scale_down_rate", settings->max_scale_down_rate.present,
				settings->max_scale_down_rate.value);
	return object;
}

static void put_machine(struct json_object *object, const struct chainlet *chainlet)
{
	if (chainlet->has_no_instance_type)
		json_out_put(object, "instance_type_name", NULL);
	else
		json_out_put_text(object, "instance_type_name", chainlet->instance_type_name);
	json_out_put_integer(object, "active_replica_count", chainlet->active_replica_count);
	json_out_put(object, "autoscaling_settings", settings_object(chainlet->settings));
}

static struct json_object *chainlet_object(const struct chainlet *chainlet)
{
	struct json_object *object = json_out_object();
	json_out_put_text(object, "id", chainlet->id);
	json_out_put_text(object, "name", chainlet->name);
	json_out_put_text(object, "status", chainlet->status_word);
	put_machine(object, chainlet);
	return object;
}

static void put_chainlets(struct json_object *object, const struct deployment *deployment)
{
	struct json_object *chainlets = json_out_array();
	for (size_t i = 0; i < deployment->chainlet_count; i++)
		json_out_append(chainlets, chainlet_object(&deployment->chainlets[i]));
	json_out_put(object, "chainlets", chainlets);
}

/* A label that rules can't compare is here as the API sent it, so that they can't compare it in a saved body either. */
static struct json_object *labels_object(const struct deployment *deployment)
{
	struct json_object *object = json_out_object();
	for (size_t i = 0; i < deployment->label_count; i++) {
		const struct label *label = &deployment->labels[i];
		struct buf name = buf_make(BUF_LIMIT_REPORT);
		buf_add(&name, label->name);
		json_out_put(object, buf_string(&name),
			     label->kind == LABEL_NULL   ? NULL
			     : label->kind == LABEL_TEXT ? json_out_text(label->value)
							 : json_out_received(label->value));
		buf_release(&name);
	}
	return object;
}

/* In the API a model's deployment has no chainlets: its own is what it says of itself. */
static void put_own(struct json_object *object, const struct deployment *deployment)
{
	json_out_put_boolean(object, "is_development", deployment->is_development.value);
	if (deployment->labels_told == LABELS_TOLD) /* else a body without them says that nobody knows, too */
		json_out_put(object, "labels", labels_object(deployment));
	if (deployment->chainlet_count)
		put_machine(object, &deployment->chainlets[0]);
}

static struct json_object *deployment_object(const struct deployment *deployment)
{
	struct json_object *object = json_out_object();
	json_out_put_text(object, "id", deployment->id);
	json_out_put_text(object, target_kind_id(deployment->of), deployment->chain_id);
	if (deployment->has_environment)
		json_out_put_text(object, "environment", deployment->environment);
	else
		json_out_put(object, "environment", NULL);
	json_out_put_text(object, "status", deployment->status_word);
	json_out_put_moment(object, "created_at", deployment->created_at_wall_ns, true);
	if (deployment->of == TARGET_MODEL)
		put_own(object, deployment);
	else
		put_chainlets(object, deployment);
	return object;
}

void status_json(struct buf *buf, enum target_kind kind, struct text id, struct text name,
		 const struct selection *selection, int64_t now_wall_ns)
{
	struct json_object *document = json_out_object(), *deployments = json_out_array();
	json_out_put_text(document, target_kind_id(kind), id);
	json_out_put_text(document, kind == TARGET_MODEL ? "model_name" : "chain_name", name);
	json_out_put_moment(document, "at", now_wall_ns, true);
	for (size_t i = 0; i < selection->count; i++)
		json_out_append(deployments, deployment_object(selection->deployments[i]));
	json_out_put(document, "deployments", deployments);
	json_out_finish(buf, document);
}

void chains_json(struct buf *buf, enum target_kind kind, const struct chain *chains, size_t count, int64_t now_wall_ns)
{
	struct json_object *document = json_out_object(), *array = json_out_array();
	json_out_put_moment(document, "at", now_wall_ns, true);
	for (size_t i = 0; i < count; i++) {
		struct json_object *object = json_out_object();
		json_out_put_text(object, "id", chains[i].id);
		json_out_put_text(object, "name", chains[i].name);
		json_out_put_text(object, "team_name", chains[i].team);
		json_out_put_moment(object, "created_at", chains[i].created_at_wall_ns, true);
		json_out_put_integer(object, "deployments_count", chains[i].deployments_count);
		json_out_append(array, object);
	}
	json_out_put(document, target_kind_plural(kind), array);
	json_out_finish(buf, document);
}
