/* test_api_paging.c - what in a body or in a header says that a list is only a page, and what says that it is whole. */
#include "chaingate/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DEPLOYMENT(id) \
	"{\"id\": \"" id "\", \"created_at\": \"2026-08-14T09:12:10Z\", \"chain_id\": \"c0\", \"environment\": null," \
	" \"chainlets\": [], \"status\": \"ACTIVE\"}"

/* ---- pages ------------------------------------------------------------------------------------------------------ */

static enum miss_cause cause_of(const char *member)
{
	struct arena arena = {0};
	char text[1024];
	struct miss miss = {0};
	snprintf(text, sizeof text, "{%s%s\"deployments\": []}", member, *member ? ", " : "");
	struct api_answer answer = {.http_status = 200, .body = text_of(text)};
	const struct listing *listing = NULL;
	bool before = api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss);
	enum miss_cause cause = before ? MISS_NONE : miss.cause;
	snprintf(text, sizeof text, "{\"deployments\": []%s%s}", *member ? ", " : "", member);
	answer.body = text_of(text);
	assert_int_equal(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss) ? MISS_NONE
												       : miss.cause,
			 cause);
	snprintf(text, sizeof text,
		 "{\"chains\": [{\"id\": \"a\", \"created_at\": \"2026-05-04T10:00:00Z\", \"name\": \"x\","
		 " \"deployments_count\": 1, \"team_name\": \"\"}]%s%s}",
		 *member ? ", " : "", member);
	struct text id, name;
	answer.body = text_of(text);
	assert_int_equal(api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("a"), &id, &name, &miss) ? MISS_NONE
												     : miss.cause,
			 cause);
	assert_true(cause == MISS_NONE || miss_class(&miss) == MISS_FINAL);
	arena_release(&arena);
	return cause;
}

static void a_page_of_a_list_is_refused(void **state)
{
	static const char *const pages[] = {
		"\"has_more\": true",
		"\"has_more\": \"true\"",
		"\"has_more\": \"yes\"",
		"\"offset\": \"1\"",
		"\"startIndex\": 2",
		"\"startIndex\": \"50\"",
		"\"startIndex\": -1",
		"\"next\": \"/v1/chains?page=2\"",
		"\"next\": {\"x\": 1}",
		"\"next_page\": 2",
		"\"next_page\": 0.5",
		"\"next_page\": -1",
		"\"next_cursor\": \"x\"",
		"\"cursor\": \"\\u0000\"",
		"\"cursor\": [0]",
		"\"curs\\u006fr\": \"x\"",
		"\"pagination\": {\"has_more\": true, \"cursor\": \"x\"}",
		"\"pagination\": {\"has_more\": false, \"cursor\": \"x\"}",
		"\"pagination\": {\"x\": [], \"next\": [0]}",
		"\"has_more\": false, \"pagination\": {\"next_page\": 1e1}",
		"\"pagination\": {\"has_more\": false, \"cursor\": null, \"total\": 7, \"page\": 1}",
		"\"Next\": \"x\"",
		"\"links\": {\"next\": \"x\"}",
		"\"_links\": {\"self\": {\"href\": \"/\"}, \"next\": {\"href\": \"/?page=2\"}}",
		"\"links\": [{\"rel\": \"self\", \"href\": \"/\"}, {\"href\": \"/?page=2\", \"rel\": \"next\"}]",
		"\"nextPageToken\": \"CAo\"",
		"\"next_page_token\": \"CAo\"",
		"\"NextToken\": \"x\"",
		"\"nextLink\": \"x\"",
		"\"@odata.nextLink\": \"x\"",
		"\"next_url\": \"x\"",
		"\"hasMore\": true",
		"\"has-next\": true",
		"\"pageInfo\": {\"hasNextPage\": true}",
		"\"page_info\": {\"has_n\\u0065xt_page\": true}",
		"\"IsTruncated\": true",
		"\"incomplete_results\": true",
		"\"metadata\": {\"continue\": \"x\", \"remainingItemCount\": 3}",
		"\"response_metadata\": {\"next_cursor\": \"x\"}",
		"\"meta\": {\"pagination\": {\"links\": {\"next\": \"x\"}}}",
		"\"LastEvaluatedKey\": {\"id\": \"x\"}",
		"\"continuation_token\": \"x\"",
		"\"total\": 9223372036854775807",
		"\"total\": 2.0",
		"\"total\": 1e2",
		"\"total_count\": \"2\"",
		"\"count\": 2",
		"\"totalResults\": 2",
		"\"meta\": {\"total\": 2}",
		"\"page\": {\"size\": 1, \"totalElements\": 2, \"totalPages\": 2, \"number\": 0}",
		"\"total_pages\": 2",
		/* a count as an object, an array, a text, a float, and deeper */
		"\"total\": {\"value\": 57, \"relation\": \"eq\"}",
		"\"total\": {\"relation\": \"eq\", \"value\": \"57\"}",
		"\"total\": {\"value\": 0, \"relation\": \"gte\"}",
		"\"total\": {\"deployments\": 57}",
		"\"total\": {\"hits\": {\"value\": 57}}",
		"\"total\": {\"limit\": 0, \"count\": 2}",
		"\"total\": {\"value\": 0, \"has_more\": true}",
		"\"total\": [57]",
		"\"total\": [[{\"value\": 57}]]",
		"\"total\": [0, \"57\"]",
		"\"total\": \"\\u0035\\u0037\"",
		"\"total\": \" 57 \"",
		"\"total\": \"+57\"",
		"\"total\": \"57.0\"",
		"\"total\": \"1e2\"",
		"\"total\": 57.0",
		"\"total\": 5.7e1",
		"\"total\": true",
		"\"total_count\": \"many\"",
		"\"total_count\": \"1,234\"",
		"\"total_count\": {\"value\": \"10k\"}",
		/* a point that groups thousands, a fraction, a comma */
		"\"total\": \"1.234\"",
		"\"total\": \"1.000\"",
		"\"total\": \"0.000\"",
		"\"total\": \"57.\"",
		"\"total\": 1.9",
		"\"total\": -1.5",
		"\"total\": {\"value\": \"0.5\"}",
		"\"total_pages\": \"1.000\"",
		"\"count\": [\"1.000\"]",
		"\"total\": \"1 000\"",
		"\"total\": \"1'000\"",
		"\"meta\": {\"paging\": {\"total\": {\"value\": 57}}}",
		"\"meta\": {\"total\": {\"total\": \"57\"}}",
		"\"metadata\": {\"count\": [{\"value\": 57}]}",
		"\"pages\": {\"total\": 3, \"current\": 1}",
		"\"pages\": {\"first\": 1, \"last\": \"3\"}",
		"\"pages\": [1, 2]",
		"\"pages\": [{\"number\": 1}, {\"number\": 2}]",
		"\"total_pages\": [\"2\"]",
		"\"total_pages\": {\"value\": 2.0}",
		"\"pages\": \"\\u0032\"",
		/* an object of any name, a name that means nothing else */
		"\"result_info\": {\"total_count\": 57}",
		"\"data\": {\"has_more\": true}",
		"\"response\": {\"nextPageToken\": \"x\"}",
		"\"list\": {\"pagination\": {\"next\": \"x\"}}",
		"\"hits\": {\"totalHits\": {\"value\": 57}}",
		/* where the page begins or the next one does */
		"\"offset\": 50",
		"\"offset\": \"itrX/recY\"",
		"\"pagination\": {\"skip\": 1}",
		"\"meta\": {\"last_page\": 2, \"current_page\": 1}",
		/* what only says something about pages, in words of its own */
		"\"pagination\": true",
		"\"pagination\": [true]",
		"\"pagination\": \"abc\"",
		"\"paging\": [\"x\"]",
		"\"pager\": 2",
		"\"pagination\": {\"token\": \"x\"}",
		"\"pagination\": {\"starting_after\": \"x\"}",
		"\"pagination\": {\"available\": 5}",
		"\"page_info\": {\"resume\": {\"at\": \"x\"}}",
		"\"data\": {\"paging\": {\"resume\": \"x\"}}",
		"\"pagination\": {\"meta\": {\"resume\": \"x\"}}",
		"\"pagination\": [[\"x\"]]",
		"\"ending_before\": \"x\"",
		"\"order\": {\"has_more\": true}",
	};
	static const char *const lists[] = {
		"\"has_more\": \"no\"",
		"",
		"\"has_more\": false",
		"\"has_more\": \"false\", \"next\": \"null\", \"next_page\": \"0\", \"cursor\": \"None\"",
		"\"offset\": \"0\", \"truncated\": \" FALSE \", \"skip\": \"\\u0030\"",
		"\"startIndex\": 0, \"start_index\": 1, \"start-index\": \"1\", \"Start_Index\": 1.0",
		"\"has_more\": null, \"next\": null, \"next_page\": null, \"next_cursor\": null, \"cursor\": null",
		"\"next\": \"\", \"next_page\": 0, \"next_cursor\": 0.0, \"cursor\": -0.0e5",
		"\"pagination\": null",
		"\"pagination\": false",
		"\"pagination\": [0]",
		"\"pagination\": {}",
		"\"pagination\": {\"resume\": \"x\", \"has_more\": false}",
		"\"pagination\": {\"order\": \"asc\", \"sort\": {\"by\": \"name\"}, \"self\": \"/x\", \"total\": 0}",
		"\"pagination\": {\"links\": {\"self\": \"/x\", \"next\": null}}",
		"\"order\": \"asc\", \"sort\": \"name\"",
		"\"pageable\": {\"sort\": {\"sorted\": false}, \"paged\": true}, \"last\": true",
		"\"pagination\": {\"has_more\": false, \"cursor\": null, \"total\": 0, \"page\": 1}",
		"\"total\": 0, \"total_pages\": 1, \"page\": 1, \"links\": {\"next\": null, \"last\": \"x\"}",
		"\"total\": -1, \"count\": null, \"pages\": \"\", \"total_count\": \"none\"",
		"\"total\": {\"value\": 0, \"relation\": \"eq\"}",
		"\"total\": {}, \"count\": [], \"pages\": [1], \"total_pages\": {\"total\": 1, \"size\": 50}",
		"\"total\": {\"value\": \"0\", \"unit\": \"items\", \"limit\": 100, \"took\": 7}",
		"\"total\": [0, null, \"\"], \"count\": -1.0, \"total_count\": \"-1\"",
		"\"total\": false, \"totalCount\": \"\\u0030\", \"count\": \"0.0\", \"numFound\": 0.0",
		"\"total\": \"-1.00\", \"count\": 0.0000",
		"\"pages\": [{\"number\": 1, \"size\": 50}]",
		"\"account\": {\"total\": 57, \"next\": \"x\", \"count\": {\"value\": 57}, \"pages\": 9, \"limit\": 1}",
		"\"usage\": [{\"has_more\": true}], \"plan\": {\"gpus\": {\"has_more\": true}}",
		"\"offset\": 0, \"limit\": 100, \"page\": 1, \"size\": 3",

		"\"links\": [{\"rel\": \"last\", \"href\": \"/next\"}, \"next\", [{\"rel\": \"next\"}]]",
		"\"pageInfo\": {\"hasNextPage\": false, \"endCursor\": \"x\", \"hasPreviousPage\": false}",
		"\"replicas\": {\"total\": 7, \"next\": 8}",
		"\"next_deployment_at\": \"x\", \"has_more_memory\": true, \"total_gpu_count\": 7, \"rel\": \"next\"",
		"\"links\": {\"documentation\": \"x\"}, \"meta\": {\"request_id\": \"x\"}",
	};
	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (cause_of(pages[i]) != MISS_PAGE)
			fail_msg("%s is a page", pages[i]);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (cause_of(lists[i]) != MISS_NONE)
			fail_msg("%s is a list", lists[i]);
}

/* What headers say about the list of one deployment, and about that of one chain. */
static enum miss_cause cause_of_headers(const char *headers)
{
	struct arena arena = {0};
	struct miss miss = {0}, again = {0};
	struct text id, name;
	const struct listing *listing = NULL;
	struct api_answer answer = {
		.http_status = 200,
		.headers = text_of(headers),
		.body = TEXT("{\"deployments\": [" DEPLOYMENT("d0") "]}"),
	};
	struct api_lists lists = api_lists_make(1 << 20);
	enum miss_cause cause =
		api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss) ? MISS_NONE : miss.cause;
	assert_int_equal(api_lists_read(&lists, &answer, &again) ? MISS_NONE : again.cause, cause);
	/* the same after the same body has been read as a whole list */
	answer.headers = (struct text){0};
	assert_true(api_lists_read(&lists, &answer, &again));
	answer.headers = text_of(headers);
	assert_int_equal(api_lists_read(&lists, &answer, &again) ? MISS_NONE : again.cause, cause);
	answer.body = TEXT("{\"chains\": [{\"id\": \"a\", \"created_at\": \"2026-05-04T10:00:00Z\", \"name\": \"x\","
			   " \"deployments_count\": 1, \"team_name\": \"\"}]}");
	assert_int_equal(api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("a"), &id, &name, &again) ? MISS_NONE
												      : again.cause,
			 cause);
	api_lists_release(&lists);
	arena_release(&arena);
	return cause;
}

static void headers_say_that_a_list_is_a_page(void **state)
{
	static const char *const pages[] = {
		"X-Total-Count: 2\n",
		"x-total-count: 2\n",
		"X-Total-Count: 2, 2\n",
		"X-Total-Count: 1, 57\n",
		"X-Total-Pages: 1,2\n",
		"X-Total-Count: 99999999999999999999\n",
		"X-Total: 57\n",
		"X-WP-Total: 2\n",
		"X-Pagination-Total-Count: 2\n",
		"X-Total-Pages: 2\n",
		"X-WP-TotalPages: 3\n",
		"X-Pagination-Page-Count: 2\n",
		"X-Next-Page: 2\n",
		"X-Next-Cursor: x\n",
		"X-Has-More: true\n",
		"X-Continuation-Token: x\n",
		"X-MS-ContinuationToken: x\n",
		"X-Pagination: {\"totalCount\":57,\"pageSize\":1}\n",
		"X-Pagination: {\"nextPageLink\":\"x\"}\n",
		"X-Pagination: {\"totalCount\":{\"value\":\"57\"}}\n",
		"X-Pagination: {\"totalPages\":[2]}\n",
		"X-Pagination: {broken\n",
		"X-Total-Count: many\n",
		"X-Total-Count: 1,234\n",
		"X-Total-Count: 1,000\n",
		"X-Total-Count: 1,000,000\n",
		"X-Total-Count: 1, 000\n",
		"X-Total-Count: 0,001\n",
		"X-Total-Count: 1,00,000\n",
		"X-Total-Count: 1,0000\n",
		"X-Total-Count: 1,00\n",
		"X-Total-Count: 0, 57\n",
		"X-Total-Count: 57, 0\n",
		"X-Total-Count: 1.234\n",
		"X-Total-Count: 1.000\n",
		"X-Total-Pages: 1,000\n",
		"X-Total-Pages: 1.000\n",
		"Content-Range: items 0-0/1,000\n",
		"Content-Range: items 0-0/1.000\n",
		"X-Per-Page: 1,000\n",
		"X-Per-Page: 1.000\n",
		"X-Per-Page: 20, 1\n",
		"X-Total-Count: +2.0\n",
		"X-Total-Pages: ?\n",
		"X-Per-Page: 1\n",
		"X-Page-Size: 1\nX-Total: -1\n",
		"Content-Range: items 0-0/many\n",
		"Content-Range: items 0-0/2\n",
		"Content-Range: items 1-1/1\n",
		"Content-Range: 0-0/*\n",
		"Content-Range: deployments */57\n",
		"Age: 1\nX-Total: 1\nX-Next-Page: 2\n",
	};
	static const char *const lists[] = {
		"",
		"X-Total-Count: 1\n",
		"X-Total-Count: 0\n",
		"X-Total-Count: 1, 1\n",
		"X-Total-Count: 0, 1\n",
		"X-Total-Count: 1.00\n",
		"X-Total-Count: \n",
		"X-Total-Count: none\n",
		"X-Per-Page: 20\n",
		"X-Per-Page: 1\nX-Next-Page: \n",
		"X-Per-Page: 1\nX-Total: 1\n",
		"X-Per-Page: 1\nX-Total-Pages: 1\n",
		"X-Per-Page: all\n",
		"X-Pagination: {\"totalCount\":{\"value\":1},\"pageSize\":1}\n",
		"X-Total-Pages: 1\nX-Next-Page: \n",
		"X-Has-More: False\n",
		"X-Next-Page: 0\nX-Next-Cursor: null\n",
		"X-Pagination: {\"totalCount\":1,\"nextPageLink\":null}\n",
		"Content-Range: items 0-0/1\n",
		"Content-Range: bytes */1\n",
		"Age: 2\n",
		"Age: \n",
	};
	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof *pages; i++)
		if (cause_of_headers(pages[i]) != MISS_PAGE)
			fail_msg("%s is of a page", pages[i]);
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		if (cause_of_headers(lists[i]) != MISS_NONE)
			fail_msg("%s is of a list", lists[i]);
}

/* ---- what says so ----------------------------------------------------------------------------------------------- */

/* The miss's detail after API_PAGE_WORDS, for a list of one deployment with this member and these headers; "" if it is a
 * whole list. */
static const char *why_of_one(struct arena *arena, const char *member, const char *headers)
{
	char text[2048];
	struct miss miss = {0};
	const struct listing *listing;
	snprintf(text, sizeof text, "{\"deployments\": [" DEPLOYMENT("d0") "]%s%s}", *member ? ", " : "", member);
	struct api_answer answer = {.http_status = 200, .headers = text_of(headers), .body = text_of(text)};
	if (api_read_deployments(arena, &answer, (struct api_owner){0}, &listing, &miss))
		return "";
	assert_int_equal(miss.cause, MISS_PAGE);
	assert_true(miss.detail.length <= API_DETAIL_MAX);
	assert_memory_equal(miss.detail.bytes, API_PAGE_WORDS, sizeof API_PAGE_WORDS - 1);
	return miss.detail.bytes + sizeof API_PAGE_WORDS - 1;
}

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN

static void a_page_names_what_says_so(void **state)
{
	static const struct {
		const char *member, *headers, *why;
	} rows[] = {
		{"\"has_more\": true", "", ": the member 'has_more' is 'true'"},
		{"\"pagination\": {\"next_cursor\": \"x y\"}", "", ": the member 'pagination.next_cursor' is 'x y'"},
		{"\"total\": 57", "", ": the member 'total' is '57', and the list has 1"},
		{"\"total\": 57, \"total_count\": 57", "", ": the member 'total' is '57', and the list has 1"},
		{"\"index\": 2, \"size\": 1", "", ": the member 'index' is '2', and the list has 1"},
		{"\"total\": {\"value\": \"57\"}", "", ": the member 'total.value' is '57', and the list has 1"},
		{"\"meta\": {\"x\": 1, \"count\": [\"1,2\"]}", "",
		 ": the member 'meta.count' is '1,2', and the list has 1"},
		{"\"total\": {\"value\": 1, \"relation\": \"gte\"}", "", ": the member 'total.relation' is 'gte'"},
		{"\"total_pages\": 2", "", ": the member 'total_pages' is '2'"},
		{"\"pages\": [1, {}]", "", ": the member 'pages' is '[…]'"},
		{"\"next\": {\"href\": 1}", "", ": the member 'next' is '{…}'"},
		{"\"links\": [{\"rel\": \"next\"}]", "", ": the member 'links.rel' is 'next'"},
		{"\"page_size\": 1", "", ": the member 'page_size' is '1', and the list has 1"},
		{"\"cursor\": \"\\u001b[31m##vso[x]\"", "", ": the member 'cursor' is '\\u001b[31m##vso[x]'"},
		{"\"cursor\": \"" HUNDRED "\"", "", ": the member 'cursor' is '" TEN TEN TEN TEN TEN TEN "…'"},
		{"", "X-Total-Count: 57\n", ": the header 'X-Total-Count' is '57', and the list has 1"},
		{"", "X-Next-Page: 2\n", ": the header 'X-Next-Page' is '2'"},
		{"", "X-Pagination: {\"meta\":{\"total\":3}}\n",
		 ": the member 'total' of the header 'X-Pagination' is '3', and the list has 1"},
		{"", "Content-Range: items 0-0/*\n", ": the header 'Content-Range' is 'items 0-0/*'"},
		/* full, and nothing says that it is the last page */
		{"\"pagination\": {\"limit\": 1, \"page\": 1}", "",
		 ": the member 'pagination.limit' is '1', and the list has 1"},
		{"\"offset\": 0, \"limit\": 1", "", ": the member 'limit' is '1', and the list has 1"},
		{"\"per_page\": 1, \"limit\": 7", "", ": the member 'per_page' is '1', and the list has 1"},
		{"\"limit\": 1, \"page_size\": 7", "", ""},
		{"\"limit\": 1", "", ""},
		{"\"size\": 1", "", ""},
		{"\"page_size\": 2", "", ""},
		{"\"page_size\": 0, \"limit\": \"none\", \"offset\": 0", "", ""},
		{"\"page_size\": 1, \"has_more\": false", "", ""},
		{"\"page_size\": 1, \"total\": 1", "", ""},
		{"\"page_size\": 1, \"pages\": 1", "", ""},
		{"\"page_size\": 1, \"next\": null", "", ""},
		{"\"page_size\": 1, \"total\": -1", "", ": the member 'page_size' is '1', and the list has 1"},
		{"\"page_size\": 1, \"offset\": 0", "", ": the member 'page_size' is '1', and the list has 1"},
		{"\"page_size\": \"1,000\"", "", ": the member 'page_size' is '1,000', and the list has 1"},
		{"\"page_size\": \"1.000\"", "", ": the member 'page_size' is '1.000', and the list has 1"},
		{"\"page_size\": \"\\u0031 per page\"", "",
		 ": the member 'page_size' is '\\u0031 per page', and the list has 1"},
		{"\"page_size\": 1.5", "", ": the member 'page_size' is '1.5', and the list has 1"},
		/* a count may be of this page's items */
		{"\"count\": 1, \"limit\": 1, \"offset\": 0", "", ": the member 'limit' is '1', and the list has 1"},
		{"\"meta\": {\"count\": 1, \"per_page\": 1, \"current_page\": 1}", "",
		 ": the member 'meta.per_page' is '1', and the list has 1"},
		{"\"page_size\": 1, \"count\": {\"total\": 1}", "",
		 ": the member 'page_size' is '1', and the list has 1"},
		{"\"page_size\": 1, \"count\": [1]", "", ": the member 'page_size' is '1', and the list has 1"},
		{"\"page_size\": 1, \"Count\": \"1\"", "", ": the member 'page_size' is '1', and the list has 1"},
		{"\"page_size\": 1", "X-Count: 1\n", ": the member 'page_size' is '1', and the list has 1"},
		{"\"page_size\": 1, \"count\": 1, \"total\": 1", "", ""},
		{"\"page_size\": 2, \"count\": 1", "", ""},
		/* a first item is the number 0 or 1 */
		{"\"totalResults\": 1, \"startIndex\": 1, \"itemsPerPage\": 1", "", ""},
		{"\"totalResults\": 1, \"startIndex\": \"1\", \"itemsPerPage\": 1", "", ""},
		{"\"startIndex\": 1, \"limit\": 1", "", ": the member 'limit' is '1', and the list has 1"},
		{"\"total\": 1, \"startIndex\": 2", "", ": the member 'startIndex' is '2'"},
		{"\"total\": 1, \"offset\": \"0\"", "", ""},
		{"\"has_more\": \"false\", \"page_size\": 1", "", ""},
		{"\"offset\": \"0\", \"limit\": 1", "", ": the member 'limit' is '1', and the list has 1"},
		/* the body and the headers together */
		{"\"total\": 1", "X-Per-Page: 1\n", ""},
		{"\"page_size\": 1", "X-Total-Count: 1\n", ""},
		{"\"page_size\": 1", "X-Total-Pages: 1\n", ""},
		{"\"page_size\": 1", "X-Next-Page: \n", ""},
		{"\"has_more\": false", "X-Per-Page: 1\n", ""},
		{"\"offset\": 0, \"limit\": 1", "X-Total-Count: 1\n", ""},
		{"\"total\": 1", "X-Total-Count: 2\n", ": the header 'X-Total-Count' is '2', and the list has 1"},
		{"\"total\": 2", "X-Total-Count: 1\n", ": the member 'total' is '2', and the list has 1"},
		{"\"count\": 1", "X-Per-Page: 1\n", ": the header 'X-Per-Page' is '1', and the list has 1"},
		{"\"page_size\": 20", "X-Per-Page: 1\n", ": the header 'X-Per-Page' is '1', and the list has 1"},
		/* where the page begins, or which it is */
		{"\"start\": 0, \"limit\": 1", "", ": the member 'limit' is '1', and the list has 1"},
		{"\"from\": 0, \"size\": 1", "", ": the member 'size' is '1', and the list has 1"},
		{"\"limit\": 1, \"current_page\": 1", "", ": the member 'limit' is '1', and the list has 1"},
		{"\"page\": \"1\", \"limit\": 1", "", ": the member 'limit' is '1', and the list has 1"},
		{"\"page\": 1, \"limit\": 1", "", ": the member 'limit' is '1', and the list has 1"},
		{"\"page\": 1.0, \"limit\": 1", "", ": the member 'limit' is '1', and the list has 1"},
		{"\"pageNumber\": 1, \"size\": 1", "", ": the member 'size' is '1', and the list has 1"},
		{"\"number\": 0, \"size\": 1", "", ": the member 'size' is '1', and the list has 1"},
		{"\"index\": 0, \"size\": 1", "", ": the member 'size' is '1', and the list has 1"},
		{"\"current\": {\"page\": 1}, \"limit\": 1", "", ": the member 'limit' is '1', and the list has 1"},
		{"\"meta\": {\"current_page\": 1}, \"limit\": 1", "",
		 ": the member 'limit' is '1', and the list has 1"},
		{"\"start\": 0, \"limit\": 2", "", ""},
		{"\"start\": 0, \"limit\": 1, \"total\": 1", "", ""},
		{"\"took\": 7, \"size\": 1", "", ""},
		{"\"page\": null, \"limit\": 1", "", ""},
		{"\"page\": \"\", \"limit\": 1", "", ""},
	};
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		assert_string_equal(why_of_one(&arena, rows[i].member, rows[i].headers), rows[i].why);
	arena_release(&arena);
}

static void an_age_that_cannot_be_read_is_named(void **state)
{
	struct arena arena = {0};
	struct miss miss = {0};
	const struct listing *listing;
	struct api_answer answer = {
		.http_status = 200, .headers = TEXT("Age: \"900\"\n"), .body = TEXT("{\"deployments\": []}")};
	(void)state;
	assert_false(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
	assert_string_equal(miss.detail.bytes, "the answer is a copy: a cache on the way sent it again (its"
					       " header 'Age' is '\"900\"')");
	arena_release(&arena);
}

/* What says so: the Age if it is too much, and otherwise the other header. */
static void a_copy_names_its_age_or_the_header(void **state)
{
	static const struct {
		const char *headers, *why;
	} rows[] = {
		{"Age: 3\nX-Cache: HIT\n", "the answer is 3 s old: a cache on the way sent it again (its Age header)"},
		{"Age: 2\nX-Cache: HIT\n",
		 "the answer is a copy: a cache on the way sent it again (its header 'X-Cache' is 'HIT')"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct miss miss = {0};
		const struct listing *listing;
		struct api_answer answer = {
			.http_status = 200, .headers = text_of(rows[i].headers), .body = TEXT("{\"deployments\": []}")};
		assert_false(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
		assert_string_equal(miss.detail.bytes, rows[i].why);
		arena_release(&arena);
	}
}

static void a_list_from_a_cache_is_refused(void **state)
{
	static const char *const copies[] = {
		"X-Cache-Hits: 1\n",
		"X-Varnish-Hits: 1\n",
		"X-Cache-Age: 1\n",
		"X-Cache: HIT\n",
		"x-cache: Hit from cloudfront\n",
		"X-Cache: MISS, HIT\n",
		"X-Cache-Status: STALE\n",
		"CF-Cache-Status: UPDATING\n",
		"X-Proxy-Cache: hit\n",
		"Cache-Status: a; fwd=miss, b; hit; ttl=30\n",
		"X-Cache: TCP_MEM_HIT from proxy\n",
		"X-Nginx-Cache: HIT\nX-Total: 1\n",
		"X-Cache: cached\n",
		"X-Cache: HIT-STALE\n",
		"X-Cache: cache-hit\n",
		"X-Cache: stale-while-revalidate\n",
		"X-Cache: TCP_REFRESH_FAIL_HIT\n",
		"X-Cache: TCP_REFRESH_FAIL_OLD from a\n",
		"X-Cache: HIT\nAge: \"0\"\n",
		"X-Cache: HIT\nAge: 3\n",
		"X-Cache: no, HIT\n",
		"X-Cache: no hit, HIT\n",
		"X-Cache: HIT\nAge: soon\n",
		"Age: \nX-Cache: HIT\n",
		"Warning: 110 proxy \"Response is Stale\"\n",
		"warning: 111 - \"Revalidation Failed\"\n",
		"Warning: 199 a \"b, c\", 112 d \"Disconnected\"\n",
		"Warning: 113 squid \"This cache hit is more than 1 day old\"\n",
		"Warning: 214 a \"b\",110 - \"c\"\n",
		"X-Varnish: 32770 3\n",
		"X-Cache-Hits: 3\n",
		"X-Cache-Hits: 0, 2\n",
		"X-From-Cache: 1\n",
		"X-From-Cache: true\n",
		"X-Cached: HIT\n",
		"X-Response-Cached: yes\n",
		"X-Cache: HIT\nAge: 0\n",
		"X-Cache-Hits: 3\nAge: 1\n",
		"Warning: 110 proxy \"Response is Stale\"\nAge: 1\n",
		"Age: 0\nX-Cache-Status: STALE\n",
		"X-Varnish: 1 2\nAge: 0\n",
		"X-Varnish: 123, 456 78\n",
		"Warning: 199 a \"x\\\"y\", 110 - \"s\"\n",
		"Server-Timing: edge; dur=1, cdn-cache; desc=HIT\n",
		"Server-Timing: cdn-cache;desc=\"HIT\"\n",
		"Server-Timing: cfCacheStatus;desc=\"HIT\", cfOrigin;dur=0\n",
		"server-timing: a;desc=\"b, c\", CDN-Cache ; Desc = hit\n",
		"Server-Timing: cdn-cache; dur=1; desc=HIT\n",
		"Server-Timing: cfCacheStatus;a=\"b;c\";desc=\"HIT\"\n",
		"Cache-Status: a; hit=?1\n",
		"X-Cache-Hit: true\n",
		"X-Vercel-Cache: PRERENDER\n",
		"X-Cache: TCP_REFRESH_IGNORED\n",
		"Server-Timing: cdn-cache-hit,cdn-pop;desc=\"PHX50-C2\"\n",
		"X-Rack-Cache: stale, stale-if-error\n",
		"X-Symfony-Cache: GET /v1/chains/rag/deployments: fresh\n",
		"X_Cache_Status: HIT\n",
		"cdn.cache.status: hit\n",
		"X-SRCache-Fetch-Status: HIT\n",
		"X-Varnish-Hits: 3\n",
		"X-Cache-Info: cached\n",
		"X-Cache-Action: HIT\n",
		"X-Cached-Response: true\n",
		"Cache-Age: 900\n",
		"X-Cache: status=hit;ttl=3\n",
		"X-Cache-Status: SERVED-STALE\n",
		"X-Cache: CacheHit\n",
		"X-Cache: OriginShieldHit from cloudfront\n",
		"X-Cache: GRACE\n",
		"X-Cache: true\n",
		"X-Cache: 1\n",
		"X-Cache-Remote: TCP_HIT from a\n",
		"X-Rack-Cache: fresh\n",
		"Server-Timing: cdn-cache; desc=HIT, edge; dur=1\n",
		"X-Cache: from cache\n",
		"X-Cache: FRESH\n",
		"X-Cache: \"HIT\"\n",
		"X-Cache: status=\"HIT\"\n",
		"X-Cache: MISS from hit-a, HIT from b\n",
		"X-Cache: MISS from a.example HIT\n",
		"Cache-Status: a; fwd=miss; key=\"/v1/\\\"x\", b; hit\n",
		"Cache-Status: a; key=\"x\";hit\n",
		"X-Cache-Result: served from cache\n",
		"X-Cache-Result: from cache, stored\n",
		"Ohc-Cache-HIT: qd [2], bd [4]\n",
		"X-Served-From: cache\n",
		"X-Cached-Since: 2026-08-14T09:00:00+00:00\n",
		"Fastly-State: HIT-CLUSTER\n",
		"X-Cache-Lookup: Cache Hit\n",
		"X-Cache-Lookup: Hit From MemCache\n",
		"X-Cache: TCP_HIT_ABORTED\n",
		"X-Cache-Detail: \"cache hit\" from a\n",
		"X-Tyk-Cached-Response: 1\n",
		"X-Cache-Stale: 1\n",
		"X-Proxy-Cache: 3\n",
		"X-Edge-Cache: yes\n",
	};
	static const char *const fresh[] = {
		"X-Cache: MISS\n",
		"X-Cache: no hit\n",
		"X-Cache: NO-HIT, no_hit\n",
		"X-Cache: not cached\n",
		"X-Cache: RefreshHit from cloudfront\n",
		"CF-Cache-Status: DYNAMIC\n",
		"X-Cache: TCP_REFRESH_HIT from a\n",
		"X-Cache: HIT-FOR-PASS\n",
		"X-Cache: hit-for-miss, MISS\n",
		"X-Cache-Status: REVALIDATED\n",
		"Cache-Status: a; fwd=stale; stored\n",
		"X-Cache: MISS from proxy\nX-Cache-Lookup: HIT from proxy:3128\n",
		"X-Cache-Hits: 0, 0\n",
		"Warning: 199 a \"see RFC 110\"\n",
		"Warning: 199 a \"b, 110 c\"\n",
		"Warning: 214 a \"Transformation Applied\", 299 b \"Deprecated\"\n",
		"Warning: 1100\n",
		"Warning: \n",
		"X-Varnish: 32770\n",
		"X-Varnish: 123, 456\n",
		"X-Rack-Cache: miss, store\n",
		"X-Rack-Cache: stale, valid, store\n",
		"X-Cache-Hit: false\n",
		"Server-Timing: cdn-cache-miss,cdn-cache-refresh\n",
		"X-Symfony-Cache: GET /hit: stale, valid, store\n",
		"Cache-Status: a; hit=?0\n",
		"Cache-Status: a;hit=?0;fwd=request;fwd-status=200\n",
		"CDN-Cache-Control: max-age=60, stale-while-revalidate=30\n",
		"X-Cache-Ttl: 60\n",
		"X-Cache: 0\n",
		"X-Cache: refreshHit\n",
		"Cache-Age: 0\n",
		"Server-Timing: cdn-cache; desc=MISS; note=HIT\n",
		"X-Cache-Remote: TCP_MISS from a\n",
		"Server-Timing: a;desc=\"cdn-cache; desc=HIT\"\n",
		"Server-Timing: cfCacheStatus;desc=\"DYNAMIC\"\n",
		"Warning: 199 a \"b\\\", 110 c\"\n",
		"X-From-Cache: 0\n",
		"X-From-Cache: false\n",
		"X-Cached: MISS\n",
		"X-Cached: no\n",
		"Server-Timing: cdn-cache; desc=MISS, edge; dur=1\n",
		"Server-Timing: cache; desc=\"HIT\"\n",
		"Server-Timing: db; desc=HIT\n",
		"X-Cache: \n",
		"X-Cacheable: YES\n",
		"X-Check-Cacheable: YES\n",
		"X-Cache-Enabled: True\n",
		"X-Cache-Bypass: 1\n",
		"X-No-Cache: true\n",
		"X-Cache-Miss: 1\n",
		"X-Cache-Revalidated: 1\n",
		"Cache-Tag: chains-hit\n",
		"X-Cache-Tags: hit, stale\n",
		"X-Cache-Key: /v1/chains/hit\n",
		"X-Cache-Group: stale\n",
		"X-Cache-Policy: stale-while-revalidate\n",
		"X-Cache-Ttl: 1\n",
		"X-Cache-Stored: true\n",
		"X-Cache-Version: 1\n",
		"X-Swift-CacheTime: 1\n",
		"X-Not-Cached: true\n",
		"Cache-Status: a; fwd=miss; key=\"/v1/hit\"\n",
		"Cache-Status: a; fwd=miss; key=\"a\\\"; hit\"; stored\n",
		"Cache-Status: a; fwd=miss; detail=\"no copy, hit\"\n",
		"Cache-Status: a; fwd=miss; key=\"hit\n",
		"X-Cache: MISS, from hit-server\n",
		"X-Cache: MISS from a.hit\n",
		"X-Cache: MISS from stale-1.example:3128\n",
		"X-Cache: MISS from cache\n",
		"X-Cache: MISS from cache.example\n",
		"X-Cache-Lookup: Cache Miss\n",
		"X-Cache-Detail: \"conditional cache hit: entity refreshed\" from a\n",
		"X-Cache-Detail: \"cache miss: attempting entity save\" from a\n",
		"Fastly-State: MISS-CLUSTER\n",
		"X-Served-From: origin\n",
		"X-Served-By: cache-fra-eddf8230020-FRA\n",
	};
	static const char *const ages[] = {
		"Age: 3\n", "Age: 30\n", "age: 900\n", "Age:  86400 \n", "Age: 99999999999999999999\n", "Age: 0, 900\n",
		"Age: 5,31,2\n", "Age: 1,000\n", "Age: 1, 000\n", "X-Total: 1\nAge: 3600, 3600\n", "Age: 0\nAge: 900\n",
		/* nobody knows how old */
		"Age: soon\n", "Age: \"900\"\n", "Age: \"0\"\n", "Age: -1\n", "Age: 0.9\n", "Age: 0, x\n",
		"Age: 0 900\n", "Age: 0\nX-Total: 1\nAge: ?\n", "Age: 0x384\n"};
	(void)state;
	for (size_t i = 0; i < sizeof ages / sizeof *ages; i++)
		if (cause_of_headers(ages[i]) != MISS_STALE)
			fail_msg("%s", ages[i]);
	for (size_t i = 0; i < sizeof copies / sizeof *copies; i++)
		if (cause_of_headers(copies[i]) != MISS_STALE)
			fail_msg("%s", copies[i]);
	for (size_t i = 0; i < sizeof fresh / sizeof *fresh; i++)
		if (cause_of_headers(fresh[i]) != MISS_NONE)
			fail_msg("%s", fresh[i]);
}

/* A cache may keep a refusal, too, or that there is nothing. What it keeps of other errors is a miss anyway. */
static void a_refusal_from_a_cache_is_no_refusal(void **state)
{
	static const struct {
		int status;
		const char *headers;
		enum miss_cause cause;
	} rows[] = {
		{404, "Age: 3600\nX-Cache: HIT\n", MISS_STALE},
		{404, "Age: 3\n", MISS_STALE},
		{404, "X-Cache: HIT\nAge: 0\n", MISS_STALE},
		{401, "Warning: 110 - \"x\"\n", MISS_STALE},
		{403, "Age: soon\n", MISS_STALE},
		{410, "CF-Cache-Status: STALE\n", MISS_STALE},
		{404, "Age: 1\nX-Cache: MISS\n", MISS_HTTP},
		{404, "", MISS_HTTP},
		{429, "X-Cache: HIT\n", MISS_HTTP},
		{503, "Age: 900\n", MISS_HTTP},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct miss miss = {0};
		const struct listing *listing = NULL;
		struct api_answer answer = {
			.http_status = rows[i].status,
			.headers = text_of(rows[i].headers),
			.body = TEXT("{\"deployments\": [" DEPLOYMENT("d0") "]}"),
		};
		if (api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss) ||
		    miss.cause != rows[i].cause)
			fail_msg("%d with %s", rows[i].status, rows[i].headers);
		arena_release(&arena);
	}
	/* the server was too busy or too slow for these, so they say nothing about what was asked for */
	for (int status = 400; status < 600; status++) {
		struct arena arena = {0};
		struct miss miss = {0};
		const struct listing *listing = NULL;
		struct api_answer answer = {.http_status = status, .headers = TEXT("X-Cache: HIT\n")};
		bool is_refusal = status < 500 && status != 408 && status != 425 && status != 429;
		assert_false(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
		if ((miss.cause == MISS_STALE) != is_refusal)
			fail_msg("%d", status);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_of_a_list_is_refused),
		cmocka_unit_test(headers_say_that_a_list_is_a_page),
		cmocka_unit_test(a_page_names_what_says_so),
		cmocka_unit_test(an_age_that_cannot_be_read_is_named),
		cmocka_unit_test(a_copy_names_its_age_or_the_header),
		cmocka_unit_test(a_list_from_a_cache_is_refused),
		cmocka_unit_test(a_refusal_from_a_cache_is_no_refusal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
