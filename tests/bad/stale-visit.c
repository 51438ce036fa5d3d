/* SPDX-License-Identifier: Apache-2.0 */
/* Reports for a visit that is over, and from its last gasp. */
#include "bad.h"

static struct platen_visit *old;

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	if (old == NULL)
		old = v;
	emit_text(old, "console.text", "bad", "of the visit before");
	emit_text((struct platen_visit *)host, "console.text", "bad", "of no visit");
	return PLATEN_OK;
}

__attribute__((destructor)) static void
gasp(void)
{
	if (host != NULL)
		host->log(host, PLATEN_WARNING, "still here");
}

BAD_PLUGIN("stale-visit", visit)
