/* test_secret.c - where a key is in memory while a client lives, and that nothing of it is left afterwards. */
#define _DEFAULT_SOURCE /* WCOREDUMP */

#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "chaingate/key.h"
#include "chaingate/secret.h"
#include "key_in_memory.h"

#include <sys/prctl.h>

/* ---- where the key comes from ----------------------------------------------------------------------------------- */

/* Removed at the end, also if a test has failed. Children end with _exit. */
static char path[64];

static void remove_path(void)
{
	unlink(path);
}

static void write_with_key(const char *before, const char *after)
{
	char key[MASKED_LENGTH];
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	setvbuf(file, NULL, _IONBF, 0);
	put_key(key);
	fputs(before, file);
	assert_int_equal(fwrite(key, 1, sizeof(key), file), sizeof(key));
	fputs(after, file);
	fclose(file);
	memory_wipe(key, sizeof(key));
}

/* A request with the key, and an answer that contains it. */
static void use(struct text key)
{
	const struct echo echo = {OK LENGTH(24), NULL, 1, 0, SERVER_KEEP};
	struct served served = start_echo(&echo);
	const char *why;
	struct net_options options = {.base_url = served.url, .key = key, .user_agent = "chaingate/test"};
	struct net *net = net_new(&options, &why);
	assert_non_null(net);
	struct net_answer got = ask(net, "/x", SOON_NS);
	assert_int_equal(got.http_status, 200);
	assert_int_equal(got.body.length, MASKED_LENGTH);
	for (size_t i = 0; i < got.body.length; i++)
		assert_int_equal(got.body.bytes[i], '*');
	net_answer_release(&got);
	expect_copies(2); /* what key_find keeps, and the header */
	net_free(net);
	stop_echo(&served);
}

/* Finds the key in a file, a variable or truss's file, uses it, and forgets it. */
static void find_and_use(const char *file)
{
	struct arena arena = {0};
	struct diags diags = {.arena = &arena};
	struct found_key found = {0};
	assert_true(key_find(&arena, file, false, true, &diags, &found));
	key_forget();
	assert_true(found.key.length == MASKED_LENGTH && is_key(found.key.bytes));
	use(found.key);
	expect_copies(1);
	secrets_wipe();
	expect_none();
	secret_free((void *)(uintptr_t)found.key.bytes);
	arena_release(&arena);
}

static void a_key_of_a_file_is_in_locked_memory_only(void **state)
{
	(void)state;
	needs(CAN_SEARCH, "memory can't be searched under a sanitizer");
	write_with_key("  ", "\n");
	find_and_use(path);
	must_lock();
}

/* The value is continued, interpolated and long enough for a buffer to grow. */
static void a_key_of_trussrc_is_in_locked_memory_only(void **state)
{
	static const char *const files[][2] = {
		{"[baseten]\napi_key = ", "\n"},
		{"[baseten]\napi_key =\n  ", "\nremote_url = https://app.baseten.co\n"},
		{"[DEFAULT]\nk = ", "\n[baseten]\napi_key = %(k)s\n"},
		{"[DEFAULT]\nk = ", "\n[baseten]\nj = %(k)s\napi_key = %(j)s\n"},
	};
	(void)state;
	needs(CAN_SEARCH, "memory can't be searched under a sanitizer");
	setenv("USER_TRUSSRC_PATH", path, 1);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		write_with_key(files[i][0], files[i][1]);
		find_and_use(NULL);
	}
	unsetenv("USER_TRUSSRC_PATH");
	must_lock();
}

static void a_key_of_the_environment_is_in_locked_memory_only(void **state)
{
	static const char *const names[] = {"BASETEN_API_KEY=", "BASETEN_TRUSS_AUTH_API_KEY="};
	(void)state;
	needs(CAN_SEARCH, "memory can't be searched under a sanitizer");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char entry[100];
		size_t length = strlen(names[i]);
		memcpy(entry, names[i], length);
		put_key(entry + length);
		entry[length + MASKED_LENGTH] = '\0';
		assert_int_equal(putenv(entry), 0);
		find_and_use(NULL);
		entry[length - 1] = '\0';
		unsetenv(entry);
	}
	must_lock();
}

/* A key that isn't used, because another one comes first or its name is wrong. Other variables stay. */
static void unused_keys_are_forgotten(void **state)
{
	static const char *const forgotten[] = {"BASETEN_API_KEY", "BASETEN_TRUSS_AUTH_API_KEY", "CHAINGATE_API_KEY",
						"CHAINGATE_TOKEN", "BASETEN_CLIENT_SECRET",      "BASETEN_PASSWORD"},
				 *const kept[] = {"BASETEN_API_URL", "BASETEN_API_KEY_FILE", "CHAINGATE_KEYS",
						  "API_KEY",         "MY_BASETEN_API_KEY",   "BASETEN_"};
	(void)state;
	for (size_t i = 0; i < 6; i++) {
		setenv(forgotten[i], "a value", 1);
		setenv(kept[i], "a value", 1);
	}
	key_forget();
	for (size_t i = 0; i < 6; i++) {
		assert_string_equal(getenv(forgotten[i]), "");
		assert_string_equal(getenv(kept[i]), "a value");
		unsetenv(forgotten[i]);
		unsetenv(kept[i]);
	}
}

/* ---- the parts -------------------------------------------------------------------------------------------------- */

static void memory_that_wipes_leaves_nothing(void **state)
{
	char key[MASKED_LENGTH];
	(void)state;
	needs(CAN_SEARCH, "memory can't be searched under a sanitizer");
	struct arena arena = {.wipes = true};
	struct buf buf = buf_make(1 << 20);
	buf.wipes = true;
	put_key(key);
	for (int i = 0; i < 1000; i++) {
		arena_text(&arena, (struct text){key, sizeof(key)});
		buf_add(&buf, (struct text){key, sizeof(key)});
	}
	memory_wipe(key, sizeof(key));
	assert_true(search().plain > 1000);
	arena_release(&arena);
	buf_release(&buf);
	assert_true(buf.wipes);
	expect_none();
}

static void secrets_are_apart_and_zeroed(void **state)
{
	(void)state;
	char *one = secret_alloc(10), *large = secret_alloc(100000), *other = secret_alloc(0);
	for (size_t i = 0; i < 100000; i++)
		assert_int_equal(large[i], 0);
	memset(one, 'x', 10);
	memset(large, 'y', 100000);
	secret_free(NULL);
	secret_free(large);
	assert_memory_equal(one, "xxxxxxxxxx", 10);
	secrets_wipe();
	assert_memory_equal(one, "\0\0\0\0\0\0\0\0\0", 10);
	secret_free(other);
	secret_free(one);
}

/* Without the right to lock memory, it is ordinary memory. */
static void a_limit_on_locked_memory_is_no_error(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct rlimit none = {0, 0};
		setrlimit(RLIMIT_MEMLOCK, &none);
		char *secret = secret_alloc(100);
		secret[99] = 'x';
		secret_free(secret);
		_exit(0);
	}
	int status = 0;
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* Neither the limit nor the attribute lets a crash write a core. */
static void a_crash_leaves_no_core(void **state)
{
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct rlimit core = {4096, 4096};
		setrlimit(RLIMIT_CORE, &core);
		secrets_settle();
		if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0 || core.rlim_max != 0 ||
		    prctl(PR_GET_DUMPABLE) != 0)
			_exit(1);
		abort();
	}
	int status = 0;
	assert_true(child > 0 && waitpid(child, &status, 0) == child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && !WCOREDUMP(status));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_that_wipes_leaves_nothing),
		cmocka_unit_test(a_key_of_a_file_is_in_locked_memory_only),
		cmocka_unit_test(a_key_of_trussrc_is_in_locked_memory_only),
		cmocka_unit_test(a_key_of_the_environment_is_in_locked_memory_only),
		cmocka_unit_test(unused_keys_are_forgotten),
		cmocka_unit_test(secrets_are_apart_and_zeroed),
		cmocka_unit_test(a_limit_on_locked_memory_is_no_error),
		cmocka_unit_test(a_crash_leaves_no_core),
	};
	prepare_process();
	snprintf(path, sizeof(path), "/tmp/chaingate-secret-%d", (int)getpid());
	atexit(remove_path);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
