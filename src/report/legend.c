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

int legend_statuses(struct drawing *t, bool draws)
{
	bool is_there[STATUS_COUNT] = {false};
	int x = LEFT, rows = 1;
	find_statuses(t, is_there);
	for (int status = 0; status < STATUS_COUNT; status++) {
		const struct paint *paint = paint_of((enum status)status);
		if (!is_there[status])
			continue;
		if (x > LEFT && x + legend_width(legend_word(status)) > WIDTH) {
			x = LEFT;
			rows++;
			t->y += draws ? ROW : 0;
		}
		for (int layer = 0; draws && layer <= (paint->pattern ? 1 : 0); layer++) {
			xml_open(t->xml, "path");
			xml_attribute(t->xml, "d", "M%d %dh12v12h-12z", x, t->y + 2);
			if (layer)
				xml_attribute(t->xml, "fill", "url(#pattern-%zu-%s)", t->number, paint->pattern);
			else
				xml_attribute(t->xml, "fill", "%s", paint->colour);
			xml_close(t->xml);
		}
		if (draws)
			add_legend(t, &x, legend_word(status));
		else
			x += legend_width(legend_word(status));
	}
	t->y += draws ? ROW : 0;
	return rows;
}

void legend_shapes(struct drawing *t, bool has_rules)
{
	int x = LEFT;
	static const char *const of_rules[] = {[SHAPE_GOOD] = "rule holds",
					       [SHAPE_BAD] = "rule violated, or error",
					       [SHAPE_OTHER] = "rule unknown, or skipped"};
	for (int shape = SHAPE_GOOD; shape <= SHAPE_OTHER; shape++) {
		if (!t->drawn[shape])
			continue;
		draw_shape(t, x + 5, (enum shape)shape);
		xml_close(t->xml);
		add_legend(t, &x, has_rules ? of_rules[shape] : "error");
	}
	t->y += ROW;
}
