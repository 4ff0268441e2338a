/* test_api_bombs.c - answers of tens of megabytes with almost no content: reading them needs little memory besides the
 * body, whether they are accepted or not.
 *
 * Each body is read in a child process; the test measures by how much the child's peak memory grows.
 */
#include "chaingate/api.h"
#include "random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

/* LARGE: the default limit on a body's size, for the bodies whose size matters; with CHAINGATE_TEST_ALL in the
 * environment, for all. A part of the tests has only one of them. SMALL: for the others. ROOM_KB: how much memory reading may take besides the body. Sanitizers
 * are slow and keep freed memory, so their bodies are smaller and their memory isn't limited. */
#ifdef ARENA_CHECKED
#define LARGE ((size_t)4 << 20)
#define SMALL ((size_t)1 << 20)
#define ROOM_KB (1L << 30)
#else
#define LARGE ((size_t)64 << 20)
#define SMALL ((size_t)4 << 20)
#define ROOM_KB (32L << 10)
#endif

/* The child's CPU time in seconds: only a quadratic reader takes so long. */
#define CPU_SECONDS_MAX 300

#define NO_CHAINLETS \
	"\"created_at\":\"2026-08-14T09:12:31Z\",\"chain_id\":\"c\",\"environment\":null,\"chainlets\":[],\"status\":" \
	"\"\"}"
#define CHAINLET(id) \
	"{\"id\":\"" id "\",\"name\":\"" id "\",\"autoscaling_settings\":null,\"instance_type_name\":\"\"," \
	"\"active_replica_count\":0,\"status\":\"\"}"
#define DEPLOYMENT_HEAD \
	"{\"deployments\":[{\"id\":\"d\",\"created_at\":\"2026-08-14T09:12:31Z\",\"chain_id\":\"c\",\"environment\":" \
	"null," \
	"\"status\":\"\",\"chainlets\":["

/* The beginning of the deployment that the selector of read_all() asks for. */
#define KEPT_HEAD \
	"{\"deployments\":[{\"id\":\"a\",\"created_at\":\"2026-08-14T09:12:31Z\",\"chain_id\":\"c\",\"environment\":" \
	"null," \
	"\"status\":\"\",\"chainlets\":["

/* A body is `head`, then `piece` repeated, then `tail`. A # in a piece becomes the number of the piece, in 8 digits. */
static const struct bomb {
	const char *name, *head, *piece, *tail;
	size_t bytes;
	bool is_good; /* accepted at this size; otherwise refused */
} bombs[] = {
	{"numbers in an unknown field", "{\"deployments\":[],\"x\":[0", ",0", "]}", LARGE, false},
	{"empty objects in an unknown field", "{\"deployments\":[],\"x\":[0", ",{}", "]}", SMALL, true},
	{"nulls in an unknown field of a deployment", DEPLOYMENT_HEAD "],\"x\":[0", ",null", "]}]}", SMALL, true},
	{"numbers in an unknown field of what is kept", KEPT_HEAD "],\"x\":[0", ",0", "]}]}", LARGE, false},
	{"unknown fields of what is kept", KEPT_HEAD "],\"x\":0", ",\"#\":0", "}]}", SMALL, false},
	{"objects in what is kept", KEPT_HEAD "],\"x\":[0", ",{\"a\":0}", "]}]}", SMALL, true},
	{"a long key in what is kept", KEPT_HEAD "],\"x", "abcdefghijklmnop", "\":0}]}", LARGE, true},
	{"white space in what is kept", KEPT_HEAD "]", " \n", "}]}", LARGE, true},
	{"numbers in the list", "{\"deployments\":[0", ",0", "]}", SMALL, false},
	{"empty objects in the list", "{\"deployments\":[{}", ",{}", "]}", SMALL, false},
	{"keys in one object", "{\"deployments\":[],\"x\":{\"a\":0", ",\"#\":0", "}}", SMALL, false},
	{"keys in many objects", "{\"deployments\":[],\"x\":[0", ",{\"a\":0,\"b\":0,\"c\":0}", "]}", SMALL, true},
	{"one string", "{\"deployments\":[],\"x\":\"", "abcdefghijklmnop", "\"}", SMALL, true},
	{"one string of escapes", "{\"deployments\":[],\"x\":\"", "\\n", "\"}", SMALL, true},
	{"one key", "{\"deployments\":[],\"", "abcdefghijklmnop", "\":0}", SMALL, true},
	{"one key of escapes", "{\"deployments\":[],\"", "\\u0041", "\":0}", SMALL, true},
	{"one id", "{\"deployments\":[{\"id\":\"", "abcdefgh", "\"," NO_CHAINLETS "]}", SMALL, false},
	{"one id of escapes", "{\"deployments\":[{\"id\":\"", "\\u0041", "\"," NO_CHAINLETS "]}", LARGE, false},
	{"one number", "{\"deployments\":[],\"x\":0.", "0", "1}", SMALL, true},
	{"white space", "{\"deployments\":[]", " \n", "}", SMALL, true},
	{"characters of four bytes", "{\"deployments\":[],\"x\":\"", "\xF0\x9F\x98\x80", "\"}", SMALL, true},
	{"chainlets of one deployment", DEPLOYMENT_HEAD CHAINLET("a"), "," CHAINLET("#"), "]}]}", SMALL, false},
	{"deployments", "{\"deployments\":[{\"id\":\"a\"," NO_CHAINLETS, ",{\"id\":\"#\"," NO_CHAINLETS, "]}",
	 2 * SMALL, false},
	{"chains", "{\"chains\":[{\"id\":\"a\"}", ",{\"id\":\"#\"}", "]}", 2 * SMALL, false},
	{"one name of a model", "{\"deployments\":[],\"model_name\":\"", "\\u0041", "\"}", SMALL, true},
	{"numbers without a list", "[0", ",0", "]", SMALL, false},
};

static struct text make_body(const struct bomb *bomb, size_t size)
{
	size_t piece = strlen(bomb->piece), length = strlen(bomb->head), number = 0;
	char *bytes = malloc(size + 1);
	assert_non_null(bytes);
	memcpy(bytes, bomb->head, length);
	while (length + 8 * piece + strlen(bomb->tail) < size) {
		number++;
		for (const char *c = bomb->piece; *c; c++) {
			if (*c != '#') {
				bytes[length++] = *c;
				continue;
			}
			for (size_t digit = 8, rest = number; digit-- > 0; rest /= 10)
				bytes[length + digit] = (char)('0' + rest % 10);
			length += 8;
		}
	}
	memcpy(bytes + length, bomb->tail, strlen(bomb->tail));
	return (struct text){bytes, length + strlen(bomb->tail)};
}

static long cpu_ms(void)
{
	struct rusage usage;
	getrusage(RUSAGE_CHILDREN, &usage);
	return (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1000L +
	       (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1000L;
}

static long peak_kb(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
#ifdef __APPLE__
	return usage.ru_maxrss / 1024;
#else
	return usage.ru_maxrss;
#endif
}

enum { READ_GOOD = 10, READ_REFUSED, READ_ODD };

/* Reads the body as every kind of answer. Returns the child's exit code: whether a list of deployments was accepted,
 * or READ_ODD if any reader gave an unexpected result. */
static int read_all(struct text body)
{
	struct arena arena = {0};
	const struct selector one = {.kind = SELECT_DEPLOYMENT, .value = TEXT("a")};
	const struct selector *const selectors[] = {&one};
	struct api_lists lists = api_lists_make(0);
	struct api_answer answer = {.http_status = 200, .body = body};
	struct api_user user;
	struct text id, name;
	struct miss miss = {0};
	lists.wanted = (struct api_wanted){selectors, 1};
	lists.chain_id = TEXT("c");
	bool is_good = api_lists_read(&lists, &answer, &miss);
	bool is_odd = !is_good && miss.cause != MISS_MALFORMED;
	is_odd |= api_find_chain(&arena, &answer, TARGET_CHAIN, TEXT("a"), &id, &name, &miss) ||
		  miss.cause != MISS_MALFORMED;
	struct api_said said;
	is_odd |= api_read_said(&arena, body, TARGET_MODEL, &said, &miss) ? said.name.length > 0
									  : miss.cause != MISS_MALFORMED;
	is_odd |= api_read_whoami(&arena, &answer, &user, &miss) || miss.cause != MISS_MALFORMED;
	answer.http_status = 503;
	is_odd |= api_lists_read(&lists, &answer, &miss) || miss.cause != MISS_HTTP;
	api_lists_release(&lists);
	arena_release(&arena);
	return is_odd ? READ_ODD : is_good ? READ_GOOD : READ_REFUSED;
}

static int read_in_child(struct text body, long *added_kb)
{
	int pipes[2], status = 0;
	assert_int_equal(pipe(pipes), 0);
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct rlimit cpu = {CPU_SECONDS_MAX, CPU_SECONDS_MAX};
		setrlimit(RLIMIT_CPU, &cpu);
		long before = peak_kb();
		int result = read_all(body);
		long added = peak_kb() - before;
		_exit(write(pipes[1], &added, sizeof added) == sizeof added ? result : READ_ODD);
	}
	close(pipes[1]);
	bool told = read(pipes[0], added_kb, sizeof *added_kb) == sizeof *added_kb;
	close(pipes[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	return told && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void no_bomb_costs_memory(void **state)
{
	bool all = is_all();
	(void)state;
	for (size_t i = 0; i < sizeof bombs / sizeof *bombs; i++) {
		if (is_part() && bombs[i].bytes == LARGE && i > 0)
			continue;
		struct text body = make_body(&bombs[i], all ? LARGE : bombs[i].bytes);
		long added_kb = 0, before_ms = cpu_ms();
		int expected = bombs[i].is_good ? READ_GOOD : READ_REFUSED;
		int result = read_in_child(body, &added_kb);
		/* `is_good` holds only for the size in the table: a smaller or larger body may be on the other side of
		 * a limit */
		if (result == READ_ODD || result < READ_GOOD || (result != expected && !all && ROOM_KB < LARGE))
			fail_msg("%s: %d", bombs[i].name, result);
		printf("%-45s %3zu MB: %5ld kB more, %5ld ms\n", bombs[i].name, body.length >> 20, added_kb,
		       cpu_ms() - before_ms);
		if (added_kb > ROOM_KB)
			fail_msg("%s: %ld kB over the body's size", bombs[i].name, added_kb);
		free((void *)(uintptr_t)body.bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(no_bomb_costs_memory)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
