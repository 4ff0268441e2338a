/* explain_codes.c - see explain_codes.h. */
#include "explain_codes.h"

static const char *const explanations[DIAG_CODE_COUNT] = {
	[DIAG_UNREADABLE_FILE] = "The file isn't there, may not be read, or is larger than 4 MiB. A policy that can't\n"
				 "be read is never taken for an empty one.\n",
	[DIAG_INVALID_YAML] = "The file isn't YAML 1.1 in UTF-8. The usual reasons are a tab used to indent, a\n"
			      "quotation mark that isn't closed, and a text that holds ': ' or ' #' without quotes.\n",
	[DIAG_UNSUPPORTED_YAML] =
		"It is YAML, but of a kind that makes a policy mean something else than it looks like:\n"
		"merge keys (<<), tags (!), several documents, keys that are no text.\n",
	[DIAG_LIMIT_EXCEEDED] = "Every size has a limit, so that no file can keep a gate busy: 4 KiB for a rule, 64\n"
				"levels of nesting in it, 1,000 targets, 4 MiB for a file.\n",
	[DIAG_DUPLICATE_KEY] = "YAML lets a key be given twice, and most readers take the last. Here it is refused:\n"
			       "one of the two would be ignored without a word.\n",
	[DIAG_UNKNOWN_FIELD] =
		"No key of the policy, or no field of a chainlet or deployment, has this name. A key that\n"
		"isn't known is refused, because it may be a rule misspelt. A text needs quotes:\n"
		"    all chainlets have name != \"Retriever\"\n",
	[DIAG_WRONG_TYPE] = "Two values of different kinds are compared or joined, or YAML has another kind of value\n"
			    "here. Statuses stand without quotes, durations have a unit, texts have quotes:\n"
			    "    status == ACTIVE        scale_down_delay >= 5m        name == \"Retriever\"\n",
	[DIAG_MISSING_KEY] =
		"A policy needs version and rules, a rule needs assert or never, a target of targets needs\n"
		"a name, a baseline needs a selection.\n",
	[DIAG_CONFLICTING_KEYS] =
		"Two keys say different things, or a key doesn't apply to what stands beside it: within and\n"
		"hold belong to assert, during to never; if_empty needs a rule that ranges over something.\n",
	[DIAG_INVALID_VALUE] =
		"The value isn't one of those that are possible here; the help below the message says which\n"
		"are.\n",
	[DIAG_INVALID_DURATION] =
		"Durations are whole numbers with h, m, s or ms, each once and in this order: 90s, 5m,\n"
		"1h30m, 500ms. A number without a unit is refused: 5 could be seconds or minutes.\n",
	[DIAG_INVALID_TIME] = "A time is any, how long before the run (10m), or a moment as in 2026-01-31T12:00:00Z.\n",
	[DIAG_DUPLICATE_NAME] =
		"Reports, tests and dashboards know a rule by its name; two of one name could not be told\n"
		"apart. Without a name, a rule is called by its text.\n",
	[DIAG_EMPTY_RULES] = "A policy without rules would pass whatever it is shown.\n",
	[DIAG_NO_ERROR_RULE] = "Warnings never decide the verdict. If all rules are warnings, nothing can fail.\n",
	[DIAG_INVALID_CHARACTER] =
		"The character has no meaning in a rule. Rules say and, or, not, ==, != where other languages\n"
		"have &&, ||, !, =, <>.\n",
	[DIAG_UNTERMINATED_STRING] = "A text begins and ends with the same quotation mark, \" or ', on one line.\n",
	[DIAG_INVALID_ESCAPE] =
		"The escapes of a text are \\\\ \\\" \\' \\n \\t and \\u{41}. In YAML, a rule in double quotes is\n"
		"unescaped by YAML first; use single quotes, or none.\n",
	[DIAG_INVALID_NUMBER] =
		"A number is 2, 0.5 or 20%; a duration 90s, 5m, 1h30m. Digits stand on both sides of a\n"
		"point, and nothing but a unit touches a number.\n",
	[DIAG_NUMBER_TOO_LARGE] = "Numbers are exact, in 64 bits. One that doesn't fit would be another number.\n",
	[DIAG_SYNTAX] = "The rule isn't a sentence of the language at this place. A rule is a quantifier, what it\n"
			"ranges over, and what holds of it; or a comparison alone:\n"
			"    no chainlet FAILED\n"
			"    at least 2 chainlets where name like \"R*\" are ACTIVE\n"
			"    min_replica >= 2\n",
	[DIAG_UNBALANCED] = "A parenthesis or bracket is opened and not closed, or the other way round.\n",
	[DIAG_CHAINED_COMPARISON] = "1 <= x <= 4 is two comparisons: 1 <= x and x <= 4.\n",
	[DIAG_UNKNOWN_STATUS] =
		"The API has fourteen statuses; this is none of them, and nothing would ever be equal to it.\n"
		"'chaingate explain' lists them.\n",
	[DIAG_UNKNOWN_CLASS] = "The classes of statuses are in_progress, ready, idle, unhealthy and failed.\n",
	[DIAG_UNKNOWN_PARAMETER] =
		"What begins with $ is a parameter. It and its default stand under params: in the policy;\n"
		"--set overrides the default.\n",
	[DIAG_AMBIGUOUS_FIELD] =
		"Chainlets and deployments both have this field, and the rule doesn't say of which it speaks.\n"
		"Say it: all chainlets have …, all deployments have …\n",
	[DIAG_WRONG_SCOPE] =
		"The rule ranges over chainlets and names a field of deployments, or the other way round. A\n"
		"chainlet's own deployment is deployment.x; a deployment has many chainlets, of which a rule\n"
		"says all, any, or how many.\n",
	[DIAG_NOT_BOOLEAN] =
		"A rule must be true or false. A field alone is a number, a text or a status: compare it.\n",
	[DIAG_WRONG_CASE] = "Words of the language are in lower case, statuses in capitals.\n",
	[DIAG_INVALID_COUNT] = "'at least 0' is always true, and no number of chainlets is negative or a fraction.\n",
	[DIAG_NO_BASELINE] = "baseline.x compares with another deployment, and none is given. Add to the policy\n"
			     "    baseline: {environment: production}\n"
			     "or give --baseline-environment production.\n",
	[DIAG_INVALID_PATTERN] =
		"The pattern of like or matches can't be used. like takes *, ?, [a-z] and [!a-z]; matches a\n"
		"POSIX extended regular expression of at most 256 bytes without back-references.\n",
	[DIAG_CONSTANT_RULE] =
		"Whatever the API says, this comes out the same. A rule that can't be false guards nothing;\n"
		"one that can't be true never lets anything pass.\n",
	[DIAG_VACUOUS_RULE] =
		"The rule is true also where there is nothing at all, so a chain without chainlets would\n"
		"satisfy it, or it is easily read as something else. 'no chainlet X' is unknown over nothing.\n",
	[DIAG_SHORT_STABLE_FOR] =
		"stable_for is how long nothing may change before the gate judges. Shorter than two intervals, a\n"
		"single poll in a lull could pass.\n",
	[DIAG_IMPATIENT_NEVER] =
		"A never is watched from the first poll on. New deployments are BUILDING, DEPLOYING and\n"
		"LOADING_MODEL on their way up, and SCALED_TO_ZERO for 10 to 51 seconds before they load: a never\n"
		"that any of these violates fails every one of them.\n",
	[DIAG_IMPATIENT_ASSERT] =
		"An assert is judged as soon as nothing has changed for stable_for. A status that must have\n"
		"lasted longer needs within, or a longer stable_for.\n",
	[DIAG_SHORT_TIMEOUT] =
		"The timeout covers the whole run. What must last, or may take, longer than that can't come to\n"
		"its end before the run times out.\n",
	[DIAG_MISSING_SINCE] =
		"A push isn't listed at once. Without since, the gate could judge what was there before it, so\n"
		"every selection but a deployment's id needs one: in the policy, or as --since.\n",
	[DIAG_ONE_SIDED] =
		"if_missing: skip leaves out what has no counterpart in the baseline. What the baseline has and\n"
		"the deployment lacks is then seen by no rule: add 'no baseline chainlet is missing'.\n",
	[DIAG_DOUBTFUL_VALUE] =
		"The value is well formed and hardly meant: 0.7 of a field that counts percents, 5 (seconds) of\n"
		"a delay, like without a wildcard.\n",
};

const char *code_explanation(enum diag_code code)
{
	return explanations[code];
}
