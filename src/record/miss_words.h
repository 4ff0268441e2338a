/* miss_words.h - the words for causes of misses in a recording. Private to src/record. */
#ifndef CHAINGATE_RECORD_MISS_WORDS_H
#define CHAINGATE_RECORD_MISS_WORDS_H

#include "chaingate/miss.h"

#include <stdbool.h>

const char *miss_word(enum miss_cause);
bool miss_of_word(struct text, enum miss_cause *out);

#endif
