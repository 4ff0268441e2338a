/* library_version.c - which libyaml it is: the room's only word about the library to the outside. */
#include "chaingate/yaml.h"

#include <yaml.h>

const char *yaml_library_version(void)
{
	return yaml_get_version_string();
}
