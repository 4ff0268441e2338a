/* version.c - `chaingate version`: which versions are at work, for a bug report. */
#include "chaingate/version.h"

#include "chaingate/buf.h"
#include "chaingate/net.h"
#include "chaingate/yaml.h"
#include "command.h"

#include <json-c/json.h>

static enum gate_exit run(struct invocation *invocation)
{
	if (invocation->line->operand_count > 0)
		command_refuse_operand(invocation, "it prints the versions of chaingate and its libraries");
	if (invocation->usage->errors)
		return command_refuse(invocation);
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	buf_printf(&text, "chaingate %s\n%s\njson-c/%s libyaml/%s\n", CHAINGATE_VERSION, net_version(),
		   json_c_version(), yaml_library_version());
	enum gate_exit code = command_print(invocation, buf_text(&text));
	buf_release(&text);
	return code;
}

const struct command version_command = {
	.name = "version",
	.operands = "",
	.summary = "the versions of chaingate and of the libraries it uses",
	.example = "chaingate version",
	.details = "Prints what a bug report should say.\n",
	.set = IN_VERSION,
	.run = run,
};
