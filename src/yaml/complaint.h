/* complaint.h - reports what is wrong with a text as YAML, in words for people. */
#ifndef CHAINGATE_YAML_COMPLAINT_H
#define CHAINGATE_YAML_COMPLAINT_H

#include "chaingate/diag.h"

#include "marks.h"

#include <yaml.h>

/* Reports the first character from `from` on that YAML doesn't allow; true if there is none. Call it before libyaml,
 * which reports all of these the same way and would accept UTF-16. */
bool complaint_unless_text(struct diags *, const struct source *, size_t from);

/* Reports the error that a parser stopped at. */
void complaint_of_parser(struct diags *, const struct source *, struct marks *, const yaml_parser_t *);

#endif
