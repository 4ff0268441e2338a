/* test_api_readers.c - two readers read every value that decides, our scan and json-c. If json-c rejects something
 * that the scan accepted, or reads another value, the list is rejected.
 *
 * The test replaces json_tokener_parse_ex() with the linker's --wrap; see the Makefile.
 */
#include "chaingate/api.h"
#include "chaingate/selection.h"

#include <json-c/json.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct json_object *__real_json_tokener_parse_ex(struct json_tokener *, const char *, int);
struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *, const char *, int);

/* In every object with this key, json-c's value is replaced by this one. */
static const char *tampered_key, *tampered_value; /* NULL: nothing is replaced */
static size_t trees, bytes_read;
static bool refuses;

static void tamper(struct json_object *value)
{
	if (json_object_is_type(value, json_type_array))
		for (size_t i = 0; i < json_object_array_length(value); i++)
			tamper(json_object_array_get_idx(value, i));
	if (!json_object_is_type(value, json_type_object))
		return;
	json_object_object_foreach(value, key, member)
	{
		(void)key;
		tamper(member);
	}
	if (json_object_object_get_ex(value, tampered_key, NULL))
		json_object_object_add(value, tampered_key, json_tokener_parse(tampered_value));
}

struct json_object *__wrap_json_tokener_parse_ex(struct json_tokener *tokener, const char *bytes, int length)
{
	struct json_object *object = __real_json_tokener_parse_ex(tokener, refuses ? "!" : bytes, refuses ? 1 : length);
	bytes_read += (size_t)length;
	trees += object != NULL;
	if (object && tampered_key)
		tamper(object);
	return object;
}

#define CHAINLET(id) \
	"{\"id\":\"i" id "\",\"name\":\"N" id "\",\"autoscaling_settings\":{\"min_replica\":1,\"max_replica\":4," \
	"\"autoscaling_window\":60,\"scale_down_delay\":null,\"concurrency_target\":8,\"target_utilization_" \
	"percentage\":70," \
	"\"x\":[1,{\"id\":2}],\"y\":\"\\ud83d\\ude00\"},\"instance_type_name\":\"L4\",\"active_replica_count\":2," \
	"\"status\":\"ACTIVE\",\"z\":{}}"
#define DEPLOYMENT(id, seconds) \
	"{\"x\":1,\"id\":\"" id "\",\"created_at\":\"2026-08-14T09:12:" seconds \
	"Z\",\"u\":[0,0,0,[{\"id\":1}]],\"v\":{\"\":1}, \"\":1," \
	"\"chain_id\":\"c\",\"environment\":\"staging\",\"chainlets\":[" CHAINLET("0") " ," CHAINLET( \
		"1") "],\"status\":\"ACTIVE\"," \
		     "\"last\":null}"
static const char body[] =
	"{\"deployments\":[" DEPLOYMENT("d0", "10") ",\n" DEPLOYMENT("d1", "50") "," DEPLOYMENT("d2", "30") "]}";
static const char chains_body[] =
	"{\"chains\":[{\"id\":\"c\",\"created_at\":\"2026-08-14T09:12:10Z\",\"name\":\"rag\",\"new\":{},"
	"\"deployments_count\":3,\"team_name\":\"t\"}]}";
static const char user_body[] = "{\"user_id\":\"u\",\"email\":null,\"new\":0}";

static void prepare(const char *key, const char *value, bool refuse)
{
	tampered_key = key;
	tampered_value = value;
	refuses = refuse;
	trees = bytes_read = 0;
}

static bool read_list(struct selector selector, struct miss *miss, struct api_lists *lists)
{
	const struct selector *const selectors[] = {&selector};
	struct api_answer answer = {.http_status = 200, .body = text_of(body)};
	lists->wanted = (struct api_wanted){selectors, 1};
	lists->chain_id = TEXT("c");
	bool ok = api_lists_read(lists, &answer, miss);
	lists->wanted = (struct api_wanted){0};
	return ok;
}

/* All deployments; one of them; the newest, which is known only at the end of the list. */
static const struct selector selectors[] = {
	{.kind = SELECT_ALL, .since = {.kind = SINCE_ANY}},
	{.kind = SELECT_DEPLOYMENT, .value = {"d1", 2}},
	{.kind = SELECT_LATEST, .since = {.kind = SINCE_ANY}},
};

static void json_c_reads_only_what_is_kept(void **state)
{
	const size_t expected[] = {3, 1, 1};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct api_lists lists = api_lists_make(0);
		struct miss miss;
		prepare(NULL, NULL, false);
		assert_true(read_list(selectors[i], &miss, &lists));
		assert_int_equal(trees, expected[i]);
		assert_true(bytes_read < sizeof body * expected[i] / 3);
		for (size_t k = 0; k < 3; k++) {
			const struct deployment *deployment = &lists.latest->deployments[k];
			if (deployment->is_brief)
				continue;
			assert_int_equal(deployment->chainlet_count, 2);
			assert_true(text_is(deployment->chainlets[1].name, "N1"));
			assert_int_equal(deployment->chainlets[0].settings->autoscaling_window_s.value, 60);
			assert_false(deployment->chainlets[0].settings->scale_down_delay_s.present);
		}
		api_lists_release(&lists);
	}
}

/* Each replacement keeps the number of values: a tree with fewer values means that json-c ran out of memory, which ends
 * the program. */
static const struct {
	const char *key, *value, *place;
} lies[] = {
	{"id", "\"d9\"", "id"},
	{"id", "\"\"", "id"},
	{"id", "null", "id"},
	{"id", "7", "id"},
	{"status", "\"INACTIVE\"", "status"},
	{"status", "\"ACTIVE\\u0000\"", "status"},
	{"status", "\"active\"", "status"},
	{"environment", "null", "environment"},
	{"environment", "\"production\"", "environment"},
	{"environment", "\"\"", "environment"},
	{"created_at", "\"2026-08-14T09:12:11Z\"", "created_at"},
	{"created_at", "\"yesterday\"", "created_at"},
	{"created_at", "1", "created_at"},
	{"chain_id", "\"d\"", "chain_id"},
	{"name", "\"N\"", "name"},
	{"instance_type_name", "\"L40\"", "instance_type_name"},
	{"active_replica_count", "3", "active_replica_count"},
	{"active_replica_count", "2.0", "active_replica_count"},
	{"active_replica_count", "\"2\"", "active_replica_count"},
	{"min_replica", "0", "min_replica"},
	{"autoscaling_window", "null", "autoscaling_window"},
	{"autoscaling_window", "61", "autoscaling_window"},
	{"scale_down_delay", "0", "scale_down_delay"},
};

static void a_list_that_json_c_reads_differently_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
		for (size_t k = 0; k < 3; k++) {
			struct api_lists lists = api_lists_make(0);
			struct miss miss = {0};
			prepare(lies[i].key, lies[i].value, false);
			bool ok = read_list(selectors[k], &miss, &lists);
			if (ok || miss.cause != MISS_MALFORMED || !strstr(miss.detail.bytes, lies[i].place) ||
			    !strstr(miss.detail.bytes, "json-c"))
				fail_msg("%s %s: %d %.*s", lies[i].key, lies[i].value, ok, TEXT_ARG(miss.detail));
			api_lists_release(&lists);
		}
}

static void a_list_that_json_c_refuses_is_refused(void **state)
{
	(void)state;
	for (size_t k = 0; k < 3; k++) {
		struct api_lists lists = api_lists_make(0);
		struct miss miss = {0};
		prepare(NULL, NULL, true);
		assert_false(read_list(selectors[k], &miss, &lists));
		assert_int_equal(miss.cause, MISS_MALFORMED);
		assert_non_null(strstr(miss.detail.bytes, k == 0 ? "deployments[0]: is" : "deployments[1]: is"));
		api_lists_release(&lists);
	}
}

static void chains_and_users_are_read_twice(void **state)
{
	static const struct {
		const char *key, *value;
		bool refuses;
	} rows[] = {{NULL, NULL, true},
		    {"id", "\"d\"", false},
		    {"name", "\"other\"", false},
		    {"team_name", "1", false},
		    {"deployments_count", "4", false}};
	static const char *const user_values[] = {"\"v\"", "null", "0"};
	struct arena arena = {0};
	struct api_answer answer = {.http_status = 200, .body = text_of(chains_body)};
	struct api_user user;
	struct text id, name;
	struct miss miss;
	(void)state;
	prepare(NULL, NULL, false);
	assert_true(api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("rag"), &id, &name, &miss));
	assert_int_equal(trees, 1);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		prepare(rows[i].key, rows[i].value, rows[i].refuses);
		assert_false(api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("rag"), &id, &name, &miss));
		assert_int_equal(miss.cause, MISS_MALFORMED);
	}
	answer.body = text_of(user_body);
	prepare(NULL, NULL, false);
	assert_true(api_read_whoami(&arena, &answer, &user, &miss));
	for (size_t i = 0; i < sizeof user_values / sizeof *user_values; i++) {
		prepare("user_id", user_values[i], false);
		assert_false(api_read_whoami(&arena, &answer, &user, &miss));
		assert_int_equal(miss.cause, MISS_MALFORMED);
	}
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_c_reads_only_what_is_kept),
		cmocka_unit_test(a_list_that_json_c_reads_differently_is_refused),
		cmocka_unit_test(a_list_that_json_c_refuses_is_refused),
		cmocka_unit_test(chains_and_users_are_read_twice),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
