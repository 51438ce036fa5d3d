/* SPDX-License-Identifier: Apache-2.0 */
/* Says too much. */
#include "bad.h"

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	for (int i = 0; i < 100000; i++)
		host->log(host, PLATEN_WARNING, "so \033[31mmuch \xff to say");
	return PLATEN_OK;
}

BAD_PLUGIN("log-flood", visit)
