/* init.c - `chaingate init`: writes a first policy, with comments. */
#include "chaingate/buf.h"
#include "chaingate/files.h"
#include "chaingate/policy.h"
#include "command.h"
#include "policy_file.h"

#include <string.h>
#include <unistd.h>

static const char starter[] =
	"# What a deployment must show before it is promoted.\n"
	"#\n"
	"#   chaingate lint policy.yaml                            are there mistakes?\n"
	"#   chaingate explain policy.yaml                         how is it understood?\n"
	"#   chaingate check policy.yaml --chain NAME --deployment ID\n"
	"version: 1\n"
	"name: before promotion\n"
	"\n"
	"# What to watch: here, or on the command line.\n"
	"# target:\n"
	"#   chain: my-chain\n"
	"#   environment: staging\n"
	"#   since: any\n"
	"\n"
	"# The deployment that rules may compare with: min_replica >= baseline.min_replica\n"
	"# baseline:\n"
	"#   environment: production\n"
	"\n"
	"# Values that --set can change: --set replicas=3\n"
	"params:\n"
	"  replicas: 1\n"
	"\n"
	"# These are the defaults.\n"
	"wait:\n"
	"  timeout: 60m                   # the whole run\n"
	"  interval: 10s                  # between two polls\n"
	"  stable_for: 30s                # asserts are judged once nothing has changed for this long\n"
	"\n"
	"rules:\n"
	"  - all chainlets ACTIVE\n"
	"\n"
	"  - name: enough replicas configured\n"
	"    assert: min_replica >= $replicas\n"
	"    message: Raise min_replica in the autoscaling settings.\n"
	"\n"
	"  - name: replicas in service\n"
	"    assert: active_replica_count >= min_replica\n"
	"    within: 5m                   # replicas may still be starting when the deployment is stable\n"
	"    message: Look at the chainlet's logs, or ask for capacity of this instance type.\n"
	"\n"
	"  - name: never failed\n"
	"    never: any chainlet in failed\n"
	"\n"
	"  - name: room to grow\n"
	"    assert: max_replica > min_replica\n"
	"    severity: warning            # only reported; does not affect the verdict\n";

static bool exists(const char *path)
{
	return access(path, F_OK) == 0;
}

/* The starter, or the policy that --from names, with or without the @. */
static struct text content_of(struct invocation *invocation)
{
	const char *from = option_value(invocation->line, OPTION_FROM);
	size_t count;
	const char *const *names = policy_shipped_names(&count);
	if (!from)
		return text_of(starter);
	from += from[0] == POLICY_SHIPPED_MARK;
	struct text yaml = policy_shipped_yaml(invocation->arena, text_of(from));
	if (yaml.length)
		return yaml;
	struct diag *diag = usage_error(invocation->usage, "--from: no policy called '%s' comes with chaingate",
					diag_value(invocation->usage, text_of(from)));
	const char *near = text_nearest(text_of(from), names, count);
	struct buf all = buf_make(BUF_LIMIT_REPORT);
	for (size_t i = 0; i < count; i++)
		buf_printf(&all, "%s%s", i ? ", " : "", names[i]);
	if (near)
		diag_hint(invocation->usage, diag, "a policy has a similar name: %s", near);
	else
		diag_hint(invocation->usage, diag, "the policies are %s", buf_string(&all));
	buf_release(&all);
	return yaml;
}

static enum gate_exit run(struct invocation *invocation)
{
	const struct command_line *line = invocation->line;
	struct diags *usage = invocation->usage;
	const char *path = line->operand_count ? line->operands[0] : "-", *why;
	if (line->operand_count > 1)
		usage_error(usage, "'chaingate init' writes one file");
	else if (strcmp(path, "-") != 0 && exists(path)) {
		struct diag *diag = usage_error(usage, "'%s' exists already, and was not changed",
						diag_value(usage, text_of(path)));
		diag_hint(usage, diag, "give another name, or no name to print it on stdout");
	}
	struct text content = content_of(invocation);
	if (usage->errors)
		return command_refuse(invocation);
	if (strcmp(path, "-") == 0)
		return command_print(invocation, content);
	if (file_write(path, content, FD_PATIENCE_NS, &why))
		return GATE_EXIT_PASSED;
	output_message(invocation->output, "could not write '%s': %s", diag_value(usage, text_of(path)), why);
	return GATE_EXIT_UNREPORTED;
}

const struct command init_command = {
	.name = "init",
	.operands = "[FILE]",
	.summary = "a first policy, commented, to start from",
	.example = "chaingate init policy.yaml",
	.details = "Writes a policy with the usual rules and all defaults, or one that comes with\n"
		   "chaingate (check takes it as @NAME, too), to a new file or to stdout.\n",
	.closing = "Exit: 0 written, 2 usage, or the file already exists, 6 it can't be written.\n",
	.set = IN_INIT,
	.run = run,
};
