/* diag.h - what is wrong with an input: where, what, and what to do about it.
 *
 * Parsers and checkers report here and go on, so that all mistakes of a file are shown in one run; a parser returns NULL
 * if and only if it reported an error. Diagnostics are data: nothing here prints. diag_render makes the text that a
 * person reads, the same for every command.
 *
 * Style: the message is one line, begins in lower case, has no full stop, says what cannot be done and why with the
 * offending value in quotes; the hint is what to do. Both hold only printable text: a value from outside goes through
 * diag_value first.
 */
#ifndef CHAINGATE_DIAG_H
#define CHAINGATE_DIAG_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/source.h"

#include <stdbool.h>
#include <stddef.h>

/* Most errors shown for one input; further ones are counted. More than this is a wrong file, not a wrong line. */
#define DIAG_SHOWN_MAX 20

enum diag_severity { DIAG_NOTE, DIAG_WARNING, DIAG_ERROR };

/* Stable codes: once released, a code's text never changes meaning. One table beside diag_code_name gives the texts. */
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
	DIAG_NO_BASELINE, /* `baseline.` in a policy that has none */
	DIAG_INVALID_PATTERN,
	DIAG_CONSTANT_RULE,  /* can never be false, or never true */
	DIAG_VACUOUS_RULE,   /* true of nothing at all */
	DIAG_DOUBTFUL_VALUE, /* well formed, and hardly meant: 5 for a delay */
	/* lint */
	DIAG_SHORT_STABLE_FOR,
	DIAG_IMPATIENT_NEVER,  /* fails new deployments on their way up */
	DIAG_IMPATIENT_ASSERT, /* demands that something has lasted longer than is waited */
	DIAG_SHORT_TIMEOUT,    /* leaves no time for what must last */
	DIAG_MISSING_SINCE,    /* the run will need --since */
	DIAG_ONE_SIDED,        /* compares with a baseline, and doesn't ask what is gone */
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
	const struct source *source; /* NULL: about no text (a file that can't be read) */
	struct span span;
	const char *message;
	const char *hint; /* a sentence for people, or NULL */
	const struct diag_note *also;
	struct diag *next;
};

/* A list in the order reported. `{.arena = …}` is an empty list. */
struct diags {
	struct arena *arena;
	struct diag *first, *last;
	size_t errors, warnings; /* all that were reported, shown or not */
};

const char *diag_code_name(enum diag_code); /* "unknown-field" */
const char *diag_severity_name(enum diag_severity);

/* Reporting. Each gives the new diagnostic, so that a hint or a second place can be set on it; it is never NULL. Beyond DIAG_SHOWN_MAX errors it is
 * counted and not kept in the list. `format` and its arguments are copied into the arena. */
__attribute__((format(printf, 5, 6))) struct diag *diag_error(struct diags *, const struct source *, struct span,
							      enum diag_code, const char *format, ...);
__attribute__((format(printf, 5, 6))) struct diag *diag_warning(struct diags *, const struct source *, struct span,
								enum diag_code, const char *format, ...);
__attribute__((format(printf, 3, 4))) void diag_hint(struct diags *, struct diag *, const char *format, ...);
__attribute__((format(printf, 5, 6))) void diag_also(struct diags *, struct diag *, const struct source *, struct span,
						     const char *format, ...);

/* A value as it may stand in a message: printable, without quotes around it, cut in its middle with an ellipsis when it takes more than
 * 60 columns. In the list's arena. */
const char *diag_value(struct diags *, struct text value);

/* Sorts by source (in the order first reported), then place, then order reported. */
void diags_sort(struct diags *);

/* How text is set off: nothing, or ANSI sequences for a terminal. */
enum diag_style { DIAG_PLAIN, DIAG_COLOUR };

/* One diagnostic as text, with a last newline:
 *
 *   policies/prod.yaml:14:23: error: no status is called 'ACTVE' [unknown-status]
 *   14 |   - all chainlets in [ACTVE, SCALED_TO_ZERO]
 *      |                       ^^^^^
 *      = help: a status has a similar name: ACTIVE
 *
 * The line is windowed to `columns` (at least 40; 0 means 100) around the span, tabs are shown as one space, hidden characters made visible, and carets
 * are placed by width. A span over several lines is underlined to the end of its first. */
void diag_render(struct buf *, const struct diag *, size_t columns, enum diag_style);

/* The source line of a span with its carets, as in diag_render. Used by the reports to show a rule of a policy. */
void diag_render_line(struct buf *, const struct source *, struct span, size_t columns, enum diag_style);

/* A value, printable, that something in the source had. */
struct diag_mark {
	struct span span;
	struct text value;
};

/* What the values of one row are of, printable: "chainlet Retriever". */
struct diag_row {
	const struct diag_mark *marks;
	size_t count;
	struct text label;
};

/* Marks of a row that are drawn; the others are written out behind its label, as are those that aren't on the line. A line with
 * more values than this is read by nobody. */
#define DIAG_MARKS_MAX 16

/* The line of the first row's first mark, and for each row the values behind carets under what they are of, on further lines where they don't
 * fit beside each other. Every row has a mark.
 *
 *	17 |     assert: min_replica >= baseline.active_replica_count
 *	   |             ^^^^^^^^^^^ 1  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ 4    chainlet Retriever
 */
void diag_render_rows(struct buf *, const struct source *, const struct diag_row *, size_t count, size_t columns,
		      enum diag_style);

/* All of them, then "… and 7 more errors" where some were only counted. */
void diags_render(struct buf *, const struct diags *, size_t columns, enum diag_style);

#endif
