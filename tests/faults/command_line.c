/* command_line.c - the main of chaingate under another name, so that a fork of this program can be the programme.
 *
 * Starting a process costs ten times what a run in virtual time does; with thousands of runs that is the difference between seconds and a minute.
 */
#include "process.h"

#define main chaingate_main
#include "../../src/cli/main.c"
