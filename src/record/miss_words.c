/* miss_words.c - see miss_words.h. The words are part of the format: none ever changes its meaning. */
#include "miss_words.h"

static const char *const words[MISS_CAUSE_COUNT] = {
	[MISS_NONE] = "none",         [MISS_RESOLVE] = "resolve",
	[MISS_CONNECT] = "connect",   [MISS_TIMEOUT] = "timeout",
	[MISS_RESET] = "reset",       [MISS_PROTOCOL] = "protocol",
	[MISS_TLS] = "tls",           [MISS_TOO_LARGE] = "too_large",
	[MISS_HTTP] = "http",         [MISS_MALFORMED] = "malformed",
	[MISS_NO_CHAIN] = "no_chain", [MISS_AMBIGUOUS] = "ambiguous",
	[MISS_REQUEST] = "request",   [MISS_PAGE] = "page",
	[MISS_STALE] = "stale",
};

const char *miss_word(enum miss_cause cause)
{
	return words[cause];
}

bool miss_of_word(struct text word, enum miss_cause *out)
{
	for (int i = MISS_NONE + 1; i < MISS_CAUSE_COUNT; i++)
		if (text_is(word, words[i])) {
			*out = (enum miss_cause)i;
			return true;
		}
	return false;
}
