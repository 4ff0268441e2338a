/* file_kind.h - what sort of file somebody gave, where another sort was expected. For messages only: a guess from the first keys. */
#ifndef CHAINGATE_FILE_KIND_H
#define CHAINGATE_FILE_KIND_H

#include "chaingate/diag.h"
#include "chaingate/source.h"
#include "chaingate/text.h"

#include <stdbool.h>

enum file_kind {
	FILE_KIND_UNKNOWN,
	FILE_KIND_POLICY,
	FILE_KIND_TESTS,     /* of policies */
	FILE_KIND_RECORDING, /* of --record */
	FILE_KIND_BODY,      /* the API's list of deployments */
	FILE_KIND_REPORT,    /* of --report json */
	FILE_KIND_SCENARIO,  /* of the simulator */
};

/* Linear in the length of the content. */
enum file_kind file_kind_of(struct text content);

/* Reports that a source is certainly of another sort than wanted, and what to do with it. False then. */
bool file_kind_check(const struct source *, enum file_kind wanted, struct diags *);

/* What to do with content that isn't what was wanted: how to use it, where it is recognised as another sort, else `otherwise`. */
const char *file_kind_remedy(struct text content, enum file_kind wanted, const char *otherwise);

#endif
