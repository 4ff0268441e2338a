/* connection.c - see connection.h. */
#include "connection.h"

#include "chaingate/key.h"
#include "chaingate/version.h"
#include "command.h"
#include "values.h"

#include <stdlib.h>

/* The API's URL as the user gave it. NULL if none was given, or if it can't be used; the latter is reported. */
static const char *read_url(const struct command_line *line, struct diags *diags, const char **origin)
{
	const char *url = option_value(line, OPTION_API_URL);
	*origin = line->options[OPTION_API_URL].spelling;
	if (!url) {
		url = getenv("BASETEN_API_URL");
		*origin = "BASETEN_API_URL";
	}
	if (!url || !*url)
		return NULL;
	const char *why = net_check_url(url);
	/* It may contain a password, so it isn't shown. */
	if (why)
		diag_hint(diags, usage_error(diags, "the URL in %s cannot be used: %s", *origin, why), "as in %s",
			  API_URL_DEFAULT);
	return why ? NULL : url;
}

bool connection_read(struct arena *arena, const struct command_line *line, struct diags *diags, struct net_options *out,
		     struct connection_origins *origins)
{
	struct found_key found = {0};
	size_t rate = NET_REQUESTS_PER_SECOND_DEFAULT;
	*out = (struct net_options){
		.scheme = option_choice(line, OPTION_AUTH_SCHEME) == 1 ? AUTH_BEARER : AUTH_API_KEY,
		.ca_file = option_value(line, OPTION_CA_FILE),
		.body_max = NET_BODY_MAX_DEFAULT,
		.user_agent = "chaingate/" CHAINGATE_VERSION,
	};
	const char *given = read_url(line, diags, &origins->url);
	if (!given)
		origins->url = "default";
	out->base_url = given ? given : API_URL_DEFAULT;
	value_count(line, OPTION_MAX_RPS, REQUESTS_PER_SECOND_MOST, diags, &rate);
	value_size(line, OPTION_MAX_BODY, BODY_MOST, diags, &out->body_max);
	out->requests_per_second = (int)rate;
	/* Last, and only if nothing else is wrong: the key may be read from stdin, where somebody has to type it. */
	bool is_found = !diags->errors && key_find(arena, option_value(line, OPTION_API_KEY_FILE),
						   given && net_url_is_loopback(given), !given, diags, &found);
	key_forget();
	if (!is_found)
		return false;
	out->key = found.key;
	origins->key =
		option_is_given(line, OPTION_API_KEY_FILE) ? line->options[OPTION_API_KEY_FILE].spelling : found.origin;
	if (!given && found.api_url) {
		out->base_url = found.api_url;
		origins->url = found.url_origin;
	}
	return true;
}

struct net *connection_open(const struct net_options *options, struct diags *diags)
{
	const char *why;
	struct net *net = net_new(options, &why);
	struct diag *diag = net ? NULL : usage_error(diags, "%s", why);
	if (diag && (options->ca_file || getenv("SSL_CERT_FILE")))
		diag_hint(diags, diag,
			  "--ca-file and the variable SSL_CERT_FILE take a readable file of certificates in PEM form; "
			  "without them the system's certificates are used");
	return net;
}
