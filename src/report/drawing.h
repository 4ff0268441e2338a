/* drawing.h - the plot of a timeline: its measures and its elements. Private to src/report.
 *
 * Coordinates are whole pixels; the viewer scales the picture.
 */
#ifndef CHAINGATE_REPORT_DRAWING_H
#define CHAINGATE_REPORT_DRAWING_H

#include "chaingate/arena.h"
#include "chaingate/report.h"
#include "lanes.h"
#include "paint.h"
#include "xml.h"

#define WIDTH 960
/* Most width left of the plot, for the names. If all are short, the plot begins further left: on a phone that is much
 * of the screen. */
#define LEFT_MAX 190
/* Between a name and the plot, and between a name and the left edge. */
#define NAME_GAP 8
#define NAME_EDGE 6
/* Width right of the plot, for the final status of each lane: the status that fails a gate often begins just before
 * the verdict, and its bar would be only a line. */
#define END_WIDTH 124
#define END_GAP 6
#define RIGHT (WIDTH - 14 - END_WIDTH - END_GAP)
#define TOP 26
#define ROW 22
#define BAR 16
/* Upper bound for the width of a letter at 12 pixels: a text is only drawn where it fits. */
#define LETTER 8
#define NAME_COLUMNS ((LEFT_MAX - NAME_GAP - NAME_EDGE) / LETTER)

/* A circle for a rule that holds, a triangle for one that has failed for good and for an error, a diamond for one that
 * doesn't hold but decides nothing (yet), a square for anything else: the shape shows it without colour. */
enum shape { SHAPE_GOOD, SHAPE_BAD, SHAPE_DOUBT, SHAPE_OTHER };

struct drawing {
	struct xml *xml;
	const struct report *report;
	const struct target_result *target;
	size_t index;
	int64_t span_ns;
	struct arena arena;
	const struct lane *lanes; /* in the order of drawing */
	size_t lane_count, lanes_left_out;
	int left;                    /* where the plot begins, right of the names */
	size_t number;               /* the picture's number on its page, used in the ids of its patterns */
	int y;                       /* of the next row */
	bool drawn[SHAPE_OTHER + 1]; /* the shapes that occur among the marks, for the legend */
};

/* Where a moment is drawn. */
int drawing_x(const struct drawing *, int64_t at_ns);

/* An attribute of the open element. */
void draw_number(struct drawing *, const char *name, int value);
/* The title of the open element. Releases the buffer. */
void draw_title(struct drawing *, struct buf *);
void draw_letters(struct drawing *, int x, int y, const char *anchor, const char *fill, const char *text);
/* A vertical line; `dashes` may be NULL. */
void draw_line(struct drawing *, int x, int from, int to, const char *opacity, const char *dashes);
/* The name of the row: as much of it as fits; the whole name is its title. */
void draw_name(struct drawing *, struct text, const char *weight);
/* A bar of the row, with a word if there is room for it. `what` is its title, and is released. */
void draw_bar(struct drawing *, int64_t from_ns, int64_t to_ns, const struct paint *, struct text word,
	      struct buf *what);

/* Leaves the shape's element open. */
void draw_shape(struct drawing *, int x, enum shape);

#endif
