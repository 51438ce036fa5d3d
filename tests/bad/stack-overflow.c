/* SPDX-License-Identifier: Apache-2.0 */
/* Calls itself for ever. */
#include "bad.h"

static int
deeper(volatile char *above)
{
	volatile char here[4096];

	here[0] = above[0];
	return deeper(here) + here[0];
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	return deeper("");
}

BAD_PLUGIN("stack-overflow", visit)
