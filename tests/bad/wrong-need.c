/* SPDX-License-Identifier: Apache-2.0 */
/* A scraper that wants to send. */
#include "bad.h"

static const char *const needs[] = { "platen.upload/1", NULL };

BAD_STRUCT("wrong-need", quiet_visit)

const struct platen_plugin *
platen_plugin_v1(void)
{
	plugin.needs = needs;
	return &plugin;
}
