/* xml.h - XML and HTML, written: elements, attributes, text, indentation. Private to src/report.
 *
 * What is written is well-formed whatever the texts hold: markup in them is escaped, and what XML 1.0 allows in no form
 * (control characters, U+FFFE, U+FFFF, bytes that aren't UTF-8) becomes U+FFFD, because one BEL makes some CI systems reject
 * the whole file. Everything else is written as it is, in UTF-8. The names of elements and attributes are the caller's own
 * literals: they aren't checked, and those of open elements aren't copied. A failure is remembered, and asked for once at the
 * end.
 */
#ifndef CHAINGATE_REPORT_XML_H
#define CHAINGATE_REPORT_XML_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"

struct xml {
	struct arena arena; /* for callers' texts on their way; released at the end */
	struct buf bytes;
	const char **elements; /* those that are open, outermost first */
	size_t depth, capacity;
	bool is_html;   /* no element is closed in short, but those that HTML calls void */
	bool in_tag;    /* the last start tag still takes attributes */
	bool after_end; /* the last thing written was an end tag: the next end tag has a line of its own */
	bool failed;
};

/* XML is indented; HTML isn't, because space means something there, and begins with its doctype. */
void xml_begin(struct xml *, bool is_html);
/* Closes what is open, appends the document, and releases everything. False if anything failed on the way, or a buffer's limit was reached. */
bool xml_finish(struct xml *, struct buf *out);

void xml_open(struct xml *, const char *element);
void xml_close(struct xml *);
/* Closes an element that has no content and, in HTML, no end. */
void xml_close_void(struct xml *);

/* Directly behind xml_open. */
__attribute__((format(printf, 3, 4))) void xml_attribute(struct xml *, const char *name, const char *format, ...);
void xml_text(struct xml *, const char *text);
/* What was collected in a buffer, which is released. */
void xml_text_buf(struct xml *, struct buf *);
/* As it is: style sheets. */
void xml_raw(struct xml *, const char *text);

/* An element with an optional class and nothing but a text. */
void xml_element(struct xml *, const char *element, const char *css_class, const char *text);

#endif
