/* paint.c - see paint.h. The steps of a rollout are shades of blue, from dark to light, each with its own pattern. */
#include "paint.h"

static const struct paint paints[STATUS_COUNT] = {
	[STATUS_UNKNOWN] = {"#7a3fc4", NULL},
	[STATUS_BUILDING] = {"#12326b", "up"},
	[STATUS_DEPLOYING] = {"#1a53a8", "level"},
	[STATUS_LOADING_MODEL] = {"#0a5c8a", "dots"},
	[STATUS_UPDATING] = {"#4b45b3", "upright"},
	[STATUS_WAKING_UP] = {"#1a636b", "level"},
	[STATUS_DEACTIVATING] = {"#4a5a78", "down"},
	[STATUS_ACTIVE] = {"#1a7431", NULL},
	[STATUS_SCALED_TO_ZERO] = {"#59636e", NULL},
	[STATUS_INACTIVE] = {"#454d56", "down"},
	[STATUS_UNHEALTHY] = {"#7d5100", "upright"},
	[STATUS_BUILD_FAILED] = {"#c21c28", "crossed"},
	[STATUS_BUILD_STOPPED] = {"#a12840", "crossed"},
	[STATUS_DEPLOY_FAILED] = {"#b01e52", "crossed"},
	[STATUS_FAILED] = {"#c21c28", "crossed"},
};

/* The strokes of a tile of 8 by 8. Faint enough for white letters over them: the least contrast is 4.69. */
static const struct {
	const char *name, *path;
} patterns[] = {
	{"up", "M-2 2l4-4M0 8l8-8M6 10l4-4"}, {"down", "M-2 6l4 4M0 0l8 8M6-2l4 4"}, {"level", "M0 2h8M0 6h8"},
	{"upright", "M2 0v8M6 0v8"},          {"crossed", "M0 0l8 8M8 0l-8 8"},      {"dots", "M1 2h2M5 6h2"},
};

const struct paint *paint_of(enum status status)
{
	size_t index = (size_t)status;
	return &paints[index < STATUS_COUNT ? index : STATUS_UNKNOWN];
}

void paint_patterns(struct xml *x, size_t number)
{
	xml_open(x, "defs");
	for (size_t i = 0; i < sizeof(patterns) / sizeof(*patterns); i++) {
		xml_open(x, "pattern");
		xml_attribute(x, "id", "pattern-%zu-%s", number, patterns[i].name);
		xml_attribute(x, "width", "8");
		xml_attribute(x, "height", "8");
		xml_attribute(x, "patternUnits", "userSpaceOnUse");
		xml_open(x, "path");
		xml_attribute(x, "d", "%s", patterns[i].path);
		xml_attribute(x, "stroke", "#ffffff");
		xml_attribute(x, "stroke-opacity", "0.16");
		xml_attribute(x, "stroke-width", "2");
		xml_attribute(x, "fill", "none");
		xml_close(x);
		xml_close(x);
	}
	xml_close(x);
}
