/* test_miss.c - how the gate treats each way in which a poll can fail. */
#include "chaingate/miss.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
	enum miss_cause cause;
	enum miss_class class;
} causes[] = {
	{MISS_NONE, MISS_TRANSIENT},    {MISS_RESOLVE, MISS_TRANSIENT}, {MISS_CONNECT, MISS_TRANSIENT},
	{MISS_TIMEOUT, MISS_TRANSIENT}, {MISS_RESET, MISS_TRANSIENT},   {MISS_PROTOCOL, MISS_TRANSIENT},
	{MISS_TLS, MISS_FINAL},         {MISS_TOO_LARGE, MISS_FINAL},   {MISS_MALFORMED, MISS_TRANSIENT},
	{MISS_NO_CHAIN, MISS_ABSENT},   {MISS_AMBIGUOUS, MISS_FINAL},   {MISS_REQUEST, MISS_FINAL},
	{MISS_PAGE, MISS_FINAL},        {MISS_STALE, MISS_TRANSIENT},
};

static void causes_have_their_class(void **state)
{
	(void)state;
	/* every cause except MISS_HTTP, which the next test checks */
	assert_int_equal(sizeof causes / sizeof *causes, MISS_CAUSE_COUNT - 1);
	for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
		struct miss miss = {.cause = causes[i].cause, .http_status = 503};
		assert_int_equal(miss_class(&miss), causes[i].class);
	}
}

static enum miss_class expected_class(int status)
{
	if (status == 401 || status == 403)
		return MISS_REFUSED;
	if (status == 404)
		return MISS_ABSENT;
	if (status == 408 || status == 425 || status == 429 || (status >= 500 && status < 600))
		return MISS_TRANSIENT;
	return MISS_FINAL;
}

static void every_http_status_has_its_class(void **state)
{
	(void)state;
	for (int status = -1; status <= 1000; status++) {
		struct miss miss = {.cause = MISS_HTTP, .http_status = status};
		assert_int_equal(miss_class(&miss), expected_class(status));
	}
}

static void every_cause_has_a_name(void **state)
{
	(void)state;
	for (int i = 0; i < MISS_CAUSE_COUNT; i++) {
		const char *name = miss_cause_name((enum miss_cause)i);
		assert_non_null(name);
		assert_in_range(strlen(name), 3, 24);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(name, miss_cause_name((enum miss_cause)j));
	}
	assert_non_null(miss_cause_name(MISS_CAUSE_COUNT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(causes_have_their_class),
		cmocka_unit_test(every_http_status_has_its_class),
		cmocka_unit_test(every_cause_has_a_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
