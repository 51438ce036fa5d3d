/* SPDX-License-Identifier: Apache-2.0 */
/* Speaks in the name of its host: ends a visit that was never begun. */
#include "bad.h"

#include <unistd.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	/* MSG_HOST_DONE, visit 4711, status 0: as core/wire.h says. */
	static const unsigned char frame[] = { 3, 0, 0, 55, 0xE7, 0x24, 0 };

	write(3, frame, sizeof(frame));
	return PLATEN_OK;
}

BAD_PLUGIN("forges", visit)
