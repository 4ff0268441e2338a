/* test_rule_laws.c - laws that every rule obeys on every snapshot, tried on random ones.
 *
 * Rules are made as texts of the language, snapshots as listings. The seed is printed, and CHAINGATE_TEST_SEED sets it.
 */
#include "chaingate/buf.h"
#include "chaingate/rule.h"
#include "chaingate/times.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Rules of each law, and snapshots each is judged on: together more than 100,000 judgements compared. */
#define RULES 1000
#define SNAPSHOTS 12
/* Rules of one law: texts that are parsed once for all snapshots. */
#define PARSED_MAX 8
#define CHAINLETS_MAX 4
#define DEPLOYMENTS_MAX 3
#define SEED_DEFAULT 20260814u

static uint64_t seed_now;
static size_t compared;

/* xorshift64*: the same numbers on every machine. */
static uint32_t random_bits(void)
{
	seed_now ^= seed_now >> 12;
	seed_now ^= seed_now << 25;
	seed_now ^= seed_now >> 27;
	return (uint32_t)((seed_now * UINT64_C(2685821657736338717)) >> 32);
}

static size_t below(size_t n)
{
	return random_bits() % n;
}

static const char *pick(const char *const *words)
{
	size_t count = 0;
	while (words[count])
		count++;
	return words[below(count)];
}

/* ---- snapshots -------------------------------------------------------------------------------------------------- */

struct snapshot {
	struct autoscaling_settings settings[DEPLOYMENTS_MAX][CHAINLETS_MAX];
	struct chainlet chainlets[DEPLOYMENTS_MAX][CHAINLETS_MAX];
	struct deployment deployments[DEPLOYMENTS_MAX];
	const struct deployment *selected[DEPLOYMENTS_MAX];
	struct view view;
};

static const char *const names[] = {"A", "B", "Cé", "D"};

static enum status random_status(bool known)
{
	return known || below(4) ? (enum status)(1 + below(STATUS_COUNT - 1)) : STATUS_UNKNOWN;
}

static struct optional_integer random_optional(bool known)
{
	return (struct optional_integer){known || below(3) > 0, (int64_t)below(4)};
}

static void fill_settings(struct autoscaling_settings *settings, bool known)
{
	*settings = (struct autoscaling_settings){.min_replica = (int64_t)below(4),
						  .max_replica = (int64_t)below(5),
						  .concurrency_target = (int64_t)below(3),
						  .autoscaling_window_s = random_optional(known),
						  .scale_down_delay_s = random_optional(known),
						  .target_utilization_percentage = random_optional(known),
						  .target_in_flight_tokens = random_optional(known),
						  .max_scale_down_rate = random_optional(known)};
}

/* `known`: nothing is null, and every status is one. */
static void make_snapshot(struct snapshot *s, bool known, bool filled)
{
	size_t count = filled ? 1 + below(DEPLOYMENTS_MAX - 1) : below(DEPLOYMENTS_MAX);
	memset(s, 0, sizeof(*s));
	for (size_t d = 0; d < DEPLOYMENTS_MAX; d++) {
		struct deployment *deployment = &s->deployments[d];
		deployment->id = text_of(names[d]);
		deployment->chain_id = TEXT("chain");
		deployment->has_environment = known || below(2);
		deployment->environment = deployment->has_environment ? TEXT("prod") : (struct text){"", 0};
		deployment->created_at_wall_ns = (int64_t)below(5) * NS_PER_HOUR;
		deployment->status = random_status(known);
		deployment->status_word = TEXT("PAUSED");
		deployment->chainlets = s->chainlets[d];
		deployment->chainlet_count = filled ? 1 + below(CHAINLETS_MAX) : below(CHAINLETS_MAX + 1);
		for (size_t c = 0; c < deployment->chainlet_count; c++) {
			struct chainlet *chainlet = &s->chainlets[d][c];
			fill_settings(&s->settings[d][c], known);
			*chainlet = (struct chainlet){.id = text_of(names[c]),
						      .name = text_of(names[c]),
						      .instance_type_name = text_of(below(2) ? "H100:1" : "L4:1"),
						      .status = random_status(known),
						      .status_word = TEXT("PAUSED"),
						      .active_replica_count = (int64_t)below(4),
						      .settings = known || below(4) ? &s->settings[d][c] : NULL};
		}
	}
	for (size_t d = 0; d < count; d++)
		s->selected[d] = &s->deployments[d];
	s->view = (struct view){.deployments = s->selected, .count = count, .at_wall_ns = 6 * NS_PER_HOUR};
	if (known || below(3))
		s->view.baseline.deployment = &s->deployments[DEPLOYMENTS_MAX - 1];
}

/* ---- rules as texts --------------------------------------------------------------------------------------------- */

struct writing {
	struct buf buf;
	bool of_chainlets;
	bool with_null_tests; /* is null is not monotone, and so isn't what is selected by it */
	bool with_baseline;
	bool never_null;      /* only fields that the API always gives */
	int depth;
};

static void write_expression(struct writing *w);

static void write_number(struct writing *w)
{
	static const char *const always[] = {"active_replica_count", "min_replica", "max_replica", NULL};
	static const char *const nullable[] = {"target_in_flight_tokens", "max_scale_down_rate", "concurrency_target", NULL};
	static const char *const aggregates[] = {"count(chainlets)", "count(chainlets where status == ACTIVE)", "sum(max_replica of chainlets)",
						 "min(min_replica of chainlets)", "max(active_replica_count of chainlets where min_replica > 0)", NULL};
	static const char *const literals[] = {"0", "1", "2", "3", "0.5", "50%", "-1", "$n", NULL};
	size_t choice = below(w->depth > 3 ? 6 : 9);
	if (choice < 3 && w->of_chainlets)
		buf_add_string(&w->buf, pick(w->never_null || below(3) ? always : nullable));
	else if (choice == 3)
		buf_add_string(&w->buf, pick(aggregates));
	else if (choice == 4 && w->of_chainlets && w->with_baseline)
		buf_printf(&w->buf, "baseline.%s", pick(always));
	else if (choice < 6)
		buf_add_string(&w->buf, pick(literals));
	else {
		static const char *const operators[] = {" + ", " - ", " * ", " / ", NULL};
		w->depth++;
		buf_add_byte(&w->buf, '(');
		write_number(w);
		buf_add_string(&w->buf, pick(operators));
		write_number(w);
		buf_add_byte(&w->buf, ')');
		w->depth--;
	}
}

static void write_comparison(struct writing *w)
{
	static const char *const operators[] = {" == ", " != ", " < ", " <= ", " > ", " >= ", NULL};
	static const char *const equality[] = {" == ", " != ", NULL};
	static const char *const words[] = {"ACTIVE", "FAILED", "SCALED_TO_ZERO", "BUILDING", "$s", NULL};
	static const char *const sets[] = {"[ACTIVE, FAILED]", "[UNHEALTHY]", "ready", "in_progress", "failed", NULL};
	static const char *const chainlet_texts[] = {"name", "instance_type_name", "id", "deployment.id", NULL};
	static const char *const deployment_texts[] = {"id", "chain_id", NULL};
	static const char *const patterns[] = {" like \"?\"", " not like \"[A-B]*\"", " matches \"^H\"", " in [\"A\", \"B\"]", " == \"A\"", " != \"Cé\"", NULL};
	static const char *const nulls[] = {"min_replica", "autoscaling_settings", "target_in_flight_tokens", "deployment.environment", NULL};
	static const char *const durations[] = {"autoscaling_window", "scale_down_delay", NULL};
	switch (below(8)) {
	case 0:
	case 1:
		write_number(w);
		buf_add_string(&w->buf, pick(operators));
		write_number(w);
		break;
	case 2: buf_printf(&w->buf, "status%s%s", pick(equality), pick(words)); break;
	case 3: buf_printf(&w->buf, "status%s in %s", below(2) ? " not" : "", pick(sets)); break;
	case 4: buf_printf(&w->buf, "%s%s", pick(w->of_chainlets ? chainlet_texts : deployment_texts), pick(patterns)); break;
	case 5:
		if (w->of_chainlets && w->with_null_tests)
			buf_printf(&w->buf, "%s is%s null", pick(nulls), below(2) ? " not" : "");
		else
			buf_printf(&w->buf, "%s.age%s%dh", w->of_chainlets ? "deployment" : "deployment", pick(operators), (int)below(7));
		break;
	case 6:
		if (w->of_chainlets && !w->never_null)
			buf_printf(&w->buf, "%s%s%d", pick(durations), pick(operators), (int)below(4));
		else
			buf_printf(&w->buf, "deployment.status in %s", pick(sets));
		break;
	default:
		if (w->of_chainlets && w->with_baseline)
			buf_printf(&w->buf, "status%sbaseline.status", pick(equality));
		else
			buf_printf(&w->buf, "deployment.created_at%sdeployment.created_at", pick(operators));
		break;
	}
}

static void write_expression(struct writing *w)
{
	size_t choice = below(w->depth > 3 ? 3 : 8);
	if (choice < 4) {
		write_comparison(w);
		return;
	}
	w->depth++;
	if (choice == 4) {
		buf_add_string(&w->buf, "not (");
		write_expression(w);
		buf_add_byte(&w->buf, ')');
	} else {
		buf_add_byte(&w->buf, '(');
		write_expression(w);
		buf_add_string(&w->buf, choice == 5 || choice == 6 ? " and " : " or ");
		write_expression(w);
		buf_add_byte(&w->buf, ')');
	}
	w->depth--;
}

static const char *expression(struct arena *arena, struct writing *like)
{
	like->buf = buf_make(RULE_BYTES_MAX);
	like->depth = 0;
	write_expression(like);
	const char *text = arena_string(arena, buf_string(&like->buf));
	buf_release(&like->buf);
	return text;
}

static const char *quantifier(struct arena *arena)
{
	static const char *const plain[] = {"all", "any", "no", NULL};
	static const char *const counted[] = {"at least", "at most", "exactly", NULL};
	if (below(2))
		return pick(plain);
	return arena_printf(arena, "%s %d", pick(counted), 1 + (int)below(3));
}

/* ---- judging ---------------------------------------------------------------------------------------------------- */

static struct parsed {
	const char *text;
	const struct rule *rule;
} parsed[PARSED_MAX];
static size_t parsed_count;

static const struct rule *parse(struct arena *arena, const char *text)
{
	for (size_t i = 0; i < parsed_count; i++)
		if (strcmp(parsed[i].text, text) == 0)
			return parsed[i].rule;

	static const struct param params[] = {{{"n", 1}, {.type = TYPE_NUMBER, .number = {2, 1}}},
					      {{"s", 1}, {.type = TYPE_STATUS, .status = STATUS_ACTIVE}}};
	struct rule_context context = {.params = params, .param_count = 2, .has_baseline = true};
	struct diags diags = {.arena = arena};
	struct excerpt *excerpt = ARENA_NEW(arena, struct excerpt);
	*excerpt = excerpt_of(source_make(arena, "rule", text_of(text)));
	const struct rule *rule = rule_parse(arena, excerpt, &context, &diags);
	if (!rule) {
		struct buf buf = buf_make(BUF_LIMIT_REPORT);
		diags_render(&buf, &diags, 200, DIAG_PLAIN);
		fail_msg("%s", buf_string(&buf));
	}
	if (parsed_count < PARSED_MAX)
		parsed[parsed_count++] = (struct parsed){text, rule};
	return rule;
}

static enum truth judge(struct arena *arena, const char *text, const struct snapshot *s)
{
	compared++;
	return rule_judge(parse(arena, text), &s->view, arena, NULL).value;
}

static void show(const struct snapshot *s)
{
	for (size_t d = 0; d < DEPLOYMENTS_MAX; d++) {
		const struct deployment *deployment = &s->deployments[d];
		printf("%s deployment %s %s:", d < s->view.count ? "selected" : deployment == s->view.baseline.deployment ? "baseline" : "-", names[d],
		       status_name(deployment->status));
		for (size_t c = 0; c < deployment->chainlet_count; c++) {
			const struct chainlet *chainlet = &deployment->chainlets[c];
			printf(" %s %s %d", names[c], status_name(chainlet->status), (int)chainlet->active_replica_count);
			if (chainlet->settings)
				printf("/%d..%d", (int)chainlet->settings->min_replica, (int)chainlet->settings->max_replica);
		}
		printf("\n");
	}
}

static void demand_same(struct arena *arena, const struct snapshot *s, const char *a, const char *b)
{
	enum truth left = judge(arena, a, s), right = judge(arena, b, s);
	if (left == right)
		return;
	show(s);
	fail_msg("%s is %s, and %s is %s", a, truth_name(left), b, truth_name(right));
}

/* Calls a law for many rules, and with each rule for many snapshots: the same numbers make the same rule. */
static void for_snapshots(bool known, bool filled, void (*law)(struct arena *, const struct snapshot *))
{
	for (size_t i = 0; i < RULES; i++) {
		struct arena arena = {0};
		uint64_t rule_seed = seed_now | 1;
		parsed_count = 0;
		for (size_t j = 0; j < SNAPSHOTS; j++) {
			struct snapshot snapshot;
			random_bits();
			make_snapshot(&snapshot, known, filled);
			uint64_t next = seed_now;
			seed_now = rule_seed;
			law(&arena, &snapshot);
			seed_now = next;
		}
		arena_release(&arena);
	}
}

/* ---- laws ------------------------------------------------------------------------------------------------------- */

static void de_morgan(struct arena *arena, const struct snapshot *s)
{
	struct writing w = {.of_chainlets = true, .with_null_tests = true, .with_baseline = true};
	const char *a = expression(arena, &w), *b = expression(arena, &w), *q = quantifier(arena);
	demand_same(arena, s, arena_printf(arena, "%s chainlets have not (%s and %s)", q, a, b),
		    arena_printf(arena, "%s chainlets have not %s or not %s", q, a, b));
	demand_same(arena, s, arena_printf(arena, "%s chainlets have not (%s or %s)", q, a, b),
		    arena_printf(arena, "%s chainlets have not (%s) and not (%s)", q, a, b));
}

static void test_de_morgan(void **state)
{
	(void)state;
	for_snapshots(false, false, de_morgan);
}

static void no_is_at_most_none(struct arena *arena, const struct snapshot *s)
{
	struct writing w = {.of_chainlets = true, .with_null_tests = true, .with_baseline = true};
	const char *where = expression(arena, &w), *body = expression(arena, &w);
	demand_same(arena, s, arena_printf(arena, "no chainlet where %s has %s", where, body),
		    arena_printf(arena, "at most 0 chainlets where %s have %s", where, body));
	demand_same(arena, s, arena_printf(arena, "any chainlet where %s has %s", where, body),
		    arena_printf(arena, "at least 1 chainlets where %s have %s", where, body));
}

static void test_no_is_at_most_none(void **state)
{
	(void)state;
	for_snapshots(false, false, no_is_at_most_none);
}

/* On a list that isn't empty and where nothing is unknown. Division can still be by zero: numbers are compared as they are. */
static void all_is_not_any_not(struct arena *arena, const struct snapshot *s)
{
	struct writing w = {.of_chainlets = true, .never_null = true};
	const char *body = expression(arena, &w);
	enum truth all = judge(arena, arena_printf(arena, "all chainlets have %s", body), s);
	enum truth any = judge(arena, arena_printf(arena, "any chainlet has not (%s)", body), s);
	bool opposite = (all == TRUTH_TRUE && any == TRUTH_FALSE) || (all == TRUTH_FALSE && any == TRUTH_TRUE) ||
			(all == TRUTH_UNKNOWN && any == TRUTH_UNKNOWN);
	if (opposite)
		return;
	show(s);
	fail_msg("all … %s is %s, any … not is %s", body, truth_name(all), truth_name(any));
}

static void test_all_is_not_any_not(void **state)
{
	(void)state;
	for_snapshots(true, true, all_is_not_any_not);
}

/* Gives every unknown a value: null settings and fields, unknown words, a missing baseline or counterpart. */
static void complete(struct snapshot *s)
{
	for (size_t d = 0; d < DEPLOYMENTS_MAX; d++) {
		struct deployment *deployment = &s->deployments[d];
		if (deployment->status == STATUS_UNKNOWN)
			deployment->status = random_status(true);
		for (size_t c = 0; c < deployment->chainlet_count; c++) {
			struct chainlet *chainlet = &s->chainlets[d][c];
			struct autoscaling_settings *settings = &s->settings[d][c];
			if (chainlet->status == STATUS_UNKNOWN)
				chainlet->status = random_status(true);
			if (!chainlet->settings)
				fill_settings(settings, true);
			chainlet->settings = settings;
			struct optional_integer *optional[] = {&settings->autoscaling_window_s, &settings->scale_down_delay_s,
							       &settings->target_utilization_percentage, &settings->target_in_flight_tokens,
							       &settings->max_scale_down_rate};
			for (size_t i = 0; i < sizeof(optional) / sizeof(*optional); i++)
				if (!optional[i]->present)
					*optional[i] = random_optional(true);
		}
	}
}

static void knowing_more_changes_no_answer(struct arena *arena, const struct snapshot *s)
{
	struct writing w = {.of_chainlets = true, .with_baseline = true};
	const char *text = arena_printf(arena, "%s chainlets where %s have %s", quantifier(arena), expression(arena, &w), expression(arena, &w));
	enum truth before = judge(arena, text, s);
	for (size_t i = 0; i < 3 && before != TRUTH_UNKNOWN; i++) {
		struct snapshot known = *s;
		for (size_t d = 0; d < DEPLOYMENTS_MAX; d++) {
			known.deployments[d].chainlets = known.chainlets[d];
			known.selected[d] = &known.deployments[d];
			for (size_t c = 0; c < CHAINLETS_MAX; c++)
				if (known.chainlets[d][c].settings)
					known.chainlets[d][c].settings = &known.settings[d][c];
		}
		known.view.deployments = known.selected;
		known.view.baseline.deployment = &known.deployments[DEPLOYMENTS_MAX - 1];
		complete(&known);
		enum truth after = judge(arena, text, &known);
		/* What isn't known to be selected may turn out not to be: only over nothing at all there is no answer any more. */
		if (after == before || after == TRUTH_UNKNOWN)
			continue;
		show(s);
		printf("with every unknown known:\n");
		show(&known);
		fail_msg("%s was %s and became %s", text, truth_name(before), truth_name(after));
	}
}

static void test_knowing_more_changes_no_answer(void **state)
{
	(void)state;
	for_snapshots(false, false, knowing_more_changes_no_answer);
}

static void printed_is_the_same(struct arena *arena, const struct snapshot *s)
{
	struct writing w = {.of_chainlets = below(2), .with_null_tests = true, .with_baseline = true};
	const char *noun = w.of_chainlets ? "chainlets" : "deployments";
	const char *text = below(2) ? arena_printf(arena, "%s %s have %s", quantifier(arena), noun, expression(arena, &w))
				    : arena_printf(arena, "%s %s where %s have %s", quantifier(arena), noun, expression(arena, &w), expression(arena, &w));
	struct buf first = buf_make(BUF_LIMIT_REPORT), second = buf_make(BUF_LIMIT_REPORT);
	rule_print(&first, parse(arena, text));
	const char *printed = arena_string(arena, buf_string(&first));
	rule_print(&second, parse(arena, printed));
	assert_string_equal(printed, buf_string(&second));
	demand_same(arena, s, text, printed);
	buf_release(&first);
	buf_release(&second);
}

static void test_printed_is_the_same(void **state)
{
	(void)state;
	for_snapshots(false, false, printed_is_the_same);
}

static void order_means_nothing(struct arena *arena, const struct snapshot *s)
{
	struct writing w = {.of_chainlets = true, .with_null_tests = true, .with_baseline = true};
	const char *text = arena_printf(arena, "%s chainlets where %s have %s", quantifier(arena), expression(arena, &w), expression(arena, &w));
	struct snapshot turned = *s;
	for (size_t d = 0; d < DEPLOYMENTS_MAX; d++) {
		size_t count = s->deployments[d].chainlet_count;
		turned.deployments[d].chainlets = turned.chainlets[d];
		for (size_t c = 0; c < count; c++)
			turned.chainlets[d][c] = s->chainlets[d][count - 1 - c];
	}
	for (size_t d = 0; d < s->view.count; d++)
		turned.selected[d] = &turned.deployments[s->view.count - 1 - d];
	turned.view.deployments = turned.selected;
	if (turned.view.baseline.deployment)
		turned.view.baseline.deployment = &turned.deployments[DEPLOYMENTS_MAX - 1];
	struct evidence before, after;
	const struct rule *rule = parse(arena, text);
	struct judgement left = rule_judge(rule, &s->view, arena, &before), right = rule_judge(rule, &turned.view, arena, &after);
	compared += 2;
	assert_int_equal(left.value, right.value);
	assert_int_equal(left.empty, right.empty);
	assert_int_equal(left.missing, right.missing);
	assert_int_equal(before.true_count, after.true_count);
	assert_int_equal(before.false_count, after.false_count);
	assert_int_equal(before.unknown_count, after.unknown_count);
	assert_int_equal(before.considered, before.true_count + before.false_count + before.unknown_count);
	/* The evidence is about the same judging. */
	assert_int_equal(before.value, rule_judge(rule, &s->view, arena, NULL).value);
}

static void test_order_means_nothing(void **state)
{
	(void)state;
	for_snapshots(false, false, order_means_nothing);
}

/* fail_fast: what is false although everything is hidden that hasn't failed, is false. */
static void failed_for_good_is_failed(struct arena *arena, const struct snapshot *s)
{
	struct writing w = {.of_chainlets = true, .with_baseline = true};
	const char *text = arena_printf(arena, "%s chainlets where %s have %s", quantifier(arena), expression(arena, &w), expression(arena, &w));
	struct view hidden = s->view;
	hidden.only_failed = true;
	enum truth early = rule_judge(parse(arena, text), &hidden, arena, NULL).value, late = judge(arena, text, s);
	if (early == TRUTH_UNKNOWN || early == late || late == TRUTH_UNKNOWN)
		return;
	show(s);
	fail_msg("%s was %s when only what has failed was looked at, and is %s", text, truth_name(early), truth_name(late));
}

static void test_failed_for_good_is_failed(void **state)
{
	(void)state;
	for_snapshots(false, false, failed_for_good_is_failed);
}

static void test_enough(void **state)
{
	(void)state;
	printf("%zu judgements compared\n", compared);
	assert_true(compared >= 100000);
}

int main(void)
{
	const char *given = getenv("CHAINGATE_TEST_SEED");
	seed_now = given ? strtoull(given, NULL, 10) : SEED_DEFAULT;
	if (seed_now == 0)
		seed_now = SEED_DEFAULT;
	printf("CHAINGATE_TEST_SEED=%llu\n", (unsigned long long)seed_now);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_de_morgan),
		cmocka_unit_test(test_no_is_at_most_none),
		cmocka_unit_test(test_all_is_not_any_not),
		cmocka_unit_test(test_knowing_more_changes_no_answer),
		cmocka_unit_test(test_printed_is_the_same),
		cmocka_unit_test(test_order_means_nothing),
		cmocka_unit_test(test_failed_for_good_is_failed),
		cmocka_unit_test(test_enough),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
