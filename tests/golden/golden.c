/* golden.c - see golden.h. */
#include "golden.h"

#include "chaingate/buf.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Largest golden file. */
#define FILE_BYTES_MAX ((size_t)4 << 20)

static size_t passed, failed;
static struct buf rewritten;

void golden_die(const char *what, struct text value)
{
	fprintf(stderr, "%s: %.*s\n", what, TEXT_ARG(value));
	exit(1);
}

struct text golden_read(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		golden_die("could not open", text_of(path));
	static char bytes[FILE_BYTES_MAX];
	size_t length = fread(bytes, 1, FILE_BYTES_MAX, file);
	fclose(file);
	return arena_text(arena, (struct text){bytes, length});
}

static void write_file(const char *path, struct text content)
{
	FILE *file = fopen(path, "wb");
	if (!file || fwrite(content.bytes, 1, content.length, file) != content.length || fclose(file) != 0)
		golden_die("could not write", text_of(path));
}

static bool has_defect(struct text actual)
{
	static const char word[] = "DEFECT";
	for (size_t i = 0; i + sizeof(word) - 1 <= actual.length; i++)
		if (memcmp(actual.bytes + i, word, sizeof(word) - 1) == 0)
			return true;
	return false;
}

static struct text without_end(struct text text)
{
	while (text.length && text.bytes[text.length - 1] == '\n')
		text.length--;
	return text;
}

void golden_compare(const char *path, struct text expected, struct text actual)
{
	expected = without_end(expected);
	actual = without_end(actual);
	if (rewritten.length)
		buf_add_byte(&rewritten, '\n');
	buf_add(&rewritten, actual);
	buf_add_byte(&rewritten, '\n');
	/* A defect that was written into the file by UPDATE_GOLDEN is still one. */
	if (text_equal(expected, actual) && !has_defect(actual)) {
		passed++;
		return;
	}
	failed++;
	printf("%s: differs\n--- expected\n%.*s\n--- actual\n%.*s\n\n", path, TEXT_ARG(expected), TEXT_ARG(actual));
}

static void add_place(struct buf *out, const struct source *source, const struct source *main, struct span span)
{
	struct place place = source_place(source, span.start);
	if (source != main)
		buf_printf(out, "%s:", source->name);
	buf_printf(out, "%zu:%zu ", place.line, place.column);
}

void golden_add_diags(struct buf *out, const struct diags *diags, const struct source *main)
{
	for (const struct diag *diag = diags->first; diag; diag = diag->next) {
		buf_printf(out, "# %s ", diag_severity_name(diag->severity));
		add_place(out, diag->source, main, diag->span);
		buf_printf(out, "%s: %s\n", diag_code_name(diag->code), diag->message);
		if (diag->also) {
			buf_add_string(out, "#     also ");
			add_place(out, diag->also->source, main, diag->also->span);
			buf_printf(out, "%s\n", diag->also->message);
		}
		if (diag->hint)
			buf_printf(out, "#     help: %s\n", diag->hint);
	}
	size_t shown = 0;
	for (const struct diag *diag = diags->first; diag; diag = diag->next)
		shown += diag->severity == DIAG_ERROR;
	if (diags->errors > shown)
		buf_printf(out, "# and %zu more errors\n", diags->errors - shown);
}

/* If a driver crashes, tests/run counts the comparisons that it didn't reach. */
static void print_plan(const glob_t *found, size_t (*count)(struct text content))
{
	struct arena memory = {0};
	size_t planned = 0;
	for (size_t i = 0; i < found->gl_pathc; i++) {
		planned += count ? count(golden_read(&memory, found->gl_pathv[i])) : 1;
		arena_clear(&memory);
	}
	arena_release(&memory);
	printf("%zu planned\n", planned);
	fflush(stdout);
}

int golden_run(const char *folder, const char *ending, size_t (*count)(struct text content),
	       void (*run)(const char *path, struct text content))
{
	char pattern[200];
	glob_t found;
	struct arena memory = {0};
	bool updates = getenv("UPDATE_GOLDEN") != NULL;
	snprintf(pattern, sizeof(pattern), "%s/*%s", folder, ending);
	if (glob(pattern, 0, NULL, &found) != 0)
		golden_die("no files, is this the project's root?", text_of(pattern));
	print_plan(&found, count);
	rewritten = buf_make(FILE_BYTES_MAX);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		buf_clear(&rewritten);
		run(found.gl_pathv[i], golden_read(&memory, found.gl_pathv[i]));
		if (updates)
			write_file(found.gl_pathv[i], buf_text(&rewritten));
		arena_clear(&memory);
	}
	globfree(&found);
	buf_release(&rewritten);
	printf("%zu passed, %zu failed\n", passed, failed);
	return updates || failed == 0 ? 0 : 1;
}
