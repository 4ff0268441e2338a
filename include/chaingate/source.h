/* source.h - text that diagnostics point into, and where its lines are.
 *
 * A source is a policy file, a rule from the command line, a scenario. Spans are byte offsets into it; a place is what a
 * person reads: line and column from 1, the column in code points. A byte that isn't UTF-8 counts as one column.
 * Lines end at LF, CR LF or CR alone, as in YAML.
 *
 * An excerpt is a piece of a source that may have been decoded on its way (a quoted or folded YAML scalar): a text of
 * its own, and for each of its bytes the offset in the source it came from. The rule parser reads excerpts, so a
 * mistake inside a quoted, folded rule is still shown at its line and column of the file.
 */
#ifndef CHAINGATE_SOURCE_H
#define CHAINGATE_SOURCE_H

#include "chaingate/arena.h"
#include "chaingate/text.h"

#include <stddef.h>
#include <stdint.h>

struct source {
	const char *name; /* as a person knows it: a path, or "<rule 1>" */
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
	size_t start;          /* where text[0] is in the source, when `offsets` is NULL: byte i is at start + i */
	const size_t *offsets; /* else text.length + 1 offsets, never decreasing; the last is the end */
};

/* Makes a source in the arena; neither name nor text is copied, both must outlive it. */
const struct source *source_make(struct arena *, const char *name, struct text);

struct place source_place(const struct source *, size_t offset);

/* Line `line` (from 1) without its line end; the empty text beyond the last. */
struct text source_line(const struct source *, size_t line);

/* The whole source as an excerpt. */
struct excerpt excerpt_of(const struct source *);

/* Where bytes [from, to) of an excerpt's text are in its source. The end is the end of the last byte's origin. */
struct span excerpt_span(const struct excerpt *, size_t from, size_t to);

#endif
