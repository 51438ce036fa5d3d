/* SPDX-License-Identifier: Apache-2.0 */
/* Writes where nothing is when its answer comes. */
#include "bad.h"

static void
got(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	*(volatile int *)8 = 1;
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	return snmp->get(v, &uptime, 1, got, NULL);
}

BAD_PLUGIN("crash-answer", visit)
