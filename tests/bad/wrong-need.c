/* SPDX-License-Identifier: Apache-2.0 */
/* A scraper that wants to send. */
#include "bad.h"

BAD_STRUCT("wrong-need", quiet_visit)

const struct platen_plugin *
platen_plugin_v1(void)
{
	plugin.needs = (const char *const[]){ "platen.upload/1", NULL };
	return &plugin;
}
