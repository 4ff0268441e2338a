/* values.c - see values.h. */
#include "values.h"

#include "chaingate/buf.h"
#include "chaingate/times.h"
#include "command.h"

static const char *shown(const struct command_line *line, enum option_id id, struct diags *diags)
{
	return diag_value(diags, text_of(option_value(line, id)));
}

void value_duration(const struct command_line *line, enum option_id id, int64_t least_ns, int64_t most_ns,
		    struct diags *diags, int64_t *out)
{
	const char *name = line->options[id].spelling;
	int64_t ns;
	if (!option_is_given(line, id))
		return;
	enum duration_fault fault = duration_parse(text_of(option_value(line, id)), &ns);
	if (fault != DURATION_OK) {
		struct diag *diag = usage_error(diags, "%s cannot be '%s': it %s", name, shown(line, id, diags),
						duration_fault_text(fault));
		struct text value = text_of(option_value(line, id));
		bool minutes = duration_fits_with(value, "m", least_ns, most_ns);
		bool seconds = duration_fits_with(value, "s", least_ns, most_ns);
		if (fault == DURATION_NO_UNIT && minutes && seconds)
			diag_hint(diags, diag, "write %s %sm for minutes, or %s %ss for seconds", name,
				  shown(line, id, diags), name, shown(line, id, diags));
		else if (fault == DURATION_NO_UNIT && (minutes || seconds))
			diag_hint(diags, diag, "write %s %s%s", name, shown(line, id, diags),
				  minutes ? "m for minutes" : "s for seconds");
		else if (duration_guess(text_of(option_value(line, id)), &ns) && ns >= least_ns && ns <= most_ns)
			diag_hint(diags, diag, "write %s %s", name, duration_string(diags->arena, ns));
		else
			diag_hint(diags, diag, "durations are written 90s, 5m, 1h30m or 500ms");
	} else if (ns < least_ns || ns > most_ns) {
		usage_error(diags, "%s cannot be '%s': it must be from %s to %s", name, shown(line, id, diags),
			    duration_string(diags->arena, least_ns), duration_string(diags->arena, most_ns));
	} else {
		*out = ns;
	}
}

/* Reads a number at the start of a text. Returns the text after it; NULL if there is none, or if it is larger than
 * `most`. */
static const char *parse_number(const char *at, size_t most, size_t *out)
{
	size_t number = 0;
	const char *start = at;
	for (; *at >= '0' && *at <= '9'; at++) {
		size_t digit = (size_t)(*at - '0');
		if (number > (most - digit) / 10)
			return NULL;
		number = number * 10 + digit;
	}
	*out = number;
	return at > start ? at : NULL;
}

void value_count(const struct command_line *line, enum option_id id, size_t most, struct diags *diags, size_t *out)
{
	size_t number;
	if (!option_is_given(line, id))
		return;
	const char *end = parse_number(option_value(line, id), most, &number);
	if (end && !*end && number >= 1 && number <= most)
		*out = number;
	else
		usage_error(diags, "%s cannot be '%s': it must be a number from 1 to %zu", line->options[id].spelling,
			    shown(line, id, diags), most);
}

/* size = INT [ "K" | "M" | "G" ] */
static bool parse_size(const char *value, size_t most, size_t *out)
{
	static const char units[] = "KMG";
	size_t number;
	const char *end = parse_number(value, most, &number);
	if (!end || number == 0)
		return false;
	for (size_t i = 0; *end && units[i]; i++) {
		if (number > most / 1024)
			return false;
		number *= 1024;
		if (*end == units[i]) {
			end++;
			break;
		}
	}
	if (*end || number > most)
		return false;
	*out = number;
	return true;
}

void value_size(const struct command_line *line, enum option_id id, size_t most, struct diags *diags, size_t *out)
{
	if (option_is_given(line, id) && !parse_size(option_value(line, id), most, out))
		usage_error(diags,
			    "%s cannot be '%s': it must be a number of bytes, optionally with K, M or G, at most %zuM",
			    line->options[id].spelling, shown(line, id, diags), most >> 20);
}

void value_moment(const struct command_line *line, enum option_id id, struct diags *diags, int64_t *out_wall_ns)
{
	if (option_is_given(line, id) && !moment_parse(text_of(option_value(line, id)), out_wall_ns))
		usage_error(diags, "%s cannot be '%s': it must be a time such as 2026-08-01T12:00:00Z",
			    line->options[id].spelling, shown(line, id, diags));
}

void value_since(const struct command_line *line, enum option_id id, struct diags *diags, struct since *out)
{
	int64_t meant_ns;
	if (!option_is_given(line, id) || since_parse(text_of(option_value(line, id)), out))
		return;
	struct diag *diag = usage_error(diags,
					"%s cannot be '%s': it must be a time such as 2026-08-01T12:00:00Z, an age "
					"such as 10m, or 'any'",
					line->options[id].spelling, shown(line, id, diags));
	if (duration_guess(text_of(option_value(line, id)), &meant_ns))
		diag_hint(diags, diag, "write %s %s", line->options[id].spelling,
			  duration_string(diags->arena, meant_ns));
}
