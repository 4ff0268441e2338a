/* failure.c - translates libcurl's errors.
 *
 * libcurl has about a hundred codes; a gate needs to know only whether trying again may help. One table says this
 * for each code that an HTTP transfer can end with. A code that isn't in the table counts as broken HTTP: a miss
 * like any other, never an answer.
 */
#include "request.h"

#include <string.h>

struct failure_row {
	CURLcode code;
	enum miss_cause cause;
	const char *lead; /* put before libcurl's words, or NULL */
};

static const char tls_lead[] = "no TLS connection could be made";
static const char authorities_lead[] =
	"the trusted certificates could not be loaded (the usual ones are in the package ca-certificates)";

static const struct failure_row rows[] = {
	{CURLE_COULDNT_RESOLVE_HOST, MISS_RESOLVE, NULL},
	{CURLE_COULDNT_RESOLVE_PROXY, MISS_RESOLVE, NULL},
	{CURLE_COULDNT_CONNECT, MISS_CONNECT, NULL},
	{CURLE_INTERFACE_FAILED, MISS_CONNECT, NULL},
	{CURLE_NO_CONNECTION_AVAILABLE, MISS_CONNECT, NULL},
	{CURLE_PROXY, MISS_CONNECT, "the proxy made no connection"},
	{CURLE_OPERATION_TIMEDOUT, MISS_TIMEOUT, NULL},
	{CURLE_PARTIAL_FILE, MISS_RESET, "the answer was cut short"},
	{CURLE_RECV_ERROR, MISS_RESET, NULL},
	{CURLE_SEND_ERROR, MISS_RESET, NULL},
	{CURLE_SEND_FAIL_REWIND, MISS_RESET, NULL},
	{CURLE_GOT_NOTHING, MISS_RESET, NULL},
	{CURLE_HTTP2_STREAM, MISS_RESET, NULL},
	{CURLE_WEIRD_SERVER_REPLY, MISS_PROTOCOL, NULL},
	{CURLE_UNSUPPORTED_PROTOCOL, MISS_PROTOCOL, NULL},
	{CURLE_HTTP2, MISS_PROTOCOL, NULL},
	{CURLE_HTTP3, MISS_PROTOCOL, NULL},
	{CURLE_BAD_CONTENT_ENCODING, MISS_PROTOCOL, NULL},
	{CURLE_WRITE_ERROR, MISS_PROTOCOL, NULL},
	{CURLE_CHUNK_FAILED, MISS_PROTOCOL, NULL},
	{CURLE_OUT_OF_MEMORY, MISS_PROTOCOL,
	 "a header is too long, or memory ran out"}, /* before 8.6 the code is for both */
	{CURLE_SSL_CONNECT_ERROR, MISS_TLS, tls_lead},
	{CURLE_PEER_FAILED_VERIFICATION, MISS_TLS, "the server's certificate is not trusted"},
	{CURLE_SSL_ISSUER_ERROR, MISS_TLS, "the server's certificate is not trusted"},
	{CURLE_SSL_INVALIDCERTSTATUS, MISS_TLS, "the server's certificate is not trusted"},
	{CURLE_SSL_PINNEDPUBKEYNOTMATCH, MISS_TLS, "the server's certificate is not trusted"},
	{CURLE_SSL_CACERT_BADFILE, MISS_TLS, authorities_lead},
	{CURLE_SSL_CRL_BADFILE, MISS_TLS, authorities_lead},
	{CURLE_SSL_CERTPROBLEM, MISS_TLS, tls_lead},
	{CURLE_SSL_CLIENTCERT, MISS_TLS, tls_lead},
	{CURLE_SSL_CIPHER, MISS_TLS, tls_lead},
	{CURLE_SSL_ENGINE_NOTFOUND, MISS_TLS, tls_lead},
	{CURLE_SSL_ENGINE_SETFAILED, MISS_TLS, tls_lead},
	{CURLE_SSL_ENGINE_INITFAILED, MISS_TLS, tls_lead},
	{CURLE_SSL_SHUTDOWN_FAILED, MISS_TLS, tls_lead},
	{CURLE_USE_SSL_FAILED, MISS_TLS, tls_lead},
	{CURLE_FILESIZE_EXCEEDED, MISS_TOO_LARGE, NULL},
	{CURLE_URL_MALFORMAT, MISS_REQUEST, NULL},
	{CURLE_FAILED_INIT, MISS_REQUEST, NULL},
	{CURLE_NOT_BUILT_IN, MISS_REQUEST, NULL},
	{CURLE_BAD_FUNCTION_ARGUMENT, MISS_REQUEST, NULL},
	{CURLE_UNKNOWN_OPTION, MISS_REQUEST, NULL},
	{CURLE_SETOPT_OPTION_SYNTAX, MISS_REQUEST, NULL},
	{CURLE_LOGIN_DENIED, MISS_REQUEST, NULL},
	{CURLE_AUTH_ERROR, MISS_REQUEST, NULL},
};

static const struct failure_row *row_of(CURLcode code)
{
	static const struct failure_row other = {CURLE_OK, MISS_PROTOCOL, NULL};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].code == code)
			return &rows[i];
	return &other;
}

/* A peer that hangs up during the handshake gives the same code as one that can't agree on a cipher. But only the
 * second one will fail again: a load balancer that restarts must not end a gate. Only OpenSSL's and GnuTLS's words
 * tell them apart. */
static bool is_broken_handshake(const struct failure *failure)
{
	static const char *const signs[] = {"SSL_ERROR_SYSCALL", "eset by peer",   "Broken pipe",
					    "unexpected eof",    "Unexpected EOF", "non-properly terminated",
					    "Connection refused"};

	if (failure->code != CURLE_SSL_CONNECT_ERROR)
		return false;
	for (size_t i = 0; i < sizeof(signs) / sizeof(*signs); i++)
		if (strstr(failure->words, signs[i]))
			return true;
	return false;
}

/* libcurl quotes a proxy's URL that it can't use, possibly with a password. */
static bool is_bad_proxy(const struct failure *failure)
{
	return strncmp(failure->words, "Unsupported proxy", 17) == 0;
}

enum miss_cause failure_cause(const struct failure *failure)
{
	if (is_bad_proxy(failure))
		return MISS_REQUEST;
	/* The proxy's answer to CONNECT: a 4xx is a refusal, a 5xx means trouble on the way to the host. */
	if (failure->connect_code >= 400 && failure->connect_code < 500)
		return MISS_REQUEST;
	if (failure->connect_code >= 300)
		return MISS_CONNECT;
	if (is_broken_handshake(failure))
		return MISS_RESET;
	return row_of(failure->code)->cause;
}

void failure_add_detail(struct buf *buf, const struct failure *failure, const struct target *target)
{
	const char *lead = is_broken_handshake(failure) ? tls_lead : row_of(failure->code)->lead;
	struct text words = text_of(failure->words);

	if (is_bad_proxy(failure))
		words = TEXT("the proxy that the environment names cannot be used");
	while (words.length > 0 && (words.bytes[words.length - 1] == '\n' || words.bytes[words.length - 1] == ' '))
		words.length--;
	if (!strstr(failure->words, target->name)) {
		text_add_printable(buf, text_of(target->host));
		buf_add_string(buf, ": ");
	}
	if (lead && !is_bad_proxy(failure))
		buf_printf(buf, "%s: ", lead);
	text_add_printable(buf, words);
}
