/* paging_links.c - finds the links that lead to another page. See paging.h.
 *
 * Link = "<" address ">" { ";" name "=" ( token | quoted ) }, joined by "," (RFC 8288). Names and relations ignore
 * case.
 */
#include "paging.h"

/* ---- relations -------------------------------------------------------------------------------------------------- */

static bool is_end_of_address(char c)
{
	return c == '/' || c == '#' || c == ':';
}

/* "next", "https://example.com/rels/next" */
static bool is_relation(struct text word)
{
	static const char *const others[] = {"next", "prev", "previous"};
	size_t from = word.length;
	while (from > 0 && !is_end_of_address(word.bytes[from - 1]))
		from--;
	word = text_slice(word, from, word.length);
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (text_is_in_any_case(word, others[i]))
			return true;
	return false;
}

bool paging_is_other_page(struct text relation)
{
	for (size_t at = 0, from; at < relation.length; at++) {
		for (from = at; at < relation.length && relation.bytes[at] != ' ' && relation.bytes[at] != '\t';)
			at++;
		if (is_relation(text_slice(relation, from, at)))
			return true;
	}
	return false;
}

/* ---- Link ------------------------------------------------------------------------------------------------------- */

static bool is_space(char c)
{
	return c == ' ' || c == '\t';
}

static size_t skip_spaces(struct text text, size_t at)
{
	while (at < text.length && is_space(text.bytes[at]))
		at++;
	return at;
}

/* Reads a token, or the text between quotation marks; some servers write single ones. Returns where it ends. */
static size_t read_value(struct text link, size_t at, struct text *out)
{
	char quote = at < link.length && (link.bytes[at] == '"' || link.bytes[at] == '\'') ? link.bytes[at] : '\0';
	size_t from = at + (quote != '\0');
	for (at = from; at < link.length; at++) {
		char c = link.bytes[at];
		if (quote ? c == quote : is_space(c) || c == ';' || c == ',' || c == '=')
			break;
	}
	*out = text_slice(link, from, at);
	return at < link.length ? at + (quote != '\0') : at;
}

/* Where an address in angle brackets ends; if it has no end, its parts are read like anything else. */
static size_t skip_address(struct text link, size_t at)
{
	for (size_t end = at + 1; end < link.length && link.bytes[end] != '<'; end++)
		if (link.bytes[end] == '>')
			return end;
	return at;
}

struct text paging_relation_in(struct text link)
{
	struct text name, value;
	for (size_t at = 0; at < link.length;) {
		if (link.bytes[at] == '<')
			at = skip_address(link, at);
		if (link.bytes[at] != ';') {
			at++;
			continue;
		}
		at = skip_spaces(link, read_value(link, skip_spaces(link, at + 1), &name));
		if (at >= link.length || link.bytes[at] != '=')
			continue;
		at = read_value(link, skip_spaces(link, at + 1), &value);
		/* rel* = charset "'" [ language ] "'" percent-encoded (RFC 8187): nobody uses it, so it isn't decoded */
		if (text_is_in_any_case(name, "rel*") ||
		    (text_is_in_any_case(name, "rel") && paging_is_other_page(value)))
			return value;
	}
	return (struct text){0};
}
