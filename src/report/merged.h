/* merged.h - the report that merge.c has put together. Private to src/report. */
#ifndef CHAINGATE_REPORT_MERGED_H
#define CHAINGATE_REPORT_MERGED_H

#include "chaingate/merge.h"

#include <json-c/json.h>

struct merged {
	struct json_object *document; /* as report_json writes it */
	enum verdict verdict;
	enum gate_exit exit;
	int64_t start_wall_ns, took_ns;
	int64_t first_end_wall_ns;     /* when the first shard that judged anything ended; INT64_MAX: none did */
	const char *checkout, *folder; /* as in struct report */
};

#endif
