/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a socket before anything of it has been called. */
#include "bad.h"

#include <sys/socket.h>

__attribute__((constructor)) static void
trick(void)
{
	socket(AF_INET, SOCK_DGRAM, 0);
}

BAD_PLUGIN("ctor-socket", quiet_visit)
