/* placeholder.c - see placeholder.h. */
#include "chaingate/placeholder.h"

#include "chaingate/address.h"

#include <string.h>

static bool is_upper(char c)
{
	return (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_letter(char c)
{
	return is_upper(c) || (c >= 'a' && c <= 'z');
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hexadecimal(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_word(char c)
{
	return is_letter(c) || is_digit(c);
}

/* "<CHAIN>", "<your-chain>" or "%env.CHAIN%", with the marks as given, at the beginning of the text. */
static bool starts_with_marked(struct text text, char begin, char end)
{
	size_t i = 1;
	if (text.length < 3 || text.bytes[0] != begin || !is_letter(text.bytes[1]))
		return false;
	while (i < text.length &&
	       (is_letter(text.bytes[i]) || is_digit(text.bytes[i]) || text.bytes[i] == '-' || text.bytes[i] == '.'))
		i++;
	return i < text.length && text.bytes[i] == end;
}

/* "$CHAIN" or "$_ENV". A "$b" may be in a name. */
static bool starts_with_constant(struct text text)
{
	return text.length > 2 && text.bytes[0] == '$' && is_upper(text.bytes[1]) &&
	       (is_upper(text.bytes[2]) || is_digit(text.bytes[2]));
}

/* "$chain" in "rag-$chain". A "$bcd" directly after a letter may be in a name. */
static bool is_shell_variable(struct text text, size_t at)
{
	static const char before[] = "-_/.:,@\"' ";
	size_t end = at + 1;
	if (at == 0 || text.bytes[at] != '$' || !memchr(before, text.bytes[at - 1], sizeof(before) - 1))
		return false;
	while (end < text.length && is_word(text.bytes[end]))
		end++;
	return end - at > 2 && is_letter(text.bytes[at + 1]) && is_letter(text.bytes[at + 2]);
}

/* The "%C3%" of a percent-encoded text. */
static bool starts_with_octet(struct text text)
{
	return text.length > 3 && text.bytes[3] == '%' && is_hexadecimal(text.bytes[1]) &&
	       is_hexadecimal(text.bytes[2]);
}

/* The part of an address that is read: the query and the fragment aren't. "#{" begins a variable. */
static struct text without_query(struct text address)
{
	size_t end = 0;
	while (end < address.length && address.bytes[end] != '?' &&
	       (address.bytes[end] != '#' || text_starts_with(text_slice(address, end, address.length), "#{")))
		end++;
	return text_slice(address, 0, end);
}

static bool starts_with_begin(struct text text)
{
	static const char *const begins[] = {
		"${",    /* shells, Jenkins, Drone, Terraform; "${{" of GitHub and Azure */
		"$(",    /* Azure, Tekton, make */
		"$[",    /* Azure; "$[[" of GitLab */
		"$env:", /* PowerShell */
		"{{",    /* Argo, Helm, Ansible */
		"{%",    /* Jinja */
		"<<",    /* CircleCI */
		"<+",    /* Harness */
		"<%",    /* ERB */
		"#{",    /* Octopus, GoCD, CodePipeline */
		"((",    /* Concourse */
		"%%",    /* Windows' batch files, Datadog */
	};
	for (size_t i = 0; i < sizeof(begins) / sizeof(begins[0]); i++)
		if (text_starts_with(text, begins[i]))
			return true;
	return false;
}

bool placeholder_is_in(struct text text)
{
	bool is_address = address_is_one(text);
	if (text_starts_with(text, "$"))
		return true;
	if (is_address)
		text = without_query(text);
	for (size_t at = 0; at < text.length; at++) {
		struct text rest = text_slice(text, at, text.length);
		if (starts_with_begin(rest) || starts_with_constant(rest) || starts_with_marked(rest, '<', '>') ||
		    is_shell_variable(text, at) ||
		    (starts_with_marked(rest, '%', '%') && !(is_address && starts_with_octet(rest))))
			return true;
	}
	return false;
}
