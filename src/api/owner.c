/* owner.c - reads whose deployments a list has, as `chaingate status --format json` writes it beside them. */
#include "draft.h"
#include "reader.h"

/* Of each kind: a body may say both. */
struct owners {
	struct text id[TARGET_KIND_COUNT], name[TARGET_KIND_COUNT];
};

/* The members that status_json (status_json.c) writes. In a list of the API itself they are absent. */
static const struct field owner_fields[] = {
	{FIELD_NAMED("chain_id"), FIELD_NAME, OPTIONAL, offsetof(struct owners, id[TARGET_CHAIN]), NULL},
	{FIELD_NAMED("chain_name"), FIELD_TEXT, OPTIONAL, offsetof(struct owners, name[TARGET_CHAIN]), NULL},
	{FIELD_NAMED("model_id"), FIELD_NAME, OPTIONAL, offsetof(struct owners, id[TARGET_MODEL]), NULL},
	{FIELD_NAMED("model_name"), FIELD_TEXT, OPTIONAL, offsetof(struct owners, name[TARGET_MODEL]), NULL},
};

/* A body that says that it is of the other kind, too, is of nobody. */
static bool is_of_kind(struct arena *arena, const struct owners *owners, enum target_kind kind, struct miss *miss)
{
	for (int other = 0; other < TARGET_KIND_COUNT; other++) {
		if (other == (int)kind || (!owners->id[other].bytes && !owners->name[other].bytes))
			continue;
		const char *detail =
			arena_printf(arena, "it says that it is of a %s, and the deployments of a %s are to be judged",
				     target_kind_name((enum target_kind)other), target_kind_name(kind));
		*miss = (struct miss){.cause = MISS_MALFORMED, .detail = text_of(detail)};
		return false;
	}
	return true;
}

bool api_read_said(struct arena *arena, struct text body, enum target_kind kind, struct api_said *out,
		   struct miss *miss)
{
	struct owners owners = {0};
	struct reader reader = reader_make(arena, body, DRAFT_LIMITS);
	bool ok = read_entry(&reader, NULL, JSON_KIND_OBJECT);
	if (ok)
		reader_begin(&reader);
	ok = ok && READ_RECORD(&reader, NULL, owner_fields, &owners) &&
	     READER_CONFIRM(&reader, NULL, owner_fields, &owners) && json_cursor_end(&reader.cursor);
	if (!ok)
		*miss = reader_miss(&reader);
	ok = ok && is_of_kind(arena, &owners, kind, miss);
	if (ok)
		*out = (struct api_said){arena_text(arena, owners.id[kind]), arena_text(arena, owners.name[kind])};
	reader_release(&reader);
	return ok;
}
