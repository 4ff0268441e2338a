/* command_line.c - chaingate's main under another name, so that this program can run the command line. */
#include "process.h"

#define main chaingate_main
#include "../../src/cli/main.c"
