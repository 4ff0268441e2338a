/* quote.c - see quote.h. The limit counts bytes as shown, not as received: one byte may be shown as six. */
#include "quote.h"

/* Longest form of one character: \u{10ffff}. */
#define SHOWN_MAX 16

struct quote {
	struct buf *out;
	size_t left; /* how many bytes may still be added */
	bool full;   /* the rest was replaced by an ellipsis */
};

/* Appends one character, or one invalid byte, with a space before it if `spaced`. */
static void add_shown(struct quote *quote, struct text character, bool spaced)
{
	struct buf shown = buf_make(SHOWN_MAX);
	if (spaced)
		buf_add_byte(&shown, ' ');
	text_add_printable(&shown, character);
	if (shown.overflowed || shown.length > quote->left) {
		buf_add_string(quote->out, "…");
		quote->full = true;
	} else {
		buf_add(quote->out, buf_text(&shown));
		quote->left -= shown.length;
	}
	buf_release(&shown);
}

static struct text character_at(struct text text, size_t at)
{
	uint32_t point;
	size_t length = utf8_decode(text.bytes + at, text.length - at, &point);
	return text_slice(text, at, at + (length > 0 ? length : 1));
}

void quote_value(struct buf *out, struct text text, size_t limit)
{
	struct quote quote = {.out = out, .left = limit};
	for (size_t at = 0; at < text.length && !quote.full;) {
		struct text character = character_at(text, at);
		add_shown(&quote, character, false);
		at += character.length;
	}
}

static bool is_white(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The offset after the tag that begins at `at`; the end if the tag isn't closed. */
static size_t skip_tag(struct text text, size_t at)
{
	while (at < text.length && text.bytes[at] != '>')
		at++;
	return at < text.length ? at + 1 : at;
}

void quote_prose(struct buf *out, struct text text, size_t limit, bool markup)
{
	struct quote quote = {.out = out, .left = limit};
	bool any = false, spaced = false;
	for (size_t at = 0; at < text.length && !quote.full;) {
		if (markup && text.bytes[at] == '<') {
			at = skip_tag(text, at);
			spaced = any;
		} else if (is_white(text.bytes[at])) {
			at++;
			spaced = any;
		} else {
			struct text character = character_at(text, at);
			add_shown(&quote, character, spaced);
			at += character.length;
			any = true;
			spaced = false;
		}
	}
}
