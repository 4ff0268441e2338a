/* policy.c - a tree of YAML nodes to a policy. Every mistake is reported, with its place; nothing is guessed. */
#include "chaingate/policy.h"

#include "chaingate/buf.h"
#include "chaingate/yaml.h"
#include "keys.h"

struct loader {
	struct arena *arena;
	const struct source *source;
	struct diags *diags;
};

/* A rule longer than that, in bytes, makes a poor name. */
#define NAME_FROM_TEXT_MAX 1000
/* Longest name, in bytes: it is a column of every report. */
#define NAME_MAX_BYTES 1000

struct policy_wait policy_wait_default(void)
{
	struct policy_wait wait = {
		.timeout_ns = WAIT_TIMEOUT_DEFAULT_NS,
		.interval_ns = WAIT_INTERVAL_DEFAULT_NS,
		.stable_for_ns = WAIT_STABLE_FOR_DEFAULT_NS,
		.discover_for_ns = WAIT_DISCOVER_FOR_DEFAULT_NS,
		.unreachable_after_ns = WAIT_UNREACHABLE_AFTER_DEFAULT_NS,
		.fail_fast = true,
	};
	wait.stable_for_status_ns[STATUS_SCALED_TO_ZERO] = WAIT_STABLE_FOR_SCALED_TO_ZERO_DEFAULT_NS;
	wait.stable_for_status_ns[STATUS_UNHEALTHY] = WAIT_STABLE_FOR_UNHEALTHY_DEFAULT_NS;
	return wait;
}

static const char *const severity_names[] = {[SEVERITY_ERROR] = "error", [SEVERITY_WARNING] = "warning"};

const char *rule_severity_name(enum rule_severity severity)
{
	return severity_names[severity];
}

struct text policy_builtin_yaml(void)
{
	return TEXT("version: 1\n"
		    "name: built-in\n"
		    "rules:\n"
		    "  - all chainlets ACTIVE\n"
		    "  - active_replica_count >= min_replica\n");
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

static struct diag *refuse(struct loader *l, const struct yaml_node *node, enum diag_code code, const char *message)
{
	return diag_error(l->diags, l->source, node->span, code, "%s", message);
}

static bool expect_mapping(struct loader *l, const struct yaml_node *node, const char *what)
{
	if (node->kind == YAML_MAPPING)
		return true;
	diag_error(l->diags, l->source, node->span, DIAG_WRONG_TYPE, "%s must be a mapping, this is %s", what,
		   yaml_kind_name(node));
	return false;
}

/* A scalar that isn't null. */
static bool read_text(struct loader *l, const struct yaml_node *node, const char *what, struct text *out)
{
	if (node->kind != YAML_SCALAR || yaml_is_null(node)) {
		diag_error(l->diags, l->source, node->span, DIAG_WRONG_TYPE, "'%s' must be a string, this is %s", what,
			   node->kind == YAML_SCALAR ? "null" : yaml_kind_name(node));
		return false;
	}
	*out = node->scalar.text;
	return true;
}

static bool is_blank(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] != ' ' && text.bytes[i] != '\t' && text.bytes[i] != '\n')
			return false;
	return true;
}

/* A name or an id: something, on one line. */
static bool read_name(struct loader *l, const struct yaml_node *node, const char *what, struct text *out)
{
	struct text text;
	uint32_t point;
	if (!read_text(l, node, what, &text))
		return false;
	if (is_blank(text) || text.length > NAME_MAX_BYTES) {
		diag_error(l->diags, l->source, node->span, DIAG_INVALID_VALUE, "'%s' is %s", what,
			   is_blank(text) ? "empty" : "too long");
		return false;
	}
	for (size_t i = 0, size; i < text.length; i += size) {
		size = utf8_decode(text.bytes + i, text.length - i, &point);
		if (size && !point_is_hidden(point))
			continue;
		diag_error(l->diags, l->source, node->span, DIAG_INVALID_VALUE, "'%s' holds a character that is not printable: '%s'",
			   what, diag_value(l->diags, text));
		return false;
	}
	*out = text;
	return true;
}

static bool read_boolean(struct loader *l, const struct yaml_node *node, const char *what, bool *out)
{
	bool plain = node->kind == YAML_SCALAR && node->style == YAML_PLAIN;
	if (plain && (text_is(node->scalar.text, "true") || text_is(node->scalar.text, "false"))) {
		*out = text_is(node->scalar.text, "true");
		return true;
	}
	struct diag *diag = diag_error(l->diags, l->source, node->span, DIAG_WRONG_TYPE, "'%s' must be true or false", what);
	diag_hint(l->diags, diag, "write true or false, without quotes");
	return false;
}

static void read_duration(struct loader *l, const struct yaml_node *node, const char *what, int64_t least_ns, int64_t *out)
{
	struct text text;
	int64_t ns = 0;
	if (!read_text(l, node, what, &text))
		return;
	enum duration_fault fault = duration_parse(text, &ns);
	const char *value = diag_value(l->diags, text);
	if (fault != DURATION_OK) {
		struct diag *diag = diag_error(l->diags, l->source, node->span, DIAG_INVALID_DURATION,
					       "'%s' cannot be '%s': it %s", what, value, duration_fault_text(fault));
		if (fault == DURATION_NO_UNIT)
			diag_hint(l->diags, diag, "write %ss for seconds, or %sm for minutes", value, value);
		else
			diag_hint(l->diags, diag, "write whole numbers with h, m, s or ms, such as 90s or 1h30m");
	} else if (ns < least_ns || ns > WAIT_MAX_NS) {
		struct buf limit = buf_make(100);
		duration_add(&limit, ns < least_ns ? least_ns : WAIT_MAX_NS);
		struct diag *diag = diag_error(l->diags, l->source, node->span, DIAG_INVALID_VALUE, "'%s' cannot be '%s'", what, value);
		diag_hint(l->diags, diag, "it must be at %s %s", ns < least_ns ? "least" : "most", buf_string(&limit));
		buf_release(&limit);
	} else {
		*out = ns;
	}
}

/* ---- target ----------------------------------------------------------------------------------------------------- */

static void read_since(struct loader *l, const struct yaml_node *node, struct since *out)
{
	struct text text;
	if (!read_text(l, node, "since", &text) || since_parse(text, out))
		return;
	struct diag *diag = diag_error(l->diags, l->source, node->span, DIAG_INVALID_TIME, "'since' cannot be '%s'",
				       diag_value(l->diags, text));
	diag_hint(l->diags, diag, "write any, a duration before the run such as 10m, or a moment such as 2026-01-31T12:00:00Z");
}

static bool read_selector(struct loader *l, const struct yaml_pair *pair, enum selector_kind kind, struct selector *out)
{
	bool yes = false;
	switch (kind) {
	case SELECT_DEPLOYMENT:
	case SELECT_ENVIRONMENT:
		if (!read_name(l, pair->value, pair->key->scalar.text.bytes, &out->value))
			return false;
		break;
	case SELECT_LATEST:
	case SELECT_ALL:
		if (!read_boolean(l, pair->value, pair->key->scalar.text.bytes, &yes))
			return false;
		if (!yes) {
			struct diag *diag = refuse(l, pair->value, DIAG_INVALID_VALUE, "a selection can only be true");
			diag_hint(l->diags, diag, "leave the key out instead");
			return false;
		}
		break;
	case SELECT_NOTHING: return false;
	}
	out->kind = kind;
	return true;
}

static void read_target(struct loader *l, const struct yaml_node *node, struct policy_target *out)
{
	static const struct {
		const char *key;
		enum selector_kind kind;
	} selectors[] = {{"deployment", SELECT_DEPLOYMENT}, {"environment", SELECT_ENVIRONMENT}, {"latest", SELECT_LATEST}, {"all", SELECT_ALL}};
	const struct yaml_node *first = NULL;
	if (!expect_mapping(l, node, "target"))
		return;
	keys_check(MAPPING_TARGET, node, l->source, l->diags);
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		struct text key = pair->key->scalar.text;
		if (text_is(key, "chain"))
			read_name(l, pair->value, "chain", &out->chain);
		else if (text_is(key, "since"))
			read_since(l, pair->value, &out->selector.since);
		for (size_t j = 0; j < sizeof(selectors) / sizeof(selectors[0]); j++) {
			if (!text_is(key, selectors[j].key))
				continue;
			if (first) {
				struct diag *diag = diag_error(l->diags, l->source, pair->key->span, DIAG_CONFLICTING_KEYS,
							       "'%s' and '%s' exclude each other", selectors[j].key,
							       diag_value(l->diags, first->scalar.text));
				diag_also(l->diags, diag, l->source, first->span, "the other is here");
				continue;
			}
			first = pair->key;
			read_selector(l, pair, selectors[j].kind, &out->selector);
		}
	}
}

/* ---- wait ------------------------------------------------------------------------------------------------------- */

static void read_stable_for_status(struct loader *l, const struct yaml_node *node, struct policy_wait *out)
{
	if (!expect_mapping(l, node, "stable_for_status"))
		return;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *key = node->pairs[i].key;
		enum status status = status_parse(key->scalar.text);
		if (status != STATUS_UNKNOWN) {
			read_duration(l, node->pairs[i].value, status_name(status), 0, &out->stable_for_status_ns[status]);
			continue;
		}
		status_refuse(l->diags, l->source, key->span, key->scalar.text);
	}
}

static void warn_of_short_stable_for(struct loader *l, const struct yaml_node *wait, const struct policy_wait *values)
{
	const struct yaml_node *place = yaml_get(wait, "stable_for");
	if (!place)
		place = yaml_get(wait, "interval");
	if (!place || values->stable_for_ns >= 2 * values->interval_ns)
		return;
	struct diag *diag = diag_warning(l->diags, l->source, place->span, DIAG_SHORT_STABLE_FOR,
					 "'stable_for' is less than two intervals: one poll could pass");
	diag_hint(l->diags, diag, "make stable_for longer, or interval shorter");
}

static void read_wait(struct loader *l, const struct yaml_node *node, struct policy_wait *out)
{
	const struct {
		const char *key;
		int64_t least_ns;
		int64_t *value;
	} durations[] = {
		{"timeout", 0, &out->timeout_ns},
		{"interval", WAIT_INTERVAL_MIN_NS, &out->interval_ns},
		{"stable_for", 0, &out->stable_for_ns},
		{"discover_for", 0, &out->discover_for_ns},
		{"unreachable_after", 0, &out->unreachable_after_ns},
	};
	if (!expect_mapping(l, node, "wait"))
		return;
	keys_check(MAPPING_WAIT, node, l->source, l->diags);
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		for (size_t j = 0; j < sizeof(durations) / sizeof(durations[0]); j++)
			if (text_is(pair->key->scalar.text, durations[j].key))
				read_duration(l, pair->value, durations[j].key, durations[j].least_ns, durations[j].value);
		if (text_is(pair->key->scalar.text, "stable_for_status"))
			read_stable_for_status(l, pair->value, out);
		if (text_is(pair->key->scalar.text, "fail_fast"))
			read_boolean(l, pair->value, "fail_fast", &out->fail_fast);
	}
	warn_of_short_stable_for(l, node, out);
}

/* ---- rules ------------------------------------------------------------------------------------------------------ */

static bool read_rule_text(struct loader *l, const struct yaml_node *node, struct policy_rule *out)
{
	static const struct rule_context nothing = {0};
	struct text text;
	if (!read_text(l, node, "a rule", &text))
		return false;
	out->span = node->span;
	out->line = source_place(l->source, excerpt_span(&node->scalar, 0, 1).start).line;
	out->expression = rule_parse(l->arena, &node->scalar, &nothing, l->diags);
	if (!out->expression)
		return false;
	if (!out->name.length && text.length > NAME_FROM_TEXT_MAX) {
		refuse(l, node, DIAG_MISSING_KEY, "a rule of more than 1,000 characters needs a name");
		return false;
	}
	if (!out->name.length)
		out->name = text;
	return true;
}

static void read_severity(struct loader *l, const struct yaml_node *node, enum rule_severity *out)
{
	struct text text;
	if (!read_text(l, node, "severity", &text))
		return;
	for (int i = SEVERITY_ERROR; i <= SEVERITY_WARNING; i++)
		if (text_is(text, severity_names[i])) {
			*out = (enum rule_severity)i;
			return;
		}
	struct diag *diag = diag_error(l->diags, l->source, node->span, DIAG_INVALID_VALUE, "'severity' cannot be '%s'",
				       diag_value(l->diags, text));
	diag_hint(l->diags, diag, "write error, which decides the verdict, or warning, which is only reported");
}

/* A mapping of one key with spaces in it is what YAML makes of a rule with ": " in it. */
static bool looks_like_a_rule(const struct yaml_node *node)
{
	if (node->count != 1)
		return false;
	struct text key = node->pairs[0].key->scalar.text;
	for (size_t i = 0; i < key.length; i++)
		if (key.bytes[i] == ' ')
			return true;
	return false;
}

static bool read_rule_mapping(struct loader *l, const struct yaml_node *node, struct policy_rule *out)
{
	const struct yaml_node *assert = yaml_get(node, "assert"), *value;
	if (looks_like_a_rule(node)) {
		struct diag *diag = refuse(l, node, DIAG_WRONG_TYPE, "YAML reads this as a mapping, because of its ': '");
		diag_hint(l->diags, diag, "put the whole rule in quotes");
		return false;
	}
	keys_check(MAPPING_RULE, node, l->source, l->diags);
	if ((value = yaml_get(node, "name")))
		read_name(l, value, "name", &out->name);
	if ((value = yaml_get(node, "message")))
		read_text(l, value, "message", &out->message);
	if ((value = yaml_get(node, "severity")))
		read_severity(l, value, &out->severity);
	if (assert)
		return read_rule_text(l, assert, out);
	if (!yaml_get(node, "never"))
		diag_error(l->diags, l->source, node->span, DIAG_MISSING_KEY, "the rule has no 'assert'");
	return false;
}

static void check_names(struct loader *l, const struct policy_rule *rules, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i; j++) {
			if (!text_equal(rules[i].name, rules[j].name))
				continue;
			struct diag *diag = diag_error(l->diags, l->source, rules[i].span, DIAG_DUPLICATE_NAME,
						       "two rules are called '%s'", diag_value(l->diags, rules[i].name));
			diag_also(l->diags, diag, l->source, rules[j].span, "the first is here");
			diag_hint(l->diags, diag, "give one of them another name");
			break;
		}
}

static void read_rules(struct loader *l, const struct yaml_node *node, struct policy_target *out)
{
	if (node->kind != YAML_SEQUENCE) {
		diag_error(l->diags, l->source, node->span, DIAG_WRONG_TYPE, "'rules' must be a list, this is %s", yaml_kind_name(node));
		return;
	}
	struct policy_rule *rules = ARENA_ARRAY(l->arena, struct policy_rule, node->count);
	size_t count = 0, errors = 0;
	bool all_read = true;
	for (size_t i = 0; i < node->count; i++) {
		struct policy_rule rule = {.source = l->source};
		const struct yaml_node *item = node->items[i];
		bool read = item->kind == YAML_MAPPING ? read_rule_mapping(l, item, &rule) : read_rule_text(l, item, &rule);
		all_read &= read;
		if (!read)
			continue;
		errors += rule.severity == SEVERITY_ERROR;
		rules[count++] = rule;
	}
	if (node->count == 0)
		refuse(l, node, DIAG_EMPTY_RULES, "'rules' is empty: nothing could fail");
	else if (all_read && errors == 0)
		refuse(l, node, DIAG_NO_ERROR_RULE, "every rule is a warning: nothing could fail");
	check_names(l, rules, count);
	out->rules = rules;
	out->rule_count = count;
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

static void read_version(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *version = yaml_get(root, "version");
	struct text text;
	if (!version) {
		struct diag *diag = diag_error(l->diags, l->source, (struct span){root->span.start, root->span.start}, DIAG_MISSING_KEY,
					       "the policy does not say its version");
		diag_hint(l->diags, diag, "begin with version: 1");
	} else if (read_text(l, version, "version", &text) && !text_is(text, "1")) {
		struct diag *diag = diag_error(l->diags, l->source, version->span, DIAG_INVALID_VALUE,
					       "'version' cannot be '%s'", diag_value(l->diags, text));
		diag_hint(l->diags, diag, "this version of chaingate reads version: 1");
	}
}

static void read_policy(struct loader *l, const struct yaml_node *root, struct policy *out, struct policy_target *target)
{
	const struct yaml_node *value;
	keys_check(MAPPING_POLICY, root, l->source, l->diags);
	read_version(l, root);
	if ((value = yaml_get(root, "name")))
		read_name(l, value, "name", &out->name);
	if ((value = yaml_get(root, "description")))
		read_text(l, value, "description", &out->description);
	if ((value = yaml_get(root, "target")))
		read_target(l, value, target);
	if ((value = yaml_get(root, "wait")))
		read_wait(l, value, &out->wait);
	if ((value = yaml_get(root, "rules")))
		read_rules(l, value, target);
	else
		diag_error(l->diags, l->source, (struct span){root->span.start, root->span.start}, DIAG_MISSING_KEY,
			   "the policy has no 'rules'");
}

const struct policy *policy_load(struct arena *arena, const struct source *source, struct policy_request *request,
				 struct diags *diags)
{
	(void)request;
	struct loader loader = {.arena = arena, .source = source, .diags = diags};
	size_t errors = diags->errors;
	const struct yaml_node *root = yaml_parse(arena, source, diags);
	struct policy *policy = ARENA_NEW(arena, struct policy);
	struct policy_target *target = ARENA_NEW(arena, struct policy_target);
	*policy = (struct policy){.targets = target, .target_count = 1, .source = source, .name = base_name(source->name), .wait = policy_wait_default()};
	if (root && expect_mapping(&loader, root, "a policy"))
		read_policy(&loader, root, policy, target);
	diags_sort(diags);
	return diags->errors == errors ? policy : NULL;
}
