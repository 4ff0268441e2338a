/* buf.c - see buf.h. */
#include "chaingate/buf.h"

#include "chaingate/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* First capacity: most messages fit. */
#define CAPACITY_FIRST ((size_t)256)

struct buf buf_make(size_t limit)
{
	return (struct buf){.limit = limit};
}

/* Behind `length`, nothing was ever written. */
static void wipe(struct buf *buf)
{
	if (buf->wipes && buf->length > buf->clean)
		memory_wipe(buf->bytes + buf->clean, buf->length - buf->clean);
}

void buf_clear(struct buf *buf)
{
	wipe(buf);
	buf->length = 0;
	buf->clean = 0;
	buf->overflowed = false;
	if (buf->bytes)
		buf->bytes[0] = '\0';
}

void buf_release(struct buf *buf)
{
	wipe(buf);
	free(buf->bytes);
	*buf = (struct buf){.limit = buf->limit, .wipes = buf->wipes};
}

/* Like realloc, which may leave the old bytes in freed memory: so the secret ones are set aside. NULL if there is no
 * memory. */
static char *move(struct buf *buf, size_t capacity)
{
	size_t secret = buf->wipes && buf->length > buf->clean ? buf->length - buf->clean : 0;
	if (!secret)
		return realloc(buf->bytes, capacity);
	char *aside = malloc(secret), *bytes;
	if (!aside)
		return NULL;
	memcpy(aside, buf->bytes + buf->clean, secret);
	memory_wipe(buf->bytes + buf->clean, secret);
	bytes = realloc(buf->bytes, capacity);
	if (bytes)
		memcpy(bytes + buf->clean, aside, secret);
	memory_wipe(aside, secret);
	free(aside);
	return bytes;
}

/* Makes room for `more` bytes and a NUL, or marks the buffer as overflowed. */
static bool reserve(struct buf *buf, size_t more)
{
	if (buf->overflowed || more > buf->limit - buf->length) {
		buf->overflowed = true;
		return false;
	}
	if (more > SIZE_MAX - 1 - buf->length)
		memory_exhausted();
	size_t needed = buf->length + more + 1;
	if (needed <= buf->capacity)
		return true;
	size_t capacity = buf->capacity ? buf->capacity : CAPACITY_FIRST;
	while (capacity < needed)
		capacity = capacity > SIZE_MAX / 2 ? needed : capacity * 2;
	char *bytes = move(buf, capacity);
	if (!bytes)
		memory_exhausted();
	buf->bytes = bytes;
	buf->capacity = capacity;
	return true;
}

bool buf_add(struct buf *buf, struct text text)
{
	if (!reserve(buf, text.length))
		return false;
	if (text.length)
		memcpy(buf->bytes + buf->length, text.bytes, text.length);
	buf->length += text.length;
	buf->bytes[buf->length] = '\0';
	return true;
}

bool buf_add_string(struct buf *buf, const char *string)
{
	return buf_add(buf, text_of(string));
}

bool buf_add_byte(struct buf *buf, char byte)
{
	return buf_add(buf, (struct text){&byte, 1});
}

bool buf_add_repeated(struct buf *buf, char byte, size_t count)
{
	if (!reserve(buf, count))
		return false;
	memset(buf->bytes + buf->length, byte, count);
	buf->length += count;
	buf->bytes[buf->length] = '\0';
	return true;
}

bool buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	/* A text longer than INT_MAX fits no buffer of ours. */
	bool fits = length >= 0 && reserve(buf, (size_t)length);
	if (!fits) {
		buf->overflowed = true;
	} else {
		vsnprintf(buf->bytes + buf->length, (size_t)length + 1, format, again);
		buf->length += (size_t)length;
	}
	va_end(again);
	va_end(args);
	return fits;
}

struct text buf_text(const struct buf *buf)
{
	return (struct text){buf->bytes ? buf->bytes : "", buf->length};
}

const char *buf_string(const struct buf *buf)
{
	return buf->bytes ? buf->bytes : "";
}
