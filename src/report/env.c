/* env.c - the verdict as KEY=value lines, for the variables of CI systems: GitLab's dotenv, Jenkins, CircleCI,
 * Azure, Tekton.
 *
 * Some of them paste the values into a shell. So a value contains only letters, digits and ._:/+-; any other
 * character becomes an underscore. Long values are cut, so that the whole stays under GitLab's limit of 5 KiB.
 */
#include "chaingate/report.h"

#include "digest.h"
#include "sources.h"

/* Longest value, in bytes. Nine of them, with their names, are under 5 KiB. */
#define VALUE_MAX 512

static void add_value(struct buf *buf, const char *name, struct text value)
{
	buf_printf(buf, "CHAINGATE_%s=", name);
	for (size_t i = 0; i < value.length && i < VALUE_MAX; i++) {
		char byte = value.bytes[i];
		bool plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
			     (byte >= '0' && byte <= '9') || byte == '.' || byte == '_' || byte == ':' || byte == '/' ||
			     byte == '+' || byte == '-';
		buf_add_byte(buf, plain ? byte : '_');
	}
	buf_add_byte(buf, '\n');
}

/* The chain, or the model, of all targets; empty if they have different ones or none is known, so that nobody mistakes
 * one for another, or a model for a chain. Empty, too, if the list of chains decided what the targets are, though it
 * was only one chain: a CI system gives these variables to the next gate, which would judge this chain instead of all
 * that it means. */
static struct text only_one(const struct report *report, const struct gate_result *gate, enum target_kind kind)
{
	if (report->fleet)
		return (struct text){0};
	for (size_t t = 0; t < gate->target_count; t++)
		if (gate->targets[t].target->selector.of != kind ||
		    !text_equal(gate->targets[t].chain_id, gate->targets->chain_id))
			return (struct text){0};
	return gate->target_count ? gate->targets->chain_id : (struct text){0};
}

static bool has_models(const struct gate_result *gate)
{
	for (size_t t = 0; t < gate->target_count; t++)
		if (gate->targets[t].target->selector.of == TARGET_MODEL)
			return true;
	return false;
}

/* Appends the ids, separated by colons, because a comma isn't an allowed character. Returns how many there are. */
static size_t add_deployments(struct buf *buf, const struct gate_result *gate)
{
	size_t count = 0;
	for (size_t t = 0; t < gate->target_count; t++)
		for (size_t i = 0; i < gate->targets[t].deployment_count; i++) {
			buf_add_string(buf, count++ ? ":" : "");
			buf_add(buf, gate->targets[t].deployment_ids[i]);
		}
	return count;
}

static size_t failed_rules(const struct gate_result *gate)
{
	size_t count = 0;
	for (size_t t = 0; t < gate->target_count; t++)
		for (size_t i = 0; i < gate->targets[t].target->rule_count; i++)
			count += gate->targets[t].rules[i].decides && gate->targets[t].rules[i].outcome == RULE_FAIL;
	return count;
}

/* The digest of the policy's file; empty if there are several files, or if it couldn't be read. */
static void add_policy(struct buf *buf, const struct report *report)
{
	struct arena arena = {0};
	const struct source *const *sources;
	char letters[DIGEST_LETTERS + 1] = "";
	if (report->policy_digest)
		add_value(buf, "POLICY_SHA256", text_of(report->policy_digest));
	if (report->policy_digest)
		return;
	if (report->policy_count == 1 && policy_sources(&arena, report->policies[0], &sources) == 1)
		digest_make(sources[0]->text, letters);
	add_value(buf, "POLICY_SHA256", text_of(letters));
	arena_release(&arena);
}

bool report_env(struct buf *buf, const struct report *report)
{
	static const struct gate_result nothing = {0};
	const struct gate_result *gate = report->gate ? report->gate : &nothing;
	struct buf ids = buf_make(BUF_LIMIT_REPORT), number = buf_make(BUF_LIMIT_REPORT);
	size_t count = add_deployments(&ids, gate);
	add_value(
		buf, "VERDICT",
		text_of(report->is_empty && report->exit == GATE_EXIT_PASSED ? REPORT_EMPTY : exit_name(report->exit)));
	buf_printf(buf, "CHAINGATE_EXIT=%d\n", (int)report->exit);
	add_value(buf, "CHAIN", only_one(report, gate, TARGET_CHAIN));
	if (has_models(gate)) /* known only where there is one: variables of chains' gates stay as they were */
		add_value(buf, "MODEL", only_one(report, gate, TARGET_MODEL));
	add_value(buf, "DEPLOYMENT", count == 1 && !report->fleet ? buf_text(&ids) : (struct text){0});
	add_value(buf, "DEPLOYMENTS", buf_text(&ids));
	buf_printf(buf, "CHAINGATE_FAILED_RULES=%zu\n", failed_rules(gate));
	buf_printf(&number, "%lld.%03lld", (long long)(report->took_ns / NS_PER_S),
		   (long long)(report->took_ns % NS_PER_S / NS_PER_MS));
	add_value(buf, "SECONDS", buf_text(&number));
	add_policy(buf, report);
	buf_release(&ids);
	buf_release(&number);
	return !buf->overflowed;
}
