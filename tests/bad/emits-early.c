/* SPDX-License-Identifier: Apache-2.0 */
/* Says something before it asks, and more when it is answered: both are the same visit's. */
#include "bad.h"

static void
got(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	if (r->status == PLATEN_OK)
		emit_text(v, "console.text", "late", "it has answered");
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	host->log(host, PLATEN_INFO, "emits and asks");
	emit_text(v, "console.text", "early", "it is asked");
	return snmp->get(v, &uptime, 1, got, NULL);
}

BAD_PLUGIN("emits-early", visit)
