/* SPDX-License-Identifier: Apache-2.0 */
/* Needs what no platen has. */
#include "bad.h"

static const char *const needs[] = { "com.example.teapot/1", NULL };

BAD_STRUCT("missing-need", quiet_visit)

const struct platen_plugin *
platen_plugin_v1(void)
{
	plugin.needs = needs;
	return &plugin;
}
