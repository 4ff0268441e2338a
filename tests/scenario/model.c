/* model.c - see model.h. */
#include "model.h"

#include <limits.h>
#include <string.h>

#define NEVER INT_MAX
#define NOTHING (-1)

struct poll {
	int at;
	const struct model_answer *answer;
};

/* Everything that a target has seen. */
struct history {
	const struct model_plan *plan;
	const struct model_target *target;
	struct poll polls[MODEL_POLLS_MAX];
	int count;
	enum verdict verdict;
	int verdict_at;
	bool passes; /* its last poll would pass it */
};

/* ---- one answer ------------------------------------------------------------------------------------------------- */

static bool is_list(const struct model_answer *a)
{
	return a->id[0] != '!';
}

static bool is_transient(const struct model_answer *a)
{
	return !is_list(a) && (a->status == 'M' || a->status == 'D');
}

static bool is_answer(const struct model_answer *a, char kind)
{
	return !is_list(a) && a->status == kind;
}

static bool selects(const struct history *h, const struct model_answer *a)
{
	return is_list(a) && a->id[0] && (!h->target->by_id || strcmp(a->id, "q1") == 0);
}

static bool has_status(const struct model_answer *a, const char *statuses)
{
	if (strchr(statuses, a->status))
		return true;
	for (const char *c = a->chainlets; *c; c += 3)
		if (strchr(statuses, c[0]))
			return true;
	return false;
}

static bool is_at_rest(const struct history *h, const struct model_answer *a)
{
	if (!selects(h, a) || !a->chainlets[0] || has_status(a, "LW?"))
		return false;
	for (const char *c = a->chainlets; *c; c += 3)
		if (c[2] == '-' && strchr("AUZ", c[0]))
			return false;
	return true;
}

/* The same deployment, chainlets and settings; with `statuses`, also the same statuses. */
static bool is_alike(const struct model_answer *a, const struct model_answer *b, bool statuses)
{
	if (strcmp(a->id, b->id) != 0 || strlen(a->chainlets) != strlen(b->chainlets))
		return false;
	for (const char *c = a->chainlets, *d = b->chainlets; *c; c += 3, d += 3)
		if (c[2] != d[2] || (statuses && c[0] != d[0]))
			return false;
	return !statuses || a->status == b->status;
}

/* The value of an expression for one chainlet: '1' true, '0' false, '?' unknown. With `failed_only`, everything about a
 * chainlet that hasn't failed is unknown. */
static char chainlet_value(char about, const char *chainlet, bool failed_only)
{
	char status = chainlet[0];
	if (failed_only && status != 'F')
		return '?';
	if (about == 'r')
		return chainlet[2] == '-' ? '?' : chainlet[1] >= chainlet[2] ? '1' : '0';
	if (status == '?')
		return '?';
	const char *wanted = about == 'a' ? "A" : about == 'z' ? "AZ" : about == 'u' ? "U" : "Z";
	return strchr(wanted, status) ? '1' : '0';
}

static char expression_value(char about, const struct model_answer *a, bool failed_only)
{
	bool is_any = about == 'u' || about == 's';
	char decides = is_any ? '1' : '0', value = is_any ? '0' : '1';
	for (const char *c = a->chainlets; *c; c += 3) {
		char one = chainlet_value(about, c, failed_only);
		if (one == decides)
			return one;
		if (one == '?')
			value = '?';
	}
	return value;
}

/* The rule's value: also 's', skipped. */
static char value_of(const struct model_rule *rule, const struct model_answer *a, bool failed_only)
{
	char when = rule->when ? expression_value(rule->when, a, failed_only) : '1';
	return when == '1' ? expression_value(rule->about, a, failed_only) : when == '0' ? 's' : '?';
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

/* All doubled, because the limits are one and a half and three and a half intervals. */
static bool is_hole(const struct history *h, int gap)
{
	int twice = 7 * h->plan->interval;
	return 2 * gap > (twice > 70 ? twice : 70);
}

static int watched_twice(const struct history *h, int gap)
{
	int most = 3 * h->plan->interval > 4 ? 3 * h->plan->interval : 4;
	return 2 * gap < most ? 2 * gap : most;
}

static int needed_for(const struct history *h, const struct model_answer *a)
{
	int needed = h->plan->stable_for;
	if (has_status(a, "Z") && h->plan->zero_for > needed)
		needed = h->plan->zero_for;
	if (has_status(a, "U") && h->plan->unhealthy_for > needed)
		needed = h->plan->unhealthy_for;
	return needed;
}

/* True if poll `n` ends a row of equal snapshots at rest that is long enough. */
static bool ends_a_row(const struct history *h, int n)
{
	const struct model_answer *a = h->polls[n].answer;
	if (!is_at_rest(h, a))
		return false;
	int watched = 0, later = h->polls[n].at;
	for (int i = n; i >= 0; i--) {
		const struct poll *poll = &h->polls[i];
		if (!is_list(poll->answer) && poll->answer->status != '4')
			continue;
		if (!is_list(poll->answer) || !is_alike(poll->answer, a, true) || is_hole(h, later - poll->at))
			return false;
		watched += watched_twice(h, later - poll->at);
		if (watched >= 2 * needed_for(h, a))
			return true;
		later = poll->at;
	}
	return false;
}

/* The index of T, as of poll `n`. */
static int stable_from(const struct history *h, int n)
{
	int t = NOTHING;
	const struct model_answer *before = NULL;
	for (int i = 0; i <= n; i++) {
		const struct model_answer *a = h->polls[i].answer;
		if (!is_list(a) && a->status != '4')
			continue;
		if (!selects(h, a) || has_status(a, "L?") || (before && !is_alike(before, a, false)))
			t = NOTHING;
		if (t == NOTHING && ends_a_row(h, i))
			t = i;
		before = selects(h, a) ? a : NULL;
	}
	return t;
}

/* ---- rules ------------------------------------------------------------------------------------------------------ */

enum state { OPEN, UNKNOWN, SATISFIED, SKIPPED, FAILED };

static bool is_longer(int lasted, int tolerated)
{
	return tolerated == 0 ? lasted >= 0 : lasted > tolerated;
}

/* True if the assert has been true at every snapshot before and at `n`, for as long as it must hold. */
static bool has_held(const struct history *h, const struct model_rule *rule, int t, int n)
{
	int watched = 0, later = h->polls[n].at;
	for (int i = n; i >= t; i--) {
		const struct poll *poll = &h->polls[i];
		if (!is_list(poll->answer))
			continue;
		if (value_of(rule, poll->answer, false) != '1' || is_hole(h, later - poll->at))
			return false;
		watched += watched_twice(h, later - poll->at);
		if (watched >= 2 * rule->lasts)
			return true;
		later = poll->at;
	}
	return false;
}

static enum state assert_state(const struct history *h, const struct model_rule *rule, int t, int n)
{
	if (t == NOTHING)
		return OPEN;
	int due = h->polls[t].at + rule->within, false_since = NOTHING;
	for (int i = t; i <= n; i++) {
		if (!is_list(h->polls[i].answer))
			continue;
		char value = value_of(rule, h->polls[i].answer, false);
		if (value == '1')
			false_since = NOTHING;
		if (value == '0' && false_since == NOTHING)
			false_since = h->polls[i].at;
	}
	const struct poll *poll = &h->polls[n];
	char value = value_of(rule, poll->answer, false);
	int from = false_since > due ? false_since : due;
	if (value == '0' && is_longer(poll->at - from, rule->tolerate))
		return FAILED;
	if (value == 's')
		return SKIPPED;
	if (value == '?')
		return poll->at >= due ? UNKNOWN : OPEN;
	return value == '1' && has_held(h, rule, t, n) ? SATISFIED : OPEN;
}

static enum state never_state(const struct history *h, const struct model_rule *rule, int t, int n)
{
	const struct model_answer *before = NULL;
	int true_since = NOTHING, watched = 0;
	for (int i = 0; i <= n; i++) {
		const struct poll *poll = &h->polls[i];
		if (!is_list(poll->answer) && poll->answer->status != '4')
			continue;
		bool is_selected = selects(h, poll->answer);
		if (!is_selected || (before && strcmp(before->id, poll->answer->id) != 0))
			true_since = NOTHING;
		before = is_selected ? poll->answer : NULL;
		if (!is_selected || !poll->answer->chainlets[0])
			continue;
		char value = value_of(rule, poll->answer, false);
		if (value == '0')
			true_since = NOTHING;
		if (value == '1' && true_since == NOTHING)
			true_since = poll->at;
	}
	const struct poll *poll = &h->polls[n];
	if (!selects(h, poll->answer) || !poll->answer->chainlets[0])
		return OPEN;
	char value = value_of(rule, poll->answer, false);
	if (value == '1' && is_longer(poll->at - true_since, rule->tolerate))
		return FAILED;
	if (value == 's')
		return SKIPPED;
	if (t == NOTHING)
		return OPEN;
	for (int i = t, last = t; i <= n; i++)
		if (is_list(h->polls[i].answer)) {
			watched += watched_twice(h, h->polls[i].at - h->polls[last].at);
			last = i;
		}
	if (watched < 2 * rule->lasts)
		return OPEN;
	return value == '0' ? SATISFIED : value == '?' ? UNKNOWN : OPEN;
}

static enum state state_of(const struct history *h, const struct model_rule *rule, int n)
{
	int t = stable_from(h, n);
	return rule->is_never ? never_state(h, rule, t, n) : assert_state(h, rule, t, n);
}

/* ---- one target ------------------------------------------------------------------------------------------------- */

static void end(struct history *h, enum verdict verdict, int at)
{
	if (h->verdict != VERDICT_NONE)
		return;
	h->verdict = verdict;
	h->verdict_at = at;
}

static void judge_snapshot(struct history *h, int n)
{
	const struct poll *poll = &h->polls[n];
	size_t satisfied = 0, open = 0;
	for (size_t i = 0; i < h->plan->rule_count; i++) {
		const struct model_rule *rule = &h->plan->rules[i];
		if (rule->is_warning)
			continue;
		bool fails_fast = !rule->is_never && selects(h, poll->answer) && has_status(poll->answer, "F") &&
				  value_of(rule, poll->answer, true) == '0';
		enum state state = fails_fast ? FAILED : state_of(h, rule, n);
		if (state == FAILED)
			end(h, VERDICT_FAILED, poll->at);
		satisfied += state == SATISFIED;
		open += state == OPEN || state == UNKNOWN;
	}
	h->passes =
		h->verdict == VERDICT_NONE && satisfied && !open && stable_from(h, n) != NOTHING && ends_a_row(h, n);
}

static bool was_selected(const struct history *h, int n)
{
	for (int i = 0; i <= n; i++)
		if (selects(h, h->polls[i].answer))
			return true;
	return false;
}

/* Since when only this kind of absence came up to `n`, apart from transient misses, and apart from a refused key if
 * nothing was selected before. */
static int absent_since(const struct history *h, int n, bool only_404, bool was_there)
{
	int since = h->polls[n].at;
	for (int i = n; i >= 0; i--) {
		const struct model_answer *a = h->polls[i].answer;
		if (is_transient(a) || (is_answer(a, 'R') && !was_there))
			continue;
		if (is_answer(a, '4') || (!only_404 && is_list(a) && !selects(h, a)))
			since = h->polls[i].at;
		else
			break;
	}
	return since;
}

static int last_answer_at(const struct history *h, int n)
{
	for (int i = n; i >= 0; i--)
		if (!is_transient(h->polls[i].answer))
			return h->polls[i].at;
	return 0;
}

/* Takes the answer of poll `n`, but for a refusal. */
static void take(struct history *h, int n)
{
	const struct poll *poll = &h->polls[n];
	bool is_404 = is_answer(poll->answer, '4'), was_there = was_selected(h, n);
	h->passes = false;
	if (is_list(poll->answer))
		judge_snapshot(h, n);
	if (is_answer(poll->answer, 'T'))
		end(h, VERDICT_UNREACHABLE, poll->at);
	if (is_transient(poll->answer) && poll->at - last_answer_at(h, n) >= h->plan->unreachable_after)
		end(h, VERDICT_UNREACHABLE, poll->at);
	if (is_404 && was_there && poll->at - absent_since(h, n, true, true) >= h->plan->unreachable_after)
		end(h, VERDICT_UNREACHABLE, poll->at);
	bool is_absent = is_404 || (h->target->by_id && is_list(poll->answer) && !selects(h, poll->answer));
	if (is_absent && !was_there && poll->at - absent_since(h, n, !h->target->by_id, false) > h->plan->discover_for)
		end(h, VERDICT_UNREACHABLE, poll->at);
}

static void take_deadline(struct history *h, int at)
{
	int last = h->count - 1;
	while (last >= 0 && !is_list(h->polls[last].answer) && h->polls[last].answer->status != '4')
		last--;
	bool had_list = false;
	for (int i = 0; i < h->count; i++)
		had_list |= is_list(h->polls[i].answer);
	size_t unknown = 0, open = 0, skipped = 0, deciding = 0;
	for (size_t i = 0; i < h->plan->rule_count && last >= 0; i++) {
		if (h->plan->rules[i].is_warning)
			continue;
		enum state state = state_of(h, &h->plan->rules[i], last);
		unknown += state == UNKNOWN;
		open += state == OPEN;
		skipped += state == SKIPPED;
		deciding++;
	}
	/* A target that lost its pass after its own deadline has missed it. */
	bool is_undecided = at == h->target->timeout && last >= 0 && !open &&
			    (skipped == deciding || (unknown && stable_from(h, last) != NOTHING));
	end(h, !had_list ? VERDICT_UNREACHABLE : is_undecided ? VERDICT_UNDECIDED : VERDICT_TIMED_OUT, at);
}

/* ---- the run ---------------------------------------------------------------------------------------------------- */

struct chain {
	int due, polls;
	bool has_listed, is_refused;
};

struct model {
	const struct model_plan *plan;
	struct history targets[MODEL_TARGETS_MAX];
	struct chain chains[MODEL_TARGETS_MAX];
};

static bool is_needed(const struct model *m, size_t chain)
{
	for (size_t i = 0; i < m->plan->target_count; i++)
		if (m->plan->targets[i].chain == chain && m->targets[i].verdict == VERDICT_NONE)
			return true;
	return false;
}

/* When the chain is polled next after a poll at `at`: on the grid, 1 s before a target's own deadline, 1 s before the
 * run's, or as soon as a Retry-After is over. */
static int next_poll(const struct model_plan *plan, size_t chain, int at, const struct model_answer *a)
{
	int last = plan->timeout - 1;
	if (at >= last)
		return NEVER;
	int next = (at / plan->interval + 1) * plan->interval;
	for (size_t i = 0; i < plan->target_count; i++) {
		int extra = plan->targets[i].timeout - 1;
		if (plan->targets[i].chain == chain && extra > at && extra < next)
			next = extra;
	}
	if (next > last)
		next = last;
	if (is_answer(a, 'D') && next < at + MODEL_RETRY_AFTER)
		next = at + MODEL_RETRY_AFTER;
	return next <= last ? next : NEVER;
}

/* Polls the chain and shows the answer to its targets. Returns true if the key is refused for good. */
static bool poll_chain(struct model *m, size_t index, int at, const struct model_answer *a)
{
	struct chain *chain = &m->chains[index];
	bool is_refused = is_answer(a, 'R'), is_confirmed = chain->is_refused || !chain->has_listed;
	for (size_t i = 0; i < m->plan->target_count; i++) {
		struct history *h = &m->targets[i];
		if (h->target->chain != index || h->verdict != VERDICT_NONE)
			continue;
		h->polls[h->count++] = (struct poll){at, a};
		take(h, h->count - 1);
	}
	chain->has_listed |= is_list(a);
	if (!is_transient(a))
		chain->is_refused = is_refused;
	chain->due = next_poll(m->plan, index, at, a);
	return is_refused && is_confirmed;
}

static bool is_over(const struct model *m)
{
	for (size_t i = 0; i < m->plan->target_count; i++)
		if (m->targets[i].verdict == VERDICT_NONE && !m->targets[i].passes)
			return false;
	return true;
}

static int next_moment(const struct model *m, int after)
{
	int next = NEVER;
	for (size_t i = 0; i < m->plan->target_count; i++) {
		const struct history *h = &m->targets[i];
		if (h->verdict == VERDICT_NONE && h->target->timeout > after && h->target->timeout < next)
			next = h->target->timeout;
		if (is_needed(m, i) && m->chains[i].due < next)
			next = m->chains[i].due;
	}
	return next < m->plan->timeout ? next : m->plan->timeout;
}

static void end_all(struct model *m, enum verdict verdict, int at)
{
	for (size_t i = 0; i < m->plan->target_count; i++)
		end(&m->targets[i], verdict, at);
}

static struct model_result result_of(const struct model *m, int at)
{
	static const enum verdict order[] = {VERDICT_FAILED, VERDICT_UNREACHABLE, VERDICT_TIMED_OUT, VERDICT_UNDECIDED,
					     VERDICT_PASSED};
	struct model_result result = {.at = at};
	for (size_t rank = sizeof(order) / sizeof(order[0]); rank-- > 0;)
		for (size_t i = 0; i < m->plan->target_count; i++)
			if (m->targets[i].verdict == order[rank])
				result.verdict = order[rank];
	for (size_t i = 0; i < m->plan->target_count; i++) {
		result.targets[i] = m->targets[i].verdict;
		result.targets_at[i] = m->targets[i].verdict_at;
	}
	return result;
}

struct model_result model_run(const struct model_plan *plan, const struct model_answer *const *const *told,
			      size_t count)
{
	struct model m = {.plan = plan};
	for (size_t i = 0; i < plan->target_count; i++)
		m.targets[i] = (struct history){.plan = plan, .target = &plan->targets[i]};
	for (int at = 0;; at = next_moment(&m, at)) {
		bool is_refused = false;
		for (size_t i = 0; i < plan->target_count; i++) {
			struct chain *chain = &m.chains[i];
			if (chain->due != at || !is_needed(&m, i))
				continue;
			size_t number = (size_t)chain->polls++;
			is_refused |= poll_chain(&m, i, at, told[i][number < count ? number : count - 1]);
		}
		if (is_refused)
			end_all(&m, VERDICT_UNREACHABLE, at);
		for (size_t i = 0; i < plan->target_count; i++) {
			struct history *h = &m.targets[i];
			if (!h->passes && (at == plan->timeout || at == h->target->timeout))
				take_deadline(h, at);
		}
		if (is_over(&m)) {
			end_all(&m, VERDICT_PASSED, at);
			return result_of(&m, at);
		}
	}
}
