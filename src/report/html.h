/* html.h - parts of the HTML report that its files share. Private to src/report. */
#ifndef CHAINGATE_REPORT_HTML_H
#define CHAINGATE_REPORT_HTML_H

#include "console.h"
#include "words.h"
#include "xml.h"

/* An element with printable text. A buffer's text must be printable already; the buffer is released. */
void html_text(struct xml *, const char *element, const char *css_class, struct text);
void html_buf(struct xml *, const char *element, const char *css_class, struct buf *);
void html_begin_table(struct xml *, const char *const *heads);
void html_end_table(struct xml *);
/* A section that can be folded; the caller closes it. */
void html_begin_fold(struct xml *, const char *words, bool is_open);
/* A word on a coloured background. */
void html_word(struct xml *, const char *css_class, const char *word);
void html_mark(struct xml *, enum rule_mark);
const char *html_mark_class(enum rule_mark);
/* A text, as a link if there is an address. */
void html_link(struct xml *, const char *address, const char *text);
void html_clock(struct xml *, const char *element, int64_t ns); /* "2m10s" */

/* Whether a target's details are shown unfolded. With several targets, only those that didn't pass are. */
bool html_is_open(const struct report *, size_t target);
/* Whether the timeline is, too: it has a row for each lane. */
bool html_timeline_is_open(const struct report *, size_t target);
/* Whether the table of all lanes is: the lanes that aren't ready are its first ones. */
bool html_lanes_are_open(const struct report *, size_t target);

/* The rules of a target: for each with a finding a sentence, what to do and the evidence; then all rules. */
void html_rules(struct xml *, const struct report *, const struct target_result *);

/* The final state of deployments and chainlets, and all events. */
void html_lanes(struct xml *, const struct report *, size_t index);
void html_events(struct xml *, const struct report *, size_t target);

#endif
