/* paging_rows.h - rows of members and headers, each of which makes a page of a list, or doesn't. */
#ifndef CHAINGATE_TESTS_PAGING_ROWS_H
#define CHAINGATE_TESTS_PAGING_ROWS_H

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

#endif
