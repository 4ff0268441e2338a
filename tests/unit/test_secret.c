/* test_secret.c - where a key is in memory while a client lives, and that nothing of it is left afterwards. */
#define _DEFAULT_SOURCE /* WCOREDUMP */

#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "chaingate/key.h"
#include "chaingate/secret.h"
#include "needs.h"
#include "net_asking.h"
#include "scripted_server.h"

#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAN_SEARCH false /* their own memory has terabytes, and freed memory is kept elsewhere */
#else
#define CAN_SEARCH true
#endif

/* The key, put together at run time and never kept plainly by the test: each byte is changed by MASK. */
#define MASK 0x55
static const char masked[] = "6459$s0`4n7q9f3z2b8h5v1k";
#define MASKED_LENGTH (sizeof(masked) - 1)

static char byte_of(size_t i)
{
	return (char)('0' + (masked[i] ^ MASK) % 43);
}

static void put_key(char *out)
{
	for (size_t i = 0; i < MASKED_LENGTH; i++) {
		char byte = byte_of(i);
		out[i] = (byte >= ':' && byte <= '@') ? 'q' : byte;
	}
}

static bool is_key(const char *at)
{
	for (size_t i = 0; i < MASKED_LENGTH; i++) {
		char byte = byte_of(i);
		if (at[i] != ((byte >= ':' && byte <= '@') ? 'q' : byte))
			return false;
	}
	return true;
}

struct places {
	size_t locked, plain;
};

/* Counts the copies of the key in the writable memory of this process. */
static struct places search(void)
{
	struct places found = {0};
	char line[512];
	FILE *maps = fopen("/proc/self/smaps", "r");
	const char *from = NULL, *end = NULL;
	size_t here = 0;

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps)) {
		unsigned long first, last;
		char rights[8];
		if (sscanf(line, "%lx-%lx %7s", &first, &last, rights) == 3) {
			from = strncmp(rights, "rw", 2) == 0 ? (const char *)first : NULL;
			end = (const char *)last;
			here = 0;
			for (const char *at = from; at && at + MASKED_LENGTH <= end; at++)
				here += is_key(at);
		} else if (from && strncmp(line, "VmFlags:", 8) == 0) {
			*(strstr(line, " lo") ? &found.locked : &found.plain) += here;
		}
	}
	fclose(maps);
	return found;
}

static bool can_lock(void)
{
	struct rlimit limit;
	return getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur >= (rlim_t)1 << 16;
}

/* The stack below: what earlier calls left there. */
static void overwrite_stack(void)
{
	char below[256 << 10];
	memory_wipe(below, sizeof(below));
}

static void expect_copies(size_t most)
{
	overwrite_stack();
	struct places found = search();
	if (found.plain > 0 || found.locked > most || found.locked == 0)
		fail_msg("%zu copies in ordinary memory, %zu in locked memory", found.plain, found.locked);
}

static void expect_none(void)
{
	overwrite_stack();
	struct places found = search();
	if (found.plain + found.locked > 0)
		fail_msg("%zu copies in ordinary memory, %zu in locked memory", found.plain, found.locked);
}

/* ---- where the key comes from ----------------------------------------------------------------------------------- */

#define PATH "/tmp/chaingate-secret-%d"

static void write_with_key(const char *path, const char *before, const char *after)
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

/* A server that answers with the key, in a process of its own, until `stop` is closed. Returns its URL. */
static void serve(const char *url_fd_path, int stop)
{
	static char answer[200];
	int begun = snprintf(answer, sizeof(answer), OK "Content-Length: %zu\r\n\r\n", MASKED_LENGTH);
	struct reply reply = {.bytes = answer, .length = (size_t)begun + MASKED_LENGTH, .then = SERVER_KEEP};
	static struct server server;
	char ignored;
	put_key(answer + begun);
	server_start(&server, &reply, 1);
	FILE *file = fopen(url_fd_path, "w");
	fprintf(file, "%s\n", server.url);
	fclose(file);
	while (read(stop, &ignored, 1) > 0)
		;
	server_stop(&server);
	_exit(0);
}

struct served {
	char url[100];
	pid_t process;
	int stop;
};

static struct served start_server(void)
{
	struct served served = {0};
	char path[64];
	int ends[2];
	snprintf(path, sizeof(path), PATH ".url", (int)getpid());
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(pipe(ends), 0);
	served.process = fork();
	if (served.process == 0) {
		close(ends[1]);
		serve(path, ends[0]);
	}
	close(ends[0]);
	served.stop = ends[1];
	FILE *file = fopen(path, "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%99s", served.url), 1);
	fclose(file);
	unlink(path);
	return served;
}

/* A request with the key, and an answer that contains it. */
static void use(struct text key)
{
	struct served served = start_server();
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
	if (can_lock())
		expect_copies(2); /* what key_find keeps, and the header */
	net_free(net);
	close(served.stop);
	assert_int_equal(waitpid(served.process, NULL, 0), served.process);
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
	if (can_lock())
		expect_copies(1);
	secrets_wipe();
	expect_none();
	secret_free((void *)(uintptr_t)found.key.bytes);
	arena_release(&arena);
}

static void a_key_of_a_file_is_in_locked_memory_only(void **state)
{
	char path[64];
	(void)state;
	needs(CAN_SEARCH, "memory can't be searched under a sanitizer");
	snprintf(path, sizeof(path), PATH, (int)getpid());
	write_with_key(path, "  ", "\n");
	find_and_use(path);
	unlink(path);
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
	char path[64];
	(void)state;
	needs(CAN_SEARCH, "memory can't be searched under a sanitizer");
	snprintf(path, sizeof(path), PATH, (int)getpid());
	setenv("USER_TRUSSRC_PATH", path, 1);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		write_with_key(path, files[i][0], files[i][1]);
		find_and_use(NULL);
	}
	unlink(path);
	unsetenv("USER_TRUSSRC_PATH");
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
	return cmocka_run_group_tests(tests, NULL, NULL);
}
