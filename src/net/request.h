/* request.h - what the files of this room share: the client, a request on its way, and what they are made of. */
#ifndef CHAINGATE_NET_REQUEST_H
#define CHAINGATE_NET_REQUEST_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/net.h"
#include "hide.h"
#include "pace.h"

#include <curl/curl.h>

/* The oldest libcurl that has all that is asked of it: protocols as text, and the final response's headers. */
#define NET_LIBCURL_MIN 0x075500
#define NET_LIBCURL_MIN_TEXT "7.85"

/* Longest base URL. Nobody types a longer one, and it goes into messages. */
#define NET_URL_MAX 2000
/* All header lines of an answer together, interim ones and trailers included. Real ones have under 4 KiB; libcurl
 * itself has no bound on their number. */
#define NET_HEADERS_MAX ((size_t)256 << 10)
/* How long a proxy that refuses may go on explaining itself. Its status has said all; but libcurl reads a 407 to its end where it has a password to try
 * again with. */
#define NET_REFUSAL_NS NS_PER_S
/* What an answer's memory may take beside its body: the headers, or the detail of a miss, which is a base URL and
 * libcurl's words, escaped. */
#define NET_TAIL_MAX (((size_t)32 << 10) + NET_HEADERS_MAX)

/* Where requests go, as libcurl's own parser understands the URL: it is the one that will connect. */
struct target {
	const char *base; /* canonical, without a slash at its end */
	const char *host; /* with the port, where one is given: for messages */
	const char *name; /* the host's name alone */
	bool loopback;
	bool tls; /* https; http is for loopback addresses only, and no proxy stands before these */
};

/* NULL, or why not, as net_check_url. The strings are in the arena. */
const char *target_parse(struct arena *, const char *url, struct target *out);

/* The certificates to trust, in one of two forms. Neither: libcurl's default. */
struct authorities {
	struct text pem;
	const char *path;
};

/* The system's and those of `ca_file`, which may be NULL; without `tls` nobody will ask for them, but a `ca_file` that is no use is still
 * said. NULL, or what went wrong. All in the arena; `*out` is {0} before. */
const char *authorities_load(struct arena *, const char *ca_file, bool tls, struct authorities *out);

/* What went wrong with a transfer. */
struct failure {
	CURLcode code;
	const char *words; /* libcurl's: never empty */
	long connect_code; /* what a proxy answered to CONNECT, or 0 */
};

enum miss_cause failure_cause(const struct failure *);

/* Adds the sentence for people: printable, with the host named. */
void failure_add_detail(struct buf *, const struct failure *, const struct target *);

struct net {
	struct arena arena; /* strings that live as long as the client */
	CURLM *multi;
	struct curl_slist *headers;
	struct target target;
	struct text key;
	struct authorities authorities;
	const char *user_agent;
	size_t body_max;
	struct pace pace;
	bool suspect; /* a request timed out: open connections may be dead */
	int wake_fd;  /* what net_wait watches just now; -1: nothing */
	bool woken;   /* a transfer was given up because that became readable */
	struct request_list {
		struct request *first, *last;
	} waiting, active, finished;
};

/* Why a callback stopped a transfer; libcurl only knows that one did. */
enum request_stop { STOP_NONE, STOP_BODY, STOP_HEADERS, STOP_LATE, STOP_WOKEN, STOP_REFUSED };

struct request {
	struct request *next;
	const struct net *net;
	CURL *easy; /* NULL unless active */
	const char *path;
	int64_t deadline_ns;
	int64_t cut_ns; /* the deadline, or the time-out if that comes first; set when it is started */
	size_t body_max;
	size_t header_bytes;
	int64_t refused_ns; /* when a proxy's refusal was seen first; 0: it wasn't */
	bool headers_ended; /* the empty line behind the last response's headers was seen */
	enum request_stop stop;
	struct buf content;
	struct net_answer answer;
	char words[CURL_ERROR_SIZE];
};

/* Life of a request. Made from a path, which is copied; freed with whatever it still owns. */
struct request *request_make(const struct net *, const char *path, int64_t deadline_ns, size_t tag);
void request_free(struct request *);

/* Gives it a transfer of its own. False if libcurl won't have it: then the answer is filled in. */
bool request_prepare(struct request *, const struct net *, int64_t now_ns);

/* What is said of a request that was cut. */
extern const char no_answer_in_time[];

/* Fills in the answer: what libcurl said of the transfer, or a miss that libcurl knows nothing of. */
void request_finish(struct request *, const struct net *, CURLcode, int64_t now_ns);
void request_fail(struct request *, const struct net *, enum miss_cause, const char *words, int64_t now_ns);

#endif
