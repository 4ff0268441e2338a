/* version.c - `chaingate version`: the versions of all parts, for a bug report. */
#include "chaingate/version.h"

#include "chaingate/buf.h"
#include "chaingate/net.h"
#include "chaingate/sandbox.h"
#include "chaingate/yaml.h"
#include "command.h"

#include <json-c/json.h>
#include <unistd.h>

/* Longest name of a C library with its version: "glibc 2.36". */
#define C_LIBRARY_MAX 64

#ifdef CHAINGATE_STATIC
#define LINKED ", linked statically"
#else
#define LINKED ""
#endif

/* The C library is part of the static program, and may have advisories. Not every C library reports its name. */
static void add_c_library(struct buf *text)
{
#ifdef _CS_GNU_LIBC_VERSION
	char name[C_LIBRARY_MAX];
	size_t length = confstr(_CS_GNU_LIBC_VERSION, name, sizeof(name));
	if (length > 0 && length <= sizeof(name))
		buf_printf(text, "%s" LINKED "\n", name);
#else
	(void)text;
#endif
}

static enum gate_exit run(struct invocation *invocation)
{
	if (invocation->line->operand_count > 0)
		command_refuse_operand(invocation, "it prints the versions of chaingate and its libraries");
	if (invocation->usage->errors)
		return command_refuse(invocation);
	struct buf text = buf_make(BUF_LIMIT_REPORT);
	buf_printf(&text, "chaingate %s\n%s\njson-c/%s libyaml/%s\n", CHAINGATE_VERSION, net_version(),
		   json_c_version(), yaml_library_version());
	add_c_library(&text);
	buf_printf(&text, "sandbox: %s\n", sandbox_preview(invocation->arena));
	enum gate_exit code = command_print(invocation, buf_text(&text));
	buf_release(&text);
	return code;
}

const struct command version_command = {
	.name = "version",
	.operands = "",
	.summary = "the versions of chaingate and of the libraries it uses",
	.example = "chaingate version",
	.details = "Prints the versions that a bug report should contain.\n",
	.set = IN_VERSION,
	.run = run,
};
