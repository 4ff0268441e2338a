/* find.c - finds what a plan needs in a recording. */
#include "chaingate/record.h"

bool record_is_about(const struct record_answer *answer, enum record_name name, enum target_kind kind,
		     struct text chain, struct text environment)
{
	return answer->kind == kind && text_equal(name == RECORD_BY_ID ? answer->chain_id : answer->chain, chain) &&
	       text_equal(answer->environment, environment);
}

/* True if the header names it: the run may have ended before it answered. */
static bool was_asked(const struct record_header *header, enum target_kind kind, struct text chain,
		      struct text environment)
{
	for (size_t i = 0; i < header->chain_count; i++) {
		struct text asked = header->environments ? header->environments[i] : (struct text){0};
		enum target_kind of = header->kinds ? header->kinds[i] : TARGET_CHAIN;
		if (of == kind && text_equal(header->chains[i], chain) && text_equal(asked, environment))
			return true;
	}
	return false;
}

enum record_name record_find(const struct recording *recording, enum target_kind kind, struct text chain,
			     struct text environment)
{
	if (was_asked(&recording->header, kind, chain, environment))
		return RECORD_BY_NAME;
	for (enum record_name name = RECORD_BY_NAME; name <= RECORD_BY_ID; name++)
		for (size_t i = 0; i < recording->count; i++)
			if (record_is_about(&recording->answers[i], name, kind, chain, environment))
				return name;
	return RECORD_UNNAMED;
}
