/* schema.c - `chaingate schema`: the JSON Schema of the policy file, for editors, and of the JSON report, for
 * programs. */
#include "chaingate/buf.h"
#include "chaingate/policy.h"
#include "chaingate/report.h"
#include "command.h"

static enum gate_exit run(struct invocation *invocation)
{
	if (invocation->line->operand_count > 0)
		command_refuse_operand(invocation,
				       "it prints the schema of policies, or of the JSON report with --report");
	if (invocation->usage->errors)
		return command_refuse(invocation);
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	if (option_is_given(invocation->line, OPTION_SCHEMA_OF_REPORT))
		report_schema(&text);
	else
		policy_schema(&text);
	enum gate_exit code = command_print(invocation, buf_text(&text));
	buf_release(&text);
	return code;
}

const struct command schema_command = {
	.name = "schema",
	.operands = "",
	.summary = "the JSON Schema of the policy file, or of the JSON report",
	.example = "chaingate schema > chaingate-policy.schema.json",
	.details = "Prints the schema (draft 2020-12) of a policy. An editor with the YAML language\n"
		   "server uses it for files that begin with\n"
		   "    # yaml-language-server: $schema=chaingate-policy.schema.json\n",
	.set = IN_SCHEMA,
	.run = run,
};
