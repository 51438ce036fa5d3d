/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jail.h - a role closes itself in before the first byte from outside is read:
 * no files but a few to read, no programs, no other processes.
 */
#ifndef PLATEN_JAIL_H
#define PLATEN_JAIL_H

#include "net/pipe.h"

/* TCP ports that a role may connect to, beside those of name servers. */
#define JAIL_PORTS 64

struct jail_plan {
	const char *who; /* "lan" */
	enum sandbox sandbox;
	bool listens; /* sockets are there: none is made, nobody is called, no file is read */
	uint32_t nports;
	uint16_t ports[JAIL_PORTS];
};

/* What the kernel cannot do is said in the log. */
void jail_begin(const struct jail_plan *, struct pipe_end *);

#endif
