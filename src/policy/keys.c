/* keys.c - see keys.h. */
#include "keys.h"

static const struct key policy_keys[] = {
	{"version", true, "the version of the policy language: 1"},
	{"name", true, "what reports call the policy"},
	{"description", true, "what the policy is for"},
	{"target", true, "which deployments it is about; the command line can say it instead"},
	{"wait", true, "how long to wait, and for what"},
	{"rules", true, "what must hold"},
	{"targets", false, "several chains in one policy"},
	{"params", false, "values that the command line can set"},
	{"baseline", false, "what rules may compare with"},
	{NULL, false, NULL},
};

static const struct key target_keys[] = {
	{"chain", true, "the chain's id or name"},
	{"deployment", true, "one deployment, by its id"},
	{"environment", true, "the deployments of an environment"},
	{"latest", true, "the newest deployment: true"},
	{"all", true, "every deployment: true"},
	{"since", true, "any, a moment, or how long before the run: leaves out what was created earlier"},
	{"on_superseded", false, "what to do when a newer deployment appears"},
	{NULL, false, NULL},
};

static const struct key wait_keys[] = {
	{"timeout", true, "the longest that the whole run may take"},
	{"interval", true, "the time between two polls"},
	{"stable_for", true, "how long nothing may change before it counts as stable"},
	{"stable_for_status", true, "the same where something has a certain status"},
	{"discover_for", true, "how long a deployment may be missing at first"},
	{"unreachable_after", true, "how long the API may give no answer"},
	{"fail_fast", true, "whether a failed status ends the wait"},
	{NULL, false, NULL},
};

static const struct key rule_keys[] = {
	{"name", true, "what reports call the rule"},
	{"assert", true, "what must hold"},
	{"message", true, "what to do when it doesn't"},
	{"severity", true, "error, or warning: only reported"},
	{"never", false, "what must not hold at any time"},
	{"within", false, "how long it may take until it holds"},
	{"hold", false, "how long it must have held"},
	{"tolerate", false, "how long it may be otherwise at a time"},
	{"during", false, "how long it goes on being watched"},
	{"when", false, "whether the rule applies"},
	{"if_empty", false, "what it is over nothing"},
	{"if_missing", false, "what it is without a counterpart in the baseline"},
	{NULL, false, NULL},
};

static const struct {
	const struct key *keys;
	const char *name;
} mappings[MAPPING_COUNT] = {
	[MAPPING_POLICY] = {policy_keys, "a policy"},
	[MAPPING_TARGET] = {target_keys, "target"},
	[MAPPING_WAIT] = {wait_keys, "wait"},
	[MAPPING_RULE] = {rule_keys, "a rule"},
};

/* More than any mapping has keys. */
#define KEYS_MAX 16

static const struct key *find(const struct key *keys, struct text name)
{
	for (; keys->name; keys++)
		if (text_is(name, keys->name))
			return keys;
	return NULL;
}

static void refuse_unknown(enum mapping mapping, const struct yaml_node *key, const struct source *source, struct diags *diags)
{
	const char *names[KEYS_MAX];
	size_t count = 0;
	for (const struct key *known = mappings[mapping].keys; known->name; known++)
		names[count++] = known->name;
	struct diag *diag = diag_error(diags, source, key->span, DIAG_UNKNOWN_FIELD, "%s has no key '%s'", mappings[mapping].name,
				       diag_value(diags, key->scalar.text));
	const char *nearest = text_nearest(key->scalar.text, names, count);
	if (nearest)
		diag_hint(diags, diag, "a key has a similar name: %s", nearest);
}

void keys_check(enum mapping mapping, const struct yaml_node *node, const struct source *source, struct diags *diags)
{
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *name = node->pairs[i].key;
		const struct key *key = find(mappings[mapping].keys, name->scalar.text);
		if (!key)
			refuse_unknown(mapping, name, source, diags);
		else if (!key->supported)
			diag_error(diags, source, name->span, DIAG_NOT_SUPPORTED, "'%s' (%s) is not supported yet", key->name,
				   key->meaning);
	}
}
