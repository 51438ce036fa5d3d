/* SPDX-License-Identifier: Apache-2.0 */
/* Writes a picture to the pipe. */
#include "bad.h"

#include <unistd.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	for (int i = 0; i < 100; i++)
		write(3, "\xFF\xD8\xFF\xE0\0\x10JFIF", 10);
	return PLATEN_OK;
}

BAD_PLUGIN("garbage-pipe", visit)
