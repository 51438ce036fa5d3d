/* SPDX-License-Identifier: Apache-2.0 */
/* Built against another header, or against none. */
#include "bad.h"

BAD_STRUCT("wrong-size", quiet_visit)

const struct platen_plugin *
platen_plugin_v1(void)
{
	plugin.size = 12;
	return &plugin;
}
