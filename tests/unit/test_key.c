/* test_key.c - the sources of the API key, their order, and which keys are accepted. */
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

/* ---- truss's configuration file --------------------------------------------------------------------------------- */

#define BAD_PERCENT(option) \
	"has a % in the " option " of its section [baseten] that truss cannot read either: it takes %% for a percent " \
	"sign, and %(name)s for the option of that name"

static const struct {
	const char *content;
	const char *key; /* NULL: none */
	const char *why;
} files[] = {
	{"[baseten]\nremote_provider = baseten\napi_key = k1\nremote_url = https://app.baseten.co\n", "k1", NULL},
	{"[baseten]\napi_key=k1", "k1", NULL},
	{"[baseten]\r\napi_key: k1\r\n", "k1", NULL},
	{"[baseten]\rapi_key: k1\r", "k1", NULL},
	{"\xef\xbb\xbf[baseten]\napi_key = k1\n", "k1", NULL},
	{"[baseten]\n  API_KEY \t=\t k1 \t\n", "k1", NULL},
	{"[baseten]\napi_key = a=b:c\n", "a=b:c", NULL},
	{"[baseten]\napi_key =\n", "", NULL},
	{"[baseten]\napi_key =\n  k1\n", "k1", NULL},
	{"[baseten]\napi_key =\n\n# c\n\t k1\nremote_url = x\n", "k1", NULL},
	{"[baseten]\napi_key = k1\n  k2\n", "k1\nk2", NULL},
	{"[baseten]\nremote_url = x\n  api_key = no\n", NULL, "has no api_key in its section [baseten]"},
	{"[baseten] ; a remark\napi_key = k1\n", "k1", NULL},
	{"[other]\napi_key = no\n[baseten]\napi_key = k1\n[third]\napi_key = no\n", "k1", NULL},
	{"# c\n\n[baseten]\n; api_key = no\n# api_key = no\napi_key = k1\n", "k1", NULL},
	{"[baseten]\na = 1\n[x]\n[baseten]\napi_key = k1\n", "k1", NULL},
	{"[Baseten]\napi_key = k1\n", "k1", NULL}, /* the only remote */
	{"[staging]\napi_key = k1\n", "k1", NULL},
	{"[DEFAULT]\napi_key = k1\n[baseten]\n", "k1", NULL},
	{"[DEFAULT]\napi_key = no\n[baseten]\napi_key = k1\n", "k1", NULL},
	{"[staging]\n[DEFAULT]\napi_key = k1\n", "k1", NULL},
	{"", NULL, "has no remote: no section such as [baseten]"},
	{"api_key = no\n", NULL, "has no remote: no section such as [baseten]"},
	{"[DEFAULT]\napi_key = no\n", NULL, "has no remote: no section such as [baseten]"},
	{"[one]\napi_key = no\n[two]\napi_key = no\n", NULL,
	 "has several remotes, of which none is called baseten: one, two"},
	{"[baseten]\nremote_url = x\n", NULL, "has no api_key in its section [baseten]"},
	{"[baseten]\napi_keys = no\nmy_api_key = no\napi_key\n", NULL, "has no api_key in its section [baseten]"},
	{"[baseten]\n[x]\napi_key = no\n", NULL, "has no api_key in its section [baseten]"},
	{"[baseten]\napi_key = a\napi_key = b\n", NULL, "has api_key twice in its section [baseten]"},
	{"[", NULL, "has no remote: no section such as [baseten]"},
	{"[]\n=\n:\n", NULL, "has no remote: no section such as [baseten]"},
	{"[baseten]\napi_key = a\nremote_url = x\nremote_url = y\n", NULL,
	 "has remote_url twice in its section [baseten]"},
	/* configparser's interpolation */
	{"[baseten]\napi_key = a%%b%%%%c%%\n", "a%b%%c%", NULL},
	{"[baseten]\napi_key = <%(Team Key)s>\nteam key = k%%1\n", "<k%1>", NULL},
	{"[DEFAULT]\none = %(two)s1\n[baseten]\ntwo = k\napi_key = %(one)s%(two)s\n", "k1k", NULL},
	{"[baseten]\nremote_provider = 100%\napi_key = k1\n", "k1", NULL},
	{"[baseten]\napi_key = k1%\n", NULL, BAD_PERCENT("api_key")},
	{"[baseten]\napi_key = k%1\n", NULL, BAD_PERCENT("api_key")},
	{"[baseten]\napi_key = %(gone)s\n", NULL, BAD_PERCENT("api_key")},
	{"[baseten]\napi_key = %(api_key)s\n", NULL, BAD_PERCENT("api_key")},
	{"[baseten]\nk = 1\napi_key = %(k)\n", NULL, BAD_PERCENT("api_key")},
	{"[baseten]\nk = 1\napi_key = %(k\n", NULL, BAD_PERCENT("api_key")},
	{"[baseten]\nk = 1\napi_key = %(k)d\n", NULL, BAD_PERCENT("api_key")},
	{"[baseten]\na = %(b)s\nb = %(a)s\napi_key = %(a)s\n", NULL, BAD_PERCENT("api_key")},
	{"[baseten]\napi_key = k1\nremote_url = https://app.%2e\n", NULL, BAD_PERCENT("remote_url")},
};

static void trussrc_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		struct arena arena = {0};
		struct trussrc found = {0};
		const char *why = trussrc_read(&arena, text_of(files[i].content), &found);
		if (files[i].key) {
			if (why || !text_is(found.key, files[i].key))
				fail_msg("%zu: %s", i, why ? why : "another key");
		} else {
			assert_string_equal(why ? why : "", files[i].why);
		}
		arena_release(&arena);
	}
}

/* ---- which source of the key is used ---------------------------------------------------------------------------- */

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
	unsetenv("BASETEN_TRUSS_AUTH_API_KEY");
	unsetenv("BASETEN_TRUSS_AUTH_REMOTE_URL");
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

/* Expects `key`; or, if it is NULL, an error whose message contains `words`. No message may contain the key. */
static void expect(const char *file, const char *key, const char *words)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct found_key found = {.key = TEXT("untouched")};
	bool is_found = key_find(&arena, file, false, true, &diags, &found);
	assert_int_equal(is_found, key != NULL);
	assert_int_equal(diags.errors, is_found ? 0 : 1);
	assert_true(text_is(found.key, key ? key : "untouched"));
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
	write_file(home->trussrc, "[baseten]\napi_key = of-truss1\n");
	expect(NULL, "of-truss1", NULL);
	setenv("BASETEN_API_KEY", "of-environment", 1);
	expect(NULL, "of-environment", NULL);
	write_file(home->file, "of-file1\n");
	expect(home->file, "of-file1", NULL);
	/* If the requested source has no key, no other source is tried. */
	unlink(home->file);
	expect(home->file, NULL, "could not read the API key from '");
	setenv("BASETEN_API_KEY", "", 1);
	expect(NULL, "of-truss1", NULL);
	unlink(home->trussrc);
	expect(NULL, NULL, "BASETEN_API_KEY is empty");
}

static void trussrc_may_be_elsewhere(void **state)
{
	const struct home *home = *state;
	write_file(home->file, "[baseten]\napi_key = 12345678\n");
	setenv("USER_TRUSSRC_PATH", home->file, 1);
	expect(NULL, "12345678", NULL);
	setenv("USER_TRUSSRC_PATH", "~/key", 1);
	expect(NULL, "12345678", NULL);
	setenv("USER_TRUSSRC_PATH", "", 1);
	expect(NULL, NULL, ".trussrc");
	unsetenv("USER_TRUSSRC_PATH");
	unsetenv("HOME");
	expect(NULL, NULL, "HOME is not set");
	write_file(home->file, "[baseten]\nremote_url = " CANARY "\n");
	setenv("USER_TRUSSRC_PATH", home->file, 1);
	expect(NULL, NULL, "has no api_key");
}

/* PowerShell's `>` writes UTF-16. */
static void a_key_file_in_utf_16_is_named(void **state)
{
	static const struct text contents[] = {
		{"\xff\xfek\0e\0y\0k\0e\0y\0k\0e\0\r\0\n\0", 22},
		{"\xfe\xff\0k\0e\0y\0k\0e\0y\0k\0e\0\n", 20},
		{"\xff\xfe", 2},
		{"k\0e\0y\0k\0e\0y\0k\0e\0", 16},
		{"\0k\0e\0y\0k\0e\0y\0k\0e", 16},
	};
	const struct home *home = *state;
	for (size_t i = 0; i < COUNT_OF(contents); i++) {
		FILE *file = fopen(home->file, "w");
		assert_non_null(file);
		assert_int_equal(fwrite(contents[i].bytes, 1, contents[i].length, file), contents[i].length);
		assert_int_equal(fclose(file), 0);
		expect(home->file, NULL, "it is UTF-16, as PowerShell writes files");
	}
}

static void a_line_end_after_a_key_is_ignored(void **state)
{
	static const struct {
		const char *content;
		const char *key;
		const char *why;
	} contents[] = {
		{"12345678", "12345678", NULL},
		{"12345678\n", "12345678", NULL},
		{"12345678\r\n", "12345678", NULL},
		{CANARY "\n\n", CANARY, NULL},
		{" " CANARY "\n", CANARY, NULL},
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

/* White space around a key is ignored. White space inside a key is an error, and so is a key that is too short. The
 * same rule holds for the variables, the key file and truss's file. */
static void white_space_around_a_key_is_ignored(void **state)
{
	static const char *const round[][2] = {
		{"", "\n"},
		{"", "\r\n"},
		{" ", " "},
		{"\t", "\n\n\n"},
		{"\n", ""},
		{"\xef\xbb\xbf", ""},
		{"\xef\xbb\xbf ", " \n"},
		{"\xc2\xa0", "\xe2\x80\x83"},
	};
	static const char *const inside[][2] = {
		{CANARY " " CANARY, "character 20 is a space"},
		{CANARY "\xc2\xa0" CANARY, "character 20 is U+00A0 (a no-break space)"},
		{CANARY "\n" CANARY, "character 20 is U+000A (a line's end)"},
		{"\"" CANARY "\"", "it is in quotes"},
		{"'" CANARY "'", "it is in quotes"},
		{"`" CANARY "`", "it is in quotes"},
		{"<" CANARY ">", "it is in angle brackets"},
		{"BASETEN_API_KEY=" CANARY, "it begins with the name of a variable"},
		{"KEY=" CANARY, "it begins with the name of a variable"},
		{"Api-Key " CANARY, "character 8 is a space"},
		{"1234567", "it has only 7 characters"},
		{"k", "it has only 1 character"},
	};
	const struct home *home = *state;
	static const char *const variables[] = {"BASETEN_API_KEY", "BASETEN_TRUSS_AUTH_API_KEY"};
	char value[200];
	for (size_t i = 0; i < COUNT_OF(round) + COUNT_OF(inside); i++) {
		const char *words = i < COUNT_OF(round) ? NULL : inside[i - COUNT_OF(round)][1];
		if (words)
			snprintf(value, sizeof(value), "%s", inside[i - COUNT_OF(round)][0]);
		else
			snprintf(value, sizeof(value), "%s%s%s", round[i][0], CANARY, round[i][1]);
		write_file(home->file, value);
		expect(home->file, words ? NULL : CANARY, words);
		for (size_t v = 0; v < COUNT_OF(variables); v++) {
			setenv(variables[v], value, 1);
			expect(NULL, words ? NULL : CANARY, words);
			unsetenv(variables[v]);
		}
		if (strchr(value, '\n'))
			continue;
		snprintf(value, sizeof(value), "[baseten]\napi_key = %s%s%s\n",
			 words ? inside[i - COUNT_OF(round)][0] : round[i][0], words ? "" : CANARY,
			 words ? "" : round[i][1]);
		write_file(home->trussrc, value);
		expect(NULL, words ? NULL : CANARY, words);
	}
}

/* A key is sent only to the installation it belongs to. */
static void the_remote_says_where_the_api_is(void **state)
{
	static const struct {
		const char *remote, *api; /* NULL: refused, unless the user gives the API's URL */
	} remotes[] = {
		{"https://app.baseten.co", "https://api.baseten.co"},
		{"https://app.staging.baseten.co/", "https://api.staging.baseten.co"},
		{"https://app.example.com:8443", "https://api.example.com:8443"},
		{"http://app.baseten.co", NULL},
		{"https://baseten.example", NULL},
		{"https://app.baseten.co/x", NULL},
		{"https://app.a@b", NULL},
		{"app.baseten.co", NULL},
	};
	char value[300];
	const struct home *home = *state;
	for (size_t i = 0; i < COUNT_OF(remotes) * 3; i++) {
		const char *remote = remotes[i / 3].remote, *api = remotes[i / 3].api;
		struct arena arena = {0};
		struct diags diags = {.arena = &arena};
		struct found_key found = {0};
		if (i % 3 == 0) {
			setenv("BASETEN_TRUSS_AUTH_API_KEY", CANARY, 1);
			setenv("BASETEN_TRUSS_AUTH_REMOTE_URL", remote, 1);
		} else {
			if (i % 3 == 1)
				snprintf(value, sizeof(value), "[x]\napi_key = %s\nremote_url = %s\n", CANARY, remote);
			else
				snprintf(value, sizeof(value), "[DEFAULT]\nremote_url: %s\n[y]\napi_key: %s\n", remote,
					 CANARY);
			write_file(home->trussrc, value);
		}
		assert_true(key_find(&arena, NULL, false, true, &diags, &found) == (api != NULL));
		if (api)
			assert_string_equal(found.api_url, api);
		else
			assert_non_null(strstr(diags.first->message, "whose API is not known"));
		assert_true(key_find(&arena, NULL, false, false, &diags, &found)); /* the user gave the API's URL */
		unsetenv("BASETEN_TRUSS_AUTH_API_KEY");
		unsetenv("BASETEN_TRUSS_AUTH_REMOTE_URL");
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(trussrc_is_read),
		cmocka_unit_test_setup_teardown(the_flag_comes_first_then_the_environment_then_trussrc, make_home,
						remove_home),
		cmocka_unit_test_setup_teardown(trussrc_may_be_elsewhere, make_home, remove_home),
		cmocka_unit_test_setup_teardown(white_space_around_a_key_is_ignored, make_home, remove_home),
		cmocka_unit_test_setup_teardown(the_remote_says_where_the_api_is, make_home, remove_home),
		cmocka_unit_test_setup_teardown(a_key_file_in_utf_16_is_named, make_home, remove_home),
		cmocka_unit_test_setup_teardown(a_line_end_after_a_key_is_ignored, make_home, remove_home),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
