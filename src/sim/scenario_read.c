/* scenario_read.c - reads a whole scenario file. */
#include "chaingate/times.h"
#include "chaingate/yaml.h"
#include "parts.h"

#define API_KEY_DEFAULT TEXT("simulator-key")
/* The API's own limit. */
#define RATE_LIMIT_DEFAULT 100

enum { API_KEY, SPEED, RATE_LIMIT, SEED, CHAINS, MODELS, DEPLOYMENTS, ENVIRONMENTS, BODIES, FAULTS, FIELDS };

static void scalars_read(struct draft *draft, const struct field *fields)
{
	struct fields_reader *reader = &draft->reader;
	struct scenario *scenario = &draft->scenario;
	int64_t seed = 1;
	if (fields[API_KEY].node)
		field_text(reader, fields[API_KEY].node, "api_key", &scenario->api_key);
	if (fields[SPEED].node)
		field_thousandths(reader, fields[SPEED].node, "speed", 1, (int64_t)SPEED_MAX * 1000,
				  &scenario->speed_milli);
	if (fields[RATE_LIMIT].node)
		field_integer(reader, fields[RATE_LIMIT].node, "rate_limit", 1, INT64_MAX, &scenario->rate_limit);
	if (fields[SEED].node)
		field_integer(reader, fields[SEED].node, "seed", 0, INT64_MAX, &seed);
	scenario->seed = (uint64_t)seed;
}

static void duplicate_id(struct draft *draft, const char *what, struct text id, const struct yaml_node *again,
			 const struct yaml_node *first)
{
	struct fields_reader *reader = &draft->reader;
	struct diag *diag = diag_error(reader->diags, reader->source, again->span, DIAG_DUPLICATE_NAME,
				       "two %s have the id '%s'", what, diag_value(reader->diags, id));
	diag_also(reader->diags, diag, reader->source, first->span, "the first is here");
}

/* Reads the chains, then the models, into one list: deployments refer to both alike. */
static void chains_read(struct draft *draft, const struct field *fields)
{
	static const int lists[TARGET_KIND_COUNT] = {[TARGET_CHAIN] = CHAINS, [TARGET_MODEL] = MODELS};
	const struct yaml_node *const *items[TARGET_KIND_COUNT] = {NULL};
	size_t counts[TARGET_KIND_COUNT] = {0}, count = 0;
	for (int kind = 0; kind < TARGET_KIND_COUNT; kind++) {
		const char *what = target_kind_plural((enum target_kind)kind);
		if (!field_list(&draft->reader, fields[lists[kind]].node, what, &items[kind], &counts[kind]))
			draft->has_refused_chain = true;
	}
	struct sim_chain *chains =
		ARENA_ARRAY(draft->reader.arena, struct sim_chain, counts[TARGET_CHAIN] + counts[TARGET_MODEL]);
	for (int kind = 0; kind < TARGET_KIND_COUNT; kind++)
		for (size_t i = 0, first = count; i < counts[kind]; i++) {
			if (!sim_chain_read(draft, items[kind][i], (enum target_kind)kind, &chains[count]))
				draft->has_refused_chain = true;
			for (size_t k = first; k < count && chains[count].id.length; k++)
				if (text_equal(chains[count].id, chains[k].id))
					duplicate_id(draft, target_kind_plural((enum target_kind)kind),
						     chains[count].id, items[kind][i], items[kind][k - first]);
			count++;
		}
	draft->scenario.chains = chains;
	draft->scenario.chain_count = count;
}

static void deployments_read(struct draft *draft, const struct yaml_node *list)
{
	const struct yaml_node *const *items;
	size_t count;
	if (!field_list(&draft->reader, list, "deployments", &items, &count))
		return;
	struct sim_deployment *deployments = ARENA_ARRAY(draft->reader.arena, struct sim_deployment, count);
	for (size_t i = 0; i < count; i++) {
		if (!sim_deployment_read(draft, items[i], &deployments[i]))
			draft->has_refused_deployment = true;
		for (size_t k = 0; k < i && deployments[i].id.length; k++)
			if (text_equal(deployments[i].id, deployments[k].id))
				duplicate_id(draft, "deployments", deployments[i].id, items[i], items[k]);
	}
	draft->scenario.deployments = deployments;
	draft->scenario.deployment_count = count;
}

static void environments_read(struct draft *draft, const struct yaml_node *list)
{
	const struct yaml_node *const *items;
	size_t count;
	if (!field_list(&draft->reader, list, "environments", &items, &count))
		return;
	struct sim_environment *environments = ARENA_ARRAY(draft->reader.arena, struct sim_environment, count);
	for (size_t i = 0; i < count; i++)
		sim_environment_read(draft, items[i], &environments[i]);
	draft->scenario.environments = environments;
	draft->scenario.environment_count = count;
}

static void bodies_read(struct draft *draft, const struct yaml_node *list)
{
	const struct yaml_node *const *items;
	size_t count;
	if (!field_list(&draft->reader, list, "bodies", &items, &count))
		return;
	struct sim_body *bodies = ARENA_ARRAY(draft->reader.arena, struct sim_body, count);
	for (size_t i = 0; i < count; i++)
		sim_body_read(draft, items[i], &bodies[i]);
	draft->scenario.bodies = bodies;
	draft->scenario.body_count = count;
}

static void faults_read(struct draft *draft, const struct yaml_node *list)
{
	const struct yaml_node *const *items;
	size_t count;
	if (!field_list(&draft->reader, list, "faults", &items, &count))
		return;
	struct fault *faults = ARENA_ARRAY(draft->reader.arena, struct fault, count);
	for (size_t i = 0; i < count; i++)
		fault_read(&draft->reader, items[i], &faults[i]);
	draft->scenario.faults = faults;
	draft->scenario.fault_count = count;
}

/* Chains and deployments are read first, because the other parts refer to them. */
static void document_read(struct draft *draft, const struct yaml_node *root)
{
	struct field fields[FIELDS] = {
		[API_KEY] = {.name = "api_key"},         [SPEED] = {.name = "speed"},
		[RATE_LIMIT] = {.name = "rate_limit"},   [SEED] = {.name = "seed"},
		[CHAINS] = {.name = "chains"},           [MODELS] = {.name = "models"},
		[DEPLOYMENTS] = {.name = "deployments"}, [ENVIRONMENTS] = {.name = "environments"},
		[BODIES] = {.name = "bodies"},           [FAULTS] = {.name = "faults"},
	};
	fields_take(&draft->reader, root, "a scenario", fields, FIELDS);
	if (root->kind != YAML_MAPPING)
		return;
	scalars_read(draft, fields);
	if (!fields[CHAINS].node && !fields[MODELS].node)
		diag_error(draft->reader.diags, draft->reader.source, root->span, DIAG_MISSING_KEY,
			   "a scenario needs the key 'chains', or 'models'");
	chains_read(draft, fields);
	deployments_read(draft, fields[DEPLOYMENTS].node);
	environments_read(draft, fields[ENVIRONMENTS].node);
	bodies_read(draft, fields[BODIES].node);
	faults_read(draft, fields[FAULTS].node);
}

const struct scenario *scenario_parse(struct arena *arena, const struct source *source, struct file_reader files,
				      struct diags *diags)
{
	size_t errors_before = diags->errors;
	const struct yaml_node *root = yaml_parse(arena, source, diags);
	if (!root)
		return NULL;
	struct draft draft = {
		.reader = {.arena = arena, .source = source, .diags = diags},
		.files = files,
		.scenario = {.api_key = API_KEY_DEFAULT, .speed_milli = 1000, .rate_limit = RATE_LIMIT_DEFAULT},
	};
	document_read(&draft, root);
	if (diags->errors != errors_before)
		return NULL;
	struct scenario *scenario = ARENA_NEW(arena, struct scenario);
	*scenario = draft.scenario;
	return scenario;
}
