/* explain_codes.c - see explain_codes.h. */
#include "explain_codes.h"

static const char *const explanations[DIAG_CODE_COUNT] = {
	[DIAG_UNREADABLE_FILE] = "The file doesn't exist, can't be read, or is larger than 4 MiB. A policy that can't\n"
				 "be read is never taken for an empty one.\n",
	[DIAG_INVALID_YAML] =
		"The file isn't YAML 1.1 in UTF-8. The usual reasons are a tab used to indent, a\n"
		"quotation mark that isn't closed, and a text with ': ' or ' #' in it but no quotes around it.\n",
	[DIAG_UNSUPPORTED_YAML] =
		"This part of YAML is refused, because a policy with it could mean something other than it\n"
		"seems to: merge keys (<<), tags (!), several documents, keys that aren't texts.\n",
	[DIAG_LIMIT_EXCEEDED] =
		"Every size has a limit, so that no file can keep a gate busy: 4 KiB for a rule, 64\n"
		"levels of nesting in it, 1,000 targets, 4 MiB for a file. Write a long rule as several,\n"
		"and more targets as several policies, each with its own run. Only the first 20 mistakes\n"
		"of a file are shown: mend these, and run lint again.\n",
	[DIAG_DUPLICATE_KEY] = "YAML allows a key to be given twice, and most readers take the last one. Here it is\n"
			       "an error, because one of the two would be ignored silently.\n",
	[DIAG_UNKNOWN_FIELD] =
		"No key of the policy, or no field of a chainlet or deployment, has this name. An unknown key\n"
		"is refused, because it may be a misspelt rule. A text needs quotes:\n"
		"    all chainlets have name != \"Retriever\"\n",
	[DIAG_WRONG_TYPE] = "Two values of different types are compared or combined, or the YAML value has the wrong\n"
			    "type. Statuses have no quotes, durations have a unit, texts have quotes:\n"
			    "    status == ACTIVE        scale_down_delay >= 5m        name == \"Retriever\"\n",
	[DIAG_MISSING_KEY] = "A policy needs version and rules, a rule needs assert or never, each target needs a\n"
			     "name, a baseline needs a selection.\n",
	[DIAG_CONFLICTING_KEYS] =
		"Two keys contradict each other, or a key doesn't go with the others: within and hold\n"
		"belong to assert, during to never; if_empty needs a rule that ranges over something.\n",
	[DIAG_INVALID_VALUE] = "The value isn't possible here; the help below the message says which values are.\n",
	[DIAG_INVALID_DURATION] =
		"Durations are whole numbers with h, m, s or ms, each once and in this order: 90s, 5m,\n"
		"1h30m, 500ms. A number without a unit is refused: 5 could be seconds or minutes.\n",
	[DIAG_INVALID_TIME] =
		"A time is any, a duration before the run (10m), or a moment such as 2026-01-31T12:00:00Z.\n",
	[DIAG_DUPLICATE_NAME] =
		"Reports, tests and dashboards identify a rule by its name, so no two rules may have the\n"
		"same. The name of a rule without a name is its text.\n",
	[DIAG_EMPTY_RULES] = "A policy without rules would pass every deployment.\n",
	[DIAG_NO_ERROR_RULE] = "Warnings never decide the verdict. If all rules are warnings, nothing can fail.\n",
	[DIAG_INVALID_CHARACTER] =
		"The character has no meaning in a rule. Rules use and, or, not, ==, != instead of the &&, ||,\n"
		"!, =, <> of other languages.\n",
	[DIAG_UNTERMINATED_STRING] = "A text begins and ends with the same quotation mark, \" or ', on one line.\n",
	[DIAG_INVALID_ESCAPE] =
		"The escapes of a text are \\\\ \\\" \\' \\n \\t and \\u{41}. In YAML, a rule in double quotes is\n"
		"unescaped by YAML first; use single quotes, or none.\n",
	[DIAG_INVALID_NUMBER] =
		"A number is 2, 0.5 or 20%; a duration 90s, 5m, 1h30m. A decimal point needs digits on both sides,\n"
		"and only a unit may follow a number directly.\n",
	[DIAG_NUMBER_TOO_LARGE] =
		"Numbers are exact, in 64 bits. One that doesn't fit would be changed to another number.\n",
	[DIAG_SYNTAX] = "The rule doesn't follow the grammar at this place. A rule is a quantifier, the things it\n"
			"ranges over, and a condition for them; or a comparison alone:\n"
			"    no chainlet FAILED\n"
			"    at least 2 chainlets where name like \"R*\" are ACTIVE\n"
			"    min_replica >= 2\n",
	[DIAG_UNBALANCED] = "A parenthesis or bracket is opened but not closed, or closed but not opened.\n",
	[DIAG_CHAINED_COMPARISON] = "1 <= x <= 4 is two comparisons: 1 <= x and x <= 4.\n",
	[DIAG_UNKNOWN_STATUS] =
		"The API has fourteen statuses. This isn't one of them, so nothing would ever be equal to it.\n"
		"'chaingate explain' lists them.\n",
	[DIAG_UNKNOWN_CLASS] = "The classes of statuses are in_progress, ready, idle, unhealthy and failed.\n",
	[DIAG_UNKNOWN_PARAMETER] =
		"A name that begins with $ is a parameter. It needs a default under params: in the policy;\n"
		"--set overrides the default.\n",
	[DIAG_AMBIGUOUS_FIELD] =
		"Chainlets and deployments both have this field, and the rule doesn't say which it is about.\n"
		"Write all chainlets have …, or all deployments have … Or a never has no quantifier: it\n"
		"would only be violated if its condition is true of all chainlets. Write never: any chainlet\n"
		"has …, or all chainlets have …, if one of them may be so.\n",
	[DIAG_WRONG_SCOPE] =
		"The rule ranges over chainlets but uses a field of deployments, or the other way round. A\n"
		"field of a chainlet's deployment is deployment.x. A deployment has many chainlets, so a rule\n"
		"about them needs all, any, or a number.\n",
	[DIAG_NOT_BOOLEAN] =
		"A rule must be true or false. A field alone is a number, a text or a status: compare it.\n",
	[DIAG_WRONG_CASE] = "Words of the language are in lower case, statuses in capitals.\n",
	[DIAG_INVALID_COUNT] =
		"'at least 0' is always true, and a number of chainlets can't be negative or a fraction.\n",
	[DIAG_NO_BASELINE] = "baseline.x is a field of another deployment, but none is given. Add to the policy\n"
			     "    baseline: {environment: production}\n"
			     "or give --baseline-environment production.\n",
	[DIAG_INVALID_PATTERN] =
		"The pattern of like or matches can't be used. like takes *, ?, [a-z] and [!a-z]; matches a\n"
		"POSIX extended regular expression of at most 256 bytes without back-references.\n",
	[DIAG_CONSTANT_RULE] =
		"The result is the same whatever the API says. A rule that can't be false checks nothing;\n"
		"a rule that can't be true never passes.\n",
	[DIAG_VACUOUS_RULE] =
		"A deployment without chainlets would satisfy this rule, or it is easily misread. 'no chainlet X'\n"
		"is unknown if there are no chainlets, and unknown never passes.\n",
	[DIAG_SHORT_STABLE_FOR] =
		"The gate judges asserts once nothing has changed for stable_for. If that is shorter than two\n"
		"intervals, a single poll at a quiet moment could pass.\n",
	[DIAG_IMPATIENT_NEVER] =
		"A never is judged from the first poll on. While new deployments start, they are BUILDING,\n"
		"DEPLOYING and LOADING_MODEL, and SCALED_TO_ZERO for 10 to 51 seconds before they load. A never\n"
		"that one of these statuses violates fails every new deployment.\n",
	[DIAG_IMPATIENT_ASSERT] =
		"An assert is judged as soon as nothing has changed for stable_for. A status that must have\n"
		"lasted longer needs within, or a longer stable_for.\n",
	[DIAG_SHORT_TIMEOUT] =
		"The timeout is for the whole run. A longer waiting time can't end before the run times out.\n",
	[DIAG_MISSING_SINCE] =
		"A new push isn't listed at once. Without since, the gate could judge an older deployment. So\n"
		"every selection except by a deployment's id needs a since: in the policy, or as --since.\n",
	[DIAG_ONE_SIDED] =
		"if_missing: skip ignores chainlets without a counterpart in the baseline. Then no rule notices a\n"
		"chainlet that the baseline has and the deployment lacks: add 'no baseline chainlet is missing'.\n",
	[DIAG_SKIPPED_RULE] =
		"While its when is false, a rule is skipped, and a skipped rule never fails. A when is about the\n"
		"target as a whole, not about each chainlet: when: name == \"Router\" skips the rule if there is any\n"
		"other chainlet. To judge only some chainlets, use where in the rule:\n"
		"    all chainlets where name == \"Router\" have min_replica >= 2\n",
	[DIAG_SELF_COMPARED] =
		"The baseline must not be the deployment that is judged: nothing could be worse than itself. It\n"
		"counts as missing then, and with if_missing: skip every comparison is skipped.\n",
	[DIAG_UNNOTICED_STATUS] =
		"The rules are about statuses, but a chainlet can fail without any of them failing: a chainlet that\n"
		"is BUILD_FAILED isn't UNHEALTHY, and any chainlet ACTIVE needs only one. Such a deployment comes to\n"
		"rest, and passes. Add 'all chainlets ACTIVE', or name the statuses that must not be:\n"
		"    no chainlet in [UNHEALTHY, FAILED, BUILD_FAILED, BUILD_STOPPED, DEPLOY_FAILED]\n",
	[DIAG_UNUSED_PARAMETER] =
		"A parameter has a meaning only where a rule names it: $replicas. No rule uses this value: no rule\n"
		"names the parameter, or each target whose rules do has a value of its own. Texts, such as a rule's\n"
		"name or message, name none.\n",
	[DIAG_DOUBTFUL_VALUE] =
		"The value is valid but probably not meant: 0.7 for a field that counts percents, 70 for 70%, 5\n"
		"(seconds) for a delay, like without a wildcard, a glob for a regular expression, \"H100\" for an\n"
		"instance type such as H100:1x80.\n",
};

const char *code_explanation(enum diag_code code)
{
	return explanations[code];
}
