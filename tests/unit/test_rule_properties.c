/* test_rule_properties.c - invariants of every rule on every view: random rules from the whole grammar are judged on
 * random snapshots.
 *
 * If a property fails, the test prints the seed, the rules and the snapshot.
 */
#include "chaingate/rule.h"
#include "chaingate/times.h"
#include "random.h"
#include "random_rules.h"
#include "random_worlds.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* How many rules are tried for each property, and on how many snapshots each rule; a few seconds in all. */
#define ROUNDS_ALL 2600
#define ROUNDS rounds_of(ROUNDS_ALL)
#define VIEWS 5
/* The least number of cases (a rule judged on a snapshot) in a round, over all properties. Fewer mean that a loop ends
 * too early. */
#define CASES_LEAST 38

static uint64_t seed;

/* ---- judging ---------------------------------------------------------------------------------------------------- */

/* The result of judging a rule once, and its evidence in numbers. */
struct outcome {
	struct judgement judgement;
	size_t considered, yes, no, open, hidden, items, others;
};

/* How many judgements of a case are kept for a failure's output. */
#define SHOWN_MAX 4

/* What a failure prints: the rules of the round; the snapshots of the case, with the judgements. */
static struct {
	struct arena arena; /* of the round */
	struct buf rules;
	struct {
		struct judgement judgement;
		struct world world;
	} shown[SHOWN_MAX];
	size_t count;
} now;

static size_t cases, values[TRUTH_TRUE + 1];

static void begin_case(void)
{
	now.count = 0;
	cases++;
}

static void require(bool truth, const char *what)
{
	if (truth)
		return;
	for (size_t i = 0; i < now.count; i++) {
		struct judgement judgement = now.shown[i].judgement;
		view_of(&now.shown[i].world);
		buf_printf(&now.rules, "  %s%s%s on", truth_name(judgement.value), judgement.empty ? " empty" : "",
			   judgement.missing ? " missing" : "");
		add_world(&now.rules, &now.shown[i].world);
	}
	printf("%s\n  CHAINGATE_TEST_SEED=%" PRIu64 "\n%s", what, seed, buf_string(&now.rules));
	fflush(stdout);
	fail();
}

static const struct rule *parse_with(const char *words, struct diags *diags)
{
	static const char *const params[][2] = {{"n", "1"},           {"share", "20%"},      {"delay", "90s"},
						{"wanted", "ACTIVE"}, {"who", "\"Router\""}, {"glob", "\"*a*\""}};
	struct arena *arena = &now.arena;
	struct param *list = ARENA_ARRAY(arena, struct param, COUNT_OF(params));
	struct excerpt *excerpt = ARENA_NEW(arena, struct excerpt);
	struct rule_context context = {list, COUNT_OF(params), true};
	for (size_t i = 0; i < COUNT_OF(params); i++) {
		list[i].name = text_of(params[i][0]);
		*excerpt = excerpt_of(source_make(arena, "param", text_of(params[i][1])));
		assert_true(literal_parse(arena, excerpt, diags, &list[i].value));
	}
	*excerpt = excerpt_of(source_make(arena, "rule", text_of(words)));
	return rule_parse(arena, excerpt, &context, diags);
}

/* Parses generated text. The generator writes only valid rules, so an error is a failure. */
static const struct rule *parse(const char *words)
{
	struct diags diags = {.arena = &now.arena};
	buf_printf(&now.rules, "  rule: %s\n", words);
	const struct rule *rule = parse_with(words, &diags);
	if (!rule)
		diags_render(&now.rules, &diags, 0, DIAG_PLAIN);
	require(rule && !diags.errors, "a rule of the grammar was refused");
	return rule;
}

static struct outcome judge(const struct rule *rule, struct world *w)
{
	struct evidence e;
	const struct view *view = view_of(w);
	struct judgement judgement = rule_judge(rule, view, &now.arena, &e);
	struct outcome outcome = {judgement,       e.considered,   e.true_count,          e.false_count,
				  e.unknown_count, e.hidden_count, e.item_count + e.more, e.other_count};
	values[judgement.value]++;
	if (now.count < SHOWN_MAX) {
		now.shown[now.count].judgement = judgement;
		now.shown[now.count++].world = *w;
	}
	return outcome;
}

static bool same_judgement(struct judgement a, struct judgement b)
{
	return a.value == b.value && a.empty == b.empty && a.missing == b.missing;
}

static bool same_outcome(struct outcome a, struct outcome b)
{
	return same_judgement(a.judgement, b.judgement) && a.considered == b.considered && a.yes == b.yes &&
	       a.no == b.no && a.open == b.open && a.hidden == b.hidden && a.items == b.items && a.others == b.others;
}

static enum truth negated(enum truth value)
{
	return value == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : value == TRUTH_TRUE ? TRUTH_FALSE : TRUTH_TRUE;
}

static enum truth conjunction(enum truth a, enum truth b)
{
	if (a == TRUTH_FALSE || b == TRUTH_FALSE)
		return TRUTH_FALSE;
	return a == TRUTH_TRUE && b == TRUTH_TRUE ? TRUTH_TRUE : TRUTH_UNKNOWN;
}

static void begin_round(void)
{
	arena_clear(&now.arena);
	buf_clear(&now.rules);
	now.count = 0;
}

/* Each property restarts the random sequence, so that running it alone gives the same cases. */
static int begin_property(void **unused)
{
	(void)unused;
	random_begin(seed);
	now.rules = buf_make(BUF_LIMIT_REPORT);
	return 0;
}

static int end_property(void **unused)
{
	(void)unused;
	begin_round();
	buf_release(&now.rules);
	return 0;
}

/* Two equivalent rules have the same outcome, including the evidence. */
static void same_on_every_view(const char *one, const char *other)
{
	struct world w;
	const struct rule *a = parse(one), *b = parse(other);
	for (size_t i = 0; i < VIEWS; i++) {
		begin_case();
		make_world(&w, 0);
		struct outcome first = judge(a, &w);
		require(same_outcome(first, judge(b, &w)), "two rules that mean the same differ");
	}
}

/* ---- properties ------------------------------------------------------------------------------------------------- */

/* The operands are also swapped: an unknown operand must not hide that the other one decides. */
static void de_morgan(void **unused)
{
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		begin_round();
		struct arena *arena = &now.arena;
		struct wording wording = random_wording(arena, 0);
		const char *a = phrase(arena, 'E', wording.setting), *b = phrase(arena, 'E', wording.setting);
		const char *quantifier = random_quantifier();
		bool conjoined = once_in(2);
		const char *outside = arena_printf(arena, "not ((%s) %s (%s))", a, conjoined ? "and" : "or", b);
		const char *inside = arena_printf(arena, "not (%s) %s not (%s)", b, conjoined ? "or" : "and", a);
		same_on_every_view(quantified(arena, quantifier, &wording, outside),
				   quantified(arena, quantifier, &wording, inside));
	}
}

static void no_is_at_most_none(void **unused)
{
	static const char *const pairs[][2] = {{"no", "at most 0"}, {"no", "exactly 0"}, {"any", "at least 1"}};
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		begin_round();
		struct arena *arena = &now.arena;
		struct wording wording = random_wording(arena, 0);
		const char *body = phrase(arena, once_in(5) ? 'b' : 'E', wording.setting);
		const char *const *pair = pairs[round % COUNT_OF(pairs)];
		same_on_every_view(quantified(arena, pair[0], &wording, body),
				   quantified(arena, pair[1], &wording, body));
	}
}

static void exactly_is_at_least_and_at_most(void **unused)
{
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct world w;
		begin_round();
		struct arena *arena = &now.arena;
		struct wording wording = random_wording(arena, 0);
		const char *body = phrase(arena, once_in(5) ? 'b' : 'E', wording.setting);
		size_t number = 1 + below(4);
		const struct rule *exactly =
			parse(quantified(arena, arena_printf(arena, "exactly %zu", number), &wording, body));
		const struct rule *least =
			parse(quantified(arena, arena_printf(arena, "at least %zu", number), &wording, body));
		const struct rule *most =
			parse(quantified(arena, arena_printf(arena, "at most %zu", number), &wording, body));
		for (size_t i = 0; i < VIEWS; i++) {
			begin_case();
			make_world(&w, 0);
			enum truth value = judge(exactly, &w).judgement.value, a = judge(least, &w).judgement.value;
			require(value == conjunction(a, judge(most, &w).judgement.value),
				"exactly isn't at least and at most");
		}
	}
}

/* `all` is the negation of `any … not` if the rule certainly selects something. If it may select nothing, `all` isn't
 * true, and it is false only if `any … not` is true. */
static void all_is_not_any_not(void **unused)
{
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct world w;
		begin_round();
		struct arena *arena = &now.arena;
		struct wording wording = random_wording(arena, 0), every = {.noun = wording.noun};
		const char *body = phrase(arena, 'E', wording.setting);
		const struct rule *all = parse(quantified(arena, "all", &wording, body));
		const struct rule *any =
			parse(quantified(arena, "any", &wording, arena_printf(arena, "not (%s)", body)));
		const struct rule *some =
			parse(quantified(arena, "any", &every, wording.where ? wording.where : "true"));
		for (size_t i = 0; i < VIEWS; i++) {
			begin_case();
			make_world(&w, 0);
			if (once_in(2))
				fill_world(&w, 0);
			struct judgement a = judge(all, &w).judgement, b = judge(any, &w).judgement;
			if (judge(some, &w).judgement.value == TRUTH_TRUE)
				require(a.value == negated(b.value) && a.missing == b.missing,
					"all isn't the opposite of any not");
			else
				require(a.value != TRUTH_TRUE && (a.value == TRUTH_FALSE) == (b.value == TRUTH_TRUE),
					"all is true of nothing");
		}
	}
}

static void knowing_more_overturns_nothing(void **unused)
{
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct world w, known;
		begin_round();
		const struct rule *rule = parse(random_rule(&now.arena, NULL_TEST | BASELINE_SIDE | NEWNESS));
		for (size_t i = 0; i < VIEWS; i++) {
			make_world(&w, 0);
			for (size_t filling = 0; filling < 3; filling++) {
				begin_case();
				enum truth before = judge(rule, &w).judgement.value;
				known = w;
				fill_world(&known, filling == 2 ? 0 : 3);
				enum truth after = judge(rule, &known).judgement.value;
				require(before == TRUTH_UNKNOWN || after == before,
					"knowing more overturned what was certain");
			}
		}
	}
}

/* The same property for rules about the baseline's chainlets. Here no chainlet is added to the baseline, because their
 * number is known from the start. */
static void knowing_more_of_the_baseline_overturns_nothing(void **unused)
{
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct world w, known;
		begin_round();
		const struct rule *rule = parse(random_rule(&now.arena, NULL_TEST));
		for (size_t i = 0; i < VIEWS; i++) {
			make_world(&w, 0);
			begin_case();
			enum truth before = judge(rule, &w).judgement.value;
			known = w;
			known.has_baseline = true;
			for (size_t j = 0; j < DEPLOYMENT_COUNT; j++)
				fill_deployment(&known, j, i % 2 ? 3 : 0);
			enum truth after = judge(rule, &known).judgement.value;
			require(before == TRUTH_UNKNOWN || after == before,
				"knowing more of the baseline overturned what was certain");
		}
	}
}

/* Counts the selected deployments that have a chainlet of this name. */
static size_t holders(const struct world *w, struct text name)
{
	size_t count = 0;
	for (size_t i = 0; i < w->count; i++)
		count += deployment_chainlet(w->selected[i], name) != NULL;
	return count;
}

static enum truth at_least(const char *what, size_t number, struct world *w)
{
	const struct rule *rule = parse(arena_printf(&now.arena, "at least %zu %s", number, what));
	return judge(rule, w).judgement.value;
}

/* `missing`, `new` and `counterpart.` give the same result as looking up each name one by one. */
static void names_are_looked_up_as_one_by_one(void **unused)
{
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct world w;
		size_t missing = 0, greater = 0, new = 0;
		begin_round();
		begin_case();
		make_world(&w, EXTREME);
		w.only_failed = false;
		view_of(&w);
		const struct deployment *base = &w.deployments[BASELINE_AT];
		bool known = w.has_baseline && base->chainlet_count && w.count;
		for (size_t i = 0; known && i < base->chainlet_count; i++) {
			const struct chainlet *chainlet = &base->chainlets[i];
			missing += holders(&w, chainlet->name) < w.count;
			const struct chainlet *judged = deployment_chainlet(w.selected[0], chainlet->name);
			greater += judged && judged->active_replica_count > chainlet->active_replica_count;
		}
		for (size_t i = 0; known && i < w.count; i++)
			for (size_t j = 0; j < w.selected[i]->chainlet_count; j++)
				new += !deployment_chainlet(base, w.selected[i]->chainlets[j].name);
		for (size_t number = 1; number <= CHAINLETS_MAX + 1; number++) {
			enum truth absent = at_least("baseline chainlets missing", number, &w);
			enum truth more = at_least("baseline chainlets where not missing have "
						   "counterpart.active_replica_count > active_replica_count",
						   number, &w);
			if (!known) {
				require(absent != TRUTH_TRUE && more != TRUTH_TRUE, "true of no baseline");
				continue;
			}
			enum truth wanted = missing >= number ? TRUTH_TRUE : TRUTH_FALSE;
			require(absent == wanted, "missing is something else");
			wanted = w.count > 1 ? more : greater >= number ? TRUTH_TRUE : TRUTH_FALSE;
			require(more == wanted && (w.count == 1 || more != TRUTH_TRUE),
				"a counterpart is something else");
			wanted = new >= number ? TRUTH_TRUE : TRUTH_FALSE;
			require(at_least("chainlets new", number, &w) == wanted, "new is something else");
		}
	}
}

static void a_missing_counterpart_is_all_that_was_unknown(void **unused)
{
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct world w, known;
		begin_round();
		const char *words = random_rule(&now.arena, PARTIAL | EXTREME | BASELINE_SIDE);
		const struct rule *rule = parse(words);
		/* A counterpart ends what was certain until then: that the chainlet is new. */
		bool is_about_new = strstr(words, "new");
		for (size_t i = 0; i < VIEWS; i++) {
			begin_case();
			make_world(&w, EXTREME);
			w.only_failed = false;
			struct judgement before = judge(rule, &w).judgement;
			require(!before.missing || (before.value == TRUTH_UNKNOWN && rule_uses_baseline(rule)),
				"missing, and yet decided");
			known = w;
			fill_deployment(&known, BASELINE_AT, 0);
			complete_baseline(&known, 0);
			struct judgement after = judge(rule, &known).judgement;
			require(!after.missing, "missing with a baseline that has everything");
			require(!before.missing || after.value != TRUTH_UNKNOWN || after.empty || is_about_new,
				"something else was missing");
		}
	}
}

static void what_is_printed_is_the_same_rule(void **unused)
{
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		begin_round();
		const char *words = random_rule(&now.arena, 0);
		struct buf first = buf_make(2 * RULE_BYTES_MAX), second = buf_make(2 * RULE_BYTES_MAX);
		rule_print(&first, parse(words));
		const char *printed = arena_string(&now.arena, buf_string(&first));
		rule_print(&second, parse(printed));
		require(strcmp(printed, buf_string(&second)) == 0, "what is printed prints differently");
		buf_release(&first);
		buf_release(&second);
		same_on_every_view(words, printed);
	}
}

static void order_means_nothing(void **unused)
{
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct world w, other;
		begin_round();
		const struct rule *rule = parse(random_rule(&now.arena, 0));
		for (size_t i = 0; i < VIEWS; i++) {
			begin_case();
			make_world(&w, 0);
			struct outcome outcome = judge(rule, &w);
			other = w;
			permute_world(&other);
			require(same_outcome(outcome, judge(rule, &other)),
				"the order of what is listed means something");
		}
	}
}

static void failing_early_is_failing(void **unused)
{
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct world w;
		begin_round();
		const struct rule *rule = parse(random_rule(&now.arena, 0));
		for (size_t i = 0; i < VIEWS; i++) {
			begin_case();
			make_world(&w, 0);
			w.only_failed = true;
			struct outcome early = judge(rule, &w);
			w.only_failed = false;
			struct outcome full = judge(rule, &w);
			require(early.judgement.value == TRUTH_UNKNOWN || early.judgement.value == full.judgement.value,
				"what has failed doesn't decide the whole");
			require(early.judgement.value == TRUTH_UNKNOWN ||
					(early.considered == full.considered && early.yes == full.yes &&
					 early.no == full.no && early.open == full.open),
				"the counts aren't those of what was observed");
		}
	}
}

static bool names_unknown(const struct evidence_item *item)
{
	bool unknown = item->truth == TRUTH_UNKNOWN || item->where_unknown;
	for (size_t i = 0; i < item->operand_count; i++)
		unknown |= item->operands[i].unknown;
	return unknown;
}

/* Whether the evidence's counts agree with its value. `number` is the number in the quantifier. */
static bool counts_agree(const char *quantifier, size_t number, const struct evidence *e)
{
	bool yes = e->value == TRUTH_TRUE, no = e->value == TRUTH_FALSE;
	if (strcmp(quantifier, "all") == 0)
		return (!yes || (e->considered && e->true_count == e->considered)) && (!no || e->false_count);
	if (strcmp(quantifier, "at least") == 0)
		return (!yes || e->true_count >= number) && (!no || e->considered - e->false_count >= e->true_count);
	if (strcmp(quantifier, "at most") == 0)
		return (!yes || (e->considered && e->true_count + e->unknown_count <= number)) &&
		       (!no || e->true_count > number);
	return !yes || (e->considered && e->true_count >= number && e->true_count + e->unknown_count >= number);
}

/* What failed items decide may be seen to be about nothing once the others are known, too. */
static void check_evidence(const struct rule *rule, struct judgement judgement, bool only_failed,
			   const struct evidence *e)
{
	struct text written = rule_excerpt(rule)->text;
	size_t listed = e->item_count + e->more + e->other_count;
	require(e->value == judgement.value && e->scope == rule_scope(rule) &&
			(only_failed ? e->empty >= judgement.empty : e->empty == judgement.empty),
		"evidence of something else");
	require(e->item_count <= EVIDENCE_ITEMS_MAX && e->other_count <= EVIDENCE_OTHERS_MAX, "too much evidence");
	require(!e->more || e->item_count == EVIDENCE_ITEMS_MAX, "something was left out needlessly");
	require(listed + e->hidden_count <= e->considered || e->considered == 0, "more is hidden than there is");
	require(e->true_count + e->false_count + e->unknown_count == e->considered, "the counts don't add up");
	bool no_range = rule_scope(rule) == SCOPE_BASELINE_CHAINLETS && e->item_count && !e->considered;
	require(!no_range || (judgement.missing && !e->empty && e->items[0].of_baseline && listed == 1),
		"no baseline, and yet it is something else that is missing");
	require(e->empty == (rule_is_quantified(rule) && e->considered == 0 && !no_range),
		"empty, and yet something is considered");
	require(rule_is_quantified(rule) && !no_range ? listed <= e->considered : listed == 1 && e->considered == 0,
		"evidence of nothing");
	for (size_t i = 0; i < e->item_count + e->other_count; i++) {
		const struct evidence_item *item = i < e->item_count ? &e->items[i] : &e->others[i - e->item_count];
		bool of_baseline = rule_scope(rule) == SCOPE_BASELINE_CHAINLETS;
		bool of_chainlet = (of_baseline && !no_range) || rule_scope(rule) == SCOPE_CHAINLETS;
		require(!item->deployment.length == (!rule_is_quantified(rule) || no_range),
			"an item of no deployment");
		require(!item->chainlet.length == !of_chainlet, "an item of no chainlet");
		require(item->of_baseline == of_baseline, "an item of the wrong side");
		for (size_t j = 0; j < item->operand_count; j++)
			require(item->operands[j].span.start < item->operands[j].span.end &&
					item->operands[j].span.end <= written.length,
				"an operand that isn't in the rule");
		require(i < e->item_count || !names_unknown(item),
			"something unknown is among what speaks for the rule");
		require(i >= e->item_count || e->value != TRUTH_TRUE || names_unknown(item),
			"something stands against a rule that holds");
	}
}

static void evidence_is_of_the_judgement(void **unused)
{
	static const char *const counted[] = {"all", "at least", "at most", "exactly"};
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct world w;
		begin_round();
		struct arena *arena = &now.arena;
		struct wording wording = random_wording(arena, 0);
		const char *words = random_rule(arena, 0), *quantifier = ONE_OF(counted);
		size_t number = 1 + below(3);
		bool counts = once_in(2);
		if (counts)
			words = quantified(arena,
					   quantifier == counted[0] ? "all"
								    : arena_printf(arena, "%s %zu", quantifier, number),
					   &wording, phrase(arena, 'E', wording.setting));
		const struct rule *rule = parse(words);
		for (size_t i = 0; i < VIEWS; i++) {
			struct evidence evidence;
			begin_case();
			make_world(&w, 0);
			struct judgement judgement = judge(rule, &w).judgement;
			require(same_judgement(judgement, rule_judge(rule, view_of(&w), arena, NULL)),
				"evidence changes the judgement");
			require(same_judgement(judgement, rule_judge(rule, &w.view, arena, &evidence)),
				"judging again changes it");
			check_evidence(rule, judgement, w.only_failed, &evidence);
			require(!counts || counts_agree(quantifier, number, &evidence),
				"the counts don't give that value");
			require(!judgement.empty || judgement.value == rule_over_nothing(rule),
				"not what it is of nothing");
		}
	}
}

/* Checks a warning such as "this can never be true": no item of any snapshot may contradict it. */
static void check_warning(const char *message, const struct wording *wording, const char *body)
{
	static const char *const messages[] = {"this can never be true", "this can never be false",
					       "the where can never be true"};
	struct arena *arena = &now.arena;
	struct wording every = {.noun = wording->noun};
	struct world w;
	size_t kind = 0;
	while (kind < COUNT_OF(messages) && strncmp(message, messages[kind], strlen(messages[kind])) != 0)
		kind++;
	require(kind < COUNT_OF(messages), "a warning that the test doesn't know");
	const struct rule *never =
		parse(kind == 0   ? quantified(arena, "any", wording, body)
		      : kind == 1 ? quantified(arena, "any", wording, arena_printf(arena, "not (%s)", body))
				  : quantified(arena, "any", &every, wording->where));
	for (size_t i = 0; i < 2 * VIEWS; i++) {
		begin_case();
		make_world(&w, 0);
		require(judge(never, &w).judgement.value != TRUTH_TRUE, "what can never be, is");
	}
}

/* False for a warning about a part: (A and B) != C may be true if A and B can't. */
static bool is_of_whole(const struct diag *diag, const struct wording *wording, const char *body)
{
	size_t length = diag->span.end - diag->span.start;
	return length >= strlen(body) || (wording->where && length >= strlen(wording->where));
}

static void warnings_are_right(void **unused)
{
	size_t warnings = 0;
	(void)unused;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct diags diags = {.arena = &now.arena};
		begin_round();
		struct wording wording = random_wording(&now.arena, 0);
		const char *body = phrase(&now.arena, 'E', wording.setting);
		parse_with(quantified(&now.arena, random_quantifier(), &wording, body), &diags);
		diags_render(&now.rules, &diags, 0, DIAG_PLAIN);
		for (const struct diag *diag = diags.first; diag; diag = diag->next)
			if (diag->code == DIAG_CONSTANT_RULE && is_of_whole(diag, &wording, body)) {
				check_warning(diag->message, &wording, body);
				warnings++;
			}
	}
	assert_true(warnings > ROUNDS / 100);
}

/* The properties would prove little if the generator never used some part of the grammar. */
static void every_production_occurs(void **unused)
{
	char missing[200];
	(void)unused;
	size_t productions = count_productions(missing, sizeof(missing));
	printf("%zu alternatives of the grammar\n", productions);
	if (*missing)
		fail_msg("never written: %s", missing);
}

/* The properties would prove little if nearly all judgements had the same value. */
static void every_value_occurs(void **unused)
{
	size_t sum = values[TRUTH_UNKNOWN] + values[TRUTH_FALSE] + values[TRUTH_TRUE];
	(void)unused;
	printf("%zu cases; of %zu judgements %zu true, %zu false, %zu unknown\n", cases, sum, values[TRUTH_TRUE],
	       values[TRUTH_FALSE], values[TRUTH_UNKNOWN]);
	assert_true(cases >= CASES_LEAST * ROUNDS);
	assert_true(values[TRUTH_TRUE] > sum / 10 && values[TRUTH_FALSE] > sum / 10 &&
		    values[TRUTH_UNKNOWN] > sum / 10);
}

#define PROPERTY(function) cmocka_unit_test_setup_teardown(function, begin_property, end_property)

int main(void)
{
	const struct CMUnitTest tests[] = {
		PROPERTY(de_morgan),
		PROPERTY(no_is_at_most_none),
		PROPERTY(exactly_is_at_least_and_at_most),
		PROPERTY(all_is_not_any_not),
		PROPERTY(knowing_more_overturns_nothing),
		PROPERTY(knowing_more_of_the_baseline_overturns_nothing),
		PROPERTY(names_are_looked_up_as_one_by_one),
		PROPERTY(a_missing_counterpart_is_all_that_was_unknown),
		PROPERTY(what_is_printed_is_the_same_rule),
		PROPERTY(order_means_nothing),
		PROPERTY(failing_early_is_failing),
		PROPERTY(evidence_is_of_the_judgement),
		PROPERTY(warnings_are_right),
		cmocka_unit_test(every_value_occurs),
		cmocka_unit_test(every_production_occurs),
	};
	seed = random_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
