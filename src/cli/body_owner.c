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

static bool refuse(const struct body_owner *owner, const struct body_wanted *wanted, struct text id)
{
	struct diags *usage = owner->usage;
	const char *of = target_kind_name(owner->kind), *shown = diag_value(usage, wanted->chain);
	const char *shown_id = diag_value(usage, id);
	struct diag *diag;
	if (owner->said.name.length)
		diag = usage_error(usage, "the body is of the %s '%s', whose id is '%s', and not of '%s'", of,
				   diag_value(usage, owner->said.name), shown_id, shown);
	else if (wanted->is_id)
		diag = usage_error(usage, "the body is of the %s with the id '%s', and not of '%s'", of, shown_id,
				   shown);
	else
		diag = usage_error(usage,
				   "the body is of the %s with the id '%s', and doesn't say whether it is called '%s'",
				   of, shown_id, shown);
	if (wanted->is_id)
		diag_hint(usage, diag, "give the body of the %s in the URL; or judge this one: --%s %s", of, of,
			  shown_id);
	else
		diag_hint(usage, diag,
			  "give --%s ID, or a body that 'chaingate status --%s %s --format json' has written: it says "
			  "the name",
			  of, of, shown);
	return false;
}

/* True if the body is of what was wanted, though it doesn't list that as an id. */
static bool is_called(const struct body_owner *owner, const struct body_wanted *wanted)
{
	bool is_silent = !owner->said.name.length && !owner->said.id.length;
	return !wanted->chain.length ||
	       (!wanted->is_id && (says(owner, wanted->chain) || (is_silent && !wanted->is_option)));
}

bool body_owner_find(const struct body_owner *owner, const struct body_wanted *wanted, struct text *out)
{
	*out = wanted->chain;
	if (!is_consistent(owner))
		return false;
	if (owner->listing->count == 0 || (wanted->chain.length && listing_shows_chain(owner->listing, wanted->chain)))
		return true;
	return find_only_id(owner, out) && (is_called(owner, wanted) || refuse(owner, wanted, *out));
}

/* True if the baseline is in the chain or model with that id. An option replaces the policy's name for that, but not the
 * baseline's. */
static bool is_own_baseline(const struct body_owner *owner, const struct policy_baseline *baseline,
			    const struct body_wanted *wanted, struct text id)
{
	return baseline->selector.of == owner->kind &&
	       (text_equal(baseline->chain, id) ||
		(!baseline->chain_is_id && text_equal(owner->said.id, id) && says(owner, baseline->chain)) ||
		(!wanted->is_option && baseline->chain_is_id == wanted->is_id &&
		 text_equal(baseline->chain, wanted->chain)));
}

bool body_owner_has_baseline(const struct body_owner *owner, const struct policy_baseline *baseline,
			     const struct body_wanted *wanted, struct text id)
{
	if (!baseline || !baseline->chain.length || is_own_baseline(owner, baseline, wanted, id))
		return true;
	const char *of = target_kind_name(baseline->selector.of);
	struct diag *diag = usage_error(
		owner->usage, "the policy's baseline is in the %s '%s', and the body doesn't say that it is of that",
		of, diag_value(owner->usage, baseline->chain));
	const char *record = "record a run ('chaingate check --record'), and give the recording to 'chaingate replay'";
	if (wanted->is_option)
		diag_hint(owner->usage, diag, "leave out --%s, or %s", of, record);
	else
		diag_hint(owner->usage, diag, "%s", record);
	return false;
}
