/* SPDX-License-Identifier: Apache-2.0 */
/* Ends the process the hard way. */
#include "bad.h"

#include <stdlib.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	abort();
	return PLATEN_OK;
}

BAD_PLUGIN("calls-abort", visit)
