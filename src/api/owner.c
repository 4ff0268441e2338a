/* owner.c - reads whose deployments a list has, as `chaingate status --format json` writes it beside them. */
#include "draft.h"
#include "reader.h"

/* The members that status_json (status_json.c) writes. In a list of the API itself they are absent. */
static const struct field owner_fields[TARGET_KIND_COUNT][2] = {
	[TARGET_CHAIN] = {{FIELD_NAMED("chain_id"), FIELD_TEXT, OPTIONAL, offsetof(struct api_said, id), NULL},
			  {FIELD_NAMED("chain_name"), FIELD_TEXT, OPTIONAL, offsetof(struct api_said, name), NULL}},
	[TARGET_MODEL] = {{FIELD_NAMED("model_id"), FIELD_TEXT, OPTIONAL, offsetof(struct api_said, id), NULL},
			  {FIELD_NAMED("model_name"), FIELD_TEXT, OPTIONAL, offsetof(struct api_said, name), NULL}},
};

bool api_read_said(struct arena *arena, struct text body, enum target_kind kind, struct api_said *out,
		   struct miss *miss)
{
	struct api_said said = {0};
	struct reader reader = reader_make(arena, body, DRAFT_LIMITS);
	bool ok = read_entry(&reader, NULL, JSON_KIND_OBJECT);
	if (ok)
		reader_begin(&reader);
	ok = ok && READ_RECORD(&reader, NULL, owner_fields[kind], &said) &&
	     READER_CONFIRM(&reader, NULL, owner_fields[kind], &said) && json_cursor_end(&reader.cursor);
	if (ok)
		*out = (struct api_said){arena_text(arena, said.id), arena_text(arena, said.name)};
	else
		*miss = reader_miss(&reader);
	reader_release(&reader);
	return ok;
}
