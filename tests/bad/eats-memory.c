/* SPDX-License-Identifier: Apache-2.0 */
/* Takes all memory there is, and more. */
#include "bad.h"

#include <stdlib.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	for (;;)
		memset(malloc(1 << 20), 1, 1 << 20);
	return PLATEN_OK;
}

BAD_PLUGIN("eats-memory", visit)
