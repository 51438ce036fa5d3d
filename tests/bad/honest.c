/* SPDX-License-Identifier: Apache-2.0 */
/* The well-behaved one, to stand beside the others. */
#include "bad.h"

#include <stdio.h>

static void
got(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	char text[40];

	if (r->status != PLATEN_OK)
		return;
	snprintf(text, sizeof(text), "up for %lld", (long long)r->binds[0]->number);
	emit_text(v, "console.text", "honest", text);
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	host->log(host, PLATEN_INFO, "asks");
	return snmp->get(v, &uptime, 1, got, NULL);
}

BAD_PLUGIN("honest", visit)
