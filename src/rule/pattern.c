/* pattern.c - see pattern.h. The glob is our own, over code points; the regular expressions are the C library's.
 *
 * What one C library takes and another doesn't is refused before regcomp sees it, so that a policy means the same everywhere. The
 * process never leaves the C locale, in which a regular expression is about bytes.
 */
#include "pattern.h"

#include "chaingate/rule.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

struct range {
	uint32_t first, last;
};

enum part_kind { PART_POINT, PART_ONE, PART_MANY, PART_SET };

struct part {
	enum part_kind kind;
	uint32_t point; /* of PART_POINT */
	bool negated;   /* of PART_SET */
	struct range *ranges;
	size_t range_count, range_capacity;
};

struct pattern {
	bool is_regex;
	regex_t regex;
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

/* One code point; a byte that isn't UTF-8 stands for itself. */
static uint32_t next_point(struct text text, size_t *at)
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

static struct part *add_part(struct glob *g, enum part_kind kind)
{
	struct pattern *pattern = g->pattern;
	pattern->parts =
		arena_grow(g->arena, pattern->parts, pattern->count, &pattern->capacity, sizeof(*pattern->parts));
	pattern->parts[pattern->count] = (struct part){.kind = kind};
	return &pattern->parts[pattern->count++];
}

/* A character, or one behind a backslash. */
static bool glob_point(struct glob *g, uint32_t *out)
{
	size_t from = g->at;
	*out = next_point(g->text, &g->at);
	if (*out != '\\')
		return true;
	if (g->at == g->text.length)
		return refuse(g->fault, from, g->at, "the pattern ends with a backslash",
			      "write \\\\ for a backslash itself");
	*out = next_point(g->text, &g->at);
	return true;
}

static bool glob_range(struct glob *g, struct part *part)
{
	struct range range;
	size_t from = g->at;
	if (!glob_point(g, &range.first))
		return false;
	range.last = range.first;
	bool is_range = g->at + 1 < g->text.length && g->text.bytes[g->at] == '-' && g->text.bytes[g->at + 1] != ']';
	if (is_range) {
		g->at++;
		if (!glob_point(g, &range.last))
			return false;
	}
	if (range.last < range.first)
		return refuse(g->fault, from, g->at, "the range is the wrong way round",
			      "write the lower character first");
	part->ranges =
		arena_grow(g->arena, part->ranges, part->range_count, &part->range_capacity, sizeof(*part->ranges));
	part->ranges[part->range_count++] = range;
	return true;
}

/* "[" [ "!" ] range { range } "]", the bracket read already */
static bool glob_set(struct glob *g)
{
	size_t from = g->at - 1;
	struct part *part = add_part(g, PART_SET);
	if (g->at < g->text.length && g->text.bytes[g->at] == '!') {
		part->negated = true;
		g->at++;
	}
	while (g->at < g->text.length && g->text.bytes[g->at] != ']')
		if (!glob_range(g, part))
			return false;
	if (g->at == g->text.length)
		return refuse(g->fault, from, from + 1, "the bracket is not closed", "write \\[ for a bracket itself");
	g->at++;
	if (part->range_count == 0)
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
	bool found = false;
	switch (part->kind) {
	case PART_POINT: return part->point == point;
	case PART_ONE:
	case PART_MANY: return true;
	case PART_SET:
		for (size_t i = 0; i < part->range_count; i++)
			found |= point >= part->ranges[i].first && point <= part->ranges[i].last;
		break;
	}
	return found != part->negated;
}

/* Only the last * is ever taken back, so that the time is at most pattern times text. */
static bool glob_matches(const struct pattern *pattern, struct text text)
{
	size_t part = 0, at = 0, star = SIZE_MAX, star_at = 0;
	while (at < text.length || part < pattern->count) {
		size_t next = at;
		if (part < pattern->count && pattern->parts[part].kind == PART_MANY) {
			star = part++;
			star_at = at;
		} else if (part < pattern->count && at < text.length &&
			   part_takes(&pattern->parts[part], next_point(text, &next))) {
			part++;
			at = next;
		} else if (star != SIZE_MAX && star_at < text.length) {
			next_point(text, &star_at);
			part = star + 1;
			at = star_at;
		} else {
			return false;
		}
	}
	return true;
}

/* ---- regular expressions ---------------------------------------------------------------------------------------- */

/* The greatest repetition count of a bound "{m}", "{m,}" or "{m,n}" at `at`; 0 if there is none. `end` is set behind it. */
static unsigned bound_at(struct text text, size_t at, size_t *end)
{
	unsigned greatest = 0, number = 0;
	if (at == text.length || text.bytes[at] != '{')
		return 0;
	for (size_t i = at + 1; i < text.length; i++) {
		char c = text.bytes[i];
		if (c >= '0' && c <= '9' && number < 100000)
			number = number * 10 + (unsigned)(c - '0');
		else if (c == ',')
			number = 0;
		else
			*end = i + (c == '}');
		if (number > greatest)
			greatest = number;
		if (c == '}')
			return greatest ? greatest : 1;
	}
	*end = text.length;
	return greatest ? greatest : 1;
}

/* Behind a bracket expression that begins at `at`; 0 if it isn't closed or holds a backslash. */
static size_t bracket_end(struct text text, size_t at, bool *has_backslash)
{
	size_t i = at + 1;
	*has_backslash = false;
	if (i < text.length && text.bytes[i] == '^')
		i++;
	if (i < text.length && text.bytes[i] == ']')
		i++;
	for (; i < text.length && text.bytes[i] != ']'; i++) {
		char kind = i + 1 < text.length ? text.bytes[i + 1] : '\0';
		*has_backslash |= text.bytes[i] == '\\';
		if (text.bytes[i] != '[' || (kind != ':' && kind != '.' && kind != '='))
			continue;
		for (i += 2; i + 1 < text.length && !(text.bytes[i] == kind && text.bytes[i + 1] == ']'); i++)
			;
		i++;
	}
	return i < text.length ? i + 1 : 0;
}

/* Groups can't nest deeper than the pattern is long. */
struct repeats {
	unsigned inside[RULE_PATTERN_BYTES_MAX + 1]; /* the greatest product in each open group */
	size_t depth;
	unsigned last; /* of the atom just read */
};

static bool check_repeats(struct repeats *r, size_t from, size_t to, struct pattern_fault *fault)
{
	if (r->last > RULE_PATTERN_REPEATS_MAX)
		return refuse(fault, from, to, "the pattern repeats too often",
			      "nested counts may multiply to 64 at most: write * or + instead");
	if (r->last > r->inside[r->depth])
		r->inside[r->depth] = r->last;
	return true;
}

static bool check_escape(struct text text, size_t at, struct pattern_fault *fault)
{
	static const char special[] = ".[\\()*+?{|^$";
	if (at + 1 < text.length && strchr(special, text.bytes[at + 1]))
		return true;
	return refuse(fault, at, at + 2 > text.length ? text.length : at + 2, "the backslash has no meaning here",
		      "a backslash goes before one of . [ \\ ( ) * + ? { | ^ $; write classes as [0-9] or [[:space:]]");
}

/* What a C library might take and another not, or what would take it too long. */
static bool check_regex(struct text text, struct pattern_fault *fault)
{
	struct repeats r = {.inside = {1}, .last = 1};
	for (size_t i = 0, end; i < text.length; i = end) {
		char c = text.bytes[i];
		unsigned bound;
		bool has_backslash;
		end = i + 1;
		if (c == '\\') {
			if (!check_escape(text, i, fault))
				return false;
			end = i + 2;
			r.last = 1;
		} else if (c == '[') {
			end = bracket_end(text, i, &has_backslash);
			if (!end || has_backslash)
				return refuse(fault, i, i + 1,
					      end ? "a backslash has no meaning in brackets"
						  : "the bracket is not closed",
					      NULL);
			r.last = 1;
		} else if (c == '(') {
			r.inside[++r.depth] = 1;
		} else if (c == ')' && r.depth > 0) {
			r.last = r.inside[r.depth--];
			if (!check_repeats(&r, i, end, fault))
				return false;
		} else if ((bound = bound_at(text, i, &end)) > 0) {
			r.last = bound > RULE_PATTERN_REPEATS_MAX ? bound : r.last * bound;
			if (!check_repeats(&r, i, end, fault))
				return false;
		} else if (c != '*' && c != '+' && c != '?') {
			r.last = 1;
		}
	}
	return true;
}

static void release_regex(void *pattern)
{
	regfree(&((struct pattern *)pattern)->regex);
}

const struct pattern *pattern_regex(struct arena *arena, struct text text, struct pattern_fault *fault)
{
	char message[200];
	if (text.length == 0 || text.length > RULE_PATTERN_BYTES_MAX) {
		refuse(fault, 0, text.length,
		       text.length ? "the pattern is longer than 256 bytes" : "the pattern is empty", NULL);
		return NULL;
	}
	if (!check_regex(text, fault))
		return NULL;
	struct pattern *pattern = ARENA_NEW(arena, struct pattern);
	pattern->is_regex = true;
	int error = regcomp(&pattern->regex, arena_text(arena, text).bytes, REG_EXTENDED | REG_NOSUB);
	if (error == REG_ESPACE)
		memory_exhausted();
	if (error) {
		regerror(error, &pattern->regex, message, sizeof(message));
		refuse(fault, 0, text.length,
		       arena_printf(arena, "the regular expression does not compile: %s", message), NULL);
		return NULL;
	}
	arena_defer(arena, release_regex, pattern);
	return pattern;
}

enum pattern_result pattern_match(const struct pattern *pattern, struct text text, struct arena *arena)
{
	if (!pattern->is_regex)
		return glob_matches(pattern, text) ? PATTERN_YES : PATTERN_NO;
	if (text.length && memchr(text.bytes, '\0', text.length))
		return PATTERN_UNKNOWN;
	int result = regexec(&pattern->regex, arena_text(arena, text).bytes, 0, NULL, 0);
	if (result == REG_ESPACE)
		memory_exhausted();
	return result == 0 ? PATTERN_YES : PATTERN_NO;
}
