/* load.h - a scenario from a file, with the files that it names. */
#ifndef CHAINGATE_SIM_LOAD_H
#define CHAINGATE_SIM_LOAD_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "scenario.h"

/* `-` is stdin. Files that the scenario names are relative to its own folder. NULL, with *why if it could not be read, else with *why NULL and errors in `diags`,
 * which may hold warnings in any case. */
const struct scenario *scenario_load(struct arena *, const char *path, struct diags *, const char **why);

#endif
