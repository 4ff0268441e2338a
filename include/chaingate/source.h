/* source.h - texts that diagnostics point into, with their lines.
 *
 * A source is a policy file, a rule from the command line, a scenario. Spans are byte offsets into it. A place is
 * for people: line and column from 1, the column in code points; a byte that isn't UTF-8 counts as one column. Lines
 * end at LF, CR LF or a single CR, as in YAML.
 *
 * An excerpt is a piece of a source that may have been decoded (a quoted or folded YAML scalar): a text of its own,
 * with the offset in the source for each of its bytes. The rule parser reads excerpts, so a mistake inside a quoted,
 * folded rule is still shown at its line and column in the file.
 */
#ifndef CHAINGATE_SOURCE_H
#define CHAINGATE_SOURCE_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

#include <stddef.h>
#include <stdint.h>

struct source {
	const char *name; /* as people know it: a path, or "<rule 1>" */
	struct text text;
	const size_t *line_starts; /* offset of each line's first byte; line_starts[0] is 0 */
	size_t line_count;         /* at least 1 */
};

/* Bytes [start, end) of a source. Empty spans are allowed and shown as one caret. */
struct span {
	size_t start, end;
};

struct place {
	size_t line, column;
};

struct excerpt {
	const struct source *source;
	struct text text;
	size_t start;          /* without `offsets`: where text[0] is in the source; byte i is at start + i */
	const size_t *offsets; /* text.length + 1 offsets in ascending order, the last one for the end. NULL: not
				* decoded */
};

/* Makes a source in the arena. Name and text aren't copied; both must outlive it. */
const struct source *source_make(struct arena *, const char *name, struct text);

struct place source_place(const struct source *, size_t offset);

/* Line `line` (from 1) without its line end; an empty text if there is no such line. */
struct text source_line(const struct source *, size_t line);

/* The whole source as an excerpt. */
struct excerpt excerpt_of(const struct source *);

/* Where bytes [from, to) of an excerpt's text are in its source. The span ends where the last byte's original ends. */
struct span excerpt_span(const struct excerpt *, size_t from, size_t to);

#endif
