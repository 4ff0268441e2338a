/* command_line.c - chaingate's main under another name, so that a fork of this program can run the command line.
 *
 * Starting a process costs ten times as much as a run in virtual time. With thousands of runs that is the difference
 * between seconds and a minute.
 */
#include "process.h"

#define main chaingate_main
#include "../../src/cli/main.c"
