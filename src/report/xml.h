/* xml.h - libxml2's writer, as the report room uses it: failures are remembered, and asked for once at the end. Private to src/report. */
#ifndef CHAINGATE_REPORT_XML_H
#define CHAINGATE_REPORT_XML_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"

#include <libxml/xmlwriter.h>

struct xml {
	struct arena arena; /* for values on their way */
	xmlTextWriterPtr writer;
	xmlBufferPtr bytes;
	bool is_html; /* no element is closed in short, but those that HTML calls void */
	bool failed;
};

/* XML is indented; HTML isn't, because space means something there, and begins with its doctype. */
void xml_begin(struct xml *, bool is_html);
/* Appends the document, and releases everything. False if anything failed on the way, or the buffer's limit was reached. */
bool xml_finish(struct xml *, struct buf *out);

void xml_open(struct xml *, const char *element);
void xml_close(struct xml *);
/* Closes an element that has no content and, in HTML, no end. */
void xml_close_void(struct xml *);

__attribute__((format(printf, 3, 4))) void xml_attribute(struct xml *, const char *name, const char *format, ...);
void xml_text(struct xml *, const char *text);
/* What was collected in a buffer, which is released. */
void xml_text_buf(struct xml *, struct buf *);
/* As it is: style sheets. */
void xml_raw(struct xml *, const char *text);

/* An element with an optional class and nothing but a text. */
void xml_element(struct xml *, const char *element, const char *css_class, const char *text);

#endif
