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

/* Longest name, and longest line that is passed on with the folded ones after it, in bytes. Real names have under 50, and
 * real lines about pages under 1 KiB. Nobody reads longer ones, and what isn't read may say that a list is only a
 * page. */
#define HEADER_NAME_MAX 128
#define HEADER_LINE_MAX ((size_t)8 << 10)

struct header_lines {
	struct buf lines;            /* "Name: value\n", those that are passed on and the three others */
	size_t line_length;          /* of the last line that came, and the folded ones after it */
	bool is_open;                /* the last line that came was kept: a folded one belongs to it */
	bool is_limited;             /* … and mustn't be longer than HEADER_LINE_MAX */
	bool has_status, is_interim; /* a status line came; the last one was of an interim answer (1xx) */
	bool has_ended;              /* the empty line after the answer's headers came: only trailers follow */
	bool is_too_long;            /* a name or a line was over its limit: the answer can't be judged */
};

struct header_lines header_lines_make(size_t limit);
void header_lines_release(struct header_lines *);

/* Takes a line as it came, with its end. A status line begins a new answer if it is the first line, or follows an interim
 * answer's empty line; anywhere else it is a line like any other, and what came before it still counts. */
void header_lines_take(struct header_lines *, struct text line);

/* Appends the values of all headers of that name: "first, second". */
void header_lines_add_values(const struct header_lines *, struct buf *out, const char *wanted);

/* Appends the lines whose names header_is_passed_on accepts. */
void header_lines_add_passed_on(const struct header_lines *, struct buf *out);

#endif
