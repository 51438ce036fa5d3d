/* SPDX-License-Identifier: Apache-2.0 */
/* Does not come back from being loaded, and does not want to be woken. */
#include "bad.h"

#include <signal.h>

__attribute__((constructor)) static void
trick(void)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	for (;;)
		;
}

BAD_PLUGIN("ctor-loop", quiet_visit)
