/* target.c - checks whether the key may be sent to a URL.
 *
 * A URL is accepted only because of the parts that libcurl's own parser finds in it, never because of its text: libcurl
 * connects to what that parser finds. So the host of `http://127.0.0.1@elsewhere/` or `http://0x7f.1/` is the same for
 * the check as for the connection.
 */
#include "request.h"

#include "chaingate/text.h"

#include <string.h>
#include <strings.h>

static const char not_http[] = "not an http or https URL";
static const char not_loopback[] =
	"http is only for a loopback address (localhost, 127.0.0.0/8, [::1]): anybody on the way could read the key; "
	"use https";

/* octet = one to three digits, at most 255. NULL if there is none at `at`, else a pointer to what follows. */
static const char *parse_octet(const char *at, int *out)
{
	int value = 0;
	int digits = 0;

	for (; *at >= '0' && *at <= '9' && digits < 3; at++, digits++)
		value = value * 10 + (*at - '0');
	if (digits == 0 || value > 255)
		return NULL;
	*out = value;
	return at;
}

/* loopback = "127" 3*( "." octet ). The parser has converted hexadecimal, octal and short forms to this one. */
static bool is_loopback_ipv4(const char *host)
{
	int first = 0;
	const char *at = parse_octet(host, &first);

	for (int i = 0; at && i < 3; i++) {
		int octet;
		at = *at == '.' ? parse_octet(at + 1, &octet) : NULL;
	}
	return at && *at == '\0' && first == 127;
}

/* libcurl connects "localhost" to the loopback addresses without a look-up. It would look up a name with a dot at
 * its end. */
static bool is_loopback(const char *host)
{
	return strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0 || is_loopback_ipv4(host);
}

/* A part of the URL in the arena; NULL if there is none. */
static const char *part(struct arena *arena, CURLU *url, CURLUPart which)
{
	char *found = NULL;
	CURLUcode code = curl_url_get(url, which, &found, 0);
	const char *kept = NULL;

	if (code == CURLUE_OUT_OF_MEMORY)
		memory_exhausted();
	if (code == CURLUE_OK)
		kept = arena_string(arena, found);
	curl_free(found);
	return kept;
}

static const char *check_parts(struct arena *arena, CURLU *url, struct target *out)
{
	const char *scheme = part(arena, url, CURLUPART_SCHEME);
	const char *host = part(arena, url, CURLUPART_HOST);
	const char *port = part(arena, url, CURLUPART_PORT);
	const char *base = part(arena, url, CURLUPART_URL);
	bool secure = scheme && strcmp(scheme, "https") == 0;
	struct text trimmed = text_of(base);

	if (!scheme || !host || !*host || !base || (!secure && strcmp(scheme, "http") != 0))
		return not_http;
	if (part(arena, url, CURLUPART_USER) || part(arena, url, CURLUPART_PASSWORD))
		return "it contains a user name or a password; give the API key in another way";
	if (part(arena, url, CURLUPART_QUERY) || part(arena, url, CURLUPART_FRAGMENT))
		return "it contains a query or a fragment, but paths are added after it";
	if (!secure && (!is_loopback(host) || part(arena, url, CURLUPART_ZONEID)))
		return not_loopback;
	while (trimmed.length > 0 && trimmed.bytes[trimmed.length - 1] == '/')
		trimmed.length--;
	*out = (struct target){
		.base = arena_text(arena, trimmed).bytes,
		.host = port ? arena_printf(arena, "%s:%s", host, port) : host,
		.name = host,
		.loopback = is_loopback(host),
		.tls = secure,
	};
	return NULL;
}

/* Rejects what the parser would accept: it ignores a single '?' or '#', and takes one or three slashes for two. */
static const char *check_text(const char *text)
{
	const char *colon = strchr(text, ':');

	if (strlen(text) > NET_URL_MAX)
		return "it is longer than 2000 characters";
	if (!colon || strncmp(colon, "://", 3) != 0 || colon[3] == '/')
		return not_http;
	if (strpbrk(text, "?#"))
		return "it contains a query or a fragment, but paths are added after it";
	return NULL;
}

const char *target_parse(struct arena *arena, const char *text, struct target *out)
{
	const char *why = text ? check_text(text) : not_http;
	CURLU *url;
	CURLUcode code;

	if (why)
		return why;
	url = curl_url();
	if (!url)
		memory_exhausted();
	code = curl_url_set(url, CURLUPART_URL, text, 0);
	if (code == CURLUE_OUT_OF_MEMORY)
		memory_exhausted();
	why = code == CURLUE_OK ? check_parts(arena, url, out) : not_http;
	curl_url_cleanup(url);
	return why;
}

const char *net_check_url(const char *url)
{
	struct arena arena = {0};
	struct target target;
	const char *why = target_parse(&arena, url, &target);

	arena_release(&arena);
	return why;
}

bool net_url_is_loopback(const char *url)
{
	struct arena arena = {0};
	struct target target = {0};
	bool is_loopback = !target_parse(&arena, url, &target) && target.loopback;

	arena_release(&arena);
	return is_loopback;
}

/* Names the character of a key that can't be in a header. */
static const char *name_character(struct arena *arena, struct text key, size_t at)
{
	uint32_t point = 0;
	size_t size = utf8_decode(key.bytes + at, key.length - at, &point),
	       number = text_points(text_slice(key, 0, at)) + 1;

	if (size == 0)
		return arena_printf(arena, "its character %zu isn't UTF-8", number);
	if (point == ' ')
		return arena_printf(arena, "its character %zu is a space", number);
	const char *name = point == '\n' ? "a line's end" : point == '\t' ? "a tab" : point_lookalike_name(point);
	return arena_printf(arena, "its character %zu is U+%04X%s%s%s, and only printable ASCII can be in a key",
			    number, (unsigned)point, name ? " (" : "", name ? name : "", name ? ")" : "");
}

const char *net_check_key(struct arena *arena, struct text key)
{
	if (key.length == 0)
		return "it is empty";
	if (key.length > NET_KEY_MAX)
		return "it is longer than 1024 characters";
	for (size_t i = 0; i < key.length; i++) {
		unsigned char byte = (unsigned char)key.bytes[i];

		if (byte < 0x21 || byte > 0x7e)
			return name_character(arena, key, i);
	}
	return NULL;
}
