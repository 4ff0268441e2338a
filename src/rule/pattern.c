/* pattern.c - see pattern.h. Globs; the regular expressions are in regex.c. */
#include "pattern.h"

#include "regex.h"

enum part_kind { PART_POINT, PART_ONE, PART_MANY, PART_SET };

struct part {
	enum part_kind kind;
	uint32_t point;        /* of PART_POINT */
	struct point_set *set; /* of PART_SET */
};

struct pattern {
	const struct regex *regex; /* NULL: a glob */
	struct part *parts;
	size_t count, capacity;
};

/* ---- globs: compiling ------------------------------------------------------------------------------------------- */

struct glob {
	struct arena *arena;
	struct text text;
	size_t at;
	struct pattern *pattern;
	struct pattern_fault *fault;
};

static bool refuse(struct pattern_fault *fault, size_t from, size_t to, const char *message, const char *hint)
{
	*fault = (struct pattern_fault){from, to, message, hint};
	return false;
}

static struct part *add_part(struct glob *g, enum part_kind kind)
{
	struct pattern *pattern = g->pattern;
	pattern->parts =
		arena_grow(g->arena, pattern->parts, pattern->count, &pattern->capacity, sizeof(*pattern->parts));
	pattern->parts[pattern->count] = (struct part){.kind = kind};
	return &pattern->parts[pattern->count++];
}

/* A character, possibly after a backslash. */
static bool glob_point(struct glob *g, uint32_t *out)
{
	size_t from = g->at;
	*out = pattern_point(g->text, &g->at);
	if (*out != '\\')
		return true;
	if (g->at == g->text.length)
		return refuse(g->fault, from, g->at, "the pattern ends with a backslash",
			      "write \\\\ for a backslash itself");
	*out = pattern_point(g->text, &g->at);
	return true;
}

static bool glob_range(struct glob *g, struct part *part)
{
	uint32_t first, last;
	size_t from = g->at;
	if (!glob_point(g, &first))
		return false;
	last = first;
	bool is_range = g->at + 1 < g->text.length && g->text.bytes[g->at] == '-' && g->text.bytes[g->at + 1] != ']';
	if (is_range) {
		g->at++;
		if (!glob_point(g, &last))
			return false;
	}
	if (last < first)
		return refuse(g->fault, from, g->at, "the range is the wrong way round",
			      "write the lower character first");
	point_set_add(g->arena, part->set, first, last);
	return true;
}

/* "[" [ "!" ] range { range } "]"; the opening bracket has been read */
static bool glob_set(struct glob *g)
{
	size_t from = g->at - 1;
	struct part *part = add_part(g, PART_SET);
	part->set = point_set_new(g->arena);
	if (g->at < g->text.length && g->text.bytes[g->at] == '!') {
		point_set_negate(part->set);
		g->at++;
	}
	size_t first = g->at;
	while (g->at < g->text.length && g->text.bytes[g->at] != ']')
		if (!glob_range(g, part))
			return false;
	if (g->at == g->text.length)
		return refuse(g->fault, from, from + 1, "the bracket is not closed", "write \\[ for a bracket itself");
	g->at++;
	if (g->at == first + 1)
		return refuse(g->fault, from, g->at, "the bracket is empty", "write \\[ for a bracket itself");
	return true;
}

const struct pattern *pattern_glob(struct arena *arena, struct text text, struct pattern_fault *fault)
{
	struct glob g = {.arena = arena, .text = text, .pattern = ARENA_NEW(arena, struct pattern), .fault = fault};
	while (g.at < text.length) {
		char c = text.bytes[g.at];
		uint32_t point;
		if (c == '*' || c == '?') {
			g.at++;
			add_part(&g, c == '*' ? PART_MANY : PART_ONE);
		} else if (c == '[') {
			g.at++;
			if (!glob_set(&g))
				return NULL;
		} else if (glob_point(&g, &point)) {
			add_part(&g, PART_POINT)->point = point;
		} else {
			return NULL;
		}
	}
	return g.pattern;
}

/* ---- globs: matching -------------------------------------------------------------------------------------------- */

static bool part_takes(const struct part *part, uint32_t point)
{
	switch (part->kind) {
	case PART_POINT: return part->point == point;
	case PART_ONE:
	case PART_MANY: return true;
	case PART_SET: return point_set_has(part->set, point);
	}
	return false;
}

/* Only the last * is ever tried again, so the time is at most proportional to pattern times text. */
static bool glob_matches(const struct pattern *pattern, struct text text)
{
	size_t part = 0, at = 0, star = SIZE_MAX, star_at = 0;
	while (at < text.length || part < pattern->count) {
		size_t next = at;
		if (part < pattern->count && pattern->parts[part].kind == PART_MANY) {
			star = part++;
			star_at = at;
		} else if (part < pattern->count && at < text.length &&
			   part_takes(&pattern->parts[part], pattern_point(text, &next))) {
			part++;
			at = next;
		} else if (star != SIZE_MAX && star_at < text.length) {
			pattern_point(text, &star_at);
			part = star + 1;
			at = star_at;
		} else {
			return false;
		}
	}
	return true;
}

/* ---- globs and regular expressions ------------------------------------------------------------------------------ */

const struct pattern *pattern_regex(struct arena *arena, struct text text, struct pattern_fault *fault)
{
	struct pattern *pattern = ARENA_NEW(arena, struct pattern);
	pattern->regex = regex_compile(arena, text, fault);
	return pattern->regex ? pattern : NULL;
}

bool pattern_has_wildcard(const struct pattern *pattern)
{
	for (size_t i = 0; i < pattern->count; i++)
		if (pattern->parts[i].kind != PART_POINT)
			return true;
	return false;
}

bool pattern_matches(const struct pattern *pattern, struct text text, struct arena *arena)
{
	return pattern->regex ? regex_matches(pattern->regex, text, arena) : glob_matches(pattern, text);
}
