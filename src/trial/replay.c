/* replay.c - a recording judged again: the machine and what it is shown are those of the run. */
#include "chaingate/rounds.h"
#include "chaingate/trial.h"

/* How one chain is told of. */
struct told {
	struct api_lists lists;
	bool by_id;    /* the recording has it under another name: its id is what is known of it */
	bool is_fresh; /* answered, and not yet shown */
};

struct replay {
	struct gate *gate;
	const struct recording *recording;
	struct arena arena;
	struct rounds rounds;
	struct told *told; /* of each chain */
	int64_t over_ns;   /* when the last round was over */
};

/* A policy of today may name by its id a chain that was named otherwise then. */
static bool is_of(const struct replay *replay, const struct record_answer *answer, size_t index)
{
	struct text wanted = replay->rounds.chains[index].wanted;
	return text_equal(replay->told[index].by_id ? answer->chain_id : answer->chain, wanted);
}

/* Under which name the recording has each chain. True if it lacks one. */
static bool find_chains(struct replay *replay, struct text *missing)
{
	const struct recording *recording = replay->recording;
	for (size_t i = 0; i < replay->rounds.count && recording->count; i++) {
		bool found = false;
		for (int by_id = 0; by_id < 2 && !found; by_id++) {
			replay->told[i].by_id = by_id;
			for (size_t at = 0; at < recording->count && !found; at++)
				found = is_of(replay, &recording->answers[at], i);
		}
		*missing = replay->rounds.chains[i].wanted;
		if (!found)
			return true;
	}
	return false;
}

static void take(struct replay *replay, size_t index, const struct record_answer *answer)
{
	struct round_chain *chain = &replay->rounds.chains[index];
	struct told *told = &replay->told[index];
	chain->chain_id = answer->chain_id;
	chain->at_ns = answer->at_ns;
	chain->is_current = false;
	if (answer->is_list)
		chain->is_current = api_lists_read(&told->lists, &answer->answer, &chain->miss);
	else
		chain->miss = answer->miss;
	chain->miss.detail = arena_text(&replay->arena, chain->miss.detail);
	chain->listing = told->lists.latest;
	told->is_fresh = true;
}

static void pass_deadlines(struct gate *gate, int64_t before_ns)
{
	while (!gate_done(gate) && gate_deadline_ns(gate) < before_ns)
		gate_deadline(gate, gate_deadline_ns(gate));
}

/* An answer is shown once, and a group when all of its chains have answered anew: a policy of today may join what was asked apart. */
static void show_group(struct replay *replay, size_t group)
{
	size_t members = 0, fresh = 0;
	for (size_t i = 0; i < replay->rounds.count; i++) {
		members += replay->rounds.chains[i].group == group;
		fresh += replay->rounds.chains[i].group == group && replay->told[i].is_fresh;
	}
	if (members == 0 || fresh < members)
		return;
	rounds_show(&replay->rounds, replay->gate, group, replay->over_ns);
	for (size_t i = 0; i < replay->rounds.count; i++)
		if (replay->rounds.chains[i].group == group)
			replay->told[i].is_fresh = false;
}

/* The answers from `first` on that were one round; gives the first of the next. */
static size_t show_round(struct replay *replay, size_t first)
{
	const struct record_answer *answers = replay->recording->answers;
	size_t next = first;
	for (; next < replay->recording->count && answers[next].round == answers[first].round; next++) {
		if (answers[next].at_ns > replay->over_ns)
			replay->over_ns = answers[next].at_ns;
		for (size_t i = 0; i < replay->rounds.count; i++)
			if (is_of(replay, &answers[next], i))
				take(replay, i, &answers[next]);
	}
	for (size_t group = 0; group < replay->rounds.count; group++)
		show_group(replay, group);
	return next;
}

static void show_end(struct replay *replay)
{
	const struct recording *recording = replay->recording;
	int64_t end_ns = replay->over_ns;
	if (recording->has_end && recording->end.at_ns > end_ns)
		end_ns = recording->end.at_ns;
	bool interrupted = recording->has_end && recording->end.signal_number;
	pass_deadlines(replay->gate, interrupted ? end_ns : time_add(end_ns, 1));
	if (interrupted)
		gate_interrupt(replay->gate, end_ns, recording->end.signal_number);
	else
		gate_run_out(replay->gate, end_ns);
}

bool trial_replay(struct gate *gate, const struct gate_plan *plan, const struct recording *recording,
		  struct text *missing)
{
	struct replay replay = {.gate = gate, .recording = recording};
	replay.rounds = rounds_make(&replay.arena, plan);
	replay.told = ARENA_ARRAY(&replay.arena, struct told, replay.rounds.count);
	for (size_t i = 0; i < replay.rounds.count; i++)
		replay.told[i].lists = api_lists_make(RECORD_LINE_MAX);
	bool is_missing = find_chains(&replay, missing);
	for (size_t at = 0; !is_missing && at < recording->count && !gate_done(gate);)
		at = show_round(&replay, at);
	if (!is_missing)
		show_end(&replay);
	for (size_t i = 0; i < replay.rounds.count; i++)
		api_lists_release(&replay.told[i].lists);
	arena_release(&replay.arena);
	return !is_missing;
}
