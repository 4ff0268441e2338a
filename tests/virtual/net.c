/* net.c - implements net.h for chaingate-virtual: the simulator answers, in virtual time.
 *
 * It keeps the promises of net.c and request.c without libcurl: the pace (with the same code), the deadline and the
 * timeout of each request, the limit of a body; and no answer arrives early.
 */
#include "chaingate/net.h"

#include "../../src/net/hide.h"
#include "../../src/net/pace.h"
#include "../../src/sim/load.h"
#include "../../src/sim/request_log.h"
#include "chaingate/buf.h"
#include "chaingate/clock.h"
#include "transfer.h"
#include "world.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct exchange {
	struct exchange *next;
	char *path;
	int64_t deadline_ns;
	struct text last; /* of net_get_again */
	bool is_over;     /* the answer is known, but may not have arrived yet */
	struct net_answer answer;
};

struct net {
	struct arena arena;
	const char *host;      /* with the port, for messages */
	const char *base_path; /* of the base URL, without a slash at its end */
	struct text key;
	const char *authorization;
	const char *user_agent;
	size_t body_max;
	struct pace pace;
	struct simulation simulation;
	bool has_begun;
	int64_t begin_ns; /* when the scenario began: at the first request */
	struct request_log log;
	struct exchange *exchanges; /* in the order of the requests */
};

/* ---- making and freeing ----------------------------------------------------------------------------------------- */

const char *net_version(void)
{
	return "libcurl/virtual";
}

static const struct scenario *load_scenario(struct net *net)
{
	const char *path = getenv("VIRTUAL_SCENARIO"), *why;
	struct diags diags = {.arena = &net->arena};
	if (!path || !*path)
		world_refuse("VIRTUAL_SCENARIO names no scenario");
	const struct scenario *scenario = scenario_load(&net->arena, path, &diags, &why);
	if (scenario)
		return scenario;
	if (why)
		world_refuse("could not read '%s': %s", path, why);
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	diags_render(&text, &diags, 100, DIAG_PLAIN);
	world_refuse("the scenario cannot be used:\n%s", buf_string(&text));
}

static void open_log(struct net *net)
{
	const char *path = getenv("VIRTUAL_LOG");
	if (path && *path && !request_log_open(&net->log, path))
		world_refuse("could not write '%s': %s", path, strerror(errno));
}

/* The URL must be one that net_check_url accepts: a scheme, a host, perhaps a port and a path. */
static void take_url(struct net *net, const char *url)
{
	struct text rest = text_of(strstr(url, "://") + 3);
	size_t end = 0;
	while (end < rest.length && rest.bytes[end] != '/')
		end++;
	while (rest.length > end && rest.bytes[rest.length - 1] == '/')
		rest.length--;
	net->host = arena_text(&net->arena, text_slice(rest, 0, end)).bytes;
	net->base_path = arena_text(&net->arena, text_slice(rest, end, rest.length)).bytes;
}

struct net *net_new(const struct net_options *options, const char **why)
{
	static const char *const schemes[] = {[AUTH_API_KEY] = "Api-Key", [AUTH_BEARER] = "Bearer"};
	int rate = options->requests_per_second > 0 ? options->requests_per_second : NET_REQUESTS_PER_SECOND_DEFAULT;
	static struct arena words; /* the reason outlives the client that couldn't be made */
	struct net *net;
	*why = net_check_url(options->base_url);
	if (!*why)
		*why = net_check_key(&words, options->key);
	if (*why)
		return NULL;
	net = calloc(1, sizeof(*net));
	if (!net)
		memory_exhausted();
	take_url(net, options->base_url);
	net->key = arena_text(&net->arena, options->key);
	net->authorization = arena_printf(&net->arena, "%s %s", schemes[options->scheme], net->key.bytes);
	net->user_agent = options->user_agent ? arena_string(&net->arena, options->user_agent) : "chaingate";
	net->body_max = options->body_max ? options->body_max : NET_BODY_MAX_DEFAULT;
	net->pace = pace_make(&net->arena, (size_t)rate);
	net->simulation = simulation_make(&net->arena, load_scenario(net), 0);
	open_log(net);
	return net;
}

static void exchange_free(struct exchange *exchange)
{
	net_answer_release(&exchange->answer);
	free(exchange->path);
	free(exchange);
}

void net_cancel(struct net *net)
{
	while (net->exchanges) {
		struct exchange *exchange = net->exchanges;
		net->exchanges = exchange->next;
		exchange_free(exchange);
	}
}

void net_free(struct net *net)
{
	if (!net)
		return;
	net_cancel(net);
	if (!request_log_close(&net->log))
		world_refuse("could not write all of the log");
	arena_release(&net->arena);
	free(net);
}

void net_answer_release(struct net_answer *answer)
{
	free(answer->owned);
	*answer = (struct net_answer){0};
}

/* ---- an exchange ------------------------------------------------------------------------------------------------ */

void net_get(struct net *net, const char *path, int64_t deadline_ns, size_t tag)
{
	net_get_again(net, path, deadline_ns, tag, (struct text){0});
}

void net_get_again(struct net *net, const char *path, int64_t deadline_ns, size_t tag, struct text last)
{
	struct exchange *exchange = calloc(1, sizeof(*exchange)), **end = &net->exchanges;
	char *copy = strdup(path);
	if (!exchange || !copy)
		memory_exhausted();
	exchange->path = copy;
	exchange->deadline_ns = deadline_ns;
	exchange->last = last;
	exchange->answer.tag = tag;
	while (*end)
		end = &(*end)->next;
	*end = exchange;
}

static int hexadecimal(char digit)
{
	const char *digits = "0123456789abcdef0123456789ABCDEF", *found = digit ? strchr(digits, digit) : NULL;
	return found ? (int)((found - digits) % 16) : -1;
}

/* A request's path as a server sees it: decoded, without a query. */
static struct text path_as_received(struct arena *arena, const struct net *net, const char *path)
{
	const char *from = arena_printf(arena, "%s%s", net->base_path, path);
	char *decoded = arena_string(arena, from), *to = decoded;
	for (; *from && *from != '?'; from++) {
		int high = *from == '%' ? hexadecimal(from[1]) : -1, low = high >= 0 ? hexadecimal(from[2]) : -1;
		*to++ = low >= 0 ? (char)(high * 16 + low) : *from;
		from += low >= 0 ? 2 : 0;
	}
	return (struct text){decoded, (size_t)(to - decoded)};
}

/* Scenario time begins with the first request, as on the wire. */
static struct answer ask_simulation(struct net *net, struct arena *arena, const char *path, int64_t now_ns)
{
	if (!net->has_begun) {
		net->has_begun = true;
		net->begin_ns = now_ns;
		net->simulation.start_wall_ns = world_api_wall_ns();
	}
	struct request request = {
		.method = TEXT("GET"),
		.path = path_as_received(arena, net, path),
		.authorization = net->authorization,
		.real_ns = now_ns - net->begin_ns,
	};
	struct answer answer = answer_make(&net->simulation, arena, &request);
	bool has_status = answer.kind != FAULT_RESET && answer.kind != FAULT_SILENCE;
	struct request_record record = {
		.connection = 1,
		.scenario_ns = scenario_time(net->simulation.scenario, request.real_ns),
		.real_ns = request.real_ns,
		.method = request.method,
		.path = request.path,
		.status = has_status ? answer.status : 0,
		.fault = answer.fault,
		.has_authorization = true,
		.user_agent = net->user_agent,
	};
	request_log_add(&net->log, &record);
	return answer;
}

/* The API's own clock as a Date header. */
static const char *date_now(struct arena *arena)
{
	time_t now = (time_t)(world_api_wall_ns() / NS_PER_S);
	struct tm parts;
	char text[40];
	gmtime_r(&now, &parts);
	strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S GMT", &parts);
	return arena_string(arena, text);
}

/* Appends a text; returns its offset. */
static size_t keep(struct buf *owned, struct text text)
{
	size_t at = owned->length;
	buf_add(owned, text);
	buf_add_byte(owned, '\0');
	return at;
}

/* Copies all texts of the answer into one block of memory, without the key. */
static void hand_over(struct exchange *exchange, const struct net *net, const struct transfer *transfer)
{
	struct net_answer *answer = &exchange->answer;
	struct buf owned = buf_make(SIZE_MAX / 2), detail = buf_make(BUF_LIMIT_REPORT);
	bool is_miss = transfer->cause != MISS_NONE;
	bool repeats = !is_miss && exchange->last.length > 0 && text_equal(transfer->body, exchange->last);
	if (is_miss)
		buf_printf(&detail, "%s: %s", net->host, transfer->words);
	struct text first = is_miss ? buf_text(&detail) : repeats ? (struct text){0} : transfer->body;
	keep(&owned, first);
	size_t retry_at = keep(&owned, transfer->retry_after), date_at = keep(&owned, transfer->date),
	       link_at = keep(&owned, transfer->link), headers_at = keep(&owned, transfer->headers);
	hide_key(owned.bytes, owned.length, net->key);
	answer->owned = owned.bytes;
	answer->transport.cause = transfer->cause;
	*(is_miss ? &answer->transport.detail : &answer->body) =
		repeats ? exchange->last : (struct text){answer->owned, first.length};
	answer->retry_after = (struct text){answer->owned + retry_at, transfer->retry_after.length};
	answer->date = (struct text){answer->owned + date_at, transfer->date.length};
	answer->link = (struct text){answer->owned + link_at, transfer->link.length};
	answer->headers = (struct text){answer->owned + headers_at, transfer->headers.length};
	answer->done_ns = transfer->done_ns;
	exchange->is_over = true;
	buf_release(&detail);
}

static void start(struct net *net, struct exchange *exchange, int64_t now_ns)
{
	struct arena arena = {0};
	int64_t timeout_ns = time_add(now_ns, NET_REQUEST_TIMEOUT_NS), latency_ns = world_latency_ns();
	int64_t cut_ns = timeout_ns < exchange->deadline_ns ? timeout_ns : exchange->deadline_ns;
	enum miss_cause obstacle = world_obstacle();
	struct transfer transfer;
	exchange->answer.sent_ns = now_ns;
	if (obstacle != MISS_NONE) {
		transfer = transfer_obstructed(obstacle, now_ns, latency_ns, cut_ns);
	} else {
		struct answer answer = ask_simulation(net, &arena, exchange->path, now_ns);
		transfer = transfer_make(&arena, &answer, net->body_max, now_ns, latency_ns, cut_ns);
		if (transfer.cause == MISS_NONE && !transfer.date.length)
			transfer.date = text_of(date_now(&arena));
		exchange->answer.http_status = transfer.cause == MISS_NONE ? (int)answer.status : 0;
	}
	pace_started(&net->pace, now_ns);
	hand_over(exchange, net, &transfer);
	arena_release(&arena);
}

/* Ends requests that have waited too long, and starts those that are allowed. */
static void start_waiting(struct net *net, int64_t now_ns)
{
	static const char words[] = "no time was left for the request";
	for (struct exchange *exchange = net->exchanges; exchange; exchange = exchange->next) {
		if (exchange->is_over)
			continue;
		if (now_ns >= exchange->deadline_ns) {
			struct transfer late = {.cause = MISS_TIMEOUT, .words = words, .done_ns = now_ns};
			exchange->answer.sent_ns = now_ns;
			hand_over(exchange, net, &late);
		} else if (now_ns >= pace_next_ns(&net->pace)) {
			start(net, exchange, now_ns);
		}
	}
}

/* ---- the loop --------------------------------------------------------------------------------------------------- */

/* Returns the earliest of the answers that have arrived. */
static bool fetch(struct net *net, int64_t now_ns, struct net_answer *out)
{
	struct exchange **first = NULL;
	for (struct exchange **at = &net->exchanges; *at; at = &(*at)->next)
		if ((*at)->is_over && (*at)->answer.done_ns <= now_ns &&
		    (!first || (*at)->answer.done_ns < (*first)->answer.done_ns))
			first = at;
	if (!first)
		return false;
	struct exchange *exchange = *first;
	*first = exchange->next;
	*out = exchange->answer;
	exchange->answer = (struct net_answer){0};
	exchange_free(exchange);
	return true;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

static int64_t next_alarm(const struct net *net, int64_t until_ns)
{
	for (const struct exchange *exchange = net->exchanges; exchange; exchange = exchange->next) {
		until_ns = earlier(until_ns, exchange->is_over ? exchange->answer.done_ns : exchange->deadline_ns);
		if (!exchange->is_over)
			until_ns = earlier(until_ns, pace_next_ns(&net->pace));
	}
	return until_ns;
}

static bool is_woken(int wake_fd)
{
	struct pollfd wake = {.fd = wake_fd, .events = POLLIN};
	return wake_fd >= 0 && poll(&wake, 1, 0) > 0;
}

bool net_wait(struct net *net, int64_t until_ns, int wake_fd, struct net_answer *out)
{
	for (;;) {
		int64_t now_ns = clock_monotonic_ns();
		start_waiting(net, now_ns);
		if (fetch(net, now_ns, out))
			return true;
		if (now_ns >= until_ns || is_woken(wake_fd))
			return false;
		world_wait(next_alarm(net, until_ns), wake_fd);
	}
}
