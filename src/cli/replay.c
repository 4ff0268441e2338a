/* replay.c - `chaingate replay`: judges recordings again in virtual time, with the recorded policies or others. */
#include "chaingate/buf.h"
#include "chaingate/file_kind.h"
#include "chaingate/files.h"
#include "chaingate/record.h"
#include "chaingate/report.h"
#include "chaingate/target_check.h"
#include "chaingate/trial.h"
#include "command.h"
#include "ending.h"
#include "file_list.h"
#include "plan_read.h"
#include "policy_file.h"

#include <stdlib.h>
#include <string.h>

/* In a directory, only files with this ending are replayed. */
#define ENDING ".ndjson"

/* One recording. */
struct replay {
	struct invocation invocation; /* its line also has the recorded options */
	struct command_line line;
	const char *path;
	struct recording recording;
	const struct gate_plan *plan;
	bool is_sharded;       /* by --shard on today's line */
	struct driver *driver; /* NULL: nothing was judged */
	struct ending ending;
};

/* ---- the recorded command line ---------------------------------------------------------------------------------- */

static const struct option_row *find_row(const char *name)
{
	const struct option_row *rows = option_rows();
	for (int id = 0; id < OPTION_COUNT; id++)
		if (rows[id].commands & IN_REPLAY && strcmp(rows[id].name, name) == 0)
			return &rows[id];
	return NULL;
}

/* True if today's command line overrides the recorded option. --policy also overrides the recorded --set, because
 * another policy has other parameters. */
static bool is_overridden(const struct command_line *today, enum option_id id)
{
	if (option_is_selecting(id))
		return option_is_given(today, OPTION_DEPLOYMENT) || option_is_given(today, OPTION_ENVIRONMENT) ||
		       option_is_given(today, OPTION_LATEST) || option_is_given(today, OPTION_ALL_DEPLOYMENTS);
	if (option_says_chains(id))
		return option_is_given(today, OPTION_CHAINS) || option_is_given(today, OPTION_ALL_CHAINS) ||
		       option_is_given(today, OPTION_MODEL);
	if (id == OPTION_SET)
		return option_is_given(today, OPTION_POLICY);
	return option_is_given(today, id);
}

/* True if today's line sets the parameter of the recorded "NAME=VALUE". */
static bool is_set_today(const struct command_line *today, const char *recorded)
{
	const struct option_values *set = &today->options[OPTION_SET];
	size_t length = strcspn(recorded, "=") + 1;
	for (size_t i = 0; i < set->count; i++)
		if (strncmp(set->items[i], recorded, length) == 0)
			return true;
	return false;
}

static void add_value(struct arena *arena, struct option_values *values, const char *value)
{
	values->items = arena_grow(arena, values->items, values->count, &values->room, sizeof(*values->items));
	values->items[values->count++] = value;
}

/* Adds the recorded options that today's line doesn't override. */
static void merge_lines(struct replay *replay, const struct command_line *today)
{
	const struct record_header *header = &replay->recording.header;
	struct arena *arena = replay->invocation.arena;
	memset(replay->line.options, 0, sizeof(replay->line.options));
	for (size_t i = 0; i < header->option_count; i++) {
		const struct option_row *row = find_row(header->options[i].name);
		if (!row) {
			struct diags *usage = replay->invocation.usage;
			diag_hint(usage,
				  usage_error(usage,
					      "the recording '%s' was made with --%s, which this version does not know",
					      diag_value(usage, text_of(replay->path)),
					      diag_value(usage, text_of(header->options[i].name))),
				  "replay it with the version that made it");
			continue;
		}
		enum option_id id = (enum option_id)(row - option_rows());
		replay->line.options[id].spelling = arena_printf(arena, "--%s", row->name);
		if (!is_overridden(today, id) && !(id == OPTION_SET && is_set_today(today, header->options[i].value)))
			add_value(arena, &replay->line.options[id], header->options[i].value);
	}
	for (int id = 0; id < OPTION_COUNT; id++)
		for (size_t i = 0; i < today->options[id].count; i++) {
			replay->line.options[id].spelling = today->options[id].spelling;
			add_value(arena, &replay->line.options[id], today->options[id].items[i]);
		}
	replay->line.operands = (const char **)header->policies;
	replay->line.operand_count = header->policy_count;
	if (option_is_given(today, OPTION_POLICY)) {
		replay->line.operands = today->options[OPTION_POLICY].items;
		replay->line.operand_count = today->options[OPTION_POLICY].count;
	}
}

/* ---- loading ---------------------------------------------------------------------------------------------------- */

static bool load_recording(struct replay *replay)
{
	struct diags *usage = replay->invocation.usage;
	struct arena *arena = replay->invocation.arena;
	struct text content;
	const char *why, *name = diag_value(usage, text_of(replay->path));
	size_t line = 0, errors = usage->errors;
	if (!file_read(arena, replay->path, RECORD_BYTES_MAX, &content, &why))
		diag_hint(usage, usage_error(usage, "could not read the recording '%s': %s", name, why),
			  "check the path, and that the file may be read");
	else if (!record_read(arena, content, &replay->recording, &why, &line))
		diag_hint(usage, usage_error(usage, "'%s' is not a recording: line %zu: %s", name, line, why), "%s",
			  file_kind_remedy(content, FILE_KIND_RECORDING,
					   "a recording is what 'chaingate check --record PATH' writes"));
	return usage->errors == errors;
}

/* The chains that there were when the recorded run started. */
static void find_fleet(struct replay *replay)
{
	const struct record_chains *then = &replay->recording.beginning;
	struct diags *usage = replay->invocation.usage;
	replay->plan = plan_read_fleet(replay->invocation.arena, replay->ending.policy, replay->invocation.line,
				       replay->recording.header.start_wall_ns, then->listed, then->listed_count, usage);
	if (replay->plan)
		replay->ending.fleet = replay->plan->fleet;
}

/* The shard has none of the recorded chains, so there is nothing to judge. */
static bool is_empty(const struct replay *replay)
{
	return replay->plan && replay->plan->target_count == 0;
}

static void load_policies(struct replay *replay)
{
	struct invocation *invocation = &replay->invocation;
	struct ending *ending = &replay->ending;
	struct policy_request request = policy_request_read(invocation->arena, invocation->line, invocation->usage);
	for (size_t i = 0; i < replay->line.operand_count; i++) {
		if (strcmp(replay->line.operands[i], "-") != 0)
			continue;
		struct diag *diag = usage_error(invocation->usage, "the policy of '%s' was read from stdin",
						diag_value(invocation->usage, text_of(replay->path)));
		diag_hint(invocation->usage, diag, "give the policy with --policy PATH");
	}
	if (replay->line.operand_count)
		ending->policy_path = replay->line.operands[0];
	if (invocation->usage->errors == 0)
		ending->policy = policy_files_load(invocation->arena, replay->line.operands, replay->line.operand_count,
						   &request, &ending->policy_diags);
	if (!ending->policy)
		return;
	policy_request_check(invocation->arena, &request, ending->policy, invocation->usage);
	replay->plan = plan_read(invocation->arena, ending->policy, invocation->line,
				 replay->recording.header.start_wall_ns, invocation->usage);
	if (replay->plan && replay->plan->is_open && replay->recording.has_beginning) {
		find_fleet(replay);
	} else if (replay->plan && replay->is_sharded) {
		diag_hint(invocation->usage,
			  usage_error(invocation->usage, "'%s' has no list of chains, so it has no shards",
				      diag_value(invocation->usage, text_of(replay->path))),
			  "leave --shard out");
		replay->plan = NULL;
	}
	/* Warns as `check` does, so that the report is the same. */
	if (replay->plan)
		plan_suspect(invocation->arena, ending->policy, invocation->line, replay->plan, &ending->policy_diags);
}

/* Everything that is needed before judging. False if a mistake was reported. */
static bool prepare(struct replay *replay, const struct command_line *today)
{
	replay->invocation.line = &replay->line;
	replay->ending.invocation = &replay->invocation;
	replay->ending.policy_diags.arena = replay->invocation.arena;
	replay->ending.stdout_patience_ns = FD_PATIENCE_NS;
	replay->line = *today;
	/* Loads the recording even after a mistake in the command line: it names the policies, which no report may
	 * overwrite. */
	if (!load_recording(replay))
		return false;
	replay->is_sharded = option_is_given(today, OPTION_SHARD);
	merge_lines(replay, today);
	replay->ending.api_url = replay->recording.header.api;
	replay->ending.start_wall_ns = replay->recording.header.start_wall_ns;
	if (strcmp(replay->path, "-") != 0)
		replay->ending.recording = replay->path;
	load_policies(replay);
	return replay->plan != NULL;
}

/* ---- judging ---------------------------------------------------------------------------------------------------- */

static void report_missing(const struct replay *replay, const struct driver_chain *missing)
{
	struct diags *usage = replay->invocation.usage;
	const char *path = diag_value(usage, text_of(replay->path)), *chain = diag_value(usage, missing->wanted),
		   *of = target_kind_name(missing->kind);
	struct diag *diag =
		missing->environment.length
			? usage_error(usage, "'%s' has no answers about the environment '%s' of the %s '%s'", path,
				      diag_value(usage, missing->environment), of, chain)
			: usage_error(usage, "'%s' has no answers for the %s '%s'", path, of, chain);
	diag_hint(usage, diag,
		  "a recording can only be judged by policies for what was recorded: the list of a chain or model, "
		  "or with a role one of its environments");
}

/* Runs the gate to its end, and stores it in `ending`; the caller frees the driver. False, with the driver already
 * freed, if a mistake was reported. */
static bool judge(struct replay *replay)
{
	const struct driver_chain *missing;
	const struct target_place place = {.diags = replay->invocation.usage};
	replay->driver = driver_new(replay->plan, DRIVER_EXACT);
	if (trial_replay(replay->driver, replay->plan, &replay->recording, &place, &missing)) {
		replay->ending.gate = driver_gate(replay->driver);
		replay->ending.took_ns = gate_result(replay->ending.gate)->at_ns;
		return true;
	}
	if (missing)
		report_missing(replay, missing);
	driver_free(replay->driver);
	replay->driver = NULL;
	return false;
}

static void say_truncated(const struct replay *replay)
{
	output_message(replay->invocation.output, "the last line of '%s' is cut off, and is ignored",
		       diag_value(replay->invocation.usage, text_of(replay->path)));
}

static enum gate_exit replay_one(struct invocation *invocation, const char *path)
{
	struct replay replay = {.invocation = *invocation, .path = path};
	const struct command_line *today = invocation->line;
	replay.ending.orders = orders_read(invocation->arena, today, &path, 1, invocation->usage);
	if (option_is_given(today, OPTION_QUIET) && option_is_given(today, OPTION_VERBOSE))
		diag_hint(invocation->usage, usage_error(invocation->usage, "--quiet and --verbose exclude each other"),
			  "leave out one of them");
	bool prepared = prepare(&replay, today);
	/* If the recording couldn't be read, the line's operands still are recordings, so the policies of --policy are
	 * added, too. */
	const struct option_values *policies = &today->options[OPTION_POLICY];
	const char **inputs =
		ARENA_ARRAY(invocation->arena, const char *, replay.line.operand_count + policies->count + 1);
	size_t input_count = 0;
	inputs[input_count++] = path;
	for (size_t i = 0; i < replay.line.operand_count; i++)
		inputs[input_count++] = replay.line.operands[i];
	for (size_t i = 0; i < policies->count; i++)
		inputs[input_count++] = policies->items[i];
	orders_protect(&replay.ending.orders, inputs, input_count, invocation->usage);
	if (prepared)
		orders_check_targets(invocation->arena, &replay.ending.orders, replay.plan, inputs, input_count,
				     invocation->usage);
	if (!prepared || invocation->usage->errors)
		return ending_refuse(&replay.ending);
	ending_begin(&replay.ending);
	if (is_empty(&replay) && invocation->usage->errors == 0) {
		ending_empty(&replay.ending);
		return ending_conclude(&replay.ending, GATE_EXIT_PASSED);
	}
	if (invocation->usage->errors || !judge(&replay))
		return ending_refuse(&replay.ending);
	if (replay.recording.is_truncated)
		say_truncated(&replay);
	const struct gate_result *result = gate_result(replay.ending.gate);
	enum gate_exit code = ending_conclude(&replay.ending, verdict_exit(result->verdict, result->signal_number));
	driver_free(replay.driver);
	return code;
}

/* ---- backtests -------------------------------------------------------------------------------------------------- */

struct backtest {
	struct buf table;
	size_t count, changed, endless, broken;
};

static void add_row(struct buf *table, const char *then, const char *now, const char *path, struct text remark)
{
	struct buf recorded = buf_make(BUF_LIMIT_REPORT); /* a word from the file */
	text_add_printable(&recorded, text_of(then));
	buf_printf(table, "%-12s %-12s ", buf_string(&recorded), now);
	buf_release(&recorded);
	text_add_printable(table, text_of(path));
	if (remark.length)
		buf_printf(table, ": %.*s", TEXT_ARG(remark));
	buf_add_byte(table, '\n');
}

/* The reason of the first target that has the run's verdict. */
static void add_reason(struct buf *buf, const struct gate_result *result)
{
	for (size_t i = 0; i < result->target_count; i++) {
		if (result->targets[i].verdict != result->verdict)
			continue;
		verdict_reason(buf, &result->targets[i], result);
		return;
	}
}

static void backtest_one(struct backtest *test, const struct invocation *invocation, const char *path)
{
	struct arena arena = {0};
	struct diags usage = {.arena = &arena};
	struct replay replay = {.invocation = *invocation, .path = path};
	struct buf reason = buf_make(BUF_LIMIT_REPORT);
	replay.invocation.arena = &arena;
	replay.invocation.usage = &usage;
	test->count++;
	if (!prepare(&replay, invocation->line) || (!is_empty(&replay) && !judge(&replay))) {
		test->broken++;
		output_diagnostics(invocation->output, &replay.ending.policy_diags);
		output_usage_errors(invocation->output, &usage);
		add_row(&test->table, "?", "?", path, (struct text){"", 0});
	} else {
		const struct gate_result *result = replay.driver ? gate_result(replay.ending.gate) : NULL;
		const char *then = replay.recording.has_end ? replay.recording.end.verdict : "-",
			   *now = verdict_name(result ? result->verdict : VERDICT_NONE);
		bool changed = replay.recording.has_end && strcmp(then, now) != 0;
		test->changed += changed;
		test->endless += !replay.recording.has_end;
		if (replay.recording.is_truncated)
			say_truncated(&replay);
		if (result && (changed || !replay.recording.has_end))
			add_reason(&reason, result);
		add_row(&test->table, then, now, path, buf_text(&reason));
		if (replay.driver)
			driver_free(replay.driver);
	}
	buf_release(&reason);
	arena_release(&arena);
}

/* A report is about one run. */
static void refuse_reports(const struct invocation *invocation)
{
	static const enum option_id single[] = {OPTION_REPORT, OPTION_JUNIT, OPTION_QUIET, OPTION_VERBOSE};
	for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++)
		if (option_is_given(invocation->line, single[i]))
			diag_hint(invocation->usage,
				  usage_error(invocation->usage, "--%s needs a single recording",
					      option_rows()[single[i]].name),
				  "leave it out, or replay only one recording");
}

static enum gate_exit backtest(struct invocation *invocation, const struct file_list *files)
{
	struct backtest test = {.table = buf_make(BUF_LIMIT_REPORT)};
	refuse_reports(invocation);
	if (invocation->usage->errors)
		return command_refuse(invocation);
	buf_add_string(&test.table, "THEN         NOW          RECORDING\n");
	for (size_t i = 0; i < files->count; i++)
		backtest_one(&test, invocation, files->items[i]);
	buf_printf(&test.table, "%zu recording%s, %zu with another verdict than recorded", test.count,
		   text_plural(test.count), test.changed);
	if (test.endless)
		buf_printf(&test.table, ", %zu without a recorded verdict", test.endless);
	if (test.broken)
		buf_printf(&test.table, ", %zu that could not be judged", test.broken);
	buf_add_byte(&test.table, '\n');
	enum gate_exit code = command_print(invocation, buf_text(&test.table));
	buf_release(&test.table);
	if (test.broken)
		return GATE_EXIT_USAGE;
	return test.changed || test.endless ? GATE_EXIT_FAILED : code;
}

static enum gate_exit run(struct invocation *invocation)
{
	const struct command_line *line = invocation->line;
	static const char *const endings[] = {ENDING, NULL};
	struct file_list files = {0};
	if (line->operand_count == 0)
		usage_error(invocation->usage, "no recording is given: 'chaingate check --record run%s' makes one",
			    ENDING);
	if (invocation->usage->errors == 0)
		file_list_add(invocation->arena, &files, line->operands, line->operand_count, endings, "recordings",
			      invocation->usage);
	if (line->operand_count == 1 && !is_directory(line->operands[0]))
		return replay_one(invocation, line->operands[0]);
	if (invocation->usage->errors)
		return command_refuse(invocation);
	return backtest(invocation, &files);
}

const struct command replay_command = {
	.name = "replay",
	.operands = "RECORDING…",
	.summary = "judge recordings again, under the same or another policy",
	.example = "chaingate replay run.ndjson --policy stricter.yaml",
	.details = "Judges a recording of 'check --record' again in virtual time, without a network,\n"
		   "by the recorded policies and options or by others. For several recordings, or a\n"
		   "directory's files NAME.ndjson, prints a row each: the verdict then and now.\n",
	.closing = "With --policy the recorded --set are ignored. Exit: for one recording, as check;\n"
		   "for several, 0 all verdicts as recorded, 1 one differs, 2 one can't be judged.\n",
	.set = IN_REPLAY,
	.run = run,
};
