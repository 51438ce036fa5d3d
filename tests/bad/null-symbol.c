/* SPDX-License-Identifier: Apache-2.0 */
/* A plugin that is none. */
#include "bad.h"

const struct platen_plugin *
platen_plugin_v1(void)
{
	return NULL;
}
