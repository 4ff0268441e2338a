/* test_rule_remedies.c - words of other languages, and of people who guess, lead to the words of ours. */
#include "chaingate/rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena memory;

static int clean(void **state)
{
	(void)state;
	arena_release(&memory);
	return 0;
}

/* The hint of the first mistake of a rule; empty if it has none. */
static const char *hint_of(const char *words)
{
	static const struct rule_context context = {.has_baseline = true};
	struct diags diags = {.arena = &memory};
	struct excerpt *excerpt = ARENA_NEW(&memory, struct excerpt);
	*excerpt = excerpt_of(source_make(&memory, "rule", text_of(words)));
	if (rule_parse(&memory, excerpt, &context, &diags))
		return "";
	return diags.first->hint ? diags.first->hint : "";
}

/* Each of the words, divided by spaces, in the place of the # of a rule, gives a hint with this in it. */
static const struct {
	const char *rule, *words, *hint;
} rows[] = {
	{"# >= 2",
	 "replicas readyReplicas availableReplicas replica_count active_replicas ready_replicas current_replicas",
	 "active_replica_count"},
	{"# == \"H100\"",
	 "instance_type instance machine gpu gpu_type gpus gpu_count gpu_name gpu_memory vram accelerator",
	 "instance_type_name"},
	{"# > 2", "concurrency", "concurrency_target"},
	{"# > 2", "utilization", "target_utilization_percentage"},
	{"# == \"a\"", "env", "is environment"},
	{"# == true", "promoting", "environment.promoting"},
	{"# == true", "redeploys redeploy_on_promotion", "environment.redeploys"},
	{"# == \"a\"", "state", "is status"},
	{"# > 2", "created", "age"},
	{"# > 2", "uptime", "status_for"},
	{"# == \"a\"", "chain", "chain_id"},
	{"# == \"a\"", "model", "model_id"},
	{"# == \"a\"", "label labels tag tags", "label.team"},
	{"# == true", "development", "is_development"},
	{"# < 2", "p50 p90 p95 p99 latency error_rate errors requests throughput qps rps cpu memory", "no metrics"},
	{"# > 2", "avg average mean", "sum(min_replica of chainlets) / count(chainlets)"},
	{"# > 2", "len", "count(chainlets)"},
	{"min_replica >= #", "baseline", "baseline.min_replica"},
	{"# > 2", "chainlets deployments", "count("},
	{"created_at > #", "now today", "age"},
	{"min_replica >= #", "one two three four five ten", "digits"},

	{"#(x) > 2",
	 "rate irate increase avg_over_time max_over_time min_over_time sum_over_time histogram_quantile quantile "
	 "count_over_time",
	 "no metrics"},
	{"#(chainlets)", "every", "all chainlets ACTIVE"},
	{"#(chainlets)", "some", "any chainlet UNHEALTHY"},
	{"chainlets.#(x)", "all every", "all chainlets ACTIVE"},
	{"chainlets.#(x)", "any some", "any chainlet UNHEALTHY"},
	{"#(x)", "select filter", "where"},
	{"#(x)", "defined is_null not_null", "is null"},
	{"#(x)", "default coalesce", "is null or"},
	{"#(x)", "success failure always cancelled", "what the API shows"},
	{"#(x) > 2", "size length len", "count(chainlets)"},
	{"#(x)", "exists absent present", "any chainlet"},
	{"#(x) > 2", "foo abs round", "only functions"},
	{"all chainlets have status in#", "(ACTIVE)", "brackets"},

	{"all chainlets ACTIVE # 5m", "for hold", "hold: 5m"},
	{"all chainlets ACTIVE # 5m", "within", "within: 10m"},
	{"all chainlets ACTIVE # 5m", "during", "during: 10m"},
	{"all chainlets ACTIVE # 5m", "tolerate", "tolerate: 30s"},
	{"all chainlets ACTIVE # x", "when", "when: "},
	{"all chainlets ACTIVE # x", "if implies then", "where name == \"Gate\""},
	{"all chainlets ACTIVE # x", "unless", "where name != \"Gate\""},
	{"name # \"x\"", "contains includes", "like \"*text*\""},
	{"name # \"x\"", "starts starts_with startswith", "like \"text*\""},
	{"name # \"x\"", "ends ends_with endswith", "like \"*text\""},
	{"min_replica # 2", "between", "two comparisons"},
	{"min_replica # 2", "greater more above over", "write >"},
	{"min_replica # 2", "less fewer below under", "write <"},
	{"min_replica is # 2", "greater more above over", "write >"},
	{"min_replica is # 2", "less fewer below under", "write <"},
	{"age > 2 #", "day days week weeks", "24h"},
	{"age > 2 #", "h hour hours", "directly after its number: 2h"},
	{"age > 2 #", "m min mins minute minutes", "directly after its number: 2m"},
	{"age > 2 #", "s sec secs second seconds", "directly after its number: 2s"},
	{"age > 2 #", "ms milliseconds", "directly after its number: 2ms"},
	{"min_replica # 2", "equals eq", "write =="},
	{"min_replica >= max_replica * 20 #", "percent", "percent sign"},
	{"all chainlets # min_replica > 0 are ACTIVE", "with that which whose having", "where min_replica > 0"},
	{"all chainlets # \"Gate\" are ACTIVE", "named called", "where name == \"Gate\""},
	{"all chainlets # \"Gate\" are ACTIVE", "except excluding without but", "where name != \"Gate\""},
	{"all chainlets ACTIVE # Gate", "except excluding without but", "where name != \"Gate\""},
	{"all chainlets ACTIVE # name != \"Gate\"", "where with whose", "write where before"},
	{"min_replica >= 2 # name != \"Gate\"", "where with whose", "write where before"},
	{"all chainlets # be ACTIVE", "must should will shall", "what must be"},

	{"all chainlets #", "healthy ok running up", "ready, or ACTIVE"},
	{"all chainlets #", "unready not_ready", "not ready"},
	{"all chainlets #", "not_failed", "not failed"},
	{"any chainlet #", "error errored", "failed, or FAILED"},
	{"# chainlets ACTIVE", "every each", "write all"},
	{"# chainlet ACTIVE", "some", "write any"},
	{"# chainlet FAILED", "none", "write no"},
	{"# 2 chainlets ACTIVE", "only", "exactly"},
	{"# than 2 chainlets ACTIVE", "more", "at least"},
	{"# than 2 chainlets ACTIVE", "less fewer", "at most"},
};

static void each_word_leads_to_ours(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		for (const char *word = rows[i].words; *word;) {
			size_t length = strcspn(word, " "), before = strcspn(rows[i].rule, "#");
			const char *rule = arena_printf(&memory, "%.*s%.*s%s", (int)before, rows[i].rule, (int)length,
							word, rows[i].rule + before + 1);
			if (!strstr(hint_of(rule), rows[i].hint)) {
				print_error("%s: no \"%s\" in: %s\n", rule, rows[i].hint, hint_of(rule));
				wrong++;
			}
			word += length + (word[length] == ' ');
		}
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(each_word_leads_to_ours, clean),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
