/* deployment.c - finding one thing in a listing.
 */
#include "chaingate/deployment.h"

const struct deployment *listing_find(const struct listing *listing, struct text id)
{
	for (size_t i = 0; i < listing->count; i++)
		if (text_equal(listing->deployments[i].id, id))
			return &listing->deployments[i];
	return NULL;
}

const struct chainlet *deployment_chainlet(const struct deployment *deployment, struct text name)
{
	for (size_t i = 0; i < deployment->chainlet_count; i++)
		if (text_equal(deployment->chainlets[i].name, name))
			return &deployment->chainlets[i];
	return NULL;
}
