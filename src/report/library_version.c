/* library_version.c - which libxml2 it is: the room's only word about the library to the outside. */
#include "chaingate/report.h"

#include <libxml/xmlversion.h>

const char *report_library_version(void)
{
	return LIBXML_DOTTED_VERSION;
}
