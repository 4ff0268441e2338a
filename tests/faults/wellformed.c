/* wellformed.c - see wellformed.h. */
#include "wellformed.h"

#include <string.h>

#define DEPTH_MAX 32
#define SPACES " \t\r\n"
#define NAME_ENDS SPACES "/>="

struct reader {
	const char *at;
	const char *names[DEPTH_MAX]; /* the names of the open elements, for comparing with their end tags */
	int depth, roots;
};

static bool starts(const struct reader *reader, const char *with)
{
	return strncmp(reader->at, with, strlen(with)) == 0;
}

static bool skip_past(struct reader *reader, const char *mark)
{
	const char *found = strstr(reader->at, mark);
	if (found)
		reader->at = found + strlen(mark);
	return found;
}

/* "&name;" with a predefined name or a character's number. */
static bool skip_entity(struct reader *reader)
{
	static const char *const known[] = {"&lt;", "&gt;", "&amp;", "&quot;", "&apos;"};
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++) {
		if (starts(reader, known[i])) {
			reader->at += strlen(known[i]);
			return true;
		}
	}
	if (!starts(reader, "&#"))
		return false;
	reader->at += 2 + strspn(reader->at + 2, "0123456789abcdefABCDEFx");
	return *reader->at++ == ';';
}

/* Skips text up to one of the marks, but not the mark itself. */
static bool skip_text(struct reader *reader, const char *marks)
{
	while (*reader->at && !strchr(marks, *reader->at)) {
		if (*reader->at == '&' ? !skip_entity(reader)
				       : (unsigned char)*reader->at++ < 0x20 && !strchr(SPACES, reader->at[-1]))
			return false;
	}
	return true;
}

static bool skip_attributes(struct reader *reader)
{
	for (;;) {
		size_t spaces = strspn(reader->at, SPACES);
		reader->at += spaces;
		if (strchr("/>", *reader->at))
			return *reader->at != '\0';
		size_t length = strcspn(reader->at, NAME_ENDS);
		reader->at += length;
		if (!spaces || !length || *reader->at++ != '=' || *reader->at++ != '"' || !skip_text(reader, "\"<") ||
		    *reader->at++ != '"')
			return false;
	}
}

static bool open_element(struct reader *reader)
{
	const char *name = ++reader->at;
	size_t length = strcspn(name, NAME_ENDS);
	reader->at += length;
	reader->roots += reader->depth == 0;
	if (!length || reader->depth == DEPTH_MAX || !skip_attributes(reader))
		return false;
	if (*reader->at == '/')
		return *++reader->at == '>' && reader->at++;
	reader->at++;
	reader->names[reader->depth++] = name;
	return true;
}

static bool close_element(struct reader *reader)
{
	size_t length = strcspn(reader->at += 2, NAME_ENDS);
	if (!reader->depth)
		return false;
	const char *name = reader->names[--reader->depth];
	if (strncmp(name, reader->at, length) != 0 || !strchr(NAME_ENDS, name[length]))
		return false;
	reader->at += length;
	reader->at += strspn(reader->at, SPACES);
	return *reader->at++ == '>';
}

static bool take(struct reader *reader)
{
	if (starts(reader, "<?"))
		return skip_past(reader, "?>");
	if (starts(reader, "<!--"))
		return skip_past(reader, "-->");
	if (starts(reader, "<![CDATA["))
		return reader->depth && skip_past(reader, "]]>");
	if (starts(reader, "</"))
		return close_element(reader);
	if (*reader->at == '<')
		return open_element(reader);
	if (reader->depth)
		return skip_text(reader, "<");
	return strspn(reader->at, SPACES) > 0 && (reader->at += strspn(reader->at, SPACES));
}

bool is_wellformed(const char *document)
{
	struct reader reader = {.at = document};
	while (*reader.at)
		if (!take(&reader))
			return false;
	return reader.depth == 0 && reader.roots == 1;
}
