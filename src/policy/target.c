/* target.c - the target of a policy: chain or model, deployments, baseline. */
#include "loader.h"

#include "chaingate/address.h"
#include "chaingate/glob.h"
#include "chaingate/placeholder.h"

static void read_since(struct loader *l, const struct yaml_node *node, struct since *out)
{
	struct text text;
	if (!yaml_read_text(&l->reader, node, "since", &text) || since_parse(text, out))
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_INVALID_TIME,
				       "'since' cannot be '%s'", diag_value(l->reader.diags, text));
	diag_hint(l->reader.diags, diag,
		  "write any, a duration before the run such as 10m, or a moment such as 2026-01-31T12:00:00Z");
}

static const struct {
	const char *key;
	enum selector_kind kind;
} selectors[] = {
	{"deployment", SELECT_DEPLOYMENT},
	{"environment", SELECT_ENVIRONMENT},
	{"latest", SELECT_LATEST},
	{"all", SELECT_ALL},
};

/* Refuses `deployment: latest`. The caret marks the key, because `latest` is a key of its own. */
static bool refuse_word_for_id(struct loader *l, enum mapping mapping, const struct yaml_pair *pair)
{
	struct text id = pair->value->kind == YAML_SCALAR ? pair->value->scalar.text : TEXT("");
	enum selector_kind meant = selector_kind_meant(id);
	if (meant == SELECT_NOTHING)
		return false;
	struct span whole = {pair->key->span.start, pair->value->span.end};
	struct diag *diag =
		diag_error(l->reader.diags, l->reader.source, whole, DIAG_INVALID_VALUE,
			   "'deployment' is the id of a deployment, not '%s'", diag_value(l->reader.diags, id));
	diag_hint(l->reader.diags, diag, "write %s",
		  meant == SELECT_LATEST               ? "latest: true"
		  : key_is_known(mapping, TEXT("all")) ? "all: true"
						       : "latest: true: a baseline is one deployment");
	return true;
}

/* Refuses a text with a variable: probably nothing has that name, and what was meant would be looked for in vain. */
static bool refuse_variable(struct loader *l, const struct yaml_node *value, const char *key)
{
	struct text text = value->kind == YAML_SCALAR ? value->scalar.text : TEXT("");
	enum target_kind kind;
	if (!placeholder_is_in(text))
		return false;
	struct diag *diag =
		diag_error(l->reader.diags, l->reader.source, value->span, DIAG_INVALID_VALUE,
			   "'%s' cannot be '%s': a policy has no variables", key, diag_value(l->reader.diags, text));
	diag_hint(l->reader.diags, diag,
		  "leave it out, and select on the command line: --chain, --model, --environment, --deployment, "
		  "--expect-deployment or --baseline-environment%s",
		  target_kind_parse(text_of(key), &kind) ? "; or, if it is really called so, give its id" : "");
	return true;
}

static void read_selector(struct loader *l, const struct yaml_pair *pair, const char *key, enum selector_kind kind,
			  struct selector *out)
{
	bool yes = false;
	if (kind == SELECT_DEPLOYMENT || kind == SELECT_ENVIRONMENT) {
		if (refuse_variable(l, pair->value, key) || !yaml_read_name(&l->reader, pair->value, key, &out->value))
			return;
	} else if (!yaml_read_boolean(&l->reader, pair->value, key, &yes)) {
		return;
	} else if (!yes) {
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, pair->value->span, DIAG_INVALID_VALUE,
					       "'%s' can only be true", key);
		diag_hint(l->reader.diags, diag, "leave the key out instead");
		return;
	}
	out->kind = kind;
}

static void refuse_second(struct loader *l, const struct yaml_node *key, const struct yaml_node *first)
{
	struct diag *diag = diag_error(
		l->reader.diags, l->reader.source, key->span, DIAG_CONFLICTING_KEYS, "'%s' and '%s' exclude each other",
		diag_value(l->reader.diags, key->scalar.text), diag_value(l->reader.diags, first->scalar.text));
	diag_also(l->reader.diags, diag, l->reader.source, first->span, "the other is here");
	diag_hint(l->reader.diags, diag, "leave one of them out");
}

/* The value of `chain` or `model`. NULL: neither is given. */
static const struct yaml_node *owner_node(const struct yaml_node *node, enum target_kind *out)
{
	for (int kind = 0; kind < TARGET_KIND_COUNT; kind++) {
		const struct yaml_node *value = yaml_get(node, target_kind_name((enum target_kind)kind));
		if (value) {
			*out = (enum target_kind)kind;
			return value;
		}
	}
	return NULL;
}

static void refuse_second_owner(struct loader *l, const struct yaml_node *node)
{
	const struct yaml_node *first = NULL;
	enum target_kind kind;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *key = node->pairs[i].key;
		if (!target_kind_parse(key->scalar.text, &kind))
			continue;
		if (first)
			refuse_second(l, key, first);
		first = key;
	}
}

/* Reads which chain or model it is. */
static void read_owner(struct loader *l, const struct yaml_node *node, struct text *chain, struct selector *selector)
{
	const struct yaml_node *value = owner_node(node, &selector->of);
	refuse_second_owner(l, node);
	if (value && !refuse_variable(l, value, target_kind_name(selector->of)))
		yaml_read_name(&l->reader, value, target_kind_name(selector->of), chain);
}

/* Only chains can be given by a glob. */
static void refuse_glob_of_models(struct loader *l, const struct yaml_node *node, struct text model)
{
	const struct yaml_node *value = yaml_get(node, target_kind_name(TARGET_MODEL));
	if (!value || !glob_is_one(model))
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, value->span, DIAG_INVALID_VALUE,
				       "'model' cannot be the glob '%s'", diag_value(l->reader.diags, model));
	diag_hint(l->reader.diags, diag, "give one model by its id or name; several models are several targets");
}

/* Reads the one selection of a mapping. */
static void read_selection(struct loader *l, enum mapping mapping, const struct yaml_node *node, struct selector *out)
{
	const struct yaml_node *first = NULL;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		for (size_t j = 0; j < sizeof(selectors) / sizeof(selectors[0]); j++) {
			if (!text_is(pair->key->scalar.text, selectors[j].key))
				continue;
			if (first)
				refuse_second(l, pair->key, first);
			else if (selectors[j].kind != SELECT_DEPLOYMENT || !refuse_word_for_id(l, mapping, pair))
				read_selector(l, pair, selectors[j].key, selectors[j].kind, out);
			first = first ? first : pair->key;
		}
	}
}

static void read_on_superseded(struct loader *l, const struct yaml_node *node, struct policy_target *out)
{
	size_t choice;
	if (!yaml_read_choice(&l->reader, node, "on_superseded", superseded_choices, &choice))
		return;
	out->fail_on_superseded = choice == 1;
	if (out->selector.kind == SELECT_LATEST || out->selector.kind == SELECT_NOTHING)
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_CONFLICTING_KEYS,
				       "'on_superseded' is only for 'latest'");
	diag_hint(l->reader.diags, diag, "leave it out: only a deployment picked by latest can be superseded");
}

/* Refuses a key of an environment beside another selection. */
static bool goes_with_environment(struct loader *l, const struct yaml_node *node, const char *key,
				  const struct selector *selector)
{
	if (selector->kind == SELECT_ENVIRONMENT || selector->kind == SELECT_NOTHING)
		return true;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_CONFLICTING_KEYS,
				       "'%s' is only for 'environment'", key);
	diag_hint(l->reader.diags, diag, "leave it out, or select by environment: NAME");
	return false;
}

/* Returns true if a role was given. */
static bool read_role(struct loader *l, const struct yaml_node *mapping, struct selector *out)
{
	const struct yaml_node *node = yaml_get(mapping, "role");
	size_t choice;
	if (!node || !goes_with_environment(l, node, "role", out) ||
	    !yaml_read_choice(&l->reader, node, "role", role_choices, &choice))
		return false;
	out->role = (enum environment_role)choice;
	return true;
}

/* Reads the deployment that the environment must serve. It implies the role `current`. */
static void read_expected(struct loader *l, const struct yaml_node *node, struct policy_target *out)
{
	struct selector *selector = &out->selector;
	if (!goes_with_environment(l, node, "expect_deployment", selector) ||
	    refuse_variable(l, node, "expect_deployment") ||
	    !yaml_read_name(&l->reader, node, "expect_deployment", &selector->expected))
		return;
	if (!out->has_role)
		selector->role = ROLE_CURRENT;
	if (selector->role == ROLE_CURRENT)
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_CONFLICTING_KEYS,
				       "'expect_deployment' is only for the role 'current'");
	diag_hint(l->reader.diags, diag, "write role: current, or leave role out");
}

/* What the addresses in a target or in a baseline say about the chain or model. */
struct pasting {
	struct text *chain_from, *pasted, *pasted_from;
	enum target_kind *pasted_of;
};

/* Reads the ids out of an address that was pasted instead of a name or id. Returns it; empty if it is none. */
static struct address read_address(struct loader *l, const struct yaml_node *node, struct text *chain,
				   enum target_kind *of, struct text *deployment, const struct pasting *pasting)
{
	struct text *value = deployment ? deployment : chain;
	struct address address = {0};
	if (!address_is_one(*value))
		return address;
	if (!address_parse(*value, &address) || (deployment ? !address.deployment.length : address.of != *of)) {
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_INVALID_VALUE,
					       "no %s can be read from the URL '%s'",
					       deployment ? "deployment" : target_kind_name(*of),
					       diag_value(l->reader.diags, *value));
		diag_hint(l->reader.diags, diag, "write the id or the name");
		return (struct address){0};
	}
	if (deployment) {
		*deployment = address.deployment;
		*pasting->pasted = address.chain;
		*pasting->pasted_of = address.of;
	}
	if (deployment && !chain->length)
		*of = address.of;
	if (!deployment || !chain->length)
		*chain = address.chain;
	return address;
}

/* A chain and a model may have the same id. */
static void check_pasted_kind(struct loader *l, const struct yaml_node *node, enum target_kind of,
			      const struct pasting *pasting)
{
	if (!pasting->pasted->length || *pasting->pasted_of == of)
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_CONFLICTING_KEYS,
				       "the URL is of a %s's deployment, but the target is a %s",
				       target_kind_name(*pasting->pasted_of), target_kind_name(of));
	diag_hint(l->reader.diags, diag, "write %s: ID, or leave %s out", target_kind_name(*pasting->pasted_of),
		  target_kind_name(of));
}

/* The rest of the chain's address must be what is selected. */
static void check_rest(struct loader *l, const struct yaml_node *node, const struct address *address,
		       const struct selector *selector)
{
	const char *kind;
	struct text dropped = address_dropped(address, selector, &kind);
	if (!dropped.length)
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_CONFLICTING_KEYS,
				       "the URL names the %s '%s', which isn't selected here", kind,
				       diag_value(l->reader.diags, dropped));
	diag_hint(l->reader.diags, diag,
		  "to select it, write %s: %.*s and no other selection; for the %s alone %s: %.*s", kind,
		  TEXT_ARG(dropped), target_kind_name(address->of), target_kind_name(address->of),
		  TEXT_ARG(address->chain));
}

/* An environment is named by its name. */
static void check_environment(struct loader *l, const struct yaml_node *node, bool has_chain,
			      const struct selector *selector)
{
	struct address address = {0};
	if (selector->kind != SELECT_ENVIRONMENT || !address_is_one(selector->value))
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, yaml_get(node, "environment")->span,
				       DIAG_INVALID_VALUE, "'environment' is a URL");
	if (address_parse(selector->value, &address) && address.environment.length && has_chain)
		diag_hint(l->reader.diags, diag, "write environment: %.*s", TEXT_ARG(address.environment));
	else if (address.environment.length)
		diag_hint(l->reader.diags, diag, "write %s: %.*s and environment: %.*s", target_kind_name(address.of),
			  TEXT_ARG(address.chain), TEXT_ARG(address.environment));
	else
		diag_hint(l->reader.diags, diag, "write the environment's name");
}

/* "policy.yaml:3" */
static struct text place_of(const struct loader *l, const struct yaml_node *node)
{
	return text_of(arena_printf(l->reader.arena, "%s:%zu", l->reader.source->name,
				    source_place(l->reader.source, node->span.start).line));
}

/* Returns true if the chain is only named by the address of a deployment. */
static bool read_addresses(struct loader *l, const struct yaml_node *node, struct text *chain,
			   struct selector *selector, struct pasting out)
{
	struct address address = {0};
	enum target_kind *of = &selector->of;
	const struct yaml_node *of_chain = owner_node(node, of), *value = yaml_get(node, "deployment");
	if (of_chain) {
		address = read_address(l, of_chain, chain, of, NULL, NULL);
		*out.chain_from = place_of(l, of_chain);
	}
	check_environment(l, node, of_chain != NULL, selector);
	bool is_implied = chain->length == 0;
	if (value && selector->kind == SELECT_DEPLOYMENT)
		read_address(l, value, chain, of, &selector->value, &out);
	if (selector->expected.length) {
		value = yaml_get(node, "expect_deployment");
		read_address(l, value, chain, of, &selector->expected, &out);
	}
	if (value)
		check_pasted_kind(l, value, *of, &out);
	if (of_chain)
		check_rest(l, of_chain, &address, selector);
	if (out.pasted->length && value)
		*out.pasted_from = place_of(l, value);
	is_implied = is_implied && chain->length;
	if (is_implied)
		*out.chain_from = *out.pasted_from;
	return is_implied;
}

/* A glob in `chain` must be readable, and can't go with what is in one chain only. */
static void check_chain(struct loader *l, const struct yaml_node *node, const struct policy_target *target)
{
	const char *why = glob_mistake(l->reader.arena, target->chain),
		   *key = target->selector.expected.length ? "expect_deployment" : "deployment";
	struct diags *diags = l->reader.diags;
	const struct yaml_node *value = yaml_get(node, "chain"), *other = yaml_get(node, key);
	if (!value || !glob_is_one(target->chain))
		return;
	if (why) {
		struct diag *diag = diag_error(diags, l->reader.source, value->span, DIAG_INVALID_VALUE,
					       "'chain' cannot be read as a glob: %s", why);
		diag_hint(diags, diag, GLOB_REMEDY);
	} else if (other && (target->selector.kind == SELECT_DEPLOYMENT || target->selector.expected.length)) {
		struct diag *diag = diag_error(diags, l->reader.source, other->span, DIAG_CONFLICTING_KEYS,
					       "'%s' is in one chain, but 'chain' is a glob", key);
		diag_also(diags, diag, l->reader.source, value->span, "the glob is here");
		diag_hint(
			diags, diag,
			target->selector.expected.length
				? "give the chain by its id or name, or leave 'expect_deployment' out"
				: "give the chain by its id or name, or select by environment or latest, with 'since'");
	}
}

/* Deployments are compared within their kind: a chain's chainlets have no counterpart in a model. */
static void check_baseline_kind(struct loader *l, const struct policy_target *target)
{
	const struct policy_baseline *baseline = &target->baseline;
	enum target_kind of = target->selector.of, of_baseline = baseline->selector.of;
	if (!baseline->given || !baseline->chain.length || !target->chain.length || of == of_baseline)
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, target->span, DIAG_CONFLICTING_KEYS,
				       "the target is a %s, but the baseline is the %s '%s'", target_kind_name(of),
				       target_kind_name(of_baseline), diag_value(l->reader.diags, baseline->chain));
	diag_hint(l->reader.diags, diag, "give the baseline a %s, or leave out '%s' there for the target's own",
		  target_kind_name(of), target_kind_name(of_baseline));
}

void check_baseline_chain(struct loader *l, const struct policy_target *target)
{
	const struct policy_baseline *baseline = &target->baseline;
	check_baseline_kind(l, target);
	if (target->selector.of == TARGET_MODEL)
		return;
	if (!glob_is_one(target->chain) || !baseline->given)
		return;
	if (!baseline->chain.length && baseline->selector.kind == SELECT_DEPLOYMENT) {
		struct diag *diag = diag_error(l->reader.diags, l->reader.source, target->span, DIAG_CONFLICTING_KEYS,
					       "'chain' is a glob, but the baseline's deployment '%s' is in one chain",
					       diag_value(l->reader.diags, baseline->selector.value));
		diag_hint(l->reader.diags, diag,
			  "select the baseline by environment or latest: then each chain has its own");
	}
	if (!baseline->chain.length)
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, target->span, DIAG_CONFLICTING_KEYS,
				       "'chain' is a glob, but the baseline names the chain '%s'",
				       diag_value(l->reader.diags, baseline->chain));
	diag_hint(l->reader.diags, diag,
		  "leave 'chain' out of the baseline: then each chain is compared with its own deployment");
}

void load_target(struct loader *l, const struct yaml_node *node, struct policy_target *out)
{
	const struct yaml_node *value;
	out->span = node->span;
	read_owner(l, node, &out->chain, &out->selector);
	if ((value = yaml_get(node, "since")))
		read_since(l, value, &out->selector.since);
	read_selection(l, MAPPING_TARGET, node, &out->selector);
	out->has_role = read_role(l, node, &out->selector);
	if ((value = yaml_get(node, "expect_deployment")))
		read_expected(l, value, out);
	struct text written = out->chain;
	out->chain_is_implied =
		read_addresses(l, node, &out->chain, &out->selector,
			       (struct pasting){&out->chain_from, &out->pasted, &out->pasted_from, &out->pasted_of});
	out->chain_is_id = out->chain.length && !text_equal(out->chain, written);
	if (out->chain_is_id)
		out->chain_url = written;
	check_chain(l, node, out);
	refuse_glob_of_models(l, node, out->chain);
	if ((value = yaml_get(node, "on_superseded")))
		read_on_superseded(l, value, out);
}

void load_baseline(struct loader *l, const struct yaml_node *node, struct policy_baseline *out)
{
	*out = (struct policy_baseline){
		.given = true, .source = l->reader.source, .span = node->span, .selector.since.kind = SINCE_ANY};
	if (!load_mapping(&l->reader, node, "baseline", "environment", "production", fits_name))
		return;
	size_t errors = l->reader.diags->errors;
	keys_check(MAPPING_BASELINE, node, l->reader.source, l->reader.diags);
	read_owner(l, node, &out->chain, &out->selector);
	read_selection(l, MAPPING_BASELINE, node, &out->selector);
	read_role(l, node, &out->selector);
	struct text written = out->chain;
	read_addresses(l, node, &out->chain, &out->selector,
		       (struct pasting){&out->chain_from, &out->pasted, &out->pasted_from, &out->pasted_of});
	out->chain_is_id = out->chain.length && !text_equal(out->chain, written);
	refuse_glob_of_models(l, node, out->chain);
	if (out->selector.of == TARGET_CHAIN && glob_is_one(out->chain)) {
		struct diag *glob = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_INVALID_VALUE,
					       "a baseline is one deployment, so its 'chain' cannot be a glob");
		diag_hint(l->reader.diags, glob,
			  "leave 'chain' out: then each chain is compared with its own deployment");
	}
	if (out->selector.kind != SELECT_NOTHING || l->reader.diags->errors > errors)
		return;
	struct diag *diag = diag_error(l->reader.diags, l->reader.source, node->span, DIAG_MISSING_KEY,
				       "the baseline does not say which deployment it is");
	diag_hint(l->reader.diags, diag, "give it environment: NAME, deployment: ID or latest: true");
}

void policy_target_load(const struct yaml_reader *reader, const struct yaml_node *node, struct policy_target *out)
{
	struct loader loader = {.reader = *reader};
	if (!load_mapping(reader, node, "target", "chain", "rag", fits_name))
		return;
	keys_check(MAPPING_TARGET, node, reader->source, reader->diags);
	load_target(&loader, node, out);
}
