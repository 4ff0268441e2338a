/* paging_add.h - adds what one member or header says to what is known about pages. */
#ifndef CHAINGATE_API_PAGING_ADD_H
#define CHAINGATE_API_PAGING_ADD_H

#include "paging.h"

/* There are other pages. */
void paging_add_more(struct paging *, struct paging_mark);

/* There are so many items in all. `is_all`: it can't be the number of this page's items. */
void paging_add_total(struct paging *, int64_t total, bool is_all, struct paging_mark);

/* There are so many pages. */
void paging_add_pages(struct paging *, int64_t pages, struct paging_mark);

/* A page has so many items. `is_loose`: it may be a limit of something else, unless an offset is beside it. */
void paging_add_limit(struct paging *, int64_t limit, bool is_loose, struct paging_mark);

/* Adds what a value says whose name has this meaning. `is_loose`: it is in an object that is about other things, too. Of
 * an array or object, only its kind counts. */
void paging_add_value(struct paging *, enum paging_word, const struct json_value *, bool is_loose, struct paging_mark);

/* The mark with this value, for a message. */
struct paging_mark paging_mark_of(struct paging_mark, const struct json_value *);

/* Reads the JSON that a header has as its value, and adds what its members say: an object, or several with commas
 * between, if the header came several times. `name` is the header's. False: it isn't JSON. */
bool paging_read_header(struct text name, struct text value, bool is_sure, struct paging *);

#endif
