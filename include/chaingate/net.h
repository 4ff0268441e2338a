/* net.h - HTTP, politely and within a deadline.
 *
 * The only room that knows libcurl. One client, one event loop (curl_multi_poll), any number of requests at once. It
 * knows nothing about the API but a base URL, a key and paths; what an answer means is for src/api.
 *
 * Never: follows a redirect, turns verification off, sends the key anywhere but to the base URL's host, hands
 * the key out (wherever an answer has it, there are asterisks), blocks longer than it was told. Of SIGPIPE it only asks that it is ignored (signals_catch does that).
 */
#ifndef CHAINGATE_NET_H
#define CHAINGATE_NET_H

#include "chaingate/arena.h"
#include "chaingate/miss.h"
#include "chaingate/text.h"
#include "chaingate/times.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How long a connection may take to be made, TLS included. */
#define NET_CONNECT_TIMEOUT_NS (10 * NS_PER_S)
/* How long a whole request may take, slow first byte and all: what comes within it is an answer. */
#define NET_REQUEST_TIMEOUT_NS (30 * NS_PER_S)
/* Largest body, decompressed. The largest list planned for is 12 MB. */
#define NET_BODY_MAX_DEFAULT ((size_t)64 << 20)
/* Requests a second over the whole run. The API allows 100. */
#define NET_REQUESTS_PER_SECOND_DEFAULT 10
/* Largest key. Real ones have 41 characters. */
#define NET_KEY_MAX 1024

enum auth_scheme { AUTH_API_KEY, AUTH_BEARER };

struct net_options {
	const char *base_url; /* checked by net_check_url */
	struct text key;      /* checked by net_check_key */
	enum auth_scheme scheme;
	const char *ca_file; /* or NULL: added to the system's: SSL_CERT_FILE's if that is set, else libcurl's own */
	size_t body_max;     /* 0: the default */
	int requests_per_second; /* 0: the default */
	const char *user_agent;
};

/* NULL if it may be used, else why not, for people: not an http(s) URL; http to a host that isn't loopback; user or password, query or fragment in it. */
const char *net_check_url(const char *url);

/* NULL if it may be used, else why not, never with the key: empty, too long, with a space or a character that isn't printable ASCII. */
const char *net_check_key(struct arena *, struct text key);

/* Is it a URL of this machine's? False for one that cannot be used. */
bool net_url_is_loopback(const char *url);

/* Versions of what is linked in, for `chaingate version`: "libcurl/7.88.1 OpenSSL/3.0.14 …". */
const char *net_version(void);

struct net;

/* NULL when libcurl can't be started or the CA file can't be read; `*why` then says what, for people. Call once per process: it initialises libcurl. */
struct net *net_new(const struct net_options *, const char **why);
void net_free(struct net *);

/* Starts a GET of base URL + path. It is cut at `deadline_ns` (on clock_monotonic_ns's clock), and at the time-outs above. `tag` comes back with the answer.
 * It may be held back for a while, so that no second has more requests than allowed, never beyond its deadline: then it is answered as a timeout. */
void net_get(struct net *, const char *path, int64_t deadline_ns, size_t tag);

struct net_answer {
	size_t tag;
	struct miss transport; /* cause MISS_NONE: there was an HTTP answer */
	int http_status;
	struct text body; /* valid until net_answer_release; with a status other than 200 it may be cut, at body_max */
	struct text retry_after, date, link; /* the headers' values, or empty */
	int64_t sent_ns;                     /* monotonic: when it was started, when it was over */
	int64_t done_ns;
	int http_version; /* 10, 11, 20 */
	char *owned;      /* what the texts above point into */
};

/* Runs the loop until an answer is there, `until_ns` (monotonic) has come, or `wake_fd` (-1: none) is readable. True with an answer. */
bool net_wait(struct net *, int64_t until_ns, int wake_fd, struct net_answer *out);
void net_answer_release(struct net_answer *);

/* Drops every request in flight. */
void net_cancel(struct net *);

#endif
