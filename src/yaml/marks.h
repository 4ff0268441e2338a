/* marks.h - libyaml's marks as bytes of the source.
 *
 * A mark counts code points from behind the byte-order mark. Marks come nearly in order, so a place kept from one to
 * the next makes converting them linear in the length of the text.
 */
#ifndef CHAINGATE_YAML_MARKS_H
#define CHAINGATE_YAML_MARKS_H

#include "chaingate/text.h"

struct marks {
	struct text text; /* UTF-8, without the byte-order mark */
	size_t skipped;   /* the length of the byte-order mark: what to add for an offset in the source */
	size_t byte, point;
};

/* The offset in the source of a code point; beyond the last, the end. */
size_t marks_offset(struct marks *, size_t point);

#endif
