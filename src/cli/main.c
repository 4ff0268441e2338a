/* main.c - chaingate: main. */
#include "chaingate/output.h"
#include "chaingate/signals.h"
#include "command.h"

int main(int argc, char **argv)
{
	signals_settle();
	if (!output_open())
		return GATE_EXIT_DEFECT;
	return (int)command_dispatch(argc, argv);
}
