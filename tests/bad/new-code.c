/* SPDX-License-Identifier: Apache-2.0 */
/* Makes code of what it has written. */
#include "bad.h"

#include <sys/mman.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	host->log(host, PLATEN_WARNING,
		mmap(NULL, 4096, PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) ==
				MAP_FAILED
			? "could not run it"
			: "can run what it wrote");
	return PLATEN_OK;
}

BAD_PLUGIN("new-code", visit)
