/* paging_add.h - adds what one member or header says to what is known about pages. */
#ifndef CHAINGATE_API_PAGING_ADD_H
#define CHAINGATE_API_PAGING_ADD_H

#include "paging.h"

/* There are other pages. */
void paging_add_more(struct paging *, struct paging_mark);

/* So many items there are in all. `is_all`: it can't be the number of items of this page. */
void paging_add_total(struct paging *, int64_t total, bool is_all, struct paging_mark);

/* So many pages there are. */
void paging_add_pages(struct paging *, int64_t pages, struct paging_mark);

/* So many items a page has. `is_loose`: it may be a limit of something else, unless an offset is beside it. */
void paging_add_limit(struct paging *, int64_t limit, bool is_loose, struct paging_mark);

/* Reads an object that a header has as its value, and adds what its members say. `name` is the header's. */
void paging_read_header(struct text name, struct text value, struct paging *);

#endif
