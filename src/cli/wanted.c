/* wanted.c - see wanted.h. */
#include "wanted.h"

#include "chaingate/address.h"
#include "chaingate/placeholder.h"
#include "chaingate/target_check.h"
#include "command.h"

#include <string.h>

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static const enum option_id selectors[] = {OPTION_DEPLOYMENT, OPTION_ENVIRONMENT, OPTION_LATEST,
					   OPTION_ALL_DEPLOYMENTS};
static const enum selector_kind kinds[] = {SELECT_DEPLOYMENT, SELECT_ENVIRONMENT, SELECT_LATEST, SELECT_ALL};
#define SELECTOR_COUNT (sizeof(selectors) / sizeof(*selectors))

/* What to give instead of a URL that names no deployment. `is_selection`: it was to select one, and not the one that the
 * environment must serve. Repeats no --chain that is given already: the two would be two chains. */
static void hint_without_deployment(const struct command_line *line, const struct policy_target *wanted,
				    const struct address *address, bool is_selection, struct diags *diags,
				    struct diag *diag)
{
	const char *since = option_is_given(line, OPTION_SINCE) ? "" : " --since 10m";
	const char *chain = wanted->chain.length
				    ? ""
				    : arena_printf(diags->arena, "--%s %.*s ", target_kind_name(address->of),
						   TEXT_ARG(address->chain));
	if (!is_selection)
		diag_hint(diags, diag, "give the deployment's id: %s ID",
			  line->options[OPTION_EXPECT_DEPLOYMENT].spelling);
	else if (address->environment.length)
		diag_hint(diags, diag, "give %s--environment %.*s%s", chain, TEXT_ARG(address->environment), since);
	else
		diag_hint(diags, diag, "give %s%s--deployment ID, --latest%s, …", chain, *chain ? "and " : "", since);
}

/* Reads the ids from a URL that was given as the deployment: `id` is a text of the target. */
static void read_deployment_url(const struct command_line *line, struct policy_target *wanted, struct text *id,
				const char *from, struct diags *diags)
{
	struct address address;
	bool is_read = address_parse(*id, &address);
	if (is_read && address.environment.length && !address.deployment.length) {
		hint_without_deployment(line, wanted, &address, id == &wanted->selector.value, diags,
					usage_error(diags, "the URL '%s' names an environment, and no deployment",
						    diag_value(diags, *id)));
	} else if (!is_read) {
		struct diag *diag =
			usage_error(diags, "no deployment can be read from the URL '%s'", diag_value(diags, *id));
		diag_hint(diags, diag, "write https://app.baseten.co/chains/CHAIN/logs/DEPLOYMENT, or %s ID", from);
	} else if (address.deployment.length == 0) {
		hint_without_deployment(line, wanted, &address, id == &wanted->selector.value, diags,
					usage_error(diags, "the URL of a %s's overview names no deployment",
						    target_kind_name(address.of)));
	} else {
		/* A chain named by --chain or the policy is used. When its id is known, it must be the one in the
		 * URL. */
		wanted->chain_is_implied = wanted->chain.length == 0;
		wanted->pasted = address.chain;
		wanted->pasted_of = address.of;
		wanted->pasted_from = text_of(from);
		if (wanted->chain_is_implied) {
			wanted->selector.of = address.of;
			wanted->chain = address.chain;
			wanted->chain_is_id = true;
			wanted->chain_from = text_of(from);
		}
		*id = address.deployment;
	}
}

/* Reads one --chain, or --model; *address is the address that was given; empty if it is an id or a name. */
static struct text chain_of(const char *value, enum target_kind of, struct address *address, struct diags *diags)
{
	struct text chain = text_of(value);
	*address = (struct address){0};
	if (!address_is_one(chain))
		return chain;
	if (address_parse(chain, address) && address->of == of)
		return address->chain;
	*address = (struct address){0};
	diag_hint(diags,
		  usage_error(diags, "no %s can be read from the URL '%s'", target_kind_name(of),
			      diag_value(diags, chain)),
		  "give the %s's id or name", target_kind_name(of));
	return chain;
}

static enum option_id chain_option(const struct command_line *line)
{
	return option_is_given(line, OPTION_MODEL)    ? OPTION_MODEL
	       : option_is_given(line, OPTION_CHAINS) ? OPTION_CHAINS
						      : OPTION_CHAIN;
}

static void refuse_two_kinds(const struct command_line *line, struct diags *diags)
{
	static const enum option_id of_chains[] = {OPTION_CHAINS, OPTION_CHAIN, OPTION_ALL_CHAINS};
	for (size_t i = 0; i < sizeof(of_chains) / sizeof(*of_chains); i++)
		if (option_is_given(line, of_chains[i]) && option_is_given(line, OPTION_MODEL))
			diag_hint(diags,
				  usage_error(diags, "%s and %s exclude each other",
					      line->options[of_chains[i]].spelling,
					      line->options[OPTION_MODEL].spelling),
				  "leave out one of them: a model and a chain are two gates");
}

static void read_chain(const struct command_line *line, struct policy_target *wanted, struct diags *diags)
{
	enum option_id id = chain_option(line);
	struct address address = {0};
	refuse_two_kinds(line, diags);
	if (!option_is_given(line, id))
		return;
	wanted->selector.of = id == OPTION_MODEL ? TARGET_MODEL : TARGET_CHAIN;
	wanted->chain_from = text_of(line->options[id].spelling);
	wanted->chain = chain_of(option_value(line, id), wanted->selector.of, &address, diags);
	wanted->chain_is_id = address.chain.length > 0;
	if (wanted->chain_is_id)
		wanted->chain_url = text_of(option_value(line, id));
}

/* The rest of the chain's address must be what is selected. */
static void check_rest(const struct selector *selector, const struct address *address, const char *spelling,
		       struct diags *diags)
{
	const char *kind;
	struct text dropped = address_dropped(address, selector, &kind);
	if (!dropped.length)
		return;
	struct diag *diag = usage_error(diags, "the URL at %s names the %s '%s', which isn't selected", spelling, kind,
					diag_value(diags, dropped));
	diag_hint(diags, diag, "to select it, give --%s %.*s and no other selection; for the %s alone --%s %.*s", kind,
		  TEXT_ARG(dropped), target_kind_name(address->of), target_kind_name(address->of),
		  TEXT_ARG(address->chain));
}

void wanted_check_chains(const struct command_line *line, const struct selector *selector, struct diags *diags)
{
	const struct option_values *given = &line->options[chain_option(line)];
	for (size_t i = 0; i < given->count; i++) {
		struct address address;
		if (address_is_one(text_of(given->items[i])) && address_parse(text_of(given->items[i]), &address))
			check_rest(selector, &address, given->spelling, diags);
	}
}

void wanted_check_environment(struct text environment, const char *spelling, struct diags *diags)
{
	struct address address = {0};
	if (!address_is_one(environment))
		return;
	struct diag *diag =
		usage_error(diags, "%s needs a name, and '%s' is a URL", spelling, diag_value(diags, environment));
	if (address_parse(environment, &address) && address.environment.length)
		diag_hint(diags, diag, "give %s %.*s", spelling, TEXT_ARG(address.environment));
	else
		diag_hint(diags, diag, "give the environment's name");
}

size_t wanted_chains(struct arena *arena, const struct command_line *line, struct policy_target *wanted,
		     const struct text **out, const struct text **urls, struct diags *diags)
{
	const struct option_values *given = &line->options[OPTION_CHAINS];
	struct text *chains = ARENA_ARRAY(arena, struct text, given->count + 1);
	struct text *of_chains = ARENA_ARRAY(arena, struct text, given->count + 1);
	for (size_t i = 0; i < given->count; i++) {
		struct address address = {0};
		chains[i] = i ? chain_of(given->items[i], TARGET_CHAIN, &address, diags) : wanted->chain;
		if (i ? address.chain.length > 0 : wanted->chain_is_id)
			of_chains[i] = text_of(given->items[i]);
	}
	*out = chains;
	*urls = of_chains;
	if (option_is_given(line, OPTION_ALL_CHAINS)) {
		wanted->chain = TEXT("*");
		wanted->chain_from = text_of(line->options[OPTION_ALL_CHAINS].spelling);
		wanted->chain_is_implied = wanted->chain_is_id = false;
		wanted->chain_url = (struct text){0};
	}
	if (option_is_given(line, OPTION_ALL_CHAINS) && given->count)
		diag_hint(diags,
			  usage_error(diags, "%s and %s exclude each other", given->spelling,
				      line->options[OPTION_ALL_CHAINS].spelling),
			  "leave out one of them");
	return given->count > 1 ? given->count : 0;
}

/* Reads the role, and the deployment that the environment must serve. */
static void read_role(const struct command_line *line, struct policy_target *wanted, struct diags *diags)
{
	wanted->has_role = option_is_given(line, OPTION_ROLE);
	if (wanted->has_role)
		wanted->selector.role = (enum environment_role)option_choice(line, OPTION_ROLE);
	if (!option_is_given(line, OPTION_EXPECT_DEPLOYMENT))
		return;
	const char *spelling = line->options[OPTION_EXPECT_DEPLOYMENT].spelling;
	struct text *expected = &wanted->selector.expected;
	*expected = text_of(option_value(line, OPTION_EXPECT_DEPLOYMENT));
	if (!expected->length)
		diag_hint(diags, usage_error(diags, "%s is empty", spelling), "give the id of a deployment");
	if (address_is_one(*expected))
		read_deployment_url(line, wanted, expected, spelling, diags);
}

static void refuse_word_for_id(const struct command_line *line, struct text id, const char *spelling,
			       struct diags *diags)
{
	enum selector_kind meant = selector_kind_meant(id);
	if (meant == SELECT_NOTHING)
		return;
	struct diag *diag =
		usage_error(diags, "%s takes the id of a deployment, not '%s'", spelling, diag_value(diags, id));
	diag_hint(diags, diag, "write %s",
		  meant == SELECT_ALL                   ? "--all-deployments"
		  : option_is_given(line, OPTION_SINCE) ? "--latest"
							: "--latest --since 10m");
}

void wanted_check_replaced(struct text name, bool has_id, const char *spelling, struct diags *diags)
{
	if (placeholder_is_in(name))
		diag_hint(diags,
			  usage_error(diags, "%s cannot be '%s': nothing has replaced the variable", spelling,
				      diag_value(diags, name)),
			  "single quotes keep variables as they are, and so does a command that no shell runs%s",
			  has_id ? "; if a name is really written so, give the id" : "");
}

/* Whatever names or identifies what is to be watched. */
static void check_replaced(const struct command_line *line, struct diags *diags)
{
	static const enum option_id naming[] = {OPTION_CHAINS,     OPTION_CHAIN,       OPTION_MODEL,
						OPTION_DEPLOYMENT, OPTION_ENVIRONMENT, OPTION_EXPECT_DEPLOYMENT};
	/* Chains and models have names and ids; a deployment has only an id, an environment only a name. */
	static const size_t has_id = 3;
	for (size_t i = 0; i < sizeof(naming) / sizeof(naming[0]); i++)
		for (size_t j = 0; j < line->options[naming[i]].count; j++)
			wanted_check_replaced(text_of(line->options[naming[i]].items[j]), i < has_id,
					      line->options[naming[i]].spelling, diags);
}

struct policy_target wanted_read(const struct command_line *line, struct diags *diags)
{
	struct policy_target wanted = {0};
	const char *first = NULL;
	check_replaced(line, diags);
	read_chain(line, &wanted, diags);
	for (size_t i = 0; i < SELECTOR_COUNT; i++) {
		if (!option_is_given(line, selectors[i]))
			continue;
		if (first) {
			struct diag *diag = usage_error(diags, "%s and %s exclude each other", first,
							line->options[selectors[i]].spelling);
			diag_hint(diags, diag, "leave out one of them");
			continue;
		}
		first = line->options[selectors[i]].spelling;
		wanted.selector.kind = kinds[i];
		wanted.selector.value = text_of(option_value(line, selectors[i]));
	}
	if (wanted.selector.kind == SELECT_DEPLOYMENT)
		refuse_word_for_id(line, wanted.selector.value, first, diags);
	if (wanted.selector.kind == SELECT_DEPLOYMENT && address_is_one(wanted.selector.value))
		read_deployment_url(line, &wanted, &wanted.selector.value, first, diags);
	if (wanted.selector.kind == SELECT_ENVIRONMENT)
		wanted_check_environment(wanted.selector.value, first, diags);
	read_role(line, &wanted, diags);
	return wanted;
}

/* ---- checking --------------------------------------------------------------------------------------------------- */

void wanted_check(const struct policy_target *wanted, struct diags *diags)
{
	const struct target_place place = {.diags = diags};
	target_check(wanted, &place);
	target_check_whole(wanted, &place);
}
