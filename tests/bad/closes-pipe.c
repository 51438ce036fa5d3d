/* SPDX-License-Identifier: Apache-2.0 */
/* Closes what it is spoken to through. */
#include "bad.h"

#include <unistd.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	close(3);
	return PLATEN_OK;
}

BAD_PLUGIN("closes-pipe", visit)
