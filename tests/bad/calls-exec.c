/* SPDX-License-Identifier: Apache-2.0 */
/* Becomes a shell in a visit. */
#include "bad.h"

#include <unistd.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	execl("/bin/sh", "sh", "-c", "exit 0", NULL);
	return PLATEN_OK;
}

BAD_PLUGIN("calls-exec", visit)
