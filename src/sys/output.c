/* output.c - see output.h. */
#include "chaingate/output.h"

#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "chaingate/terminal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A write to a terminal that nobody reads waits for ever: poll reports room, but for a byte. With an open file description of
 * our own it can be told not to wait, and whoever shares the other one notices nothing. If there is no /proc, or the
 * terminal is another user's, it stays as it is. */
static void stop_waiting(int fd)
{
	char path[sizeof("/proc/self/fd/") + 12];
	if (!terminal_is_terminal(fd))
		return;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int own = open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (own < 0)
		return;
	dup2(own, fd);
	close(own);
}

bool output_open(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		/* The lowest free descriptor is this one, because the ones below are taken by now. */
		if (open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			return false;
	}
	stop_waiting(STDOUT_FILENO);
	stop_waiting(STDERR_FILENO);
	return true;
}

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* All output goes through here, so no CI system can take a part of it for a command. */
static bool write_defused(int fd, struct text text, enum text_form form, int64_t patience_ns, const char **why)
{
	struct buf defused = buf_make(SIZE_MAX / 2);
	text_add_defused(&defused, text, form);
	bool written = fd_write(fd, buf_text(&defused), patience_ns, why);
	buf_release(&defused);
	return written;
}

bool output_result(struct text text, enum text_form form, int64_t patience_ns, const char **why)
{
	return write_defused(STDOUT_FILENO, text, form, patience_ns, why);
}

bool output_print(struct output *output, struct text text)
{
	const char *why;
	if (output_result(text, FORM_LINES, FD_PATIENCE_NS, &why))
		return true;
	output_message(output, "could not write to stdout: %s", why);
	return false;
}

void output_error_text(struct text text)
{
	const char *ignored;
	(void)write_defused(STDERR_FILENO, text, FORM_LINES, OUTPUT_MESSAGE_PATIENCE_NS, &ignored);
}

void output_progress(struct output *output, struct text text)
{
	output_frame(output, STDERR_FILENO, text);
}

void output_frame(struct output *output, int fd, struct text text)
{
	const char *ignored;
	if (!output->is_deaf && text.length > 0)
		output->is_deaf = !write_defused(fd, text, FORM_LINES, OUTPUT_PROGRESS_PATIENCE_NS, &ignored);
}

static const char *speaker(const struct output *output)
{
	return output->name ? output->name : "chaingate";
}

void output_message(const struct output *output, const char *format, ...)
{
	struct arena arena = {0};
	struct buf line = buf_make(BUF_LIMIT_REPORT);
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *words = arena_alloc(&arena, (size_t)(length < 0 ? 0 : length) + 1);
	vsnprintf(words, (size_t)(length < 0 ? 0 : length) + 1, format, again);
	va_end(again);
	va_end(args);
	buf_printf(&line, "%s: ", speaker(output));
	text_add_printable(&line, text_of(words));
	buf_add_byte(&line, '\n');
	output_error_text(buf_text(&line));
	buf_release(&line);
	arena_release(&arena);
}

/* ---- diagnostics ------------------------------------------------------------------------------------------------ */

void output_usage_errors(const struct output *output, const struct diags *diags)
{
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	for (const struct diag *diag = diags->first; diag; diag = diag->next) {
		buf_printf(&text, "%s: %s\n", speaker(output), diag->message);
		if (diag->hint)
			buf_printf(&text, "  = help: %s\n", diag->hint);
	}
	output_error_text(buf_text(&text));
	buf_release(&text);
}

void output_diagnostics(const struct output *output, const struct diags *diags)
{
	enum diag_style style = output_has_color(output, STDERR_FILENO) ? DIAG_COLOUR : DIAG_PLAIN;
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	diags_render(&text, diags, output_columns(STDERR_FILENO), style);
	output_error_text(buf_text(&text));
	buf_release(&text);
}

/* ---- terminals -------------------------------------------------------------------------------------------------- */

/* The value of a variable, "" if it isn't set. */
static const char *value_of(const char *variable)
{
	const char *value = getenv(variable);
	return value ? value : "";
}

static bool is_set(const char *variable)
{
	return *value_of(variable);
}

bool output_has_color(const struct output *output, int fd)
{
	switch (output->color) {
	case COLOR_ALWAYS: return true;
	case COLOR_NEVER: return false;
	case COLOR_AUTO: break;
	}
	if (is_set("NO_COLOR"))
		return false;
	if (is_set("FORCE_COLOR") && strcmp(value_of("FORCE_COLOR"), "0") != 0)
		return true;
	return terminal_is_capable(fd);
}

bool output_can_draw(int fd)
{
	return terminal_is_capable(fd);
}

bool output_is_in_ci(void)
{
	/* Nearly all set CI; these are the variables of those that don't: Azure, Jenkins, TeamCity. */
	static const char *const variables[] = {"TF_BUILD", "JENKINS_URL", "TEAMCITY_VERSION"};
	if (is_set("CI") && strcmp(value_of("CI"), "false") != 0 && strcmp(value_of("CI"), "0") != 0)
		return true;
	for (size_t i = 0; i < sizeof(variables) / sizeof(*variables); i++)
		if (is_set(variables[i]))
			return true;
	return false;
}

size_t output_columns(int fd)
{
	return terminal_columns(fd);
}
