/* file_kind.h - recognises a file of the wrong kind. For messages only: it guesses from the first keys. */
#ifndef CHAINGATE_FILE_KIND_H
#define CHAINGATE_FILE_KIND_H

#include "chaingate/diag.h"
#include "chaingate/source.h"
#include "chaingate/text.h"

#include <stdbool.h>

enum file_kind {
	FILE_KIND_UNKNOWN,
	FILE_KIND_POLICY,
	FILE_KIND_TESTS,     /* tests of policies */
	FILE_KIND_RECORDING, /* written by --record */
	FILE_KIND_BODY,      /* the API's list of deployments */
	FILE_KIND_REPORT,    /* written by --report json */
	FILE_KIND_SCENARIO,  /* for the simulator */
};

/* If a source is certainly of another kind than wanted, reports that and how to use it, and returns false. */
bool file_kind_check(const struct source *, enum file_kind wanted, struct diags *);

/* A hint for content of the wrong kind: how to use it, if its kind is recognised; otherwise `otherwise`. */
const char *file_kind_remedy(struct text content, enum file_kind wanted, const char *otherwise);

#endif
