/* SPDX-License-Identifier: Apache-2.0 */
/* Wants to go everywhere. */
#include "bad.h"

BAD_STRUCT("wrong-reach", quiet_visit)

const struct platen_plugin *
platen_plugin_v1(void)
{
	plugin.reach = (const char *const[]){ "oid *", NULL };
	return &plugin;
}
