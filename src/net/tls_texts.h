/* tls_texts.h - OpenSSL's texts for its errors, which say why TLS failed.
 *
 * The table of them takes 200 kB of the heap and a seventh of a request's time, though nearly no run needs it. The static program
 * has an OpenSSL of its own, so it reads the table at the first error. Elsewhere libcurl has it read, and both functions do
 * nothing. */
#ifndef CHAINGATE_NET_TLS_TEXTS_H
#define CHAINGATE_NET_TLS_TEXTS_H

#include <stddef.h>

/* Keeps libcurl from having the table read. To be called before libcurl is started. */
void tls_texts_delay(void);

/* libcurl's words for an error have OpenSSL's number in place of its text: "error:0A000126:lib(20)::reason(294)". Puts the text there. `size` is
 * the array's; what has no room is cut off. */
void tls_texts_add(char *words, size_t size);

#endif
