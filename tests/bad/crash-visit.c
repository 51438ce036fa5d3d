/* SPDX-License-Identifier: Apache-2.0 */
/* Writes where nothing is. */
#include "bad.h"

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	*(volatile int *)8 = 1;
	return PLATEN_OK;
}

BAD_PLUGIN("crash-visit", visit)
