/* legend.c - see legend.h. */
#include "legend.h"

/* The width of an entry of the legend: a sample and words. */
static int legend_width(const char *words)
{
	return 16 + (int)text_columns(text_of(words)) * LETTER + 12;
}

static void add_legend(struct drawing *t, int *x, const char *words)
{
	draw_letters(t, *x + 16, t->y + 12, "start", "currentColor", words);
	*x += legend_width(words);
}

/* Finds the statuses that occur, by enum. An unknown word is STATUS_UNKNOWN. */
static void find_statuses(const struct drawing *t, bool is_there[STATUS_COUNT])
{
	for (size_t l = 0; l < t->lane_count; l++)
		for (size_t s = 0; s < t->lanes[l].count; s++)
			if (t->lanes[l].statuses[s]->to.length)
				is_there[status_parse(t->lanes[l].statuses[s]->to)] = true;
}

static const char *legend_word(int status)
{
	return status == STATUS_UNKNOWN ? "an unknown status" : status_name((enum status)status);
}

/* Begins a new row if the entry would go over the right edge. Returns the number of rows begun. */
static int begin_entry(struct drawing *t, const struct legend *legend, int *x, const char *words)
{
	if (*x == legend->left || *x + legend_width(words) <= legend->right)
		return 0;
	*x = legend->left;
	t->y += ROW;
	return 1;
}

static void draw_sample(struct drawing *t, int x, const struct paint *paint)
{
	for (int layer = 0; layer <= (paint->pattern ? 1 : 0); layer++) {
		xml_open(t->xml, "path");
		xml_attribute(t->xml, "d", "M%d %dh12v12h-12z", x, t->y + 2);
		if (layer)
			xml_attribute(t->xml, "fill", "url(#pattern-%zu-%s)", t->number, paint->pattern);
		else
			xml_attribute(t->xml, "fill", "%s", paint->colour);
		xml_close(t->xml);
	}
}

static int legend_statuses(struct drawing *t, const struct legend *legend)
{
	bool is_there[STATUS_COUNT] = {false};
	int x = legend->left, rows = 1;
	find_statuses(t, is_there);
	for (int status = 0; status < STATUS_COUNT; status++) {
		if (!is_there[status])
			continue;
		rows += begin_entry(t, legend, &x, legend_word(status));
		if (legend->draws) {
			draw_sample(t, x, paint_of((enum status)status));
			add_legend(t, &x, legend_word(status));
		} else {
			x += legend_width(legend_word(status));
		}
	}
	t->y += ROW;
	return rows;
}

static int legend_shapes(struct drawing *t, const struct legend *legend)
{
	static const char *const of_rules[] = {[SHAPE_GOOD] = "rule holds",
					       [SHAPE_BAD] = "rule failed, or error",
					       [SHAPE_DOUBT] = "rule doesn't hold for now, or warning",
					       [SHAPE_OTHER] = "rule unknown, or skipped"};
	int x = legend->left, rows = 0;
	for (int shape = SHAPE_GOOD; shape <= SHAPE_OTHER; shape++) {
		const char *words = legend->has_rules ? of_rules[shape] : "error";
		if (!t->drawn[shape])
			continue;
		rows += (rows == 0) + begin_entry(t, legend, &x, words);
		if (legend->draws) {
			draw_shape(t, x + 6, (enum shape)shape);
			xml_close(t->xml);
			add_legend(t, &x, words);
		} else {
			x += legend_width(words);
		}
	}
	return rows;
}

int legend_draw(struct drawing *t, const struct legend *legend)
{
	int y = t->y, rows = legend_statuses(t, legend);
	rows += legend_shapes(t, legend);
	if (!legend->draws)
		t->y = y;
	return rows;
}
