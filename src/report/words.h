/* words.h - what the report room's files share: phrases and safe printing. Private to src/report. */
#ifndef CHAINGATE_REPORT_WORDS_H
#define CHAINGATE_REPORT_WORDS_H

#include "chaingate/report.h"

/* "1 rule", "2 rules". */
void add_counted(struct buf *, size_t count, const char *noun);

/* What a miss was, on one line: "503 (upstream connect error)", "no connection: …". */
void add_miss(struct buf *, const struct miss *);

/* "rag/q86yjdy". */
void add_target_name(struct buf *, const struct gate_target *);

/* A file's path as version control has it, from the root of the checkout: a CI system links `deploy/policies/a.yaml`, whether the gate was given it in full, or
 * as `./policies/a.yaml` in the folder `deploy`. As given where it is outside. */
void add_repository_path(struct buf *, const struct report *, const char *path);

/* All that is wrong, or suspicious, with the policy and the command line, with hints. */
bool has_problems(const struct report *);
void add_problems(struct buf *, const struct report *);

/* The targets' indices, those without a pass first: what is read first, and what is left last where there is no room. */
const size_t *targets_by_need(struct arena *, const struct gate_result *);

/* "failed: rag/q86yjdy", "failed: 1 of 3 targets did not pass". */
void add_heading(struct buf *, const struct report *);

/* How a rule stands, for people. */
enum rule_mark { MARK_PASS, MARK_FAIL, MARK_WARN, MARK_UNKNOWN, MARK_SKIP };
enum rule_mark rule_mark(const struct rule_result *);

/* How an open rule stands, as the end of a sentence: ", which is not known". */
void add_finding(struct buf *, const struct rule_result *);

/* What happened, as a phrase without its time. */
void add_event(struct buf *, const struct target_result *, const struct gate_event *);

/* The rule with its evidence, several lines, each ending in a newline: source line, values under operands, seen, also, help. */
void add_evidence(struct buf *, const struct rule_result *, size_t columns, enum diag_style);

/* A line of others' text under a label, `  = help:  …`; where there are columns, broken between words. */
void add_note(struct buf *, const char *label, struct text, size_t columns);

/* Why the rule is as it is, as a sentence without a full stop: "chainlet Router is UNHEALTHY", "chainlet Router: min_replica is 2, production has 3". */
void add_sentence(struct buf *, const struct target_result *, const struct rule_result *);

/* Where there is no verdict: why, in a heading. */
const char *nothing_judged(const struct report *);

#endif
