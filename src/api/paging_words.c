/* paging_words.c - the table of the names that say something about pages. See paging.h.
 *
 * An object that may hold such words has a name of its own (pagination, meta, links …), because an unknown member of
 * another name may have a `total` of anything. Only a name that can't mean anything else is believed there, too.
 */
#include "paging.h"

#include "chaingate/arena.h"

/* Longest name without its separators; longer ones aren't words about pages. */
#define NAME_MAX 24
/* The longest name as written in JSON, with each character escaped, and half as many separators. */
#define WRITTEN_MAX ((size_t)NAME_MAX * 6 * 3 / 2)

static const struct {
	const char *name; /* in lower case, without separators */
	enum paging_word word;
	bool is_sure;
} words[] = {
	{"hasmore", PAGING_MORE, true},
	{"hasmoreitems", PAGING_MORE, true},
	{"hasmorepages", PAGING_MORE, true},
	{"hasmoreresults", PAGING_MORE, true},
	{"hasnext", PAGING_MORE, false},
	{"hasnextpage", PAGING_MORE, true},
	{"more", PAGING_MORE, false},
	{"moreavailable", PAGING_MORE, true},
	{"moreitems", PAGING_MORE, true},
	{"moreresults", PAGING_MORE, true},
	{"next", PAGING_MORE, false},
	{"nextcursor", PAGING_MORE, true},
	{"nexthref", PAGING_MORE, false},
	{"nextid", PAGING_MORE, false},
	{"nextkey", PAGING_MORE, false},
	{"nextlink", PAGING_MORE, true},
	{"nextmarker", PAGING_MORE, true},
	{"nextoffset", PAGING_MORE, false},
	{"nextpage", PAGING_MORE, true},
	{"nextpagecursor", PAGING_MORE, true},
	{"nextpagelink", PAGING_MORE, true},
	{"nextpagetoken", PAGING_MORE, true},
	{"nextpageurl", PAGING_MORE, true},
	{"nexttoken", PAGING_MORE, true},
	{"nexturi", PAGING_MORE, false},
	{"nexturl", PAGING_MORE, false},
	{"odatanextlink", PAGING_MORE, true},
	{"cursor", PAGING_MORE, false},
	{"continue", PAGING_MORE, false},
	{"continuation", PAGING_MORE, false},
	{"continuationtoken", PAGING_MORE, true},
	{"lastevaluatedkey", PAGING_MORE, true},
	{"remainingitemcount", PAGING_MORE, true},
	{"scrollid", PAGING_MORE, true},
	{"incomplete", PAGING_MORE, false},
	{"incompleteresults", PAGING_MORE, true},
	{"ispartial", PAGING_MORE, false},
	{"istruncated", PAGING_MORE, true},
	{"partial", PAGING_MORE, false},
	{"truncated", PAGING_MORE, false},
	{"offset", PAGING_OFFSET, false},
	{"skip", PAGING_OFFSET, false},
	{"startindex", PAGING_OFFSET, false},
	{"count", PAGING_COUNT, false},
	{"numfound", PAGING_TOTAL, false},
	{"odatacount", PAGING_TOTAL, true},
	{"total", PAGING_TOTAL, false},
	{"totalcount", PAGING_TOTAL, true},
	{"totalelements", PAGING_TOTAL, true},
	{"totalhits", PAGING_TOTAL, true},
	{"totalitems", PAGING_TOTAL, true},
	{"totalrecords", PAGING_TOTAL, true},
	{"totalresults", PAGING_TOTAL, true},
	{"totalsize", PAGING_TOTAL, false},
	{"lastpage", PAGING_PAGES, false},
	{"numpages", PAGING_PAGES, false},
	{"pagecount", PAGING_PAGES, false},
	{"pages", PAGING_PAGES, false},
	{"totalpages", PAGING_PAGES, true},
	{"pagesize", PAGING_LIMIT, true},
	{"perpage", PAGING_LIMIT, true},
	{"pagelimit", PAGING_LIMIT, false},
	{"maxresults", PAGING_LIMIT, false},
	{"itemsperpage", PAGING_LIMIT, true},
	{"limit", PAGING_SIZE, false},
	{"size", PAGING_SIZE, false},
	{"current", PAGING_PLACE, false},
	{"currentpage", PAGING_PLACE, false},
	{"first", PAGING_PLACE, false},
	{"from", PAGING_PLACE, false},
	{"index", PAGING_PLACE, false},
	{"number", PAGING_PLACE, false},
	{"pagenumber", PAGING_PLACE, false},
	{"start", PAGING_PLACE, false},
	{"took", PAGING_ASIDE, false},
	{"links", PAGING_PART, false},
	{"listmeta", PAGING_PART, false},
	{"meta", PAGING_PART, false},
	{"metadata", PAGING_PART, false},
	{"page", PAGING_PART, false},
	{"pageinfo", PAGING_PART, true},
	{"pagination", PAGING_PART, true},
	{"paging", PAGING_PART, true},
	{"responsemetadata", PAGING_PART, false},
	{"paginationinfo", PAGING_PART, true},
	{"paginginfo", PAGING_PART, true},
	{"pagemeta", PAGING_PART, true},
	{"resultinfo", PAGING_PART, false},
};

/* The name in lower case, without separators; false if it isn't a word. */
static bool plain_name(struct text name, char out[NAME_MAX + 1])
{
	size_t length = 0;
	for (size_t i = 0; i < name.length; i++) {
		char c = text_lower(name.bytes[i]);
		if (c == '_' || c == '-' || c == '.' || c == '@' || c == '$' || c == ' ')
			continue;
		if (c < 'a' || c > 'z' || length == NAME_MAX)
			return false;
		out[length++] = c;
	}
	out[length] = '\0';
	return true;
}

enum paging_word paging_word_of_name(struct text name, bool *out_is_sure)
{
	char plain[NAME_MAX + 1];
	*out_is_sure = false;
	if (!plain_name(name, plain))
		return PAGING_OTHER;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (text_is(text_of(plain), words[i].name)) {
			*out_is_sure = words[i].is_sure;
			return words[i].word;
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
