/* marks.h - converts libyaml's marks to byte offsets in the source.
 *
 * A mark counts code points after the byte-order mark. Marks come nearly in order, so remembering the last place
 * makes all conversions together linear in the length of the text.
 */
#ifndef CHAINGATE_YAML_MARKS_H
#define CHAINGATE_YAML_MARKS_H

#include "chaingate/text.h"

struct marks {
	struct text text; /* UTF-8, without the byte-order mark */
	size_t skipped;   /* the length of the byte-order mark: added to every offset */
	size_t byte, point;
};

/* The offset in the source of a code point; the end of the text if it has fewer code points. */
size_t marks_offset(struct marks *, size_t point);

#endif
