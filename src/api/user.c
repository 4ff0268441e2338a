/* user.c - reads the user a key belongs to: checks that a key works before anything depends on it. */
#include "answer.h"
#include "reader.h"

/* Limits for such an answer. Real ones have about 10 values. */
#define USER_LIMITS ((struct json_limits){10000, 10000})

/* UserInfoV1 */
static const struct field user_fields[] = {
	{FIELD_NAMED("user_id"), FIELD_NAME, REQUIRED, offsetof(struct api_user, id), NULL},
	{FIELD_NAMED("email"), FIELD_TEXT, OPTIONAL, offsetof(struct api_user, email), NULL},
	{FIELD_NAMED("name"), FIELD_TEXT, OPTIONAL, offsetof(struct api_user, name), NULL},
	{FIELD_NAMED("workspace_name"), FIELD_TEXT, OPTIONAL, offsetof(struct api_user, workspace), NULL},
};

bool api_read_whoami(struct arena *arena, const struct api_answer *answer, struct api_user *out, struct miss *miss)
{
	struct api_user user = {0};
	if (!answer_is_good_fixed(arena, answer, api_whoami_path(), miss))
		return false;
	struct reader reader = reader_make(arena, answer->body, USER_LIMITS);
	bool ok = read_entry(&reader, NULL, JSON_KIND_OBJECT);
	if (ok)
		reader_begin(&reader);
	ok = ok && READ_RECORD(&reader, NULL, user_fields, &user) &&
	     READER_CONFIRM(&reader, NULL, user_fields, &user) && json_cursor_end(&reader.cursor);
	if (ok)
		*out = (struct api_user){.id = arena_text(arena, user.id),
					 .email = arena_text(arena, user.email),
					 .name = arena_text(arena, user.name),
					 .workspace = arena_text(arena, user.workspace)};
	else
		*miss = reader_miss(&reader);
	reader_release(&reader);
	return ok;
}
