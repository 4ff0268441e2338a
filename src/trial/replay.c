/* replay.c - a recording judged again: the machine and what it is shown are those of the run. */
#include "chaingate/rounds.h"
#include "chaingate/trial.h"

struct replay {
	struct gate *gate;
	const struct recording *recording;
	struct arena arena;
	struct rounds rounds;
	struct api_lists *lists; /* of each chain */
};

/* A policy of today may name by its id a chain that was named otherwise then. */
static bool is_of(const struct record_answer *answer, const struct round_chain *chain)
{
	return text_equal(answer->chain, chain->wanted) || (answer->chain_id.length && text_equal(answer->chain_id, chain->wanted));
}

static bool find_missing(const struct replay *replay, struct text *missing)
{
	for (size_t i = 0; i < replay->rounds.count; i++) {
		size_t at = 0;
		while (at < replay->recording->count && !is_of(&replay->recording->answers[at], &replay->rounds.chains[i]))
			at++;
		*missing = replay->rounds.chains[i].wanted;
		if (replay->recording->count && at == replay->recording->count)
			return true;
	}
	return false;
}

static void take(struct replay *replay, size_t index, const struct record_answer *answer)
{
	struct round_chain *chain = &replay->rounds.chains[index];
	chain->chain_id = answer->chain_id;
	chain->is_current = false;
	if (answer->is_list)
		chain->is_current = api_lists_read(&replay->lists[index], &answer->answer, &chain->miss);
	else
		chain->miss = answer->miss;
	chain->miss.detail = arena_text(&replay->arena, chain->miss.detail);
	chain->listing = replay->lists[index].latest;
}

static void pass_deadlines(struct gate *gate, int64_t before_ns)
{
	while (!gate_done(gate) && gate_deadline_ns(gate) < before_ns)
		gate_deadline(gate, gate_deadline_ns(gate));
}

/* The answers from `first` on that were one round; gives the first of the next. */
static size_t show_round(struct replay *replay, size_t first)
{
	const struct record_answer *answers = replay->recording->answers;
	bool *is_shown = ARENA_ARRAY(&replay->arena, bool, replay->rounds.count); /* groups */
	size_t next = first;
	for (; next < replay->recording->count && answers[next].round == answers[first].round; next++)
		for (size_t i = 0; i < replay->rounds.count; i++) {
			if (!is_of(&answers[next], &replay->rounds.chains[i]))
				continue;
			take(replay, i, &answers[next]);
			is_shown[replay->rounds.chains[i].group] = true;
		}
	for (size_t group = 0; group < replay->rounds.count; group++)
		if (is_shown[group])
			rounds_show(&replay->rounds, replay->gate, group, answers[first].at_ns);
	return next;
}

static void show_end(struct replay *replay)
{
	const struct recording *recording = replay->recording;
	int64_t end_ns = recording->count ? recording->answers[recording->count - 1].at_ns : 0;
	if (recording->has_end && recording->end.at_ns > end_ns)
		end_ns = recording->end.at_ns;
	bool interrupted = recording->has_end && recording->end.signal_number;
	pass_deadlines(replay->gate, interrupted ? end_ns : time_add(end_ns, 1));
	if (interrupted)
		gate_interrupt(replay->gate, end_ns, recording->end.signal_number);
	else
		gate_run_out(replay->gate, end_ns);
}

bool trial_replay(struct gate *gate, const struct gate_plan *plan, const struct recording *recording, struct text *missing)
{
	struct replay replay = {.gate = gate, .recording = recording};
	replay.rounds = rounds_make(&replay.arena, plan);
	replay.lists = ARENA_ARRAY(&replay.arena, struct api_lists, replay.rounds.count);
	bool is_missing = find_missing(&replay, missing);
	for (size_t i = 0; i < replay.rounds.count; i++)
		replay.lists[i] = api_lists_make(RECORD_LINE_MAX);
	for (size_t at = 0; !is_missing && at < recording->count && !gate_done(gate);) {
		pass_deadlines(gate, recording->answers[at].at_ns);
		at = show_round(&replay, at);
	}
	if (!is_missing)
		show_end(&replay);
	for (size_t i = 0; i < replay.rounds.count; i++)
		api_lists_release(&replay.lists[i]);
	arena_release(&replay.arena);
	return !is_missing;
}
