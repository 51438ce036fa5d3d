/* SPDX-License-Identifier: Apache-2.0 */
/* Reports too much. */
#include "bad.h"

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	for (int i = 0; i < 1000000; i++)
		emit_text(v, "console.text", "bad", "again and again");
	return PLATEN_OK;
}

BAD_PLUGIN("million-readings", visit)
