/* body_owner.c - see body_owner.h. */
#include "body_owner.h"

#include "chaingate/glob.h"
#include "command.h"

/* A body that contradicts itself is of nobody: a row of one model would be judged in another's name. */
static bool is_consistent(const struct body_owner *owner)
{
	const char *of = target_kind_name(owner->kind);
	struct diags *usage = owner->usage;
	for (size_t i = 0; owner->said.id.length && i < owner->listing->count; i++) {
		const struct deployment *row = &owner->listing->deployments[i];
		if (text_equal(row->chain_id, owner->said.id))
			continue;
		struct diag *diag = usage_error(
			usage, "the body says that it is of the %s '%s', but its deployment '%s' is of '%s'", of,
			diag_value(usage, owner->said.id), diag_value(usage, row->id),
			diag_value(usage, row->chain_id));
		diag_hint(usage, diag, "give a body as 'chaingate status --%s NAME --format json' has written it", of);
		return false;
	}
	return true;
}

static bool lists_id(const struct listing *listing, struct text id)
{
	for (size_t i = 0; i < listing->count; i++)
		if (text_equal(listing->deployments[i].chain_id, id))
			return true;
	return false;
}

/* The id that all deployments have. Only if there are several, the user must say which. */
static bool find_only_id(const struct body_owner *owner, struct text *out)
{
	const struct listing *listing = owner->listing;
	struct text id = listing->deployments[0].chain_id;
	for (size_t i = 1; i < listing->count; i++) {
		if (text_equal(listing->deployments[i].chain_id, id))
			continue;
		usage_error(owner->usage, "the body has deployments of several %s: say which with --%s ID",
			    target_kind_plural(owner->kind), target_kind_name(owner->kind));
		return false;
	}
	*out = id;
	return true;
}

/* True if the body says that name, or one that the glob matches. */
static bool says(const struct body_owner *owner, struct text wanted)
{
	struct text name = owner->said.name;
	const char *why;
	const struct glob *glob = glob_is_one(wanted) ? glob_make(owner->arena, wanted, &why) : NULL;
	return name.length && (text_equal(wanted, name) || (glob && glob_matches(glob, name, owner->arena)));
}

static bool refuse(const struct body_owner *owner, struct text wanted, struct text id)
{
	struct diags *usage = owner->usage;
	const char *of = target_kind_name(owner->kind), *shown = diag_value(usage, wanted);
	const char *shown_id = diag_value(usage, id);
	struct diag *diag =
		owner->said.name.length
			? usage_error(usage, "the body is of the %s '%s', whose id is '%s', and not of '%s'", of,
				      diag_value(usage, owner->said.name), shown_id, shown)
			: usage_error(usage,
				      "the body is of the %s with the id '%s', and doesn't say whether it is called "
				      "'%s'",
				      of, shown_id, shown);
	diag_hint(usage, diag,
		  "give --%s ID, or a body that 'chaingate status --%s %s --format json' has written: it says the name",
		  of, of, shown);
	return false;
}

bool body_owner_find(const struct body_owner *owner, struct text wanted, bool is_option, struct text *out)
{
	bool is_silent = !owner->said.name.length && !owner->said.id.length;
	*out = wanted;
	if (!is_consistent(owner))
		return false;
	if (owner->listing->count == 0 || (wanted.length && lists_id(owner->listing, wanted)))
		return true;
	if (!find_only_id(owner, out))
		return false;
	return !wanted.length || says(owner, wanted) || (is_silent && !is_option) || refuse(owner, wanted, *out);
}

bool body_owner_has_baseline(const struct body_owner *owner, const struct policy_baseline *baseline, struct text id)
{
	if (!baseline || !baseline->chain.length || text_equal(baseline->chain, id) ||
	    (text_equal(owner->said.id, id) && says(owner, baseline->chain)))
		return true;
	const char *of = target_kind_name(owner->kind);
	struct diag *diag = usage_error(
		owner->usage, "the policy's baseline is in the %s '%s', and the body doesn't say that it is of that",
		of, diag_value(owner->usage, baseline->chain));
	diag_hint(owner->usage, diag,
		  "leave out --%s, or record a run ('chaingate check --record'), and give the recording to 'chaingate "
		  "replay'",
		  of);
	return false;
}
