/* target_kind.c - see target_kind.h. */
#include "chaingate/target_kind.h"

static const struct {
	const char *name, *title, *plural, *id;
} kinds[TARGET_KIND_COUNT] = {
	[TARGET_CHAIN] = {"chain", "Chain", "chains", "chain_id"},
	[TARGET_MODEL] = {"model", "Model", "models", "model_id"},
};

const char *target_kind_name(enum target_kind kind)
{
	return kinds[kind].name;
}

const char *target_kind_title(enum target_kind kind)
{
	return kinds[kind].title;
}

const char *target_kind_plural(enum target_kind kind)
{
	return kinds[kind].plural;
}

const char *target_kind_id(enum target_kind kind)
{
	return kinds[kind].id;
}

bool target_kind_parse(struct text name, enum target_kind *out)
{
	for (int kind = 0; kind < TARGET_KIND_COUNT; kind++)
		if (text_is(name, kinds[kind].name)) {
			*out = (enum target_kind)kind;
			return true;
		}
	return false;
}
