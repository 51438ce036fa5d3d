/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jail_lan.h - the lan role closes itself in before the first byte of a printer
 * is read: no files but a few to read, no programs, no other processes.
 */
#ifndef PLATEN_JAIL_LAN_H
#define PLATEN_JAIL_LAN_H

#include "net/peer.h"

/* What the kernel cannot do is said in the log. */
void jail_lan(struct role *);

#endif
