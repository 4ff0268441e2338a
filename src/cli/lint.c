/* lint.c - `chaingate lint`: checks policies without polling, and shows all mistakes at once. */
#include "chaingate/buf.h"
#include "chaingate/json_out.h"
#include "command.h"
#include "policy_file.h"

#include <string.h>
#include <unistd.h>

enum format { FORMAT_TEXT, FORMAT_JSON };

struct lint {
	const struct invocation *invocation;
	struct buf text;
	struct json_object *list; /* used with FORMAT_JSON */
	size_t errors;
	size_t warnings;
	struct policy_request request;
};

static void add_object(struct json_object *list, const char *path, const struct diag *diag)
{
	struct json_object *object = json_out_object();
	json_out_put_text(object, "file", text_of(diag->source ? diag->source->name : path));
	if (diag->source) {
		struct place start = source_place(diag->source, diag->span.start);
		struct place end = source_place(diag->source, diag->span.end);
		json_out_put_size(object, "line", start.line);
		json_out_put_size(object, "column", start.column);
		json_out_put_size(object, "endLine", end.line);
		json_out_put_size(object, "endColumn", end.column);
	} else {
		static const char *const keys[] = {"line", "column", "endLine", "endColumn"};
		for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
			json_out_put(object, keys[i], NULL);
	}
	json_out_put_optional(object, "severity", diag_severity_name(diag->severity));
	json_out_put_optional(object, "code", diag_code_name(diag->code));
	json_out_put_optional(object, "message", diag->message);
	json_out_put_optional(object, "hint", diag->hint);
	json_out_append(list, object);
}

/* The mistakes that were only counted, as an object without a place. */
static void add_more(struct json_object *list, const char *path, const struct diags *diags, enum diag_severity severity,
		     struct arena *arena)
{
	size_t listed = 0, all = severity == DIAG_ERROR ? diags->errors : diags->warnings;
	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		listed += diag->severity == severity;
	if (listed == all)
		return;
	struct diag more = {.severity = severity,
			    .code = DIAG_LIMIT_EXCEEDED,
			    .message = arena_printf(arena, "and %zu more %s%s", all - listed,
						    diag_severity_name(severity), text_plural(all - listed))};
	add_object(list, path, &more);
}

static void add_text(struct lint *lint, const char *path, const struct policy *policy, const struct diags *diags)
{
	const struct output *output = lint->invocation->output;
	enum diag_style style = output_has_color(output, STDOUT_FILENO) ? DIAG_COLOUR : DIAG_PLAIN;
	diags_render(&lint->text, diags, output_columns(STDOUT_FILENO), style);
	text_add_printable(&lint->text, text_of(path));
	buf_add_string(&lint->text, ": ");
	size_t rules = 0;
	for (size_t i = 0; policy && i < policy->target_count; i++)
		rules += policy->targets[i].rule_count;
	if (policy)
		buf_printf(&lint->text, "%zu rule%s", rules, text_plural(rules));
	if (policy && policy->has_targets)
		buf_printf(&lint->text, " in %zu target%s", policy->target_count, text_plural(policy->target_count));
	if (!policy)
		buf_printf(&lint->text, "%zu error%s", diags->errors, text_plural(diags->errors));
	if (diags->warnings > 0)
		buf_printf(&lint->text, ", %zu warning%s", diags->warnings, text_plural(diags->warnings));
	else if (policy)
		buf_add_string(&lint->text, ", no mistakes");
	buf_add_byte(&lint->text, '\n');
}

static void lint_policy(struct lint *lint, const char *path)
{
	struct diags diags = {.arena = lint->invocation->arena};
	const char *name = strcmp(path, "-") == 0 ? STDIN_NAME : path;
	const struct policy *policy = policy_file_load(lint->invocation->arena, path, &lint->request, &diags);
	if (policy)
		policy_suspect(policy, &diags);
	diags_sort(&diags);
	lint->errors += diags.errors;
	lint->warnings += diags.warnings;
	if (!lint->list)
		add_text(lint, name, policy, &diags);
	for (const struct diag *diag = diags.first; lint->list && diag; diag = diag->next)
		add_object(lint->list, name, diag);
	if (lint->list) {
		add_more(lint->list, name, &diags, DIAG_ERROR, lint->invocation->arena);
		add_more(lint->list, name, &diags, DIAG_WARNING, lint->invocation->arena);
	}
}

static enum gate_exit lint_all(struct lint *lint)
{
	const struct invocation *invocation = lint->invocation;
	const struct command_line *line = invocation->line;
	for (size_t i = 0; i < line->operand_count; i++)
		lint_policy(lint, line->operands[i]);
	if (lint->errors == 0)
		policy_request_check(invocation->arena, &lint->request, NULL, invocation->usage);
	if (lint->list)
		json_out_finish(&lint->text, lint->list);
	if (invocation->usage->errors)
		return command_refuse(invocation);
	enum gate_exit code = command_print(invocation, buf_text(&lint->text));
	if (lint->errors)
		return GATE_EXIT_USAGE;
	bool fails = lint->warnings && option_is_given(line, OPTION_STRICT);
	return fails && code == GATE_EXIT_PASSED ? GATE_EXIT_FAILED : code;
}

static enum gate_exit run(struct invocation *invocation)
{
	const struct command_line *line = invocation->line;
	struct lint lint = {.invocation = invocation, .text = buf_make(BUF_LIMIT_REPORT)};
	lint.request = policy_request_read(invocation->arena, line, invocation->usage);
	if (line->operand_count == 0 && invocation->usage->errors == 0)
		usage_error(invocation->usage, "no policy is given: write 'chaingate lint policy.yaml'");
	if (invocation->usage->errors)
		return command_refuse(invocation);
	if (option_choice(line, OPTION_FORMAT) == FORMAT_JSON)
		lint.list = json_out_array();
	enum gate_exit code = lint_all(&lint);
	buf_release(&lint.text);
	return code;
}

const struct command lint_command = {
	.name = "lint",
	.operands = "POLICY…",
	.summary = "check policies without polling, and show every mistake",
	.example = "chaingate lint policies/production.yaml",
	.details = "Loads each policy as 'check' would, and shows all its mistakes. - is stdin.\n",
	.closing = "Exit: 0 no errors (there may be warnings), 1 warnings and --strict, 2 errors.\n",
	.set = IN_LINT,
	.run = run,
};
