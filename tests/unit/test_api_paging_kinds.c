/* test_api_paging_kinds.c - the ways in which APIs say that a list is only a page: other headers, pages that aren't the
 * first, links, words with the list's noun. And what must not be taken for a page. */
#include "chaingate/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define DEPLOYMENT(id) \
	"{\"id\": \"" id "\", \"created_at\": \"2026-08-14T09:12:10Z\", \"chain_id\": \"c0\", \"environment\": null," \
	" \"chainlets\": [], \"status\": \"ACTIVE\"}"

/* True if a list of three deployments, with this member and these headers, is taken for a page. The list of chains and
 * the lists of a run must agree. */
static bool is_page(const char *member, const char *headers)
{
	struct arena arena = {0};
	char text[2048], chains[2048];
	struct miss miss = {0};
	const struct listing *listing;
	struct api_lists lists = api_lists_make(1 << 20);
	snprintf(text, sizeof text,
		 "{\"deployments\": [" DEPLOYMENT("d0") ", " DEPLOYMENT("d1") ", " DEPLOYMENT("d2") "]%s%s}",
		 *member ? ", " : "", member);
	struct api_answer answer = {.http_status = 200, .headers = text_of(headers), .body = text_of(text)};
	bool is_whole = api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss);
	if (!is_whole && miss.cause != MISS_PAGE)
		fail_msg("%s%s: %.*s", member, headers, TEXT_ARG(miss.detail));
	for (size_t poll = 0; poll < 2; poll++)
		assert_int_equal(api_lists_read(&lists, &answer, &miss), is_whole);
	api_lists_release(&lists);
	snprintf(chains, sizeof chains,
		 "{%s%s\"chains\": [{\"id\": \"a\", \"created_at\": \"2026-05-04T10:00:00Z\", \"name\": \"a\","
		 " \"deployments_count\": 57, \"team_name\": \"\"}, {\"id\": \"b\", \"created_at\":"
		 " \"2026-05-04T10:00:00Z\", \"name\": \"b\", \"deployments_count\": 57, \"team_name\": \"\"},"
		 " {\"id\": \"c\", \"created_at\": \"2026-05-04T10:00:00Z\", \"name\": \"c\","
		 " \"deployments_count\": 57, \"team_name\": \"\"}]}",
		 member, *member ? ", " : "");
	struct text id, name;
	answer.body = text_of(chains);
	/* a count of deployments says nothing about the list of chains */
	if (!strstr(member, "eployment") && !strstr(headers, "eployment"))
		assert_int_equal(api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("a"), &id, &name, &miss), is_whole);
	arena_release(&arena);
	return !is_whole;
}

struct row {
	const char *member, *headers;
};

static void check(const struct row *rows, size_t count, bool expected)
{
	for (size_t i = 0; i < count; i++)
		if (is_page(rows[i].member, rows[i].headers) != expected)
			fail_msg("%s%s: this %s a page", rows[i].member, rows[i].headers, expected ? "is" : "is not");
}

#define CHECK(rows, expected) check(rows, sizeof(rows) / sizeof *(rows), expected)

/* ---- headers ---------------------------------------------------------------------------------------------------- */

static void headers_of_other_names_are_read(void **state)
{
	static const struct row pages[] = {
		{"", "Total: 4\n"},
		{"", "total-count: 4\n"},
		{"", "Total-Pages: 2\n"},
		{"", "Per-Page: 3\n"},
		{"", "X-Next-Link: /v1/chains?page=2\n"},
		{"", "X-Next-Url: https://example.com\n"},
		{"", "X-Cursor: abc\n"},
		{"", "X-Is-Truncated: true\n"},
		{"", "X-Pagination-Total: 4\n"},
		{"", "X-Pagination-Next: 2\n"},
		{"", "X-Pagination-Has-More: true\n"},
		{"", "X-Pagination-Limit: 3\n"},
		{"", "X-Pagination-Page: 2\n"},
		{"", "X-Pagination-Offset: 3\n"},
		{"", "X-Last-Page: 2\n"},
		{"", "X-Is-Last-Page: false\n"},
		{"", "Pagination: {\"total\": 4}\n"},
		{"", "Pagination: page=1; total=4\n"},
		{"", "X-Pagination: current_page=1,total_pages=2\n"},
		{"", "X-Paging: total:4\n"},
		{"", "X-Page-Info: {\"hasNextPage\":true}\n"},
		{"", "X-Limit: 3\nX-Offset: 0\n"},
		{"", "X-Offset: 3\n"},
		{"", "X-Page: 2\n"},
		{"", "X-Page: 1,000\n"},
		{"", "X-Page: 1/7\n"},
		{"", "X-Current-Page: 2\n"},
		{"", "X-Prev-Page: 1\n"},
		{"", "X-Has-Previous-Page: true\n"},
		{"", "X-Count: 4\n"},
		{"", "X-Item-Count: 4\n"},
		{"", "X-Items-Total: 4\n"},
		{"", "X-Result-Count: 4\n"},
		{"", "X-Results-Total: 4\n"},
		{"", "X-Collection-Total: 4\n"},
		{"", "Record-Count: 4\n"},
		{"", "X-Acme-Total-Count: 4\n"},
		{"", "X-Amz-Next-Token: abc\n"},
		{"", "opc-next-page: abc\n"},
		{"", "opc-total-items: 4\n"},
		{"", "x-ms-continuation: abc\n"},
		{"", "X-Continuation-Token: abc\n"},
		{"", "X-Deployments-Count: 4\n"},
		{"", "X-Total-Deployments: 4\n"},
		{"", "X-Has-More-Deployments: true\n"},
		{"", "X-Deployments: 4\n"},
		{"", "X-Next-Marker: abc\n"},
		{"", "X-Remaining-Items: 4\n"},
		{"", "X-Start-Index: 4\n"},
		{"", "X-Index: 4\nX-Total: 3\n"},
		{"", "X-End-Cursor: abc\n"},
		/* twice, in one line or two */
		{"", "X-Pagination: {\"total\": 3}, {\"total\": 4}\n"},
		{"", "X-Pagination: {\"total\": 3}\nX-Pagination: {\"total\": 4}\n"},
		{"", "X-Pagination: [{\"total\": 3}], {\"a\": {}},\t{\"has_more\": true}\n"},
		{"", "X-Has-More: false, true\n"},
		{"", "X-Next-Page: , 2\n"},
		{"", "X-Page: 1, 2\n"},
		/* what can't be read */
		{"", "X-Pagination: {\"total\": 3}, {\n"},
		{"", "X-Pagination: {\"total\": 3} {\"total\": 4}\n"},
		{"", "X-Pagination: {'total': 3}\n"},
		{"", "X-Pagination: eyJ0b3RhbCI6IDR9\n"},
		{"", "Pagination: page 1 of 2\n"},
		{"", "X-Page-Info: [1,\n"},
		/* ranges */
		{"", "Content-Range: items 0-2/3, items 0-2/4\n"},
		{"", "Content-Range: items 3-5/3, items 0-2/3\n"},
		{"", "Content-Range: bytes 1-562/563\n"},
		{"", "Content-Range: bytes 0-99/563\n"},
		{"", "Content-Range: bytes 0-99/*\n"},
	};
	static const struct row lists[] = {
		{"", "X-Total-Count: 3\n"},
		{"", "Total: 3\nPer-Page: 3\n"},
		{"", "X-Has-More: false, false\n"},
		{"", "X-Next-Page: \n"},
		{"", "X-Next-Page: , \nX-Per-Page: 3\n"},
		{"", "X-Next-Cursor: null\n"},
		{"", "X-Next-Cursor: null, null\n"},
		{"", "X-Next-Page: undefined\n"},
		{"", "X-Next-Cursor: \"\"\n"},
		{"", "X-Next-Cursor: nil\n"},
		{"", "X-Is-Last-Page: true\nX-Per-Page: 3\n"},
		{"", "X-Page: 1\n"},
		{"", "X-Page: 1, 1\nX-Total-Pages: 1, 1\n"},
		{"", "X-Page: 0\nX-Offset: 0\nX-Limit: 100\n"},
		{"", "X-Limit: 3\n"},
		{"", "X-Pagination: {\"total\": 3}, {\"total\": 3}\n"},
		{"", "X-Pagination: null\n"},
		{"", "X-Pagination: \n"},
		{"", "Pagination: page=1; total=3; has_more=false\n"},
		{"", "X-Prev-Page: \nX-Page: 1\n"},
		{"", "X-Count: 3\n"},
		{"", "X-Index: 4\n"},
		{"", "Content-Range: items 0-2/3, items 0-2/3\n"},
		{"", "Content-Range: bytes 0-562/563\n"},
		{"", "Content-Range: bytes 0-562/563, bytes 0-562/563\n"},
		{"", "X-End-Cursor: abc\nX-Has-Next-Page: false\n"},
		/* about other things */
		{"", "X-Total-Time: 0.7\n"},
		{"", "X-Nextjs-Matched-Path: /chains\nX-Nextjs-Page: /chains\n"},
		{"", "X-Query-Count: 57\nX-Db-Query-Count: 57\nX-Search-Total-Time: 57\n"},
		{"", "X-Page-Speed: 1.13.35.2\nX-Mod-Pagespeed: 1.13.35.2\nX-Page-Type: list\n"},
		{"", "X-Limit-Remaining: 57\nX-Requests-Remaining: 57\nX-Consul-Index: 57\n"},
		{"", "X-Request-Count: 57\nX-Error-Count: 57\nX-Result-Code: 57\nX-More-Info: x\n"},
		{"", "X-Retry-Count: 4\n"},
		{"", "X-Request-Start: 1786000000\n"},
		{"", "X-Meta: version 4\n"},
		{"", "X-Metadata: {broken\n"},
		{"", "X-Chainlets-Count: 57\n"},
	};
	(void)state;
	CHECK(pages, true);
	CHECK(lists, false);
}

/* ---- not the first page ----------------------------------------------------------------------------------------- */

static void a_page_that_is_not_the_first_is_refused(void **state)
{
	static const struct row pages[] = {
		{"\"page\": 3", ""},
		{"\"page\": \"2\"", ""},
		{"\"page\": 2.0", ""},
		{"\"page\": \"1 of 7\"", ""},
		{"\"pageNumber\": 2", ""},
		{"\"page_index\": 2", ""},
		{"\"current_page\": 2", ""},
		{"\"current\": {\"page\": 2}", ""},
		{"\"pages\": {\"total\": 1, \"current\": 2}", ""},
		{"\"pagination\": {\"page\": 2}", ""},
		{"\"pagination\": {\"number\": 2}", ""},
		{"\"meta\": {\"current_page\": \"\\u0032\"}", ""},
		{"\"page\": {\"number\": 2, \"size\": 20}", ""},
		{"\"from\": 4", ""},
		{"\"from\": \"4\"", ""},
		{"\"start\": 3", ""},
		{"\"startAt\": 1", ""},
		{"\"start_at\": \"1\"", ""},
		{"\"offset\": 1", ""},
		{"\"number\": 2, \"size\": 20", ""},
		{"\"index\": 2, \"total\": 3", ""},
		{"\"first\": false", ""},
		{"\"is_first_page\": \"false\"", ""},
		{"\"prev\": \"/v1/chains?page=1\"", ""},
		{"\"previous_page\": 1", ""},
		{"\"pageInfo\": {\"hasNextPage\": false, \"hasPreviousPage\": true}", ""},
		{"\"links\": {\"prev\": \"x\", \"next\": null}", ""},
		{"\"links\": [{\"rel\": \"prev\"}]", ""},
	};
	static const struct row lists[] = {
		{"\"page\": 1", ""},
		{"\"page\": 0", ""},
		{"\"page\": \"1\", \"pages\": 1", ""},
		{"\"page\": \"all\"", ""},
		{"\"current_page\": 1, \"from\": 1, \"to\": 3, \"total\": 3, \"last_page\": 1", ""},
		{"\"number\": 0, \"first\": true, \"last\": true, \"size\": 20", ""},
		{"\"number\": 57, \"index\": 12, \"current\": 4", ""},
		{"\"from\": \"2026-08-01T00:00:00Z\", \"start\": \"2026-08-01\"", ""},
		{"\"startAt\": 0, \"maxResults\": 50, \"total\": 3", ""},
		{"\"links\": {\"first\": \"x\", \"last\": \"x\", \"prev\": null, \"next\": null}", ""},
		{"\"first\": \"d0\", \"last\": \"d2\"", ""},
		{"\"prev\": null, \"previous_page\": 0, \"hasPreviousPage\": false", ""},
	};
	(void)state;
	CHECK(pages, true);
	CHECK(lists, false);
}

/* ---- words ------------------------------------------------------------------------------------------------------ */

static void more_words_are_known(void **state)
{
	static const struct row pages[] = {
		{"\"hasNextPages\": true", ""},
		{"\"exceededTransferLimit\": true", ""},
		{"\"nextCursorMark\": \"a\"", ""},
		{"\"num_total\": 9", ""},
		{"\"total_matching\": 9", ""},
		{"\"isEnd\": false", ""},
		{"\"omitted_count\": 6", ""},
		{"\"links\": [{\"rel\": [\"next\"], \"href\": \"x\"}]", ""},
		{"\"links\": [{\"rel\": [\"last\", \"Next\"]}]", ""},
		{"\"links\": [{\"rel\": \"Next\"}]", ""},
		{"\"links\": [{\"rel\": \"last next\"}]", ""},
		{"\"links\": [{\"rel\": \"n\\u0065xt\"}]", ""},
		{"\"links\": [{\"relation\": \"next\", \"url\": \"x\"}]", ""},
		{"\"links\": [{\"rel\": \"https://example.com/rels/next\"}]", ""},
		{"\"link\": [{\"relation\": \"next\", \"url\": \"x\"}]", ""},
		{"\"link\": {\"next\": \"x\"}", ""},
		{"\"cursors\": {\"next\": \"x\"}", ""},
		{"\"cursors\": {\"after\": \"x\"}", ""},
		{"\"paging\": {\"cursors\": {\"after\": \"x\"}}", ""},
		{"\"pager\": {\"total\": 4}", ""},
		{"\"paginator\": {\"hasMore\": true}", ""},
		{"\"pageable\": {\"pageNumber\": 2}", ""},
		{"\"data\": {\"paginator\": {\"total\": 4}}", ""},
		{"\"isLastPage\": false", ""},
		{"\"is_last\": false", ""},
		{"\"last\": false", ""},
		{"\"lastPage\": false", ""},
		{"\"lastPage\": 2", ""},
		{"\"done\": false", ""},
		{"\"complete\": \"false\"", ""},
		{"\"meta\": {\"exhausted\": false}", ""},
		{"\"next_page_uri\": \"x\"", ""},
		{"\"next_page_number\": 2", ""},
		{"\"nextRecordsUrl\": \"x\"", ""},
		{"\"next_results_token\": \"x\"", ""},
		{"\"nextBatch\": \"x\"", ""},
		{"\"remaining\": 1", ""},
		{"\"remaining_items\": \"4\"", ""},
		{"\"meta\": {\"remaining\": 4}", ""},
		{"\"deployments_count\": 4", ""},
		{"\"deploymentCount\": 4", ""},
		{"\"total_deployments\": 4", ""},
		{"\"total_deployments_count\": \"4\"", ""},
		{"\"num_deployments\": 4", ""},
		{"\"number_of_deployments\": 4", ""},
		{"\"has_more_deployments\": true", ""},
		{"\"next_deployments_page\": 2", ""},
		{"\"deployments_next\": \"x\"", ""},
		{"\"deploymentsCursor\": \"x\"", ""},
		{"\"meta\": {\"deployments\": 4}", ""},
		{"\"pagination\": {\"deployments_total\": 4}", ""},
		{"\"item_count\": 4", ""},
		{"\"totalRows\": 4", ""},
		{"\"counts\": {\"total\": 4}", ""},
		{"\"end_cursor\": \"x\"", ""},
		{"\"bookmark\": \"x\"", ""},
		{"\"limit_reached\": true", ""},
		{"\"has_more_records\": true", ""},
		/* in one name, with a namespace, and deeper */
		{"\"pagination_has_more\": true", ""},
		{"\"paginationTotal\": 4", ""},
		{"\"meta_total\": 4", ""},
		{"\"links.next\": \"x\"", ""},
		{"\"result_total_count\": 4", ""},
		{"\"hydra:totalItems\": 4", ""},
		{"\"os:totalResults\": \"4\"", ""},
		{"\"hydra:view\": {\"hydra:next\": \"x\"}", ""},
		{"\"result\": {\"meta\": {\"has_more\": true}}", ""},
		{"\"response\": {\"links\": {\"next_page\": \"x\"}}", ""},
		{"\"data\": {\"list\": 1, \"metadata\": {\"pagination\": {\"total\": 4}}}", ""},
	};
	static const struct row lists[] = {
		{"\"links\": [{\"rel\": [\"self\", \"last\"]}, {\"rel\": \"nextish\"}, {\"rel\": {}}, {\"rel\": []}]",
		 ""},
		{"\"links\": [{\"rel\": \"https://example.com/next/rels\"}]", ""},
		{"\"link\": \"https://example.com\"", ""},
		{"\"cursors\": {\"next\": null, \"after\": null}", ""},
		{"\"has_more\": false, \"cursors\": {\"after\": \"x\"}", ""},
		{"\"pager\": {\"total\": 3}, \"paginator\": null", ""},
		{"\"isLastPage\": true, \"page_size\": 3", ""},
		{"\"last\": true, \"lastPage\": true, \"done\": true, \"complete\": 1", ""},
		{"\"remaining\": 0, \"next_page_uri\": null, \"nextRecordsUrl\": \"\"", ""},
		{"\"deployments_count\": 3, \"total_deployments\": 3, \"has_more_deployments\": false", ""},
		{"\"active_deployments\": 57, \"max_deployments\": 57, \"deployments_limit\": 3", ""},
		{"\"last_deployment\": {\"id\": \"d2\", \"count\": 57}, \"first_deployment\": \"d0\"", ""},
		{"\"total_chainlets\": 57, \"chainlet_count\": 57, \"meta\": {\"chainlets\": 57}", ""},
		{"\"meta\": {\"deployments\": [{\"count\": 57}, 57]}", ""},
		{"\"rate_limit\": {\"remaining\": 99, \"limit\": 100}", ""},
		{"\"meta\": {\"rate_limit\": {\"remaining\": 99}}", ""},
		{"\"next_deployment_at\": \"x\", \"next_maintenance\": \"x\", \"nextish\": 4, \"next_js_path\": \"x\"",
		 ""},
		{"\"query_count\": 57, \"search_total_ms\": 57, \"next_update_url\": \"x\"", ""},
		{"\"end_cursor\": \"x\", \"hasNextPage\": false", ""},
		{"\"end_cursor\": null, \"bookmark\": \"\"", ""},
		{"\"pagination_has_more\": false, \"meta_total\": 3, \"hydra:totalItems\": 3, \"meta_info\": 57", ""},
		{"\"usage\": {\"meta\": {\"total\": 57, \"next\": \"x\"}, \"links\": [{\"rel\": \"next\"}]}", ""},
		{"\"result_id\": 57, \"metadata_version\": 57, \"list_name\": \"x\", \":\": 57", ""},
	};
	(void)state;
	CHECK(pages, true);
	CHECK(lists, false);
}

static void what_is_empty_says_nothing(void **state)
{
	static const struct row pages[] = {
		{"\"next\": {\"href\": \"x\"}", ""},
		{"\"next\": {\"href\": null, \"page\": 2}", ""},
		{"\"next\": {\"page\": {}}", ""},
		{"\"next\": [null]", ""},
		{"\"links\": {\"next\": {\"href\": \"x\"}}", ""},
		{"\"offset\": [1]", ""},
		/* it doesn't say that no page follows, either */
		{"\"next\": {}, \"per_page\": 3", ""},
	};
	static const struct row lists[] = {
		{"\"next\": {}", ""},
		{"\"next\": []", ""},
		{"\"next_page\": {}, \"has_more\": []", ""},
		{"\"_links\": {\"next\": {}, \"prev\": []}", ""},
		{"\"links\": {\"next\": {\"href\": null}, \"prev\": {\"href\": \"\", \"page\": 0}}", ""},
		{"\"page\": {\"next\": {}}", ""},
		{"\"pagination\": {\"cursor\": {}, \"offset\": {}, \"end_cursor\": []}", ""},
		{"", "X-Pagination: {\"next\": {}}\n"},
	};
	(void)state;
	CHECK(pages, true);
	CHECK(lists, false);
}

/* Part of the list may be missing for another reason than pages. */
static void a_list_that_says_something_went_wrong_is_refused(void **state)
{
	static const struct row pages[] = {
		{"\"error\": \"a shard timed out\"", ""},
		{"\"errors\": [{\"message\": \"x\"}]", ""},
		{"\"errors\": {\"us-east\": \"x\", \"us-west\": [1]}", ""},
		{"\"unreachable\": [\"us-east\", {}]", ""},
		{"\"timed_out\": true", ""},
		{"\"meta\": {\"errors\": [0]}", ""},
		{"\"partial_failure\": \"true\"", ""},
		{"\"failures\": 1", ""},
		{"\"error\": {\"code\": 0, \"message\": \"x\"}", ""},
	};
	static const struct row lists[] = {
		{"\"error\": null, \"errors\": [], \"unreachable\": [], \"failures\": {}", ""},
		{"\"errors\": 0, \"error\": \"\", \"timed_out\": false, \"meta\": {\"errors\": []}", ""},
		{"\"warnings\": [\"deprecated\"], \"usage\": {\"errors\": 57}", ""},
		{"\"error\": {\"code\": 0, \"message\": \"\"}, \"errors\": {\"us-east\": null}", ""},
	};
	(void)state;
	CHECK(pages, true);
	CHECK(lists, false);
}

/* The chainlets are a list, too. */
static void a_page_of_chainlets_is_none(void **state)
{
	static const char *const pages[] = {
		"\"total_chainlets\": 9,",         "\"chainlets_count\": 9,",        "\"has_more_chainlets\": true,",
		"\"next_chainlets_page\": 2,",     "\"chainletCount\": 9,",          "\"has_more\": true,",
		"\"pagination\": {\"total\": 9},", "\"chainlets_truncated\": true,", "\"chainlets_next\": \"x\",",
		"\"total_chainlets\": \"1,000\",", "\"chainlets_errors\": [\"x\"],", "\"nextPageToken\": \"x\",",
	};
	static const char *const wholes[] = {
		"\"total_chainlets\": 0,",
		"\"chainlets_count\": 0,",
		"\"has_more_chainlets\": false,",
		"\"total\": 9,",
		"\"count\": 9,",
		"\"page\": 3,",
		"\"error\": \"x\",",
		"\"next\": 1,",
		"\"offset\": 9,",
		"\"chainlet_size\": 9,",
		"\"main_chainlet\": \"x\",",
		"\"meta\": {\"total\": 9},",
	};
	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof *pages + sizeof wholes / sizeof *wholes; i++) {
		bool expected = i >= sizeof pages / sizeof *pages;
		const char *member = expected ? wholes[i - sizeof pages / sizeof *pages] : pages[i];
		struct arena arena = {0};
		struct miss miss = {0};
		const struct listing *listing;
		const char *text = arena_printf(
			&arena,
			"{\"deployments\": [{\"id\": \"d\", \"created_at\": \"2026-08-14T09:12:10Z\", %s \"chain_id\":"
			" \"c0\", \"environment\": null, \"chainlets\": [], \"status\": \"ACTIVE\"}]}",
			member);
		struct api_answer answer = {.http_status = 200, .body = text_of(text)};
		if (api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss) != expected)
			fail_msg("%s %.*s", member, TEXT_ARG(miss.detail));
		if (!expected) {
			assert_int_equal(miss.cause, MISS_MALFORMED);
			assert_non_null(strstr(miss.detail.bytes, "deployments[0].chainlets: is only a page"));
		}
		arena_release(&arena);
	}
}

static void the_noun_is_the_lists_own(void **state)
{
	struct arena arena = {0};
	struct miss miss = {0};
	struct text id, name;
	struct api_answer answer = {
		.http_status = 200,
		.body = TEXT("{\"deployments_count\": 57, \"chains\": [{\"id\": \"a\", \"created_at\":"
			     " \"2026-05-04T10:00:00Z\", \"name\": \"a\", \"deployments_count\": 57,"
			     " \"team_name\": \"\"}]}"),
	};
	(void)state;
	assert_true(api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("a"), &id, &name, &miss));
	answer.body = TEXT("{\"chains_count\": 2, \"chains\": [{\"id\": \"a\", \"created_at\":"
			   " \"2026-05-04T10:00:00Z\", \"name\": \"a\", \"deployments_count\": 57,"
			   " \"team_name\": \"\"}]}");
	assert_false(api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("a"), &id, &name, &miss));
	assert_int_equal(miss.cause, MISS_PAGE);
	arena_release(&arena);
}

/* ---- Link ------------------------------------------------------------------------------------------------------- */

static void links_are_read_as_they_are_written(void **state)
{
	static const struct {
		const char *link, *shown;
	} pages[] = {
		{"</x>; rel=\"next\"", "\"next\""},
		{"</x>; rel='next'", "\"next\""},
		{"</x; rel=\"next\"", "\"next\""},
		{"/x; rel=next", "\"next\""},
		{"</x>;rel=Next", "\"Next\""},
		{"</x>; rel = \"last next\"", "\"last next\""},
		{"</a>; rel=first, </x>; rel='prev'", "\"prev\""},
		{"</x>; rel=\"previous\"", "\"previous\""},
		{"</x>; rel=\"https://example.com/rels#next\"", "\"https://example.com/rels#next\""},
		{"<a>; rel=self, <b; rel='next', <c>; rel=last", "\"next\""},
	};
	static const char *const lists[] = {
		"</x>; rel=\"self\"",
		"</next>; rel=last",
		"</x;rel=next>; rel=\"first\"",
		"</x",
		"<",
		"",
		"</x>; title=\"rel=next\"",
		"</x>; rel='",
		"</x>; rel",
	};
	(void)state;
	for (size_t i = 0; i < sizeof pages / sizeof *pages + sizeof lists / sizeof *lists; i++) {
		bool expected = i < sizeof pages / sizeof *pages;
		struct arena arena = {0};
		struct miss miss = {0};
		const struct listing *listing;
		const char *link = expected ? pages[i].link : lists[i - sizeof pages / sizeof *pages];
		struct api_answer answer = {
			.http_status = 200, .link = text_of(link), .body = TEXT("{\"deployments\": []}")};
		if (api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss) == expected)
			fail_msg("%s", link);
		if (expected)
			assert_string_equal(strstr(miss.detail.bytes, "rel=") + 4, pages[i].shown);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_of_other_names_are_read),
		cmocka_unit_test(a_page_that_is_not_the_first_is_refused),
		cmocka_unit_test(more_words_are_known),
		cmocka_unit_test(what_is_empty_says_nothing),
		cmocka_unit_test(a_list_that_says_something_went_wrong_is_refused),
		cmocka_unit_test(a_page_of_chainlets_is_none),
		cmocka_unit_test(the_noun_is_the_lists_own),
		cmocka_unit_test(links_are_read_as_they_are_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
