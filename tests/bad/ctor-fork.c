/* SPDX-License-Identifier: Apache-2.0 */
/* Forks before anything of it has been called. */
#include "bad.h"

#include <unistd.h>

__attribute__((constructor)) static void
trick(void)
{
	fork();
}

BAD_PLUGIN("ctor-fork", quiet_visit)
