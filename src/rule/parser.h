/* parser.h - shared by the parser's files: tokens, mistakes, nodes. Private to src/rule. */
#ifndef CHAINGATE_RULE_PARSER_H
#define CHAINGATE_RULE_PARSER_H

#include "ast.h"

struct parser {
	struct arena *arena;
	const struct excerpt *excerpt;
	const struct rule_context *context;
	struct diags *diags;
	const struct token *token;
	size_t depth;
	size_t aggregates;
	bool in_aggregate;
	const struct token *first;
};

/* ---- tokens */
bool is_word(const struct token *, const char *word);
bool is_one_of(const struct token *, const char *const *words); /* the list ends with NULL */
bool is_link(const struct token *);                             /* is, are, has, have */
bool parse_accept(struct parser *, enum token_kind);
bool accept_word(struct parser *, const char *word);

/* ---- mistakes. MISTAKE reports at bytes [from, to) of the rule and returns the diagnostic, for a hint. */
#define MISTAKE(p, from, to, code, ...) \
	diag_error((p)->diags, (p)->excerpt->source, excerpt_span((p)->excerpt, from, to), code, __VA_ARGS__)
/* Reports that something else was expected here, and what to write. Always returns NULL, so that a parser function
 * can return it. */
void *expected(struct parser *, const char *what, const char *remedy);
/* Hint after a complete condition: what can follow it. */
#define OPERATOR_REMEDY "compare with ==, !=, <, <=, >, >= or in; join conditions with and, or"
/* Hint for a percentage where a whole number is needed. */
#define SHARE_REMEDY "count them: count(chainlets where status == ACTIVE) >= count(chainlets) * 70%"
/* In mistakes.c: what to write instead of the next word, which comes after token `before` (or NULL); NULL if the
 * word isn't known. */
const char *foreign_remedy(struct parser *, const struct token *before);
/* True if a quantified rule begins here. */
bool is_quantified(const struct token *);
/* False, with an error reported, if a keyword is written in capitals anywhere in the rule. */
bool refuse_keywords_in_capitals(struct parser *);
/* Reports a word in capitals that isn't a status. Always returns NULL. */
void *refuse_capitals(struct parser *);

/* ---- nodes */
struct node *node_new(struct parser *, enum node_kind, const struct token *first);
void node_add(struct parser *, struct node *, struct node *child);
/* Goes one level deeper; false, with an error reported, if that is too deep. The caller decrements p->depth when it
 * leaves. */
bool enter(struct parser *);

/* ---- productions. Each returns NULL or false if and only if it has reported an error. */
struct node *parse_expression(struct parser *);
struct node *parse_field(struct parser *);
struct node *parse_literal(struct parser *); /* INT, DECIMAL, PERCENT, DURATION, STRING, STATUS, PARAM */
bool is_boolean(const struct token *);       /* true, false */
struct node *parse_boolean(struct parser *);
bool is_aggregate(const struct token *);
struct node *parse_aggregate(struct parser *);
bool parse_set(struct parser *, struct node *into); /* a set or a class */
bool parse_noun(struct parser *, enum rule_scope *out);
/* Parses the parenthesis that closes `open`. */
bool parse_close(struct parser *, const struct token *open, const char *what_else);

#endif
