/* SPDX-License-Identifier: Apache-2.0 */
/* Called as no plugin may be called. */
#include "bad.h"

BAD_STRUCT("wrong-name", quiet_visit)

const struct platen_plugin *
platen_plugin_v1(void)
{
	plugin.name = "Wrong Name\n";
	return &plugin;
}
