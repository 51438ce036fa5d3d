/* SPDX-License-Identifier: Apache-2.0 */
/* Kills the agent in a visit. */
#include "bad.h"

#include <signal.h>
#include <unistd.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	kill(getppid(), SIGKILL);
	return PLATEN_OK;
}

BAD_PLUGIN("calls-kill", visit)
