/* test_api_malformed.c - bodies that must be rejected; the miss names the place of the mistake.
 *
 * Each body is a valid one with one piece replaced, so it is rejected for that reason and no other.
 */
#include "chaingate/api.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define SETTINGS_A \
	"{\"min_replica\": 1, \"max_replica\": 4, \"autoscaling_window\": 60, \"scale_down_delay\": 900," \
	" \"concurrency_target\": 8, \"target_utilization_percentage\": 70, \"target_in_flight_tokens\": 11," \
	" \"max_scale_down_rate\": 12}"

static const char good[] =
	"{\"deployments\": ["
	"{\"id\": \"d0\", \"created_at\": \"2026-08-14T09:12:30Z\", \"chain_id\": \"c0\", \"environment\": null,"
	" \"chainlets\": [], \"status\": \"BUILDING\"},"
	"{\"id\": \"d1\", \"created_at\": \"2026-08-14T09:12:31Z\", \"chain_id\": \"c1\", \"environment\": \"staging\","
	" \"chainlets\": ["
	"{\"id\": \"i0\", \"name\": \"Retriever\", \"autoscaling_settings\": null, \"instance_type_name\": \"L4:4x16\","
	" \"active_replica_count\": 2, \"status\": \"ACTIVE\"},"
	"{\"id\": \"i1\", \"name\": \"Router\", \"autoscaling_settings\": " SETTINGS_A ","
	" \"instance_type_name\": \"CPU:1x4\", \"active_replica_count\": 3, \"status\": \"FAILED\"}"
	"], \"status\": \"UPDATING\"}"
	"]}";

struct edit {
	const char *from, *to;
	const char *detail; /* how the miss's detail begins */
};

#define D1 "deployments[1]"
#define L0 "deployments[1].chainlets[0]"
#define L1 "deployments[1].chainlets[1]"
#define S1 L1 ".autoscaling_settings"

static const struct edit edits[] = {
	/* the top level */
	{"\"deployments\"", "\"deployment\"", "deployments: is missing"},
	{"\"deployments\"", "\"Deployments\"", "deployments: is missing"},
	/* a deployment's fields: missing */
	{"\"id\": \"d0\", ", "", "deployments[0].id: is missing"},
	{"\"created_at\": \"2026-08-14T09:12:30Z\", ", "", "deployments[0].created_at: is missing"},
	{" \"chain_id\": \"c0\",", "", "deployments[0].chain_id: is missing"},
	{", \"environment\": null", "", "deployments[0].environment: is missing"},
	{" \"chainlets\": [], ", "", "deployments[0].chainlets: is missing"},
	{", \"status\": \"BUILDING\"", "", "deployments[0].status: is missing"},
	{", \"status\": \"UPDATING\"", "", D1 ".status: is missing"},
	/* null where null isn't allowed */
	{"\"d1\"", "null", D1 ".id: is null, should be a string"},
	{"\"2026-08-14T09:12:31Z\"", "null", D1 ".created_at: is null, should be a string"},
	{"\"c1\"", "null", D1 ".chain_id: is null, should be a string"},
	{"\"chainlets\": []", "\"chainlets\": null", "deployments[0].chainlets: is null, should be an array"},
	{"\"UPDATING\"", "null", D1 ".status: is null, should be a string"},
	/* wrong types */
	{"\"d1\"", "1", D1 ".id: is a number, should be a string"},
	{"\"d1\"", "[\"d1\"]", D1 ".id: is an array, should be a string"},
	{"\"2026-08-14T09:12:31Z\"", "1786698751", D1 ".created_at: is a number, should be a string"},
	{"\"c1\"", "{}", D1 ".chain_id: is an object, should be a string"},
	{"\"staging\"", "false", D1 ".environment: is a boolean, should be a string"},
	{"\"staging\"", "{\"name\": \"staging\"}", D1 ".environment: is an object, should be a string"},
	{"\"chainlets\": []", "\"chainlets\": {}", "deployments[0].chainlets: is an object, should be an array"},
	{"\"chainlets\": []", "\"chainlets\": \"\"", "deployments[0].chainlets: is a string, should be an array"},
	{"\"chainlets\": []", "\"chainlets\": [null]", "deployments[0].chainlets[0]: is null, should be an object"},
	{"\"chainlets\": []", "\"chainlets\": [[]]", "deployments[0].chainlets[0]: is an array, should be an object"},
	{"\"chainlets\": []", "\"chainlets\": [{}]", "deployments[0].chainlets[0].id: is missing"},
	{"\"UPDATING\"", "0", D1 ".status: is a number, should be a string"},
	{"\"UPDATING\"", "true", D1 ".status: is a boolean, should be a string"},
	{"\"UPDATING\"", "[\"ACTIVE\"]", D1 ".status: is an array, should be a string"},
	/* empty and duplicate ids */
	{"\"d1\"", "\"\"", D1 ".id: is empty"},
	{"\"c1\"", "\"\"", D1 ".chain_id: is empty"},
	{"\"d1\"", "\"d0\"", D1 ".id: is 'd0', the same as in [0]"},
	{"\"d1\"", "\"\\u0064\\u0030\"", D1 ".id: is 'd0', the same as in [0]"},
	/* dates */
	{"2026-08-14T09:12:31Z", "", D1 ".created_at: is '', should be a date and time with a zone"},
	{"2026-08-14T09:12:31Z", "2026-08-14T09:12:31", D1 ".created_at: is '2026-08-14T09:12:31', should be"},
	{"2026-08-14T09:12:31Z", "2026-08-14", D1 ".created_at: is '2026-08-14', should be"},
	{"2026-08-14T09:12:31Z", "2026-02-30T09:12:31Z", D1 ".created_at: is '2026-02-30"},
	{"2026-08-14T09:12:31Z", "2026-08-14T24:12:31Z", D1 ".created_at: is '2026-08-14T24"},
	{"2026-08-14T09:12:31Z", "2026-08-14T09:12:31.0123456789Z", D1 ".created_at: is '2026-08-14T09:12:31.01"},
	{"2026-08-14T09:12:31Z", "9999-08-14T09:12:31Z", D1 ".created_at: is '9999"},
	{"2026-08-14T09:12:31Z", " 2026-08-14T09:12:31Z", D1 ".created_at: is ' 2026"},
	{"2026-08-14T09:12:31Z", "2026-08-14T09:12:31Z\\u0000", D1 ".created_at: is '2026-08-14T09:12:31Z\\"},
	{"2026-08-14T09:12:31Z", "yesterday\\n\\u001b[31m", D1 ".created_at: is 'yesterday\\n\\u{1b}[31m', should"},
	/* a chainlet's fields */
	{"\"id\": \"i0\", ", "", L0 ".id: is missing"},
	{"\"name\": \"Retriever\", ", "", L0 ".name: is missing"},
	{"\"autoscaling_settings\": null, ", "", L0 ".autoscaling_settings: is missing"},
	{"\"instance_type_name\": \"L4:4x16\",", "", L0 ".instance_type_name: is missing"},
	{"\"active_replica_count\": 2, ", "", L0 ".active_replica_count: is missing"},
	{", \"status\": \"ACTIVE\"", "", L0 ".status: is missing"},
	{"\"i0\"", "null", L0 ".id: is null, should be a string"},
	{"\"i0\"", "12", L0 ".id: is a number, should be a string"},
	{"\"i0\"", "\"\"", L0 ".id: is empty"},
	{"\"i1\"", "\"i0\"", L1 ".id: is 'i0', the same as in [0]"},
	{"\"Retriever\"", "null", L0 ".name: is null, should be a string"},
	{"\"Retriever\"", "true", L0 ".name: is a boolean, should be a string"},
	{"\"Retriever\"", "\"\"", L0 ".name: is empty"},
	{"\"Router\"", "\"Retriever\"", L1 ".name: is 'Retriever', the same as in [0]"},
	{"\"autoscaling_settings\": null", "\"autoscaling_settings\": []",
	 L0 ".autoscaling_settings: is an array, should be an object"},
	{"\"autoscaling_settings\": null", "\"autoscaling_settings\": false",
	 L0 ".autoscaling_settings: is a boolean, should be an object"},
	{"\"autoscaling_settings\": null", "\"autoscaling_settings\": {}",
	 L0 ".autoscaling_settings.min_replica: is missing"},
	{"\"L4:4x16\"", "null", L0 ".instance_type_name: is null, should be a string"},
	{"\"L4:4x16\"", "{\"name\": \"L4\"}", L0 ".instance_type_name: is an object, should be a string"},
	{"\"active_replica_count\": 2", "\"active_replica_count\": null",
	 L0 ".active_replica_count: is null, should be an integer"},
	{"\"active_replica_count\": 2", "\"active_replica_count\": \"2\"",
	 L0 ".active_replica_count: is a string, should be an integer"},
	{"\"active_replica_count\": 2", "\"active_replica_count\": true",
	 L0 ".active_replica_count: is a boolean, should be an integer"},
	{"\"active_replica_count\": 2", "\"active_replica_count\": 2.0",
	 L0 ".active_replica_count: is a number with a fraction or exponent, should be an integer"},
	{"\"active_replica_count\": 2", "\"active_replica_count\": 2e0", L0 ".active_replica_count: is a number with"},
	{"\"ACTIVE\"", "null", L0 ".status: is null, should be a string"},
	{"\"ACTIVE\"", "2", L0 ".status: is a number, should be a string"},
	{"\"ACTIVE\"", "{\"status\": \"ACTIVE\"}", L0 ".status: is an object, should be a string"},
	/* settings */
	{"\"min_replica\": 1, ", "", S1 ".min_replica: is missing"},
	{"\"max_replica\": 4, ", "", S1 ".max_replica: is missing"},
	{"\"autoscaling_window\": 60, ", "", S1 ".autoscaling_window: is missing"},
	{"\"scale_down_delay\": 900,", "", S1 ".scale_down_delay: is missing"},
	{"\"concurrency_target\": 8, ", "", S1 ".concurrency_target: is missing"},
	{"\"target_utilization_percentage\": 70, ", "", S1 ".target_utilization_percentage: is missing"},
	{"\"min_replica\": 1", "\"min_replica\": null", S1 ".min_replica: is null, should be an integer"},
	{"\"max_replica\": 4", "\"max_replica\": null", S1 ".max_replica: is null, should be an integer"},
	{"\"concurrency_target\": 8", "\"concurrency_target\": null",
	 S1 ".concurrency_target: is null, should be an integer"},
	{"\"min_replica\": 1", "\"min_replica\": true", S1 ".min_replica: is a boolean, should be an integer"},
	{"\"max_replica\": 4", "\"max_replica\": 4.0", S1 ".max_replica: is a number with a fraction"},
	{"\"concurrency_target\": 8", "\"concurrency_target\": [8]",
	 S1 ".concurrency_target: is an array, should be an integer"},
	{"\"autoscaling_window\": 60", "\"autoscaling_window\": \"60s\"",
	 S1 ".autoscaling_window: is a string, should be an integer"},
	{"\"scale_down_delay\": 900", "\"scale_down_delay\": 9.5", S1 ".scale_down_delay: is a number with a fraction"},
	{"\"target_utilization_percentage\": 70", "\"target_utilization_percentage\": \"70%\"",
	 S1 ".target_utilization_percentage: is a string, should be an integer"},
	{"\"target_in_flight_tokens\": 11", "\"target_in_flight_tokens\": {}",
	 S1 ".target_in_flight_tokens: is an object, should be an integer"},
	{"\"max_scale_down_rate\": 12", "\"max_scale_down_rate\": 0.5", S1 ".max_scale_down_rate: is a number with"},
	{"\"max_scale_down_rate\": 12", "\"max_scale_down_rate\": false", S1 ".max_scale_down_rate: is a boolean"},
	/* invalid JSON: the message gives the byte instead of the path */
	{"\"status\": \"FAILED\"", "\"status\": \"FAILED\", \"status\": \"ACTIVE\"",
	 "the body has a key twice, at byte 743"},
	{"\"status\": \"FAILED\"", "\"status\": \"FAILED\", \"st\\u0061tus\": \"ACTIVE\"", "the body has a key twice"},
	{"\"FAILED\"}", "\"FAILED\", \"status\\u0000\": \"ACTIVE\"}", "the body is not JSON, at byte 750: '\\u0000"},
	{"\"min_replica\": 1", "\"min_replica\": NaN", "the body is not JSON, at byte 470"},
	{"\"min_replica\": 1", "\"min_replica\": Infinity", "the body is not JSON, at byte 470"},
	{"\"min_replica\": 1", "\"min_replica\": 01", "the body is not JSON, at byte 471"},
	{"\"min_replica\": 1", "\"min_replica\": +1", "the body is not JSON, at byte 470"},
	{"\"min_replica\": 1", "'min_replica': 1", "the body is not JSON, at byte 455"},
	{"\"min_replica\": 1", "\"min_replica\": 1e999", "the body has a number that is too large, at byte 470"},
	{"\"min_replica\": 1", "\"min_replica\": 9223372036854775808", "the body has a number that is too large, at"},
	{"\"min_replica\": 1", "\"min_replica\": -9223372036854775809", "the body has a number that is too large, at"},
	{"\"FAILED\"}", "\"FAILED\",}", "the body is not JSON, at byte 742"},
	{"\"Router\"", "\"Rou\xffter\"", "the body is not UTF-8, at byte 4"},
	{"\"Router\"", "\"Rou\nter\"", "the body is not JSON, at byte 4"},
	{"\"Router\"", "\"Rou\\ud800ter\"", "the body is not JSON, at byte 4"},
	{"]}", "]", "the body ends in the middle, at byte 767"},
	{"{\"deployments\"", "{/* all */\"deployments\"", "the body is not JSON, at byte 1: '/* all */"},
};

/* Whole bodies, not made from the valid one. */
static const struct {
	const char *body, *detail;
} wholes[] = {
	{"", "the body is empty"},
	{" \r\n", "the body is empty"},
	{"null", "the body is null, should be an object"},
	{"true", "the body is a boolean, should be an object"},
	{"200", "the body is a number, should be an object"},
	{"\"ok\"", "the body is a string, should be an object"},
	{"[]", "the body is an array, should be an object"},
	{"[{\"deployments\": []}]", "the body is an array, should be an object"},
	{"{}", "deployments: is missing"},
	{"{\"deployments\": null}", "deployments: is null, should be an array"},
	{"{\"deployments\": {}}", "deployments: is an object, should be an array"},
	{"{\"deployments\": 0}", "deployments: is a number, should be an array"},
	{"{\"deployments\": \"[]\"}", "deployments: is a string, should be an array"},
	{"{\"deployments\": [null]}", "deployments[0]: is null, should be an object"},
	{"{\"deployments\": [[]]}", "deployments[0]: is an array, should be an object"},
	{"{\"deployments\": [\"q86yjdy\"]}", "deployments[0]: is a string, should be an object"},
	{"{\"deployments\": [{}]}", "deployments[0].id: is missing"},
	{"{\"deployments\": []} {\"deployments\": []}", "the body has more text after its end, at byte 20"},
	{"{\"deployments\": []}\n]", "the body has more text after its end"},
	{"{\"deployments\": [], \"deployments\": []}", "the body has a key twice"},
	{"{\"deployments\": [], \"x\": {\"a\": 1, \"a\": 1}}", "the body has a key twice"},
	{"{\"deployments\": [", "the body ends in the middle"},
	{"{\"deployments\": []", "the body ends in the middle"},
	{"{\"deployments\": [], \"x\": \"", "the body ends in the middle"},
	{"\xEF\xBB\xBF{\"deployments\": []}", "the body is not JSON, at byte 0"},
	{"{\"deployments\": [], \"x\": [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]}",
	 "the body is nested too deeply"},
	{"<!DOCTYPE html><html><body>Please log in</body></html>",
	 "the body is not JSON, at byte 0: '<!DOCTYPE html><html><body>Please log in…'"},
	{"upstream\x1b[2J request\ttimeout", "the body is not JSON, at byte 0: 'upstream\\u{1b}[2J request timeout'"},
};

/* The valid body, with the last occurrence of `from` replaced. */
static struct text edited(struct arena *arena, const struct edit *edit)
{
	const char *at = strstr(good, edit->from);
	if (!at)
		fail_msg("the good body has no %s", edit->from);
	for (const char *later = at; later; later = strstr(later + 1, edit->from))
		at = later;
	return text_of(arena_printf(arena, "%.*s%s%s", (int)(at - good), good, edit->to, at + strlen(edit->from)));
}

static void check_printable(struct text text)
{
	assert_true(text_is_utf8(text));
	for (size_t at = 0; at < text.length;) {
		uint32_t point;
		at += utf8_decode(text.bytes + at, text.length - at, &point);
		assert_false(point_is_hidden(point));
	}
}

static void check_refused(struct arena *arena, struct text body, const char *detail)
{
	static const struct listing untouched;
	const struct listing *listing = &untouched;
	struct miss miss = {0};
	/* Of exactly the body's size, and freed before the miss is used, so that sanitizers find overruns and pointers
	 * into the body. */
	char *copy = malloc(body.length > 0 ? body.length : 1);
	assert_non_null(copy);
	if (body.length > 0)
		memcpy(copy, body.bytes, body.length);
	struct api_answer answer = {.http_status = 200, .body = {copy, body.length}};
	if (api_read_deployments(arena, &answer, (struct api_owner){0}, &listing, &miss))
		fail_msg("believed: %.*s", TEXT_ARG(body));
	free(copy);
	assert_ptr_equal(listing, &untouched);
	assert_int_equal(miss.cause, MISS_MALFORMED);
	assert_int_equal(miss_class(&miss), MISS_TRANSIENT);
	assert_int_equal(miss.http_status, 0);
	assert_int_equal(miss.retry_after_ns, 0);
	assert_in_range(miss.detail.length, 1, 300);
	check_printable(miss.detail);
	/* The body is quoted only where it isn't JSON: elsewhere the place says all. */
	if (text_starts_with(miss.detail, "the body ") != text_starts_with(miss.detail, "the body is not JSON"))
		assert_false(text_has(miss.detail, '\''));
	if (!text_starts_with(miss.detail, detail))
		fail_msg("'%.*s' should begin with '%s'", TEXT_ARG(miss.detail), detail);
}

static void the_valid_body_is_accepted(void **state)
{
	struct arena arena = {0};
	struct api_answer answer = {.http_status = 200, .body = text_of(good)};
	const struct listing *listing = NULL;
	struct miss miss = {0};
	(void)state;
	if (!api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss))
		fail_msg("%.*s", TEXT_ARG(miss.detail));
	assert_int_equal(listing->count, 2);
	arena_release(&arena);
}

static void every_single_mistake_is_refused(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
		check_refused(&arena, edited(&arena, &edits[i]), edits[i].detail);
	arena_release(&arena);
}

static void a_body_without_a_list_is_refused(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++)
		check_refused(&arena, text_of(wholes[i].body), wholes[i].detail);
	arena_release(&arena);
}

/* The valid body is rejected wherever it is cut. */
static void every_truncated_body_is_refused(void **state)
{
	struct arena arena = {0};
	(void)state;
	for (size_t length = 0; length < sizeof good - 1; length++)
		check_refused(&arena, (struct text){good, length},
			      length == 0 ? "the body is empty" : "the body ends in");
	arena_release(&arena);
}

/* The end of the member at `at`: before the comma or bracket that follows its value. */
static size_t member_end(size_t at)
{
	int depth = 0;
	bool in_string = false;
	for (;; at++) {
		if (good[at] == '"')
			in_string = !in_string;
		if (in_string)
			continue;
		if (depth == 0 && (good[at] == ',' || good[at] == '}'))
			return at;
		depth += (good[at] == '{' || good[at] == '[') - (good[at] == '}' || good[at] == ']');
	}
}

/* The end of the object that contains the member that ends at `at`: its closing bracket. */
static size_t object_end(size_t at)
{
	while (good[at] == ',')
		at = member_end(at + 1);
	return at;
}

/* Where the first member of the object begins that contains the member at `at`. */
static size_t object_start(size_t at)
{
	for (int depth = 0; depth >= 0; at--)
		depth += (good[at - 1] == '}' || good[at - 1] == ']') - (good[at - 1] == '{' || good[at - 1] == '[');
	return at + 1;
}

static void check_repeated(struct arena *arena, size_t first, size_t copy_at, const char *copy)
{
	bool is_before = copy_at <= first;
	const char *body = arena_printf(arena, "%.*s%s%s%s%s", (int)copy_at, good, is_before ? "" : ", ", copy,
					is_before ? ", " : "", good + copy_at);
	check_refused(arena, text_of(body), "the body has a key twice, at byte ");
}

/* Repeats each member of each object: at the beginning of its object, directly before and after itself, and at the
 * object's end; each copy as it is, and with an escape in its key. The reader and the cursor share this check: see
 * json_cursor_likely_member. */
static void a_repeated_member_is_refused(void **state)
{
	struct arena arena = {0};
	size_t members = 0;
	(void)state;
	for (const char *colon = good; (colon = strstr(colon, "\": ")); colon++) {
		size_t last = member_end((size_t)(colon - good) + 2), first = (size_t)(colon - good) - 1;
		while (good[first] != '"')
			first--;
		const char *same = arena_printf(&arena, "%.*s", (int)(last - first), good + first);
		const char *escaped = arena_printf(&arena, "\"\\u%04x%s", (unsigned)same[1], same + 2);
		size_t places[] = {first, last, object_end(last), object_start(first)};
		for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
			check_repeated(&arena, first, places[i], same);
			check_repeated(&arena, first, places[i], escaped);
		}
		members++;
	}
	assert_int_equal(members, 1 + 2 * 6 + 2 * 6 + 8);
	arena_release(&arena);
}

/* The quoted value has 30,000 bytes: first of an invisible character, then of a printable one. */
static void details_stay_short_and_printable(void **state)
{
	struct arena arena = {0};
	struct edit edit = {.from = "2026-08-14T09:12:31Z", .detail = D1 ".created_at: is '\\u{202e}\\u{202e}"};
	(void)state;
	char *long_value = arena_alloc(&arena, 30001);
	for (size_t i = 0; i < 30000; i += 3)
		memcpy(long_value + i, "\xE2\x80\xAE", 3);
	edit.to = long_value;
	check_refused(&arena, edited(&arena, &edit), edit.detail);
	for (size_t i = 0; i < 30000; i += 3)
		memcpy(long_value + i, "\xE6\x97\xA5", 3);
	edit.detail = D1 ".created_at: is '\xE6\x97\xA5\xE6\x97\xA5";
	check_refused(&arena, edited(&arena, &edit), edit.detail);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_valid_body_is_accepted),       cmocka_unit_test(every_single_mistake_is_refused),
		cmocka_unit_test(a_body_without_a_list_is_refused), cmocka_unit_test(every_truncated_body_is_refused),
		cmocka_unit_test(a_repeated_member_is_refused),     cmocka_unit_test(details_stay_short_and_printable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
