/* values.c - see yaml_values.h. */
#include "chaingate/yaml_values.h"

#include "chaingate/buf.h"
#include "chaingate/times.h"

bool yaml_read_mapping(const struct yaml_reader *r, const struct yaml_node *node, const char *what)
{
	if (node->kind == YAML_MAPPING)
		return true;
	diag_error(r->diags, r->source, node->span, DIAG_WRONG_TYPE, "%s must be a mapping, this is %s", what,
		   yaml_kind_name(node));
	return false;
}

bool yaml_read_text(const struct yaml_reader *r, const struct yaml_node *node, const char *what, struct text *out)
{
	if (node->kind != YAML_SCALAR || yaml_is_null(node)) {
		diag_error(r->diags, r->source, node->span, DIAG_WRONG_TYPE, "'%s' must be a string, this is %s", what,
			   yaml_kind_name(node));
		return false;
	}
	*out = node->scalar.text;
	return true;
}

static bool is_blank(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.bytes[i] != ' ' && text.bytes[i] != '\t' && text.bytes[i] != '\n')
			return false;
	return true;
}

bool yaml_read_name(const struct yaml_reader *r, const struct yaml_node *node, const char *what, struct text *out)
{
	struct text text;
	uint32_t point;
	if (!yaml_read_text(r, node, what, &text))
		return false;
	if (is_blank(text) || text.length > YAML_NAME_BYTES_MAX) {
		struct diag *diag = diag_error(r->diags, r->source, node->span, DIAG_INVALID_VALUE, "'%s' is %s", what,
					       is_blank(text) ? "empty" : "too long");
		diag_hint(r->diags, diag,
			  is_blank(text) ? "give it a value, or leave the key out" : "at most %d bytes are read",
			  YAML_NAME_BYTES_MAX);
		return false;
	}
	for (size_t i = 0, size; i < text.length; i += size) {
		size = utf8_decode(text.bytes + i, text.length - i, &point);
		if (size && !point_is_hidden(point))
			continue;
		diag_error(r->diags, r->source, node->span, DIAG_INVALID_VALUE,
			   "'%s' contains a character that is not printable: '%s'", what, diag_value(r->diags, text));
		return false;
	}
	*out = text;
	return true;
}

bool yaml_read_boolean(const struct yaml_reader *r, const struct yaml_node *node, const char *what, bool *out)
{
	bool plain = node->kind == YAML_SCALAR && node->style == YAML_PLAIN;
	if (plain && (text_is(node->scalar.text, "true") || text_is(node->scalar.text, "false"))) {
		*out = text_is(node->scalar.text, "true");
		return true;
	}
	struct diag *diag =
		diag_error(r->diags, r->source, node->span, DIAG_WRONG_TYPE, "'%s' must be true or false", what);
	diag_hint(r->diags, diag, "write true or false, without quotes");
	return false;
}

static void refuse_duration(const struct yaml_reader *r, const struct yaml_node *node, const char *what,
			    enum duration_fault fault, int64_t least_ns, int64_t most_ns)
{
	int64_t meant_ns;
	const char *value = diag_value(r->diags, node->scalar.text);
	struct diag *diag = diag_error(r->diags, r->source, node->span, DIAG_INVALID_DURATION,
				       "'%s' cannot be '%s': it %s", what, value, duration_fault_text(fault));
	bool minutes = duration_fits_with(node->scalar.text, "m", least_ns, most_ns);
	bool seconds = duration_fits_with(node->scalar.text, "s", least_ns, most_ns);
	if (fault == DURATION_NO_UNIT && minutes && seconds)
		diag_hint(r->diags, diag, "write %ss for seconds, or %sm for minutes", value, value);
	else if (fault == DURATION_NO_UNIT && (minutes || seconds))
		diag_hint(r->diags, diag, "write %s%s", value, minutes ? "m for minutes" : "s for seconds");
	else if (duration_guess(node->scalar.text, &meant_ns) && meant_ns >= least_ns)
		diag_hint(r->diags, diag, meant_ns > most_ns ? "it must be at most %s" : "write %s",
			  duration_string(r->diags->arena, meant_ns > most_ns ? most_ns : meant_ns));
	else
		diag_hint(r->diags, diag, "write whole numbers with h, m, s or ms, such as 90s or 1h30m");
}

bool yaml_read_duration(const struct yaml_reader *r, const struct yaml_node *node, const char *what, int64_t least_ns,
			int64_t most_ns, int64_t *out)
{
	struct text text;
	int64_t ns = 0;
	if (!yaml_read_text(r, node, what, &text))
		return false;
	enum duration_fault fault = duration_parse(text, &ns);
	if (fault != DURATION_OK) {
		refuse_duration(r, node, what, fault, least_ns, most_ns);
		return false;
	}
	if (ns < least_ns || ns > most_ns) {
		struct diag *diag = diag_error(r->diags, r->source, node->span, DIAG_INVALID_VALUE,
					       "'%s' cannot be '%s'", what, diag_value(r->diags, text));
		diag_hint(r->diags, diag, "it must be at %s %s", ns < least_ns ? "least" : "most",
			  duration_string(r->diags->arena, ns < least_ns ? least_ns : most_ns));
		return false;
	}
	*out = ns;
	return true;
}

bool yaml_read_choice(const struct yaml_reader *r, const struct yaml_node *node, const char *what,
		      const char *const *choices, size_t *out)
{
	struct text text;
	struct buf list = buf_make(1000);
	if (!yaml_read_text(r, node, what, &text))
		return false;
	for (size_t i = 0; choices[i]; i++) {
		if (text_is(text, choices[i])) {
			*out = i;
			buf_release(&list);
			return true;
		}
		buf_printf(&list, "%s%s", i == 0 ? "" : choices[i + 1] ? ", " : " or ", choices[i]);
	}
	struct diag *diag = diag_error(r->diags, r->source, node->span, DIAG_INVALID_VALUE, "'%s' cannot be '%s'", what,
				       diag_value(r->diags, text));
	diag_hint(r->diags, diag, "write %s", buf_string(&list));
	buf_release(&list);
	return false;
}
