/* net.c - the client: starts requests, and runs the one loop that waits for them.
 *
 * A request is in one of three lists: waiting because of the rate limit, running, or over and not yet fetched.
 */
#include "request.h"

#include "chaingate/clock.h"
#include "chaingate/secret.h"
#include "heap.h"
#include "tls_texts.h"
#include "wiping.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Longest single poll; the clock is re-read afterwards. Keeps the timeout within an int of milliseconds. */
#define WAIT_MAX_NS NS_PER_MINUTE

/* Pause after waiting has failed (poll: too many descriptors, no memory), so that a caller that tries again doesn't use
 * the processor until the deadline. */
#define WAIT_FAILED_NS (20 * NS_PER_MS)

static void list_add(struct request_list *list, struct request *request)
{
	request->next = NULL;
	if (list->last)
		list->last->next = request;
	else
		list->first = request;
	list->last = request;
}

static void list_remove(struct request_list *list, struct request *request)
{
	struct request *before = NULL;

	for (struct request *each = list->first; each && each != request; each = each->next)
		before = each;
	if (before)
		before->next = request->next;
	else
		list->first = request->next;
	if (list->last == request)
		list->last = before;
	request->next = NULL;
}

static void list_free(struct request_list *list)
{
	while (list->first) {
		struct request *request = list->first;

		list_remove(list, request);
		request_free(request);
	}
}

const char *net_version(void)
{
	return curl_version();
}

static CURLM *make_multi(void)
{
	CURLM *multi = curl_multi_init();

	if (!multi)
		memory_exhausted();
	return multi;
}

/* The list of headers begins with the key's, which isn't libcurl's copy but the only one of this client. */
static void add_headers(struct net *net, const char *scheme, struct text key)
{
	static const char format[] = "Authorization: %s ";
	int length = snprintf(NULL, 0, format, scheme);
	size_t before = length > 0 ? (size_t)length : 0;
	char *line = secret_alloc(before + key.length + 1);

	snprintf(line, before + 1, format, scheme);
	memcpy(line + before, key.bytes, key.length);
	net->key = (struct text){line + before, key.length};
	net->headers.data = line;
	/* a cache must ask the API, and not send what it kept (RFC 9111, section 5.2.1.4) */
	static const char *const others[] = {"Accept: application/json", "Cache-Control: no-cache"};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct curl_slist *longer = curl_slist_append(net->headers.next, others[i]);

		if (!longer)
			memory_exhausted();
		net->headers.next = longer;
	}
}

/* Fills in everything that doesn't need libcurl. NULL, or why that isn't possible. */
static const char *configure(struct net *net, const struct net_options *options)
{
	static const char *const schemes[] = {[AUTH_API_KEY] = "Api-Key", [AUTH_BEARER] = "Bearer"};
	int rate = options->requests_per_second > 0 ? options->requests_per_second : NET_REQUESTS_PER_SECOND_DEFAULT;
	const char *why = target_parse(&net->arena, options->base_url, &net->target);

	if (why)
		return arena_printf(&net->arena, "the API's URL cannot be used: %s", why);
	why = net_check_key(&net->arena, options->key);
	if (why)
		return arena_printf(&net->arena, "the API key cannot be used: %s", why);
	why = authorities_load(&net->arena, options->ca_file, net->target.tls, &net->authorities);
	if (why)
		return why;
	net->user_agent = arena_string(&net->arena, options->user_agent ? options->user_agent : "chaingate");
	net->body_max = options->body_max ? options->body_max : NET_BODY_MAX_DEFAULT;
	if (net->body_max > SIZE_MAX / 4)
		net->body_max = SIZE_MAX / 4;
	net->pace = pace_make(&net->arena, (size_t)rate);
	add_headers(net, schemes[options->scheme], options->key);
	return NULL;
}

/* NULL, or why this version of libcurl can't be used. */
static const char *check_libcurl(struct arena *arena)
{
	const curl_version_info_data *info = curl_version_info(CURLVERSION_NOW);

	if (info->version_num < NET_LIBCURL_MIN)
		return arena_printf(arena, "libcurl %s is too old: chaingate needs " NET_LIBCURL_MIN_TEXT " or later",
				    info->version);
	if (!(info->features & CURL_VERSION_SSL))
		return arena_printf(arena, "libcurl %s was built without TLS", info->version);
	return NULL;
}

/* The reason outlives the client that couldn't be made, so it is copied to memory that needn't be released. */
static const char *keep_reason(const char *why)
{
	static char kept[512];

	snprintf(kept, sizeof(kept), "%s", why);
	return kept;
}

struct net *net_new(const struct net_options *options, const char **why)
{
	struct net *net;

	/* libcurl would write there what it takes to decrypt the connections, and the key with them. */
	unsetenv("SSLKEYLOGFILE");
	heap_provide();
	tls_texts_delay();
	if (wiping_start() != CURLE_OK) {
		*why = "libcurl could not be started";
		return NULL;
	}
	net = calloc(1, sizeof(*net));
	if (!net)
		memory_exhausted();
	const char *reason = check_libcurl(&net->arena);
	if (!reason)
		reason = configure(net, options);
	if (reason) {
		*why = keep_reason(reason);
		net_free(net);
		return NULL;
	}
	net->multi = make_multi();
	net->wake_fd = -1;
	return net;
}

static void drop_requests(struct net *net)
{
	for (struct request *request = net->active.first; request; request = request->next)
		curl_multi_remove_handle(net->multi, request->easy);
	list_free(&net->active);
	list_free(&net->waiting);
	list_free(&net->finished);
}

void net_free(struct net *net)
{
	if (!net)
		return;
	drop_requests(net);
	curl_multi_cleanup(net->multi);
	curl_slist_free_all(net->headers.next);
	secret_free(net->headers.data);
	arena_release(&net->arena);
	free(net);
	curl_global_cleanup();
}

/* After a timeout, an open connection may have lost its other end. Over HTTP/2 libcurl would keep such a connection and
 * try it again and again. So all connections are dropped as soon as none is in use; until then every request gets a
 * connection of its own. This also frees the buffer that newer libcurls (seen with 8.14) read into, and what a request
 * that didn't end well left in it. */
static void drop_suspects(struct net *net)
{
	if (!net->suspect || net->active.first)
		return;
	curl_multi_cleanup(net->multi);
	net->multi = make_multi();
	net->suspect = false;
}

void net_cancel(struct net *net)
{
	net->suspect = net->suspect || net->active.first;
	drop_requests(net);
	drop_suspects(net);
}

void net_get(struct net *net, const char *path, int64_t deadline_ns, size_t tag)
{
	net_get_again(net, path, deadline_ns, tag, (struct text){0});
}

void net_get_again(struct net *net, const char *path, int64_t deadline_ns, size_t tag, struct text last)
{
	struct request *request = request_make(net, path, deadline_ns, tag);

	request->last = last;
	request->repeats = last.length > 0;
	list_add(&net->waiting, request);
}

static void start(struct net *net, struct request *request, int64_t now_ns)
{
	if (!request_prepare(request, net, now_ns)) {
		list_add(&net->finished, request);
		return;
	}
	if (curl_multi_add_handle(net->multi, request->easy) != CURLM_OK)
		memory_exhausted();
	list_add(&net->active, request);
	pace_started(&net->pace, now_ns);
}

/* Ends requests that have waited too long, then starts those that are allowed. */
static void start_waiting(struct net *net, int64_t now_ns)
{
	struct request *next;

	for (struct request *request = net->waiting.first; request; request = next) {
		next = request->next;
		if (now_ns < request->deadline_ns)
			continue;
		list_remove(&net->waiting, request);
		request_fail(request, net, MISS_TIMEOUT, "no time was left for the request", now_ns);
		list_add(&net->finished, request);
	}
	while (net->waiting.first && now_ns >= pace_next_ns(&net->pace)) {
		struct request *request = net->waiting.first;

		list_remove(&net->waiting, request);
		start(net, request, now_ns);
	}
}

/* Removes a request's transfer from libcurl's loop. Its information can still be read. */
static void detach(struct net *net, struct request *request)
{
	curl_multi_remove_handle(net->multi, request->easy);
	list_remove(&net->active, request);
	list_add(&net->finished, request);
}

static void collect(struct net *net)
{
	CURLMsg *message;
	int left;

	while ((message = curl_multi_info_read(net->multi, &left))) {
		CURL *easy = message->easy_handle;
		CURLcode code = message->data.result; /* invalid once the handle is removed */
		char *user = NULL;
		struct request *request;

		if (message->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(easy, CURLINFO_PRIVATE, &user);
		request = (struct request *)(void *)user;
		request_finish(request, net, code, clock_monotonic_ns());
		net->suspect = net->suspect || code != CURLE_OK;
		net->woken = net->woken || request->stop == STOP_WOKEN;
		detach(net, request);
	}
}

/* libcurl enforces the timeouts itself, with two exceptions: a resolver that doesn't return, and parts of a
 * millisecond. */
static void cut_overdue(struct net *net, int64_t now_ns)
{
	struct request *next;

	for (struct request *request = net->active.first; request; request = next) {
		next = request->next;
		if (now_ns < request->cut_ns)
			continue;
		request_fail(request, net, MISS_TIMEOUT, no_answer_in_time, now_ns);
		net->suspect = true;
		detach(net, request);
	}
	drop_suspects(net);
}

static void fail_active(struct net *net, const char *words)
{
	while (net->active.first) {
		request_fail(net->active.first, net, MISS_REQUEST, words, clock_monotonic_ns());
		detach(net, net->active.first);
	}
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* When there is something to do even if nothing happens on the network. */
static int64_t next_alarm(const struct net *net, int64_t until_ns)
{
	int64_t alarm_ns = until_ns;

	if (net->waiting.first)
		alarm_ns = earlier(alarm_ns, pace_next_ns(&net->pace));
	for (const struct request *request = net->waiting.first; request; request = request->next)
		alarm_ns = earlier(alarm_ns, request->deadline_ns);
	for (const struct request *request = net->active.first; request; request = request->next)
		alarm_ns = earlier(alarm_ns, request->cut_ns);
	return alarm_ns;
}

/* Waits for the network, an alarm or the descriptor. False if the descriptor is ready, or if waiting failed and there
 * is no answer. */
static bool wait_for_events(struct net *net, int64_t wait_ns, int wake_fd)
{
	struct curl_waitfd wake = {.fd = wake_fd, .events = CURL_WAIT_POLLIN};
	int64_t ms = (earlier(wait_ns, WAIT_MAX_NS) + NS_PER_MS - 1) / NS_PER_MS;
	unsigned int wakes = wake_fd >= 0 ? 1 : 0;
	CURLMcode code = curl_multi_poll(net->multi, wakes ? &wake : NULL, wakes, ms < 0 ? 0 : (int)ms, NULL);

	if (code == CURLM_OUT_OF_MEMORY)
		memory_exhausted();
	if (code != CURLM_OK) {
		struct timespec pause = {.tv_nsec = (long)earlier(WAIT_FAILED_NS, wait_ns < 0 ? 0 : wait_ns)};
		fail_active(net, curl_multi_strerror(code));
		if (!net->finished.first)
			nanosleep(&pause, NULL); /* a signal ends it */
		return net->finished.first;
	}
	return wake.revents == 0;
}

static bool fetch(struct net *net, struct net_answer *out)
{
	struct request *request = net->finished.first;

	if (!request)
		return false;
	list_remove(&net->finished, request);
	*out = request->answer;
	request->answer = (struct net_answer){0};
	request_free(request);
	return true;
}

bool net_wait(struct net *net, int64_t until_ns, int wake_fd, struct net_answer *out)
{
	net->wake_fd = wake_fd;
	for (;;) {
		int running;
		int64_t now_ns;

		start_waiting(net, clock_monotonic_ns());
		if (curl_multi_perform(net->multi, &running) == CURLM_OUT_OF_MEMORY)
			memory_exhausted();
		collect(net);
		cut_overdue(net, clock_monotonic_ns());
		/* A transfer that was stopped for a signal isn't an answer. */
		if (net->woken)
			return net->woken = false;
		if (fetch(net, out))
			return true;
		now_ns = clock_monotonic_ns();
		if (now_ns >= until_ns)
			return false;
		if (!wait_for_events(net, next_alarm(net, until_ns) - now_ns, wake_fd))
			return fetch(net, out);
	}
}
