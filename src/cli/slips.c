/* slips.c - see slips.h. A word that is similar to the right one (--time for --timeout) needs no entry: the parser finds
 * it. */
#include "slips.h"

#include "chaingate/diag.h"
#include "options.h"

#define JUDGING (IN_CHECK | IN_REPLAY)
#define WATCHING (IN_CHECK | IN_STATUS)
#define SELECTING (IN_CHECK | IN_STATUS | IN_EVAL | IN_REPLAY)
#define LOADING (IN_CHECK | IN_LINT)

static const struct slip slips[] = {
	/* commands */
	{0, {"list", "ls", "chains", "deployments", "show", "get", "ps", "describe"}, "chaingate status", NULL},
	{0, {"watch", "follow", "tail", "logs"}, "chaingate status --watch", NULL},
	{0, {"whoami", "login", "auth"}, "chaingate status --whoami", NULL},
	{0, {"run", "gate", "verify", "wait", "poll", "assert", "apply"}, "chaingate check policy.yaml", NULL},
	{0, {"validate", "parse", "fmt"}, "chaingate lint policy.yaml", NULL},
	{0, {"evaluate", "judge", "rule"}, "chaingate eval 'all chainlets ACTIVE' --body body.json", NULL},
	{0, {"record"}, "chaingate check policy.yaml --record run.ndjson", NULL},
	{0, {"play", "rerun"}, "chaingate replay run.ndjson", NULL},
	{0, {"new", "create", "generate"}, "chaingate init policy.yaml", NULL},
	{0, {"docs", "doc", "man", "fields"}, "chaingate explain", NULL},
	{0, {"promote"}, "chaingate check @promote", "it promotes nothing, it says whether you may"},

	/* how long */
	{JUDGING,
	 {"wait", "max-wait", "wait-timeout", "deadline", "duration", "wait-for"},
	 "--timeout 20m",
	 "it always waits, this is for how long"},
	{IN_CHECK | IN_STATUS | IN_REPLAY,
	 {"poll", "poll-interval", "every", "frequency", "period", "delay", "sleep"},
	 "--interval 10s",
	 NULL},
	{JUDGING, {"settle", "quiet-for", "steady", "soak"}, "--stable-for 30s", NULL},
	{JUDGING, {"fail-fast", "no-fail-fast"}, NULL, "it is fail_fast below wait, in the policy"},
	{WATCHING, {"retries", "retry", "max-retries"}, NULL, "it asks again until the timeout"},
	{IN_CHECK,
	 {"no-fail", "allow-failure", "soft-fail", "exit-zero", "ignore-failures", "warn-only"},
	 "--report-only",
	 NULL},
	{JUDGING | IN_LINT, {"fail-on-warnings", "fail-on-warning", "werror", "warnings-as-errors"}, "--strict", NULL},
	{IN_STATUS, {"follow", "f", "tail", "live"}, "--watch", NULL},

	/* what to watch */
	{SELECTING, {"chain-id", "chain-name", "name"}, "--chain NAME", NULL},
	{SELECTING, {"model-id", "model-name"}, "--model NAME", NULL},
	{SELECTING, {"id"}, "--deployment ID", NULL},
	{SELECTING, {"newest", "last", "most-recent"}, "--latest --since 10m", NULL},
	{SELECTING, {"max-age", "newer-than", "created-after", "after"}, "--since 10m", NULL},
	{LOADING | IN_EVAL | IN_REPLAY, {"compare", "compare-with", "compare-to"}, "--baseline-environment NAME", NULL},
	{LOADING | IN_EVAL | IN_REPLAY,
	 {"param", "params", "var", "variable", "define", "D", "arg", "p"},
	 "--set NAME=VALUE",
	 NULL},

	/* files */
	{LOADING, {"policy", "policies", "file", "f", "config", "c", "rules"}, "policy.yaml", "it needs no option"},
	{IN_TEST, {"policy", "file", "f", "tests"}, "policy.test.yaml", "it needs no option"},
	{IN_EVAL | IN_EXPLAIN, {"rule", "e", "expr", "expression", "assert"}, "'all chainlets ACTIVE'", NULL},
	{IN_INIT, {"policy", "template", "name", "t"}, "--from production", NULL},
	{IN_REPLAY, {"recording", "record", "input", "file", "f"}, "run.ndjson", "it needs no option"},
	{IN_EVAL, {"input", "file", "f"}, "--body body.json", NULL},
	{IN_LINT | IN_TEST, {"recursive", "r", "R"}, NULL, "write the files, as in policies/*.yaml"},

	/* reports */
	{IN_CHECK, {"dry-run", "dryrun", "no-poll", "plan", "n"}, "--print-config", NULL},
	{JUDGING, {"output", "out", "o", "output-file", "xml", "junit-xml", "junitxml"}, "--junit report.xml", NULL},
	{JUDGING, {"json", "format", "output-format"}, "--report json=report.json", NULL},
	{JUDGING, {"html"}, "--report html=report.html", NULL},
	{JUDGING, {"markdown", "md", "summary"}, "--report markdown=summary.md", NULL},
	{JUDGING, {"tap"}, "--report tap=report.tap", NULL},
	{IN_LINT | IN_EVAL | IN_STATUS, {"json", "output", "o", "output-format"}, "--format json", NULL},
	{IN_CHECK, {"save", "save-responses"}, "--record run.ndjson", NULL},

	/* the API */
	{WATCHING,
	 {"api-key", "key", "k", "token", "api-token", "apikey"},
	 "--api-key-file PATH",
	 "others can read a command line; or set BASETEN_API_KEY"},
	{WATCHING, {"url", "host", "endpoint", "base-url", "server"}, "--api-url URL", NULL},
	{WATCHING,
	 {"insecure", "no-verify", "skip-tls-verify", "no-check-certificate"},
	 "--ca-file ca.pem",
	 "certificates are always checked; this adds a CA to trust"},
	{WATCHING, {"cacert", "ca", "ca-cert", "cafile", "ca-bundle"}, "--ca-file ca.pem", NULL},
	{WATCHING, {"rate-limit", "rps", "rate"}, "--max-rps 10", NULL},

	/* output */
	{IN_CHECK | IN_EVAL | IN_REPLAY, {"debug", "trace", "log-level", "vv"}, "--verbose", NULL},
	{JUDGING, {"silent", "s"}, "--quiet", NULL},
	{IN_CHECK, {"no-progress"}, "--progress none", NULL},
	{IN_CHECK | IN_LINT | IN_STATUS | IN_EVAL | IN_REPLAY,
	 {"no-color", "nocolor", "no-colour", "no-colors", "monochrome"},
	 "--color never",
	 NULL},
};

const struct slip *slip_at(size_t index)
{
	return index < sizeof(slips) / sizeof(slips[0]) ? &slips[index] : NULL;
}

const struct slip *slip_find(unsigned command, struct text word)
{
	for (size_t i = 0; i < sizeof(slips) / sizeof(slips[0]); i++)
		for (size_t j = 0; j < SLIP_WORDS_MAX && slips[i].words[j]; j++)
			if ((command ? (slips[i].commands & command) != 0 : !slips[i].commands) &&
			    text_is(word, slips[i].words[j]))
				return &slips[i];
	return NULL;
}

void slip_hint(const struct slip *slip, struct diags *diags, struct diag *diag)
{
	if (!slip->write)
		diag_hint(diags, diag, "leave it out: %s", slip->why);
	else if (slip->why)
		diag_hint(diags, diag, "write %s: %s", slip->write, slip->why);
	else
		diag_hint(diags, diag, "write %s", slip->write);
}
