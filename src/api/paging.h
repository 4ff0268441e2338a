/* paging.h - the words with which a body or a header says that a list is only a page of one.
 *
 * Today's lists have no pages, so nobody knows which words a later API, or a gateway before it, would use. These are the
 * usual ones. A name counts whatever its case and its separators are: has_more, hasMore and Has-More are one word. Only
 * in a header may X-, and then Pagination-, WP- or MS-, stand before it.
 */
#ifndef CHAINGATE_API_PAGING_H
#define CHAINGATE_API_PAGING_H

#include "chaingate/json_cursor.h"

struct paging {
	bool is_page;  /* something says that there are other pages */
	int64_t total; /* how many items something says there are in all; 0: nothing says so */
};

enum paging_word {
	PAGING_OTHER, /* not a word about pages */
	PAGING_MORE,  /* there are more pages, unless it is null, false, 0 or "" */
	PAGING_TOTAL, /* how many items there are in all */
	PAGING_PAGES, /* how many pages there are */
	PAGING_PART,  /* an object with such words */
};

/* The meaning of a member's key. */
enum paging_word paging_word_of(const struct json_value *key);

/* Reads the value of a member, whole, and adds what it says to the paging, which must be `{0}` before the first. `word`
 * is its key's meaning, but not PAGING_OTHER. False: the cursor's fault. */
bool paging_read(struct json_cursor *, enum paging_word, struct paging *);

/* What headers say, in lines "Name: value\n". Link isn't read here, but in page.c. */
struct paging paging_of_headers(struct text headers);

/* The value of one of these headers, trimmed; empty if there is none. Names ignore case. */
struct text paging_header(struct text headers, const char *name);

/* The number in a header's value, 0 if there is none; INT64_MAX if it doesn't fit. A header that comes several times is
 * "3, 57": the largest counts, because two servers on the way may have written it. */
int64_t paging_number(struct text value);

#endif
