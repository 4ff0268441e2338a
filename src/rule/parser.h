/* parser.h - what the two halves of the parser share: tokens, mistakes, nodes. Private to src/rule. */
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

/* ---- mistakes. MISTAKE reports at bytes [from, to) of the rule and gives the diagnostic, for a hint. */
#define MISTAKE(p, from, to, code, ...) \
	diag_error((p)->diags, (p)->excerpt->source, excerpt_span((p)->excerpt, from, to), code, __VA_ARGS__)
/* Reports that something else stands here, and what to write. Always NULL, so that a parser function can return it. */
void *expected(struct parser *, const char *what, const char *remedy);
/* What stands behind a whole condition, or where one could end. */
#define OPERATOR_REMEDY "compare with ==, !=, <, <=, >, >= or in; join conditions with and, or"
/* Of a share where a number must stand. */
#define SHARE_REMEDY "count them: count(chainlets where status == ACTIVE) >= count(chainlets) * 70%"
/* mistakes.c: what to write instead of the word that is read next, behind a token or NULL; NULL if nobody knows. */
const char *foreign_remedy(struct parser *, const struct token *before);
/* mistakes.c: a class that was meant by a word, where the nearest one is its opposite; or NULL. */
const char *class_remedy(struct text word);
/* Does a quantified rule begin here? */
bool is_quantified(const struct token *);
/* False, reported, where a keyword is written in capitals anywhere in the rule. */
bool refuse_keywords_in_capitals(struct parser *);
/* Reports a word in capitals that is no status. Always NULL. */
void *refuse_capitals(struct parser *);

/* ---- nodes */
struct node *node_new(struct parser *, enum node_kind, const struct token *first);
void node_add(struct parser *, struct node *, struct node *child);
/* Goes one level deeper; false, reported, where that is too deep. Who entered leaves by counting p->depth down. */
bool enter(struct parser *);

/* ---- productions, each NULL or false if and only if it has reported */
struct node *parse_expression(struct parser *);
struct node *parse_field(struct parser *);
struct node *parse_literal(struct parser *); /* INT, DECIMAL, PERCENT, DURATION, STRING, STATUS, PARAM */
bool is_boolean(const struct token *);       /* true, false */
struct node *parse_boolean(struct parser *);
bool is_aggregate(const struct token *);
struct node *parse_aggregate(struct parser *);
bool parse_set(struct parser *, struct node *into); /* a set or a class */
bool parse_noun(struct parser *, enum rule_scope *out);
/* The parenthesis behind what `open` began. */
bool parse_close(struct parser *, const struct token *open, const char *what_else);

#endif
