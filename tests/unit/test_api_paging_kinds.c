/* test_api_paging_kinds.c - the ways in which APIs say that a list is only a page: pages that aren't the
 * first, links, words with the list's noun. And what must not be taken for a page. */
#include "paging_rows.h"

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
		{"\"start\": 999999999", ""},
		{"\"start\": 1e12", ""},
		{"\"offset\": 1767225600", ""},
		{"\"startAt\": 1", ""},
		{"\"start_at\": \"1\"", ""},
		{"\"offset\": 1", ""},
		{"\"number\": 2, \"size\": 20", ""},
		{"\"index\": 2, \"total\": 3", ""},
		{"\"index\": 2, \"total\": 1", ""},
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
		{"\"meta\": {\"start\": 1767225600, \"from\": 1767225600.25}", ""},
		{"\"start\": 1767225600000, \"from\": \"1767225600\"", ""},
		{"\"start\": 1000000000", ""},
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
		{"\"PaginationToken\": \"x\"", ""},
		{"\"pagination_token\": \"x\"", ""},
		{"\"$skiptoken\": \"x\"", ""},
		{"\"pagination\": {\"next_starting_after\": \"x\"}", ""},
		{"\"pagination\": {\"has_additional_pages\": true}", ""},
		{"\"pagination\": {\"load_more\": true}", ""},
		{"", "X-Pagination-Token: abc\n"},
		{"", "X-Amzn-PaginationToken: abc\n"},
		{"", "X-Has-Additional-Pages: true\n"},
		{"", "X-Pagination: {\"resume\": \"x\"}\n"},
		{"", "X-Pagination: resume=x\n"},
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
		{"\"complete\": \"no\"", ""},
		{"\"meta\": {\"exhausted\": false}", ""},
		{"\"next_page_uri\": \"x\"", ""},
		{"\"next_page_number\": 2", ""},
		{"\"nextRecordsUrl\": \"x\"", ""},
		{"\"next_results_token\": \"x\"", ""},
		{"\"nextBatch\": \"x\"", ""},
		/* a cursor, an address or a name may be any text */
		{"\"next_cursor\": \"n\"", ""},
		{"\"next\": \"no\"", ""},
		{"\"NextMarker\": \"off\"", ""},
		{"\"pagination\": {\"cursor\": \"N\"}", ""},
		{"\"links\": {\"next\": \"disabled\"}", ""},
		{"\"end_cursor\": \"no\"", ""},
		{"\"LastEvaluatedKey\": \"No\"", ""},
		{"\"next_batch\": \"n\"", ""},
		{"\"offset\": \"no\"", ""},
		{"\"previous_cursor\": \"n\"", ""},
		{"", "X-Next-Token: no\n"},
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
		/* links as texts, ends, results */
		{"\"links\": \"<x>; rel=\\\"next\\\"\"", ""},
		{"\"link\": \"</x>; rel=prev\"", ""},
		{"\"_links\": [\"<a>; rel=first\", \"<x>; rel=next\"]", ""},
		{"\"meta\": {\"link\": \"<x>; rel=next\"}", ""},
		{"\"eof\": false", ""},
		{"\"end\": false, \"meta\": {}", ""},
		{"\"pagination\": {\"is_eof\": \"false\"}", ""},
		{"\"results\": {\"total\": 9}", ""},
		{"\"result\": {\"count\": 9}", ""},
		{"\"hits\": {\"total\": {\"value\": 9}}", ""},
		{"\"results\": 9", ""},
		{"\"data\": {\"list\": 1, \"metadata\": {\"pagination\": {\"total\": 4}}}", ""},
	};
	static const struct row lists[] = {
		{"\"links\": [{\"rel\": [\"self\", \"last\"]}, {\"rel\": \"nextish\"}, {\"rel\": {}}, {\"rel\": []}]",
		 ""},
		{"\"links\": [{\"rel\": \"https://example.com/next/rels\"}]", ""},
		{"\"link\": \"https://example.com\"", ""},
		{"\"links\": \"<x>; rel=self\", \"link\": [\"</next>; rel=last\", \"\"]", ""},
		{"\"eof\": true, \"end\": \"2026-08-14\", \"usage\": {\"eof\": false}", ""},
		{"\"results\": [{\"total\": 9}], \"result\": \"ok\", \"hits\": {\"total\": 3}", ""},
		{"\"deployment\": {\"deployments\": 9}, \"results\": {}, \"result\": {\"code\": 200}", ""},
		{"\"cursors\": {\"next\": null, \"after\": null}", ""},
		{"\"has_more\": false, \"cursors\": {\"after\": \"x\"}", ""},
		{"\"pager\": {\"total\": 3}, \"paginator\": null", ""},
		{"\"isLastPage\": true, \"page_size\": 3", ""},
		{"\"last\": true, \"lastPage\": true, \"done\": true, \"complete\": 1", ""},
		{"\"remaining\": 0, \"next_page_uri\": null, \"nextRecordsUrl\": \"\"", ""},
		{"\"deployments_count\": 3, \"total_deployments\": 3, \"has_more_deployments\": false", ""},
		{"\"active_deployments\": 57, \"max_deployments\": 57, \"deployments_limit\": 3", ""},
		{"\"total_deployments\": 3, \"total_deployment\": 3", ""},
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
		{"\"warnings\": [\"truncated\"]", ""},
		{"\"results\": 3, \"limit\": 3, \"offset\": 0", ""}, /* how many these are, perhaps not all */
		{"\"warning\": \"Results were Truncated after 3\"", ""},
		{"\"meta\": {\"warnings\": [{\"text\": \"us-east timed out\"}]}", ""},
	};
	static const struct row lists[] = {
		{"\"error\": null, \"errors\": [], \"unreachable\": [], \"failures\": {}", ""},
		{"\"errors\": 0, \"error\": \"\", \"timed_out\": false, \"meta\": {\"errors\": []}", ""},
		{"\"warnings\": [\"deprecated\"], \"note\": \"truncated\"", ""},
		{"\"warnings\": [\"deprecated\", {\"code\": 3}], \"warning\": null, \"usage\": {\"errors\": 57}", ""},
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
			const char *as = "deployments[0].chainlets: is only a page, as the member '";
			assert_true(text_starts_with(miss.detail, as) && text_ends_with(miss.detail, "' says"));
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_that_is_not_the_first_is_refused),
		cmocka_unit_test(more_words_are_known),
		cmocka_unit_test(what_is_empty_says_nothing),
		cmocka_unit_test(a_list_that_says_something_went_wrong_is_refused),
		cmocka_unit_test(a_page_of_chainlets_is_none),
		cmocka_unit_test(the_noun_is_the_lists_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
