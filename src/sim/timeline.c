/* timeline.c - reads timelines, and finds their values. */
#include "timeline.h"

#include "chaingate/times.h"
#include "chaingate/yaml.h"
#include "fields.h"

const struct step *timeline_at(const struct timeline *timeline, int64_t scenario_ns)
{
	size_t low = 0, high = timeline->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (timeline->steps[middle].at_ns <= scenario_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? &timeline->steps[low - 1] : NULL;
}

bool step_text(struct fields_reader *reader, const struct yaml_node *node, const char *what, struct step *out)
{
	return field_text(reader, node, what, &out->text);
}

bool step_text_or_null(struct fields_reader *reader, const struct yaml_node *node, const char *what, struct step *out)
{
	out->is_null = yaml_is_null(node);
	return out->is_null || field_text(reader, node, what, &out->text);
}

bool step_count(struct fields_reader *reader, const struct yaml_node *node, const char *what, struct step *out)
{
	return field_integer(reader, node, what, 0, INT64_MAX, &out->integer);
}

bool step_boolean(struct fields_reader *reader, const struct yaml_node *node, const char *what, struct step *out)
{
	bool value;
	if (!field_boolean(reader, node, what, &value))
		return false;
	out->integer = value;
	return true;
}

/* Reads a moment; it must be valid, and later than the one before. */
static bool read_moment(struct fields_reader *reader, const struct yaml_node *key, const struct yaml_node *before,
			int64_t before_ns, int64_t *out)
{
	int64_t at_ns;
	if (!field_duration(reader, key, "moment", &at_ns))
		return false;
	if (before && at_ns <= before_ns) {
		struct diag *diag = diag_error(reader->diags, reader->source, key->span, DIAG_INVALID_VALUE,
					       "the moment '%s' isn't later than the one before it",
					       diag_value(reader->diags, key->scalar.text));
		diag_also(reader->diags, diag, reader->source, before->span, "the one before");
		diag_hint(reader->diags, diag, "Write the moments of a timeline in rising order.");
		return false;
	}
	*out = at_ns;
	return true;
}

static bool read_steps(struct fields_reader *reader, const struct yaml_node *node, const char *what,
		       step_reader *read_value, struct timeline *out)
{
	if (!node->count) {
		struct diag *diag = diag_error(reader->diags, reader->source, node->span, DIAG_MISSING_KEY,
					       "the timeline of %s has no moment", what);
		diag_hint(reader->diags, diag, "Write {0s: VALUE, 20s: VALUE}.");
		return false;
	}
	struct step *steps = ARENA_ARRAY(reader->arena, struct step, node->count);
	const struct yaml_node *before = NULL;
	int64_t before_ns = 0;
	bool fine = true;
	for (size_t i = 0; i < node->count; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		if (read_moment(reader, pair->key, before, before_ns, &steps[i].at_ns)) {
			before = pair->key;
			before_ns = steps[i].at_ns;
		} else {
			fine = false;
		}
		steps[i].node = pair->value;
		fine = read_value(reader, pair->value, what, &steps[i]) && fine;
	}
	if (fine)
		*out = (struct timeline){.steps = steps, .count = node->count};
	return fine;
}

bool timeline_read(struct fields_reader *reader, const struct yaml_node *node, const char *what,
		   step_reader *read_value, mapping_test *is_value, struct timeline *out)
{
	if (node->kind == YAML_MAPPING && !(is_value && is_value(node)))
		return read_steps(reader, node, what, read_value, out);
	struct step *step = ARENA_NEW(reader->arena, struct step);
	step->node = node;
	if (!read_value(reader, node, what, step))
		return false;
	*out = (struct timeline){.steps = step, .count = 1};
	return true;
}
