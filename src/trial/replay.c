/* replay.c - gives a driver the answers of a recording, as the live run's driver got them. */
#include "chaingate/trial.h"

/* One chain as the recording has it. */
struct told {
	struct api_lists lists;
	enum record_name name;
};

struct replay {
	struct driver *driver;
	const struct recording *recording;
	const struct driver_chain *chains;
	struct told *told; /* by chain */
	size_t chain_count;
	const struct gate_plan *plan;
	const struct target_place *place;
	bool is_refused; /* two sources name different chains */
};

/* Finds each chain in the recording; in one without any answer, none is needed. True if one is missing. */
static bool find_chains(struct replay *replay, const struct driver_chain **missing)
{
	for (size_t i = 0; i < replay->chain_count && replay->recording->count; i++) {
		*missing = &replay->chains[i];
		replay->told[i].name = record_find(replay->recording, (*missing)->kind, (*missing)->wanted,
						   (*missing)->is_id, (*missing)->environment);
		if (replay->told[i].name == RECORD_UNNAMED)
			return true;
	}
	return false;
}

static void take(struct replay *replay, size_t index, const struct record_answer *recorded)
{
	struct told *told = &replay->told[index];
	const struct driver_chain *chain = &replay->chains[index];
	const struct plan_chain asked = {chain->kind, chain->wanted, chain->is_id};
	replay->is_refused =
		recorded->chain_id.length && !plan_check_id(replay->plan, &asked, recorded->chain_id, replay->place);
	if (replay->is_refused)
		return;
	struct driver_answer answer = {
		.sent_ns = recorded->at_ns - recorded->took_ns,
		.at_ns = recorded->at_ns,
		.chain_id = recorded->chain_id,
		.miss = recorded->miss,
		.has_clock = recorded->has_clock,
		.clock_offset_ns = recorded->clock_offset_ns,
		.clock_slack_ns = recorded->clock_slack_ns,
	};
	told->lists.chain_id = recorded->chain_id;
	told->lists.owner = (struct api_owner){recorded->kind, recorded->model};
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

/* Gives the driver the answers until it is done, or refused. */
static void show_answers(struct replay *replay)
{
	const struct recording *recording = replay->recording;
	for (size_t at = 0; at < recording->count && !gate_done(driver_gate(replay->driver)); at++)
		for (size_t i = 0; i < replay->chain_count; i++) {
			if (record_is_about(&recording->answers[at], replay->told[i].name, replay->chains[i].kind,
					    replay->chains[i].wanted, replay->chains[i].is_id,
					    replay->chains[i].environment))
				take(replay, i, &recording->answers[at]);
			if (replay->is_refused)
				return;
		}
}

bool trial_replay(struct driver *driver, const struct gate_plan *plan, const struct recording *recording,
		  const struct target_place *place, const struct driver_chain **missing)
{
	struct arena arena = {0};
	struct replay replay = {.driver = driver, .recording = recording, .plan = plan, .place = place};
	replay.chains = driver_chains(driver, &replay.chain_count);
	replay.told = ARENA_ARRAY(&arena, struct told, replay.chain_count);
	for (size_t i = 0; i < replay.chain_count; i++) {
		struct told *told = &replay.told[i];
		told->lists = api_lists_make(RECORD_LINE_MAX);
		told->lists.environment = replay.chains[i].environment;
		told->lists.wanted = (struct api_wanted){replay.chains[i].selectors, replay.chains[i].selector_count};
	}
	bool is_well = !find_chains(&replay, missing);
	if (is_well) {
		*missing = NULL;
		show_answers(&replay);
		is_well = !replay.is_refused;
	}
	if (is_well)
		show_end(&replay);
	for (size_t i = 0; i < replay.chain_count; i++)
		api_lists_release(&replay.told[i].lists);
	arena_release(&arena);
	return is_well;
}
