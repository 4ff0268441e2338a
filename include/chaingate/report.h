/* report.h - turns a verdict into text: for a person, for a CI system, while the run goes on.
 *
 * Renderers never decide: everything they show comes from the gate's result. All of them write into a buffer and
 * give the same bytes for the same input, whatever the locale, the time zone or the terminal.
 *
 * Every text from the API or a policy is made printable (text_add_printable). report_render and all JSON also break up
 * text that a CI system would take for a command (text_add_defused). The other functions leave that to
 * output.h, which prints.
 */
#ifndef CHAINGATE_REPORT_H
#define CHAINGATE_REPORT_H

#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/chain.h"
#include "chaingate/diag.h"
#include "chaingate/gate.h"
#include "chaingate/policy.h"
#include "chaingate/selection.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Instead of a verdict, for programs, if the run's shard has no chain: nobody may take that for "passed". */
#define REPORT_EMPTY "empty"

/* The data for all reports of a run. */
struct report {
	const struct gate_result *gate;  /* NULL: nothing was polled, see `problem` */
	const struct gate_event *events; /* all of the gate's */
	size_t event_count;
	const struct policy *const *policies;
	size_t policy_count;
	const char *policy_digest; /* instead of the policies', if there are none because the report was put together;
				    * NULL: take it from them */
	const char *policy_path;   /* as given; the first if there are several; POLICY_BUILTIN_NAME if none was given */
	const char *checkout; /* the version-control checkout: absolute, without a slash at its end; NULL: not known */
	const char *folder;   /* the working directory inside `checkout`: "" or "deploy/staging" */
	const char *tool_version;
	const char *host_name; /* never empty */
	const char *api_url;   /* NULL: not known */
	int64_t start_wall_ns;
	int64_t took_ns;           /* the whole run, by the monotonic clock */
	const char *problem;       /* why nothing was polled, or why the run broke off, in one line; NULL: neither */
	const struct diags *diags; /* mistakes in, and warnings about, the policy; NULL or empty: none */
	const struct diags *usage; /* mistakes on the command line; NULL or empty: none */
	/* The run's exit code, as it would be without --report-only. */
	enum gate_exit exit;
	const struct plan_fleet *fleet; /* the chains of all shards; NULL: it isn't a run of several chains, or they
					 * aren't known */
	bool is_empty; /* the run's shard has no chain, so nothing was judged, and nothing is wrong: `problem` says so */
	bool is_unfinished;    /* written before the run, and left if the run is killed: `problem` says so, and `exit`
				* has no meaning */
	const char *recording; /* the recording that is replayed; NULL: a live run */
	const char *const *places; /* the files of the written reports, as given */
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

/* How a format's text must be protected from being read as a CI system's commands. */
enum text_form report_form(enum report_format);

/* Renders one report. No CI system finds a command in it, except for the annotations that are meant as commands.
 * False only if the report is longer than the buffer's limit or BUF_LIMIT_REPORT. */
bool report_render(struct buf *, const struct report *, enum report_format);

/* ---- cases ------------------------------------------------------------------------------------------------------ */

/* The basis of all formats for CI systems, and of the results of policy tests: named cases, each with one result. */
enum case_result { CASE_PASS, CASE_FAILURE, CASE_ERROR, CASE_SKIPPED, CASE_RESULT_COUNT };

/* Every text is printable. */
struct report_case {
	const char *name; /* not empty */
	const char *file; /* NULL: none */
	size_t line;
	int64_t time_ns;
	enum case_result result;
	const char *type;    /* for a failure or an error: in CamelCase, "RuleFailed" */
	const char *message; /* for all results but a pass: one line */
	const char *text;    /* for all results but a pass: several lines, beginning with the message */
	const char *out;     /* output of a passing case, or NULL */
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
	const char *warnings; /* the report's diags and usage as text, if something was polled; empty or NULL: none */
};

/* The verdict as cases: one suite per target, with a case for whether it became stable in time, then one for each
 * rule. If nothing was polled: one suite with one case, an error that says why. The result lives as long as the arena
 * and the report. Names of suites are unique, and names of cases in their suite. */
struct report_suites report_cases(struct arena *, const struct report *);

/* `strict`: valid under Jenkins' junit-10.xsd and the windyroad schema, which means without file, line and totals.
 * Like every format's function below, returns false only if the text is longer than the buffer's limit or
 * BUF_LIMIT_REPORT. */
bool report_junit(struct buf *, const struct report_suites *, bool strict);

/* For programs: everything. */
bool report_json(struct buf *, const struct report *);
void report_schema(struct buf *); /* its JSON Schema */

/* For people who look at it a week later: one file that needs no other, with a timeline in SVG. */
bool report_html(struct buf *, const struct report *);

/* For pull requests and step summaries. */
bool report_markdown(struct buf *, const struct report *);

/* For CI systems: GitHub's annotations, GitLab's code quality. */
bool report_github(struct buf *, const struct report *);
bool report_gitlab(struct buf *, const struct report *);

/* An in-toto Statement, to be signed. */
bool report_intoto(struct buf *, const struct report *);

/* KEY=value lines for a CI system's variables. */
bool report_env(struct buf *, const struct report *);

/* The SHA-256 of a file's bytes as in the reports: 64 lower-case hexadecimal digits and a NUL. */
#define REPORT_DIGEST_LETTERS 64
void report_digest(struct text, char out[REPORT_DIGEST_LETTERS + 1]);

/* TAP 13. */
bool report_tap(struct buf *, const struct report_suites *);

/* ---- for people ------------------------------------------------------------------------------------------------- */

struct text_options {
	size_t columns; /* 0: not a terminal: a rule's line is cut at 100 columns, sentences aren't wrapped */
	bool colour;
	bool quiet;   /* only the last line of each target is written */
	bool verbose; /* evidence is written for every rule, also for those that passed */
};

/* The verdict, for each target: a line per rule, the first five failures with evidence (all if `verbose`), what to do,
 * and a last line: `passed: 5 rules on rag/q86yjdy in 4m12s (51 polls, 1 error)`. Nothing if nothing was polled. */
void report_text(struct buf *, const struct report *, const struct text_options *);

/* One rule with its evidence, as in the verdict for a file, without colour. */
void report_evidence(struct buf *, const struct rule_result *);

/* ---- while it runs ---------------------------------------------------------------------------------------------- */

/* A line for a person about one event of the target, with its newline. `retry_at_ns`: when the next poll is due, for
 * EVENT_MISS; INT64_MAX: never. All times as in the gate.
 *
 *   0m05s  rag/q86yjdy  Retriever  BUILDING -> DEPLOYING
 *   2m12s  api  503, retrying in 2.1s (no answer for 12s, unreachable after 3m)
 */
void progress_event(struct buf *, const struct target_result *, const struct gate_event *, int64_t retry_at_ns);

/* A line with what a target is waiting for, with the time, the target's name and a newline:
 *
 *   2m10s  rag/q86yjdy  waiting: Reranker LOADING_MODEL for 1m31s (2 of 3 chainlets ready)
 */
void progress_waiting(struct buf *, const struct target_result *, int64_t now_ns);

/* A line for targets without a line of their own: "2m10s  and 7 more wait, 990 pass so far". */
void progress_others(struct buf *, size_t waiting, size_t passing, int64_t now_ns);

/* What progress_waiting says, without time, target and newline: "waiting: Retriever LOADING_MODEL for 12m04s", "waiting
 * until nothing has changed for 5m (4s so far); Router UNHEALTHY for 0m04s". */
void waiting_phrase(struct buf *, const struct target_result *, int64_t now_ns);

/* If nothing is selected, appends what the list has instead: "; the chain's environments are …". */
void add_listed(struct buf *, const struct target_result *);

/* verdict_reason: why a target has its verdict, in one sentence without a full stop. verdict_remedy: what to do
 * about it, a constant; NULL: nothing to add. */
void verdict_reason(struct buf *, const struct target_result *, const struct gate_result *);
const char *verdict_remedy(const struct target_result *);

/* What to do about a missing or unusable answer: a constant, never NULL. */
const char *miss_remedy(const struct miss *, enum target_kind);

/* ---- on a terminal ---------------------------------------------------------------------------------------------- */

/* The area to draw on. A line has at most `columns` columns, however wide the characters of its names; a longer line
 * ends with an ellipsis. */
struct screen {
	size_t columns; /* 0: no limit */
	size_t rows;    /* 0: no limit */
	bool colour;
};

/* The state of a run at `now_ns`. First come the target's name (or the number of targets), the time, and a bar of it
 * against the timeout: on one line, or on two if the screen is narrow. Then come the rows of the selected deployments:
 * sign, status, replicas, the time in the status. Last come what the run waits for, and the number of polls and errors;
 * with several targets, a line for each as far as there is room. It never has more lines than the screen has rows; if
 * the rows don't fit, those that aren't ready are shown, with the number of the others.
 *
 *   rag/q86yjdy  [#######...........................................]  3m10s of 20m
 *   q86yjdy       ~ DEPLOYING           1m31s
 *     Retriever   + ACTIVE         2/2  2m05s
 *     Reranker    ~ LOADING_MODEL  0/1  1m31s
 *   waiting: Reranker LOADING_MODEL for 1m31s (1 of 2 chainlets ready)
 *   51 polls, 1 error: 503 (upstream connect error)
 */
void live_table(struct buf *, const struct gate_result *, int64_t now_ns, const struct screen *);

/* The data that `chaingate status` shows. */
struct status_view {
	struct text chain;                 /* as given */
	const struct selection *selection; /* NULL: nothing has been listed yet; only status_live takes that */
	size_t listed;                     /* how many deployments the chain has */
	struct text instead;               /* if nothing is selected: what the list has instead (listed.h) */
	const int64_t *since_ns; /* by ordinal: since when each status has been seen unchanged; NULL: not known */
	int64_t now_ns;
	int64_t now_wall_ns;
	size_t polls, misses;
	struct miss miss; /* why the latest poll gave no list; MISS_NONE: it gave one */
};

/* Deployments and chainlets in aligned columns: status_table for a file or a pipe, status_rows for a terminal. */
void status_table(struct buf *, const struct selection *, int64_t now_wall_ns, bool colour);
void status_rows(struct buf *, const struct status_view *, const struct screen *);

/* The selection as JSON: the chain's id and name, the moment, and the deployments with the API's own field names. */
void status_json(struct buf *, enum target_kind, struct text id, struct text name, const struct selection *,
		 int64_t now_wall_ns);

/* The chains, or models, that a key can see: name, id, team, number of deployments, in the order given. */
void chains_table(struct buf *, const struct chain *, size_t count);
void chains_json(struct buf *, enum target_kind, const struct chain *, size_t count, int64_t now_wall_ns);

/* The rows of status_rows, to be drawn again and again, with a heading, the number of polls and errors, and, if the
 * latest poll gave no list, why. */
void status_live(struct buf *, const struct status_view *, const struct screen *);

#endif
