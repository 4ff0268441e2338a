/* write.c - writes the lines of a recording. */
#include "chaingate/json_out.h"
#include "chaingate/record.h"
#include "chaingate/times.h"
#include "miss_words.h"

#include <stdlib.h>

/* ---- header and end --------------------------------------------------------------------------------------------- */

/* Which of them are models. A run of chains alone has no `kinds`. */
static void put_kinds(struct json_object *object, const enum target_kind *kinds, size_t count)
{
	struct json_object *names = json_out_array();
	bool has_model = false;
	for (size_t i = 0; kinds && i < count; i++) {
		json_out_append(names, json_out_text(text_of(target_kind_name(kinds[i]))));
		has_model |= kinds[i] != TARGET_CHAIN;
	}
	if (has_model)
		json_out_put(object, "kinds", names);
	else
		json_object_put(names);
}

/* Which of them a URL gives by their ids. A run without any has no `by_id`. */
static void put_by_id(struct json_object *object, const bool *by_id, size_t count)
{
	struct json_object *flags = json_out_array();
	bool has_id = false;
	for (size_t i = 0; by_id && i < count; i++) {
		json_out_append(flags, json_out_boolean(by_id[i]));
		has_id |= by_id[i];
	}
	if (has_id)
		json_out_put(object, "by_id", flags);
	else
		json_object_put(flags);
}

/* The chains and models that a run asks, and their environments. A run without any has no `environments`. */
static void put_chains(struct json_object *object, const struct text *wanted, const struct text *of, size_t count)
{
	struct json_object *chains = json_out_array(), *environments = json_out_array();
	bool has_environment = false;
	for (size_t i = 0; i < count; i++) {
		struct text environment = of ? of[i] : (struct text){0};
		json_out_append(chains, json_out_text(wanted[i]));
		json_out_append(environments, json_out_text(environment));
		has_environment |= environment.length > 0;
	}
	json_out_put(object, "chains", chains);
	if (has_environment)
		json_out_put(object, "environments", environments);
	else
		json_object_put(environments);
}

void record_add_header(struct buf *buf, const struct record_header *header)
{
	struct json_object *object = json_out_object(), *policies = json_out_array(), *options = json_out_array();
	json_out_put_optional(object, "kind", "header");
	json_out_put_integer(object, "format", RECORD_FORMAT);
	json_out_put_optional(object, "tool", header->tool);
	json_out_put_moment(object, "start", header->start_wall_ns, false);
	json_out_put_integer(object, "start_ns", header->start_wall_ns);
	json_out_put_optional(object, "api", header->api);
	for (size_t i = 0; i < header->policy_count; i++)
		json_out_append(policies, json_out_text(text_of(header->policies[i])));
	json_out_put(object, "policies", policies);
	for (size_t i = 0; i < header->option_count; i++) {
		struct json_object *option = json_out_array();
		json_out_append(option, json_out_text(text_of(header->options[i].name)));
		json_out_append(option, json_out_text(text_of(header->options[i].value)));
		json_out_append(options, option);
	}
	json_out_put(object, "options", options);
	put_chains(object, header->chains, header->environments, header->chain_count);
	put_kinds(object, header->kinds, header->chain_count);
	put_by_id(object, header->by_id, header->chain_count);
	json_out_line(buf, object);
}

void record_add_chains(struct buf *buf, const struct record_chains *chains)
{
	struct json_object *object = json_out_object(), *listed = json_out_array();
	json_out_put_optional(object, "kind", "chains");
	json_out_put_seconds(object, "at", true, chains->at_ns);
	for (size_t i = 0; i < chains->listed_count; i++) {
		struct json_object *pair = json_out_array();
		json_out_append(pair, json_out_text(chains->listed[i].id));
		json_out_append(pair, json_out_text(chains->listed[i].name));
		json_out_append(listed, pair);
	}
	json_out_put(object, "listed", listed);
	put_chains(object, chains->chains, chains->environments, chains->chain_count);
	put_by_id(object, chains->by_id, chains->chain_count);
	json_out_line(buf, object);
}

void record_add_end(struct buf *buf, const struct record_end *end)
{
	struct json_object *object = json_out_object();
	json_out_put_optional(object, "kind", "end");
	json_out_put_seconds(object, "at", true, end->at_ns);
	json_out_put_optional(object, "verdict", end->verdict);
	json_out_put_integer(object, "exit", end->exit_code);
	json_out_put_integer(object, "signal", end->signal_number);
	json_out_line(buf, object);
}

/* ---- rounds ----------------------------------------------------------------------------------------------------- */

static void put_miss(struct json_object *object, const struct miss *miss)
{
	json_out_put_optional(object, "miss", miss_word(miss->cause));
	json_out_put_text(object, "detail", miss->detail);
	if (miss->http_status)
		json_out_put_integer(object, "status", miss->http_status);
	if (miss->retry_after_ns)
		json_out_put_seconds(object, "retry_after", true, miss->retry_after_ns);
}

/* A body that isn't UTF-8 can't be written in JSON, and isn't a list either: the resulting miss is recorded instead. */
static bool is_kept_whole(const struct record_answer *answer)
{
	return answer->is_list && answer->answer.transport.cause == MISS_NONE && text_is_utf8(answer->answer.body) &&
	       text_is_utf8(answer->answer.retry_after) && text_is_utf8(answer->answer.date) &&
	       text_is_utf8(answer->answer.link) && text_is_utf8(answer->answer.headers);
}

static void add_answer(struct buf *buf, const struct record_answer *answer)
{
	struct json_object *object = json_out_object();
	json_out_put_optional(object, "kind", "answer");
	json_out_put_size(object, "round", answer->round);
	json_out_put_seconds(object, "at", true, answer->at_ns);
	json_out_put_seconds(object, "took", true, answer->took_ns);
	json_out_put_text(object, target_kind_name(answer->kind), answer->chain);
	if (answer->is_id)
		json_out_put_boolean(object, "by_id", true);
	if (answer->environment.length)
		json_out_put_text(object, "environment", answer->environment);
	json_out_put_text(object, target_kind_id(answer->kind), answer->chain_id);
	if (answer->kind == TARGET_MODEL)
		json_out_put_text(object, "model_name", answer->model);
	if (answer->has_clock)
		json_out_put_integer(object, "clock_offset_ns", answer->clock_offset_ns);
	if (answer->has_clock && answer->clock_slack_ns)
		json_out_put_integer(object, "clock_slack_ns", answer->clock_slack_ns);
	if (is_kept_whole(answer)) {
		json_out_put_integer(object, "status", answer->answer.http_status);
		if (answer->answer.retry_after.length) { /* Retry-After may be a date, which is compared with Date */
			json_out_put_text(object, "retry_after_header", answer->answer.retry_after);
			json_out_put_text(object, "date_header", answer->answer.date);
		}
		if (answer->answer.link.length)
			json_out_put_text(object, "link_header", answer->answer.link);
		if (answer->answer.headers.length)
			json_out_put_text(object, "headers", answer->answer.headers);
		if (answer->is_same)
			json_out_put_boolean(object, "same", true);
		else
			json_out_put_text(object, "body", answer->answer.body);
	} else {
		put_miss(object, &answer->miss);
	}
	json_out_line(buf, object);
}

/* The last body that was written for a chain's list, or for an environment. */
struct last_body {
	enum target_kind kind;
	struct text chain, environment;
	bool is_id; /* of `chain` */
	struct arena memory;
	struct text body;
	bool is_written;
};

struct record_rounds {
	size_t count;
	bool has_clock; /* clock_offset_ns was written: */
	int64_t clock_offset_ns;
	struct arena memory; /* the chains' names */
	struct last_body *bodies;
	size_t body_count, body_room;
};

struct record_rounds *record_rounds_new(void)
{
	struct record_rounds *rounds = calloc(1, sizeof(*rounds));
	if (!rounds)
		memory_exhausted();
	return rounds;
}

void record_rounds_free(struct record_rounds *rounds)
{
	for (size_t i = 0; i < rounds->body_count; i++)
		arena_release(&rounds->bodies[i].memory);
	arena_release(&rounds->memory);
	free(rounds);
}

static struct last_body *last_body_of(struct record_rounds *rounds, const struct record_answer *of)
{
	for (size_t i = 0; i < rounds->body_count; i++)
		if (rounds->bodies[i].kind == of->kind && rounds->bodies[i].is_id == of->is_id &&
		    text_equal(rounds->bodies[i].chain, of->chain) &&
		    text_equal(rounds->bodies[i].environment, of->environment))
			return &rounds->bodies[i];
	rounds->bodies = arena_grow(&rounds->memory, rounds->bodies, rounds->body_count, &rounds->body_room,
				    sizeof(*rounds->bodies));
	struct last_body *last = &rounds->bodies[rounds->body_count++];
	*last = (struct last_body){.kind = of->kind,
				   .chain = arena_text(&rounds->memory, of->chain),
				   .environment = arena_text(&rounds->memory, of->environment),
				   .is_id = of->is_id};
	return last;
}

void record_add_round(struct buf *buf, struct record_rounds *rounds, struct record_answer *answers, size_t count)
{
	rounds->count++;
	for (size_t i = 0; i < count; i++) {
		struct record_answer *answer = &answers[i];
		struct last_body *last = last_body_of(rounds, answer);
		answer->round = rounds->count;
		answer->is_same =
			is_kept_whole(answer) && last->is_written && text_equal(last->body, answer->answer.body);
		answer->has_clock &= !rounds->has_clock || answer->clock_offset_ns != rounds->clock_offset_ns;
		if (answer->has_clock) {
			rounds->has_clock = true;
			rounds->clock_offset_ns = answer->clock_offset_ns;
		}
		add_answer(buf, answer);
		if (!is_kept_whole(answer) || answer->is_same)
			continue;
		arena_clear(&last->memory);
		last->body = arena_text(&last->memory, answer->answer.body);
		last->is_written = true;
	}
}
