/* request.h - shared by the files of this room: the client, a running request, and their parts. */
#ifndef CHAINGATE_NET_REQUEST_H
#define CHAINGATE_NET_REQUEST_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/net.h"
#include "headers.h"
#include "hide.h"
#include "pace.h"

#include <curl/curl.h>

/* The oldest libcurl with everything that is needed: protocols as text, and the final response's headers. */
#define NET_LIBCURL_MIN 0x075500
#define NET_LIBCURL_MIN_TEXT "7.85"

/* Longest base URL. It appears in messages, and nobody types a longer one. */
#define NET_URL_MAX 2000
/* Limit for all header lines of an answer, interim ones and trailers included. Real answers have under 4 KiB;
 * libcurl itself limits their number only since 8.14, to 5,000. */
#define NET_HEADERS_MAX ((size_t)256 << 10)
/* How many bytes libcurl asks a socket for at once. With its default of 16 KiB, a body of 12 MB took 740 turns of the
 * loop, and these took as long as decoding it. At least OWN_PAGES_MIN, or it would be overwritten at the end. */
#define NET_RECEIVE_BYTES (64L << 10)
/* How many bytes of a body arrive before they are searched for the key: they are still in the processor's cache then,
 * and far more than the longest key. */
#define NET_SEARCH_BYTES ((size_t)64 << 10)
/* How long a proxy's refusal is read. Its status is enough; but libcurl reads a 407 to its end if it has a password
 * to try again with. */
#define NET_REFUSAL_NS NS_PER_S
/* Limit for an answer's memory beside its body: the headers (a space is added to each line), or the detail of a miss (a
 * base URL and libcurl's words, escaped). */
#define NET_TAIL_MAX (((size_t)32 << 10) + 2 * NET_HEADERS_MAX)

/* Where requests go, as libcurl's own parser reads the URL, because libcurl will connect. */
struct target {
	const char *base; /* canonical, without a slash at its end */
	const char *host; /* with the port if there is one: for messages */
	const char *name; /* only the host's name */
	bool loopback;
	bool tls; /* https. http is only for loopback addresses, which are never reached through a proxy */
};

/* NULL, or why not, as for net_check_url. The strings are in the arena. */
const char *target_parse(struct arena *, const char *text, struct target *out);

/* The certificates to trust, in one of two forms. Neither is set: libcurl's default. */
struct authorities {
	struct text pem;
	const char *path;
};

/* Loads the system's certificates and those of `ca_file`, which may be NULL. Without `tls` they aren't needed, but
 * an unusable `ca_file` is still an error. NULL, or what went wrong. Everything is in the arena; `*out` must be {0}
 * before. */
const char *authorities_load(struct arena *, const char *ca_file, bool tls, struct authorities *out);

/* What went wrong with a transfer. */
struct failure {
	CURLcode code;
	const char *words; /* libcurl's words; never empty */
	long connect_code; /* the proxy's status for CONNECT, or 0 */
};

enum miss_cause failure_cause(const struct failure *);

/* Appends the sentence for people: printable, with the host's name. */
void failure_add_detail(struct buf *, const struct failure *, const struct target *);

struct net {
	struct arena arena; /* for strings that live as long as the client */
	CURLM *multi;
	struct curl_slist headers; /* the first one has the key, and its line is secret memory */
	struct target target;
	struct text key; /* in that line */
	struct authorities authorities;
	const char *user_agent;
	size_t body_max;
	struct pace pace;
	bool suspect; /* a request didn't end well, so open connections may be dead */
	int wake_fd;  /* the descriptor that net_wait watches at the moment; -1: none */
	bool woken;   /* a transfer was stopped because that descriptor became readable */
	struct request_list {
		struct request *first, *last;
	} waiting, active, finished;
};

/* Why a callback stopped a transfer; libcurl only knows that it was stopped. */
enum request_stop { STOP_NONE, STOP_BODY, STOP_HEADERS, STOP_LINE, STOP_LATE, STOP_WOKEN, STOP_REFUSED };

struct request {
	struct request *next;
	const struct net *net;
	CURL *easy; /* NULL unless active */
	const char *path;
	int64_t deadline_ns;
	int64_t cut_ns; /* the deadline, or the timeout if that is earlier; set when the request is started */
	size_t body_max;
	size_t header_bytes;
	struct header_lines headers; /* of the last response so far */
	int64_t refused_ns;          /* when a proxy's refusal was first seen; 0: there was none */
	enum request_stop stop;
	struct text last; /* the last body, given to net_get_again; empty: none */
	bool repeats;     /* the body so far is the beginning of `last`, `repeated` bytes long; `content` is empty */
	size_t repeated;
	struct buf content; /* its first `clean` bytes have been searched for the key */
	struct net_answer answer;
	char words[CURL_ERROR_SIZE];
};

/* request_make copies the path. request_free also frees what the request still owns. */
struct request *request_make(const struct net *, const char *path, int64_t deadline_ns, size_t tag);
void request_free(struct request *);

/* Gives the request a transfer. False if libcurl refuses it: then the answer is filled in. */
bool request_prepare(struct request *, const struct net *, int64_t now_ns);

/* The words for a request that was cut off. */
extern const char no_answer_in_time[];

/* Fills in the answer: from libcurl's result of the transfer, or with a miss that isn't from libcurl. */
void request_finish(struct request *, const struct net *, CURLcode, int64_t now_ns);
void request_fail(struct request *, const struct net *, enum miss_cause, const char *words, int64_t now_ns);

#endif
