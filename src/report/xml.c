/* xml.c - see xml.h. */
#include "xml.h"

#include <stdarg.h>
#include <stdio.h>

/* ---- characters ------------------------------------------------------------------------------------------------- */

/* XML 1.0's Char, as far as UTF-8 can encode it. */
static bool is_char(uint32_t point)
{
	return point >= 0x20 ? point != 0xFFFE && point != 0xFFFF : point == '\t' || point == '\n' || point == '\r';
}

/* NULL: written unchanged. A parser reads a carriage return as a line feed, and white space in an attribute as a space,
 * unless it is escaped. */
static const char *entity(uint32_t point, bool in_attribute)
{
	switch (point) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\r': return "&#13;";
	case '\n': return in_attribute ? "&#10;" : NULL;
	case '\t': return in_attribute ? "&#9;" : NULL;
	default: return is_char(point) ? NULL : "\xEF\xBF\xBD";
	}
}

static void add_escaped(struct buf *out, struct text text, bool in_attribute)
{
	size_t start = 0, at = 0; /* unchanged text is written in one piece */
	while (at < text.length) {
		uint32_t point = 0;
		size_t length = utf8_decode(text.bytes + at, text.length - at, &point);
		const char *instead = length > 0 ? entity(point, in_attribute) : "\xEF\xBF\xBD";
		size_t taken = length > 0 ? length : 1;
		if (instead) {
			buf_add(out, text_slice(text, start, at));
			buf_add_string(out, instead);
			start = at + taken;
		}
		at += taken;
	}
	buf_add(out, text_slice(text, start, at));
}

/* ---- tags ------------------------------------------------------------------------------------------------------- */

/* Writes the ">" of a start tag that could still take attributes. */
static void end_tag(struct xml *x)
{
	if (x->in_tag)
		buf_add_byte(&x->bytes, '>');
	x->in_tag = false;
}

static void begin_line(struct xml *x)
{
	if (!x->is_html)
		buf_add_repeated(&x->bytes, ' ', x->depth);
}

static void end_line(struct xml *x)
{
	if (!x->is_html)
		buf_add_byte(&x->bytes, '\n');
}

void xml_begin(struct xml *x, bool is_html)
{
	*x = (struct xml){.is_html = is_html, .bytes = buf_make(BUF_LIMIT_REPORT)};
	buf_add_string(&x->bytes, is_html ? "<!DOCTYPE html>\n" : "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

bool xml_finish(struct xml *x, struct buf *out)
{
	while (x->depth > 0)
		xml_close(x);
	if (x->is_html)
		buf_add_byte(&x->bytes, '\n');
	bool whole = !x->failed && !x->bytes.overflowed && buf_add(out, buf_text(&x->bytes));
	buf_release(&x->bytes);
	arena_release(&x->arena);
	return whole;
}

void xml_open(struct xml *x, const char *element)
{
	if (x->in_tag) {
		end_tag(x);
		end_line(x);
	}
	begin_line(x);
	buf_printf(&x->bytes, "<%s", element);
	x->in_tag = true;
	x->elements = arena_grow(&x->arena, x->elements, x->depth, &x->capacity, sizeof *x->elements);
	x->elements[x->depth++] = element;
}

static void close_element(struct xml *x, bool in_short)
{
	if (x->depth == 0) {
		x->failed = true;
		return;
	}
	const char *element = x->elements[--x->depth];
	if (x->in_tag && in_short) {
		buf_add_string(&x->bytes, "/>");
		x->in_tag = false;
	} else {
		end_tag(x);
		if (x->after_end)
			begin_line(x);
		buf_printf(&x->bytes, "</%s>", element);
	}
	x->after_end = true;
	end_line(x);
}

void xml_close(struct xml *x)
{
	close_element(x, !x->is_html);
}

void xml_close_void(struct xml *x)
{
	close_element(x, true);
}

void xml_attribute(struct xml *x, const char *name, const char *format, ...)
{
	char small[64]; /* most values are numbers and need no memory of their own */
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(small, sizeof small, format, args);
	struct text text = {small, length < 0 ? 0 : (size_t)length};
	if (text.length >= sizeof small) {
		char *whole = arena_alloc(&x->arena, text.length + 1);
		vsnprintf(whole, text.length + 1, format, again);
		text.bytes = whole;
	}
	va_end(again);
	va_end(args);
	x->failed |= length < 0 || !x->in_tag;
	buf_printf(&x->bytes, " %s=\"", name);
	add_escaped(&x->bytes, text, true);
	buf_add_byte(&x->bytes, '"');
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

void xml_text(struct xml *x, const char *text)
{
	end_tag(x);
	x->after_end = false;
	add_escaped(&x->bytes, text_of(text), false);
}

void xml_text_buf(struct xml *x, struct buf *buf)
{
	xml_text(x, buf_string(buf));
	x->failed |= buf->overflowed;
	buf_release(buf);
}

void xml_raw(struct xml *x, const char *text)
{
	end_tag(x);
	x->after_end = false;
	buf_add_string(&x->bytes, text);
}

void xml_element(struct xml *x, const char *element, const char *css_class, const char *text)
{
	xml_open(x, element);
	if (css_class)
		xml_attribute(x, "class", "%s", css_class);
	if (text && *text)
		xml_text(x, text);
	xml_close(x);
}
