/* replay.c - gives a driver the answers of a recording, as the live run's driver got them. */
#include "chaingate/trial.h"

/* How to find one chain's answers in the recording, and its lists. */
struct told {
	struct api_lists lists;
	struct api_wanted wanted;
	bool by_id; /* the recording has another name for it: it is recognised by its id */
};

struct replay {
	struct driver *driver;
	const struct recording *recording;
	const struct driver_chain *chains;
	struct told *told; /* by chain */
	size_t chain_count;
};

/* The policy may name a chain by its id, although the recorded run named it by its name. */
static bool is_of(const struct replay *replay, const struct record_answer *answer, size_t index)
{
	const struct driver_chain *chain = &replay->chains[index];
	return text_equal(replay->told[index].by_id ? answer->chain_id : answer->chain, chain->wanted) &&
	       text_equal(answer->environment, chain->environment);
}

/* True if the header names the chain: the run may have ended before the chain answered. */
static bool was_asked(const struct recording *recording, const struct driver_chain *chain)
{
	const struct record_header *header = &recording->header;
	for (size_t i = 0; i < header->chain_count; i++) {
		struct text environment = header->environments ? header->environments[i] : (struct text){0};
		if (text_equal(header->chains[i], chain->wanted) && text_equal(environment, chain->environment))
			return true;
	}
	return false;
}

/* Finds each chain's name in the recording. True if one is missing. */
static bool find_chains(struct replay *replay, const struct driver_chain **missing)
{
	const struct recording *recording = replay->recording;
	for (size_t i = 0; i < replay->chain_count && recording->count; i++) {
		bool found = was_asked(recording, &replay->chains[i]);
		for (int by_id = 0; by_id < 2 && !found; by_id++) {
			replay->told[i].by_id = by_id;
			for (size_t at = 0; at < recording->count && !found; at++)
				found = is_of(replay, &recording->answers[at], i);
		}
		*missing = &replay->chains[i];
		if (!found)
			return true;
	}
	return false;
}

static void take(struct replay *replay, size_t index, const struct record_answer *recorded)
{
	struct told *told = &replay->told[index];
	struct driver_answer answer = {
		.sent_ns = recorded->at_ns - recorded->took_ns,
		.at_ns = recorded->at_ns,
		.chain_id = recorded->chain_id,
		.miss = recorded->miss,
		.has_clock = recorded->has_clock,
		.clock_offset_ns = recorded->clock_offset_ns,
	};
	told->wanted.chain_id = told->lists.chain_id = recorded->chain_id;
	if (recorded->is_list && api_lists_read(&told->lists, &recorded->answer, &answer.miss))
		answer.listing = told->lists.latest;
	driver_answered(replay->driver, index, &answer, 0);
}

static void show_end(const struct replay *replay)
{
	const struct recording *recording = replay->recording;
	int64_t end_ns = recording->has_end ? recording->end.at_ns : 0;
	for (size_t i = 0; i < recording->count; i++)
		if (recording->answers[i].at_ns > end_ns)
			end_ns = recording->answers[i].at_ns;
	if (recording->has_end && recording->end.signal_number)
		driver_interrupt(replay->driver, end_ns, recording->end.signal_number);
	else
		driver_run_out(replay->driver, end_ns);
}

bool trial_replay(struct driver *driver, const struct recording *recording, const struct driver_chain **missing)
{
	struct arena arena = {0};
	struct replay replay = {.driver = driver, .recording = recording};
	replay.chains = driver_chains(driver, &replay.chain_count);
	replay.told = ARENA_ARRAY(&arena, struct told, replay.chain_count);
	for (size_t i = 0; i < replay.chain_count; i++) {
		struct told *told = &replay.told[i];
		told->lists = api_lists_make(RECORD_LINE_MAX);
		told->lists.environment = replay.chains[i].environment;
		told->wanted.selectors = replay.chains[i].selectors;
		told->wanted.count = replay.chains[i].selector_count;
		told->lists.wanted = &told->wanted;
	}
	bool is_missing = find_chains(&replay, missing);
	for (size_t at = 0; !is_missing && at < recording->count && !gate_done(driver_gate(driver)); at++)
		for (size_t i = 0; i < replay.chain_count; i++)
			if (is_of(&replay, &recording->answers[at], i))
				take(&replay, i, &recording->answers[at]);
	if (!is_missing)
		show_end(&replay);
	for (size_t i = 0; i < replay.chain_count; i++)
		api_lists_release(&replay.told[i].lists);
	arena_release(&arena);
	return !is_missing;
}
