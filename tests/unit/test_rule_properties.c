/* test_rule_properties.c - what must hold of every rule on every view: random rules of the whole grammar, judged on random snapshots.
 *
 * Everything comes from a generator of numbers whose seed is printed; CHAINGATE_TEST_SEED=N sets it. Where a property doesn't hold, the seed, the rules
 * and the snapshot are shown, and a deployment is a line of the form
 *
 *     d0 ACTIVE env=staging age=60s: Gate FAILED active=1 {0..4, 8, 60s, null, 70, null, null}; Router …
 */
#include "chaingate/rule.h"
#include "chaingate/times.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Rules for each property, and snapshots for each rule: together a few seconds. */
#define ROUNDS 2600
#define VIEWS 5
/* Fewer pairs of a rule and a snapshot than this would mean that a loop ends early. */
#define CASES_LEAST 100000
/* Longest phrase: three of them, a quantifier and its words must stay below RULE_BYTES_MAX. */
#define PHRASE_BYTES_MAX 1000

#define DEFAULT_SEED UINT64_C(20260814)

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

static uint64_t seed, state;

/* splitmix64 */
static uint64_t next_random(void)
{
	uint64_t z = state += UINT64_C(0x9e3779b97f4a7c15);
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static size_t below(size_t bound)
{
	return (size_t)(next_random() % bound);
}

static bool once_in(size_t times)
{
	return below(times) == 0;
}

#define ONE_OF(array) ((array)[below(sizeof(array) / sizeof((array)[0]))])

/* ---- rules ------------------------------------------------------------------------------------------------------ */

/* Where a production may stand; none of the nouns means anywhere … */
enum {
	ON_CHAINLET = 1,
	ON_DEPLOYMENT = 2,
	ON_TARGET = 4, /* outside of aggregates */
	ON_ITEM = ON_CHAINLET | ON_DEPLOYMENT,
	/* … and what it is, for the properties that leave something out. */
	DEEP = 8, /* nests */
	AGGREGATE = 16,
	AMBIGUOUS = 32, /* not in a bare rule */
	BASELINE = 64,
	NULL_TEST = 128,
	PARTIAL = 256, /* has no result for some values */
	EXTREME = 512, /* may overflow */
};

/* `@x` stands for a production of x. `~c` and `~d` enter an aggregate over chainlets or deployments, `~.` leaves it. */
static const struct production {
	char symbol;
	unsigned weight, flags;
	const char *words;
} grammar[] = {
	/* conditions, by rank */
	{'E', 5, 0, "@A"},
	{'E', 1, DEEP, "@A or @A"},
	{'E', 1, DEEP, "@A or @A or @A"},
	{'A', 5, 0, "@T"},
	{'A', 1, DEEP, "@T and @T"},
	{'A', 1, DEEP, "@T and @T and @T"},
	{'T', 6, 0, "@C"},
	{'T', 1, DEEP, "not @T"},
	{'C', 9, 0, "@N @o @N"},
	{'C', 1, 0, "@N in [@i, @h, -@i]"},
	{'C', 1, 0, "@N not in [$n, @i]"},
	{'C', 1, PARTIAL, "@u / @u @o 25%"},
	{'C', 1, PARTIAL, "@u / @u in [20%, 50%, $share]"},
	{'C', 3, 0, "@D @o @D"},
	{'C', 1, 0, "@D in [@l, -@l, $delay]"},
	{'C', 2, ON_ITEM, "@f @o @j"},
	{'C', 1, ON_ITEM, "-(@j) @o @f"},
	{'C', 1, ON_ITEM, "@f not in [@j, -@j]"},
	{'C', 1, 0, "@m @o @m"},
	{'C', 5, ON_ITEM, "@z @e @s"},
	{'C', 1, ON_ITEM, "@a @e @z"},
	{'C', 2, ON_ITEM, "@z in @S"},
	{'C', 1, ON_ITEM, "@z not in @S"},
	{'C', 3, ON_ITEM, "@t @e @x"},
	{'C', 1, ON_ITEM, "@t in [@c, @c]"},
	{'C', 1, ON_ITEM, "@t not in [@c, $who]"},
	{'C', 1, ON_ITEM, "@t like @g"},
	{'C', 1, ON_ITEM, "@t not like @g"},
	{'C', 1, ON_ITEM, "@t matches @r"},
	{'C', 1, ON_ITEM, "@t not matches @r"},
	{'C', 3, DEEP, "(@E)"},
	{'C', 1, DEEP, "(@E) @e (@E)"},
	{'C', 1, DEEP, "(@E) not in [true]"},
	{'C', 1, DEEP, "true == (@E)"},
	{'C', 1, 0, "false"},
	{'C', 3, ON_ITEM | NULL_TEST, "@k is null"},
	{'C', 3, ON_ITEM | NULL_TEST, "@k is not null"},
	/* bodies that are no expressions */
	{'b', 2, 0, "@a"},
	{'b', 1, 0, "not @a"},
	{'b', 1, 0, "@K"},
	{'b', 1, 0, "not @K"},
	{'b', 1, 0, "in @S"},
	{'b', 1, 0, "not in @S"},
	/* numbers */
	{'N', 6, 0, "@P"},
	{'N', 1, DEEP, "@P + @P"},
	{'N', 1, DEEP, "@P - @P"},
	{'N', 1, DEEP, "@P - @P + @P"},
	{'P', 6, 0, "@u"},
	{'P', 1, DEEP, "@u * @u"},
	{'P', 1, DEEP, "@u * 20%"},
	{'P', 1, DEEP, "$share * @u"},
	{'P', 1, DEEP | PARTIAL, "@u / @u"},
	{'P', 1, DEEP | PARTIAL, "@v / @v"},
	{'u', 9, 0, "@q"},
	{'u', 1, DEEP, "-@u"},
	{'q', 5, 0, "@i"},
	{'q', 1, 0, "@h"},
	{'q', 1, 0, "$n"},
	{'q', 16, ON_CHAINLET, "@n"},
	{'q', 1, DEEP, "(@N)"},
	{'q', 1, AGGREGATE, "count(~cchainlets~.)"},
	{'q', 1, AGGREGATE, "count(~ddeployments~.)"},
	{'q', 2, AGGREGATE | DEEP, "count(~cchainlets where @E~.)"},
	{'q', 1, AGGREGATE | DEEP, "count(~ddeployments where @E~.)"},
	{'q', 1, AGGREGATE, "sum(~c@N of chainlets~.)"},
	{'q', 1, AGGREGATE | DEEP, "sum(~c@N of chainlets where @E~.)"},
	{'q', 1, AGGREGATE | DEEP, "sum(~d@N of deployments where @E~.)"},
	{'q', 1, AGGREGATE | PARTIAL, "min(~c@N of chainlets~.)"},
	{'q', 1, AGGREGATE | DEEP | PARTIAL, "max(~c@N of chainlets where @E~.)"},
	{'n', 4, ON_CHAINLET, "min_replica"},
	{'n', 2, ON_CHAINLET, "max_replica"},
	{'n', 4, ON_CHAINLET, "active_replica_count"},
	{'n', 1, ON_CHAINLET, "chainlet.active_replica_count"},
	{'n', 1, ON_CHAINLET, "autoscaling_settings.max_replica"},
	{'n', 1, ON_CHAINLET, "chainlet.autoscaling_settings.concurrency_target"},
	{'n', 1, ON_CHAINLET, "target_utilization_percentage"},
	{'n', 1, ON_CHAINLET, "target_in_flight_tokens"},
	{'n', 1, ON_CHAINLET, "max_scale_down_rate"},
	{'n', 2, ON_CHAINLET | BASELINE, "baseline.min_replica"},
	{'n', 2, ON_CHAINLET | BASELINE, "baseline.active_replica_count"},
	{'n', 1, ON_CHAINLET | BASELINE, "baseline.autoscaling_settings.max_scale_down_rate"},
	{'i', 4, 0, "0"},
	{'i', 4, 0, "1"},
	{'i', 4, 0, "2"},
	{'i', 2, 0, "3"},
	{'i', 1, 0, "70"},
	{'i', 1, EXTREME, "9223372036854775807"},
	{'h', 1, 0, "0.5"},
	{'h', 1, 0, "2.50"},
	/* durations: `j` are seconds */
	{'j', 1, 0, "0"},
	{'j', 1, 0, "60"},
	{'j', 1, 0, "300"},
	{'D', 6, 0, "@y"},
	{'D', 1, DEEP, "@y + @y"},
	{'D', 1, DEEP, "@y - @y"},
	{'D', 1, DEEP, "@m - @m"},
	{'y', 6, 0, "@v"},
	{'y', 1, DEEP, "@v * @q"},
	{'y', 1, DEEP, "@q * @v"},
	{'y', 1, DEEP | PARTIAL, "@v / @q"},
	{'v', 9, 0, "@w"},
	{'v', 1, DEEP, "-@v"},
	{'w', 3, 0, "@l"},
	{'w', 1, 0, "$delay"},
	{'w', 6, ON_ITEM, "@f"},
	{'w', 1, DEEP, "(@D)"},
	{'w', 1, AGGREGATE, "sum(~cautoscaling_window of chainlets~.)"},
	{'w', 1, AGGREGATE | DEEP, "sum(~d@D of deployments where @E~.)"},
	{'w', 1, AGGREGATE | PARTIAL, "min(~d@D of deployments~.)"},
	{'w', 1, AGGREGATE | DEEP | PARTIAL, "max(~c@D of chainlets where @E~.)"},
	{'l', 1, 0, "0s"},
	{'l', 1, 0, "60s"},
	{'l', 1, 0, "5m"},
	{'l', 1, 0, "1h30m"},
	{'l', 1, 0, "500ms"},
	{'f', 2, ON_CHAINLET, "autoscaling_window"},
	{'f', 1, ON_CHAINLET, "autoscaling_settings.scale_down_delay"},
	{'f', 1, ON_CHAINLET, "chainlet.status_for"},
	{'f', 1, ON_ITEM, "deployment.status_for"},
	{'f', 1, ON_ITEM, "deployment.age"},
	{'f', 1, ON_ITEM | AMBIGUOUS, "status_for"},
	{'f', 1, ON_CHAINLET | BASELINE, "baseline.scale_down_delay"},
	{'f', 1, ON_CHAINLET | BASELINE, "baseline.status_for"},
	{'f', 1, ON_ITEM | BASELINE, "baseline.deployment.age"},
	{'f', 1, ON_DEPLOYMENT, "age"},
	/* times */
	{'m', 2, ON_ITEM, "deployment.created_at"},
	{'m', 1, ON_DEPLOYMENT, "created_at"},
	{'m', 1, ON_ITEM | BASELINE, "baseline.deployment.created_at"},
	{'m', 1, AGGREGATE | PARTIAL, "max(~dcreated_at of deployments~.)"},
	{'m', 1, AGGREGATE | PARTIAL, "min(~cdeployment.created_at of chainlets~.)"},
	/* statuses */
	{'z', 3, ON_ITEM | AMBIGUOUS, "status"},
	{'z', 2, ON_CHAINLET, "chainlet.status"},
	{'z', 2, ON_ITEM, "deployment.status"},
	{'z', 1, ON_CHAINLET | BASELINE, "baseline.status"},
	{'z', 1, ON_ITEM | BASELINE, "baseline.deployment.status"},
	{'s', 4, 0, "@a"},
	{'s', 1, 0, "$wanted"},
	{'s', 1, 0, "@z"},
	{'a', 3, 0, "ACTIVE"},
	{'a', 2, 0, "FAILED"},
	{'a', 1, 0, "BUILDING"},
	{'a', 1, 0, "SCALED_TO_ZERO"},
	{'a', 1, 0, "BUILD_FAILED"},
	{'S', 1, 0, "[@a]"},
	{'S', 1, 0, "[@a, @a]"},
	{'S', 1, 0, "[$wanted, @a]"},
	{'S', 3, 0, "@K"},
	{'K', 2, 0, "ready"},
	{'K', 2, 0, "failed"},
	{'K', 1, 0, "in_progress"},
	{'K', 1, 0, "idle"},
	{'K', 1, 0, "unhealthy"},
	/* texts */
	{'t', 3, ON_CHAINLET, "name"},
	{'t', 1, ON_CHAINLET, "instance_type_name"},
	{'t', 1, ON_CHAINLET, "chainlet.id"},
	{'t', 1, ON_ITEM | AMBIGUOUS, "id"},
	{'t', 2, ON_ITEM, "deployment.environment"},
	{'t', 1, ON_ITEM, "deployment.id"},
	{'t', 1, ON_CHAINLET | BASELINE, "baseline.name"},
	{'t', 1, ON_CHAINLET | BASELINE, "baseline.instance_type_name"},
	{'t', 1, ON_ITEM | BASELINE, "baseline.deployment.environment"},
	{'t', 1, ON_DEPLOYMENT, "environment"},
	{'t', 1, ON_DEPLOYMENT, "chain_id"},
	{'x', 2, 0, "@c"},
	{'x', 1, 0, "@t"},
	{'x', 1, 0, "$who"},
	{'c', 2, 0, "\"Gate\""},
	{'c', 1, 0, "'Router'"},
	{'c', 1, 0, "\"staging\""},
	{'c', 1, 0, "'d0'"},
	{'c', 1, 0, "\"n\\u{fc}l\\n\\\"\\\\\""},
	{'g', 2, 0, "\"R*\""},
	{'g', 1, 0, "'?[a-o]*'"},
	{'g', 1, 0, "\"*[!r]\""},
	{'g', 1, 0, "$glob"},
	{'r', 1, 0, "\"^R\""},
	{'r', 1, 0, "'er$'"},
	{'r', 1, 0, "\"^[A-H].{2,3}$|[0-9]\\\\.\""},
	/* fields */
	{'k', 3, ON_CHAINLET, "@n"},
	{'k', 3, 0, "@f"},
	{'k', 3, 0, "@t"},
	{'k', 1, 0, "@z"},
	{'k', 1, 0, "deployment.created_at"},
	{'k', 1, ON_CHAINLET, "autoscaling_settings"},
	{'k', 1, ON_CHAINLET | BASELINE, "baseline.autoscaling_settings"},
	/* operators */
	{'e', 2, 0, "=="},
	{'e', 1, 0, "!="},
	{'o', 2, 0, "@e"},
	{'o', 1, 0, "<"},
	{'o', 1, 0, "<="},
	{'o', 1, 0, ">"},
	{'o', 2, 0, ">="},
};

#define GRAMMAR_COUNT (sizeof grammar / sizeof *grammar)

/* What may be named where a phrase stands. */
struct setting {
	unsigned noun;  /* one of ON_CHAINLET, ON_DEPLOYMENT, ON_TARGET */
	unsigned leave; /* the flags of what may not be there */
};

static bool is_allowed(const struct production *p, char symbol, struct setting setting, unsigned depth)
{
	unsigned nouns = p->flags & (ON_ITEM | ON_TARGET), leave = setting.leave | (depth ? 0u : (unsigned)DEEP);
	return p->symbol == symbol && (!nouns || nouns & setting.noun) && !(p->flags & leave);
}

static const struct production *choose(char symbol, struct setting setting, unsigned depth)
{
	size_t sum = 0;
	for (size_t i = 0; i < GRAMMAR_COUNT; i++)
		sum += is_allowed(&grammar[i], symbol, setting, depth) ? grammar[i].weight : 0;
	if (sum == 0)
		fail_msg("the test's grammar has nothing for '%c'", symbol);
	size_t at = below(sum);
	for (size_t i = 0;; i++) {
		size_t weight = is_allowed(&grammar[i], symbol, setting, depth) ? grammar[i].weight : 0;
		if (at < weight)
			return &grammar[i];
		at -= weight;
	}
}

static void expand(struct buf *out, char symbol, struct setting setting, unsigned depth)
{
	const struct production *p = choose(symbol, setting, depth);
	struct setting inside = setting;
	depth -= (p->flags & DEEP) != 0;
	for (const char *c = p->words; *c; c++) {
		if (*c == '@') {
			expand(out, *++c, inside, depth);
		} else if (*c != '~') {
			buf_add_byte(out, *c);
		} else if (*++c == '.') {
			inside = setting;
		} else {
			inside.noun = *c == 'c' ? ON_CHAINLET : ON_DEPLOYMENT;
			inside.leave = (setting.leave & ~(unsigned)AMBIGUOUS) | AGGREGATE;
		}
	}
}

static const char *phrase(struct arena *arena, char symbol, struct setting setting)
{
	struct buf buf = buf_make(PHRASE_BYTES_MAX);
	do {
		buf_clear(&buf);
		expand(&buf, symbol, setting, (unsigned)below(5));
	} while (buf.overflowed);
	const char *words = arena_string(arena, buf_string(&buf));
	buf_release(&buf);
	return words;
}

/* A quantified rule but for its quantifier. */
struct wording {
	const char *noun, *where; /* where: NULL for none */
	struct setting setting;
};

static struct wording random_wording(struct arena *arena, unsigned leave)
{
	bool deployments = once_in(3);
	struct wording wording = {.noun = deployments ? "deployments" : "chainlets"};
	wording.setting = (struct setting){deployments ? ON_DEPLOYMENT : ON_CHAINLET, leave};
	if (once_in(2))
		wording.where = phrase(arena, 'E', wording.setting);
	return wording;
}

static const char *quantify(struct arena *arena, const char *quantifier, const struct wording *wording, const char *body)
{
	static const char *const links[] = {"is", "are", "has", "have"};
	if (wording->where)
		return arena_printf(arena, "%s %s where %s %s %s", quantifier, wording->noun, wording->where, ONE_OF(links), body);
	return arena_printf(arena, "%s %s %s %s", quantifier, wording->noun, once_in(2) ? ONE_OF(links) : "", body);
}

static const char *random_rule(struct arena *arena, unsigned leave)
{
	static const char *const quantifiers[] = {"all",        "all",       "any",       "no",        "at least 1",
						  "at least 2", "at most 0", "at most 1", "exactly 0", "exactly 2"};
	static const unsigned nouns[] = {ON_CHAINLET, ON_CHAINLET, ON_DEPLOYMENT, ON_TARGET};
	if (once_in(4))
		return phrase(arena, 'E', (struct setting){ONE_OF(nouns), leave | AMBIGUOUS});
	struct wording wording = random_wording(arena, leave);
	const char *body = phrase(arena, once_in(5) ? 'b' : 'E', wording.setting);
	return quantify(arena, ONE_OF(quantifiers), &wording, body);
}

/* ---- snapshots -------------------------------------------------------------------------------------------------- */

#define SELECTED_MAX 3
#define BASELINE_AT SELECTED_MAX /* the deployment behind the selected ones */
#define DEPLOYMENT_COUNT (SELECTED_MAX + 1)
#define CHAINLETS_MAX 4
#define NAME_COUNT 6
#define ORDINALS (DEPLOYMENT_COUNT * (NAME_COUNT + 1))
#define AT_NS (10 * NS_PER_MINUTE)
#define AT_WALL_NS (INT64_C(1786701600) * NS_PER_S)

/* The last has no place where everything should be known: a NUL can't be matched. */
static const struct text names[NAME_COUNT] = {
	{"Gate", 4}, {"Router", 6}, {"Retriever", 9}, {"Generator", 9}, {"n\303\274l\n\"\\", 7}, {"a\0b", 3}};

struct world {
	struct deployment deployments[DEPLOYMENT_COUNT];
	struct chainlet chainlets[DEPLOYMENT_COUNT][NAME_COUNT];
	struct autoscaling_settings settings[DEPLOYMENT_COUNT][NAME_COUNT];
	bool has_settings[DEPLOYMENT_COUNT][NAME_COUNT];
	const struct deployment *selected[SELECTED_MAX];
	size_t order[SELECTED_MAX], count;
	bool has_baseline, has_history, only_failed;
	int64_t since_ns[ORDINALS];
	struct listing listing;
	struct status_history history;
	struct view view;
};

/* A world is copied as it is; its pointers are set here. */
static const struct view *view_of(struct world *w)
{
	for (size_t i = 0; i < DEPLOYMENT_COUNT; i++) {
		w->deployments[i].chainlets = w->chainlets[i];
		for (size_t j = 0; j < NAME_COUNT; j++)
			w->chainlets[i][j].settings = w->has_settings[i][j] ? &w->settings[i][j] : NULL;
	}
	for (size_t i = 0; i < w->count; i++)
		w->selected[i] = &w->deployments[w->order[i]];
	w->listing = (struct listing){w->deployments, DEPLOYMENT_COUNT, ORDINALS};
	w->history = (struct status_history){&w->listing, w->since_ns};
	w->view = (struct view){
		.deployments = w->selected,
		.count = w->count,
		.history = w->has_history ? &w->history : NULL,
		.at_ns = AT_NS,
		.at_wall_ns = AT_WALL_NS,
		.only_failed = w->only_failed,
		.baseline = {.deployment = w->has_baseline ? &w->deployments[BASELINE_AT] : NULL,
			     .history = w->has_history ? &w->history : NULL},
	};
	return &w->view;
}

static int64_t random_count(void)
{
	static const int64_t counts[] = {0, 0, 1, 1, 2, 2, 3, 4, 70};
	return ONE_OF(counts);
}

static int64_t random_seconds(void)
{
	static const int64_t seconds[] = {0, 60, 60, 90, 300, 3600};
	return ONE_OF(seconds);
}

static struct optional_integer random_optional(bool known, int64_t value)
{
	bool present = known || !once_in(4);
	return (struct optional_integer){present, present ? value : 0};
}

static enum status random_status(bool known)
{
	static const enum status statuses[] = {STATUS_ACTIVE, STATUS_ACTIVE, STATUS_FAILED, STATUS_SCALED_TO_ZERO, STATUS_UNKNOWN};
	if (once_in(4))
		return (enum status)(STATUS_UNKNOWN + 1 + below(STATUS_COUNT - 1));
	return statuses[below(known ? 4 : 5)];
}

static struct text word_of(enum status status)
{
	if (status != STATUS_UNKNOWN)
		return text_of(status_name(status));
	return once_in(2) ? TEXT("PAUSED") : TEXT("");
}

static void fill_settings(struct autoscaling_settings *s, bool known)
{
	s->autoscaling_window_s = random_optional(known, random_seconds());
	s->scale_down_delay_s = random_optional(known, random_seconds());
	s->target_utilization_percentage = random_optional(known, random_count());
	s->target_in_flight_tokens = random_optional(known, random_count());
	s->max_scale_down_rate = random_optional(known, random_count());
}

static void make_chainlet(struct world *w, size_t i, size_t j, size_t name, bool known)
{
	static const char *const instances[] = {"H100:1x32x256", "H100:2x64x512", "CPU 1.5", ""};
	enum status status = random_status(known);
	struct autoscaling_settings *s = &w->settings[i][j];
	w->chainlets[i][j] = (struct chainlet){
		.id = names[(name + 1) % NAME_COUNT],
		.name = names[name],
		.instance_type_name = text_of(ONE_OF(instances)),
		.status = status,
		.status_word = word_of(status),
		.active_replica_count = random_count(),
		.ordinal = i * (NAME_COUNT + 1) + 1 + j,
	};
	*s = (struct autoscaling_settings){.min_replica = random_count(), .max_replica = random_count(), .concurrency_target = random_count()};
	fill_settings(s, known);
	w->has_settings[i][j] = known || !once_in(6);
}

static void make_deployment(struct world *w, size_t i, bool known)
{
	static const char *const ids[DEPLOYMENT_COUNT] = {"d0", "d1", "d2", "base"};
	enum status status = random_status(known);
	w->deployments[i] = (struct deployment){
		.id = text_of(ids[i]),
		.chain_id = TEXT("c1"),
		.has_environment = known || !once_in(3),
		.created_at_wall_ns = AT_WALL_NS - random_seconds() * NS_PER_S,
		.status = status,
		.status_word = word_of(status),
		.chainlet_count = below(CHAINLETS_MAX + 1),
		.ordinal = i * (NAME_COUNT + 1),
	};
	if (w->deployments[i].has_environment)
		w->deployments[i].environment = once_in(2) ? TEXT("staging") : TEXT("Router");
	size_t first = below(NAME_COUNT);
	for (size_t j = 0; j < w->deployments[i].chainlet_count; j++)
		make_chainlet(w, i, j, (first + j) % NAME_COUNT, known);
}

/* What overflows, and clocks that are wrong. */
static void add_extremes(struct world *w)
{
	size_t i = below(DEPLOYMENT_COUNT), j = below(NAME_COUNT);
	if (once_in(6))
		w->chainlets[i][j].active_replica_count = INT64_MAX;
	if (once_in(6))
		w->settings[i][j].max_replica = INT64_MAX - 1;
	if (w->settings[i][j].scale_down_delay_s.present && once_in(6))
		w->settings[i][j].scale_down_delay_s.value = INT64_MAX / NS_PER_S;
	if (once_in(6))
		w->deployments[i].created_at_wall_ns = once_in(2) ? INT64_MIN : AT_WALL_NS + NS_PER_S;
}

/* `leave` as in a setting: without EXTREME nothing overflows by itself. */
static void make_world(struct world *w, unsigned leave)
{
	memset(w, 0, sizeof *w);
	for (size_t i = 0; i < DEPLOYMENT_COUNT; i++)
		make_deployment(w, i, false);
	for (size_t i = 0; i < SELECTED_MAX; i++)
		w->order[i] = i;
	for (size_t i = 0; i < ORDINALS; i++)
		w->since_ns[i] = AT_NS - random_seconds() * NS_PER_S / 10;
	w->count = once_in(8) ? 0 : 1 + below(SELECTED_MAX);
	w->has_baseline = !once_in(3);
	w->has_history = !once_in(3);
	w->only_failed = once_in(8);
	if (!(leave & EXTREME))
		add_extremes(w);
}

/* Gives everything that is unknown a value, but leaves each as it is once in `left` times; 0: never. */
static void fill_world(struct world *w, size_t left)
{
	for (size_t i = 0; i < DEPLOYMENT_COUNT; i++) {
		struct deployment *deployment = &w->deployments[i];
		if (deployment->status == STATUS_UNKNOWN && (!left || !once_in(left)))
			deployment->status_word = word_of(deployment->status = random_status(true));
		if (!deployment->has_environment && (!left || !once_in(left))) {
			deployment->has_environment = true;
			deployment->environment = once_in(2) ? TEXT("staging") : TEXT("Gate");
		}
		for (size_t j = 0; j < deployment->chainlet_count; j++) {
			struct chainlet *chainlet = &w->chainlets[i][j];
			struct autoscaling_settings *s = &w->settings[i][j], filled;
			if (chainlet->status == STATUS_UNKNOWN && (!left || !once_in(left)))
				chainlet->status_word = word_of(chainlet->status = random_status(true));
			if (!w->has_settings[i][j] && (!left || !once_in(left)))
				w->has_settings[i][j] = true;
			else if (!w->has_settings[i][j])
				continue;
			fill_settings(&filled, true);
			if (!s->autoscaling_window_s.present && (!left || !once_in(left)))
				s->autoscaling_window_s = filled.autoscaling_window_s;
			if (!s->scale_down_delay_s.present && (!left || !once_in(left)))
				s->scale_down_delay_s = filled.scale_down_delay_s;
			if (!s->target_utilization_percentage.present && (!left || !once_in(left)))
				s->target_utilization_percentage = filled.target_utilization_percentage;
			if (!s->target_in_flight_tokens.present && (!left || !once_in(left)))
				s->target_in_flight_tokens = filled.target_in_flight_tokens;
			if (!s->max_scale_down_rate.present && (!left || !once_in(left)))
				s->max_scale_down_rate = filled.max_scale_down_rate;
		}
	}
}
