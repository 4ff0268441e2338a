/* test_key.c - where the key comes from.
 */
#include "chaingate/buf.h"
#include "chaingate/key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))
#define CANARY "canary.1234567890+/"

/* ---- truss's file ----------------------------------------------------------------------------------------------- */

static const struct {
	const char *content;
	const char *key; /* NULL: none */
	const char *why;
} files[] = {
	{"[baseten]\nremote_provider = baseten\napi_key = k1\nremote_url = https://app.baseten.co\n", "k1", NULL},
	{"[baseten]\napi_key=k1", "k1", NULL},
	{"[baseten]\r\napi_key: k1\r\n", "k1", NULL},
	{"[baseten]\n  API_KEY \t=\t k1 \t\n", "k1", NULL},
	{"[baseten]\napi_key = a=b:c\n", "a=b:c", NULL},
	{"[baseten]\napi_key =\n", "", NULL},
	{"[other]\napi_key = no\n[baseten]\napi_key = k1\n[third]\napi_key = no\n", "k1", NULL},
	{"# c\n\n[baseten]\n; api_key = no\n# api_key = no\napi_key = k1\n", "k1", NULL},
	{"[baseten]\na = 1\n[x]\n[baseten]\napi_key = k1\n", "k1", NULL},
	{"", NULL, "has no section [baseten]"},
	{"api_key = no\n", NULL, "has no section [baseten]"},
	{"[Baseten]\napi_key = no\n", NULL, "has no section [baseten]"},
	{"[baseten2]\napi_key = no\n", NULL, "has no section [baseten]"},
	{"[baseten]\nremote_url = x\n", NULL, "has no api_key in its section [baseten]"},
	{"[baseten]\napi_keys = no\nmy_api_key = no\napi_key\n", NULL, "has no api_key in its section [baseten]"},
	{"[baseten]\n[x]\napi_key = no\n", NULL, "has no api_key in its section [baseten]"},
	{"[baseten]\napi_key = a\napi_key = b\n", NULL, "has api_key twice in its section [baseten]"},
	{"[", NULL, "has no section [baseten]"},
	{"[]\n=\n:\n", NULL, "has no section [baseten]"},
};

static void trussrc_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct text key = TEXT("untouched");
		const char *why = trussrc_key(text_of(files[i].content), &key);
		if (files[i].key) {
			assert_null(why);
			assert_true(text_is(key, files[i].key));
		} else {
			assert_string_equal(why ? why : "", files[i].why);
		}
	}
}

/* ---- the order -------------------------------------------------------------------------------------------------- */

struct home {
	char directory[64];
	char file[96];
	char trussrc[96];
};

static void write_file(const char *path, const char *content)
{
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(content, 1, strlen(content), file), strlen(content));
	assert_int_equal(fclose(file), 0);
}

static int make_home(void **state)
{
	static struct home home;
	strcpy(home.directory, "/tmp/chaingate-key.XXXXXX");
	if (!mkdtemp(home.directory))
		return -1;
	snprintf(home.file, sizeof(home.file), "%s/key", home.directory);
	snprintf(home.trussrc, sizeof(home.trussrc), "%s/.trussrc", home.directory);
	setenv("HOME", home.directory, 1);
	unsetenv("USER_TRUSSRC_PATH");
	unsetenv("BASETEN_API_KEY");
	*state = &home;
	return 0;
}

static int remove_home(void **state)
{
	struct home *home = *state;
	unlink(home->file);
	unlink(home->trussrc);
	return rmdir(home->directory);
}

/* Expects a key, or (NULL) a message that holds `words`. No message may hold the canary. */
static void expect(const char *file, const char *key, const char *words)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct text found = TEXT("untouched");
	bool is_found = key_find(&arena, file, &diags, &found);
	assert_int_equal(is_found, key != NULL);
	assert_int_equal(diags.errors, is_found ? 0 : 1);
	assert_true(text_is(found, key ? key : "untouched"));
	if (!is_found) {
		if (!strstr(diags.first->message, words))
			fail_msg("'%s' isn't in: %s", words, diags.first->message);
		assert_null(strstr(diags.first->message, "canary"));
		assert_true(!diags.first->hint || !strstr(diags.first->hint, "canary"));
	}
	arena_release(&arena);
}

static void the_flag_comes_first_then_the_environment_then_trussrc(void **state)
{
	const struct home *home = *state;
	expect(NULL, NULL, "BASETEN_API_KEY is not set, and '");
	expect(NULL, NULL, "/.trussrc' could not be read: No such file");
	write_file(home->trussrc, "[baseten]\napi_key = of-truss\n");
	expect(NULL, "of-truss", NULL);
	setenv("BASETEN_API_KEY", "of-environment", 1);
	expect(NULL, "of-environment", NULL);
	write_file(home->file, "of-file\n");
	expect(home->file, "of-file", NULL);
	/* What was asked for and can't be had isn't replaced by something else. */
	unlink(home->file);
	expect(home->file, NULL, "could not read the API key from '");
	setenv("BASETEN_API_KEY", "", 1);
	expect(NULL, "of-truss", NULL);
	unlink(home->trussrc);
	expect(NULL, NULL, "BASETEN_API_KEY is empty");
}

static void trussrc_may_be_elsewhere(void **state)
{
	const struct home *home = *state;
	write_file(home->file, "[baseten]\napi_key = k1\n");
	setenv("USER_TRUSSRC_PATH", home->file, 1);
	expect(NULL, "k1", NULL);
	setenv("USER_TRUSSRC_PATH", "~/key", 1);
	expect(NULL, "k1", NULL);
	setenv("USER_TRUSSRC_PATH", "", 1);
	expect(NULL, NULL, ".trussrc");
	unsetenv("USER_TRUSSRC_PATH");
	unsetenv("HOME");
	expect(NULL, NULL, "HOME is not set");
	write_file(home->file, "[baseten]\nremote_url = " CANARY "\n");
	setenv("USER_TRUSSRC_PATH", home->file, 1);
	expect(NULL, NULL, "has no api_key");
}

static void one_line_end_is_no_part_of_the_key(void **state)
{
	static const struct {
		const char *content;
		const char *key;
		const char *why;
	} contents[] = {
		{"k1", "k1", NULL},
		{"k1\n", "k1", NULL},
		{"k1\r\n", "k1", NULL},
		{CANARY "\n\n", NULL, "printable ASCII"},
		{" " CANARY "\n", NULL, "there is a space in it"},
		{CANARY "\r\nX-Evil: 1\n", NULL, "in '"},
		{CANARY "\x01", NULL, "printable ASCII"},
		{CANARY "\xc3\xa9", NULL, "printable ASCII"},
		{"", NULL, "it is empty"},
		{"\n", NULL, "it is empty"},
	};
	const struct home *home = *state;
	for (size_t i = 0; i < COUNT_OF(contents); i++) {
		write_file(home->file, contents[i].content);
		expect(home->file, contents[i].key, contents[i].why);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trussrc_is_read),
		cmocka_unit_test_setup_teardown(the_flag_comes_first_then_the_environment_then_trussrc, make_home,
						remove_home),
		cmocka_unit_test_setup_teardown(trussrc_may_be_elsewhere, make_home, remove_home),
		cmocka_unit_test_setup_teardown(one_line_end_is_no_part_of_the_key, make_home, remove_home),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
