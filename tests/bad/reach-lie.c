/* SPDX-License-Identifier: Apache-2.0 */
/* Asks what it did not declare. */
#include "bad.h"

/* Some printers act when they are asked this. */
static const struct platen_oid epson = PLATEN_OID(1, 3, 6, 1, 4, 1, 1248, 1, 2, 2, 44, 1, 1, 2, 1);

static void
got(struct platen_visit *v, const struct platen_snmp_reply *r, void *arg)
{
	host->log(host, PLATEN_ERROR, "was answered");
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	if (snmp->get(v, &epson, 1, got, NULL) != PLATEN_EREACH)
		host->log(host, PLATEN_ERROR, "was not refused");
	return PLATEN_OK;
}

BAD_PLUGIN("reach-lie", visit)
