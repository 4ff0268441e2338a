/* record.h - recordings: what a run was told by the API, as lines of JSON, to judge it again later.
 *
 * A line is one object and is written when it is known, so that a run that was killed leaves a recording up to there. The first is the header; then come rounds: an
 * `answer` for each chain that was asked; the last is the `end`, where there was one. Times are seconds since the start, exact to the nanosecond.
 *
 *	{"kind": "header", "format": 1, "tool": "0.1.0", "start": "2026-08-14T09:00:00Z", …, "options": [["chain", "rag"], …]}
 *	{"kind": "answer", "round": 1, "at": 0.21, "took": 0.2, "chain": "rag", "chain_id": "232p81ql", "status": 200, "body": "{…}"}
 *	    with "clock_offset_ns" on the first answer since it is known: so far the API's clock is ahead of the machine's
 *	{"kind": "answer", "round": 2, "at": 10.2, …, "status": 200, "same": true}
 *	{"kind": "answer", "round": 3, "at": 20.2, …, "miss": "timeout", "detail": "…"}
 *	{"kind": "end", "at": 40.1, "verdict": "passed", "exit": 0, "signal": 0}
 *
 * A recording holds no key and no header of a request: nothing that could be one is ever given to these functions.
 */
#ifndef CHAINGATE_RECORD_H
#define CHAINGATE_RECORD_H

#include "chaingate/api.h"
#include "chaingate/arena.h"
#include "chaingate/buf.h"

#define RECORD_FORMAT 1
/* Longest line that is read: a body of the largest size, escaped. */
#define RECORD_LINE_MAX ((size_t)512 << 20)

/* Largest recording that is written and read: a day of the usual list of a chain, and as much as two of the largest lines. */
#define RECORD_BYTES_MAX (2 * RECORD_LINE_MAX)

/* An option as it was given to the run: what makes the same plan of the same policy again. */
struct record_option {
	const char *name, *value;
};

struct record_header {
	const char *tool, *api;
	int64_t start_wall_ns;
	const char *const *policies; /* paths; none: the built-in one */
	size_t policy_count;
	const struct record_option *options;
	size_t option_count;
};

struct record_answer {
	size_t round; /* from 1; what was asked together has the same, and is over when the last has answered */
	int64_t at_ns, took_ns;
	struct text chain;    /* as the plan says */
	struct text chain_id; /* empty: not known */
	bool is_list; /* there is a status and a body; else only `miss`: it wasn't asked for its list, or didn't answer */
	struct api_answer answer;
	struct miss miss;
	bool has_clock; /* the API's clock is known since then, and so far ahead of the machine's */
	int64_t clock_offset_ns;
	bool is_same; /* the body is the one of this chain's last answer with a body */
};

struct record_end {
	int64_t at_ns;
	const char *verdict;
	int exit_code, signal_number;
};

/* ---- writing ---------------------------------------------------------------------------------------------------- */

void record_add_header(struct buf *, const struct record_header *);
void record_add_end(struct buf *, const struct record_end *);

/* Counts rounds, and knows each chain's last body. */
struct record_rounds;
struct record_rounds *record_rounds_new(void);
void record_rounds_free(struct record_rounds *);

/* Appends a round: the answers of chains that were asked together. Their `round` and `is_same` are set here. */
void record_add_round(struct buf *, struct record_rounds *, struct record_answer *, size_t count);

/* ---- reading ---------------------------------------------------------------------------------------------------- */

struct recording {
	struct record_header header;
	const struct record_answer *answers; /* with every body in its place */
	size_t count;
	bool has_end;
	struct record_end end;
	bool is_truncated; /* the last line was cut, and is left out */
};

/* Reads a whole recording. False with what is wrong, and the line. Everything lives in the arena or the text. */
bool record_read(struct arena *, struct text, struct recording *out, const char **why, size_t *line);

#endif
