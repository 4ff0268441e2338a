/* test_canonical.c - every change that makes a deployment a different one changes its canonical text, and no other
 * change does. */
#include "chaingate/deployment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#define NUMBER(n) \
	{ \
		true, n \
	}

static const struct autoscaling_settings settings = {
	.min_replica = 1,
	.max_replica = 2,
	.concurrency_target = 3,
	.autoscaling_window_s = NUMBER(4),
	.scale_down_delay_s = NUMBER(5),
	.target_utilization_percentage = NUMBER(6),
	.target_in_flight_tokens = NUMBER(7),
	.max_scale_down_rate = NUMBER(8),
};

static const struct chainlet chainlets[] = {
	{.id = {"a1", 2},
	 .name = {"A", 1},
	 .instance_type_name = {"H100", 4},
	 .status = STATUS_ACTIVE,
	 .status_word = {"ACTIVE", 6},
	 .active_replica_count = 2,
	 .settings = &settings,
	 .ordinal = 1},
	{.id = {"b1", 2}, .name = {"B", 1}, .instance_type_name = {"L4", 2}, .status_word = {"ODD", 3}, .ordinal = 2},
};

static const struct deployment deployment = {
	.id = {"q1", 2},
	.chain_id = {"c1", 2},
	.created_at_wall_ns = 5,
	.status = STATUS_ACTIVE,
	.status_word = {"ACTIVE", 6},
	.chainlets = chainlets,
	.chainlet_count = 2,
};

static bool is_same_settings(const struct autoscaling_settings *a, const struct autoscaling_settings *b)
{
	struct buf left = buf_make(1000), right = buf_make(1000);
	settings_add_canonical(&left, a);
	settings_add_canonical(&right, b);
	bool same = text_equal(buf_text(&left), buf_text(&right));
	buf_release(&left);
	buf_release(&right);
	return same;
}

static bool is_same(const struct deployment *a, const struct deployment *b, bool with_statuses)
{
	struct buf left = buf_make(1000), right = buf_make(1000);
	deployment_add_canonical(&left, a, with_statuses);
	deployment_add_canonical(&right, b, with_statuses);
	bool same = text_equal(buf_text(&left), buf_text(&right));
	buf_release(&left);
	buf_release(&right);
	return same;
}

/* Flips each byte of the struct in turn. If the text stays the same, the byte belongs to no setting. */
static void test_every_byte_of_settings(void **state)
{
	(void)state;
	size_t holes = 0;
	const size_t optional_integers = 5;
	for (size_t i = 0; i < sizeof(settings); i++) {
		struct autoscaling_settings other = settings;
		((unsigned char *)&other)[i] ^= 1; /* true becomes false */
		holes += is_same_settings(&settings, &other);
	}
	/* The only such bytes are padding, between each bool and its integer. */
	assert_int_equal(holes, optional_integers * (offsetof(struct optional_integer, value) - sizeof(bool)));
}

/* Attestations contain the text's digest: with another text, they don't agree with older ones. */
static void test_the_text_never_changes(void **state)
{
	static const struct autoscaling_settings extreme = {
		.min_replica = INT64_MIN, .max_replica = INT64_MAX, .scale_down_delay_s = NUMBER(-1)};
	static const struct autoscaling_settings longest = {
		.min_replica = INT64_MIN,
		.max_replica = INT64_MIN,
		.concurrency_target = INT64_MIN,
		.autoscaling_window_s = NUMBER(INT64_MIN),
		.scale_down_delay_s = NUMBER(INT64_MIN),
		.target_utilization_percentage = NUMBER(INT64_MIN),
		.target_in_flight_tokens = NUMBER(INT64_MIN),
		.max_scale_down_rate = NUMBER(INT64_MIN),
	};
	struct buf buf = buf_make(1000);
	(void)state;
	deployment_add_canonical(&buf, &deployment, true);
	assert_string_equal(buf_string(&buf),
			    "2:q16:ACTIVE2[1:A2:a14:H1006:ACTIVE1;2;3;4;5;6;7;8;1:B2:b12:L43:ODDnull;]");
	buf_clear(&buf);
	settings_add_canonical(&buf, &extreme);
	assert_string_equal(buf_string(&buf), "-9223372036854775808;9223372036854775807;0;-;-1;-;-;-;");
	buf_clear(&buf);
	settings_add_canonical(&buf, &longest);
	assert_int_equal(buf_text(&buf).length, 8 * strlen("-9223372036854775808;"));
	for (size_t i = 0; i < 8; i++)
		assert_true(text_starts_with(text_slice(buf_text(&buf), i * 21, 8 * 21), "-9223372036854775808;"));
	buf_release(&buf);
}

/* The same of what may be missing, and of a model. */
static void test_the_text_of_lacks_never_changes(void **state)
{
	static const struct chainlet nameless = {
		.id = {"x1", 2}, .has_unknown_name = true, .has_no_instance_type = true};
	struct deployment model = {.id = TEXT("q1"),
				   .of = TARGET_MODEL,
				   .is_development = {true, true},
				   .chainlets = &nameless,
				   .chainlet_count = 1};
	static const struct {
		enum labels_told told;
		const char *text;
	} rows[] = {
		{LABELS_TOLD, "2:q1model in development;1[unknown;2:x1null;null;]"},
		{LABELS_UNTOLD, "2:q1model in development;-;1[unknown;2:x1null;null;]"},
		{LABELS_TOO_MANY, "2:q1model in development;+;1[unknown;2:x1null;null;]"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct buf buf = buf_make(1000);
		model.labels_told = rows[i].told;
		deployment_add_canonical(&buf, &model, false);
		assert_string_equal(buf_string(&buf), rows[i].text);
		buf_release(&buf);
	}
}

static void test_absent_is_not_0(void **state)
{
	(void)state;
	struct autoscaling_settings zero = settings, absent = settings, junk = settings;
	zero.max_scale_down_rate = (struct optional_integer){true, 0};
	absent.max_scale_down_rate = (struct optional_integer){false, 0};
	junk.max_scale_down_rate = (struct optional_integer){false, 9};
	assert_false(is_same_settings(&zero, &absent));
	assert_true(is_same_settings(&absent, &junk));
	assert_false(is_same_settings(&(struct autoscaling_settings){0}, NULL));
}

/* Checks whether `other` differs from `deployment`: without statuses in the text, and with them. */
static void differs(const struct deployment *other, bool as_such, bool with_statuses)
{
	assert_int_equal(is_same(&deployment, other, false), !as_such);
	assert_int_equal(is_same(&deployment, other, true), !with_statuses);
}

static void changed(const struct chainlet *first, bool as_such, bool with_statuses)
{
	struct chainlet both[] = {*first, chainlets[1]};
	struct deployment other = deployment;
	other.chainlets = both;
	differs(&other, as_such, with_statuses);
}

static void test_every_member_of_a_chainlet(void **state)
{
	(void)state;
	/* If this fails, struct chainlet has a new member: add it below, and to the canonical text. */
	assert_int_equal(sizeof(struct chainlet), 4 * sizeof(struct text) + sizeof(int64_t) + 4 * sizeof(size_t));
	struct chainlet other = chainlets[0];
	changed(&other, false, false);
	other = chainlets[0], other.id = TEXT("a2"), changed(&other, true, true);
	other = chainlets[0], other.name = TEXT("AA"), changed(&other, true, true);
	other = chainlets[0], other.instance_type_name = TEXT("L4"), changed(&other, true, true);
	other = chainlets[0], other.settings = NULL, changed(&other, true, true);
	other = chainlets[0], other.status_word = TEXT("FAILED"), changed(&other, false, true);
	other = chainlets[0], other.active_replica_count = 0, changed(&other, false, false);
	other = chainlets[0], other.ordinal = 7, changed(&other, false, false);
	other = chainlets[0], other.has_no_instance_type = true, changed(&other, true, true);
	other = chainlets[0], other.has_unknown_name = true, changed(&other, true, true);
}

static void test_every_member_of_a_deployment(void **state)
{
	(void)state;
	/* If this fails, struct deployment has a new member: add it below, and to the canonical text. */
	assert_int_equal(sizeof(struct deployment), sizeof(struct {
				 struct text id, chain_id;
				 bool has_environment;
				 struct text environment;
				 int64_t created_at_wall_ns;
				 enum status status;
				 struct text status_word;
				 const struct chainlet *chainlets;
				 size_t chainlet_count;
				 bool is_brief;
				 const struct environment *shown_by;
				 size_t ordinal;
				 enum target_kind of;
				 struct optional_boolean is_development;
				 enum labels_told labels_told;
				 const struct label *labels;
				 size_t label_count;
			 }));
	const struct environment environment = {.name = TEXT("production")};
	const struct chainlet turned[] = {chainlets[1], chainlets[0]};
	struct deployment other = deployment;
	other.chainlets = turned;
	differs(&other, false, false); /* the API's order doesn't matter */
	other = deployment, differs(&other, false, false);
	other = deployment, other.id = TEXT("q2"), differs(&other, true, true);
	other = deployment, other.chainlet_count = 1, differs(&other, true, true);
	other = deployment, other.chainlet_count = 0, differs(&other, true, true);
	other = deployment, other.status_word = TEXT("FAILED"), differs(&other, false, true);
	other = deployment, other.created_at_wall_ns = 6, differs(&other, false, false);
	other = deployment, other.ordinal = 6, differs(&other, false, false);
	other = deployment, other.of = TARGET_MODEL, differs(&other, true, true);
	/* All of a listing are of one chain, and the statuses are compared by their words. */
	other = deployment, other.chain_id = TEXT("c2"), differs(&other, false, false);
	other = deployment, other.status = STATUS_FAILED, differs(&other, false, false);
	/* These say how it was found, and may change while it stays the same. */
	other = deployment, other.has_environment = true, differs(&other, false, false);
	other = deployment, other.environment = TEXT("staging"), differs(&other, false, false);
	other = deployment, other.shown_by = &environment, differs(&other, false, false);
	other = deployment, other.is_brief = true, differs(&other, false, false);
}

/* What only a model's deployment has. */
static void test_every_member_of_a_models_deployment(void **state)
{
	static const struct label labels[] = {{{"a", 1}, {"x", 1}, LABEL_TEXT}};
	struct deployment one = deployment, other;
	(void)state;
	one.of = TARGET_MODEL, one.is_development = (struct optional_boolean){true, false},
	one.labels_told = LABELS_TOLD;
	other = one, assert_true(is_same(&one, &other, true));
	other = one, other.is_development.value = true, assert_false(is_same(&one, &other, false));
	other = one, other.labels_told = LABELS_UNTOLD, assert_false(is_same(&one, &other, false));
	other.labels_told = LABELS_TOO_MANY, assert_false(is_same(&one, &other, false));
	struct deployment untold = one;
	untold.labels_told = LABELS_UNTOLD, assert_false(is_same(&untold, &other, false));
	assert_null(deployment_label(&one, TEXT("a")));
	other = one, other.labels = labels, other.label_count = 1,
	assert_ptr_equal(deployment_label(&other, TEXT("a")), labels);
	assert_null(deployment_label(&other, TEXT("b")));
	other = one, other.labels = labels, other.label_count = 1, assert_false(is_same(&one, &other, false));
	other = one, other.chain_id = TEXT("m2"), assert_true(is_same(&one, &other, true));
	other = one, other.ordinal = 6, assert_true(is_same(&one, &other, true));
}

/* The order of labels has no meaning. */
static void test_labels(void **state)
{
	static const struct label labels[] = {{{"a", 1}, {"x", 1}, LABEL_TEXT}, {{"b", 1}, {"", 0}, LABEL_NULL}},
				  turned[] = {{{"b", 1}, {"", 0}, LABEL_NULL}, {{"a", 1}, {"x", 1}, LABEL_TEXT}},
				  odd[] = {{{"a", 1}, {"x", 1}, LABEL_TEXT}, {{"b", 1}, {"1", 1}, LABEL_ODD}},
				  odder[] = {{{"a", 1}, {"x", 1}, LABEL_TEXT}, {{"b", 1}, {"2", 1}, LABEL_ODD}},
				  valued[] = {{{"a", 1}, {"y", 1}, LABEL_TEXT}, {{"b", 1}, {"", 0}, LABEL_NULL}};
	struct deployment one = deployment, other = deployment;
	(void)state;
	one.labels = labels, one.label_count = 2;
	differs(&one, true, true);
	other.label_count = 2;
	other.labels = turned, assert_true(is_same(&one, &other, true));
	other.labels = odd, assert_false(is_same(&one, &other, false));
	struct deployment third = other;
	third.labels = odder, assert_false(is_same(&third, &other, false));
	other.labels = valued, assert_false(is_same(&one, &other, false));
	other.labels = labels, other.label_count = 1, assert_false(is_same(&one, &other, false));
}

/* The boundaries between fields are part of the canonical text. */
static void test_borders(void **state)
{
	(void)state;
	struct chainlet one = chainlets[0], two = chainlets[0];
	one.name = TEXT("A2:bb"), one.id = TEXT("c");
	two.name = TEXT("A"), two.id = TEXT("bb1:c");
	struct deployment a = deployment, b = deployment;
	a.chainlets = &one, a.chainlet_count = 1;
	b.chainlets = &two, b.chainlet_count = 1;
	assert_false(is_same(&a, &b, false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_byte_of_settings),
		cmocka_unit_test(test_the_text_never_changes),
		cmocka_unit_test(test_the_text_of_lacks_never_changes),
		cmocka_unit_test(test_absent_is_not_0),
		cmocka_unit_test(test_every_member_of_a_chainlet),
		cmocka_unit_test(test_every_member_of_a_deployment),
		cmocka_unit_test(test_every_member_of_a_models_deployment),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_borders),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
