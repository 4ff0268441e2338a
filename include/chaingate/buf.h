/* buf.h - bytes that grow, up to a limit given when the buffer is made.
 *
 * Bytes whose number isn't known in advance are collected in a buffer. It never grows over its limit. An addition that
 * doesn't fit is dropped whole. The buffer then sets `overflowed` and refuses every later addition, so that a cut text
 * isn't taken for a whole one. If memory is exhausted, the program ends (see arena.h).
 *
 * Invariants: length <= limit; bytes[length] is NUL once something was added; buf_string never returns NULL.
 */
#ifndef CHAINGATE_BUF_H
#define CHAINGATE_BUF_H

#include "chaingate/text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *bytes;
	size_t length;
	size_t capacity;
	size_t limit; /* in bytes, without the NUL */
	bool overflowed;
	bool wipes;   /* for secrets: overwrite the memory before it is freed, also when the buffer grows */
	size_t clean; /* with `wipes`: this many bytes at the beginning hold no secret, and aren't overwritten */
};

/* For rendered text such as a report or a message: far more than any of them needs, far less than memory. */
#define BUF_LIMIT_REPORT ((size_t)256 << 20)

/* Lifetime. A buffer that is `{0}` has the limit 0 and refuses everything. buf_clear empties it and resets
 * `overflowed` and `clean`, keeping the memory. */
struct buf buf_make(size_t limit);
void buf_clear(struct buf *);
void buf_release(struct buf *);

/* Adding. Returns false and adds nothing if this addition, or an earlier one, didn't fit. */
bool buf_add(struct buf *, struct text);
bool buf_add_string(struct buf *, const char *string);
bool buf_add_byte(struct buf *, char byte);
bool buf_add_repeated(struct buf *, char byte, size_t count);
__attribute__((format(printf, 2, 3))) bool buf_printf(struct buf *, const char *format, ...);

/* Reading. The result is valid until the next addition. */
struct text buf_text(const struct buf *);
/* A buf with the text as text_add_quoted writes it. */
struct buf text_quoted(struct text);
const char *buf_string(const struct buf *);

#endif
