/* notes_test.c - what is noted beside the verdict: each once, and not without end. */
#include "script.h"

#include "chaingate/buf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define POLICY "rules: [all chainlets ACTIVE]"
#define S(seconds) ((int64_t)((seconds)*1e9))

/* The words of all notes, a line each. */
static struct buf notes_of(const struct run *run)
{
	struct buf notes = buf_make(1 << 20);
	size_t count;
	const struct gate_event *events = gate_events(run->gate, &count);
	for (size_t i = 0; i < count; i++)
		if (events[i].kind == EVENT_NOTE)
			buf_printf(&notes, "%.*s\n", TEXT_ARG(events[i].to));
	return notes;
}

/* A status that is another unknown word each time: after a hundred notes another one says nothing new. */
static void test_a_target_has_a_hundred_notes(void **state)
{
	(void)state;
	struct run run;
	run_begin(&run, POLICY);
	for (int i = 0; i < 105; i++) {
		assert_int_equal(run_events(&run, EVENT_NOTE), i < 100 ? i : 100);
		run_sees(&run, S(i), arena_printf(&run.memory, "q1 ODD%d: A BUILDING 1/1", i));
	}
	run_end(&run);
}

/* Each chainlet of its own, and only what contradicts itself. */
static void test_what_contradicts_itself_is_noted(void **state)
{
	static const struct {
		const char *sees, *notes;
	} rows[] = {
		{"q1 ACTIVE: A ACTIVE 1/1", ""},
		{"q1 UNHEALTHY: A UNHEALTHY 1/1, B ACTIVE 1/1", ""},
		{"q1 ACTIVE: A SCALED_TO_ZERO 0/0, B FAILED 0/1",
		 "deployment q1 is ACTIVE while its chainlet A is SCALED_TO_ZERO\n"
		 "deployment q1 is ACTIVE while its chainlet B is FAILED\n"},
		{"q1 PAUSED: A ACTIVE 1/1", "q1 has the status 'PAUSED', which this version doesn't know\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct run run;
		run_begin(&run, POLICY);
		run_sees(&run, 0, rows[i].sees);
		run_sees(&run, S(1), rows[i].sees);
		struct buf notes = notes_of(&run);
		if (strcmp(buf_string(&notes), rows[i].notes) != 0)
			fail_msg("%s: %s", rows[i].sees, buf_string(&notes));
		buf_release(&notes);
		run_end(&run);
	}
}

/* Rounded up: within less than is said, ages aren't known. */
static void test_how_rough_the_clock_is_is_noted_in_seconds(void **state)
{
	static const struct {
		int64_t slack_ns;
		const char *took;
	} rows[] = {{1, "1s"}, {S(5) - 1, "5s"}, {S(5), "5s"}, {S(5) + 1, "6s"}, {S(90), "1m30s"}};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct run run;
		run_begin(&run, "rules: [all deployments have age <= 30s]");
		gate_set_api_clock(run.gate, 0, rows[i].slack_ns);
		run_sees(&run, 0, "q1 ACTIVE ^-30: A ACTIVE 1/1");
		run_sees(&run, 0, "q1 ACTIVE ^-30: A ACTIVE 1/1");
		struct buf notes = notes_of(&run);
		const char *expected = arena_printf(
			&run.memory, "the first answer took %s, so ages are known only to within that", rows[i].took);
		if (run_events(&run, EVENT_NOTE) != 1 || !strstr(buf_string(&notes), expected))
			fail_msg("%lld: %s", (long long)rows[i].slack_ns, buf_string(&notes));
		buf_release(&notes);
		run_end(&run);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_target_has_a_hundred_notes),
		cmocka_unit_test(test_what_contradicts_itself_is_noted),
		cmocka_unit_test(test_how_rough_the_clock_is_is_noted_in_seconds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
