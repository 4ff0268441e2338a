/* fuzz_options.c - any bytes as a command line: the first byte chooses the command, the rest are its words, a line each.
 * What is accepted can be written down in one form, and reading that gives the same. For `check`, the command line with
 * a policy makes a plan, or is refused. */
#include "demand.h"

#include "../../src/cli/command.h"
#include "../../src/cli/options.h"
#include "../../src/cli/orders.h"
#include "../../src/cli/plan_read.h"
#include "../../src/cli/wanted.h"
#include "chaingate/buf.h"
#include "chaingate/policy.h"

#include <string.h>

/* More words aren't more interesting, and the parser's work for each is the same. */
enum { WORDS_MAX = 64 };

struct words {
	char *items[WORDS_MAX + OPTION_COUNT + 1]; /* written down: one word may have had several letters; and "--" */
	int count;
};

static void split(struct arena *arena, const uint8_t *data, size_t size, struct words *out)
{
	struct text rest = {(const char *)data, size};
	out->count = 0;
	while (rest.length > 0 && out->count < WORDS_MAX) {
		size_t length = 0;
		while (length < rest.length && rest.bytes[length] != '\n' && rest.bytes[length] != '\0')
			length++;
		char *word = arena_alloc(arena, length + 1);
		memcpy(word, rest.bytes, length);
		out->items[out->count++] = word;
		length += length < rest.length;
		rest = (struct text){rest.bytes + length, rest.length - length};
	}
}

static void read_line(struct arena *arena, const struct command *command, const struct words *words,
		      struct diags *diags, struct command_line *out)
{
	*diags = (struct diags){.arena = arena};
	*out = (struct command_line){.operands = NULL};
	command_line_parse(arena, all_commands(), command->set, command->name, words->count, words->items, diags, out);
	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		demand(diag->message && diag->message[0]);
}

static void check_values(const struct command_line *line, const struct command *command)
{
	for (size_t id = 0; id < OPTION_COUNT; id++) {
		const struct option_row *row = &option_rows()[id];
		const struct option_values *values = &line->options[id];
		demand(values->count == 0 || (row->commands & command->set));
		demand(values->count <= 1 || row->repeatable);
		for (size_t i = 0; i < values->count; i++) {
			demand(row->argument || !values->items[i][0]);
			demand(option_accepts((enum option_id)id, values->items[i]));
		}
	}
}

static void write_line(struct arena *arena, const struct command_line *line, struct words *out)
{
	out->count = 0;
	for (size_t id = 0; id < OPTION_COUNT; id++)
		for (size_t i = 0; i < line->options[id].count; i++) {
			const struct option_row *row = &option_rows()[id];
			out->items[out->count++] =
				row->argument ? arena_printf(arena, "--%s=%s", row->name, line->options[id].items[i])
					      : arena_printf(arena, "--%s", row->name);
		}
	if (line->operand_count > 0)
		out->items[out->count++] = arena_printf(arena, "--");
	for (size_t i = 0; i < line->operand_count; i++)
		out->items[out->count++] = arena_printf(arena, "%s", line->operands[i]);
}

static void demand_same(size_t count, const char *const *items, size_t other_count, const char *const *others)
{
	demand(count == other_count);
	for (size_t i = 0; i < count; i++)
		demand(strcmp(items[i], others[i]) == 0);
}

static void check_again(struct arena *arena, const struct command *command, const struct command_line *line)
{
	struct words written;
	struct diags diags;
	struct command_line again;
	write_line(arena, line, &written);
	read_line(arena, command, &written, &diags, &again);
	demand(diags.errors == 0);
	for (size_t id = 0; id < OPTION_COUNT; id++)
		demand_same(line->options[id].count, line->options[id].items, again.options[id].count,
			    again.options[id].items);
	demand_same(line->operand_count, line->operands, again.operand_count, again.operands);
}

/* The reports aren't written: only what is asked for is read. */
static void check_plan(struct arena *arena, const struct command_line *line, size_t mistakes)
{
	static const char text[] = "version: 1\nrules: [all chainlets ACTIVE]\n";
	struct policy_request request = {.settings = NULL};
	struct diags diags = {.arena = arena};
	const struct policy *policy = policy_load(arena, source_make(arena, "policy", text_of(text)), &request, &diags);
	demand(policy);
	const struct gate_plan *plan = plan_read(arena, policy, line, 0, &diags);
	demand((plan == NULL) == (diags.errors > 0));
	if (plan && mistakes == 0) {
		demand(plan->target_count > 0);
		demand(plan->wait.timeout_ns >= 0 && plan->wait.timeout_ns <= WAIT_MAX_NS);
		demand(plan->wait.interval_ns >= WAIT_INTERVAL_MIN_NS && plan->wait.interval_ns <= WAIT_MAX_NS);
		demand(plan->wait.stable_for_ns >= 0 && plan->wait.stable_for_ns <= WAIT_MAX_NS);
		demand(plan_deadline_ns(plan) >= plan->wait.timeout_ns);
		plan_suspect(arena, policy, line, plan, &diags);
	}
	struct report_orders orders = orders_read(arena, line, NULL, 0, &diags);
	for (size_t i = 0; i < orders.count; i++)
		demand(orders.items[i].path && orders.items[i].path[0]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	struct words words;
	struct diags diags;
	struct command_line line;
	if (size == 0)
		return 0;
	const struct command *command = all_commands()->items[data[0] % all_commands()->count];
	split(&arena, data + 1, size - 1, &words);
	read_line(&arena, command, &words, &diags, &line);
	check_values(&line, command);
	if (diags.errors == 0)
		check_again(&arena, command, &line);
	if (command->set == IN_CHECK)
		check_plan(&arena, &line, diags.errors);
	arena_release(&arena);
	return 0;
}
