/* address.c - see address.h. */
#include "chaingate/address.h"

static bool begins_with_word(struct text text, const char *word)
{
	return text_is_in_any_case(text_slice(text, 0, text_of(word).length), word);
}

/* Takes the part of a path up to the next slash, and moves *path past that slash. */
static struct text next_segment(struct text *path)
{
	size_t end = 0;
	while (end < path->length && path->bytes[end] != '/')
		end++;
	struct text segment = text_slice(*path, 0, end);
	*path = text_slice(*path, end + 1, path->length);
	return segment;
}

static bool is_plain(struct text segment)
{
	for (size_t i = 0; i < segment.length; i++) {
		char c = segment.bytes[i];
		if (!(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9') && c != '-' &&
		    c != '_')
			return false;
	}
	return segment.length > 0;
}

/* host = LABEL { "." LABEL } ".baseten.co". Gives its first label. */
static bool is_of_baseten(struct text host, struct text *label)
{
	static const char domain[] = ".baseten.co";
	const size_t length = sizeof(domain) - 1;
	if (text_ends_with(host, ":443"))
		host.length -= 4;
	if (host.length <= length || !text_is_in_any_case(text_slice(host, host.length - length, host.length), domain))
		return false;
	size_t end = 0;
	while (host.bytes[end] != '.')
		end++;
	*label = text_slice(host, 0, end);
	if (text_is_in_any_case(*label, "api") || text_is_in_any_case(*label, "app"))
		*label = text_is_in_any_case(*label, "api") ? TEXT("api") : TEXT("app");
	for (struct text rest = text_slice(host, end + 1, host.length); rest.length > 0;) {
		size_t dot = 0;
		while (dot < rest.length && rest.bytes[dot] != '.')
			dot++;
		if (!is_plain(text_slice(rest, 0, dot)))
			return false;
		rest = text_slice(rest, dot + 1, rest.length);
	}
	return is_plain(*label);
}

static bool has_scheme(struct text text)
{
	for (size_t i = 0; i + 3 <= text.length; i++)
		if (text_starts_with(text_slice(text, i, text.length), "://"))
			return true;
	return false;
}

bool address_is_one(struct text text)
{
	struct text label;
	return has_scheme(text) || is_of_baseten(next_segment(&text), &label);
}

/* "chains" or "models" */
static bool parse_plural(struct text segment, enum target_kind *out)
{
	for (int kind = 0; kind < TARGET_KIND_COUNT; kind++)
		if (text_is(segment, target_kind_plural((enum target_kind)kind))) {
			*out = (enum target_kind)kind;
			return true;
		}
	return false;
}

/* ( "chains" | "models" ) "/" ID [ "/" page ]: in the console and in the API */
static bool parse_owner(struct text path, struct address *out)
{
	if (!parse_plural(next_segment(&path), &out->of))
		return false;
	out->chain = next_segment(&path);
	struct text page = next_segment(&path);
	if (text_is(page, "logs") || text_is(page, "deployments"))
		out->deployment = next_segment(&path);
	else if (text_is(page, "environments"))
		out->environment = next_segment(&path);
	else if (page.length && !text_is(page, "overview"))
		return false;
	/* a chainlet, or an action on the deployment */
	struct text more = next_segment(&path);
	return is_plain(out->chain) && (!more.length || is_plain(more)) && path.length == 0 &&
	       (out->deployment.length || out->environment.length || !more.length);
}

static bool is_action(enum target_kind of, struct text action)
{
	static const char *const actions[TARGET_KIND_COUNT][3] = {
		[TARGET_CHAIN] = {"run_remote", "async_run_remote", "websocket"},
		[TARGET_MODEL] = {"predict", "async_predict", "websocket"},
	};
	for (size_t i = 0; i < sizeof(actions[of]) / sizeof(*actions[of]); i++)
		if (text_is(action, actions[of][i]))
			return true;
	return false;
}

/* chain- or model-, in any case. The length of what was found; 0: neither. */
static size_t remote_prefix(struct text label, enum target_kind *out)
{
	if (begins_with_word(label, "chain-") || begins_with_word(label, "model-")) {
		*out = begins_with_word(label, "chain-") ? TARGET_CHAIN : TARGET_MODEL;
		return sizeof("chain-") - 1;
	}
	return 0;
}

/* The host's label must be chain-CHAIN or chain-CHAIN-ENVIRONMENT, or the same of a model. A model's development
 * deployment is in no environment. */
static bool parse_remote(struct text label, struct text path, struct address *out)
{
	struct text rest = text_slice(label, remote_prefix(label, &out->of), label.length);
	size_t dash = 0;
	while (dash < rest.length && rest.bytes[dash] != '-')
		dash++;
	out->chain = text_slice(rest, 0, dash);
	out->environment = text_slice(rest, dash + 1, rest.length);
	struct text kind = next_segment(&path);
	if (text_is(kind, "deployment"))
		out->deployment = next_segment(&path);
	else if (text_is(kind, "environments"))
		out->environment = next_segment(&path);
	else if (text_is(kind, "production") || (out->of == TARGET_CHAIN && text_is(kind, "development")))
		out->environment = kind;
	else if (kind.length)
		return false;
	struct text action = next_segment(&path);
	if (text_is(kind, "deployment") && !out->deployment.length)
		return false;
	return is_plain(out->chain) && path.length == 0 && (!action.length || is_action(out->of, action));
}

bool address_parse(struct text text, struct address *out)
{
	struct address found = {0};
	struct text label;
	bool is_socket = begins_with_word(text, "wss://");
	size_t end = is_socket ? 6 : begins_with_word(text, "https://") ? 8 : 0;
	if (end == 0 && has_scheme(text))
		return false;
	text = text_slice(text, end, text.length);
	for (end = 0; end < text.length && text.bytes[end] != '?' && text.bytes[end] != '#';)
		end++;
	text = text_slice(text, 0, end);
	bool fits = false;
	if (!is_of_baseten(next_segment(&text), &label))
		return false;
	if (remote_prefix(label, &found.of))
		fits = parse_remote(label, text, &found);
	else if (is_socket)
		fits = false;
	else if (text_is(label, "api"))
		fits = text_is(next_segment(&text), "v1") && parse_owner(text, &found);
	else
		fits = parse_owner(text, &found);
	fits = fits && (!found.deployment.length || is_plain(found.deployment)) &&
	       (!found.environment.length || is_plain(found.environment));
	if (fits)
		*out = found;
	return fits;
}

struct text address_dropped(const struct address *address, const struct selector *selector, const char **out_kind)
{
	bool is_deployment = selector->kind == SELECT_DEPLOYMENT, is_environment = selector->kind == SELECT_ENVIRONMENT;
	if (address->deployment.length) {
		*out_kind = "deployment";
		bool is_selected = (is_deployment && text_equal(selector->value, address->deployment)) ||
				   text_equal(selector->expected, address->deployment);
		return is_selected ? (struct text){0} : address->deployment;
	}
	*out_kind = "environment";
	if (is_environment && text_equal(selector->value, address->environment))
		return (struct text){0};
	return address->environment;
}
