/* fault.c - reads faults, and the parts that they share with bodies. */
#include "fault.h"

#include "chaingate/times.h"
#include "fields.h"

static const char *const kind_names[] = {
	[FAULT_NONE] = "none",
	[FAULT_TRUNCATED] = "truncated",
	[FAULT_RESET] = "reset",
	[FAULT_STALL] = "stall",
	[FAULT_SILENCE] = "silence",
	[FAULT_SLOW] = "slow",
	[FAULT_HUGE] = "huge",
	[FAULT_GARBAGE] = "garbage",
	[FAULT_HTML] = "html",
	[FAULT_EMPTY] = "empty",
	[FAULT_DUPLICATE_KEYS] = "duplicate_keys",
	[FAULT_WRONG_TYPE] = "wrong_type",
};

const char *fault_kind_name(enum fault_kind kind)
{
	return kind_names[kind];
}

bool http_status_read(struct fields_reader *reader, const struct yaml_node *node, unsigned int *out)
{
	int64_t status;
	/* Statuses below 200 aren't answers: a client waits for the real one. */
	if (!field_integer(reader, node, "an HTTP status", 200, 599, &status))
		return false;
	*out = (unsigned int)status;
	return true;
}

bool span_of_time_read(struct fields_reader *reader, const struct yaml_node *at, const struct yaml_node *duration,
		       int64_t *out_from_ns, int64_t *out_until_ns)
{
	int64_t from_ns = 0, length_ns = INT64_MAX;
	bool fine = !at || field_duration(reader, at, "moment", &from_ns);
	fine = (!duration || field_duration(reader, duration, "duration", &length_ns)) && fine;
	if (fine && !length_ns) {
		diag_error(reader->diags, reader->source, duration->span, DIAG_INVALID_VALUE,
			   "something that lasts 0s never happens");
		fine = false;
	}
	if (fine) {
		*out_from_ns = from_ns;
		*out_until_ns = time_add(from_ns, length_ns);
	}
	return fine;
}

/* Letters, digits, - and _: the usual part of RFC 9110's token. */
static bool is_header_name(struct text name)
{
	for (size_t i = 0; i < name.length; i++) {
		char c = name.bytes[i];
		bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!alphanumeric && c != '-' && c != '_')
			return false;
	}
	return name.length > 0;
}

static bool is_header_value(struct text value)
{
	for (size_t i = 0; i < value.length; i++)
		if ((unsigned char)value.bytes[i] < ' ' || (unsigned char)value.bytes[i] > '~')
			return false;
	return value.length > 0;
}

static bool is_framing(struct text name)
{
	return !text_distance(name, TEXT("Content-Length")) || !text_distance(name, TEXT("Transfer-Encoding"));
}

static bool header_read(struct fields_reader *reader, const struct yaml_pair *pair, struct header *out)
{
	struct text name = pair->key->scalar.text, value;
	if (!is_header_name(name) || is_framing(name)) {
		struct diag *diag = diag_error(reader->diags, reader->source, pair->key->span, DIAG_INVALID_VALUE,
					       "'%s' cannot be set as a header", diag_value(reader->diags, name));
		if (is_framing(name))
			diag_hint(reader->diags, diag,
				  "For a body that is shorter than its Content-Length, say {body: truncated}.");
		return false;
	}
	if (!field_verbatim(reader, pair->value, "the value of a header", &value))
		return false;
	if (!is_header_value(value)) {
		diag_error(reader->diags, reader->source, pair->value->span, DIAG_INVALID_VALUE,
			   "the value of a header must be printable ASCII, not '%s'", diag_value(reader->diags, value));
		return false;
	}
	*out = (struct header){.name = arena_text(reader->arena, name).bytes,
			       .value = arena_text(reader->arena, value).bytes};
	return true;
}

bool headers_read(struct fields_reader *reader, const struct yaml_node *node, const char *retry_after,
		  const struct header **out, size_t *out_count)
{
	if (node && node->kind != YAML_MAPPING) {
		diag_error(reader->diags, reader->source, node->span, DIAG_WRONG_TYPE,
			   "headers must be a mapping of names to values, but this is %s", yaml_kind_name(node));
		return false;
	}
	size_t given = node ? node->count : 0;
	struct header *headers = ARENA_ARRAY(reader->arena, struct header, given + 1);
	bool fine = true;
	for (size_t i = 0; i < given; i++)
		fine = header_read(reader, &node->pairs[i], &headers[i]) && fine;
	if (!fine)
		return false;
	if (retry_after)
		headers[given] = (struct header){.name = "Retry-After", .value = retry_after};
	*out = headers;
	*out_count = given + (retry_after != NULL);
	return true;
}

enum {
	FIELD_AT,
	FIELD_FOR,
	FIELD_PATH,
	FIELD_COUNT_LIMIT,
	FIELD_HTTP,
	FIELD_RETRY_AFTER,
	FIELD_RETRY_AFTER_HEADER,
	FIELD_HEADERS,
	FIELD_TEXT,
	FIELD_BODY,
	FIELD_KIND, /* the first of the keys named like kinds: FIELD_KIND + kind - 1 */
	FIELDS = FIELD_KIND + FAULT_KIND_COUNT - 1
};

/* `body: KIND`, or `KIND: true`; two kinds contradict each other. */
static bool kind_read(struct fields_reader *reader, const struct field *fields, enum fault_kind *out)
{
	enum fault_kind kind = FAULT_NONE;
	const struct yaml_node *from = fields[FIELD_BODY].node;
	bool fine = true;
	size_t index;
	if (from && (fine = field_word(reader, from, "fault", kind_names + 1, FAULT_KIND_COUNT - 1, &index)))
		kind = (enum fault_kind)(index + 1);
	for (size_t i = 1; i < FAULT_KIND_COUNT; i++) {
		const struct yaml_node *node = fields[FIELD_KIND + i - 1].node;
		bool wanted = false;
		if (!node)
			continue;
		fine = field_boolean(reader, node, kind_names[i], &wanted) && fine;
		if (!wanted)
			continue;
		if (from) {
			struct diag *diag = diag_error(reader->diags, reader->source, node->span, DIAG_CONFLICTING_KEYS,
						       "a fault has one kind, but '%s' is a second one", kind_names[i]);
			diag_also(reader->diags, diag, reader->source, from->span, "the first is here");
			diag_hint(reader->diags, diag,
				  "Make them two faults, at different times or for different paths.");
			fine = false;
		}
		from = node;
		kind = (enum fault_kind)i;
	}
	if (fine)
		*out = kind;
	return fine;
}

/* Reads the parts of an answer: status, body, headers. */
static bool answer_fields_read(struct fields_reader *reader, const struct field *fields, struct fault *fault)
{
	bool fine = !fields[FIELD_HTTP].node || http_status_read(reader, fields[FIELD_HTTP].node, &fault->http);
	fault->has_retry_after = fields[FIELD_RETRY_AFTER].node != NULL;
	if (fault->has_retry_after)
		fine = field_integer(reader, fields[FIELD_RETRY_AFTER].node, "retry_after", INT64_MIN + 1, INT64_MAX,
				     &fault->retry_after_s) &&
		       fine;
	fault->has_text = fields[FIELD_TEXT].node != NULL;
	if (fault->has_text)
		fine = field_verbatim(reader, fields[FIELD_TEXT].node, "text", &fault->text) && fine;

	const char *retry_after = NULL;
	const struct yaml_node *header = fields[FIELD_RETRY_AFTER_HEADER].node;
	struct text value;
	if (header && (fine = field_text(reader, header, "retry_after_header", &value) && fine)) {
		if (is_header_value(value)) {
			retry_after = arena_text(reader->arena, value).bytes;
		} else {
			diag_error(reader->diags, reader->source, header->span, DIAG_INVALID_VALUE,
				   "the value of a header must be printable ASCII");
			fine = false;
		}
	}
	return headers_read(reader, fields[FIELD_HEADERS].node, retry_after, &fault->headers, &fault->header_count) &&
	       fine;
}

/* True if the kind sends its own body or none, so that a given text would never be sent. */
static bool kind_has_own_body(enum fault_kind kind)
{
	switch (kind) {
	case FAULT_NONE:
	case FAULT_TRUNCATED:
	case FAULT_STALL:
	case FAULT_SLOW:
	case FAULT_KIND_COUNT: return false;
	case FAULT_RESET:
	case FAULT_SILENCE:
	case FAULT_HUGE:
	case FAULT_GARBAGE:
	case FAULT_HTML:
	case FAULT_EMPTY:
	case FAULT_DUPLICATE_KEYS:
	case FAULT_WRONG_TYPE: break;
	}
	return true;
}

/* A setting that can never take effect is a mistake in the scenario, so it is reported. */
static bool fits_together(struct fields_reader *reader, const struct yaml_node *node, const struct field *fields,
			  const struct fault *fault)
{
	if (fault->kind == FAULT_NONE && !fault->http && !fault->has_text && !fault->header_count) {
		struct diag *diag =
			diag_error(reader->diags, reader->source, node->span, DIAG_MISSING_KEY,
				   "a fault needs 'http', 'text', 'body', 'headers' or 'retry_after_header'");
		diag_hint(reader->diags, diag, "Say what goes wrong: {at: 30s, for: 10s, http: 503}.");
		return false;
	}
	if (fault->has_text && kind_has_own_body(fault->kind)) {
		diag_error(reader->diags, reader->source, fields[FIELD_TEXT].node->span, DIAG_CONFLICTING_KEYS,
			   "a text is never sent by the fault '%s'", kind_names[fault->kind]);
		return false;
	}
	if (fault->http && (fault->kind == FAULT_RESET || fault->kind == FAULT_SILENCE)) {
		diag_error(reader->diags, reader->source, fields[FIELD_HTTP].node->span, DIAG_CONFLICTING_KEYS,
			   "a status is never sent by the fault '%s'", kind_names[fault->kind]);
		return false;
	}
	if (fault->has_retry_after && (!fault->http || fault->has_text || kind_has_own_body(fault->kind))) {
		struct diag *diag = diag_error(
			reader->diags, reader->source, fields[FIELD_RETRY_AFTER].node->span, DIAG_CONFLICTING_KEYS,
			"'retry_after' is in the body that 'http' alone sends, but this fault sends another");
		diag_hint(reader->diags, diag, "For the header of that name, say retry_after_header.");
		return false;
	}
	return true;
}

bool fault_read(struct fields_reader *reader, const struct yaml_node *node, struct fault *out)
{
	struct field fields[FIELDS] = {
		[FIELD_AT] = {.name = "at", .required = true},
		[FIELD_FOR] = {.name = "for"},
		[FIELD_PATH] = {.name = "path"},
		[FIELD_COUNT_LIMIT] = {.name = "count"},
		[FIELD_HTTP] = {.name = "http"},
		[FIELD_RETRY_AFTER] = {.name = "retry_after"},
		[FIELD_RETRY_AFTER_HEADER] = {.name = "retry_after_header"},
		[FIELD_HEADERS] = {.name = "headers"},
		[FIELD_TEXT] = {.name = "text"},
		[FIELD_BODY] = {.name = "body"},
	};
	for (size_t i = 1; i < FAULT_KIND_COUNT; i++)
		fields[FIELD_KIND + i - 1].name = kind_names[i];
	if (!fields_take(reader, node, "a fault", fields, FIELDS))
		return false;

	struct fault fault = {.count = INT64_MAX};
	bool fine = span_of_time_read(reader, fields[FIELD_AT].node, fields[FIELD_FOR].node, &fault.from_ns,
				      &fault.until_ns);
	if (fields[FIELD_PATH].node)
		fine = field_text(reader, fields[FIELD_PATH].node, "path", &fault.path) && fine;
	if (fields[FIELD_COUNT_LIMIT].node)
		fine = field_integer(reader, fields[FIELD_COUNT_LIMIT].node, "count", 1, INT64_MAX, &fault.count) &&
		       fine;
	fine = kind_read(reader, fields, &fault.kind) && fine;
	fine = answer_fields_read(reader, fields, &fault) && fine;
	fine = fine && fits_together(reader, node, fields, &fault);
	if (fine)
		*out = fault;
	return fine;
}
