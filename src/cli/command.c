/* command.c - shared by all commands: finds a command, refuses, and prints. */
#include "command.h"

#include "slips.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

const struct command *command_find(const struct commands *all, const char *name)
{
	for (size_t i = 0; i < all->count; i++)
		if (strcmp(all->items[i]->name, name) == 0)
			return all->items[i];
	return NULL;
}

/* ---- usage errors ----------------------------------------------------------------------------------------------- */

struct diag *usage_error(struct diags *diags, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	char *message = arena_vprintf(diags->arena, format, args);
	va_end(args);
	return diag_error(diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE, "%s", message);
}

enum gate_exit command_refuse(const struct invocation *invocation)
{
	output_usage_errors(invocation->output, invocation->usage);
	return GATE_EXIT_USAGE;
}

enum gate_exit command_print(const struct invocation *invocation, struct text text)
{
	return output_print(invocation->output, text) ? GATE_EXIT_PASSED : GATE_EXIT_UNREPORTED;
}

void command_refuse_operand(const struct invocation *invocation, const char *hint)
{
	struct diags *usage = invocation->usage;
	struct diag *diag =
		usage_error(usage, "'%s' is not expected: 'chaingate %s' takes no operands",
			    diag_value(usage, text_of(invocation->line->operands[0])), invocation->command->name);
	diag_hint(usage, diag, "%s", hint);
}

void command_refuse_name(const struct commands *all, struct diags *usage, const char *name, const char *otherwise)
{
	const char **names = ARENA_ARRAY(usage->arena, const char *, all->count);
	for (size_t i = 0; i < all->count; i++)
		names[i] = all->items[i]->name;
	struct diag *diag = usage_error(usage, "no command is called '%s'", diag_value(usage, text_of(name)));
	const char *near = text_nearest(text_of(name), names, all->count);
	const struct slip *slip = slip_find(0, text_of(name));
	if (slip)
		slip_hint(slip, usage, diag);
	else if (near)
		diag_hint(usage, diag, "a command has a similar name: %s", near);
	else
		diag_hint(usage, diag, "%s", otherwise);
}
