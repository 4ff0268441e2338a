/* list.h - a body of the API that is a list: `{"deployments": […]}`, `{"chains": […]}`. Read item by item, while it comes.
 *
 * The bytes are somebody else's, who says how many there are by now (list_look). What is read is a unit: the opening, a member
 * of the top, an item of the list. A unit of which only a part is there is read again later, when at least twice as much of it
 * is there, so that reading stays linear however small the pieces are. Nothing is kept of a unit but what its item makes of it.
 */
#ifndef CHAINGATE_API_LIST_H
#define CHAINGATE_API_LIST_H

#include "reader.h"

/* Most items of a list. 25 times the longest that is planned for; it bounds what is kept of each of them. */
#define LIST_ITEMS_MAX 50000

enum list_stage {
	LIST_AT_START,
	LIST_AT_MEMBER, /* of the top */
	LIST_AT_ITEM,
	LIST_AT_END, /* behind the top: white space may follow */
	LIST_FAILED, /* the reader knows why */
};

struct list {
	struct reader reader;
	const char *key; /* which member of the top is the list */
	/* Reads an item that has just been entered, to its end. `offset` is where it begins in the body. May be called
	 * again for the same `index`, when only a part of the item was there the last time. */
	bool (*item)(struct reader *, const struct json_place *, size_t index, size_t offset, void *context);
	void *context;
	enum list_stage stage;
	size_t count;     /* items so far */
	bool is_there;    /* the member has been seen */
	bool is_page;     /* something said that this is only a page of the list */
	size_t look_from; /* with fewer bytes than that, there is nothing new to be read */
};

struct list list_make(struct arena *, const char *key, struct json_limits);
void list_release(struct list *);

/* Reads on, as far as whole units are there. `bytes` are all of the body so far, from its beginning, and may have moved. False when reading has
 * failed, then or before. */
bool list_look(struct list *, struct text bytes, bool is_all);

/* After list_look with `is_all`: why there is no list. True if there is one, whole. */
bool list_is_good(struct list *, struct miss *miss);

#endif
