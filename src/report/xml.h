/* xml.h - writes XML and HTML: elements, attributes, text, indentation. Private to src/report.
 *
 * The result is well-formed whatever the texts contain. Markup in them is escaped. What XML 1.0 allows in no form
 * (control characters, U+FFFE, U+FFFF, bytes that aren't UTF-8) becomes U+FFFD, because one BEL makes some CI
 * systems reject the whole file. Everything else is written unchanged, in UTF-8. The names of elements and
 * attributes must be the caller's own literals: they aren't checked, and those of open elements aren't copied. A
 * failure is remembered and returned at the end.
 */
#ifndef CHAINGATE_REPORT_XML_H
#define CHAINGATE_REPORT_XML_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"

struct xml {
	struct arena arena; /* for `elements`, and for long values while they are written */
	struct buf bytes;
	const char **elements; /* the open ones, outermost first */
	size_t depth, capacity;
	bool is_html;   /* in HTML, only void elements are closed in short form */
	bool in_tag;    /* the last start tag still accepts attributes */
	bool after_end; /* the last thing written was an end tag: the next end tag goes on a line of its own */
	bool failed;
};

/* XML is indented. HTML isn't, because white space has a meaning there; it begins with its doctype. */
void xml_begin(struct xml *, bool is_html);
/* Closes open elements, appends the document, and releases everything. False if anything failed before, or if a
 * buffer's limit was reached. */
bool xml_finish(struct xml *, struct buf *out);

void xml_open(struct xml *, const char *element);
void xml_close(struct xml *);
/* Closes an element that has no content and, in HTML, no end tag. */
void xml_close_void(struct xml *);

/* Call directly after xml_open. */
__attribute__((format(printf, 3, 4))) void xml_attribute(struct xml *, const char *name, const char *format, ...);
void xml_text(struct xml *, const char *text);
/* The text in a buffer, which is released. */
void xml_text_buf(struct xml *, struct buf *);
/* Written unchanged: for style sheets. */
void xml_raw(struct xml *, const char *text);

/* An element with an optional class and nothing but a text. */
void xml_element(struct xml *, const char *element, const char *css_class, const char *text);

#endif
