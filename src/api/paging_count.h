/* paging_count.h - reads how many items or pages something says there are. */
#ifndef CHAINGATE_API_PAGING_COUNT_H
#define CHAINGATE_API_PAGING_COUNT_H

#include "chaingate/json_cursor.h"

/* A text, which may be a JSON string's: a decimal number. 0: it says nothing (empty, "null", negative). INT64_MAX: it
 * doesn't fit or isn't a number. */
int64_t paging_count_of_text(struct text);

/* A value that is no array or object. `is_count`: it must be a count, so that one which can't be read is INT64_MAX;
 * otherwise that is 0. */
int64_t paging_count_of(const struct json_value *, bool is_count);

/* The digits at the beginning of a text; 0 if there are none. A number that doesn't fit is INT64_MAX. */
int64_t paging_digits(struct text);

/* null, false, 0 and "" are nothing; and in a header the words for them. */
bool paging_is_nothing(const struct json_value *);
bool paging_text_is_nothing(struct text);

#endif
