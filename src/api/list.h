/* list.h - reads a list of the API, `{"deployments": […]}` or `{"chains": […]}`, item by item, while it arrives.
 *
 * The caller owns the bytes, and says how many have arrived (list_look). A unit is the opening, a member of the top,
 * or an item of the list. A unit that is incomplete is read again when at least twice as many bytes of it are there,
 * so that reading stays linear however small the pieces are. Nothing is kept of a unit but what `item` keeps.
 */
#ifndef CHAINGATE_API_LIST_H
#define CHAINGATE_API_LIST_H

#include "reader.h"

/* Most items of a list: 25 times the longest it is designed for. It limits the memory kept for each item. */
#define LIST_ITEMS_MAX 50000

enum list_stage {
	LIST_AT_START,
	LIST_AT_MEMBER, /* a member of the top */
	LIST_AT_ITEM,
	LIST_AT_END, /* after the top: only white space may follow */
	LIST_FAILED, /* the reader has the reason */
};

struct list {
	struct reader reader;
	const char *key; /* the member of the top that is the list */
	/* Reads an item that has just been entered, to its end. `offset` is where it begins in the body. May be
	 * called again for the same `index`, if only a part of the item was there before. */
	bool (*item)(struct reader *, const struct json_place *, size_t index, size_t offset, void *context);
	void *context;
	enum list_stage stage;
	size_t count;     /* items so far */
	bool is_there;    /* the member has been seen */
	bool is_page;     /* something in the body said that it is only a page of the list */
	size_t look_from; /* with fewer bytes than this, there is nothing new to read */
};

struct list list_make(struct arena *, const char *key, struct json_limits);
void list_release(struct list *);

/* Reads on, as long as there are whole units. `bytes` are all bytes of the body so far, from its beginning, and may
 * have moved. False if reading has failed, now or before. */
bool list_look(struct list *, struct text bytes, bool is_all);

/* After list_look with `is_all`: true if the list is complete and valid; else *miss says why not. */
bool list_is_good(struct list *, struct miss *miss);

#endif
