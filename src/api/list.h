/* list.h - reads a list of the API, `{"deployments": […]}` or `{"chains": […]}`, item by item.
 *
 * The caller owns the answer, whose texts must live as long as the list. Nothing is kept of an item but what `item`
 * keeps.
 */
#ifndef CHAINGATE_API_LIST_H
#define CHAINGATE_API_LIST_H

#include "chaingate/api.h"
#include "paging.h"
#include "reader.h"

/* Most items of a list: 25 times the longest it is designed for. It limits the memory kept for each item. */
#define LIST_ITEMS_MAX 50000

struct list {
	struct reader reader;
	const char *key; /* the name of the member that is the list */
	/* Reads an item that has just been entered, to its end. `offset` is where it begins in the body. */
	bool (*item)(struct reader *, const struct json_place *, size_t index, size_t offset, void *context);
	void *context;
	size_t count;         /* items so far */
	bool is_there;        /* the member has been seen */
	struct paging paging; /* what the headers and the other members say about pages */
};

/* The caller sets `item` and `context`. */
struct list list_make(struct arena *, const char *key, const struct api_answer *, struct json_limits);
void list_release(struct list *);

/* Reads the whole body; call it once. False if the list isn't complete and valid: *miss says why not. */
bool list_read(struct list *, struct miss *miss);

#endif
