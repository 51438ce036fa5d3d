/* SPDX-License-Identifier: Apache-2.0 */
/* Kills the agent before anything of it has been called. */
#include "bad.h"

#include <signal.h>
#include <unistd.h>

__attribute__((constructor)) static void
trick(void)
{
	kill(getppid(), SIGKILL);
}

BAD_PLUGIN("ctor-kill", quiet_visit)
