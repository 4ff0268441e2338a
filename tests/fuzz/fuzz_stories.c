/* fuzz_stories.c - any bytes as a file of policy tests, and as a scenario of the simulator: each is read or refused
 * with a mistake, never neither, and no mistake is about a place outside the file. Other files can't be read. */
#include "demand.h"

#include "../../src/sim/scenario.h"

#include "chaingate/diag.h"
#include "chaingate/source.h"
#include "chaingate/trial.h"

static bool read_nothing(void *context, const char *path, struct text *out, const char **why)
{
	(void)context;
	(void)path;
	(void)out;
	*why = "there are no files here";
	return false;
}

static bool read_nothing_either(void *context, struct arena *arena, const char *path, struct text *out,
				const char **why)
{
	(void)arena;
	return read_nothing(context, path, out, why);
}

static void check_diags(const struct diags *diags, bool is_refused, size_t size)
{
	demand(is_refused == (diags->errors > 0));
	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		demand(diag->span.start <= diag->span.end && (diag->source == NULL || diag->span.end <= size));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = {0};
	const struct source *source = source_make(&arena, "fuzz.yaml", (struct text){(const char *)data, size});
	const struct trial_files files = {.read = read_nothing};
	struct trial_coverage_list coverage = {.arena = &arena};
	struct diags diags = {.arena = &arena};
	const struct trial *trial = trial_run(&arena, source, &files, &coverage, &diags);
	demand((trial == NULL) == (diags.errors > 0));
	demand(!trial || trial->failed <= trial->count);
	diags = (struct diags){.arena = &arena};
	const struct scenario *scenario =
		scenario_parse(&arena, source, (struct file_reader){.read = read_nothing_either}, &diags);
	check_diags(&diags, scenario == NULL, size);
	arena_release(&arena);
	return 0;
}
