/* SPDX-License-Identifier: Apache-2.0 */
/* Does not want to. */
#include "bad.h"

static int32_t
start(const struct platen_host *h)
{
	h->log(h, PLATEN_ERROR, "not today");
	return PLATEN_EREFUSED;
}

#define keep_host start
BAD_PLUGIN("start-fails", quiet_visit)
