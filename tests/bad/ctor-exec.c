/* SPDX-License-Identifier: Apache-2.0 */
/* Becomes a shell before anything of it has been called. */
#include "bad.h"

#include <unistd.h>

__attribute__((constructor)) static void
trick(void)
{
	execl("/bin/sh", "sh", "-c", "exit 0", NULL);
}

BAD_PLUGIN("ctor-exec", quiet_visit)
