/* policy_file.c - see policy_file.h. */
#include "policy_file.h"

#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "chaingate/source.h"
#include "chaingate/yaml.h"
#include "command.h"
#include "values.h"
#include "wanted.h"

#include <string.h>

/* ---- settings from the command line ----------------------------------------------------------------------------- */

/* Reads NAME=VALUE. The source is the typed text, so that a mistake in the value can be shown under it. */
static bool read_setting(struct arena *arena, const char *value, struct policy_setting *out)
{
	const char *equals = strchr(value, '=');
	if (!equals || equals == value)
		return false;
	size_t length = (size_t)(equals - value);
	struct text whole = text_of(value);
	out->name = text_slice(whole, 0, length);
	out->value = (struct excerpt){.source = source_make(arena, "<--set>", whole),
				      .text = text_slice(whole, length + 1, whole.length),
				      .start = length + 1};
	return true;
}

/* The plan is made from the same option later, and reports what is wrong with it. */
static void read_timeout(struct arena *arena, const struct command_line *line, struct policy_request *request)
{
	struct diags ignored = {.arena = arena};
	value_duration(line, OPTION_TIMEOUT, 0, WAIT_MAX_NS, &ignored, &request->timeout_ns);
	request->has_timeout = option_is_given(line, OPTION_TIMEOUT) && !ignored.errors;
}

/* Two values for one parameter are a mistake, as an option that is given twice. */
static void check_twice(const struct policy_request *request, struct diags *usage)
{
	const struct policy_setting *last = &request->settings[request->setting_count - 1];
	for (const struct policy_setting *one = request->settings; one < last; one++) {
		if (!text_equal(one->name, last->name))
			continue;
		struct diag *diag = usage_error(usage, "--set gives the parameter '%s' twice: '%s' and '%s'",
						diag_value(usage, last->name), diag_value(usage, one->value.text),
						diag_value(usage, last->value.text));
		diag_hint(usage, diag, "leave one of them out");
		return;
	}
}

struct policy_request policy_request_read(struct arena *arena, const struct command_line *line, struct diags *usage)
{
	const struct option_values *given = &line->options[OPTION_SET];
	struct policy_request request = {.settings = ARENA_ARRAY(arena, struct policy_setting, given->count + 1)};
	for (size_t i = 0; i < given->count; i++) {
		if (read_setting(arena, given->items[i], &request.settings[request.setting_count])) {
			request.setting_count++;
			check_twice(&request, usage);
			continue;
		}
		struct diag *diag =
			usage_error(usage, "--set cannot be '%s'", diag_value(usage, text_of(given->items[i])));
		diag_hint(usage, diag, "write the parameter's name, = and its value: --set replicas=3");
	}
	read_timeout(arena, line, &request);
	const char *environment = option_value(line, OPTION_BASELINE_ENVIRONMENT);
	if (environment) {
		struct policy_baseline *baseline = ARENA_NEW(arena, struct policy_baseline);
		*baseline = (struct policy_baseline){.given = true,
						     .selector = {.kind = SELECT_ENVIRONMENT,
								  .value = text_of(environment),
								  .since.kind = SINCE_ANY}};
		request.baseline = baseline;
		if (!*environment)
			usage_error(usage, "--baseline-environment is empty: give the environment's name");
		wanted_check_environment(baseline->selector.value, "--baseline-environment", usage);
		wanted_check_replaced(baseline->selector.value, false, "--baseline-environment", usage);
	}
	return request;
}

void policy_request_check(struct arena *arena, const struct policy_request *request, const struct policy *policy,
			  struct diags *usage)
{
	for (size_t i = 0; i < request->setting_count; i++) {
		const struct policy_setting *setting = &request->settings[i];
		if (setting->used)
			continue;
		const char *near = policy ? policy_nearest_param(arena, &policy, 1, setting->name) : NULL;
		struct diag *diag =
			usage_error(usage, "--set: the policy has no parameter '%s'", diag_value(usage, setting->name));
		if (near)
			diag_hint(usage, diag, "a parameter has a similar name: %s", near);
		else
			diag_hint(usage, diag, "parameters and their defaults are under params: in the policy");
	}
}

/* ---- files ------------------------------------------------------------------------------------------------------ */

bool policy_is_shipped(const char *path)
{
	return path[0] == POLICY_SHIPPED_MARK;
}

/* Reads a policy that is compiled in. */
static bool read_shipped(struct arena *arena, const char *path, struct text *content, struct diags *diags)
{
	size_t count;
	const char *const *names = policy_shipped_names(&count);
	*content = policy_shipped_yaml(arena, text_of(path + 1));
	if (content->length)
		return true;
	struct diag *diag = diag_error(diags, NULL, (struct span){0, 0}, DIAG_UNREADABLE_FILE,
				       "no policy called '%s' comes with chaingate", diag_value(diags, text_of(path)));
	const char *near = text_nearest(text_of(path + 1), names, count);
	struct buf all = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < count; i++)
		buf_printf(&all, "%s@%s", i ? ", " : "", names[i]);
	if (near)
		diag_hint(diags, diag, "a policy has a similar name: @%s", near);
	else
		diag_hint(diags, diag, "the policies are %s; for a file whose name begins with @, write ./@…",
			  buf_string(&all));
	buf_release(&all);
	return false;
}

static const struct source *read_source(struct arena *arena, const char *path, struct diags *diags)
{
	const char *name = POLICY_BUILTIN_NAME;
	struct text content = policy_builtin_yaml();
	const char *why;
	if (path && policy_is_shipped(path)) {
		name = path;
		if (!read_shipped(arena, path, &content, diags))
			return NULL;
	} else if (path) {
		name = strcmp(path, "-") == 0 ? STDIN_NAME : path;
		if (!file_read(arena, path, YAML_BYTES_MAX, &content, &why)) {
			struct diag *diag =
				diag_error(diags, NULL, (struct span){0, 0}, DIAG_UNREADABLE_FILE,
					   "could not read the policy '%s': %s", diag_value(diags, text_of(name)), why);
			if (policy_shipped_yaml(arena, text_of(path)).length)
				diag_hint(diags, diag, "write @%s for the policy that comes with chaingate", path);
			else
				diag_hint(diags, diag, "check the path, and that the file may be read");
			return NULL;
		}
	}
	return source_make(arena, name, content);
}

const struct policy *policy_file_load(struct arena *arena, const char *path, struct policy_request *request,
				      struct diags *diags)
{
	const struct source *source = read_source(arena, path, diags);
	return source ? policy_load(arena, source, request, diags) : NULL;
}

/* If one of several policies sets a timeout, the run has it, so the warnings of all depend on it. */
static void share_timeout(struct arena *arena, const struct source *const *sources, size_t count,
			  struct policy_request *request)
{
	for (size_t i = 0; i < count && !request->has_timeout; i++)
		request->has_timeout = sources[i] && policy_own_timeout(arena, sources[i], &request->timeout_ns);
}

const struct policy *policy_files_load(struct arena *arena, const char *const *paths, size_t count,
				       struct policy_request *request, struct diags *diags)
{
	const struct policy **policies = ARENA_ARRAY(arena, const struct policy *, count + 1);
	const struct source **sources = ARENA_ARRAY(arena, const struct source *, count + 1);
	bool all = true;
	if (count == 0)
		return policy_file_load(arena, NULL, request, diags);
	for (size_t i = 0; i < count; i++)
		sources[i] = read_source(arena, paths[i], diags);
	if (count > 1)
		share_timeout(arena, sources, count, request);
	for (size_t i = 0; i < count; i++) {
		policies[i] = sources[i] ? policy_load(arena, sources[i], request, diags) : NULL;
		all &= policies[i] != NULL;
	}
	return all ? policy_join(arena, policies, count, diags) : NULL;
}
