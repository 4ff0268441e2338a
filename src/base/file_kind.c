/* file_kind.c - see file_kind.h. */
#include "chaingate/file_kind.h"

#include <stddef.h>
#include <string.h>

/* The keys that identify a JSON document are near its beginning; 64 MB of deployments may follow them. */
#define JSON_LOOKED_AT 4096

#define KIND(name, remedy) \
	{ \
		name, remedy, "this is " name ": " remedy \
	}

static const struct {
	const char *name, *remedy;
	const char *whole; /* both, as a sentence */
} kinds[] = {
	[FILE_KIND_POLICY] = KIND("a policy", "'chaingate check FILE' judges by it, 'chaingate lint FILE' checks it"),
	[FILE_KIND_TESTS] = KIND("a file of policy tests", "run it with 'chaingate test FILE'"),
	[FILE_KIND_RECORDING] = KIND("a recording", "judge it again with 'chaingate replay FILE'"),
	[FILE_KIND_BODY] = KIND("a list of deployments", "judge it with 'chaingate eval --policy POLICY --body FILE'"),
	[FILE_KIND_REPORT] = KIND("a JSON report", "it has a verdict; to replay a run, record it with --record"),
	[FILE_KIND_SCENARIO] = KIND("a scenario of the simulator", "serve it with 'chaingate-sim FILE'"),
};

/* Keys at the beginning of a YAML line, and the kind of file that has them. */
static const struct {
	const char *key;
	enum file_kind kind;
} keys[] = {
	{"version:", FILE_KIND_POLICY},  {"rules:", FILE_KIND_POLICY},     {"target:", FILE_KIND_POLICY},
	{"targets:", FILE_KIND_POLICY},  {"wait:", FILE_KIND_POLICY},      {"tests:", FILE_KIND_TESTS},
	{"chains:", FILE_KIND_SCENARIO}, {"api_key:", FILE_KIND_SCENARIO}, {"deployments:", FILE_KIND_SCENARIO},
};

static bool contains(struct text content, const char *word)
{
	size_t length = strlen(word);
	for (size_t i = 0; i + length <= content.length; i++)
		if (memcmp(content.bytes + i, word, length) == 0)
			return true;
	return false;
}

static enum file_kind kind_of_json(struct text content)
{
	struct text start = text_slice(content, 0, JSON_LOOKED_AT);
	if (text_starts_with(start, "{\"kind\":\"header\""))
		return FILE_KIND_RECORDING;
	if (contains(start, "\"chaingate report\""))
		return FILE_KIND_REPORT;
	/* A policy may also be written as JSON. */
	return contains(start, "\"deployments\"") && !contains(start, "\"rules\"") && !contains(start, "\"tests\"")
		       ? FILE_KIND_BODY
		       : FILE_KIND_UNKNOWN;
}

static enum file_kind kind_of_yaml(struct text content)
{
	bool begins_line = true;
	for (size_t i = 0; i < content.length; i++) {
		for (size_t k = 0; begins_line && k < sizeof(keys) / sizeof(*keys); k++)
			if (text_starts_with(text_slice(content, i, content.length), keys[k].key))
				return keys[k].kind;
		begins_line = content.bytes[i] == '\n';
	}
	return FILE_KIND_UNKNOWN;
}

/* Takes time linear in the length of the content. */
static enum file_kind file_kind_of(struct text content)
{
	size_t start = 0;
	while (start < content.length && strchr(" \t\r\n", content.bytes[start]))
		start++;
	content = text_slice(content, start, content.length);
	return content.length > 0 && content.bytes[0] == '{' ? kind_of_json(content) : kind_of_yaml(content);
}

static bool is_other(enum file_kind kind, enum file_kind wanted)
{
	return kind != FILE_KIND_UNKNOWN && kind != wanted;
}

bool file_kind_check(const struct source *source, enum file_kind wanted, struct diags *diags)
{
	enum file_kind kind = file_kind_of(source->text);
	if (!is_other(kind, wanted))
		return true;
	struct diag *diag = diag_error(diags, source, (struct span){0, 0}, DIAG_WRONG_TYPE, "this is %s, not %s",
				       kinds[kind].name, kinds[wanted].name);
	diag_hint(diags, diag, "%s", kinds[kind].remedy);
	return false;
}

const char *file_kind_remedy(struct text content, enum file_kind wanted, const char *otherwise)
{
	enum file_kind kind = file_kind_of(content);
	return is_other(kind, wanted) ? kinds[kind].whole : otherwise;
}
