/* wellformed.h - checks that a text is one well-formed XML document. It knows only the XML that reports need:
 * elements, attributes, text, entities, CDATA, comments. */
#ifndef TESTS_FAULTS_WELLFORMED_H
#define TESTS_FAULTS_WELLFORMED_H

#include <stdbool.h>

bool is_wellformed(const char *document);

#endif
