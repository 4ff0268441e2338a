/* told.c - writes the JSON report of each policy test, so that it can be compared with the report of a live run.
 *
 * `chaingate test` itself says only what differs from what was expected. With VIRTUAL_TOLD=PREFIX in the environment,
 * the report of each test is written to PREFIX0.json, PREFIX1.json, …, in the tests' order. The linker replaces
 * trial_play by __wrap_trial_play (Makefile).
 */
#include "world.h"

#include "chaingate/report.h"
#include "chaingate/trial.h"

#include <stdio.h>
#include <stdlib.h>

/* Longest path of a report. */
#define PATH_BYTES 4096

typedef struct driver_answer seeing(void *context, size_t chain, int64_t at_ns);
void __real_trial_play(struct driver *, seeing *, void *context);
void __wrap_trial_play(struct driver *, seeing *, void *context);

static void write_report(const char *prefix, size_t number, struct gate *gate)
{
	const struct gate_result *result = gate_result(gate);
	struct report report = {.gate = result,
				.host_name = "host",
				.took_ns = result->at_ns,
				.exit = verdict_exit(result->verdict, result->signal_number)};
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	char path[PATH_BYTES];
	report.events = gate_events(gate, &report.event_count);
	snprintf(path, sizeof(path), "%s%zu.json", prefix, number);
	FILE *file = fopen(path, "w");
	if (!file || !report_render(&out, &report, REPORT_JSON) || fwrite(out.bytes, out.length, 1, file) != 1 ||
	    fclose(file) != 0)
		world_refuse("VIRTUAL_TOLD: cannot write '%s'", path);
	buf_release(&out);
}

void __wrap_trial_play(struct driver *driver, seeing *see, void *context)
{
	static size_t number;
	const char *prefix = getenv("VIRTUAL_TOLD");
	__real_trial_play(driver, see, context);
	if (prefix)
		write_report(prefix, number++, driver_gate(driver));
}
