/* world.c - see world.h. */
#include "world.h"

#include "chaingate/text.h"
#include "chaingate/times.h"

#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Not an exit code of chaingate, and not the sanitizers' one either. */
#define EXIT_REFUSED 99
/* The monotonic clock's start, chosen so that a time can't be mistaken for a duration. */
#define BEGIN_NS (12345 * NS_PER_S)
/* Longest run. The longest timeout that a test needs is a few days. */
#define RUN_MAX_NS (1000 * NS_PER_HOUR)
/* Most waits of a run. The tests' longest run is an hour of polls every 200 ms, which is 36,000 waits. Without this, a
 * run that nothing ends and nobody reads would fill the disk with its log long before a thousand hours have passed. */
#define WAITS_MAX 100000
#define EVENTS_MAX 32
#define START_DEFAULT "2026-08-14T09:00:00Z"
#define LATENCY_DEFAULT "10ms"

enum event_kind { EVENT_SIGNAL, EVENT_WALL, EVENT_ASLEEP, EVENT_MISS, EVENT_REAL, EVENT_KIND_COUNT };

struct event {
	int64_t at_ns; /* monotonic */
	enum event_kind kind;
	int64_t value; /* the signal's number, nanoseconds, or a cause */
};

static struct {
	bool is_made;
	int64_t now_ns; /* used while time isn't real */
	int64_t wall_offset_ns;
	int64_t api_offset_ns;
	int64_t latency_ns;
	bool is_middle; /* clock_random always returns the middle */
	uint64_t random;
	enum miss_cause obstacle;
	struct event events[EVENTS_MAX];
	size_t event_count, happened;
	int waits;
	bool is_real;
	int64_t real_offset_ns;
} world;

void world_refuse(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	fputs("chaingate-virtual: ", stderr);
	vfprintf(stderr, format, arguments);
	fputc('\n', stderr);
	va_end(arguments);
	fflush(stderr);
	_exit(EXIT_REFUSED);
}

/* ---- reading the environment ------------------------------------------------------------------------------------ */

static const char *setting(const char *name, const char *otherwise)
{
	const char *value = getenv(name);
	return value && *value ? value : otherwise;
}

static int64_t read_duration(struct text text, const char *where)
{
	int64_t ns;
	if (duration_parse(text, &ns) != DURATION_OK)
		world_refuse("'%.*s' in %s is no duration", (int)text.length, text.bytes, where);
	return ns;
}

/* Takes the next word off a text; empty at the end. */
static struct text next_word(struct text *rest)
{
	size_t from = 0, to;
	while (from < rest->length && rest->bytes[from] == ' ')
		from++;
	for (to = from; to < rest->length && rest->bytes[to] != ' ';)
		to++;
	struct text word = text_slice(*rest, from, to);
	*rest = text_slice(*rest, to, rest->length);
	return word;
}

static int64_t read_signal(struct text word)
{
	static const struct {
		const char *name;
		int number;
	} rows[] = {{"HUP", SIGHUP}, {"INT", SIGINT}, {"TERM", SIGTERM}, {"KILL", SIGKILL}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (text_is(word, rows[i].name))
			return rows[i].number;
	world_refuse("VIRTUAL_EVENTS: no signal is called '%.*s'", (int)word.length, word.bytes);
}

static int64_t read_cause(struct text word)
{
	static const struct {
		const char *name;
		enum miss_cause cause;
	} rows[] = {{"none", MISS_NONE},       {"resolve", MISS_RESOLVE},   {"connect", MISS_CONNECT},
		    {"tls", MISS_TLS},         {"protocol", MISS_PROTOCOL}, {"request", MISS_REQUEST},
		    {"timeout", MISS_TIMEOUT}, {"reset", MISS_RESET}};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (text_is(word, rows[i].name))
			return rows[i].cause;
	world_refuse("VIRTUAL_EVENTS: nothing is missed because of '%.*s'", (int)word.length, word.bytes);
}

static int64_t read_step(struct text word, const char *where)
{
	bool is_back = text_starts_with(word, "-");
	if (!is_back && !text_starts_with(word, "+"))
		world_refuse("%s: a step of a clock begins with + or -, unlike '%.*s'", where, (int)word.length,
			     word.bytes);
	int64_t ns = read_duration(text_slice(word, 1, word.length), where);
	return is_back ? -ns : ns;
}

static struct event read_event(struct text text)
{
	static const char *const kinds[EVENT_KIND_COUNT] = {
		[EVENT_SIGNAL] = "signal", [EVENT_WALL] = "wall", [EVENT_ASLEEP] = "asleep",
		[EVENT_MISS] = "miss",     [EVENT_REAL] = "real",
	};
	struct text rest = text, moment = next_word(&rest), kind = next_word(&rest), value = next_word(&rest);
	struct event event = {.at_ns = BEGIN_NS + read_duration(moment, "VIRTUAL_EVENTS"), .kind = EVENT_KIND_COUNT};
	for (size_t i = 0; i < EVENT_KIND_COUNT; i++)
		if (text_is(kind, kinds[i]))
			event.kind = (enum event_kind)i;
	switch (event.kind) {
	case EVENT_SIGNAL: event.value = read_signal(value); break;
	case EVENT_WALL: event.value = read_step(value, "VIRTUAL_EVENTS"); break;
	case EVENT_ASLEEP: event.value = read_duration(value, "VIRTUAL_EVENTS"); break;
	case EVENT_MISS: event.value = read_cause(value); break;
	case EVENT_REAL: rest = value; break;
	case EVENT_KIND_COUNT: world_refuse("VIRTUAL_EVENTS: no event is '%.*s'", (int)text.length, text.bytes);
	}
	if (next_word(&rest).length)
		world_refuse("VIRTUAL_EVENTS: '%.*s' goes on where nothing is expected", (int)text.length, text.bytes);
	return event;
}

static void read_events(struct text list)
{
	while (list.length) {
		size_t end = 0;
		while (end < list.length && list.bytes[end] != ';')
			end++;
		if (world.event_count == EVENTS_MAX)
			world_refuse("VIRTUAL_EVENTS has more than %d events", EVENTS_MAX);
		struct event event = read_event(text_slice(list, 0, end));
		if (world.event_count && event.at_ns < world.events[world.event_count - 1].at_ns)
			world_refuse("VIRTUAL_EVENTS must be in the order of their moments");
		world.events[world.event_count++] = event;
		list = text_slice(list, end < list.length ? end + 1 : end, list.length);
	}
}

static void make(void)
{
	const char *start = setting("VIRTUAL_START", START_DEFAULT);
	int64_t start_ns;
	if (world.is_made)
		return;
	world.is_made = true;
	world.now_ns = BEGIN_NS;
	if (!moment_parse(text_of(start), &start_ns))
		world_refuse("VIRTUAL_START is no moment: '%s'", start);
	world.wall_offset_ns = start_ns - BEGIN_NS;
	world.api_offset_ns =
		world.wall_offset_ns + read_step(text_of(setting("VIRTUAL_API_CLOCK", "+0s")), "VIRTUAL_API_CLOCK");
	world.latency_ns = read_duration(text_of(setting("VIRTUAL_LATENCY", LATENCY_DEFAULT)), "VIRTUAL_LATENCY");
	world.is_middle = strcmp(setting("VIRTUAL_SEED", "1"), "middle") == 0;
	world.random = strtoull(setting("VIRTUAL_SEED", "1"), NULL, 10);
	read_events(text_of(setting("VIRTUAL_EVENTS", "")));
}

void world_renew(void)
{
	memset(&world, 0, sizeof(world));
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

static int64_t real_now_ns(void)
{
	struct timespec now = {0};
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * NS_PER_S + now.tv_nsec;
}

int64_t world_now_ns(void)
{
	make();
	return world.is_real ? real_now_ns() + world.real_offset_ns : world.now_ns;
}

int64_t world_wall_ns(void)
{
	return world_now_ns() + world.wall_offset_ns;
}

int64_t world_api_wall_ns(void)
{
	return world_now_ns() + world.api_offset_ns;
}

/* splitmix64: works with every seed. */
uint32_t world_random(void)
{
	make();
	if (world.is_middle)
		return UINT32_C(0x80000000);
	world.random += UINT64_C(0x9e3779b97f4a7c15);
	uint64_t bits = world.random;
	bits = (bits ^ (bits >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	bits = (bits ^ (bits >> 27)) * UINT64_C(0x94d049bb133111eb);
	return (uint32_t)((bits ^ (bits >> 31)) >> 32);
}

enum miss_cause world_obstacle(void)
{
	make();
	return world.obstacle;
}

int64_t world_latency_ns(void)
{
	make();
	return world.latency_ns;
}

void world_waited(int64_t ns)
{
	make();
	world.now_ns = time_add(world.now_ns, ns);
}

static void happen(const struct event *event)
{
	switch (event->kind) {
	case EVENT_SIGNAL: raise((int)event->value); break;
	case EVENT_WALL: world.wall_offset_ns += event->value; break;
	case EVENT_ASLEEP:
		world.now_ns += event->value;
		world.real_offset_ns += event->value;
		break;
	case EVENT_MISS: world.obstacle = (enum miss_cause)event->value; break;
	case EVENT_REAL:
		world.real_offset_ns = world.now_ns - real_now_ns();
		world.is_real = true;
		break;
	case EVENT_KIND_COUNT: break;
	}
}

/* In real time. */
static void wait_really(int64_t until_ns, int wake_fd)
{
	struct pollfd wake = {.fd = wake_fd, .events = POLLIN};
	int64_t left_ms = (until_ns - world_now_ns() + NS_PER_MS - 1) / NS_PER_MS;
	poll(&wake, 1, left_ms <= 0 ? 0 : left_ms > INT_MAX ? INT_MAX : (int)left_ms);
}

void world_wait(int64_t until_ns, int wake_fd)
{
	make();
	const struct event *event = world.happened < world.event_count ? &world.events[world.happened] : NULL;
	bool happens = event && event->at_ns <= until_ns;
	if (happens)
		until_ns = event->at_ns;
	else if (until_ns == INT64_MAX)
		world_refuse("nothing is due any more");
	if (until_ns > BEGIN_NS + RUN_MAX_NS)
		world_refuse("a thousand hours have passed, and the run goes on");
	if (++world.waits > WAITS_MAX)
		world_refuse(
			"the program has waited %d times, and the run goes on: let an event of VIRTUAL_EVENTS end it",
			WAITS_MAX);
	if (world.is_real)
		wait_really(until_ns, wake_fd);
	else if (until_ns > world.now_ns)
		world.now_ns = until_ns;
	if (happens && world_now_ns() >= event->at_ns) {
		world.happened++;
		happen(event);
	}
}
