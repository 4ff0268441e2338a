/* buf.h - bytes that grow, up to a limit given when the buffer is made.
 *
 * The one place where bytes of unknown number are collected. A buffer never grows over its limit: what doesn't fit is
 * dropped as a whole, the buffer remembers that (`overflowed`), and every later addition is refused, so that nobody
 * mistakes a cut text for a whole one. Memory exhausted ends the programme (see arena.h).
 *
 * Invariants: length <= limit; bytes[length] is NUL once anything was added; buf_string is never NULL.
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
};

/* For rendered text such as a report or a message: far more than any, far less than memory. */
#define BUF_LIMIT_REPORT ((size_t)256 << 20)

/* Life. A buffer that is `{0}` has the limit 0 and refuses everything. Clear empties it and forgets an overflow, keeping the memory. */
struct buf buf_make(size_t limit);
void buf_clear(struct buf *);
void buf_release(struct buf *);

/* Adding. False, with nothing added, when it wouldn't fit or something before didn't. */
bool buf_add(struct buf *, struct text);
bool buf_add_string(struct buf *, const char *string);
bool buf_add_byte(struct buf *, char byte);
bool buf_add_repeated(struct buf *, char byte, size_t count);
__attribute__((format(printf, 2, 3))) bool buf_printf(struct buf *, const char *format, ...);

/* Asking. The text is valid until the next addition. */
struct text buf_text(const struct buf *);
const char *buf_string(const struct buf *);

#endif
