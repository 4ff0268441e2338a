/* sources.h - the files of the policies that a run was judged by. Private to src/report. */
#ifndef CHAINGATE_REPORT_SOURCES_H
#define CHAINGATE_REPORT_SOURCES_H

#include "chaingate/report.h"
#include "chaingate/source.h"

/* Each file once, in the order of the rules. Returns the number of files. */
size_t sources_of_rules(struct arena *, const struct gate_result *, const struct source *const **out);

#endif
