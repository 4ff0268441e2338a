/* drawing.c - see drawing.h. */
#include "drawing.h"

#include "chaingate/buf.h"

int drawing_x(const struct drawing *t, int64_t at_ns)
{
	return t->left + (int)((double)(RIGHT - t->left) * ((double)at_ns / (double)t->span_ns));
}

void draw_number(struct drawing *t, const char *name, int value)
{
	xml_attribute(t->xml, name, "%d", value);
}

void draw_title(struct drawing *t, struct buf *buf)
{
	xml_open(t->xml, "title");
	xml_text_buf(t->xml, buf);
	xml_close(t->xml);
}

void draw_letters(struct drawing *t, int x, int y, const char *anchor, const char *fill, const char *text)
{
	xml_open(t->xml, "text");
	draw_number(t, "x", x);
	draw_number(t, "y", y);
	xml_attribute(t->xml, "text-anchor", "%s", anchor);
	xml_attribute(t->xml, "fill", "%s", fill);
	xml_text(t->xml, text);
	xml_close(t->xml);
}

void draw_line(struct drawing *t, int x, int from, int to, const char *opacity, const char *dashes)
{
	xml_open(t->xml, "line");
	draw_number(t, "x1", x);
	draw_number(t, "x2", x);
	draw_number(t, "y1", from);
	draw_number(t, "y2", to);
	xml_attribute(t->xml, "stroke", "currentColor");
	xml_attribute(t->xml, "stroke-opacity", "%s", opacity);
	if (dashes)
		xml_attribute(t->xml, "stroke-dasharray", "%s", dashes);
	xml_close(t->xml);
}

/* As much of a name as fits; the whole name is the title. */
void draw_name(struct drawing *t, struct text text, const char *weight)
{
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	text_add_within(&shown, text, NAME_COLUMNS);
	xml_open(t->xml, "text");
	draw_number(t, "x", t->left - NAME_GAP);
	draw_number(t, "y", t->y + 12);
	xml_attribute(t->xml, "text-anchor", "end");
	xml_attribute(t->xml, "fill", "currentColor");
	xml_attribute(t->xml, "font-weight", "%s", weight);
	if (text_columns(text) > NAME_COLUMNS) {
		struct buf whole = buf_make(BUF_LIMIT_REPORT);
		text_add_printable(&whole, text);
		draw_title(t, &whole);
	}
	xml_text_buf(t->xml, &shown);
	xml_close(t->xml);
}

static void box(struct drawing *t, int x, int width)
{
	xml_open(t->xml, "rect");
	draw_number(t, "x", x);
	draw_number(t, "y", t->y);
	draw_number(t, "width", width);
	draw_number(t, "height", BAR);
	draw_number(t, "rx", 2);
}

/* Minimum width in pixels. The bar of a shorter status is widened to the left: it still ends where the status ends. */
#define BAR_LEAST 4

void draw_bar(struct drawing *t, int64_t from_ns, int64_t to_ns, const struct paint *paint, struct text word,
	      struct buf *what)
{
	int end = drawing_x(t, to_ns), x = drawing_x(t, from_ns),
	    width = end - x - 1; /* the next bar begins one pixel after it */
	if (width < BAR_LEAST) {
		width = BAR_LEAST;
		x = end - width > t->left ? end - width : t->left;
	}
	xml_open(t->xml, "g");
	draw_title(t, what);
	box(t, x, width);
	xml_attribute(t->xml, "fill", "%s", paint->colour);
	xml_close(t->xml);
	if (paint->pattern) {
		box(t, x, width);
		xml_attribute(t->xml, "fill", "url(#pattern-%zu-%s)", t->number, paint->pattern);
		xml_close(t->xml);
	}
	struct buf shown = buf_make(BUF_LIMIT_REPORT);
	text_add_printable(&shown, word);
	if ((int)text_columns(buf_text(&shown)) * LETTER + 8 <= width)
		draw_letters(t, x + 5, t->y + 12, "start", "#ffffff", buf_string(&shown));
	buf_release(&shown);
	xml_close(t->xml);
}

void draw_shape(struct drawing *t, int x, enum shape shape)
{
	static const char *const colours[] = {[SHAPE_GOOD] = "#1a7431",
					      [SHAPE_BAD] = "#c21c28",
					      [SHAPE_DOUBT] = "#b87a00",
					      [SHAPE_OTHER] = "#59636e"};
	int middle = t->y + BAR / 2;
	xml_open(t->xml, "path");
	switch (shape) {
	case SHAPE_GOOD: xml_attribute(t->xml, "d", "M%d %da5 5 0 1 0 10 0a5 5 0 1 0-10 0z", x - 5, middle); break;
	case SHAPE_BAD: xml_attribute(t->xml, "d", "M%d %dl6 11h-12z", x, middle - 6); break;
	case SHAPE_DOUBT: xml_attribute(t->xml, "d", "M%d %dl6 6-6 6-6-6z", x, middle - 6); break;
	case SHAPE_OTHER: xml_attribute(t->xml, "d", "M%d %dh8v8h-8z", x - 4, middle - 4); break;
	}
	xml_attribute(t->xml, "fill", "%s", colours[shape]);
	/* Visible on a light page and on a dark one. */
	xml_attribute(t->xml, "stroke", "currentColor");
	xml_attribute(t->xml, "stroke-width", "1");
}
