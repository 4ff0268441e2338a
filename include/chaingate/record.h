/* record.h - recordings: the API's answers during a run, as lines of JSON, to judge the run again later.
 *
 * Each line is one object. The header is written at once, a round's lines together when the round is over; so a
 * killed run leaves a recording up to its last complete round. The first line is the header. Then come rounds: one
 * `answer` for each chain that was asked. The last line is the `end`; a killed run has none. Times are seconds since
 * the start, exact to the nanosecond.
 *
 *	{"kind": "header", "format": 1, "tool": "0.1.0", "start": "2026-08-14T09:00:00Z", …,
 *	    "options": [["chain", "rag"], …], "chains": ["rag"]}
 *	{"kind": "answer", "round": 1, "at": 0.21, "took": 0.2, "chain": "rag", "chain_id": "232p81ql",
 *	    "status": 200, "body": "{…}"}
 *	    with "model", "model_id" and "model_name" instead of "chain" and "chain_id" if it is about a model: its name
 *	    isn't in its list;
 *	    with "environment": "production" if the answer is about that environment of the chain, not its list;
 *	    with "by_id": true if the plan has the chain's id out of a URL, so that it is no name;
 *	    with "link_header" and "headers" if the answer has such headers (net.h lists them): they say whether it is
 *	    whole;
 *	    with "clock_offset_ns" on the first answer after it became known, or was corrected: the API's clock
 *	    minus the machine's; and with "clock_slack_ns" if it may be that much more
 *	{"kind": "answer", "round": 2, "at": 10.2, …, "status": 200, "same": true}
 *	{"kind": "answer", "round": 3, "at": 20.2, …, "miss": "timeout", "detail": "…"}
 *	{"kind": "chains", "at": 0.2, "listed": [["232p81ql", "rag"], …], "chains": ["rag", …]}
 *	    in a run of several chains, once its list of chains was read: the id and name of each chain that the key could
 *	    see, and the chains (and "environments") that the run asked from then on, instead of the header's. What came
 *	    before it doesn't count
 *	{"kind": "end", "at": 40.1, "verdict": "passed", "exit": 0, "signal": 0}
 *
 * So that later versions can add members, a reader ignores members that it doesn't know. It refuses everything else
 * that it doesn't know: another format, another kind of line, another word for a miss; and whatever isn't strict JSON,
 * such as an empty line or a member that comes twice.
 *
 * A recording contains no key and no request headers: these functions never get any.
 */
#ifndef CHAINGATE_RECORD_H
#define CHAINGATE_RECORD_H

#include "chaingate/api.h"
#include "chaingate/arena.h"
#include "chaingate/buf.h"
#include "chaingate/chain.h"

#define RECORD_FORMAT 1
/* Longest line that the recorder writes, in bytes: a body of the largest size, escaped. record_read has no limit of its
 * own for a line. */
#define RECORD_LINE_MAX ((size_t)512 << 20)

/* Largest recording that callers write or read, in bytes; the functions here don't check it. Enough for a day with
 * lists of the usual size, and for two of the longest lines. */
#define RECORD_BYTES_MAX (2 * RECORD_LINE_MAX)

/* An option as it was given to the run. With the same options, the same policy gives the same plan again. */
struct record_option {
	const char *name, *value;
};

/* After reading, no pointer is NULL; a text that the recording doesn't have is empty. */
struct record_header {
	const char *tool, *api;
	int64_t start_wall_ns;
	const char *const *policies; /* paths; none: the built-in one */
	size_t policy_count;
	const struct record_option *options;
	size_t option_count;
	/* The chains that the run asked, as in the plan. With them, a recording that ends before one of them answered
	 * can be judged as far as it goes. Recordings of older versions have none. */
	const struct text *chains;
	/* Parallel to `chains`: the environment that was asked for; empty: the chain's list. NULL: always the list, as
	 * in recordings of older versions. */
	const struct text *environments;
	/* Parallel, too; in the file "kinds": ["chain", "model"]. NULL: all are chains, as without "kinds". */
	const enum target_kind *kinds;
	/* Parallel, too: true of a chain that a URL gives by its id; in the file "by_id": [false, true]. NULL: none, as
	 * without "by_id". */
	const bool *by_id;
	size_t chain_count;
};

/* The list of chains with which a run of several chains began. */
struct record_chains {
	int64_t at_ns;
	const struct chain *listed; /* after reading: with id and name only */
	size_t listed_count;
	/* As in the header; there are no models. */
	const struct text *chains, *environments;
	const bool *by_id;
	size_t chain_count;
};

struct record_answer {
	size_t round; /* from 1. The chains of one round are asked together; the round is over when the last has
		       * answered */
	int64_t at_ns, took_ns; /* when it was complete, and how long after it was asked for; 0: the line doesn't say */
	enum target_kind kind;
	struct text chain;       /* as in the plan */
	bool is_id;              /* … that a URL gives by its id. False of all in recordings of older versions */
	struct text environment; /* the answer is about this environment of the chain; empty: about its list */
	struct text chain_id;    /* empty: not known */
	struct text model;       /* a model's name; empty: not known, or it is a chain */
	/* After reading, true: `answer` has a status and a body; false: only `miss` is set. For writing, true: `answer`
	 * is about the chain's list or its environment; false: it is about the list of chains. `miss` is written
	 * instead of `answer` if is_list is false, if no HTTP answer came, or if a text of the answer isn't UTF-8. */
	bool is_list;
	struct api_answer answer;
	struct miss miss;
	bool has_clock; /* this answer is the first of the recording with this clock_offset_ns, the API's clock minus the
			 * machine's */
	int64_t clock_offset_ns, clock_slack_ns;
	bool is_same; /* the body equals that of the chain's last answer with a body */
};

struct record_end {
	int64_t at_ns;
	const char *verdict; /* after reading not checked, and empty if it is missing */
	/* The exit code before the reports are written, because they must know whether the recording is complete: a run
	 * that then can't write one ends with 6, and this says 0. A signal's number; 0: none. */
	int exit_code, signal_number;
};

/* ---- writing ---------------------------------------------------------------------------------------------------- */

/* Append lines. If a line doesn't fit the buffer, the buffer has overflowed and nothing in it is a recording. Bytes
 * that aren't UTF-8 are escaped (json_out.h). Nothing that the arguments point to is kept. */
void record_add_header(struct buf *, const struct record_header *);
void record_add_chains(struct buf *, const struct record_chains *);
void record_add_end(struct buf *, const struct record_end *);

/* Counts rounds and remembers each chain's last body. */
struct record_rounds;
struct record_rounds *record_rounds_new(void);
void record_rounds_free(struct record_rounds *); /* not NULL */

/* Appends a round: the answers of chains that were asked together, one for each chain. Sets their `round` and
 * `is_same`, and clears `has_clock` on answers whose clock_offset_ns was written already. Copies the bodies that it
 * remembers; what was appended counts as written, so if the buffer has overflowed, the recording is over. */
void record_add_round(struct buf *, struct record_rounds *, struct record_answer *, size_t count);

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct recording {
	struct record_header header; /* its chains are those of `beginning`, if there is one */
	bool has_beginning;
	struct record_chains beginning;
	const struct record_answer *answers; /* an answer with is_same has its body filled in */
	size_t count;
	bool has_end;
	struct record_end end;
	bool is_truncated; /* the last line was cut, and is left out */
};

/* Reads a whole recording. False with the mistake, a constant, and its line, from 1; then *out has no meaning. All
 * results live in the arena; the text may be freed. Only the format is checked here: a body may be anything, until it
 * is read by api.h. */
bool record_read(struct arena *, struct text, struct recording *out, const char **why, size_t *line);

/* How a recording names a chain, or an environment of a chain, that a plan needs: the plan may have the chain's id
 * where the recorded run had its name. RECORD_BY_TEXT: one of them has a URL, and the other only the id in it. */
enum record_name { RECORD_UNNAMED, RECORD_BY_NAME, RECORD_BY_TEXT, RECORD_BY_ID };

/* RECORD_UNNAMED: the recorded run didn't ask for it. `environment` empty: the chain's list. `is_id`: a URL gives the
 * chain; if the recorded run had a chain of this name with another id, that isn't it. */
enum record_name record_find(const struct recording *, enum target_kind, struct text chain, bool is_id,
			     struct text environment);

/* True if the answer is about it. `name` is what record_find returned. */
bool record_is_about(const struct record_answer *, enum record_name name, enum target_kind, struct text chain,
		     bool is_id, struct text environment);

#endif
