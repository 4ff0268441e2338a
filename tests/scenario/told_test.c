/* told_test.c - the stories that are told in YAML, beside this file and beside the example policies: each must end as it
 * says. tests/cli runs them too, through the command; here they cost nothing. */
#include "chaingate/files.h"
#include "chaingate/trial.h"
#include "chaingate/yaml.h"

#include <glob.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Fewer than these: the files weren't found. */
#define STORIES_LEAST 60

struct beside {
	struct arena *arena;
	const char *path;
};

static bool read_beside(void *context, const char *path, struct text *out, const char **why)
{
	const struct beside *beside = context;
	int folder = (int)(strrchr(beside->path, '/') - beside->path);
	return file_read(beside->arena, arena_printf(beside->arena, "%.*s/%s", folder, beside->path, path),
			 YAML_BYTES_MAX, out, why);
}

/* The number of stories in the file. */
static size_t run_file(const char *path)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct beside beside = {&arena, path};
	struct trial_files files = {read_beside, &beside};
	struct trial_coverage_list coverage = {.arena = &arena};
	struct text content;
	const char *why;
	if (!file_read(&arena, path, YAML_BYTES_MAX, &content, &why))
		fail_msg("%s: %s", path, why);
	const struct trial *trial = trial_run(&arena, source_make(&arena, path, content), &files, &coverage, &diags);
	if (!trial)
		fail_msg("%s: %s", path, diags.first->message);
	for (size_t i = 0; i < trial->count; i++)
		if (!trial->results[i].passed)
			print_error("%s:%zu %.*s\n%.*s\n", path, trial->results[i].line,
				    TEXT_ARG(trial->results[i].name), TEXT_ARG(trial->results[i].differences));
	size_t count = trial->count;
	assert_int_equal(trial->failed, 0);
	arena_release(&arena);
	return count;
}

static void test_stories_end_as_they_say(void **state)
{
	glob_t found = {0};
	size_t count = 0;
	(void)state;
	assert_int_equal(glob("tests/scenario/*.test.yaml", 0, NULL, &found), 0);
	assert_int_equal(glob("policies/*.test.yaml", GLOB_APPEND, NULL, &found), 0);
	for (size_t i = 0; i < found.gl_pathc; i++)
		count += run_file(found.gl_pathv[i]);
	globfree(&found);
	assert_true(count >= STORIES_LEAST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_stories_end_as_they_say)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
