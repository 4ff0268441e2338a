/* net.h - HTTP within a deadline and within the API's rate limit.
 *
 * The only room that knows libcurl. Each client is an event loop (curl_multi_poll) for any number of requests at once.
 * Of the API it knows only a base URL, a key and paths; src/api reads the answers.
 *
 * It never follows a redirect (a 3xx is an answer like any other), never turns verification off, and never sends the
 * key to another host than the base URL's. In everything that an answer contains, asterisks replace the key, also
 * escaped as in JSON, and parts and other forms of a long key (SECURITY.md). Only net_wait waits for the network, at
 * most until the time it is given (before libcurl 7.87, looking up a name may delay it, net_cancel and net_free).
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
/* Limit for a whole request, from sent_ns to done_ns. The first byte has no limit of its own. */
#define NET_REQUEST_TIMEOUT_NS (30 * NS_PER_S)
/* Largest body in bytes, decompressed. The largest list it is designed for is 12 MB. */
#define NET_BODY_MAX_DEFAULT ((size_t)64 << 20)
/* How many requests of one client, at most, start within any period of one second. The API allows 100. */
#define NET_REQUESTS_PER_SECOND_DEFAULT 10
/* Longest key, in bytes. Real ones have 41. */
#define NET_KEY_MAX 1024

/* An answer passes on the headers that may say that a list is only a page, or comes from a cache: those whose names
 * contain one of these words, whatever their case and separators are. Names with one of the other words are about
 * something else, or secret. A byte of a value that isn't ASCII becomes a question mark, so that any answer can be
 * recorded. */
#define NET_HEADER_WORDS \
	{ \
		"page", "pagina", "paging", "total", "count", "next", "more", "cursor", "continu", "truncat", \
			"partial", "incomplete", "offset", "limit", "range", "remaining", "marker", "scroll", \
			"bookmark", "startindex", "islast", "isfirst", "hasprev", "deployments", "chains", "meta", \
			"cache", "prev", "skip", "last", "first", "complete", "done", "start", "endof", "found", \
			"searchafter", "endingbefore", "link", "from", "size", "view", "after", "final", "index", \
			"atend", "isend", "number", "current", "hasless", "finished", "exhausted", "resumption", \
			"rowsper", "items", "records", "results", "result", "eof", "models", "object", "additional", \
			"navigation", "entry", "varnish", "warning", "servertiming", "fastlystate" \
	}
#define NET_HEADER_OTHERS \
	{ \
		"ratelimit", "quota", "retry", "account", "discount", "cookie", "auth", "secret", "apikey", "accept", \
			"accesscontrol", "policy", "language", "cachecontrol", "modified", "forwarded" \
	}

/* The header is "Authorization: Api-Key KEY" or "Authorization: Bearer KEY". */
enum auth_scheme { AUTH_API_KEY, AUTH_BEARER };

struct net_options {
	const char *base_url; /* net_new refuses what net_check_url refuses; it may end in "/" */
	struct text key;      /* net_new refuses what net_check_key refuses */
	enum auth_scheme scheme;
	const char *ca_file;     /* a file of PEM certificates to trust in addition to the system's, or NULL. The
				  * system's are those of SSL_CERT_FILE if it is set, else libcurl's or the
				  * distribution's */
	size_t body_max;         /* 0: the default */
	int requests_per_second; /* 0: the default */
	const char *user_agent;  /* NULL: "chaingate" */
};

/* NULL if the URL can be used, else why not, for people. It is refused if it isn't an http(s) URL, is longer than 2000
 * bytes, contains user or password, a query or a fragment, or is http to another host than localhost, 127.0.0.0/8 or
 * [::1] (no name is looked up). */
const char *net_check_url(const char *url);

/* NULL if the key can be used, else why not, perhaps in the arena; the words never contain the key. It is refused if
 * it is empty, too long, or contains a space or a character that isn't printable ASCII. */
const char *net_check_key(struct arena *, struct text key);

/* True if net_check_url accepts the URL and its host is one of those three. */
bool net_url_is_loopback(const char *url);

/* The versions of the linked libraries, for `chaingate version`: "libcurl/7.88.1 OpenSSL/3.0.14 …". */
const char *net_version(void);

struct net;

/* The options and their strings are copied. Returns NULL if libcurl can't be started, is too old or has no TLS; if the
 * URL or the key is refused; if ca_file can't be read or has no certificate; or, for https, if the file that
 * SSL_CERT_FILE names can't be read. Then *why is the reason, for people; it lives until the next call.
 * net_free drops all requests (net_cancel); it ignores NULL. Answers that net_wait returned outlive the client. */
struct net *net_new(const struct net_options *, const char **why);
void net_free(struct net *);

/* Queues a GET of base URL + path. The path is copied and sent as it is: it begins with "/", and is percent-encoded.
 * net_wait returns one answer for every request, also for one that fails. `tag` comes back with it, and needn't be
 * unique. A request that the rate doesn't allow yet stays in the queue. The answer is MISS_TIMEOUT if net_wait hasn't
 * seen the request end before `deadline_ns` (on clock_monotonic_ns's clock), even if it is still in the queue, or if it
 * exceeds one of the two timeouts above. */
void net_get(struct net *, const char *path, int64_t deadline_ns, size_t tag);

/* Like net_get, for a request whose answer often has the same body as an earlier one, `last`. If the new body equals
 * `last`, the answer's body is `last` itself: it isn't copied, and isn't searched for the key. So `last` must be a body
 * from net_wait. It must live, unchanged, until net_wait has returned the new answer (and if that has `last` as its
 * body, as long as you use it), or net_cancel or net_free has dropped the request. Empty: as net_get. */
void net_get_again(struct net *, const char *path, int64_t deadline_ns, size_t tag, struct text last);

/* With any miss, http_status is 0, and all texts but transport's are empty. */
struct net_answer {
	size_t tag;
	struct miss transport; /* cause MISS_NONE: an HTTP answer came, with any status. A body over body_max with
				* status 200 is MISS_TOO_LARGE */
	int http_status;
	struct text body;                    /* with another status than 200 it may be cut at body_max */
	struct text retry_after, date, link; /* the headers' values, or empty. A repeated header: "first, second" */
	struct text headers;                 /* Age and those of NET_HEADER_WORDS, in lines "Name: value\n" */
	int64_t sent_ns; /* monotonic: when the request was started, after waiting; if it never was: done_ns */
	int64_t done_ns; /* monotonic: when net_wait noticed its end */
	char *owned;     /* a malloc'd block with all texts of the answer, except a body that is `last`. Any other body
			  * is at its beginning, and a NUL follows. api_lists_read may take the block (api.h) */
};

/* Sends, receives and waits until there is an answer, `until_ns` (monotonic) has come, or `wake_fd` (-1: none) is
 * readable. True with an answer in *out; else false. A proxy that refuses CONNECT and never
 * stops sending can delay this by a second. If `until_ns` is past, it still starts what may start and returns what has
 * arrived. It doesn't read `wake_fd`. While that is readable, a call may end any requests that it has started, because
 * the caller is expected to give up; that call returns false, and later ones, also with this `wake_fd`, return them as
 * MISS_TIMEOUT. A call that ends none returns an answer if one has arrived.
 * net_answer_release frees `owned`, with or without a miss, and resets the answer to {0}. */
bool net_wait(struct net *, int64_t until_ns, int wake_fd, struct net_answer *out);
void net_answer_release(struct net_answer *);

/* Drops all requests: those waiting for the rate, those running, and those answered but not returned by net_wait.
 * net_wait returns none of them. */
void net_cancel(struct net *);

#endif
