/* lex.h - splits a rule's text into tokens. Private to src/rule. */
#ifndef CHAINGATE_RULE_LEX_H
#define CHAINGATE_RULE_LEX_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "chaingate/literal.h"
#include "chaingate/source.h"

enum token_kind {
	TOKEN_END,
	TOKEN_WORD, /* lower case: keywords, fields, classes */
	TOKEN_CAPS, /* a status, or a misspelt one */
	TOKEN_INTEGER,
	TOKEN_DECIMAL,
	TOKEN_PERCENT,
	TOKEN_DURATION,
	TOKEN_STRING,
	TOKEN_PARAM,
	TOKEN_OPEN, /* ( */
	TOKEN_CLOSE,
	TOKEN_OPEN_SET, /* [ */
	TOKEN_CLOSE_SET,
	TOKEN_COMMA,
	TOKEN_DOT,
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_TIMES,
	TOKEN_DIVIDE,
	TOKEN_EQUAL,
	TOKEN_NOT_EQUAL,
	TOKEN_LESS,
	TOKEN_LESS_EQUAL,
	TOKEN_GREATER,
	TOKEN_GREATER_EQUAL,
};

struct token {
	enum token_kind kind;
	size_t from, to;        /* bytes of the rule's text */
	struct text text;       /* as written */
	struct literal literal; /* of INTEGER, DECIMAL, PERCENT, DURATION, STRING, and of CAPS that is a status */
};

/* "'min_replica'", "the end of the rule": for messages, in the list's arena. */
const char *token_words(struct diags *, const struct token *);

/* The tokens of a rule; the last one is TOKEN_END, so there is one behind each other token. NULL if and only if an
 * error was reported. */
const struct token *lex(struct arena *, const struct excerpt *, struct diags *);

#endif
