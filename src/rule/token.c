/* token.c - compares tokens with words; for the parser and for its remedies. */
#include "parser.h"

bool is_word(const struct token *token, const char *word)
{
	return token->kind == TOKEN_WORD && text_is(token->text, word);
}

bool is_one_of(const struct token *token, const char *const *words)
{
	for (; *words; words++)
		if (is_word(token, *words))
			return true;
	return false;
}

bool is_link(const struct token *token)
{
	static const char *const links[] = {"is", "are", "has", "have", NULL};
	return is_one_of(token, links);
}

bool is_boolean(const struct token *token)
{
	return is_word(token, "true") || is_word(token, "false");
}
