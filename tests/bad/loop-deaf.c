/* SPDX-License-Identifier: Apache-2.0 */
/* Does not come back, and switches its alarm off. */
#include "bad.h"

#include <sys/time.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	setitimer(ITIMER_REAL, &(struct itimerval){ 0 }, NULL);
	for (volatile int i = 0;; i++)
		;
	return PLATEN_OK;
}

BAD_PLUGIN("loop-deaf", visit)
