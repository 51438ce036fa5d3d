/* SPDX-License-Identifier: Apache-2.0 */
/* Writes nonsense to the pipe. */
#include "bad.h"

#include <unistd.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	for (int i = 0; i < 100; i++)
		write(3, "GET / HTTP/1.0\r\nHost: agent\r\n\r\n", 31);
	return PLATEN_OK;
}

BAD_PLUGIN("garbage-pipe", visit)
