/* diag.h - mistakes in an input: where each one is, what is wrong, and how to correct it.
 *
 * Parsers and checkers report here and go on, so that one run shows all mistakes of a file. A parser returns NULL if
 * and only if it reported an error. Diagnostics are data: nothing here prints. diag_render makes the text that a person
 * reads, the same for every command.
 *
 * Style: the message is one line, begins in lower case and has no full stop. It says what cannot be done and why, with
 * the offending value in quotes. The hint says what to do. Both contain only printable text: pass a value from outside
 * through diag_value first.
 */
#ifndef CHAINGATE_DIAG_H
#define CHAINGATE_DIAG_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/source.h"

#include <stdbool.h>
#include <stddef.h>

/* How many errors of a list are kept, and how many warnings; further ones are only counted. More than this means that
 * the whole file is wrong, not single lines. */
#define DIAG_SHOWN_MAX 20

enum diag_severity { DIAG_WARNING, DIAG_ERROR };

/* Stable codes: a released code's name never changes its meaning. diag_code_name has the names in one table. */
enum diag_code {
	DIAG_NONE,
	/* files and YAML */
	DIAG_UNREADABLE_FILE,
	DIAG_INVALID_YAML,
	DIAG_UNSUPPORTED_YAML, /* merge keys, tags, several documents, non-string keys */
	DIAG_LIMIT_EXCEEDED,   /* nesting, length, number of something */
	DIAG_DUPLICATE_KEY,
	DIAG_UNKNOWN_FIELD, /* also an unknown key of a policy */
	DIAG_WRONG_TYPE,    /* a mapping where a string is needed; a status compared with a string */
	DIAG_MISSING_KEY,
	DIAG_CONFLICTING_KEYS,
	DIAG_INVALID_VALUE,
	DIAG_INVALID_DURATION,
	DIAG_INVALID_TIME,
	DIAG_DUPLICATE_NAME,
	DIAG_EMPTY_RULES,
	DIAG_NO_ERROR_RULE,
	/* rules */
	DIAG_INVALID_CHARACTER,
	DIAG_UNTERMINATED_STRING,
	DIAG_INVALID_ESCAPE,
	DIAG_INVALID_NUMBER,
	DIAG_NUMBER_TOO_LARGE,
	DIAG_SYNTAX, /* something else was expected here */
	DIAG_UNBALANCED,
	DIAG_CHAINED_COMPARISON,
	DIAG_UNKNOWN_STATUS,
	DIAG_UNKNOWN_CLASS,
	DIAG_UNKNOWN_PARAMETER,
	DIAG_AMBIGUOUS_FIELD,
	DIAG_WRONG_SCOPE, /* a field that the quantifier's noun doesn't have */
	DIAG_NOT_BOOLEAN, /* a rule or condition that isn't true or false */
	DIAG_WRONG_CASE,  /* a keyword in capitals */
	DIAG_INVALID_COUNT,
	DIAG_NO_BASELINE, /* `baseline.` in a policy without a baseline */
	DIAG_INVALID_PATTERN,
	DIAG_CONSTANT_RULE,  /* can never be false, or never be true */
	DIAG_VACUOUS_RULE,   /* true even if no chainlet matches */
	DIAG_DOUBTFUL_VALUE, /* well formed, but probably not meant: 5 for a delay */
	/* lint */
	DIAG_SHORT_STABLE_FOR,
	DIAG_IMPATIENT_NEVER,  /* fails new deployments while they start */
	DIAG_IMPATIENT_ASSERT, /* demands that something has lasted longer than the gate waits */
	DIAG_SHORT_TIMEOUT,    /* leaves no time for something that must last */
	DIAG_MISSING_SINCE,    /* the run will need --since */
	DIAG_ONE_SIDED,        /* compares with a baseline, but doesn't check what is missing from the current
				* deployment */
	DIAG_SKIPPED_RULE,     /* its `when` skips it more often than was probably meant */
	DIAG_SELF_COMPARED,    /* the target is its own baseline */
	DIAG_UNNOTICED_STATUS, /* no rule fails for a chainlet that has failed */
	DIAG_UNUSED_PARAMETER, /* no rule uses this value of it */
	DIAG_CODE_COUNT
};

struct diag_note {
	const struct source *source;
	struct span span;
	const char *message;
};

struct diag {
	enum diag_severity severity;
	enum diag_code code;
	const struct source *source; /* NULL: not about a text (a file that can't be read) */
	struct span span;
	const char *message;
	const char *hint; /* a sentence for people, or NULL */
	const struct diag_note *also;
	struct diag *next;
};

/* A list, in the order reported. `{.arena = …}` is an empty list. */
struct diags {
	struct arena *arena;
	struct diag *first, *last;
	size_t errors, warnings; /* everything that was reported, also what is only counted */
};

const char *diag_code_name(enum diag_code); /* "unknown-field" */
const char *diag_severity_name(enum diag_severity);

/* Reporting. diag_error and diag_warning return the new diagnostic, never NULL, so that the caller can add a hint or a
 * second place; it has one of each, and the last call counts. Errors after the first DIAG_SHOWN_MAX, and warnings after
 * as many, are counted but not kept in the list. The formatted text is copied into the arena. */
__attribute__((format(printf, 5, 6))) struct diag *diag_error(struct diags *, const struct source *, struct span,
							      enum diag_code, const char *format, ...);
__attribute__((format(printf, 5, 6))) struct diag *diag_warning(struct diags *, const struct source *, struct span,
								enum diag_code, const char *format, ...);
__attribute__((format(printf, 3, 4))) void diag_hint(struct diags *, struct diag *, const char *format, ...);
__attribute__((format(printf, 5, 6))) void diag_also(struct diags *, struct diag *, const struct source *, struct span,
						     const char *format, ...);

/* Makes a value ready for a message: printable, without quotes around it, with an ellipsis in its middle if it is wider
 * than 60 columns. White space that looks like a space is escaped. In the list's arena. */
const char *diag_value(struct diags *, struct text value);

/* Sorts by source (in the order first reported), then by place, then by order reported. */
void diags_sort(struct diags *);

/* How text is highlighted: not at all, or with ANSI sequences for a terminal. */
enum diag_style { DIAG_PLAIN, DIAG_COLOUR };

/* One diagnostic as text, with a newline at its end:
 *
 *   policies/prod.yaml:14:23: error: no status is called 'ACTVE' [unknown-status]
 *   14 |   - all chainlets in [ACTVE, SCALED_TO_ZERO]
 *      |                       ^^^^^
 *      = help: a status has a similar name: ACTIVE
 *
 * Only the part of the line around the span is shown if the line is wider than `columns` (at least 40; 0 means 100). A
 * tab is shown as one space, hidden characters are made visible, and the carets are placed by the characters' widths. A
 * span over several lines is underlined to the end of its first line. If the line of an error has a character that
 * looks like a space but isn't one, a further help line names it.
 */
void diag_render(struct buf *, const struct diag *, size_t columns, enum diag_style);

/* The source line of a span with its carets, as in diag_render. The reports use it to show a rule of a policy. */
void diag_render_line(struct buf *, const struct source *, struct span, size_t columns, enum diag_style);

/* A printable value that an expression in the source had. */
struct diag_mark {
	struct span span;
	struct text value;
};

/* The values of one row. The label names the thing they belong to, printable: "chainlet Retriever". */
struct diag_row {
	const struct diag_mark *marks;
	size_t count;
	struct text label;
};

/* How many marks of a row are drawn. Further marks, and those outside the shown part of the line, are written after the
 * row's label. Nobody reads a line with more values than this. */
#define DIAG_MARKS_MAX 16

/* Shows the line of the first row's first mark, and below it the values of each row, each after its carets. Values that
 * don't fit beside each other go on further lines. Every row must have a mark.
 *
 *	17 |     assert: min_replica >= baseline.active_replica_count
 *	   |             ^^^^^^^^^^^ 1  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 4    chainlet Retriever
 */
void diag_render_rows(struct buf *, const struct source *, const struct diag_row *, size_t count, size_t columns,
		      enum diag_style);

/* All diagnostics of the list, then "… and 7 more errors", "… and 2 more warnings" if some were only counted. */
void diags_render(struct buf *, const struct diags *, size_t columns, enum diag_style);

#endif
