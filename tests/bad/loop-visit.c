/* SPDX-License-Identifier: Apache-2.0 */
/* Does not come back. */
#include "bad.h"

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	for (volatile int i = 0;; i++)
		;
	return PLATEN_OK;
}

BAD_PLUGIN("loop-visit", visit)
