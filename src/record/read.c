/* read.c - reads a recording: header, answers and end. */
#include "chaingate/json.h"
#include "chaingate/record.h"
#include "chaingate/times.h"
#include "miss_words.h"

/* 97 years. Farther the API's clock can't be from this machine's, because neither is before 1970. Differences of such values fit. */
#define CLOCK_APART_MAX_NS (INT64_MAX / 3)
/* No answer takes longer: a request's time is up after half a minute. */
#define CLOCK_SLACK_MAX_NS NS_PER_HOUR

struct reading {
	struct arena *arena;
	struct recording *out;
	struct record_answer *answers;
	size_t capacity;
	const char *why;
	bool has_clock; /* the recording has said how far the API's clock is ahead */
	int64_t clock_offset_ns, clock_slack_ns;
	size_t round;      /* of the last answer */
	int64_t over_ns;   /* when the round before it was over */
	int64_t latest_ns; /* the latest time in this round so far */
};

/* ---- values ----------------------------------------------------------------------------------------------------- */

static struct text text_or_empty(struct reading *r, struct json_object *object, const char *key)
{
	struct text text;
	if (!json_get_text(object, key, &text))
		return (struct text){"", 0};
	return arena_text(r->arena, text);
}

static bool refuse(struct reading *r, const char *why)
{
	r->why = why;
	return false;
}

/* Reads seconds from their digits, so that nothing is lost in a double: digits, a point, up to nine digits. */
static bool read_seconds(struct json_object *object, const char *key, int64_t *out_ns)
{
	struct json_object *value;
	if (!json_object_object_get_ex(object, key, &value) || !value)
		return false;
	const char *text = json_object_get_string(value);
	int64_t ns = 0, unit = NS_PER_S;
	bool point = false;
	for (; *text; text++) {
		if (*text == '.' && !point) {
			point = true;
			continue;
		}
		if (*text < '0' || *text > '9' || unit == 0 || ns > INT64_MAX / 10 - NS_PER_S)
			return false;
		if (point)
			ns += (*text - '0') * (unit /= 10);
		else
			ns = ns * 10 + (*text - '0') * NS_PER_S;
	}
	*out_ns = ns;
	return true;
}

/* ---- lines ------------------------------------------------------------------------------------------------------ */

static bool read_string(struct reading *r, struct json_object *array, size_t index, const char **out)
{
	struct json_object *item = json_object_array_get_idx(array, index);
	if (!json_object_is_type(item, json_type_string))
		return false;
	*out = arena_string(r->arena, json_object_get_string(item));
	return true;
}

/* Reads a list of names that may be absent: *out is unchanged then. */
static bool read_names(struct reading *r, struct json_object *object, const char *key, const struct text **out,
		       size_t *count)
{
	struct json_object *list;
	if (!json_object_object_get_ex(object, key, &list))
		return true;
	if (!json_object_is_type(list, json_type_array))
		return false;
	*count = json_object_array_length(list);
	struct text *names = ARENA_ARRAY(r->arena, struct text, *count);
	for (size_t i = 0; i < *count; i++) {
		const char *name;
		if (!read_string(r, list, i, &name))
			return false;
		names[i] = text_of(name);
	}
	*out = names;
	return true;
}

/* Without "kinds" all are chains. */
static bool read_kinds(struct reading *r, struct json_object *object)
{
	struct record_header *header = &r->out->header;
	const struct text *names = NULL;
	size_t count = 0;
	if (!read_names(r, object, "kinds", &names, &count))
		return false;
	if (!names)
		return true;
	if (count != header->chain_count)
		return false;
	enum target_kind *kinds = ARENA_ARRAY(r->arena, enum target_kind, count);
	for (size_t i = 0; i < count; i++)
		if (!target_kind_parse(names[i], &kinds[i]))
			return false;
	header->kinds = kinds;
	return true;
}

/* Without "by_id" no URL gives a chain. */
static bool read_by_id(struct reading *r, struct json_object *object)
{
	struct record_header *header = &r->out->header;
	struct json_object *list;
	if (!json_object_object_get_ex(object, "by_id", &list))
		return true;
	if (!json_object_is_type(list, json_type_array) || json_object_array_length(list) != header->chain_count)
		return false;
	bool *by_id = ARENA_ARRAY(r->arena, bool, header->chain_count);
	for (size_t i = 0; i < header->chain_count; i++) {
		struct json_object *item = json_object_array_get_idx(list, i);
		if (!json_object_is_type(item, json_type_boolean))
			return false;
		by_id[i] = json_object_get_boolean(item);
	}
	header->by_id = by_id;
	return true;
}

/* Recordings of older versions have no list of chains, or none of their environments. */
static bool read_chains(struct reading *r, struct json_object *object)
{
	struct record_header *header = &r->out->header;
	size_t count = 0;
	return read_names(r, object, "chains", &header->chains, &header->chain_count) &&
	       read_names(r, object, "environments", &header->environments, &count) &&
	       (!header->environments || count == header->chain_count) && read_kinds(r, object) &&
	       read_by_id(r, object);
}

static bool read_listed(struct reading *r, struct json_object *object, struct record_chains *out)
{
	struct json_object *listed;
	if (!json_object_object_get_ex(object, "listed", &listed) || !json_object_is_type(listed, json_type_array))
		return false;
	out->listed_count = json_object_array_length(listed);
	struct chain *chains = ARENA_ARRAY(r->arena, struct chain, out->listed_count + 1);
	for (size_t i = 0; i < out->listed_count; i++) {
		struct json_object *pair = json_object_array_get_idx(listed, i);
		const char *id, *name;
		if (!json_object_is_type(pair, json_type_array) || json_object_array_length(pair) != 2 ||
		    !read_string(r, pair, 0, &id) || !read_string(r, pair, 1, &name))
			return false;
		chains[i] = (struct chain){.id = text_of(id), .name = text_of(name)};
	}
	out->listed = chains;
	return true;
}

/* The run begins here: what came before were attempts to get the list of chains. */
static bool read_beginning(struct reading *r, struct json_object *object)
{
	struct record_chains *beginning = &r->out->beginning;
	struct record_header *header = &r->out->header;
	if (r->out->has_beginning)
		return refuse(r, "a second list of chains");
	header->chains = header->environments = NULL;
	header->kinds = NULL;
	header->by_id = NULL;
	header->chain_count = 0;
	if (!read_seconds(object, "at", &beginning->at_ns) || !read_listed(r, object, beginning) ||
	    !read_chains(r, object) || !header->chains)
		return refuse(r, "the list of chains is incomplete");
	beginning->chains = header->chains;
	beginning->environments = header->environments;
	beginning->by_id = header->by_id;
	beginning->chain_count = header->chain_count;
	r->out->has_beginning = true;
	r->out->count = 0;
	return true;
}

static bool read_header(struct reading *r, struct json_object *object)
{
	struct record_header *header = &r->out->header;
	struct json_object *policies, *options;
	int64_t format;
	if (!json_get_integer(object, "format", &format) || format != RECORD_FORMAT)
		return refuse(r, "this version reads recordings of format 1");
	if (!json_get_integer(object, "start_ns", &header->start_wall_ns) ||
	    !json_object_object_get_ex(object, "policies", &policies) ||
	    !json_object_is_type(policies, json_type_array) ||
	    !json_object_object_get_ex(object, "options", &options) || !json_object_is_type(options, json_type_array))
		return refuse(r, "the header is incomplete");
	header->tool = text_or_empty(r, object, "tool").bytes;
	header->api = text_or_empty(r, object, "api").bytes;
	header->policy_count = json_object_array_length(policies);
	header->option_count = json_object_array_length(options);
	const char **paths = ARENA_ARRAY(r->arena, const char *, header->policy_count + 1);
	for (size_t i = 0; i < header->policy_count; i++)
		if (!read_string(r, policies, i, &paths[i]))
			return refuse(r, "the header is incomplete");
	struct record_option *list = ARENA_ARRAY(r->arena, struct record_option, header->option_count + 1);
	for (size_t i = 0; i < header->option_count; i++) {
		struct json_object *pair = json_object_array_get_idx(options, i);
		if (!json_object_is_type(pair, json_type_array) || json_object_array_length(pair) != 2 ||
		    !read_string(r, pair, 0, &list[i].name) || !read_string(r, pair, 1, &list[i].value))
			return refuse(r, "the header is incomplete");
	}
	header->policies = paths;
	header->options = list;
	return read_chains(r, object) || refuse(r, "the header is incomplete");
}

/* Finds the body of this chain's last answer that has one. */
static bool find_same(struct reading *r, struct record_answer *answer)
{
	for (size_t i = r->out->count; i > 0; i--) {
		const struct record_answer *before = &r->answers[i - 1];
		if (!before->is_list || before->answer.transport.cause != MISS_NONE || before->kind != answer->kind ||
		    before->is_id != answer->is_id || !text_equal(before->chain, answer->chain) ||
		    !text_equal(before->environment, answer->environment))
			continue;
		answer->answer.body = before->answer.body;
		return true;
	}
	return refuse(r, "an answer repeats a body that isn't there");
}

static bool read_miss(struct reading *r, struct json_object *object, struct record_answer *answer)
{
	struct text word;
	int64_t status = 0;
	if (!json_get_text(object, "miss", &word) || !miss_of_word(word, &answer->miss.cause))
		return refuse(r, "an answer's miss is of an unknown kind");
	if (json_get_integer(object, "status", &status))
		answer->miss.http_status = (int)status;
	answer->miss.detail = text_or_empty(r, object, "detail");
	read_seconds(object, "retry_after", &answer->miss.retry_after_ns);
	return true;
}

static bool read_body(struct reading *r, struct json_object *object, struct record_answer *answer)
{
	int64_t status;
	struct text body;
	if (!json_get_integer(object, "status", &status) || status < 100 || status > 999)
		return refuse(r, "an answer is neither a status with a body nor a miss");
	answer->is_list = true;
	answer->answer.http_status = (int)status;
	answer->answer.retry_after = text_or_empty(r, object, "retry_after_header");
	answer->answer.date = text_or_empty(r, object, "date_header");
	answer->answer.link = text_or_empty(r, object, "link_header");
	answer->answer.headers = text_or_empty(r, object, "headers");
	answer->answer.wall_ns = time_add(time_add(r->out->header.start_wall_ns, r->clock_offset_ns), answer->at_ns);
	if (!r->has_clock)
		http_date_parse(answer->answer.date, &answer->answer.wall_ns);
	if (json_get_boolean(object, "same", &answer->is_same) && answer->is_same)
		return find_same(r, answer);
	if (!json_get_text(object, "body", &body))
		return refuse(r, "an answer has a status but no body");
	answer->answer.body = arena_text(r->arena, body);
	return true;
}

static bool read_answer(struct reading *r, struct json_object *object)
{
	struct record_answer answer = {0};
	int64_t round;
	if (!json_get_integer(object, "round", &round) || round < 1 || !read_seconds(object, "at", &answer.at_ns))
		return refuse(r, "an answer has no round or no time");
	answer.round = (size_t)round;
	struct json_object *ignored;
	answer.kind = json_object_object_get_ex(object, "model", &ignored) ? TARGET_MODEL : TARGET_CHAIN;
	answer.chain = text_or_empty(r, object, target_kind_name(answer.kind));
	json_get_boolean(object, "by_id", &answer.is_id);
	answer.environment = text_or_empty(r, object, "environment");
	answer.chain_id = text_or_empty(r, object, target_kind_id(answer.kind));
	answer.model = text_or_empty(r, object, "model_name");
	if (answer.kind == TARGET_MODEL && answer.chain_id.length && !answer.model.length)
		return refuse(r, "an answer about a model has no name of it");
	read_seconds(object, "took", &answer.took_ns);
	if (json_get_integer(object, "clock_offset_ns", &r->clock_offset_ns)) {
		r->has_clock = true;
		r->clock_slack_ns = 0;
	}
	json_get_integer(object, "clock_slack_ns", &r->clock_slack_ns);
	if (r->clock_offset_ns < -CLOCK_APART_MAX_NS || r->clock_offset_ns > CLOCK_APART_MAX_NS)
		return refuse(r, "an answer's clock_offset_ns is more than 97 years");
	if (r->clock_slack_ns < 0 || r->clock_slack_ns > CLOCK_SLACK_MAX_NS)
		return refuse(r, "an answer's clock_slack_ns is negative, or more than an hour");
	answer.has_clock = r->has_clock;
	answer.clock_offset_ns = r->clock_offset_ns;
	answer.clock_slack_ns = r->clock_slack_ns;
	bool is_miss = json_object_object_get_ex(object, "miss", &ignored);
	if (!(is_miss ? read_miss(r, object, &answer) : read_body(r, object, &answer)))
		return false;
	/* Within a round the order has no meaning. A round ends no earlier than the one before it. */
	bool is_next = answer.round > r->round;
	if (answer.round < r->round || (is_next && r->latest_ns < r->over_ns))
		return refuse(r, "an answer is earlier than the round before it");
	if (is_next) {
		r->over_ns = r->latest_ns;
		r->latest_ns = 0;
	}
	r->round = answer.round;
	r->latest_ns = answer.at_ns > r->latest_ns ? answer.at_ns : r->latest_ns;
	r->answers = arena_grow(r->arena, r->answers, r->out->count, &r->capacity, sizeof(*r->answers));
	r->answers[r->out->count++] = answer;
	return true;
}

static bool read_end(struct reading *r, struct json_object *object)
{
	struct record_end *end = &r->out->end;
	int64_t code = 0, signal_number = 0;
	if (!read_seconds(object, "at", &end->at_ns) || !json_get_integer(object, "exit", &code))
		return refuse(r, "the end is incomplete");
	json_get_integer(object, "signal", &signal_number);
	end->verdict = text_or_empty(r, object, "verdict").bytes;
	end->exit_code = (int)code;
	end->signal_number = (int)signal_number;
	r->out->has_end = true;
	return true;
}

static bool read_object(struct reading *r, struct json_object *object, size_t line)
{
	struct text kind;
	if (!json_object_is_type(object, json_type_object) || !json_get_text(object, "kind", &kind))
		return refuse(r, "this is not a line of a recording");
	if ((line == 1) != text_is(kind, "header"))
		return refuse(r, line == 1 ? "the first line is not a header" : "a second header");
	if (r->out->has_end)
		return refuse(r, "there is more after the end");
	if (line == 1)
		return read_header(r, object);
	if (text_is(kind, "answer"))
		return read_answer(r, object);
	if (text_is(kind, "chains"))
		return read_beginning(r, object);
	if (text_is(kind, "end"))
		return read_end(r, object);
	return refuse(r, "a line of an unknown kind");
}

bool record_read(struct arena *arena, struct text text, struct recording *out, const char **why, size_t *line)
{
	struct reading r = {.arena = arena, .out = out};
	*out = (struct recording){0};
	for (*line = 1; text.length; ++*line) {
		size_t end = 0;
		while (end < text.length && text.bytes[end] != '\n')
			end++;
		bool whole = end < text.length;
		struct json_object *object;
		struct json_fault fault;
		bool parsed = json_parse(text_slice(text, 0, end), &object, &fault);
		if (!parsed && !whole && *line > 1) { /* the run was killed while it wrote this line */
			out->is_truncated = true;
			break;
		}
		bool read = parsed && read_object(&r, object, *line);
		if (parsed)
			json_object_put(object);
		if (!read) {
			*why = parsed ? r.why : "this is not JSON";
			return false;
		}
		text = text_slice(text, end + 1, text.length);
	}
	out->answers = r.answers;
	*why = "the recording is empty";
	return *line > 1;
}
