/* diag.c - diagnostics as data: collecting them, their codes. Rendering is in diag_render.c. */
#include "chaingate/diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Widest value in a message; a wider one loses its middle. */
#define VALUE_COLUMNS_MAX 60
/* How many bytes of a value are read: more than enough for the columns, far fewer than a value can have. */
#define VALUE_BYTES_MAX 4096

static const char *const code_names[DIAG_CODE_COUNT] = {
	[DIAG_NONE] = "none",
	[DIAG_UNREADABLE_FILE] = "unreadable-file",
	[DIAG_INVALID_YAML] = "invalid-yaml",
	[DIAG_UNSUPPORTED_YAML] = "unsupported-yaml",
	[DIAG_LIMIT_EXCEEDED] = "limit-exceeded",
	[DIAG_DUPLICATE_KEY] = "duplicate-key",
	[DIAG_UNKNOWN_FIELD] = "unknown-field",
	[DIAG_WRONG_TYPE] = "wrong-type",
	[DIAG_MISSING_KEY] = "missing-key",
	[DIAG_CONFLICTING_KEYS] = "conflicting-keys",
	[DIAG_INVALID_VALUE] = "invalid-value",
	[DIAG_INVALID_DURATION] = "invalid-duration",
	[DIAG_INVALID_TIME] = "invalid-time",
	[DIAG_DUPLICATE_NAME] = "duplicate-name",
	[DIAG_EMPTY_RULES] = "empty-rules",
	[DIAG_NO_ERROR_RULE] = "no-error-rule",
	[DIAG_INVALID_CHARACTER] = "invalid-character",
	[DIAG_UNTERMINATED_STRING] = "unterminated-string",
	[DIAG_INVALID_ESCAPE] = "invalid-escape",
	[DIAG_INVALID_NUMBER] = "invalid-number",
	[DIAG_NUMBER_TOO_LARGE] = "number-too-large",
	[DIAG_SYNTAX] = "syntax",
	[DIAG_UNBALANCED] = "unbalanced",
	[DIAG_CHAINED_COMPARISON] = "chained-comparison",
	[DIAG_UNKNOWN_STATUS] = "unknown-status",
	[DIAG_UNKNOWN_CLASS] = "unknown-class",
	[DIAG_UNKNOWN_PARAMETER] = "unknown-parameter",
	[DIAG_AMBIGUOUS_FIELD] = "ambiguous-field",
	[DIAG_WRONG_SCOPE] = "wrong-scope",
	[DIAG_NOT_BOOLEAN] = "not-boolean",
	[DIAG_WRONG_CASE] = "wrong-case",
	[DIAG_INVALID_COUNT] = "invalid-count",
	[DIAG_NO_BASELINE] = "no-baseline",
	[DIAG_INVALID_PATTERN] = "invalid-pattern",
	[DIAG_VACUOUS_RULE] = "vacuous-rule",
	[DIAG_CONSTANT_RULE] = "constant-rule",
	[DIAG_SHORT_STABLE_FOR] = "short-stable-for",
	[DIAG_IMPATIENT_NEVER] = "impatient-never",
	[DIAG_IMPATIENT_ASSERT] = "impatient-assert",
	[DIAG_SHORT_TIMEOUT] = "short-timeout",
	[DIAG_MISSING_SINCE] = "missing-since",
	[DIAG_ONE_SIDED] = "one-sided",
	[DIAG_SKIPPED_RULE] = "skipped-rule",
	[DIAG_SELF_COMPARED] = "self-compared",
	[DIAG_UNNOTICED_STATUS] = "unnoticed-status",
	[DIAG_UNUSED_PARAMETER] = "unused-parameter",
	[DIAG_DOUBTFUL_VALUE] = "doubtful-value",
};

static const char *const severity_names[] = {
	[DIAG_WARNING] = "warning",
	[DIAG_ERROR] = "error",
};

const char *diag_code_name(enum diag_code code)
{
	return code_names[code];
}

const char *diag_severity_name(enum diag_severity severity)
{
	return severity_names[severity];
}

static struct diag *add(struct diags *diags, struct diag diag)
{
	struct diag *kept = ARENA_NEW(diags->arena, struct diag);
	*kept = diag;
	size_t *count = diag.severity == DIAG_ERROR ? &diags->errors : &diags->warnings;
	if ((*count)++ >= DIAG_SHOWN_MAX)
		return kept; /* counted, but not in the list */
	if (diags->last)
		diags->last->next = kept;
	else
		diags->first = kept;
	diags->last = kept;
	return kept;
}

/* A byte becomes at most this many: \x{ff}. */
#define PRINTABLE_MAX 6

/* Whoever forgets diag_value still gives a terminal nothing to obey. */
__attribute__((format(printf, 2, 0))) static const char *printable(struct arena *arena, const char *format,
								   va_list args)
{
	struct text message = text_of(arena_vprintf(arena, format, args));
	struct buf shown = buf_make(PRINTABLE_MAX * message.length);
	text_add_printable(&shown, message);
	const char *kept = arena_string(arena, buf_string(&shown));
	buf_release(&shown);
	return kept;
}

struct diag *diag_error(struct diags *diags, const struct source *source, struct span span, enum diag_code code,
			const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *message = printable(diags->arena, format, args);
	va_end(args);
	return add(diags, (struct diag){DIAG_ERROR, code, source, span, .message = message});
}

struct diag *diag_warning(struct diags *diags, const struct source *source, struct span span, enum diag_code code,
			  const char *format, ...)
{
	va_list args;
	va_start(args, format);
	const char *message = printable(diags->arena, format, args);
	va_end(args);
	return add(diags, (struct diag){DIAG_WARNING, code, source, span, .message = message});
}

void diag_hint(struct diags *diags, struct diag *diag, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	diag->hint = printable(diags->arena, format, args);
	va_end(args);
}

void diag_also(struct diags *diags, struct diag *diag, const struct source *source, struct span span,
	       const char *format, ...)
{
	struct diag_note *note = ARENA_NEW(diags->arena, struct diag_note);
	va_list args;
	va_start(args, format);
	*note = (struct diag_note){.source = source, .span = span, .message = printable(diags->arena, format, args)};
	va_end(args);
	diag->also = note;
}

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* The offset of the longest tail of a text that fits `columns`; the tail starts at a whole character. */
static size_t tail_within(struct text text, size_t columns)
{
	size_t start = text.length;
	while (start > 0) {
		size_t previous = start - 1;
		while (previous > 0 && ((unsigned char)text.bytes[previous] & 0xc0) == 0x80 && start - previous < 4)
			previous--;
		if (text_columns(text_slice(text, previous, text.length)) > columns)
			break;
		start = previous;
	}
	return start;
}

const char *diag_value(struct diags *diags, struct text value)
{
	struct buf buf = buf_make(VALUE_BYTES_MAX * 10);
	struct buf escaped = buf_make(TEXT_ESCAPED_MAX * value.length);
	text_add_lookalikes_escaped(&escaped, value);
	value = buf_text(&escaped);
	bool cut = value.length > VALUE_BYTES_MAX || text_columns(value) > VALUE_COLUMNS_MAX;
	if (!cut) {
		text_add_printable(&buf, value);
	} else {
		struct text head = text_slice(value, 0, VALUE_BYTES_MAX / 2);
		size_t tail_from = value.length > VALUE_BYTES_MAX / 2 ? value.length - VALUE_BYTES_MAX / 2 : 0;
		struct text tail = text_slice(value, tail_from, value.length);
		text_add_printable(&buf, text_slice(head, 0, text_within(head, VALUE_COLUMNS_MAX / 2)));
		buf_add_string(&buf, "…");
		text_add_printable(&buf, text_slice(tail, tail_within(tail, VALUE_COLUMNS_MAX / 2 - 1), tail.length));
	}
	const char *printable = arena_string(diags->arena, buf_string(&buf));
	buf_release(&buf);
	buf_release(&escaped);
	return printable;
}

/* ---- order ------------------------------------------------------------------------------------------------------ */

struct ranked {
	struct diag *diag;
	size_t source_rank, order;
};

static int by_place(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	if (a->source_rank != b->source_rank)
		return a->source_rank < b->source_rank ? -1 : 1;
	if (a->diag->span.start != b->diag->span.start)
		return a->diag->span.start < b->diag->span.start ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

void diags_sort(struct diags *diags)
{
	size_t count = 0;
	for (struct diag *d = diags->first; d; d = d->next)
		count++;
	if (count < 2)
		return;
	struct ranked *ranked = ARENA_ARRAY(diags->arena, struct ranked, count);
	size_t i = 0;
	for (struct diag *d = diags->first; d; d = d->next, i++) {
		ranked[i] = (struct ranked){.diag = d, .source_rank = i, .order = i};
		for (size_t j = 0; j < i; j++)
			if (ranked[j].diag->source == d->source) {
				ranked[i].source_rank = ranked[j].source_rank;
				break;
			}
	}
	qsort(ranked, count, sizeof(*ranked), by_place);
	for (i = 0; i < count; i++)
		ranked[i].diag->next = i + 1 < count ? ranked[i + 1].diag : NULL;
	diags->first = ranked[0].diag;
	diags->last = ranked[count - 1].diag;
}
