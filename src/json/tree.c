/* tree.c - builds json-c's tree of a text that the scan has accepted, and reads values from it. */
#include "strict.h"

#include <errno.h>
#include <limits.h>

/* Each continues "the body …". */
static const char *const fault_texts[] = {
	[JSON_OK] = "is JSON",
	[JSON_EMPTY] = "is empty",
	[JSON_TRUNCATED] = "ends in the middle",
	[JSON_SYNTAX] = "is not JSON",
	[JSON_NOT_UTF8] = "is not UTF-8",
	[JSON_DUPLICATE_KEY] = "has a key twice",
	[JSON_NUMBER_TOO_LARGE] = "has a number that is too large",
	[JSON_TOO_DEEP] = "is nested too deeply",
	[JSON_TRAILING_BYTES] = "has more text after its end",
	[JSON_TOO_MANY] = "has more values than any list needs",
};

const char *json_fault_text(enum json_fault_kind kind)
{
	size_t index = (size_t)kind;
	return index < sizeof fault_texts / sizeof *fault_texts ? fault_texts[index] : fault_texts[JSON_SYNTAX];
}

/* Recurses once for each level; the scan allows at most JSON_DEPTH_MAX. */
static size_t count_values(struct json_object *value)
{
	size_t count = 1;
	if (json_object_is_type(value, json_type_array)) {
		size_t length = json_object_array_length(value);
		for (size_t i = 0; i < length; i++)
			count += count_values(json_object_array_get_idx(value, i));
	} else if (json_object_is_type(value, json_type_object)) {
		struct json_object_iterator at = json_object_iter_begin(value);
		struct json_object_iterator end = json_object_iter_end(value);
		for (; !json_object_iter_equal(&at, &end); json_object_iter_next(&at))
			count += count_values(json_object_iter_peek_value(&at));
	}
	return count;
}

/* Feeds the tokener one value, without white space around it, made of all pieces. False if the tokener rejects it or
 * stops before its end. */
static bool feed(struct json_tokener *tokener, const struct text *pieces, size_t count, struct json_object **out)
{
	struct json_object *object = NULL;
	enum json_tokener_error error = json_tokener_continue;
	bool whole = true;
	for (size_t i = 0; i < count && whole && error == json_tokener_continue; i++) {
		/* json-c counts in int, so it would read only a part */
		if (pieces[i].length > INT_MAX)
			return false;
		object = json_tokener_parse_ex(tokener, pieces[i].bytes, (int)pieces[i].length);
		error = json_tokener_get_error(tokener);
		whole = json_tokener_get_parse_end(tokener) == pieces[i].length &&
			(error == json_tokener_continue || i + 1 == count);
	}
	/* a number might continue: a NUL ends it */
	if (whole && error == json_tokener_continue) {
		object = json_tokener_parse_ex(tokener, "", 1);
		error = json_tokener_get_error(tokener);
	}
	if (!whole || error != json_tokener_success) {
		json_object_put(object);
		return false;
	}
	*out = object;
	return true;
}

bool json_build(const struct text *pieces, size_t count, size_t values, struct json_object **out)
{
	struct json_object *object = NULL;
	/* json-c's depth counts a scalar inside as one more level */
	struct json_tokener *tokener = json_tokener_new_ex(JSON_DEPTH_MAX + 1);
	if (!tokener)
		memory_exhausted();
	/* Without JSON_TOKENER_STRICT: with it, json-c 0.18 refuses every byte over 127 in a text (issue 875 of json-c).
	 * The scan was stricter already. */
	errno = 0;
	bool ok = feed(tokener, pieces, count, &object);
	bool is_exhausted = !ok && errno == ENOMEM;
	json_tokener_free(tokener);
	/* When memory runs out, json-c 0.16 stops without an error of its own: that isn't a mistake in the text. */
	if (is_exhausted)
		memory_exhausted();
	if (!ok)
		return false;
	/* When memory runs out, json-c drops a value and reports success, or returns NULL, which would mean JSON's
	 * null. */
	if (count_values(object) != values)
		memory_exhausted();
	*out = object;
	return true;
}

bool json_parse(struct text text, struct json_object **out, struct json_fault *fault)
{
	struct scanned scanned;
	if (!strict_scan(text, JSON_UNLIMITED, &scanned, fault))
		return false;
	if (json_build(&scanned.value, 1, scanned.values, out))
		return true;
	*fault = (struct json_fault){JSON_SYNTAX, 0};
	return false;
}

/* The member of that name and type, or NULL. `object` may be NULL or of any type. */
static struct json_object *member(struct json_object *object, const char *key, enum json_type type)
{
	struct json_object *value = NULL;
	if (!json_object_is_type(object, json_type_object) || !json_object_object_get_ex(object, key, &value))
		return NULL;
	return value && json_object_is_type(value, type) ? value : NULL;
}

bool json_get_text(struct json_object *object, const char *key, struct text *out)
{
	struct json_object *value = member(object, key, json_type_string);
	if (!value)
		return false;
	*out = (struct text){json_object_get_string(value), (size_t)json_object_get_string_len(value)};
	return true;
}

bool json_get_integer(struct json_object *object, const char *key, int64_t *out)
{
	struct json_object *value = member(object, key, json_type_int);
	if (!value)
		return false;
	*out = json_object_get_int64(value);
	return true;
}

bool json_get_boolean(struct json_object *object, const char *key, bool *out)
{
	struct json_object *value = member(object, key, json_type_boolean);
	if (!value)
		return false;
	*out = json_object_get_boolean(value);
	return true;
}
