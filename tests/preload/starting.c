/* starting.c - a preloaded library that ends the program, with code 97, when it starts libcurl or uses OpenSSL.
 *
 * Commands that need no network must not spend time on it. The library intercepts the program's own calls and
 * libcurl's calls of OpenSSL, but not the calls within OpenSSL.
 */
#include <string.h>
#include <unistd.h>

#define EXPORTED __attribute__((visibility("default")))

static void stop(const char *name)
{
	ssize_t written = write(STDERR_FILENO, "starting: ", 10);
	written += write(STDERR_FILENO, name, strlen(name));
	written += write(STDERR_FILENO, "\n", 1);
	(void)written;
	_exit(97);
}

#define STOP_AT(name) \
	EXPORTED long name(void); \
	long name(void) \
	{ \
		stop(#name); \
		return 0; \
	}

STOP_AT(curl_global_init)
STOP_AT(curl_global_init_mem)
STOP_AT(curl_easy_init)
STOP_AT(curl_multi_init)
STOP_AT(OPENSSL_init_crypto)
STOP_AT(OPENSSL_init_ssl)
STOP_AT(EVP_Digest)
