/* naive_json.h - a second strict JSON parser: slow, obvious, and without code from src/json. */
#ifndef CHAINGATE_TESTS_NAIVE_JSON_H
#define CHAINGATE_TESTS_NAIVE_JSON_H

#include <stdbool.h>
#include <stddef.h>

/* RFC 8259, UTF-8 by RFC 3629, no lone surrogates, no key twice in an object and none with a NUL, integers that fit
 * 64 bits, other numbers finite, at most `depth` open arrays and objects. Needs the C locale's decimal point. */
bool naive_json(const char *bytes, size_t length, int depth);

#endif
