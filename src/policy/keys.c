/* keys.c - see keys.h. */
#include "keys.h"

#include <string.h>

const char *const severity_choices[] = {"error", "warning", NULL};
const char *const superseded_choices[] = {"note", "fail", NULL};
const char *const role_choices[] = {"any", "current", "candidate", NULL};
const char *const if_empty_choices[] = {"unknown", "pass", "fail", NULL};
const char *const if_missing_choices[] = {"unknown", "skip", "fail", NULL};

static const struct key policy_keys[] = {
	{.name = "version",
	 .shape = SHAPE_VERSION,
	 .meaning = "the version of the policy language: 1",
	 .required = true},
	{.name = "name", .shape = SHAPE_NAME, .meaning = "what reports call the policy; the file's name unless given"},
	{.name = "description", .shape = SHAPE_TEXT, .meaning = "what the policy is for"},
	{.name = "target",
	 .shape = SHAPE_MAPPING,
	 .mapping = MAPPING_TARGET,
	 .meaning = "which deployments to watch; the command line can override it"},
	{.name = "targets",
	 .shape = SHAPE_LIST,
	 .mapping = MAPPING_TARGETS_ITEM,
	 .meaning = "several targets in one policy, instead of target"},
	{.name = "baseline",
	 .shape = SHAPE_MAPPING,
	 .mapping = MAPPING_BASELINE,
	 .meaning = "the deployment that rules may compare with"},
	{.name = "params",
	 .shape = SHAPE_PARAMS,
	 .meaning = "values that rules use as $name; the default gives the type, --set overrides it"},
	{.name = "wait", .shape = SHAPE_MAPPING, .mapping = MAPPING_WAIT, .meaning = "how long to wait, and for what"},
	{.name = "rules", .shape = SHAPE_RULES, .meaning = "what must hold"},
	{.name = NULL},
};

#define ROLE_KEY \
	{ \
		.name = "role", .shape = SHAPE_CHOICE, .choices = role_choices, \
		.meaning = "of the environment: current, the one it serves; candidate, the one being promoted; any" \
	}

/* The keys of a target, for `target` and for an item of `targets`. */
#define TARGET_KEYS \
	{.name = "chain", \
	 .shape = SHAPE_NAME, \
	 .meaning = "the chain's id or name; or a glob over the names, for several chains: rag-*"}, \
		{.name = "model", .shape = SHAPE_NAME, .meaning = "instead of chain: a model, by its id or name"}, \
		{.name = "deployment", .shape = SHAPE_NAME, .meaning = "one deployment, by its id"}, \
		{.name = "environment", .shape = SHAPE_NAME, .meaning = "every deployment of this environment"}, \
		ROLE_KEY, \
		{.name = "expect_deployment", \
		 .shape = SHAPE_NAME, \
		 .meaning = "the id of the deployment that the environment must serve"}, \
		{.name = "latest", .shape = SHAPE_YES, .meaning = "the newest deployment: true"}, \
		{.name = "all", .shape = SHAPE_YES, .meaning = "every deployment: true"}, \
		{.name = "since", \
		 .shape = SHAPE_SINCE, \
		 .meaning = "any, a moment, or how long before the run: older deployments are left out"}, \
	{ \
		.name = "on_superseded", .shape = SHAPE_CHOICE, .choices = superseded_choices, \
		.meaning = "with latest: fail makes a newer deployment fail the target, note only notes it" \
	}

static const struct key target_keys[] = {
	TARGET_KEYS,
	{.name = NULL},
};

static const struct key targets_item_keys[] = {
	{.name = "name", .shape = SHAPE_NAME, .meaning = "what reports call the target; unique", .required = true},
	TARGET_KEYS,
	{.name = "baseline",
	 .shape = SHAPE_MAPPING,
	 .mapping = MAPPING_BASELINE,
	 .meaning = "the deployment its rules may compare with; overrides the policy's"},
	{.name = "params", .shape = SHAPE_PARAMS, .meaning = "values for its rules; they override the policy's"},
	{.name = "wait", .shape = SHAPE_MAPPING, .mapping = MAPPING_TARGET_WAIT, .meaning = "its own timeout"},
	{.name = "rules", .shape = SHAPE_RULES, .meaning = "rules for it, in addition to the policy's"},
	{.name = NULL},
};

static const struct key baseline_keys[] = {
	{.name = "chain", .shape = SHAPE_NAME, .meaning = "the chain's id or name; the target's own unless given"},
	{.name = "model", .shape = SHAPE_NAME, .meaning = "the model's id or name, if the target is a model"},
	{.name = "deployment", .shape = SHAPE_NAME, .meaning = "one deployment, by its id"},
	{.name = "environment", .shape = SHAPE_NAME, .meaning = "the one deployment of this environment"},
	ROLE_KEY,
	{.name = "latest", .shape = SHAPE_YES, .meaning = "the newest deployment: true"},
	{.name = NULL},
};

static const struct key wait_keys[] = {
	{.name = "timeout", .shape = SHAPE_DURATION, .meaning = "the longest time that the whole run may take (60m)"},
	{.name = "interval", .shape = SHAPE_INTERVAL, .meaning = "the time between two polls (10s)"},
	{.name = "stable_for",
	 .shape = SHAPE_DURATION,
	 .meaning = "how long nothing may change before it counts as stable (30s)"},
	{.name = "stable_for_status",
	 .shape = SHAPE_STATUSES,
	 .meaning = "the same while something has this status (SCALED_TO_ZERO 90s, UNHEALTHY 5m)"},
	{.name = "discover_for",
	 .shape = SHAPE_DURATION,
	 .meaning = "how long a deployment may be missing at first (60s)"},
	{.name = "unreachable_after", .shape = SHAPE_DURATION, .meaning = "how long the API may give no answer (3m)"},
	{.name = "fail_fast",
	 .shape = SHAPE_BOOLEAN,
	 .meaning = "whether a final failure ends the wait at once (true)"},
	{.name = NULL},
};

static const struct key target_wait_keys[] = {
	{.name = "timeout",
	 .shape = SHAPE_DURATION,
	 .meaning = "the longest time that this target may take, at most the run's"},
	{.name = NULL},
};

static const struct key rule_keys[] = {
	{.name = "name", .shape = SHAPE_NAME, .meaning = "what reports call the rule, unique; its text unless given"},
	{.name = "assert", .shape = SHAPE_RULE_TEXT, .meaning = "what must hold once the target is stable"},
	{.name = "never",
	 .shape = SHAPE_RULE_TEXT,
	 .meaning = "what must not hold at any time, from the first poll on"},
	{.name = "severity",
	 .shape = SHAPE_CHOICE,
	 .choices = severity_choices,
	 .meaning = "error, which decides the verdict, or warning, which is only reported"},
	{.name = "message", .shape = SHAPE_TEXT, .meaning = "what to do when it doesn't pass"},
	{.name = "within",
	 .shape = SHAPE_DURATION,
	 .meaning = "with assert: how long after the target is stable it may take to hold (0s)"},
	{.name = "hold",
	 .shape = SHAPE_DURATION,
	 .meaning = "with assert: how long it must have held at the verdict (0s)"},
	{.name = "tolerate",
	 .shape = SHAPE_DURATION,
	 .meaning = "how long it may be violated at a time before that counts (0s)"},
	{.name = "during",
	 .shape = SHAPE_DURATION,
	 .meaning = "with never: how long it is watched after the target is stable (0s)"},
	{.name = "when", .shape = SHAPE_RULE_TEXT, .meaning = "the rule isn't judged while this is false"},
	{.name = "if_empty",
	 .shape = SHAPE_CHOICE,
	 .choices = if_empty_choices,
	 .meaning = "the result if its selection is empty"},
	{.name = "if_missing",
	 .shape = SHAPE_CHOICE,
	 .choices = if_missing_choices,
	 .meaning = "the result if only a counterpart in the baseline is missing"},
	{.name = NULL},
};

static const struct {
	const struct key *keys;
	const char *name;
} mappings[MAPPING_COUNT] = {
	[MAPPING_POLICY] = {policy_keys, "a policy"},
	[MAPPING_TARGET] = {target_keys, "target"},
	[MAPPING_TARGETS_ITEM] = {targets_item_keys, "a target"},
	[MAPPING_BASELINE] = {baseline_keys, "baseline"},
	[MAPPING_WAIT] = {wait_keys, "wait"},
	[MAPPING_TARGET_WAIT] = {target_wait_keys, "wait of a target"},
	[MAPPING_RULE] = {rule_keys, "a rule"},
};

/* More than the number of keys of any mapping. */
#define KEYS_MAX 16

const struct key *keys_of(enum mapping mapping)
{
	return mappings[mapping].keys;
}

/* The name of a mapping in messages: "a rule". */
static const char *mapping_name(enum mapping mapping)
{
	return mappings[mapping].name;
}

static const struct key *find(enum mapping mapping, struct text name)
{
	for (const struct key *key = keys_of(mapping); key->name; key++)
		if (text_is(name, key->name))
			return key;
	return NULL;
}

bool key_is_known(enum mapping mapping, struct text name)
{
	return find(mapping, name) != NULL;
}

/* Words of other tools for the keys of a mapping. */
static const struct {
	enum mapping mapping;
	const char *key;
	const char *words[14]; /* up to the first NULL */
} meanings[] = {
	{MAPPING_POLICY, "rules", {"checks", "asserts", "assertions", "conditions", "requirements", "gates"}},
	{MAPPING_POLICY, "params", {"parameters", "vars", "variables", "args", "inputs", "values"}},
	{MAPPING_POLICY, "baseline", {"compare", "compare_with", "compare_to", "reference"}},
	{MAPPING_POLICY, "name", {"title", "id"}},
	{MAPPING_POLICY, "version", {"apiVersion", "api_version", "schema"}},
	{MAPPING_TARGET, "environment", {"env"}},
	{MAPPING_TARGET, "chain", {"chain_id", "chain_name"}},
	{MAPPING_TARGET, "model", {"model_id", "model_name"}},
	{MAPPING_TARGET, "deployment", {"deployment_id", "id"}},
	{MAPPING_TARGET, "latest", {"newest", "last"}},
	{MAPPING_TARGET, "since", {"max_age", "newer_than", "created_after"}},
	{MAPPING_WAIT, "timeout", {"max", "max_wait", "deadline", "limit"}},
	{MAPPING_WAIT, "interval", {"poll", "poll_interval", "every", "period", "polling_interval"}},
	{MAPPING_WAIT, "stable_for", {"stable", "settle", "settle_for", "quiet", "for", "hold"}},
	{MAPPING_RULE,
	 "never",
	 {"deny", "forbid", "disallow", "prohibit", "not", "must_not", "fail_if", "fails_if", "reject"}},
	{MAPPING_RULE,
	 "assert",
	 {"expr", "expression", "require", "requires", "check", "condition", "rule", "test", "must", "expect", "ensure",
	  "allow", "query", "assertion"}},
	{MAPPING_RULE, "when", {"if", "only_if", "where"}},
	{MAPPING_RULE, "hold", {"for", "stable_for"}},
	{MAPPING_RULE, "within", {"timeout", "wait", "retry", "retry_for", "until"}},
	{MAPPING_RULE, "severity", {"level", "priority"}},
	{MAPPING_RULE, "message", {"msg", "help", "hint", "text", "description", "error", "reason"}},
	{MAPPING_RULE, "name", {"id", "title", "label"}},
};

const char *key_meant(enum mapping mapping, struct text word)
{
	enum mapping as = mapping == MAPPING_TARGETS_ITEM || mapping == MAPPING_BASELINE ? MAPPING_TARGET : mapping;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		for (size_t j = 0; meanings[i].mapping == as && j < 14 && meanings[i].words[j]; j++)
			if (text_is_in_any_case(word, meanings[i].words[j]) && find(mapping, text_of(meanings[i].key)))
				return meanings[i].key;
	return NULL;
}

/* The key that a pair has, or means by a word. NULL: nobody knows. */
static const char *key_of_pair(enum mapping mapping, const struct yaml_pair *pair)
{
	const struct key *known = find(mapping, pair->key->scalar.text);
	return known ? known->name : key_meant(mapping, pair->key->scalar.text);
}

/* The key of a rule with `never` in place of one that it can't have. */
static const char *beside_never(const char *key, struct text word)
{
	if (strcmp(key, "hold") == 0 || text_is_in_any_case(word, "retry") || text_is_in_any_case(word, "retry_for"))
		return "tolerate";
	return strcmp(key, "within") == 0 ? "during" : key;
}

/* The key that is meant by an unknown one, beside the others in its mapping. NULL: nobody knows. */
static const char *meant_beside(enum mapping mapping, const struct yaml_node *node, struct text word)
{
	const char *meant = key_meant(mapping, word);
	for (size_t i = 0; meant && mapping == MAPPING_RULE && i < node->count; i++) {
		const char *other = key_of_pair(mapping, &node->pairs[i]);
		if (other && strcmp(other, "never") == 0)
			return beside_never(meant, word);
	}
	return meant;
}

static bool is_in_group(const char *const *group, const char *key)
{
	for (; *group; group++)
		if (strcmp(*group, key) == 0)
			return true;
	return false;
}

static bool excludes(const char *one, const char *other)
{
	static const char *const kinds[] = {"assert", "never", NULL};
	static const char *const owners[] = {"chain", "model", NULL};
	static const char *const selections[] = {"deployment", "environment", "latest", "all", NULL};
	return strcmp(one, other) == 0 || (is_in_group(owners, one) && is_in_group(owners, other)) ||
	       (is_in_group(kinds, one) && is_in_group(kinds, other)) ||
	       (is_in_group(selections, one) && is_in_group(selections, other));
}

/* The name, as written, of another key that leaves no room for this one: a known key, or an unknown one before it. NULL
 * if there is none. */
static const struct yaml_node *in_the_way(enum mapping mapping, const struct yaml_node *node,
					  const struct yaml_node *key, const char *meant)
{
	bool is_before = true;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		const char *other = key_of_pair(mapping, pair);
		is_before &= pair->key != key;
		if (pair->key != key && other && excludes(other, meant) &&
		    (is_before || find(mapping, pair->key->scalar.text)))
			return pair->key;
	}
	return NULL;
}

/* The mapping to which a misplaced key belongs: `timeout` at the top of a policy belongs under `wait`. */
static const char *home_of(enum mapping not_here, struct text name)
{
	static const enum mapping homes[] = {MAPPING_WAIT, MAPPING_RULE, MAPPING_TARGET, MAPPING_POLICY};
	for (size_t i = 0; i < sizeof(homes) / sizeof(homes[0]); i++)
		if (homes[i] != not_here && find(homes[i], name))
			return mapping_name(homes[i]);
	return NULL;
}

static void list_keys(struct diags *diags, struct diag *diag, const char *const *names, size_t count)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < count; i++)
		buf_printf(&buf, "%s%s", i == 0 ? "" : i + 1 == count ? " and " : ", ", names[i]);
	diag_hint(diags, diag, "the keys are %s", buf_string(&buf));
	buf_release(&buf);
}

/* `version` has one value. */
static void hint_meant(enum mapping mapping, const struct yaml_node *node, const struct yaml_node *key,
		       const char *meant, struct diags *diags, struct diag *diag)
{
	const struct yaml_node *other = in_the_way(mapping, node, key, meant);
	if (other)
		diag_hint(diags, diag, "leave it out: there is '%s' already", diag_value(diags, other->scalar.text));
	else
		diag_hint(diags, diag, "write %s%s", meant,
			  find(mapping, text_of(meant))->shape == SHAPE_VERSION ? ": 1" : "");
}

static void refuse_unknown(enum mapping mapping, const struct yaml_node *node, const struct yaml_node *key,
			   const struct source *source, struct diags *diags)
{
	const char *names[KEYS_MAX];
	size_t count = 0;
	for (const struct key *known = keys_of(mapping); known->name && count < KEYS_MAX; known++)
		names[count++] = known->name;
	struct diag *diag = diag_error(diags, source, key->span, DIAG_UNKNOWN_FIELD, "%s has no key '%s'",
				       mapping_name(mapping), diag_value(diags, key->scalar.text));
	const char *nearest = text_nearest(key->scalar.text, names, count), *home = home_of(mapping, key->scalar.text);
	const char *meant = meant_beside(mapping, node, key->scalar.text);
	if (mapping == MAPPING_TARGET_WAIT && home)
		diag_hint(diags, diag, "move it to the wait of the policy: a target can only have its own timeout");
	else if (meant)
		hint_meant(mapping, node, key, meant, diags, diag);
	else if (home)
		diag_hint(diags, diag, "it is a key of %s", home);
	else if (nearest)
		diag_hint(diags, diag, "a key has a similar name: %s", nearest);
	else
		list_keys(diags, diag, names, count);
}

void keys_check(enum mapping mapping, const struct yaml_node *node, const struct source *source, struct diags *diags)
{
	for (size_t i = 0; i < node->count; i++)
		if (!find(mapping, node->pairs[i].key->scalar.text))
			refuse_unknown(mapping, node, node->pairs[i].key, source, diags);
}
