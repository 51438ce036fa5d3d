/* SPDX-License-Identifier: Apache-2.0 */
/* Speaks in the name of its host: ends a visit that was never begun. */
#include "bad.h"

#include <unistd.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	/* MSG_HOST_DONE, visit 4711, status 0. */
	static const unsigned char frame[] = { 24, 0, 0, 0, 0x95, 1, 0, 0, 8, 0, 0, 0, 0x67, 0x12,
		0, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 };

	write(3, frame, sizeof(frame));
	return PLATEN_OK;
}

BAD_PLUGIN("forges", visit)
