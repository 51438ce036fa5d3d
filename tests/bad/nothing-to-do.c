/* SPDX-License-Identifier: Apache-2.0 */
/* Neither reads nor delivers. */
#include "bad.h"

BAD_STRUCT("nothing-to-do", quiet_visit)

const struct platen_plugin *
platen_plugin_v1(void)
{
	plugin.scraper = NULL;
	return &plugin;
}
