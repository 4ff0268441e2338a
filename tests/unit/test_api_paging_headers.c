/* test_api_paging_headers.c - the headers in which APIs say that a list is only a page. And what must not be taken for a
 * page. */
#include "paging_rows.h"

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
		{"", "X_Acme_Total_Count: 4\n"},
		{"", "X-Total-Count: \"4\"\n"},
		{"", "Pagination: page=\"1\"; total=\"4\"\n"},
		{"", "X-Amz-Next-Token: abc\n"},
		{"", "opc-next-page: abc\n"},
		{"", "opc-total-items: 4\n"},
		{"", "x-ms-continuation: abc\n"},
		{"", "X-Continuation-Token: abc\n"},
		{"", "X-Deployments-Count: 4\n"},
		{"", "X-Total-Deployments: 4\n"},
		{"", "X-Has-More-Deployments: true\n"},
		{"", "X-Deployments: 4\n"},
		{"", "X-Deployments: 1,000\n"},
		{"", "X-Deployments: 3, 57\n"},
		{"", "X-Results: 1,000\n"},
		{"", "X-Next-Marker: abc\n"},
		{"", "X-Remaining-Items: 4\n"},
		{"", "X-Start-Index: 4\n"},
		{"", "X-Index: 4\nX-Total: 3\n"},
		{"", "X-End-Cursor: abc\n"},
		{"", "X-Is-Last-Page: no\n"},
		{"", "X-EOF: false\n"},
		{"", "X-Items-Remaining: 4\n"},
		{"", "X-Pagination-Remaining: 4\n"},
		{"", "X-Has-More: yes\n"},
		{"", "X-Total-Count: -\n"},
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
		{"", "Content-Range: items 10-12/3\n"},
		{"", "Content-Range: items 0-2/3, 000\n"},
		{"", "Content-Range: items 0-2/3,234\n"},
		{"", "Content-Range: bytes 1-562/563\n"},
		{"", "Content-Range: bytes 0-99/563\n"},
		{"", "Content-Range: bytes 0-99/*\n"},
		{"", "Content-Range: bytes=0-99/563\n"},
		{"", "Content-Range: items 0-2/-\n"},
	};
	static const struct row lists[] = {
		{"", "X-Total-Count: 3\n"},
		{"", "X-Total-Count: \"3\"\n"},
		{"", "Pagination: page=\"1\"; total=\"3\"\n"},
		{"", "X-Deployments: 3, 3\n"},
		{"", "X-Total-Count: 003, 003\n"},
		{"", "Total: 3\nPer-Page: 3\n"},
		{"", "X-Acme-Total-Count: 3\nPer-Page: 3\n"},
		{"", "X-Acme-Has-More: false\nX-Acme-Next-Cursor: \nX-Acme-Total-Pages: 1\n"},
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
		{"", "X-Pagination: {\"total\": 3} \t \n"},
		{"", "X-Pagination: null\n"},
		{"", "X-Pagination: \n"},
		{"", "Pagination: page=1; total=3; has_more=false\n"},
		{"", "Pagination: page=1;total=3;has_more=false\n"},
		{"", "X-Prev-Page: \nX-Page: 1\n"},
		{"", "X-Count: 3\n"},
		{"", "X-Index: 4\n"},
		{"", "Content-Range: items 0-2/3, items 0-2/3\n"},
		{"", "Content-Range: bytes 0-562/563\n"},
		{"", "Content-Range: bytes 0-562/563, bytes 0-562/563\n"},
		{"", "X-End-Cursor: abc\nX-Has-Next-Page: false\n"},
		{"", "Content-Range: bytes=0-562/563\n"},
		{"", "X-Has-More: no\nX-Has-Next: n\nX-Truncated: off\n"},
		{"\"next_cursor\": \"-\", \"has_next_page\": \"no\"", "X-Next-Page: -\nX-Next-Cursor: none\n"},
		{"", "X-Has-More: No, off\nX-Next-Page: -\n"},
		{"", "Pagination: off\nX-Pagination: disabled\n"},
		/* about other things */
		{"", "X-Remaining: 99\nX-Hit-Count: 57\n"},
		{"", "X-Amz-Meta-Count: 57\nx-goog-meta-next-page: 2\nx-ms-meta-total: 57\n"},
		{"", "X-Start: 1767225600\n"},
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
		{"", "X-Subtotalcount: 57\nX-Homepagesize: 3\nX-Repagination: no\n"},
	};
	(void)state;
	CHECK(pages, true);
	CHECK(lists, false);
}

static void links_are_read_as_they_are_written(void **state)
{
	static const struct {
		const char *link, *shown;
	} pages[] = {
		{"</x>; rel=\"next\"", "\"next\""},
		{"</x>; rel*=UTF-8''n%65xt", "\"UTF-8''n%65xt\""},
		{"</x>; rel='next'", "\"next\""},
		{"</x; rel=\"next\"", "\"next\""},
		{"/x; rel=next", "\"next\""},
		{"</x>; \"rel\"=next", "\"next\""},
		{"</x>; 'rel' = 'next'", "\"next\""},
		{"</x>; title=\"a\"; rel=next", "\"next\""},
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
		"</x;rel=next;y=1>; rel=first",
		"<a>; rel=first, <b?x=1;rel=next;y=2>; rel=last",
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
		/* what stands behind it in memory is no part of it */
		const char *longer = arena_printf(&arena, "%s>; rel=next", link);
		struct api_answer answer = {
			.http_status = 200, .link = {longer, strlen(link)}, .body = TEXT("{\"deployments\": []}")};
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
		cmocka_unit_test(links_are_read_as_they_are_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
