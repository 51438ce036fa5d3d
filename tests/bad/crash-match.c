/* SPDX-License-Identifier: Apache-2.0 */
/* Writes where nothing is when it is asked whether it knows a printer. */
#include "bad.h"

static int32_t
match(const struct platen_device *device)
{
	*(volatile int *)8 = 1;
	return 1;
}

#define any_match match
BAD_PLUGIN("crash-match", quiet_visit)
