/* wanted.c - see wanted.h. */
#include "wanted.h"

#include "command.h"

#include <string.h>

/* ---- the URLs that truss prints --------------------------------------------------------------------------------- */

/* What truss prints after a push, by its own sources: …/chains/CHAIN/overview, and for each chainlet
 * …/chains/CHAIN/logs/DEPLOYMENT/CHAINLET. */
struct app_url {
	struct text chain;
	struct text deployment; /* empty in an overview */
};

static bool is_url(const char *value)
{
	return strstr(value, "://") != NULL;
}

/* The part of a path up to the next slash; moves behind it. */
static struct text next_segment(struct text *path)
{
	size_t end = 0;
	while (end < path->length && path->bytes[end] != '/')
		end++;
	struct text segment = text_slice(*path, 0, end);
	*path = text_slice(*path, end + 1, path->length);
	return segment;
}

static bool is_id(struct text segment)
{
	for (size_t i = 0; i < segment.length; i++) {
		char c = segment.bytes[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-' &&
		    c != '_')
			return false;
	}
	return segment.length > 0;
}

static bool is_app_host(struct text host)
{
	static const char domain[] = ".baseten.co";
	size_t length = sizeof(domain) - 1;
	return host.length > length && text_is(text_slice(host, host.length - length, host.length), domain);
}

/* url = "https://" HOST "/chains/" CHAIN "/" ( "overview" | "logs/" DEPLOYMENT [ "/" CHAINLET ] ) [ "/" ]. False
 * for anything else: an id is taken out of it only where there is no doubt. */
static bool app_url_parse(const char *value, struct app_url *out)
{
	struct text rest = text_of(value);
	struct app_url url = {0};
	if (!text_starts_with(rest, "https://"))
		return false;
	rest = text_slice(rest, strlen("https://"), rest.length);
	if (!is_app_host(next_segment(&rest)) || !text_is(next_segment(&rest), "chains"))
		return false;
	url.chain = next_segment(&rest);
	struct text page = next_segment(&rest);
	if (text_is(page, "logs")) {
		url.deployment = next_segment(&rest);
		struct text chainlet = next_segment(&rest);
		if (!is_id(url.deployment) || (chainlet.length > 0 && !is_id(chainlet)))
			return false;
	} else if (!text_is(page, "overview")) {
		return false;
	}
	if (!is_id(url.chain) || rest.length > 0)
		return false;
	*out = url;
	return true;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static const enum option_id selectors[] = {OPTION_DEPLOYMENT, OPTION_ENVIRONMENT, OPTION_LATEST,
					   OPTION_ALL_DEPLOYMENTS};
static const enum selector_kind kinds[] = {SELECT_DEPLOYMENT, SELECT_ENVIRONMENT, SELECT_LATEST, SELECT_ALL};
#define SELECTOR_COUNT (sizeof(selectors) / sizeof(*selectors))

/* Takes the ids out of a URL that was given as the deployment. */
static void read_deployment_url(struct policy_target *wanted, struct diags *diags)
{
	const char *value = wanted->selector.value.bytes;
	struct app_url url;
	if (!app_url_parse(value, &url)) {
		struct diag *diag = usage_error(diags, "no deployment can be read from the URL '%s'",
						diag_value(diags, wanted->selector.value));
		diag_hint(diags, diag,
			  "https://app.baseten.co/chains/CHAIN/logs/DEPLOYMENT has one; or give --deployment ID");
	} else if (url.deployment.length == 0) {
		struct diag *diag = usage_error(diags, "the URL of a chain's overview names no deployment");
		diag_hint(diags, diag, "give --chain %.*s and --deployment ID, --latest --since 10m, …",
			  TEXT_ARG(url.chain));
	} else if (wanted->chain.length > 0 && !text_equal(wanted->chain, url.chain)) {
		usage_error(diags, "--chain says '%s', and the URL of the deployment '%.*s': leave out --chain",
			    diag_value(diags, wanted->chain), TEXT_ARG(url.chain));
	} else {
		wanted->chain = url.chain;
		wanted->selector.value = url.deployment;
	}
}

static void read_chain(const struct command_line *line, struct policy_target *wanted, struct diags *diags)
{
	const char *value = option_value(line, OPTION_CHAIN);
	struct app_url url;
	if (!value)
		return;
	wanted->chain = text_of(value);
	if (!is_url(value))
		return;
	if (app_url_parse(value, &url))
		wanted->chain = url.chain;
	else
		diag_hint(
			diags,
			usage_error(diags, "no chain can be read from the URL '%s'", diag_value(diags, wanted->chain)),
			"give the chain's id or name");
}

struct policy_target wanted_read(const struct command_line *line, struct diags *diags)
{
	struct policy_target wanted = {0};
	const char *first = NULL;
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
	if (wanted.selector.kind == SELECT_DEPLOYMENT && is_url(wanted.selector.value.bytes))
		read_deployment_url(&wanted, diags);
	return wanted;
}

/* ---- checking --------------------------------------------------------------------------------------------------- */

static const char *selector_phrase(enum selector_kind kind)
{
	switch (kind) {
	case SELECT_NOTHING: return "nothing";
	case SELECT_DEPLOYMENT: return "a deployment";
	case SELECT_ENVIRONMENT: return "an environment";
	case SELECT_LATEST: return "the latest deployment";
	case SELECT_ALL: return "all deployments";
	}
	return "";
}

void wanted_check(const struct policy_target *wanted, struct diags *diags)
{
	struct diag *diag;
	if (wanted->chain.length == 0) {
		diag = usage_error(diags, "it is not said which chain to watch");
		diag_hint(diags, diag, "give --chain NAME, or 'chain' in the policy's target");
	}
	if (wanted->selector.kind == SELECT_NOTHING) {
		diag = usage_error(diags, "it is not said which deployments to watch");
		diag_hint(diags, diag,
			  "give --deployment ID, --environment NAME, --latest or --all-deployments, or one of them in "
			  "the policy's target");
	} else if (selector_needs_since(&wanted->selector)) {
		diag = usage_error(
			diags,
			"to watch %s, 'since' is needed: a push that isn't listed yet must not let the gate judge "
			"what was there before it",
			selector_phrase(wanted->selector.kind));
		diag_hint(diags, diag,
			  "give --since 10m for what was created in the last ten minutes, a time, or --since any");
	}
}
