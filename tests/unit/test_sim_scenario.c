/* test_sim_scenario.c - scenarios: their values at a given time, and the errors of invalid ones. */
#include "../../src/sim/answer.h"
#include "../../src/sim/scenario.h"
#include "../../src/sim/state.h"
#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

/* 2026-08-01T12:00:00Z */
#define START_WALL (INT64_C(1785585600) * NS_PER_S)

struct fixture {
	struct arena arena;
	struct diags diags;
};

static bool read_nothing(void *context, struct arena *arena, const char *path, struct text *out, const char **why)
{
	(void)context;
	(void)arena;
	if (!strcmp(path, "there.json")) {
		*out = TEXT("from the file");
		return true;
	}
	*why = "not in this test";
	return false;
}

static const struct scenario *parse(struct fixture *fixture, const char *text)
{
	fixture->diags = (struct diags){.arena = &fixture->arena};
	const struct source *source = source_make(&fixture->arena, "s.yaml", text_of(text));
	return scenario_parse(&fixture->arena, source, (struct file_reader){read_nothing, NULL}, &fixture->diags);
}

static const struct scenario *parse_sound(struct fixture *fixture, const char *text)
{
	const struct scenario *scenario = parse(fixture, text);
	if (!scenario) {
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		diags_render(&buf, &fixture->diags, 100, DIAG_PLAIN);
		fputs(buf_string(&buf), stderr);
		buf_release(&buf);
	}
	assert_non_null(scenario);
	assert_int_equal(fixture->diags.errors, 0);
	return scenario;
}

static void assert_text(struct text text, const char *expected)
{
	if (!text_is(text, expected))
		fail_msg("'%.*s' isn't '%s'", TEXT_ARG(text), expected);
}

#define CHAIN "chains: [{id: c, name: rag}]\n"
#define ONE(fields) CHAIN "deployments:\n  - id: d\n    chain: c\n" fields
#define CHAINLET(fields) ONE("    chainlets:\n      - name: A\n        status: ACTIVE\n" fields)

static void defaults(void **state)
{
	struct fixture fixture = {0};
	const struct scenario *scenario = parse_sound(&fixture, CHAINLET(""));
	(void)state;
	assert_text(scenario->api_key, "simulator-key");
	assert_int_equal(scenario->speed_milli, 1000);
	assert_int_equal(scenario->rate_limit, 100);
	assert_text(scenario->chains[0].team, "default");
	const struct sim_deployment *deployment = &scenario->deployments[0];
	const struct sim_chainlet *chainlet = &deployment->chainlets[0];
	struct text environment;
	assert_false(deployment_environment(&(struct promotions){0}, deployment, 0, &environment));
	assert_true(deployment_listed(deployment, 0));
	assert_text(deployment_status(deployment, 0), "ACTIVE");
	assert_text(chainlet->id, "d-1");
	assert_text(chainlet->instance_type_name, "1x2");
	static const int64_t expected[] = {0, 1, 60, 900, 1, 70};
	const struct settings *settings = chainlet_settings(chainlet, 0);
	assert_non_null(settings);
	for (size_t i = 0; i < SETTING_COUNT; i++) {
		assert_int_equal(settings->values[i].state, i < 6 ? SETTING_PRESENT : SETTING_ABSENT);
		assert_int_equal(settings->values[i].value, i < 6 ? expected[i] : 0);
	}
	assert_int_equal(creation_wall_ns(scenario, deployment->created, START_WALL), START_WALL);
	arena_release(&fixture.arena);
}

/* A value holds from its time on, to the nanosecond. Before the first time, it has a default. */
static void timelines(void **state)
{
	struct fixture fixture = {0};
	const struct scenario *scenario = parse_sound(
		&fixture, ONE("    environment: {10s: staging, 20s: null, 30s: prod}\n"
			      "    listed: {5s: true, 50s: false}\n"
			      "    status: {0s: BUILDING, 1m: ACTIVE}\n"
			      "    chainlets:\n"
			      "      - name: A\n"
			      "        status: {0s: BUILDING, 20s: ACTIVE, 90s: SLEEPY}\n"
			      "        active_replica_count: {20s: 1, 1m30s500ms: 7}\n"
			      "        autoscaling_settings: {20s: null, 40s: {min_replica: 3}, 50s: {}}\n"));
	(void)state;
	const struct sim_deployment *deployment = &scenario->deployments[0];
	const struct sim_chainlet *chainlet = &deployment->chainlets[0];
	static const struct {
		int64_t ns;
		const char *environment; /* NULL: null */
		bool listed;
		const char *status, *chainlet_status;
		int64_t replicas, least; /* -1: null settings */
	} rows[] = {
		{0, NULL, false, "BUILDING", "BUILDING", 0, -1},
		{5 * NS_PER_S - 1, NULL, false, "BUILDING", "BUILDING", 0, -1},
		{5 * NS_PER_S, NULL, true, "BUILDING", "BUILDING", 0, -1},
		{10 * NS_PER_S - 1, NULL, true, "BUILDING", "BUILDING", 0, -1},
		{10 * NS_PER_S, "staging", true, "BUILDING", "BUILDING", 0, -1},
		{20 * NS_PER_S, NULL, true, "BUILDING", "ACTIVE", 1, -1},
		{30 * NS_PER_S, "prod", true, "BUILDING", "ACTIVE", 1, -1},
		{40 * NS_PER_S, "prod", true, "BUILDING", "ACTIVE", 1, 3},
		{50 * NS_PER_S, "prod", false, "BUILDING", "ACTIVE", 1, 0},
		{60 * NS_PER_S, "prod", false, "ACTIVE", "ACTIVE", 1, 0},
		{90 * NS_PER_S + 500 * NS_PER_MS - 1, "prod", false, "ACTIVE", "SLEEPY", 1, 0},
		{90 * NS_PER_S + 500 * NS_PER_MS, "prod", false, "ACTIVE", "SLEEPY", 7, 0},
		{INT64_MAX, "prod", false, "ACTIVE", "SLEEPY", 7, 0},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct text environment = {0};
		bool has = deployment_environment(&(struct promotions){0}, deployment, rows[i].ns, &environment);
		assert_int_equal(has, rows[i].environment != NULL);
		if (has)
			assert_text(environment, rows[i].environment);
		assert_int_equal(deployment_listed(deployment, rows[i].ns), rows[i].listed);
		assert_text(deployment_status(deployment, rows[i].ns), rows[i].status);
		assert_text(chainlet_status(chainlet, rows[i].ns), rows[i].chainlet_status);
		assert_int_equal(chainlet_replicas(chainlet, rows[i].ns), rows[i].replicas);
		const struct settings *settings = chainlet_settings(chainlet, rows[i].ns);
		assert_int_equal(settings ? settings->values[SETTING_MIN_REPLICA].value : -1, rows[i].least);
	}
	assert_int_equal(scenario_last_change(scenario), 90 * NS_PER_S + 500 * NS_PER_MS);
	arena_release(&fixture.arena);
}

static void settings_values(void **state)
{
	struct fixture fixture = {0};
	const struct scenario *scenario = parse_sound(
		&fixture,
		CHAINLET(
			"        autoscaling_settings: {min_replica: 5, scale_down_delay: null,\n"
			"          target_in_flight_tokens: null, max_scale_down_rate: 20, concurrency_target: -1}\n"));
	(void)state;
	const struct settings *settings = chainlet_settings(&scenario->deployments[0].chainlets[0], 0);
	assert_non_null(settings);
	assert_int_equal(settings->values[SETTING_MIN_REPLICA].value, 5);
	/* max_replica isn't given; its default is never below min_replica. */
	assert_int_equal(settings->values[SETTING_MAX_REPLICA].value, 5);
	assert_int_equal(settings->values[SETTING_SCALE_DOWN_DELAY].state, SETTING_NULL);
	assert_int_equal(settings->values[SETTING_TARGET_IN_FLIGHT_TOKENS].state, SETTING_NULL);
	assert_int_equal(settings->values[SETTING_MAX_SCALE_DOWN_RATE].state, SETTING_PRESENT);
	assert_int_equal(settings->values[SETTING_MAX_SCALE_DOWN_RATE].value, 20);
	assert_int_equal(settings->values[SETTING_CONCURRENCY_TARGET].value, -1);
	/* An active chainlet without `replicas` has min_replica of them. */
	assert_int_equal(chainlet_replicas(&scenario->deployments[0].chainlets[0], 0), 5);
	arena_release(&fixture.arena);
}

static void roll_up(void **state)
{
	static const struct {
		const char *chainlets[3];
		const char *expected;
	} rows[] = {
		{{"ACTIVE", "ACTIVE", "ACTIVE"}, "ACTIVE"},
		{{"ACTIVE", "LOADING_MODEL", "BUILDING"}, "BUILDING"},
		{{"ACTIVE", "LOADING_MODEL", "DEPLOYING"}, "DEPLOYING"},
		{{"BUILDING", "DEPLOY_FAILED", "ACTIVE"}, "DEPLOY_FAILED"},
		{{"FAILED", "BUILD_FAILED", "ACTIVE"}, "BUILD_FAILED"},
		{{"ACTIVE", "active", "BUILDING"}, "active"},
		{{"NEW_WORD", "OTHER_WORD", "FAILED"}, "FAILED"},
		{{"NEW_WORD", "OTHER_WORD", "ACTIVE"}, "NEW_WORD"},
		{{"SCALED_TO_ZERO", "ACTIVE", "SCALED_TO_ZERO"}, "ACTIVE"},
		{{"SCALED_TO_ZERO", "INACTIVE", "SCALED_TO_ZERO"}, "SCALED_TO_ZERO"},
		{{"UNHEALTHY", "ACTIVE", "WAKING_UP"}, "WAKING_UP"},
		{{"UNHEALTHY", "ACTIVE", "ACTIVE"}, "UNHEALTHY"},
		{{"INACTIVE", "INACTIVE", "INACTIVE"}, "INACTIVE"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture fixture = {0};
		const char *text = arena_printf(&fixture.arena,
						ONE("    chainlets: [{name: A, status: %s}, {name: B, status: %s}, "
						    "{name: C, status: %s}]\n"),
						rows[i].chainlets[0], rows[i].chainlets[1], rows[i].chainlets[2]);
		const struct scenario *scenario = parse_sound(&fixture, text);
		assert_text(deployment_status(&scenario->deployments[0], 0), rows[i].expected);
		arena_release(&fixture.arena);
	}
}

/* Scenario time is real time multiplied by the speed: exact for small values, without overflow for large ones. */
static void speeds(void **state)
{
	static const struct {
		const char *speed;
		int64_t real_ns, expected_ns;
	} rows[] = {
		{"1", 123456789, 123456789},
		{"20", NS_PER_S, 20 * NS_PER_S},
		{"0.5", 3 * NS_PER_S, 1500 * NS_PER_MS},
		{"0.001", NS_PER_S, NS_PER_MS},
		{"2.25", 4, 9},
		{"10000", 24 * NS_PER_HOUR, INT64_C(240000) * NS_PER_HOUR},
		{"10000", INT64_MAX, INT64_MAX},
		{"1", INT64_MAX / 2, INT64_MAX / 2},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture fixture = {0};
		const struct scenario *scenario =
			parse_sound(&fixture, arena_printf(&fixture.arena, "speed: %s\n" CHAIN, rows[i].speed));
		assert_int_equal(scenario_time(scenario, rows[i].real_ns), rows[i].expected_ns);
		arena_release(&fixture.arena);
	}
}

static void creations(void **state)
{
	static const struct {
		const char *created_at;
		int64_t expected_ns;
		bool listed_at_start;
	} rows[] = {
		{"0s", START_WALL, true},
		{"40s", START_WALL + 2 * NS_PER_S, false}, /* at speed 20, the client's clock then shows 2 s */
		{"-2h", START_WALL - 2 * NS_PER_HOUR, true},
		{"2026-08-01T11:00:00Z", START_WALL - NS_PER_HOUR, true},
		{"'2026-08-01T15:00:00.5+02:00'", START_WALL + NS_PER_HOUR + 500 * NS_PER_MS, true},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture fixture = {0};
		const char *text = arena_printf(
			&fixture.arena,
			"speed: 20\n" ONE("    created_at: %s\n    chainlets: [{name: A, status: ACTIVE}]\n"),
			rows[i].created_at);
		const struct scenario *scenario = parse_sound(&fixture, text);
		const struct sim_deployment *deployment = &scenario->deployments[0];
		assert_int_equal(creation_wall_ns(scenario, deployment->created, START_WALL), rows[i].expected_ns);
		assert_int_equal(deployment_listed(deployment, 0), rows[i].listed_at_start);
		assert_true(deployment_listed(deployment, 40 * NS_PER_S));
		arena_release(&fixture.arena);
	}
}

static struct answer ask(struct simulation *simulation, struct arena *arena, const char *path, int64_t real_ns)
{
	struct request request = {.method = TEXT("GET"),
				  .path = text_of(path),
				  .authorization = "Api-Key simulator-key",
				  .real_ns = real_ns};
	return answer_make(simulation, arena, &request);
}

/* Faults begin and end at the exact nanosecond; `count` uses them up; of several, the first in the file applies. */
static void faults(void **state)
{
	struct fixture fixture = {0};
	const struct scenario *scenario = parse_sound(
		&fixture, CHAINLET("") "faults:\n"
				       "  - {at: 10s, for: 5s, http: 503, retry_after: 37, retry_after_header: '8'}\n"
				       "  - {at: 12s, for: 5s, count: 1, path: /users, body: reset}\n"
				       "  - {at: 12s, for: 5s, path: /deployments, text: hello}\n"
				       "  - {at: 20s, body: stall, http: 500}\n");
	(void)state;
	struct simulation simulation = simulation_make(&fixture.arena, scenario, START_WALL);
	static const struct {
		int64_t s;
		const char *path;
		unsigned int status;
		enum fault_kind kind;
		const char *fault;
	} rows[] = {
		{9, "/v1/chains/c/deployments", 200, FAULT_NONE, NULL},
		{10, "/v1/chains/c/deployments", 503, FAULT_NONE, "http"},
		{14, "/v1/users/me", 503, FAULT_NONE, "http"},
		{15, "/v1/users/me", 200, FAULT_RESET, "reset"},
		{15, "/v1/users/me", 200, FAULT_NONE, NULL},
		{16, "/v1/chains/c/deployments", 200, FAULT_NONE, "text"},
		{17, "/v1/chains/c/deployments", 200, FAULT_NONE, NULL},
		{20, "/v1/users/me", 500, FAULT_STALL, "stall"},
		{2000, "/", 500, FAULT_STALL, "stall"},
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct answer answer = ask(&simulation, &fixture.arena, rows[i].path, rows[i].s * NS_PER_S);
		assert_int_equal(answer.status, rows[i].status);
		assert_int_equal(answer.kind, rows[i].kind);
		if (rows[i].fault)
			assert_string_equal(answer.fault, rows[i].fault);
		else
			assert_null(answer.fault);
	}
	struct answer answer = ask(&simulation, &fixture.arena, "/v1/chains", 11 * NS_PER_S);
	assert_text(answer.body, "{\"error\":\"Simulated HTTP status 503\",\"retry_after\":37}");
	assert_int_equal(answer.header_count, 1);
	assert_string_equal(answer.headers[0].name, "Retry-After");
	assert_string_equal(answer.headers[0].value, "8");
	assert_text(ask(&simulation, &fixture.arena, "/v1/chains/c/deployments", 16 * NS_PER_S).body, "hello");
	arena_release(&fixture.arena);
}

/* Headers alone are a fault. They replace those of `bodies`; status and body stay the true ones. */
static void headers_alone(void **state)
{
	struct fixture fixture = {0};
	const struct scenario *scenario =
		parse_sound(&fixture, CHAINLET("") "bodies: [{chain: c, text: '{}', headers: {X-A: '1'}}]\n"
						   "faults:\n"
						   "  - {at: 10s, for: 5s, headers: {X-B: '2'}}\n"
						   "  - {at: 20s, for: 5s, retry_after_header: '8'}\n");
	(void)state;
	struct simulation simulation = simulation_make(&fixture.arena, scenario, START_WALL);
	static const struct {
		int64_t s;
		const char *name, *value;
	} rows[] = {{9, "X-A", "1"}, {10, "X-B", "2"}, {15, "X-A", "1"}, {20, "Retry-After", "8"}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct answer answer =
			ask(&simulation, &fixture.arena, "/v1/chains/c/deployments", rows[i].s * NS_PER_S);
		assert_int_equal(answer.status, 200);
		assert_text(answer.body, "{}");
		assert_int_equal(answer.header_count, 1);
		assert_string_equal(answer.headers[0].name, rows[i].name);
		assert_string_equal(answer.headers[0].value, rows[i].value);
	}
	arena_release(&fixture.arena);
}

/* A window lasts one second from its first request. Each endpoint has its own window. */
static void rate_limits(void **state)
{
	struct fixture fixture = {0};
	const struct scenario *scenario = parse_sound(&fixture, "rate_limit: 2\nspeed: 1000\n" CHAIN);
	struct simulation simulation = simulation_make(&fixture.arena, scenario, START_WALL);
	static const struct {
		int64_t ns;
		const char *path;
		unsigned int status;
	} rows[] = {
		{5, "/v1/chains", 200},
		{NS_PER_S + 4, "/v1/chains", 200},
		{NS_PER_S + 4, "/v1/chains", 429},
		{NS_PER_S + 4, "/v1/chains/c", 200},
		{NS_PER_S + 5, "/v1/chains", 200},
		{NS_PER_S + 6, "/v1/chains", 200},
		{2 * NS_PER_S + 4, "/v1/chains", 429},
		{2 * NS_PER_S + 5, "/v1/chains", 200},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(ask(&simulation, &fixture.arena, rows[i].path, rows[i].ns).status, rows[i].status);
	arena_release(&fixture.arena);
}

static void bodies(void **state)
{
	struct fixture fixture = {0};
	const struct scenario *scenario =
		parse_sound(&fixture, CHAIN "bodies:\n"
					    "  - {chain: c, at: 20s, for: 10s, file: there.json, status: 203}\n"
					    "  - {chain: c, at: 10s, text: null}\n"
					    "  - {chain: c, at: 40s, text: ''}\n");
	struct simulation simulation = simulation_make(&fixture.arena, scenario, START_WALL);
	static const struct {
		int64_t s;
		unsigned int status;
		const char *body;
	} rows[] = {
		{9, 200, "{\"deployments\":[]}"},
		{10, 200, "null"},
		{20, 203, "from the file"},
		{30, 200, "null"},
		{40, 200, ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct answer answer =
			ask(&simulation, &fixture.arena, "/v1/chains/c/deployments", rows[i].s * NS_PER_S);
		assert_int_equal(answer.status, rows[i].status);
		assert_text(answer.body, rows[i].body);
	}
	arena_release(&fixture.arena);
}

/* Each mistake is reported at its line and column. */
static void mistakes(void **state)
{
	static const struct {
		const char *text;
		enum diag_code code;
		size_t line, column;
		const char *part; /* of the message or the hint */
	} rows[] = {
		{"", DIAG_WRONG_TYPE, 1, 1, "a scenario must be a mapping"},
		{"[]", DIAG_WRONG_TYPE, 1, 1, "but this is a list"},
		{"speed: 1\n", DIAG_MISSING_KEY, 1, 1, "a scenario needs the key 'chains'"},
		{CHAIN "sped: 1\n", DIAG_UNKNOWN_FIELD, 2, 1, "speed"},
		{CHAIN "speed: 0\n", DIAG_INVALID_VALUE, 2, 8, "a number from 0.001 to 10000"},
		{CHAIN "speed: -1\n", DIAG_INVALID_VALUE, 2, 8, "'-1'"},
		{CHAIN "speed: 1e3\n", DIAG_INVALID_VALUE, 2, 8, "'1e3'"},
		{CHAIN "speed: 1.2345\n", DIAG_INVALID_VALUE, 2, 8, "three decimals"},
		{CHAIN "speed: 1.\n", DIAG_INVALID_VALUE, 2, 8, "'1.'"},
		{CHAIN "speed: 10000.001\n", DIAG_INVALID_VALUE, 2, 8, "10000"},
		{CHAIN "speed: 99999999999999999999\n", DIAG_INVALID_VALUE, 2, 8, "10000"},
		{CHAIN "rate_limit: 0\n", DIAG_INVALID_VALUE, 2, 13, "1 or more"},
		{CHAIN "api_key:\n", DIAG_WRONG_TYPE, 2, 9, "empty"},
		{CHAIN "api_key: ''\n", DIAG_INVALID_VALUE, 2, 10, "empty"},
		{"chains: [{id: c, name: a}, {id: c, name: b}]\n", DIAG_DUPLICATE_NAME, 1, 28,
		 "two chains have the id 'c'"},
		{"chains: [{id: c}]\n", DIAG_MISSING_KEY, 1, 10, "a chain needs the key 'name'"},
		{"chains: [{id: c, name: [a]}]\n", DIAG_WRONG_TYPE, 1, 24, "a list"},
		{CHAIN "deployments: [{id: d, chain: rag, status: X}]\n", DIAG_INVALID_VALUE, 2, 30, "its id is c"},
		{CHAIN "deployments: [{id: d, chain: c}]\n", DIAG_MISSING_KEY, 2, 15, "without chainlets"},
		{ONE("    chainlets: [{name: A}]\n"), DIAG_MISSING_KEY, 5, 17, "a chainlet needs the key 'status'"},
		{ONE("    chainlets: [{name: A, status: {1s: X}}]\n"), DIAG_MISSING_KEY, 5, 35, "begin at 0s"},
		{ONE("    chainlets: [{name: A, status: {}}]\n"), DIAG_MISSING_KEY, 5, 35, "no moment"},
		{ONE("    chainlets: [{name: A, status: null}]\n"), DIAG_WRONG_TYPE, 5, 35, "null"},
		{ONE("    chainlets: [{name: A, status: X}, {name: A, status: X}]\n"), DIAG_DUPLICATE_NAME, 5, 39,
		 "'A'"},
		{ONE("    chainlets: [{name: A, status: {0s: X, 9: Y}}]\n"), DIAG_INVALID_DURATION, 5, 43, "90s"},
		{ONE("    chainlets: [{name: A, status: {0s: X, 9s: Y, 9s: Z}}]\n"), DIAG_DUPLICATE_KEY, 5, 50, "9s"},
		{ONE("    chainlets: [{name: A, status: {0s: X, 60s: Y, 1m: Z}}]\n"), DIAG_INVALID_VALUE, 5, 51,
		 "rising"},
		{ONE("    chainlets: [{name: A, status: {0s: X, -1s: Y}}]\n"), DIAG_INVALID_DURATION, 5, 43, "-1s"},
		{CHAINLET("        active_replica_count: -1\n"), DIAG_INVALID_VALUE, 8, 31, "0 or more"},
		{CHAINLET("        active_replica_count: 1.0\n"), DIAG_INVALID_VALUE, 8, 31, "'1.0'"},
		{CHAINLET("        active_replica_count: null\n"), DIAG_WRONG_TYPE, 8, 31, "null"},
		{CHAINLET("        autoscaling_settings: {min_replicas: 2}\n"), DIAG_UNKNOWN_FIELD, 8, 32,
		 "min_replica"},
		{CHAINLET("        autoscaling_settings: {min_replica: null}\n"), DIAG_WRONG_TYPE, 8, 45, "null"},
		{CHAINLET("        autoscaling_settings: {0s: {min_replica: x}}\n"), DIAG_INVALID_VALUE, 8, 50, "'x'"},
		{CHAINLET("        autoscaling_settings: {0s: null, min_replica: {}}\n"), DIAG_INVALID_DURATION, 8, 42,
		 "min_replica"},
		{ONE("    status: X\n    created_at: yesterday\n"), DIAG_INVALID_TIME, 6, 17, "-2h"},
		{ONE("    status: X\n    created_at: --2h\n"), DIAG_INVALID_TIME, 6, 17, "'--2h'"},
		{ONE("    status: X\n    listed: soon\n"), DIAG_INVALID_DURATION, 6, 13, "'soon'"},
		{ONE("    status: X\n    listed: {0s: yes}\n"), DIAG_INVALID_VALUE, 6, 18, "true or false"},
		{ONE("    status: X\n  - {id: d, chain: c, status: X}\n"), DIAG_DUPLICATE_NAME, 6, 5, "'d'"},
		{CHAIN "faults: [{http: 503}]\n", DIAG_MISSING_KEY, 2, 10, "'at'"},
		{CHAIN "faults: [{at: 1s}]\n", DIAG_MISSING_KEY, 2, 10,
		 "'http', 'text', 'body', 'headers' or 'retry_after_header'"},
		{CHAIN "faults: [{at: 1s, reset: false}]\n", DIAG_MISSING_KEY, 2, 10,
		 "'http', 'text', 'body', 'headers' or 'retry_after_header'"},
		{CHAIN "faults: [{at: 1s, for: 0s, http: 503}]\n", DIAG_INVALID_VALUE, 2, 24, "never"},
		{CHAIN "faults: [{at: 1s, http: 100}]\n", DIAG_INVALID_VALUE, 2, 25, "200 to 599"},
		{CHAIN "faults: [{at: 1s, body: truncate}]\n", DIAG_INVALID_VALUE, 2, 25, "truncated"},
		{CHAIN "faults: [{at: 1s, body: stall, reset: true}]\n", DIAG_CONFLICTING_KEYS, 2, 39, "second"},
		{CHAIN "faults: [{at: 1s, body: html, text: x}]\n", DIAG_CONFLICTING_KEYS, 2, 37, "never sent"},
		{CHAIN "faults: [{at: 1s, body: reset, http: 503}]\n", DIAG_CONFLICTING_KEYS, 2, 38, "never sent"},
		{CHAIN "faults: [{at: 1s, retry_after: 3, body: slow}]\n", DIAG_CONFLICTING_KEYS, 2, 32,
		 "retry_after_header"},
		{CHAIN "faults: [{at: 1s, http: 503, count: 0}]\n", DIAG_INVALID_VALUE, 2, 37, "1 or more"},
		{CHAIN "faults: [{at: 1s, http: 503, headers: {'A B': x}}]\n", DIAG_INVALID_VALUE, 2, 40, "header"},
		{CHAIN "faults: [{at: 1s, http: 503, headers: {A: \"x\\r\\nB: y\"}}]\n", DIAG_INVALID_VALUE, 2, 43,
		 "printable"},
		{CHAIN "faults: [{at: 1s, http: 503, headers: {content-length: 3}}]\n", DIAG_INVALID_VALUE, 2, 40,
		 "truncated"},
		{CHAIN "bodies: [{chain: c}]\n", DIAG_MISSING_KEY, 2, 10, "either 'file' or 'text'"},
		{CHAIN "bodies: [{chain: c, file: a, text: b}]\n", DIAG_CONFLICTING_KEYS, 2, 10, "either"},
		{CHAIN "bodies: [{chain: c, file: missing.json}]\n", DIAG_UNREADABLE_FILE, 2, 27, "not in this test"},
		{CHAIN "bodies: [{chain: cc, text: x}]\n", DIAG_INVALID_VALUE, 2, 18, "'cc'"},
		{CHAIN "environments: [{chain: c, name: e, current: d}]\n", DIAG_INVALID_VALUE, 2, 45, "'d'"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture fixture = {0};
		if (parse(&fixture, rows[i].text))
			fail_msg("row %zu was taken: %s", i, rows[i].text);
		const struct diag *diag = fixture.diags.first;
		assert_non_null(diag);
		struct place place = source_place(diag->source, diag->span.start);
		bool said = strstr(diag->message, rows[i].part) || (diag->hint && strstr(diag->hint, rows[i].part));
		if (fixture.diags.errors != 1 || diag->code != rows[i].code || place.line != rows[i].line ||
		    place.column != rows[i].column || !said)
			fail_msg("row %zu, %s: %zu errors, the first %s at %zu:%zu: %s (%s)", i, rows[i].text,
				 fixture.diags.errors, diag_code_name(diag->code), place.line, place.column,
				 diag->message, diag->hint ? diag->hint : "no hint");
		arena_release(&fixture.arena);
	}
}

static void all_mistakes_of_a_file(void **state)
{
	struct fixture fixture = {0};
	(void)state;
	assert_null(parse(&fixture, "speed: fast\nchains: [{id: c}, {name: x}]\nfaults: [{at: x, http: 1}, {}]\n"));
	/* The speed; two missing keys; an invalid `at` and `http`; a missing `at`. */
	assert_int_equal(fixture.diags.errors, 6);
	/* A reference to a chain that was refused isn't reported as another mistake. */
	assert_null(parse(&fixture, "chains: [{id: c}]\ndeployments: [{id: d, chain: c, status: X}]\n"
				    "environments: [{chain: c, name: e, current: d}]\n"));
	assert_int_equal(fixture.diags.errors, 1);
	arena_release(&fixture.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults), cmocka_unit_test(timelines),     cmocka_unit_test(settings_values),
		cmocka_unit_test(roll_up),  cmocka_unit_test(speeds),        cmocka_unit_test(creations),
		cmocka_unit_test(faults),   cmocka_unit_test(headers_alone), cmocka_unit_test(rate_limits),
		cmocka_unit_test(bodies),   cmocka_unit_test(mistakes),      cmocka_unit_test(all_mistakes_of_a_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
