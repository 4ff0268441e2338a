/* junit.h - the JUnit dialects. Private to src/report. */
#ifndef CHAINGATE_REPORT_JUNIT_H
#define CHAINGATE_REPORT_JUNIT_H

#include "chaingate/report.h"

/* `strict`: valid under Jenkins' junit-10.xsd and the windyroad schema, at the price of file, line and totals. */
bool junit_render(struct buf *, const struct report *, bool strict);

#endif
