/* words.h - shared by the files of the report room: phrases, and printing foreign text safely. Private to
 * src/report. */
#ifndef CHAINGATE_REPORT_WORDS_H
#define CHAINGATE_REPORT_WORDS_H

#include "chaingate/report.h"

/* "1 rule", "2 rules". */
void add_counted(struct buf *, size_t count, const char *noun);

/* A miss on one line: "503 (upstream connect error)", "no connection: …". */
void add_miss(struct buf *, const struct miss *);

/* "rag/q86yjdy". */
void add_target_name(struct buf *, const struct gate_target *);

/* A file's path in version control, from the root of the checkout. A CI system links `deploy/policies/a.yaml`,
 * whether the gate was given that path in full, or `./policies/a.yaml` in the folder `deploy`. A path outside of the
 * checkout is written as given. */
void add_repository_path(struct buf *, const struct report *, const char *path);

/* A moment by the wall clock, for people: "2026-08-14 09:04:12 UTC". */
void add_wall(struct buf *, int64_t wall_ns);

/* True if there are mistakes in, or warnings about, the policy or the command line. */
bool has_problems(const struct report *);
void add_problems(struct buf *, const struct report *);

/* The targets' indices. Those that didn't pass come first, because they are read first and must not be left out. */
const size_t *targets_by_need(struct arena *, const struct gate_result *);

/* True if the run would have ended with 0, but a report could not be written: whoever reads another one must not see a
 * pass. */
bool is_unreported(const struct report *);
#define UNREPORTED_WORDS "a report could not be written"

/* ", but a report could not be written (exit 6)" if it is so; else nothing. */
const char *unreported_words(const struct report *);

/* "failed: rag/q86yjdy", "failed: 1 of 3 targets did not pass". */
void add_heading(struct buf *, const struct report *);

/* The state of a rule for people, in the order of importance. */
enum rule_mark { MARK_FAIL, MARK_OPEN, MARK_WARN, MARK_UNFINISHED, MARK_SKIP, MARK_PASS, MARK_COUNT };
enum rule_mark rule_mark(const struct target_result *, const struct rule_result *);
const char *rule_mark_word(enum rule_mark);    /* "not finished" */
const char *rule_mark_meaning(enum rule_mark); /* a phrase */

/* "stable for 46s, 30s of it watched; 3 of 9 polls failed"; "at rest for …" if the target wasn't stable yet. Nothing if
 * it wasn't at rest. */
void add_stretch(struct buf *, const struct target_result *);
/* True if a part of the time wasn't watched, or a poll failed. If not, the phrase says no more than the times do. */
bool stretch_has_gaps(const struct gate_stretch *);
/* ", 30s of it watched" */
void add_watched(struct buf *, const struct gate_stretch *);

/* True if a person must be told of the rule: it failed, perhaps only as a warning, or it is open for another reason
 * than lack of time. */
bool rule_is_finding(const struct target_result *, const struct rule_result *);

/* The indices of the target's rules, in the order of their marks, then of the policy. */
const size_t *rules_by_need(struct arena *, const struct target_result *);

/* An event as a phrase without its time. */
void add_event(struct buf *, const struct target_result *, const struct gate_event *);

/* The rule with its evidence. Several lines, each with a newline: the source line, values under operands, observations,
 * help. */
void add_evidence(struct buf *, const struct rule_result *, size_t columns, enum diag_style);

/* Parts of it: "chainlet Retriever"; whether an operand's value was shown before in the item; "deployment q86yjdy, poll
 * 17 at 4m10s; never true, false since 1m30s"; "2 of 3 are ACTIVE (Router, Gate)". The rule must have been judged. */
void add_item_name(struct buf *, const struct evidence *, const struct evidence_item *);
bool operand_is_repeated(const struct evidence_item *, size_t index);
void add_seen(struct buf *, const struct rule_result *);
void add_also(struct buf *, const struct rule_result *);

/* A line of foreign text after a label, `  = help:  …`; wrapped between words if `columns` isn't 0. */
void add_note(struct buf *, const char *label, struct text, size_t columns);

/* Why the rule is in its state, as a sentence without a full stop: "chainlet Router is UNHEALTHY", "chainlet Router:
 * min_replica is 2, production has 3". */
void add_sentence(struct buf *, const struct target_result *, const struct rule_result *);

/* "chain" or "model". */
const char *target_word(const struct target_result *);
/* "the environment 'production' of the chain 'rag'" */
void add_environment(struct buf *, const struct target_result *);
/* The rules that aren't satisfied yet, with what they last were. */
void add_open_rules(struct buf *, const struct target_result *);
/* What the target was waiting for when the run ended: "; waiting for …". */
void add_waited(struct buf *, const struct target_result *);

/* For a heading: why there is no verdict. */
const char *nothing_judged(const struct report *);

#endif
