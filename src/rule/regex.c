/* regex.c - see regex.h. Compiles an expression to the steps of a machine that is in many steps at once, so that
 * nothing is tried twice.
 *
 * Jumps are relative, so that the steps of a repetition can be copied unchanged.
 *
 * Why not libtre, which has POSIX expressions over wide characters: version 0.8.0, the one in Debian, was compared
 * with this file and the C library.
 *   - Counts inside repetitions: it matches texts that it shouldn't. `((a{2}b)+c)+` matches "aacc", `((a{0,2}b)+.){2}`
 *     matches "cc", and `^((([0-9]){1,4}:){0,4}([0-9]){1,4})?::$` matches "1:2:3:4:5:6::". Of 120,000 generated pairs it
 *     got 10 to 24 wrong; this file and glibc agreed on all.
 *   - A `$` matches before a NUL within the text.
 *   - Time and memory grow much faster than the pattern: `^(a?…){16}$` with a hundred `a?` needs 97 MB and a second to
 *     compile, and two seconds for 200 characters. With {32} it had not ended after 100 seconds on a busy machine; {64}
 *     is allowed.
 * Without counts it made no mistake in 120,000 pairs, but the cost remains. A wrong match could become a wrong pass.
 * The first two defects are in the tables of tests/unit/test_regex.c.
 */
#include "regex.h"

#include "chaingate/rule.h"

#include <string.h>

enum step_kind {
	STEP_POINT, /* consumes `point` */
	STEP_ANY,   /* consumes any code point */
	STEP_SET,   /* consumes one of `set` */
	STEP_BEGIN, /* continues only at the text's beginning */
	STEP_END,   /* continues only at the text's end */
	STEP_FORK,  /* continues at both offsets */
	STEP_JUMP,  /* continues at the first offset */
	STEP_MATCH,
};

struct step {
	enum step_kind kind;
	uint32_t point;
	const struct point_set *set;
	ptrdiff_t first, second;
};

struct regex {
	struct step *steps;
	size_t count, capacity;
};

/* ---- compiling -------------------------------------------------------------------------------------------------- */

struct compiler {
	struct arena *arena;
	struct text text;
	size_t at;
	struct regex *regex;
	struct pattern_fault *fault;
};

#define COUNTS_HINT "write a count as {3}, {3,} or {3,5}, and \\{ for the character itself"

static bool refuse(struct compiler *c, size_t from, size_t to, const char *message, const char *hint)
{
	*c->fault = (struct pattern_fault){from, to, message, hint};
	return false;
}

static char peek(const struct compiler *c)
{
	return c->at < c->text.length ? c->text.bytes[c->at] : '\0';
}

static struct step *add(struct compiler *c, struct step step)
{
	struct regex *regex = c->regex;
	regex->steps = arena_grow(c->arena, regex->steps, regex->count, &regex->capacity, sizeof(*regex->steps));
	regex->steps[regex->count] = step;
	return &regex->steps[regex->count++];
}

/* Inserts a step before all steps from `start` on. */
static void insert(struct compiler *c, size_t start, struct step step)
{
	add(c, step);
	struct step *at = &c->regex->steps[start];
	memmove(at + 1, at, (c->regex->count - 1 - start) * sizeof(*at));
	*at = step;
}

/* ---- counts ----------------------------------------------------------------------------------------------------- */

/* No upper limit. */
#define WITHOUT_END UINT32_MAX

/* Reads digits; false if there are none. A number that is far too large stays so, and doesn't wrap. */
static bool read_number(struct compiler *c, uint32_t *out)
{
	size_t from = c->at;
	*out = 0;
	for (; peek(c) >= '0' && peek(c) <= '9'; c->at++)
		if (*out < 100000)
			*out = *out * 10 + (uint32_t)(peek(c) - '0');
	return c->at > from;
}

/* count = "*" | "+" | "?" | "{" NUMBER [ "," [ NUMBER ] ] "}" */
static bool read_count(struct compiler *c, uint32_t *least, uint32_t *most)
{
	size_t from = c->at;
	char sign = c->text.bytes[c->at++];
	*least = sign == '+';
	*most = sign == '?' ? 1 : WITHOUT_END;
	if (sign != '{')
		return true;
	bool well = read_number(c, least);
	*most = *least;
	if (well && peek(c) == ',') {
		c->at++;
		if (!read_number(c, most))
			*most = WITHOUT_END;
	}
	if (!well || peek(c) != '}')
		return refuse(c, from, c->at < c->text.length ? c->at + 1 : c->at, "the braces hold no count",
			      COUNTS_HINT);
	c->at++;
	if (*most < *least)
		return refuse(c, from, c->at, "the count is the wrong way round", "write the lower number first");
	return true;
}

static void copy(struct compiler *c, const struct step *steps, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add(c, steps[i]);
}

/* Repeats the steps from `start` on. */
static void repeat(struct compiler *c, size_t start, uint32_t least, uint32_t most)
{
	size_t length = c->regex->count - start;
	ptrdiff_t behind = (ptrdiff_t)length;
	struct step *once = ARENA_ARRAY(c->arena, struct step, length + 1);
	memcpy(once, c->regex->steps + start, length * sizeof(*once));
	c->regex->count = start;
	for (uint32_t i = 0; i < least; i++)
		copy(c, once, length);
	if (most == WITHOUT_END && least) {
		add(c, (struct step){.kind = STEP_FORK, .first = -behind, .second = 1});
	} else if (most == WITHOUT_END) {
		add(c, (struct step){.kind = STEP_FORK, .first = 1, .second = behind + 2});
		copy(c, once, length);
		add(c, (struct step){.kind = STEP_JUMP, .first = -behind - 1});
	} else {
		for (uint32_t i = least; i < most; i++) {
			add(c, (struct step){.kind = STEP_FORK, .first = 1, .second = behind + 1});
			copy(c, once, length);
		}
	}
}

/* ---- atoms ------------------------------------------------------------------------------------------------------ */

static bool read_alternatives(struct compiler *, uint32_t *repeats);

static bool read_group(struct compiler *c, uint32_t *repeats)
{
	size_t from = c->at++;
	if (c->at < c->text.length && !read_alternatives(c, repeats))
		return false;
	if (peek(c) != ')')
		return refuse(c, from, from + 1, "the parenthesis is not closed",
			      "close it with ), or write \\( for the character itself");
	c->at++;
	return true;
}

static bool read_escape(struct compiler *c)
{
	static const char special[] = ".[\\()*+?{|^$";
	size_t from = c->at++;
	char escaped = peek(c);
	if (!escaped || !strchr(special, escaped)) {
		size_t end = c->at;
		if (end < c->text.length)
			pattern_point(c->text, &end);
		return refuse(c, from, end, "the backslash has no meaning here",
			      "a backslash goes before one of . [ \\ ( ) * + ? { | ^ $; write classes as [0-9] or "
			      "[[:space:]]");
	}
	c->at++;
	add(c, (struct step){.kind = STEP_POINT, .point = (unsigned char)escaped});
	return true;
}

/* atom = "(" alternatives ")" | bracket | "." | "^" | "$" | "\\" SPECIAL | any other character. `repeats` is the
 * greatest product of counts inside it. */
static bool read_atom(struct compiler *c, uint32_t *repeats)
{
	size_t from = c->at;
	const struct point_set *set;
	*repeats = 1;
	switch (peek(c)) {
	case '(': return read_group(c, repeats);
	case '\\': return read_escape(c);
	case '[':
		set = point_set_bracket(c->arena, c->text, &c->at, c->fault);
		if (set)
			add(c, (struct step){.kind = STEP_SET, .set = set});
		return set != NULL;
	case '.': c->at++; return add(c, (struct step){.kind = STEP_ANY}) != NULL;
	case '^': c->at++; return add(c, (struct step){.kind = STEP_BEGIN}) != NULL;
	case '$': c->at++; return add(c, (struct step){.kind = STEP_END}) != NULL;
	case '*':
	case '+':
	case '?':
	case '{':
		return refuse(c, from, from + 1, "there is nothing to repeat",
			      "write what to repeat before it, or a backslash for the character itself");
	default: break;
	}
	uint32_t point = pattern_point(c->text, &c->at);
	add(c, (struct step){.kind = STEP_POINT, .point = point});
	return true;
}

static bool is_count(char c)
{
	return c == '*' || c == '+' || c == '?' || c == '{';
}

/* True if the steps since `start` are a single ^ or $. */
static bool is_place(const struct compiler *c, size_t start)
{
	const struct step *first = &c->regex->steps[start];
	return c->regex->count == start + 1 && (first->kind == STEP_BEGIN || first->kind == STEP_END);
}

/* piece = atom [ count ] */
static bool read_piece(struct compiler *c, uint32_t *repeats)
{
	size_t start = c->regex->count, from;
	uint32_t least, most;
	if (!read_atom(c, repeats))
		return false;
	from = c->at;
	if (from == c->text.length || !is_count(peek(c)))
		return true;
	if (is_place(c, start) && c->text.bytes[from - 1] != ')')
		return refuse(c, from, from + 1, "there is nothing to repeat",
			      "^ and $ are places, not characters; write \\^ or \\$ for these");
	if (!read_count(c, &least, &most))
		return false;
	if (peek(c) && is_count(peek(c)))
		return refuse(c, from, c->at + 1, "one repetition follows another",
			      "put what is repeated twice in parentheses");
	uint32_t times = most == WITHOUT_END ? least : most;
	*repeats = times > RULE_PATTERN_REPEATS_MAX ? times : *repeats * (times ? times : 1);
	if (*repeats > RULE_PATTERN_REPEATS_MAX)
		return refuse(c, from, c->at, "the pattern repeats too often",
			      "nested counts may multiply to 64 at most: write * or + instead");
	repeat(c, start, least, most);
	return true;
}

/* branch = piece { piece } */
static bool read_branch(struct compiler *c, uint32_t *repeats)
{
	size_t from = c->at;
	while (c->at < c->text.length && peek(c) != '|' && peek(c) != ')') {
		uint32_t one;
		if (!read_piece(c, &one))
			return false;
		if (one > *repeats)
			*repeats = one;
	}
	if (c->at > from)
		return true;
	bool stray = peek(c) == ')' && from == 0;
	return refuse(c, from, from < c->text.length ? from + 1 : from,
		      stray ? "the parenthesis closes nothing" : "an alternative is empty",
		      stray ? "write \\) for the character itself" : "write (…)? for what may be there or not");
}

/* alternatives = branch { "|" branch }. For each "|", a fork before the branches so far leads to them or to the next
 * branch, and a jump after them leads past the next branch. */
static bool read_alternatives(struct compiler *c, uint32_t *repeats)
{
	size_t start = c->regex->count;
	*repeats = 1;
	if (!read_branch(c, repeats))
		return false;
	while (peek(c) == '|' && c->at < c->text.length) {
		uint32_t one = 1;
		c->at++;
		insert(c, start, (struct step){.kind = STEP_FORK, .first = 1});
		size_t jump = c->regex->count;
		add(c, (struct step){.kind = STEP_JUMP});
		c->regex->steps[start].second = (ptrdiff_t)(c->regex->count - start);
		if (!read_branch(c, &one))
			return false;
		c->regex->steps[jump].first = (ptrdiff_t)(c->regex->count - jump);
		if (one > *repeats)
			*repeats = one;
	}
	return true;
}

const struct regex *regex_compile(struct arena *arena, struct text text, struct pattern_fault *fault)
{
	struct compiler c = {.arena = arena, .text = text, .regex = ARENA_NEW(arena, struct regex), .fault = fault};
	uint32_t repeats;
	if (text.length == 0)
		return refuse(&c, 0, 0, "the pattern is empty", "it would match everything: leave the rule out"), NULL;
	if (text.length > RULE_PATTERN_BYTES_MAX)
		return refuse(&c, 0, text.length, "the pattern is longer than 256 bytes", "make several rules of it"),
		       NULL;
	if (!read_alternatives(&c, &repeats))
		return NULL;
	if (c.at < text.length)
		return refuse(&c, c.at, c.at + 1, "the parenthesis closes nothing",
			      "write \\) for the character itself"),
		       NULL;
	add(&c, (struct step){.kind = STEP_MATCH});
	return c.regex;
}

/* ---- matching --------------------------------------------------------------------------------------------------- */

/* The steps that the machine is in at one position. */
struct crowd {
	size_t *steps, count;
};

struct machine {
	const struct regex *regex;
	struct crowd now, next;
	size_t *entered; /* by step: the position (from 1) at which it was last entered */
	size_t *stack;
	size_t position, length;
};

/* Enters a step and all steps that can be reached from it without consuming a code point. True if one of them is a
 * match. */
static bool enter(struct machine *m, struct crowd *crowd, size_t first)
{
	size_t depth = 0;
	m->stack[depth++] = first;
	while (depth) {
		size_t at = m->stack[--depth];
		const struct step *step = &m->regex->steps[at];
		if (m->entered[at] == m->position + 1)
			continue;
		m->entered[at] = m->position + 1;
		switch (step->kind) {
		case STEP_POINT:
		case STEP_ANY:
		case STEP_SET: crowd->steps[crowd->count++] = at; break;
		case STEP_BEGIN:
			if (m->position == 0)
				m->stack[depth++] = at + 1;
			break;
		case STEP_END:
			if (m->position == m->length)
				m->stack[depth++] = at + 1;
			break;
		case STEP_FORK:
			m->stack[depth++] = (size_t)((ptrdiff_t)at + step->second);
			m->stack[depth++] = (size_t)((ptrdiff_t)at + step->first);
			break;
		case STEP_JUMP: m->stack[depth++] = (size_t)((ptrdiff_t)at + step->first); break;
		case STEP_MATCH: return true;
		}
	}
	return false;
}

static bool takes(const struct step *step, uint32_t point)
{
	if (step->kind == STEP_POINT)
		return step->point == point;
	return step->kind == STEP_ANY || point_set_has(step->set, point);
}

bool regex_matches(const struct regex *regex, struct text text, struct arena *arena)
{
	size_t count = regex->count;
	struct machine m = {
		.regex = regex,
		.now = {ARENA_ARRAY(arena, size_t, count), 0},
		.next = {ARENA_ARRAY(arena, size_t, count), 0},
		.entered = ARENA_ARRAY(arena, size_t, count),
		.stack = ARENA_ARRAY(arena, size_t, 2 * count + 1), /* each step is left once, by at most two ways */
		.length = text.length,
	};
	if (enter(&m, &m.now, 0))
		return true;
	while (m.position < text.length) {
		uint32_t point = pattern_point(text, &m.position);
		m.next.count = 0;
		for (size_t i = 0; i < m.now.count; i++)
			if (takes(&regex->steps[m.now.steps[i]], point) && enter(&m, &m.next, m.now.steps[i] + 1))
				return true;
		if (enter(&m, &m.next, 0))
			return true;
		struct crowd taken = m.now;
		m.now = m.next;
		m.next = taken;
	}
	return false;
}
