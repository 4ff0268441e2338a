/* paging.h - the words with which a body or a header says that a list is only a page of one.
 *
 * Today's lists have no pages, so nobody knows which words a later API, or a gateway before it, would use. These are
 * the usual ones. A name counts whatever its case and its separators are: has_more, hasMore and Has-More are one word.
 * Only in a header may X-, and then Pagination-, WP- or MS-, stand before it.
 *
 * A count that can't be read ("1,234", "1.000", 1.9, "many") counts as more than any list has: nobody knows whether the
 * list is whole. Of a limit that can't be read, the digits at its beginning count: a list of so many may be a page.
 */
#ifndef CHAINGATE_API_PAGING_H
#define CHAINGATE_API_PAGING_H

#include "chaingate/json_cursor.h"

/* How many items and members of parts and counts are looked into, in all: twice as many as any list has items, so that
 * even a link for each is read. They are read slower than unknown members. After so many, nobody knows what the rest
 * says, so that it is a page. */
#define PAGING_LOOKED_MAX 100000

/* A member or a header that says something about pages. Its texts point into the body or into the headers. */
struct paging_mark {
	struct text part; /* the name of the object or the header that has the member; empty: none */
	struct text name; /* as written; empty: nothing says so */
	struct text value;
	bool is_header;
};

struct paging {
	struct paging_mark more;  /* says that there are other pages */
	struct paging_mark whole; /* says how many items there are in all: `total` */
	struct paging_mark cut;   /* says how many items a page has: `limit` */
	int64_t total, limit;     /* 0: nothing says so */
	int64_t all;              /* the largest total that can't be the number of this page's items; 0: none */
	size_t looked;            /* how many items and members of parts and counts were looked into */
	bool has_end;             /* something says that no page follows */
	bool is_loose;            /* the limit may be one of anything, unless has_offset */
	bool has_offset;          /* something says where in the list this page begins */
};

enum paging_word {
	PAGING_OTHER,  /* not a word about pages */
	PAGING_MORE,   /* there are more pages, unless it is null, false, 0 or "" */
	PAGING_OFFSET, /* how many items are before this page; a text is where the next page begins */
	PAGING_START,  /* the same, counted from 0 or from 1 */
	PAGING_TOTAL,  /* how many items there are in all */
	PAGING_COUNT,  /* the same, or how many items this page has: it doesn't say that no page follows */
	PAGING_PAGES,  /* how many pages there are */
	PAGING_LIMIT,  /* how many items a page has */
	PAGING_SIZE,   /* the same in a part, or with an offset beside it; elsewhere it may be a size of anything */
	PAGING_PLACE,  /* which page or item it is: no count, but where in the list this page begins */
	PAGING_ASIDE,  /* says nothing about pages, and is no count */
	PAGING_PART,   /* an object with such words */
};

/* The meaning of a name. *out_is_sure: it has this meaning in an object of any name. */
enum paging_word paging_word_of_name(struct text name, bool *out_is_sure);
enum paging_word paging_word_of(const struct json_value *key, bool *out_is_sure);

/* Reads the value of a member of the top, whole, and adds what it says to the paging, which is `{0}` before the
 * first, or has what the headers say. False: the cursor's fault. */
bool paging_read(struct json_cursor *, const struct json_value *key, struct paging *);

/* What says that a list of `count` items isn't whole: one of the paging's marks, or NULL. */
const struct paging_mark *paging_of_page(const struct paging *, size_t count);

/* What headers say, in lines "Name: value\n". Link isn't read here, but in page.c. */
struct paging paging_of_headers(struct text headers);

/* True unless nothing says anything about pages. */
bool paging_is_there(const struct paging *);

/* The value of one of these headers, trimmed; empty if there is none. Names ignore case. */
struct text paging_header(struct text headers, const char *name);

/* The number in a header's value, 0 if there is none; INT64_MAX if it doesn't fit, or may be one of several groups of
 * digits ("1,000"). A header that comes several times is "3, 57": the largest counts, because two servers on the way may
 * have written it. */
int64_t paging_number(struct text value);

#endif
