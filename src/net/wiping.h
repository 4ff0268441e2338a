/* wiping.h - starts libcurl so that nothing it frees keeps the key. */
#ifndef CHAINGATE_NET_WIPING_H
#define CHAINGATE_NET_WIPING_H

#include <curl/curl.h>
#include <stddef.h>

/* A block of this size has pages of its own. The kernel takes them back and clears them before anybody gets them, so nothing has to be
 * overwritten. To overwrite libcurl's buffer for an answer made all the pages of it to which nothing had been written. */
#define OWN_PAGES_MIN ((size_t)64 << 10)

/* curl_global_init, but memory that libcurl frees is overwritten before, or given back to the kernel: each request is put together there,
 * with its Authorization header. Libraries that libcurl uses free their memory themselves. */
CURLcode wiping_start(void);

/* What libcurl is given in place of the C library's functions. They return NULL if memory runs out. */
void *wiping_malloc(size_t size);
void *wiping_calloc(size_t count, size_t size);
void *wiping_realloc(void *bytes, size_t size);
void wiping_free(void *bytes);

#endif
