/* wiping.h - starts libcurl so that nothing it frees keeps the key. */
#ifndef CHAINGATE_NET_WIPING_H
#define CHAINGATE_NET_WIPING_H

#include <curl/curl.h>

/* curl_global_init, but memory that libcurl frees is overwritten before, or given back to the kernel: each request is put together there,
 * with its Authorization header. Libraries that libcurl uses free their memory themselves. */
CURLcode wiping_start(void);

#endif
