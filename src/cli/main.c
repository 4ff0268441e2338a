/* main.c - chaingate: main. */
#include "chaingate/output.h"
#include "chaingate/secret.h"
#include "chaingate/signals.h"
#include "chaingate/stack.h"
#include "command.h"

int main(int argc, char **argv)
{
	secrets_settle();
	signals_settle();
	if (!output_open())
		return GATE_EXIT_DEFECT;
	const char *lacking = stack_lacking();
	if (lacking) {
		output_error_text(text_of(lacking));
		return GATE_EXIT_DEFECT;
	}
	int code = (int)command_dispatch(argc, argv);
	secrets_wipe();
	return code;
}
