/* url.c - libcurl's parser of URLs for chaingate-virtual, loaded only for an address that isn't plain.
 *
 * Loading libcurl and its thirty libraries takes longer than most runs in virtual time, and only its parser is used.
 * The linker replaces the two functions that judge an address, and libcurl's functions, by __wrap_… (Makefile).
 */
#include "plain_url.h"
#include "world.h"

#include "chaingate/net.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <string.h>

/* Its name since 2006, on every system that has shared libraries of this kind. */
#define LIBCURL "libcurl.so.4"

const char *__wrap_net_check_url(const char *url);
const char *__real_net_check_url(const char *url);
bool __wrap_net_url_is_loopback(const char *url);
bool __real_net_url_is_loopback(const char *url);

/* In some releases of libcurl, the CURLU of curl_url_get is const. */
void __wrap_curl_free(void *);
CURLU *__wrap_curl_url(void);
void __wrap_curl_url_cleanup(CURLU *);
CURLUcode __wrap_curl_url_get(const CURLU *, CURLUPart, char **out, unsigned flags);
CURLUcode __wrap_curl_url_set(CURLU *, CURLUPart, const char *text, unsigned flags);

const char *__wrap_net_check_url(const char *url)
{
	bool is_loopback;
	return url_is_plain(url, &is_loopback) ? NULL : __real_net_check_url(url);
}

bool __wrap_net_url_is_loopback(const char *url)
{
	bool is_loopback;
	return url_is_plain(url, &is_loopback) ? is_loopback : __real_net_url_is_loopback(url);
}

/* ISO C can't convert an object's address to a function's; POSIX guarantees that this does. */
static void find(const char *name, void *out_function)
{
	void *library = dlopen(LIBCURL, RTLD_LAZY), *found = library ? dlsym(library, name) : NULL;
	if (!found)
		world_refuse("could not load %s: %s", LIBCURL, dlerror());
	memcpy(out_function, &found, sizeof(found));
}

void __wrap_curl_free(void *memory)
{
	void (*function)(void *);
	find("curl_free", &function);
	function(memory);
}

CURLU *__wrap_curl_url(void)
{
	CURLU *(*function)(void);
	find("curl_url", &function);
	return function();
}

void __wrap_curl_url_cleanup(CURLU *url)
{
	void (*function)(CURLU *);
	find("curl_url_cleanup", &function);
	function(url);
}

CURLUcode __wrap_curl_url_get(const CURLU *url, CURLUPart part, char **out, unsigned flags)
{
	CURLUcode (*function)(const CURLU *, CURLUPart, char **, unsigned);
	find("curl_url_get", &function);
	return function(url, part, out, flags);
}

CURLUcode __wrap_curl_url_set(CURLU *url, CURLUPart part, const char *text, unsigned flags)
{
	CURLUcode (*function)(CURLU *, CURLUPart, const char *, unsigned);
	find("curl_url_set", &function);
	return function(url, part, text, flags);
}
