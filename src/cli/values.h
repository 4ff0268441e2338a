/* values.h - reads the values of options. Each function reports a value that it can't use. It leaves *out unchanged
 * then, and also if the option wasn't given. */
#ifndef CHAINGATE_CLI_VALUES_H
#define CHAINGATE_CLI_VALUES_H

#include "chaingate/diag.h"
#include "chaingate/selection.h"
#include "options.h"

#include <stddef.h>
#include <stdint.h>

/* A duration such as 1h30m, from `least_ns` to `most_ns`, both included. */
void value_duration(const struct command_line *, enum option_id, int64_t least_ns, int64_t most_ns, struct diags *,
		    int64_t *out);

/* A number from 1 to `most`. */
void value_count(const struct command_line *, enum option_id, size_t most, struct diags *, size_t *out);

/* Bytes: a number, optionally followed by K, M or G (powers of 1024), from 1 to `most`. */
void value_size(const struct command_line *, enum option_id, size_t most, struct diags *, size_t *out);

/* value_moment: an RFC 3339 time, as nanoseconds since 1970. value_since: also an age such as 10m, or `any`. */
void value_moment(const struct command_line *, enum option_id, struct diags *, int64_t *out_wall_ns);
void value_since(const struct command_line *, enum option_id, struct diags *, struct since *out);

#endif
