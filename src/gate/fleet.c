/* fleet.c - see fleet.h. */
#include "chaingate/fleet.h"

#include "chaingate/buf.h"
#include "chaingate/glob.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* How many chains a message lists, and how much of a name it shows. */
#define LISTED_MAX 8
#define NAME_SHOWN_MAX 40

/* ---- shards ----------------------------------------------------------------------------------------------------- */

/* shard = I "/" N | "index:" K "/" N */
bool shard_parse(struct text text, struct shard *out)
{
	size_t numbers[2] = {0, 0}, at = 0, from_0 = 0;
	if (text_starts_with(text, SHARD_INDEX)) {
		from_0 = 1;
		text = text_slice(text, strlen(SHARD_INDEX), text.length);
	}
	for (size_t i = 0; i < 2; i++) {
		size_t begin = at;
		for (; at < text.length && text.bytes[at] >= '0' && text.bytes[at] <= '9'; at++) {
			if (at > begin && numbers[i] == 0)
				return false; /* a leading zero */
			numbers[i] = numbers[i] * 10 + (size_t)(text.bytes[at] - '0');
			if (numbers[i] > SHARDS_MAX)
				return false;
		}
		if (at == begin || (i == 0 && (at == text.length || text.bytes[at++] != '/')))
			return false;
	}
	numbers[0] += from_0;
	if (at < text.length || numbers[0] == 0 || numbers[0] > numbers[1])
		return false;
	*out = (struct shard){numbers[0], numbers[1]};
	return true;
}

/* The finalizer of splitmix64: each bit of the result depends on each bit of the value. */
static uint64_t mix(uint64_t value)
{
	value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
	value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
	return value ^ (value >> 31);
}

bool shard_has(struct shard shard, struct text chain_id)
{
	uint64_t hash = text_hash(TEXT_HASH_BEGIN, chain_id), best_score = 0;
	size_t best = 0;
	for (size_t i = 1; i <= shard.count; i++) {
		uint64_t score = mix(hash + i * 0x9e3779b97f4a7c15u);
		if (best == 0 || score > best_score) {
			best = i;
			best_score = score;
		}
	}
	return best == shard.index;
}

/* ---- the list of chains ----------------------------------------------------------------------------------------- */

struct finder {
	struct arena *arena;
	const struct fleet_request *request;
	struct diags *diags;
	const struct chain **by_name, **by_id;
	struct fleet_member *members;
	size_t count, capacity;
	size_t *positions;
};

static int compare_names(const void *left, const void *right)
{
	const struct chain *a = *(const struct chain *const *)left, *b = *(const struct chain *const *)right;
	int order = text_compare(a->name, b->name);
	return order ? order : text_compare(a->id, b->id);
}

static int compare_ids(const void *left, const void *right)
{
	const struct chain *a = *(const struct chain *const *)left, *b = *(const struct chain *const *)right;
	return text_compare(a->id, b->id);
}

static void sort(struct finder *f)
{
	size_t count = f->request->chain_count;
	f->by_name = ARENA_ARRAY(f->arena, const struct chain *, count + 1);
	f->by_id = ARENA_ARRAY(f->arena, const struct chain *, count + 1);
	for (size_t i = 0; i < count; i++)
		f->by_name[i] = f->by_id[i] = &f->request->chains[i];
	qsort(f->by_name, count, sizeof(*f->by_name), compare_names);
	qsort(f->by_id, count, sizeof(*f->by_id), compare_ids);
}

/* The first chain in `sorted` whose key isn't less than `wanted`; the count if there is none. */
static size_t lower_bound(const struct chain *const *sorted, size_t count, bool is_id, struct text wanted)
{
	size_t low = 0;
	while (low < count) {
		size_t middle = low + (count - low) / 2;
		if (text_compare(is_id ? sorted[middle]->id : sorted[middle]->name, wanted) < 0)
			low = middle + 1;
		else
			count = middle;
	}
	return low;
}

/* NULL: no chain has this id. */
static const struct chain *with_id(const struct finder *f, struct text id)
{
	size_t at = lower_bound(f->by_id, f->request->chain_count, true, id);
	return at < f->request->chain_count && text_equal(f->by_id[at]->id, id) ? f->by_id[at] : NULL;
}

/* How many chains have this name; *first is the first of them. */
static size_t with_name(const struct finder *f, struct text name, const struct chain **first)
{
	size_t at = lower_bound(f->by_name, f->request->chain_count, false, name), count = 0;
	*first = at < f->request->chain_count ? f->by_name[at] : NULL;
	while (at + count < f->request->chain_count && text_equal(f->by_name[at + count]->name, name))
		count++;
	return count;
}

/* ---- mistakes --------------------------------------------------------------------------------------------------- */

static const char *place_of(const struct policy_target *target)
{
	return target->chain_from.length ? target->chain_from.bytes : "the chain";
}

/* "the key can see 'a', 'b' and 3 more", in the order of the names, each once. */
static const char *seen(const struct finder *f)
{
	struct buf words = buf_make(BUF_LIMIT_REPORT);
	size_t listed = 0, names = 0;
	for (size_t i = 0; i < f->request->chain_count; i++) {
		if (i > 0 && text_equal(f->by_name[i]->name, f->by_name[i - 1]->name))
			continue;
		if (names++ >= LISTED_MAX)
			continue;
		buf_add_string(&words, listed++ == 0 ? "the key can see " : ", ");
		text_add_quoted(&words, f->by_name[i]->name, NAME_SHOWN_MAX);
	}
	if (names > listed)
		buf_printf(&words, " and %zu more", names - listed);
	const char *kept = names ? arena_string(f->arena, buf_string(&words)) : "the key can see no chains";
	buf_release(&words);
	return kept;
}

/* A glob that matches only this text, which has characters that mean something in a glob. */
static const char *literal_glob(struct arena *arena, struct text name)
{
	struct buf glob = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < name.length; i++) {
		bool is_special = name.bytes[i] == '*' || name.bytes[i] == '?' || name.bytes[i] == '[';
		if (name.bytes[i] == '\\')
			buf_add_byte(&glob, '\\');
		buf_printf(&glob, is_special ? "[%c]" : "%c", name.bytes[i]);
	}
	const char *kept = arena_string(arena, buf_string(&glob));
	buf_release(&glob);
	return kept;
}

/* Whoever writes the whole name of a chain means this chain, and a glob that doesn't match it would watch another one. */
static void report_literal(const struct finder *f, const struct policy_target *target, const struct chain *named)
{
	struct diag *diag = diag_error(f->diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE,
				       "%s: '%s' is read as a glob, which doesn't match the chain of exactly this name",
				       place_of(target), diag_value(f->diags, target->chain));
	diag_hint(f->diags, diag, "write '%s', or give the chain's id: %.*s",
		  diag_value(f->diags, text_of(literal_glob(f->arena, named->name))), TEXT_ARG(named->id));
}

static void report_unmatched(const struct finder *f, const struct policy_target *target)
{
	struct diag *diag = diag_error(f->diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE,
				       "%s: no chain's name matches '%s'; %s", place_of(target),
				       diag_value(f->diags, target->chain), seen(f));
	diag_hint(f->diags, diag, "* is any text, ? one character; capitals and small letters differ");
}

static void report_unclear(const struct finder *f, const struct policy_target *target, size_t called)
{
	struct diag *diag = called ? diag_error(f->diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE,
						"%s: %zu chains are called '%s', so no shard is theirs",
						place_of(target), called, diag_value(f->diags, target->chain))
				   : diag_error(f->diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE,
						"%s: no chain has the %s '%s', so it is in no shard; %s",
						place_of(target), target->chain_is_id ? "id" : "id or name",
						diag_value(f->diags, target->chain), seen(f));
	diag_hint(f->diags, diag, called ? "give their ids" : "with --shard each chain must exist when the run starts");
}

static void report_too_many(const struct finder *f, size_t whole)
{
	struct diag *diag =
		diag_error(f->diags, NULL, (struct span){0, 0}, DIAG_LIMIT_EXCEEDED,
			   "%zu chains are to be watched, but one run watches at most %d", f->count, FLEET_MAX);
	/* One part more than needed if all were equally large: chance makes some larger. */
	diag_hint(f->diags, diag,
		  "divide them among several runs: --shard 1/%zu to --shard %zu/%zu, then chaingate merge",
		  whole / FLEET_MAX + 2, whole / FLEET_MAX + 2, whole / FLEET_MAX + 2);
}

/* ---- members ---------------------------------------------------------------------------------------------------- */

static void add(struct finder *f, const struct fleet_member *member)
{
	f->members = arena_grow(f->arena, f->members, f->count, &f->capacity, sizeof(*f->members));
	f->members[f->count++] = *member;
}

/* A name that several chains have, or that is another chain's id, doesn't say which chain it is. */
static struct fleet_member member_of_glob(const struct finder *f, const struct policy_target *target,
					  const struct chain *chain)
{
	const struct chain *first, *other = with_id(f, chain->name);
	struct fleet_member member = {target, chain->name, chain->name, chain->id, true};
	if (with_name(f, chain->name, &first) == 1 && (!other || other == chain))
		return member;
	member.chain = chain->id;
	member.label = text_of(arena_printf(f->arena, "%.*s (%.*s)", TEXT_ARG(chain->name), TEXT_ARG(chain->id)));
	return member;
}

static void find_glob(struct finder *f, const struct policy_target *target)
{
	struct arena scratch = {0};
	const char *why;
	const struct glob *glob = glob_make(f->arena, target->chain, &why);
	const struct chain *named;
	size_t before = f->count;
	if (!glob) {
		struct diag *diag = diag_error(f->diags, NULL, (struct span){0, 0}, DIAG_INVALID_VALUE,
					       "%s: '%s' cannot be read: %s", place_of(target),
					       diag_value(f->diags, target->chain), why);
		diag_hint(f->diags, diag, GLOB_REMEDY);
		return;
	}
	if (with_name(f, target->chain, &named) && !glob_matches(glob, target->chain, &scratch)) {
		report_literal(f, target, named);
		arena_release(&scratch);
		return;
	}
	for (size_t i = 0; i < f->request->chain_count; i++) {
		if (!glob_matches(glob, f->by_name[i]->name, &scratch))
			continue;
		struct fleet_member member = member_of_glob(f, target, f->by_name[i]);
		add(f, &member);
	}
	if (f->count == before)
		report_unmatched(f, target);
	arena_release(&scratch);
}

static void find_one(struct finder *f, const struct policy_target *target)
{
	const struct chain *named, *chain = with_id(f, target->chain);
	size_t called = chain || target->chain_is_id ? 0 : with_name(f, target->chain, &named);
	struct fleet_member member = {.target = target, .chain = target->chain, .label = target->chain};
	if (!chain && called == 1)
		chain = named;
	if (chain)
		member.chain_id = chain->id;
	else if (f->request->shard.count)
		report_unclear(f, target, called);
	add(f, &member);
}

static struct text identity(const struct fleet_member *member)
{
	return member->chain_id.length ? member->chain_id : member->chain;
}

/* The list has no chain with the id in the URL. A chain with that name is another one. */
static int is_unseen_id(const struct fleet_member *member)
{
	return !member->chain_id.length && member->target->chain_is_id;
}

static int compare_identities(const void *left, const void *right)
{
	const struct fleet_member *a = *(const struct fleet_member *const *)left,
				  *b = *(const struct fleet_member *const *)right;
	int order = text_compare(identity(a), identity(b));
	order = order ? order : is_unseen_id(a) - is_unseen_id(b);
	return order ? order : (a > b) - (a < b);
}

/* Keeps the first member of each chain. */
static void drop_repeats(struct finder *f)
{
	struct arena scratch = {0};
	struct fleet_member **sorted = ARENA_ARRAY(&scratch, struct fleet_member *, f->count + 1);
	size_t kept = 0;
	for (size_t i = 0; i < f->count; i++)
		sorted[i] = &f->members[i];
	qsort(sorted, f->count, sizeof(struct fleet_member *), compare_identities);
	for (size_t i = 0, first = 0; i < f->count; i++) {
		if (i > 0 && text_equal(identity(sorted[i]), identity(sorted[first])) &&
		    is_unseen_id(sorted[i]) == is_unseen_id(sorted[first]))
			sorted[i]->target = NULL;
		else
			first = i;
	}
	for (size_t i = 0; i < f->count; i++)
		if (f->members[i].target)
			f->members[kept++] = f->members[i];
	f->count = kept;
	arena_release(&scratch);
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static struct text ids_of(const struct finder *f)
{
	struct buf ids = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < f->count; i++)
		buf_printf(&ids, "%zu %.*s\n", (size_t)(f->members[i].target - f->request->targets),
			   TEXT_ARG(identity(&f->members[i])));
	struct text kept = arena_text(f->arena, buf_text(&ids));
	buf_release(&ids);
	return kept;
}

static void keep_shard(struct finder *f)
{
	const struct fleet_member *all = f->members;
	size_t kept = 0;
	f->positions = ARENA_ARRAY(f->arena, size_t, f->count + 1);
	f->members = ARENA_ARRAY(f->arena, struct fleet_member, f->count + 1);
	for (size_t i = 0; i < f->count; i++) {
		if (f->request->shard.count && !shard_has(f->request->shard, all[i].chain_id))
			continue;
		f->positions[kept] = i;
		f->members[kept++] = all[i];
	}
	f->count = kept;
}

bool fleet_find(struct arena *arena, const struct fleet_request *request, struct diags *diags, struct fleet *out)
{
	struct finder f = {.arena = arena, .request = request, .diags = diags};
	size_t errors = diags->errors;
	sort(&f);
	for (size_t i = 0; i < request->target_count; i++) {
		if (glob_is_one(request->targets[i].chain))
			find_glob(&f, &request->targets[i]);
		else
			find_one(&f, &request->targets[i]);
	}
	if (diags->errors > errors)
		return false;
	if (!request->keeps_repeats)
		drop_repeats(&f);
	*out = (struct fleet){.whole = f.count, .all = f.members, .ids = ids_of(&f)};
	keep_shard(&f);
	if (f.count > FLEET_MAX) {
		report_too_many(&f, out->whole);
		return false;
	}
	out->positions = f.positions;
	out->members = f.members;
	out->count = f.count;
	return true;
}
