/* source.c - see source.h. */
#include "chaingate/source.h"

/* The offset after the line end that begins at `i`, or `i` if there is none. */
static size_t behind_line_end(struct text text, size_t i)
{
	if (i < text.length && text.bytes[i] == '\n')
		return i + 1;
	if (i < text.length && text.bytes[i] == '\r')
		return i + 1 < text.length && text.bytes[i + 1] == '\n' ? i + 2 : i + 1;
	return i;
}

const struct source *source_make(struct arena *arena, const char *name, struct text text)
{
	struct source *source = ARENA_NEW(arena, struct source);
	size_t *starts = NULL, count = 0, capacity = 0;
	size_t start = 0, i = 0;
	for (;;) {
		while (i < text.length && behind_line_end(text, i) == i)
			i++;
		starts = arena_grow(arena, starts, count, &capacity, sizeof(*starts));
		starts[count++] = start;
		if (i == text.length)
			break;
		start = i = behind_line_end(text, i);
	}
	*source = (struct source){.name = name, .text = text, .line_starts = starts, .line_count = count};
	return source;
}

/* The index of the line that contains an offset. */
static size_t line_of(const struct source *source, size_t offset)
{
	size_t low = 0, high = source->line_count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (source->line_starts[middle] <= offset)
			low = middle;
		else
			high = middle;
	}
	return low;
}

struct place source_place(const struct source *source, size_t offset)
{
	if (offset > source->text.length)
		offset = source->text.length;
	size_t line = line_of(source, offset);
	struct text before = text_slice(source->text, source->line_starts[line], offset);
	return (struct place){.line = line + 1, .column = text_points(before) + 1};
}

struct text source_line(const struct source *source, size_t line)
{
	if (line == 0 || line > source->line_count)
		return (struct text){0};
	size_t end = line == source->line_count ? source->text.length : source->line_starts[line];
	struct text text = text_slice(source->text, source->line_starts[line - 1], end);
	if (line < source->line_count && text.length && text.bytes[text.length - 1] == '\n')
		text.length--;
	if (line < source->line_count && text.length && text.bytes[text.length - 1] == '\r')
		text.length--;
	return text;
}

struct excerpt excerpt_of(const struct source *source)
{
	return (struct excerpt){.source = source, .text = source->text};
}

struct span excerpt_span(const struct excerpt *excerpt, size_t from, size_t to)
{
	if (to > excerpt->text.length)
		to = excerpt->text.length;
	if (from > to)
		from = to;
	if (!excerpt->offsets)
		return (struct span){excerpt->start + from, excerpt->start + to};
	if (from == to)
		return (struct span){excerpt->offsets[from], excerpt->offsets[from]};
	size_t end = excerpt->offsets[to];
	size_t last = excerpt->offsets[to - 1];
	/* White space that YAML folded away after the last byte isn't part of that byte. */
	while (end > last + 1 && excerpt->source && end <= excerpt->source->text.length) {
		char c = excerpt->source->text.bytes[end - 1];
		if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
			break;
		end--;
	}
	return (struct span){excerpt->offsets[from], end};
}
