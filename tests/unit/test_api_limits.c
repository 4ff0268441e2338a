/* test_api_limits.c - the limits of what is read of a body, each at its number and one above. And what a body says of its
 * owner. */
#include "../../src/api/paging.h"

#include "chaingate/api.h"
#include "chaingate/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define TOO_MANY "the body has more values than any list needs, at byte "

/* `count` values: 0, 0, … */
static void add_zeros(struct buf *buf, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_add_string(buf, i ? ",0" : "0");
}

/* `count` members: "k0": 0, … */
static void add_members(struct buf *buf, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buf_printf(buf, "%s\"k%zu\":0", i ? "," : "", i);
}

static void the_answer_about_a_user_has_ten_thousand_values(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct arena arena = {0};
		struct buf body = buf_make(1 << 20);
		struct api_user user = {0};
		struct miss miss = {0};
		/* Three are the object, the id and the array. */
		buf_add_string(&body, "{\"user_id\": \"u1\", \"x\": [");
		add_zeros(&body, 10000 - 3 + more);
		buf_add_string(&body, "]}");
		struct api_answer answer = {.http_status = 200, .body = buf_text(&body)};
		assert_int_equal(api_read_whoami(&arena, &answer, &user, &miss), !more);
		assert_int_equal(text_starts_with(miss.detail, TOO_MANY), more);
		assert_true(text_is(user.id, more ? "" : "u1"));
		buf_release(&body);
		arena_release(&arena);
	}
}

/* Ten for each of the most chains that are listed. */
static void a_list_of_chains_has_half_a_million_values(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct arena arena = {0};
		struct buf body = buf_make(2 << 20);
		const struct chain *chains = NULL;
		struct miss miss = {0};
		size_t count;
		/* Three are the object and the two arrays. */
		buf_add_string(&body, "{\"chains\": [], \"x\": [");
		add_zeros(&body, 500000 - 3 + more);
		buf_add_string(&body, "]}");
		struct api_answer answer = {.http_status = 200, .body = buf_text(&body)};
		assert_int_equal(api_read_chains(&arena, &answer, TARGET_CHAIN, &chains, &count, &miss), !more);
		assert_int_equal(text_starts_with(miss.detail, TOO_MANY), more);
		buf_release(&body);
		arena_release(&arena);
	}
}

static void a_deployment_has_ten_thousand_chainlets(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct arena arena = {0};
		struct buf body = buf_make(4 << 20);
		const struct listing *listing = NULL;
		struct miss miss = {0};
		buf_add_string(&body, "{\"deployments\": [{\"id\": \"d0\", \"created_at\": \"2026-08-14T09:12:30Z\","
				      " \"chain_id\": \"c0\", \"environment\": null, \"status\": \"ACTIVE\","
				      " \"chainlets\": [");
		for (size_t i = 0; i < 10000 + more; i++)
			buf_printf(
				&body,
				"%s{\"id\": \"i%zu\", \"name\": \"n%zu\", \"autoscaling_settings\": null,"
				" \"instance_type_name\": \"L4\", \"active_replica_count\": 1, \"status\": \"ACTIVE\"}",
				i ? "," : "", i, i);
		buf_add_string(&body, "]}]}");
		struct api_answer answer = {.http_status = 200, .body = buf_text(&body)};
		assert_int_equal(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss), !more);
		if (more)
			assert_true(text_is(miss.detail, "deployments[0].chainlets: has more chainlets than any "
							 "deployment needs"));
		else
			assert_int_equal(listing->deployments[0].chainlet_count, 10000);
		buf_release(&body);
		arena_release(&arena);
	}
}

/* Of the objects that are open at a time: that of the whole body has one, and the other the rest. */
static void open_objects_have_ten_thousand_keys(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++)
		for (int is_of_chains = 0; is_of_chains < 2; is_of_chains++) {
			struct arena arena = {0};
			struct buf body = buf_make(1 << 20);
			const struct listing *listing = NULL;
			const struct chain *chains = NULL;
			struct miss miss = {0};
			size_t count;
			buf_printf(&body, "{\"%s\": [], \"x\": {", is_of_chains ? "chains" : "deployments");
			add_members(&body, 10000 - 2 + more);
			buf_add_string(&body, "}}");
			struct api_answer answer = {.http_status = 200, .body = buf_text(&body)};
			bool is_read =
				is_of_chains
					? api_read_chains(&arena, &answer, TARGET_CHAIN, &chains, &count, &miss)
					: api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss);
			if (is_read == (more > 0))
				fail_msg("%d: %.*s", is_of_chains, TEXT_ARG(miss.detail));
			assert_int_equal(text_starts_with(miss.detail, TOO_MANY), more);
			buf_release(&body);
			arena_release(&arena);
		}
}

static bool is_page(const char *member, struct miss *miss, struct arena *arena)
{
	const struct listing *listing = NULL;
	struct api_answer answer = {
		.http_status = 200,
		.body = text_of(arena_printf(arena, "{\"deployments\": [], %s}", member)),
	};
	bool is_read = api_read_deployments(arena, &answer, (struct api_owner){0}, &listing, miss);
	assert_true(is_read || miss->cause == MISS_PAGE);
	return !is_read;
}

/* `count` of this character. */
static const char *many(struct arena *arena, char c, size_t count)
{
	char *text = arena_alloc(arena, count + 1);
	memset(text, c, count);
	text[count] = '\0';
	return text;
}

/* A text among links may be one, and a long one may say anything. */
static void texts_among_links_are_searched_up_to_ten_thousand_bytes(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct arena arena = {0};
		struct miss miss = {0};
		const char *text = many(&arena, 'x', 10000 + more);
		assert_int_equal(is_page(arena_printf(&arena, "\"links\": [\"%s\"]", text), &miss, &arena), more);
		text = many(&arena, 'x', 10000 - 2 + more); /* of warnings the quotation marks count */
		assert_int_equal(is_page(arena_printf(&arena, "\"warnings\": \"%s\"", text), &miss, &arena), more);
		arena_release(&arena);
	}
}

/* A count may be a text, with as many zeros as it likes, and escapes: of up to 160 bytes as written. What is longer can't be
 * read. */
static void counts_are_read_up_to_their_limit(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct arena arena = {0};
		struct miss miss = {0};
		assert_int_equal(is_page(arena_printf(&arena, "\"total\": \"%s\"", many(&arena, '0', 160 + more)),
					 &miss, &arena),
				 more);
		arena_release(&arena);
	}
}

/* A header that came twice: "3, 12". But what may be the digits of one number isn't read as two. */
static void a_header_that_came_twice_has_a_largest_number(void **state)
{
	static const struct {
		const char *header;
		bool is_page;
	} rows[] = {{"X-Total-Count: 3, 12\n", false},
		    {"X-Total-Count: 3, 13\n", true},
		    {"X-Total-Count: 3,012\n", true},
		    {"X-Total-Count: 0,012\n", true}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct buf body = buf_make(1 << 16);
		const struct listing *listing = NULL;
		struct miss miss = {0};
		buf_add_string(&body, "{\"deployments\": [");
		for (size_t k = 0; k < 12; k++)
			buf_printf(
				&body,
				"%s{\"id\": \"d%zu\", \"created_at\": \"2026-08-14T09:12:30Z\", \"chain_id\": \"c0\","
				" \"environment\": null, \"chainlets\": [], \"status\": \"BUILDING\"}",
				k ? "," : "", k);
		buf_add_string(&body, "]}");
		struct api_answer answer = {
			.http_status = 200, .headers = text_of(rows[i].header), .body = buf_text(&body)};
		if (api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss) == rows[i].is_page)
			fail_msg("%s", rows[i].header);
		buf_release(&body);
		arena_release(&arena);
	}
}

/* The same for a relation, of two hundred bytes: a longer one may be that of another page. */
static void relations_are_read_up_to_two_hundred_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++)
		for (size_t more = 0; more < 2; more++) {
			struct arena arena = {0};
			struct miss miss = {0};
			bool is_next = i % 2;
			const char *rest = many(&arena, ' ', 200 - 4 + more);
			struct buf member = buf_make(1000);
			buf_printf(&member,
				   i < 2 ? "\"links\": [{\"rel\": \"%s%s\", \"href\": \"/x\"}]"
					 : "\"links\": [{\"rel\": [\"%s%s\"], \"href\": \"/x\"}]",
				   is_next ? "next" : "self", rest);
			assert_int_equal(is_page(buf_string(&member), &miss, &arena), is_next || more);
			buf_release(&member);
			arena_release(&arena);
		}
}

/* Names are compared without their separators and escapes, so both are limited: 64 characters, 288 bytes as written. */
static void names_are_read_up_to_their_limits(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		struct arena arena = {0};
		struct buf name = buf_make(1000);
		bool is_sure;
		const char *plain = arena_printf(&arena, "total%s", many(&arena, '_', 64 - 5 + more));
		assert_int_equal(paging_word_of_name(text_of(plain), NULL, &is_sure),
				 more ? PAGING_OTHER : PAGING_TOTAL);
		for (size_t i = 0; i < 48 + more; i++)
			buf_printf(&name, "\\u%04x", (unsigned)plain[i]);
		struct json_value key = {.raw = buf_text(&name), .has_escapes = true};
		assert_int_equal(paging_word_of(&key, NULL, &is_sure), more ? PAGING_OTHER : PAGING_TOTAL);
		buf_release(&name);
		arena_release(&arena);
	}
}

/* A body of up to 64 KiB may be an error of the API, whose words are shown alone. */
static void errors_are_searched_for_words_up_to_their_limit(void **state)
{
	(void)state;
	for (size_t more = 0; more < 2; more++) {
		static const char error[] = "{\"message\": \"No chain.\"}";
		struct arena arena = {0};
		const struct listing *listing = NULL;
		struct miss miss = {0};
		const char *rest = many(&arena, ' ', 65536 - (sizeof error - 1) + more);
		struct api_answer answer = {.http_status = 404,
					    .body = text_of(arena_printf(&arena, "%s%s", error, rest))};
		assert_false(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
		assert_true(text_is(miss.detail, more ? error : "No chain."));
		arena_release(&arena);
	}
}

/* Of several hundred, the first one that comes again is named, and where it was before. */
static void an_id_that_comes_again_is_found_in_a_long_list(void **state)
{
	static const size_t counts[] = {2, 31, 32, 33, 34, 40, 200};
	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		for (size_t twin = 0; twin < counts[i]; twin += 1 + counts[i] / 7) {
			struct arena arena = {0};
			struct buf body = buf_make(1 << 20);
			const struct listing *listing = NULL;
			struct miss miss = {0};
			buf_add_string(&body, "{\"deployments\": [");
			for (size_t k = 0; k <= counts[i]; k++)
				buf_printf(&body,
					   "%s{\"id\": \"d%zu\", \"created_at\": \"2026-08-14T09:12:30Z\","
					   " \"chain_id\": \"c0\", \"environment\": null, \"chainlets\": [],"
					   " \"status\": \"BUILDING\"}",
					   k ? "," : "", k == counts[i] ? twin : k);
			buf_add_string(&body, "]}");
			struct api_answer answer = {.http_status = 200, .body = buf_text(&body)};
			assert_false(api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss));
			assert_string_equal(miss.detail.bytes,
					    arena_printf(&arena, "deployments[%zu].id: is 'd%zu', the same as in [%zu]",
							 counts[i], twin, twin));
			buf_release(&body);
			arena_release(&arena);
		}
}

/* The caller's memory of a body that is remembered is taken, so that nothing is copied; that of any other stays the
 * caller's. */
static void a_body_is_taken_if_it_is_remembered(void **state)
{
	static const char body[] = "{\"deployments\": []}", other[] = "{\"deployments\": [] }";
	static const struct {
		const char *body;
		size_t limit;
		bool is_taken;
	} rows[] = {
		{body, sizeof body, true},        {body, sizeof body - 1, true}, {body, sizeof body - 2, false},
		{"{\"deployments\"", 100, false}, {other, sizeof body, true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		for (int again = 0; again < 2; again++) {
			struct api_lists lists = api_lists_make(rows[i].limit);
			struct miss miss = {0};
			for (int poll = 0; poll <= again; poll++) {
				size_t length = strlen(rows[i].body);
				char *bytes = malloc(length + 1);
				assert_non_null(bytes);
				memcpy(bytes, rows[i].body, length + 1);
				struct api_answer answer = {
					.http_status = 200, .body = {bytes, length}, .allocation = &bytes};
				bool is_read = api_lists_read(&lists, &answer, &miss);
				assert_int_equal(is_read, rows[i].body == body || rows[i].body == other);
				/* the second time it is the same body */
				assert_int_equal(bytes == NULL, rows[i].is_taken && poll == 0);
				assert_true(text_is(api_lists_last(&lists), rows[i].is_taken ? rows[i].body : ""));
				free(bytes);
			}
			api_lists_release(&lists);
		}
}

/* ---- whose it is ------------------------------------------------------------------------------------------------ */

static void a_body_says_whose_it_is(void **state)
{
	static const struct {
		const char *body;
		enum target_kind kind;
		const char *id, *name; /* NULL: refused … */
		const char *detail;    /* … so */
	} rows[] = {
		{"{}", TARGET_CHAIN, "", "", ""},
		{" {\"deployments\": []}", TARGET_MODEL, "", "", ""},
		{"{\"chain_id\": \"c1\", \"chain_name\": \"rag\"}", TARGET_CHAIN, "c1", "rag", ""},
		{"{\"chain_name\": \"rag\"}", TARGET_CHAIN, "", "rag", ""},
		{"{\"chain_id\": \"c1\", \"x\": [1]}\n", TARGET_CHAIN, "c1", "", ""},
		{"\n{\"model_id\": \"m1\", \"model_name\": \"llm\"}", TARGET_MODEL, "m1", "llm", ""},
		{"{\"model_name\": \"llm\"}", TARGET_CHAIN, NULL, NULL,
		 "it says that it is of a model, and the deployments of a chain are to be judged"},
		{"{\"model_id\": \"m1\", \"chain_id\": \"c1\"}", TARGET_CHAIN, NULL, NULL,
		 "it says that it is of a model, and the deployments of a chain are to be judged"},
		{"{\"chain_name\": \"rag\"}", TARGET_MODEL, NULL, NULL,
		 "it says that it is of a chain, and the deployments of a model are to be judged"},
		{"{\"chain_id\": \"\"}", TARGET_CHAIN, NULL, NULL, "chain_id: is empty"},
		{"{\"chain_name\": 7}", TARGET_CHAIN, NULL, NULL, "chain_name: is a number, should be a string"},
		{"{} {}", TARGET_CHAIN, NULL, NULL, "the body has more text after its end, at byte 3"},
		{"[]", TARGET_CHAIN, NULL, NULL, "the body is an array, should be an object"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct arena arena = {0};
		struct miss miss = {0};
		struct api_said said = {0};
		bool is_read = api_read_said(&arena, text_of(rows[i].body), rows[i].kind, &said, &miss);
		if (is_read != (rows[i].id != NULL) || !text_is(miss.detail, rows[i].detail))
			fail_msg("%s: %.*s", rows[i].body, TEXT_ARG(miss.detail));
		assert_true(text_is(said.id, is_read ? rows[i].id : ""));
		assert_true(text_is(said.name, is_read ? rows[i].name : ""));
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_answer_about_a_user_has_ten_thousand_values),
		cmocka_unit_test(a_list_of_chains_has_half_a_million_values),
		cmocka_unit_test(a_deployment_has_ten_thousand_chainlets),
		cmocka_unit_test(open_objects_have_ten_thousand_keys),
		cmocka_unit_test(texts_among_links_are_searched_up_to_ten_thousand_bytes),
		cmocka_unit_test(counts_are_read_up_to_their_limit),
		cmocka_unit_test(a_header_that_came_twice_has_a_largest_number),
		cmocka_unit_test(relations_are_read_up_to_two_hundred_bytes),
		cmocka_unit_test(names_are_read_up_to_their_limits),
		cmocka_unit_test(errors_are_searched_for_words_up_to_their_limit),
		cmocka_unit_test(an_id_that_comes_again_is_found_in_a_long_list),
		cmocka_unit_test(a_body_is_taken_if_it_is_remembered),
		cmocka_unit_test(a_body_says_whose_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
