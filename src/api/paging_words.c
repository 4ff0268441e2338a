/* paging_words.c - the table of the names that say something about pages. See paging.h.
 *
 * An object that may hold such words has a name of its own (pagination, meta, links …), because an unknown member of
 * another name may have a `total` of anything. Only a name that can't mean anything else is believed there, too.
 */
#include "paging.h"

#include "chaingate/arena.h"

#include <string.h>

/* Longest name without its separators; longer ones aren't words about pages. */
#define NAME_MAX 24
/* The longest name as written in JSON, with each character escaped, and half as many separators. */
#define WRITTEN_MAX ((size_t)NAME_MAX * 6 * 3 / 2)

#define WORD(name, word, is_sure) \
	{ \
		name, sizeof(name) - 1, word, is_sure \
	}

/* Sorted by length, then by name, because an answer may have millions of names. */
static const struct word {
	const char *name; /* in lower case, without separators */
	size_t length;
	enum paging_word word;
	bool is_sure;
} words[] = {
	WORD("from", PAGING_PLACE, false),
	WORD("meta", PAGING_PART, false),
	WORD("more", PAGING_MORE, false),
	WORD("next", PAGING_MORE, false),
	WORD("page", PAGING_PART, false),
	WORD("size", PAGING_SIZE, false),
	WORD("skip", PAGING_OFFSET, false),
	WORD("took", PAGING_ASIDE, false),
	WORD("count", PAGING_COUNT, false),
	WORD("first", PAGING_PLACE, false),
	WORD("index", PAGING_PLACE, false),
	WORD("limit", PAGING_SIZE, false),
	WORD("links", PAGING_PART, false),
	WORD("pages", PAGING_PAGES, false),
	WORD("start", PAGING_PLACE, false),
	WORD("total", PAGING_TOTAL, false),
	WORD("cursor", PAGING_MORE, false),
	WORD("nextid", PAGING_MORE, false),
	WORD("number", PAGING_PLACE, false),
	WORD("offset", PAGING_OFFSET, false),
	WORD("paging", PAGING_PART, true),
	WORD("current", PAGING_PLACE, false),
	WORD("hasmore", PAGING_MORE, true),
	WORD("hasnext", PAGING_MORE, false),
	WORD("nextkey", PAGING_MORE, false),
	WORD("nexturi", PAGING_MORE, false),
	WORD("nexturl", PAGING_MORE, false),
	WORD("partial", PAGING_MORE, false),
	WORD("perpage", PAGING_LIMIT, true),
	WORD("continue", PAGING_MORE, false),
	WORD("lastpage", PAGING_PAGES, false),
	WORD("listmeta", PAGING_PART, false),
	WORD("metadata", PAGING_PART, false),
	WORD("nexthref", PAGING_MORE, false),
	WORD("nextlink", PAGING_MORE, true),
	WORD("nextpage", PAGING_MORE, true),
	WORD("numfound", PAGING_TOTAL, false),
	WORD("numpages", PAGING_PAGES, false),
	WORD("pageinfo", PAGING_PART, true),
	WORD("pagemeta", PAGING_PART, true),
	WORD("pagesize", PAGING_LIMIT, true),
	WORD("scrollid", PAGING_MORE, true),
	WORD("ispartial", PAGING_MORE, false),
	WORD("moreitems", PAGING_MORE, true),
	WORD("nexttoken", PAGING_MORE, true),
	WORD("pagecount", PAGING_PAGES, false),
	WORD("pagelimit", PAGING_LIMIT, false),
	WORD("totalhits", PAGING_TOTAL, true),
	WORD("totalsize", PAGING_TOTAL, false),
	WORD("truncated", PAGING_MORE, false),
	WORD("incomplete", PAGING_MORE, false),
	WORD("maxresults", PAGING_LIMIT, false),
	WORD("nextcursor", PAGING_MORE, true),
	WORD("nextmarker", PAGING_MORE, true),
	WORD("nextoffset", PAGING_MORE, false),
	WORD("odatacount", PAGING_TOTAL, true),
	WORD("pagenumber", PAGING_PLACE, false),
	WORD("pagination", PAGING_PART, true),
	WORD("paginginfo", PAGING_PART, true),
	WORD("resultinfo", PAGING_PART, false),
	WORD("startindex", PAGING_START, false),
	WORD("totalcount", PAGING_TOTAL, true),
	WORD("totalitems", PAGING_TOTAL, true),
	WORD("totalpages", PAGING_PAGES, true),
	WORD("currentpage", PAGING_PLACE, false),
	WORD("hasnextpage", PAGING_MORE, true),
	WORD("istruncated", PAGING_MORE, true),
	WORD("moreresults", PAGING_MORE, true),
	WORD("nextpageurl", PAGING_MORE, true),
	WORD("continuation", PAGING_MORE, false),
	WORD("hasmoreitems", PAGING_MORE, true),
	WORD("hasmorepages", PAGING_MORE, true),
	WORD("itemsperpage", PAGING_LIMIT, true),
	WORD("nextpagelink", PAGING_MORE, true),
	WORD("totalrecords", PAGING_TOTAL, true),
	WORD("totalresults", PAGING_TOTAL, true),
	WORD("moreavailable", PAGING_MORE, true),
	WORD("nextpagetoken", PAGING_MORE, true),
	WORD("odatanextlink", PAGING_MORE, true),
	WORD("totalelements", PAGING_TOTAL, true),
	WORD("hasmoreresults", PAGING_MORE, true),
	WORD("nextpagecursor", PAGING_MORE, true),
	WORD("paginationinfo", PAGING_PART, true),
	WORD("lastevaluatedkey", PAGING_MORE, true),
	WORD("responsemetadata", PAGING_PART, false),
	WORD("continuationtoken", PAGING_MORE, true),
	WORD("incompleteresults", PAGING_MORE, true),
	WORD("remainingitemcount", PAGING_MORE, true),
};

/* The name in lower case, without separators. Returns its length; 0 if it isn't a word. */
static size_t plain_name(struct text name, char out[NAME_MAX])
{
	size_t length = 0;
	for (size_t i = 0; i < name.length; i++) {
		char c = text_lower(name.bytes[i]);
		if (c == '_' || c == '-' || c == '.' || c == '@' || c == '$' || c == ' ')
			continue;
		if (c < 'a' || c > 'z' || length == NAME_MAX)
			return 0;
		out[length++] = c;
	}
	return length;
}

/* Below 0, 0 or above 0: the name is before the word, it is the word, or it is after it. */
static int compare(const char *name, size_t length, const struct word *word)
{
	if (length != word->length)
		return length < word->length ? -1 : 1;
	return memcmp(name, word->name, length);
}

enum paging_word paging_word_of_name(struct text name, bool *out_is_sure)
{
	char plain[NAME_MAX];
	size_t length, from = 0, to = sizeof words / sizeof *words;
	*out_is_sure = false;
	if (name.length < words[0].length || (length = plain_name(name, plain)) < words[0].length)
		return PAGING_OTHER;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = compare(plain, length, &words[middle]);
		if (order == 0) {
			*out_is_sure = words[middle].is_sure;
			return words[middle].word;
		}
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return PAGING_OTHER;
}

enum paging_word paging_word_of(const struct json_value *key, bool *out_is_sure)
{
	struct arena arena = {0};
	*out_is_sure = false;
	if (!key->has_escapes)
		return paging_word_of_name(key->raw, out_is_sure);
	if (key->raw.length > WRITTEN_MAX)
		return PAGING_OTHER;
	enum paging_word word = paging_word_of_name(json_value_text(&arena, key), out_is_sure);
	arena_release(&arena);
	return word;
}
