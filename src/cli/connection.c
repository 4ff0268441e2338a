/* connection.c - see connection.h. */
#include "connection.h"

#include "chaingate/key.h"
#include "chaingate/version.h"
#include "command.h"
#include "values.h"

#include <stdlib.h>

static void read_url(const struct command_line *line, struct diags *diags, const char **out)
{
	const char *url = option_value(line, OPTION_API_URL);
	const char *origin = line->options[OPTION_API_URL].spelling;
	if (!url) {
		url = getenv("BASETEN_API_URL");
		origin = "BASETEN_API_URL";
	}
	if (!url || !*url)
		url = API_URL_DEFAULT;
	const char *why = net_check_url(url);
	/* It may have a password in it, so it isn't shown. */
	if (why)
		diag_hint(diags, usage_error(diags, "the URL in %s cannot be used: %s", origin, why), "as in %s",
			  API_URL_DEFAULT);
	else
		*out = url;
}

bool connection_read(struct arena *arena, const struct command_line *line, struct diags *diags, struct net_options *out)
{
	size_t rate = NET_REQUESTS_PER_SECOND_DEFAULT;
	*out = (struct net_options){
		.scheme = option_choice(line, OPTION_AUTH_SCHEME) == 1 ? AUTH_BEARER : AUTH_API_KEY,
		.ca_file = option_value(line, OPTION_CA_FILE),
		.body_max = NET_BODY_MAX_DEFAULT,
		.user_agent = "chaingate/" CHAINGATE_VERSION,
	};
	read_url(line, diags, &out->base_url);
	value_count(line, OPTION_MAX_RPS, REQUESTS_PER_SECOND_MOST, diags, &rate);
	value_size(line, OPTION_MAX_BODY, BODY_MOST, diags, &out->body_max);
	out->requests_per_second = (int)rate;
	/* Last and only if it is of use: it may be read from stdin, where somebody has to type it. */
	return diags->errors == 0 && key_find(arena, option_value(line, OPTION_API_KEY_FILE), diags, &out->key);
}

struct net *connection_open(const struct net_options *options, struct diags *diags)
{
	const char *why;
	struct net *net = net_new(options, &why);
	struct diag *diag = net ? NULL : usage_error(diags, "%s", why);
	if (diag && (options->ca_file || getenv("SSL_CERT_FILE")))
		diag_hint(diags, diag,
			  "--ca-file takes a file of certificates in PEM form that may be read, and so does the "
			  "variable SSL_CERT_FILE: "
			  "correct it, or unset it and the system's own are used");
	return net;
}
