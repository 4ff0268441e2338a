/* point_set.c - sets of code points, written as brackets in globs and regular expressions. */
#include "pattern.h"

#include <string.h>

struct range {
	uint32_t first, last;
};

struct point_set {
	bool negated;
	struct range *ranges;
	size_t count, capacity;
};

struct point_set *point_set_new(struct arena *arena)
{
	return ARENA_NEW(arena, struct point_set);
}

void point_set_add(struct arena *arena, struct point_set *set, uint32_t first, uint32_t last)
{
	set->ranges = arena_grow(arena, set->ranges, set->count, &set->capacity, sizeof(*set->ranges));
	set->ranges[set->count++] = (struct range){first, last};
}

void point_set_negate(struct point_set *set)
{
	set->negated = true;
}

bool point_set_has(const struct point_set *set, uint32_t point)
{
	bool found = false;
	for (size_t i = 0; i < set->count && !found; i++)
		found = point >= set->ranges[i].first && point <= set->ranges[i].last;
	return found != set->negated;
}

uint32_t pattern_point(struct text text, size_t *at)
{
	uint32_t point;
	size_t size = utf8_decode(text.bytes + *at, text.length - *at, &point);
	if (!size) {
		size = 1;
		point = (unsigned char)text.bytes[*at];
	}
	*at += size;
	return point;
}

/* ---- brackets of regular expressions ---------------------------------------------------------------------------- */

/* POSIX's classes, for ASCII. */
static const struct {
	const char *name;
	struct range ranges[4];
	size_t count;
} classes[] = {
	{"alpha", {{'A', 'Z'}, {'a', 'z'}}, 2},
	{"digit", {{'0', '9'}}, 1},
	{"alnum", {{'0', '9'}, {'A', 'Z'}, {'a', 'z'}}, 3},
	{"upper", {{'A', 'Z'}}, 1},
	{"lower", {{'a', 'z'}}, 1},
	{"xdigit", {{'0', '9'}, {'A', 'F'}, {'a', 'f'}}, 3},
	{"space", {{'\t', '\r'}, {' ', ' '}}, 2},
	{"blank", {{'\t', '\t'}, {' ', ' '}}, 2},
	{"punct", {{'!', '/'}, {':', '@'}, {'[', '`'}, {'{', '~'}}, 4},
	{"print", {{' ', '~'}}, 1},
	{"graph", {{'!', '~'}}, 1},
	{"cntrl", {{0, 0x1f}, {0x7f, 0x7f}}, 2},
};

struct bracket {
	struct arena *arena;
	struct text text;
	size_t at;
	struct point_set *set;
	struct pattern_fault *fault;
};

static bool refuse(struct bracket *b, size_t from, size_t to, const char *message, const char *hint)
{
	*b->fault = (struct pattern_fault){from, to > b->text.length ? b->text.length : to, message, hint};
	return false;
}

static char ahead(const struct bracket *b, size_t by)
{
	return b->at + by < b->text.length ? b->text.bytes[b->at + by] : '\0';
}

/* "[:" NAME ":]" */
static bool read_class(struct bracket *b)
{
	size_t from = b->at, end = b->at + 2;
	while (end < b->text.length && b->text.bytes[end] >= 'a' && b->text.bytes[end] <= 'z')
		end++;
	struct text name = text_slice(b->text, b->at + 2, end);
	b->at = end + 2;
	bool closed = text_starts_with(text_slice(b->text, end, b->text.length), ":]");
	if (closed && ahead(b, 0) == '-' && ahead(b, 1) != ']')
		return refuse(b, from, b->at + 1, "a class of characters cannot begin a range",
			      "write the hyphen first or last in the bracket");
	for (size_t i = 0; closed && i < sizeof(classes) / sizeof(classes[0]); i++) {
		if (!text_is(name, classes[i].name))
			continue;
		for (size_t j = 0; j < classes[i].count; j++)
			point_set_add(b->arena, b->set, classes[i].ranges[j].first, classes[i].ranges[j].last);
		return true;
	}
	return refuse(
		b, from, end + 2, "there is no such class of characters",
		"the classes are [:alpha:] [:digit:] [:alnum:] [:upper:] [:lower:] [:xdigit:] [:space:] [:blank:] "
		"[:punct:] [:print:] [:graph:] [:cntrl:]");
}

/* One character of a bracket that isn't a class. */
static bool read_point(struct bracket *b, uint32_t *out)
{
	if (ahead(b, 0) == '\\')
		return refuse(b, b->at, b->at + 1, "a backslash has no meaning in brackets",
			      "write the backslash itself as \\\\ outside of them");
	if (ahead(b, 0) == '[' && (ahead(b, 1) == '.' || ahead(b, 1) == '=' || ahead(b, 1) == ':'))
		return refuse(b, b->at, b->at + 2,
			      ahead(b, 1) == ':' ? "a class of characters cannot end a range"
						 : "collating elements differ from machine to machine",
			      "write the characters themselves");
	*out = pattern_point(b->text, &b->at);
	return true;
}

static bool read_range(struct bracket *b)
{
	uint32_t first, last;
	size_t from = b->at;
	if (!read_point(b, &first))
		return false;
	last = first;
	bool is_range = ahead(b, 0) == '-' && ahead(b, 1) != ']' && b->at + 1 < b->text.length;
	if (is_range) {
		b->at++;
		if (!read_point(b, &last))
			return false;
	}
	if (last < first)
		return refuse(b, from, b->at, "the range is the wrong way round", "write the lower character first");
	if (is_range && ahead(b, 0) == '-' && ahead(b, 1) != ']')
		return refuse(b, from, b->at + 1, "a range cannot begin where another ends",
			      "write the hyphen first or last in the bracket");
	point_set_add(b->arena, b->set, first, last);
	return true;
}

const struct point_set *point_set_bracket(struct arena *arena, struct text text, size_t *at,
					  struct pattern_fault *fault)
{
	struct bracket b = {.arena = arena, .text = text, .at = *at + 1, .set = point_set_new(arena), .fault = fault};
	if (ahead(&b, 0) == '^') {
		b.at++;
		point_set_negate(b.set);
	}
	/* A closing bracket that comes first is an ordinary member. */
	for (size_t first = b.at; b.at < text.length && (b.at == first || text.bytes[b.at] != ']');) {
		bool is_class = ahead(&b, 0) == '[' && ahead(&b, 1) == ':';
		if (is_class ? !read_class(&b) : !read_range(&b))
			return NULL;
	}
	if (b.at >= text.length)
		return refuse(&b, *at, *at + 1, "the bracket is not closed",
			      "close it with ], or write \\[ for the character itself"),
		       NULL;
	*at = b.at + 1;
	return b.set;
}
