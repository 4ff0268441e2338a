/* main.c - chaingate: where it starts and where it ends. */
#include "chaingate/output.h"
#include "command.h"

int main(int argc, char **argv)
{
	if (!output_open())
		return GATE_EXIT_DEFECT;
	return (int)command_dispatch(argc, argv);
}
