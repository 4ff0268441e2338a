/* paging_add.c - adds up what members and headers say about pages, and judges it. See paging.h. */
#include "paging_add.h"

static bool is_set(const struct paging_mark *mark)
{
	return mark->name.length > 0;
}

void paging_add_more(struct paging *paging, struct paging_mark mark)
{
	if (!is_set(&paging->more))
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

/* True for a page that has as many items as a page can have, if nothing says that it is the last one. */
static bool may_go_on(const struct paging *paging, int64_t items)
{
	bool is_full = paging->limit > 0 && paging->limit <= items && (paging->has_offset || !paging->is_loose);
	bool is_last = paging->has_end || paging->all == items;
	return is_full && !is_last;
}

const struct paging_mark *paging_of_page(const struct paging *paging, size_t count)
{
	int64_t items = (int64_t)count;
	bool has_pages = paging->limit > 0 || paging->total > 0 || paging->has_end;
	if (is_set(&paging->more))
		return &paging->more;
	if (paging->total > items)
		return &paging->whole;
	if (is_set(&paging->perhaps) && !paging->has_end)
		return &paging->perhaps;
	if (is_set(&paging->index) && has_pages)
		return &paging->index;
	return may_go_on(paging, items) ? &paging->cut : NULL;
}

bool paging_is_there(const struct paging *paging)
{
	return is_set(&paging->more) || is_set(&paging->perhaps) || is_set(&paging->index) || paging->total ||
	       paging->limit || paging->all || paging->has_end || paging->has_offset;
}
