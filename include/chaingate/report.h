/* report.h - a verdict made into text: for a person, for a CI system, while it runs.
 *
 * Renderers never decide: whatever they show comes from the gate's result. All of them write into a buffer and give the
 * same bytes for the same input, whatever the locale, the time zone or the terminal.
 *
 * Every text from the API or a policy is made printable on its way (text_add_printable), and a line of the text formats that a CI system would take as a
 * command (`::`, `##[`, `##vso[`, `##teamcity[` after optional white space) gets a backslash in front of it.
 */
#ifndef CHAINGATE_REPORT_H
#define CHAINGATE_REPORT_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/diag.h"
#include "chaingate/gate.h"
#include "chaingate/policy.h"
#include "chaingate/selection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What all reports of a run are made from. */
struct report {
	const struct gate_result *gate;  /* NULL: nothing was polled, see `problem` */
	const struct gate_event *events; /* all of the gate's */
	size_t event_count;
	const struct policy *const *policies;
	size_t policy_count;
	const char *policy_path; /* as given; the first of several; POLICY_BUILTIN_NAME */
	const char *
		checkout; /* where the version control's copy is, absolute, without a slash at its end; NULL: not known */
	const char *folder; /* the working directory in it: "" or "deploy/staging" */
	const char *tool_version;
	const char *host_name; /* never empty */
	const char *api_url;   /* NULL: not known */
	int64_t start_wall_ns;
	int64_t took_ns;           /* the whole run, monotonic */
	const char *problem;       /* why nothing was polled, or the run broke off, in one line; NULL: it didn't */
	const struct diags *diags; /* what is wrong with the policy; NULL or empty: nothing */
	const struct diags *usage; /* … with the command line, likewise */
	enum gate_exit exit;
	bool is_unfinished; /* written ahead, and left where the run was killed: `problem` says so, and `exit` nothing */
	const char *recording;     /* what is replayed; NULL: it is a live run */
	const char *const *places; /* the files of the reports that were written, as they were asked for */
	size_t place_count;
};

enum report_format {
	REPORT_JUNIT,
	REPORT_JUNIT_STRICT,
	REPORT_TAP,
	REPORT_JSON,
	REPORT_HTML,
	REPORT_MARKDOWN,
	REPORT_GITHUB,
	REPORT_GITLAB,
	REPORT_INTOTO,
	REPORT_ENV,
	REPORT_FORMAT_COUNT
};

const char *report_format_name(enum report_format); /* "junit-strict": what --report takes */
bool report_format_parse(struct text, enum report_format *out);
const char *const *report_format_names(size_t *count); /* for suggestions and help */

/* How a format's text is kept from being taken for a CI system's commands. */
enum text_form report_form(enum report_format);

/* Renders one, with nothing in it that a CI system would take for a command but the annotations that are some. False only if the buffer's limit was reached. */
bool report_render(struct buf *, const struct report *, enum report_format);

/* ---- cases ------------------------------------------------------------------------------------------------------ */

/* What all formats for CI systems are made of, and the results of policy tests too: named cases, each with one result. */
enum case_result { CASE_PASS, CASE_FAILURE, CASE_ERROR, CASE_SKIPPED, CASE_RESULT_COUNT };

/* Every text is printable. */
struct report_case {
	const char *name; /* not empty */
	const char *file; /* NULL: none */
	size_t line;
	int64_t time_ns;
	enum case_result result;
	const char *type;    /* of a failure or an error, in CamelCase: "RuleFailed" */
	const char *message; /* of what isn't a pass: on one line */
	const char *text;    /* the same; several lines, begins with the message */
	const char *out;     /* what a passing case has to say, or NULL */
};

struct report_property {
	const char *name, *value;
};

struct report_suite {
	const char *name;
	struct report_case *cases;
	size_t count;
	int64_t time_ns;
	const struct report_property *properties;
	size_t property_count;
};

struct report_suites {
	const struct report_suite *suites;
	size_t count;
	int64_t start_wall_ns;
	int64_t took_ns;
	const char *host_name;
	const char *warnings; /* what is suspicious in the policy, in lines; empty: nothing */
};

/* The verdict as cases: a suite for each target, in it first whether it became stable in time, then a case for each rule. */
struct report_suites report_cases(struct arena *, const struct report *);

/* `strict`: valid under Jenkins' junit-10.xsd and the windyroad schema, at the price of file, line and totals. False only if the buffer's limit was reached. */
bool report_junit(struct buf *, const struct report_suites *, bool strict);

/* For programs: everything. */
bool report_json(struct buf *, const struct report *);
void report_schema(struct buf *); /* its JSON Schema */

/* For people, a week later: one file that needs no other, with a timeline in SVG. */
bool report_html(struct buf *, const struct report *);

/* For pull requests and step summaries. */
bool report_markdown(struct buf *, const struct report *);

/* For CI systems: GitHub's annotations, GitLab's code quality. */
bool report_github(struct buf *, const struct report *);
bool report_gitlab(struct buf *, const struct report *);

/* An in-toto Statement, to be signed. */
bool report_intoto(struct buf *, const struct report *);

/* KEY=value lines for a CI system's variables. The exit code in it is `exit`, so it is rendered when that is final. */
bool report_env(struct buf *, const struct report *);

/* The SHA-256 of a file, as the reports have it: 64 hexadecimal letters and a NUL. */
#define REPORT_DIGEST_LETTERS 64
void report_digest(struct text, char out[REPORT_DIGEST_LETTERS + 1]);

/* TAP 13. */
bool report_tap(struct buf *, const struct report_suites *);

/* ---- for people ------------------------------------------------------------------------------------------------- */

struct text_options {
	size_t columns; /* 0: not a terminal, 100 is used */
	bool colour;
	bool quiet;   /* only the last line */
	bool verbose; /* evidence of rules that passed, too */
};

/* The verdict: a line per rule, failures with evidence, and the last line:
 * `passed: 5 rules on rag/q86yjdy in 4m12s (51 polls, 1 error)`. */
void report_text(struct buf *, const struct report *, const struct text_options *);

/* One rule with its evidence, as in the verdict. */
void report_evidence(struct buf *, const struct rule_result *);

/* ---- while it runs ---------------------------------------------------------------------------------------------- */

/* A line for a person about one event, with its newline; nothing for events that aren't worth a line. `retry_at_ns` is when the next poll is due, for
 * EVENT_MISS. All times as in the gate.
 *
 *   0m05s  rag/q86yjdy  Retriever  BUILDING -> DEPLOYING
 *   2m12s  api  503, retrying in 2.1s (no answer for 12s, unreachable at 3m)
 */
void progress_event(struct buf *, const struct gate_result *, const struct gate_event *, int64_t retry_at_ns);

/* What a target is waiting for, as a line with its time, its name and a newline:
 *
 *   2m10s  rag/q86yjdy  waiting: Reranker LOADING_MODEL for 1m31s (2 of 3 chainlets ready)
 */
void progress_waiting(struct buf *, const struct target_result *, int64_t now_ns);

/* The same as a phrase: "waiting: Retriever LOADING_MODEL for 12m04s", "waiting until nothing has changed for 5m (4s so far); Router UNHEALTHY for 0m04s". */
void waiting_phrase(struct buf *, const struct target_result *, int64_t now_ns);

/* Why a target has its verdict, in one sentence without a full stop, and what to do about it (NULL: nothing to add). The remedy is a constant. */
void verdict_reason(struct buf *, const struct target_result *, const struct gate_result *);
const char *verdict_remedy(const struct target_result *);

/* What to do about an answer that didn't come, or that can't be used: a constant. */
const char *miss_remedy(const struct miss *);

/* ---- on a terminal ---------------------------------------------------------------------------------------------- */

/* What is drawn on. Lines have at most so many columns, however wide the characters of the names in them; what is too long ends with an ellipsis. */
struct screen {
	size_t columns; /* 0: as many as it takes */
	size_t rows;    /* 0: likewise */
	bool colour;
};

/* A run as it stands at `now_ns`: a line with the targets' name, the time and a bar of it against the timeout; the rows of what is selected, with sign and
 * status, replicas, and the time in the status; what is waited for, polls and errors. Never more lines than the screen has rows: of rows that don't fit
 * those are shown that aren't ready, and how many more there are.
 *
 *   rag/q86yjdy  [#######...........................................]  3m10s of 20m
 *   q86yjdy       ~ DEPLOYING           1m31s
 *     Retriever   + ACTIVE         2/2  2m05s
 *     Reranker    ~ LOADING_MODEL  0/1  1m31s
 *   waiting: Reranker LOADING_MODEL for 1m31s (1 of 2 chainlets ready)
 *   51 polls, 1 error: 503 (upstream connect error)
 */
void live_table(struct buf *, const struct gate_result *, int64_t now_ns, const struct screen *);

/* What `chaingate status` shows. */
struct status_view {
	struct text chain;                 /* as asked for */
	const struct selection *selection; /* NULL: nothing has been listed yet */
	size_t listed;                     /* how many deployments the chain has */
	const int64_t *since_ns; /* by ordinal, since when each status has been seen unchanged; NULL: not known */
	int64_t now_ns;
	int64_t now_wall_ns;
	size_t polls, misses;
	struct miss miss; /* why the latest poll gave nothing; MISS_NONE: it gave something */
};

/* Deployments and chainlets, aligned: for a file or a pipe, and for a terminal. */
void status_table(struct buf *, const struct selection *, int64_t now_wall_ns, bool colour);
void status_rows(struct buf *, const struct status_view *, const struct screen *);

/* The same to be drawn again and again, with what has been asked and what came of it. */
void status_live(struct buf *, const struct status_view *, const struct screen *);

#endif
