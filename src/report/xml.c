/* xml.c - see xml.h. */
#include "xml.h"

#include <stdarg.h>
#include <stdio.h>

static void check(struct xml *x, int written)
{
	if (written < 0)
		x->failed = true;
}

void xml_begin(struct xml *x, bool is_html)
{
	*x = (struct xml){.is_html = is_html, .bytes = xmlBufferCreate()};
	x->writer = x->bytes ? xmlNewTextWriterMemory(x->bytes, 0) : NULL;
	if (!x->writer)
		memory_exhausted();
	if (is_html) {
		xml_raw(x, "<!DOCTYPE html>\n");
		return;
	}
	xmlTextWriterSetIndent(x->writer, 1);
	check(x, xmlTextWriterStartDocument(x->writer, NULL, "UTF-8", NULL));
}

bool xml_finish(struct xml *x, struct buf *out)
{
	check(x, xmlTextWriterEndDocument(x->writer));
	xmlFreeTextWriter(x->writer); /* flushes */
	bool whole = !x->failed && buf_add(out, (struct text){(const char *)xmlBufferContent(x->bytes),
							      (size_t)xmlBufferLength(x->bytes)});
	xmlBufferFree(x->bytes);
	arena_release(&x->arena);
	return whole;
}

void xml_open(struct xml *x, const char *element)
{
	check(x, xmlTextWriterStartElement(x->writer, BAD_CAST element));
}

void xml_close(struct xml *x)
{
	check(x, x->is_html ? xmlTextWriterFullEndElement(x->writer) : xmlTextWriterEndElement(x->writer));
}

void xml_close_void(struct xml *x)
{
	check(x, xmlTextWriterEndElement(x->writer));
}

void xml_attribute(struct xml *x, const char *name, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	int length = vsnprintf(NULL, 0, format, args);
	char *value = arena_alloc(&x->arena, (size_t)(length < 0 ? 0 : length) + 1);
	vsnprintf(value, (size_t)(length < 0 ? 0 : length) + 1, format, again);
	va_end(again);
	va_end(args);
	check(x, xmlTextWriterWriteAttribute(x->writer, BAD_CAST name, BAD_CAST value));
	arena_clear(&x->arena);
}

void xml_text(struct xml *x, const char *text)
{
	check(x, xmlTextWriterWriteString(x->writer, BAD_CAST text));
}

void xml_text_buf(struct xml *x, struct buf *buf)
{
	xml_text(x, buf_string(buf));
	x->failed |= buf->overflowed;
	buf_release(buf);
}

void xml_raw(struct xml *x, const char *text)
{
	check(x, xmlTextWriterWriteRaw(x->writer, BAD_CAST text));
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
