/* plain_url.c - see plain_url.h. */
#include "plain_url.h"

#include <stdlib.h>
#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
/* Shorter than any limit of net.h. */
#define LENGTH_MAX 200

/* host = 1*( letter / digit / "-" / "." ); its last label begins with a letter, so it isn't a number. Returns its
 * length, or 0. */
static size_t name_length(const char *at)
{
	size_t length = strspn(at, LOWER DIGITS "-.");
	const char *label = at;
	for (size_t i = 0; i < length; i++) {
		if (at[i] == '.' && (at + i == label || i + 1 == length))
			return 0;
		if (at[i] == '.')
			label = at + i + 1;
	}
	return length && strchr(LOWER, *label) ? length : 0;
}

static size_t host_length(const char *at, bool is_secure, bool *out_is_loopback)
{
	static const char *const loopbacks[] = {"127.0.0.1", "localhost"};
	size_t length = strcspn(at, ":/");
	for (size_t i = 0; i < sizeof(loopbacks) / sizeof(*loopbacks); i++)
		if (length == strlen(loopbacks[i]) && strncmp(at, loopbacks[i], length) == 0) {
			*out_is_loopback = true;
			return length;
		}
	*out_is_loopback = false;
	return is_secure ? name_length(at) : 0;
}

bool url_is_plain(const char *url, bool *out_is_loopback)
{
	bool is_loopback, is_secure = url && strncmp(url, "https://", 8) == 0;
	if (!url || (!is_secure && strncmp(url, "http://", 7) != 0) || strlen(url) > LENGTH_MAX)
		return false;
	const char *at = url + (is_secure ? 8 : 7);
	size_t host = host_length(at, is_secure, &is_loopback);
	if (!host)
		return false;
	at += host;
	if (*at == ':') {
		size_t digits = strspn(at + 1, DIGITS);
		if (at[1] == '0' || digits == 0 || digits > 5 || atoi(at + 1) > 65535)
			return false;
		at += 1 + digits;
	}
	if (*at == '/')
		at += strspn(at, LOWER DIGITS "/_-");
	*out_is_loopback = is_loopback;
	return *at == '\0';
}
