/* test_api_paging_parts.c - what is said about pages in two places that disagree, in a long part, and in each word of the table. */
#include "../../src/api/paging.h"
#include "../../src/net/headers.h"
#include "chaingate/api.h"
#include "chaingate/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DEPLOYMENT(id) \
	"{\"id\": \"" id "\", \"created_at\": \"2026-08-14T09:12:10Z\", \"chain_id\": \"c0\", \"environment\": null," \
	" \"chainlets\": [], \"status\": \"ACTIVE\"}"

/* A total below the list's number of items counts something else. */
static void a_total_below_the_list_is_no_end(void **state)
{
	static const struct {
		const char *members;
		bool is_page;
	} rows[] = {
		{"\"page_size\": 2, \"total\": 1", true},
		{"\"page_size\": 2, \"total\": 1, \"total_count\": 2", false},
		{"\"page_size\": 2, \"total\": 1, \"count\": 2", true},
		{"\"page_size\": 2, \"total\": 2", false},
		{"\"page_size\": 2, \"total\": 2, \"total_count\": 3", true},
		{"\"page_size\": 3, \"total\": 1", false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct miss miss = {0};
		const struct listing *listing;
		char text[1024];
		snprintf(text, sizeof text, "{\"deployments\": [" DEPLOYMENT("a") ", " DEPLOYMENT("b") "], %s}",
			 rows[i].members);
		struct api_answer answer = {.http_status = 200, .body = text_of(text)};
		if (api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss) == rows[i].is_page)
			fail_msg("%s", rows[i].members);
		arena_release(&arena);
	}
}

/* What has been accepted together with a header isn't accepted without it. */
static void the_same_body_is_judged_with_its_own_headers(void **state)
{
	struct api_lists lists = api_lists_make(1 << 20);
	struct api_answer answer = {
		.http_status = 200,
		.headers = TEXT("X-Total-Count: 1\n"),
		.body = TEXT("{\"page_size\": 1, \"deployments\": [" DEPLOYMENT("a") "]}"),
	};
	struct miss miss = {0};
	(void)state;
	assert_true(api_lists_read(&lists, &answer, &miss));
	assert_true(api_lists_read(&lists, &answer, &miss));
	answer.headers = (struct text){0};
	assert_false(api_lists_read(&lists, &answer, &miss));
	assert_int_equal(miss.cause, MISS_PAGE);
	api_lists_release(&lists);
}

/* The detail after API_PAGE_WORDS for `count` times `piece` between `head` and `tail`; "" if it is a whole list. */
static const char *why_of_many(struct arena *arena, const char *head, const char *piece, size_t count, const char *tail)
{
	struct buf text = buf_make(16 << 20);
	struct miss miss = {0};
	const struct listing *listing;
	buf_printf(&text, "{\"deployments\": [], %s", head);
	for (size_t i = 0; i < count; i++)
		buf_printf(&text, "%s%s", i ? "," : "", piece);
	buf_add_string(&text, tail);
	struct api_answer answer = {.http_status = 200, .body = buf_text(&text)};
	bool is_list = api_read_deployments(arena, &answer, (struct api_owner){0}, &listing, &miss);
	buf_release(&text);
	assert_true(is_list || miss.cause == MISS_PAGE);
	return is_list ? "" : miss.detail.bytes + sizeof API_PAGE_WORDS - 1;
}

/* A part of millions of items would cost more time than anything else in a body; but what isn't looked into may be the
 * marker that counts. */
static void a_part_that_is_too_long_to_read_is_of_a_page(void **state)
{
	enum { MOST = 100000 };
	static const struct {
		const char *head, *piece, *tail, *name;
		size_t most;
	} rows[] = {
		{"\"links\": [", "0", "]}", "links", MOST},
		{"\"links\": [", "{\"abcd\":0}", "]}", "links", MOST / 2},
		{"\"total\": [", "0", "]}", "total", MOST},
		{"\"total\": [", "{\"value\":0}", "]}", "total", MOST / 2},
		{"\"count\": [[", "[]", "]]}", "count", MOST - 1},
		{"\"meta\": {\"links\": [", "{}", "]}}", "links", MOST - 1},
		{"\"data\": {\"pagination\": [", "null", "]}}", "pagination", MOST - 1},
	};
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		assert_string_equal(why_of_many(&arena, rows[i].head, rows[i].piece, rows[i].most, rows[i].tail), "");
		const char *why = why_of_many(&arena, rows[i].head, rows[i].piece, rows[i].most + 1, rows[i].tail);
		if (!strstr(why, rows[i].name) || !(strstr(why, "is '[…]'") || strstr(why, "is '{…}'")))
			fail_msg("%s: %s", rows[i].head, why);
	}
	/* in objects of any name only some words count, but they are read, too */
	struct buf objects = buf_make(16 << 20);
	for (size_t i = 0; i < 12; i++) {
		buf_printf(&objects, "%s\"x%zu\": {\"\": 0", i ? "}, " : "", i);
		for (size_t k = 0; k < 9000; k++)
			buf_printf(&objects, ",\"k%zu\":0", k);
	}
	if (!strstr(why_of_many(&arena, buf_string(&objects), "", 1, "}}"), "'x11' is '{…}'"))
		fail_msg("%s", why_of_many(&arena, buf_string(&objects), "", 1, "}}"));
	buf_release(&objects);
	/* what nobody takes for pages may be longer */
	assert_string_equal(why_of_many(&arena, "\"data\": [", "{\"abcd\":0}", 2 * MOST, "]}"), "");
	assert_string_equal(why_of_many(&arena, "\"meta\": {\"data\": [", "0", 2 * MOST, "]}}"), "");
	arena_release(&arena);
}

/* The table of words is sorted, so that each is found. */
static void each_word_is_found(void **state)
{
	static const char *const nothing[] = {
		"", "a", "abc", "zzzz", "size1", "nexturll", "hasmoreresultsx", "abcdefghijklmnopqrstuvwxyz"};
	static const char *const all[] = {"after",
					  "aftercursor",
					  "bookmark",
					  "complete",
					  "completed",
					  "continuation",
					  "continuationtoken",
					  "continue",
					  "count",
					  "counts",
					  "current",
					  "currentoffset",
					  "currentpage",
					  "currentpageindex",
					  "currentpagenumber",
					  "cursor",
					  "cursorafter",
					  "cursornext",
					  "cursors",
					  "done",
					  "endcursor",
					  "endoflist",
					  "endofresults",
					  "entrycount",
					  "error",
					  "errors",
					  "exclusivestartkey",
					  "exhausted",
					  "failedlocations",
					  "failures",
					  "final",
					  "finished",
					  "first",
					  "firstindex",
					  "firstitem",
					  "firstpage",
					  "from",
					  "fromindex",
					  "fullcount",
					  "grandtotal",
					  "hasadditional",
					  "hasadditionalitems",
					  "hasadditionalresults",
					  "hasless",
					  "hasmore",
					  "hasmoredata",
					  "hasmoreentries",
					  "hasmoreitems",
					  "hasmorelinks",
					  "hasmorepages",
					  "hasmorerecords",
					  "hasmoreresults",
					  "hasmorerows",
					  "hasnext",
					  "hasnextcursor",
					  "hasnextlink",
					  "hasnextpage",
					  "hasprev",
					  "hasprevious",
					  "haspreviouspage",
					  "hasprevpage",
					  "hitcount",
					  "incomplete",
					  "incompleteresults",
					  "index",
					  "iscomplete",
					  "isdone",
					  "isfinal",
					  "isfirst",
					  "isfirstpage",
					  "islast",
					  "islastpage",
					  "ismore",
					  "ispaginated",
					  "ispartial",
					  "ispartialresult",
					  "istruncated",
					  "itemcount",
					  "itemscount",
					  "itemsperpage",
					  "itemsremaining",
					  "last",
					  "lastevaluatedkey",
					  "lastpage",
					  "lastpageindex",
					  "lastpagenumber",
					  "limit",
					  "limitperpage",
					  "limitreached",
					  "link",
					  "links",
					  "listmeta",
					  "marker",
					  "maxpagesize",
					  "maxresults",
					  "meta",
					  "metadata",
					  "more",
					  "moreavailable",
					  "moredata",
					  "moredataavailable",
					  "moreentries",
					  "moreitems",
					  "morepages",
					  "morerecords",
					  "moreresults",
					  "morerows",
					  "navigation",
					  "next",
					  "nextcursor",
					  "nexthref",
					  "nextid",
					  "nextkey",
					  "nextlink",
					  "nextmarker",
					  "nextoffset",
					  "nextpage",
					  "nextpagecursor",
					  "nextpagelink",
					  "nextpagetoken",
					  "nextpageurl",
					  "nexttoken",
					  "nexturi",
					  "nexturl",
					  "number",
					  "numberof",
					  "numberofpages",
					  "numfound",
					  "numitems",
					  "numpages",
					  "numrecords",
					  "numresults",
					  "objectcount",
					  "odatacount",
					  "odatanextlink",
					  "offset",
					  "page",
					  "pageable",
					  "pagecount",
					  "pagecounttotal",
					  "pagecursor",
					  "pagedata",
					  "pageindex",
					  "pageinfo",
					  "pageitems",
					  "pagelimit",
					  "pagemeta",
					  "pageno",
					  "pagenum",
					  "pagenumber",
					  "pageoffset",
					  "pager",
					  "pages",
					  "pagesize",
					  "pagestate",
					  "pagestotal",
					  "pagetoken",
					  "pagetotal",
					  "paginated",
					  "pagination",
					  "paginationdata",
					  "paginationinfo",
					  "paginationmeta",
					  "paginationmetadata",
					  "paginator",
					  "paging",
					  "pagingdata",
					  "paginginfo",
					  "pagingmeta",
					  "pagingmetadata",
					  "pagingstate",
					  "partial",
					  "partialerror",
					  "partialerrors",
					  "partialfailure",
					  "partialfailures",
					  "partialresult",
					  "partialresults",
					  "perpage",
					  "perpagecount",
					  "prev",
					  "prevcursor",
					  "previous",
					  "previouscursor",
					  "previouslink",
					  "previouspage",
					  "previouspagetoken",
					  "previouspageurl",
					  "previoustoken",
					  "previousuri",
					  "previousurl",
					  "prevlink",
					  "prevpage",
					  "prevpagetoken",
					  "prevpageurl",
					  "prevtoken",
					  "prevuri",
					  "prevurl",
					  "recordcount",
					  "recordscount",
					  "recordsperpage",
					  "remaining",
					  "remainingcount",
					  "remainingitemcount",
					  "remainingitems",
					  "remainingrecords",
					  "remainingresults",
					  "resourcecount",
					  "responsemetadata",
					  "resultcount",
					  "resultinfo",
					  "resultscount",
					  "resultsperpage",
					  "resultsremaining",
					  "resultstruncated",
					  "resulttruncated",
					  "resumptiontoken",
					  "rowcount",
					  "rowsperpage",
					  "scroll",
					  "scrollid",
					  "searchafter",
					  "size",
					  "skip",
					  "skipped",
					  "start",
					  "startat",
					  "startfrom",
					  "startindex",
					  "startingindex",
					  "startitem",
					  "startoffset",
					  "startpage",
					  "startposition",
					  "startrecord",
					  "startrow",
					  "thispage",
					  "timedout",
					  "took",
					  "total",
					  "totalavailable",
					  "totalcount",
					  "totalelements",
					  "totalentries",
					  "totalentrycount",
					  "totalhitcount",
					  "totalhits",
					  "totalitemcount",
					  "totalitems",
					  "totalmatches",
					  "totalnum",
					  "totalnumber",
					  "totalobjects",
					  "totalpage",
					  "totalpagecount",
					  "totalpages",
					  "totalrecordcount",
					  "totalrecords",
					  "totalresources",
					  "totalresultcount",
					  "totalresults",
					  "totalrows",
					  "totals",
					  "totalsize",
					  "truncated",
					  "view",
					  "unreachable",
					  "wastruncated"};
	bool is_sure;
	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (paging_word_of_name(text_of(all[i]), NULL, &is_sure) == PAGING_OTHER)
			fail_msg("%s", all[i]);
	for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
		if (paging_word_of_name(text_of(nothing[i]), NULL, &is_sure) != PAGING_OTHER || is_sure)
			fail_msg("%s", nothing[i]);
	/* a header whose name has a word comes through, unless it says nothing in a header */
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char name[64];
		snprintf(name, sizeof name, "X-%s", all[i]);
		enum paging_word word = paging_word_of_name(text_of(all[i]), NULL, &is_sure);
		if (word != PAGING_FAULT && word != PAGING_ASIDE && !header_is_passed_on(text_of(name)))
			fail_msg("%s doesn't come through", name);
	}
}

/* Looking a name up, and reading a header's values, takes one step for each byte, not for each pair of them. With these
 * lengths, that is the difference between a moment and minutes. */
static void long_headers_are_read_once(void **state)
{
	enum { MANY = 200000 };
	struct buf name = buf_make(4 * MANY), values = buf_make(4 * MANY);
	struct paging paging;
	(void)state;
	buf_add_string(&name, "X-Total");
	buf_add_string(&values, "X-Pagination: {}");
	for (size_t i = 0; i < MANY; i++) {
		buf_add_byte(&name, '-');
		buf_add_string(&values, ",{}");
	}
	buf_add_string(&name, "z: 1\n");
	buf_add_string(&values, ",{\"total\": 9}\n");
	paging = paging_of_headers(buf_text(&name), (struct text){0});
	assert_false(paging_is_there(&paging));
	paging = paging_of_headers(buf_text(&values), (struct text){0});
	assert_true(paging_is_there(&paging));
	buf_release(&name);
	buf_release(&values);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_total_below_the_list_is_no_end),
		cmocka_unit_test(the_same_body_is_judged_with_its_own_headers),
		cmocka_unit_test(a_part_that_is_too_long_to_read_is_of_a_page),
		cmocka_unit_test(each_word_is_found),
		cmocka_unit_test(long_headers_are_read_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
