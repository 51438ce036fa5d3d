/* SPDX-License-Identifier: Apache-2.0 */
/* Needs what no platen has. */
#include "bad.h"

BAD_STRUCT("missing-need", quiet_visit)

const struct platen_plugin *
platen_plugin_v1(void)
{
	plugin.needs = (const char *const[]){ "com.example.teapot/1", NULL };
	return &plugin;
}
