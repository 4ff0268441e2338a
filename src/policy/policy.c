/* policy.c - makes a policy from a tree of YAML nodes. Every mistake is reported with its place; nothing is guessed. */
#include "loader.h"

#include "chaingate/file_kind.h"
#include "chaingate/glob.h"

const char *rule_fallback_name(enum rule_fallback fallback)
{
	static const char *const names[] = {[FALLBACK_DEFAULT] = NULL,
					    [FALLBACK_UNKNOWN] = "unknown",
					    [FALLBACK_PASS] = "pass",
					    [FALLBACK_FAIL] = "fail",
					    [FALLBACK_SKIP] = "skip"};
	return names[fallback];
}

const char *rule_severity_name(enum rule_severity severity)
{
	return severity_choices[severity];
}

struct text policy_builtin_yaml(void)
{
	return TEXT("version: 1\n"
		    "name: built-in\n"
		    "rules:\n"
		    "  - all chainlets ACTIVE\n"
		    "  - active_replica_count >= min_replica\n");
}

/* ---- the policy ------------------------------------------------------------------------------------------------- */

static struct text base_name(const char *path)
{
	struct text name = text_of(path);
	for (size_t i = name.length; i > 0; i--)
		if (name.bytes[i - 1] == '/') {
			name = text_slice(name, i, name.length);
			break;
		}
	static const char *const endings[] = {".yaml", ".yml"};
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		size_t length = text_of(endings[i]).length;
		if (name.length > length && text_is(text_slice(name, name.length - length, name.length), endings[i]))
			return text_slice(name, 0, name.length - length);
	}
	return name;
}

/* True if a key was refused that means `version`. */
static bool means_version(const struct yaml_node *root)
{
	for (size_t i = 0; i < root->count; i++) {
		const char *meant = key_meant(MAPPING_POLICY, root->pairs[i].key->scalar.text);
		if (meant && text_is(text_of(meant), "version"))
			return true;
	}
	return false;
}

static void read_version(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *version = yaml_get(root, "version");
	struct text text;
	if (!version && means_version(root))
		return;
	if (!version) {
		struct diag *diag =
			diag_error(l->reader.diags, l->reader.source, (struct span){root->span.start, root->span.start},
				   DIAG_MISSING_KEY, "the policy has no 'version'");
		diag_hint(l->reader.diags, diag, "begin with version: 1");
	} else if (yaml_read_text(&l->reader, version, "version", &text) && !text_is(text, "1")) {
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, version->span, DIAG_INVALID_VALUE,
					       "'version' cannot be '%s'", diag_value(l->reader.diags, text));
		diag_hint(l->reader.diags, diag, "this version of chaingate reads version: 1");
	}
}

/* ---- targets ---------------------------------------------------------------------------------------------------- */

/* The parts that all targets of a policy share. */
struct common {
	const struct yaml_node *rules; /* NULL: only targets have rules */
	struct policy_baseline baseline;
	struct param_list params;
	struct span place; /* of the policy */
};

static bool is_reported(const struct diags *diags, const struct diag *one)
{
	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		if (diag->code == one->code && diag->source == one->source && diag->span.start == one->span.start &&
		    diag->span.end == one->span.end && text_is(text_of(diag->message), one->message))
			return true;
	return false;
}

void report_anew(struct diags *diags, const struct diags *found)
{
	size_t errors = 0, warnings = 0, anew = 0;
	for (const struct diag *diag = found->first; diag; diag = diag->next) {
		*(diag->severity == DIAG_ERROR ? &errors : &warnings) += 1;
		if (is_reported(diags, diag))
			continue;
		struct diag *copy =
			diag->severity == DIAG_ERROR
				? diag_error(diags, diag->source, diag->span, diag->code, "%s", diag->message)
				: diag_warning(diags, diag->source, diag->span, diag->code, "%s", diag->message);
		copy->hint = diag->hint;
		copy->also = diag->also;
		anew++;
	}
	if (!anew)
		return;
	diags->errors += found->errors - errors;
	diags->warnings += found->warnings - warnings;
}

static void read_target_rules(struct loader *l, const struct yaml_node *own, const struct common *common,
			      const struct param_list *params, struct policy_target *out)
{
	struct rule_context context = {
		.params = params->items, .param_count = params->count, .has_baseline = out->baseline.given};
	struct rule_list list = {0};
	struct diags found = {.arena = l->reader.arena};
	struct loader again = *l;
	again.reader.diags = &found;
	/* `all` leaves the baseline out: what serves is then usually not among them. */
	again.beside_others = out->selector.kind == SELECT_ALL && !out->baseline.given;
	again.rest = l->at_once || out->timeout_ns == 0 ? REST_AT_ONCE : REST_WAITED_FOR;
	if (common->rules)
		load_rules(&again, common->rules, &context, &list);
	if (own)
		load_rules(&again, own, &context, &list);
	struct policy_params *used = ARENA_NEW(l->reader.arena, struct policy_params);
	*used = (struct policy_params){.source = l->reader.source, .items = params->items, .count = params->count};
	check_rules(&again, &list, own ? own->span : common->rules ? common->rules->span : common->place);
	report_anew(l->reader.diags, &found);
	out->rules = list.items;
	out->rule_count = list.count;
	out->params = used;
	out->params_count = 1;
}

/* The command line overrides the file. */
static void settle_baseline(struct loader *l, const struct common *common, struct policy_target *target)
{
	if (l->request && l->request->baseline)
		target->baseline = *l->request->baseline;
	else if (!target->baseline.given)
		target->baseline = common->baseline;
	check_baseline_chain(l, target);
}

static void read_single_target(struct loader *l, const struct yaml_node *node, const struct common *common,
			       struct policy_target *out)
{
	out->timeout_ns = TARGET_TIMEOUT_NONE;
	if (node && load_mapping(&l->reader, node, "target", "chain", "rag", fits_name)) {
		keys_check(MAPPING_TARGET, node, l->reader.source, l->reader.diags);
		load_target(l, node, out);
	}
	settle_baseline(l, common, out);
	if (common->rules)
		read_target_rules(l, NULL, common, &common->params, out);
}

static void read_own_timeout(struct loader *l, const struct yaml_node *node, struct policy_target *out)
{
	if (!load_mapping(&l->reader, node, "wait", "timeout", "20m", fits_time))
		return;
	keys_check(MAPPING_TARGET_WAIT, node, l->reader.source, l->reader.diags);
	const struct yaml_node *value = yaml_get(node, "timeout");
	if (value)
		yaml_read_duration(&l->reader, value, "timeout", 0, WAIT_MAX_NS, &out->timeout_ns);
}

static struct param_list copy_params(struct loader *l, const struct param_list *params)
{
	struct param_list copy = {.items = ARENA_ARRAY(l->reader.arena, struct param, params->count + 1),
				  .count = params->count,
				  .capacity = params->count + 1};
	for (size_t i = 0; i < params->count; i++)
		copy.items[i] = params->items[i];
	return copy;
}

static void read_one_of_targets(struct loader *l, const struct yaml_node *node, const struct common *common,
				struct policy_target *out)
{
	const struct yaml_node *value, *rules;
	struct param_list params = copy_params(l, &common->params);
	out->timeout_ns = TARGET_TIMEOUT_NONE;
	if (!load_mapping(&l->reader, node, "a target", "name", "rag", fits_name))
		return;
	keys_check(MAPPING_TARGETS_ITEM, node, l->reader.source, l->reader.diags);
	if ((value = yaml_get(node, "name"))) {
		yaml_read_name(&l->reader, value, "name", &out->name);
	} else {
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_MISSING_KEY,
					       "the target has no 'name'");
		diag_hint(l->reader.diags, diag, "reports call it by its name: name: staging");
	}
	load_target(l, node, out);
	if ((value = yaml_get(node, "baseline")))
		load_baseline(l, value, &out->baseline);
	if ((value = yaml_get(node, "params")))
		load_params(l, value, &params);
	if ((value = yaml_get(node, "wait")))
		read_own_timeout(l, value, out);
	rules = yaml_get(node, "rules");
	settle_baseline(l, common, out);
	if (rules || common->rules) {
		read_target_rules(l, rules, common, &params, out);
	} else {
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_MISSING_KEY,
					       "the target has no 'rules', and neither has the policy");
		diag_hint(l->reader.diags, diag,
			  "write below rules: what must hold, each with a dash: - all chainlets ACTIVE");
	}
}

static void check_target_names(struct loader *l, const struct policy_target *targets, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++) {
			if (!targets[i].name.length || !text_equal(targets[i].name, targets[j].name))
				continue;
			struct diag *diag =
				diag_error(l->reader.diags, l->reader.source, targets[i].span, DIAG_DUPLICATE_NAME,
					   "two targets are called '%s'", diag_value(l->reader.diags, targets[i].name));
			diag_also(l->reader.diags, diag, l->reader.source, targets[j].span, "the first is here");
			diag_hint(l->reader.diags, diag, "give one of them another name");
			break;
		}
}

/* Each chain of a glob is the target "NAME/CHAIN". No other target may have a name that could be one of these. */
static void check_glob_names(struct loader *l, const struct policy_target *targets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < count && targets[i].selector.of == TARGET_CHAIN && glob_is_one(targets[i].chain);
		     j++) {
			struct text glob = targets[i].name, name = targets[j].name;
			if (!glob.length || name.length <= glob.length || name.bytes[glob.length] != '/' ||
			    !text_equal(text_slice(name, 0, glob.length), glob))
				continue;
			struct diag *diag =
				diag_error(l->reader.diags, l->reader.source, targets[j].span, DIAG_DUPLICATE_NAME,
					   "a chain of the target '%s' could be called '%s', too",
					   diag_value(l->reader.diags, glob), diag_value(l->reader.diags, name));
			diag_also(l->reader.diags, diag, l->reader.source, targets[i].span, "its chain is a glob");
			diag_hint(l->reader.diags, diag, "give one of them a name that doesn't begin with '%s/'",
				  diag_value(l->reader.diags, glob));
		}
}

/* Most targets of a policy: more should be several policies. */
#define TARGETS_MAX 1000

static void read_targets(struct loader *l, const struct yaml_node *node, const struct common *common,
			 struct policy *out)
{
	if (node->kind != YAML_SEQUENCE || node->count == 0 || node->count > TARGETS_MAX) {
		struct diag *diag =
			node->kind != YAML_SEQUENCE
				? diag_error(l->reader.diags, l->reader.source, node->span, DIAG_WRONG_TYPE,
					     "'targets' must be a list, this is %s", yaml_kind_name(node))
			: node->count ? diag_error(l->reader.diags, l->reader.source, node->span, DIAG_LIMIT_EXCEEDED,
						   "'targets' has more than %d entries", TARGETS_MAX)
				      : diag_error(l->reader.diags, l->reader.source, node->span, DIAG_INVALID_VALUE,
						   "'targets' is empty");
		diag_hint(l->reader.diags, diag, "give each target a dash and a name: - name: staging");
		return;
	}
	struct policy_target *targets = ARENA_ARRAY(l->reader.arena, struct policy_target, node->count);
	for (size_t i = 0; i < node->count; i++)
		read_one_of_targets(l, node->items[i], common, &targets[i]);
	check_target_names(l, targets, node->count);
	check_glob_names(l, targets, node->count);
	out->targets = targets;
	out->target_count = node->count;
	out->has_targets = true;
}

/* ---- the whole file --------------------------------------------------------------------------------------------- */

static void refuse_both(struct loader *l, const struct yaml_node *root)
{
	struct span spans[2] = {{0, 0}, {0, 0}};
	for (size_t i = 0; i < root->count; i++) {
		struct text key = root->pairs[i].key->scalar.text;
		if (text_is(key, "target"))
			spans[0] = root->pairs[i].key->span;
		if (text_is(key, "targets"))
			spans[1] = root->pairs[i].key->span;
	}
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, spans[1], DIAG_CONFLICTING_KEYS,
				       "'target' and 'targets' exclude each other");
	diag_also(l->reader.diags, diag, l->reader.source, spans[0], "the other is here");
	diag_hint(l->reader.diags, diag, "make target one of the targets");
}

static bool has_timeout(const struct loader *l)
{
	return l->request && l->request->has_timeout;
}

static void read_policy(struct loader *l, const struct yaml_node *root, struct policy *out)
{
	const struct yaml_node *value, *targets = yaml_get(root, "targets"), *target = yaml_get(root, "target");
	struct common common = {.rules = yaml_get(root, "rules"), .place = {root->span.start, root->span.start}};
	keys_check(MAPPING_POLICY, root, l->reader.source, l->reader.diags);
	read_version(l, root);
	if ((value = yaml_get(root, "name")))
		yaml_read_name(&l->reader, value, "name", &out->name);
	if ((value = yaml_get(root, "description")))
		yaml_read_text(&l->reader, value, "description", &out->description);
	if ((value = yaml_get(root, "wait")))
		load_wait(l, value, out);
	l->at_once = (has_timeout(l) ? l->request->timeout_ns : out->wait.timeout_ns) == 0;
	if ((value = yaml_get(root, "baseline")))
		load_baseline(l, value, &common.baseline);
	if ((value = yaml_get(root, "params")))
		load_params(l, value, &common.params);
	out->params = common.params.items;
	out->param_count = common.params.count;
	if (target && targets)
		refuse_both(l, root);
	if (!common.rules && !targets) {
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, common.place, DIAG_MISSING_KEY,
					       "the policy has no 'rules'");
		diag_hint(l->reader.diags, diag,
			  "write below rules: what must hold, each with a dash: - all chainlets ACTIVE");
	}
	if (targets) {
		read_targets(l, targets, &common, out);
		return;
	}
	struct policy_target *single = ARENA_NEW(l->reader.arena, struct policy_target);
	out->targets = single;
	out->target_count = 1;
	read_single_target(l, target, &common, single);
}

const struct policy *policy_load_node(struct arena *arena, const struct source *source, const struct yaml_node *root,
				      struct policy_request *request, struct diags *diags)
{
	struct loader loader = {.reader = {arena, source, diags}, .request = request};
	size_t errors = diags->errors;
	struct policy *policy = ARENA_NEW(arena, struct policy);
	*policy = (struct policy){.source = source, .name = base_name(source->name), .wait = policy_wait_default()};
	if (yaml_is_null(root)) {
		struct diag *diag = diag_error(diags, source, root->span, DIAG_MISSING_KEY, "the policy is empty");
		diag_hint(diags, diag, "begin with version: 1, and write below rules: what must hold");
	} else if (yaml_read_mapping(&loader.reader, root, "a policy")) {
		read_policy(&loader, root, policy);
	}
	diags_sort(diags);
	return diags->errors == errors ? policy : NULL;
}

const struct policy *policy_load(struct arena *arena, const struct source *source, struct policy_request *request,
				 struct diags *diags)
{
	if (!file_kind_check(source, FILE_KIND_POLICY, diags))
		return NULL;
	const struct yaml_node *root = yaml_parse(arena, source, diags);
	if (!root) {
		diags_sort(diags);
		return NULL;
	}
	return policy_load_node(arena, source, root, request, diags);
}

bool policy_own_timeout(struct arena *arena, const struct source *source, int64_t *out_ns)
{
	struct diags ignored = {.arena = arena};
	const struct yaml_reader reader = {arena, source, &ignored};
	const struct yaml_node *root = yaml_parse(arena, source, &ignored);
	const struct yaml_node *wait = root && root->kind == YAML_MAPPING ? yaml_get(root, "wait") : NULL;
	const struct yaml_node *timeout = wait && wait->kind == YAML_MAPPING ? yaml_get(wait, "timeout") : NULL;
	return timeout && yaml_read_duration(&reader, timeout, "timeout", 0, WAIT_MAX_NS, out_ns);
}
