/* chains.c - which chains and environments a plan's targets need, and which of them form a group. */
#include "chains.h"

/* How the plan has a chain. */
struct wanted {
	struct text chain;
	bool is_id;
};

/* A hash table of the chains by name, used while they are collected: open addressing, at most half full. A slot holds a
 * chain's index + 1. */
struct names {
	size_t *slots;
	size_t mask;
};

static size_t first_slot(const struct names *names, enum target_kind kind, struct text name, struct text environment)
{
	uint64_t hash = text_hash(text_hash(TEXT_HASH_BEGIN + (uint64_t)kind, name), environment);
	return (size_t)(hash ^ hash >> 32) & names->mask;
}

/* The chain from whose answers the selector selects. Compares the chains as given, so an id and a name of one chain count as
 * different, and so do a URL and what it has as its id. */
static size_t chain_index(struct driver *driver, const struct names *names, struct wanted wanted,
			  const struct selector *selector)
{
	struct text environment = selector_environment(selector);
	size_t slot = first_slot(names, selector->of, wanted.chain, environment);
	for (; names->slots[slot]; slot = (slot + 1) & names->mask) {
		const struct driver_chain *chain = &driver->chains[names->slots[slot] - 1];
		if (chain->kind == selector->of && text_equal(chain->wanted, wanted.chain) &&
		    chain->is_id == wanted.is_id && text_equal(chain->environment, environment))
			return names->slots[slot] - 1;
	}
	size_t index = driver->chain_count++;
	driver->chains[index] =
		(struct driver_chain){.kind = selector->of,
				      .wanted = wanted.chain,
				      .is_id = wanted.is_id,
				      .environment = environment,
				      .group = index,
				      .miss = {.cause = MISS_TIMEOUT, .detail = TEXT("there is no answer yet")}};
	names->slots[slot] = index + 1;
	return index;
}

static void join_groups(struct driver *driver, size_t a, size_t b)
{
	size_t from = driver->chains[b].group, to = driver->chains[a].group;
	if (from == to)
		return;
	for (size_t i = 0; i < driver->chain_count; i++)
		if (driver->chains[i].group == from)
			driver->chains[i].group = to;
}

static void add_selector(struct driver *driver, size_t index, const struct selector *selector)
{
	struct driver_chain *chain = &driver->chains[index];
	struct selectors *selectors = &driver->selectors[index];
	selectors->items = arena_grow(&driver->arena, selectors->items, chain->selector_count, &selectors->room,
				      sizeof(*selectors->items));
	selectors->items[chain->selector_count++] = selector;
	chain->selectors = selectors->items;
}

void chains_find(struct driver *driver)
{
	const struct gate_plan *plan = driver->plan;
	struct arena arena = {0};
	struct names names = {.mask = 1};
	while (names.mask < 4 * plan->target_count)
		names.mask = names.mask * 2 + 1;
	names.slots = ARENA_ARRAY(&arena, size_t, names.mask + 1);
	for (size_t i = 0; i < plan->target_count; i++) {
		const struct gate_target *target = &plan->targets[i];
		const struct policy_baseline *baseline = &target->baseline;
		struct wanted own = {target->chain, target->chain_is_id};
		struct wanted other = {baseline->chain, baseline->chain_is_id};
		driver->own[i] = driver->baseline[i] = chain_index(driver, &names, own, &target->selector);
		driver->chains[driver->own[i]].known_id = target->chain_id;
		if (baseline->given)
			driver->baseline[i] =
				chain_index(driver, &names, other.chain.length ? other : own, &baseline->selector);
		if (!baseline->chain.length)
			driver->chains[driver->baseline[i]].known_id = target->chain_id;
		join_groups(driver, driver->own[i], driver->baseline[i]);
		add_selector(driver, driver->own[i], &target->selector);
		/* In both: they may turn out to be one chain, named in two ways (see observation_of). */
		if (target->baseline.given)
			add_selector(driver, driver->own[i], &target->baseline.selector);
		if (driver->baseline[i] != driver->own[i])
			add_selector(driver, driver->baseline[i], &target->baseline.selector);
	}
	arena_release(&arena);
}
