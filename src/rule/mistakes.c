/* mistakes.c - mistakes of people who know other languages, and what to write instead. Following a remedy gives a valid
 * rule. */
#include "checker.h"
#include "parser.h"

#define MORE_REMEDY "write >, or >= for at least"
#define LESS_REMEDY "write <, or <= for at most"
#define OTHERS_REMEDY "say which: all chainlets where name != \"Gate\" are ACTIVE"
#define EARLIER_REMEDY "write where before what must hold: all chainlets where name != \"Gate\" are ACTIVE"
#define DAYS_REMEDY "hours are the longest unit: a day is 24h"
#define THOSE_REMEDY "write where: all chainlets where min_replica > 0 are ACTIVE"
#define NAMED_REMEDY "write where: all chainlets where name == \"Gate\" are ACTIVE"
#define ALL_REMEDY "write all: all chainlets ACTIVE"
#define ANY_REMEDY "write any: any chainlet UNHEALTHY"
#define WHERE_REMEDY "write where: count(chainlets where status == ACTIVE) >= 2"
#define NULL_REMEDY "write is null or is not null: environment is not null"
#define DEFAULT_REMEDY "test it: target_utilization_percentage is null or target_utilization_percentage >= 50"
#define SEEN_REMEDY "a rule is about what the API shows: all chainlets ACTIVE"
#define MUST_REMEDY "a rule is what must be: all chainlets ACTIVE"
/* The key `when` is about everything that the rule's fields belong to, so it is only right for a condition about the
 * whole target. */
#define IF_REMEDY \
	"say which: all chainlets where name == \"Gate\" have min_replica >= 2; if it is about the whole target, it " \
	"is a " \
	"key beside the rule: assert: … and when: …"

/* Words inside a rule that have no meaning in it. */
static const struct {
	const char *word, *hint;
} foreign[] = {
	{"for", "a time is a key beside the rule: assert: … and hold: 5m"},
	{"within", "it is a key beside the rule: assert: … and within: 10m"},
	{"hold", "it is a key beside the rule: assert: … and hold: 5m"},
	{"during", "it is a key beside the rule: never: … and during: 10m"},
	{"tolerate", "it is a key beside the rule: assert: … and tolerate: 30s"},
	{"when", "it is a key beside the rule: assert: … and when: …"},
	{"where", EARLIER_REMEDY},
	{"with", EARLIER_REMEDY},
	{"whose", EARLIER_REMEDY},
	{"if", IF_REMEDY},
	{"unless",
	 "say which: all chainlets where name != \"Gate\" are ACTIVE; if it is about the whole target, it is a key "
	 "beside the rule: assert: … and when: not …"},
	{"implies", IF_REMEDY},
	{"then", IF_REMEDY},
	{"ago", AGE_REMEDY},
	{"contains", "write like \"*text*\""},
	{"includes", "write like \"*text*\""},
	{"starts", "write like \"text*\""},
	{"starts_with", "write like \"text*\""},
	{"startswith", "write like \"text*\""},
	{"ends", "write like \"*text\""},
	{"ends_with", "write like \"*text\""},
	{"endswith", "write like \"*text\""},
	{"between", "write two comparisons: min_replica >= 1 and min_replica <= 4"},
	{"greater", MORE_REMEDY},
	{"more", MORE_REMEDY},
	{"above", MORE_REMEDY},
	{"over", MORE_REMEDY},
	{"less", LESS_REMEDY},
	{"fewer", LESS_REMEDY},
	{"below", LESS_REMEDY},
	{"under", LESS_REMEDY},
	{"day", DAYS_REMEDY},
	{"days", DAYS_REMEDY},
	{"week", DAYS_REMEDY},
	{"weeks", DAYS_REMEDY},
	{"equals", "write =="},
	{"eq", "write =="},
	{"percent", "write the percent sign directly after its number: 20%"},
};

/* Units written out after a number. */
static const struct {
	const char *beginning, *unit;
} units[] = {{"ms", "ms"}, {"mill", "ms"}, {"s", "s"}, {"m", "m"}, {"h", "h"}};

static bool is_unit(struct text word, const char *beginning)
{
	static const char *const words[] = {
		"ms",  "milliseconds", "s",      "sec",     "secs", "second", "seconds", "m",
		"min", "mins",         "minute", "minutes", "h",    "hour",   "hours",   NULL};
	for (const char *const *known = words; *known; known++)
		if (text_is(word, *known))
			return text_starts_with(word, beginning);
	return false;
}

static const char *unit_remedy(struct parser *p, const struct token *number, const struct token *word)
{
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (is_unit(word->text, units[i].beginning))
			return arena_printf(p->diags->arena, "write the unit directly after its number: %.*s%s",
					    TEXT_ARG(number->text), units[i].unit);
	return NULL;
}

/* ---- wrong names of fields -------------------------------------------------------------------------------------- */

#define NO_METRICS "the API has no metrics; it has statuses, replicas and settings"

#define DIGITS_REMEDY "write numbers in digits: 2"

static const struct {
	const char *name, *hint;
} guessed[] = {
	{"replicas", "the replicas that are up are active_replica_count; the settings are min_replica and max_replica"},
	{"readyReplicas", "the replicas that are up are active_replica_count"},
	{"availableReplicas", "the replicas that are up are active_replica_count"},
	{"replica_count", "the replicas that are up are active_replica_count"},
	{"active_replicas", "the replicas that are up are active_replica_count"},
	{"ready_replicas", "the replicas that are up are active_replica_count"},
	{"current_replicas", "the replicas that are up are active_replica_count"},
	{"instance_type", "the machine is instance_type_name"},
	{"instance", "the machine is instance_type_name"},
	{"machine", "the machine is instance_type_name"},
	{"gpu", "the machine is instance_type_name: instance_type_name like \"H100*\""},
	{"gpu_type", "the machine is instance_type_name: instance_type_name like \"H100*\""},
	{"gpus", "the machine is instance_type_name: instance_type_name like \"H100*\""},
	{"gpu_count", "the machine is instance_type_name: instance_type_name like \"H100*\""},
	{"gpu_name", "the machine is instance_type_name: instance_type_name like \"H100*\""},
	{"gpu_memory", "the machine is instance_type_name: instance_type_name like \"H100*\""},
	{"vram", "the machine is instance_type_name: instance_type_name like \"H100*\""},
	{"accelerator", "the machine is instance_type_name: instance_type_name like \"H100*\""},
	{"concurrency", "the setting is concurrency_target"},
	{"utilization", "the setting is target_utilization_percentage"},
	{"env", "the field is environment"},
	{"promoting", "the field is environment.promoting"},
	{"redeploys", "the field is environment.redeploys"},
	{"redeploy_on_promotion", "the field is environment.redeploys"},
	{"state", "the field is status"},
	{"created", "the field is created_at; how long ago that was is age"},
	{"uptime", "how long a status has been seen unchanged is status_for"},
	{"chain", "the chain's id is chain_id"},
	{"model", "the model's id is model_id"},
	{"label", "write label. and its name: label.team"},
	{"labels", "write label. and its name: label.team"},
	{"tag", "a label is written label. and its name: label.team"},
	{"tags", "a label is written label. and its name: label.team"},
	{"development", "the field is is_development"},
	{"p50", NO_METRICS},
	{"p90", NO_METRICS},
	{"p95", NO_METRICS},
	{"p99", NO_METRICS},
	{"latency", NO_METRICS},
	{"error_rate", NO_METRICS},
	{"errors", NO_METRICS},
	{"requests", NO_METRICS},
	{"throughput", NO_METRICS},
	{"qps", NO_METRICS},
	{"rps", NO_METRICS},
	{"cpu", NO_METRICS},
	{"memory", NO_METRICS},
	{"avg", "there is no average: write sum(min_replica of chainlets) / count(chainlets)"},
	{"average", "there is no average: write sum(min_replica of chainlets) / count(chainlets)"},
	{"mean", "there is no average: write sum(min_replica of chainlets) / count(chainlets)"},
	{"len", "write count(chainlets)"},
	{"baseline", "write baseline. and a field, as in min_replica >= baseline.min_replica"},
	{"chainlets", "count them, as in count(chainlets) >= count(baseline chainlets)"},
	{"deployments", "count them, as in count(deployments) == 1"},
	{"now", AGE_REMEDY},
	{"today", AGE_REMEDY},
	{"one", DIGITS_REMEDY},
	{"two", DIGITS_REMEDY},
	{"three", DIGITS_REMEDY},
	{"four", DIGITS_REMEDY},
	{"five", DIGITS_REMEDY},
	{"ten", DIGITS_REMEDY},
};

const char *guessed_name_remedy(struct text name)
{
	for (size_t i = 0; i < sizeof(guessed) / sizeof(guessed[0]); i++)
		if (text_is(name, guessed[i].name))
			return guessed[i].hint;
	return NULL;
}

/* ---- unexpected tokens ------------------------------------------------------------------------------------------- */

/* Words after `is`, `more` and the like, where a comparison was meant. */
static const char *comparison_remedy(const struct token *before, const struct token *token)
{
	static const char *const signs[] = {"at",   "greater", "more",  "above", "over",
					    "less", "fewer",   "below", "under", NULL};
	static const char *const less[] = {"less", "fewer", NULL};
	if (before && is_word(token, "than"))
		return is_one_of(before, less) ? "write at most, and a number: at most 2 chainlets UNHEALTHY"
					       : "write at least, and a number: at least 3 chainlets ACTIVE";
	if (!is_link(token) || !is_one_of(&token[1], signs))
		return NULL;
	bool is_most = is_word(&token[1], "at") && is_word(&token[2], "most");
	return is_most || is_one_of(&token[1], less) || is_word(&token[1], "below") || is_word(&token[1], "under")
		       ? LESS_REMEDY
		       : MORE_REMEDY;
}

/* Functions of jq, CEL, JMESPath, PromQL, and of CI systems' expressions. */
static const struct {
	const char *name, *hint;
} functions[] = {
	{"all", ALL_REMEDY},           {"every", ALL_REMEDY},
	{"any", ANY_REMEDY},           {"some", ANY_REMEDY},
	{"select", WHERE_REMEDY},      {"filter", WHERE_REMEDY},
	{"has", NULL_REMEDY},          {"defined", NULL_REMEDY},
	{"is_null", NULL_REMEDY},      {"not_null", NULL_REMEDY},
	{"default", DEFAULT_REMEDY},   {"coalesce", DEFAULT_REMEDY},
	{"success", SEEN_REMEDY},      {"failure", SEEN_REMEDY},
	{"always", SEEN_REMEDY},       {"cancelled", SEEN_REMEDY},
	{"rate", NO_METRICS},          {"irate", NO_METRICS},
	{"increase", NO_METRICS},      {"avg_over_time", NO_METRICS},
	{"max_over_time", NO_METRICS}, {"min_over_time", NO_METRICS},
	{"sum_over_time", NO_METRICS}, {"histogram_quantile", NO_METRICS},
	{"quantile", NO_METRICS},      {"count_over_time", NO_METRICS},
};

/* Also of one that is called as a method: chainlets.all(…). */
static const char *function_remedy(struct text name)
{
	for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
		size_t length = text_of(functions[i].name).length;
		bool is_last = name.length > length && name.bytes[name.length - length - 1] == '.';
		if (text_is(name, functions[i].name) || (is_last && text_ends_with(name, functions[i].name)))
			return functions[i].hint;
	}
	return NULL;
}

/* A call of a function that other languages have. */
static const char *call_remedy(const struct token *name)
{
	static const char *const sizes[] = {"size", "length", "len", NULL};
	static const char *const ranges[] = {"exists", "absent", "present", NULL};
	static const char *const keywords[] = {"like", "matches", "where", "is",  "are",
					       "has",  "have",    "of",    "not", NULL};
	const char *hint = guessed_name_remedy(name->text);
	if (function_remedy(name->text))
		return function_remedy(name->text);
	if (is_word(name, "in"))
		return "write sets in brackets, as in [ACTIVE, UNHEALTHY]";
	if (is_one_of(name, keywords))
		return NULL;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]) && !hint; i++)
		if (text_distance(name->text, text_of(foreign[i].word)) == 0)
			hint = foreign[i].hint;
	if (is_one_of(name, sizes))
		return "write count(chainlets)";
	if (is_one_of(name, ranges))
		return "say any chainlet …, or no chainlet …";
	return hint ? hint : "the only functions are count, sum, min and max, as in count(chainlets) >= 2";
}

/* A word or a value after another, where something must be between them. */
static const char *between_remedy(struct parser *p, const struct token *before, const struct token *token)
{
	static const char *const relative[] = {"with", "that", "which", "whose", "having", NULL};
	static const char *const called[] = {"named", "called", NULL};
	static const char *const ranging[] = {"for", "forall", "foreach", "exists", NULL};
	static const char *const quantifiers[] = {"all", "any", "each", "every", NULL};
	static const char *const modal[] = {"must", "should", "will", "shall", NULL};
	static const char *const nouns[] = {"chainlet", "chainlets", "deployment", "deployments", NULL};
	if (is_one_of(before, ranging) && (is_one_of(token, nouns) || is_one_of(token, quantifiers)))
		return is_word(before, "exists") ? ANY_REMEDY : ALL_REMEDY;
	if (is_one_of(before, relative))
		return THOSE_REMEDY;
	if (is_one_of(before, called))
		return NAMED_REMEDY;
	if (is_one_of(before, modal))
		return MUST_REMEDY;
	if (before->kind == TOKEN_INTEGER && text_is(before->text, "0") && is_one_of(token, nouns))
		return "write no";
	if (before->kind == TOKEN_INTEGER && is_one_of(token, nouns))
		return arena_printf(p->diags->arena, "write exactly %.*s, or at least %.*s", TEXT_ARG(before->text),
				    TEXT_ARG(before->text));
	if (before->kind == TOKEN_WORD && token->kind == TOKEN_CAPS && field_find(before->text, true))
		return arena_printf(p->diags->arena, "write an operator between them: %.*s == %.*s",
				    TEXT_ARG(before->text), TEXT_ARG(token->text));
	return NULL;
}

/* `1,000` */
static const char *thousands_remedy(struct parser *p, const struct token *before, const struct token *token)
{
	if (!before || before->kind != TOKEN_INTEGER || token->kind != TOKEN_COMMA || token[1].kind != TOKEN_INTEGER ||
	    token[1].text.length != 3)
		return NULL;
	return arena_printf(p->arena, "write numbers without commas: %.*s%.*s", TEXT_ARG(before->text),
			    TEXT_ARG(token[1].text));
}

/* `Retriever is ACTIVE`: the name of a chainlet, at the beginning of a rule. */
static const char *name_remedy(struct parser *p, const struct token *before, const struct token *token)
{
	bool is_name = before && before->kind == TOKEN_WORD && before->from == 0 && before->text.bytes[0] >= 'A' &&
		       before->text.bytes[0] <= 'Z';
	if (!is_name || !is_link(token) || token[1].kind != TOKEN_CAPS)
		return NULL;
	return arena_printf(p->arena, "say which: all chainlets where name == \"%.*s\" are %.*s",
			    TEXT_ARG(before->text), TEXT_ARG(token[1].text));
}

const char *foreign_remedy(struct parser *p, const struct token *before)
{
	static const char *const others[] = {"except", "excluding", "without", "but", NULL};
	const struct token *token = p->token;
	const char *comparison = comparison_remedy(before, token);
	if (comparison)
		return comparison;
	if (before && is_word(before, "if"))
		return IF_REMEDY;
	if (is_one_of(token, others) || (before && is_one_of(before, others)))
		return OTHERS_REMEDY;
	if (before && is_word(before, "number") && is_word(token, "of"))
		return "write count(chainlets)";
	if (before && before->kind == TOKEN_WORD && token->kind == TOKEN_OPEN)
		return call_remedy(before);
	const char *between = before ? between_remedy(p, before, token) : NULL;
	if (between)
		return between;
	if (thousands_remedy(p, before, token))
		return thousands_remedy(p, before, token);
	if (name_remedy(p, before, token))
		return name_remedy(p, before, token);
	if (token->kind != TOKEN_WORD)
		return NULL;
	if (before && before->kind == TOKEN_INTEGER && unit_remedy(p, before, token))
		return unit_remedy(p, before, token);
	if (before && before->kind == TOKEN_PERCENT && is_word(token, "of"))
		return SHARE_REMEDY;
	if (is_link(token) && (is_word(&token[1], "missing") || is_word(&token[1], "new")))
		return is_word(&token[1], "new") ? "say no chainlet is new" : "say no baseline chainlet is missing";
	if (is_link(token) && is_word(&token[1], "not") && !is_word(&token[2], "null"))
		return "write !=";
	if (is_link(token) && token[1].kind == TOKEN_WORD && text_distance(token[1].text, TEXT("none")) == 0)
		return "write is null";
	if (is_link(token) && is_boolean(&token[1]))
		return "a condition is true by itself: write it alone, or not before it";
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		if (is_word(token, foreign[i].word))
			return foreign[i].hint;
	return NULL;
}

/* ---- words that resemble the opposite class --------------------------------------------------------------------- */

static const struct {
	const char *word, *hint;
} opposite_classes[] = {
	{"healthy", "say ready, or ACTIVE"},  {"unready", "say not ready"},
	{"not_ready", "say not ready"},       {"not_failed", "say not failed"},
	{"ok", "say ready, or ACTIVE"},       {"error", "say failed, or FAILED"},
	{"errored", "say failed, or FAILED"}, {"running", "say ready, or ACTIVE"},
	{"up", "say ready, or ACTIVE"},       {"baseline", "say all baseline chainlets …"},
};

const char *class_remedy(struct text word)
{
	for (size_t i = 0; i < sizeof(opposite_classes) / sizeof(opposite_classes[0]); i++)
		if (text_distance(word, text_of(opposite_classes[i].word)) == 0)
			return opposite_classes[i].hint;
	return NULL;
}
