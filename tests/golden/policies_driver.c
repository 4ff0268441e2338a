/* policies_driver.c - loads the policies in tests/golden/policies (.yaml), and compares the result.
 *
 * Below the line `# ---` the computed result is written as comments: each diagnostic with its line, column, code,
 * message and help; or the loaded policy. Above it, a line that begins with `#!` is a part of the command line:
 *
 *     #! set replicas=3
 *     #! baseline production
 *     #! with FILE            joined with this file of tests/golden/policies/with
 *
 * Run it from the project's root. With UPDATE_GOLDEN=1 it rewrites the files.
 */
#include "advice.h"
#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/policy.h"
#include "chaingate/times.h"
#include "golden.h"

#include <stdio.h>
#include <string.h>

#define FOLDER "tests/golden/policies"
#define MARK "# ---\n"
#define SETTINGS_MAX 8
#define POLICIES_MAX 4

struct orders {
	struct policy_setting settings[SETTINGS_MAX];
	struct policy_baseline baseline;
	struct policy_request request;
	const char *with[POLICIES_MAX];
	size_t with_count;
};

static struct arena memory;

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static void read_set(struct orders *orders, struct text value)
{
	size_t equals = 0;
	while (equals < value.length && value.bytes[equals] != '=')
		equals++;
	struct policy_setting *setting = &orders->settings[orders->request.setting_count++];
	setting->name = text_slice(value, 0, equals);
	setting->value = (struct excerpt){.source = source_make(&memory, "<--set>", value),
					  .text = text_slice(value, equals + 1, value.length),
					  .start = equals + 1};
}

static void read_order(struct orders *orders, struct text order)
{
	if (text_starts_with(order, "set ")) {
		read_set(orders, text_slice(order, 4, order.length));
	} else if (text_starts_with(order, "baseline ")) {
		orders->baseline = (struct policy_baseline){.given = true,
							    .selector = {.kind = SELECT_ENVIRONMENT,
									 .value = text_slice(order, 9, order.length),
									 .since.kind = SINCE_ANY}};
		orders->request.baseline = &orders->baseline;
	} else if (text_starts_with(order, "with ")) {
		orders->with[orders->with_count++] =
			arena_printf(&memory, "%s/with/%.*s", FOLDER, (int)(order.length - 5), order.bytes + 5);
	} else {
		golden_die("no such order", order);
	}
}

static void read_orders(struct orders *orders, struct text text)
{
	orders->request.settings = orders->settings;
	while (text.length) {
		size_t end = 0;
		while (end < text.length && text.bytes[end] != '\n')
			end++;
		struct text line = text_slice(text, 0, end);
		if (text_starts_with(line, "#! "))
			read_order(orders, text_slice(line, 3, line.length));
		text = text_slice(text, end + 1, text.length);
	}
}

/* ---- results ---------------------------------------------------------------------------------------------------- */

static void add_duration(struct buf *out, const char *name, int64_t ns, int64_t usual_ns)
{
	if (ns == usual_ns)
		return;
	buf_printf(out, " %s ", name);
	duration_add(out, ns);
}

static void add_selector(struct buf *out, const struct selector *selector)
{
	static const char *const kinds[] = {[SELECT_NOTHING] = "nothing",
					    [SELECT_DEPLOYMENT] = "deployment",
					    [SELECT_ENVIRONMENT] = "environment",
					    [SELECT_LATEST] = "latest",
					    [SELECT_ALL] = "all"};
	static const char *const sinces[] = {[SINCE_NOT_GIVEN] = "",
					     [SINCE_ANY] = " since any",
					     [SINCE_MOMENT] = " since a moment",
					     [SINCE_AGO] = " since ago"};
	buf_printf(out, "%s %.*s%s", kinds[selector->kind], TEXT_ARG(selector->value), sinces[selector->since.kind]);
	if (selector->role != ROLE_ANY)
		buf_printf(out, " %s", environment_role_name(selector->role));
	if (selector->expected.length)
		buf_printf(out, " expecting %.*s", TEXT_ARG(selector->expected));
}

static void add_wait(struct buf *out, const struct policy_wait *wait)
{
	struct policy_wait usual = policy_wait_default();
	buf_add_string(out, "# wait");
	add_duration(out, "timeout", wait->timeout_ns, usual.timeout_ns);
	add_duration(out, "interval", wait->interval_ns, usual.interval_ns);
	add_duration(out, "stable_for", wait->stable_for_ns, usual.stable_for_ns);
	for (int i = 0; i < STATUS_COUNT; i++)
		add_duration(out, status_name((enum status)i), wait->stable_for_status_ns[i],
			     usual.stable_for_status_ns[i]);
	add_duration(out, "discover_for", wait->discover_for_ns, usual.discover_for_ns);
	add_duration(out, "unreachable_after", wait->unreachable_after_ns, usual.unreachable_after_ns);
	buf_add_string(out, wait->fail_fast ? "\n" : " not fail_fast\n");
}

static void add_rule(struct buf *out, const struct policy_rule *rule)
{
	static const char *const fallbacks[] = {"", "unknown", "pass", "fail", "skip"};
	buf_printf(out, "#   %s '%.*s' %zu", rule->kind == RULE_NEVER ? "never" : "assert", TEXT_ARG(rule->name),
		   rule->line);
	if (rule->severity == SEVERITY_WARNING)
		buf_add_string(out, " warning");
	add_duration(out, "within", rule->within_ns, 0);
	add_duration(out, "hold", rule->hold_ns, 0);
	add_duration(out, "tolerate", rule->tolerate_ns, 0);
	add_duration(out, "during", rule->during_ns, 0);
	if (rule->if_empty)
		buf_printf(out, " if_empty %s", fallbacks[rule->if_empty]);
	if (rule->if_missing)
		buf_printf(out, " if_missing %s", fallbacks[rule->if_missing]);
	buf_add_string(out, ": ");
	rule_print(out, rule->expression);
	if (rule->when) {
		buf_add_string(out, " when ");
		rule_print(out, rule->when);
	}
	if (rule->message.length)
		buf_printf(out, " (%zu bytes of message)", rule->message.length);
	buf_add_byte(out, '\n');
}

static void add_pasted(struct buf *out, enum target_kind of, struct text pasted, struct text from)
{
	if (pasted.length)
		buf_printf(out, " of the %s '%.*s' at %.*s", target_kind_name(of), TEXT_ARG(pasted), TEXT_ARG(from));
}

static void add_policy(struct buf *out, const struct policy *policy)
{
	buf_printf(out, "# policy '%.*s'\n", TEXT_ARG(policy->name));
	add_wait(out, &policy->wait);
	for (size_t i = 0; i < policy->param_count; i++) {
		buf_printf(out, "# param %.*s ", TEXT_ARG(policy->params[i].name));
		literal_add(out, &policy->params[i].value);
		buf_add_byte(out, '\n');
	}
	for (size_t i = 0; i < policy->target_count; i++) {
		const struct policy_target *target = &policy->targets[i];
		buf_printf(out, "# target '%.*s' %s '%.*s' ", TEXT_ARG(target->name),
			   target_kind_name(target->selector.of), TEXT_ARG(target->chain));
		buf_add_string(out, target->chain_is_id ? "(an id) " : "");
		add_selector(out, &target->selector);
		add_pasted(out, target->pasted_of, target->pasted, target->pasted_from);
		add_duration(out, "timeout", target->timeout_ns, TARGET_TIMEOUT_NONE);
		buf_add_string(out, target->fail_on_superseded ? " fails when superseded" : "");
		if (target->baseline.given) {
			const struct policy_baseline *baseline = &target->baseline;
			buf_printf(out, " baseline '%.*s' ", TEXT_ARG(baseline->chain));
			add_selector(out, &baseline->selector);
			add_pasted(out, baseline->pasted_of, baseline->pasted, baseline->pasted_from);
		}
		buf_add_byte(out, '\n');
		for (size_t j = 0; j < target->rule_count; j++)
			add_rule(out, &target->rules[j]);
	}
}

/* ---- advice ------------------------------------------------------------------------------------------------------ */

/* Advice without a text to write. */
static struct advice_in_words in_words[] = {
	{"use it in a rule as $*", false},
	{"leave the parameter out", false},
	{"write below rules: what must hold, each with a dash: - all chainlets ACTIVE", false},
	{"parameters and their defaults are under params: in the policy", false},
	{"--baseline-environment to the command line", false},
	{"ACTIVE means serving, the class failed contains all failures", false},
	{"a key has a similar name: assert", false},
	{"a key has a similar name: wait", false},
	{"a longer stable_for", false},
	{"as the baseline", false},
	{"write a longer stable_for", false},
	{"a never is watched from the first poll on", false},
	{"a never is watched from the first poll on, so it can have tolerate and during", false},
	{"a status has a similar name: ACTIVE", false},
	{"a text in quotes", false},
	{"a text that begins with '!' must be in quotes", false},
	{"add baseline: to the policy", false},
	{"add since: 30m", false},
	{"an assert is judged once the target is stable, so it can have within, hold and tolerate", false},
	{"begin with version: 1, and write below rules: what must hold", false},
	{"chaingate explain lists the fields", false},
	{"chaingate explain lists the statuses", false},
	{"compare it with something: ==, !=, <, <=, >, >=, in, is null", false},
	{"compare with baseline.…", false},
	{"give one of them a name that doesn't begin with *", false},
	{"give one of them another name", false},
	{"give the baseline a *", false},
	{"interval shorter", false},
	{"it is a key of target", false},
	{"it is judged when something is there and nothing is in progress: look at the values again", false},
	{"it must be at least 100ms", false},
	{"it must be at most 168h", false},
	{"join their values", false},
	{"leave 'chain' out of the baseline: then each chain is compared with its own deployment", false},
	{"leave 'chain' out: then each chain is compared with its own deployment", false},
	{"leave it out", false},
	{"leave it out: only a deployment picked by latest can be superseded", false},
	{"leave one of them out", false},
	{"leave out 'chain' there for the target's own", false},
	{"leave out 'model' there for the target's own", false},
	{"leave out the severity of at least one", false},
	{"leave role out", false},
	{"leave the key out instead", false},
	{"leave the rule out", false},
	{"leave the tag out", false},
	{"leave when out", false},
	{"look at target and at this again", false},
	{"look at the operators and the values again", false},
	{"make stable_for longer", false},
	{"make target one of the targets", false},
	{"make the timeout longer than *", false},
	{"make two rules of it", false},
	{"move it to the wait of the policy: a target can only have its own timeout", false},
	{"only a rule that ranges over chainlets or deployments can have an empty selection", false},
	{"put strings in quotes", false},
	{"put the second document into a file of its own", false},
	{"put the whole rule in quotes", false},
	{"remove the line '---'", false},
	{"rules put $ before it", false},
	{"select by environment: NAME", false},
	{"select the baseline by environment or latest: then each chain has its own", false},
	{"select another deployment as the target", false},
	{"since: any to judge older deployments, too", false},
	{"the keys are name, assert, never, severity, message, within, hold, tolerate, during, when, if_empty and "
	 "if_missing",
	 false},
	{"the keys are version, name, description, target, targets, baseline, params, wait and rules", false},
	{"to judge only some chainlets, write *", false},
	{"use an alias for the whole value", false},
	{"write an assert, which is judged once all is stable", false},
	{"write it as a mapping with within: *", false},
	{"leave it out: there is *", false},
	{"write name: with the name, and below it assert: with the rule", false},
	{"write never for what must not happen (never: any chainlet UNHEALTHY), and assert for what must", false},
	{"write role: current", false},
	{"write the keys out", false},
	{"write the percent sign directly after its number: 20%", false},
	{"write unknown, skip or fail", false},
	{"write what must hold, such as all chainlets ACTIVE", false},
	{"write what must hold: - all chainlets ACTIVE", false},
};

static void read_policy(void *closure, struct text text, struct diags *diags)
{
	struct orders *orders = closure;
	const struct source *source = source_make(&memory, "<advised>", text);
	const struct policy *policy = policy_load(&memory, source, &orders->request, diags);
	if (policy)
		policy_suspect(policy, diags);
}

static struct advice advice = {
	.arena = &memory,
	.read = read_policy,
	.in_words = in_words,
	.in_words_count = sizeof(in_words) / sizeof(in_words[0]),
};

static void run_file(const char *path, struct text text)
{
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	struct orders orders = {0};
	struct diags diags = {.arena = &memory};
	const struct policy *policies[POLICIES_MAX + 1];
	const char *mark = strstr(text.bytes, MARK);
	struct text own = mark ? (struct text){text.bytes, (size_t)(mark - text.bytes)} : text;
	read_orders(&orders, own);
	const struct source *source = source_make(&memory, strrchr(path, '/') + 1, own);
	const struct policy *policy = policies[0] = policy_load(&memory, source, &orders.request, &diags);
	bool all = policy != NULL;
	for (size_t i = 0; i < orders.with_count; i++) {
		const struct source *other =
			source_make(&memory, strrchr(orders.with[i], '/') + 1, golden_read(&memory, orders.with[i]));
		policies[i + 1] = policy_load(&memory, other, &orders.request, &diags);
		all &= policies[i + 1] != NULL;
	}
	if (all && orders.with_count)
		policy = policy_join(&memory, policies, orders.with_count + 1, &diags);
	if (policy && all)
		policy_suspect(policy, &diags);
	buf_add(&out, own);
	buf_add_string(&out, MARK);
	golden_add_diags(&out, &diags, source);
	advice.closure = &orders;
	if (!orders.with_count)
		advice_follow(&advice, source, &diags, "# DEFECT: ", &out);
	if (policy && all)
		add_policy(&out, policy);
	for (size_t i = 0; i < orders.request.setting_count; i++)
		if (!orders.settings[i].used)
			buf_printf(&out, "# no parameter '%.*s'\n", TEXT_ARG(orders.settings[i].name));
	if ((policy == NULL) != (diags.errors > 0))
		buf_add_string(&out, "# DEFECT: refused without an error, or accepted with one\n");
	golden_compare(path, text, buf_text(&out));
	buf_release(&out);
	arena_clear(&memory);
}

int main(void)
{
	int result = golden_run(FOLDER, ".yaml", NULL, run_file);
	return advice_unused(&advice) ? 1 : result;
}
