/* load.h - loads a scenario from a file, with the files that it names. */
#ifndef CHAINGATE_SIM_LOAD_H
#define CHAINGATE_SIM_LOAD_H

#include "chaingate/arena.h"
#include "chaingate/diag.h"
#include "scenario.h"

/* Loads a scenario; `-` is stdin. Files that the scenario names are relative to the scenario's folder. NULL with
 * *why if a file couldn't be read; NULL with *why NULL if errors are in `diags`. `diags` may have warnings in any
 * case. */
const struct scenario *scenario_load(struct arena *, const char *path, struct diags *, const char **why);

#endif
