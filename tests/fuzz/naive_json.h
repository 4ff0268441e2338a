/* naive_json.h - a second strict JSON parser: slow, obvious, and without code from src/json. */
#ifndef CHAINGATE_TESTS_NAIVE_JSON_H
#define CHAINGATE_TESTS_NAIVE_JSON_H

#include <stdbool.h>
#include <stddef.h>

/* Accepts RFC 8259 and UTF-8 (RFC 3629), without lone surrogates, duplicate keys, or a NUL in a key. Integers must fit
 * 64 bits and other numbers must be finite. At most `depth` arrays and objects may be open. Needs the C locale's
 * decimal point. */
bool naive_json(const char *bytes, size_t length, int depth);

#endif
