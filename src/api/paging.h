/* paging.h - finds out from a body's members and an answer's headers that a list is only a page, a part of the list.
 *
 * Today's lists have no pages. Nobody knows how a later API, or a gateway before it, would say that a list is only a
 * page, so this knows the usual ways. In names, case and separators don't count: has_more, hasMore and Has-More are one
 * word. In the list's own object and in headers, a word may also have the list's noun in it: deployments_count,
 * total_deployments. A header's name may begin with X-, with X-Pagination-, or with a vendor's prefix.
 *
 * If a count can't be read ("1,234", "1.000", 1.9, "many"), it counts as more than any list has, because nobody knows
 * whether the list is whole. If a limit can't be read, the digits at its beginning count.
 */
#ifndef CHAINGATE_API_PAGING_H
#define CHAINGATE_API_PAGING_H

#include "chaingate/json_cursor.h"

/* How many items and members of parts, counts and unknown objects at the top are read, in all: twice as many as any list
 * has items, so that even a link for each item is read. Reading them takes longer than skipping them. If there are more,
 * the list is taken for a page, because the marker may be among the rest. */
#define PAGING_LOOKED_MAX 100000

/* A member or a header that says something about pages. Its texts point into the body or into the headers. */
struct paging_mark {
	struct text part; /* the name of the object or the header that has the member; empty: none */
	struct text name; /* as written; empty: nothing says so */
	struct text value;
	bool is_header;
};

/* What is known about a list's pages so far. */
struct paging {
	struct text noun;           /* the name of the list's member: "deployments" */
	struct paging_mark more;    /* says that there are other pages */
	struct paging_mark perhaps; /* says so, unless something else says that no page follows: `end_cursor` */
	struct paging_mark index;   /* is an index above 1, which is a page's only if something else is about pages */
	struct paging_mark whole;   /* says how many items there are in all: `total` */
	struct paging_mark cut;     /* says how many items a page has: `limit` */
	int64_t total, limit;       /* 0: nothing says so */
	int64_t all;                /* the largest total that can't be the number of this page's items; 0: none */
	size_t looked;              /* how many of these items and members were read */
	bool has_end;               /* something says that no page follows */
	bool is_loose;              /* the limit may be one of anything, unless has_offset */
	bool has_offset;            /* something says where in the list this page begins */
};

/* What a word says. "Nothing" is null, false, 0, "", and a text such as "none". An array without items and an object
 * with nothing in its members say nothing at all, not even that no page follows. */
enum paging_word {
	PAGING_OTHER,       /* isn't about pages */
	PAGING_MORE,        /* there are other pages, unless it is nothing; then no page follows */
	PAGING_MAYBE,       /* the same, unless something else says that no page follows */
	PAGING_MORE_BEFORE, /* there are pages before this one, unless it is nothing */
	/* As these three. But a text says where the page is: "no" may be a cursor. */
	PAGING_NEXT,
	PAGING_CURSOR,
	PAGING_PREVIOUS,
	PAGING_LAST,      /* false: pages follow; true: none does */
	PAGING_LAST_PAGE, /* the same, or the number of the last page */
	PAGING_FIRST,     /* false: there are pages before this one; or as PAGING_PLACE */
	PAGING_PLACE,     /* the number of this page, or of its first item: above 1, there are others before it */
	PAGING_PAGE,      /* the same, or an object with words about pages */
	PAGING_INDEX,     /* as PAGING_PLACE in a part; elsewhere it may be a number of anything */
	PAGING_OFFSET,    /* how many items are before this page; a text is where the next page begins */
	PAGING_START,     /* the same, counted from 0 or from 1 */
	PAGING_TOTAL,     /* how many items there are in all */
	PAGING_COUNT,     /* the same, or how many items this page has: it doesn't say that no page follows */
	PAGING_PAGES,     /* how many pages there are */
	PAGING_LIMIT,     /* how many items a page has */
	PAGING_SIZE,      /* the same in a part, or with an offset beside it; elsewhere it may be a size of anything */
	PAGING_FAULT,     /* something went wrong, so that items may be missing; unless it is nothing */
	PAGING_WARNING,   /* its texts may say that items are missing */
	PAGING_ASIDE,     /* isn't about pages, and is no count */
	PAGING_NOUN,      /* the list's own name: in a part, a number is how many there are */
	PAGING_RESULTS,   /* a number is how many there are; or an object with words about pages */
	PAGING_PART,      /* an object with words about pages */
};

/* The meaning of a name. *out_is_sure: it has this meaning in every object. `noun`: the list's, which may be in the
 * name; NULL in an object that may be about anything. */
enum paging_word paging_word_of_name(struct text name, const struct text *noun, bool *out_is_sure);
enum paging_word paging_word_of(const struct json_value *key, const struct text *noun, bool *out_is_sure);

/* True if the noun, perhaps in the singular, is in the name, which is plain ASCII. */
bool paging_has_noun(const struct json_value *key, struct text noun);

/* Reads the value of a member of the body's object, whole, and adds what it says. The paging comes from
 * paging_of_headers. False: the cursor's fault. */
bool paging_read(struct json_cursor *, const struct json_value *key, struct paging *);

/* The same for a member of an object that has the list and is about other things, too: only words count that are sure, or
 * have the list's noun in them. */
bool paging_read_aside(struct json_cursor *, const struct json_value *key, struct paging *);

/* Returns the mark that says that a list of `count` items isn't whole; NULL if nothing does. */
const struct paging_mark *paging_of_page(const struct paging *, size_t count);

/* What headers say, which are lines "Name: value\n". Link isn't read here, but in page.c. `noun` may be empty. */
struct paging paging_of_headers(struct text headers, struct text noun);

/* False if nothing says anything about pages. */
bool paging_is_there(const struct paging *);

/* Reads the header's line at *at, and moves *at past it. False at the end. The name and the value are trimmed. */
bool paging_next_header(struct text headers, size_t *at, struct text *name, struct text *value);

/* The largest number in a header's value, as below. */
int64_t paging_largest_number(struct text value);

/* The largest number in the values of these headers, 0 if there is none. INT64_MAX if it doesn't fit, or may be one of
 * several groups of digits ("1,000"). Names ignore case. Several values ("3, 57", or a header that came twice) may be
 * from several servers on the way. */
int64_t paging_header_number(struct text headers, const char *wanted);

/* True if a relation of a link ("next", "prev", an address that ends in one of them) leads to another page. */
bool paging_is_other_page(struct text relation);

/* The first such relation in a header Link, or in a text written like one; empty if there is none. */
struct text paging_relation_in(struct text link);

#endif
