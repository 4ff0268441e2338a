/* net.h - HTTP within a deadline and within the API's rate limit.
 *
 * The only room that knows libcurl. One client, one event loop (curl_multi_poll), any number of requests at once. Of
 * the API it knows only a base URL, a key and paths; src/api reads the answers.
 *
 * It never follows a redirect, never turns verification off, never sends the key to another host than the base
 * URL's, never hands the key out (asterisks replace it in every answer), and never blocks longer than it was told.
 * SIGPIPE must be ignored (signals_catch does that).
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

/* Limit for making a connection, TLS included. */
#define NET_CONNECT_TIMEOUT_NS (10 * NS_PER_S)
/* Limit for a whole request, however slow its first byte: a complete answer within it counts. */
#define NET_REQUEST_TIMEOUT_NS (30 * NS_PER_S)
/* Largest body, decompressed. The largest list it is designed for is 12 MB. */
#define NET_BODY_MAX_DEFAULT ((size_t)64 << 20)
/* The most requests that are started within any one second, over all chains. The API allows 100. */
#define NET_REQUESTS_PER_SECOND_DEFAULT 10
/* Largest key. Real ones have 41 characters. */
#define NET_KEY_MAX 1024

/* Other headers that an answer passes on: a list may be only a page, or come from a cache. */
#define NET_HEADERS \
	{ \
		"Age", "Content-Range", "Has-More", "Next-Cursor", "Next-Page", "Next-Token", "Total-Count", \
			"X-Continuation-Token", "X-Has-More", "X-Has-Next-Page", "X-MS-Continuation", \
			"X-MS-ContinuationToken", "X-Next-Cursor", "X-Next-Page", "X-Next-Page-Token", "X-Next-Token", \
			"X-Num-Pages", "X-Page-Count", "X-Page-Size", "X-Pagination", "X-Pagination-Next-Page", \
			"X-Pagination-Page-Count", "X-Pagination-Total-Count", "X-Pagination-Total-Pages", \
			"X-Partial", "X-Per-Page", "X-Total", "X-Total-Count", "X-Total-Items", "X-Total-Pages", \
			"X-Total-Records", "X-Total-Results", "X-Truncated", "X-WP-Total", "X-WP-TotalPages" \
	}

enum auth_scheme { AUTH_API_KEY, AUTH_BEARER };

struct net_options {
	const char *base_url; /* checked by net_check_url */
	struct text key;      /* checked by net_check_key */
	enum auth_scheme scheme;
	const char *ca_file;     /* a file of PEM certificates to trust in addition to the system's, or NULL. The
				  * system's are those of SSL_CERT_FILE if it is set, else libcurl's or the
				  * distribution's */
	size_t body_max;         /* 0: the default */
	int requests_per_second; /* 0: the default */
	const char *user_agent;
};

/* NULL if the URL can be used, else why not, for people. It is refused if it isn't an http(s) URL, is http to a host
 * that isn't loopback, or contains user or password, a query or a fragment. */
const char *net_check_url(const char *url);

/* NULL if the key can be used, else why not; the text never contains the key. It is refused if it is empty, too
 * long, or contains a space or a character that isn't printable ASCII. */
const char *net_check_key(struct arena *, struct text key);

/* True if the URL's host is this machine. False for a URL that can't be used. */
bool net_url_is_loopback(const char *url);

/* The versions of the linked libraries, for `chaingate version`: "libcurl/7.88.1 OpenSSL/3.0.14 …". */
const char *net_version(void);

struct net;

/* NULL if libcurl can't be started, is too old or has no TLS, if the URL or the key is refused, or if certificates
 * can't be read: *why is then the reason, for people, in static memory. The options and their strings are copied.
 * Call once per process, because it initialises libcurl. */
struct net *net_new(const struct net_options *, const char **why);
void net_free(struct net *);

/* Starts a GET of base URL + path, which is copied and begins with "/". It is ended at `deadline_ns` (on
 * clock_monotonic_ns's clock), or when one of the timeouts above is over. `tag` comes back with the answer. The request
 * may be held back so that no second has more requests than allowed, but never beyond its deadline: then it is answered
 * as a timeout. */
void net_get(struct net *, const char *path, int64_t deadline_ns, size_t tag);

/* The same, for an answer that may well have the same body as an earlier one. The bytes are compared as they arrive,
 * and copied from the first difference on. If there is no difference, the answer's body is `last` itself: no memory is
 * used, and the body isn't searched for the key. `last` must come from net_wait, and must live, unchanged, until the
 * answer has been released or cancelled. Empty: there is no earlier one. */
void net_get_again(struct net *, const char *path, int64_t deadline_ns, size_t tag, struct text last);

struct net_answer {
	size_t tag;
	struct miss transport; /* cause MISS_NONE: an HTTP answer came */
	int http_status;
	struct text body; /* valid until net_answer_release; with a status other than 200 it may be cut at body_max.
			   * If it equals the `last` of net_get_again, it is that text, and not in `owned` */
	struct text retry_after, date, link; /* the headers' values, or empty */
	struct text headers;                 /* those of NET_HEADERS, in lines "Name: value\n" */
	int64_t sent_ns;                     /* monotonic: when the request was started, and when it was over */
	int64_t done_ns;
	char *owned; /* the memory that the texts above point into; if `body` is in it, it begins with `body` */
};

/* Waits until there is an answer, `until_ns` (monotonic) has come, or `wake_fd` (-1: none) is readable. True with an
 * answer in *out; else false. A readable wake_fd means "give up": it may end running requests, which a later call
 * returns as timeouts. */
bool net_wait(struct net *, int64_t until_ns, int wake_fd, struct net_answer *out);
void net_answer_release(struct net_answer *);

/* Drops all requests: those held back, those running, and those answered but not fetched. net_wait returns none of
 * them. */
void net_cancel(struct net *);

#endif
