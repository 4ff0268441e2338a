/* headers.h - the headers of one answer that are passed on: collected as they come, then given out.
 *
 * libcurl's own functions for this compare each header with each other, so that an answer with tens of thousands of short
 * ones would take seconds.
 */
#ifndef CHAINGATE_NET_HEADERS_H
#define CHAINGATE_NET_HEADERS_H

#include "chaingate/buf.h"

/* True for Age and what NET_HEADER_WORDS (net.h) says. Retry-After, Date and Link aren't among them. */
bool header_is_passed_on(struct text name);

struct header_lines {
	struct buf lines; /* "Name: value\n", those that are passed on and the three others */
	bool is_open;     /* the last line that came was kept: a folded one belongs to it */
};

struct header_lines header_lines_make(size_t limit);
void header_lines_release(struct header_lines *);

/* Takes a line as it came, with its end. A status line begins a new answer. `is_trailer`: it came after the body. */
void header_lines_take(struct header_lines *, struct text line, bool is_trailer);

/* Appends the values of all headers of that name: "first, second". */
void header_lines_add_values(const struct header_lines *, struct buf *out, const char *name);

/* Appends the lines whose names header_is_passed_on accepts. */
void header_lines_add_passed_on(const struct header_lines *, struct buf *out);

#endif
