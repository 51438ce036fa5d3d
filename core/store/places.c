/* SPDX-License-Identifier: Apache-2.0 */
/* places.c - every place there is; a sink of another plugin is refused. */
#include "store/place.h"

#include <string.h>

static const struct place_kind *const places[] = { &place_file, &place_https, &place_udp };

const struct place_kind *
place_find(const char *plugin)
{
	for (size_t i = 0; i < COUNT(places); i++)
		if (strcmp(places[i]->plugin, plugin) == 0)
			return places[i];
	return NULL;
}
