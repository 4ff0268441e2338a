/* policy_digest.c - `--policy-digest`: accepts only reviewed policies.
 *
 * The digest is computed from the bytes that the policy was loaded from; the file isn't read a second time. `sha256sum`
 * and the JSON report print the same digest. Only one spelling is accepted, so that a search for it finds every use.
 * Options that override the policy (--set, --timeout) aren't part of it: somebody who can change them can change the
 * digest, too.
 */
#include "policy_file.h"

#include "chaingate/report.h"
#include "command.h"

#include <string.h>

#define ALGORITHM "sha256:"

static bool has_form(const char *value)
{
	return strncmp(value, ALGORITHM, strlen(ALGORITHM)) == 0 &&
	       strlen(value + strlen(ALGORITHM)) == REPORT_DIGEST_LETTERS &&
	       strspn(value + strlen(ALGORITHM), "0123456789abcdef") == REPORT_DIGEST_LETTERS;
}

static void check_one(const struct source *source, const char *wanted, struct diags *usage)
{
	char letters[REPORT_DIGEST_LETTERS + 1];
	report_digest(source->text, letters);
	if (strcmp(letters, wanted + strlen(ALGORITHM)) == 0)
		return;
	struct diag *diag = usage_error(usage, "'%s' is not the policy that --policy-digest allows",
					diag_value(usage, text_of(source->name)));
	diag_hint(usage, diag, "its digest is " ALGORITHM "%s; give that one once somebody has reviewed the change",
		  letters);
}

void policy_digests_check(struct arena *arena, const struct command_line *line, const struct policy *policy,
			  struct diags *usage)
{
	const struct option_values *wanted = &line->options[OPTION_POLICY_DIGEST];
	const struct source *const *sources;
	if (wanted->count == 0)
		return;
	size_t count = policy_sources(arena, policy, &sources), errors = usage->errors;
	for (size_t i = 0; i < wanted->count; i++)
		if (!has_form(wanted->items[i]))
			diag_hint(usage,
				  usage_error(usage, "--policy-digest cannot be '%s'",
					      diag_value(usage, text_of(wanted->items[i]))),
				  "write " ALGORITHM " and 64 of the characters 0-9 and a-f, as sha256sum prints them");
	if (wanted->count != count)
		diag_hint(usage,
			  usage_error(usage, "there %s %zu %s, but --policy-digest gives %zu digest%s",
				      count == 1 ? "is" : "are", count, count == 1 ? "policy" : "policies",
				      wanted->count, text_plural(wanted->count)),
			  "give one for each policy, in the same order");
	for (size_t i = 0; i < count && usage->errors == errors; i++)
		check_one(sources[i], wanted->items[i], usage);
}
