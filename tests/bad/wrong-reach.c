/* SPDX-License-Identifier: Apache-2.0 */
/* Wants to go everywhere. */
#include "bad.h"

static const char *const reach[] = { "oid *", NULL };

BAD_STRUCT("wrong-reach", quiet_visit)

const struct platen_plugin *
platen_plugin_v1(void)
{
	plugin.reach = reach;
	return &plugin;
}
