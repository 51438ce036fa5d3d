/* SPDX-License-Identifier: Apache-2.0 */
/* jail_lan.c - closing in the lan role; see jail_lan.h. */
#include "net/jail_lan.h"

void
jail_lan(struct role *r)
{
	(void)r;
}
