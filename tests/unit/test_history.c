/* test_history.c - since when each status is unchanged, even if the rest of the listing changes. */
#include "chaingate/deployment.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/* Makes a listing from a short notation: "a=ACTIVE(x=ACTIVE y=BUILDING) b=FAILED()". */
static const struct listing *listing_of(struct arena *arena, const char *notation)
{
	enum { MOST = 8 };
	struct listing *listing = ARENA_NEW(arena, struct listing);
	struct deployment *deployments = ARENA_ARRAY(arena, struct deployment, MOST);
	listing->deployments = deployments;
	while (*notation) {
		struct deployment *deployment = &deployments[listing->count++];
		struct chainlet *chainlets = ARENA_ARRAY(arena, struct chainlet, MOST);
		size_t id = strcspn(notation, "="), word = strcspn(notation, "(") - id - 1;
		deployment->id = (struct text){notation, id};
		deployment->status_word = (struct text){notation + id + 1, word};
		deployment->status = status_parse(deployment->status_word);
		deployment->ordinal = listing->ordinals++;
		deployment->chainlets = chainlets;
		notation += id + 1 + word + 1;
		while (*notation != ')') {
			struct chainlet *chainlet = &chainlets[deployment->chainlet_count++];
			size_t name = strcspn(notation, "="), length = strcspn(notation, " )") - name - 1;
			chainlet->name = (struct text){notation, name};
			chainlet->id = TEXT("same");
			chainlet->status_word = (struct text){notation + name + 1, length};
			chainlet->status = status_parse(chainlet->status_word);
			chainlet->ordinal = listing->ordinals++;
			notation += name + 1 + length;
			notation += strspn(notation, " ");
		}
		notation += strspn(notation, ") ");
	}
	return listing;
}

static void render(char *out, size_t size, const struct listing *listing, const struct status_history *history)
{
	size_t at = 0;
	out[0] = '\0';
	for (size_t i = 0; i < listing->count; i++) {
		const struct deployment *deployment = &listing->deployments[i];
		at += (size_t)snprintf(out + at, size - at, "%.*s=%d(", TEXT_ARG(deployment->id),
				       (int)history->since_ns[deployment->ordinal]);
		for (size_t k = 0; k < deployment->chainlet_count; k++)
			at += (size_t)snprintf(out + at, size - at, "%s%.*s=%d", k > 0 ? " " : "",
					       TEXT_ARG(deployment->chainlets[k].name),
					       (int)history->since_ns[deployment->chainlets[k].ordinal]);
		at += (size_t)snprintf(out + at, size - at, ") ");
	}
}

/* `before` was listed at time 10, `now` at time 20; `expected` has the time since when each status is unchanged. */
static const struct {
	const char *before, *now, *expected;
} cases[] = {
	{"a=ACTIVE(x=ACTIVE y=BUILDING)", "a=ACTIVE(x=ACTIVE y=BUILDING)", "a=10(x=10 y=10) "},
	{"a=ACTIVE(x=ACTIVE y=BUILDING)", "a=ACTIVE(y=BUILDING x=ACTIVE)", "a=10(y=10 x=10) "},
	{"a=BUILDING(x=BUILDING y=BUILDING)", "a=BUILDING(x=DEPLOYING y=BUILDING)", "a=10(x=20 y=10) "},
	{"a=BUILDING(x=BUILDING)", "a=ACTIVE(x=BUILDING)", "a=20(x=10) "},
	{"", "a=ACTIVE(x=ACTIVE)", "a=20(x=20) "},
	{"a=ACTIVE(x=ACTIVE)", "", ""},
	{"a=ACTIVE(x=ACTIVE) b=FAILED(x=FAILED)", "b=FAILED(x=FAILED) a=ACTIVE(x=ACTIVE)", "b=10(x=10) a=10(x=10) "},
	{"a=ACTIVE(x=ACTIVE) b=FAILED(x=FAILED)", "c=FAILED(x=ACTIVE) b=FAILED(x=FAILED)", "c=20(x=20) b=10(x=10) "},
	{"a=ACTIVE(x=ACTIVE)", "b=ACTIVE(x=ACTIVE)", "b=20(x=20) "},
	{"a=ACTIVE(x=ACTIVE)", "a=ACTIVE(z=ACTIVE x=ACTIVE)", "a=10(z=20 x=10) "},
	{"a=ACTIVE()", "a=ACTIVE(x=ACTIVE)", "a=10(x=20) "},
	{"a=ODD(x=ODD)", "a=ODD(x=ODD)", "a=10(x=10) "},
	{"a=ODD(x=ODD)", "a=ODDER(x=ODDER)", "a=20(x=20) "},
	{"a=ODD(x=ODD)", "a=ODD(x=ACTIVE)", "a=10(x=20) "},
	{"a=ACTIVE(x=ACTIVE)", "a=active(x=active)", "a=20(x=20) "},
};

static void is_carried_over_where_nothing_changed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arena listed = {0}, old = {0}, new = {0};
		char rendered[256];
		struct status_history first = status_history_next(&old, NULL, listing_of(&listed, cases[i].before), 10);
		arena_release(&listed); /* the history must not point into it */
		const struct listing *now = listing_of(&new, cases[i].now);
		struct status_history second = status_history_next(&new, &first, now, 20);
		arena_release(&old);
		render(rendered, sizeof rendered, now, &second);
		assert_string_equal(rendered, cases[i].expected);
		arena_release(&new);
	}
}

static void begins_with_nothing(void **state)
{
	struct arena arena = {0};
	struct status_history nothing = {0};
	const struct listing *listing = listing_of(&arena, "a=ACTIVE(x=ACTIVE) b=ODD()");
	char rendered[256];
	(void)state;
	struct status_history history = status_history_next(&arena, &nothing, listing, 7);
	render(rendered, sizeof rendered, listing, &history);
	assert_string_equal(rendered, "a=7(x=7) b=7() ");
	arena_release(&arena);
}

static void runs_through_several_listings(void **state)
{
	static const char *const steps[] = {"a=BUILDING(x=BUILDING)", "a=BUILDING(x=ACTIVE)", "a=ACTIVE(x=ACTIVE)",
					    "a=ACTIVE(x=BUILDING)", "a=ACTIVE(x=ACTIVE)"};
	struct arena arena = {0};
	struct status_history history = {0};
	char rendered[256];
	(void)state;
	const struct listing *listing = NULL;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		listing = listing_of(&arena, steps[i]);
		history = status_history_next(&arena, &history, listing, (int64_t)i);
	}
	render(rendered, sizeof rendered, listing, &history);
	assert_string_equal(rendered, "a=2(x=4) ");
	arena_release(&arena);
}

static void things_are_found_by_id_and_name(void **state)
{
	struct arena arena = {0};
	const struct listing *listing = listing_of(&arena, "a=ACTIVE(x=ACTIVE y=ACTIVE) ab=ACTIVE()");
	(void)state;
	assert_ptr_equal(listing_find(listing, TEXT("ab")), &listing->deployments[1]);
	assert_null(listing_find(listing, TEXT("b")));
	assert_null(listing_find(listing, TEXT("")));
	assert_ptr_equal(deployment_chainlet(listing->deployments, TEXT("y")), &listing->deployments[0].chainlets[1]);
	assert_null(deployment_chainlet(listing->deployments, TEXT("X")));
	assert_null(deployment_chainlet(&listing->deployments[1], TEXT("x")));
	arena_release(&arena);
}

/* Comparing every item with every other would take minutes for lists of this length. */
static void is_quick_for_long_lists(void **state)
{
	enum { COUNT = 100000 };
	struct arena arena = {0};
	struct chainlet *chainlets = ARENA_ARRAY(&arena, struct chainlet, COUNT);
	struct deployment *deployments = ARENA_ARRAY(&arena, struct deployment, COUNT);
	(void)state;
	for (size_t i = 0; i < COUNT; i++) {
		struct text name = text_of(arena_printf(&arena, "%zu", i * 7919 % COUNT));
		chainlets[i] = (struct chainlet){.name = name, .status = STATUS_ACTIVE, .ordinal = COUNT + i};
		deployments[i] = (struct deployment){.id = name, .status = STATUS_ACTIVE, .ordinal = i};
	}
	deployments[0].chainlets = chainlets;
	deployments[0].chainlet_count = COUNT;
	struct listing listing = {.deployments = deployments, .count = COUNT, .ordinals = (size_t)2 * COUNT};
	struct status_history first = status_history_next(&arena, NULL, &listing, 1);
	/* In reverse order, so that no item is at its old index. */
	for (size_t i = 0; i < COUNT / 2; i++) {
		struct deployment deployment = deployments[i];
		deployments[i] = deployments[COUNT - 1 - i];
		deployments[COUNT - 1 - i] = deployment;
	}
	struct status_history second = status_history_next(&arena, &first, &listing, 2);
	for (size_t i = 0; i < listing.ordinals; i++)
		assert_int_equal(second.since_ns[i], 1);
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_carried_over_where_nothing_changed),
		cmocka_unit_test(begins_with_nothing),
		cmocka_unit_test(runs_through_several_listings),
		cmocka_unit_test(things_are_found_by_id_and_name),
		cmocka_unit_test(is_quick_for_long_lists),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
