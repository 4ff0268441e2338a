/* paging_add.c - adds up what members and headers say about pages, and judges it. See paging.h. */
#include "paging_add.h"

void paging_add_more(struct paging *paging, struct paging_mark mark)
{
	if (!paging->more.name.length)
		paging->more = mark;
}

void paging_add_total(struct paging *paging, int64_t total, bool is_all, struct paging_mark mark)
{
	if (is_all && total > paging->all)
		paging->all = total;
	if (total > paging->total) {
		paging->total = total;
		paging->whole = mark;
	}
}

void paging_add_pages(struct paging *paging, int64_t pages, struct paging_mark mark)
{
	if (pages > 1)
		paging_add_more(paging, mark);
	paging->has_end |= pages == 1;
}

void paging_add_limit(struct paging *paging, int64_t limit, bool is_loose, struct paging_mark mark)
{
	bool is_first = !paging->limit, is_less = limit < paging->limit;
	if (limit <= 0)
		return;
	if (is_first || (paging->is_loose && !is_loose) || (is_less && paging->is_loose == is_loose)) {
		paging->limit = limit;
		paging->is_loose = is_loose;
		paging->cut = mark;
	}
}

const struct paging_mark *paging_of_page(const struct paging *paging, size_t count)
{
	int64_t items = (int64_t)count;
	if (paging->more.name.length)
		return &paging->more;
	if (paging->total > items)
		return &paging->whole;
	/* a page that is full, and nothing says that it is the last */
	bool is_full = paging->limit > 0 && paging->limit <= items && (paging->has_offset || !paging->is_loose);
	bool is_last = paging->has_end || paging->all == items;
	return is_full && !is_last ? &paging->cut : NULL;
}

bool paging_is_there(const struct paging *paging)
{
	return paging->more.name.length || paging->total || paging->limit || paging->all || paging->has_end ||
	       paging->has_offset;
}
