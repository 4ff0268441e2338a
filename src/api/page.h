/* page.h - the miss for a list that is only a page: it names what says so. */
#ifndef CHAINGATE_API_PAGE_H
#define CHAINGATE_API_PAGE_H

#include "chaingate/api.h"
#include "paging.h"

/* `is_count`: the mark's value is compared with the list's `count` of items. The miss's texts are in the arena. */
struct miss page_miss(struct arena *, const struct paging_mark *, size_t count, bool is_count);

#endif
