/* paging_count.h - reads how many items or pages something says there are. */
#ifndef CHAINGATE_API_PAGING_COUNT_H
#define CHAINGATE_API_PAGING_COUNT_H

#include "chaingate/json_cursor.h"

/* A text, which may be a JSON string's: a decimal number, perhaps with ".0" or ".00". 0: it says nothing (empty, "null",
 * negative). INT64_MAX: it doesn't fit or isn't such a number; "1.000" may be a thousand. */
int64_t paging_count_of_text(struct text);

/* A value that is no array or object. `is_count`: it must be a count, so that one which can't be read is INT64_MAX;
 * otherwise that is 0. */
int64_t paging_count_of(const struct json_value *, bool is_count);

/* How many items a page has. Of "1,000", "1.000" and "20 items" the digits at the beginning count, so that no page is
 * longer than its limit; 0: no limit is known. */
int64_t paging_limit_of(const struct json_value *);

/* The digits at the beginning of a text; 0 if there are none. A number that doesn't fit is INT64_MAX. */
int64_t paging_digits(struct text);

/* null, false, 0 and "" are nothing; and in a text or a header the words for them ("false", "none", "undefined"). */
bool paging_is_nothing(const struct json_value *);
bool paging_text_is_nothing(struct text);

/* The same for a cursor, an address or a name. The texts "no" and "off" may be a cursor, so they aren't nothing; "-"
 * is. */
bool paging_is_no_place(const struct json_value *);

/* True for "no", "off" and the like, which are nothing, too, and false. But no count: "-" is an unknown one. */
bool paging_text_is_no(struct text);

/* True for true and false, and for texts of these words and of "no", with the value in *out. */
bool paging_is_truth(const struct json_value *, bool *out);

#endif
