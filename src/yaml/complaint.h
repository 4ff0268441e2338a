/* complaint.h - what libyaml, or YAML before it, has against a text, in words for people.
 */
#ifndef CHAINGATE_YAML_COMPLAINT_H
#define CHAINGATE_YAML_COMPLAINT_H

#include "chaingate/diag.h"

#include "marks.h"

#include <yaml.h>

/* Reports the first character from `from` on that no YAML may hold; true if there is none. Asked before libyaml is,
 * which calls all of these the same and would read UTF-16. */
bool complaint_unless_text(struct diags *, const struct source *, size_t from);

/* Reports the error that a parser stopped at. */
void complaint_of_parser(struct diags *, const struct source *, struct marks *, const yaml_parser_t *);

#endif
