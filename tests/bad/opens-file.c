/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what is none of its business in a visit. */
#include "bad.h"

#include <fcntl.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	host->log(host, PLATEN_WARNING,
		open("/etc/passwd", O_RDONLY) < 0 ? "could not read it" : "has read /etc/passwd");
	return PLATEN_OK;
}

BAD_PLUGIN("opens-file", visit)
