/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for ever. */
#include "bad.h"

static void
got(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	snmp->get(v, &uptime, 1, got, NULL);
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	return snmp->get(v, &uptime, 1, got, NULL);
}

BAD_PLUGIN("asks-much", visit)
