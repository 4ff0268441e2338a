/* parts.c - reads chains and models, environments and bodies, and resolves their references. */
#include "parts.h"

#include "chaingate/times.h"

#define TEAM_DEFAULT TEXT("default")

/* Chains and environments are older than their deployments: 30 days, so that they never look new. */
#define OLD_NS (-30 * 24 * NS_PER_HOUR)

bool creation_read(struct draft *draft, const struct yaml_node *node, struct creation *out)
{
	struct fields_reader *reader = &draft->reader;
	struct text text;
	if (!field_text(reader, node, "created_at", &text))
		return false;
	struct creation creation = {0};
	bool before = text.bytes[0] == '-';
	if (duration_parse(text_slice(text, before, text.length), &creation.ns) == DURATION_OK) {
		creation.ns = before ? -creation.ns : creation.ns;
	} else if (moment_parse(text, &creation.ns)) {
		creation.is_wall = true;
	} else {
		struct diag *diag = diag_error(reader->diags, reader->source, node->span, DIAG_INVALID_TIME,
					       "created_at must be a time, not '%s'", diag_value(reader->diags, text));
		diag_hint(reader->diags, diag,
			  "Write 30s (after the start), -2h (before it), or 2026-08-01T12:00:00Z.");
		return false;
	}
	*out = creation;
	return true;
}

static bool reference_read(struct draft *draft, const struct yaml_node *node, enum target_kind kind,
			   const struct sim_chain **out)
{
	struct fields_reader *reader = &draft->reader;
	const struct scenario *scenario = &draft->scenario;
	const char *of = target_kind_name(kind);
	struct text id;
	if (!field_text(reader, node, of, &id))
		return false;
	const struct sim_chain *chain = scenario_chain(scenario, kind, id);
	if (chain) {
		*out = chain;
		return true;
	}
	if (draft->has_refused_chain)
		return false;
	struct diag *diag = diag_error(reader->diags, reader->source, node->span, DIAG_INVALID_VALUE,
				       "no %s has the id '%s'", of, diag_value(reader->diags, id));
	const char **ids = ARENA_ARRAY(reader->arena, const char *, scenario->chain_count);
	size_t count = 0;
	for (size_t i = 0; i < scenario->chain_count; i++) {
		if (scenario->chains[i].kind != kind || !scenario->chains[i].id.length)
			continue;
		const char *one = arena_text(reader->arena, scenario->chains[i].id).bytes;
		if (text_equal(scenario->chains[i].name, id)) {
			diag_hint(reader->diags, diag, "That is a %s's name; its id is %s.", of, one);
			return false;
		}
		ids[count++] = one;
	}
	const char *near = text_nearest(id, ids, count);
	if (near)
		diag_hint(reader->diags, diag, "A %s has a similar id: %s.", of, near);
	else
		diag_hint(reader->diags, diag, "Add it to '%s'.", target_kind_plural(kind));
	return false;
}

bool owner_read(struct draft *draft, const struct yaml_node *item, const struct yaml_node *chain,
		const struct yaml_node *model, const struct sim_chain **out)
{
	struct fields_reader *reader = &draft->reader;
	if (chain && model)
		diag_error(reader->diags, reader->source, item->span, DIAG_CONFLICTING_KEYS,
			   "'chain' and 'model' exclude each other");
	else if (!chain && !model)
		diag_error(reader->diags, reader->source, item->span, DIAG_MISSING_KEY,
			   "the key 'chain' is missing, or 'model'");
	else
		return reference_read(draft, chain ? chain : model, chain ? TARGET_CHAIN : TARGET_MODEL, out);
	return false;
}

bool sim_chain_read(struct draft *draft, const struct yaml_node *node, enum target_kind kind, struct sim_chain *out)
{
	enum { ID, NAME, TEAM, CREATED };
	struct field fields[] = {
		[ID] = {.name = "id", .required = true},
		[NAME] = {.name = "name", .required = true},
		[TEAM] = {.name = "team"},
		[CREATED] = {.name = "created_at"},
	};
	struct fields_reader *reader = &draft->reader;
	const char *what = arena_printf(reader->arena, "a %s", target_kind_name(kind));
	if (!fields_take(reader, node, what, fields, sizeof(fields) / sizeof(*fields)))
		return false;
	struct sim_chain chain = {.kind = kind, .team = TEAM_DEFAULT, .created = {.ns = OLD_NS}};
	bool fine = field_text(reader, fields[ID].node, "id", &chain.id);
	fine = field_text(reader, fields[NAME].node, "name", &chain.name) && fine;
	if (fields[TEAM].node)
		fine = field_text(reader, fields[TEAM].node, "team", &chain.team) && fine;
	if (fields[CREATED].node)
		fine = creation_read(draft, fields[CREATED].node, &chain.created) && fine;
	if (fine)
		*out = chain;
	return fine;
}

/* Reads a timeline of deployments of one chain. */
static bool occupants_read(struct draft *draft, const struct yaml_node *node, const char *what,
			   const struct sim_chain *chain, struct timeline *out)
{
	struct fields_reader *reader = &draft->reader;
	struct timeline timeline;
	if (!timeline_read(reader, node, what, step_text_or_null, NULL, &timeline))
		return false;
	bool fine = true;
	for (size_t i = 0; i < timeline.count; i++) {
		const struct step *step = &timeline.steps[i];
		const struct sim_deployment *deployment = scenario_deployment(&draft->scenario, step->text);
		if (step->is_null || (deployment && deployment->chain == chain))
			continue;
		fine = false;
		if (draft->has_refused_deployment)
			continue;
		diag_error(reader->diags, reader->source, step->node->span, DIAG_INVALID_VALUE,
			   "the %s '%s' has no deployment '%s'", target_kind_name(chain->kind),
			   diag_value(reader->diags, chain->id), diag_value(reader->diags, step->text));
	}
	if (fine)
		*out = timeline;
	return fine;
}

/* Reads the id of a deployment of that chain. */
static bool copy_read(struct draft *draft, const struct yaml_node *node, const struct sim_chain *chain,
		      const struct sim_deployment **out)
{
	struct fields_reader *reader = &draft->reader;
	struct text id;
	if (!field_text(reader, node, "redeploys", &id))
		return false;
	const struct sim_deployment *deployment = scenario_deployment(&draft->scenario, id);
	if (deployment && deployment->chain == chain) {
		*out = deployment;
		return true;
	}
	if (!draft->has_refused_deployment)
		diag_error(reader->diags, reader->source, node->span, DIAG_INVALID_VALUE,
			   "the %s '%s' has no deployment '%s'", target_kind_name(chain->kind),
			   diag_value(reader->diags, chain->id), diag_value(reader->diags, id));
	return false;
}

/* What the API says of a promotion that is running, as only a model's environment does. */
static bool in_progress_read(struct draft *draft, const struct yaml_node *promotion, const struct yaml_node *traffic,
			     struct sim_environment *out)
{
	struct fields_reader *reader = &draft->reader;
	bool fine = true;
	if ((promotion || traffic) && out->chain->kind != TARGET_MODEL) {
		diag_error(reader->diags, reader->source, (promotion ? promotion : traffic)->span,
			   DIAG_CONFLICTING_KEYS, "only an environment of a model has '%s'",
			   promotion ? "promotion" : "traffic");
		return false;
	}
	if (promotion)
		fine = timeline_read(reader, promotion, "promotion", step_text_or_null, NULL, &out->promotion);
	if (traffic)
		fine = timeline_read(reader, traffic, "traffic", step_count, NULL, &out->traffic) && fine;
	return fine;
}

bool sim_environment_read(struct draft *draft, const struct yaml_node *node, struct sim_environment *out)
{
	enum { CHAIN, MODEL, NAME, CURRENT, CANDIDATE, CREATED, REDEPLOYS, TAKES, PROMOTION, TRAFFIC };
	struct field fields[] = {
		[CHAIN] = {.name = "chain"},
		[MODEL] = {.name = "model"},
		[NAME] = {.name = "name", .required = true},
		[CURRENT] = {.name = "current"},
		[CANDIDATE] = {.name = "candidate"},
		[CREATED] = {.name = "created_at"},
		[REDEPLOYS] = {.name = "redeploys"},
		[TAKES] = {.name = "promotion_takes"},
		[PROMOTION] = {.name = "promotion"},
		[TRAFFIC] = {.name = "traffic"},
	};
	struct fields_reader *reader = &draft->reader;
	if (!fields_take(reader, node, "an environment", fields, sizeof(fields) / sizeof(*fields)))
		return false;
	struct sim_environment environment = {.created = {.ns = OLD_NS}};
	bool fine = field_text(reader, fields[NAME].node, "name", &environment.name);
	if (fields[CREATED].node)
		fine = creation_read(draft, fields[CREATED].node, &environment.created) && fine;
	if (!owner_read(draft, node, fields[CHAIN].node, fields[MODEL].node, &environment.chain))
		return false;
	if (fields[CURRENT].node)
		fine = occupants_read(draft, fields[CURRENT].node, "current", environment.chain,
				      &environment.current) &&
		       fine;
	if (fields[CANDIDATE].node)
		fine = occupants_read(draft, fields[CANDIDATE].node, "candidate", environment.chain,
				      &environment.candidate) &&
		       fine;
	if (fields[REDEPLOYS].node)
		fine = copy_read(draft, fields[REDEPLOYS].node, environment.chain, &environment.copy) && fine;
	if (fields[TAKES].node)
		fine = field_duration(reader, fields[TAKES].node, "promotion_takes", &environment.promotion_takes_ns) &&
		       fine;
	fine = in_progress_read(draft, fields[PROMOTION].node, fields[TRAFFIC].node, &environment) && fine;
	if (fine)
		*out = environment;
	return fine;
}

static bool body_file_read(struct draft *draft, const struct yaml_node *node, struct text *out)
{
	struct fields_reader *reader = &draft->reader;
	struct text path;
	const char *why;
	if (!field_text(reader, node, "file", &path))
		return false;
	if (draft->files.read(draft->files.context, reader->arena, arena_text(reader->arena, path).bytes, out, &why))
		return true;
	struct diag *diag = diag_error(reader->diags, reader->source, node->span, DIAG_UNREADABLE_FILE,
				       "could not read '%s': %s", diag_value(reader->diags, path), why);
	diag_hint(reader->diags, diag, "A path is relative to the scenario's folder.");
	return false;
}

bool sim_body_read(struct draft *draft, const struct yaml_node *node, struct sim_body *out)
{
	enum { AT, FOR, CHAIN, MODEL, FILE_PATH, TEXT_GIVEN, STATUS, HEADERS };
	struct field fields[] = {
		[AT] = {.name = "at"},         [FOR] = {.name = "for"},         [CHAIN] = {.name = "chain"},
		[MODEL] = {.name = "model"},   [FILE_PATH] = {.name = "file"},  [TEXT_GIVEN] = {.name = "text"},
		[STATUS] = {.name = "status"}, [HEADERS] = {.name = "headers"},
	};
	struct fields_reader *reader = &draft->reader;
	if (!fields_take(reader, node, "a body", fields, sizeof(fields) / sizeof(*fields)))
		return false;
	struct sim_body body = {.status = 200};
	bool fine = owner_read(draft, node, fields[CHAIN].node, fields[MODEL].node, &body.chain);
	fine = span_of_time_read(reader, fields[AT].node, fields[FOR].node, &body.from_ns, &body.until_ns) && fine;
	if (fields[STATUS].node)
		fine = http_status_read(reader, fields[STATUS].node, &body.status) && fine;
	fine = headers_read(reader, fields[HEADERS].node, NULL, &body.headers, &body.header_count) && fine;
	if (!fields[FILE_PATH].node == !fields[TEXT_GIVEN].node) {
		diag_error(reader->diags, reader->source, node->span,
			   fields[FILE_PATH].node ? DIAG_CONFLICTING_KEYS : DIAG_MISSING_KEY,
			   "a body has either 'file' or 'text'");
		return false;
	}
	if (fields[TEXT_GIVEN].node)
		fine = field_verbatim(reader, fields[TEXT_GIVEN].node, "text", &body.bytes) && fine;
	else
		fine = body_file_read(draft, fields[FILE_PATH].node, &body.bytes) && fine;
	if (fine)
		*out = body;
	return fine;
}
