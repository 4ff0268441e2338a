/* trials_driver.c - runs the files of policy tests in tests/golden/trials (.yaml), and compares the result.
 *
 * Below the line `# ---` the computed result is written as comments: each diagnostic with its line, column, code,
 * message and help; or each test with its line, its name, when it ended, and what differed from its expectations. Files
 * that the tests name are in tests/golden/trials/with.
 *
 * Run it from the project's root. With UPDATE_GOLDEN=1 it rewrites the files.
 */
#include "chaingate/buf.h"
#include "chaingate/times.h"
#include "chaingate/trial.h"
#include "golden.h"

#include <stdio.h>
#include <string.h>

#define FOLDER "tests/golden/trials"
#define MARK "# ---\n"

static struct arena memory;

static bool read_beside(void *context, const char *path, struct text *out, const char **why)
{
	const char *full = arena_printf(&memory, FOLDER "/with/%s", path);
	FILE *file = fopen(full, "rb");
	(void)context;
	if (!file) {
		*why = "no such file";
		return false;
	}
	fclose(file);
	*out = golden_read(&memory, full);
	return true;
}

static void add_differences(struct buf *out, struct text lines)
{
	bool begins = true;
	for (size_t i = 0; i < lines.length; i++) {
		if (begins)
			buf_add_string(out, lines.bytes[i] == '\n' ? "#" : "#     ");
		buf_add_byte(out, lines.bytes[i]);
		begins = lines.bytes[i] == '\n';
	}
}

static void add_result(struct buf *out, const struct trial_result *result)
{
	buf_printf(out, "# %s %zu '%.*s' ", result->passed ? "passed" : "failed", result->line, TEXT_ARG(result->name));
	duration_add(out, result->at_ns);
	buf_add_byte(out, '\n');
	add_differences(out, result->differences);
	if (result->passed != (result->differences.length == 0))
		buf_add_string(out, "# DEFECT: failed without a difference, or passed with one\n");
}

static void run_file(const char *path, struct text text)
{
	static const struct trial_files files = {read_beside, NULL};
	struct buf out = buf_make(BUF_LIMIT_REPORT);
	struct diags diags = {.arena = &memory};
	const char *mark = strstr(text.bytes, MARK);
	struct text own = mark ? (struct text){text.bytes, (size_t)(mark - text.bytes)} : text;
	const struct source *source = source_make(&memory, strrchr(path, '/') + 1, own);
	const struct trial *trial = trial_run(&memory, source, &files, NULL, &diags);
	size_t failed = 0;
	buf_add(&out, own);
	buf_add_string(&out, MARK);
	golden_add_diags(&out, &diags, source);
	for (size_t i = 0; trial && i < trial->count; i++) {
		add_result(&out, &trial->results[i]);
		failed += !trial->results[i].passed;
	}
	if ((trial == NULL) != (diags.errors > 0) || (trial && trial->failed != failed))
		buf_add_string(&out, "# DEFECT: refused without an error, accepted with one, or failures miscounted\n");
	golden_compare(path, text, buf_text(&out));
	buf_release(&out);
	arena_clear(&memory);
}

int main(void)
{
	return golden_run(FOLDER, ".yaml", NULL, run_file);
}
