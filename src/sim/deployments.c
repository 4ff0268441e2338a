/* deployments.c - reads deployments and their chainlets. */
#include "parts.h"

#include "chaingate/json.h"
#include "chaingate/times.h"
#include "chaingate/yaml_json.h"

/* Longest labels of a deployment, in bytes as JSON: more than a scenario's file has without aliases. */
#define LABELS_BYTES_MAX (2 * YAML_BYTES_MAX)

/* The smallest instance type that Baseten has. */
#define INSTANCE_TYPE_DEFAULT TEXT("1x2")

static const struct step settings_always = {.settings = &settings_default};
static const struct step listed_always = {.integer = true};

/* Reads a timeline that begins at 0s, because a status can't be null. */
static bool status_read(struct fields_reader *reader, const struct yaml_node *node, struct timeline *out)
{
	struct timeline timeline;
	if (!timeline_read(reader, node, "status", step_text, NULL, &timeline))
		return false;
	if (timeline.steps[0].at_ns) {
		struct diag *diag = diag_error(reader->diags, reader->source, node->span, DIAG_MISSING_KEY,
					       "the timeline of a status must begin at 0s");
		diag_hint(reader->diags, diag, "If the deployment appears later, write {listed: 20s}.");
		return false;
	}
	*out = timeline;
	return true;
}

/* What a chainlet has in common with a model's deployment. NULL: absent. */
struct machine_nodes {
	const struct yaml_node *instance, *settings, *status, *replicas;
};

static bool machine_read(struct fields_reader *reader, const struct machine_nodes *nodes, struct sim_chainlet *chainlet)
{
	bool fine = true;
	chainlet->settings = (struct timeline){.steps = &settings_always, .count = 1};
	chainlet->has_replicas = nodes->replicas != NULL;
	if (!chainlet->has_no_instance_type)
		chainlet->instance_type_name = INSTANCE_TYPE_DEFAULT;
	if (nodes->instance && !chainlet->has_no_instance_type)
		fine = field_text(reader, nodes->instance, "instance_type_name", &chainlet->instance_type_name);
	if (nodes->settings)
		fine = timeline_read(reader, nodes->settings, "autoscaling_settings", step_settings_or_null,
				     mapping_is_settings, &chainlet->settings) &&
		       fine;
	if (nodes->status)
		fine = status_read(reader, nodes->status, &chainlet->status) && fine;
	if (nodes->replicas)
		fine = timeline_read(reader, nodes->replicas, "active_replica_count", step_count, NULL,
				     &chainlet->replicas) &&
		       fine;
	return fine;
}

static bool chainlet_read(struct fields_reader *reader, const struct yaml_node *node, const char *default_id,
			  struct sim_chainlet *out)
{
	enum { NAME, ID, INSTANCE, SETTINGS, STATUS, REPLICAS };
	struct field fields[] = {
		[NAME] = {.name = "name", .required = true},     [ID] = {.name = "id"},
		[INSTANCE] = {.name = "instance_type_name"},     [SETTINGS] = {.name = "autoscaling_settings"},
		[STATUS] = {.name = "status", .required = true}, [REPLICAS] = {.name = "active_replica_count"},
	};
	bool fine = fields_take(reader, node, "a chainlet", fields, sizeof(fields) / sizeof(*fields));
	if (node->kind != YAML_MAPPING)
		return false;
	struct sim_chainlet chainlet = {.id = text_of(default_id)};
	struct machine_nodes nodes = {fields[INSTANCE].node, fields[SETTINGS].node, fields[STATUS].node,
				      fields[REPLICAS].node};
	if (fields[NAME].node)
		fine = field_text(reader, fields[NAME].node, "name", &chainlet.name) && fine;
	if (fields[ID].node)
		fine = field_text(reader, fields[ID].node, "id", &chainlet.id) && fine;
	fine = machine_read(reader, &nodes, &chainlet) && fine;
	if (fine)
		*out = chainlet;
	return fine;
}

static bool chainlets_read(struct fields_reader *reader, const struct yaml_node *node,
			   struct sim_deployment *deployment)
{
	const struct yaml_node *const *items;
	size_t count;
	if (!field_list(reader, node, "chainlets", &items, &count))
		return false;
	struct sim_chainlet *chainlets = ARENA_ARRAY(reader->arena, struct sim_chainlet, count);
	bool fine = true;
	for (size_t i = 0; i < count; i++) {
		const char *id = arena_printf(reader->arena, "%.*s-%zu", TEXT_ARG(deployment->id), i + 1);
		fine = chainlet_read(reader, items[i], id, &chainlets[i]) && fine;
		for (size_t k = 0; k < i; k++) {
			if (!chainlets[i].name.length || !text_equal(chainlets[i].name, chainlets[k].name))
				continue;
			struct diag *diag = diag_error(reader->diags, reader->source, items[i]->span,
						       DIAG_DUPLICATE_NAME, "two chainlets are called '%s'",
						       diag_value(reader->diags, chainlets[i].name));
			diag_also(reader->diags, diag, reader->source, items[k]->span, "the first is here");
			diag_hint(reader->diags, diag, "The API has no such list; to test one, use 'bodies'.");
			fine = false;
		}
	}
	deployment->chainlets = chainlets;
	deployment->chainlet_count = count;
	return fine;
}

/* `listed: 20s` means from then on; `listed: {0s: true, 60s: false}` sets any times; without `listed`, from the
 * creation on. */
static bool listed_read(struct fields_reader *reader, const struct yaml_node *node, const struct creation *created,
			struct timeline *out)
{
	int64_t from_ns = created->is_wall || created->ns < 0 ? 0 : created->ns;
	if (node &&
	    (node->kind == YAML_MAPPING || text_is(node->scalar.text, "true") || text_is(node->scalar.text, "false")))
		return timeline_read(reader, node, "listed", step_boolean, NULL, out);
	if (node && !field_duration(reader, node, "moment", &from_ns))
		return false;
	struct step *step = ARENA_NEW(reader->arena, struct step);
	*step = listed_always;
	step->at_ns = from_ns;
	*out = (struct timeline){.steps = step, .count = 1};
	return true;
}

static bool no_status_to_derive(struct fields_reader *reader, const struct yaml_node *node)
{
	struct diag *diag = diag_error(reader->diags, reader->source, node->span, DIAG_MISSING_KEY,
				       "a deployment without chainlets needs the key 'status'");
	diag_hint(reader->diags, diag, "A deployment's status is only derived if it has chainlets.");
	return false;
}

/* The fields that both kinds of deployments have come first. */
enum { ID, CHAIN, MODEL, CREATED, ENVIRONMENT, LISTED, STATUS, CHAINLETS, CHAIN_FIELDS };
enum { NAME = STATUS + 1, DEVELOPMENT, LABELS, INSTANCE, SETTINGS, REPLICAS, MODEL_FIELDS };

#define COMMON_FIELDS \
	[ID] = {.name = "id", .required = true}, [CHAIN] = {.name = "chain"}, [MODEL] = {.name = "model"}, \
	[CREATED] = {.name = "created_at"}, [ENVIRONMENT] = {.name = "environment"}, [LISTED] = {.name = "listed"}

static bool common_read(struct draft *draft, const struct yaml_node *node, const struct field *fields,
			struct sim_deployment *deployment)
{
	struct fields_reader *reader = &draft->reader;
	bool fine = !fields[ID].node || field_text(reader, fields[ID].node, "id", &deployment->id);
	fine = owner_read(draft, node, fields[CHAIN].node, fields[MODEL].node, &deployment->chain) && fine;
	if (fields[CREATED].node)
		fine = creation_read(draft, fields[CREATED].node, &deployment->created) && fine;
	if (fields[ENVIRONMENT].node)
		fine = timeline_read(reader, fields[ENVIRONMENT].node, "environment", step_text_or_null, NULL,
				     &deployment->environment) &&
		       fine;
	return listed_read(reader, fields[LISTED].node, &deployment->created, &deployment->listed) && fine;
}

static bool of_chain_read(struct draft *draft, const struct yaml_node *node, struct sim_deployment *deployment)
{
	struct fields_reader *reader = &draft->reader;
	struct field fields[CHAIN_FIELDS] = {
		COMMON_FIELDS, [STATUS] = {.name = "status"}, [CHAINLETS] = {.name = "chainlets"}};
	bool fine = fields_take(reader, node, "a deployment", fields, CHAIN_FIELDS);
	fine = common_read(draft, node, fields, deployment) && fine;
	deployment->has_status = fields[STATUS].node != NULL;
	if (deployment->has_status)
		fine = status_read(reader, fields[STATUS].node, &deployment->status) && fine;
	fine = chainlets_read(reader, fields[CHAINLETS].node, deployment) && fine;
	if (fine && !deployment->chainlet_count && !deployment->has_status)
		fine = no_status_to_derive(reader, node);
	return fine;
}

/* The node as JSON; false if it can't be, because a number is too large. */
static bool labels_as_json(struct arena *arena, const struct yaml_node *node, struct text *out)
{
	struct buf json = buf_make(LABELS_BYTES_MAX);
	struct json_fault fault;
	yaml_add_json(&json, node);
	bool fine = !json.overflowed && json_scan(buf_text(&json), &fault);
	if (fine)
		*out = arena_text(arena, buf_text(&json));
	buf_release(&json);
	return fine;
}

/* A mapping of any values; null or absent: the API sends null. */
static bool labels_read(struct fields_reader *reader, const struct yaml_node *node, struct text *out)
{
	if (!node || yaml_is_null(node))
		return true;
	bool is_mapping = node->kind == YAML_MAPPING;
	if (is_mapping && labels_as_json(reader->arena, node, out))
		return true;
	diag_hint(reader->diags,
		  diag_error(reader->diags, reader->source, node->span,
			     is_mapping ? DIAG_INVALID_VALUE : DIAG_WRONG_TYPE, "the labels are not %s",
			     is_mapping ? "JSON that a client reads: a number or the whole is too large" : "a mapping"),
		  "Write {team: search, tier: \"1\"}.");
	return false;
}

/* Its own name is its id, and its status is its one chainlet's. */
static bool of_model_read(struct draft *draft, const struct yaml_node *node, struct sim_deployment *deployment)
{
	struct fields_reader *reader = &draft->reader;
	struct field fields[MODEL_FIELDS] = {COMMON_FIELDS,
					     [STATUS] = {.name = "status", .required = true},
					     [NAME] = {.name = "name"},
					     [DEVELOPMENT] = {.name = "is_development"},
					     [LABELS] = {.name = "labels"},
					     [INSTANCE] = {.name = "instance_type_name"},
					     [SETTINGS] = {.name = "autoscaling_settings"},
					     [REPLICAS] = {.name = "active_replica_count"}};
	bool fine = fields_take(reader, node, "a deployment of a model", fields, MODEL_FIELDS);
	fine = common_read(draft, node, fields, deployment) && fine;
	deployment->own_name = deployment->id;
	if (fields[NAME].node)
		fine = field_text(reader, fields[NAME].node, "name", &deployment->own_name) && fine;
	if (fields[DEVELOPMENT].node)
		fine = field_boolean(reader, fields[DEVELOPMENT].node, "is_development", &deployment->is_development) &&
		       fine;
	fine = labels_read(reader, fields[LABELS].node, &deployment->labels) && fine;
	struct machine_nodes nodes = {fields[INSTANCE].node, fields[SETTINGS].node, fields[STATUS].node,
				      fields[REPLICAS].node};
	struct sim_chainlet *chainlet = ARENA_NEW(reader->arena, struct sim_chainlet);
	*chainlet = (struct sim_chainlet){.id = deployment->id,
					  .has_no_instance_type =
						  fields[INSTANCE].node && yaml_is_null(fields[INSTANCE].node)};
	fine = machine_read(reader, &nodes, chainlet) && fine;
	deployment->chainlets = chainlet;
	deployment->chainlet_count = 1;
	return fine;
}

bool sim_deployment_read(struct draft *draft, const struct yaml_node *node, struct sim_deployment *out)
{
	struct sim_deployment deployment = {0};
	struct field fields[CHAIN_FIELDS] = {COMMON_FIELDS};
	if (node->kind != YAML_MAPPING)
		return fields_take(&draft->reader, node, "a deployment", fields, CHAIN_FIELDS);
	bool is_model = yaml_get(node, "model") && !yaml_get(node, "chain");
	bool fine = is_model ? of_model_read(draft, node, &deployment) : of_chain_read(draft, node, &deployment);
	if (fine)
		*out = deployment;
	return fine;
}
