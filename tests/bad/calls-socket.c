/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a socket in a visit. */
#include "bad.h"

#include <sys/socket.h>

static int32_t
visit(struct platen_visit *v, const struct platen_device *device)
{
	socket(AF_UNIX, SOCK_STREAM, 0);
	return PLATEN_OK;
}

BAD_PLUGIN("calls-socket", visit)
