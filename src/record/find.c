/* find.c - finds what a plan needs in a recording. */
#include "chaingate/record.h"

bool record_is_about(const struct record_answer *answer, enum record_name name, enum target_kind kind,
		     struct text chain, bool is_id, struct text environment)
{
	return answer->kind == kind && text_equal(name == RECORD_BY_ID ? answer->chain_id : answer->chain, chain) &&
	       (name != RECORD_BY_NAME || answer->is_id == is_id) && text_equal(answer->environment, environment);
}

/* True if the header names it: the run may have ended before it answered. */
static bool was_asked(const struct record_header *header, enum record_name name, enum target_kind kind,
		      struct text chain, bool is_id, struct text environment)
{
	for (size_t i = 0; i < header->chain_count && name != RECORD_BY_ID; i++) {
		const struct record_answer asked = {
			.kind = header->kinds ? header->kinds[i] : TARGET_CHAIN,
			.chain = header->chains[i],
			.is_id = header->by_id && header->by_id[i],
			.environment = header->environments ? header->environments[i] : (struct text){0},
		};
		if (record_is_about(&asked, name, kind, chain, is_id, environment))
			return true;
	}
	return false;
}

/* True if an answer shows that the run took the id for a name: of a chain that has another id. */
static bool was_name(const struct recording *recording, enum target_kind kind, struct text chain)
{
	for (size_t i = 0; i < recording->count; i++) {
		const struct record_answer *answer = &recording->answers[i];
		if (answer->kind == kind && text_equal(answer->chain, chain) && answer->chain_id.length &&
		    !text_equal(answer->chain_id, chain))
			return true;
	}
	return false;
}

enum record_name record_find(const struct recording *recording, enum target_kind kind, struct text chain, bool is_id,
			     struct text environment)
{
	for (enum record_name name = RECORD_BY_NAME; name <= RECORD_BY_ID; name++) {
		if (name == RECORD_BY_TEXT && is_id && was_name(recording, kind, chain))
			continue;
		if (was_asked(&recording->header, name, kind, chain, is_id, environment))
			return name;
		for (size_t i = 0; i < recording->count; i++)
			if (record_is_about(&recording->answers[i], name, kind, chain, is_id, environment))
				return name;
	}
	return RECORD_UNNAMED;
}
