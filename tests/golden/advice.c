/* advice.c - see advice.h. */
#include "advice.h"

#include "../unit/sanitizer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How many words before and after the mistake the new text may replace, too. */
#define WORDS_BEFORE_MAX 3
#define WORDS_AFTER_MAX 4

/* What stands before the text to write; the first of them that occurs. */
static const char *const verbs[] = {"write ",      "say ",     "as in ", "such as ", "add ",
				    "begin with ", "give it ", ": ",     " is ",     "are "};
/* Where the text may end and an explanation begins; it may also go on. */
static const char *const ends[] = {", ",     " for ",   " if ", " to ", " in ", " at ", " without ",
				   " with ", " above ", " as ", ": ",   "; ",   " or "};
/* What a reader may write for "…". */
static const char *const gaps[] = {"", "ACTIVE", "min_replica", "min_replica >= 2", "status == ACTIVE"};

struct attempt {
	struct advice *advice;
	const struct diags *before;
	struct text input;
	struct span span;
};

/* The index of `what` in the text, or the text's length. */
static size_t find(struct text text, const char *what)
{
	size_t length = strlen(what);
	for (size_t i = 0; i + length <= text.length; i++)
		if (memcmp(text.bytes + i, what, length) == 0)
			return i;
	return text.length;
}

/* ---- is it better? ---------------------------------------------------------------------------------------------- */

static size_t diag_count(const struct diags *diags)
{
	return diags->errors + diags->warnings;
}

static bool was_there(const struct diags *before, const struct diag *diag)
{
	for (const struct diag *old = before->first; old; old = old->next)
		if (old->code == diag->code && strcmp(old->message, diag->message) == 0)
			return true;
	return before->errors > DIAG_SHOWN_MAX; /* it was only counted */
}

static bool is_better(const struct attempt *attempt, struct text input)
{
	struct advice *advice = attempt->advice;
	struct diags after = {.arena = advice->arena};
	advice->read(advice->closure, input, &after);
	if (diag_count(&after) >= diag_count(attempt->before))
		return false;
	for (const struct diag *diag = after.first; diag; diag = diag->next)
		if (!was_there(attempt->before, diag))
			return false;
	return true;
}

/* ---- places ----------------------------------------------------------------------------------------------------- */

static size_t word_before(struct text text, size_t at)
{
	while (at > 0 && text.bytes[at - 1] == ' ')
		at--;
	while (at > 0 && text.bytes[at - 1] != ' ' && text.bytes[at - 1] != '\n')
		at--;
	return at;
}

static size_t word_after(struct text text, size_t at)
{
	while (at < text.length && text.bytes[at] == ' ')
		at++;
	while (at < text.length && text.bytes[at] != ' ' && text.bytes[at] != '\n')
		at++;
	return at;
}

static size_t next_word(struct text text, size_t at)
{
	at = word_after(text, at);
	while (at < text.length && text.bytes[at] == ' ')
		at++;
	return at;
}

static size_t line_end(struct text text, size_t at)
{
	while (at < text.length && text.bytes[at] != '\n')
		at++;
	return at;
}

static bool try_between(const struct attempt *attempt, size_t from, size_t to, const char *before, struct text words,
			const char *after)
{
	struct text input = attempt->input;
	const char *changed =
		arena_printf(attempt->advice->arena, "%.*s%s%.*s%s%.*s", TEXT_ARG(text_slice(input, 0, from)), before,
			     TEXT_ARG(words), after, TEXT_ARG(text_slice(input, to, input.length)));
	return is_better(attempt, text_of(changed));
}

/* The beginning of the next word; of the mistake, if it begins before that; behind it, its next word's. */
static size_t next_place(const struct attempt *attempt, size_t from)
{
	size_t next = next_word(attempt->input, from);
	if (from < attempt->span.start && next > attempt->span.start)
		return attempt->span.start;
	return from < attempt->span.start || attempt->span.end < next ? next
								      : next_word(attempt->input, attempt->span.end);
}

/* Replaces some words at the mistake or beside it, or all to the end of the line. */
static bool try_replacing(const struct attempt *attempt, struct text words)
{
	struct text input = attempt->input;
	size_t below = line_end(input, attempt->span.start), from = attempt->span.start;
	for (size_t i = 0; i < WORDS_BEFORE_MAX; i++)
		from = word_before(input, from);
	for (size_t i = 0; i <= WORDS_BEFORE_MAX + 1; i++) {
		size_t to = from < attempt->span.start ? from : attempt->span.end;
		for (size_t j = 0; j <= WORDS_AFTER_MAX; j++) {
			if (to > from && try_between(attempt, from, to, "", words, ""))
				return true;
			to = word_after(input, to);
		}
		if (try_between(attempt, from, below, "", words, ""))
			return true;
		from = next_place(attempt, from);
	}
	return false;
}

/* Adds the text before the mistake, after it, or on a line of its own. */
static bool try_adding(const struct attempt *attempt, struct text words)
{
	size_t start = attempt->span.start, end = attempt->span.end;
	struct text input = attempt->input;
	size_t line = start;
	while (line > 0 && input.bytes[line - 1] != '\n')
		line--;
	size_t indent = line;
	while (indent < input.length && (input.bytes[indent] == ' ' || input.bytes[indent] == '-'))
		indent++;
	struct text spaces = text_slice(TEXT("                    "), 0, indent - line);
	const char *on_line = arena_printf(attempt->advice->arena, "\n%.*s", TEXT_ARG(spaces));
	const char *as_item = arena_printf(attempt->advice->arena, "\n%.*s- ", TEXT_ARG(spaces));
	const char *in_list = arena_printf(attempt->advice->arena, "\n%.*s- ",
					   (int)(spaces.length > 2 ? spaces.length - 2 : 0), spaces.bytes);
	size_t below = line_end(input, start);
	return try_between(attempt, start, start, "", words, " ") || try_between(attempt, end, end, " ", words, "") ||
	       try_between(attempt, start, start, "", words, "") || try_between(attempt, end, end, "", words, "") ||
	       try_between(attempt, 0, 0, "", words, "\n") || try_between(attempt, below, below, on_line, words, "") ||
	       try_between(attempt, below, below, as_item, words, "") ||
	       try_between(attempt, below, below, in_list, words, "") ||
	       try_between(attempt, input.length, input.length, "\n  - ", words, "\n");
}

static bool try_words(const struct attempt *attempt, struct text words)
{
	size_t gap = find(words, "…");
	if (!words.length)
		return false;
	if (gap == words.length)
		return is_better(attempt, words) || try_replacing(attempt, words) || try_adding(attempt, words);
	for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
		struct text rest = text_slice(words, gap + strlen("…"), words.length);
		const char *filled = arena_printf(attempt->advice->arena, "%.*s%s%.*s",
						  TEXT_ARG(text_slice(words, 0, gap)), gaps[i], TEXT_ARG(rest));
		if (try_words(attempt, text_of(filled)))
			return true;
	}
	return false;
}

/* ---- hints ------------------------------------------------------------------------------------------------------ */

/* The alternative as a whole, or up to where an explanation may begin. */
static bool try_alternative(const struct attempt *attempt, struct text words)
{
	if (try_words(attempt, words))
		return true;
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
		size_t end = find(words, ends[i]);
		if (end < words.length && try_words(attempt, text_slice(words, 0, end)))
			return true;
	}
	return false;
}

static bool try_after_verbs(const struct attempt *attempt, struct text words)
{
	if (try_alternative(attempt, words))
		return true;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		size_t at = find(words, verbs[i]);
		if (at < words.length &&
		    try_after_verbs(attempt, text_slice(words, at + strlen(verbs[i]), words.length)))
			return true;
	}
	return false;
}

static bool is_in_words(struct advice *advice, struct text words)
{
	for (size_t i = 0; i < advice->in_words_count; i++) {
		struct text known = text_of(advice->in_words[i].words);
		bool any = text_ends_with(known, "*");
		if (any ? text_starts_with(words,
					   arena_printf(advice->arena, "%.*s", (int)known.length - 1, known.bytes))
			: text_equal(words, known))
			return advice->in_words[i].used = true;
	}
	return false;
}

static void follow_hint(const struct attempt *attempt, struct text hint, const char *prefix, struct buf *out)
{
	while (hint.length) {
		size_t or = find(hint, ", or "), semicolon = find(hint, "; ");
		size_t end = or < semicolon ? or : semicolon;
		size_t next = end == hint.length ? end : end + (or < semicolon ? strlen(", or ") : strlen("; "));
		struct text words = text_slice(hint, 0, end);
		/* The list first: to try all places in vain takes longest. */
		if (!is_in_words(attempt->advice, words) && !try_after_verbs(attempt, words))
			buf_printf(out, "%sthis advice leads nowhere: %.*s\n", prefix, TEXT_ARG(words));
		hint = text_slice(hint, next, hint.length);
	}
}

static bool is_followed(void)
{
	return !HAS_SANITIZER && !getenv("WITHOUT_ADVICE");
}

void advice_follow(struct advice *advice, const struct source *source, const struct diags *diags, const char *prefix,
		   struct buf *out)
{
	for (const struct diag *diag = diags->first; diag; diag = diag->next) {
		struct attempt attempt = {.advice = advice, .before = diags, .input = source->text, .span = diag->span};
		if (is_followed() && diag->source == source && diag->hint)
			follow_hint(&attempt, text_of(diag->hint), prefix, out);
	}
}

size_t advice_unused(const struct advice *advice)
{
	size_t count = 0;
	for (size_t i = 0; i < advice->in_words_count; i++) {
		if (!is_followed() || advice->in_words[i].used)
			continue;
		printf("no hint says this any more: %s\n", advice->in_words[i].words);
		count++;
	}
	return count;
}
