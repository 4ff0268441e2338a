/* status.c - the tables of statuses and classes, and the functions that read them.
 *
 * Two arrays, both indexed by enum: a row with the facts, and the word, which suggestions need as a plain list.
 */
#include "chaingate/status.h"

struct status_row {
	enum status_class class;
	const char *meaning;
};

static const char *const words[STATUS_COUNT] = {
	[STATUS_UNKNOWN] = "(unknown)",
	[STATUS_BUILDING] = "BUILDING",
	[STATUS_DEPLOYING] = "DEPLOYING",
	[STATUS_LOADING_MODEL] = "LOADING_MODEL",
	[STATUS_UPDATING] = "UPDATING",
	[STATUS_WAKING_UP] = "WAKING_UP",
	[STATUS_DEACTIVATING] = "DEACTIVATING",
	[STATUS_ACTIVE] = "ACTIVE",
	[STATUS_SCALED_TO_ZERO] = "SCALED_TO_ZERO",
	[STATUS_INACTIVE] = "INACTIVE",
	[STATUS_UNHEALTHY] = "UNHEALTHY",
	[STATUS_BUILD_FAILED] = "BUILD_FAILED",
	[STATUS_BUILD_STOPPED] = "BUILD_STOPPED",
	[STATUS_DEPLOY_FAILED] = "DEPLOY_FAILED",
	[STATUS_FAILED] = "FAILED",
};

static const struct status_row rows[STATUS_COUNT] = {
	[STATUS_UNKNOWN] = {CLASS_NONE,
			    "The API sent a status that this version does not know; rules treat it as unknown."},
	[STATUS_BUILDING] = {CLASS_IN_PROGRESS, "The image is being built."},
	[STATUS_DEPLOYING] = {CLASS_IN_PROGRESS, "The image is built; a machine is being found and started for it."},
	[STATUS_LOADING_MODEL] = {CLASS_IN_PROGRESS, "The container runs and is loading its model."},
	[STATUS_UPDATING] = {CLASS_IN_PROGRESS, "Settings or resources are being changed."},
	[STATUS_WAKING_UP] = {CLASS_IN_PROGRESS, "Replicas are starting again after having been scaled to zero."},
	[STATUS_DEACTIVATING] =
		{CLASS_IN_PROGRESS,
		 "It is being shut down on request, or by the vendor's GitHub Action without cleanup: \"false\"."},
	[STATUS_ACTIVE] = {CLASS_READY, "It is up and takes requests."},
	[STATUS_SCALED_TO_ZERO] = {CLASS_IDLE, "No replica runs; the next request wakes it up."},
	[STATUS_INACTIVE] =
		{CLASS_IDLE,
		 "It was shut down on request, or by the vendor's GitHub Action without cleanup: \"false\"."},
	[STATUS_UNHEALTHY] = {CLASS_UNHEALTHY, "It is deployed but does not answer properly; it may recover."},
	[STATUS_BUILD_FAILED] = {CLASS_FAILED, "The image could not be built."},
	[STATUS_BUILD_STOPPED] = {CLASS_FAILED, "The build was stopped before its end."},
	[STATUS_DEPLOY_FAILED] = {CLASS_FAILED, "The image was built but could not be started."},
	[STATUS_FAILED] = {CLASS_FAILED, "It failed for good."},
};

static const char *const class_words[CLASS_COUNT] = {
	[CLASS_NONE] = "(none)", [CLASS_IN_PROGRESS] = "in_progress", [CLASS_READY] = "ready",
	[CLASS_IDLE] = "idle",   [CLASS_UNHEALTHY] = "unhealthy",     [CLASS_FAILED] = "failed",
};

/* The first entry of each table stands for an unknown word, and isn't a word of the API. */
#define FIRST_WORD 1

static size_t find_word(const char *const *table, size_t count, struct text word)
{
	for (size_t i = FIRST_WORD; i < count; i++)
		if (text_is(word, table[i]))
			return i;
	return 0;
}

static const struct status_row *row_of(enum status status)
{
	size_t index = (size_t)status;
	return &rows[index < STATUS_COUNT ? index : STATUS_UNKNOWN];
}

enum status status_parse(struct text word)
{
	return (enum status)find_word(words, STATUS_COUNT, word);
}

const char *status_name(enum status status)
{
	size_t index = (size_t)status;
	return words[index < STATUS_COUNT ? index : STATUS_UNKNOWN];
}

enum status_class status_class(enum status status)
{
	return row_of(status)->class;
}

const char *status_meaning(enum status status)
{
	return row_of(status)->meaning;
}

enum status_class status_class_parse(struct text word)
{
	return (enum status_class)find_word(class_words, CLASS_COUNT, word);
}

const char *status_class_name(enum status_class class)
{
	size_t index = (size_t) class;
	return class_words[index < CLASS_COUNT ? index : CLASS_NONE];
}

bool status_is_at_rest(enum status status)
{
	switch (status_class(status)) {
	case CLASS_READY:
	case CLASS_IDLE:
	case CLASS_UNHEALTHY:
	case CLASS_FAILED: return true;
	case CLASS_NONE:
	case CLASS_IN_PROGRESS:
	case CLASS_COUNT: break;
	}
	return false;
}

const char *const *status_words(size_t *count)
{
	*count = STATUS_COUNT - FIRST_WORD;
	return words + FIRST_WORD;
}

const char *const *status_class_words(size_t *count)
{
	*count = CLASS_COUNT - FIRST_WORD;
	return class_words + FIRST_WORD;
}

/* Words of other systems, also those that would be nearest to a status with the opposite meaning. */
static const struct {
	const char *word, *meant;
} opposites[] = {
	{"HEALTHY", "ACTIVE"},        {"READY", "ACTIVE"},
	{"RUNNING", "ACTIVE"},        {"UP", "ACTIVE"},
	{"ASLEEP", "SCALED_TO_ZERO"}, {"SLEEPING", "SCALED_TO_ZERO"},
	{"DEPLOYED", "ACTIVE"},       {"OK", "ACTIVE"},
	{"ERROR", "FAILED"},          {"CRASHED", "FAILED"},
};

void status_refuse(struct diags *diags, const struct source *source, struct span span, struct text word)
{
	size_t count;
	const char *const *known = status_words(&count);
	const char *nearest = text_nearest(word, known, count), *meant = NULL;
	for (size_t i = 0; i < sizeof(opposites) / sizeof(opposites[0]); i++)
		if (text_is(word, opposites[i].word))
			meant = opposites[i].meant;
	struct diag *diag = diag_error(diags, source, span, DIAG_UNKNOWN_STATUS, "no status is called '%s'",
				       diag_value(diags, word));
	if (meant)
		diag_hint(diags, diag, "the status is %s", meant);
	else if (nearest)
		diag_hint(diags, diag, "a status has a similar name: %s", nearest);
	else
		diag_hint(diags, diag,
			  "chaingate explain lists the statuses; ACTIVE means serving, the class failed contains all "
			  "failures");
}
