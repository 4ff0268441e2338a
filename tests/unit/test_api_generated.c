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
	TYPE_DEPLOYMENTS,
	TYPE_CHAINS,
	TYPE_BOOLEAN,
	TYPE_CLEANUP,
	TYPE_ROLLING,
	TYPE_PROMOTION,
	TYPE_INSTANCE,
	TYPE_CHAINLETS_SETTINGS,
	TYPE_DEPLOYMENT,
	TYPE_CHAIN,    /* the id of the environment's chain, in the environment and its deployments */
	TYPE_STRATEGY, /* the only word of its enum */
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

static const struct property chain_v1[] = {
	{"id", TYPE_NAME, false, false},          {"created_at", TYPE_TIME, false, false},
	{"name", TYPE_NAME, false, false},        {"deployments_count", TYPE_INTEGER, false, false},
	{"team_name", TYPE_STRING, false, false},
};

static const struct property chains_v1[] = {{"chains", TYPE_CHAINS, false, false}};

static const struct property rolling_deploy_config_v1[] = {
	{"max_surge_percent", TYPE_INTEGER, false, true},
	{"max_unavailable_percent", TYPE_INTEGER, false, true},
	{"replica_overhead_percent", TYPE_INTEGER, false, true},
	{"rolling_deploy_strategy", TYPE_STRATEGY, false, true},
	{"stabilization_time_seconds", TYPE_INTEGER, false, true},
};

static const struct property promotion_settings_v1[] = {
	{"promotion_cleanup_strategy", TYPE_CLEANUP, true, true},
	{"ramp_up_duration_seconds", TYPE_INTEGER, true, true},
	{"ramp_up_while_promoting", TYPE_BOOLEAN, true, true},
	{"redeploy_on_promotion", TYPE_BOOLEAN, true, true},
	{"rolling_deploy", TYPE_BOOLEAN, true, true},
	{"rolling_deploy_config", TYPE_ROLLING, true, true},
};

static const struct property instance_type_v1[] = {
	{"id", TYPE_STRING, false, false},
	{"name", TYPE_STRING, false, false},
	{"memory_limit_mib", TYPE_INTEGER, false, false},
	{"millicpu_limit", TYPE_INTEGER, false, false},
	{"gpu_count", TYPE_INTEGER, false, false},
	{"gpu_type", TYPE_STRING, true, false},
	{"gpu_memory_limit_mib", TYPE_INTEGER, true, false},
};

static const struct property chainlet_environment_settings_v1[] = {
	{"chainlet_name", TYPE_STRING, false, false},
	{"autoscaling_settings", TYPE_SETTINGS, true, false},
	{"instance_type", TYPE_INSTANCE, false, false},
};

/* The deployments of an environment are of its chain. */
static const struct property environment_deployment_v1[] = {
	{"id", TYPE_NAME, false, false},
	{"created_at", TYPE_TIME, false, false},
	{"chain_id", TYPE_CHAIN, false, false},
	{"environment", TYPE_STRING, true, false},
	{"chainlets", TYPE_CHAINLETS, false, false},
	{"status", TYPE_STATUS, false, false},
};

static const struct property environment_v1[] = {
	{"name", TYPE_NAME, false, false},
	{"created_at", TYPE_TIME, false, false},
	{"chain_id", TYPE_CHAIN, false, false},
	{"promotion_settings", TYPE_PROMOTION, false, false},
	{"chainlet_settings", TYPE_CHAINLETS_SETTINGS, false, false},
	{"current_deployment", TYPE_DEPLOYMENT, true, false},
	{"candidate_deployment", TYPE_DEPLOYMENT, true, true},
};

static const struct property user_info_v1[] = {
	{"user_id", TYPE_NAME, false, false},
	{"email", TYPE_STRING, true, true},
	{"name", TYPE_STRING, true, true},
	{"workspace_name", TYPE_STRING, true, true},
};

static const char *const statuses[] = {
	"BUILDING",      "DEPLOYING",    "DEPLOY_FAILED", "LOADING_MODEL", "ACTIVE",   "UNHEALTHY",      "BUILD_FAILED",
	"BUILD_STOPPED", "DEACTIVATING", "INACTIVE",      "FAILED",        "UPDATING", "SCALED_TO_ZERO", "WAKING_UP",
};

static const char *const cleanups[] = {"KEEP", "SCALE_TO_ZERO", "DEACTIVATE"};

/* The body that is being made, and the counts that the reader should find in it. */
struct maker {
	struct buf out;
	size_t serial; /* makes ids and names unique */
	size_t deployments, chainlets, chains, negatives;
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
	size_t negatives = m->negatives;
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
	case TYPE_CHAINS:
		m->chains = below(6);
		make_list(m, SCHEMA(chain_v1), m->chains);
		break;
	case TYPE_BOOLEAN: buf_add_string(&m->out, once_in(2) ? "true" : "false"); break;
	case TYPE_CLEANUP: buf_printf(&m->out, "\"%s\"", ONE_OF(cleanups)); break;
	case TYPE_STRATEGY: buf_add_string(&m->out, "\"REPLICA\""); break;
	case TYPE_ROLLING: make_record(m, SCHEMA(rolling_deploy_config_v1)); break;
	case TYPE_PROMOTION:
		make_record(m, SCHEMA(promotion_settings_v1));
		m->negatives = negatives; /* only a deployment's are looked for */
		break;
	case TYPE_INSTANCE: make_record(m, SCHEMA(instance_type_v1)); break;
	case TYPE_CHAINLETS_SETTINGS:
		make_list(m, SCHEMA(chainlet_environment_settings_v1), below(4));
		m->negatives = negatives;
		break;
	case TYPE_DEPLOYMENT:
		m->deployments++;
		make_record(m, SCHEMA(environment_deployment_v1));
		break;
	case TYPE_CHAIN: buf_add_string(&m->out, "\"c \\u00e9\""); break;
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
		bool believed = api_read_deployments(&arena, &answer, (struct api_owner){0}, &listing, &miss);
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
	print_message("# %d bodies accepted\n", BODIES);
}

/* ---- other answers ---------------------------------------------------------------------------------------------- */

static bool read_environment(struct arena *arena, const struct api_answer *answer, const struct maker *m,
			     struct miss *miss)
{
	const struct listing *listing = NULL;
	if (!api_read_environment(arena, answer, (struct api_owner){0}, &listing, miss))
		return false;
	check_believed(m, listing);
	return true;
}

static bool read_chains(struct arena *arena, const struct api_answer *answer, const struct maker *m, struct miss *miss)
{
	const struct chain *chains;
	size_t count;
	if (!api_read_chains(arena, answer, TARGET_CHAIN, &chains, &count, miss))
		return false;
	assert_int_equal(count, m->chains);
	return true;
}

static bool read_user(struct arena *arena, const struct api_answer *answer, const struct maker *m, struct miss *miss)
{
	struct api_user user;
	(void)m;
	return api_read_whoami(arena, answer, &user, miss) && user.id.length > 0;
}

typedef bool read_answer(struct arena *, const struct api_answer *, const struct maker *, struct miss *);

static void accept_all(struct schema schema, size_t bodies, read_answer *read)
{
	random_begin(random_seed());
	for (size_t i = 0; i < bodies; i++) {
		struct arena arena = {0};
		struct maker m = {.out = buf_make(1 << 20)};
		struct miss miss = {0};
		make_record(&m, schema);
		assert_false(m.out.overflowed);
		struct api_answer answer = {.http_status = 200, .body = buf_text(&m.out)};
		if (!read(&arena, &answer, &m, &miss))
			fail_msg("refused: %.*s: %s", TEXT_ARG(miss.detail), buf_string(&m.out));
		buf_release(&m.out);
		arena_release(&arena);
	}
	print_message("# %zu bodies accepted\n", bodies);
}

static void every_answer_about_an_environment_is_accepted(void **state)
{
	(void)state;
	accept_all(SCHEMA(environment_v1), BODIES, read_environment);
}

static void every_list_of_chains_is_accepted(void **state)
{
	(void)state;
	accept_all(SCHEMA(chains_v1), BODIES, read_chains);
}

static void every_answer_about_a_user_is_accepted(void **state)
{
	(void)state;
	accept_all(SCHEMA(user_info_v1), BODIES, read_user);
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
		cmocka_unit_test(every_answer_about_an_environment_is_accepted),
		cmocka_unit_test(every_list_of_chains_is_accepted),
		cmocka_unit_test(every_answer_about_a_user_is_accepted),
		cmocka_unit_test(empty_and_duplicate_names_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
