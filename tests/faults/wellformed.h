/* wellformed.h - is this one whole XML document? Enough of XML for reports: elements, attributes, text, entities, CDATA, comments. */
#ifndef TESTS_FAULTS_WELLFORMED_H
#define TESTS_FAULTS_WELLFORMED_H

#include <stdbool.h>

bool is_wellformed(const char *document);

#endif
