/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what is none of its business before anything of it has been called. */
#include "bad.h"

#include <fcntl.h>
#include <unistd.h>

static int fd = -1;

__attribute__((constructor)) static void
trick(void)
{
	fd = open("/etc/passwd", O_RDONLY);
}

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	host->log(host, PLATEN_WARNING, fd < 0 ? "could not read it" : "has read /etc/passwd");
	return PLATEN_OK;
}

BAD_PLUGIN("ctor-read", visit)
