/* schema.c - the schema of the JSON report, compiled in. */
#include "chaingate/report.h"

static const char *const lines[] = {
#include "report_schema.inc" /* generated from report.schema.json by the Makefile */
};

void report_schema(struct buf *buf)
{
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		buf_add_string(buf, lines[i]);
}
