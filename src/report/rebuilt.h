/* rebuilt.h - a run's result out of its JSON report, for the formats that need no more than that. Private to
 * src/report. */
#ifndef CHAINGATE_REPORT_REBUILT_H
#define CHAINGATE_REPORT_REBUILT_H

#include "merged.h"

/* The report of a merged document. Its sentences are told and not made from evidence, of which it has none; it has no
 * events, and no texts of policies. Lives as long as the arena and the document. */
struct report rebuilt_report(struct arena *, const struct merged *, enum gate_exit);

#endif
