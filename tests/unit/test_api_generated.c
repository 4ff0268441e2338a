/* test_api_generated.c - random bodies that the API's own schema allows: the reader accepts all of them.
 *
 * The tables are the schemas of the API's OpenAPI document of August 2026: the fields, their types, which are
 * required, and which may be null. The document sets no minimum for integers and no pattern for strings. Bodies are
 * made from the tables at random: members in any order, unknown members, extreme values, escapes, white space. The
 * reader rejects only two things that the document allows: empty ids or names, and duplicate ids or names.
 */
#include "chaingate/api.h"
#include "random.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BODIES 2500

enum type {
	TYPE_STRING,
	TYPE_NAME,
	TYPE_TIME,
	TYPE_INTEGER,
	TYPE_STATUS,
	TYPE_SETTINGS,
	TYPE_CHAINLETS,
	TYPE_DEPLOYMENTS
};

struct property {
	const char *name;
	enum type type;
	bool nullable, optional;
};

struct schema {
	const struct property *properties;
	size_t count;
};

#define SCHEMA(properties) ((struct schema){(properties), COUNT_OF(properties)})

static const struct property settings_v1[] = {
	{"min_replica", TYPE_INTEGER, false, false},
	{"max_replica", TYPE_INTEGER, false, false},
	{"autoscaling_window", TYPE_INTEGER, true, false},
	{"scale_down_delay", TYPE_INTEGER, true, false},
	{"concurrency_target", TYPE_INTEGER, false, false},
	{"target_utilization_percentage", TYPE_INTEGER, true, false},
	{"target_in_flight_tokens", TYPE_INTEGER, true, true},
	{"max_scale_down_rate", TYPE_INTEGER, true, true},
};

static const struct property chainlet_v1[] = {
	{"id", TYPE_NAME, false, false},
	{"name", TYPE_NAME, false, false},
	{"autoscaling_settings", TYPE_SETTINGS, true, false},
	{"instance_type_name", TYPE_STRING, false, false},
	{"active_replica_count", TYPE_INTEGER, false, false},
	{"status", TYPE_STATUS, false, false},
};

static const struct property deployment_v1[] = {
	{"id", TYPE_NAME, false, false},
	{"created_at", TYPE_TIME, false, false},
	{"chain_id", TYPE_NAME, false, false},
	{"environment", TYPE_STRING, true, false},
	{"chainlets", TYPE_CHAINLETS, false, false},
	{"status", TYPE_STATUS, false, false},
};

static const struct property deployments_v1[] = {{"deployments", TYPE_DEPLOYMENTS, false, false}};

static const char *const statuses[] = {
	"BUILDING",      "DEPLOYING",    "DEPLOY_FAILED", "LOADING_MODEL", "ACTIVE",   "UNHEALTHY",      "BUILD_FAILED",
	"BUILD_STOPPED", "DEACTIVATING", "INACTIVE",      "FAILED",        "UPDATING", "SCALED_TO_ZERO", "WAKING_UP",
};

/* The body that is being made, and the counts that the reader should find in it. */
struct maker {
	struct buf out;
	size_t serial; /* makes ids and names unique */
	size_t deployments, chainlets, negatives;
	enum flaw { FLAW_NONE, FLAW_EMPTY, FLAW_TWICE, FLAW_COUNT } flaw;
	bool flawed;
};

static void make_record(struct maker *m, struct schema schema);

static void make_white(struct maker *m)
{
	static const char *const white[] = {"", "", "", " ", "\n", "\r\n\t", "                    "};
	buf_add_string(&m->out, ONE_OF(white));
}

static void make_words(struct maker *m)
{
	static const char *const pieces[] = {"a",
					     "Z9",
					     " ",
					     "\\n",
					     "\\u00e9",
					     "\xC3\xA9",
					     "\\ud83d\\ude00",
					     "\xF0\x9F\x98\x80",
					     "\\\"",
					     "\\\\",
					     "\\/",
					     "\\u0000",
					     "::error::",
					     "##vso[",
					     "<b>",
					     "\x7f",
					     "\xE2\x80\xAE"};
	for (size_t count = below(6); count > 0; count--)
		buf_add_string(&m->out, ONE_OF(pieces));
}

static void make_name(struct maker *m)
{
	buf_add_byte(&m->out, '"');
	if (m->flaw == FLAW_EMPTY && !m->flawed && once_in(3)) {
		m->flawed = true;
	} else {
		make_words(m);
		buf_printf(&m->out, "%zu", m->serial++);
	}
	buf_add_byte(&m->out, '"');
}

static void make_integer(struct maker *m)
{
	static const int64_t integers[] = {
		0, 1, 2, 10, 60, 900, 100, INT64_MAX, INT64_MAX - 1, 9223372037, 4294967296, -1, -60, INT64_MIN};
	int64_t integer = ONE_OF(integers);
	m->negatives += integer < 0;
	buf_printf(&m->out, "%" PRId64, integer);
}

static void make_time(struct maker *m)
{
	static const char *const ends[] = {"Z",        "+00:00",           "+0000",  ".5Z",
					   ".123456Z", ".123456789+00:00", "-07:00", "z"};
	buf_printf(&m->out, "\"20%02zu-%02zu-%02zu%c%02zu:%02zu:%02zu%s\"", 20 + below(60), 1 + below(12),
		   1 + below(28), once_in(4) ? 't' : 'T', below(24), below(60), below(60), ONE_OF(ends));
}

static void make_list(struct maker *m, struct schema schema, size_t count)
{
	buf_add_byte(&m->out, '[');
	make_white(m);
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add_byte(&m->out, ',');
		make_record(m, schema);
	}
	buf_add_byte(&m->out, ']');
}

/* Makes a list of two chainlets with the same id. */
static void make_twice(struct maker *m)
{
	static const char one[] =
		"{\"id\": \"same\", \"name\": \"%s\", \"autoscaling_settings\": null, \"instance_type_name\": \"\","
		" \"active_replica_count\": 0, \"status\": \"ACTIVE\"}";
	buf_add_byte(&m->out, '[');
	buf_printf(&m->out, one, "a");
	buf_add_string(&m->out, ", ");
	buf_printf(&m->out, one, "b");
	buf_add_byte(&m->out, ']');
	m->flawed = true;
}

static void make_value(struct maker *m, const struct property *property)
{
	if (property->nullable && once_in(3)) {
		buf_add_string(&m->out, "null");
		return;
	}
	switch (property->type) {
	case TYPE_STRING:
		buf_add_byte(&m->out, '"');
		make_words(m);
		buf_add_byte(&m->out, '"');
		break;
	case TYPE_NAME: make_name(m); break;
	case TYPE_TIME: make_time(m); break;
	case TYPE_INTEGER: make_integer(m); break;
	case TYPE_STATUS: buf_printf(&m->out, "\"%s\"", once_in(20) ? "PAUSED" : ONE_OF(statuses)); break;
	case TYPE_SETTINGS: make_record(m, SCHEMA(settings_v1)); break;
	case TYPE_CHAINLETS: {
		size_t count = below(5);
		if (m->flaw == FLAW_TWICE && !m->flawed) {
			make_twice(m);
			break;
		}
		m->chainlets += count;
		make_list(m, SCHEMA(chainlet_v1), count);
		break;
	}
	case TYPE_DEPLOYMENTS:
		m->deployments = m->flaw ? 1 + below(4) : below(6);
		make_list(m, SCHEMA(deployment_v1), m->deployments);
		break;
	}
}

static void make_unknown(struct maker *m)
{
	static const char *const values[] = {"null",
					     "true",
					     "-1.5e-300",
					     "\"x\"",
					     "[]",
					     "[[{}]]",
					     "{\"id\": 1}",
					     "{\"deployments\": [null]}",
					     "18014398509481984"};
	buf_printf(&m->out, "\"new_%zu\": %s", m->serial++, ONE_OF(values));
}

/* Makes an object. Its members follow the table's order from a random one on, and wrap around at the end. */
static void make_record(struct maker *m, struct schema schema)
{
	size_t first = below(schema.count), made = 0;
	make_white(m);
	buf_add_byte(&m->out, '{');
	for (size_t i = 0; i < schema.count; i++) {
		const struct property *property = &schema.properties[(first + i) % schema.count];
		if (property->optional && once_in(2))
			continue;
		make_white(m);
		buf_add_string(&m->out, made++ ? "," : "");
		if (once_in(8)) {
			make_unknown(m);
			buf_add_byte(&m->out, ',');
		}
		make_white(m);
		buf_printf(&m->out, "\"%s\"", property->name);
		make_white(m);
		buf_add_byte(&m->out, ':');
		make_white(m);
		make_value(m, property);
	}
	make_white(m);
	buf_add_byte(&m->out, '}');
	make_white(m);
}

static void check_believed(const struct maker *m, const struct listing *listing)
{
	size_t chainlets = 0, negatives = 0;
	assert_int_equal(listing->count, m->deployments);
	for (size_t i = 0; i < listing->count; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		chainlets += deployment->chainlet_count;
		for (size_t k = 0; k < deployment->chainlet_count; k++) {
			int64_t value;
			negatives += chainlet_negative(&deployment->chainlets[k], &value) != NULL;
		}
	}
	assert_int_equal(chainlets, m->chainlets);
	assert_in_range(negatives, m->negatives ? 1 : 0, m->negatives);
}

static size_t make_bodies(enum flaw flaw, size_t bodies)
{
	size_t refused = 0;
	for (size_t i = 0; i < bodies; i++) {
		struct arena arena = {0};
		struct maker m = {.out = buf_make(1 << 20), .flaw = flaw};
		const struct listing *listing = NULL;
		struct miss miss = {0};
		make_record(&m, SCHEMA(deployments_v1));
		assert_false(m.out.overflowed);
		struct api_answer answer = {.http_status = 200, .body = buf_text(&m.out)};
		bool believed = api_read_deployments(&arena, &answer, &listing, &miss);
		if (believed == m.flawed)
			fail_msg("%s: %.*s: %s", believed ? "believed" : "refused", TEXT_ARG(miss.detail),
				 buf_string(&m.out));
		if (believed)
			check_believed(&m, listing);
		refused += !believed;
		buf_release(&m.out);
		arena_release(&arena);
	}
	return refused;
}

static void every_body_that_the_document_allows_is_accepted(void **state)
{
	(void)state;
	random_begin(random_seed());
	assert_int_equal(make_bodies(FLAW_NONE, BODIES), 0);
}

static void empty_and_duplicate_names_are_refused(void **state)
{
	(void)state;
	random_begin(random_seed());
	assert_in_range(make_bodies(FLAW_EMPTY, 500), 250, 500);
	assert_in_range(make_bodies(FLAW_TWICE, 500), 450, 500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_body_that_the_document_allows_is_accepted),
		cmocka_unit_test(empty_and_duplicate_names_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
