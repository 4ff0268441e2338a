/* user.c - whose key it is: the check that a key works before anything depends on it.
 */
#include "answer.h"
#include "reader.h"

/* UserInfoV1 */
static bool read_user(struct reader *r, struct json_object *body, struct api_user *user)
{
	struct record top;
	return read_body(r, body, &top) && read_name(r, top, "user_id", &user->id) &&
	       read_text(r, top, "email", OPTIONAL, &user->email, NULL) &&
	       read_text(r, top, "name", OPTIONAL, &user->name, NULL) &&
	       read_text(r, top, "workspace_name", OPTIONAL, &user->workspace, NULL);
}

bool api_read_whoami(struct arena *arena, const struct api_answer *answer, struct api_user *out, struct miss *miss)
{
	struct json_object *body;
	struct api_user user = {0};
	if (!answer_open_fixed(arena, answer, api_whoami_path(), &body, miss))
		return false;
	struct reader reader = reader_make(arena);
	bool ok = read_user(&reader, body, &user);
	if (ok)
		*out = user;
	else
		*miss = reader_miss(&reader);
	reader_release(&reader);
	json_object_put(body);
	return ok;
}
