/* print_config.c - see print_config.h. */
#include "print_config.h"

#include "chaingate/source.h"
#include "chaingate/times.h"

#include <stdlib.h>

#define NAME_COLUMNS 40
#define VALUE_COLUMNS 36

struct printing {
	struct buf *buf;
	const struct config *config;
};

/* Releases `value`. */
static void add(struct printing *p, const char *name, struct buf *value, const char *origin)
{
	size_t name_columns = text_columns(text_of(name)), value_columns = text_columns(buf_text(value));
	text_add_printable(p->buf, text_of(name));
	buf_add_repeated(p->buf, ' ', name_columns < NAME_COLUMNS ? NAME_COLUMNS - name_columns : 1);
	text_add_printable(p->buf, buf_text(value));
	buf_add_repeated(p->buf, ' ', value_columns < VALUE_COLUMNS ? VALUE_COLUMNS - value_columns : 1);
	text_add_printable(p->buf, text_of(origin));
	buf_add_byte(p->buf, '\n');
	buf_release(value);
}

static void add_text(struct printing *p, const char *name, struct text value, const char *origin)
{
	struct buf buf = buf_make(BUF_LIMIT_REPORT);
	buf_add(&buf, value);
	add(p, name, &buf, origin);
}

static void add_duration(struct printing *p, const char *name, int64_t ns, const char *origin)
{
	struct buf buf = buf_make(100);
	duration_add(&buf, ns);
	add(p, name, &buf, origin);
}

/* How the option was given; `otherwise` if it wasn't. */
static const char *origin_of(const struct printing *p, enum option_id id, const char *otherwise)
{
	return option_is_given(p->config->line, id) ? p->config->line->options[id].spelling : otherwise;
}

/* ---- the policy ------------------------------------------------------------------------------------------------- */

static bool is_given(const struct printing *p, enum wait_key key)
{
	return p->config->policy->given[key].end > 0;
}

/* `id` is OPTION_COUNT if no option sets the value. */
static void add_wait(struct printing *p, enum wait_key key, enum option_id id, int64_t ns)
{
	struct buf name = buf_make(100);
	const char *origin = is_given(p, key) ? "policy" : "default";
	buf_printf(&name, "wait.%s", policy_wait_key_name(key));
	add_duration(p, buf_string(&name), ns, id == OPTION_COUNT ? origin : origin_of(p, id, origin));
	buf_release(&name);
}

/* How long nothing may change. One snapshot is judged as it is, whatever the policy and the options say. */
static void add_stable_for(struct printing *p, const struct policy_wait *wait)
{
	if (wait->timeout_ns == 0) {
		add_duration(p, "wait.stable_for", 0, "timeout 0s");
		return;
	}
	add_wait(p, WAIT_STABLE_FOR, OPTION_STABLE_FOR, wait->stable_for_ns);
	for (int i = STATUS_UNKNOWN + 1; i < STATUS_COUNT; i++) {
		struct buf name = buf_make(100);
		if (!wait->stable_for_status_ns[i])
			continue;
		buf_printf(&name, "wait.stable_for_status.%s", status_name((enum status)i));
		add_duration(p, buf_string(&name), wait->stable_for_status_ns[i],
			     is_given(p, WAIT_STABLE_FOR_STATUS) ? "policy, over the defaults" : "default");
		buf_release(&name);
	}
}

static void add_waits(struct printing *p)
{
	const struct policy_wait *wait = &p->config->plan->wait;
	add_wait(p, WAIT_TIMEOUT, OPTION_TIMEOUT, wait->timeout_ns);
	add_wait(p, WAIT_INTERVAL, OPTION_INTERVAL, wait->interval_ns);
	add_stable_for(p, wait);
	add_wait(p, WAIT_DISCOVER_FOR, OPTION_COUNT, wait->discover_for_ns);
	add_wait(p, WAIT_UNREACHABLE_AFTER, OPTION_COUNT, wait->unreachable_after_ns);
	add_text(p, "wait.fail_fast", wait->fail_fast ? TEXT("true") : TEXT("false"),
		 is_given(p, WAIT_FAIL_FAST) ? "policy" : "default");
	add_text(p, "strict", p->config->plan->strict ? TEXT("true") : TEXT("false"),
		 origin_of(p, OPTION_STRICT, "default"));
}

static bool is_set(const struct printing *p, struct text name)
{
	const struct option_values *set = &p->config->line->options[OPTION_SET];
	for (size_t i = 0; i < set->count; i++) {
		struct text given = text_of(set->items[i]);
		if (given.length > name.length && given.bytes[name.length] == '=' &&
		    text_equal(text_slice(given, 0, name.length), name))
			return true;
	}
	return false;
}

/* `prefix`: "", "targets.2.". */
static void add_param(struct printing *p, const char *prefix, const struct param *param)
{
	struct buf name = buf_make(BUF_LIMIT_REPORT), value = buf_make(BUF_LIMIT_REPORT);
	buf_printf(&name, "%sparams.", prefix);
	buf_add(&name, param->name);
	literal_add(&value, &param->value);
	add(p, buf_string(&name), &value, is_set(p, param->name) ? "--set" : "policy");
	buf_release(&name);
}

static void add_params(struct printing *p)
{
	const struct policy *policy = p->config->policy;
	for (size_t i = 0; i < policy->param_count; i++)
		add_param(p, "", &policy->params[i]);
}

/* Of a policy that has `targets`: each may have values of its own. */
static void add_own_params(struct printing *p, const char *prefix, const struct gate_target *target)
{
	struct buf name = buf_make(BUF_LIMIT_REPORT);
	buf_printf(&name, "%s.", prefix);
	for (size_t s = 0; p->config->policy->has_targets && s < target->params_count; s++)
		for (size_t i = 0; i < target->params[s].count; i++)
			add_param(p, buf_string(&name), &target->params[s].items[i]);
	buf_release(&name);
}

/* ---- targets ---------------------------------------------------------------------------------------------------- */

/* "rag"; an id that a URL gives isn't a name: "c9 (id)". */
static void add_chain(struct printing *p, const char *prefix, struct text chain, bool is_id, enum target_kind of,
		      const char *origin)
{
	struct buf name = buf_make(BUF_LIMIT_REPORT), value = buf_make(BUF_LIMIT_REPORT);
	buf_printf(&name, "%s.%s", prefix, target_kind_name(of));
	buf_printf(&value, "%.*s%s", TEXT_ARG(chain), is_id ? " (id)" : "");
	if (chain.length)
		add(p, buf_string(&name), &value, origin);
	buf_release(&name);
	buf_release(&value);
}

static void add_selection(struct printing *p, const char *prefix, const struct selector *selector, const char *origin)
{
	struct buf name = buf_make(BUF_LIMIT_REPORT), value = buf_make(BUF_LIMIT_REPORT);
	switch (selector->kind) {
	case SELECT_NOTHING: break;
	case SELECT_DEPLOYMENT: buf_add_string(&value, "deployment "); break;
	case SELECT_ENVIRONMENT: buf_add_string(&value, "environment "); break;
	case SELECT_LATEST: buf_add_string(&value, "latest"); break;
	case SELECT_ALL: buf_add_string(&value, "all"); break;
	}
	buf_add(&value, selector->value);
	if (selector->role != ROLE_ANY)
		buf_printf(&value, ", %s", environment_role_name(selector->role));
	if (selector->expected.length) {
		buf_add_string(&value, ", expecting deployment ");
		buf_add(&value, selector->expected);
	}
	if (selector->since.kind == SINCE_MOMENT) {
		buf_add_string(&value, ", since ");
		moment_add(&value, selector->since.ns, false);
	}
	buf_printf(&name, "%s.select", prefix);
	add(p, buf_string(&name), &value, origin);
	buf_release(&name);
}

/* The option that selects deployments; "policy" if none was given. */
static const char *selection_origin(const struct printing *p)
{
	static const enum option_id selecting[] = {
		OPTION_DEPLOYMENT, OPTION_ENVIRONMENT,       OPTION_LATEST, OPTION_ALL_DEPLOYMENTS,
		OPTION_ROLE,       OPTION_EXPECT_DEPLOYMENT, OPTION_SINCE};
	for (size_t i = 0; i < sizeof(selecting) / sizeof(selecting[0]); i++)
		if (option_is_given(p->config->line, selecting[i]))
			return p->config->line->options[selecting[i]].spelling;
	return "policy";
}

/* If a target has its own timeout: the shorter of that and the run's. */
static void add_own_timeout(struct printing *p, const char *prefix, size_t index)
{
	const struct policy *policy = p->config->policy;
	int64_t own_ns = policy->targets[policy->has_targets ? index : 0].timeout_ns,
		ns = p->config->plan->targets[index].timeout_ns;
	struct buf name = buf_make(100);
	buf_printf(&name, "%s.timeout", prefix);
	if (own_ns != TARGET_TIMEOUT_NONE)
		add_duration(p, buf_string(&name), ns,
			     ns == own_ns ? "policy" : origin_of(p, OPTION_TIMEOUT, "policy"));
	buf_clear(&name);
	buf_printf(&name, "%s.stable_for", prefix);
	if (own_ns == 0 && p->config->plan->wait.timeout_ns)
		add_duration(p, buf_string(&name), 0, "timeout 0s");
	buf_release(&name);
}

/* A variable's chain doesn't replace the policy's if an earlier gate wrote it. */
static const char *chain_origin(const struct printing *p, const struct gate_target *target)
{
	const enum option_id naming[] = {OPTION_CHAINS, OPTION_MODEL};
	for (size_t i = 0; i < 2; i++)
		if (option_is_given(p->config->line, naming[i]) && p->config->line->options[naming[i]].count == 1 &&
		    p->config->line->options[naming[i]].spelling[0] != '-' && !p->config->policy->has_targets &&
		    text_equal(target->chain, p->config->policy->targets[0].chain))
			return "policy";
	return origin_of(p, OPTION_CHAINS, origin_of(p, OPTION_ALL_CHAINS, origin_of(p, OPTION_MODEL, "policy")));
}

static void add_targets(struct printing *p)
{
	for (size_t i = 0; i < p->config->plan->target_count; i++) {
		const struct gate_target *target = &p->config->plan->targets[i];
		struct buf prefix = buf_make(BUF_LIMIT_REPORT), name = buf_make(BUF_LIMIT_REPORT);
		if (p->config->plan->target_count > 1)
			buf_printf(&prefix, "targets.%zu", i + 1);
		else
			buf_add_string(&prefix, "target");
		buf_printf(&name, "%s.name", buf_string(&prefix));
		add_text(p, buf_string(&name), target->name,
			 p->config->policy->has_targets ? "policy" : "from the selection");
		add_chain(p, buf_string(&prefix), target->chain, target->chain_is_id, target->selector.of,
			  chain_origin(p, target));
		add_selection(p, buf_string(&prefix), &target->selector, selection_origin(p));
		add_own_timeout(p, buf_string(&prefix), i);
		add_own_params(p, buf_string(&prefix), target);
		struct buf count = buf_make(100);
		buf_printf(&count, "%zu", target->rule_count);
		buf_clear(&name);
		buf_printf(&name, "%s.rules", buf_string(&prefix));
		add(p, buf_string(&name), &count, "policy");
		if (target->baseline.given) {
			const char *origin = origin_of(p, OPTION_BASELINE_ENVIRONMENT, "policy");
			buf_add_string(&prefix, ".baseline");
			add_chain(p, buf_string(&prefix), target->baseline.chain, target->baseline.chain_is_id,
				  target->baseline.selector.of, origin);
			add_selection(p, buf_string(&prefix), &target->baseline.selector, origin);
		}
		buf_release(&prefix);
		buf_release(&name);
	}
}

/* ---- the rest --------------------------------------------------------------------------------------------------- */

static void add_connection(struct printing *p)
{
	const struct net_options *net = p->config->connection;
	struct buf number = buf_make(100);
	add_text(p, "api-url", text_of(net->base_url), p->config->origins->url);
	add_text(p, "api key", TEXT("found, and not shown"), p->config->origins->key);
	add_text(p, "auth-scheme", net->scheme == AUTH_BEARER ? TEXT("bearer") : TEXT("api-key"),
		 origin_of(p, OPTION_AUTH_SCHEME, "default"));
	add_text(p, "ca-file", net->ca_file ? text_of(net->ca_file) : TEXT("the system's certificates"),
		 origin_of(p, OPTION_CA_FILE, "default"));
	buf_printf(&number, "%d", net->requests_per_second);
	add(p, "max-rps", &number, origin_of(p, OPTION_MAX_RPS, "default"));
	number = buf_make(100);
	buf_printf(&number, "%zu byte%s", net->body_max, text_plural(net->body_max));
	add(p, "max-body", &number, origin_of(p, OPTION_MAX_BODY, "default"));
}

static void add_outputs(struct printing *p)
{
	static const enum option_id choices[] = {OPTION_PROGRESS, OPTION_COLOR};
	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		const char *value = option_value(p->config->line, choices[i]);
		add_text(p, option_rows()[choices[i]].name, value ? text_of(value) : TEXT("auto"),
			 origin_of(p, choices[i], "default"));
	}
	static const enum option_id flags[] = {OPTION_QUIET, OPTION_VERBOSE, OPTION_REPORT_ONLY, OPTION_NO_SANDBOX};
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		add_text(p, option_rows()[flags[i]].name,
			 option_is_given(p->config->line, flags[i]) ? TEXT("true") : TEXT("false"),
			 origin_of(p, flags[i], "default"));
	for (size_t i = 0; i < p->config->orders->count; i++) {
		struct buf value = buf_make(BUF_LIMIT_REPORT);
		buf_printf(&value, "%s to %s", report_format_name(p->config->orders->items[i].format),
			   p->config->orders->items[i].path);
		add(p, "report", &value, "command line");
	}
	if (p->config->orders->recording)
		add_text(p, "record", text_of(p->config->orders->recording), "--record");
}

void print_config(struct buf *buf, const struct config *config)
{
	struct printing p = {buf, config};
	for (size_t i = 0; i < config->line->operand_count; i++)
		add_text(&p, "policy", text_of(config->line->operands[i]), "command line");
	if (config->line->operand_count == 0)
		add_text(&p, "policy", TEXT(POLICY_BUILTIN_NAME), "default");
	add_text(&p, "policy.name", config->policy->name, "policy");
	add_params(&p);
	add_targets(&p);
	if (option_is_given(config->line, OPTION_SHARD))
		add_text(&p, "shard", text_of(option_value(config->line, OPTION_SHARD)),
			 origin_of(&p, OPTION_SHARD, "default"));
	add_waits(&p);
	add_connection(&p);
	add_outputs(&p);
}
