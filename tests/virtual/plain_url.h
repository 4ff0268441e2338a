/* plain_url.h - recognises simple addresses to which the key may be sent, without a parser of URLs. */
#ifndef TESTS_VIRTUAL_PLAIN_URL_H
#define TESTS_VIRTUAL_PLAIN_URL_H

#include <stdbool.h>

/* True only for `https` with a name in lower-case letters, and for `http` with 127.0.0.1 or localhost; a port and a
 * simple path may follow. net_check_url accepts all of these (tests/unit/test_net_url.c), and many more. */
bool url_is_plain(const char *url, bool *out_is_loopback);

#endif
