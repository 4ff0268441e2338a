/* paging_words.c - the table of the names that say something about pages. See paging.h.
 *
 * Only objects of some names (pagination, meta, links …) are searched for all of these words: in an object of another
 * name, `total` may count anything. A word that can only be about pages ("sure") is believed in every object.
 */
#include "paging.h"

#include "chaingate/arena.h"

#include <string.h>

/* Longest name without its separators; longer ones aren't words about pages. */
#define NAME_MAX 32
/* The longest name as written in JSON, with each character escaped, and half as many separators. */
#define WRITTEN_MAX ((size_t)NAME_MAX * 6 * 3 / 2)
/* The shortest word. */
#define WORD_MIN 3

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
	WORD("end", PAGING_LAST, false),
	WORD("eof", PAGING_LAST, false),
	WORD("done", PAGING_LAST, false),
	WORD("from", PAGING_START, false),
	WORD("hits", PAGING_RESULTS, false),
	WORD("last", PAGING_LAST, false),
	WORD("link", PAGING_PART, false),
	WORD("meta", PAGING_PART, false),
	WORD("more", PAGING_MORE, false),
	WORD("next", PAGING_NEXT, false),
	WORD("page", PAGING_PAGE, false),
	WORD("prev", PAGING_PREVIOUS, false),
	WORD("self", PAGING_ASIDE, false),
	WORD("size", PAGING_SIZE, false),
	WORD("skip", PAGING_OFFSET, false),
	WORD("sort", PAGING_ASIDE, false),
	WORD("took", PAGING_ASIDE, false),
	WORD("view", PAGING_PART, false),
	WORD("after", PAGING_CURSOR, false),
	WORD("atend", PAGING_LAST, false),
	WORD("count", PAGING_COUNT, false),
	WORD("error", PAGING_FAULT, false),
	WORD("final", PAGING_LAST, false),
	WORD("first", PAGING_FIRST, false),
	WORD("index", PAGING_INDEX, false),
	WORD("isend", PAGING_LAST, false),
	WORD("iseof", PAGING_LAST, false),
	WORD("limit", PAGING_SIZE, false),
	WORD("links", PAGING_PART, false),
	WORD("order", PAGING_ASIDE, false),
	WORD("pager", PAGING_PART, true),
	WORD("pages", PAGING_PAGES, false),
	WORD("start", PAGING_START, false),
	WORD("total", PAGING_TOTAL, false),
	WORD("counts", PAGING_PART, false),
	WORD("cursor", PAGING_NEXT, false),
	WORD("errors", PAGING_FAULT, false),
	WORD("isdone", PAGING_LAST, false),
	WORD("islast", PAGING_LAST, false),
	WORD("ismore", PAGING_MORE, false),
	WORD("marker", PAGING_CURSOR, false),
	WORD("nextid", PAGING_NEXT, false),
	WORD("number", PAGING_INDEX, false),
	WORD("offset", PAGING_OFFSET, false),
	WORD("pageno", PAGING_PLACE, false),
	WORD("paging", PAGING_PART, true),
	WORD("result", PAGING_PART, false),
	WORD("scroll", PAGING_CURSOR, false),
	WORD("sortby", PAGING_ASIDE, false),
	WORD("totals", PAGING_PART, false),
	WORD("current", PAGING_INDEX, false),
	WORD("cursors", PAGING_PART, true),
	WORD("hasless", PAGING_MORE_BEFORE, false),
	WORD("hasmore", PAGING_MORE, true),
	WORD("hasnext", PAGING_MORE, false),
	WORD("hasprev", PAGING_MORE_BEFORE, false),
	WORD("isfinal", PAGING_LAST, false),
	WORD("isfirst", PAGING_FIRST, false),
	WORD("nextkey", PAGING_NEXT, false),
	WORD("nexturi", PAGING_NEXT, false),
	WORD("nexturl", PAGING_NEXT, false),
	WORD("orderby", PAGING_ASIDE, false),
	WORD("pagenum", PAGING_PLACE, false),
	WORD("partial", PAGING_MORE, false),
	WORD("perpage", PAGING_LIMIT, true),
	WORD("prevuri", PAGING_PREVIOUS, false),
	WORD("prevurl", PAGING_PREVIOUS, false),
	WORD("results", PAGING_RESULTS, false),
	WORD("skipped", PAGING_OFFSET, false),
	WORD("startat", PAGING_OFFSET, false),
	WORD("warning", PAGING_WARNING, false),
	WORD("bookmark", PAGING_CURSOR, false),
	WORD("complete", PAGING_LAST, false),
	WORD("continue", PAGING_MORE, false),
	WORD("failures", PAGING_FAULT, false),
	WORD("finished", PAGING_LAST, false),
	WORD("hitcount", PAGING_TOTAL, false),
	WORD("lastpage", PAGING_LAST_PAGE, false),
	WORD("listmeta", PAGING_PART, false),
	WORD("loadmore", PAGING_MORE, false),
	WORD("metadata", PAGING_PART, false),
	WORD("moredata", PAGING_MORE, false),
	WORD("morerows", PAGING_MORE, false),
	WORD("nexthref", PAGING_NEXT, false),
	WORD("nextlink", PAGING_NEXT, true),
	WORD("nextpage", PAGING_NEXT, true),
	WORD("numberof", PAGING_COUNT, false),
	WORD("numfound", PAGING_TOTAL, false),
	WORD("numitems", PAGING_COUNT, false),
	WORD("numpages", PAGING_PAGES, false),
	WORD("numtotal", PAGING_TOTAL, false),
	WORD("pageable", PAGING_PART, true),
	WORD("pagedata", PAGING_PART, true),
	WORD("pageinfo", PAGING_PART, true),
	WORD("pagemeta", PAGING_PART, true),
	WORD("pagesize", PAGING_LIMIT, true),
	WORD("previous", PAGING_PREVIOUS, false),
	WORD("prevlink", PAGING_PREVIOUS, false),
	WORD("prevpage", PAGING_PREVIOUS, true),
	WORD("rowcount", PAGING_COUNT, false),
	WORD("scrollid", PAGING_NEXT, true),
	WORD("startrow", PAGING_START, false),
	WORD("thispage", PAGING_PLACE, false),
	WORD("timedout", PAGING_FAULT, false),
	WORD("totalnum", PAGING_TOTAL, false),
	WORD("warnings", PAGING_WARNING, false),
	WORD("completed", PAGING_LAST, false),
	WORD("endcursor", PAGING_CURSOR, false),
	WORD("endoflist", PAGING_LAST, false),
	WORD("exhausted", PAGING_LAST, false),
	WORD("firstitem", PAGING_START, false),
	WORD("firstpage", PAGING_FIRST, false),
	WORD("fromindex", PAGING_START, false),
	WORD("fullcount", PAGING_TOTAL, false),
	WORD("ispartial", PAGING_MORE, false),
	WORD("itemcount", PAGING_COUNT, false),
	WORD("moreitems", PAGING_MORE, true),
	WORD("morepages", PAGING_MORE, false),
	WORD("nexttoken", PAGING_NEXT, true),
	WORD("pagecount", PAGING_PAGES, false),
	WORD("pageindex", PAGING_PLACE, false),
	WORD("pageitems", PAGING_LIMIT, false),
	WORD("pagelimit", PAGING_LIMIT, false),
	WORD("pagestate", PAGING_CURSOR, false),
	WORD("pagetoken", PAGING_CURSOR, false),
	WORD("pagetotal", PAGING_PAGES, false),
	WORD("paginated", PAGING_MAYBE, false),
	WORD("paginator", PAGING_PART, true),
	WORD("prevtoken", PAGING_PREVIOUS, false),
	WORD("remaining", PAGING_MORE, false),
	WORD("skiptoken", PAGING_NEXT, true),
	WORD("startfrom", PAGING_OFFSET, false),
	WORD("startitem", PAGING_START, false),
	WORD("startpage", PAGING_PLACE, false),
	WORD("totalhits", PAGING_TOTAL, true),
	WORD("totalpage", PAGING_PAGES, false),
	WORD("totalrows", PAGING_TOTAL, false),
	WORD("totalsize", PAGING_TOTAL, false),
	WORD("truncated", PAGING_MORE, false),
	WORD("cursornext", PAGING_NEXT, false),
	WORD("entrycount", PAGING_COUNT, false),
	WORD("firstindex", PAGING_START, false),
	WORD("grandtotal", PAGING_TOTAL, false),
	WORD("incomplete", PAGING_MORE, false),
	WORD("iscomplete", PAGING_LAST, false),
	WORD("islastpage", PAGING_LAST, true),
	WORD("itemscount", PAGING_COUNT, false),
	WORD("maxresults", PAGING_LIMIT, false),
	WORD("navigation", PAGING_PART, false),
	WORD("nextcursor", PAGING_NEXT, true),
	WORD("nextmarker", PAGING_NEXT, true),
	WORD("nextoffset", PAGING_NEXT, false),
	WORD("numrecords", PAGING_COUNT, false),
	WORD("numresults", PAGING_COUNT, false),
	WORD("odatacount", PAGING_TOTAL, true),
	WORD("pagecursor", PAGING_CURSOR, false),
	WORD("pagenumber", PAGING_PLACE, false),
	WORD("pageoffset", PAGING_OFFSET, false),
	WORD("pagestotal", PAGING_PAGES, false),
	WORD("pagination", PAGING_PART, true),
	WORD("pagingdata", PAGING_PART, true),
	WORD("paginginfo", PAGING_PART, true),
	WORD("pagingmeta", PAGING_PART, false),
	WORD("prevcursor", PAGING_PREVIOUS, false),
	WORD("resultinfo", PAGING_PART, false),
	WORD("startindex", PAGING_START, false),
	WORD("totalcount", PAGING_TOTAL, true),
	WORD("totalitems", PAGING_TOTAL, true),
	WORD("totalpages", PAGING_PAGES, true),
	WORD("aftercursor", PAGING_CURSOR, false),
	WORD("currentpage", PAGING_PLACE, false),
	WORD("cursorafter", PAGING_CURSOR, false),
	WORD("hasmoredata", PAGING_MORE, false),
	WORD("hasmorerows", PAGING_MORE, false),
	WORD("hasnextlink", PAGING_MORE, false),
	WORD("hasnextpage", PAGING_MORE, true),
	WORD("hasprevious", PAGING_MORE_BEFORE, false),
	WORD("hasprevpage", PAGING_MORE_BEFORE, true),
	WORD("isfirstpage", PAGING_FIRST, true),
	WORD("ispaginated", PAGING_MAYBE, false),
	WORD("istruncated", PAGING_MORE, true),
	WORD("maxpagesize", PAGING_LIMIT, false),
	WORD("moreentries", PAGING_MORE, false),
	WORD("morerecords", PAGING_MORE, false),
	WORD("moreresults", PAGING_MORE, true),
	WORD("nextpageurl", PAGING_NEXT, true),
	WORD("objectcount", PAGING_COUNT, false),
	WORD("pagingstate", PAGING_CURSOR, false),
	WORD("pagingtoken", PAGING_NEXT, true),
	WORD("previousuri", PAGING_PREVIOUS, false),
	WORD("previousurl", PAGING_PREVIOUS, false),
	WORD("prevpageurl", PAGING_PREVIOUS, true),
	WORD("recordcount", PAGING_COUNT, false),
	WORD("resultcount", PAGING_COUNT, false),
	WORD("rowsperpage", PAGING_LIMIT, false),
	WORD("searchafter", PAGING_CURSOR, false),
	WORD("startoffset", PAGING_OFFSET, false),
	WORD("startrecord", PAGING_START, false),
	WORD("totalnumber", PAGING_TOTAL, false),
	WORD("unreachable", PAGING_FAULT, false),
	WORD("continuation", PAGING_NEXT, false),
	WORD("endingbefore", PAGING_PREVIOUS, false),
	WORD("endofresults", PAGING_LAST, false),
	WORD("hasmoreitems", PAGING_MORE, true),
	WORD("hasmorelinks", PAGING_MORE, false),
	WORD("hasmorepages", PAGING_MORE, true),
	WORD("hasnextpages", PAGING_MORE, true),
	WORD("itemsperpage", PAGING_LIMIT, true),
	WORD("limitperpage", PAGING_LIMIT, false),
	WORD("limitreached", PAGING_MORE, false),
	WORD("nextpagelink", PAGING_NEXT, true),
	WORD("omittedcount", PAGING_MORE, false),
	WORD("partialerror", PAGING_FAULT, false),
	WORD("perpagecount", PAGING_LIMIT, false),
	WORD("previouslink", PAGING_PREVIOUS, false),
	WORD("previouspage", PAGING_PREVIOUS, true),
	WORD("recordscount", PAGING_COUNT, false),
	WORD("resultscount", PAGING_COUNT, false),
	WORD("totalentries", PAGING_TOTAL, false),
	WORD("totalmatches", PAGING_TOTAL, false),
	WORD("totalobjects", PAGING_TOTAL, false),
	WORD("totalrecords", PAGING_TOTAL, true),
	WORD("totalresults", PAGING_TOTAL, true),
	WORD("wastruncated", PAGING_MORE, false),
	WORD("currentoffset", PAGING_OFFSET, false),
	WORD("hasadditional", PAGING_MORE, false),
	WORD("hasnextcursor", PAGING_MORE, false),
	WORD("lastpageindex", PAGING_LAST_PAGE, false),
	WORD("moreavailable", PAGING_MORE, true),
	WORD("nextpagetoken", PAGING_NEXT, true),
	WORD("numberofpages", PAGING_PAGES, false),
	WORD("odatanextlink", PAGING_NEXT, true),
	WORD("partialerrors", PAGING_FAULT, false),
	WORD("partialresult", PAGING_MORE, false),
	WORD("previoustoken", PAGING_PREVIOUS, false),
	WORD("prevpagetoken", PAGING_PREVIOUS, true),
	WORD("resourcecount", PAGING_COUNT, false),
	WORD("startingafter", PAGING_CURSOR, false),
	WORD("startingindex", PAGING_START, false),
	WORD("startposition", PAGING_START, false),
	WORD("totalelements", PAGING_TOTAL, true),
	WORD("totalhitcount", PAGING_TOTAL, false),
	WORD("totalmatching", PAGING_TOTAL, false),
	WORD("hasmoreentries", PAGING_MORE, false),
	WORD("hasmorerecords", PAGING_MORE, false),
	WORD("hasmoreresults", PAGING_MORE, true),
	WORD("itemsremaining", PAGING_MORE, false),
	WORD("lastpagenumber", PAGING_LAST_PAGE, false),
	WORD("nextcursormark", PAGING_NEXT, true),
	WORD("nextpagecursor", PAGING_NEXT, true),
	WORD("pagecounttotal", PAGING_PAGES, false),
	WORD("paginationdata", PAGING_PART, true),
	WORD("paginationinfo", PAGING_PART, true),
	WORD("paginationmeta", PAGING_PART, true),
	WORD("pagingmetadata", PAGING_PART, true),
	WORD("partialfailure", PAGING_FAULT, false),
	WORD("partialresults", PAGING_MORE, false),
	WORD("previouscursor", PAGING_PREVIOUS, false),
	WORD("recordsperpage", PAGING_LIMIT, false),
	WORD("remainingcount", PAGING_MORE, false),
	WORD("remainingitems", PAGING_MORE, false),
	WORD("resultsperpage", PAGING_LIMIT, false),
	WORD("totalavailable", PAGING_TOTAL, false),
	WORD("totalitemcount", PAGING_TOTAL, false),
	WORD("totalpagecount", PAGING_PAGES, false),
	WORD("totalresources", PAGING_TOTAL, false),
	WORD("failedlocations", PAGING_FAULT, false),
	WORD("haspreviouspage", PAGING_MORE_BEFORE, true),
	WORD("ispartialresult", PAGING_MORE, false),
	WORD("paginationtoken", PAGING_NEXT, true),
	WORD("partialfailures", PAGING_FAULT, false),
	WORD("previouspageurl", PAGING_PREVIOUS, true),
	WORD("resulttruncated", PAGING_MORE, false),
	WORD("resumptiontoken", PAGING_NEXT, false),
	WORD("totalentrycount", PAGING_TOTAL, false),
	WORD("currentpageindex", PAGING_PLACE, false),
	WORD("lastevaluatedkey", PAGING_NEXT, true),
	WORD("remainingrecords", PAGING_MORE, false),
	WORD("remainingresults", PAGING_MORE, false),
	WORD("responsemetadata", PAGING_PART, false),
	WORD("resultsremaining", PAGING_MORE, false),
	WORD("resultstruncated", PAGING_MORE, false),
	WORD("totalrecordcount", PAGING_TOTAL, false),
	WORD("totalresultcount", PAGING_TOTAL, false),
	WORD("continuationtoken", PAGING_NEXT, true),
	WORD("currentpagenumber", PAGING_PLACE, false),
	WORD("exclusivestartkey", PAGING_NEXT, false),
	WORD("incompleteresults", PAGING_MORE, true),
	WORD("moredataavailable", PAGING_MORE, true),
	WORD("nextstartingafter", PAGING_NEXT, true),
	WORD("previouspagetoken", PAGING_PREVIOUS, true),
	WORD("hasadditionalitems", PAGING_MORE, false),
	WORD("hasadditionalpages", PAGING_MORE, true),
	WORD("paginationmetadata", PAGING_PART, true),
	WORD("remainingitemcount", PAGING_MORE, true),
	WORD("hasadditionalresults", PAGING_MORE, false),
	WORD("exceededtransferlimit", PAGING_MORE, true),
};

/* Most separators in a name: a header's name is looked up once for each of its own, so looking must end soon. */
#define SEPARATORS_MAX NAME_MAX

/* The name in lower case, without separators. Returns its length; 0 if it isn't a word. */
static size_t plain_name(struct text name, char out[NAME_MAX])
{
	size_t length = 0;
	if (name.length > NAME_MAX + SEPARATORS_MAX)
		return 0;
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

static const struct word *look_up(const char *plain, size_t length)
{
	size_t from = 0, to = sizeof words / sizeof *words;
	while (from < to) {
		size_t middle = from + (to - from) / 2;
		int order = compare(plain, length, &words[middle]);
		if (order == 0)
			return &words[middle];
		if (order < 0)
			to = middle;
		else
			from = middle + 1;
	}
	return NULL;
}

/* Takes the first `noun` out of the name; without it, its last letter doesn't count ("deployment_count"). Returns the new
 * length; `length` if the noun isn't there. */
static size_t without(struct text noun, char *plain, size_t length)
{
	size_t singular = noun.length - 1;
	for (size_t at = 0; noun.length > 1 && at + singular <= length; at++) {
		if (memcmp(plain + at, noun.bytes, singular) != 0)
			continue;
		bool is_plural = at + singular < length && plain[at + singular] == noun.bytes[singular];
		size_t end = at + singular + is_plural;
		memmove(plain + at, plain + end, length - end);
		return length - (end - at);
	}
	return length;
}

/* The length of the longest of the words that the text begins with; 0: none. */
static size_t word_length(struct text text, const char *const *list, size_t count)
{
	size_t longest = 0;
	for (size_t i = 0; i < count; i++)
		if (text_starts_with(text, list[i]) && text_of(list[i]).length > longest)
			longest = text_of(list[i]).length;
	return longest;
}

/* True for what says where the next page is: next_page_uri, nextRecordsUrl, next_results_token. Other names may begin so,
 * too: nextjs-matched-path. */
static bool is_next(const char *plain, size_t length)
{
	static const char *const words_after[] = {
		"page",  "pages",  "record", "records", "result", "results", "item",   "items", "batch",       "set",
		"list",  "data",   "rows",   "entries", "url",    "uri",     "link",   "links", "href",        "cursor",
		"token", "offset", "marker", "number",  "params", "query",   "path",   "key",   "id",          "index",
		"start", "from",   "after",  "skip",    "range",  "request", "string", "value", "continuation"};
	struct text rest = {plain, length};
	if (!text_starts_with(rest, "next"))
		return false;
	for (size_t taken = 4; taken > 0;) {
		rest = text_slice(rest, taken, rest.length);
		taken = word_length(rest, words_after, sizeof words_after / sizeof *words_after);
	}
	return rest.length == 0;
}

/* The length of the name of a part at the beginning: paginationHasMore, meta_total, links.next. 0: there is none. */
static size_t part_length(const char *plain, size_t length)
{
	static const char *const parts[] = {"pagination", "paging", "pageinfo", "pager",  "paginator", "metadata",
					    "meta",       "links",  "response", "result", "results",   "list"};
	return word_length((struct text){plain, length}, parts, sizeof parts / sizeof *parts);
}

/* hydra:next, os:totalResults */
static struct text without_namespace(struct text name)
{
	const char *colon = name.length ? memchr(name.bytes, ':', name.length) : NULL;
	return colon ? text_slice(name, (size_t)(colon - name.bytes) + 1, name.length) : name;
}

/* The meaning of a name that isn't in the table, in the list's own object: the words that its noun is in, too. */
static enum paging_word word_beside(struct text noun, char *plain, size_t length)
{
	size_t rest = without(noun, plain, length);
	const struct word *word = rest < length && rest >= WORD_MIN ? look_up(plain, rest) : NULL;
	if (word)
		return word->word;
	if (rest < length && (rest == 0 || (rest == 3 && memcmp(plain, "num", rest) == 0)))
		return rest == 0 ? PAGING_NOUN : PAGING_COUNT;
	if (is_next(plain, rest))
		return PAGING_NEXT;
	size_t part = part_length(plain, rest);
	word = part > 0 && rest - part >= WORD_MIN ? look_up(plain + part, rest - part) : NULL;
	return word ? word->word : PAGING_OTHER;
}

enum paging_word paging_word_of_name(struct text name, const struct text *noun, bool *out_is_sure)
{
	char plain[NAME_MAX];
	size_t length;
	*out_is_sure = false;
	name = without_namespace(name);
	if (name.length < WORD_MIN || (length = plain_name(name, plain)) < WORD_MIN)
		return PAGING_OTHER;
	const struct word *word = look_up(plain, length);
	if (!word)
		return noun ? word_beside(*noun, plain, length) : PAGING_OTHER;
	*out_is_sure = word->is_sure;
	return word->word;
}

enum paging_word paging_word_of(const struct json_value *key, const struct text *noun, bool *out_is_sure)
{
	struct arena arena = {0};
	*out_is_sure = false;
	if (!key->has_escapes)
		return paging_word_of_name(key->raw, noun, out_is_sure);
	if (key->raw.length > WRITTEN_MAX)
		return PAGING_OTHER;
	enum paging_word word = paging_word_of_name(json_value_text(&arena, key), noun, out_is_sure);
	arena_release(&arena);
	return word;
}

bool paging_has_noun(const struct json_value *key, struct text noun)
{
	char plain[NAME_MAX];
	size_t length = plain_name(key->raw, plain);
	return without(noun, plain, length) < length;
}
