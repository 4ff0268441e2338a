/* older.c - a preloaded library that makes libcurl look like another one: an older version, or one without TLS.
 *
 *   OLDER_VERSION=0x075400   its version, 7.84.0; default: its own
 *   OLDER_WITHOUT=0x4        features that it doesn't have, as libcurl's bits; default: none. Without HTTP/2
 *                            (0x10000) it refuses to be asked for it, as such a libcurl does
 */
#define _GNU_SOURCE
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <stdlib.h>

static long number_of(const char *name, long otherwise)
{
	const char *value = getenv(name);
	return value ? strtol(value, NULL, 0) : otherwise;
}

__attribute__((visibility("default"))) curl_version_info_data *curl_version_info(CURLversion wanted)
{
	static curl_version_info_data changed;
	static curl_version_info_data *(*real)(CURLversion);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "curl_version_info");
	changed = *real(wanted);
	if (getenv("OLDER_VERSION"))
		changed.version = "7.84.0";
	changed.version_num = (unsigned)number_of("OLDER_VERSION", (long)changed.version_num);
	changed.features &= ~(int)number_of("OLDER_WITHOUT", 0);
	return &changed;
}

/* Each value is a pointer or as long as one. */
#undef curl_easy_setopt
__attribute__((visibility("default"))) CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
	static CURLcode (*real)(CURL *, CURLoption, ...);
	va_list rest;
	va_start(rest, option);
	void *value = va_arg(rest, void *);
	va_end(rest);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "curl_easy_setopt");
	if (option == CURLOPT_HTTP_VERSION && (number_of("OLDER_WITHOUT", 0) & CURL_VERSION_HTTP2))
		return CURLE_UNSUPPORTED_PROTOCOL;
	return real(easy, option, value);
}
