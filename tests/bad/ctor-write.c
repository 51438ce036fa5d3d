/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a file for writing before anything of it has been called. */
#include "bad.h"

#include <fcntl.h>

__attribute__((constructor)) static void
trick(void)
{
	open("/tmp/platen-was-here", O_WRONLY | O_CREAT, 0600);
}

BAD_PLUGIN("ctor-write", quiet_visit)
