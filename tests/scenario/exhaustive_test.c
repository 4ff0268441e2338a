/* exhaustive_test.c - nothing passes by accident: every sequence of polls over a small alphabet, up to a length,
 * compared with a second judge.
 *
 * The judge is naive on purpose, and shares no code with the gate: at every poll it looks back over the whole
 * sequence and checks the documented conditions, in plain loops over characters. Whenever the gate passes, the judge
 * must allow it; whenever the judge would allow a pass, the gate must have a verdict.
 *
 * A poll is a word of the alphabet. A chainlet in it is three characters: its status (A ACTIVE, L LOADING_MODEL, Z
 * SCALED_TO_ZERO, U UNHEALTHY, F FAILED, W WAKING_UP, ? an unknown word), its active replicas, and min_replica (- is
 * null settings).
 */
#include "../unit/random.h"
#include "script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define INTERVAL 10
#define STABLE_FOR 10
#define STABLE_FOR_ZERO 20
#define STABLE_FOR_UNHEALTHY 30
#define WAIT \
	"wait: {interval: 10s, stable_for: 10s, stable_for_status: {SCALED_TO_ZERO: 20s, UNHEALTHY: 30s}}\nrules:\n"
#define CHAINLETS_MAX 2
#define DEPTH_MAX 6
/* In the part that `make check` runs, sequences are shorter by this many polls. */
#define SHORTER (is_part() ? 1 : 0)

/* The observation of one poll. */
struct word {
	const char *id; /* the selected deployment's; "": an empty list, "!": a transient miss, "404": no such chain */
	char status;    /* of the deployment */
	const char *chainlets; /* three characters each */
};

/* ---- the naive judge -------------------------------------------------------------------------------------------- */

static bool is_miss(const struct word *w)
{
	return strcmp(w->id, "!") == 0;
}

static bool is_present(const struct word *w)
{
	return *w->id && !is_miss(w) && strcmp(w->id, "404") != 0;
}

static bool is_still(char status)
{
	return status == 'A' || status == 'Z' || status == 'U' || status == 'F';
}

static bool is_at_rest(const struct word *w)
{
	if (!is_present(w) || !is_still(w->status) || !*w->chainlets)
		return false;
	for (const char *c = w->chainlets; *c; c += 3)
		if (!is_still(c[0]) || (c[2] == '-' && strchr("AUZ", c[0])))
			return false;
	return true;
}

static int needed(const struct word *w)
{
	int seconds = STABLE_FOR;
	bool zero = w->status == 'Z', sick = w->status == 'U';
	for (const char *c = w->chainlets; *c; c += 3) {
		zero |= c[0] == 'Z';
		sick |= c[0] == 'U';
	}
	if (zero && seconds < STABLE_FOR_ZERO)
		seconds = STABLE_FOR_ZERO;
	if (sick && seconds < STABLE_FOR_UNHEALTHY)
		seconds = STABLE_FOR_UNHEALTHY;
	return seconds;
}

/* True if they are the same except for replica counts, and, without `with_statuses`, statuses. */
static bool is_alike(const struct word *a, const struct word *b, bool with_statuses)
{
	if (strcmp(a->id, b->id) != 0 || strlen(a->chainlets) != strlen(b->chainlets) ||
	    (with_statuses && a->status != b->status))
		return false;
	for (size_t i = 0; a->chainlets[i]; i += 3) {
		if (with_statuses && a->chainlets[i] != b->chainlets[i])
			return false;
		if (a->chainlets[i + 2] != b->chainlets[i + 2])
			return false;
	}
	return true;
}

/* How many seconds of a gap of this many intervals count as watched: at most one and a half intervals. */
static int counted(int intervals)
{
	return intervals < 2 ? intervals * INTERVAL : INTERVAL + INTERVAL / 2;
}

/* True if poll `n` ends a stretch at rest that is long enough. A gap of more than three and a half intervals is a hole,
 * which ends a stretch. */
static bool ends_a_run(const struct word *const *seen, int n)
{
	if (!is_at_rest(seen[n]))
		return false;
	int last = n, watched = 0;
	for (int i = n; i >= 0; i--) {
		if (is_miss(seen[i]))
			continue;
		if (!is_alike(seen[i], seen[n], true) || 2 * (last - i) > 7)
			return false;
		watched += counted(last - i);
		if (watched >= needed(seen[n]))
			return true;
		last = i;
	}
	return false;
}

static bool moves(const struct word *w)
{
	if (!is_present(w) || strchr("L?", w->status))
		return true;
	for (const char *c = w->chainlets; *c; c += 3)
		if (strchr("L?", c[0]))
			return true;
	return false;
}

/* The poll T at which the target that is stable at `n` became stable; -1: it isn't stable. */
static int stable_since(const struct word *const *seen, int n)
{
	int since = -1;
	const struct word *before = NULL;
	for (int i = 0; i <= n; i++) {
		if (is_miss(seen[i]))
			continue;
		if (moves(seen[i]) || (before && is_present(before) && !is_alike(before, seen[i], false)))
			since = -1;
		if (since < 0 && ends_a_run(seen, i))
			since = i;
		before = seen[i];
	}
	return since;
}

/* The value of the rule with this letter on one poll: '1' true, '0' false, '?' unknown. */
static char holds(char rule, const struct word *w)
{
	char value = '1';
	for (const char *c = w->chainlets; *c; c += 3) {
		char one = '1';
		switch (rule) {
		case 'a': one = c[0] == '?' ? '?' : c[0] == 'A' ? '1' : '0'; break;
		case 'z': one = c[0] == '?' ? '?' : strchr("AZ", c[0]) ? '1' : '0'; break;
		case 'r': one = c[2] == '-' ? '?' : c[1] >= c[2] ? '1' : '0'; break;
		case 'u': one = c[0] == '?' ? '?' : c[0] != 'U' ? '1' : '0'; break;
		default: break;
		}
		if (one == '0')
			return '0';
		if (one == '?')
			value = '?';
	}
	return *w->chainlets ? value : '?';
}

/* True if the gate may pass at poll `n`. `rules` has a letter for each rule. Lower case: an assert, see holds(); N:
 * `never: any chainlet UNHEALTHY`; H: all ACTIVE, held for 20 s. */
static bool may_pass(const char *rules, const struct word *const *seen, int n)
{
	int t = stable_since(seen, n);
	if (t < 0 || !ends_a_run(seen, n))
		return false;
	for (; *rules; rules++) {
		char rule = *rules == 'N' ? 'u' : *rules == 'H' ? 'a' : *rules;
		int from = *rules == 'N' ? 0 : t;
		if (holds(rule, seen[n]) != '1')
			return false;
		for (int i = from; i <= n; i++)
			if (is_present(seen[i]) && *seen[i]->chainlets && holds(rule, seen[i]) == '0')
				return false;
		if (*rules != 'H')
			continue;
		int last = n, watched = 0;
		for (int i = n; i >= t; i--)
			if (!is_miss(seen[i])) {
				if (holds(rule, seen[i]) != '1')
					break;
				watched += counted(last - i);
				last = i;
			}
		if (watched < 20)
			return false;
	}
	return true;
}

/* ---- the machine ------------------------------------------------------------------------------------------------ */

static const char *status_word_of(char c)
{
	switch (c) {
	case 'A': return "ACTIVE";
	case 'L': return "LOADING_MODEL";
	case 'Z': return "SCALED_TO_ZERO";
	case 'U': return "UNHEALTHY";
	case 'F': return "FAILED";
	case 'W': return "WAKING_UP";
	default: return "PAUSED";
	}
}

static struct observation observation_of(struct arena *arena, const struct word *w)
{
	if (is_miss(w))
		return observation_write(arena, 0, "!503");
	if (strcmp(w->id, "404") == 0)
		return observation_write(arena, 0, "!404");
	if (!*w->id)
		return observation_write(arena, 0, "");
	char *text = arena_printf(arena, "%s %s @prod", w->id, status_word_of(w->status));
	for (const char *c = w->chainlets; *c; c += 3) {
		const char *before = c == w->chainlets ? ":" : ",";
		const char name = c == w->chainlets ? 'A' : 'B';
		if (c[2] == '-')
			text = arena_printf(arena, "%s%s %c %s null", text, before, name, status_word_of(c[0]));
		else
			text = arena_printf(arena, "%s%s %c %s %c/%c", text, before, name, status_word_of(c[0]), c[1],
					    c[2]);
	}
	return observation_write(arena, 0, text);
}

struct walk {
	const char *rules;
	struct run run;
	const struct word *words;
	struct observation *observations;
	size_t word_count;
	int depth;
	size_t sequences, passes;
};

static void explain(const struct walk *walk, const struct word *const *seen, int n, const char *what)
{
	printf("%s, rules %s:", what, walk->rules);
	for (int i = 0; i <= n; i++)
		printf(" [%s %c %s]", seen[i]->id, seen[i]->status, seen[i]->chainlets);
	printf("\n");
}

/* Runs one sequence from its beginning, because the gate can't be copied. Returns the index of its last poll. If the
 * gate has a verdict by then, all longer sequences with the same beginning are covered. */
static int run_sequence(struct walk *walk, const size_t *choice)
{
	const struct word *seen[DEPTH_MAX];
	struct gate *gate = gate_new(&walk->run.plan);
	int n, last = walk->depth - 1;
	size_t stands_for = 1;
	for (n = 0; n <= last; n++) {
		struct observation observation = walk->observations[choice[n]];
		seen[n] = &walk->words[choice[n]];
		observation.at_ns = (int64_t)n * INTERVAL * NS_PER_S;
		gate_observe(gate, 0, &observation);
		gate_settle(gate, observation.at_ns);
		bool passed = gate_done(gate) && gate_result(gate)->verdict == VERDICT_PASSED;
		bool may = may_pass(walk->rules, seen, n);
		if (passed && !may) {
			explain(walk, seen, n, "passed by accident");
			fail();
		}
		if (may && !passed && !gate_done(gate)) {
			explain(walk, seen, n, "not passed");
			fail();
		}
		if (gate_done(gate))
			last = n;
	}
	for (int i = last + 1; i < walk->depth; i++)
		stands_for *= walk->word_count;
	walk->sequences += stands_for;
	if (gate_result(gate)->verdict == VERDICT_PASSED)
		walk->passes += stands_for;
	gate_free(gate);
	return last;
}

static void walk_all(const char *rules, const char *policy, const struct word *words, size_t word_count, int depth)
{
	struct walk walk = {.rules = rules, .words = words, .word_count = word_count, .depth = depth};
	struct script script = {
		.policy = policy,
		.selector = {.kind = SELECT_ENVIRONMENT, .value = TEXT("prod"), .since.kind = SINCE_ANY},
		.timeout = 3600};
	size_t choice[DEPTH_MAX] = {0};
	run_prepare(&walk.run, &script);
	walk.observations = ARENA_ARRAY(&walk.run.memory, struct observation, word_count);
	for (size_t i = 0; i < word_count; i++)
		walk.observations[i] = observation_of(&walk.run.memory, &words[i]);
	for (;;) {
		int at = run_sequence(&walk, choice);
		for (int i = at + 1; i < depth; i++)
			choice[i] = 0;
		while (at >= 0 && ++choice[at] == word_count)
			choice[at--] = 0;
		if (at < 0)
			break;
	}
	printf("rules %-3s %zu words, depth %d: %zu sequences, %zu pass\n", rules, word_count, depth, walk.sequences,
	       walk.passes);
	assert_true(walk.passes > 0);
	arena_release(&walk.run.memory);
}

/* ---- alphabets -------------------------------------------------------------------------------------------------- */

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static const struct word one_chainlet[] = {
	{"q1", 'A', "A22"}, {"q1", 'L', "L02"}, {"q1", 'Z', "Z02"}, {"q1", 'U', "U22"},
	{"q1", 'F', "F02"}, {"q1", 'A', "A2-"}, {"q1", 'A', "?22"}, {"", ' ', ""},
	{"!", ' ', ""},     {"q2", 'A', "A22"}, {"q1", 'A', "A12"}, {"q1", 'W', "W02"},
	{"q1", 'A', "A21"}, {"q1", '?', "A22"}, {"q1", 'A', ""},    {"404", ' ', ""},
};
/* Fewer words, for longer sequences. */
static const struct word few[] = {
	{"q1", 'A', "A22"}, {"q1", 'L', "L02"}, {"q1", 'Z', "Z02"},
	{"q1", 'U', "U22"}, {"!", ' ', ""},     {"q1", 'A', "A12"},
};

static const char status_pairs[] = "ALZUF?";

static void test_one_chainlet(void **state)
{
	(void)state;
	walk_all("a", WAIT "  - all chainlets ACTIVE", one_chainlet, COUNT_OF(one_chainlet), 4 - SHORTER);
	walk_all("r", WAIT "  - active_replica_count >= min_replica", one_chainlet, COUNT_OF(one_chainlet),
		 4 - SHORTER);
	walk_all("z", WAIT "  - all chainlets in [ACTIVE, SCALED_TO_ZERO]", one_chainlet, COUNT_OF(one_chainlet),
		 4 - SHORTER);
	walk_all("aN", WAIT "  - all chainlets ACTIVE\n  - never: any chainlet UNHEALTHY", one_chainlet,
		 COUNT_OF(one_chainlet), 4 - SHORTER);
}

static void test_longer(void **state)
{
	(void)state;
	walk_all("a", WAIT "  - all chainlets ACTIVE", few, COUNT_OF(few), 6 - SHORTER);
	walk_all("zr", WAIT "  - all chainlets in [ACTIVE, SCALED_TO_ZERO]\n  - active_replica_count >= min_replica",
		 few, COUNT_OF(few), 6 - SHORTER);
	walk_all("H", WAIT "  - {assert: all chainlets ACTIVE, hold: 20s}", few, COUNT_OF(few), 6 - SHORTER);
	walk_all("zN", WAIT "  - all chainlets in [ACTIVE, SCALED_TO_ZERO]\n  - never: any chainlet UNHEALTHY", few,
		 COUNT_OF(few), 6 - SHORTER);
}

/* Two chainlets: each pair of statuses, a null setting, nothing, a miss. */
static void test_two_chainlets(void **state)
{
	(void)state;
	static char chainlets[64][7];
	struct word words[64];
	size_t count = 0;
	for (const char *a = status_pairs; *a; a++)
		for (const char *b = status_pairs; *b; b++, count++) {
			snprintf(chainlets[count], sizeof(chainlets[count]), "%c22%c22", *a, *b);
			words[count] = (struct word){"q1",
						     *a == 'A' && *b == 'A'   ? 'A'
						     : *a == 'F' || *b == 'F' ? 'F'
									      : *a,
						     chainlets[count]};
		}
	words[count++] = (struct word){"q1", 'A', "A22A2-"};
	words[count++] = (struct word){"q1", 'A', "A22"};
	words[count++] = (struct word){"q1", 'A', "A22A12"};
	words[count++] = (struct word){"", ' ', ""};
	words[count++] = (struct word){"!", ' ', ""};
	walk_all("a", WAIT "  - all chainlets ACTIVE", words, count, 3 - SHORTER);
	walk_all("ar", WAIT "  - all chainlets ACTIVE\n  - active_replica_count >= min_replica", words, count,
		 3 - SHORTER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_chainlet),
		cmocka_unit_test(test_longer),
		cmocka_unit_test(test_two_chainlets),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
