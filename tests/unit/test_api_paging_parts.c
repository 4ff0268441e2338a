/* test_api_paging_parts.c - what is said about pages in two places that disagree, and in a long part. */
#include "../../src/api/paging.h"
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
		cmocka_unit_test(long_headers_are_read_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
