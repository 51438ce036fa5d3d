/* SPDX-License-Identifier: Apache-2.0 */
/* Sleeps. */
#include "bad.h"

#include <unistd.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	sleep(100);
	return PLATEN_OK;
}

BAD_PLUGIN("sleeps", visit)
