/* keys.c - refuses keys of a mapping that nothing reads: the test would say less than its author meant. */
#include "trial_room.h"

void check_keys(struct room *room, const struct yaml_node *node, const char *what, const char *const *keys)
{
	struct diags *diags = room->reader.diags;
	size_t count = 0;
	while (keys[count])
		count++;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_node *key = node->pairs[i].key;
		bool known = false;
		for (size_t j = 0; j < count; j++)
			known |= text_is(key->scalar.text, keys[j]);
		if (known)
			continue;
		struct diag *diag = diag_error(diags, room->reader.source, key->span, DIAG_UNKNOWN_FIELD,
					       "%s has no key '%s'", what, diag_value(diags, key->scalar.text));
		const char *near = text_nearest(key->scalar.text, keys, count);
		if (near)
			diag_hint(diags, diag, "a key has a similar name: %s", near);
	}
}
